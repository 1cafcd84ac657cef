"""Makes runs of a large batch, in another process while this one collects the next articles."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from search.errors import KijiguraError
from search.processes import available_processors, let_end_be_noticed, workers
from search.whoosh_engine.batch import Batch, Collected, Vocabularies
from search.whoosh_engine.char_merging import CharsOfRun, write_chars
from search.whoosh_engine.inversion import invert
from search.whoosh_engine.runs import SUFFIX, Run, write_run
from search.whoosh_engine.vocabulary import Lexicon, Terms

MOST_AHEAD = 2
"""Tasks for the other process that are not done yet; whoever has more waits for the oldest."""

Given = TypeVar("Given")
Made = TypeVar("Made")


class RunBuilder:
    """The runs of one batch, in order. ids: of the documents in all of them. chars: the characters of each run.

    The other process turns words inside out, which takes longer than all else; so this one does that to characters.
    """

    def __init__(self, folder: Path) -> None:
        self.vocabularies = Vocabularies()
        self.ids: list[str] = []
        self.chars: list[CharsOfRun] = []
        self._folder = folder
        self._runs: list[Run] = []
        self._lexicon = Lexicon()
        self._waiting: list[tuple[Path, Path]] = []
        self._pending: deque[Future[Run]] = deque()
        self._pool: ProcessPoolExecutor | None = None
        # Not asked again: whoever makes the runs numbers their words.
        self._is_alone = available_processors() == 1
        self._started = 0

    def add(self, batch: Batch) -> None:
        """Make a run of these articles. The first one waits for the second: many batches have no other."""
        # A killed writer's worker may go on for a while: it must not write into the runs of the next one.
        path = self._folder / f"{os.getpid()}-{self._started}{SUFFIX}"
        columns = path.with_suffix(".columns")
        self._started += 1
        self.ids += batch.ids
        batch.collected().write(columns)
        self.chars.append(write_chars(path.with_suffix(".chars"), *batch.characters()))
        self._waiting.append((columns, path))
        if self._is_alone:
            self._make_here()
        elif self._started > 1:
            self._make_there()

    def _make_here(self) -> None:
        self._runs += [make_run(columns, path, self._lexicon) for columns, path in self._waiting]
        self._waiting.clear()

    def _make_there(self) -> None:
        while len(self._pending) >= MOST_AHEAD:
            self._take_oldest()
        with _told_plainly():
            is_first = self._pool is None
            self._pool = self._pool or workers(1)
            self._pending += [self._pool.submit(make_run_in_worker, *paths) for paths in self._waiting]
            if is_first:
                let_end_be_noticed(self._pool)
        self._waiting.clear()

    def finished(self) -> list[Run]:
        """All of them, once the last one is made."""
        self._make_here()
        while self._pending:
            self._take_oldest()
        return self._runs

    def words(self) -> Terms:
        """Those of all runs that are made."""
        if self._pool is None:
            return self._lexicon.terms()
        with _told_plainly():
            return self._pool.submit(words_in_worker).result()

    def map(self, task: Callable[[Given], Made], several: Iterable[Given]) -> Iterator[Made]:
        """What the task makes of each, in order; by the other process, if there is one, a few ahead."""
        if self._pool is None:
            yield from map(task, several)
            return
        pending: deque[Future[Made]] = deque()
        with _told_plainly():
            for one in several:
                pending.append(self._pool.submit(task, one))
                if len(pending) > MOST_AHEAD:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()

    def close(self) -> None:
        """Stop; runs that are not made yet never will be."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _take_oldest(self) -> None:
        with _told_plainly():
            self._runs.append(self._pending.popleft().result())


def make_run(columns: Path, path: Path, lexicon: Lexicon) -> Run:
    """Turn the articles in a file inside out, and write what comes of it. The file is deleted."""
    collected = Collected.read(columns)
    columns.unlink()
    return write_run(path, invert(collected, lexicon))


_lexicon = Lexicon()
"""Of the process that helps: it sees the words of all runs, so only numbers go from one process to the other."""


def make_run_in_worker(columns: Path, path: Path) -> Run:
    """The same in the process that helps."""
    return make_run(columns, path, _lexicon)


def words_in_worker() -> Terms:
    """What it has numbered."""
    return _lexicon.terms()


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool as error:
        raise KijiguraError(
            "A process that helps to write the index was ended by the system, as happens when memory runs out. "
            "The index is as it was before; run the command again."
        ) from error
