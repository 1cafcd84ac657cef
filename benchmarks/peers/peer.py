"""What is measured: an engine that is built from the same articles and asked the same questions as every other."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from benchmarks.questions import CLASSES, COMMON_OR, Question
from search.engine import AnalyzedArticle

BLOCK_BYTES = 512
"""As stat counts them, whatever the file system has."""


@dataclass(frozen=True, slots=True)
class Answer:
    """total: articles that match; None from a peer that cannot tell. counts: facet -> value -> articles.

    ids: of the best ten, in order.
    """

    total: int | None
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    ids: tuple[str, ...] = ()


class Peer(ABC):
    """An engine with an index of its own in a directory; opened empty where there is none.

    name: with its version, for the tables. kinds: classes of questions that it can answer.
    facet_ways: how counts can be asked for: what a table calls it -> the method that does it.
    passes: so many rounds are measured at most, where one takes long.
    """

    name: ClassVar[str]
    kinds: ClassVar[tuple[str, ...]] = (*CLASSES, COMMON_OR)
    facet_ways: ClassVar[Mapping[str, str]] = {"": "search"}
    passes: ClassVar[int] = 1_000

    @abstractmethod
    def __init__(self, directory: Path) -> None:
        """Open the index in `directory`."""

    def prepare(self, article: AnalyzedArticle) -> Any:
        """The article in the form that `build` takes: what only the benchmark needs, and so is not timed."""
        return article

    @abstractmethod
    def build(self, prepared: Iterable[Any]) -> None:
        """Index the articles, and leave the index as one would serve it."""

    @abstractmethod
    def search(self, question: Question, facets: Sequence[str]) -> Answer:
        """The best ten, the total, and the counts of these facets."""

    @abstractmethod
    def size_bytes(self) -> int:
        """On disk."""

    def cpu_seconds(self) -> float:
        """Of the processor, spent so far by this process and whatever answers for it.

        By the clock, whatever else the machine does would be measured too.
        """
        return time.process_time_ns() / 1e9

    @property
    def segments(self) -> int | None:
        """Into how many pieces the index fell; None where that is not known or means nothing."""
        return None

    def close(self) -> None:
        """Let go of files, where there is anything to let go of."""
        return


def directory_bytes(directory: Path) -> int:
    """What all files under the directory take; a hole in one takes nothing."""
    found = [path.stat() for path in directory.rglob("*") if path.is_file()]
    return sum(min(one.st_size, one.st_blocks * BLOCK_BYTES) for one in found)
