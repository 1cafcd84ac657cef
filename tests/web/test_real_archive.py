"""The pages over the sample archive and the real kernel."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from search.keeper import Keeper
from web import create_app


@pytest.fixture(scope="module")
def client(sample_archive: Path) -> FlaskClient:
    return create_app(Keeper(sample_archive)).test_client()


def _links(html: str, start: str) -> list[str]:
    return list(dict.fromkeys(link.replace("&amp;", "&") for link in re.findall(rf'href="({start}[^"#]*)', html)))


def _total(html: str) -> int:
    found = re.search(r"<h1>(?:収蔵記事 )?([\d,]+)件</h1>", html)
    assert found
    return int(found[1].replace(",", ""))


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_link_of_the_first_two_steps_leads_to_a_page(client: FlaskClient, lang: str) -> None:
    front = client.get(f"/?lang={lang}").get_data(as_text=True)
    found = client.get(f"/?q={quote('習主席')}&lang={lang}").get_data(as_text=True)
    kinds = ("/article/", "/entity/", "/topic/")
    paths = [link for html in (front, found) for kind in kinds for link in _links(html, kind)]
    assert len(paths) > 30
    for path in paths:
        assert client.get(path).status_code == 200, path


def test_a_facet_s_count_is_what_one_finds_behind_it(client: FlaskClient) -> None:
    html = client.get(f"/?q={quote('会談')}").get_data(as_text=True)
    facets = re.findall(
        r'<li><a href="([^"]*)" rel="nofollow"><span class="label">.*?</span> <span class="count">([\d,]+)<', html
    )
    assert len(facets) > 20
    for url, count in facets[:40]:
        assert _total(client.get(url.replace("&amp;", "&")).get_data(as_text=True)) == int(count), url


def test_a_bar_s_count_is_what_one_finds_behind_it(client: FlaskClient) -> None:
    for start in ("/", "/entity/CN", "/topic/ukraine-peace-talks"):
        html = client.get(start, follow_redirects=True).get_data(as_text=True)
        bars = re.findall(r'<a href="([^"]*)"[^>]* rel="nofollow"><title>[^<]*(?:: |：)([\d,]+)件', html)
        assert bars
        for url, count in bars:
            assert _total(client.get(url.replace("&amp;", "&")).get_data(as_text=True)) == int(count), url


def test_a_chip_takes_its_condition_away(client: FlaskClient) -> None:
    html = client.get(f"/?q={quote('習主席 会談')}&country={quote('中国')}&from=2020").get_data(as_text=True)
    chips = re.search(r'<nav class="conditions".*?</nav>', html, re.S)
    assert chips
    urls = [url.replace("&amp;", "&") for url in re.findall(r'<li><a class="chip" href="([^"]*)"', chips[0])]
    assert len(urls) == 4
    for url in urls:
        answer = client.get(url).get_data(as_text=True)
        left = re.search(r'<nav class="conditions".*?</nav>', answer, re.S)
        assert left
        assert len(re.findall(r"<li>", left[0])) == 3


@pytest.mark.parametrize("path", ["/article/none", "/entity/none", "/topic/none"])
def test_what_is_not_there_is_a_plain_page(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("query", ["和平案", "ラブロフ", "lavrov", "習主席", "停戦 ロシア"])
def test_every_switch_takes_a_form_away_and_gives_it_back(client: FlaskClient, query: str) -> None:
    html = client.get(f"/?q={quote(query)}").get_data(as_text=True)
    block = re.search(r'<div class="reading">.*?\n  </div>', html, re.S)
    assert block
    switches = re.findall(r'<a class="(?:chip|switch)" href="([^"]*)"', block[0])
    assert switches
    for url in switches:
        narrower = client.get(url.replace("&amp;", "&")).get_data(as_text=True)
        assert _all_words(narrower) <= _total(html)
        off = re.findall(r'class="chip is-off"(?: href="([^"]*)"|.*?<a class="switch" href="([^"]*)")', narrower, re.S)
        assert [first or second for first, second in off] == [f"/?q={quote(query)}"]


def test_part_of_the_words_follows_and_says_what_is_missing(client: FlaskClient) -> None:
    html = client.get(f"/?q={quote('和平案 火星人')}&size=100").get_data(as_text=True)
    assert _all_words(html) == 0
    lacking = re.findall(r'<p class="lacks">.*?</p>', html)
    assert lacking
    assert all("<s>火星人</s>" in line for line in lacking)
    found = client.get(f"/?q={quote('和平案')}").get_data(as_text=True)
    assert sum(line.count("<s>") == 1 for line in lacking) == _total(found)


def _all_words(html: str) -> int:
    """Articles with all of the words, also where there are none but others with part of them."""
    return 0 if "<h1>すべての語を含む記事は0件。" in html else _total(html)
