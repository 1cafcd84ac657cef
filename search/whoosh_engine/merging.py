"""Several segments -> one: which to merge, and how."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from search.whoosh_engine.char_merging import merged_chars
from search.whoosh_engine.facts import DocumentFacts
from search.whoosh_engine.postings import (
    NOTHING,
    AnyInts,
    Ints,
    Postings,
    spread,
    starts_of,
    stretches_of,
    sums_of,
    united,
)
from search.whoosh_engine.runs import Runs, Source, Stretches
from search.whoosh_engine.schema import SCORED_FIELDS
from search.whoosh_engine.segment import FIELDS, SegmentContent, write_segment

PIECE_POSTINGS = 1 << 18
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


def merge(sources: Sequence[Source], path: Path, each: Callable[..., Iterator[Any]] = map) -> None:
    """Write the live documents of segments and runs, in order, as one segment.

    each: as `map`; one that works in another process makes reading runs and writing go on at the same time.
    """
    kept = [_live(source) for source in sources]
    facts = DocumentFacts.joined([source.facts.of(docs) for source, docs in zip(sources, kept, strict=True)])
    renumbered = _renumbered(sources, kept)
    fields = {name: _merged(name, sources, renumbered, each) for name in FIELDS}
    write_segment(path, SegmentContent(facts, fields, merged_chars(sources, kept, each)))


def _live(source: Source) -> Ints:
    mask = np.ones(source.size, np.bool_)
    mask[source.deleted] = False
    return np.flatnonzero(mask)


def _renumbered(sources: Sequence[Source], kept: Sequence[Ints]) -> list[Ints]:
    """For each: old document number -> new one, -1 for those deleted."""
    found: list[Ints] = []
    base = 0
    for source, docs in zip(sources, kept, strict=True):
        numbers = np.full(source.size, -1, np.int64)
        numbers[docs] = np.arange(base, base + len(docs))
        base += len(docs)
        found.append(numbers)
    return found


def _merged(
    field: str, sources: Sequence[Source], renumbered: Sequence[Ints], each: Callable[..., Iterator[Any]]
) -> Iterator[Postings]:
    """One field's postings, a piece at a time."""
    terms, places = united([source.terms(field) for source in sources])
    df = np.zeros(len(terms), np.int64)
    for source, place in zip(sources, places, strict=True):
        df[place] += source.document_frequencies(field)
    ranges = list(stretches_of(df, PIECE_POSTINGS))
    several = [
        _renumbered_postings(field, source, place, ranges, numbers, each)
        for source, place, numbers in zip(sources, places, renumbered, strict=True)
    ]
    for (first, end), *found in zip(ranges, *several, strict=True):
        if len(found) == 1 and found[0].df.all():
            yield replace(found[0], terms=terms[first:end])
        else:
            yield _joined(terms[first:end], found, has_positions=field in SCORED_FIELDS)


def _renumbered_postings(
    field: str, source: Source, place: Ints, ranges: Sequence[tuple[int, int]], numbers: Ints,
    each: Callable[..., Iterator[Any]],
) -> Iterator[Postings]:
    """The live postings of one source, by range of terms; df for every term, 0 where the source does not have it."""
    own = [(int(begin), int(stop)) for begin, stop in (np.searchsorted(place, one) for one in ranges)]
    found: Iterator[Postings]
    if isinstance(source, Runs) and field != "id":
        found = each(Stretches.joined, source.stretches(field, own))
    else:
        found = (source.postings(field, *one) if one[0] < one[1] else Postings([], NOTHING, NOTHING) for one in own)
    for (first, end), (begin, stop), postings in zip(ranges, own, found, strict=True):
        df = np.zeros(end - first, np.int64)
        here = place[begin:stop] - first
        if not len(source.deleted):
            df[here] = postings.df
            yield replace(postings, df=df, docs=postings.docs + numbers[:1])
            continue
        docs = numbers.take(postings.docs)
        live = docs >= 0
        df[here] = sums_of(live, postings.df)
        if not postings.has_positions:
            yield Postings([], df, docs[live])
            continue
        kept = np.repeat(live, postings.counts)
        yield Postings([], df, docs[live], postings.counts[live], postings.weights[live], postings.steps[kept])


def _joined(terms: list[bytes], found: Sequence[Postings], *, has_positions: bool) -> Postings:
    """The postings of each term, those of the first source first, then of the second …"""
    df = np.sum([one.df for one in found], axis=0)
    next_posting = starts_of(df)[:-1]
    docs = np.empty(int(df.sum()), np.int64)
    counts, weights = np.empty((2, len(docs) if has_positions else 0), np.uint32)
    for one in found:
        target = spread(next_posting, one.df)
        next_posting += one.df
        docs[target] = one.docs
        if has_positions:
            counts[target], weights[target] = one.counts, one.weights
    present = np.flatnonzero(df)
    if len(present) < len(terms):
        terms = [terms[number] for number in present.tolist()]
    steps = _joined_steps(found, int(counts.sum())) if has_positions else NOTHING
    return Postings(terms, df[present], docs, counts, weights, steps)


def _joined_steps(found: Sequence[Postings], size: int) -> AnyInts:
    per_term = [sums_of(one.counts, one.df) for one in found]
    next_step = starts_of(np.sum(per_term, axis=0))[:-1]
    steps = np.empty(size, np.uint32)
    for one, sizes in zip(found, per_term, strict=True):
        steps[spread(next_step, sizes)] = one.steps
        next_step += sizes
    return steps
