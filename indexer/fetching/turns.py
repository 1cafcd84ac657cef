"""Turns at a host: one request at a time, and a pause after each."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Turn:
    """pause_seconds: after this request; may be set while it is made."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = 0.0
    pause_seconds: float = 0.0


@dataclass(slots=True)
class Turns:
    """Threads may share it. now: seconds on a clock that does not jump. sleep: may raise, to break off."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep
    _hosts: dict[str, Turn] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def at(self, host: str, pause_seconds: float) -> Iterator[Turn]:
        """Wait for the host to be free; when it is left, the next one waits for `pause_seconds` more."""
        with self._lock:
            turn = self._hosts.setdefault(host, Turn())
        with turn.lock:
            wait = turn.free_at - self.now()
            if wait > 0:
                self.sleep(wait)
            turn.pause_seconds = pause_seconds
            try:
                yield turn
            finally:
                turn.free_at = self.now() + turn.pause_seconds
