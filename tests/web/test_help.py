"""The page that tells how to search."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from web_client import page, words
from web_double import DoubleKeeper

from search.query.fields import NAMES
from search.query.model import Chosen, Close, Exact, InTitle, Not, Or, Phrase, Published, Similar, StartsWith, Together
from search.query.syntax import read
from search.query.written import written
from web import create_app

TODAY = date(2026, 11, 23)


def _examples() -> list[tuple[str, str]]:
    """(text, url) of every example on the page."""
    html = create_app(DoubleKeeper()).test_client().get("/help?lang=ja").get_data(as_text=True)
    found = re.findall(r'<a href="([^"]*)" rel="nofollow"><code[^>]*>(.*?)</code></a>', html)
    return [(unescape(text), unescape(url)) for url, text in found]


EXAMPLES = _examples()


def test_there_are_examples_of_every_group() -> None:
    assert len(EXAMPLES) > 50


@pytest.mark.parametrize("text", sorted({text for text, _ in EXAMPLES}))
def test_every_example_reads_without_a_note_and_can_be_written_down(text: str) -> None:
    reading = read(text, TODAY)
    assert reading.tree is not None
    assert reading.notes == ()
    assert read(written(reading.tree), TODAY).tree == reading.tree


@pytest.mark.parametrize(("text", "url"), EXAMPLES)
def test_every_example_leads_to_its_results(client: FlaskClient, text: str, url: str) -> None:
    assert urlsplit(url).path == "/"
    asked = parse_qs(urlsplit(url).query)
    assert asked["q"] == [text]
    assert asked["lang"] == ["ja"]
    assert client.get(url).status_code == 200


def test_the_examples_show_everything_that_can_be_typed() -> None:
    nodes = [node for text, _ in EXAMPLES for node in _nodes(read(text, TODAY).tree)]
    kinds = {type(node) for node in nodes}
    assert {Or, Not, Phrase, Exact, StartsWith, Similar, InTitle, Chosen, Published, Close, Together} < kinds
    shown = {name for text, _ in EXAMPLES for name in re.findall(r"(\w+):", text)}
    for field, names in NAMES.items():
        assert field == "year" or shown.intersection(names), field


def test_the_page_is_in_both_languages_and_says_what_is_japanese(client: FlaskClient) -> None:
    japanese, english = page(client, "/help?lang=ja"), page(client, "/help?lang=en")
    assert "検索のしかた" in words(japanese)
    assert "両方の語がある記事" in words(japanese)
    assert "How to search" in words(english)
    assert "Both words, anywhere in the article." in words(english)
    assert '<code lang="ja">停戦 ロシア</code>' in english
    assert "<code>peace talks</code>" in english
    assert '<code>停戦 ロシア</code>' in japanese
    assert not re.search("[ぁ-んァ-ヶ一-龠]", re.sub(r'<code lang="ja">.*?</code>|lang="ja"[^>]*>[^<]*<', "", english))


def test_its_contents_lead_to_its_groups(client: FlaskClient) -> None:
    html = page(client, "/help")
    anchors = re.findall(r'<li><a href="#(\w+)">', html)
    assert anchors == re.findall(r'<section id="(\w+)"', html)
    assert len(anchors) == 8


def _nodes(tree: object) -> Iterator[object]:
    yield tree
    for child in (*getattr(tree, "children", ()), *([tree.child] if hasattr(tree, "child") else [])):
        yield from _nodes(child)
