"""Countries in English that a Japanese article quotes: "Iraq votes", and, as sources often give it, "Serbiadeclares".

A few Latin words in Japanese are a firm, a paper or a song more often than not (CNET Japan), so only a whole sentence
is looked into, or a name that stands alone (South Korea).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from string import ascii_letters, digits

from indexer.mentions.country_names import NAMED, Found, country_data, names, span
from indexer.mentions.runs import Run

_FAR, _LONGEST_OTHER = 80, 16
_SENTENCE = 20
"""Letters of the shortest sentence: an English headline is longer, most names of firms are shorter."""

_LATIN = ascii_letters + digits + " ,.:;!?'’&/()+%$-"
_CAPITAL = re.compile("[A-Z]")
_NO_LETTERS = re.compile("[^A-Za-z]+")
# Words run together: Serbia|declares; but Australia|n, Iraq|is, Peru|vian, Sudan|ese are other words.
_AFTER_NAME = "(?![a-z])|(?=[bcdfghjkmopqrtuwyz][a-z]{4}|and[A-Z]|after)"


@cache
def _codes() -> dict[str, str]:
    """English names, and the same in capitals, without spaces."""
    data = country_data()["english"]
    never = {*country_data()["alone"]["never"], *data["never"]}
    plain = {name: code for name, code in names().items() if name.isascii() and name not in never}
    found = {
        name.replace(" ", ""): code for name, code in plain.items()
        if name.replace(" ", "").isalpha() and not name.isupper() and len(name) > 3
    }
    return {name.upper(): code for name, code in found.items()} | found | {
        name: plain[name] for name in data["initials"]
    }


@cache
def _pattern() -> re.Pattern[str]:
    """A name where its letters' case says that it begins and ends."""
    data = country_data()["english"]
    spaced = {name.replace(" ", ""): name for name in names() if name.isascii()}

    def any_of(keys: list[str], in_capitals: bool = False) -> str:
        written = (spaced[key].upper() if in_capitals else spaced[key] for key in sorted(keys, key=len, reverse=True))
        return "|".join(re.escape(name).replace(r"\ ", " ?") for name in written)

    initials = [name.replace(" ", "") for name in data["initials"]]
    words = [name for name in _codes() if not name.isupper() and name not in initials]
    directions = "|".join(f"(?<={word})" for word in data["directions"])
    return re.compile(
        f"(?<![A-Z])(?!{'|'.join(data['other_words'])})(?:{any_of(words)})(?:{_AFTER_NAME})"
        f"|(?:(?<![A-Za-z])|{directions})(?:{any_of(words, in_capitals=True)})(?![A-Za-z])"
        f"|(?<![A-Z])(?:{any_of(initials)})(?![A-Z]|orea)"
    )


@cache
def _other_before() -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(country_data()['english']['other_before'])})[ -]?$")


@cache
def _other_after() -> re.Pattern[str]:
    return re.compile(f"[ -]?(?:{'|'.join(country_data()['english']['other_after'])})")


@cache
def _opening() -> re.Pattern[str]:
    """The first word of any name."""
    first = {name.split(" ")[0] for name in names() if name.isascii() and len(name) > 1}
    return re.compile("|".join(map(re.escape, sorted(first | {word.upper() for word in first}))))


@lru_cache(maxsize=1 << 14)
def may_hold_english(word: str) -> bool:
    """Whether an English name may begin in the word."""
    return word.isascii() and _opening().search(word) is not None


def english_at(text: str, run: Run, first: int) -> Found | None:
    """The countries whose English names begin in the unit `first`, and the index of the unit after it."""
    unit = run[first]
    capitals = _CAPITAL.finditer(text, unit.start, unit.end)
    named = (_pattern().match(text, capital.start()) for capital in capitals)
    spans = [
        span(found.start(), found.end(), _codes()[found[0].replace(" ", "")], NAMED)
        for found in named if found and _is_country(text, found)
    ]
    return (first + 1, spans) if spans else None


def _is_country(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - _FAR):found.start()]
    after = text[found.end():found.end() + _FAR]
    left, right = before[len(before.rstrip(_LATIN)):], after[:len(after) - len(after.lstrip(_LATIN))]
    around = len(_NO_LETTERS.sub("", left + right))
    if around + len(found[0]) < _SENTENCE:
        return around == 0 and " " in found[0]
    return not _other_before().search(before[-_LONGEST_OTHER:]) and not _other_after().match(after)
