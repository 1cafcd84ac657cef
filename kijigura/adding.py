"""Commands that take articles in: add, and rejected, which tells what could not be."""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer import finding, upkeep
from indexer.raw import FIELDS
from kijigura import telling
from kijigura.command import Config, as_json, common, main, print_json, say, tell
from kijigura.opening import archive_of, directory_of, engine_of, progress_bar, workers_of
from search.archive import Archive
from search.errors import ArchiveBusy, ClusterUnavailable, IndexBusy, NotFound, UsageError
from search.processes import Workers

if TYPE_CHECKING:
    from indexer.pipeline import Order, Taken

RETRY_MS = 5_000
"""After which an archive that another process was writing to is tried again."""

SETTLE_MS = 1_000
"""A file that still grows is left alone for so long."""

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


class _PathOrAddress(click.ParamType):  # type: ignore[type-arg]
    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return value if isinstance(value, str) and _ADDRESS.match(value) else Path(value)


@main.command()
@click.argument("what", nargs=-1, required=True, metavar="PATH|URL...", type=_PathOrAddress())
@click.option("--source", metavar="S", help="Source of articles that name none.")
@click.option("--desk", metavar="D", help="Desk of articles that name none.")
@click.option("--map", "columns", multiple=True, metavar="COLUMN=FIELD",
              help=f"What a column of a table, or a key of JSON, means: {', '.join(FIELDS)}.")
@click.option("--restore", is_flag=True, help="Take in articles that were removed earlier, too.")
@click.option("--allow-private", is_flag=True, help="Ask hosts of your own network and any port, too.")
@click.option("--watch", is_flag=True, help="Go on, and take in what appears in these directories.")
@as_json
@common("archive", "engine", "workers")
def add(
    config: Config, what: tuple[Path | str, ...], source: str | None, desk: str | None, columns: tuple[str, ...],
    restore: bool, allow_private: bool, watch: bool, as_json: bool,
) -> None:
    """Take articles in: files, directories and pages of the web, in any form that the README lists.

    Nothing stops at a bad file: it is listed with its reason (and later by `kijigura rejected`), and the rest goes
    in. Run it again after a break: it goes on where it stopped, and files that are as they were are not read again.
    """
    # Imported here, as elsewhere in this module: all readers together take longer than most commands.
    from indexer import pipeline

    paths = [one for one in what if isinstance(one, Path)]
    urls = [one for one in what if isinstance(one, str)]
    order = pipeline.Order(source, desk, dict(map(_column, columns)), restore)
    directory = directory_of(config)
    there = urls or any(path.exists() for path in paths)
    if not there and not directory.exists():        # a slip in a path should not leave an archive behind
        raise NotFound(f"There is no {paths[0]}. Name a file, or a directory with articles in it.")
    with archive_of(config, create=True) as archive:
        adding = _Adding(archive, config, order, as_json)
        if paths:
            adding.add(paths)
        if urls:
            adding.fetch(urls, allow_private=allow_private)
        summary = adding.summary()
        if as_json:
            print_json(summary)
        else:
            tell(_in_words(summary, directory))
        nothing = not adding.outcomes and not any(path.name == pipeline.TOPICS for path in paths)
        if nothing:
            say(f"No articles in {', '.join(map(str, what))}. Name a file, or a directory with articles in it.")
        if watch:
            _watch(adding, paths)
    if adding.outcomes["rejected"] or nothing or adding.waits:
        sys.exit(1)


def _column(said: str) -> tuple[str, str]:
    column, equals, field = said.rpartition("=")
    if not equals or not column or field not in FIELDS:
        raise UsageError(f"--map {said!r} is no COLUMN=FIELD. Fields are {', '.join(FIELDS)}: --map 見出し=title")
    return column, field


