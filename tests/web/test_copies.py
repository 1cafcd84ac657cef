"""Copies on the pages: one card for all of them, unless the address says otherwise; counts and exports have each."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from web_client import page, words
from wire_story import LEAD, SECOND, an_article

from indexer import upkeep
from indexer.copy_groups import group_copies
from search.archive import Archive
from search.keeper import Keeper
from web import create_app

ASKED = f"/?q={quote('平均気温')}"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    directory = tmp_path_factory.mktemp("copies") / "archive"
    with Archive.open(directory, create=True) as archive:
        with archive.transaction():
            archive.put(an_article("a", title="平均気温が過去最高", source="東西新聞"))
            archive.put(
                an_article("b", LEAD + SECOND, day=1, title="<b>気温</b>上昇、国連機関が発表", source="南北日報")
            )
            archive.put(an_article("c", day=2, title="過去最高の気温", source=None))
            archive.put(an_article("d", "ある期間の気温を平均したもの。", title="平均気温とは", source="東西新聞"))
        group_copies(archive)
        upkeep.ensure_index(archive, None, say=lambda _: None)
    return create_app(Keeper(directory)).test_client()


def _cards(html: str) -> int:
    return html.count('<article class="hit">')


def test_copies_stand_on_the_card_of_the_best_one(client: FlaskClient) -> None:
    html = page(client, ASKED)
    assert _cards(html) == 2
    folded = re.search(r"<details class=\"rest copies\">.*?</details>", html, re.S)
    assert folded
    assert "同じ記事が他に2件" in words(f"<body>{folded[0]}")
    links = re.findall(r'href="(/article/[^"]+)"', folded[0])
    assert len(links) == 2
    for link in links:
        assert client.get(link.replace("&amp;", "&")).status_code == 200
    assert "<b>気温" not in html


def test_a_folded_copy_names_its_source_and_day(client: FlaskClient) -> None:
    text = words(page(client, f"{ASKED}&sort=oldest"))
    assert "同じ記事が他に2件 南北日報 2024年（令和6年）4月11日" in text


def test_counts_and_facets_count_every_copy(client: FlaskClient) -> None:
    text = words(page(client, ASKED))
    assert "4件" in text
    assert "東西新聞 2 件" in text


@pytest.mark.parametrize("form", ["json", "csv", "ris", "atom"])
def test_exports_have_every_copy(client: FlaskClient, form: str) -> None:
    text = page(client, f"{ASKED}&format={form}")
    titles = ("平均気温が過去最高", "上昇、国連機関が発表", "過去最高の気温", "平均気温とは")
    assert all(title in text for title in titles)


def test_json_says_what_an_article_is_a_copy_of(client: FlaskClient) -> None:
    hits = json.loads(page(client, f"{ASKED}&format=json"))["hits"]
    assert {hit["id"]: hit.get("copy_of") for hit in hits} == {"a": None, "b": "a", "c": "a", "d": None}


def test_each_stands_by_itself_where_the_address_says_so(client: FlaskClient) -> None:
    html = page(client, f"{ASKED}&fold=off")
    assert _cards(html) == 4
    assert "rest copies" not in html


@pytest.mark.parametrize(
    ("address", "other"), [(ASKED, "まとめない"), (f"{ASKED}&fold=off", "同じ記事をまとめる")]
)
def test_a_link_switches(client: FlaskClient, address: str, other: str) -> None:
    html = page(client, address)
    link = re.search(rf'href="([^"]+)" rel="nofollow">{other}<', html)
    assert link
    assert (_cards(html), _cards(page(client, link[1].replace("&amp;", "&")))) in ((2, 4), (4, 2))


def test_every_link_of_a_search_keeps_the_switch(client: FlaskClient) -> None:
    html = page(client, f"{ASKED}&fold=off&size=1")
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/(?:article/[^"]*)?\?[^"]*q=[^"]*)"', html)]
    kept = [link for link in links if "fold=off" in link]
    assert len(kept) > 10
    assert not [link for link in links if "fold=off" not in link]
    assert html.count('<input type="hidden" name="fold" value="off">') == 2


def test_there_is_no_switch_without_copies(client: FlaskClient) -> None:
    html = page(client, f"{ASKED}&to=2024-04-10")
    assert _cards(html) == 2
    assert "まとめ" not in words(html)


def test_what_stands_after_folded_copies_is_numbered_as_ever(client: FlaskClient) -> None:
    assert 'start="3"' in page(client, f"{ASKED}&size=2&page=2")


def test_an_article_lists_its_other_copies(client: FlaskClient) -> None:
    text = words(page(client, "/article/b"))
    assert "同じ記事 東西新聞 2024年（令和6年）4月10日 平均気温が過去最高 2024年" in text
    assert "（令和6年）4月12日 過去最高の気温" in text
    assert "同じ記事" not in words(page(client, "/article/d"))


def test_the_pages_say_so_in_english(client: FlaskClient) -> None:
    assert "2 more copies of this article" in words(page(client, f"{ASKED}&lang=en"))
    assert "The same article" in words(page(client, "/article/a?lang=en"))
