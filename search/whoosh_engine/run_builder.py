"""Makes runs of a large batch, in another process while this one collects the next articles."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path

from search.processes import available_processors, workers
from search.whoosh_engine.batch import Collected
from search.whoosh_engine.inversion import invert
from search.whoosh_engine.runs import SUFFIX, Run, write_run

MOST_AHEAD = 2
"""Collected articles that wait to be turned inside out, about 20 MB each: whoever collects waits for the oldest."""


class RunBuilder:
    """The runs of one batch, in order. documents: in all of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runs: list[Run] = []
        self._pending: deque[Future[Run]] = deque()
        self._pool: ProcessPoolExecutor | None = None
        self._started = 0
        self.documents = 0

    def add(self, collected: Collected) -> None:
        """Make a run of these articles. The first one is made here: many batches have no other."""
        # A killed writer's worker may go on for a while: it must not write into the runs of the next one.
        path = self._folder / f"{os.getpid()}-{self._started}{SUFFIX}"
        self._started += 1
        self.documents += len(collected.ids)
        if self._started == 1 or available_processors() == 1:
            self._runs.append(make_run(collected, path))
            return
        self._pool = self._pool or workers(1)
        if len(self._pending) >= MOST_AHEAD:
            self._take_oldest()
        self._pending.append(self._pool.submit(make_run, collected, path))

    def finished(self) -> list[Run]:
        """All of them, once the last one is made."""
        while self._pending:
            self._take_oldest()
        self.close()
        return self._runs

    def close(self) -> None:
        """Stop; runs that are not made yet never will be."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _take_oldest(self) -> None:
        self._runs.append(self._pending.popleft().result())


def make_run(collected: Collected, path: Path) -> Run:
    """Turn the articles inside out, and write what comes of it."""
    return write_run(path, invert(collected))
