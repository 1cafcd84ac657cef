"""What every answer has in common: headers, escaping, errors, language."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, tzinfo
from itertools import pairwise
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from web_client import ODD_ID, page, words
from web_double import DoubleKeeper
from web_sample import EVIL

from search.errors import IndexDamaged, QueryTooHeavy
from web import create_app
from web.addresses import web_address
from web.headers import HEADERS

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PAGES = [
    "/", "/?q=習主席", "/?q=習主席+停戦&desk=国際", "/?q=nothing+at+all", "/?q=作柄&page=3", "/?q=作柄&page=99",
    "/?country=CN&from=2020&to=2024&sort=oldest&size=50", "/article/talks?q=習主席", f"/article/{ODD_ID}",
    "/article/talks?q=習主席&names=1", "/article/t-0001", "/entity/person-xi", "/entity/event-g7", "/topic/peace",
    "/topic/nope", "/nowhere",
]


# ---- what every answer has in common --------------------------------------------------------------


@pytest.mark.parametrize("path", [
    *PAGES, "/static/kijigura.css", "/static/none.css", "/healthz", "/robots.txt", "/opensearch.xml",
    "/?format=json", "/?format=csv", "/?format=xml", "/?q=" + "x" * 5_000, "/entity/習主席",
])
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == CSP
    assert {name: headers[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_nothing_of_other_hosts_and_has_nothing_inline(client: FlaskClient, path: str, lang: str) -> None:
    html = client.get(path, headers={"Accept-Language": lang}).get_data(as_text=True)
    assert f'<html lang="{lang}">' in html
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script>|javascript:", html)
    for tag, before, url in re.findall(r"<(link|script|img|form)([^>]*)(?:href|src|action)=\"([^\"]*)\"", html):
        # Which address of a page to cite is told in full; nothing is fetched from it.
        here = "http://localhost/" if 'rel="canonical"' in before else "/"
        assert url.startswith(here), (tag, url)


@pytest.mark.parametrize("path", PAGES)
def test_ids_are_unique_and_headings_leave_out_no_level(client: FlaskClient, path: str) -> None:
    html = client.get(path).get_data(as_text=True)
    ids = re.findall(r'\sid="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("path", ["/", "/article/talks", "/healthz", "/nowhere"])
def test_nothing_can_be_sent(client: FlaskClient, path: str) -> None:
    answer = client.post(path, data={"q": "x"})
    assert answer.status_code == (404 if path == "/nowhere" else 405)
    if path != "/nowhere":
        assert "ここは読むための場所です" in answer.get_data(as_text=True)
        assert "GET" in answer.headers["Allow"]
    assert client.head(path).status_code == client.get(path).status_code


class _Clock(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:     # type: ignore[override]
        return datetime(2026, 4, 9, 16, 30, tzinfo=UTC).astimezone(tz)


@pytest.mark.parametrize(("lang", "day"), [("ja", "2026年（令和8年）4月10日"), ("en", "10 April 2026")])
@pytest.mark.parametrize("path", [
    "/", "/?q=習主席&not_desk=経済&page=2", "/?q=nothing", "/values/person?q=会談", "/article/talks",
    "/entity/person-xi", "/topic/peace", "/topics", "/compare?of=CN&of=RU&from=2024", "/save?q=停戦", "/history/g7",
    "/help", "/nowhere",
])
def test_paper_has_the_address_of_every_page_and_the_day_in_japan(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str, lang: str, day: str
) -> None:
    monkeypatch.setattr("web.routes.asking.datetime", _Clock)
    html = client.get(path, headers={"Accept-Language": lang}).get_data(as_text=True)
    address = f"http://localhost{path}"
    said = {"ja": f"{day}に印刷：{address}", "en": f"Printed on {day} from {address}"}[lang]
    assert re.findall(r'<p class="printed">(.*?)</p>', html) == [said.replace("&", "&amp;")]


# ---- text is text ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [
    f"/article/{ODD_ID}?q=本文", "/?q=本文", f"/?q={quote(EVIL)}", f"/?desk={quote(EVIL)}", f"/?off={quote(EVIL)}&q=1",
    f"/?from={quote(EVIL)}", f"/?page={quote(EVIL)}", f"/entity/{quote(EVIL)}", f"/?format={quote(EVIL)}",
    f"/article/{ODD_ID}?q={quote(EVIL)}", f"/?q=記事&lang={quote(EVIL)}",
])
def test_what_was_written_as_markup_is_shown_as_text(client: FlaskClient, path: str) -> None:
    html = client.get(path).get_data(as_text=True)
    assert "<script>alert" not in html
    assert '="<' not in html
    assert not re.search(r'alert\("1"\)', html)


def test_marks_fall_inside_escaped_text(client: FlaskClient) -> None:
    html = page(client, f"/article/{ODD_ID}?q={quote('script')}")
    title = "題名に&lt;<mark>script</mark>&gt;alert(&#34;1&#34;)&lt;/<mark>script</mark>&gt;を含む記事"
    assert title in html.replace("<wbr>", "")


@pytest.mark.parametrize(("url", "safe"), [
    ("https://news.example/1", True), ("http://news.example", True), ("javascript:alert(1)", False),
    ("data:text/html,x", False), ("file:///etc/passwd", False), ("//news.example", False), ("https://", False),
    ("https://[", False), ("", False), (None, False), (" javascript:alert(1)", False),
])
def test_only_the_web_is_linked_to(url: str | None, safe: bool) -> None:
    assert (web_address(url) is not None) == safe


# ---- errors and small files -----------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/article/none", "/entity/none", "/topic/none", "/nowhere"])
@pytest.mark.parametrize(("lang", "says"), [("ja", "ここには何もありません"), ("en", "There is nothing here")])
def test_what_is_not_there_is_a_plain_page(client: FlaskClient, path: str, lang: str, says: str) -> None:
    assert says in page(client, f"{path}?lang={lang}", 404)


@pytest.mark.parametrize(("lang", "says"), [("ja", "いまは索引を使えません"), ("en", "The index cannot answer")])
def test_a_damaged_index_is_a_plain_page_that_says_when_to_come_back(lang: str, says: str) -> None:
    client = create_app(DoubleKeeper(IndexDamaged("The index is damaged. Run: kijigura rebuild"))).test_client()
    for path in ("/", "/article/talks", "/entity/CN", "/topic/peace"):
        answer = client.get(f"{path}?lang={lang}")
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert says in answer.get_data(as_text=True)
        assert "Run: kijigura rebuild" in answer.get_data(as_text=True)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert json.loads(answer.data)["status"] == "unavailable"
    assert "Retry-After" in answer.headers


@pytest.mark.parametrize(("lang", "heading", "advice"), [
    ("ja", "この検索は重すぎます",
     "2秒たっても終わらないため、打ち切りました。語を減らすか、もっと長い語で試してください。"),
    ("en", "This query is too heavy", "It was given up after 2 seconds. Try fewer words, or longer ones."),
])
def test_a_query_that_is_too_heavy_is_said_so_with_what_to_try(lang: str, heading: str, advice: str) -> None:
    client = create_app(DoubleKeeper(QueryTooHeavy("It was given up."))).test_client()
    text = words(page(client, f"/?q=%E8%AA%9E&lang={lang}", 422))
    assert heading in text
    assert advice in text
    answer = client.get(f"/?q=%E8%AA%9E&lang={lang}&format=json")
    assert json.loads(answer.data) == {"error": 422, "message": advice}
    assert "Retry-After" not in answer.headers      # it would take as long again


def test_a_fault_of_ours_is_a_plain_page_without_a_traceback(keeper: DoubleKeeper) -> None:
    def fail() -> None:
        raise ZeroDivisionError("secret detail")

    keeper.library = fail  # type: ignore[assignment]
    client = create_app(keeper).test_client()
    for path in ("/", "/?format=json", "/?format=csv"):
        answer = client.get(path)
        assert answer.status_code == 500
        assert "secret" not in answer.get_data(as_text=True)
        assert "Traceback" not in answer.get_data(as_text=True)
        assert answer.headers["Content-Security-Policy"] == CSP


def test_an_address_beyond_the_limit_is_refused_plainly(client: FlaskClient) -> None:
    assert "アドレスが長すぎます" in page(client, "/?q=" + "x" * 4_100, 414)


def test_health_says_how_old_the_index_is(client: FlaskClient) -> None:
    assert json.loads(client.get("/healthz").data) == {
        "status": "ok", "articles": 49, "indexed": 49, "behind": 0,
        "indexed_at": "2026-01-01T00:00:00+09:00", "notes": [],
    }


def test_robots_may_read_but_not_wander_through_conditions(client: FlaskClient) -> None:
    assert client.get("/robots.txt").get_data(as_text=True) == "User-agent: *\nDisallow: /?\n"
    html = page(client, "/?q=習主席")
    for nav in re.findall(r'<nav class="(?:facets|pages)".*?</nav>', html, re.S):
        assert all("nofollow" in link for link in re.findall(r"<a [^>]*>", nav))


def test_a_browser_can_add_the_search_to_its_bar(client: FlaskClient) -> None:
    xml = client.get("/opensearch.xml").get_data(as_text=True)
    assert 'template="http://localhost/?q={searchTerms}"' in xml


# ---- language -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "accepts", "language"), [
    ("/", None, "ja"),
    ("/", "en-US,en;q=0.9", "en"),
    ("/", "ja,en;q=0.5", "ja"),
    ("/", "fr", "ja"),
    ("/?lang=en", "ja", "en"),
    ("/?lang=ja", "en", "ja"),
    ("/?lang=fr", "en", "en"),
])
def test_the_language_is_the_address_s_then_the_browser_s_then_japanese(
    client: FlaskClient, address: str, accepts: str | None, language: str
) -> None:
    answer = client.get(address, headers={"Accept-Language": accepts} if accepts else {})
    assert f'<html lang="{language}">' in answer.get_data(as_text=True)
    assert "Accept-Language" in answer.headers["Vary"]
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/?q=%E7%BF%92&desk=a&page=2", f"/article/{ODD_ID}?q=x", "/nowhere"])
def test_the_other_language_is_one_link_away_in_the_same_state(client: FlaskClient, path: str) -> None:
    html = client.get(path).get_data(as_text=True)
    link = re.search(r'class="language" href="([^"]*)"', html)
    assert link
    other = client.get(link[1].replace("&amp;", "&")).get_data(as_text=True)
    assert '<html lang="en">' in other
    back = re.search(r'class="language" href="([^"]*)"', other)
    assert back
    assert back[1].replace("&amp;", "&").startswith(path.replace("%2F", "/").replace("%2E", "."))
