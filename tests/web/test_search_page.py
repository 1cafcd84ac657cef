"""The search page over the double: facets, chips, the histogram's units, ways out, and all values of a facet."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from flask.testing import FlaskClient
from web_client import page, words
from web_double import DoubleKeeper
from web_sample import ARTICLES

from search.query.model import Request
from search.query.ways_out import ways_out
from web.pages.when import wider_span
from web.params import read


def _facet(html: str, name: str) -> str:
    found = re.search(rf'<section aria-labelledby="facet-{name}">.*?</section>', html, re.S)
    assert found
    return found[0]


def _links(html: str) -> dict[str, Request]:
    """What a reader or a screen reader gets to read of each link -> the request it leads to."""
    links = re.findall(r'<a ([^>]*?href="([^"]*)"[^>]*)>(.*?)</a>', html, re.S)
    return {
        (re.search(r'aria-label="([^"]*)"', attributes) or [None, words(f"<body>{inner}").lstrip("> ")])[1]:
            read(parse_qsl(urlsplit(unescape(url)).query)).request
        for attributes, url, inner in links
    }


# ---- facets ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lang", "label"), [("ja", "ロシアを除く"), ("en", "Exclude Russia")])
def test_every_value_has_a_link_that_excludes_it(client: FlaskClient, lang: str, label: str) -> None:
    links = _links(_facet(page(client, f"/?q=会談&lang={lang}"), "country"))
    assert links[label] == Request("会談", excluded={"country": ("RU",)}, language=lang)


def test_an_excluded_value_stays_on_top_struck_and_can_be_taken_back(client: FlaskClient) -> None:
    country = _facet(page(client, "/?country=CN&not_country=RU"), "country")
    text = words(f"<body>{country}").lstrip("> ")
    assert text.startswith("国・地域 ✓ 選択中、外す： 中国 0 件 − 除外中、戻す： ロシア 1 件")
    assert '<s class="label">ロシア</s>' in country
    taken_back = next(request for name, request in _links(country).items() if "ロシア" in name)
    assert taken_back == Request(filters={"country": ("CN",)})


def test_choosing_what_is_excluded_elsewhere_keeps_that(client: FlaskClient) -> None:
    links = _links(_facet(page(client, "/?not_country=RU&desk=国際&sort=oldest"), "country"))
    assert all(request.excluded == {"country": ("RU",)} for name, request in links.items() if "ロシア" not in name)
    assert all(request.sort == "oldest" for request in links.values())


def test_a_facet_with_more_values_has_a_box_to_find_one_that_keeps_the_search(keeper: DoubleKeeper) -> None:
    from dataclasses import replace

    from web import create_app

    keeper.double.articles = [replace(ARTICLES[1], id=f"a{n}", source=f"第{n}新聞") for n in range(15)]
    html = page(create_app(keeper).test_client(), "/?q=和平&not_desk=経済&from=2020&lang=ja")
    source, desk = _facet(html, "source"), _facet(html, "desk")
    assert re.search(r'<form class="sift" data-sift action="/values/source" method="get">', source)
    kept = re.findall(r'type="hidden" name="(.*?)" value="(.*?)"', source)
    assert kept == [("q", "和平"), ("not_desk", "経済"), ("from", "2020-01-01"), ("lang", "ja")]
    assert '<input name="find" type="search"' in source
    assert "ほか5件" in words(f"<body>{source}")
    assert "sift" not in desk


# ---- chips ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("query", "chip", "left"), [
    ('習主席 "和平" -日本', '語 "和平"', "習主席 -日本"),
    ('習主席 "和平" -日本', "語 -日本", '習主席 "和平"'),
    ("和平 (ロシア OR 中国)", "語 (ロシア OR 中国)", "和平"),
    ("ロシア OR 中国", "語 ロシア OR 中国", ""),
    ("人物:習近平 和平", "語 人物:習近平", "和平"),
])
def test_every_part_of_a_query_that_stands_by_itself_has_a_chip(
    client: FlaskClient, query: str, chip: str, left: str
) -> None:
    html = page(client, f"/?q={quote(query)}")
    conditions = re.search(r'<nav class="conditions".*?</nav>', html, re.S)
    assert conditions
    found = {unescape(name).replace(" （外す） ×", ""): request for name, request in _links(conditions[0]).items()}
    assert found[chip].text == left


def test_the_chip_of_an_exclusion_says_so_and_takes_it_away(client: FlaskClient) -> None:
    html = page(client, "/?q=会談&not_country=ロシア")
    conditions = re.search(r'<nav class="conditions".*?</nav>', html, re.S)
    assert conditions
    name = next(name for name in _links(conditions[0]) if "ロシア" in name)
    assert name.startswith("除く")
    assert _links(conditions[0])[name] == Request("会談")


# ---- nothing found --------------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "ways"), [
    ("q=作柄&desk=国際", {"入力したとおりに検索": "q=作柄&desk=国際&as_typed=1"}),
    ("q=作柄&desk=国際&as_typed=1", {"ほかの表記や同義語も検索": "q=作柄&desk=国際"}),
    ("q=作柄&desk=国際&off=出来秋", {
        "ほかの表記や同義語も検索": "q=作柄&desk=国際",
        "入力したとおりに検索": "q=作柄&desk=国際&off=出来秋&as_typed=1"}),
    ("desk=なし&year=2020&not_year=2019&from=2018", {"期間を問わず検索": "desk=なし"}),
])
def test_where_nothing_is_found_other_searches_are_offered_with_what_they_find(
    client: FlaskClient, address: str, ways: dict[str, str]
) -> None:
    html = page(client, f"/?{address}")
    empty = re.search(r'<div class="empty">.*?</div>', html, re.S)
    assert empty
    text, links = words(f"<body>{empty[0]}"), _links(empty[0])
    for name, leads_to in ways.items():
        assert re.search(rf"{name} [345]件", text)
        assert links[name] == read(parse_qsl(leads_to)).request


@pytest.mark.parametrize(("address", "offered"), [
    # The double finds nothing without a word, and seven articles without anything else.
    ("q=火星人&desk=国際", "入力したとおりに検索 3件 面：国際を外す 7件"),
    ("q=火星人", "入力したとおりに検索 3件"),
    ("q=火星人 木星人", "入力したとおりに検索 3件"),
    ("q=火星人 木星人 土星人",
     "入力したとおりに検索 3件 語：火星人と語：土星人を外す 6件 語：木星人と語：土星人を外す 4件"),
])
def test_only_what_finds_something_is_offered_to_be_taken_away(
    client: FlaskClient, address: str, offered: str
) -> None:
    html = page(client, f"/?{address}")
    empty = re.search(r'<div class="empty">.*?</div>', html, re.S)
    assert empty
    text = words(f"<body>{empty[0]}").lstrip("> ")
    stuck = "条件をどれか1つ外しても、記事は見つかりません。 " if " " in address else ""
    assert text == (
        f"すべての条件に合う記事はありません。 {stuck}次の検索なら見つかります： {offered} 条件をすべて外す"
    )


def test_two_conditions_are_taken_away_at_once(client: FlaskClient) -> None:
    html = page(client, "/?q=火星人 木星人 土星人&as_typed=1")
    assert _links(html)["語：火星人と語：土星人を外す"] == Request("木星人", as_typed=True)


@pytest.mark.parametrize(("request_", "expected"), [
    (Request(), set()),
    (Request("停戦"), {"as typed"}),
    (Request("停戦", as_typed=True), {"all forms"}),
    (Request("停戦", since=date(2024, 1, 1)), {"as typed"}),
    (Request("停戦", since=date(2024, 1, 1), until=date(2024, 1, 31)), {"as typed", "any date"}),
    (Request(filters={"year": ("2024",)}, until=date(2024, 1, 31)), {"any date"}),
    (Request("  ", off=("停戦",)), set()),
])
def test_ways_out_are_those_that_change_something(request_: Request, expected: set[str]) -> None:
    assert set(ways_out(request_)) == expected


# ---- dates ----------------------------------------------------------------------------------------


def _choices(html: str) -> list[str]:
    found = re.search(r'<ul class="choices" aria-label="グラフの単位">.*?</ul>', html, re.S)
    return words(f"<body>{found[0]}").lstrip("> ").split() if found else []


def test_bars_are_by_year_month_or_day_where_that_makes_sense(client: FlaskClient) -> None:
    html = page(client, "/?q=作柄")
    assert _choices(html) == ["年", "月"]
    by_month = page(client, "/?q=作柄&by=month")
    assert '<b aria-current="true">月</b>' in by_month
    years, months = (len(re.findall('<rect class="bar"', one)) for one in (page(client, "/?q=作柄&by=year"), by_month))
    assert months > years
    assert _choices(page(client, "/?q=手紙")) == []


def test_a_unit_that_makes_no_sense_is_not_used_and_that_is_said(client: FlaskClient) -> None:
    assert "その単位では棒が多すぎるか少なすぎる" in words(page(client, "/?q=作柄&by=day"))
    assert "その単位では" not in words(page(client, "/?q=作柄&by=month"))


def test_a_bar_and_the_way_to_a_wider_span_leave_the_unit_to_the_days_there_are(client: FlaskClient) -> None:
    html = page(client, "/?q=作柄&by=month&from=2020-01&to=2022-12")
    bars = re.findall(r'<a href="([^"]*)" aria-label="[^"]*" rel="nofollow"><title>', html)
    assert bars
    assert all("by=" not in url for url in bars)
    assert _links(html)["全期間に広げる"] == Request("作柄")


@pytest.mark.parametrize(("since", "until", "wider"), [
    ("2024-04-10", "2024-04-10", ("2024-04-01", "2024-04-30")),
    ("2024-04-03", "2024-04-20", ("2024-04-01", "2024-04-30")),
    ("2024-04-01", "2024-04-30", ("2024-01-01", "2024-12-31")),
    ("2024-02-01", "2024-05-31", ("2024-01-01", "2024-12-31")),
    ("2024-01-01", "2024-12-31", (None, None)),
    ("2023-12-01", "2024-01-31", (None, None)),
    (None, "2024-04-30", (None, None)),
    ("2024-04-30", None, (None, None)),
    ("2024-05-01", "2024-04-01", (None, None)),
])
def test_one_step_out_is_the_month_the_year_or_all(
    since: str | None, until: str | None, wider: tuple[str | None, str | None]
) -> None:
    found = wider_span(*(date.fromisoformat(day) if day else None for day in (since, until)))
    assert tuple(day.isoformat() if day else None for day in found) == wider


def test_the_form_of_dates_keeps_the_rest_but_not_the_unit(client: FlaskClient) -> None:
    html = page(client, "/?q=作柄&not_desk=国際&by=month&from=2020")
    form = re.search(r'<section class="when".*?</form>', html, re.S)
    assert form
    assert re.findall(r'type="hidden" name="(.*?)"', form[0]) == ["q", "not_desk"]


# ---- results and what to do with them -------------------------------------------------------------


def test_an_inferred_date_is_marked_in_a_list(keeper: DoubleKeeper) -> None:
    from dataclasses import replace

    from web import create_app

    published = ARTICLES[1].published
    assert published
    keeper.double.articles = [replace(ARTICLES[1], published=replace(published, is_inferred=True))]
    assert "5月21日 （推定）" in words(page(create_app(keeper).test_client(), "/?q=和平"))


def test_a_search_can_be_followed_and_saved(client: FlaskClient) -> None:
    html = page(client, "/?q=作柄&not_desk=国際&page=2")
    links = _links(html)
    assert links["フィード（Atom）"] == links["話題として保存"] == Request("作柄", excluded={"desk": ("国際",)})
    assert f'href="/save?q={quote("作柄")}&amp;not_desk={quote("国際")}"' in html
    assert "話題として保存" not in page(client, "/")


# ---- all values of a facet ------------------------------------------------------------------------


def test_all_values_have_links_back_to_the_search(client: FlaskClient) -> None:
    html = page(client, "/values/country?q=会談&desk=国際")
    links = _links(html)
    assert links["ロシア 1 件"] == Request("会談", {"country": ("RU",), "desk": ("国際",)})
    assert links["ロシアを除く"] == Request("会談", {"desk": ("国際",)}, {"country": ("RU",)})
    assert links["← 検索結果に戻る"] == Request("会談", {"desk": ("国際",)})
    assert '<meta name="robots" content="noindex">' in html
    chips = [name for name in links if "外す" in name]
    assert [name.split()[0] for name in chips] == ["語", "面"]


def test_values_are_sifted_and_put_in_order_by_the_address(client: FlaskClient) -> None:
    html = page(client, "/values/person?find=ラヴ&order=name")
    assert "3件中1件" in words(html)
    assert "セルゲイ・ラブロフ" in html
    assert "岡田花子" not in html
    form = re.search(r'<form class="sift".*?</form>', html, re.S)
    assert form
    assert 'name="find" type="search" value="ラヴ"' in form[0]
    assert re.findall(r'type="hidden" name="(.*?)" value="(.*?)"', form[0]) == [("order", "name")]


@pytest.mark.parametrize(("address", "says"), [
    ("find=誰でもない", "「誰でもない」に当たるものはありません。"),
    ("p=9", "このページは末尾より後です（全3件）。"),
    ("q=どこにもない", "この検索の記事には、当てはまるものがありません。"),
])
def test_a_page_without_values_says_why(client: FlaskClient, address: str, says: str) -> None:
    assert says in words(page(client, f"/values/person?{address}"))


def test_values_are_there_as_json(client: FlaskClient) -> None:
    answer = client.get("/values/person?q=会談&not_person=person-xi&format=json")
    data = answer.get_json()
    assert (data["facet"], data["total"], data["found"], data["page"], data["pages"]) == ("person", 1, 1, 1, 1)
    excluded = next(value for value in data["values"] if value["excluded"])
    assert excluded == {"value": "person-xi", "label": "習近平", "count": 1, "selected": False, "excluded": True}


@pytest.mark.parametrize(("path", "status"), [
    ("/values/nothing", 404), ("/values/person?format=csv", 400), ("/values/person?p=x&order=y", 200),
])
def test_a_slip_in_the_address_of_values(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status
