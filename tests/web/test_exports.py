"""Results for other programs."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from web_double import DoubleKeeper, DoubleLibrary
from web_sample import ARTICLES, EVIL

from search.articles import JST, Precision, Published
from search.errors import UsageError
from search.keeper import Keeper
from search.query.model import SORTS, Request
from search.results import Hit, ResultPage, SectionHit, Snippet
from web import create_app
from web.forms.bibtex import escaped, key
from web.forms.exports import file_name, lines, render
from web.forms.record import of_article, of_hit

BASE = "http://archive.example"
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def _page(*hits: Hit) -> ResultPage:
    return ResultPage("停戦", len(hits), 1.0, hits, {}, ())


def _hit(title: str = "題", published: Published | None = None, **fields: str | None) -> Hit:
    known: dict[str, str | None] = {"url": None, "source": None, "desk": None, **fields}
    return Hit(
        "id/1", Snippet(title), known["url"], published, known["source"], known["desk"], 1.0,
        (SectionHit(0, None, Snippet("一行目\n二行目")), SectionHit(2, None, Snippet("後の節"))),
    )


def _rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_csv_has_a_row_per_article() -> None:
    day = Published(datetime(2024, 4, 10, tzinfo=JST), "day")
    hit = _hit("「題」, \"二\"", day, source="見本新聞", desk="国際", url="https://e.example/1")
    rows = _rows(render(_page(hit), "csv", BASE))
    assert rows == [
        ["id", "title", "published", "source", "desk", "url", "snippet", "page", "authors"],
        ["id/1", "「題」, \"二\"", "2024-04-10", "見本新聞", "国際", "https://e.example/1", "一行目 二行目 … 後の節",
         "http://archive.example/article/id%2F1", ""],
    ]


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_a_title_is_never_a_formula(title: str) -> None:
    assert _rows(render(_page(_hit(title)), "csv", BASE))[1][1] == f"'{title}"


def test_ris_is_what_reference_managers_read() -> None:
    at = Published(datetime(2024, 4, 10, 18, 30, tzinfo=JST))
    record = render(_page(_hit("題\nER  - ", at, source="見本新聞", url="https://e.example/1")), "ris", BASE)
    assert record.split("\r\n") == [
        "TY  - NEWS", "ID  - id/1", "TI  - 題 ER -", "T2  - 見本新聞", "PY  - 2024", "DA  - 2024/04/10/",
        "AB  - 一行目 二行目 … 後の節", "LA  - ja", "UR  - https://e.example/1",
        "L2  - http://archive.example/article/id%2F1", "DP  - Kijigura", "ER  - ", "", "",
    ]


def test_atom_is_well_formed_whatever_the_articles_hold() -> None:
    at = Published(datetime(2024, 4, 10, 18, 30, tzinfo=JST))
    feed = ET.fromstring(render(_page(_hit(f"{EVIL}\x00\x0b&", at, source=EVIL), _hit()), "atom", BASE))
    first, second = feed.findall("a:entry", ATOM)
    assert feed.findtext("a:title", "", ATOM) == "停戦 — 記事蔵"
    assert feed.findtext("a:updated", "", ATOM) == "2024-04-10T18:30:00+09:00"
    assert first.findtext("a:title", "", ATOM) == f"{EVIL}&"
    assert first.findtext("a:published", "", ATOM) == "2024-04-10T18:30:00+09:00"
    assert second.find("a:published", ATOM) is None
    assert second.findtext("a:updated", "", ATOM)


def test_without_a_place_on_the_web_articles_still_have_names() -> None:
    feed = ET.fromstring(render(_page(_hit()), "atom", ""))
    assert feed.findtext("a:entry/a:id", "", ATOM) == "urn:kijigura:article:id%2F1"
    assert _rows(render(_page(_hit()), "csv", ""))[1][-1] == ""


def test_an_unknown_form_names_those_there_are() -> None:
    with pytest.raises(UsageError, match="jsonl, csv, ris, bibtex, atom"):
        render(_page(), "pdf", BASE)


def _ids(form: str, text: str) -> list[str]:
    """The articles of an answer, in its order."""
    if form == "csv":
        return [row[0] for row in _rows(text.removeprefix("\ufeff"))[1:]]
    if form == "ris":
        return re.findall(r"^ID  - (.*)\r$", text, re.MULTILINE)
    if form == "bibtex":
        return re.findall(r"^@article\{kijigura-(.*),$", text, re.MULTILINE)
    if form == "jsonl":
        return [json.loads(line)["id"] for line in text.splitlines()]
    if form == "json":
        return [hit["id"] for hit in json.loads(text)["hits"] if "partial" not in hit]
    found = ET.fromstring(text).findall("a:entry/a:id", ATOM)
    return [unquote(str(one.text).partition("/article/")[2]) for one in found]


def _asked_in(form: str, client: FlaskClient, query: str) -> list[str]:
    answer = client.get(f"/?{query}&format={form}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return _ids(form, answer.get_data(as_text=True))


DOUBLE_QUERIES = [
    "q=作柄&sort=newest", "country=CN&sort=oldest", "desk=経済&year=2024&sort=newest", "from=2023&to=2023&sort=oldest",
    "q=無&sort=newest", "topic=harvest&sort=oldest&size=5&page=2", "q=作柄&not_year=2023&sort=newest",
    "not_country=CN&not_person=person-xi&sort=oldest&size=50", "q=作柄&as_typed=1&sort=newest",
    "q=習主席+会談&sort=newest",
    "q=作柄&page=2&sort=newest", "size=3&page=2&sort=newest",
]
REAL_QUERIES = [
    "q=停戦&sort=newest", "country=RU&sort=oldest&size=7&page=2", "country=RU&sort=oldest",
    "q=ロシア&not_country=US&sort=newest", "q=停戦&size=7&page=2&sort=relevance",
    "person=習近平&about=1&sort=newest", "q=首相&as_typed=1&sort=oldest", "q=首相&off=総理大臣&sort=oldest",
    "from=2022&to=2024-06&sort=newest&size=10", "topic=ukraine-peace-talks&sort=oldest&size=2&page=3",
    "q=ceasefire&not_year=2024&sort=relevance", "q=会談&size=100&fold=off&sort=newest", "sort=oldest&size=5&page=2",
    *(f"q={words}&sort={sort}" for words in ("停戦", "ロシア -ガザ", "首相&desk=国際") for sort in SORTS),
]
SAVED = ["csv", "ris", "bibtex", "jsonl"]


@pytest.fixture(scope="module")
def real(sample_archive: Path) -> FlaskClient:
    return create_app(Keeper(sample_archive)).test_client()


def _all_ids(client: FlaskClient, query: str) -> list[str]:
    """By turning the pages of the JSON."""
    ids: list[str] = []
    address: str | None = f"/?{query}&format=json&size=7"
    while address:
        page = client.get(address).get_json()
        ids += [hit["id"] for hit in page["hits"] if "partial" not in hit]
        address = page["next"]
    return ids


@pytest.mark.parametrize(("where", "query"), [
    *(("double", query) for query in DOUBLE_QUERIES), *(("real", query) for query in REAL_QUERIES),
])
def test_every_form_has_the_same_articles_in_the_same_order(
    client: FlaskClient, real: FlaskClient, where: str, query: str
) -> None:
    asked = client if where == "double" else real
    is_page = "size=" in query or "page=" in query
    page = _asked_in("json", asked, query)
    wanted = page if is_page else _all_ids(asked, query)
    assert wanted or "q=無" in query or "page" in query
    for form in SAVED:
        ids = [key(one).removeprefix("kijigura-") for one in wanted] if form == "bibtex" else wanted
        assert _asked_in(form, asked, query) == ids, form
    assert _asked_in("atom", asked, query) == page


def test_a_page_shows_what_its_json_has(client: FlaskClient) -> None:
    for query in DOUBLE_QUERIES:
        html = client.get(f"/?{query}").get_data(as_text=True)
        assert html.count('<article class="hit') >= len(_asked_in("json", client, query)), query


@pytest.mark.parametrize("form", [*SAVED, "atom"])
@pytest.mark.parametrize(("query", "total"), [("習主席 会談", 1), ("習主席 作柄", 0)])
def test_articles_with_part_of_the_words_are_in_the_json_alone(
    client: FlaskClient, form: str, query: str, total: int
) -> None:
    found = client.get(f"/?q={query}&format=json").get_json()
    assert (found["total"], len([hit for hit in found["hits"] if "partial" not in hit])) == (total, total)
    assert found["partial_total"] == len([hit for hit in found["hits"] if hit.get("partial")]) + (
        26 if query == "習主席 作柄" else 0
    )
    text = client.get(f"/?q={query}&format={form}").get_data(as_text=True)
    assert len(_ids(form, text)) == total


def test_json_is_the_contract_of_the_command_line(client: FlaskClient) -> None:
    found = DoubleLibrary().search(Request("習主席"))
    answer = client.get("/?q=習主席&format=json").get_json()
    of_the_page = {name: answer.pop(name) for name in ("page", "size", "pages", "prev", "next")}
    assert answer == found.as_json()
    assert of_the_page == {"page": 1, "size": 20, "pages": 1, "prev": None, "next": None}


def test_a_spreadsheet_knows_the_encoding(client: FlaskClient) -> None:
    answer = client.get("/?q=作柄&format=csv")
    assert answer.data.startswith("\ufeff".encode())
    assert answer.content_type == "text/csv; charset=utf-8"


def test_the_title_of_a_feed_s_link_says_its_order(client: FlaskClient) -> None:
    for address in ("/?q=作柄", "/?q=作柄&sort=oldest", "/", "/entity/CN", "/topic/peace"):
        for lang, order in (("ja", "新しい順"), ("en", "newest first")):
            html = client.get(address, headers={"Accept-Language": lang}).get_data(as_text=True)
            ((title, feed),) = re.findall(r'type="application/atom.xml" title="(.*?)" href="(.*?)">', html)
            assert order in title
            assert "sort=oldest" not in feed


def test_a_feed_is_newest_first_unless_asked_otherwise(client: FlaskClient, keeper: DoubleKeeper) -> None:
    client.get("/?q=作柄&format=atom")
    assert keeper.double.asked[-1].sort == "newest"
    client.get("/?q=作柄&format=atom&sort=oldest")
    assert keeper.double.asked[-1].sort == "oldest"


# ---- BibTeX ---------------------------------------------------------------------------------------


def test_bibtex_is_what_biber_reads() -> None:
    at = Published(datetime(2024, 4, 10, 18, 30, tzinfo=JST))
    hit = replace(_hit("50% & {習}_\\近平", at, source="見本新聞", desk="国際", url="https://e.example/{1}?a=%20"),
                  authors=("山田 太郎", "Reuters and AP"))
    assert render(_page(hit), "bibtex", BASE).splitlines() == [
        "@article{kijigura-id_2f_1,",
        "  author = {{山田 太郎} and {Reuters and AP}},",
        r"  title = {{50\% \& \textbraceleft{}習\textbraceright{}\_\textbackslash{}近平}},",
        "  journal = {見本新聞},", "  date = {2024-04-10},", "  year = {2024},", "  keywords = {国際},",
        "  url = {https://e.example/%7B1%7D?a=%20},", "  abstract = {一行目 二行目 … 後の節},", "  langid = {japanese}",
        "}", "",
    ]


@pytest.mark.parametrize("text", ["{", "}", "}}{{", "\\{", "a\\", EVIL, "習近平", "~^#$%&_"])
def test_braces_of_an_entry_are_even_whatever_a_title_holds(text: str) -> None:
    assert escaped(text).count("{") == escaped(text).count("}")


def test_different_ids_have_different_keys() -> None:
    ids = ["a/b", "a-b", "a_b", "a b", "a_2f_b", "記事1", "記事2", "記", "A", "a", "", "_", "__", "_5f_", "../ID? 1"]
    assert len({key(one) for one in ids}) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", key(one)) for one in ids)


# ---- records --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("precision", "parts", "ris"), [
    ("minute", (2024, 4, 10), "2024/04/10/"), ("day", (2024, 4, 10), "2024/04/10/"),
    ("month", (2024, 4), "2024/04//"), ("year", (2024,), "2024///"),
])
def test_a_date_is_as_precise_as_its_source(precision: Precision, parts: tuple[int, ...], ris: str) -> None:
    hit = _hit(published=Published(datetime(2024, 4, 10, tzinfo=JST), precision))
    assert of_hit(hit).date_parts == parts
    assert f"DA  - {ris}\r\n" in render(_page(hit), "ris", "")


def test_a_hit_and_its_article_give_the_same_record() -> None:
    of_hits = {hit.id: of_hit(hit, BASE) for hit in DoubleLibrary().search(Request(size=100)).hits}
    for article in ARTICLES:
        assert replace(of_article(article, BASE), summary="") == replace(of_hits[article.id], summary="")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"])
@pytest.mark.parametrize("form", ["csv", "ris", "bibtex", "atom"])
def test_nobody_is_sent_to_an_address_that_is_none(form: str, url: str) -> None:
    assert url not in render(_page(_hit(url=url)), form, BASE)


@pytest.mark.parametrize("form", SAVED)
def test_no_text_breaks_out_of_its_line(form: str) -> None:
    hit = _hit("題\r\n}\n@article{x,\nER  - \u2028\ud800\x00", source="紙\n名")
    text = "".join(lines(form, [hit, hit], BASE))
    assert len(_ids(form, text)) == 2
    text.encode()


# ---- names, feeds ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("request_", "form", "name"), [
    (Request("停戦 合意"), "csv", "停戦-合意.csv"),
    (Request("停戦", filters={"country": ("RU",)}, excluded={"desk": ("経済",)}), "bibtex", "停戦-RU-not-経済.bib"),
    (Request('a/b\\c:"d"*?<>|'), "ris", "a-b-c-d.ris"),
    (Request("../../etc/passwd"), "csv", "etc-passwd.csv"),
    (Request(), "jsonl", "kijigura.jsonl"),
    (Request("長" * 300), "csv", "長" * 60 + ".csv"),
])
def test_a_saved_search_is_called_what_was_asked(request_: Request, form: str, name: str) -> None:
    assert file_name(request_, form) == name


def test_a_browser_is_told_the_name_in_both_ways(client: FlaskClient) -> None:
    told = client.get("/?q=作柄&format=csv").headers["Content-Disposition"]
    assert told == "attachment; filename=\"kijigura.csv\"; filename*=UTF-8''%E4%BD%9C%E6%9F%84.csv"


def test_a_feed_leads_to_all_of_its_pages(client: FlaskClient) -> None:
    """RFC 5005: by turning them one has what the search has."""
    ids: list[str] = []
    address: str | None = "/?q=作柄&format=atom&size=10&page=1&sort=newest"
    feed_ids = set()
    total = client.get("/?q=作柄&format=json").get_json()["total"]
    while address:
        feed = ET.fromstring(client.get(address).get_data(as_text=True))
        links = {one.get("rel"): one.get("href") for one in feed.findall("a:link", ATOM)}
        ids += [unquote(str(one.text).partition("/article/")[2]) for one in feed.findall("a:entry/a:id", ATOM)]
        feed_ids.add(feed.findtext("a:id", "", ATOM))
        assert feed.findtext("{http://a9.com/-/spec/opensearch/1.1/}totalResults") == str(total)
        address = links.get("next")
    assert ids == _all_ids(client, "q=作柄&sort=newest")
    assert len(ids) == total > 20
    assert len(feed_ids) == 1
    assert {"self", "alternate", "search", "first", "previous", "last"} == set(links)


@pytest.mark.parametrize(("parameters", "told"), [
    ("page=0", "「0」はページ番号ではありません。1から数えます。"),
    ("from=abc", "「abc」は日付として読めません。2024、2024-04、2024-04-10、令和6年4月10日のように書きます。"),
    ("from=2027&to=2020", "最初の日が最後の日より後です（2027-01-01 – 2020-12-31）。入れ替えてください。"),
    ("size=0", "「0」は記事の数として使えません。1から100までの数を書きます。"),
    ("sort=best", "sortに「best」という値はありません。relevance、newest、oldestのどれかです。"),
    ("by=week", "byに「week」という値はありません。year、month、dayのどれかです。"),
])
def test_a_program_is_told_what_is_wrong_and_what_there_is(client: FlaskClient, parameters: str, told: str) -> None:
    answer = client.get(f"/?q=停戦&format=json&lang=ja&{parameters}")
    assert answer.status_code == 400
    assert told in answer.get_data(as_text=True)
