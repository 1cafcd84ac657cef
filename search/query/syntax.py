"""The text of the search box -> Tree. Nothing a person types is an error.

    ロシア 中国, ロシア AND 中国, ロシア かつ 中国      both
    ロシア OR 中国, ロシア | 中国, ロシア または 中国    either; binds closer than a space
    -中国, NOT 中国, 中国 を除く                       without
    停戦 NEAR/10 合意, 停戦 近傍/10 合意               at most so many words apart; binds closer than OR
    停戦 SAME 合意, 停戦 同節 合意                     in one section; binds closer than OR
    "和平交渉" 「和平交渉」                            these words in this order; =和平交渉 ="二 語" to the character
    ウクライ*  ゼレンスキ~                             what begins so; one letter off
    見出し:停戦 人物:習近平 日付:2024-01..2024-03      fields, see `fields`; 見出し:(停戦 合意)
    ( … )                                            grouping

All signs may be full-width. Alphabetic operators are capitals; +OR or "OR" searches for the word. What stands in
quotation marks has no operators. An exact string keeps what nobody sees (zero-width spaces, selectors), since the
stored text may have it; in words and phrases it is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise

from search.articles import JST
from search.query.composing import close, joined, negated, placed, together
from search.query.dates import read_span
from search.query.fields import DATE, NAMES, TITLE
from search.query.model import And, Chosen, Exact, Or, Phrase, Published, Tree, Word
from search.query.scanning import MAX_NEAR_WORDS, Token, scan, seen
from search.query.typed_words import words_of
from search.results import NO_DATE

# Enough for any question that a person composes; past them words are left out and counted, for a note.
MAX_WORDS = 32
MAX_DEPTH = 8

MAX_CHARS = 65_536
"""Of a query; nobody types more, and reliability.md asks for an answer up to there."""

MAX_NOTES = 5
_QUOTED_CHARS = 40     # of what was typed, in a note

_ADORNS_A_VALUE = "、。，,；;…‥"
_NO_YEAR = frozenset((NO_DATE, "不明", "なし", "日付なし"))


@dataclass(frozen=True, slots=True)
class Note:
    """Something to tell the person who typed: a sentence of `search.texts`, and the values in it."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read out of a text. tree: None where there is no word. words_left_out: past the limits."""

    tree: Tree | None
    words_left_out: int = 0
    notes: tuple[Note, ...] = ()


def read(text: str, today: date | None = None) -> Reading:
    """Read `text` as well as it can be read; takes time in proportion to its length.

    today: what 昨年 and 過去7日 count from; None is the day it is in Japan.
    """
    scanned = scan(text[:MAX_CHARS])
    reader = _Reader(scanned.tokens, today or datetime.now(JST).date())
    tree = reader.read_all()
    if len(text) > MAX_CHARS:
        reader.note("text cut", limit=MAX_CHARS)
    if scanned.unclosed:
        reader.note("quotation unclosed")
    if scanned.unbalanced and any(token.kind in _BY_BRACKETS for token in scanned.tokens):
        reader.note("brackets unbalanced")
    for name in scanned.unvalued:
        reader.note("field without value", field=name)
    if reader.left_out:
        reader.note("words left out", count=reader.left_out, limit=MAX_WORDS, depth=MAX_DEPTH)
    return Reading(tree, reader.left_out, tuple(reader.notes[:MAX_NOTES]))


# Operators whose reach depends on where brackets are.
_BY_BRACKETS = frozenset(("or", "not", "except", "near", "same"))
_LEAVES = frozenset(("word", "phrase", "exact"))
# Before an operand that is missing, and behind it.
_WANTING = frozenset(("open", "and", "or", "not", "near", "same"))
_ENDING = frozenset(("close", "or", "same", "near"))


