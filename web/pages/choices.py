"""Rows of choices, of which one is the present one: order, size, pages, and whether copies stand together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from search.query.model import Request, Sort
from web import params
from web.links import Links
from web.words import _


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few: sort, size, page. label None stands for pages left out."""

    label: str | None
    url: str
    current: bool


def sorts(request: Request, links: Links) -> tuple[Choice, ...]:
    """Without words there is no relevance to sort by."""
    default: Sort = "relevance" if request.text else "newest"
    offered: list[tuple[Sort, str]] = [("newest", _("Newest")), ("oldest", _("Oldest"))]
    if request.text:
        offered.insert(0, ("relevance", _("Best match")))
    now = request.sort or default
    if now not in dict(offered):
        now = default
    return tuple(
        Choice(label, links.search(replace(request, sort=None if sort == default else sort, page=1)), sort == now)
        for sort, label in offered
    )


def scopes(request: Request, links: Links) -> tuple[Choice, ...]:
    """Whether facets have all whom articles name, or those whom they are about."""
    return tuple(
        Choice(label, links.search(replace(request, about=about, page=1)), about == request.about)
        for about, label in ((False, _("All names")), (True, _("Main subjects only")))
    )


def sizes(request: Request, links: Links) -> tuple[Choice, ...]:
    """Articles a page."""
    return tuple(
        Choice(str(size), links.search(replace(request, size=size, page=1)), size == request.size)
        for size in params.SIZES
    )


def folding(request: Request, links: Links) -> tuple[Choice, ...]:
    """Whether copies of an article are listed with it."""
    return tuple(
        Choice(label, replace(links, folds=folds).search(request), folds == links.folds)
        for folds, label in ((True, _("Copies together")), (False, _("Each by itself")))
    )


def pages(now: int, last: int, url_of: Callable[[int], str]) -> tuple[Choice, ...]:
    """The first page, the last, and those around this one; empty if there is only one."""
    if last <= 1:
        return ()
    wanted = sorted({1, last, *range(max(1, now - 2), min(last, now + 2) + 1)})
    choices: list[Choice] = []
    for before, number in zip([0, *wanted], wanted, strict=False):
        if number > before + 1:
            choices.append(Choice(None, "", False))
        choices.append(Choice(str(number), url_of(number), number == now))
    return tuple(choices)
