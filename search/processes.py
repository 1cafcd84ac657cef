"""Processes that do a part of the work, and end with the one that started them."""

from __future__ import annotations

import gc
import os
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

PARENT_CHECK_SECONDS = 2.0

OBJECTS_BEFORE_CYCLES = 100_000
"""New objects after which a worker looks for cycles, 700 by default: words are tuples, and in none, so that looking
took a quarter of the time of cutting text."""


def available_processors() -> int:
    """Those that this program may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def workers(count: int) -> ProcessPoolExecutor:
    """So many processes. Spawned, not forked: a fork would inherit the lock on the index, and hold it on."""
    return ProcessPoolExecutor(count, get_context("spawn"), _begin, (os.getpid(),))


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
