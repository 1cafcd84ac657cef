"""All values of one facet: sifted, in order, page by page."""

from __future__ import annotations

import pytest

from search.facet_values import VALUES_A_PAGE, FacetValues, heard_as
from search.library import Library
from search.query.model import Request
from search.results import FacetValue


def _labels(found: FacetValues) -> list[str]:
    return [value.label for value in found.values]


def test_all_values_stand_there_those_with_most_articles_first(library: Library) -> None:
    listed = library.search(Request()).facets["country"]
    found = library.facet_values(Request(), "country")
    assert [v for v in found.values if v in listed][: len(listed)] == list(listed)
    assert [v.count for v in found.values] == sorted((v.count for v in found.values), reverse=True)
    assert found.total == found.found == library.search(Request()).facet_sizes["country"]


@pytest.mark.parametrize(("facet", "find", "first"), [
    ("person", "習", "習近平"),
    ("person", "しゅうきん", "習近平"),
    ("person", "shuukin", "習近平"),
    ("person", "Xi Jin", "習近平"),
    ("person", "ＰＵＴＩＮ", "ウラジーミル・プーチン"),
    ("person", "ﾌﾟｰﾁﾝ", "ウラジーミル・プーチン"),
    ("person", "ラブロフ", "セルゲイ・ラブロフ"),
    ("person", "ラヴロフ", "セルゲイ・ラブロフ"),
    ("country", "russia", "ロシア"),
    ("country", "露", "ロシア"),
    ("source", "見本", "見本新聞"),
    ("desk", "際", "国際"),
    ("year", "202", "2024"),
])
def test_a_value_is_found_however_its_name_is_typed(library: Library, facet: str, find: str, first: str) -> None:
    assert first in _labels(library.facet_values(Request(), facet, find=find))[:5]


@pytest.mark.parametrize("find", ["ぬるぽ", "zzz", "%", "_", "'\"", "\\"])
def test_what_nobody_is_called_finds_nothing(library: Library, find: str) -> None:
    found = library.facet_values(Request(), "person", find=find)
    assert (found.found, found.values) == (0, ())
    assert found.total > 0


def test_values_are_of_the_articles_of_the_search(library: Library) -> None:
    request = Request("停戦")
    counts = {v.value: v.count for v in library.search(request).facets["country"]}
    assert {v.value: v.count for v in library.facet_values(request, "country").values} == counts
    assert counts != {v.value: v.count for v in library.facet_values(Request(), "country").values}


def test_where_only_some_words_are_found_values_are_of_those_articles(library: Library) -> None:
    request = Request("停戦 ありえない語句")
    result = library.search(request)
    assert (result.total, result.partial_total > 0) == (0, True)
    counts = {v.value: v.count for v in result.facets["country"]}
    assert {v.value: v.count for v in library.facet_values(request, "country").values} == counts


def test_by_name_they_are_in_the_order_of_the_labels(library: Library) -> None:
    for language in ("ja", "en"):
        found = library.facet_values(Request(language=language), "country", order="name")
        assert _labels(found) == sorted(_labels(found), key=str.casefold)
    years = [v.value for v in library.facet_values(Request(), "year", order="name").values]
    assert years[-1] == "none"
    assert years[:-1] == sorted(years[:-1], reverse=True)


def test_pages_follow_each_other_and_end(library: Library) -> None:
    first, second = (library.facet_values(Request(), "person", page=page) for page in (1, 2))
    assert len(first.values) == VALUES_A_PAGE
    assert not {v.value for v in first.values} & {v.value for v in second.values}
    past = library.facet_values(Request(), "person", page=first.pages + 1)
    assert (past.values, past.found) == ((), first.found)
    everyone = [v.value for page in range(1, first.pages + 1)
                for v in library.facet_values(Request(), "person", page=page).values]
    assert len(everyone) == len(set(everyone)) == first.total


def test_what_is_chosen_or_excluded_is_there_even_with_no_article(library: Library) -> None:
    request = Request(filters={"desk": ("国際",)}, excluded={"desk": ("どこにもない",)})
    found = {v.value: v for v in library.facet_values(request, "desk").values}
    assert found["国際"].selected
    assert found["どこにもない"] == FacetValue("どこにもない", "どこにもない", 0, excluded=True)


def test_the_conditions_of_the_search_come_with_them(library: Library) -> None:
    found = library.facet_values(Request("停戦", {"person": ("プーチン",)}), "country")
    assert [(c.facet, c.label) for c in found.conditions] == [("q", "停戦"), ("person", "ウラジーミル・プーチン")]


@pytest.mark.parametrize(("find", "sound", "letters"), [
    ("しゅう", "syu", ""), ("シュウ", "syu", ""), ("shuu", "syu", "shuu"), ("Putin", "putin", "putin"),
    ("し", "si", ""), ("あ", "", ""), ("x", "", ""), ("習", "", ""), ("習きん", "", ""),
])
def test_only_kana_and_latin_letters_are_heard(find: str, sound: str, letters: str) -> None:
    assert heard_as(find) == (sound, letters)
