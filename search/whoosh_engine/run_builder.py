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
from search.processes import available_processors, workers
from search.whoosh_engine.batch import Batch, Collected, Vocabularies
from search.whoosh_engine.inversion import invert
from search.whoosh_engine.runs import SUFFIX, Run, write_run

MOST_AHEAD = 2
"""Tasks for the other process that are not done yet; whoever has more waits for the oldest."""

Given = TypeVar("Given")
Made = TypeVar("Made")


class RunBuilder:
    """The runs of one batch, in order. ids: of the documents in all of them."""

    def __init__(self, folder: Path) -> None:
        self.vocabularies = Vocabularies()
        self.ids: list[str] = []
        self._folder = folder
        self._runs: list[Run] = []
        self._pending: deque[Future[Run]] = deque()
        self._pool: ProcessPoolExecutor | None = None
        self._started = 0

    def add(self, batch: Batch) -> None:
        """Make a run of these articles. The first one is made here: many batches have no other."""
        # A killed writer's worker may go on for a while: it must not write into the runs of the next one.
        path = self._folder / f"{os.getpid()}-{self._started}{SUFFIX}"
        self._started += 1
        self.ids += batch.ids
        if self._started == 1 or available_processors() == 1:
            self._runs.append(make_run(batch.collected(), path))
            return
        columns = path.with_suffix(".columns")
        batch.collected().write(columns)
        if len(self._pending) >= MOST_AHEAD:
            self._take_oldest()
        with _told_plainly():
            self._pool = self._pool or workers(1)
            self._pending.append(self._pool.submit(make_run_of_file, columns, path))

    def finished(self) -> list[Run]:
        """All of them, once the last one is made."""
        while self._pending:
            self._take_oldest()
        return self._runs

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


def make_run(collected: Collected, path: Path) -> Run:
    """Turn the articles inside out, and write what comes of it."""
    return write_run(path, invert(collected))


def make_run_of_file(columns: Path, path: Path) -> Run:
    """The same with articles that were written to a file, which is deleted."""
    collected = Collected.read(columns)
    columns.unlink()
    return make_run(collected, path)


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool as error:
        raise KijiguraError(
            "A process that helps to write the index was ended by the system, as happens when memory runs out. "
            "The index is as it was before; run the command again."
        ) from error
