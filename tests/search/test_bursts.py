"""When a word rises: compared with a plain look at every stretch of days."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.association import association
from search.storylines.bursts import LEAST_ARTICLES, LENGTHS_DAYS, PAST_DAYS, Burst, bursts

FIRST = date(2024, 1, 1).toordinal()


def found(days_of_word: list[int], days: list[int]) -> Burst | None:
    """The burst of a word with an article on each of these days, among one of another word on each of `days`."""
    every = sorted([*days, *days_of_word])
    places: list[int] = []
    for day in sorted(days_of_word):
        place = every.index(day)
        while place in places:
            place += 1
        places.append(place)
    (burst,) = bursts([np.array(places, np.int64)], np.array(every, np.int64) + FIRST)
    return burst


def by_looking(days_of_word: list[int], days: list[int]) -> float:
    """The largest G² of all stretches that begin with an article, told from lists of days alone."""
    every = [*days, *days_of_word]
    best = 0.0
    for begin in days_of_word:
        for length in LENGTHS_DAYS:
            inside = [day for day in days_of_word if begin <= day < begin + length]
            around = [day for day in days_of_word if begin - PAST_DAYS <= day < begin + length + PAST_DAYS]
            all_inside = [day for day in every if begin <= day < begin + length]
            all_around = [day for day in every if begin - PAST_DAYS <= day < begin + length + PAST_DAYS]
            if len(inside) >= LEAST_ARTICLES:
                g2 = association(len(inside), len(around), len(all_inside), len(all_around))
                best = max(best, g2)
    return best


DAYS = st.lists(st.integers(0, 600), max_size=40)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 600), min_size=1, max_size=15) | st.lists(st.integers(100, 110), min_size=1), DAYS)
def test_the_strongest_stretch_is_found(days_of_word: list[int], days: list[int]) -> None:
    burst = found(days_of_word, days)
    assert (burst.surprise if burst else 0.0) == pytest.approx(by_looking(days_of_word, days), abs=1e-6)


def test_a_week_in_which_a_word_stands_daily_is_its_burst() -> None:
    burst = found([20, 100, 101, 102, 103, 104, 300], list(range(400)))
    assert burst
    assert (burst.first.toordinal() - FIRST, burst.last.toordinal() - FIRST) == (100, 104)
    assert (burst.articles, burst.in_all) == (5, 6)      # the one 200 days later is another time
    assert burst.times > 20
    assert burst.share == pytest.approx(5 / 6)


@pytest.mark.parametrize("days_of_word", [
    [5],                                    # once
    [5, 5, 5],                              # three articles are a story and its reports
    list(range(0, 400, 4)),                 # always as often
])
def test_what_does_not_rise_has_no_burst(days_of_word: list[int]) -> None:
    burst = found(days_of_word, list(range(400)))
    assert burst is None or burst.surprise < 5


def test_words_do_not_mix() -> None:
    days = np.array([0, 0, 1, 1, 2, 2, 3, 3, 100, 100, 101, 102, 103], np.int64) + FIRST
    early, late = np.array([0, 2, 4, 6]), np.array([8, 10, 11, 12])
    one, other, none = bursts([early, late, np.array([], np.int64)], days)
    assert one
    assert other
    assert none is None
    assert one == bursts([early], days)[0]
    assert other == bursts([late], days)[0]


def test_no_words_and_no_articles() -> None:
    assert bursts([], np.array([FIRST])) == []
    assert bursts([np.array([], np.int64)], np.array([], np.int64)) == [None]
