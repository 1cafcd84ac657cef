"""The geometry of several lines of bars under one another, on one axis of time and one scale.

Across, everything is in percent of the width, so the drawing fits any screen without being stretched;
down, in CSS pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from search.results import Bar
from web.drawing.axis import FULL_HEIGHT_FROM, WIDEST_SLOT, unit

MIN_BAR_PX = 2
"""A bar that stands for even one article can be seen."""

TICK_GAP = 20
"""Percent of the width that a label of the axis needs."""


@dataclass(frozen=True, slots=True)
class LineBar:
    """A bar that is not empty. slot_x, slot_width, x, width: in percent; y, height: in px from the top of its line.

    last: the last day in it. part: articles of those counted that its lower part stands for, part_height: its height.
    """

    start: date
    last: date
    count: int
    slot_x: float
    slot_width: float
    x: float
    width: float
    y: float
    height: float
    part: int = 0
    part_height: float = 0


@dataclass(frozen=True, slots=True)
class Tick:
    """A label under the axis, for the first day of a bar. x: in percent, where it begins. late: not on a phone."""

    day: date
    x: float
    late: bool


@dataclass(frozen=True, slots=True)
class Lines:
    """lines: the bars of each. unit: what one bar spans, "year", "month" or "day", for wording. height: of a line."""

    lines: tuple[tuple[LineBar, ...], ...]
    ticks: tuple[Tick, ...]
    unit: str
    height: int


def draw(lines: Sequence[Sequence[Bar]], height: int, parts: Sequence[Bar] = ()) -> Lines | None:
    """Lay out lines of the same periods. None if all are empty.

    height: of the tallest bar, in px. parts: of the articles of the first line, those to set apart.
    """
    most = max((bar.count for line in lines for bar in line), default=0)
    if not most:
        return None
    slot = min(100 / len(lines[0]), WIDEST_SLOT)
    scale = height / max(most, FULL_HEIGHT_FROM)

    def high(count: int) -> float:
        return max(MIN_BAR_PX, round(count * scale, 1)) if count else 0

    def drawn(number: int, bar: Bar, part: int) -> LineBar:
        return LineBar(
            bar.start, bar.end - timedelta(days=1), bar.count, round(number * slot, 3), round(slot, 3),
            round((number + 0.1) * slot, 3), round(slot * 0.8, 3), round(height - high(bar.count), 1), high(bar.count),
            part, high(part),
        )

    first_parts = [bar.count for bar in parts] or [0] * len(lines[0])
    laid_out = tuple(
        tuple(
            drawn(number, bar, first_parts[number] if place == 0 else 0)
            for number, bar in enumerate(line) if bar.count
        )
        for place, line in enumerate(lines)
    )
    return Lines(laid_out, _ticks(lines[0], slot), unit(lines[0]), height)


def _ticks(bars: Sequence[Bar], slot: float) -> tuple[Tick, ...]:
    """From left to right, none too near its neighbour or the right edge; over years of months, at each January."""
    januaries = [number for number, bar in enumerate(bars) if bar.start.month == 1 and bar.start.day == 1]
    places = januaries if unit(bars) == "month" and len(januaries) > 1 else range(len(bars))
    ticks: list[Tick] = []
    for number in places:
        x = round(number * slot, 3)
        if x <= 100 - TICK_GAP / 2 and (not ticks or x - ticks[-1].x >= TICK_GAP):
            ticks.append(Tick(bars[number].start, x, late=len(ticks) % 2 == 1 and slot * len(bars) > 50))
    return tuple(ticks)
