"""The articles of a page, read together."""

from __future__ import annotations

import pytest

from indexer import upkeep
from search import batches
from search.archive import Archive
from search.articles import Article, Section
from search.errors import NotFound
from search.japanese.tokens import analysis_version


def article(number: int, text: str) -> Article:
    return Article(f"a{number}", "会談", (Section(None, text),))


@pytest.fixture
def small(archive: Archive) -> Archive:
    with archive.transaction():
        for number in range(600):
            talks = f"中国の王毅外相が{number}回目の会談をした。中国は歓迎した。"
            archive.put(article(number, talks if number % 2 else "雨が降った。"))
    upkeep.ensure_index(archive, None, workers=1, say=pytest.fail)
    with archive.transaction():
        archive.put(article(1, "まったく別の文。"))
        archive.remove("a3")
    return archive


def test_articles_come_in_the_order_and_the_versions_asked_for(small: Archive) -> None:
    wanted = [("a5", 1), ("a1", 1), ("a0", 1), ("a3", 1)]
    found = batches.read(small, wanted, analysis_version())
    assert [one.article for one in found] == [small.get(*one).article for one in wanted]
    assert found[1].article.sections[0].text.startswith("中国")        # not the newest version
    for one, (article_id, version) in zip(found, wanted, strict=True):
        kept = small.analysis(article_id, version)
        places = one.places()
        assert kept
        assert places
        assert places.starts.tolist() == kept.tokens.starts.tolist()


def test_names_come_the_most_mentioned_first(small: Archive) -> None:
    (one, nobody) = batches.read(small, [("a5", 1), ("a0", 1)], analysis_version())
    assert (list(one.named["country"]), list(one.named["person"])) == (["CN"], ["wang-yi"])
    assert [list(ids) for ids in nobody.named.values()] == [[]] * len(nobody.named)


def test_a_page_may_have_more_articles_than_a_statement_takes(small: Archive) -> None:
    wanted = [(f"a{number}", 1) for number in reversed(range(600))]
    assert [one.article.id for one in batches.read(small, wanted, analysis_version())] == [i for i, _ in wanted]
    assert batches.read(small, [], analysis_version()) == []


def test_nothing_is_known_of_an_analysis_by_others(small: Archive) -> None:
    (one,) = batches.read(small, [("a5", 1)], "another version")
    assert (one.article.id, one.places(), dict(one.named)) == ("a5", None, {})


@pytest.mark.parametrize("wanted", [("nobody", 1), ("a5", 2)])
def test_an_article_or_a_version_that_is_not_there_is_not_found(small: Archive, wanted: tuple[str, int]) -> None:
    with pytest.raises(NotFound, match=wanted[0]):
        batches.read(small, [wanted], analysis_version())
