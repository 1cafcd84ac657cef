"""What the page of several names or topics side by side shows, ready to draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.comparing import (
    DIFFERING,
    LEAST_COMPARED,
    MOST_COMPARED,
    Compared,
    Comparison,
    Subject,
)
from search.query.model import Request
from web.links import Links
from web.pages import cards
from web.pages.cards import FACET_OF_KIND, HitCard, Link
from web.pages.lines import ChartCard, Line, chart_card
from web.pages.profile import SeenCard, seen_card, with_one_more
from web.params import Asked
from web.words import _, one_of_kind

LINE_PX = 52
VALUES_SHOWN = 8
"""Of a facet, in the table of differences."""


@dataclass(frozen=True, slots=True)
class SubjectCard:
    """number: of its line and pattern, from 1. url: its own page. without_url: the comparison without it."""

    label: str
    kind: str
    number: int
    url: str
    without_url: str
    search_url: str
    total: int
    about: int | None
    first: SeenCard | None
    last: SeenCard | None


@dataclass(frozen=True, slots=True)
class Share:
    """Articles of one subject with one value. percent: of all that have any value. url: the search for them."""

    count: int
    percent: int
    url: str


@dataclass(frozen=True, slots=True)
class SharedRow:
    """Who belongs to the articles of each; counts: (articles, the search for them) in the order of the subjects."""

    label: str
    url: str
    counts: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class ComparePage:
    """hidden: parameters that the form keeps. pairs: of any two, with their articles counted, if there are more than
    two subjects. together: all of them. tables: (title, rows of (value, a share for each subject)).
    """

    subjects: tuple[SubjectCard, ...]
    hidden: tuple[tuple[str, str], ...]
    since: str
    until: str
    can_add: bool
    notes: tuple[str, ...]
    chart: ChartCard | None
    pairs: tuple[Link, ...]
    together: Link | None
    newest: tuple[HitCard, ...]
    shared: tuple[SharedRow, ...]
    tables: tuple[tuple[str, tuple[tuple[str, tuple[Share, ...]], ...]], ...]
    offered: tuple[Link, ...]
    json_url: str


def compare_page(found: Comparison, asked: Asked, links: Links) -> ComparePage:
    request = asked.request
    bare = Request(since=found.since, until=found.until, language=request.language)
    subjects = [one.subject for one in found.compared]
    ids = [subject.id for subject in subjects]
    searches = [search_for_all([subject], bare) for subject in subjects]

    def addressed(names: Sequence[str]) -> str:
        return links.compare(names, found.since, found.until)

    return ComparePage(
        subjects=tuple(
            SubjectCard(
                one.subject.label(request.language), one_of_kind(one.subject.kind), number,
                _own_page(one.subject, links), addressed([i for i in ids if i != one.subject.id]), links.search(search),
                one.total, one.about, seen_card(one.first, search, links), seen_card(one.last, search, links),
            )
            for number, (one, search) in enumerate(zip(found.compared, searches, strict=True), start=1)
        ),
        hidden=(*(("of", i) for i in ids), *([("lang", links.lang)] if links.lang else [])),
        since=found.since.isoformat() if found.since else "",
        until=found.until.isoformat() if found.until else "",
        can_add=len(ids) < MOST_COMPARED,
        notes=_notes(found),
        chart=chart_card(
            [Line(one.subject.label(request.language), links.search(search), one.total, one.bars,
                  links.spanning(search))
             for one, search in zip(found.compared, searches, strict=True)],
            LINE_PX, request.language,
        ) if found.compared else None,
        pairs=tuple(
            _together([subjects[pair.one], subjects[pair.other]], pair.count, bare, links) for pair in found.pairs
        ) if len(ids) > LEAST_COMPARED else (),
        together=_together(subjects, found.together, bare, links) if len(ids) >= LEAST_COMPARED else None,
        newest=cards.hit_cards(found.newest, links, search_for_all(subjects, bare)),
        shared=tuple(
            SharedRow(
                shared.entity.label(request.language), links.entity(shared.entity.id),
                tuple(
                    (count, links.search(with_one_more(
                        search, FACET_OF_KIND.get(shared.entity.kind), shared.entity.id, shared.written
                    )))
                    for count, search in zip(shared.counts, searches, strict=True)
                ),
            )
            for shared in found.shared
        ),
        tables=tuple(
            (cards.kind_name(facet), rows) for facet in DIFFERING if (rows := _rows(facet, found, searches, links))
        ) if len(ids) >= LEAST_COMPARED else (),
        offered=tuple(Link(e.label(request.language), addressed([*ids, e.id])) for e in found.offered),
        json_url=links.compare(ids, found.since, found.until, "json"),
    )


def search_for_all(subjects: Sequence[Subject], within: Request) -> Request:
    """The search for the articles that have all of them."""
    for subject in subjects:
        facet = "topic" if subject.kind == "topic" else FACET_OF_KIND.get(subject.kind)
        value = subject.id.removeprefix("topic:") if facet == "topic" else subject.id
        within = with_one_more(within, facet, value, subject.written)
    return within


def _own_page(subject: Subject, links: Links) -> str:
    if subject.kind == "topic":
        return links.topic(subject.id.removeprefix("topic:"))
    return links.entity(subject.id)


def _together(subjects: Sequence[Subject], count: int, bare: Request, links: Links) -> Link:
    names = _(" and ").join(subject.label(bare.language) for subject in subjects)
    return Link(names, links.search(search_for_all(subjects, bare)), count)


def _rows(
    facet: str, found: Comparison, searches: Sequence[Request], links: Links
) -> tuple[tuple[str, tuple[Share, ...]], ...]:
    """The values that are the largest part of any subject's articles first."""
    sums = [max(1, sum(one.counts[facet].values())) for one in found.compared]

    def part(one: Compared, value: str, of: int) -> float:
        return one.counts[facet].get(value, 0) / of

    parts = {
        value: max(part(one, value, of) for one, of in zip(found.compared, sums, strict=True))
        for one in found.compared for value in one.counts[facet]
    }
    ranked = sorted(parts, key=lambda value: (-parts[value], value))[:VALUES_SHOWN]
    adding = [links.adding(search, facet) for search in searches]
    return tuple(
        (value, tuple(
            Share(one.counts[facet].get(value, 0), round(100 * part(one, value, of)), add(value))
            for one, of, add in zip(found.compared, sums, adding, strict=True)
        ))
        for value in ranked
    )


def _notes(found: Comparison) -> tuple[str, ...]:
    notes = [_("The archive knows no “%(name)s”, so it was left out.", name=name) for name in found.unknown]
    if found.left_out:
        notes.append(_("At most %(most)s can be compared; these were left out: %(names)s.",
                       most=MOST_COMPARED, names=_(", ").join(found.left_out)))
    if len(found.compared) < LEAST_COMPARED:
        notes.append(_("Give two to four persons, countries, organizations, places or topics to compare."))
    return tuple(notes)
