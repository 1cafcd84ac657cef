"""The command that keeps an archive fresh from feeds."""

from __future__ import annotations

import fcntl
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kijigura import telling
from kijigura.command import Config, as_json, common, main, print_json, say, tell
from kijigura.opening import archive_of, directory_of, index
from search.errors import ArchiveBusy

if TYPE_CHECKING:
    from indexer.fetching.feeds_toml import Feed, Following
    from indexer.fetching.following import Round
    from indexer.pipeline import Taken

LOCK = "following.lock"

# Between two rounds, so that feeds that come due one after another are asked together.
SHORTEST_SLEEP_SECONDS = 10.0


@main.command()
@click.argument("feeds", metavar="FEEDS.toml", type=click.Path(path_type=Path))
@click.option("--once", is_flag=True, help="One round through the feeds and no more, as for cron.")
@click.option("--allow-private", is_flag=True, help="Ask hosts of your own network and any port, too.")
@as_json
@common("archive", "engine", "workers")
def follow(config: Config, feeds: Path, once: bool, allow_private: bool, as_json: bool) -> None:
    """Take in what is new in the feeds of a feeds.toml, again and again.

    Every feed is asked every 15 minutes, or as the file says, until Ctrl-C. Hosts are asked one thing at a time and
    as their robots.txt allows.
    """
    # Imported here: all readers together take longer than most commands.
    from indexer.fetching import Client, Notebook, notebook
    from indexer.fetching.feeds_toml import read_feeds
    from indexer.fetching.following import Round, due_at

    following = read_feeds(feeds, allow_private=allow_private)
    directory = directory_of(config)
    with archive_of(config, create=True):
        pass
    with _alone(directory), _stopped_by_signals() as stop, Notebook(directory / notebook.FILE_NAME) as notes:
        client = Client(following.manners, notes)
        rejected = 0
        while True:
            due = [feed for feed in following.feeds if due_at(feed, notes, once) <= time.time()]
            try:
                rejected = _round(config, due, following, Round(due, client, notes, stop), as_json)
            except ArchiveBusy as error:
                if once:
                    raise
                say(str(error))
            if once or stop.is_set():
                break
            next_due = min(due_at(feed, notes, once) for feed in following.feeds)
            if stop.wait(max(next_due - time.time(), SHORTEST_SLEEP_SECONDS)):
                break
    if once and rejected:
        sys.exit(1)


def _round(config: Config, due: Sequence[Feed], following: Following, one: Round, as_json: bool) -> int:
    """Take in what the feeds have, index it, and say so. Returns how many were rejected."""
    from indexer import pipeline

    started = time.monotonic()
    outcomes: Counter[str] = Counter()
    with archive_of(config) as archive:
        for taken in pipeline.take_in_found(archive, one.found()):
            one.note(taken.where)
            outcomes[taken.outcome] += 1
            _tell(taken, as_json)
        one.finish()
        summary = {
            "feeds": len(following.feeds),
            "asked": len(due),
            **telling.counted(outcomes),
            "indexed": index(archive, config),
            "articles": archive.count(),
            "seconds": round(time.monotonic() - started, 2),
        }
    if as_json:
        print_json(summary)
    else:
        tell(_summary(summary))
        sys.stdout.flush()
    return outcomes["rejected"]


def _tell(taken: Taken, as_json: bool) -> None:
    where = telling.place(taken.where.path, taken.where.line)
    if as_json:
        print_json(telling.as_record(taken))
    elif taken.reason:
        say(f"{taken.outcome}: {where}: {taken.reason}")
    else:
        tell(f"{taken.outcome}: {where}")


def _summary(summary: dict[str, Any]) -> str:
    return (
        f"{time.strftime('%Y-%m-%d %H:%M')} {summary['asked']} of {summary['feeds']} feeds asked: "
        f"{telling.in_words(summary)}. "
        f"The archive has {summary['articles']:,} articles."
    )


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Two of these on one archive would ask hosts twice as often as they promise. Raises ArchiveBusy."""
    with (directory / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ArchiveBusy(f"Another `kijigura follow` is at work on {directory}. Stop that one first.") from None
        yield


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """Set by the first Ctrl-C or SIGTERM; the second ends the process as ever."""
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def on_signal(*_: object) -> None:
        stop.set()
        restore()
        say("Ending after the current article …")

    for number in before:
        signal.signal(number, on_signal)
    try:
        yield stop
    finally:
        restore()
