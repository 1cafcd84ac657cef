"""How many articles there are: with all of the words, and with part of them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from web_client import page, words
from web_double import DoubleKeeper

from search.query.model import Request
from search.results import Condition, Hit, ResultPage, Snippet
from web import create_app
from web.pages import totals
from web.params import MAX_DEPTH


def _heading(html: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", html, re.S)
    assert found
    return found[1]


# ---- part of the words ----------------------------------------------------------------------------


@pytest.mark.parametrize(("query", "lang", "heading", "divider"), [
    ("習主席 会談", "ja", "1件", None),
    ("和平 会談 ", "ja", "1件", "すべての語を含む記事は1件です。以下の1件は、語の一部だけを含みます"),
    ("和平 会談 ", "en", "1 article", "1 article with all of the words; this 1 has only part of them"),
    ("習主席 作柄", "ja", "すべての語を含む記事は0件。語の一部を含む46件を表示", None),
    ("習主席 作柄", "en", "No article has all of the words; here are 46 with part of them", None),
    ("習主席 火星", "en", "No article has all of the words; here is 1 with part of them", None),
    ("火星 金星", "ja", "0件", None),
])
def test_the_heading_and_a_divider_tell_full_from_partial(
    client: FlaskClient, query: str, lang: str, heading: str, divider: str | None
) -> None:
    html = page(client, f"/?q={query}&lang={lang}")
    assert _heading(html) == heading
    assert re.findall(r'<p class="divider">(.*?)</p>', html) == ([divider] if divider else [])


@pytest.mark.parametrize(("lang", "label"), [("ja", "含まない語："), ("en", "Without:")])
def test_a_partial_hit_strikes_out_the_words_that_it_lacks(client: FlaskClient, lang: str, label: str) -> None:
    hits = re.findall(r'<article class="hit">.*?</article>', page(client, f"/?q=和平 北京 会談&lang={lang}"), re.S)
    lacks = [re.findall(r"<s>(?:<span[^>]*>)?(.*?)(?:</span>)?</s>", hit) for hit in hits]
    assert lacks == [[], ["北京", "会談"], ["和平", "会談"]]
    assert [label in hit for hit in hits] == [False, True, True]


@pytest.mark.parametrize(("total", "lang", "heading", "divider"), [
    (0, "ja", "文のすべての語を見出しか書き出しに含む記事は0件。近い5件を表示", ""),
    (0, "en", "No article has the whole sentence in its title or first sentences; here are 5 that come near", ""),
    (2, "ja", "2件", "文のすべての語を見出しか書き出しに含む記事は2件です。以下の5件は、それに近いものです"),
    (2, "en", "2 articles", "2 articles with the whole sentence in title or first sentences; these 5 come near"),
])
def test_of_a_pasted_sentence_words_further_down_are_not_said_to_be_missing(
    total: int, lang: str, heading: str, divider: str
) -> None:
    hits = (replace(HIT, partial=True),)
    result = ResultPage("文", total, 1.0, hits, {}, (), partial_total=5, as_sentence=True)
    with create_app(DoubleKeeper()).test_request_context(f"/?lang={lang}"):  # type: ignore[arg-type]
        assert (totals.heading(result), totals.divider(result)) == (heading, divider)


def test_of_many_missing_words_ten_are_named(client: FlaskClient) -> None:
    html = page(client, "/?q=和平 " + " ".join(f"火星{n}" for n in range(12)))
    hit = re.search(r'<p class="lacks">(.*?)</p>', html)
    assert hit
    assert (hit[1].count("<s>"), hit[1].endswith("ほか2語")) == (10, True)


def test_partial_hits_go_on_counting_and_paging(client: FlaskClient) -> None:
    first, second = (page(client, f"/?q=作柄 良&size=20&page={number}") for number in (1, 2))
    assert _heading(first) == _heading(second)
    assert "divider" not in first
    full, parts = re.findall(r'<ol class="hits" start="(\d+)">', second)
    assert int(parts) == int(full) + second.partition('class="divider"')[0].count('<article class="hit">')
    last = page(client, "/?q=作柄 良&size=20&page=3")
    assert re.findall(r'<ol class="hits" start="(\d+)">', last) == ["41"]
    assert 'class="divider"' in last        # a page of partial hits alone says so too


def test_past_the_end_names_both_counts(client: FlaskClient) -> None:
    text = words(page(client, "/?q=和平 会談&page=9"))
    assert "最後のページより先です。記事は全部で1件、語の一部だけを含む記事が1件です。" in text
    text = words(page(client, "/?q=和平 会談&page=9&lang=en"))
    assert "there are 1 article, and 1 article with part of the words." in text


def test_where_none_has_all_the_hits_are_shown_and_counts_say_what_to_take_away(client: FlaskClient) -> None:
    html = page(client, "/?q=習主席 北京&desk=国際&country=JP")
    assert _heading(html) == "0件"
    assert "すべての条件に合う記事はありません。" in words(html)
    html = page(client, "/?q=習主席 作柄&desk=国際")
    assert html.count('<article class="hit">') == 1
    fewer = re.search(r'<div class="fewer">.*?</div>', html, re.S)
    assert fewer
    assert words(f"<body>{fewer[0]}") == '> 次の検索なら見つかります： 入力したとおりに検索 3件 面：国際を外す 7件'
    assert "すべての条件に合う記事はありません。" not in words(html)


# ---- sentences ------------------------------------------------------------------------------------

HIT = Hit("a", Snippet("題"), None, None, None, None, 1.0, ())


@pytest.mark.parametrize(("result", "page_number", "said"), [
    (ResultPage("語", 12, 1.0, (HIT,), {}, ()), 1, []),
    (ResultPage("語", 30_000, 1.0, (HIT,), {}, ()), 499, []),
    (ResultPage("語", 30_000, 1.0, (HIT,), {}, ()), 500,
     ["The pages end at article 10,000. Narrow the search to see the others."]),
    (ResultPage("語", MAX_DEPTH, 1.0, (HIT,), {}, ()), 500, []),
])
def test_notes_on_counts_and_pages(result: ResultPage, page_number: int, said: list[str]) -> None:
    with create_app(DoubleKeeper()).test_request_context("/?lang=en"):  # type: ignore[arg-type]
        assert totals.notes(replace(result, page=page_number), Request("語", page=page_number), 500) == said


@pytest.mark.parametrize(("result", "said"), [
    (ResultPage("", 0, 1.0, (), {}, ()), "記事はありません。"),
    (ResultPage("語", 0, 1.0, (), {}, (), conditions=(Condition("q", "語", "語"),)),
     "すべての条件に合う記事はありません。"),
])
def test_nothing_is_said_as_it_is(result: ResultPage, said: str) -> None:
    with create_app(DoubleKeeper()).test_request_context("/"):  # type: ignore[arg-type]
        assert totals.nothing(result) == said
