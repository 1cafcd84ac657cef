"""Several sources read at once, each by a thread of its own, what they give taken as it comes."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

# How often somebody who waits looks whether to go on waiting.
GLANCE_SECONDS = 0.1


class _End:
    """A source has no more to give. error: what ended it early."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


def together(
    sources: Sequence[Callable[[], Iterable[T]]], most: int, stop: threading.Event | None = None
) -> Iterator[T]:
    """What the sources give, at most `most` of them read at a time and a few results ahead.

    An error in a source comes out here. Once `stop` is set, or the caller has enough, threads in the middle of a
    request are left behind: they end when it does, and keep nobody from leaving.
    """
    results: queue.Queue[T | _End] = queue.Queue(maxsize=most)
    left = threading.Event()
    waiting = iter(sources)
    lock = threading.Lock()

    def put(one: T | _End) -> None:
        while not left.is_set():
            try:
                return results.put(one, timeout=GLANCE_SECONDS)
            except queue.Full:
                continue
        return None

    def work() -> None:
        while not left.is_set():
            with lock:
                source = next(waiting, None)
            if source is None:
                return
            try:
                for one in source():
                    put(one)
                    if left.is_set():
                        return
                put(_End())
            except BaseException as error:
                put(_End(error))

    for _ in range(min(most, len(sources))):
        threading.Thread(target=work, daemon=True).start()
    try:
        ended = 0
        while ended < len(sources) and not (stop and stop.is_set()):
            try:
                one = results.get(timeout=GLANCE_SECONDS)
            except queue.Empty:
                continue
            if not isinstance(one, _End):
                yield one
            elif one.error is not None:
                raise one.error
            else:
                ended += 1
    finally:
        left.set()
