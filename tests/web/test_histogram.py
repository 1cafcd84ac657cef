"""The geometry of a histogram."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from search.results import Bar
from web.drawing import histogram


def _url(first: date, last: date) -> str:
    return f"{first}..{last}"


def _years(*counts: int) -> list[Bar]:
    return [Bar(date(2000 + n, 1, 1), date(2001 + n, 1, 1), count) for n, count in enumerate(counts)]


def test_nothing_is_drawn_where_nothing_was_published() -> None:
    assert histogram.draw([], _url) is None
    assert histogram.draw(_years(0, 0), _url) is None


def test_bars_stand_on_the_axis_and_the_tallest_fills_the_height() -> None:
    drawn = histogram.draw(_years(2, 8, 0, 4), _url)
    assert drawn is not None
    assert [bar.height for bar in drawn.bars] == [14, 56, 0, 28]
    assert all(bar.y + bar.height == histogram.HEIGHT_PX for bar in drawn.bars)


def test_one_article_among_thousands_can_be_seen_and_one_alone_does_not_look_like_many() -> None:
    among = histogram.draw(_years(1, 5_000), _url)
    alone = histogram.draw(_years(1), _url)
    assert among is not None
    assert alone is not None
    assert among.bars[0].height == histogram.MIN_BAR_PX
    assert alone.bars[0].height <= histogram.HEIGHT_PX / 2


def test_a_bar_leads_to_its_first_and_last_day() -> None:
    drawn = histogram.draw(_years(1), _url)
    assert drawn is not None
    assert drawn.bars[0].url == "2000-01-01..2000-12-31"


@pytest.mark.parametrize("count", [1, 2, 12, 62, 72, 80, 81, 500])
def test_bars_and_labels_stay_inside_the_drawing_and_no_article_is_lost(count: int) -> None:
    drawn = histogram.draw(_years(*range(1, count + 1)), _url)
    assert drawn is not None
    assert len(drawn.bars) <= histogram.MAX_BARS
    assert sum(bar.count for bar in drawn.bars) == count * (count + 1) / 2
    assert all(bar.x >= 0 and bar.x + bar.width <= 100.01 for bar in drawn.bars)
    places = [tick.x for tick in drawn.ticks]
    assert places
    assert all(b - a >= histogram.MIN_TICK_GAP for a, b in pairwise(places))


def test_months_over_several_years_are_labelled_at_each_january() -> None:
    starts = [date(2022 + n // 12, n % 12 + 1, 1) for n in range(10, 35)]
    drawn = histogram.draw([Bar(a, b, 1) for a, b in pairwise(starts)], _url)
    assert drawn is not None
    assert drawn.unit == "month"
    assert [(tick.day, tick.ends) for tick in drawn.ticks] == [
        (date(2023, 1, 1), False), (date(2024, 1, 1), False), (date(2024, 10, 1), True)]


@pytest.mark.parametrize(("count", "labelled"), [
    (1, [0]), (2, [0]), (4, [0, 3]), (5, [0, 2, 4]), (8, [0, 2, 4, 7]), (11, [0, 2, 4, 6, 8, 10]),
    (23, [0, 4, 8, 12, 16, 22]),
])
def test_the_first_and_the_last_bar_have_labels_where_there_is_room(count: int, labelled: list[int]) -> None:
    drawn = histogram.draw(_years(*[1] * count), _url)
    assert drawn is not None
    assert [tick.day.year - 2000 for tick in drawn.ticks] == labelled
    assert all(tick.x == 100 or count < 10 for tick in drawn.ticks if tick.ends)
