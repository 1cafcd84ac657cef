"""The conditions of a search as chips, each of which takes itself away, and the ways out where nothing is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from search.query.model import Request
from search.query.ways_out import WayOut, ways_out
from search.results import FACETS, Condition, ResultPage
from web import params
from web.dates import written_day
from web.pages import cards, understood
from web.pages.cards import Link
from web.params import Links
from web.words import _


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition; its link takes it away. total_without: articles there would be then, where counted."""

    kind: str
    label: str
    url: str
    total_without: int | None = None
    excludes: bool = False


def as_indexed(request: Request, conditions: Iterable[Condition]) -> Request:
    """`request` with the values of facets as the index has them: person=習近平 in an address may be person-17 there."""
    filters: dict[str, tuple[str, ...]] = {}
    excluded: dict[str, tuple[str, ...]] = {}
    for one in conditions:
        if one.facet in FACETS:
            values = excluded if one.excludes else filters
            values[one.facet] = (*values.get(one.facet, ()), one.value)
    return replace(request, filters=filters, excluded=excluded)


def chips(
    conditions: Iterable[Condition], request: Request, url_of: Callable[[Request], str],
    result: ResultPage | None = None,
) -> tuple[Chip, ...]:
    """One for each condition. result: what is known of the forms that are switched off."""
    return tuple(_chip(condition, request, url_of, result) for condition in conditions)


def _chip(
    condition: Condition, request: Request, url_of: Callable[[Request], str], result: ResultPage | None
) -> Chip:
    label = cards.value_name(condition.facet, condition.value, condition.label)
    if condition.facet == "from" and request.since:
        label = written_day(request.since, request.language)
    elif condition.facet == "to" and request.until:
        label = written_day(request.until, request.language)
    rest = params.without(request, condition.facet, condition.value)
    if condition.facet == "q" and result:
        rest = replace(rest, off=understood.still_off(result, request, rest.text))
    kind = cards.kind_name(condition.facet)
    if condition.excludes:
        kind = _("not %(kind)s", kind=kind)
    return Chip(kind, label, url_of(rest), condition.total_without, condition.excludes)


def fewer(result: ResultPage, all_chips: Sequence[Chip]) -> tuple[Chip, ...]:
    """Those that tell how many articles there would be without, where there are several conditions and none has all."""
    if result.total or len(all_chips) < 2:
        return ()
    return tuple(chip for chip in all_chips if chip.total_without)


def other_ways(result: ResultPage, request: Request, links: Links) -> tuple[Link, ...]:
    """Other searches that find something where this one finds nothing."""
    names: dict[WayOut, str] = {
        "any date": _("From any time"),
        "all forms": _("With all spellings and synonyms"),
        "as typed": _("Only as typed"),
    }
    requests = ways_out(request)
    return tuple(
        Link(names[way], links.search(requests[way]), result.ways_out[way])
        for way in names if way in requests and result.ways_out.get(way)
    )
