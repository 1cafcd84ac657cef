"""What speaks for a country without naming it: its cities, its seats of power, its language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from search.names import fold_name, load_data


def implied_country(word: str) -> str | None:
    """The ISO code of the country that the word speaks for, however it is spelled: テヘラン, クレムリン, 韓国語."""
    return _codes().get(fold_name(word))


@cache
def _codes() -> Mapping[str, str]:
    """From the folded words of `search/data/country_evidence.toml` to codes."""
    codes: dict[str, str] = {}
    for table in load_data("country_evidence").values():
        for code, words in table.items():
            for word in words:
                if codes.setdefault(fold_name(word), code) != code:
                    raise ValueError(f"country_evidence.toml: {word} speaks for {codes[fold_name(word)]} and {code}")
    return MappingProxyType(codes)
