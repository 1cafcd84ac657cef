"""Words that speak for a country without naming it."""

from __future__ import annotations

import pytest

from indexer.mentions import find_names
from indexer.mentions.evidence import implied_country
from search.articles import TITLE, Part
from search.japanese.tokens import units
from search.names import bundled_entities, load_data


@pytest.mark.parametrize(("word", "expected"), [
    # capitals and other cities, however they are spelled
    ("北京", "CN"), ("テヘラン", "IR"), ("キーウ", "UA"), ("キエフ", "UA"), ("ジュネーヴ", "CH"), ("サラエヴォ", "BA"),
    ("ワシントン", "US"), ("東京", "JP"), ("平壌", "KP"), ("ソウル", "KR"), ("台北", "TW"), ("ガザ", "PS"),
    ("平壌市", "KP"), ("東京都", "JP"), ("ニューヨーク州", "US"),
    # seats of power
    ("クレムリン", "RU"), ("ホワイトハウス", "US"), ("永田町", "JP"), ("ダウニング街", "GB"), ("青瓦台", "KR"),
    ("中南海", "CN"),
    # languages
    ("韓国語", "KR"), ("中国語", "CN"), ("英語", "GB"), ("ヘブライ語", "IL"), ("ペルシャ語", "IR"),
    # neither: of no state, of many, a name itself, a thing
    ("クルド語", None), ("欧州", None), ("日本", None), ("会議", None), ("", None),
])
def test_a_word_speaks_for_a_country(word: str, expected: str | None) -> None:
    assert implied_country(word) == expected


@pytest.mark.parametrize(("title", "body", "expected"), [
    # a capital or a seat of power in the title, and the country anywhere
    ("クレムリン、発言に謝罪を求める", "発言にロシアの報道官が反発し、米国の放送局がそれを伝えた。", "RU"),
    ("パリを訪れた旅行者の症候群", "症候群は日本からフランスへの旅行者に見られる。", "FR"),
    ("平壌で大規模な軍事パレード", "北朝鮮の軍が行進し、中国とロシアの代表が並んだ。", "KP"),
    # another city, a language, and a capital in the body alone say where and how, not of whom
    ("上海で車の見本市が開幕", "見本市に日本と中国の企業が出展した。", ""),
    ("ロシア語の講座が人気", "市の講座に、ウクライナとロシアの出身者が通う。", ""),
    ("核協議が再開", "協議はウィーンで開かれ、地元のオーストリアから代表が加わった。", ""),
])
def test_a_country_is_what_a_headline_with_its_capital_is_about(title: str, body: str, expected: str) -> None:
    parts = [Part(TITLE, False, title), Part(0, False, body)]
    names = find_names(parts, [units(part.text) for part in parts])
    assert {name.entity_id for name in names if name.kind == "country" and name.is_about} == set(expected.split())


def test_a_city_is_no_mention_of_its_country() -> None:
    text = "テヘランの中心部で、ペルシャ語の歌が響いた。"
    assert [(n.surface, n.kind) for n in find_names([Part(0, False, text)], [units(text)])] == [("テヘラン", "place")]


def test_every_code_is_a_country_s() -> None:
    codes = {code for table in load_data("country_evidence").values() for code in table}
    assert {code for code in codes if bundled_entities()[code].kind != "country"} == set()
