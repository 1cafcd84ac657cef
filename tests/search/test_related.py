"""Which articles are on the matter of another one, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from double_engine import DoubleEngine

from indexer import upkeep
from search.archive import Archive
from search.articles import JST, Article, Published, Section, Topic
from search.errors import QueryTooHeavy
from search.library import Library
from search.query.model import Request
from search.related import SHOWN
from search.views import Related

STORIES = {
    "rain": [
        ("広島市で豪雨、土砂崩れ相次ぐ", "広島市安佐南区で豪雨による土砂崩れが相次ぎ、住宅が巻き込まれた。", 20),
        ("土砂崩れの捜索続く　広島市", "豪雨による土砂崩れの現場で、警察と消防が行方不明者の捜索を続けている。", 22),
        ("避難勧告の遅れを検証へ", "広島市は豪雨と土砂崩れで避難勧告が遅れた経緯を検証すると発表した。", 30),
    ],
    "talks": [
        ("中ロ外相が北京で会談", "ロシアのラブロフ外相は中国の王毅外相と会談し、停戦案を協議した。", 10),
        ("停戦案に双方が前向き", "ラブロフ外相と王毅外相の会談を受け、停戦案の協議が来週も続く。", 12),
    ],
    "chess": [
        ("将棋の名人戦が開幕", "将棋の名人戦第一局が始まり、挑戦者が先手番で矢倉を選んだ。", 5),
        ("名人戦、挑戦者が先勝", "将棋の名人戦第一局は挑戦者が矢倉の長い戦いを制した。", 6),
    ],
    "frog": [("新種の蛙を確認", "研究班は離島の沢で新種の蛙を見つけたと学会で報告した。", 15)],
}
"""Story -> its articles: title, text, day of August 2014."""

PEACE = Topic("peace", "停戦の協議", "停戦案")


def of(story: str, number: int) -> str:
    return f"{story}-{number}"


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    directory = tmp_path_factory.mktemp("stories") / "archive"
    articles = [
        Article(of(story, n), title, (Section(None, text),), Published(datetime(2014, 8, day, tzinfo=JST), "day"))
        for story, several in STORIES.items() for n, (title, text, day) in enumerate(several)
    ]
    articles += [
        # The same words a year later, a week later and on no day.
        Article(of("chess", 7), *_as("chess", 0), Published(datetime(2015, 8, 5, tzinfo=JST), "day")),
        Article(of("chess", 8), *_as("chess", 0), Published(datetime(2014, 8, 5, tzinfo=JST) + timedelta(7), "day")),
        Article(of("chess", 9), *_as("chess", 0)),
    ]
    with Archive.open(directory, create=True) as archive:
        with archive.transaction():
            archive.put_topics([PEACE])
            for article in articles:
                archive.put(article)
        upkeep.ensure_index(archive, None, workers=1, say=pytest.fail)
    with Library.open(directory) as opened:
        yield opened


def _as(story: str, number: int) -> tuple[str, tuple[Section, ...]]:
    title, text, _ = STORIES[story][number]
    return title, (Section(None, text),)


def related(library: Library, article_id: str) -> tuple[Related, ...]:
    return library.article(article_id, Request()).related


def ids(found: tuple[Related, ...]) -> list[str]:
    return [one.article.id for one in found]


@pytest.mark.parametrize(("article_id", "like"), [
    ("rain-0", {"rain-1", "rain-2"}),
    ("rain-1", {"rain-0", "rain-2"}),
    ("rain-2", {"rain-0", "rain-1"}),
    ("talks-0", {"talks-1"}),
    ("talks-1", {"talks-0"}),
    ("chess-1", {"chess-0", "chess-7", "chess-8", "chess-9"}),
    ("frog-0", set()),
])
def test_articles_of_one_story_find_each_other_and_no_others(
    stories: Library, article_id: str, like: set[str]
) -> None:
    assert set(ids(related(stories, article_id))) == like


def test_of_equally_like_articles_the_one_nearest_in_time_comes_first_and_one_without_a_date_last(
    stories: Library
) -> None:
    assert [i for i in ids(related(stories, "chess-0")) if i != "chess-1"] == ["chess-8", "chess-7", "chess-9"]
    assert {round(one.likeness, 2) for one in related(stories, "chess-0")} >= {1.0}


def test_names_topics_and_words_that_both_have_are_told(stories: Library) -> None:
    (one,) = related(stories, "talks-0")
    assert {"セルゲイ・ラブロフ", "王毅"} <= {entity.name for entity in one.names}
    assert one.topics == (PEACE,)
    assert {"停戦", "協議"} <= set(one.words)
    assert not {"ラブロフ", "王毅"} & set(one.words)


def test_words_are_put_together_only_where_both_have_them_so(stories: Library) -> None:
    told = {one.article.id: one.words for one in related(stories, "rain-0")}
    assert "土砂崩れ" in told["rain-2"]
    for article_id, words in told.items():
        text = "\n".join(part.text for part in stories.archive.get(article_id).article.parts())
        assert [word for word in words if word not in text] == []


def test_reasons_hold_in_every_article_of_the_sample_archive(library: Library) -> None:
    """Compared with a plain look at both articles: it has two names or words in common, itself and copies are out."""
    for hit in library.search(Request(size=100)).hits:
        view = library.article(hit.id, Request())
        named = _entities(library, hit.id)
        text = "\n".join(part.text for part in view.article.parts())
        assert len(view.related) <= SHOWN
        assert not {hit.id, *(copy.id for copy in view.copies)} & set(ids(view.related))
        for one in view.related:
            assert {entity.id for entity in one.names} <= named & _entities(library, one.article.id)
            assert [word for word in one.words if word not in text] == []
            assert one.names or one.words
            assert set(one.topics) <= set(view.topics)
            assert set(one.topics) <= set(library.article(one.article.id, Request()).topics)


def _entities(library: Library, article_id: str) -> set[str]:
    analyzed = library.archive.analysis(article_id, library.archive.get(article_id).version)
    assert analyzed
    return {library.registry.entity(mention.entity_id).id for mention in analyzed.mentions}


def test_where_it_takes_too_long_there_are_none(stories: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    finder = stories._finder
    article = stories.archive.get("rain-0").article
    analyzed = stories.archive.analysis("rain-0", 1)
    assert finder.related(article, analyzed)
    monkeypatch.setattr(finder, "_engine", DoubleEngine(QueryTooHeavy("…")))
    assert finder.related(article, analyzed) == ()


def test_of_an_article_of_which_nothing_was_derived_there_are_none(stories: Library) -> None:
    assert stories._finder.related(stories.archive.get("rain-0").article, None) == ()
