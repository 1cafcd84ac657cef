"""Commands that serve pages: serve, and demo with the sample archive."""

from __future__ import annotations

import fcntl
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import click

from indexer import upkeep
from kijigura.command import Config, common, main, say
from kijigura.opening import archive_of, directory_of, engine_of, workers_of
from search.archive import Archive
from search.errors import EngineError
from search.keeper import Keeper
from search.processes import available_processors

DEMO_ARCHIVE = "./demo-archive"
RETRY_SECONDS = 30.0
MOST_WORKERS = 4
"""Without `--workers`. Each takes about 110 MB for itself, dictionary and names alone."""

MENDING_LOCK = "mending.lock"


@main.command()
@common("archive", "engine", "host", "port", "workers")
def serve(config: Config) -> None:
    """Serve the archive to browsers."""
    directory = directory_of(config)
    with archive_of(config):       # a plain sentence now rather than an empty page later
        pass
    _serve(config, directory)


@main.command()
@click.option("--archive", metavar="DIR", default=DEMO_ARCHIVE, show_default=True, help="Where to build it.")
@common("host", "port", "workers")
def demo(config: Config, archive: str) -> None:
    """Build the sample archive and serve it."""
    from indexer import pipeline  # takes longer to import than `serve` to start

    directory = Path(archive)
    config = {**config, "archive": replace(config["archive"], value=archive)}
    say(f"Building the sample archive in {directory} …")
    # `seeds` has no __init__.py, which would be taken for an article, so one of its files tells where it is.
    seeds = Path(str(files("seeds") / pipeline.TOPICS)).parent
    with Archive.open(directory, create=True) as opened:
        outcomes = Counter(taken.outcome for taken in pipeline.take_in(opened, [seeds]))
        upkeep.ensure_index(opened, None, say=say)
        say(f"{opened.count()} articles ({outcomes['added']} new).")
    _serve(config, directory)


def _serve(config: Config, directory: Path) -> None:
    # Flask takes longer to import than most commands take to run.
    from web import create_app
    from web.server import serve as serve_app

    engine = engine_of(config)
    host, port = str(config["host"].value), int(config["port"].value or 0)

    def announce(address: str) -> None:
        print(address, flush=True)

    def warmed() -> Keeper:
        # Made in the worker itself: a process can only watch children of its own.
        mending = _Mending(directory, engine)
        keeper = Keeper(directory, engine, repair=mending.repair, catch_up=mending.start)
        # The first reader should not be the one who waits for dictionary, names and columns.
        threading.Thread(target=keeper.warm, daemon=True).start()
        return keeper

    serve_app(
        lambda: create_app(warmed()),
        host=host, port=port, workers=workers_of(config) or min(MOST_WORKERS, available_processors()),
        ready=announce,
    )


class _Mending:
    """Runs `kijigura rebuild --if-needed` beside the server, at most one at a time, whichever worker begins it."""

    def __init__(self, directory: Path, engine: str | None) -> None:
        self._directory = directory
        self._engine = engine
        self._process: subprocess.Popen[bytes] | None = None
        self._started = -RETRY_SECONDS

    def repair(self, error: EngineError) -> str:
        """Start mending unless that is going on already; say how far it is."""
        self.start()
        progress = upkeep.rebuild_progress(self._directory)
        done = f"{progress[0]:,} / {progress[1]:,}" if progress else "0"
        return f"{error} (Being rebuilt now: {done} articles.)"

    def start(self) -> None:
        """Start mending, unless it is going on or was tried a moment ago: another process may be at it."""
        running = self._process is not None and self._process.poll() is None
        if running or time.monotonic() - self._started < RETRY_SECONDS:
            return
        self._started = time.monotonic()
        command = [sys.executable, "-m", "kijigura", "rebuild", "--if-needed", "--archive", str(self._directory)]
        if self._engine:
            command += ["--engine", self._engine]
        with suppress(OSError), (self._directory / MENDING_LOCK).open("w") as lock:
            # The child has the lock for as long as it lives; the other workers of this server find it taken.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, pass_fds=(lock.fileno(),))
