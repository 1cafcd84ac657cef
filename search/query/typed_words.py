"""A run of characters as typed -> the words in it: ◆停戦案、露が拒否=写真 is 停戦案, 露が拒否 and 写真."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from search.query.fields import field_at
from search.query.model import Similar, StartsWith, Word

MIN_PREFIX_CHARS = 2
"""Before a star: one letter begins thousands of words. reliability.md, limits on a query."""

MIN_SIMILAR_CHARS = 3
"""Before ~: with one letter changed, 日本 is 日米, 日経, 山本 … and every shorter word is any other."""

Trouble = Literal["star too early", "star inside", "typo too short"]

_ALNUM = "A-Za-z0-9Ａ-Ｚａ-ｚ０-９"
_DIGIT = "0-9０-９"
_KATAKANA = "ァ-ヺーｦ-ﾟ"
# Parts words wherever it stands. A stop or a bang after a letter is part of it: Yahoo!ニュース, U.S., No.1.
_ALWAYS = (
    r"[\s\x1c-\x1f、。；;？?…‥【】〈〉《》≪≫〔〕［］\[\]{}｛｝<>＜＞‘’◆◇■□▲△▼▽▶▷◀◁►◄●◎※→←↑↓⇒⇔]+"
    rf"|(?<![{_ALNUM}])[!！.．]+|[・･]{{2,}}"
)
# Parts words, but not inside of a number, of a Latin or of a katakana word: AT&T, 10:30, サッス＝ンゲソ.
_SIGN_CHARS = "=＝:：/／|｜＼\\&＆,，×-－−‐‑–—―"
_SIGNS = re.escape(_SIGN_CHARS)
_SOMETIMES = (
    rf"(?<![{_ALNUM}{_KATAKANA}{_SIGNS}])[{_SIGNS}]+"
    rf"|(?<=[{_ALNUM}])[{_SIGNS}]++(?![{_ALNUM}{_SIGNS}])"
    rf"|(?<=[{_KATAKANA}])[{_SIGNS}]++(?![{_KATAKANA}{_SIGNS}])"
)
_WAVES = "~～〜"
_WAVE = (
    rf"(?<![{_DIGIT}{_KATAKANA}{_WAVES}])[{_WAVES}]+"
    rf"|(?<=[{_DIGIT}])[{_WAVES}]++(?![{_DIGIT}{_WAVES}])"
    rf"|(?<=[{_KATAKANA}])[{_WAVES}]++(?![{_KATAKANA}{_WAVES}])"
)
# Between letters a star is one that hides something, or is a name: M*A*S*H.
_STAR = rf"(?<![{_ALNUM}*＊])[*＊]+|(?<=[{_ALNUM}])[*＊]++(?![{_ALNUM}*＊])"
_BETWEEN = re.compile(f"{_ALWAYS}|{_SOMETIMES}|{_WAVE}|{_STAR}")
_STAR_INSIDE = re.compile(f"(?:{_STAR})(?=.)", re.DOTALL)
_BEFORE = "+＋#＃@＠ー・･★☆♪'`´*＊!！.．" + _WAVES + _SIGN_CHARS
_AFTER = "・･★☆♪'`´"

_STARS = "*＊"
# `word~` and, as other programs have it, `word~1`. 10〜 is a number, and what goes on.
_TYPO = re.compile(rf"(?<=[^{_DIGIT}{_WAVES}])[{_WAVES}][12１２]?\Z")
# がんばれ〜 only draws the word out: the wide waves ask for typos of a foreign word alone.
_FOREIGN = re.compile(r"[A-Za-zＡ-Ｚａ-ｚァ-ヺー・･\-']+\Z")


# As macOS writes names of files: c and a caron, か and its two strokes.
_APART = re.compile("[^\u0300-\u036f\u3099\u309a][\u0300-\u036f\u3099\u309a]+")


@dataclass(frozen=True, slots=True)
class Leaves:
    """leaves: the words of one run, perhaps none. trouble: what was typed with them and left out."""

    leaves: tuple[Word | StartsWith | Similar, ...]
    trouble: Trouble | None = None


def words_of(run: str) -> Leaves:
    """The words in `run`, which has no space; a star or ~ at its end belongs to the last of them.

    A letter and its accents are one character in them, however they were typed.
    """
    run = _APART.sub(lambda letter: unicodedata.normalize("NFC", letter.group()), run)
    base, sign = _without_sign(run)
    pieces = pieces_of(base)
    leaves: list[Word | StartsWith | Similar] = [Word(piece) for piece in pieces]
    trouble: Trouble | None = "star inside" if _STAR_INSIDE.search(base) else None
    if not sign or not pieces or not base.endswith(pieces[-1]):
        return Leaves(tuple(leaves), trouble)
    last = pieces[-1]
    if sign == "*":
        if len(last) >= MIN_PREFIX_CHARS:
            leaves[-1] = StartsWith(last)
        else:
            trouble = "star too early"
    elif sign == "~" or _FOREIGN.match(last):
        if len(last) >= MIN_SIMILAR_CHARS:
            leaves[-1] = Similar(last)
        elif sign == "~":
            trouble = "typo too short"
    return Leaves(tuple(leaves), trouble)


def _without_sign(run: str) -> tuple[str, str]:
    """`run` without the star or wave at its end, and that: "*", one of _WAVES, or "" for none."""
    base = run.strip(_STARS)
    if len(run) - len(base) > 1:        # **bold**, and a word hidden behind ***
        return base, ""
    if run[-1:] in _STARS and base:
        return base, "*"
    if typo := _TYPO.search(run):
        return run[: typo.start()], run[typo.start()]
    return run, ""


def pieces_of(run: str) -> list[str]:
    """`run` cut where punctuation parts words, each piece bare of what adorns it."""
    found: list[str] = []
    for part in _BETWEEN.split(run):
        piece = part.lstrip(_BEFORE).rstrip(_AFTER)
        # No piece may look like a field: title:abc after 、 is text.
        while piece and (field := field_at(piece, 0)):
            found.append(piece[: field[1] - 1])
            piece = piece[field[1] :].lstrip(_BEFORE)
        if piece:
            found.append(piece)
    return found
