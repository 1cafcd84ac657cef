"""The page of several names and topics side by side, and what the pages of names and topics say of time and company."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from web_client import page, words
from web_sample import ENTITIES, TOPICS

from search.comparing import Subject
from search.query.model import Request
from web.pages.compare import search_for_all

BOTH = "/compare?of=CN&of=RU"


def subject(name: str) -> Subject:
    """As the kernel makes one."""
    if name.startswith("topic:"):
        topic = next(t for t in TOPICS if f"topic:{t.id}" == name)
        return Subject(name, "topic", topic.id, topic)
    entity = ENTITIES[name]
    return Subject(name, entity.kind, entity.name, entity)


@pytest.mark.parametrize(("names", "text", "filters"), [
    (["CN"], "", {"country": ("CN",)}),
    (["CN", "person-xi"], "", {"country": ("CN",), "person": ("person-xi",)}),
    (["CN", "RU"], "国:ロシア", {"country": ("CN",)}),
    (["CN", "RU", "UA"], "国:ロシア 国:ウクライナ", {"country": ("CN",)}),
    (["topic:peace", "topic:harvest"], "話題:harvest", {"topic": ("peace",)}),
    (["event-g7", "JP"], "G7広島サミット", {"country": ("JP",)}),
])
def test_articles_with_all_of_them_are_asked_for_in_one_search(
    names: list[str], text: str, filters: dict[str, tuple[str, ...]]
) -> None:
    found = search_for_all([subject(name) for name in names], Request())
    assert (found.text, found.filters) == (text, filters)


def test_each_has_a_line_on_one_axis_whose_bars_lead_to_its_articles(client: FlaskClient) -> None:
    html = page(client, BOTH)
    rows = re.findall(r'<svg class="timeline pattern-(\d)".*?</svg>', html, re.S)
    assert rows == ["1", "2"]
    assert '<a href="/?country=CN&amp;from=2024-04-10&amp;to=2024-04-10" aria-label="中国 2024年4月10日：1件"' in html
    assert '<a href="/?country=RU&amp;from=2024-04-10&amp;to=2024-04-10" aria-label="ロシア 2024年4月10日：1件"' in html


def test_one_is_taken_out_or_added_by_a_link(client: FlaskClient) -> None:
    html = page(client, BOTH)
    assert '<a href="/compare?of=RU" rel="nofollow" aria-label="中国を外す">外す</a>' in html
    assert '<a href="/compare?of=CN&amp;of=RU" rel="nofollow">ロシア</a>' in page(client, "/compare?of=CN")


def test_the_form_keeps_what_is_compared(client: FlaskClient) -> None:
    html = page(client, f"{BOTH}&from=2024&lang=en")
    form = html[html.index('<form class="choose"') :]
    assert re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', form) == [("of", "CN"), ("of", "RU"), ("lang", "en")]
    assert 'name="from" type="text" value="2024-01-01"' in form


@pytest.mark.parametrize(("address", "note"), [
    ("/compare", "人物・国・組織・地名・話題を二つから四つ並べて比べられます。"),
    ("/compare?of=中国", "人物・国・組織・地名・話題を二つから四つ並べて比べられます。"),
    ("/compare?of=中国&of=だれか&of=RU", "「だれか」という名前は見つからないので、除きました。"),
    ("/compare?of=CN&of=RU&of=JP&of=UA&of=person-xi", "比べられるのは4つまでなので、次は除きました：person-xi。"),
    ("/compare?of=CN&of=RU&from=いつか", "「いつか」は日付として読めないので除きました。"),
    ("/compare?of=&of=%00", "人物・国・組織・地名・話題を二つから四つ並べて比べられます。"),
])
def test_odd_input_gets_a_plain_note_and_a_page(client: FlaskClient, address: str, note: str) -> None:
    html = words(page(client, address))
    assert note[:12] in html
    assert "加える名前・話題" in html or address.count("of=") == 5


def test_a_topic_is_compared_like_a_name(client: FlaskClient) -> None:
    html = page(client, f"/compare?of=topic:peace&of={quote('中国')}")
    assert '<a href="/topic/peace">' in html
    assert '<a class="count" href="/?country=CN&amp;topic=peace" rel="nofollow">' in html


def test_the_same_numbers_stand_in_a_table_and_in_json(client: FlaskClient) -> None:
    assert '>数字で見る</summary>' in page(client, BOTH)
    found = client.get(f"{BOTH}&format=json").get_json()
    assert [one["id"] for one in found["compared"]] == ["CN", "RU"]
    assert found["pairs"] == [{"between": ["CN", "RU"], "count": 1}]


# ---- pages of names and topics --------------------------------------------------------------------


def test_articles_about_a_name_come_before_those_that_only_mention_it(client: FlaskClient) -> None:
    html = page(client, "/entity/UA")
    shown = words(html)
    assert "言及 2件" in shown
    both = page(client, "/entity/event-g7")
    assert both.index("主題とする記事") < both.index("同じ記事に登場")
    assert 'href="/?q=G7%E5%BA%83%E5%B3%B6%E3%82%B5%E3%83%9F%E3%83%83%E3%83%88&amp;about=1"' in both


def test_the_timeline_tells_articles_about_a_name_from_mentions(client: FlaskClient) -> None:
    html = page(client, "/entity/event-g7")
    assert 'aria-label="G7広島サミット 2023年5月21日：1件、うち主題1件"' in html
    assert '<span class="part">主題</span><span class="bar">言及のみ</span>' in html


@pytest.mark.parametrize("address", ["/entity/person-17", "/topic/harvest"])
def test_first_and_newest_article_stand_at_the_top(client: FlaskClient, address: str) -> None:
    html = page(client, address)
    ends = html[html.index('<dl class="ends">') : html.index("</dl>")]
    assert re.findall(r"<dt>(.*?)</dt>", ends) == ["最初の記事", "最新の記事"]
    assert "2018年1月15日" in ends
    assert "sort=oldest" in ends
    assert html.index('<dl class="ends">') < html.index("記事数の推移")


def test_the_second_neighbour_of_a_kind_is_asked_for_in_the_text_of_the_search(client: FlaskClient) -> None:
    html = page(client, "/entity/CN")
    assert f'href="/?q={quote("国:ロシア")}&amp;country=CN"' in html
    assert 'href="/?person=person-xi&amp;country=CN"' in html


def test_a_member_of_a_topic_says_why_it_is_one(client: FlaskClient) -> None:
    html = page(client, "/topic/peace")
    evidence = words(f"<body>{re.findall(r'<p class=.evidence.>.*?</p>', html, re.S)[0]}")
    assert evidence.removeprefix("> ").startswith("根拠： ウクライナ")


def test_a_topic_has_company_coverage_feed_and_json(client: FlaskClient) -> None:
    html = page(client, "/topic/peace")
    assert 'id="with-heading"' in html
    assert 'id="coverage-heading"' in html
    assert '<link rel="alternate" type="application/atom+xml" title="ウクライナ和平交渉（新しい順、Atom）" ' \
        'href="/?topic=peace&amp;sort=newest&amp;format=atom">' in html
    assert client.get("/topic/peace?format=json").get_json()["query"] == "ウクライナ 和平"


@pytest.mark.parametrize("address", ["/entity/person-xi", "/topic/peace"])
def test_closest_neighbours_are_offered_for_comparison(client: FlaskClient, address: str) -> None:
    html = page(client, address)
    name = address.replace("/entity/", "").replace("/topic/", "topic%3A")
    assert f'<a href="/compare?of={name}" rel="nofollow">比べる</a>' in html
    assert f'<a href="/compare?of={name}&amp;of=person-lavrov" rel="nofollow">' in html


@pytest.mark.parametrize("address", [BOTH, "/entity/person-xi", "/topic/peace"])
def test_drawings_have_no_style_of_their_own(client: FlaskClient, address: str) -> None:
    html = page(client, address)
    assert "style=" not in html
    assert "<svg" in html
