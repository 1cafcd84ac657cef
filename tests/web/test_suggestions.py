"""`/suggest`, as the script of the query box and as browsers ask for it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from web_double import DoubleKeeper

from search.errors import IndexDamaged
from web import create_app


def suggested(client: FlaskClient, text: str, rest: str = "") -> Any:
    answer = client.get(f"/suggest?q={quote(text)}{rest}")
    assert answer.status_code == 200
    return answer.get_json(force=True)


def test_each_suggestion_has_all_that_the_list_shows(client: FlaskClient) -> None:
    assert suggested(client, "停戦 習", "&lang=ja") == {
        "query": "停戦 習", "typed": "習",
        "suggestions": [{
            "value": "習近平", "label": "習近平", "also": "Xi Jinping", "kind": "person", "kind_label": "人物",
            "count": 1, "count_label": "1件", "url": "/entity/person-xi?lang=ja",
        }],
    }


def test_labels_counts_and_pages_are_in_the_reader_s_language(client: FlaskClient) -> None:
    (one,) = suggested(client, "sergey", "&lang=en")["suggestions"]
    assert (one["label"], one["kind_label"], one["count_label"]) == ("Sergey Lavrov", "person", "1 article")
    assert one["url"] == "/entity/person-lavrov?lang=en"


def test_a_topic_leads_to_its_page_and_becomes_a_field(client: FlaskClient) -> None:
    (one,) = suggested(client, "和平")["suggestions"]
    assert (one["kind"], one["value"]) == ("topic", "話題:ウクライナ和平交渉")
    assert one["url"].startswith("/topic/peace")


@pytest.mark.parametrize("text", ["", " ", "習近平 ", "誰でもない", "<script>", "%00", "あ" * 400])
def test_nothing_to_suggest_is_an_empty_list(client: FlaskClient, text: str) -> None:
    assert suggested(client, text) == {"query": text, "typed": "", "suggestions": []}


def test_browsers_get_whole_queries_in_the_form_of_opensearch(client: FlaskClient) -> None:
    by_format = suggested(client, "停戦 習", "&format=opensearch")
    assert by_format == [
        "停戦 習", ["停戦 習近平"], ["人物 · 1件"], ["http://localhost/entity/person-xi"]
    ]
    answer = client.get("/suggest?q=習", headers={"Accept": "application/x-suggestions+json"})
    assert answer.mimetype == "application/x-suggestions+json"
    assert answer.get_json(force=True)[:2] == ["習", ["習近平"]]
    assert "Accept" in answer.headers["Vary"]


def test_the_search_bar_of_a_browser_is_told_where_to_ask(client: FlaskClient) -> None:
    xml = client.get("/opensearch.xml").get_data(as_text=True)
    assert 'type="application/x-suggestions+json"' in xml
    assert "/suggest?q={searchTerms}&amp;format=opensearch" in xml


def test_without_an_index_the_list_says_so_with_its_status() -> None:
    client = create_app(DoubleKeeper(broken=IndexDamaged("damaged"))).test_client()
    assert client.get("/suggest?q=習").status_code == 503
