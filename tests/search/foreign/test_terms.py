"""English terms and readings find Japanese words; tables are searched where they lie."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.foreign.glosses import country_of, japanese_city, japanese_for, key_of
from search.foreign.readings import words_for
from search.foreign.tables import Table, load_table
from search.names import bundled_aliases, fold_name


@pytest.mark.parametrize(("english", "japanese"), [
    ("peace talks", "和平交渉"), ("ceasefire", "停戦"), ("cease-fire", "停戦"), ("cease fire", "停戦"),
    ("ceasefires", "停戦"),
    ("sanctions", "制裁"), ("Sanction", "制裁"), ("prime minister", "首相"), ("general election", "総選挙"),
    ("earthquake", "地震"),
    ("North Korea", "北朝鮮"), ("nuclear tests", "核実験"), ("foreign minister", "外相"), ("supreme court", "最高裁"),
    ("summit", "首脳会談"), ("airstrikes", "空爆"), ("arrested", "逮捕"), ("countries", "国"),
    ("Bank of Japan", "日本銀行"),
    ("gold medal", "金メダル"), ("hostages", "人質"), ("St. Petersburg", "サンクトペテルブルク"),
])
def test_a_term_finds_its_japanese_word_among_the_first_five(english: str, japanese: str) -> None:
    forms = japanese_for(english)
    assert japanese in [form.text for form in forms[:5]]
    assert {form.why for form in forms} == {"english"}
    assert [form.weight for form in forms] == sorted((form.weight for form in forms), reverse=True)


@pytest.mark.parametrize(("english", "first"), [
    ("minister", "大臣"), ("talks", "協議"), ("women", "女性"), ("men", "男性"), ("children", "子ども"),
    ("killed", "死亡"),
    ("dead", "死亡"), ("deal", "合意"), ("strike", "スト"), ("strikes", "スト"), ("striking", "スト"),
    ("governor", "知事"),
    ("plane", "飛行機"), ("Bush", "ブッシュ"), ("jail", "刑務所"), ("train", "列車"), ("rice", "コメ"),
    ("LDP", "自民党"),
    ("influenza", "インフルエンザ"), ("mad cow disease", "狂牛病"), ("May", "5月"), ("December", "12月"),
    ("sake", "酒"),
    ("policemen", "警察官"), ("economy", "経済"), ("taxes", "税"), ("tariffs", "関税"), ("bombings", "爆撃"),
])
def test_a_term_of_the_news_is_what_newspapers_call_it(english: str, first: str) -> None:
    assert japanese_for(english)[0].text == first


@pytest.mark.parametrize(("english", "misleading"), [
    ("minister", "牧師"), ("plane", "削る"), ("killed", "倒れる"), ("sake", "ため"), ("hi", "や"),
    ("women", "ウィメン"),
    ("strike", "殴る"), ("mass", "質量"), ("or", "それとも"),
])
def test_a_term_is_no_word_that_nobody_looks_for(english: str, misleading: str) -> None:
    assert misleading not in [form.text for form in japanese_for(english)]


def test_our_own_table_has_each_term_once() -> None:
    text = (files("search") / "data" / "english_news.tsv").read_text("utf-8")
    keys = [key_of(line.split("\t")[0]) for line in text.splitlines() if not line.startswith("#")]
    assert sorted(keys) == sorted(set(keys))


@pytest.mark.parametrize(("word", "country"), [
    ("Japanese", "Japan"), ("japanese", "Japan"), ("South Korean", "South Korea"), ("Russians", "Russia"),
    ("Israelis", "Israel"), ("Iraqi", "Iraq"), ("British", "United Kingdom"), ("Palestinians", "Palestine"),
    ("Japan", None), ("war", None), ("日本", None), ("", None),
])
def test_what_is_said_of_a_country(word: str, country: str | None) -> None:
    assert country_of(word) == country


def test_every_country_is_one_that_the_program_knows() -> None:
    text = (files("search") / "data" / "english_countries.tsv").read_text("utf-8")
    countries = [line.split("\t")[1] for line in text.splitlines() if not line.startswith("#")]
    assert [name for name in countries if fold_name(name) not in bundled_aliases()] == []


@pytest.mark.parametrize("text", ["", " ", "停戦", "zzzzqq", "ていせん", "2024", "-", "a\nb", "Ж"])
def test_what_is_no_known_english_term_finds_nothing(text: str) -> None:
    assert japanese_for(text) == ()


@pytest.mark.parametrize(("city", "japanese"), [
    ("Kyiv", ("キーウ",)), ("moscow", ("モスクワ",)), ("Buenos Aires", ("ブエノスアイレス",)), ("nowhere", ()),
    ("京都", ()),
])
def test_cities_are_named_by_cldr(city: str, japanese: tuple[str, ...]) -> None:
    assert japanese_city(city) == japanese


@pytest.mark.parametrize(("one", "other"), [
    ("Peace Talks", "peace talk"), ("cease-fire", "ceasefire"), ("countries", "country"), ("boxes", "box"),
    ("Japan's", "Japan"),
])
def test_spellings_of_a_term_have_one_key(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize(("typed", "word"), [
    ("ていせん", "停戦"), ("teisen", "停戦"), ("テイセン", "停戦"), ("kishida", "岸田"), ("きしだ", "岸田"),
    ("tokyo", "東京"),
    ("toukyou", "東京"), ("Tōkyō", "東京"), ("senkyo", "選挙"), ("hatoyama", "鳩山"), ("もすくわ", "モスクワ"),
    ("sato", "佐藤"),
])
def test_a_reading_finds_its_words(typed: str, word: str) -> None:
    forms = words_for(typed)
    assert word in [form.text for form in forms[:3]]
    assert {form.why for form in forms} == {"reading"}


@pytest.mark.parametrize("typed", ["", "き", "ki", "停戦", "xyz", "Lavrov", "モスクワ"])
def test_what_is_no_reading_of_another_word_finds_nothing(typed: str) -> None:
    assert words_for(typed) == ()


@pytest.mark.parametrize(("typed", "others"), [
    ("toukyou", {"特許"}), ("kyouto", {"共闘"}), ("とうきょう", {"特許"}), ("きょうと", {"共闘"}),
])
def test_who_types_a_long_vowel_means_it(typed: str, others: set[str]) -> None:
    assert others.isdisjoint(form.text for form in words_for(typed))
    assert others.isdisjoint(form.text for form in words_for(typed.upper()))


def test_kana_are_read_to_the_letter_but_romaji_are_not() -> None:
    assert "カット" not in [form.text for form in words_for("かとう")]
    assert {"加藤", "カット"} <= {form.text for form in words_for("kato")}


@given(st.dictionaries(
    st.text("abcde", min_size=1, max_size=4), st.lists(st.sampled_from("甲乙丙丁"), min_size=1), max_size=30,
))
def test_a_table_has_every_line_and_no_other(rows: dict[str, list[str]]) -> None:
    lines = "".join(f"{key}\t{' '.join(words)}\n" for key, words in sorted(rows.items()))
    table = Table(f"# about\n# more\n{lines}".encode())
    assert {key: table.words(key) for key in rows} == {key: tuple(words) for key, words in rows.items()}
    assert all(table.words(other) == () for other in ("", "f", "aaaaa", "#") if other not in rows)


@pytest.mark.parametrize("name", ["english", "readings", "given_names"])
def test_the_tables_are_sorted_by_the_bytes_of_their_keys(name: str) -> None:
    table = load_table(name)
    keys = [line.split(b"\t")[0] for line in table._data[table._first :].splitlines()]
    assert keys == sorted(set(keys))
    assert all(table.words(key.decode()) for key in keys[:: len(keys) // 50])


def test_nothing_is_read_for_a_japanese_query() -> None:
    code = (
        "from search.foreign.glosses import japanese_for; from search.foreign.names_index import NameIndex;"
        "from search.foreign.tables import load_table; japanese_for('停戦交渉');"
        "print(load_table.cache_info().currsize)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "0\n"
