"""The geometry of a histogram of dates; the template only draws it.

Across, everything is in percent of the width, so the drawing fits any screen without being stretched;
down, in CSS pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from search.results import Bar
from web.drawing.axis import FULL_HEIGHT_FROM, WIDEST_SLOT, unit

HEIGHT_PX = 56
MIN_BAR_PX = 3
"""A bar that stands for even one article can be seen."""

MAX_BARS = 100
"""More would be too thin to point at; neighbours are put together instead."""

MIN_TICK_GAP = 14
"""Percent of the width that a label of the axis needs."""


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """slot, x, width: in percent; y, height: in px from the top. last: the last day in it."""

    start: date
    last: date
    count: int
    url: str
    slot_x: float
    slot_width: float
    x: float
    width: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A label under the axis, for the first day of a bar. x: in percent, where the label begins, or ends if `ends`.

    late: no room for it on a narrow screen.
    """

    day: date
    x: float
    late: bool
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Histogram:
    """unit: what one bar spans, "year", "month" or "day", for wording. most: articles in the tallest bar."""

    bars: tuple[DrawnBar, ...]
    ticks: tuple[Tick, ...]
    unit: str
    most: int
    height: int = HEIGHT_PX


def draw(bars: Sequence[Bar], url_of: Callable[[date, date], str]) -> Histogram | None:
    """Lay out `bars`, in order of time. url_of: first and last day -> where the bar leads. None if all are empty."""
    bars = merge(bars, MAX_BARS)
    most = max((bar.count for bar in bars), default=0)
    if not most:
        return None
    slot = min(100 / len(bars), WIDEST_SLOT)
    drawn = []
    for number, bar in enumerate(bars):
        share = bar.count / max(most, FULL_HEIGHT_FROM)
        height = max(MIN_BAR_PX, round(share * HEIGHT_PX, 1)) if bar.count else 0
        last = bar.end - timedelta(days=1)
        drawn.append(DrawnBar(
            bar.start, last, bar.count, url_of(bar.start, last),
            round(number * slot, 3), round(slot, 3),
            round((number + 0.1) * slot, 3), round(slot * 0.8, 3),
            HEIGHT_PX - height, height,
        ))
    spans = unit(bars)
    return Histogram(tuple(drawn), _ticks(drawn, spans), spans, most)


def merge(bars: Sequence[Bar], most: int) -> list[Bar]:
    """Put neighbours together until there are at most `most`; no article is lost."""
    together = -(-len(bars) // most) or 1
    groups = [bars[i : i + together] for i in range(0, len(bars), together)]
    return [Bar(group[0].start, group[-1].end, sum(bar.count for bar in group)) for group in groups]


def _ticks(bars: Sequence[DrawnBar], spans: str) -> tuple[Tick, ...]:
    """Labels from left to right, none too near its neighbour; over years of months, at each January; and the last."""
    last = bars[-1]
    januaries = [bar for bar in bars if bar.start.month == 1]
    if spans == "month" and len(januaries) > 1:
        bars = januaries
    ticks: list[Tick] = []
    for bar in bars:
        if not ticks or bar.slot_x - ticks[-1].x >= MIN_TICK_GAP:
            ticks.append(Tick(bar.start, bar.slot_x, late=len(ticks) % 2 == 1 or bar.slot_x > 80))
    # The label of a tick at the right edge would stand outside.
    ticks = [tick for tick in ticks if tick.x <= 100 - MIN_TICK_GAP / 2]
    edge = round(last.slot_x + last.slot_width, 3)
    before = [tick for tick in ticks if tick.x + 2 * MIN_TICK_GAP <= edge]
    if not before or ticks[-1].day == last.start:
        return tuple(ticks)
    return (*before, Tick(last.start, edge, late=False, ends=True))
