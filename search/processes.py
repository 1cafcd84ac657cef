"""Processes that do a part of the work, and end with the one that started them."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

PARENT_CHECK_SECONDS = 2.0

WORTH_A_PROCESS_TASKS = 300
"""Starting a process and opening the dictionary in it takes as long as this many articles."""

OBJECTS_BEFORE_CYCLES = 100_000
"""New objects after which a worker looks for cycles, 700 by default: words are tuples, and in none, so that looking
took a quarter of the time of cutting text."""


def available_processors() -> int:
    """Those that this program may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def workers(count: int) -> ProcessPoolExecutor:
    """So many processes. Spawned, not forked: a fork would inherit the lock on the index, and hold it on."""
    return ProcessPoolExecutor(count, get_context("spawn"), _begin, (os.getpid(),))


class Workers:
    """Processes that start once there is enough to do, and are shared by all who have some."""

    def __init__(self, count: int | None = None) -> None:
        """count: of processes, by default one for each processor; with 1 all is done in this one."""
        self.count = count or available_processors()
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def executor(self, tasks: Callable[[], int]) -> ProcessPoolExecutor | None:
        """The processes; None where starting them would take longer than the work.

        tasks: how many there are, each of some milliseconds; not asked once they run.
        """
        if self._pool is None and self.count > 1 and tasks() >= WORTH_A_PROCESS_TASKS:
            self.start()
        return self._pool

    def start(self) -> ProcessPoolExecutor:
        """Start them in any case."""
        self._pool = self._pool or workers(self.count)
        return self._pool

    def end(self) -> None:
        """End them, whatever they are at: others start when they are asked for."""
        if self._pool is None:
            return
        for process in list((self._pool._processes or {}).values()):
            process.kill()
        self._pool.shutdown(cancel_futures=True)
        self._pool = None


def let_end_be_noticed(pool: ProcessPoolExecutor) -> None:
    """Have a process that is killed while it sends a result be noticed. For a pool of one, which has been given work.

    The pool keeps open the end of the pipe that its processes write to; a message that breaks off is then waited for
    until the end of time (Python 3.11, concurrent/futures/process.py: the read in `wait_result_broken_or_wakeup`).
    """
    pool._result_queue._writer.close()      # type: ignore[attr-defined]


def _begin(parent: int) -> None:
    gc.set_threshold(OBJECTS_BEFORE_CYCLES)
    _end_with_parent(parent)


def _end_with_parent(parent: int) -> None:
    """In a worker: stop when the parent was killed, which leaves it waiting for work for ever otherwise."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_CHECK_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
