"""Processes that do a part of the work, and end with the one that started them."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

PARENT_CHECK_SECONDS = 2.0
DEAD_CHECK_SECONDS = 2.0
"""A process that was killed while it sent a result leaves its pool waiting for the rest of it."""

WORTH_A_PROCESS_TASKS = 300
"""Starting a process and opening the dictionary in it takes as long as this many articles."""

OBJECTS_BEFORE_CYCLES = 100_000
"""New objects after which a worker looks for cycles, 700 by default: words are tuples, and in none, so that looking
took a quarter of the time of cutting text."""


P = ParamSpec("P")
T = TypeVar("T")


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
        self._thresholds = gc.get_threshold()

    def __enter__(self) -> Workers:
        # Whoever has so much to do makes as many tuples as they.
        gc.set_threshold(OBJECTS_BEFORE_CYCLES)
        return self

    def __exit__(self, *_: object) -> None:
        gc.set_threshold(*self._thresholds)
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

    def submit(self, task: Callable[P, T], *values: P.args, **named: P.kwargs) -> Future[T]:
        """Have one of them do this. Where one was killed by somebody, others take their place."""
        try:
            return self.start().submit(task, *values, **named)
        except BrokenExecutor:
            self.end()
            return self.start().submit(task, *values, **named)

    def result(self, future: Future[T], seconds: float | None = None) -> T:
        """What a task comes to. seconds: to wait for it, None without end.

        Raises BrokenExecutor or CancelledError if its process was ended, TimeoutError, and what the task raises.
        """
        until = None if seconds is None else time.monotonic() + seconds
        while True:
            left = DEAD_CHECK_SECONDS if until is None else min(DEAD_CHECK_SECONDS, max(0.0, until - time.monotonic()))
            wait([future], left)
            if future.done():
                return future.result()
            if self._has_dead():
                self.end()
                raise BrokenProcessPool("A process was ended while it sent a result.")
            if until is not None and time.monotonic() >= until:
                raise TimeoutError

    def _has_dead(self) -> bool:
        processes = list((self._pool._processes or {}).values()) if self._pool else []
        return any(not process.is_alive() for process in processes)

    def end(self) -> None:
        """End them, whatever they are at: others start when they are asked for."""
        if self._pool is None:
            return
        for process in list((self._pool._processes or {}).values()):
            process.kill()
        if self._pool._result_queue:
            let_end_be_noticed(self._pool)
        self._pool.shutdown(cancel_futures=True)
        self._pool = None


def let_end_be_noticed(pool: ProcessPoolExecutor) -> None:
    """Have a process that is killed while it sends a result be noticed. For a pool whose processes have all
    been started.

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
