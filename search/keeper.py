"""Hands out the newest library while its index is written by others."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from search.engine import published
from search.errors import EngineError
from search.library import Library, default_engine_url
from search.query.model import Request

CHECK_EVERY_SECONDS = 1.0


class Keeper:
    """Hands out the current library, opening the next one once its index is published."""

    def __init__(
        self, directory: Path, engine_url: str | None = None, *,
        repair: Callable[[EngineError], str] | None = None,
        catch_up: Callable[[], None] = lambda: None,
    ) -> None:
        """Nothing is opened yet.

        repair: called when the index cannot be used; starts mending it, and says how far that is.
        catch_up: called when the index lacks changes of the archive, or was made by other versions.
        """
        self._directory = directory
        self._engine_url = engine_url or default_engine_url(directory)
        self._repair = repair
        self._catch_up = catch_up
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
                stamp = published(self._engine_url)
                if self._library is None or stamp != self._stamp:
                    self._library, self._stamp = self._open(), stamp
                if self._library.is_late():
                    self._catch_up()
            return self._library

    def warm(self) -> None:
        """Answer one question, so that the first reader does not wait for dictionary, names and columns."""
        with suppress(EngineError):
            self.library().search(Request("記事"))

    def _open(self) -> Library:
        try:
            return Library.open(self._directory, self._engine_url, outdated_ok=True)
        except EngineError as error:
            message = self._repair(error) if self._repair else str(error)
            if self._library is not None:       # the old snapshot still answers
                return self._library
            raise type(error)(message) from error
