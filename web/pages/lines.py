"""Lines of bars, ready to draw: how often several things stood in the articles of each period."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from search.results import Bar
from web.dates import written_day
from web.drawing import lines as drawing
from web.drawing.lines import LineBar
from web.pages.cards import articles, span_name, tick_name
from web.words import _

Spanning = Callable[[date, date], str]
"""First and last day -> where a bar leads."""


@dataclass(frozen=True, slots=True)
class LineCard:
    """One line. url: where its name leads, None for what no search can ask for. number: of its pattern, from 1.

    bars: those that are not empty, as the template fills them in; of a line without a url they lead nowhere.
    """

    label: str
    url: str | None
    total: int
    number: int
    bars: tuple[list[str], ...]


@dataclass(frozen=True, slots=True)
class ChartCard:
    """Lines on one axis. height: of each, in px. ticks: (label, x in percent, no room for it on a narrow screen).

    has_parts: whether part of each bar is set apart. by_pointer: whether its bars can only be pointed at.
    table: (period, a number for each line and where its bar leads, None for nowhere), the same for who does not point.
    """

    lines: tuple[LineCard, ...]
    height: int
    ticks: tuple[tuple[str, float, bool], ...]
    has_parts: bool
    by_pointer: bool
    table: tuple[tuple[str, tuple[tuple[int, str | None], ...]], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line to draw. spanning: None where no search asks for just these articles."""

    label: str
    url: str | None
    total: int
    bars: Sequence[Bar]
    spanning: Spanning | None


def chart_card(
    lines: Sequence[Line], height: int, language: str, parts: Sequence[Bar] = (), *, by_pointer: bool = False
) -> ChartCard | None:
    """The lines, each bar with its address and with words for who cannot see it. None if all are empty.

    parts: of the articles of the first line, those to set apart: of what they are about.
    by_pointer: the bars are no stops of the tab key and nothing is said of them: of a hundred bars and more nobody
        wants to hear. Who does not point has the same links in the table, which is opened on request.
    """
    drawn = drawing.draw([line.bars for line in lines], height, parts)
    if drawn is None:
        return None
    has_parts = bool(parts)
    periods = [(bar.start, bar.end - timedelta(days=1)) for bar in lines[0].bars]
    named = {first: period_name(first, last, language) for first, last in periods}

    def filled(line: Line, bar: LineBar) -> list[str]:
        name = f"{line.label} {named[bar.start]}{_(': ')}{articles(bar.count)}"
        if has_parts:
            name = _("%(name)s, %(count)s of them about it", name=name, count=f"{bar.part:,}")
        url = line.spanning(bar.start, bar.last) if line.spanning else ""
        shape = (bar.slot_x, bar.slot_width, bar.x, bar.y, bar.width, bar.height)
        part = (bar.x, round(drawn.height - bar.part_height, 1), bar.width, bar.part_height) if has_parts else ()
        linked = [] if not url else [url] if by_pointer else [url, name]
        return [*linked, name, *map(str, (*shape, *part))]

    cards = tuple(
        LineCard(line.label, line.url, line.total, number, tuple(filled(line, bar) for bar in bars))
        for number, (line, bars) in enumerate(zip(lines, drawn.lines, strict=True), start=1)
    )
    return ChartCard(
        cards, drawn.height,
        tuple((tick_name(tick.day, drawn.unit, language), tick.x, tick.late) for tick in drawn.ticks),
        has_parts,
        by_pointer,
        tuple(
            (named[first], tuple(_cell(line, line.bars[place].count, first, last) for line in lines))
            for place, (first, last) in enumerate(periods) if any(line.bars[place].count for line in lines)
        ),
    )


def _cell(line: Line, count: int, first: date, last: date) -> tuple[int, str | None]:
    return count, line.spanning(first, last) if count and line.spanning else None


def period_name(first: date, last: date, language: str) -> str:
    """The shortest exact name of the days from first to last, both included."""
    after = date.fromordinal(min(last.toordinal() + 1, date.max.toordinal()))
    years = first.month == after.month == 1 and first.day == after.day == 1
    if years and after.year - first.year > 1:
        return f"{first.year}–{last.year}" if language == "en" else f"{first.year}–{last.year}年"
    if first.day == after.day == 1 and first.year == last.year and first.month < last.month and not years:
        if language == "en":
            return f"{written_day(first, 'en', 'month').split()[0]}–{written_day(last, 'en', 'month')}"
        return f"{first.year}年{first.month}–{last.month}月"
    return span_name(first, last, language)
