"""A row of small bars without an axis: how a count went over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

COLUMN_PX, GAP_PX, HEIGHT_PX = 3, 1, 24
LEAST_PX = 2
"""Of a bar: one article among hundreds is still seen."""


@dataclass(frozen=True, slots=True)
class Spark:
    """A bar, in px: its left edge, its top and its height. It is COLUMN_PX wide."""

    x: int
    y: int
    height: int


def sparkline(counts: Sequence[int]) -> list[Spark]:
    """A bar for each count that is not 0, the largest as high as the row; y grows downwards."""
    most = max(counts, default=0)
    found: list[Spark] = []
    for place, count in enumerate(counts):
        if count:
            height = max(LEAST_PX, round(HEIGHT_PX * count / most))
            found.append(Spark(place * (COLUMN_PX + GAP_PX), HEIGHT_PX - height, height))
    return found
