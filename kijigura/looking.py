"""Commands that look at words, names, entities and topics."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from indexer import mentions
from indexer.decoding import Undecodable, decode
from indexer.topics import make_topic
from kijigura.command import Config, as_json, common, main, minus_is_text, print_json
from kijigura.opening import answer, directory_of
from search.archive import Archive
from search.articles import Part
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
@as_json
def names(file: Any, as_json: bool) -> None:
    """Find the names in a text (FILE, or - for standard input), without an archive."""
    try:
        text = decode(file.read())
    except Undecodable as error:
        raise KijiguraError(f"{file.name}: {error}.") from error
    found = mentions.find_names([Part(0, False, text)], [tokens.units(text)])
    if as_json:
        print_json({"mentions": [
            {"start": m.start, "end": m.end, "surface": m.surface, "kind": m.kind, "entity": m.entity_id,
             "name": m.name, "confidence": m.confidence}
            for m in found
        ]})
        return
    for m in found:
        click.echo("\t".join((str(m.start), str(m.end), m.kind, m.surface, m.name)))


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
    click.echo("  " + ", ".join(f"{a.surface} {a.count}" for a in view.aliases))
    for bar in view.histogram:
        if bar.count:
            click.echo(f"  {_span(bar):10}  {bar.count}")
    undated = view.total - sum(bar.count for bar in view.histogram)
    if undated:
        click.echo(f"  no date     {undated}")
    for kind, neighbours in view.neighbours.items():
        if neighbours:
            click.echo(f"  {kind}: " + ", ".join(f"{n.entity.name} {n.count}" for n in neighbours[:10]))


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
