"""How an entity is written and who stands beside it, compared with a plain look at every article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

import pytest

from search.articles import Entity, Mention
from search.company import LEAST_TOGETHER, MOST_DRAWN, MOST_TIES, Company
from search.engine import FACET_CONFIDENCE
from search.library import Library
from search.query.model import HasValue, Named, Request

ENTITIES = ["sergey-lavrov", "CN", "RU", "xi-jinping", "un"]


def articles(library: Library) -> Iterator[tuple[str, tuple[Mention, ...]]]:
    """Id and mentions of every article."""
    for hit in library.search(Request(size=100)).hits:
        analyzed = library.archive.analysis(hit.id, library.archive.get(hit.id).version, library.engine.info().analysis)
        assert analyzed
        yield hit.id, analyzed.mentions


@pytest.mark.parametrize("entity", ENTITIES)
def test_aliases_are_counted_and_dated(library: Library, entity: str) -> None:
    view = library.entity(entity, "ja")
    surfaces: Counter[str] = Counter()
    days: dict[str, list[str]] = {}
    for article_id, mentions in articles(library):
        published = library.archive.get(article_id).article.published
        for m in mentions:
            if library.registry.entity(m.entity_id).id == view.entity.id and not m.is_inferred:
                surfaces[m.surface] += 1
                if published:
                    days.setdefault(m.surface, []).append(published.at.isoformat())
    assert surfaces
    assert {a.surface: a.count for a in view.aliases} == surfaces
    assert [a.count for a in view.aliases] == sorted(surfaces.values(), reverse=True)
    for alias in view.aliases:
        seen = [one.published.at.isoformat() for one in (alias.first, alias.last) if one]
        dated = days.get(alias.surface, [])
        assert seen == ([min(dated), max(dated)] if dated else [])


@pytest.mark.parametrize("entity", ENTITIES)
@pytest.mark.parametrize(("often", "near"), [(0, 1), (0, 3), (2, 2), (0, 10_000)])
def test_where_the_ends_of_a_form_are_looked_for_makes_no_difference(
    library: Library, monkeypatch: pytest.MonkeyPatch, entity: str, often: int, near: int
) -> None:
    named = library.registry.entity(entity)
    of_all_articles = Company(library.archive, library.engine, library.registry).aliases(named)
    monkeypatch.setattr("search.company.OFTEN", often)
    monkeypatch.setattr("search.company.NEAR_AN_END", near)
    assert Company(library.archive, library.engine, library.registry).aliases(named) == of_all_articles


@pytest.mark.parametrize("entity", ["CN", "un", "xi-jinping"])
def test_only_persons_are_meant_by_words_that_are_no_name(library: Library, entity: str) -> None:
    """So that the written forms of all others are counted by the index alone."""
    kind = library.registry.entity(entity).kind
    assert library.archive.surfaces(entity, kind) == library.archive.surfaces(entity)
    inferred = [m for _, mentions in articles(library) for m in mentions if m.is_inferred]
    assert {library.registry.entity(m.entity_id).kind for m in inferred} == {"person"}


@pytest.mark.parametrize("entity", ENTITIES)
def test_neighbours_and_ties_are_counted_in_the_entity_s_articles(library: Library, entity: str) -> None:
    view = library.entity(entity, "ja")
    named = [
        {library.registry.entity(m.entity_id).id for m in mentions
         if m.confidence >= FACET_CONFIDENCE and not m.is_inferred}
        for _, mentions in articles(library)
    ]
    here = [ids for ids in named if view.entity.id in ids]
    company = view.profile.company
    assert len(here) == view.profile.total
    for neighbours in company.neighbours.values():
        for n in neighbours:
            assert n.count == sum(n.entity.id in ids for ids in here)
            assert n.entity.id != view.entity.id
    for tie in company.ties:
        assert tie.count == sum({tie.one, tie.other} <= ids for ids in here) >= LEAST_TOGETHER
    assert len(company.drawn) <= MOST_DRAWN
    assert len(company.ties) <= MOST_TIES
    drawn = [n.entity.id for n in company.drawn]
    assert {(t.one, t.other) for t in company.ties} <= set(combinations(drawn, 2))


def test_neighbours_are_in_order_of_association_with_chance_meetings_last(library: Library) -> None:
    for neighbours in library.entity("RU", "ja").profile.company.neighbours.values():
        order = [(n.count < LEAST_TOGETHER, -n.association) for n in neighbours]
        assert order == sorted(order)


def test_who_is_nowhere_named_for_sure_has_the_articles_that_may_name_it(library: Library) -> None:
    company = Company(library.archive, library.engine, library.registry)
    assert company.articles_of(Entity("person-nobody", "person", "誰か")) == Named("person-nobody")
    assert company.articles_of(library.registry.entity("CN")) == HasValue("country", "CN")


def test_desks_and_sources_are_those_that_a_search_counts(library: Library) -> None:
    view = library.entity("CN", "ja").profile
    page = library.search(Request(filters={"country": ("CN",)}))
    assert view.desks == page.facets["desk"]
    assert view.sources == page.facets["source"]
