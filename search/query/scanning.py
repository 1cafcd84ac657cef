"""The text of the search box -> tokens, one look at each character.

A sign is an operator only where a token begins: after a space, another such sign, or a bracket that begins so. Inside a
token it is text, as in COVID-19, AT&T, 10:30 or 「停戦案を拒否」=会談.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, NamedTuple

from search.query.fields import field_at

Kind = Literal["and", "or", "not", "except", "near", "same", "open", "close", "field", "phrase", "exact", "word"]

NEAR_WORDS = 10
"""How far apart NEAR without a number lets words stand."""

MAX_NEAR_WORDS = 100
"""Farther apart, nearness says no more than that one article has both."""

# What closes a phrase that the key opened. “ and ” are mixed up by keyboards and programs alike.
CLOSERS = {
    '"': '"＂', "＂": '"＂', "“": "”“\"＂", "”": "”“\"＂", "„": "”“\"＂",
    "「": "」", "『": "』", "｢": "｣", "«": "»", "〝": "〟〞",
}
_CLOSING = {closers: re.compile(f"[{closers}]") for closers in CLOSERS.values()}
_MARKS = "".join(dict.fromkeys("".join(CLOSERS) + "".join(CLOSERS.values())))
_AFTER_DIGIT = '"＂“”'     # 5"ディスプレイ: inches

_OPEN, _CLOSE = "(（", ")）"
_SPACE = re.compile(r"\s+")
_RUN = re.compile(rf"[^\s{_OPEN}{_CLOSE}{_MARKS}]+")
_NO_SPACE = re.compile(r"\S+")
_PLUS, _EQUALS = "+＋", "=＝"
# The last is what an input method makes of a minus; no word begins with it.
MINUS = "-－−‐‑–ー"
_MINUS_RUN = re.compile(f"[{MINUS}]+")
BELOW_ZERO = re.compile(r"[-－−]\d+(?:[.．]\d+)?[%％℃度]")
"""-0.1%, -10度: below zero, not without."""

# NUL and halves of surrogate pairs, which neither Sudachi nor SQLite takes.
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
# What comes along unseen when words are copied from a page: controls, soft hyphen, zero-width space, marks of
# direction, and the selectors that choose a character's fashion (葛 with U+E0101 is 葛).
_UNSEEN = re.compile(
    "[\x01-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180b-\u180f\u200b\u200c\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]+"
)
# What no stored text has: taking articles in removes it (`indexer.sections`).
_NEVER_STORED = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")

_OPERATORS: dict[str, Kind] = {
    "AND": "and", "&": "and", "&&": "and", "かつ": "and", "および": "and", "及び": "and",
    "OR": "or", "|": "or", "||": "or",
    "または": "or", "又は": "or", "もしくは": "or", "若しくは": "or", "あるいは": "or",
    "NOT": "not", "除く": "except", "を除く": "except",
    "SAME": "same", "同節": "same",
}
_NEAR = re.compile(r"(?:NEAR|近傍)(?:/(\d{1,20}))?\Z")
_LONGEST_OPERATOR = len("NEAR/") + 20


class Token(NamedTuple):
    """kind "field": text is the field. kind "near": distance, as typed. Others: text as typed, without its marks."""

    kind: Kind
    text: str
    distance: int = 0


@dataclass(frozen=True, slots=True)
class Scanned:
    """unclosed: a quotation mark without partner took the rest of the text, more than one word.

    unbalanced: brackets without partner. unvalued: what was typed before a colon that nothing follows.
    """

    tokens: tuple[Token, ...]
    unclosed: bool = False
    unbalanced: bool = False
    unvalued: tuple[str, ...] = ()


def scan(text: str) -> Scanned:
    """The tokens of `text`; takes time in proportion to its length."""
    scanner = _Scanner(_COMPANY.sub(lambda kind: _COMPANIES[kind[1]], _NO_TEXT.sub(" ", text)))
    scanner.scan()
    return Scanned(
        tuple(scanner.tokens), scanner.unclosed, bool(scanner.unbalanced or scanner.inside), tuple(scanner.unvalued)
    )


# Of brackets around one of these, all are one sign.
_COMPANIES = {"株": "㈱", "有": "㈲", "社": "㈳", "財": "㈶", "学": "㈻"}
_COMPANY = re.compile("[(（]([株有社財学])[)）]")


def seen(text: str) -> str:
    """`text` without what nobody sees."""
    return _UNSEEN.sub("", text)


def operator(text: str) -> Token | None:
    """The operator that `text` is, as a token of its own; None if it is a word."""
    if len(text) > _LONGEST_OPERATOR:
        return None
    plain = unicodedata.normalize("NFKC", text)
    if kind := _OPERATORS.get(plain):
        return Token(kind, text)
    if near := _NEAR.match(plain):
        return Token("near", text, int(near[1]) if near[1] else NEAR_WORDS)
    return None


class _Scanner:
    """at: the next character. begins: whether a token begins there. literal: whether a word must follow.

    valued: whether it is the value of a field. never_closed: closing marks that do not come any more.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = []
        self.unclosed = False
        self.unbalanced = False
        self.unvalued: list[str] = []
        self.inside = 0
        self._at = 0
        self._begins = True
        self._literal = False
        self._valued = False
        self._never_closed: set[str] = set()
        self._run_end = 0

    def scan(self) -> None:
        while self._at < len(self.text):
            char = self.text[self._at]
            if char.isspace():
                self._at += 1
                self._begin(True)
            elif match := _UNSEEN.match(self.text, self._at):
                self._at = match.end()
            else:
                self._step(char)

    def _step(self, char: str) -> None:
        if char in _OPEN:
            self._add("open", char, 1)
            self.inside += 1
            self._begin(self._begins)       # 動物の利便（＝目的）: a bracket inside of a text begins nothing
        elif char in _CLOSE:
            self._close(char)
        elif self._begins and self._prefix(char):
            pass
        elif char in CLOSERS:
            self._quotation(char)
        elif char in _MARKS:        # the end of a quotation that never began
            self._at += 1
            self._begin(False)
        else:
            self._word()

    def _close(self, char: str) -> None:
        if self.inside:
            self._add("close", char, 1)
            self.inside -= 1
        else:
            self.unbalanced = True
            self._at += 1
        self._begin(False)

    def _begin(self, begins: bool, *, literal: bool = False, valued: bool = False) -> None:
        self._begins, self._literal, self._valued = begins, literal, valued

    def _add(self, kind: Kind, text: str, length: int) -> None:
        self.tokens.append(Token(kind, text))
        self._at += length

    def _prefix(self, char: str) -> bool:
        """Take a sign or a field that belongs to what follows it; whether there was one."""
        if char in MINUS and not BELOW_ZERO.match(self.text, self._at):
            run = _MINUS_RUN.match(self.text, self._at)
            assert run
            self._at = run.end()
            if self._followed():
                self._add("not", "-", 0)
                self._begin(True, literal=True, valued=self._valued)
            return True
        if char in _PLUS:
            self._at += 1
            self._begin(True, literal=True, valued=self._valued)
            return True
        if char in _EQUALS:
            self._exact()
            return True
        return not self._valued and self._field()

    def _followed(self) -> bool:
        """Whether something stands right here that a sign may belong to."""
        return self._at < len(self.text) and not self.text[self._at].isspace() and self.text[self._at] not in _CLOSE

    def _field(self) -> bool:
        found = field_at(self.text, self._at)
        if not found:
            return False
        field, end = found
        start, self._at = self._at, self._past_one_space(end)
        end = self._at
        if self._followed() and not self.text.startswith("//", end):
            self._add("field", field, 0)
            self._begin(True, literal=True, valued=True)
            return True
        if not self._followed():
            self.unvalued.append(self.text[start:end])
        self._at = start
        return False

    def _past_one_space(self, at: int) -> int:
        """`title: ceasefire` is meant as it would be without the space."""
        followed = at + 1 < len(self.text) and not self.text[at + 1].isspace()
        return at + 1 if followed and self.text[at : at + 1] in (" ", "\u3000") else at

    def _quotation(self, char: str) -> None:
        glued = not self._begins
        inches = glued and char in _AFTER_DIGIT and self.text[self._at - 1].isdigit()
        end = None if inches else self._closing(char, self._at + 1)
        if glued and end is None:
            self._at += 1       # a mark inside a word only parts it
            return
        inner = self.text[self._at + 1 : end]
        self._at = len(self.text) if end is None else end + 1
        self.unclosed |= end is None and bool(_SPACE.search(inner.strip()))
        self.tokens.append(Token("phrase", seen(inner).strip()))
        self._begin(False)

    def _closing(self, opener: str, start: int) -> int | None:
        closers = CLOSERS[opener]
        if closers in self._never_closed:
            return None
        match = _CLOSING[closers].search(self.text, start)
        if not match:
            self._never_closed.add(closers)
        return match.start() if match else None

    def _exact(self) -> None:
        """After = : what stands in quotation marks, or up to the next space, to the character."""
        start = self._at + 1
        self._begin(False)
        if self._run_end <= start:      # else start is in a run that was looked at before
            run = _NO_SPACE.match(self.text, start)
            self._run_end = run.end() if run else start
        run_end = self._partnered(start, self._run_end)
        if run_end == start:
            self._at = start
            return
        opener = self.text[start]
        if opener not in CLOSERS or run_end == start + 1 == len(self.text.rstrip()):
            self._add_exact(start, run_end, run_end)
            return
        end = self._closing(opener, start + 1)
        if end is None:
            self.unclosed |= bool(_SPACE.search(self.text[start:].strip()))
            self._add_exact(start + 1, len(self.text), len(self.text))
        elif end == start + 1 or (end + 1 < run_end and not (self.inside and self.text[end + 1] in _CLOSE)):
            self._add_exact(start, run_end, run_end)        # =「停戦」合意, =「」: the marks are part of it
        else:
            self._add_exact(start + 1, end, end + 1)

    def _partnered(self, start: int, end: int) -> int:
        """Where a run from `start` to `end` ends if a bracket that was opened before it closes in it."""
        opened = 0
        for at in range(start, end if self.inside else start):
            opened += (self.text[at] in _OPEN) - (self.text[at] in _CLOSE)
            if opened < 0:
                return at
        return end

    def _add_exact(self, start: int, end: int, next_at: int) -> None:
        text = _NEVER_STORED.sub("", self.text[start:end])
        if text:
            self.tokens.append(Token("exact", text))
        self._at = next_at

    def _word(self) -> None:
        run = _RUN.match(self.text, self._at)
        assert run
        self._at = run.end()
        text = seen(run.group())
        self.tokens.append((None if self._literal else operator(text)) or Token("word", text))
        self._begin(False)