class _Adding:
    """Takes articles in and tells what becomes of each."""

    def __init__(self, archive: Archive, config: Config, order: Order, as_json: bool) -> None:
        self.outcomes: Counter[str] = Counter()
        self._archive = archive
        self._config = config
        self._order = order
        self._as_json = as_json
        self._started = time.monotonic()
        self._seconds_reading = 0.0
        self._indexed = 0
        self.waits = False
        """Whether the cluster could not be reached at last."""

    def add(self, paths: Sequence[Path]) -> None:
        """All articles under these paths, until they can be found."""
        from indexer import pipeline

        survey = pipeline.survey(paths)
        started = time.monotonic()
        with (
            Workers(workers_of(self._config)) as workers,
            upkeep.Growing(self._archive, engine_of(self._config), workers, say) as growing,
        ):
            with progress_bar("Reading", "bytes") as progress:
                for taken in pipeline.take_in(self._archive, paths, self._order, workers, survey):
                    self.tell(taken)
                    progress(taken.bytes_done, max(survey.size, taken.bytes_done))
                    growing.advance()
            self._seconds_reading += time.monotonic() - started
            self._finish(growing)

    def is_news(self, path: Path) -> bool:
        """Whether a file that was found in a directory is to be read."""
        from indexer import unchanged

        return unchanged.is_news(self._archive, path)

    def fetch(self, urls: Sequence[str], *, allow_private: bool) -> None:
        """All articles at these addresses, until they can be found."""
        from indexer import fetching, pipeline
        from indexer.fetching import notebook

        with (
            fetching.Notebook(self._archive.directory / notebook.FILE_NAME) as notes,
            Workers(workers_of(self._config)) as workers,
            upkeep.Growing(self._archive, engine_of(self._config), workers, say) as growing,
        ):
            client = fetching.Client(fetching.Manners(allow_private=allow_private), notes)
            found = fetching.read(urls, columns=self._order.columns, client=client)
            for taken in pipeline.take_in_found(self._archive, found, self._order):
                self.tell(taken)
            self._finish(growing)

    def _finish(self, growing: upkeep.Growing) -> None:
        with progress_bar("Indexing") as progress:
            try:
                self._indexed += growing.finish(progress)
                self.waits = False
            except ClusterUnavailable as error:
                self.waits = True
                say(
                    f"{error} All articles are kept on this machine, in {self._archive.directory}, and wait to be"
                    " delivered. Go on when the cluster answers: kijigura rebuild --if-needed --archive"
                    f" {self._archive.directory} --engine {engine_of(self._config)}"
                )
            except IndexBusy:
                say("Another process is writing to the index; it may lack the newest changes until the next command.")

    def tell(self, taken: Taken) -> None:
        """One article."""
        self.outcomes[taken.outcome] += 1
        if self._as_json:
            print_json(telling.as_record(taken))
        elif taken.reason:
            say(f"{taken.outcome}: {telling.place(taken.where.path, taken.where.line)}: {taken.reason}")

    def summary(self) -> dict[str, Any]:
        """What became of all articles so far."""
        return {
            **telling.counted(self.outcomes),
            "articles": self._archive.count(),
            "indexed": self._indexed,
            "seconds": round(time.monotonic() - self._started, 2),
            "seconds_reading": round(self._seconds_reading, 2),
        }


def _in_words(summary: dict[str, Any], directory: Path) -> str:
    rate = summary["indexed"] / summary["seconds"] if summary["seconds"] else 0
    return (
        f"{telling.in_words(summary)}. {directory} has {summary['articles']:,} articles "
        f"({summary['seconds']:,.1f} s, {rate:,.0f} articles/s)."
    )


def _watch(adding: _Adding, paths: Sequence[Path]) -> None:
    """Take in what appears and changes, until somebody presses Ctrl-C."""
    # Imported here: it starts threads of its own.
    from watchfiles import watch

    there = [path for path in paths if path.exists()]
    say(f"Watching {', '.join(map(str, there))}. End with Ctrl-C.")
    # What came while all was read for the first time, nobody told of.
    changed = set(there)
    # Whatever is broken off goes on the next time.
    with suppress(KeyboardInterrupt):
        for changes in watch(
            *there, watch_filter=None, debounce=SETTLE_MS, rust_timeout=RETRY_MS, yield_on_timeout=True,
            raise_interrupt=False,
        ):
            changed |= {Path(path) for _, path in changes}
            taken = [path for path in _of_articles(there, changed) if adding.is_news(path)]
            try:
                if taken:
                    adding.add(taken)
                    say(f"{len(taken)} files; {adding.summary()['articles']:,} articles.")
                changed.clear()
            except ArchiveBusy as error:
                say(str(error))


def _of_articles(roots: Sequence[Path], changed: Iterable[Path]) -> list[Path]:
    """Files among them, or in directories among them, that `add` would find under these roots."""
    files = {
        path for path in finding.find_files([path for path in changed if path.exists()])
        if isinstance(path, Path) and any(finding.belongs(path, root) for root in roots)
    }
    return sorted(files)


@main.command()
@as_json
@common("archive", "engine")
def rejected(config: Config, as_json: bool) -> None:
    """List what could not be taken in, with place and reason, as of the last time its file was read."""
    count = 0
    with archive_of(config) as archive:
        for one in archive.rejected():
            count += 1
            if as_json:
                print_json(one._asdict())
            else:
                tell(f"{telling.place(one.path, one.line)}: {one.reason}")
    if not count:
        say("Nothing was rejected.")
