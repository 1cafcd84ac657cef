"""The conditions of a search as chips, each of which takes itself away, and the ways out where nothing is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from search.query import steps
from search.query.model import Request
from search.query.ways_out import WayOut, ways_out
from search.results import FACETS, Condition, ResultPage
from web.dates import written_day
from web.links import Links
from web.pages import cards, understood
from web.pages.cards import Link
from web.words import _

PAIRS_SHOWN = 5
"""Of two conditions to take away at once."""


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
    kind = cards.kind_name(condition.facet)
    if condition.excludes:
        kind = _("not %(kind)s", kind=kind)
    return Chip(kind, label, url_of(_rest(request, condition, result)), condition.total_without, condition.excludes)


def other_ways(
    result: ResultPage, request: Request, all_chips: Sequence[Chip], links: Links
) -> tuple[Link, ...]:
    """Other searches, each with what it finds, where this one finds nothing; all_chips: of `result.conditions`."""
    if result.total:
        return ()
    names: dict[WayOut, str] = {
        "any date": _("From any time"),
        "all forms": _("With all spellings and synonyms"),
        "as typed": _("Only as typed"),
    }
    requests = ways_out(request)
    return (
        *(Link(names[way], links.search(requests[way]), result.ways_out[way])
          for way in names if way in requests and result.ways_out.get(way)),
        *(Link(_without([chip]), chip.url, chip.total_without) for chip in all_chips if chip.total_without),
        *(_without_two(all_chips, request, result, pair, links) for pair in result.without_two[:PAIRS_SHOWN]),
    )


def stuck(all_chips: Sequence[Chip]) -> str:
    """What to say where one condition less finds nothing, whichever it is; "" anywhere else."""
    if len(all_chips) > 1 and all(chip.total_without == 0 for chip in all_chips):
        return _("Nothing is found whichever condition is removed.")
    return ""


def _without(several: Iterable[Chip]) -> str:
    named = _(" and ").join(f"{chip.kind}{_(': ')}{chip.label}" for chip in several)
    return _("without %(condition)s", condition=named)


def _without_two(
    all_chips: Sequence[Chip], request: Request, result: ResultPage, pair: tuple[int, int, int], links: Links
) -> Link:
    *places, count = pair
    rest = request
    for place in places:
        rest = _rest(rest, result.conditions[place], result)
    return Link(_without(all_chips[place] for place in places), links.search(rest), count)


def _rest(request: Request, condition: Condition, result: ResultPage | None) -> Request:
    """The search without the condition."""
    rest = steps.without(request, condition.facet, condition.value)
    if condition.facet == "q" and result:
        rest = replace(rest, off=understood.still_off(result, request, rest.text))
    return rest
