"""Words that speak for a country without naming it."""

from __future__ import annotations

import pytest

from indexer.mentions.evidence import implied_country
from search.names import bundled_entities, load_data


@pytest.mark.parametrize(("word", "expected"), [
    # capitals and other cities, however they are spelled
    ("北京", "CN"), ("テヘラン", "IR"), ("キーウ", "UA"), ("キエフ", "UA"), ("ジュネーヴ", "CH"), ("サラエヴォ", "BA"),
    ("ワシントン", "US"), ("東京", "JP"), ("平壌", "KP"), ("ソウル", "KR"), ("台北", "TW"), ("ガザ", "PS"),
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


def test_every_code_is_a_country_s() -> None:
    codes = {code for table in load_data("country_evidence").values() for code in table}
    assert {code for code in codes if bundled_entities()[code].kind != "country"} == set()
