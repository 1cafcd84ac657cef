"""Other requests that may find something where one finds nothing, beside those with one condition less."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from search.query.model import Request

WayOut = Literal["any date", "all forms", "as typed"]


def ways_out(request: Request) -> dict[WayOut, Request]:
    """From any time, where several conditions are about that; with other forms of the words, or without them."""
    found: dict[WayOut, Request] = {}
    about_time = [*filter(None, (request.since, request.until)), *request.filters.get("year", ())]
    about_time += request.excluded.get("year", ())
    if len(about_time) > 1:
        filters, excluded = (
            {name: values for name, values in chosen.items() if name != "year"}
            for chosen in (request.filters, request.excluded)
        )
        found["any date"] = replace(request, since=None, until=None, filters=filters, excluded=excluded, page=1)
    if not request.text.strip():
        return found
    if request.as_typed or request.off:
        found["all forms"] = replace(request, as_typed=False, off=(), page=1)
    if not request.as_typed:
        found["as typed"] = replace(request, as_typed=True, page=1)
    return found
