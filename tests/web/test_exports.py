"""Results for other programs."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from web_double import DoubleKeeper, DoubleLibrary
from web_sample import EVIL

from search.articles import JST, Published
from search.errors import UsageError
from search.query.model import Request
from search.results import Hit, ResultPage, SectionHit, Snippet
from web.forms.exports import csv_lines, render

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
        ["id", "title", "published", "source", "desk", "url", "snippet", "page"],
        ["id/1", "「題」, \"二\"", "2024-04-10", "見本新聞", "国際", "https://e.example/1", "一行目 二行目 … 後の節",
         "http://archive.example/article/id%2F1"],
    ]


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_a_title_is_never_a_formula(title: str) -> None:
    assert _rows(render(_page(_hit(title)), "csv", BASE))[1][1] == f"'{title}"


def test_csv_of_several_pages_has_one_line_of_names() -> None:
    assert len(list(csv_lines([_page(_hit()), _page(_hit())], BASE))) == 3


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
    with pytest.raises(UsageError, match="csv, ris, atom"):
        render(_page(), "pdf", BASE)


@pytest.mark.parametrize("form", ["json", "csv", "ris", "atom"])
@pytest.mark.parametrize("query", [
    "q=作柄", "country=CN", "desk=経済&year=2024", "from=2023&to=2023", "q=無",
    "topic=harvest&sort=oldest&size=5&page=2",
])
def test_every_form_has_the_articles_that_the_page_has(client: FlaskClient, form: str, query: str) -> None:
    page = client.get(f"/?{query}").get_data(as_text=True).count('<article class="hit">')
    answer = client.get(f"/?{query}&format={form}")
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    count = {
        "json": lambda: len(answer.get_json()["hits"]),
        "csv": lambda: len(_rows(text)) - 1,
        "ris": lambda: text.count("TY  - NEWS"),
        "atom": lambda: text.count("<entry>"),
    }[form]()
    # CSV and RIS are saved: they hold every article, unless a page of them is asked for.
    whole = form in ("csv", "ris") and "size=" not in query
    total = client.get(f"/?{query}&format=json").get_json()["total"]
    assert count == (total if whole else page)


@pytest.mark.parametrize("form", ["csv", "ris", "atom"])
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
    count = {"csv": len(_rows(text)) - 1, "ris": text.count("TY  - NEWS"), "atom": text.count("<entry>")}[form]
    assert count == total


def test_json_is_the_contract_of_the_command_line(client: FlaskClient) -> None:
    found = DoubleLibrary().search(Request("習主席"))
    assert client.get("/?q=習主席&format=json").get_json() == found.as_json()


def test_a_spreadsheet_knows_the_encoding(client: FlaskClient) -> None:
    answer = client.get("/?q=作柄&format=csv")
    assert answer.data.startswith("\ufeff".encode())
    assert answer.content_type == "text/csv; charset=utf-8"


def test_a_feed_is_newest_first_unless_asked_otherwise(client: FlaskClient, keeper: DoubleKeeper) -> None:
    client.get("/?q=作柄&format=atom")
    assert keeper.double.asked[-1].sort == "newest"
    client.get("/?q=作柄&format=atom&sort=oldest")
    assert keeper.double.asked[-1].sort == "oldest"
