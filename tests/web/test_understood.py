"""How the words of a query were understood: what else is searched, and the switches."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from web_client import page, words
from web_double import DoubleKeeper

from search.query.model import Request
from search.results import Interpretation, ResultPage, WordForm
from web import create_app
from web.links import Links
from web.pages import understood
from web.params import read


def _reading(html: str) -> str:
    """The block above the results, as text."""
    found = re.search(r'<div class="reading">.*?\n  </div>', html, re.S)
    return words(f"<body{found[0][4:]}").removeprefix('class="reading">').strip() if found else ""


def _switches(html: str) -> dict[str, str]:
    """What a screen reader says of each switch -> where it leads."""
    links = re.findall(r'<a class="(?:chip|chip is-off|switch|off)"[^>]*? href="([^"]*)"[^>]*>(.*?)</a>', html, re.S)
    return {
        words(f"<body>{re.sub('<span[^>]*aria-hidden.*?</span>', '', name)}").lstrip("> "): unescape(url)
        for url, name in links if "（外す）" not in name and "(take away)" not in name
    }


def _off(url: str) -> list[str]:
    return [value for name, value in parse_qsl(urlsplit(url).query) if name == "off"]


# ---- on the page ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("lang", "query", "line"), [
    ("ja", "作柄", "作柄 = 同義語 出来秋 (「作柄」の検索から外す) × 略称 作況 (「作柄」の検索から外す) × "
                   "この語のまま検索 : 作柄"),
    ("ja", "harvest", "harvest = 訳語 作柄 (「harvest」の検索から外す) × 訳語 収穫 (「harvest」の検索から外す) × "
                      "この語のまま検索 : harvest"),
    ("en", "作柄", "作柄 = synonym 出来秋 (do not search it for 作柄 ) × "
                   "short form 作況 (do not search it for 作柄 ) × Search only as typed : 作柄"),
    ("ja", "ラブロフ", "ラブロフ = 人物 セルゲイ・ラブロフ セルゲイ・ラブロフ：「ラブロフ」の検索から外す × "
                       "表記 ラヴロフ (「ラブロフ」の検索から外す) × この語のまま検索 : ラブロフ"),
    ("ja", "国連", "国連 = 組織 国連 国連：「国連」の検索から外す × この語のまま検索 : 国連"),
    ("ja", "手紙", ""),
])
def test_what_is_searched_with_a_word_is_said_with_its_kind(
    client: FlaskClient, lang: str, query: str, line: str
) -> None:
    assert _reading(page(client, f"/?q={query}&lang={lang}")) == line


def test_the_kind_is_seen_once_and_said_with_each(client: FlaskClient) -> None:
    html = page(client, "/?q=会談")
    assert html.count('<span class="kind">同義語</span>') == 1
    assert html.count('<span class="unseen">同義語</span>') == 6
    assert html.count('<li title="同じ意味の語">') == 7


def test_more_than_six_forms_and_other_names_are_behind_more(client: FlaskClient) -> None:
    html = page(client, "/?q=会談 習主席")
    lists = re.findall(r'<div class="word">.*?</div>', html, re.S)
    first, _, rest = lists[0].partition("<details")
    assert (first.count("<li"), rest.count("<li")) == (6, 2)
    assert "ほか2件" in words(f"<body>{rest}")
    assert "習近平の表記：習氏" in words(f"<body>{lists[1]}")


def test_what_is_off_stays_in_view_wherever_it_stands(client: FlaskClient) -> None:
    assert '<details class="rest">' in page(client, "/?q=会談")
    html = page(client, "/?q=会談&off=かいだん")
    assert re.search(r'<details class="rest" open>.*?<s>かいだん</s>', html, re.S)


def test_of_many_words_four_lines_are_in_view() -> None:
    texts = [f"語{n}" for n in range(50)]
    result = ResultPage(
        " ".join(texts), 1, 1.0, (), {}, (), forms=tuple(WordForm(text, f"{text}形", "synonym") for text in texts)
    )
    with create_app(DoubleKeeper()).test_request_context("/"):  # type: ignore[arg-type]
        found = understood.reading(result, Request(result.query), Links())
    assert [how.word for how in found.first] == texts[:4]
    assert [how.word for how in found.more] == texts[4 : understood.LISTED_WORDS]


def test_words_are_named_in_their_order_in_the_query() -> None:
    result = ResultPage(
        "停戦 露外相", 1, 1.0, (), {}, (),
        interpreted=(Interpretation("露外相", "person", "person-1", "ラブロフ"),),
        forms=(WordForm("停戦", "休戦", "synonym"), WordForm("ﾛｼｱ", "ロシア", "spelling")),
    )
    with create_app(DoubleKeeper()).test_request_context("/"):  # type: ignore[arg-type]
        found = understood.reading(result, Request(result.query), Links())
    assert [how.word for how in found.first] == ["停戦", "露外相", "ﾛｼｱ"]


# ---- switches -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "switch", "off"), [
    ("q=作柄", "同義語 出来秋 (「作柄」の検索から外す)", ["出来秋"]),
    ("q=作柄&off=出来秋", "同義語 出来秋 (「作柄」の検索に戻す)", []),
    ("q=作柄&off=出来秋", "略称 作況 (「作柄」の検索から外す)", ["出来秋", "作況"]),
    ("q=作柄&off=出来秋", "この語のまま検索 : 作柄", ["作柄"]),
    ("q=作柄&off=出来秋", "ほかの表記も検索 : 作柄", []),
    ("q=作柄&off=作柄", "ほかの表記も検索 : 作柄", []),
    ("q=作柄&off=作柄", "略称 作況 (「作柄」の検索に戻す)", ["出来秋"]),    # this one alone
    ("q=作柄 会談&off=懇談", "この語のまま検索 : 作柄", ["懇談", "作柄"]),
    ("q=習主席", "習近平：「習主席」の検索から外す", ["person-xi"]),
    ("q=習主席&off=person-xi", "習近平：「習主席」の検索に戻す", []),
    ("q=習主席&off=習主席", "習近平：「習主席」の検索に戻す", []),
    ("q=市場&off=市場", "ほかの表記も検索 : 市場", []),
    ("q=習主席&lang=en", "Xi Jinping: do not search it for 習主席", ["person-xi"]),
    ("q=作柄&off=作柄&lang=en", "Search its other forms too : 作柄", []),
])
def test_a_switch_says_what_it_does_and_does_it(client: FlaskClient, address: str, switch: str, off: list[str]) -> None:
    switches = _switches(page(client, f"/?{address}"))
    assert switch in switches
    assert _off(switches[switch]) == off
    assert read(parse_qsl(urlsplit(switches[switch]).query)).request.text == read(parse_qsl(address)).request.text


def test_what_is_off_is_not_searched_and_is_struck_out(client: FlaskClient) -> None:
    assert "45件" in words(page(client, "/?q=harvest"))
    html = page(client, "/?q=harvest&off=作柄")
    assert "0件" in words(html)
    assert re.search(r'<a class="chip is-off"[^>]*><span class="kind">訳語</span> <s>作柄</s>', html)
    named = page(client, "/?q=習主席&off=person-xi")
    assert re.search(r'<span class="chip is-off">.*?<a href="/entity/person-xi"><s>習近平</s></a>', named)


def test_everything_as_typed_can_be_left(client: FlaskClient) -> None:
    html = page(client, "/?q=作柄&as_typed=1&desk=経済")
    assert "すべての語を、入力したとおりに検索しています" in words(html)
    link = re.search(r'<a class="off" href="([^"]*)" rel="nofollow">ほかの表記も検索</a>', html)
    assert link
    assert read(parse_qsl(urlsplit(unescape(link[1])).query)).request == Request("作柄", {"desk": ("経済",)})


def test_a_switch_leaves_every_other_condition_and_begins_at_the_first_page(client: FlaskClient) -> None:
    asked = "q=作柄&desk=経済&from=2019-01-01&sort=oldest&size=50&page=2&lang=en"
    url = _switches(page(client, f"/?{asked}"))["synonym 出来秋 (do not search it for 作柄 )"]
    after = read(parse_qsl(urlsplit(url).query)).request
    before = read(parse_qsl(asked)).request
    assert (after.filters, after.since, after.sort, after.size) == (
        before.filters, before.since, before.sort, before.size)
    assert (after.page, after.off) == (1, ("出来秋",))


# ---- what belongs to nothing any more -------------------------------------------------------------


@pytest.mark.parametrize(("query", "off", "kept"), [
    ("作柄", "出来秋", True),
    ("習主席", "person-xi", True),
    ("市場", "市場", True),             # a word without other forms
    ("作柄", "懇談", False),            # a form of 会談, which was asked for before
    ("作柄", "person-xi", False),
])
def test_what_belongs_to_no_word_of_the_query_is_off_no_longer(
    client: FlaskClient, query: str, off: str, kept: bool
) -> None:
    html = page(client, f"/?q={query}&off={off}")
    assert (f'<input type="hidden" name="off" value="{off}">' in html) == kept


def test_a_chip_takes_its_word_away_with_what_is_off_of_it_alone(client: FlaskClient) -> None:
    html = page(client, "/?q=作柄 会談&off=出来秋&off=懇談")
    chip = re.search(r'<a class="chip" href="([^"]*)" rel="nofollow"><span class="kind">語</span> 会談', html)
    assert chip
    assert _off(unescape(chip[1])) == ["出来秋"]
