"""A part of a batch that had to leave memory: its postings as they are, to be merged when the batch is committed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from search.whoosh_engine.facts import DocumentFacts
from search.whoosh_engine.postings import NOTHING, AnyInts, Ints, Postings, starts_of
from search.whoosh_engine.segment import SegmentContent

SUFFIX = ".run"


class Source(Protocol):
    """What merging reads: a segment, or a run."""

    @property
    def size(self) -> int:
        """Documents, deleted ones included."""

    @property
    def deleted(self) -> Ints:
        """Documents that are no longer there, ascending."""

    @property
    def facts(self) -> DocumentFacts:
        """Of every document."""

    def terms(self, field: str) -> list[bytes]:
        """Every term, ascending."""

    def document_frequencies(self, field: str) -> Ints:
        """The postings of every term."""

    def postings(self, field: str, first: int, end: int) -> Postings:
        """Those of the terms from `first` to before `end`; no terms are given."""


@dataclass(frozen=True, slots=True)
class _FieldOfRun:
    """terms: joined; lengths: of each, in bytes. positions: of each. at: array -> (type, first byte in the file)."""

    terms: bytes
    lengths: AnyInts
    df: AnyInts
    positions: AnyInts
    at: dict[str, tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Run:
    """A file of numbers, and where in it they lie. It can be sent to another process."""

    path: Path
    facts: DocumentFacts
    fields: dict[str, _FieldOfRun]

    @property
    def size(self) -> int:
        return len(self.facts)

    @property
    def deleted(self) -> Ints:
        return NOTHING

    def terms(self, field: str) -> list[bytes]:
        found = self.fields[field]
        ends = np.cumsum(found.lengths).tolist()
        return [found.terms[start:end] for start, end in zip([0, *ends], ends, strict=False)]

    def document_frequencies(self, field: str) -> Ints:
        return self.fields[field].df.astype(np.int64)

    def postings(self, field: str, first: int, end: int) -> Postings:
        found = self.fields[field]
        df = found.df[first:end].astype(np.int64)
        start, size = int(found.df[:first].sum()), int(df.sum())
        docs = self._read(field, "docs", start, size)
        if "counts" not in found.at:
            return Postings([], df, docs)
        first_step, steps = int(found.positions[:first].sum()), int(found.positions[first:end].sum())
        return Postings(
            [], df, docs, self._read(field, "counts", start, size), self._read(field, "weights", start, size),
            self._read(field, "steps", first_step, steps),
        )

    def _read(self, field: str, name: str, start: int, size: int) -> AnyInts:
        # Read, not mapped: what is mapped counts as this process's memory until the end.
        kind, offset = self.fields[field].at[name]
        return np.fromfile(self.path, kind, size, offset=offset + start * np.dtype(kind).itemsize)


def write_run(path: Path, content: SegmentContent) -> Run:
    """Put the postings into a file; the rest is kept in memory, about 100 bytes a document and 20 a term."""
    fields: dict[str, _FieldOfRun] = {}
    with path.open("wb") as handle:
        for name, pieces in content.postings.items():
            fields[name] = _write_field(handle, pieces)
    return Run(path, content.facts, fields)


def _write_field(handle: Any, pieces: Iterable[Postings]) -> _FieldOfRun:
    (postings,) = pieces
    at: dict[str, tuple[str, int]] = {}
    arrays = {"docs": postings.docs}
    positions = NOTHING
    if postings.has_positions:
        arrays |= {"counts": postings.counts, "weights": postings.weights, "steps": postings.steps}
        positions = np.add.reduceat(postings.counts, starts_of(postings.df)[:-1], dtype=np.int64)
    for name, values in arrays.items():
        kind = np.min_scalar_type(int(values.max(initial=0)))
        at[name] = (kind.str, handle.tell())
        values.astype(kind).tofile(handle)
    lengths = np.array([len(term) for term in postings.terms], np.uint32)
    return _FieldOfRun(
        b"".join(postings.terms), lengths, postings.df.astype(np.uint32), positions.astype(np.uint32), at
    )
