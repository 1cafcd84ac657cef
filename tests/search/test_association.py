"""How much two things belong together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.association import association


def test_the_value_is_that_of_the_paper_s_formula() -> None:
    # Dunning (1993), table 5: "the swiss", k(AB)=110, k(A~B)=2442, k(~AB)=111, k(~A~B)=29114: 270.72
    assert association(110, 110 + 2442, 110 + 111, 110 + 2442 + 111 + 29114) == pytest.approx(270.72, abs=0.01)


def test_what_is_everywhere_is_no_surprise() -> None:
    assert association(50, 50, 1_000, 1_000) == pytest.approx(0, abs=1e-9)


def test_who_mostly_stands_beside_somebody_comes_before_a_country_that_is_everywhere() -> None:
    adviser, country = association(9, 40, 10, 10_000), association(12, 40, 2_500, 10_000)
    assert adviser > country > 0


def test_once_together_proves_less_than_often_together() -> None:
    assert association(1, 40, 1, 10_000) < association(12, 40, 60, 10_000)


def test_less_often_than_by_chance_is_below_zero() -> None:
    assert association(1, 500, 500, 1_000) < 0
    assert association(0, 500, 500, 1_000) < 0


@pytest.mark.parametrize("counts", [(0, 0, 0, 0), (3, 2, 9, 100), (0, 60, 60, 100), (1, 1, 1, 0)])
def test_counts_that_do_not_fit_together_say_nothing(counts: tuple[int, int, int, int]) -> None:
    assert association(*counts) == 0


@given(st.tuples(*[st.integers(0, 500)] * 4))
def test_the_order_of_the_two_does_not_matter(cells: tuple[int, int, int, int]) -> None:
    both, one, other, _neither = cells
    counts = both + one, both + other, sum(cells)
    value = association(both, *counts)
    assert value == pytest.approx(association(both, counts[1], counts[0], counts[2]))
    assert value == 0 or (value > 0) == (both * sum(cells) > counts[0] * counts[1])
