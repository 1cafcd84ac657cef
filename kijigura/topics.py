"""Commands on topics: saved queries with a name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from itertools import islice

import click

from kijigura.command import Config, as_json, common, main, minus_is_text, print_json, say, tell
from kijigura.opening import answer, archive_of, workers_of
from search.articles import Topic
from search.dates import read_days
from search.errors import NotFound, UsageError
from search.library import Library
from search.processes import Workers
from search.storylines.suggesting import Suggestion, suggest
from search.topic_forms import as_command, make_topic

MOST_SUGGESTED = 20


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
        tell(f"{topic['count']:6,}  {topic['name']}  ({topic['id']})  {topic['query']}")


@topics.command("add", context_settings=minus_is_text)
@click.argument("topic_id", metavar="ID")
@click.argument("name")
@click.argument("query")
@click.option("--name-en", metavar="NAME", help="Its name in English.")
@common("archive", "engine")
def topics_add(config: Config, topic_id: str, name: str, query: str, name_en: str | None) -> None:
    """Add a topic, or change the one with this ID."""
    topic = make_topic({"id": topic_id, "name": name, "query": query, "name_en": name_en})
    if isinstance(topic, str):
        raise UsageError(f"This is no topic: {topic}. Give it as: kijigura topics add ID NAME QUERY")
    with archive_of(config) as archive:
        archive.receive()
        with archive.transaction():
            archive.put_topics([topic])
        archive.deliver_topics()
    tell(f"{topic.name} ({topic.id}) is a topic now.")


@topics.command("remove")
@click.argument("topic_id", metavar="ID")
@common("archive", "engine")
def topics_remove(config: Config, topic_id: str) -> None:
    """Forget a topic; its articles stay. A topics.toml brings it back with `add --restore` alone."""
    with archive_of(config) as archive:
        archive.receive()
        with archive.transaction():
            if not archive.remove_topic(topic_id):
                raise NotFound(f"There is no topic {topic_id!r}. See those there are: kijigura topics list")
        archive.deliver_topics()
    tell(f"{topic_id} is no topic any more.")


@topics.command("suggest")
@click.option("--most", type=click.IntRange(1, 1_000), default=MOST_SUGGESTED, show_default=True,
              help="So many of them.")
@click.option("--from", "since", metavar="DATE", help="Of articles from this day on: 2024, 2024-04 or 2024-04-10.")
@click.option("--to", "until", metavar="DATE", help="Of articles up to this day, included.")
@as_json
@common("archive", "engine", "workers")
def topics_suggest(config: Config, most: int, since: str | None, until: str | None, as_json: bool) -> None:
    """Propose topics: words and names that rise together in time, with the articles that tell of them."""
    first, last = _day(since, first=True), _day(until, first=False)
    if first and last and first > last:
        raise UsageError(f"--from {first} is after --to {last}. Exchange them.")

    def find(library: Library) -> list[Suggestion]:
        with Workers(workers_of(config)) as workers:
            return list(islice(suggest(library, workers, since=first, until=last, say=say), most))

    found = answer(config, find)
    if as_json:
        print_json({"suggestions": [one.as_json() for one in found]})
        return
    if not found:
        say("Nothing rises in these articles that no topic has. Try other days: --from, --to.")
    for number, one in enumerate(found):
        tell(("\n" if number else "") + "\n".join(_lines(one)))


def _lines(one: Suggestion) -> Iterator[str]:
    """A storyline, what speaks for it, and the command that makes it a topic."""
    yield f"{one.name}  {one.first} – {one.last}  {one.total:,} articles, {one.in_peak:,} in these days"
    for seen in one.evidence:
        burst = seen.burst
        yield (
            f"  {seen.name}: {burst.articles} articles from {burst.first} to {burst.last},"
            f" {burst.times:.1f} times as many as expected"
        )
    for article in one.articles:
        day = article.published.at.date().isoformat() if article.published else "no date"
        yield f"    {day}  {article.title}  ({article.id})"
    yield f"  {as_command(Topic(one.id, one.name, one.query))}"


def _day(text: str | None, *, first: bool) -> date | None:
    if text is None:
        return None
    days = read_days(text)
    if days is None:
        raise UsageError(f"{text!r} is no date. Write 2024, 2024-04, 2024-04-10 or 令和6年4月.")
    return days[0] if first else days[1]
