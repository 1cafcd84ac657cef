"""The questions a journalist asks, over the sample archive."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from double_engine import DoubleEngine, matches

from indexer import pipeline, upkeep
from indexer.records import as_record
from search.archive import Archive
from search.articles import JST, Article, Published, Section, Topic
from search.engine import Matches
from search.errors import ArchiveNotFound, IndexDamaged, IndexNotFound, KijiguraError, NotFound, QueryTooHeavy
from search.library import Library
from search.name_views import newest_of
from search.query.model import Named, Query, Request
from search.results import FACETS, NO_DATE, VALUES_SHOWN, Hit, ResultPage, Snippet

ALL = 62
PEACE = "ウクライナの平和的解決を求める"


def ask(library: Library, text: str = "", **request: Any) -> ResultPage:
    filters = {facet: values for facet in FACETS if (values := request.pop(facet, None))}
    return library.search(Request(text, filters=filters, **{"size": 100, **request}))


def ids(page: ResultPage) -> list[str]:
    return [hit.id for hit in page.hits]


def hit_of(page: ResultPage, article_id: str) -> Hit:
    return next(hit for hit in page.hits if hit.id == article_id)


def headings(hit: Hit) -> list[str | None]:
    return [section.heading.text if section.heading else None for section in hit.sections]


def marked(snippet: Snippet) -> list[str]:
    return [piece for piece, is_marked in snippet.pieces() if is_marked]


def lit(hit: Hit) -> set[str]:
    """Everything that is marked in the sections shown."""
    shown = [s.snippet for s in hit.sections] + [s.heading for s in hit.sections if s.heading]
    return {word for snippet in shown for word in marked(snippet)}


# ---- the user's own article ---------------------------------------------------------------------


@pytest.mark.parametrize(("query", "sections", "words"), [
    ("ラブロフ", ["相互支援のしるし", "ロシアを排除する国際行事に反対", None], {"ラヴロフ", "セルゲイ・ラブロフ"}),
    ("ラヴロフ", ["相互支援のしるし", "ロシアを排除する国際行事に反対", None], {"ラヴロフ", "セルゲイ・ラブロフ"}),
    ("和平案", [PEACE], {"和平案"}),
    ("ゼレンスキー", [PEACE], {"ゼレンスキー"}),
    ("スイス 停戦", [PEACE], {"スイス", "停戦"}),
    ("王毅", ["ロシアを排除する国際行事に反対", "緊密な交流を維持する"], {"王毅"}),
    ("「戦略的パートナーシップ」", [None, "結論"], {"戦略的パートナーシップ"}),
    ("ベネズエラ OR シリア", ["孤立の中で絆を強める"], {"ベネズエラ", "シリア"}),
])
def test_a_word_finds_the_article_and_its_best_sections_first(
    library: Library, mine: str, query: str, sections: list[str | None], words: set[str]
) -> None:
    hit = hit_of(ask(library, query), mine)
    assert headings(hit) == sections
    assert words <= lit(hit)


@pytest.mark.parametrize("name", [
    "ラブロフ", "ラヴロフ", "セルゲイ・ラブロフ", "セルゲイ・ラヴロフ", "Lavrov", "sergey-lavrov",
])
def test_every_name_of_a_person_chooses_the_same_articles(library: Library, mine: str, name: str) -> None:
    page = ask(library, person=(name,))
    assert ids(page) == ids(ask(library, person=("ラブロフ",)))
    assert headings(hit_of(page, mine))[:2] == ["相互支援のしるし", "ロシアを排除する国際行事に反対"]
    assert page.notes == ()


@pytest.mark.parametrize(("name", "entity"), [
    ("ゼレンスキー氏", "volodymyr-zelensky"), ("王毅外相", "wang-yi"), ("岸田首相", "kishida-fumio"),
    ("プーチン大統領", "vladimir-putin"),
    ("習近平国家主席", "xi-jinping"),
])
def test_a_person_is_found_by_name_and_title(library: Library, name: str, entity: str) -> None:
    assert library.entity(name, "ja").entity.id == entity
    assert ask(library, person=(name,)).total == ask(library, person=(entity,)).total > 0


@pytest.mark.parametrize("name", ["ロシア外相", "外相", "氏"])
def test_an_office_is_no_name(library: Library, name: str) -> None:
    assert ask(library, person=(name,)).total == 0


@pytest.mark.parametrize("name", ["習主席", "習近平", "習氏", "Xi Jinping", "习近平"])
def test_xi_jinping_is_found_however_he_is_called(library: Library, mine: str, name: str) -> None:
    page = ask(library, person=(name,))
    assert all(word.startswith("習") for word in lit(hit_of(page, mine)))
    assert page.total == ask(library, person=("xi-jinping",)).total


@pytest.mark.parametrize("name", ["ウクライナ和平交渉", "Ukraine peace talks", "ukraine-peace-talks"])
def test_a_topic_finds_the_article_by_any_of_its_names(library: Library, mine: str, name: str) -> None:
    page = ask(library, topic=(name,))
    assert headings(hit_of(page, mine))[0] == PEACE
    assert {"ウクライナ", "和平案", "停戦"} <= lit(hit_of(page, mine))
    assert [v.label for v in page.facets["topic"] if v.selected] == ["ウクライナ和平交渉"]


def test_its_title_is_its_opening_and_has_no_marks_of_its_own(library: Library, mine: str) -> None:
    hit = hit_of(ask(library, "ラブロフ"), mine)
    assert hit.title_inferred
    assert hit.title.text.startswith("北京での中国の習近平指導者とロシアのセルゲイ・ラブロフ外相の会談は")
    assert (hit.published, hit.source, hit.desk, hit.url) == (None, None, None, None)


def test_people_and_countries_stand_under_the_title_most_mentioned_first(library: Library, mine: str) -> None:
    hit = hit_of(ask(library, "ラブロフ"), mine)
    assert [e.id for e in hit.people][:3] == ["sergey-lavrov", "xi-jinping", "vladimir-putin"]
    assert [e.id for e in hit.countries][:4] == ["RU", "CN", "UA", "US"]


# ---- order and pages ----------------------------------------------------------------------------


def dates(page: ResultPage) -> list[Any]:
    return [hit.published.at if hit.published else None for hit in page.hits]


def test_an_empty_query_is_every_article_newest_first(library: Library) -> None:
    for text in ("", "  ", "　"):
        page = ask(library, text)
        assert page.total == len(page.hits) == ALL
        found = dates(page)[:-1]
        assert found == sorted(found, reverse=True)


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_an_article_without_a_date_comes_last_in_either_direction(library: Library, mine: str, sort: Any) -> None:
    page = ask(library, sort=sort)
    assert ids(page)[-1] == mine
    assert dates(page)[:-1] == sorted(dates(page)[:-1], reverse=sort == "newest")


def test_relevance_is_the_order_of_a_query_unless_another_is_asked(library: Library) -> None:
    page = ask(library, "停戦")
    assert [hit.score for hit in page.hits] == sorted((hit.score for hit in page.hits), reverse=True)
    assert sorted(ids(page)) == sorted(ids(ask(library, "停戦", sort="newest")))
    assert ids(page) == ids(ask(library, "停戦", sort="relevance"))


def test_pages_follow_each_other_without_a_gap_or_a_repeat(library: Library) -> None:
    pages = [ask(library, "ロシア", size=5, page=n) for n in (1, 2, 3, 4)]
    assert [i for page in pages for i in ids(page)] == ids(ask(library, "ロシア"))[:20]
    assert {page.total for page in pages} == {ask(library, "ロシア").total}


@pytest.mark.parametrize("number", [8, 1_000, 10**12])
def test_a_page_past_the_end_is_empty_and_keeps_the_total_and_the_facets(library: Library, number: int) -> None:
    page = ask(library, size=10, page=number)
    assert (page.hits, page.total, page.pages) == ((), ALL, 7)
    assert page.facets == ask(library, size=10).facets


# ---- filters ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("facet", "names"), [
    ("country", ["中国", "China", "CN", "中華人民共和国", "中國"]),
    ("country", ["米国", "アメリカ", "US", "United States"]),
    ("organization", ["国連安全保障理事会", "国連安保理", "安保理"]),
])
def test_all_names_of_a_country_or_organization_choose_the_same(library: Library, facet: str, names: list[str]) -> None:
    totals = {ask(library, **{facet: (name,)}).total for name in names}
    assert len(totals) == 1
    assert totals != {0}


@pytest.mark.parametrize(("language", "note"), [
    ("ja", "「だれもいない」という人物はこの記事蔵にありません。"),
    ("en", "This archive knows no person called “だれもいない”."),
])
def test_an_unknown_name_finds_nothing_and_says_so(library: Library, language: str, note: str) -> None:
    page = ask(library, person=("だれもいない",), language=language)
    assert (page.total, page.notes) == (0, (note,))
    assert [(v.value, v.count) for v in page.facets["person"] if v.selected] == [("だれもいない", 0)]


@pytest.mark.parametrize(("facet", "name"), [
    ("person", "中国"), ("person", "CN"), ("country", "習近平"), ("country", "xi-jinping"),
    ("topic", "ない話題"), ("place", "\0"), ("person", ""), ("organization", "!!!"),
])
def test_a_name_of_another_kind_is_unknown_too(library: Library, facet: str, name: str) -> None:
    page = ask(library, **{facet: (name,)})
    assert page.total == 0
    assert len(page.notes) == 1


def test_values_of_one_facet_are_joined_by_or_and_facets_by_and(library: Library) -> None:
    both = set(ids(ask(library, person=("習近平", "ラブロフ"))))
    assert both == set(ids(ask(library, person=("習近平",)))) | set(ids(ask(library, person=("ラブロフ",))))
    narrowed = set(ids(ask(library, person=("習近平",), country=("ウクライナ",))))
    assert narrowed == set(ids(ask(library, person=("習近平",)))) & set(ids(ask(library, country=("ウクライナ",))))


@pytest.mark.parametrize(("since", "until"), [
    (date(2024, 1, 1), date(2024, 12, 31)), (date(2024, 6, 17), date(2024, 6, 17)), (None, date(2015, 1, 1)),
    (date(2025, 1, 1), None), (date(2025, 1, 1), date(2024, 1, 1)), (date.min, date.max),
])
def test_both_days_of_a_range_are_included_and_no_date_is_in_no_range(
    library: Library, mine: str, since: date | None, until: date | None
) -> None:
    days = {hit.id: hit.published.at.date() for hit in ask(library).hits if hit.published}
    wanted = [i for i, day in days.items() if (since or date.min) <= day <= (until or date.max)]
    page = ask(library, since=since, until=until)
    assert sorted(ids(page)) == sorted(wanted)
    assert mine not in ids(page)


def test_articles_without_a_date_are_a_year_of_their_own(library: Library, mine: str) -> None:
    assert ids(ask(library, year=(NO_DATE,))) == [mine]
    assert ask(library, year=(NO_DATE, "2024")).total == ask(library, year=("2024",)).total + 1


@pytest.mark.parametrize(("language", "label"), [("ja", "日付なし"), ("en", "No date")])
def test_years_come_newest_first_and_no_date_comes_last(library: Library, language: str, label: str) -> None:
    years = ask(library, language=language).facets["year"]
    assert [v.value for v in years] == [*sorted((v.value for v in years[:-1]), reverse=True), NO_DATE]
    assert years[-1].label == label


# ---- facets and the histogram -------------------------------------------------------------------

QUERIES = [
    {}, {"text": "ロシア"}, {"text": "停戦 -ガザ"}, {"text": "会談", "desk": ("国際",)},
    {"text": "ロシア", "country": ("中国", "スイス"), "since": date(2022, 1, 1)},
    {"topic": ("ウクライナ和平交渉",), "year": ("2024", NO_DATE)},
]


@pytest.mark.parametrize("query", QUERIES, ids=repr)
def test_the_count_beside_every_value_is_what_choosing_it_finds(library: Library, query: dict[str, Any]) -> None:
    page = ask(library, **query)
    assert tuple(page.facets) == FACETS
    for facet in FACETS:
        # Of the hundreds of names in the whole archive, the most frequent and the least.
        for value in (*page.facets[facet][:25], *page.facets[facet][-5:]):
            chosen = ask(library, **{**query, facet: (value.value,), "size": 1})
            assert chosen.total == value.count, (facet, value)
            assert next(v for v in chosen.facets[facet] if v.value == value.value).selected


@pytest.mark.parametrize("query", QUERIES, ids=repr)
def test_facets_and_bars_agree_with_the_hits(library: Library, query: dict[str, Any]) -> None:
    page = ask(library, **query)
    assert page.total == len(page.hits)
    assert sum(bar.count for bar in page.histogram) == sum(hit.published is not None for hit in page.hits)
    free = [facet for facet in ("desk", "source") if facet not in query]
    for facet in free:
        of_hits = [value for hit in page.hits if (value := getattr(hit, facet))]
        assert {v.value: v.count for v in page.facets[facet]} == {v: of_hits.count(v) for v in of_hits}


@pytest.mark.parametrize("facet", [f for f in FACETS if f != "source"])
def test_choosing_a_value_keeps_the_others_in_view_with_their_counts(library: Library, facet: str) -> None:
    before = ask(library, "ロシア").facets[facet]
    after = ask(library, "ロシア", **{facet: (before[0].value,)}).facets[facet]
    assert after == (replace(before[0], selected=True), *before[1:])


@pytest.mark.parametrize("facet", [f for f in FACETS if f != "year"])
def test_values_come_most_frequent_first(library: Library, facet: str) -> None:
    counts = [v.count for v in ask(library).facets[facet]]
    assert counts == sorted(counts, reverse=True)
    assert 0 not in counts


@pytest.mark.parametrize(("language", "labels"), [
    ("ja", {"習近平", "中国", "ウクライナ和平交渉"}), ("en", {"Xi Jinping", "China", "Ukraine peace talks"}),
])
def test_labels_are_in_the_readers_language(library: Library, language: str, labels: set[str]) -> None:
    page = ask(library, language=language)
    assert labels <= {v.label for facet in ("person", "country", "topic") for v in page.facets[facet]}


# ---- how a query was understood -----------------------------------------------------------------


def test_a_word_that_names_someone_is_told_with_the_spellings_searched_too(library: Library) -> None:
    (taken,) = ask(library, "ラヴロフ").interpreted
    assert (taken.word, taken.taken_as, taken.entity, taken.name) == (
        "ラヴロフ", "person", "sergey-lavrov", "セルゲイ・ラブロフ"
    )
    assert "ラブロフ" in taken.also
    assert "ラヴロフ" not in taken.also
    (taken,) = ask(library, "ラヴロフ", language="en").interpreted
    assert taken.name == "Sergey Lavrov"


@pytest.mark.parametrize("request_", [{"as_typed": True}, {"off": ("習主席",)}])
def test_expansion_can_be_switched_off(library: Library, mine: str, request_: dict[str, Any]) -> None:
    wide, typed = ask(library, "習主席"), ask(library, "習主席", **request_)
    assert ids(typed) == [mine]
    assert all(how.is_off for how in typed.interpreted)
    assert wide.total > typed.total


def test_not_leaves_out_every_spelling_of_a_name(library: Library) -> None:
    with_china, without = ask(library, "中国"), ask(library, "-中国")
    assert with_china.total + without.total == ALL
    assert set(ids(without)).isdisjoint(ids(ask(library, country=("CN",))))
    assert with_china.total >= ask(library, country=("CN",)).total


@pytest.mark.parametrize(("text", "language", "note"), [
    ("!!!", "ja", "「!!!」には検索できる語がないため、文字どおりに探しました。"),
    ("()", "en", "There is no word in “()”: its characters were searched as they are."),
    ("停戦 日付:2024-13", "ja", "「2024-13」という日付はないため、2024 として探しました。"),
    ("面:宇宙", "en", "This archive knows no desk called “宇宙”."),
    (" ".join(["停戦"] * 34), "ja", "検索語は32語、かっこは8重までです。残りの2語は使っていません。"),
    (" ".join(["停戦"] * 34), "en", "A query has up to 32 words, in brackets up to 8 deep; the other 2 were left out."),
])
def test_what_was_done_with_an_odd_query_is_told(library: Library, text: str, language: str, note: str) -> None:
    assert ask(library, text, language=language).notes == (note,)


@pytest.mark.parametrize("text", [
    '((("「 AND OR -', "(" * 1_000, "\ud800", "\0", "和平交渉" * 8_192, "「" + "和平交渉" * 8_192, "a" * 65_536,
    "-" * 65_536, "'; DROP TABLE articles; --", "text:停戦", "停戦*", "😀", "﷽",
])
def test_no_query_is_an_error(library: Library, text: str) -> None:
    page = ask(library, text)
    assert page.total + page.partial_total == len(page.hits)


# ---- nothing found ------------------------------------------------------------------------------


def test_when_nothing_is_found_each_condition_says_what_there_is_without_it(library: Library) -> None:
    page = ask(
        library, "火星人", desk=("国際",), person=("習近平", "だれか"), since=date(2020, 1, 1), until=date(2020, 1, 2)
    )
    assert page.total == 0
    assert [(c.facet, c.value, c.label) for c in page.conditions] == [
        ("q", "火星人", "火星人"), ("person", "xi-jinping", "習近平"), ("person", "だれか", "だれか"),
        ("desk", "国際", "国際"),
        ("from", "2020-01-01", "2020-01-01"), ("to", "2020-01-02", "2020-01-02"),
    ]
    assert all(c.total_without is not None for c in page.conditions)


@pytest.mark.parametrize(("given", "dropped", "without"), [
    ({"text": "火星人", "desk": ("国際",)}, "q", {"desk": ("国際",)}),
    ({"text": "習近平", "desk": ("スポーツ",)}, "desk", {"text": "習近平"}),
    ({"text": "習近平", "desk": ("スポーツ",), "year": ("2024",)}, "desk", {"text": "習近平", "year": ("2024",)}),
    ({"since": date(2025, 1, 1), "until": date(2024, 1, 1)}, "from", {"until": date(2024, 1, 1)}),
])
def test_the_total_without_a_condition_is_the_total_of_that_search(
    library: Library, given: dict[str, Any], dropped: str, without: dict[str, Any]
) -> None:
    page = ask(library, **given)
    assert page.total == 0
    assert next(c.total_without for c in page.conditions if c.facet == dropped) == ask(library, **without).total > 0


def test_where_no_single_condition_is_in_the_way_any_two_are_tried(library: Library) -> None:
    page = ask(library, "停戦 火星人", desk=("スポーツ",), year=("2024",))
    assert (page.total, [c.total_without for c in page.conditions]) == (0, [0, 0, 0, 0])
    given: list[dict[str, Any]] = [{"text": "停戦"}, {"text": "火星人"}, {"desk": ("スポーツ",)}, {"year": ("2024",)}]
    totals = {}
    for one, other in combinations(range(4), 2):
        left = [given[place] for place in range(4) if place not in (one, other)]
        text = " ".join(kept["text"] for kept in left if "text" in kept)
        totals[one, other] = ask(library, **{k: v for kept in left for k, v in kept.items()} | {"text": text}).total
    assert {(one, other): total for one, other, total in page.without_two} == {
        pair: total for pair, total in totals.items() if total
    } != {}


@pytest.mark.parametrize("given", [
    {"text": "停戦 火星人", "desk": ("国際",)},                          # one is in the way
    {"text": "木星人 火星人"},                                          # two are all there are
    {"text": "あいう 木星人 火星人 土星人 金星人 水星人 天王星人"},         # too many to try
    {"text": "停戦"},
])
def test_two_conditions_are_tried_only_where_that_may_help(library: Library, given: dict[str, Any]) -> None:
    assert ask(library, **given).without_two == ()


def test_when_something_is_found_conditions_are_not_counted(library: Library) -> None:
    (word, desk) = ask(library, "停戦", desk=("国際",)).conditions
    assert (word.facet, desk.facet, word.total_without, desk.total_without) == ("q", "desk", None, None)


# ---- pages of an article, an entity, a topic ----------------------------------------------------


def test_an_article_shows_the_words_and_names_that_were_asked_for(library: Library, mine: str) -> None:
    view = library.article(mine, Request("停戦", filters={"person": ("習主席",)}))
    words = [word for section in view.sections for p in section.paragraphs for word in marked(p)]
    assert words.count("停戦") == 1
    assert "習近平" in words
    assert all(word.startswith(("停戦", "習")) for word in words)
    assert [s.heading.text for s in view.sections if s.heading][:2] == ["孤立の中で絆を強める", "協力の歴史"]
    assert [t.name for t in view.topics] == ["ウクライナ和平交渉"]
    assert view.entities["person"][0].entity.id == "sergey-lavrov"


def test_an_article_says_who_is_named_where(library: Library, mine: str) -> None:
    view = library.article(mine, Request())
    shown = [view.title, *(s.heading for s in view.sections if s.heading)]
    shown += [p for s in view.sections for p in s.paragraphs]
    named = [(snippet.text[n.start : n.end], n.entity.id) for snippet in shown for n in snippet.names]
    assert {("ラヴロフ", "sergey-lavrov"), ("中国", "CN")} <= set(named)
    assert all(a.end <= b.start for snippet in shown for a, b in pairwise(snippet.names))
    counts = Counter(name.entity.id for _, names in view.names for name in names)
    for found in view.entities.values():
        assert all(counts[one.entity.id] >= one.count for one in found)
    found_in = view.as_json("ja")["sections"]
    for name in view.as_json("ja")["names"]:
        texts = {"title": view.article.title} if name["section"] is None else found_in[name["section"]]
        assert texts[name["in"]][name["start"] : name["end"]] == name["surface"]


def test_an_article_loses_no_text_on_its_page(library: Library) -> None:
    for hit in ask(library).hits:
        view = library.article(hit.id, Request("ロシア OR 日本"))
        for section, shown in zip(view.article.sections, view.sections, strict=True):
            assert "".join(p.text for p in shown.paragraphs).split() == section.text.replace("\n\n", "").split()
            assert (shown.heading.text if shown.heading else None) == section.heading


def test_an_article_that_does_not_match_is_shown_with_what_it_has_of_the_query(library: Library, mine: str) -> None:
    view = library.article(mine, Request("停戦 火星人"))
    assert {w for s in view.sections for p in s.paragraphs for w in marked(p)} == {"停戦"}


def test_an_entity_page_counts_its_articles_spellings_and_neighbours(library: Library) -> None:
    view = library.entity("ラヴロフ", "ja")
    assert view.entity.name == "セルゲイ・ラブロフ"
    profile = view.profile
    assert profile.total == ask(library, person=("ラブロフ",)).total == sum(b.count for b in profile.histogram) + 1
    assert {"ラブロフ", "ラヴロフ"} <= {a.surface for a in view.aliases}
    assert "sergey-lavrov" not in [n.entity.id for n in profile.company.neighbours["person"]]
    for neighbour in profile.company.neighbours["country"]:
        assert neighbour.count == ask(library, country=(neighbour.entity.id,), person=("ラブロフ",)).total
    assert ("ukraine-peace-talks", "ウクライナ和平交渉") in [(t.value, t.label) for t in profile.topics]
    newest = [hit.id for hit in newest_of(view.about, view.mentioned)]
    assert newest == ids(ask(library, person=("ラブロフ",), sort="newest"))[:10]


def test_the_json_of_an_entity(library: Library) -> None:
    found = library.entity("中国", "ja").as_json()
    assert set(found) == {
        "id", "kind", "name", "name_en", "aliases", "total", "first", "last", "histogram", "neighbours", "network",
        "desks", "sources", "topics", "coverage", "about_total", "about_histogram", "about", "newest",
    }
    assert (found["id"], found["kind"], found["name"], found["name_en"]) == ("CN", "country", "中国", "China")
    assert set(found["neighbours"]) == {"person", "country", "organization", "place"}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_topics_come_in_their_order_with_their_articles(library: Library, language: str) -> None:
    topics = library.topics(language)
    assert len(topics) == 10
    assert (topics[0].value, topics[0].label) == (
        "ukraine-peace-talks", {"ja": "ウクライナ和平交渉", "en": "Ukraine peace talks"}[language]
    )
    for topic in topics:
        found = library.topic(topic.value, language).profile.total
        assert topic.count == ask(library, topic=(topic.value,)).total == found


def test_a_topic_page_has_its_people_countries_and_newest_articles(library: Library) -> None:
    view = library.topic("ukraine-peace-talks", "ja")
    page = ask(library, topic=("ukraine-peace-talks",), sort="newest")
    assert [member.hit.id for member in view.newest] == ids(page)[:10]
    neighbours = view.profile.company.neighbours
    for kind in ("person", "country", "organization", "place"):
        counted = {value.value: value.count for value in page.facets[kind]}
        assert {n.entity.id: n.count for n in neighbours[kind]}.items() <= counted.items()
        assert len(neighbours[kind]) == min(20, len(counted))
    assert view.profile.histogram == page.histogram


@pytest.mark.parametrize("look", [
    lambda library: library.article("ない", Request()),
    lambda library: library.entity("だれもいない", "ja"),
    lambda library: library.entity("", "ja"),
    lambda library: library.topic("ない", "ja"),
    lambda library: library.explain(Request("停戦"), "ない"),
])
def test_what_is_not_there_is_not_found(library: Library, look: Callable[[Library], object]) -> None:
    with pytest.raises(NotFound):
        look(library)


def test_explaining_an_article_names_each_word_and_what_it_adds(library: Library, mine: str) -> None:
    found = library.explain(Request("和平案 火星人"), mine)
    assert (found.matches, found.score) == (False, 0.0)
    counts = {leaf: count for leaf, _, count in found.leaves}
    assert counts["和平 案"] == 1
    assert counts["火星 人/火星人"] == 0
    found = library.explain(Request("停戦"), mine)
    assert found.matches
    assert found.score == pytest.approx(hit_of(ask(library, "停戦"), mine).score)


def test_an_export_has_every_match_in_the_order_of_the_query(library: Library) -> None:
    request = Request("ロシア", filters={"country": ("中国",)}, sort="oldest")
    assert [a.id for a in library.export(request)] == ids(ask(library, "ロシア", country=("中国",), sort="oldest"))


def test_health_says_how_much_the_index_has(library: Library) -> None:
    health = library.health()
    assert (health.articles, health.indexed, health.behind, health.notes) == (ALL, ALL, 0, ())
    assert health.indexed_at


# ---- an archive that goes on while its index does not --------------------------------------------


def article(article_id: str, text: str) -> Article:
    noon = datetime(2024, 4, 10, 12, tzinfo=JST)
    return Article(article_id, "題", (Section(None, text),), Published(noon), "試験新聞")


@pytest.fixture
def small(archive: Archive) -> Archive:
    with archive.transaction():
        archive.put(article("a", "停戦に合意した。"))
        archive.put(article("b", "停戦は遠い。"))
    upkeep.ensure_index(archive, None, workers=1, say=pytest.fail)
    return archive


def test_a_hit_shows_the_version_that_was_indexed_though_the_archive_has_a_newer_one(small: Archive) -> None:
    with small.transaction():
        small.put(article("a", "まったく別の長い書き出しのあとで、戦闘が再開した。"))
    with Library.open(small.directory) as library:
        hit = hit_of(ask(library, "停戦"), "a")
        assert hit.sections[0].snippet == Snippet("停戦に合意した。", ((0, 2),))
        assert library.health().behind == 1
        # The page of the article has its newest text, and no marks that would be wrong there.
        view = library.article("a", Request("停戦"))
        assert [p.text for p in view.sections[0].paragraphs] == ["まったく別の長い書き出しのあとで、戦闘が再開した。"]
        assert [marked(p) for p in view.sections[0].paragraphs] == [[]]


def test_an_article_removed_since_is_still_counted_but_neither_shown_nor_exported(small: Archive) -> None:
    with small.transaction():
        small.remove("a")
    with Library.open(small.directory) as library:
        assert ask(library, "停戦").total == 2
        assert [a.id for a in library.export(Request("停戦"))] == ["b"]
        with pytest.raises(NotFound):
            library.article("a", Request("停戦"))
    upkeep.ensure_index(small, None, workers=1, say=pytest.fail)
    with Library.open(small.directory) as library:
        assert ids(ask(library, "停戦")) == ["b"]


def test_a_topic_that_is_added_is_counted_without_a_new_index(copied: Callable[[], Path]) -> None:
    directory = copied()
    with Library.open(directory) as library:
        with Archive.open(directory) as archive, archive.transaction():
            archive.put_topics([Topic("swiss", "スイス", "スイス")])
        assert {t.value: t.count for t in library.topics("ja")}["swiss"] == ask(library, "スイス").total > 0
        assert ask(library, topic=("スイス",)).total == ask(library, "スイス").total


def test_a_topic_of_today_is_counted_anew_after_midnight(
    copied: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = datetime.now(JST)

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:     # type: ignore[override]
            return clock

    for module in ("asking", "name_suggestions"):
        monkeypatch.setattr(f"search.{module}.datetime", Clock)
    directory = copied()
    with Library.open(directory) as library:
        with Archive.open(directory) as archive, archive.transaction():
            archive.put_topics([Topic("news", "今日の記事", "日付:今日")])
        newest = ask(library, sort="newest").hits[0].published
        assert newest
        evening = newest.at.astimezone(JST).replace(hour=23, minute=59)
        counts = []
        for clock in (evening, evening + timedelta(minutes=2)):
            counts.append(ask(library, since=clock.date(), until=clock.date()).total)
            assert [one.count for one in library.suggest("今日の", "ja").found] == counts[-1:]
            assert {topic.value: topic.count for topic in library.topics("ja")}["news"] == counts[-1]
        assert counts[0] > counts[1] == 0


def test_an_archive_or_index_that_is_not_there_is_said_so(tmp_path: Path, archive: Archive) -> None:
    with pytest.raises(ArchiveNotFound, match="kijigura add"):
        Library.open(tmp_path / "nowhere")
    with pytest.raises(IndexNotFound, match="kijigura rebuild"):
        Library.open(archive.directory)


def test_an_empty_archive_answers_everything_with_nothing(archive: Archive) -> None:
    upkeep.ensure_index(archive, None, workers=1, say=pytest.fail)
    with Library.open(archive.directory) as library:
        for text in ("", "停戦", "-停戦", "「停戦」"):
            page = ask(library, text)
            assert (page.total, page.hits, page.histogram) == (0, (), ())
            assert page.facets == dict.fromkeys(FACETS, ())
        assert library.topics("ja") == ()
        assert library.health().articles == 0


def test_an_index_of_other_versions_answers_with_a_note(copied: Callable[[], Path], monkeypatch: Any) -> None:
    directory = copied()
    monkeypatch.setattr("search.whoosh_engine.storage.analysis_version", lambda: "kijigura 999")
    with Library.open(directory, outdated_ok=True) as library:
        for language, start in (("ja", "索引は以前の版"), ("en", "The index was made by an earlier version")):
            (note,) = ask(library, "停戦", language=language).notes
            assert note.startswith(start)
        assert library.health().notes


def test_what_pipeline_calls_a_record_comes_back_the_same(library: Library, archive: Archive, tmp_path: Path) -> None:
    lines = tmp_path / "export.jsonl"
    exported = list(library.export(Request()))
    lines.write_text("".join(json.dumps(as_record(a), ensure_ascii=False) + "\n" for a in exported), "utf-8")
    assert {taken.outcome for taken in pipeline.take_in(archive, [lines])} == {"added"}
    for before in exported:
        assert archive.get(before.id).article == before


@pytest.mark.parametrize("facet", ["person", "country", "organization", "place"])
def test_a_name_in_a_field_finds_what_its_facet_counts(library: Library, facet: str) -> None:
    for value in library.facet_values(Request(), facet).values:
        chosen = set(library.matching(Request(filters={facet: (value.value,)})))
        assert set(library.matching(Request(f"{facet}:{value.value}"))) == chosen
        assert len(chosen) == value.count


def test_where_its_place_counts_a_name_is_found_by_mentions_that_are_not_sure_enough_for_a_facet(
    library: Library,
) -> None:
    some = {
        value.value: set(library.engine.matching(Query(Named(value.value))))
        for value in library.facet_values(Request(), "place").values
    }
    unsure = {i: ids for i, ids in some.items() if ids > set(library.matching(Request(f"place:{i}")))}
    assert unsure
    for entity_id, ids in unsure.items():
        assert set(library.matching(Request(f"place:{entity_id} SAME place:{entity_id}"))) == ids


@pytest.mark.parametrize("text", ["人物:トランプ NEAR/5 会談", "国:中国 NEAR/3 国:ロシア"])
def test_a_name_in_a_field_is_near_to_another_word_where_its_mention_is(library: Library, text: str) -> None:
    near = set(library.matching(Request(text)))
    assert near
    assert near < set(library.matching(Request(re.sub("NEAR/[0-9]+", "", text))))


# ---- what the engine is asked ---------------------------------------------------------------------

Over = Callable[..., tuple[Library, DoubleEngine]]

@pytest.fixture
def asked(copied: Callable[[], Path]) -> Over:
    """Makes a library of the sample archive over an engine that answers as told."""

    def over(*answers: Matches | KijiguraError) -> tuple[Library, DoubleEngine]:
        engine = DoubleEngine(*answers)
        return Library(Archive.open(copied()), engine), engine

    return over


def test_a_page_asks_for_no_more_than_it_shows_and_gives_up_after_two_seconds(asked: Over) -> None:
    library, engine = asked(matches(1))
    library.search(Request("停戦"))
    (query,) = engine.asked
    assert (query.facet_values, query.facets, query.deadline_ms) == (VALUES_SHOWN, FACETS, 2_000)


@pytest.mark.parametrize(("look", "facets", "days"), [
    (lambda library: library.topics("ja"), ("topic",), False),
    (lambda library: library.article("mihon-2025-05-16-istanbul", Request()), ("topic",), False),
])
def test_other_pages_ask_for_what_they_show(
    asked: Over, look: Callable[[Library], object], facets: Any, days: bool
) -> None:
    library, engine = asked(matches(1))
    look(library)
    (query,) = [query for query in engine.asked if query.facets == facets]
    assert (query.days, query.deadline_ms) == (days, 2_000)


def test_related_articles_are_asked_for_without_counts_and_in_limited_time(asked: Over) -> None:
    library, engine = asked(matches(1))
    library.article("mihon-2025-05-16-istanbul", Request())
    query = engine.asked[-1]
    assert (query.facets, query.days, query.spans, query.deadline_ms) == ((), False, False, 2_000)


@pytest.mark.parametrize("look", [
    lambda library: library.entity("CN", "ja"), lambda library: library.topic("ukraine-peace-talks", "ja"),
])
def test_the_page_of_a_name_or_topic_counts_no_more_values_than_it_ranks(
    asked: Over, look: Callable[[Library], object]
) -> None:
    library, engine = asked(matches(1))
    look(library)
    first = next(query for query in engine.asked if "topic" in query.facets)
    assert first.facets == ("person", "country", "organization", "place", "desk", "source", "topic")
    assert first.facet_values is not None
    assert all(query.deadline_ms == 2_000 for query in engine.asked)


def test_a_query_that_is_too_heavy_ends_the_page(asked: Over) -> None:
    library, _ = asked(QueryTooHeavy("It was given up after 2 s."))
    with pytest.raises(QueryTooHeavy):
        library.search(Request("停戦"))


def test_conditions_that_cannot_be_counted_in_time_are_shown_without_a_count(asked: Over) -> None:
    library, engine = asked(matches(0), matches(7), QueryTooHeavy("It was given up."), matches(9))
    page = library.search(Request("停戦", since=date(2024, 1, 1), until=date(2024, 2, 1)))
    assert [c.total_without for c in page.conditions] == [7, None, 9]
    for query in engine.asked[1:]:
        assert (query.facets, query.spans, query.days, query.limit) == ((), False, False, 0)
        assert 0 < (query.deadline_ms or 0) <= 2_000


def test_damage_found_while_answering_is_not_hidden(asked: Over) -> None:
    library, _ = asked(IndexDamaged("Block 7 is damaged."))
    for question in (
        lambda: library.search(Request("停戦")),
        lambda: library.export(Request("停戦")),        # before the first article is read
        lambda: library.entity("CN", "ja"),
        lambda: library.topics("ja"),
    ):
        with pytest.raises(IndexDamaged):
            question()


# ---- threads --------------------------------------------------------------------------------------


def test_threads_that_share_a_library_get_the_answers_of_one(sample: Path) -> None:
    questions = [
        *(Request(text, size=10) for text in ("停戦", "ロシア", "習主席", "外相 会談", "中国 -ガザ", "「停戦」", "")),
        *(Request(filters={"country": (name,)}, language="en") for name in ("中国", "RU", "ウクライナ")),
    ]

    def answer(library: Library, request: Request) -> ResultPage:
        return replace(library.search(request), took_ms=0.0)

    with Library.open(sample) as alone:
        expected = [answer(alone, request) for request in questions]
    with Library.open(sample) as shared, ThreadPoolExecutor(12) as pool:
        for _ in range(3):
            found = pool.map(lambda n: answer(shared, questions[n % len(questions)]), range(60))
            assert list(found) == [expected[n % len(questions)] for n in range(60)]
        views = list(pool.map(lambda _: shared.entity("RU", "ja"), range(12)))
        assert views == [views[0]] * 12
