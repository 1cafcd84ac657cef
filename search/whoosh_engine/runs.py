"""A part of a batch that had to leave memory: its postings as they are, to be merged when the batch is committed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from search.whoosh_engine.char_merging import (
    CharsOfRun,
    CharSource,
    CharStretches,
    PairRange,
    stretches,
)
from search.whoosh_engine.char_pairs import Bits, Pairs, united_pairs
from search.whoosh_engine.facts import DocumentFacts
from search.whoosh_engine.inversion import Inverted, Numbered, postings_of_ids
from search.whoosh_engine.postings import NOTHING, AnyInts, Ints, Postings, append, read, spread, starts_of
from search.whoosh_engine.vocabulary import Terms

SUFFIX = ".run"


class Source(CharSource, Protocol):
    """What merging reads: a segment, or the runs of a batch."""

    @property
    def size(self) -> int:
        """Documents, deleted ones included."""

    def terms(self, field: str) -> list[bytes]:
        """Every term, ascending."""

    def document_frequencies(self, field: str) -> Ints:
        """The postings of every term."""

    def postings(self, field: str, first: int, end: int) -> Postings:
        """Those of the terms from `first` to before `end`; no terms are given."""


@dataclass(frozen=True, slots=True)
class _FieldOfRun:
    """numbers: of the terms, in order of their bytes; df, positions: of each. at: array -> (type, first byte)."""

    numbers: AnyInts
    df: AnyInts
    positions: AnyInts
    at: dict[str, tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Run:
    """A file of postings, and where in it they lie. It can be sent to another process."""

    path: Path
    facts: DocumentFacts
    fields: dict[str, _FieldOfRun]


def write_run(path: Path, inverted: Inverted) -> Run:
    """Put the postings into a file; the rest is kept in memory, about 100 bytes a document and 12 a term."""
    with path.open("wb") as handle:
        fields = {name: _write_field(handle, found) for name, found in inverted.fields.items()}
    return Run(path, inverted.facts, fields)


def _write_field(handle: Any, found: Numbered) -> _FieldOfRun:
    postings = found.postings
    at: dict[str, tuple[str, int]] = {}
    arrays = {"docs": postings.docs}
    positions = NOTHING
    if postings.has_positions:
        arrays |= {"counts": postings.counts, "weights": postings.weights, "steps": postings.steps}
        positions = np.add.reduceat(postings.counts, starts_of(postings.df)[:-1], dtype=np.int64)
    for name, values in arrays.items():
        kind = np.min_scalar_type(int(values.max(initial=0)))
        at[name] = (kind.str, handle.tell())
        append(handle, values.astype(kind))
    return _FieldOfRun(
        found.numbers.astype(np.uint32), postings.df.astype(np.uint32), positions.astype(np.uint32), at
    )


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Consecutive terms of one run. places: of the terms, among those asked for. first: of the run's documents.

    at: array -> (type, first byte, how many).
    """

    path: Path
    places: AnyInts
    df: AnyInts
    positions: AnyInts
    first: int
    at: dict[str, tuple[str, int, int]]

    def read(self, name: str) -> AnyInts:
        kind, offset, count = self.at[name]
        return read(self.path, kind, count, offset)


@dataclass(frozen=True, slots=True)
class Stretches:
    """So many consecutive terms, of all runs, not read yet. It can be sent to another process."""

    terms: int
    has_positions: bool
    of_runs: tuple[_Stretch, ...]

    def joined(self) -> Postings:
        """The postings of each term, those of the first run first, then of the second …; no terms are given."""
        runs = self.of_runs
        places, sizes = _all([run.places for run in runs]), _all([run.df for run in runs])
        df = np.bincount(places, sizes, self.terms).astype(np.int64)
        # By term, then by run, as the sort is stable; of few bits numpy sorts many times as fast.
        order = np.argsort(places.astype(np.min_scalar_type(self.terms)), kind="stable")
        taken = spread(starts_of(sizes)[:-1].take(order), sizes.take(order).astype(np.int64))
        docs = _all([run.read("docs").astype(np.uint32) + np.uint32(run.first) for run in runs]).take(taken)
        if not self.has_positions:
            return Postings([], df, docs)
        counts = _all([run.read("counts") for run in runs]).take(taken)
        weights = _all([run.read("weights") for run in runs]).take(taken)
        sizes = _all([run.positions for run in runs])
        taken = spread(starts_of(sizes)[:-1].take(order), sizes.take(order).astype(np.int64))
        return Postings([], df, docs, counts, weights, _all([run.read("steps") for run in runs]).take(taken))


