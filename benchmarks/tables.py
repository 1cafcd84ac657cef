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


def milliseconds(seconds: Sequence[float]) -> list[str]:
    """mean, p50 and p95 in ms."""
    return [_short(value * 1000) for value in (mean(seconds), percentile(seconds, 50), percentile(seconds, 95))]


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> str:
    """Our mean time over theirs: above 1, the peer is faster."""
    return f"{mean(ours) / mean(theirs):.2f}" if theirs and mean(theirs) else "–"


def rate(count: float, seconds: float) -> str:
    return f"{count / seconds:,.0f}/s" if seconds else "–"


def _short(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"
