"""What the page of all values of one facet shows, ready to draw."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from search.facet_values import ORDERS, FacetValues, Order
from search.query.model import Request
from web import params
from web.links import Links
from web.pages import cards, choices
from web.pages.choices import Choice
from web.pages.conditions import Chip, as_indexed, chips
from web.pages.facets import ChosenLink, Drawing, FacetLink
from web.words import _, ngettext

MAX_FIND_CHARS = 100
"""Of what is looked for in names; none is longer."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address of the page asks for: values that fit `find`, in an order, a page of them from 1."""

    find: str = ""
    order: Order = "count"
    page: int = 1


def wanted_values(parameters: Mapping[str, str]) -> Wanted:
    """Read the parameters of an address; what cannot be used is left out."""
    order: Order = "name" if parameters.get("order") == "name" else "count"
    page = parameters.get("p", "")
    return Wanted(
        params.clean(parameters.get("find", ""))[:MAX_FIND_CHARS], order,
        max(1, int(page)) if re.fullmatch(r"[0-9]{1,6}", page) else 1,
    )


@dataclass(frozen=True, slots=True)
class ValuesPage:
    """heading: how many values there are, or fit. chosen, others: of this page, in their order.

    hidden: what the form keeps of the search (name, value). back_url: to the results of the search.
    """

    facet: str
    title: str
    heading: str
    find: str
    chips: tuple[Chip, ...]
    chosen: tuple[ChosenLink, ...]
    excluded: tuple[ChosenLink, ...]
    others: tuple[FacetLink, ...]
    orders: tuple[Choice, ...]
    pages: tuple[Choice, ...]
    nothing: str
    action: str
    hidden: tuple[tuple[str, str], ...]
    all_url: str
    back_url: str
    json_url: str


def values_page(found: FacetValues, wanted: Wanted, asked: Request, links: Links) -> ValuesPage:
    """Links of values lead back to the search, with the value chosen or excluded."""
    request = as_indexed(replace(asked, page=1), found.conditions)
    facet, title = found.facet, cards.kind_name(found.facet)

    def here(**other: str | int) -> str:
        step = {"find": wanted.find, "order": wanted.order, "page": 1, **other}
        return links.values(request, facet, **step)  # type: ignore[arg-type]

    drawn = Drawing(facet, request, links)
    return ValuesPage(
        facet, title, _heading(found, wanted), wanted.find,
        chips(found.conditions, request, _staying(facet, links)),
        tuple(drawn.in_force(value) for value in found.values if value.selected),
        tuple(drawn.in_force(value) for value in found.values if value.excluded and not value.selected),
        tuple(drawn.to_choose(value) for value in found.values if not value.selected and not value.excluded),
        tuple(Choice(name, here(order=order), order == wanted.order) for order, name in _orders().items()),
        choices.pages(found.page, found.pages, lambda page: here(page=page)),
        _nothing(found, wanted), links.values_path(facet),
        (*(() if wanted.order == "count" else (("order", wanted.order),)), *links.pairs(request)),
        here(find=""), links.search(request), here(form="json", page=wanted.page),
    )


def _staying(facet: str, links: Links) -> Callable[[Request], str]:
    """A condition less, on the same page."""
    return lambda request: links.values(request, facet)


def _orders() -> dict[Order, str]:
    return dict(zip(ORDERS, (_("Most articles first"), _("By name")), strict=True))


def _heading(found: FacetValues, wanted: Wanted) -> str:
    if wanted.find:
        return _("%(found)s of %(total)s", found=f"{found.found:,}", total=_count(found.total))
    return _count(found.total)


def _count(values: int) -> str:
    return ngettext("%(count)s value", "%(count)s values", values, count=f"{values:,}")


def _nothing(found: FacetValues, wanted: Wanted) -> str:
    """What to say where no value is on the page."""
    if found.values:
        return ""
    if found.found:
        return _("This page is past the end: there are %(values)s.", values=_count(found.found))
    if wanted.find and found.total:
        return _("Nothing here is called “%(find)s”.", find=wanted.find[:60])
    return _("The articles of this search have nothing here.")
