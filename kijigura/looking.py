"""Commands that look at words, names, entities and topics."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from typing import Any

import click

from indexer import mentions
from indexer.decoding import Undecodable, decode
from indexer.topics import make_topic
from kijigura.command import Config, as_json, common, main, minus_is_text, print_json
from kijigura.opening import answer, directory_of
from search.archive import Archive
from search.articles import JST, Part, Published
from search.dates import read_days
from search.errors import KijiguraError, NotFound, UsageError
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
        click.echo("\t".join((unit.surface, unit.term, "-".join(p for p in unit.part_of_speech if p != "*"), short)))


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
        click.echo("\t".join((str(m.start), str(m.end), kind, m.surface, m.name)))


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
    click.echo(f"{view.entity.name} ({view.entity.id}, {view.entity.kind}): {view.total:,} articles")
    for alias in view.aliases:
        seen = [one.published.at.date().isoformat() for one in (alias.first, alias.last) if one]
        click.echo(f"  {alias.surface} {alias.count}" + (f"  ({' – '.join(dict.fromkeys(seen))})" if seen else ""))
    for bar in view.histogram:
        if bar.count:
            click.echo(f"  {_span(bar):10}  {bar.count}")
    undated = view.total - sum(bar.count for bar in view.histogram)
    if undated:
        click.echo(f"  no date     {undated}")
    for kind, neighbours in view.neighbours.items():
        _list(kind, ((n.entity.name, n.count) for n in neighbours))
    for name, values in (("topic", view.topics), ("desk", view.desks), ("source", view.sources)):
        _list(name, ((v.label, v.count) for v in values))


def _list(title: str, counts: Iterable[tuple[str, int]]) -> None:
    shown = [f"{label} {count}" for label, count in islice(counts, 10)]
    if shown:
        click.echo(f"  {title}: " + ", ".join(shown))


def _span(bar: Bar) -> str:
    """2024, 2024-04 or 2024-04-10, by the width of the bar."""
    days = (bar.end - bar.start).days
    return bar.start.isoformat()[: 10 if days == 1 else 7 if days < 32 else 4]


@main.group()
def topics() -> None:
    """Saved queries with a name, such as ウクライナ和平交渉."""


@topics.command("list")
@as_json
@common("archive", "engine", "workers")
def topics_list(config: Config, as_json: bool) -> None:
    """List the topics with their articles counted."""
    counts, topics = answer(config, lambda library: (library.topics("ja"), library.topic_list))
    found = [{**asdict(topic), "count": value.count} for topic, value in zip(topics, counts, strict=True)]
    if as_json:
        print_json({"topics": found})
        return
    for topic in found:
        click.echo(f"{topic['count']:6,}  {topic['name']}  ({topic['id']})  {topic['query']}")


@topics.command("add", context_settings=minus_is_text)
@click.argument("topic_id", metavar="ID")
@click.argument("name")
@click.argument("query")
@click.option("--name-en", metavar="NAME", help="Its name in English.")
@common("archive")
def topics_add(config: Config, topic_id: str, name: str, query: str, name_en: str | None) -> None:
    """Add a topic, or change the one with this ID."""
    topic = make_topic({"id": topic_id, "name": name, "query": query, "name_en": name_en})
    if isinstance(topic, str):
        raise UsageError(f"This is no topic: {topic}. Give it as: kijigura topics add ID NAME QUERY")
    with Archive.open(directory_of(config)) as archive, archive.transaction():
        archive.put_topics([topic])
    click.echo(f"{topic.name} ({topic.id}) is a topic now.")


@topics.command("remove")
@click.argument("topic_id", metavar="ID")
@common("archive")
def topics_remove(config: Config, topic_id: str) -> None:
    """Forget a topic; its articles stay."""
    with Archive.open(directory_of(config)) as archive, archive.transaction():
        if not archive.remove_topic(topic_id):
            raise NotFound(f"There is no topic {topic_id!r}. See those there are: kijigura topics list")
    click.echo(f"{topic_id} is no topic any more.")
