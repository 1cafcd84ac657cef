"""Countries in a text, by whole names and by one character.

    country_names      ロシア, ロシア|人, マラウィ; not 日本海
    country_letters    米中, 訪米, 米軍: one character with others
    country_singles    米|グーグル, （米）, 米、イランを攻撃: one by itself
    country_english    "Iraq votes", "Serbiadeclares"
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from indexer.mentions.country_english import english_at, may_hold_english
from indexer.mentions.country_letters import is_abbreviation, letters_at, may_hold_letters
from indexer.mentions.country_names import Found, country_data, country_gazetteer, may_be_name, name_at, names
from indexer.mentions.country_singles import single_at
from indexer.mentions.runs import Run, Span, runs_around
from search.japanese.tokens import Unit

__all__ = [
    "countries", "countries_at", "country_gazetteer", "is_abbreviation", "is_country", "is_country_name",
    "is_given_name_too", "may_begin_country",
]

_NAME, _LETTERS, _ENGLISH = 1, 2, 4
_may: dict[str, int] = {}


def countries(text: str, units: Sequence[Unit]) -> list[Span]:
    """The countries named in one part of an article, in order.

    Only the words are looked at: a country inside an organization's name (日本銀行) is found unless the dictionary
    has that name, and is left out by whoever knows the other names of the part.
    """
    return countries_in(text, runs_around(units, [at for at, unit in enumerate(units) if _may_begin(unit)]))


def countries_in(text: str, runs: Iterable[Run]) -> list[Span]:
    """The same in these runs, which have all units that may begin a country."""
    found: list[Span] = []
    for run in runs:
        index = 0
        while index < len(run):
            here = countries_at(text, run, index) if _may_begin(run[index]) else None
            if here:
                found.extend(here[1])
            index = here[0] if here else index + 1
    return found


def may_begin_country(unit: Unit) -> bool:
    """Whether a country's name or letter may begin with the unit: a twelfth of all."""
    return _may_begin(unit) > 0


def countries_at(text: str, run: Run, first: int) -> Found | None:
    """The countries that the unit `first` and perhaps the next ones name, and the index of the unit after them."""
    may = _may_begin(run[first])
    if not may:
        return None
    found = name_at(text, run, first) if may & _NAME else None
    if not found and may & _LETTERS:
        found = letters_at(text, run, first) or single_at(text, run, first)
    if not found and may & _ENGLISH:
        found = english_at(text, run, first)
    return found if found and found[1] else None


def _may_begin(unit: Unit) -> int:
    """What the unit may begin. Remembered by its word, so most units cost one look-up."""
    may = _may.get(unit.surface)
    if may is None:
        if len(_may) > 40_000:
            _may.clear()
        word = unit.surface
        may = _may[word] = (
            (_NAME if may_be_name(word) else 0) | (_LETTERS if may_hold_letters(word) else 0)
            | (_ENGLISH if may_hold_english(word) else 0)
        )
    return may


def is_country(text: str, run: Run, first: int) -> bool:
    """Whether a country's whole name begins with the unit `first`."""
    return country_gazetteer().longest(text, run, first) is not None


def is_country_name(word: str) -> bool:
    """Whether the word is a country's name or abbreviation."""
    return word in names() or is_abbreviation(word)


def is_given_name_too(word: str) -> bool:
    """Whether the country's name is a person's first name as well: チャド."""
    return word in country_data()["alone"]["given_names"]
