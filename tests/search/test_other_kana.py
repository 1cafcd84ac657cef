"""A word in katakana also finds its hiragana, where that is the same word and no other one that sounds so."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from indexer import pipeline, upkeep
from search.archive import Archive
from search.library import Library
from search.query.model import Request

TEXTS = {
    "打ちゃ": "釘を打ちゃいいと職人は言う。", "落下": "看板が落下した。", "まだに": "それがいまだにまだに続く。",
    "今後": "今後の予定は決まっていない。", "火照る": "顔が火照る夜だった。", "不安": "不安が広がる。",
    "土": "土を入れ替えた。", "すばる": "「すばる」が観測した。", "砂糖黍": "砂糖黍の畑が続く。",
    "亀": "亀が岸に上がる。", "津波": "津波が来た。",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """An article for each of the texts, with its word as id."""
    directory = tmp_path_factory.mktemp("kana")
    articles = [{"id": word, "title": "短い知らせ", "body": text} for word, text in TEXTS.items()]
    lines = (json.dumps(article, ensure_ascii=False) for article in articles)
    (directory / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with Archive.open(directory / "archive", create=True) as archive:
        assert {taken.outcome for taken in pipeline.take_in(archive, [directory / "in.jsonl"])} == {"added"}
        upkeep.ensure_index(archive, None, workers=1, say=lambda _: None)
    with Library.open(directory / "archive") as opened:
        yield opened


@pytest.mark.parametrize(("typed", "found"), [
    ("ブチャ", set()), ("「ブチャ」", set()), ("ラッカ", set()), ("マダニ", set()), ("コンゴ", set()),
    ("ホテル", set()), ("フアン", set()), ("ツチ", set()),
    ("スバル", {"すばる"}), ("サトウキビ", {"砂糖黍"}), ("カメ", {"亀"}), ("ツナミ", {"津波"}),
    # What is typed in hiragana may be any word that sounds so.
    ("らっか", {"落下"}), ("つなみ", {"津波"}),
])
def test_katakana_finds_the_same_word_and_none_that_sounds_like_it(
    library: Library, typed: str, found: set[str]
) -> None:
    assert {hit.id for hit in library.search(Request(typed)).hits if not hit.partial} == found
