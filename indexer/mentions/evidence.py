"""What speaks for a country without naming it: its cities, its seats of power, its language.

No mention is made of it: 北京 is a place, and counts as one. It says which country a headline is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import NamedTuple

from search.names import fold_name, load_data

# What follows a city's name: 平壌市, ニューヨーク州.
_DIVISIONS = ("市", "都", "府", "県", "州")


class Evidence(NamedTuple):
    """is_central: a capital or a seat of power, which stands for the whole state: クレムリンは否定."""

    code: str
    is_central: bool


def implied_country(word: str) -> str | None:
    """The ISO code of the country that the word speaks for, however it is spelled: テヘラン, クレムリン, 韓国語."""
    found = evidence(word)
    return found.code if found else None


@lru_cache(maxsize=1 << 14)
def evidence(word: str) -> Evidence | None:
    """What the word says of a country."""
    folded = fold_name(word)
    return _all().get(folded) or (_all().get(folded[:-1]) if folded.endswith(_DIVISIONS) else None)


@cache
def _all() -> Mapping[str, Evidence]:
    """The folded words of `search/data/country_evidence.toml`."""
    found: dict[str, Evidence] = {}
    for sort, table in load_data("country_evidence").items():
        for code, words in table.items():
            for word in words:
                is_central = sort == "seats_of_power" or (sort == "cities" and word == words[0])
                known = found.setdefault(fold_name(word), Evidence(code, is_central))
                if known.code != code:
                    raise ValueError(f"country_evidence.toml: {word} speaks for {known.code} and {code}")
    return MappingProxyType(found)
