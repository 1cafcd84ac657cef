"""What is typed in Latin letters or kana, whole queries of it, over a small archive of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import pytest

from indexer import pipeline, upkeep
from search.archive import Archive
from search.library import Library
from search.query.model import Request

ARTICLES: Mapping[str, str] = {
    "trump": "アメリカのトランプ大統領は8月、関税を引き上げると発表した。",
    "un": "国連のグテーレス事務総長は停戦を呼びかけた。",
    "trump-un": "国連はトランプ大統領の演説を歓迎した。",
    "trump-xi": "トランプ大統領と中国の習近平国家主席が会談し、貿易について協議した。",
    "putin": "ロシアのプーチン大統領はウクライナでの戦争を続けると述べた。",
    "netanyahu": "イスラエルのネタニヤフ首相は声明を出した。",
    "netanyahu-war": "イスラエルのネタニヤフ首相は戦争を終わらせると述べた。",
    "japan": "日本の石破首相は国会で答弁した。日本共産党は批判した。",
    "korea": "韓国の尹錫悦大統領が戒厳令を出した。",
    "iran": "イランのペゼシュキアン大統領は合意を拒んだ。ラファ検問所は開いた。",
    "hiroshima": "広島で平和記念式典が開かれた。",
    "latin": "HIROSHIMAという曲を歌手のAugustが発表した。Carという題の曲もある。MLBの試合で流れた。",
    "car": "自動車の生産が増えた。",
    "mlb": "大リーグの開幕戦が行われた。",
    "ldp": "自民党の総裁選が行われた。",
    "who": "WHO（世界保健機関）はワクチンの接種を勧めた。",
    "pope": "ローマ教皇がミサを行った。",
    "jackson": "歌手のマイケル・ジャクソンさんが死去した。",
    "boj": "日本銀行は利上げを決めた。",
    "minister": "法務大臣が辞任した。",
    "foreign-minister": "外相が辞任した。",
    "women": "女性の管理職が増えた。",
    "killed": "列車の事故で3人が死亡した。",
    "plane": "旅客機の部品が見つかった。",
    "sake": "日本酒の輸出が増えたため、酒蔵が増産する。",
    "tokyo": "東京で雪が降った。",
    "patent": "特許の出願が増えた。",
    "window": "窓の掃除をする。",
    "murdoch": "アレックス・マードー被告の裁判が始まった。",
    "jimi": "自見庄三郎氏が立候補した。",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    directory = tmp_path_factory.mktemp("latin")
    file = directory / "articles.jsonl"
    rows = ({"id": key, "title": f"記事{n}", "text": text} for n, (key, text) in enumerate(ARTICLES.items()))
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    with Archive.open(directory / "archive", create=True) as made:
        assert {taken.outcome for taken in pipeline.take_in(made, [file])} == {"added"}
        upkeep.ensure_index(made, None, workers=1, say=lambda _: None)
    with Library.open(directory / "archive") as opened:
        yield opened


def found(archive: Library, text: str, **request: bool) -> set[str]:
    page = archive.search(Request(text, size=100, **request))
    return {hit.id for hit in page.hits[: page.total]}


@pytest.mark.parametrize(("text", "ids"), [
    # Two names, or a name and another word, are two.
    ("UN Trump", "trump-un"), ("Trump UN", "trump-un"), ("Trump Xi", "trump-xi"), ("Putin Xi", ""),
    ("Netanyahu war", "netanyahu-war"), ("Netanyahu Kim", ""), ("Netanyahu Xi", ""),
    ("Donald Trump", "trump trump-un trump-xi"), ("President Putin", "putin"), ("Trump's tariffs", "trump"),
    # What is said of a country.
    ("Japanese prime minister", "japan"), ("Japan prime minister", "japan"), ("South Korean president", "korea"),
    ("South Koreans", "korea"), ("Israelis", "netanyahu netanyahu-war"), ("Arafat", ""),
    # What some article has in Latin letters too.
    ("Hiroshima", "hiroshima latin"), ("August", "trump latin"), ("car", "car latin"), ("cars", "car"),
    ("MLB", "mlb latin"), ("LDP", "ldp"), ("WHO", "who"), ("Who", "who"),
    # Function words.
    ("war in Ukraine", "putin"), ("Trump and Xi", "trump-xi"), ("president of Iran", "iran"), ("the pope", "pope"),
    ("The Pope", "pope"), ("Bank of Japan", "boj"), ("the Bank of Japan", "boj"), ("who is Putin", "putin"),
    ("prime minister of Japan", "japan"), ("(war in Ukraine) OR (the pope)", "putin pope"),
    ("Michael Jackson", "jackson"),
    # Words of the news.
    ("women", "women"), ("killed", "killed"), ("train accident", "killed"), ("plane", "plane"), ("sake", "sake"),
    ("talks", "trump-xi"), ("rice", ""),
    # Readings to the letter.
    ("toukyou", "tokyo"), ("まど", "window"),
])
def test_a_query_in_other_letters_finds(archive: Library, text: str, ids: str) -> None:
    assert found(archive, text) == set(ids.split())


@pytest.mark.parametrize(("more", "less"), [
    ("prime minister", "minister"), ("foreign minister", "minister"), ("UN Trump", "UN"),
    ("UN sea", "UN"), ("UN sea", "sea"), ("Trump state", "state"), ("Netanyahu war", "war"),
    ("the pope", "pope"),
])
def test_a_longer_query_finds_no_more(archive: Library, more: str, less: str) -> None:
    assert found(archive, more) <= found(archive, less)


@pytest.mark.parametrize("text", ["war in Ukraine", "the pope", "Trump and Xi"])
def test_as_typed_every_word_is_asked_for(archive: Library, text: str) -> None:
    assert not found(archive, text, as_typed=True)


@pytest.mark.parametrize(("text", "name"), [
    ("しみ", "自見庄三郎"), ("まど", "アレックス・マードー"), ("Arafat", "ラファ検問所"),
])
def test_a_short_word_is_no_name_that_only_sounds_like_it(archive: Library, text: str, name: str) -> None:
    assert name not in [one.name for one in archive.search(Request(text)).interpreted]
