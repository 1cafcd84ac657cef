"""Keeping an archive's index whole: is it there, is it ours, does it lack anything, how far is a rebuild."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from indexer.indexing import Indexing, Progress, bring_up_to_date, rebuild
from search.archive import Archive
from search.engine import Engine, open_engine
from search.errors import ClusterUnavailable, EngineError, IndexBusy, IndexDamaged, IndexMismatch, IndexNotFound
from search.library import default_engine_url
from search.processes import Workers

PROGRESS_EVERY_SECONDS = 0.5
_PROGRESS = "rebuild-progress.json"

Say = Callable[[str], None]


def ensure_index(
    archive: Archive, engine_url: str | None, *, workers: int | None = None, progress: Progress | None = None,
    thorough: bool = False, say: Say,
) -> int:
    """Make sure there is an index that has every change of the archive.

    A missing, older or damaged one, or that of a later archive, is made anew, and `say` is told why. Returns the
    articles written.
    thorough: read all of it, since damage may lie where opening does not look.
    Raises IndexBusy, ClusterUnavailable.
    """
    url = engine_url or default_engine_url(archive.directory)
    try:
        return _catch_up(archive, url, workers=workers, progress=progress, thorough=thorough)
    except (IndexBusy, ClusterUnavailable):
        raise
    except EngineError as error:
        # The first articles of a new archive find no index, and nobody needs to be told.
        if isinstance(error, IndexNotFound) and not archive.analyzed():
            return rebuild_index(archive, engine_url, workers=workers, progress=progress)
        return replace_index(archive, engine_url, error, workers=workers, progress=progress, say=say)


class Growing:
    """An index that is brought up to date while articles still come in, as far as that is possible."""

    def __init__(self, archive: Archive, engine_url: str | None, workers: Workers, say: Say) -> None:
        self._archive = archive
        self._url = engine_url
        self._workers = workers
        self._say = say
        self._engine: Engine | None = None
        self._indexing: Indexing | None = None

    def __enter__(self) -> Growing:
        try:
            ensure_index(self._archive, self._url, workers=self._workers.count, say=self._say)
        except (IndexBusy, ClusterUnavailable):
            # Articles can come in even so; `finish` tries again.
            return self
        self._engine = open_engine(self._url or default_engine_url(self._archive.directory), self._archive)
        self._indexing = Indexing(self._archive, self._engine, self._workers)
        return self

    def __exit__(self, *error: object) -> None:
        self._stop()

    def advance(self) -> None:
        """Write what is ready."""
        if self._indexing:
            try:
                self._indexing.advance()
            except EngineError:
                # Another process is writing, or the index is damaged: all that counts is in the archive already.
                self._stop()

    def finish(self, progress: Progress | None = None) -> int:
        """Write the rest. Returns how many articles were written in all. Raises IndexBusy, ClusterUnavailable."""
        if self._indexing:
            try:
                return self._indexing.finish(progress)
            except EngineError:
                self._stop()
        return ensure_index(
            self._archive, self._url, workers=self._workers.count, progress=progress, say=self._say
        )

    def _stop(self) -> None:
        if self._indexing:
            self._indexing.close()
            self._indexing = None
        if self._engine:
            self._engine.close()
            self._engine = None


def replace_index(
    archive: Archive, engine_url: str | None, error: EngineError, *, workers: int | None = None,
    progress: Progress | None = None, say: Say,
) -> int:
    """Make the index anew, and tell `say` that `error` is why. Returns the articles written. Raises IndexBusy."""
    say(str(error).split(" Build it", 1)[0] + " Building it from the archive …")
    return rebuild_index(archive, engine_url, workers=workers, progress=progress)


def rebuild_index(
    archive: Archive, engine_url: str | None, *, workers: int | None = None, progress: Progress | None = None
) -> int:
    """Make the index anew, leaving word in the archive's directory of how far it is. Raises IndexBusy."""
    path = archive.directory / _PROGRESS
    told = 0.0

    def report(done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told >= PROGRESS_EVERY_SECONDS:
            told = time.monotonic()
            path.write_text(json.dumps({"done": done, "total": total}), encoding="utf-8")
        if progress:
            progress(done, total)

    url = engine_url or default_engine_url(archive.directory)
    try:
        with Workers(workers) as processes:
            count = rebuild(archive, url, processes, report)
    finally:
        path.unlink(missing_ok=True)
    return count + _catch_up(archive, url, workers=workers, progress=progress)


def _catch_up(
    archive: Archive, url: str, *, workers: int | None, progress: Progress | None, thorough: bool = False
) -> int:
    engine = open_engine(url, archive)
    try:
        if (ahead := engine.info().change - archive.last_change()) > 0:
            raise IndexMismatch(
                f"The index has {ahead:,} changes that the archive in {archive.directory} lacks, as after a backup was "
                "put back."
            )
        if thorough and (wrong := engine.verify()):
            raise IndexDamaged(f"The index is damaged: {wrong[0]}.")
        with Workers(workers) as processes:
            return bring_up_to_date(archive, engine, processes, progress)
    finally:
        engine.close()


def rebuild_progress(directory: Path) -> tuple[int, int] | None:
    """How far a rebuild of this archive is: (articles done, in all); None if none is known."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        found = json.loads((directory / _PROGRESS).read_text(encoding="utf-8"))
        return int(found["done"]), int(found["total"])
    return None
