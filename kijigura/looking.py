"""Commands that look at words, names and entities."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any

import click

from indexer import mentions
from indexer.decoding import Undecodable, decode
from kijigura.command import Config, as_json, common, main, minus_is_text, print_json, tell
from kijigura.opening import answer
from search.articles import JST, Part, Published
from search.dates import read_days
from search.errors import KijiguraError, UsageError
from search.japanese import tokens
from search.results import Bar


@main.command(context_settings=minus_is_text)
@click.argument("text")
@as_json
def analyze(text: str, as_json: bool) -> None:
    """Show how a text is cut into words: long units, the short ones in them, and their terms."""
    units = tokens.units(text)
    if as_json:
        print_json({"analysis": tokens.analysis_version(), "units": [
            {"surface": u.surface, "start": u.start, "end": u.end, "term": u.term,
             "part_of_speech": list(u.part_of_speech), "unknown": u.is_unknown,
             "short": [{"start": s.start, "end": s.end, "term": s.term} for s in u.shorts]}
            for u in units
        ]})
        return
    for unit in units:
        short = " ".join(s.term for s in unit.shorts) if len(unit.shorts) > 1 else ""
        tell("\t".join((unit.surface, unit.term, "-".join(p for p in unit.part_of_speech if p != "*"), short)))


@main.command()
@click.argument("file", type=click.File("rb"))
@click.option("--date", metavar="DATE", help="Of the text, by which 米大統領 means who it was then.")
@as_json
def names(file: Any, date: str | None, as_json: bool) -> None:
    """Find the names in a text (FILE, or - for standard input), without an archive.

    A word that stands for a name (同氏; with --date also 米大統領) has a ? after its kind.
    """
    try:
        text = decode(file.read())
    except Undecodable as error:
        raise KijiguraError(f"{file.name}: {error}.") from error
    found = mentions.find_names([Part(0, False, text)], [tokens.units(text)], _published(date))
    if as_json:
        print_json({"mentions": [
            {"start": m.start, "end": m.end, "surface": m.surface, "kind": m.kind, "entity": m.entity_id,
             "name": m.name, "confidence": m.confidence, "role": m.role, "about": m.is_about,
             "inferred": m.is_inferred}
            for m in found
        ]})
        return
    for m in found:
        kind = f"{m.kind}?" if m.is_inferred else m.kind
        tell("\t".join((str(m.start), str(m.end), kind, m.surface, m.name)))


def _published(date: str | None) -> Published | None:
    if date is None:
        return None
    days = read_days(date)
    if days is None:
        raise UsageError(f"{date!r} is no date. Write 2024-04-10 or 令和6年4月10日.")
    first, last = days
    return Published(datetime(first.year, first.month, first.day, tzinfo=JST), "day" if first == last else "month")


@main.command()
@click.argument("name")
@as_json
@common("archive", "engine", "workers")
def entity(config: Config, name: str, as_json: bool) -> None:
    """Show one person, country, organization or place: aliases, counts over time, neighbours."""
    view = answer(config, lambda library: library.entity(name, "ja"))
    if as_json:
        print_json(view.as_json())
        return
    profile = view.profile
    about = f", {view.about_total:,} of them about it" if view.about_total is not None else ""
    tell(f"{view.entity.name} ({view.entity.id}, {view.entity.kind}): {profile.total:,} articles{about}")
    for alias in view.aliases:
        seen = [one.published.at.date().isoformat() for one in (alias.first, alias.last) if one]
        tell(f"  {alias.surface} {alias.count}" + (f"  ({' – '.join(dict.fromkeys(seen))})" if seen else ""))
    for bar in profile.histogram:
        if bar.count:
            tell(f"  {_span(bar):10}  {bar.count}")
    undated = profile.total - sum(bar.count for bar in profile.histogram)
    if undated:
        tell(f"  no date     {undated}")
    for kind, neighbours in profile.company.neighbours.items():
        _list(kind, ((n.entity.name, n.count) for n in neighbours))
    for name, values in (("topic", profile.topics), ("desk", profile.desks), ("source", profile.sources)):
        _list(name, ((v.label, v.count) for v in values))


def _list(title: str, counts: Iterable[tuple[str, int]]) -> None:
    shown = [f"{label} {count}" for label, count in islice(counts, 10)]
    if shown:
        tell(f"  {title}: " + ", ".join(shown))


def _span(bar: Bar) -> str:
    """2024, 2024-04 or 2024-04-10, by the width of the bar."""
    days = (bar.end - bar.start).days
    return bar.start.isoformat()[: 10 if days == 1 else 7 if days < 32 else 4]
