"""Lines of bars on one axis: their geometry and their words."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import pytest
from flask import get_template_attribute
from hypothesis import given
from hypothesis import strategies as st
from web_double import DoubleKeeper

from search import periods
from search.results import Bar
from web import create_app
from web.drawing.lines import MIN_BAR_PX, TICK_GAP, draw
from web.pages.lines import Line, chart_card, period_name

APP = create_app(DoubleKeeper())
HEIGHT = 50


def line(*counts: int) -> tuple[Bar, ...]:
    """Months from January 2024 on."""
    starts = [date(2024 + n // 12, n % 12 + 1, 1) for n in range(len(counts) + 1)]
    return tuple(map(Bar, starts, starts[1:], counts))


@given(st.lists(st.lists(st.integers(0, 10_000), min_size=9, max_size=9), min_size=1, max_size=6))
def test_all_lines_have_one_axis_and_one_scale(counts: list[list[int]]) -> None:
    drawn = draw([line(*several) for several in counts], HEIGHT)
    if not any(map(any, counts)):
        assert drawn is None
        return
    assert drawn
    bars = [bar for several in drawn.lines for bar in several]
    assert all(bar.count and bar.height >= MIN_BAR_PX for bar in bars)
    assert all(round(bar.y + bar.height, 1) == HEIGHT and bar.y >= 0 for bar in bars)
    assert len({(bar.start, bar.slot_x) for bar in bars}) == len({bar.start for bar in bars})
    for one, other in pairwise(sorted(bars, key=lambda bar: bar.count)):
        assert one.height <= other.height
    assert max(bar.slot_x + bar.slot_width for bar in bars) <= 100


def test_part_of_each_bar_is_set_apart_at_its_foot() -> None:
    drawn = draw([line(4, 8, 0, 2)], HEIGHT, line(1, 8, 0, 0))
    assert drawn
    assert [(bar.part, bar.part_height) for bar in drawn.lines[0]] == [(1, 6.2), (8, 50.0), (0, 0)]


@given(st.integers(1, 60))
def test_labels_of_the_axis_keep_apart_and_inside(count: int) -> None:
    drawn = draw([line(*[1] * count)], HEIGHT)
    assert drawn
    places = [tick.x for tick in drawn.ticks]
    assert places
    assert all(b - a >= TICK_GAP for a, b in pairwise(places))
    assert places[-1] <= 100 - TICK_GAP / 2


@pytest.mark.parametrize(("first", "last", "ja", "en"), [
    ("2024-04-10", "2024-04-10", "2024年4月10日", "10 April 2024"),
    ("2024-04-01", "2024-04-30", "2024年4月", "April 2024"),
    ("2024-04-01", "2024-06-30", "2024年4–6月", "April–June 2024"),
    ("2024-01-01", "2024-12-31", "2024年", "2024"),
    ("2020-01-01", "2024-12-31", "2020–2024年", "2020–2024"),
    ("2024-04-08", "2024-04-14", "2024年4月8日 – 2024年4月14日", "8 April 2024 – 14 April 2024"),
])
def test_a_period_has_the_shortest_exact_name(first: str, last: str, ja: str, en: str) -> None:
    days = date.fromisoformat(first), date.fromisoformat(last)
    assert (period_name(*days, "ja"), period_name(*days, "en")) == (ja, en)


def test_bars_say_what_they_stand_for_and_the_table_has_the_same_numbers() -> None:
    lines = [
        Line("中国", "/?country=CN", 5, line(2, 0, 3), lambda first, last: f"/{first}/{last}"),
        Line("その他", None, 1, line(0, 0, 1), None),
    ]
    with APP.test_request_context("/?lang=ja"):
        card = chart_card(lines, HEIGHT, "ja")
    assert card
    linked, alone = card.lines
    assert linked.bars[0][:3] == ["/2024-01-01/2024-01-31", "中国 2024年1月：2件", "中国 2024年1月：2件"]
    assert alone.bars[0][0] == "その他 2024年3月：1件"
    assert card.table == (
        ("2024年1月", ((2, "/2024-01-01/2024-01-31"), (0, None))),
        ("2024年3月", ((3, "/2024-03-01/2024-03-31"), (1, None))),
    )


def test_bars_for_the_pointer_alone_are_no_stops_of_the_tab_key_and_the_table_leads_where_they_do() -> None:
    lines = [Line("外信部", "/?desk=外信部", 5, line(2, 0, 3), lambda first, last: f"/{first}/{last}")]
    with APP.test_request_context("/?lang=ja"):
        card = chart_card(lines, HEIGHT, "ja", by_pointer=True)
        html = get_template_attribute("charts.html", "bars")(card.lines[0], card, "外信部") if card else ""
        whole = get_template_attribute("charts.html", "lines")(card, "heading")
    table = whole.partition("<details")[2]
    assert re.findall(r'<a href="([^"]*)"[^>]*>[0-9,]+</a>', table) == [
        "/2024-01-01/2024-01-31", "/2024-03-01/2024-03-31",
    ]
    assert "tabindex=\"-1\"" not in table
    links = re.findall(r"<a [^>]*>", html)
    assert [re.findall(r'href="([^"]*)"', link) for link in links] == [
        ["/2024-01-01/2024-01-31"], ["/2024-03-01/2024-03-31"],
    ]
    assert all('tabindex="-1"' in link and "aria-label" not in link for link in links)
    assert 'aria-hidden="true"' in html.partition(">")[0]


def test_nothing_is_no_chart() -> None:
    with APP.test_request_context("/"):
        assert chart_card([Line("中国", "/", 0, periods.bars({}, []), None)], HEIGHT, "ja") is None
