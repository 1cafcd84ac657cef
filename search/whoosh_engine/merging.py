"""Several segments -> one: which to merge, and how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.whoosh_engine.facts import DocumentFacts
from search.whoosh_engine.packing import FieldReader
from search.whoosh_engine.postings import AnyInts, Ints, Postings, spread, starts_of, sums_of
from search.whoosh_engine.segment import FIELDS, Segment, SegmentContent, write_segment

PIECE_POSTINGS = 1 << 20
"""Postings that are merged at a time; with positions and what is computed of them, about 100 bytes each."""

MOST_SEGMENTS = 3
GROWTH = 8
"""A segment is merged with the next one unless it is so many times as large: each article is then rewritten a few
times while an archive grows, however small the batches."""

MOST_DELETED = 0.2
"""Of a segment's documents, before it is written anew without them."""


def to_merge(live: Sequence[int], deleted: Sequence[int]) -> tuple[int, int]:
    """Which segments to merge, (first, end excluded) of those in order of age; (n, n) for none of n.

    live, deleted: documents of each segment.
    """
    count = len(live)
    first = count
    for number in range(count):
        younger = sum(live[number + 1 :])
        if (
            (number < count - 1 and live[number] < GROWTH * younger)
            or (number == MOST_SEGMENTS - 1 and count > MOST_SEGMENTS)
            or deleted[number] > MOST_DELETED * (live[number] + deleted[number])
        ):
            first = min(first, number)
    return first, count


def merge(segments: Sequence[Segment], path: Path) -> int:
    """Write the live documents of the segments, in order, as one. Returns the CRC-32 of its footer."""
    kept = [_live(segment) for segment in segments]
    facts = DocumentFacts.joined([segment.facts.of(docs) for segment, docs in zip(segments, kept, strict=True)])
    renumbered = _renumbered(segments, kept)
    fields = {name: _merged([segment.field(name) for segment in segments], renumbered) for name in FIELDS}
    return write_segment(path, SegmentContent(facts, fields))


def _live(segment: Segment) -> Ints:
    mask = np.ones(segment.size, np.bool_)
    mask[segment.deleted] = False
    return np.flatnonzero(mask)


def _renumbered(segments: Sequence[Segment], kept: Sequence[Ints]) -> list[Ints]:
    """Per segment: old document number -> new one, -1 for those deleted."""
    found: list[Ints] = []
    base = 0
    for segment, docs in zip(segments, kept, strict=True):
        numbers = np.full(segment.size, -1, np.int64)
        numbers[docs] = np.arange(base, base + len(docs))
        base += len(docs)
        found.append(numbers)
    return found


def _merged(fields: Sequence[FieldReader], renumbered: Sequence[Ints]) -> Iterator[Postings]:
    """One field's postings, a piece at a time."""
    terms, places = _united([field.all_terms() for field in fields])
    postings = np.zeros(len(terms), np.int64)
    for field, place in zip(fields, places, strict=True):
        if field.terms:
            postings[place] += field.range(0, field.terms).df
    for first, end in _pieces(postings):
        yield _merged_piece(terms[first:end], first, end, fields, places, renumbered)


def _united(vocabularies: Sequence[list[bytes]]) -> tuple[list[bytes], list[Ints]]:
    """All terms, ascending; and for each vocabulary the place of its terms among them."""
    if len(vocabularies) == 1:
        return vocabularies[0], [np.arange(len(vocabularies[0]))]
    united = sorted(set().union(*vocabularies))
    place = dict(zip(united, range(len(united)), strict=True))
    return united, [
        np.fromiter(map(place.__getitem__, terms), np.int64, len(terms)) for terms in vocabularies
    ]


def _pieces(postings: Ints) -> Iterator[tuple[int, int]]:
    """Stretches of terms with about PIECE_POSTINGS postings, or a single term."""
    ends = np.cumsum(postings)
    first = 0
    while first < len(postings):
        before = int(ends[first - 1]) if first else 0
        end = max(first + 1, int(np.searchsorted(ends, before + PIECE_POSTINGS, side="right")))
        yield first, end
        first = end


def _merged_piece(
    terms: list[bytes], first: int, end: int, fields: Sequence[FieldReader], places: Sequence[Ints],
    renumbered: Sequence[Ints],
) -> Postings:
    found = [
        _renumbered_postings(field, place, first, end, numbers)
        for field, place, numbers in zip(fields, places, renumbered, strict=True)
    ]
    df = np.sum([one.df for one in found], axis=0)
    has_positions = any(field.has_positions for field in fields)
    # Where the next postings and positions of each term go: those of the first segment, then of the second …
    next_posting = starts_of(df)[:-1]
    docs = np.empty(int(df.sum()), np.int64)
    counts, weights = np.empty((2, len(docs) if has_positions else 0), np.int64)
    for one in found:
        target = spread(next_posting, one.df)
        next_posting += one.df
        docs[target] = one.docs
        if has_positions:
            counts[target], weights[target] = one.counts, one.weights
    present = np.flatnonzero(df)
    return Postings(
        terms if len(present) == len(terms) else [terms[number] for number in present.tolist()],
        df[present], docs, counts, weights, _merged_positions(found, counts, df) if has_positions else counts,
    )


def _merged_positions(found: Sequence[Postings], counts: Ints, df: Ints) -> Ints:
    per_term = [_per_term(one.counts, one.df) for one in found]
    all_per_term = np.sum(per_term, axis=0)
    next_position = starts_of(all_per_term)[:-1]
    positions = np.empty(int(counts.sum()), np.int64)
    for one, sizes in zip(found, per_term, strict=True):
        positions[spread(next_position, sizes)] = one.positions
        next_position += sizes
    return positions


def _renumbered_postings(field: FieldReader, place: Ints, first: int, end: int, numbers: Ints) -> Postings:
    """The live postings of one segment; df for every term of the piece, 0 where the segment does not have it."""
    begin, stop = np.searchsorted(place, (first, end)).tolist()
    nothing = np.zeros(0, np.int64)
    df = np.zeros(end - first, np.int64)
    if begin == stop:
        return Postings([], df, nothing, nothing, nothing, nothing)
    terms = field.range(begin, stop)
    docs = numbers.take(field.docs(terms))
    live = docs >= 0
    here = place[begin:stop] - first
    df[here] = _per_term(live, terms.df)
    if not field.has_positions:
        return Postings([], df, docs[live], nothing, nothing, nothing)
    found = field.counts_and_weights(terms)
    ones = np.ones(len(docs), np.int64)
    counts: AnyInts
    weights: AnyInts
    counts, weights = found if found else (ones, ones)
    positions = field.positions(terms)
    if live.all():
        return Postings([], df, docs, counts, weights, positions)
    return Postings([], df, docs[live], counts[live], weights[live], positions[np.repeat(live, counts)])


def _per_term(values: AnyInts | NDArray[np.bool_], df: Ints) -> Ints:
    """Sums over the postings of each term, 0 for terms without any."""
    sums = np.zeros(len(df), np.int64)
    has_any = df > 0
    sums[has_any] = sums_of(values, df[has_any])
    return sums
