"""The sample archive that everyone sees first."""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer import pipeline, upkeep
from search.archive import Archive
from search.articles import Article
from search.library import Library
from search.query.model import Request

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
MINE = SEEDS / "000_9dfb955ff9d1b83b.txt"
SAMPLE_NEWSPAPER = "見本新聞"
TOPICS = tomllib.loads((SEEDS / "topics.toml").read_text(encoding="utf-8"))["topic"]


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("seeds") / "archive"


@pytest.fixture(scope="module")
def taken(directory: Path) -> list[pipeline.Taken]:
    with Archive.open(directory, create=True) as archive:
        found = list(pipeline.take_in(archive, [SEEDS]))
        upkeep.ensure_index(archive, None, workers=1, say=pytest.fail)
    return found


@pytest.fixture(scope="module")
def library(directory: Path, taken: list[pipeline.Taken]) -> Iterator[Library]:
    with Library.open(directory) as opened:
        yield opened


@pytest.fixture(scope="module")
def articles(library: Library, taken: list[pipeline.Taken]) -> dict[str, Article]:
    """Path below `seeds`, and for JSON Lines the line -> article."""
    found: dict[str, Article] = {}
    for one in taken:
        assert one.id is not None
        name = Path(one.where.path).relative_to(SEEDS).as_posix()
        found[f"{name}:{one.where.line or ''}".rstrip(":")] = library.archive.get(one.id).article
    return found


@pytest.fixture(scope="module")
def others(articles: dict[str, Article]) -> dict[str, Article]:
    return {path: article for path, article in articles.items() if path != MINE.name}


def test_the_users_article_is_word_for_word_as_it_came() -> None:
    digest = hashlib.sha256(MINE.read_bytes()).hexdigest()
    assert digest == "f362ce0749cfaf416f391ce256a1c9b23a00a3a7c305f159c82af626567caf01"


def test_nothing_is_rejected_or_there_twice(taken: list[pipeline.Taken]) -> None:
    assert [(one.outcome, one.reason) for one in taken] == [("added", None)] * len(taken)
    assert len({one.id for one in taken}) == len(taken) == 62


def test_the_users_article_has_its_sections_and_no_date(articles: dict[str, Article]) -> None:
    mine = articles[MINE.name]
    assert (mine.published, mine.source, mine.desk, mine.title_inferred) == (None, None, None, True)
    assert [section.heading for section in mine.sections] == [
        None, "孤立の中で絆を強める", "協力の歴史", "相互支援のしるし", "ロシアを排除する国際行事に反対",
        "ウクライナの平和的解決を求める", "中国とロシアの外交パートナーシップ", "緊密な交流を維持する", "結論",
    ]


def test_there_are_forty_more_and_in_four_formats(others: dict[str, Article]) -> None:
    assert len(others) >= 40
    formats = Counter(Path(path.split(":")[0]).suffix for path in others)
    assert set(formats) == {".txt", ".md", ".html", ".jsonl"}
    assert min(formats.values()) >= 10


def test_each_is_as_long_as_a_news_item_and_says_when_and_where_it_appeared(others: dict[str, Article]) -> None:
    for path, article in others.items():
        length = sum(len(section.text) for section in article.sections)
        assert 300 <= length <= 1_500, (path, length)
        assert article.published is not None, path
        assert article.source == SAMPLE_NEWSPAPER, path
        assert article.desk, path
        assert article.title, path
        assert not article.title_inferred, path


def test_most_have_headings_and_the_desks_are_many(others: dict[str, Article]) -> None:
    with_headings = [path for path, article in others.items() if len(article.sections) > 1]
    assert len(with_headings) > len(others) * 3 / 4
    assert len({article.desk for article in others.values()}) >= 5


def test_addresses_lead_nowhere(others: dict[str, Article]) -> None:
    for article in others.values():
        assert article.url is None or article.url.startswith("https://mihon-shimbun.example/")


def test_no_page_furniture_is_in_the_text(others: dict[str, Article]) -> None:
    for path, article in others.items():
        for unwanted in ("<", "Copyright", "関連記事", "ログイン", "---", "著作権"):
            assert unwanted not in article.body(), (path, unwanted)


def test_the_readme_counts_the_articles_of_each_form(others: dict[str, Article]) -> None:
    readme = (SEEDS / "README.md").read_text(encoding="utf-8")
    counts = Counter(path.split(":")[0].split("/")[0] for path in others)
    for place in ("text", "markdown", "html", "articles.jsonl"):
        name = place if "." in place else f"{place}/"
        (row,) = [line for line in readme.splitlines() if line.startswith(f"| `{name}` |")]
        assert row.endswith(f"| {counts[place]} |")


def test_there_are_ten_topics_with_names_in_both_languages() -> None:
    assert len(TOPICS) == 10
    assert all(set(topic) == {"id", "name", "name_en", "query"} for topic in TOPICS)
    assert all(topic["name_en"].isascii() or "–" in topic["name_en"] for topic in TOPICS)
    assert (TOPICS[0]["name"], TOPICS[0]["name_en"]) == ("ウクライナ和平交渉", "Ukraine peace talks")
    for key in ("id", "name", "name_en", "query"):
        assert len({topic[key] for topic in TOPICS}) == 10


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic["id"])
def test_each_topic_finds_two_articles_or_more_but_not_everything(library: Library, topic: dict[str, str]) -> None:
    total = library.search(Request(filters={"topic": (topic["name"],)})).total
    assert 2 <= total <= 20


def test_the_first_topic_has_the_users_article(library: Library, taken: list[pipeline.Taken]) -> None:
    mine = next(one.id for one in taken if Path(one.where.path).name == MINE.name)
    page = library.search(Request(filters={"topic": ("ukraine-peace-talks",)}, size=100))
    assert mine in [hit.id for hit in page.hits]
