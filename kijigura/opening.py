"""Opening the archive a command works on, with its index whole."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from indexer import upkeep
from kijigura.command import Config, say
from search.archive import Archive
from search.errors import IndexBusy, IndexDamaged
from search.library import Library
from search.opening import open_archive

T = TypeVar("T")


def directory_of(config: Config) -> Path:
    return Path(str(config["archive"].value))


def engine_of(config: Config) -> str | None:
    value = config["engine"].value if "engine" in config else None
    return str(value) if value else None


def workers_of(config: Config) -> int | None:
    value = config["workers"].value
    return int(value) if value else None


def archive_of(config: Config, *, create: bool = False) -> Archive:
    """The archive, wherever its articles are. create: make it where there is none."""
    return open_archive(directory_of(config), engine_of(config), create=create)


@contextmanager
def progress_bar(label: str, unit: str = "articles") -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr with rate and time left; it appears with the first report, and where somebody watches.

    unit: of what is reported.
    """
    bar: Any = None
    started = time.monotonic()

    def rate(_: object) -> str:
        return f"{bar.pos / max(time.monotonic() - started, 0.001):,.0f} {unit}/s" if bar is not None else ""

    def report(done: int, total: int) -> None:
        nonlocal bar
        if bar is None and sys.stderr.isatty():
            bar = click.progressbar(
                length=total, label=label, file=sys.stderr, show_pos=True, item_show_func=rate,
                update_min_steps=max(1, total // 1_000),
            )
            bar.__enter__()
        if bar is not None:
            bar.length = total
            bar.update(done - bar.pos)

    try:
        yield report
    finally:
        if bar is not None:
            bar.__exit__(None, None, None)


def index(archive: Archive, config: Config, *, thorough: bool = False) -> int:
    """Make the index have all of the archive; returns the articles written. thorough: look at every byte of it."""
    with progress_bar("Indexing") as progress:
        try:
            return upkeep.ensure_index(
                archive, engine_of(config), workers=workers_of(config), progress=progress, thorough=thorough, say=say
            )
        except IndexBusy:
            # Another process is at it, and the archive has everything: answer from what there is.
            say("Another process is writing to the index; it may lack the newest changes until the next command.")
            return 0


def open_library(config: Config) -> Library:
    """The archive, with an index that has all of it; what is missing is made first, and said."""
    directory = directory_of(config)
    with archive_of(config) as archive:
        index(archive, config)
    return Library.open(directory, engine_of(config))


def answer(config: Config, ask: Callable[[Library], T]) -> T:
    """What `ask` finds out; an index that turns out to be damaged under it is rebuilt, and asked once more.

    `ask` writes nothing before it has its answer, or else the reader would see a part of it twice.
    """
    try:
        with open_library(config) as library:
            return ask(library)
    except IndexDamaged as error:
        with archive_of(config) as archive, progress_bar("Rebuilding") as progress:
            upkeep.replace_index(
                archive, engine_of(config), error, workers=workers_of(config), progress=progress, say=say
            )
    with open_library(config) as library:
        return ask(library)
