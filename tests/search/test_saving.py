"""A whole search as one query: it reads back as all its conditions, and finds the same articles."""

from __future__ import annotations

from datetime import date

import pytest

from search.articles import Topic
from search.library import Library
from search.query import syntax
from search.query.model import Request
from search.query.saving import Saved, as_query

TOPICS = [Topic("truce", "停戦", "停戦 OR 和平"), Topic("empty", "空", "、")]
SPAN = {"since": date(2024, 4, 1), "until": date(2024, 4, 30)}


def plain(facet: str, value: str) -> str:
    return {"xi-jinping": "習近平", "RU": "ロシア"}.get(value, value)


@pytest.mark.parametrize(("request_", "text"), [
    (Request("停戦"), "停戦"),
    (Request("  停戦　合意 "), "停戦　合意"),
    (Request(), ""),
    (Request("停戦 OR 合意", {"person": ("xi-jinping",)}), "停戦 OR 合意 人物:習近平"),
    (Request("停戦", {"country": ("RU", "CN")}), "停戦 国:ロシア OR 国:CN"),
    (Request("", {"desk": ("国際",), "source": ("見本 新聞",)}), '面:国際 媒体:"見本 新聞"'),
    (Request("停戦", excluded={"desk": ("経済", "社会")}), "停戦 -面:経済 -面:社会"),
    (Request("停戦", **SPAN), "停戦 日付:2024-04"),
    (Request("", since=date(2024, 4, 10)), "日付:2024-04-10.."),
    (Request("過去7日"), "過去7日"),
    (Request("日付:昨年 停戦", {"year": ("none",)}), "日付:昨年 停戦 年:none"),
    (Request("雨", {"topic": ("truce",)}), "雨 停戦 OR 和平"),
    (Request("雨", {"topic": ("停戦",)}), "雨 停戦 OR 和平"),
    (Request("雨", excluded={"topic": ("truce",)}), "雨 -(停戦 OR 和平)"),
    (Request("「停戦", {"desk": ("国際",)}), '"停戦" 面:国際'),      # what is not closed would swallow the rest
    (Request("(停戦", {"desk": ("国際",)}), "(停戦 面:国際"),
    (Request("OR", {"desk": ("国際",)}), "+OR 面:国際"),
    (Request("！？"), '=！？'),
    (Request("停戦", sort="oldest", page=3, size=50, language="en"), "停戦"),
])
def test_a_search_is_one_query(request_: Request, text: str) -> None:
    assert as_query(request_, TOPICS, plain) == Saved(text)


@pytest.mark.parametrize(("request_", "unsaid"), [
    (Request("停戦", {"person": ("xi-jinping",)}, about=True), ("about",)),
    (Request("停戦", about=True), ()),
    (Request("停戦", as_typed=True), ("as_typed",)),
    (Request("停戦", off=("停戦",)), ("off",)),
    (Request(" ".join(f"語{n}" for n in range(32)), {"desk": ("国際",)}), ("too long",)),
])
def test_what_no_query_can_say_is_told(request_: Request, unsaid: tuple[str, ...]) -> None:
    assert as_query(request_, TOPICS, plain).unsaid == unsaid


@pytest.mark.parametrize("request_", [
    Request("停戦"), Request("停戦 OR 選挙"), Request("停戦 -ロシア", {"country": ("UA",)}),
    Request("", {"country": ("RU", "CN")}), Request("", {"person": ("xi-jinping",)}),
    Request("会談", {"person": ("習近平",)}, {"country": ("US",)}),
    Request("", {"desk": ("国際",)}, {"country": ("RU",)}),
    Request("", {"year": ("2024",)}), Request("", {"year": ("none",)}), Request("首相", since=date(2024, 4, 1)),
    Request("", {"desk": ("国際", "政治")}, since=date(2024, 1, 1), until=date(2024, 6, 30)),
    Request("=停戦"), Request("見出し:停戦", {"desk": ("国際",)}), Request("「停戦 交渉"),
    Request("ウクライ* (停戦 合意)"),
])
def test_the_query_finds_what_the_search_finds(library: Library, request_: Request) -> None:
    saved = library.as_query(request_)
    assert sorted(library.matching(Request(saved.text))) == sorted(library.matching(request_))


def test_a_chosen_topic_is_written_out_and_finds_the_same(library: Library) -> None:
    for topic in library.topic_list:
        request = Request("", {"topic": (topic.id,)}, {"desk": ("経済",)})
        saved = library.as_query(request)
        assert "話題" not in saved.text
        assert sorted(library.matching(Request(saved.text))) == sorted(library.matching(request))


def test_names_are_written_as_people_know_them(library: Library) -> None:
    saved = library.as_query(Request("", {"person": ("xi-jinping",), "country": ("CN",)}))
    assert saved.text == "人物:習近平 国:中国"
    assert syntax.read(saved.text).tree
