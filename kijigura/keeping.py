"""Commands that keep an archive: rebuild, remove, stats, doctor, config."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from indexer import upkeep
from kijigura.command import Config, as_json, common, main, print_json, say, tell
from kijigura.opening import archive_of, directory_of, engine_of, index, open_library, progress_bar, workers_of
from search.engine import is_cluster
from search.errors import EngineError
from search.library import Library


@main.command()
@common("archive", "engine", "workers")
@click.option("--if-needed", is_flag=True, help="Only what is missing, damaged or out of date.")
def rebuild(config: Config, if_needed: bool) -> None:
    """Make the index anew from the archive, beside the one in use; on a cluster, move the articles there as well."""
    with archive_of(config, create=_is_on_cluster(config)) as archive:
        if if_needed:
            count = index(archive, config, thorough=True)
            tell(f"{count:,} articles were brought up to date.")
            return
        with progress_bar("Rebuilding") as progress:
            count = upkeep.rebuild_index(
                archive, engine_of(config), workers=workers_of(config), progress=progress
            )
        tell(f"The index was rebuilt: {count:,} articles.")


def _is_on_cluster(config: Config) -> bool:
    return is_cluster(engine_of(config) or "")


@main.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@common("archive", "engine", "workers")
def remove(config: Config, ids: tuple[str, ...]) -> None:
    """Take articles out; `add --restore` brings them back."""
    with archive_of(config) as archive:
        # Where a backup was put back, the index has to notice before a change gets a number that it knows.
        index(archive, config)
        with archive.transaction():
            missing = [article_id for article_id in ids if not archive.remove(article_id)]
        index(archive, config)
    for article_id in missing:
        say(f"The archive has no article {article_id!r}.")
    tell(f"{len(ids) - len(missing)} removed.")
    if missing:
        sys.exit(1)


@main.command()
@as_json
@common("archive", "engine", "workers")
def stats(config: Config, as_json: bool) -> None:
    """How many articles there are, and what is in the index."""
    with open_library(config) as library:
        info = library.engine.info()
        found = {
            "articles": library.archive.count(),
            "indexed": info.articles,
            "behind": library.health().behind,
            "engine": info.engine,
            "analysis": info.analysis,
            "indexed_at": info.indexed_at,
            "index_bytes": info.size_bytes,
            "archive_bytes": _size(directory_of(config), "articles.sqlite*"),
        }
    if as_json:
        print_json(found)
    else:
        for name, value in found.items():
            tell(f"{name:14} {value:,}" if isinstance(value, int) else f"{name:14} {value}")


def _size(directory: Path, pattern: str) -> int:
    return sum(path.stat().st_size for path in directory.glob(pattern))


@main.command()
@click.option("--full", is_flag=True, help="Also let SQLite check every page of the archive.")
@common("archive", "engine", "workers")
def doctor(config: Config, full: bool) -> None:
    """Look for what is wrong with the archive and its index, and name what mends it."""
    directory = directory_of(config)
    problems: list[str] = []
    with archive_of(config) as archive:
        if full:
            problems += [f"articles.sqlite: {line}" for line in archive.verify()]
        tell(f"archive  {directory}: {archive.count():,} articles, last change {archive.last_change():,}")
    try:
        library = Library.open(directory, engine_of(config))
    except EngineError as error:
        problems.append(str(error))
    else:
        with library:
            info = library.engine.info()
            tell(f"index    {info.engine}: {info.articles:,} articles, made {info.indexed_at}")
            tell(f"analysis {info.analysis}")
            problems += library.engine.verify()
            if library.is_ahead():
                problems.append(
                    "The index has changes that the archive lacks, as after a backup was put back. Make it anew: "
                    f"kijigura rebuild --if-needed --archive {directory}"
                )
            behind = library.health().behind
            if behind:
                problems.append(
                    f"The index lacks {behind:,} changes. Bring it up to date: "
                    f"kijigura rebuild --if-needed --archive {directory}"
                )
    for problem in problems:
        say(f"problem  {problem}")
    tell("All is well." if not problems else f"{len(problems)} problem(s).")
    if problems:
        sys.exit(1)


@main.group()
def config() -> None:
    """Settings, and where each value comes from."""


@config.command("show")
@as_json
@common("archive", "engine", "host", "port", "workers")
def config_show(config: Config, as_json: bool) -> None:
    """List every setting, its value, and what set it."""
    if as_json:
        print_json({n: {"value": v.value, "from": v.origin} for n, v in config.items()})
        return
    for name, value in config.items():
        shown = "-" if value.value is None else value.value
        tell(f"{name:10} {shown!s:24} {value.origin:24} {value.setting.environment}: {value.setting.help}")
