"""Hands out the newest library while its index is written by others."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from search.errors import EngineError
from search.library import Library

CHECK_EVERY_SECONDS = 1.0


class Keeper:
    """Hands out the current library, opening the next one once its index is published."""

    def __init__(
        self, directory: Path, engine_url: str | None = None, *,
        repair: Callable[[EngineError], str] | None = None,
    ) -> None:
        """repair: called when the index cannot be used; starts mending it, and says how far that is."""
        self._directory = directory
        self._engine_url = engine_url
        self._repair = repair
        self._lock = threading.Lock()
        self._library: Library | None = None
        self._stamp: object = None
        self._looked_at = 0.0

    def library(self) -> Library:
        """The current library. Raises EngineError while there is no index that can be used."""
        with self._lock:
            now = time.monotonic()
            if self._library is None or now - self._looked_at >= CHECK_EVERY_SECONDS:
                self._looked_at = now
                stamp = _stamp(self._directory)
                if self._library is None or stamp != self._stamp:
                    self._library, self._stamp = self._open(), stamp
            return self._library

    def _open(self) -> Library:
        try:
            return Library.open(self._directory, self._engine_url, outdated_ok=True)
        except EngineError as error:
            if self._library is not None:       # the old snapshot still answers
                return self._library
            if self._repair is None:
                raise
            raise type(error)(self._repair(error)) from error


def _stamp(directory: Path) -> object:
    """Changes whenever an index is published."""
    try:
        status = (directory / "index" / "manifest.json").stat()
    except FileNotFoundError:
        return None
    return status.st_mtime_ns, status.st_ino
