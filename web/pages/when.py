"""When the articles of a search were published: a histogram by year, month or day, and the way to wider spans."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from search.dates import days_of
from search.query import steps
from search.query.model import Request
from search.results import ResultPage, Unit
from web.drawing.histogram import MAX_BARS
from web.links import Links
from web.pages import cards
from web.pages.cards import HistogramCard, Link
from web.pages.choices import Choice
from web.words import _


@dataclass(frozen=True, slots=True)
class When:
    """since, until: as the fields have them. hidden: what their form keeps of the rest (name, value).

    units: what the bars may span; empty where there is no choice. wider: the next wider span. note: a plain sentence,
    "" where there is none.
    """

    histogram: HistogramCard | None
    units: tuple[Choice, ...]
    wider: Link | None
    since: str
    until: str
    hidden: tuple[tuple[str, str], ...]
    note: str

    def __bool__(self) -> bool:
        return bool(self.histogram or self.since or self.until)


def when(result: ResultPage, request: Request, links: Links) -> When:
    """What the page says about dates."""
    kept = links.pairs(replace(request, page=1, by=None))
    return When(
        cards.histogram_card(result.histogram, links, request),
        _units(result, request, links),
        _wider(request, links),
        request.since.isoformat() if request.since else "",
        request.until.isoformat() if request.until else "",
        tuple(pair for pair in kept if pair[0] not in ("from", "to")),
        _note(result, request),
    )


def unit_of(result: ResultPage) -> Unit | None:
    """What a bar of the histogram spans; None without bars."""
    if not result.histogram:
        return None
    # The calendar ends within the last year: one bar alone may be short, two are not.
    days = max((bar.end - bar.start).days for bar in result.histogram)
    return "day" if days < 28 else "month" if days < 365 else "year"


def _units(result: ResultPage, request: Request, links: Links) -> tuple[Choice, ...]:
    if len(result.histogram_units) < 2:
        return ()
    names: dict[Unit, str] = {"year": _("By year"), "month": _("By month"), "day": _("By day")}
    now = unit_of(result)
    return tuple(
        Choice(names[unit], links.search(replace(request, by=unit, page=1)), unit == now)
        for unit in result.histogram_units
    )


def _note(result: ResultPage, request: Request) -> str:
    """Said where bars do not span what they look like, or what was asked for."""
    if len(result.histogram) > MAX_BARS:
        years = -(-len(result.histogram) // MAX_BARS)
        return _("Each bar stands for %(years)s years.", years=years)
    if request.by and result.histogram_units and request.by not in result.histogram_units:
        return _("There would be too many or too few bars, so the dates are shown otherwise.")
    return ""


def _wider(request: Request, links: Links) -> Link | None:
    """From a day to its month, from there to its year, and from there to all; None where there is no span."""
    if not request.since and not request.until:
        return None
    since, until = wider_span(request.since, request.until)
    label = cards.span_name(since, until, request.language) if since and until else _("all dates")
    return Link(label, links.search(steps.with_span(request, since, until)))


def wider_span(since: date | None, until: date | None) -> tuple[date | None, date | None]:
    """The month or year that holds the days and more; (None, None) where neither does."""
    if since and until and since <= until:
        for whole in ("month", "year"):
            span = days_of(since, whole=whole)
            if span[0] <= since and until <= span[1] and span != (since, until):
                return span
    return None, None
