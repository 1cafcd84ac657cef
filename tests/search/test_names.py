"""The bundled registry: spellings of one name agree, and every name leads to its bearer."""

from __future__ import annotations

import subprocess
import sys

import pytest

from search.names import bundled_aliases, bundled_entities, bundled_names, fold_name


@pytest.mark.parametrize(("written", "also_written"), [
    ("ラヴロフ", "ラブロフ"),                                   # ヴ and ブ
    ("セルゲイ・ラブロフ", "セルゲイ＝ラヴロフ"),                   # the mark between names
    ("セルゲイ・ラブロフ", "セルゲイ ラブロフ"),
    ("ウォロディミル・ゼレンスキー", "ボロディミル・ゼレンスキー"),
    ("ウォロディミル・ゼレンスキー", "ヴォロディーミル・ゼレンスキー"),
    ("ウラジーミル・プーチン", "ヴラディーミル・プーチン"),
    ("プーチン", "ﾌﾟｰﾁﾝ"),                                  # half width
    ("ネタニヤフ", "ネタニアフ"),
    ("メドベージェフ", "メドヴェージェフ"),
    ("マラウイ", "マラウィ"),
    ("フォンデアライエン", "フォン・デア・ライエン"),
    ("ジョージ・W・ブッシュ", "ジョージ・Ｗ・ブッシュ"),
    ("Xi Jinping", "xi-jinping"),
    ("François Hollande", "Francois Hollande"),
    ("髙市早苗", "高市早苗"),
    ("渡邊", "渡辺"),
    ("渡邉", "渡辺"),
    ("澤田", "沢田"),
    ("齋藤", "斎藤"),
    ("G7", "Ｇ７"),
])
def test_spellings_of_one_name_agree(written: str, also_written: str) -> None:
    assert fold_name(written) == fold_name(also_written)


@pytest.mark.parametrize(("name", "other"), [
    ("斎藤", "斉藤"),             # two surnames
    ("龍", "竜"),
    ("ジャック", "ジャーク"),
    ("ロシア", "ロジア"),
    ("オーストリア", "オーストラリア"),
    ("イラン", "イラク"),
    ("ニジェール", "ナイジェリア"),
    ("ドミニカ国", "ドミニカ共和国"),
])
def test_different_names_stay_apart(name: str, other: str) -> None:
    assert fold_name(name) != fold_name(other)


@pytest.mark.parametrize(("typed", "entity_id"), [
    ("習近平", "xi-jinping"), ("習主席", "xi-jinping"), ("習国家主席", "xi-jinping"), ("習氏", "xi-jinping"),
    ("Xi Jinping", "xi-jinping"), ("xi jinping", "xi-jinping"),
    ("ラブロフ", "sergey-lavrov"), ("ラヴロフ", "sergey-lavrov"), ("セルゲイ・ラヴロフ", "sergey-lavrov"),
    ("ラブロフ外相", "sergey-lavrov"), ("Lavrov", "sergey-lavrov"),
    ("プーチン", "vladimir-putin"), ("Putin", "vladimir-putin"), ("ウラジーミル・プーチン", "vladimir-putin"),
    ("ゼレンスキー", "volodymyr-zelensky"), ("Zelenskyy", "volodymyr-zelensky"),
    ("トランプ大統領", "donald-trump"),
    ("国連", "united-nations"), ("国際連合", "united-nations"), ("安保理", "un-security-council"),
    ("欧州連合", "european-union"), ("ＥＵ", "european-union"), ("北大西洋条約機構", "nato"),
    ("米国", "US"), ("アメリカ", "US"), ("アメリカ合衆国", "US"), ("USA", "US"), ("United States", "US"),
    ("英国", "GB"), ("イギリス", "GB"), ("Britain", "GB"),
    ("ロシア", "RU"), ("russia", "RU"), ("中国", "CN"), ("中華人民共和国", "CN"), ("北朝鮮", "KP"), ("韓国", "KR"),
    ("ミャンマー", "MM"), ("ビルマ", "MM"), ("グルジア", "GE"), ("ジョージア", "GE"), ("ヴェトナム", "VN"),
    ("コソボ", "XK"), ("コンゴ", "CD"), ("香港", "HK"), ("ソ連", "soviet-union"), ("スワジランド", "SZ"),
])
def test_a_name_leads_to_its_entity(typed: str, entity_id: str) -> None:
    assert bundled_aliases()[fold_name(typed)] == (entity_id,)


@pytest.mark.parametrize("typed", ["米", "英", "仏", "露", "中", "日", "田中", "菅首相", "クリントン", ""])
def test_what_may_mean_something_else_is_no_alias(typed: str) -> None:
    assert fold_name(typed) not in bundled_aliases()


def test_there_are_249_countries_and_kosovo() -> None:
    codes = [e.id for e in bundled_entities().values() if e.kind == "country" and len(e.id) == 2]
    assert len(codes) == 250
    assert "XK" in codes


@pytest.mark.parametrize(("code", "name", "name_en"), [
    ("US", "米国", "United States"), ("GB", "英国", "United Kingdom"), ("RU", "ロシア", "Russia"),
    ("CN", "中国", "China"), ("KR", "韓国", "South Korea"), ("KP", "北朝鮮", "North Korea"), ("JP", "日本", "Japan"),
    ("MM", "ミャンマー", "Myanmar (Burma)"), ("VA", "バチカン", "Vatican City"),
])
def test_countries_are_called_what_newspapers_call_them(code: str, name: str, name_en: str) -> None:
    entity = bundled_entities()[code]
    assert (entity.kind, entity.name, entity.name_en) == ("country", name, name_en)


def test_every_alias_leads_to_entities_and_every_name_is_an_alias() -> None:
    for ids in bundled_aliases().values():
        assert all(entity_id in bundled_entities() for entity_id in ids)
    for entity in bundled_entities().values():
        for name in bundled_names(entity.id):
            assert entity.id in bundled_aliases()[fold_name(name)]


def test_no_alias_is_shared() -> None:
    assert [alias for alias, ids in bundled_aliases().items() if len(ids) > 1] == []


def test_roles_are_of_entities_that_exist() -> None:
    assert bundled_entities()["united-nations"].role == "bloc"
    assert bundled_entities()["kremlin"].role == "seat_of_power"
    assert bundled_entities()["xi-jinping"].role is None


def test_loading_the_registry_loads_no_dictionary() -> None:
    program = """if True:
        import sys
        from search.names import bundled_aliases
        assert bundled_aliases() and "sudachipy" not in sys.modules
    """
    subprocess.run([sys.executable, "-c", program], check=True)
