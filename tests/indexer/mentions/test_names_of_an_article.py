"""The names of whole articles: the user's own, and the sentence every part of Kijigura agrees on."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from indexer.mentions import FoundName, find_names, find_names_in
from search.articles import Part
from search.engine import FACET_CONFIDENCE
from search.japanese.tokens import units

SEED = Path(__file__).parents[3] / "seeds" / "000_9dfb955ff9d1b83b.txt"


def names(*texts: str) -> list[FoundName]:
    parts = [Part(number, False, text) for number, text in enumerate(texts)]
    return find_names(parts, [units(part.text) for part in parts])


@pytest.fixture(scope="module")
def of_seed() -> list[FoundName]:
    return names(*SEED.read_text("utf-8").split("\n\n"))


def test_every_person_of_the_article_is_found_and_linked(of_seed: list[FoundName]) -> None:
    persons = Counter(
        (name.surface, name.entity_id) for name in of_seed if name.kind == "person" and not name.is_inferred
    )
    assert persons == {
        ("習近平", "xi-jinping"): 3,
        ("習", "xi-jinping"): 2,
        ("セルゲイ・ラブロフ", "sergey-lavrov"): 2,
        ("ラヴロフ", "sergey-lavrov"): 6,
        ("ウラジーミル・プーチン", "vladimir-putin"): 2,
        ("プーチン", "vladimir-putin"): 2,
        ("王毅", "wang-yi"): 2,
        ("ウォロディミル・ゼレンスキー", "volodymyr-zelensky"): 1,
        ("ゼレンスキー", "volodymyr-zelensky"): 1,
    }


def test_its_countries_are_found(of_seed: list[FoundName]) -> None:
    countries = {name.entity_id for name in of_seed if name.kind == "country"}
    assert countries == {"CN", "RU", "UA", "US", "CH", "VE", "SY"}


def test_its_organizations_and_places_are_found(of_seed: list[FoundName]) -> None:
    others = {
        (name.surface, name.kind) for name in of_seed
        if name.kind in ("organization", "place") and name.confidence >= FACET_CONFIDENCE
    }
    assert others == {
        ("北京", "place"), ("国連安全保障理事会", "organization"), ("クレムリン", "organization"),
    }


def test_a_short_form_shows_the_full_name(of_seed: list[FoundName]) -> None:
    assert {name.name for name in of_seed if name.surface == "習"} == {"習近平"}
    assert {name.name for name in of_seed if name.surface == "ラヴロフ"} == {"セルゲイ・ラブロフ"}


def test_one_sentence() -> None:
    found = names("習近平国家主席はロシアのラブロフ外相と北京で会談した。")
    assert [(n.start, n.end, n.surface, n.kind, n.entity_id) for n in found] == [
        (0, 3, "習近平", "person", "xi-jinping"),
        (8, 11, "ロシア", "country", "RU"),
        (12, 16, "ラブロフ", "person", "sergey-lavrov"),
        (19, 21, "北京", "place", None),
    ]


@pytest.mark.parametrize(("text", "expected"), [
    ("国連安全保障理事会は", "国連安全保障理事会:organization"),
    ("欧州連合（EU）とNATO", "欧州連合:organization EU:organization NATO:organization"),
    ("IAEA事務局長", "IAEA:organization"),
    ("外務省と財務省", "外務省:organization 財務省:organization"),
    ("トヨタ自動車の豊田章男会長", "トヨタ自動車:organization 豊田章男:person"),
    ("日本経済新聞によると", "日本経済新聞:organization"),
    ("中国共産党の大会", "中国共産党:organization"),
    ("ドイツキリスト教民主同盟", "ドイツ:country キリスト教民主同盟:organization"),
    ("東京地検特捜部と東京地裁", "東京地検特捜部:organization 東京地裁:organization"),
    ("株式会社ディスコは", "株式会社ディスコ:organization"),
    ("大阪府警の捜査員", "大阪府警:organization"),
    ("東京都と千葉県船橋市", "東京都:place 千葉県船橋市:place"),
    ("ホルムズ海峡の封鎖", "ホルムズ海峡:place"),
    ("カリフォルニア州の山火事", "カリフォルニア州:place"),
    ("日本海で漁をする", "日本海:place"),
    ("成田空港に着いた", "成田空港:facility"),
    ("ルーブル美術館の強盗", "ルーブル美術館:facility"),
    ("過激派組織IS（イスラム国）", "IS:organization イスラム国:organization"),
    ("明治時代の火星とイスラム教", ""),
])
def test_organizations_places_and_facilities(text: str, expected: str) -> None:
    assert [f"{name.surface}:{name.kind}" for name in names(text)] == expected.split()


def test_words_of_an_english_title_are_no_names_by_themselves() -> None:
    assert {"IS", "US"}.isdisjoint(name.surface for name in names("曲はTHIS IS USだ"))


@pytest.mark.parametrize("text", ["", "。", "・", "氏", "・・・", "米", "  ", "（）", "習", "ー", "𠮷野家", "👪🏽の氏"])
def test_odd_texts_do_no_harm(text: str) -> None:
    for name in names(text):
        assert text[name.start:name.end] == name.surface


@pytest.mark.parametrize("piece", [
    "ロシアのラブロフ外相は習近平国家主席と米中日韓の", "アレクサンドル・", "東京都", "田中太郎さんと", "・（）＝「」…",
    "習\ud83d氏\udc00と", "１２３", "習氏は\n", "同氏は", "米", "日本銀行", "国連",
])
def test_a_long_line_without_an_end_is_read_to_its_end(piece: str) -> None:
    """What looks at all that came before, for every name, would take hours for a million characters."""
    text = piece * (30_000 // len(piece))
    for name in names(text):
        assert text[name.start:name.end] == name.surface


def test_several_articles_at_once_are_as_one_by_one() -> None:
    articles = [
        ([Part(0, False, text)], [units(text)], None)
        for text in ("習近平国家主席は北京で会談した。", "", "習氏はロシアを訪れた。同氏は述べた。", "米大統領は")
    ]
    assert find_names_in(articles) == [find_names(*article) for article in articles]


@pytest.mark.parametrize(("text", "expected"), [
    # whatever else the model sees there: a headline that is cited, a region, a force, a ministry, an embassy, a cabinet
    ('CNN、2006年6月5日。"Serbiadeclaresindependence"。UPI、2006年6月5日。', "Serbia=RS"),
    ('朝鮮中央通信"KCNABlastsJapan\'sFinancialSanctionsagainstDPRK"。', "Japan=JP DPRK=KP"),
    ("台風は10月1日頃ベトナム中央部に再上陸する。", "ベトナム=VN"),
    ("カメルーン南東部のカカオ農家は懸念する。", "カメルーン=CM"),
    ("ロシア非常事態省は津波の情報を出した。", "ロシア=RU"),
    ("アメリカ海軍台風情報センターの予想では", "アメリカ=US"),
    ("巨人からアメリカ大リーグに移籍した。", "アメリカ=US"),
    ("組織の禁止は違法と英国高等法院が判断した。", "英国=GB"),
    ("在英日本大使館が番組に抗議した。", "英=GB 日本=JP"),
    ("メルツ首相率いるドイツ連立政権は改革案を示した。", "ドイツ=DE"),
    ("ナイジェリア治安部隊が300人以上を救出した。", "ナイジェリア=NG"),
    ("メキシコ麻薬取締後の死亡した米国当局者2名", "メキシコ=MX 米国=US"),
    ("ヤエル・ハーマン・イスラエル軍大佐は語った。", "イスラエル=IL"),
    ("ホルスト・ケーラードイツ連邦大統領は解散を決めた。", "ドイツ=DE"),
    # but a part of these names
    ("スイス人民党とドイツ社会民主党の党首", ""), ("エチオピア航空とイギリス放送協会の声明", ""),
    ("中国銀行と韓国野球委員会の発表", ""),
])
def test_a_country_beside_a_body_of_its_own(text: str, expected: str) -> None:
    assert [f"{n.surface}={n.entity_id}" for n in names(text) if n.kind == "country"] == expected.split()


@pytest.mark.parametrize(("text", "expected"), [
    ("14日午後（日本時間15日早朝）、", ""), ("日本標準時で正午に", ""), ("日本国憲法に定められた象徴", ""),
    ("中国・四国地方は雨", "中国"), ("エスワティニで開かれた", ""),
])
def test_a_country_that_is_not_named_is_no_place_either(text: str, expected: str) -> None:
    assert [name.surface for name in names(text) if name.kind in ("place", "person")][:1] == expected.split()
