"""What the pages of entities and topics count, compared with searches for the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from search.library import Library
from search.name_views import newest_of
from search.query.model import Request
from search.results import ResultPage

ENTITIES = [("person", "sergey-lavrov"), ("country", "CN"), ("country", "RU"), ("organization", "united-nations")]
TOPICS = ["ukraine-peace-talks", "gaza-ceasefire", "us-china-relations"]


def ask(library: Library, **request: Any) -> ResultPage:
    return library.search(Request(**{"size": 100, **request}))


def ids(page: ResultPage) -> list[str]:
    return [hit.id for hit in page.hits]


@pytest.mark.parametrize(("kind", "entity"), ENTITIES)
def test_articles_about_an_entity_are_told_from_those_that_only_mention_it(
    library: Library, kind: str, entity: str
) -> None:
    view = library.entity(entity, "ja")
    own = {kind: (entity,)}
    about = ask(library, filters=own, about=True, sort="newest")
    assert view.about_total == about.total
    assert [hit.id for hit in view.about] == ids(about)[:10]
    every = ids(ask(library, filters=own, sort="newest"))
    assert [hit.id for hit in view.mentioned] == [i for i in every if i not in ids(about)][:10]
    assert [hit.id for hit in newest_of(view.about, view.mentioned)] == every[:10]
    assert [(bar.start, bar.end) for bar in view.about_histogram] == [
        (bar.start, bar.end) for bar in view.profile.histogram
    ]
    assert sum(bar.count for bar in view.about_histogram) == sum(hit.published is not None for hit in about.hits)


def test_some_entity_of_the_sample_has_articles_of_both_sorts(library: Library) -> None:
    views = [library.entity(entity, "ja") for _, entity in ENTITIES]
    assert any(view.about and view.mentioned for view in views)


@pytest.mark.parametrize("facet", ["desk", "source"])
@pytest.mark.parametrize(("kind", "entity"), ENTITIES)
def test_each_bar_of_the_coverage_is_what_a_search_finds_there(
    library: Library, kind: str, entity: str, facet: str
) -> None:
    profile = library.entity(entity, "ja").profile
    for series in profile.coverage[facet]:
        for bar in series.bars:
            days = {"since": bar.start, "until": bar.end - timedelta(1)}
            narrowed = {facet: (series.value,)} if series.value else {}
            found = ask(library, filters={kind: (entity,), **narrowed}, **days).total
            named = {v for s in profile.coverage[facet] if (v := s.value)}
            others = 0 if series.value else sum(
                ask(library, filters={kind: (entity,), facet: (value,)}, **days).total for value in named
            )
            assert bar.count == found - others


def test_the_coverage_of_a_country_shows_how_it_moved_between_desks(library: Library) -> None:
    coverage = library.entity("CN", "ja").profile.coverage["desk"]
    assert len(coverage) > 1
    assert len({tuple((bar.start, bar.end) for bar in series.bars) for series in coverage}) == 1


@pytest.mark.parametrize("topic", TOPICS)
def test_the_first_and_the_newest_article_of_a_topic_are_the_ends_of_its_search(library: Library, topic: str) -> None:
    profile = library.topic(topic, "ja").profile
    dated = [hit.id for hit in ask(library, filters={"topic": (topic,)}, sort="oldest").hits if hit.published]
    assert profile.first
    assert profile.last
    newest = ids(ask(library, filters={"topic": (topic,)}, sort="newest"))
    assert [profile.first.article_id, profile.last.article_id] == [dated[0], newest[0]]


@pytest.mark.parametrize("topic", TOPICS)
def test_every_member_of_a_topic_shows_which_words_put_it_there(library: Library, topic: str) -> None:
    view = library.topic(topic, "ja")
    assert view.newest
    for member in (*view.strongest, *view.newest):
        article = library.archive.get(member.hit.id).article
        text = "\n".join(part.text for part in article.parts())
        assert member.evidence
        for word, times in member.evidence:
            assert 0 < times <= text.count(word)
        assert [times for _, times in member.evidence] == sorted((n for _, n in member.evidence), reverse=True)


def test_the_evidence_names_the_words_as_the_article_has_them(library: Library) -> None:
    words = {word for member in library.topic("ukraine-peace-talks", "ja").newest for word, _ in member.evidence}
    assert "ウクライナ" in words
    assert words & {"和平", "停戦", "和平交渉", "和平案"}


def test_the_strongest_articles_of_a_topic_are_those_of_its_search_by_relevance(library: Library) -> None:
    view = library.topic("ukraine-peace-talks", "ja")
    scores = [member.hit.score for member in view.strongest]
    assert scores == sorted(scores, reverse=True)
    assert {member.hit.id for member in view.strongest} <= set(
        ids(ask(library, filters={"topic": ("ukraine-peace-talks",)}))
    )


def test_an_entity_without_articles_has_an_empty_page(library: Library) -> None:
    unseen = library.entity("IS", "ja")
    assert (unseen.profile.total, unseen.about_total, unseen.profile.first, unseen.profile.coverage) == (
        0, 0, None, {"source": (), "desk": ()}
    )


def test_the_json_of_a_topic(library: Library) -> None:
    found = library.topic("ukraine-peace-talks", "ja").as_json()
    assert (found["id"], found["kind"], found["name"]) == ("ukraine-peace-talks", "topic", "ウクライナ和平交渉")
    assert set(found) == {
        "id", "kind", "name", "name_en", "query", "total", "first", "last", "histogram", "neighbours", "network",
        "desks", "sources", "topics", "coverage", "strongest", "newest",
    }
    assert found["newest"][0]["evidence"][0].keys() == {"text", "count"}
