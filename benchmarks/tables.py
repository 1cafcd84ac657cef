"""Numbers as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; every column but the first is set to the right."""
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))


def mean(values: Sequence[float]) -> float:
    """0.0 for no values, which a table shows as it is."""
    return fmean(values) if values else 0.0


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that at least `percent` of them do not exceed; 0.0 for no values."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else 0.0


def milliseconds(seconds: Sequence[float], *percents: int) -> str:
    """`mean / p50 / p99` in ms, or other percentiles."""
    values = [mean(seconds), *(percentile(seconds, percent) for percent in percents or (50, 99))]
    return " / ".join(short(value * 1000) for value in values) if seconds else "–"


def times_as_fast(ours: Sequence[float], theirs: Sequence[float]) -> str:
    """`mean (p99)` of their times over ours: above 1, ours is faster."""
    if not ours or not theirs or not mean(ours) or not percentile(ours, 99):
        return "–"
    at_99 = percentile(theirs, 99) / percentile(ours, 99)
    return f"{short(mean(theirs) / mean(ours))} ({short(at_99)})"


def rate(count: float, seconds: float) -> str:
    """So many in a second."""
    return f"{count / seconds:,.0f}/s" if seconds else "–"


def ratio(one: float | None, other: float | None) -> str:
    """one / other."""
    return f"{one / other:.2f}" if one and other else "–"


def megabytes(size: float | None) -> str:
    """In millions of bytes."""
    return f"{size / 1e6:,.1f}" if size is not None else "–"


def short(value: float) -> str:
    """Three digits."""
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 10 else f"{value:,.1f}"
