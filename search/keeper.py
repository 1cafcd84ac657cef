"""Hands out the newest library while its index is written by others."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from search.engine import published
from search.errors import ClusterUnavailable, EngineError, IndexDamaged, KijiguraError
from search.library import Library, default_engine_url
from search.query.model import Request

CHECK_EVERY_SECONDS = 1.0
RETRY_SECONDS = 30.0
"""An index that turned out to be damaged while it answered opens without complaint: it is left alone for so long."""

OpenLibrary = Callable[[], Library]


@dataclass(slots=True, eq=False)
class _Held:
    """A library that is handed out. users: questions that are being answered from it. retired: there is a newer one."""

    library: Library
    stamp: object
    users: int = 0
    retired: bool = False


@dataclass(frozen=True, slots=True)
class _Refused:
    """An index that cannot be used. until: not opened again before, by `time.monotonic`, unless its stamp changes."""

    stamp: object
    error: EngineError
    until: float


class Keeper:
    """Hands out the current library; the next one is opened and warmed beside it once its index is published."""

    def __init__(
        self, directory: Path, engine_url: str | None = None, *,
        repair: Callable[[EngineError], str] | None = None,
        catch_up: Callable[[], None] = lambda: None,
        open_library: OpenLibrary | None = None,
    ) -> None:
        """Nothing is opened yet.

        repair: called when the index cannot be used; starts mending it, and says how far that is.
        catch_up: called when the index lacks changes of the archive, or was made by other versions.
        open_library: opens the newest index; without it, that of `directory`.
        """
        self._engine_url = engine_url or default_engine_url(directory)
        self._repair = repair or str
        self._catch_up = catch_up
        self._open = open_library or (lambda: Library.open(directory, engine_url, outdated_ok=True))
        self._lock = threading.Lock()
        self._held: _Held | None = None
        self._refused: _Refused | None = None
        self._opening = False
        self._looked_at = 0.0

    @contextmanager
    def library(self) -> Iterator[Library]:
        """The current library, which stays open until the block ends.

        Raises EngineError while there is no index that can be used. If the block raises IndexDamaged, the library is
        dropped and its repair begins.
        """
        held = self._take()
        try:
            yield held.library
        except IndexDamaged as error:
            raise self._drop(held, error) from error
        finally:
            self._give_back(held)

    def warm(self) -> None:
        """Answer one question, so that the first reader does not wait for dictionary, names and columns."""
        with suppress(EngineError), self.library() as library:
            _warm(library)

    def _take(self) -> _Held:
        with self._lock:
            now = time.monotonic()
            if self._held is None:
                self._held = self._first(now)
            elif now - self._looked_at >= CHECK_EVERY_SECONDS:
                self._look_for_next(self._held, now)
            if self._looked_at == now and self._held.library.is_late():
                self._catch_up()
            self._held.users += 1
            return self._held

    def _first(self, now: float) -> _Held:
        self._looked_at = now
        stamp = published(self._engine_url)
        refused = self._refusal(stamp, now)
        if refused:
            raise self._plain(refused.error)
        try:
            return _Held(self._open(), stamp)
        except EngineError as error:
            self._refused = _Refused(stamp, error, now + CHECK_EVERY_SECONDS)
            raise self._plain(error) from error

    def _look_for_next(self, held: _Held, now: float) -> None:
        self._looked_at = now
        stamp = published(self._engine_url)
        is_newer = stamp != held.stamp or held.library.is_relinked()
        if is_newer and not self._opening and not self._refusal(stamp, now):
            self._opening = True
            # The old one answers while columns and dictionaries are read.
            threading.Thread(target=self._open_next, args=(stamp,), daemon=True).start()

    def _open_next(self, stamp: object) -> None:
        try:
            library = self._open()
            try:
                _warm(library)
            except BaseException:
                library.close()
                raise
        except KijiguraError as error:      # the old one still answers
            if isinstance(error, EngineError):
                self._refused = _Refused(stamp, error, time.monotonic() + RETRY_SECONDS)
                self._plain(error)
        else:
            self._replace(_Held(library, stamp))
        finally:
            self._opening = False

    def _replace(self, new: _Held) -> None:
        with self._lock:
            old, self._held = self._held, new
            unused = old is not None and old.users == 0
            if old is not None:
                old.retired = True
        if old is not None and unused:
            old.library.close()

    def _drop(self, held: _Held, error: IndexDamaged) -> EngineError:
        """Let go of a library whose index turned out to be damaged, and have that mended."""
        with self._lock:
            if self._held is held:
                self._held = None
                self._refused = _Refused(held.stamp, error, time.monotonic() + RETRY_SECONDS)
            held.retired = True
            is_there_another = self._held is not None
        # Where a newer one answers already, there is nothing to mend.
        return error if is_there_another else self._plain(error)

    def _plain(self, error: EngineError) -> EngineError:
        if isinstance(error, ClusterUnavailable):       # nothing here mends it, and it may answer in a moment
            return error
        return type(error)(self._repair(error))

    def _refusal(self, stamp: object, now: float) -> _Refused | None:
        refused = self._refused
        return refused if refused is not None and refused.stamp == stamp and now < refused.until else None

    def _give_back(self, held: _Held) -> None:
        with self._lock:
            held.users -= 1
            unused = held.retired and held.users == 0
        if unused:
            held.library.close()


def _warm(library: Library) -> None:
    library.search(Request("記事"))
    library.suggest("記事", "ja")
