"""Facets are counted as plain Python would count them."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.whoosh_engine.columns import Counts, FacetColumn, column_of_sets, frequent_in, most_frequent

rows = st.lists(
    st.one_of(st.sets(st.integers(0, 29), max_size=3), st.sets(st.integers(0, 29), max_size=20)), max_size=60
)
quick = settings(max_examples=150, deadline=None)


def column(values_of: list[set[int]], values: int = 30) -> FacetColumn:
    """A column of which each document has these values."""
    numbers = np.array([value for several in values_of for value in sorted(several)], np.int64)
    ends = np.cumsum([len(several) for several in values_of], dtype=np.int64)
    return FacetColumn.of([f"v{value:05}".encode() for value in range(values)], numbers, ends)


def as_list(counts: Counts, values: int = 30) -> list[int]:
    """By value, 0 for those that none of the documents has."""
    found = np.zeros(values, np.int64)
    found[slice(None) if counts.numbers is None else counts.numbers] = counts.articles
    return found.tolist()


def counted(values_of: list[set[int]], docs: list[int], values: int = 30) -> list[int]:
    found = Counter(value for doc in docs for value in values_of[doc])
    return [found[value] for value in range(values)]


@quick
@given(values_of=rows, data=st.data())
def test_a_column_counts_the_values_of_some_documents(values_of: list[set[int]], data: st.DataObject) -> None:
    docs = sorted(data.draw(st.sets(st.integers(0, len(values_of) - 1)))) if values_of else []
    found = column(values_of).counts(np.array(docs, np.int64))
    assert as_list(found) == counted(values_of, docs)


@pytest.mark.parametrize("width", [0, 1, 2, 3, 4, 5, 8, 9, 12, 13, 25, 40])
def test_rows_of_any_width_are_counted(width: int) -> None:
    values_of = [set(range(width))] * 90 + [set(range(30))] * 10
    for docs in (list(range(100)), [], [99], list(range(0, 100, 3))):
        assert as_list(column(values_of).counts(np.array(docs, np.int64))) == counted(values_of, docs)


@pytest.mark.parametrize("values", [1 << 16, (1 << 16) - 3, 70_000])
def test_there_may_be_more_values_than_two_bytes_tell_apart(values: int) -> None:
    values_of = [{number * 7 % values, values - 1} for number in range(50)]
    docs = list(range(50))
    assert as_list(column(values_of, values).counts(np.array(docs)), values) == counted(values_of, docs, values)


@quick
@given(sets=st.lists(st.sets(st.integers(0, 19)), max_size=12), docs=st.sets(st.integers(0, 19)))
def test_a_column_of_sets_counts_those_in_each(sets: list[set[int]], docs: set[int]) -> None:
    found = column_of_sets([np.array(sorted(one), np.int64) for one in sets], [f"t{n}" for n in range(len(sets))], 20)
    assert as_list(found.counts(np.array(sorted(docs), np.int64)), len(sets)) == [len(one & docs) for one in sets]
    assert [value.decode() for value in found.values] == [f"t{n}" for n in range(len(sets))]


@quick
@given(
    counts=st.lists(st.integers(0, 4), max_size=12), most=st.one_of(st.none(), st.integers(0, 14)),
    chosen=st.lists(st.integers(0, 13), max_size=3, unique=True),
)
def test_the_most_frequent_come_first_and_those_chosen_are_never_left_out(
    counts: list[int], most: int | None, chosen: list[int]
) -> None:
    names = [f"v{value:05}" for value in range(14)]
    ranked = sorted((value for value, count in enumerate(counts) if count), key=lambda value: (-counts[value], value))
    shown = {*(ranked if most is None else ranked[:most]), *chosen}
    of_all = np.array(counts, np.int64)
    there = np.flatnonzero(of_all)
    for given_as in (Counts(of_all), Counts(of_all[there], there)):
        found, size = most_frequent(column([], len(counts)), given_as, most, [names[value] for value in chosen])
        assert list(found.items()) == [(names[value], counts[value]) for value in ranked if value in shown]
        assert size == len(ranked)


@quick
@given(values_of=rows, most=st.one_of(st.none(), st.integers(0, 9)), chosen=st.lists(st.integers(0, 31), max_size=3))
def test_few_documents_are_counted_as_many_are(values_of: list[set[int]], most: int | None, chosen: list[int]) -> None:
    facet, docs = column(values_of), np.arange(min(40, len(values_of)))
    names = [f"v{value:05}" for value in chosen]
    few, many = frequent_in(facet, docs, most, names), most_frequent(facet, facet.counts(docs), most, names)
    assert few == many
    assert list(few[0]) == list(many[0])