def _all(several: Sequence[AnyInts]) -> AnyInts:
    return np.concatenate(several) if several else NOTHING


class Runs:
    """Several runs of one batch, one after the other, as a source for merging.

    terms: of each field, by which the runs number them. ids: of their documents. chars: the characters of each run.
    """

    deleted = NOTHING

    def __init__(
        self, runs: Sequence[Run], terms: Mapping[str, Terms], ids: Sequence[str], chars: Sequence[CharsOfRun]
    ) -> None:
        self._runs = runs
        self._chars = chars
        self._first_docs = starts_of([len(run.facts) for run in runs]).tolist()
        self._terms = terms
        self._ids = postings_of_ids(ids)
        self.size = len(ids)

    @property
    def facts(self) -> DocumentFacts:
        """Of every document."""
        return DocumentFacts.joined([run.facts for run in self._runs])

    def terms(self, field: str) -> list[bytes]:
        """Those that any run has, ascending."""
        if field == "id":
            return list(self._ids.terms)
        terms = self._terms[field].ascending
        return [terms[place].encode() for place in np.flatnonzero(self._in_order(field)).tolist()]

    def document_frequencies(self, field: str) -> Ints:
        """The postings of every term."""
        df = self._ids.df if field == "id" else self._in_order(field)
        return df[df > 0]

    def _in_order(self, field: str) -> Ints:
        """The postings of every term of the vocabulary, in order of the terms."""
        order = self._terms[field].order
        df = np.zeros(len(order), np.int64)
        for run in self._runs:
            df[run.fields[field].numbers] += run.fields[field].df
        return df.take(order)

    def postings(self, field: str, first: int, end: int) -> Postings:
        """Those of the terms from `first` to before `end`; no terms are given."""
        if field == "id":
            return Postings([], self._ids.df[first:end], self._ids.docs[first:end])
        return self.stretches(field, [(first, end)])[0].joined()

    def char_pairs(self) -> tuple[NDArray[np.uint64], Ints]:
        """Every pair, and how many places it has."""
        return united_pairs((run.read("keys"), run.read("counts")) for run in self._chars)

    def char_places(self, ranges: Sequence[PairRange], each: Callable[..., Iterator[Any]]) -> Iterator[Pairs]:
        """The pairs of each range. each: as `map`."""
        found: Iterator[Pairs] = each(CharStretches.joined, stretches(self._chars, ranges))
        return found

    def char_bits(self) -> Iterator[Bits]:
        """Those of all blocks, run by run."""
        return (run.bits() for run in self._chars)

    def stretches(self, field: str, ranges: Sequence[tuple[int, int]]) -> list[Stretches]:
        """Where the terms of each range (first, end excluded) lie; of any field but the id."""
        order = self._terms[field].order
        has_any = self._in_order(field) > 0
        place = np.zeros(len(order), np.int64)
        place[order] = np.cumsum(has_any) - has_any
        has_positions = any("steps" in run.fields[field].at for run in self._runs)
        of_runs = [
            _cut(run, run.fields[field], first, place.take(run.fields[field].numbers), ranges)
            for run, first in zip(self._runs, self._first_docs, strict=False)
        ]
        return [
            Stretches(end - first, has_positions, tuple(found for found in of_range if len(found.places)))
            for (first, end), *of_range in zip(ranges, *of_runs, strict=True)
        ]


def _cut(
    run: Run, field: _FieldOfRun, first_doc: int, places: Ints, ranges: Sequence[tuple[int, int]]
) -> list[_Stretch]:
    """The stretch of each range. places: of the run's terms, among all."""
    found: list[_Stretch] = []
    starts = {name: starts_of(field.positions if name == "steps" else field.df) for name in field.at}
    for first, end in ranges:
        begin, stop = np.searchsorted(places, (first, end)).tolist()
        at: dict[str, tuple[str, int, int]] = {}
        for name, (kind, offset) in field.at.items():
            start, after = starts[name][[begin, stop]].tolist()
            at[name] = (kind, offset + start * np.dtype(kind).itemsize, after - start)
        own = (places[begin:stop] - first).astype(np.uint32)
        found.append(_Stretch(run.path, own, field.df[begin:stop], field.positions[begin:stop], first_doc, at))
    return found
