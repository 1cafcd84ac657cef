"""An article as the index gives it back: all that is asked of one that was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from search.japanese.analysis import Analysis


class IndexedMention(NamedTuple):
    """Where a name stands: start to end (code points) of a part. term: what stands for the name in the index."""

    part: int
    start: int
    end: int
    term: str


@dataclass(frozen=True, slots=True)
class IndexedArticle:
    """As it was put into the index.

    mentions: without inferred ones. texts: of each part of the analysis. values: field of a facet ("person",
    "about_person", "desk", "year" …) -> the article's values; of names, their terms.
    day: proleptic ordinal of the day of publication in JST. at: seconds since 1970. Both are None without a date.
    """

    id: str
    version: int
    analysis: Analysis
    mentions: tuple[IndexedMention, ...]
    texts: tuple[str, ...]
    values: Mapping[str, frozenset[str]]
    day: int | None
    at: int | None
