"""What an unfinished word may become: of the sample archive, and of a table of names made for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from search.archive import Archive
from search.engine import Matches
from search.foreign.romaji import begun_romaji
from search.library import Library
from search.name_keys import Known, NameKeys
from search.name_suggestions import KNOWN_BY_GIVEN_NAME, MOST_RARE, MOST_SUGGESTED, Suggester
from search.names import fold_name
from search.query.model import Query, Request
from search.query.typed_end import typed_ends
from search.registry import Registry

# ---- which end of a query is being typed --------------------------------------------------------


@pytest.mark.parametrize(("text", "ends"), [
    ("習", [("習", None)]),
    ("停戦 しゅう", [("しゅう", None)]),
    ("停戦　しゅう", [("しゅう", None)]),                        # a space of full width
    ("人物:習", [("習", "person")]),
    ("停戦 person：xi", [("xi", "person")]),
    ("-プー", [("プー", None)]),
    ("停戦 -国:ロ", [("ロ", "country")]),
    ("(ロシア OR ウク", [("ウク", None)]),
    ("「米国", [("米国", None)]),
    ("xi jin", [("xi jin", None), ("jin", None)]),              # a name may have several words
    ("united arab em", [("united arab em", None), ("arab em", None), ("em", None)]),
    ('person:"xi jin', [("xi jin", None), ("jin", None)]),
    ("停戦 xi", [("xi", None)]),
    ("", []),
    ("停戦 ", []),                                              # the next word has not begun
    ("=習", []),                                                # to the letter
    ("=xi jin", [("jin", None)]),
    ("見出し:習", []),                                           # not a name's place
    ("媒体:朝日", []),
    ("あ" * 41, []),
])
def test_the_end_that_is_being_typed(text: str, ends: list[tuple[str, str | None]]) -> None:
    assert [tuple(end) for end in typed_ends(text)] == ends


@pytest.mark.parametrize(("typed", "sound"), [
    ("s", "s"), ("sh", "s"), ("shu", "syu"), ("shuu", "syu"), ("shuuk", "syuk"), ("syuki", "syuki"),
    ("shuukinpei", "syukinpei"), ("ch", "t"), ("chu", "tyu"), ("ts", "t"), ("ky", "ky"), ("kyo", "kyo"),
    ("abe shin", "abesin"), ("j", "z"), ("zelen", "zeren"),
    ("zelensk", ""), ("xi", ""), ("trump", ""),
])
def test_romaji_that_has_only_begun(typed: str, sound: str) -> None:
    assert begun_romaji(typed) == sound


# ---- in the sample archive ----------------------------------------------------------------------


def labels(library: Library, text: str, language: str = "ja") -> list[str]:
    return [one.label for one in library.suggest(text, language).found]


@pytest.mark.parametrize(("typed", "name"), [
    ("習", "習近平"),
    ("習近", "習近平"),
    ("しゅう", "習近平"),
    ("シュウキン", "習近平"),
    ("しゅうk", "習近平"),                              # in the middle of a conversion
    ("しゅうｋ", "習近平"),
    ("shu", "習近平"),
    ("shuukin", "習近平"),
    ("xi", "習近平"),
    ("Xi Jin", "習近平"),
    ("jinp", "習近平"),                                 # the other part of the name
    ("習主", "習近平"),                                 # 習主席
    ("ゼレ", "ウォロディミル・ゼレンスキー"),
    ("ぜれ", "ウォロディミル・ゼレンスキー"),
    ("ﾃﾞﾚ", None),
    ("zele", "ウォロディミル・ゼレンスキー"),
    ("zelens", "ウォロディミル・ゼレンスキー"),
    ("Zelenskyy", "ウォロディミル・ゼレンスキー"),
    ("ラヴ", "セルゲイ・ラブロフ"),                       # as ラブロフ
    ("らぶ", "セルゲイ・ラブロフ"),
    ("Lav", "セルゲイ・ラブロフ"),
    ("abe", "安倍晋三"),
    ("shinzo", "安倍晋三"),
    ("ろし", "ロシア"),
    ("露", "ロシア"),
    ("kokur", "国連"),
    ("人物:ぷー", "ウラジーミル・プーチン"),
    ("国:ろ", "ロシア"),
    ("停戦 -ウク", "ウクライナ"),
    ("和平", "ウクライナ和平交渉"),                       # inside of a topic's name
    ("わへい", "ウクライナ和平交渉"),
    ("wahei", "ウクライナ和平交渉"),
    ("peace", "ウクライナ和平交渉"),
    ("話題:がざ", "ガザ停戦"),
    ("lavrof", "セルゲイ・ラブロフ"),                    # no name begins so, but one may be spelled so
])
def test_what_is_typed_becomes_a_name(library: Library, typed: str, name: str | None) -> None:
    found = labels(library, typed)
    assert name in found if name else found == []


@pytest.mark.parametrize(("text", "kinds"), [
    ("人物:ろ", {"person"}), ("国:あ", {"country"}), ("組織:こ", {"organization"}), ("話題:交渉", {"topic"}),
])
def test_in_a_field_only_what_it_takes_is_suggested(library: Library, text: str, kinds: set[str]) -> None:
    assert {one.kind for one in library.suggest(text, "ja").found} <= kinds


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("text", ["習", "xi", "zele", "国:ろ", "人物:xi", "topic:peace", "和平", "人物:しゅう"])
def test_a_chosen_value_finds_what_was_suggested(library: Library, text: str, language: str) -> None:
    suggested = library.suggest(text, language)
    best = suggested.found[0]
    completed = text.removesuffix(suggested.typed) + best.value
    found = library.search(Request(completed, language=language))
    assert found.total >= best.count > 0
    facet = {value.value: value.count for value in found.facets[best.kind]}
    assert facet[best.id] == best.count


def test_an_entity_stands_there_once_the_best_known_first_as_often_as_the_facet_counts_it(library: Library) -> None:
    counted = {
        value.value: value.count for facet in ("person", "country", "organization", "place")
        for value in library.search(Request()).facets[facet]
    }
    for text in ("あ", "s", "き", "日", "k"):
        found = [one for one in library.suggest(text, "ja").found if one.kind != "topic"]
        assert len(found) <= MOST_SUGGESTED
        assert len({one.id for one in found}) == len(found)
        assert [one.count for one in found] == sorted((one.count for one in found), reverse=True)
        assert all(counted.get(one.id, one.count) == one.count for one in found)


def test_on_an_english_page_names_are_english_with_the_japanese_one_beside(library: Library) -> None:
    best = library.suggest("zele", "en").found[0]
    assert (best.label, best.also) == ("Volodymyr Zelensky", "ウォロディミル・ゼレンスキー")
    assert library.suggest("人物:zele", "en").found[0].value == '"Volodymyr Zelensky"'
    assert library.suggest("ぜれ", "ja").found[0].also is None


# ---- in a table made for it ---------------------------------------------------------------------


class _Counts:
    """An engine that only counts. persons: id -> articles."""

    def __init__(self, persons: dict[str, int]) -> None:
        self._persons = persons

    def search(self, query: Query) -> Matches:
        return Matches(0, (), facets={"person": self._persons, "country": {}, "organization": {}, "place": {}})


@pytest.fixture
def suggester(tmp_path: Path) -> Iterator[Suggester]:
    """田中一 to 田中九, each of whom one article has, but for 田中三 (5); and 田中 himself (2)."""
    with Archive.open(tmp_path / "archive", create=True) as archive:
        ids = {}
        with archive.transaction():
            for name in ("田中", *(f"田中{char}" for char in "一二三四五六七八九")):
                ids[name] = archive.own_entity("person", fold_name(name), name)
                archive.add_aliases([(name, ids[name])])
        archive.hear_names()
        articles = {ids[name]: {"田中三": 5, "田中": 2}.get(name, 1) for name in ids}
        engine: Any = _Counts(articles)
        yield Suggester(archive, engine, Registry(archive, engine), lambda topics: {})


def test_names_that_one_article_has_do_not_fill_the_list(suggester: Suggester) -> None:
    found = suggester.suggest("田", "ja").found
    assert [one.label for one in found[:2]] == ["田中三", "田中"]
    assert [one.count for one in found[2:]] == [1] * MOST_RARE


def test_who_is_called_just_so_comes_first(suggester: Suggester) -> None:
    assert [one.label for one in suggester.suggest("田中", "ja").found[:2]] == ["田中", "田中三"]


def test_a_rare_name_is_found_once_enough_of_it_is_typed(suggester: Suggester) -> None:
    assert [one.label for one in suggester.suggest("田中九", "ja").found] == ["田中九"]


WELL_KNOWN = {"習近平": "習", "小泉純一郎": "小泉", "小沢一郎": "小沢", "菅直人": "菅直", "石破茂": "石破",
              "高橋選手": "高橋", "福田康夫": "福田"}
"""Name -> how articles call them, too."""


@pytest.mark.parametrize(("typed", "expected"), [
    ("近平", ["習近平"]),
    ("純一郎", ["小泉純一郎"]),
    ("純一", ["小泉純一郎"]),
    ("人物:近平", ["習近平"]),
    ("停戦 近平", ["習近平"]),
    ("一郎", ["一郎", "小沢一郎"]),                  # who is called just so first; 純一郎 is not 一郎
    ("直人", []),                                   # nothing says that 菅 is the surname
    ("茂", []),                                     # one character begins too much else
    ("選手", []),                                   # a title is no given name
    ("康夫", []),                                   # too few articles
    ("組織:近平", []),
])
def test_a_well_known_person_is_suggested_by_the_given_name(tmp_path: Path, typed: str, expected: list[str]) -> None:
    with Archive.open(tmp_path / "archive", create=True) as archive:
        articles = {}
        with archive.transaction():
            for name, also in {**WELL_KNOWN, "一郎": "一郎"}.items():
                entity_id = archive.own_entity("person", fold_name(name), name)
                archive.add_aliases([(fold_name(form), entity_id) for form in {name, also}])
                articles[entity_id] = KNOWN_BY_GIVEN_NAME - (name in ("福田康夫", "一郎"))
        engine: Any = _Counts(articles)
        suggester = Suggester(archive, engine, Registry(archive, engine), lambda topics: {})
        assert [one.label for one in suggester.suggest(typed, "ja").found] == expected


def test_keys_that_begin_so_are_found_as_a_plain_look_at_all_of_them_finds_them() -> None:
    names = ["習近平", "習仲勲", "=syu", "=syukin", "=si", "'xi", "米", "米国", "𠮷野家", "a", "ab", "1", "=s\u0301"]
    known = [
        (Known(f"e{n}", "person" if n % 3 else "place", 100 - n), {names[n % 13], names[(n * 5 + 2) % 13]})
        for n in range(60)
    ]
    keys = NameKeys(known)
    for prefix in {name[:end] for name in names for end in range(1, len(name) + 1)} - {"=", "'"}:
        for kinds in (("person",), ("person", "place")):
            expected = [
                one for one, own in known if one.kind in kinds and any(key.startswith(prefix) for key in own)
            ]
            assert sorted(set(keys.beginning(prefix, kinds))) == sorted(expected)
            assert [one.articles for one in keys.beginning(prefix, kinds)] == sorted(
                (one.articles for one in keys.beginning(prefix, kinds)), reverse=True
            )
            assert list(keys.called(prefix, kinds)) == [
                one for one, own in known if one.kind in kinds and prefix in own
            ]
