"""What all bars over time have in common."""

from __future__ import annotations

from collections.abc import Sequence

from search.results import Bar

FULL_HEIGHT_FROM = 4
"""Articles. One article on its own is a low bar: a tall one would look like many."""

WIDEST_SLOT = 10
"""Percent of the width. A single bar as wide as the page says nothing."""


def unit(bars: Sequence[Bar]) -> str:
    """What a bar spans, for wording: "year", "month" or "day"."""
    shortest = min((bar.end - bar.start).days for bar in bars)
    return "year" if shortest >= 365 else "month" if shortest >= 28 else "day"
