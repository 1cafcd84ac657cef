"""Postings that were packed come back as they were, whatever widths they took."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.whoosh_engine.packing import SKIP_TERMS, FieldReader, FieldWriter, TermRange
from search.whoosh_engine.posting_codes import CODES, from_codes, to_codes
from search.whoosh_engine.postings import AnyInts, Postings, starts_of
from search.whoosh_engine.segment_file import SegmentFile, SegmentFileWriter
from search.whoosh_engine.streams import StreamReader, StreamWriter

Posting = tuple[int, int, tuple[int, ...]]
"""(document, weight, positions); no positions in a field that is only filtered by."""

Field = dict[bytes, list[Posting]]

quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def packed(field: Sequence[tuple[bytes, list[Posting]]]) -> Postings:
    rows = [row for _, several in field for row in several]
    steps = [at - before for _, _, places in rows for before, at in pairwise((0, *places))]
    scored = any(places for _, _, places in rows)
    return Postings(
        [term for term, _ in field], np.array([len(several) for _, several in field], np.int64),
        np.array([doc for doc, _, _ in rows], np.int64),
        np.array([len(places) for _, _, places in rows] if scored else [], np.int64),
        np.array([weight for _, weight, _ in rows] if scored else [], np.int64), np.array(steps, np.int64),
    )


@contextmanager
def written(field: Field, pieces: int = 1) -> Iterator[FieldReader]:
    """The field, written in so many pieces of consecutive terms."""
    terms = sorted(field.items())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        file = SegmentFileWriter(path)
        writer = FieldWriter(file, "F")
        for part in np.array_split(np.arange(len(terms)), pieces):
            writer.append(packed([terms[number] for number in part.tolist()]))
        writer.finish()
        file.finish({})
        yield FieldReader(SegmentFile(path, ValueError), "F")


def read(reader: FieldReader, first: int, end: int) -> list[list[Posting]]:
    """The postings of each of these terms."""
    return read_of(reader, reader.range(first, end))


def read_of(reader: FieldReader, terms: TermRange) -> list[list[Posting]]:
    docs = reader.docs(terms).tolist()
    if reader.has_positions:
        found = reader.counts_and_weights(terms)
        counts, weights = (one.tolist() for one in found) if found else ([1] * len(docs), [1] * len(docs))
        places = unstepped(counts, reader.steps(terms))
    else:
        weights, places = [1] * len(docs), [()] * len(docs)
    starts = starts_of(terms.df).tolist()
    rows = list(zip(docs, weights, places, strict=True))
    return [rows[start:stop] for start, stop in pairwise(starts)]


def unstepped(counts: Sequence[int], steps: AnyInts) -> list[tuple[int, ...]]:
    starts = starts_of(counts).tolist()
    return [tuple(np.cumsum(steps[start:end], dtype=np.int64).tolist()) for start, end in pairwise(starts)]


# Around the largest number of each width.
edges = [0, 1, 14, 15, 16, 254, 255, 256, 4_094, 4_095, 4_096, 65_534, 65_535, 65_536, 1 << 24]
numbers = st.one_of(st.sampled_from(edges), st.integers(0, 300), st.integers(0, 1 << 24))
small = st.one_of(st.integers(0, 20), numbers)


def ascending(distances: Sequence[int]) -> list[int]:
    """Strictly, the first one being its distance from 0."""
    return (np.cumsum(distances, dtype=np.int64) + np.arange(len(distances))).tolist()


@st.composite
def postings(draw: st.DrawFn, *, scored: bool = True) -> list[Posting]:
    docs = ascending(draw(st.lists(small, min_size=1, max_size=6)))
    if not scored:
        return [(doc, 1, ()) for doc in docs]
    several = []
    for doc in docs:
        places = ascending(draw(st.lists(small, min_size=1, max_size=draw(st.sampled_from((1, 1, 3, 20))))))
        extra = draw(st.sampled_from((0, 0, 0, 1, 2, 3, 40, 70_000)))
        several.append((doc, len(places) + extra, tuple(places)))
    return several


def fields(*, scored: bool = True) -> st.SearchStrategy[Field]:
    terms = st.text("安全保障a\x00\U0001f600", min_size=1, max_size=4).map(str.encode)
    return st.dictionaries(terms, postings(scored=scored), min_size=1, max_size=12)


@quick
@given(field=fields(), pieces=st.integers(1, 4), data=st.data())
def test_postings_come_back(field: Field, pieces: int, data: st.DataObject) -> None:
    expected = [several for _, several in sorted(field.items())]
    with written(field, pieces) as reader:
        assert read(reader, 0, len(field)) == expected
        for number in range(len(field)):
            assert read(reader, number, number + 1) == expected[number : number + 1]
        first = data.draw(st.integers(0, len(field) - 1))
        end = data.draw(st.integers(first + 1, len(field)))
        assert read(reader, first, end) == expected[first:end]
        some = data.draw(st.lists(st.integers(0, len(field) - 1), min_size=1, max_size=12))
        assert read_of(reader, reader.scattered(np.array(some))) == [expected[number] for number in some]


@quick
@given(field=fields(scored=False), pieces=st.integers(1, 3))
def test_postings_of_a_field_that_is_only_filtered_by_come_back(field: Field, pieces: int) -> None:
    with written(field, pieces) as reader:
        assert not reader.has_positions
        expected = [several for _, several in sorted(field.items())]
        assert read(reader, 0, len(field)) == expected
        assert read_of(reader, reader.scattered(np.arange(len(field))[::-1])) == expected[::-1]


@quick
@given(field=fields(), other=st.text("安全保障a\x00", max_size=4))
def test_terms_are_found_in_order(field: Field, other: str) -> None:
    terms = sorted(field)
    with written(field, 2) as reader:
        assert reader.all_terms() == terms
        assert [reader.term(number) for number in range(len(terms))] == terms
        assert [reader.find(term) for term in terms] == list(range(len(terms)))
        assert reader.numbers_of([*terms[::-2], other.encode()]).tolist() == [
            number for number, term in enumerate(terms) if term in {*terms[::-2], other.encode()}
        ]
        assert reader.find(other.encode()) == (terms.index(other.encode()) if other.encode() in field else None)
        assert reader.lower_bound(other.encode()) == sum(term < other.encode() for term in terms)
        first, end = reader.with_prefix(other.encode())
        assert terms[first:end] == [term for term in terms if term.startswith(other.encode())]


def test_a_field_without_terms_is_empty() -> None:
    with written({}) as reader:
        assert (reader.terms, reader.all_terms(), reader.find(b"x"), reader.with_prefix(b"")) == (0, [], None, (0, 0))


@pytest.mark.parametrize("pieces", [1, 2, 7])
def test_any_of_many_terms_is_found_from_the_skips(pieces: int) -> None:
    chance = np.random.default_rng(7)
    field: Field = {}
    for number in range(5 * SKIP_TERMS + 3):
        scale = int(chance.choice([3, 100, 3_000, 50_000, 200_000]))
        docs = ascending(chance.integers(0, scale, int(chance.integers(1, 5))).tolist())
        field[f"{number:04}".encode()] = [
            (doc, count + int(chance.choice([0, 2, 50])), tuple(ascending(chance.integers(0, scale, count).tolist())))
            for doc in docs for count in [int(chance.choice([1, 1, 2, 17, 40]))]
        ]
    expected = [several for _, several in sorted(field.items())]
    with written(field, pieces) as reader:
        for first in range(0, len(field), 7):
            for size in (1, 2, SKIP_TERMS, 3 * SKIP_TERMS):
                end = min(first + size, len(field))
                assert read(reader, first, end) == expected[first:end]
        for size in (1, 2, 50, 200):
            some = chance.choice(len(field), size, replace=False)
            assert read_of(reader, reader.scattered(some)) == [expected[number] for number in some.tolist()]


# ---- codes and streams --------------------------------------------------------------------------


@quick
@given(pairs=st.lists(st.tuples(st.integers(1, 400), st.integers(1, (1 << 24) - 1)), max_size=20))
def test_counts_and_weights_come_back_from_their_codes(pairs: list[tuple[int, int]]) -> None:
    table = np.array([*CODES.tolist(), *pairs], np.int64)
    counts, weights = from_codes(to_codes(table[:, 0], table[:, 1]))
    assert counts.tolist() == table[:, 0].tolist()
    assert weights.tolist() == table[:, 1].tolist()


@quick
@given(
    bits=st.sampled_from((4, 8, 12, 16, 20, 24, 32)),
    pieces=st.lists(st.lists(numbers, min_size=1, max_size=9), min_size=1, max_size=4),
    data=st.data(),
)
def test_a_stream_gives_back_any_stretch_and_any_numbers(
    bits: int, pieces: list[list[int]], data: st.DataObject
) -> None:
    """Odd numbers of half bytes among them, that go on in the next piece."""
    values = [value for piece in pieces for value in piece]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        file = SegmentFileWriter(path)
        writer = StreamWriter(file, "S", bits)
        for piece in pieces:
            writer.append(np.array(piece, np.int64))
        writer.finish()
        file.finish({})
        assert writer.size == len(values)
        reader = StreamReader(SegmentFile(path, ValueError), "S", bits)
        first = data.draw(st.integers(0, len(values)))
        end = data.draw(st.integers(first, len(values)))
        assert reader.read(first, end).tolist() == values[first:end]
        assert reader.read(0, len(values)).tolist() == values
        places = data.draw(st.lists(st.integers(0, len(values) - 1), max_size=9))
        assert reader.at(np.array(places, np.int64)).tolist() == [values[place] for place in places]
