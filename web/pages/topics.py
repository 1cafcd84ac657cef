"""What the page of all topics shows, ready to draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from search.query.model import Request
from search.topic_counts import TopicCount
from web.dates import written_day
from web.drawing.sparkline import COLUMN_PX, GAP_PX, Spark, sparkline
from web.links import Links
from web.pages.cards import articles
from web.words import _

COLUMNS = 48
"""Of a topic's bars: all topics have the same days, so that they can be compared."""

WIDTH_PX = COLUMNS * (COLUMN_PX + GAP_PX) - GAP_PX


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic. newest: the day of its newest article, "" where none has a date. newest_at: as an ISO date.

    sparks: its bars. busiest: in words, when it has most, "" where nothing is drawn.
    """

    label: str
    url: str
    feed_url: str
    query: str
    total: int
    newest: str
    newest_at: str
    sparks: tuple[Spark, ...]
    busiest: str


@dataclass(frozen=True, slots=True)
class TopicsPage:
    """span: the years that the bars are of, "" where nothing is drawn. width: of each row of bars, px."""

    rows: tuple[TopicRow, ...]
    span: str
    width: int = WIDTH_PX


def topics_page(counts: Sequence[TopicCount], language: str, links: Links) -> TopicsPage:
    dated = [day for one in counts for day in one.days]
    first, last = min(dated, default=None), max(dated, default=None)
    rows = tuple(_row(one, first, last, language, links) for one in counts)
    return TopicsPage(rows, _years(first, last) if first and last else "")


def _years(first: date, last: date) -> str:
    return f"{first.year}–{last.year}" if first.year < last.year else str(first.year)


def _row(one: TopicCount, first: date | None, last: date | None, language: str, links: Links) -> TopicRow:
    own = Request(filters={"topic": (one.topic.id,)}, sort="newest", language=language)
    columns = _columns(one.days, first, last) if first and last else []
    return TopicRow(
        label=one.topic.label(language),
        url=links.topic(one.topic.id),
        feed_url=links.search(own, "atom"),
        query=one.topic.query,
        total=one.total,
        newest=written_day(one.newest, language) if one.newest else "",
        newest_at=one.newest.isoformat() if one.newest else "",
        sparks=tuple(sparkline(columns)),
        busiest=_busiest(one.days, language),
    )


def _columns(days: Mapping[date, int], first: date, last: date) -> list[int]:
    """The days from first to last in COLUMNS stretches of the same length."""
    length = last.toordinal() - first.toordinal() + 1
    counts = [0] * COLUMNS
    for day, count in days.items():
        counts[(day.toordinal() - first.toordinal()) * COLUMNS // length] += count
    return counts


def _busiest(days: Mapping[date, int], language: str) -> str:
    if not days:
        return ""
    day = max(days, key=lambda one: (days[one], one))
    return _("Most on %(day)s: %(articles)s", day=written_day(day, language), articles=articles(days[day]))


def as_json(counts: Sequence[TopicCount]) -> dict[str, Any]:
    """What `/topics?format=json` answers."""
    return {"topics": [
        {"id": one.topic.id, "name": one.topic.name, "name_en": one.topic.name_en, "query": one.topic.query,
         "count": one.total, "newest": one.newest.isoformat() if one.newest else None}
        for one in counts
    ]}
