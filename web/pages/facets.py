"""The facets of a search, ready to draw: a page has hundreds of values, each with a link to choose and one to exclude.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from search.query import steps
from search.query.model import Request
from search.results import FACETS, VALUES_SHOWN, FacetValue, ResultPage
from web.links import Links
from web.markup import said
from web.pages import cards
from web.words import _, language, ngettext

SHOWN_VALUES = 10
MORE_VALUES = VALUES_SHOWN - SHOWN_VALUES
"""Of a facet: values in view, and behind "more". What is rarer is on a page of its own."""

_BORDER = "\n"


class ChosenLink(NamedTuple):
    """A value that is chosen or excluded, as the template fills it in; its link takes that away.

    label: as `markup.said` has it. number, unit: how many articles: 1,234 and 件.
    """

    url: str
    label: str
    number: str
    unit: str


class FacetLink(NamedTuple):
    """A value to choose, as the template fills it in: a page has hundreds.

    exclude_url: without the articles that have it; exclude: what a screen reader says of that.
    """

    url: str
    label: str
    number: str
    unit: str
    exclude_url: str
    exclude: str


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """chosen, excluded: their links take them away. size: how many values there are. all_url: the page of them all."""

    name: str
    title: str
    chosen: tuple[ChosenLink, ...]
    excluded: tuple[ChosenLink, ...]
    first: tuple[FacetLink, ...]
    more: tuple[FacetLink, ...]
    size: int
    all_url: str
    form_url: str

    @property
    def hidden(self) -> int:
        """Values that are not in view at first."""
        return self.size - len(self.chosen) - len(self.excluded) - len(self.first)

    @property
    def is_whole(self) -> bool:
        """Whether every value is listed."""
        return self.hidden <= len(self.more)


def facets(result: ResultPage, request: Request, links: Links) -> tuple[FacetGroup, ...]:
    """Every facet that has values."""
    return tuple(_group(name, result, links, request) for name in FACETS if result.facets.get(name))


def _group(name: str, result: ResultPage, links: Links, request: Request) -> FacetGroup:
    values = result.facets[name]
    if name == "year":  # in order of time; "none" is after every number turned around
        values = tuple(sorted(values, key=lambda v: (v.value.isdigit(), v.value), reverse=True))
    drawn = Drawing(name, request, links)
    chosen = tuple(drawn.in_force(value) for value in values if value.selected)
    excluded = tuple(drawn.in_force(value) for value in values if value.excluded and not value.selected)
    others = [value for value in values if not value.selected and not value.excluded]
    shown = max(0, SHOWN_VALUES - len(chosen) - len(excluded))
    return FacetGroup(
        name, cards.kind_name(name), chosen, excluded,
        tuple(drawn.to_choose(value) for value in others[:shown]),
        tuple(drawn.to_choose(value) for value in others[shown : shown + MORE_VALUES]),
        max(result.facet_sizes.get(name, 0), len(values)),
        links.values(request, name), links.values_path(name),
    )


class Drawing:
    """Makes the links of the values of one facet, which lead to a search."""

    def __init__(self, facet: str, request: Request, links: Links) -> None:
        self._facet = facet
        self._request = request
        self._links = links
        self._adding, self._excluding = links.adding(request, facet), links.excluding(request, facet)
        self._is_foreign = language() != "ja"
        self._units = ngettext("article", "articles", 1), ngettext("article", "articles", 2)
        self._before, self._after = _("Exclude %(value)s", value=_BORDER).split(_BORDER)

    def in_force(self, value: FacetValue) -> ChosenLink:
        """Of a value that is chosen or excluded."""
        away = self._links.search(steps.without_value(self._request, self._facet, value.value))
        return ChosenLink(away, self._shown(self._label(value)), f"{value.count:,}", self._units[value.count != 1])

    def to_choose(self, value: FacetValue) -> FacetLink:
        """Of any other."""
        label = self._label(value)
        return FacetLink(
            self._adding(value.value), self._shown(label), f"{value.count:,}", self._units[value.count != 1],
            self._excluding(value.value), f"{self._before}{label}{self._after}",
        )

    def _label(self, value: FacetValue) -> str:
        return cards.value_name(self._facet, value.value, value.label)

    def _shown(self, label: str) -> str:
        return said(label) if self._is_foreign else label