class _Reader:
    """Recursive descent over the tokens, MAX_DEPTH brackets deep. scope: the field that the words are values of."""

    def __init__(self, tokens: tuple[Token, ...], today: date) -> None:
        self._tokens = tokens
        self._today = today
        self._at = 0
        self._words = 0
        self._titles = 0
        self.left_out = 0
        self.notes: list[Note] = []

    def note(self, key: str, **values: str | int) -> None:
        note = Note(key, {name: _short(value) for name, value in values.items()})
        if note not in self.notes[:MAX_NOTES]:
            self.notes.append(note)

    def read_all(self) -> Tree | None:
        """Everything, as if one bracket were around it."""
        if len(self._tokens) == 1 and _is_written(self._tokens[0]):
            return Word(self._tokens[0].text)
        return self._group(1, None)

    def _peek(self) -> str:
        return self._tokens[self._at].kind if self._at < len(self._tokens) else "close"

    def _next(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _group(self, depth: int, scope: str | None) -> Tree | None:
        """Up to a closing bracket or the end: terms joined by AND."""
        found: list[Tree] = []
        while self._peek() != "close":
            tree = self._either(depth, scope)
            if tree is not None:
                found.append(tree)
        return joined(And, found)

    def _either(self, depth: int, scope: str | None) -> Tree | None:
        found = self._chain("or", self._in_one_section, depth, scope)
        return joined(Or, [tree for tree, _ in found])

    def _in_one_section(self, depth: int, scope: str | None) -> Tree | None:
        return together([tree for tree, _ in self._chain("same", self._near, depth, scope)])

    def _near(self, depth: int, scope: str | None) -> Tree | None:
        """a NEAR/5 b NEAR/5 c are three within 5 words; where the distances differ, two by two."""
        found = self._chain("near", self._operand, depth, scope)
        if len(found) < 2:
            return found[0][0] if found else None
        groups: list[tuple[list[Tree], int]] = []
        for (before, _), (tree, operator) in pairwise(found):
            distance = self._distance(operator)
            if groups and groups[-1][1] == distance:
                groups[-1][0].append(tree)
            else:
                groups.append(([before, tree], distance))
        return joined(And, [close(children, distance) for children, distance in groups])

    def _distance(self, operator: Token | None) -> int:
        typed = operator.distance if operator else 0
        if typed > MAX_NEAR_WORDS:
            self.note("distance", limit=MAX_NEAR_WORDS)
        return max(1, min(typed, MAX_NEAR_WORDS))

    def _chain(
        self, kind: str, below: Callable[[int, str | None], Tree | None], depth: int, scope: str | None
    ) -> list[tuple[Tree, Token | None]]:
        """Operands with `kind` between them, each with the operator before it; none that is missing."""
        first = below(depth, scope)
        found: list[tuple[Tree, Token | None]] = [(first, None)] if first is not None else []
        while self._peek() == kind:
            before = self._tokens[self._at - 1].kind if self._at else "open"
            operator = self._next()
            if before in _WANTING or self._peek() in _ENDING:
                self._lonely(operator)
            tree = below(depth, scope)
            if tree is not None:
                found.append((tree, operator))
        return found

    def _lonely(self, operator: Token) -> None:
        """Signs stand alone in many a pasted title: 停戦合意 | 見本新聞. Words do so by a slip."""
        if _is_written(operator):
            self.note("operator alone", operator=operator.text)

    def _operand(self, depth: int, scope: str | None) -> Tree | None:
        denied = False
        prefix = None
        while self._peek() in ("not", "and"):
            prefix = self._next()
            denied ^= prefix.kind == "not"
        kind = self._peek()
        if kind in _ENDING:
            if prefix and prefix.kind == "not":
                self._lonely(prefix)
            return None
        token = self._next()
        if kind == "except":
            self._lonely(token)
            return None
        tree = self._one(token, depth, scope)
        if self._peek() == "except":
            self._at += 1
            denied = True
        return negated(tree) if denied and tree is not None else tree

    def _one(self, token: Token, depth: int, scope: str | None) -> Tree | None:
        if token.kind == "open":
            return self._bracket(depth, scope)
        if token.kind == "field":
            return self._valued(token.text, depth)
        return self._leaf(token, scope)

    def _valued(self, scope: str, depth: int) -> Tree | None:
        """What a field is of: one value, or a bracket of them."""
        denied = False
        while self._peek() == "not":
            denied ^= self._next().kind == "not"
        if self._peek() not in ("open", *_LEAVES):
            self._valueless(scope)
            return None
        self._titles += scope == TITLE
        tree = self._one(self._next(), depth, scope)
        self._titles -= scope == TITLE
        if tree is not None and scope == TITLE and not self._titles:
            tree = placed(tree)
        return negated(tree) if denied and tree is not None else tree

    def _valueless(self, field: str) -> None:
        self.note("field without value", field=f"{NAMES[field][0]}:")

    def _bracket(self, depth: int, scope: str | None) -> Tree | None:
        if depth > MAX_DEPTH:
            self._leave_out()
            return None
        tree = self._group(depth + 1, scope)
        self._at += 1
        return tree

    def _leave_out(self) -> None:
        """Go on behind the partner of the bracket just read. Its words would mean something else without it."""
        inside = 1
        while inside and self._at < len(self._tokens):
            kind = self._tokens[self._at].kind
            inside += (kind == "open") - (kind == "close")
            self.left_out += kind in _LEAVES
            self._at += 1

    # ---- leaves ---------------------------------------------------------------------------------

    def _leaf(self, token: Token, scope: str | None) -> Tree | None:
        if self._words >= MAX_WORDS:
            self.left_out += 1
            return None
        if scope not in (None, TITLE):
            return self._value(str(scope), token)
        if token.kind == "exact":
            return self._counted([Exact(token.text)])
        if token.kind == "phrase":
            return self._counted([Phrase(token.text)]) if token.text else None
        words = words_of(token.text)
        if words.trouble:
            self.note(words.trouble, word=token.text)
        return self._counted(list(words.leaves))

    def _counted(self, leaves: list[Tree]) -> Tree | None:
        room = MAX_WORDS - self._words
        self.left_out += max(0, len(leaves) - room)
        self._words += min(len(leaves), room)
        return joined(And, leaves[:room])

    def _value(self, scope: str, token: Token) -> Tree | None:
        value = seen(token.text).strip()
        if token.kind == "word":
            value = value.strip(_ADORNS_A_VALUE)
        if not value:
            self._valueless(scope)
            return None
        self._words += 1
        if scope == DATE:
            return self._published(value)
        if scope == "year":
            return Chosen("year", NO_DATE) if value in _NO_YEAR else self._published(value, year=True)
        return Chosen(scope, value)

    def _published(self, value: str, *, year: bool = False) -> Tree | None:
        span = read_span(value, self._today)
        if span is None:
            self.note("no such date", value=value)
            return None
        if not span.as_typed:
            self.note("date corrected", value=value, taken=span.written())
        whole = span.written()
        return Chosen("year", whole) if year and whole.isdigit() else Published(span.since, span.until)


def _short(value: str | int) -> str | int:
    return value if isinstance(value, int) or len(value) <= _QUOTED_CHARS else f"{value[:_QUOTED_CHARS]}…"


def _is_written(operator: Token) -> bool:
    """Whether the operator is a word: OR, または, not | or &."""
    return operator.kind not in ("open", "close", "field", *_LEAVES) and operator.text[0].isalpha()
