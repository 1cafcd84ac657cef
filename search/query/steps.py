"""One step from a request to the next, such as one more value of a facet: each begins again at page 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from search.query.model import Request
from search.query.parts import parts


def with_value(request: Request, facet: str, value: str) -> Request:
    """Choose one more value of a facet."""
    chosen = _plus(request.filters, facet, value)
    return replace(request, filters=chosen, excluded=_minus(request.excluded, facet, value), page=1)


def excluding(request: Request, facet: str, value: str) -> Request:
    """Exclude one more value of a facet."""
    excluded = _plus(request.excluded, facet, value)
    return replace(request, filters=_minus(request.filters, facet, value), excluded=excluded, page=1)


def without_value(request: Request, facet: str, value: str) -> Request:
    """Neither choose the value nor exclude it."""
    filters, excluded = (_minus(values, facet, value) for values in (request.filters, request.excluded))
    return replace(request, filters=filters, excluded=excluded, page=1)


def _plus(values: Mapping[str, tuple[str, ...]], facet: str, value: str) -> dict[str, tuple[str, ...]]:
    return {**values, facet: (*(v for v in values.get(facet, ()) if v != value), value)}


def _minus(values: Mapping[str, tuple[str, ...]], facet: str, value: str) -> dict[str, tuple[str, ...]]:
    left = {**values, facet: tuple(v for v in values.get(facet, ()) if v != value)}
    return {name: several for name, several in left.items() if several}


def without_part(request: Request, text: str) -> Request:
    """Take one part out of the query, as `query.parts` has it; all of the query if it has no such part.

    What is switched off stays so while there are words: which forms are whose is not known here.
    """
    rest = next((part.rest for part in parts(request.text) if part.text == text), "")
    off = tuple(value for value in request.off if rest and value != text)
    return replace(request, text=rest, off=off, sort=request.sort if rest else None, page=1)


def without(request: Request, facet: str, value: str) -> Request:
    """Take away one condition, named as `search.results.Condition` names it."""
    if facet == "q":
        return without_part(request, value)
    if facet == "from":
        return replace(request, since=None, page=1)
    if facet == "to":
        return replace(request, until=None, page=1)
    return without_value(request, facet, value)


def with_span(request: Request, since: date | None, until: date | None) -> Request:
    """Between two days; what the bars of the histogram span is no longer said, since there are fewer or more of them.
    """
    return replace(request, since=since, until=until, by=None, page=1)


def bare(request: Request) -> Request:
    """No condition at all; how the page is shown stays."""
    return Request(size=request.size, language=request.language)
