"""All topics on one page, and the page that turns a search into one."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient
from web_client import page, words
from web_sample import TOPICS

from search.articles import Topic
from search.topic_counts import TopicCount
from search.topic_forms import as_command, as_toml, make_topic
from web.drawing.sparkline import HEIGHT_PX, sparkline
from web.links import Links
from web.pages.topics import COLUMNS, topics_page


def code(html: str) -> list[str]:
    return [unescape(text) for text in re.findall(r"<pre[^>]*><code>(.*?)</code>", html, re.S)]


# ---- /topics --------------------------------------------------------------------------------------


def test_all_topics_stand_on_one_page_with_their_articles_and_feeds(client: FlaskClient) -> None:
    html = page(client, "/topics")
    said = words(html)
    for topic in TOPICS:
        assert topic.name in said
        assert topic.query in unescape(said)
        assert f'href="/topic/{topic.id}"' in html
        assert f"topic={topic.id}&amp;sort=newest&amp;format=atom" in html
    assert 'href="/topics"' in page(client, "/")
    assert "style=" not in html


def test_topics_are_json_too(client: FlaskClient) -> None:
    found = json.loads(page(client, "/topics?format=json"))["topics"]
    assert [one["id"] for one in found] == [topic.id for topic in TOPICS]
    for one in found:
        total = json.loads(page(client, f"/?topic={one['id']}&format=json"))["total"]
        assert one["count"] == total


def test_feeds_of_topics_answer(client: FlaskClient) -> None:
    for address in re.findall(r'href="([^"]*format=atom)"', page(client, "/topics")):
        assert client.get(unescape(address)).mimetype == "application/atom+xml"


def test_the_bars_of_all_topics_have_the_same_days() -> None:
    topic = Topic("a", "停戦", "停戦")
    counts = [
        TopicCount(topic, 3, {date(2024, 1, 1): 1, date(2024, 12, 31): 2}),
        TopicCount(Topic("b", "雨", "雨"), 4, {date(2024, 12, 31): 4}),
        TopicCount(Topic("c", "雪", "雪"), 1, {}),
    ]
    found = topics_page(counts, "ja", Links()).rows
    assert [bar.x for bar in found[0].sparks] == [0, (COLUMNS - 1) * 4]
    assert [bar.x for bar in found[1].sparks] == [(COLUMNS - 1) * 4]
    assert [bar.height for bar in found[0].sparks] == [HEIGHT_PX // 2, HEIGHT_PX]
    assert (found[2].sparks, found[2].newest, found[0].newest_at) == ((), "", "2024-12-31")


@pytest.mark.parametrize(("counts", "heights"), [
    ([], []), ([0, 0], []), ([1], [24]), ([1, 0, 2], [12, 24]), ([1, 1000], [2, 24]),
])
def test_the_largest_bar_fills_the_row_and_the_smallest_is_seen(counts: list[int], heights: list[int]) -> None:
    bars = sparkline(counts)
    assert [bar.height for bar in bars] == heights
    assert all(bar.y + bar.height == HEIGHT_PX for bar in bars)


# ---- /save ----------------------------------------------------------------------------------------


def test_a_search_is_shown_as_a_command_and_as_toml(client: FlaskClient) -> None:
    html = page(client, "/save?q=停戦&desk=国際&name=停戦の行方&id=truce&name_en=Truce&lang=ja")
    command, toml = code(html)
    assert shlex.split(command) == [
        "kijigura", "topics", "add", "truce", "停戦の行方", "停戦 面:国際", "--name-en", "Truce",
    ]
    (table,) = tomllib.loads(toml)["topic"]
    assert table == {"id": "truce", "name": "停戦の行方", "name_en": "Truce", "query": "停戦 面:国際"}


def test_the_form_keeps_the_search_and_what_was_typed(client: FlaskClient) -> None:
    html = page(client, "/save?q=停戦&desk=国際&not_source=見本新聞&from=2024-04-01&name=行方&lang=ja")
    fields = dict(re.findall(r'<input[^>]*name="([^"]*)"[^>]*value="([^"]*)"', html.partition("<main")[2]))
    assert fields == {
        "q": "停戦", "desk": "国際", "not_source": "見本新聞", "from": "2024-04-01", "lang": "ja", "name": "行方",
        "id": "yukue", "name_en": "",
    }


def test_a_name_and_an_id_are_proposed(client: FlaskClient) -> None:
    found = json.loads(page(client, "/save?q=停戦&desk=国際&format=json"))
    assert (found["name"], found["id"]) == ("停戦 国際", "teisen-kokusai")


@pytest.mark.parametrize(("typed", "used"), [
    ("停戦", "teisen"), ("Truce", "teisen"), ("a b", "teisen"), ("a-1", "a-1"),
])
def test_an_id_that_cannot_be_is_replaced_and_said(client: FlaskClient, typed: str, used: str) -> None:
    html = page(client, f"/save?q=停戦&name=停戦&id={typed}")
    assert shlex.split(code(html)[0])[3] == used
    assert ("半角の英小文字" in words(html)) == (typed != used)


def test_an_id_that_a_topic_has_is_said(client: FlaskClient) -> None:
    html = page(client, f"/save?q=停戦&id={TOPICS[0].id}")
    assert f"このIDの話題「{TOPICS[0].name}」があります。" in words(html)


def test_what_a_query_cannot_say_is_told(client: FlaskClient) -> None:
    assert "主題の記事だけでなく" in words(page(client, "/save?person=習近平&about=1"))
    assert "言い換えも検索します" in words(page(client, "/save?q=停戦&as_typed=1"))


def test_a_search_without_conditions_is_no_topic(client: FlaskClient) -> None:
    html = page(client, "/save")
    assert "条件のない検索は話題にできません。" in words(html)
    assert code(html) == []


def test_the_results_lead_to_it_and_it_leads_back(client: FlaskClient) -> None:
    html = page(client, "/?desk=国際&lang=ja")
    (address,) = {unescape(one) for one in re.findall(r'href="(/save[^"]*)"', html)}
    assert "/?desk=" in page(client, address)
    assert "/save" not in page(client, "/")


@pytest.mark.parametrize("name", ["<b>停戦</b>", "'; rm -rf /", '"停戦"', "$(id)", "停戦\\"])
def test_whatever_is_typed_stays_text(client: FlaskClient, name: str) -> None:
    html = page(client, "/save?" + "&".join(("q=停戦", f"name={name}".replace("&", "%26"))))
    command, toml = code(html)
    assert shlex.split(command)[4] == name
    assert tomllib.loads(toml)["topic"][0]["name"] == name
    assert "<b>停戦" not in html.partition("<main")[2]


@pytest.mark.parametrize("topic", [
    Topic("a", "停戦", "停戦 -雨"), Topic("b", "引用 \"'", "「停 戦」 ='\\", "It's"), Topic("c", "DEL\x7f", "a\tb"),
])
def test_command_and_toml_read_back_as_the_topic(topic: Topic) -> None:
    (table,) = tomllib.loads(as_toml(topic))["topic"]
    assert make_topic(table) == topic
    _, _, _, *args = shlex.split(as_command(topic))
    named = args.index("--name-en") if "--name-en" in args else len(args)
    assert args[:named] == [topic.id, topic.name, topic.query]
