"""Results as data: pages, facets and the JSON that is a contract."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from search.articles import JST, Published
from search.results import (
    FACETS,
    Bar,
    FacetValue,
    Hit,
    Interpretation,
    ResultPage,
    SectionHit,
    Snippet,
    WordForm,
)

HIT = Hit(
    "a1", Snippet("題"), None, Published(datetime(2024, 4, 10, tzinfo=JST), "day"), None, "国際", 7.23456,
    (SectionHit(2, Snippet("見出し"), Snippet("停戦した。", ((0, 2),))), SectionHit(0, None, Snippet("本文"))),
)


def page(**changed: object) -> ResultPage:
    given = {
        "query": "停戦", "total": 1, "took_ms": 3.14159, "hits": (HIT,),
        "facets": {"person": (FacetValue("xi-jinping", "習近平", 3),)},
        "histogram": (Bar(date(2024, 4, 1), date(2024, 5, 1), 2),),
        "forms": (WordForm("停戦", "休戦", "synonym"),),
        "interpreted": (Interpretation("習主席", "person", "xi-jinping", "習近平", ("習氏",)),), **changed,
    }
    return ResultPage(**given)  # type: ignore[arg-type]


def test_the_json_of_a_page_is_the_one_in_the_contract() -> None:
    assert page().as_json() == {
        "query": "停戦", "total": 1, "took_ms": 3.1,
        "interpreted": [{"word": "習主席", "as": "person", "entity": "xi-jinping", "name": "習近平"}],
        "hits": [{
            "id": "a1", "title": "題", "url": None, "published": "2024-04-10T00:00:00+09:00", "source": None,
            "desk": "国際", "score": 7.2346,
            "sections": [
                {"number": 2, "heading": "見出し", "snippet": {"text": "停戦した。", "marks": [[0, 2]]}},
                {"number": 0, "heading": None, "snippet": {"text": "本文", "marks": []}},
            ],
        }],
        "facets": {
            "person": [{"value": "xi-jinping", "label": "習近平", "count": 3, "selected": False}],
            "country": [], "organization": [], "place": [], "topic": [], "desk": [], "source": [], "year": [],
        },
        "histogram": [{"from": "2024-04-01", "to": "2024-05-01", "count": 2}],
        "forms": [{"word": "停戦", "form": "休戦", "as": "synonym", "off": False}],
        "partial_total": 0, "did_you_mean": None, "notes": [],
    }


def test_what_was_left_out_of_a_query_is_in_the_json_too() -> None:
    notes = ("「2026-13」という日付はないため、2026 として探しました。", "「だれか」という人物はいません。")
    assert page(notes=notes).as_json()["notes"] == list(notes)


def test_facets_come_in_the_order_they_are_shown() -> None:
    assert tuple(page().as_json()["facets"]) == FACETS == (
        "person", "country", "organization", "place", "topic", "desk", "source", "year"
    )


@pytest.mark.parametrize(("total", "size", "pages"), [(0, 20, 1), (1, 20, 1), (20, 20, 1), (21, 20, 2), (5, 1, 5)])
def test_there_is_at_least_one_page(total: int, size: int, pages: int) -> None:
    assert page(total=total, size=size).pages == pages


@pytest.mark.parametrize(("snippet", "pieces"), [
    (Snippet("停戦した"), [("停戦した", False)]),
    (Snippet("停戦した", ((0, 2),)), [("停戦", True), ("した", False)]),
    (Snippet("停戦", ((0, 2),)), [("停戦", True)]),
    (Snippet("停戦和平", ((0, 2), (2, 4))), [("停戦", True), ("和平", True)]),
    (Snippet("の停戦と和平を", ((1, 3), (4, 6))),
     [("の", False), ("停戦", True), ("と", False), ("和平", True), ("を", False)]),
    (Snippet(""), []),
])
def test_a_snippet_is_cut_at_its_marks(snippet: Snippet, pieces: list[tuple[str, bool]]) -> None:
    assert snippet.pieces() == pieces
