"""What every part of a run starts from: the corpus, its pieces, and a directory for what is built of them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks import corpus, pieces, questions
from benchmarks.making import Job
from benchmarks.questions import Question
from benchmarks.recipe import Recipe
from benchmarks.tables import table

SAMPLED_ARTICLES = 20_000
"""Questions are made of at most so many articles, taken evenly from all."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a report. data: the same in numbers, for the file beside it."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()
    data: dict[str, Any] = field(default_factory=dict)

    def markdown(self) -> str:
        """With a heading above and the notes below."""
        notes = "\n".join(f"- {note}" for note in self.notes)
        return "\n\n".join(part for part in (f"### {self.title}", table(self.head, self.rows), notes) if part)


@dataclass(frozen=True)
class Setup:
    """queries: of each class. passes: rounds of each question. peers: keys, None for all that are installed.

    keep: take an index that an earlier run built, ours too.
    """

    corpus: corpus.Corpus
    work: Path
    queries: int
    seed: int
    passes: int
    peers: tuple[str, ...] | None
    keep: bool

    @cached_property
    def pieces_file(self) -> Path:
        """The file with the real articles in pieces."""
        say("Reading and cutting the real articles, once for all runs in this directory …")
        return pieces.cut_all(corpus.read(self.corpus.paths), self.work)

    @cached_property
    def cut(self) -> list[pieces.Cut]:
        """The real articles in pieces."""
        return pieces.kept(self.pieces_file)

    def directory(self, articles: int) -> Path:
        """Where what is built of so many articles lies."""
        return self.work / f"{self.pieces_file.stem.removeprefix('pieces-')}-{articles}-{self.seed}"

    def job(self, peer: str, articles: int, *, streamed: bool = False) -> Job:
        """Building the index of that engine."""
        where = self.directory(articles) / (f"{peer}-streamed" if streamed else peer)
        return Job(peer, str(where), str(self.pieces_file), articles, self.seed, streamed)

    def recipe(self, articles: int) -> Recipe:
        """So many articles."""
        return Recipe(self.cut, articles, self.seed)

    def questions(self, articles: int) -> list[Question]:
        """What is asked over so many articles."""
        recipe = self.recipe(articles)
        every = max(1, articles // SAMPLED_ARTICLES)
        sample = [recipe.analyzed(number) for number in range(0, articles, every)]
        return questions.make(sample, self.queries, self.seed)


def say(message: str) -> None:
    """What happens meanwhile."""
    print(message, file=sys.stderr, flush=True)
