"""The text of the search box -> Tree. Nothing a person types is an error.

    ロシア 中国            both (a space of any width)
    ロシア OR 中国         either; binds closer than a space, so `停戦 ロシア OR 中国` is 停戦 and one of the two
    -中国, NOT 中国        without
    "和平交渉" 「和平交渉」   these words, next to each other
    ( … )                 grouping

Operators may be written full-width (ＯＲ, （, ＂, －), and ”…” is what Japanese keyboards make of "…". What does
not fit (a bracket without its partner, an operator without a word) is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from search.query.model import And, Not, Or, Phrase, Tree, Word

# Enough for any question that a person composes; past them words are left out and counted, for a note.
MAX_WORDS = 32
MAX_DEPTH = 8

_QUOTES = {'"': '"', "＂": "＂", "“": "”", "”": "”", "「": "」", "『": "』", "«": "»"}
# The last is what an input method makes of a minus; no word begins with it.
_MINUS = "-－−‐‑–ー"
# NUL and halves of surrogate pairs, which neither Sudachi nor SQLite takes.
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
# What comes along unseen when words are copied from a page: soft hyphen, zero-width space, marks of direction.
_UNSEEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]")
_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<open>[(（])|(?P<close>[)）])|(?P<quote>[\"＂“”「『«])"
    r"|(?P<word>[^\s()（）\"＂“”「」『』«»]+)"
)
_OPERATORS = {
    "AND": "and", "ＡＮＤ": "and", "OR": "or", "ＯＲ": "or", "|": "or", "｜": "or", "NOT": "not", "ＮＯＴ": "not",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read out of a text. tree: None where there is no word. words_left_out: past the limits."""

    tree: Tree | None
    words_left_out: int = 0


def read(text: str) -> Reading:
    """Read `text` as well as it can be read; takes time in proportion to its length."""
    reader = _Reader(_tokens(text))
    return Reading(reader.read_all(), reader.left_out)


def _tokens(text: str) -> list[tuple[str, str]]:
    """(kind, text) with kind one of and, or, not, open, close, phrase, word."""
    tokens: list[tuple[str, str]] = []
    at = 0
    text = _UNSEEN.sub("", _NO_TEXT.sub(" ", text))
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:       # a closing quotation mark on its own
            at += 1
            continue
        kind, found = str(match.lastgroup), match.group()
        at = match.end()
        if kind == "quote":
            end = text.find(_QUOTES[found], at)
            end = len(text) if end < 0 else end
            tokens.append(("phrase", text[at:end]))
            at = end + 1
        elif kind == "word":
            tokens += _word_tokens(found, followed=at < len(text) and not text[at].isspace())
        elif kind != "space":
            tokens.append((kind, found))
    return tokens


def _word_tokens(word: str, *, followed: bool) -> list[tuple[str, str]]:
    if word in _OPERATORS:
        return [(_OPERATORS[word], word)]
    bare = word.lstrip(_MINUS)
    # "-中国", and "-" right before a quotation mark or a bracket; a "-" alone says nothing.
    negated = [("not", "-")] if bare != word and (bare or followed) else []
    return negated + ([("word", bare)] if bare else [])


class _Reader:
    """Recursive descent over the tokens, MAX_DEPTH brackets deep."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0
        self._words = 0
        self.left_out = 0

    def read_all(self) -> Tree | None:
        """Everything, as if one bracket were around it; closing brackets without partner are left out."""
        found: list[Tree] = []
        while self._at < len(self._tokens):
            tree = self._group(1)
            if tree is not None:
                found.append(tree)
            self._at += 1
        return _joined(And, found)

    def _peek(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else "close"

    def _group(self, depth: int) -> Tree | None:
        """Up to a closing bracket or the end: terms joined by AND."""
        found: list[Tree] = []
        while self._peek() != "close":
            alternatives = self._alternatives(depth)
            if alternatives is not None:
                found.append(alternatives)
        return _joined(And, found)

    def _alternatives(self, depth: int) -> Tree | None:
        found = [self._operand(depth)]
        while self._peek() == "or":
            self._at += 1
            found.append(self._operand(depth))
        return _joined(Or, [tree for tree in found if tree is not None])

    def _operand(self, depth: int) -> Tree | None:
        negated = False
        while self._peek() in ("not", "and"):
            negated ^= self._peek() == "not"
            self._at += 1
        kind = self._peek()
        if kind in ("close", "or"):
            return None
        text = self._tokens[self._at][1]
        self._at += 1
        tree = self._bracket(depth) if kind == "open" else self._leaf(kind, text)
        return Not(tree) if negated and tree is not None else tree

    def _bracket(self, depth: int) -> Tree | None:
        if depth > MAX_DEPTH:
            self._leave_out()
            return None
        tree = self._group(depth + 1)
        self._at += 1
        return tree

    def _leave_out(self) -> None:
        """Go on behind the partner of the bracket just read. Its words would mean something else without it."""
        inside = 1
        while inside and self._at < len(self._tokens):
            kind = self._tokens[self._at][0]
            inside += (kind == "open") - (kind == "close")
            self.left_out += kind in ("word", "phrase")
            self._at += 1

    def _leaf(self, kind: str, text: str) -> Tree | None:
        text = text.strip()
        if not text:
            return None
        if self._words >= MAX_WORDS:
            self.left_out += 1
            return None
        self._words += 1
        return Phrase(text) if kind == "phrase" else Word(text)


def _joined(kind: type[And] | type[Or], found: list[Tree]) -> Tree | None:
    if not found:
        return None
    return found[0] if len(found) == 1 else kind(tuple(found))
