"""How postings are packed into arrays of a segment file, and unpacked.

For each field F of a segment:

    F.terms, F.term_starts    the terms in UTF-8, ascending, and where each begins; one item more, for the end
    F.df, F.cf, F.form        per term: postings, positions, and in how many bits each stream has them
    F.docs8, 16, 32           streams of document numbers, as distances from the one before
    F.codes4, 8               of counts and weights, as places in CODES; left out where all are 1
    F.steps8, 12, 16          of positions, as distances from the one before in the same document
    F.skips                   for every 64th term, where its postings begin in each of the streams

A position is a token of the document plus the number of its part, so that words on both sides of a border are not
neighbours, and most distances are small. A name's positions are doubled, plus 1 where a mention begins.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from search.whoosh_engine.posting_codes import from_codes, to_codes
from search.whoosh_engine.postings import NOTHING, AnyInts, Ints, Postings, spread, starts_of
from search.whoosh_engine.segment_file import SegmentFile, SegmentFileWriter
from search.whoosh_engine.streams import StreamReader, StreamWriter, cheapest

STREAMS = {"docs": (8, 16, 32), "codes": (4, 8), "steps": (8, 12, 16)}
_COLUMNS = {"docs": slice(0, 3), "codes": slice(3, 5), "steps": slice(5, 8)}
_WIDTHS = 8
SKIP_TERMS = 64
LANDMARK_TERMS = 256

# form = docs | codes << 2 | steps << 4; each is an index into STREAMS, but codes 2 are none at all.
_SHIFT = {"docs": 0, "codes": 2, "steps": 4}
NO_CODES = 2


class FieldWriter:
    """Packs the postings of one field, which come in pieces of consecutive terms."""

    def __init__(self, file: SegmentFileWriter, field: str) -> None:
        self._file = file
        self._field = field
        self._streams = {
            name: [StreamWriter(file, f"{field}.{name}", width) for width in widths]
            for name, widths in STREAMS.items()
        }
        self._terms = 0
        self._term_bytes = 0

    def append(self, postings: Postings) -> None:
        """Add the next terms."""
        if not postings.terms:
            return
        begins = np.array([stream.size for streams in self._streams.values() for stream in streams])
        sizes = np.zeros((len(postings.terms), _WIDTHS), np.int64)
        form = self._append("docs", _distances(postings.docs, postings.df), postings.df, sizes)
        if postings.has_positions:
            cf = np.add.reduceat(postings.counts, starts_of(postings.df)[:-1], dtype=np.int64)
            form |= self._append_codes(postings, sizes)
            form |= self._append("steps", postings.steps, cf, sizes)
            self._put("cf", cf.astype("<u4"))
        self._put("df", postings.df.astype("<u4"))
        self._put("form", form.astype(np.uint8))
        at = np.cumsum(sizes, axis=0) - sizes + begins
        self._put("skips", at[-self._terms % SKIP_TERMS :: SKIP_TERMS].astype("<u8").ravel())
        self._put_terms(postings)

    def finish(self) -> None:
        """Write what the streams still hold."""
        for streams in self._streams.values():
            for stream in streams:
                stream.finish()

    def _append(self, name: str, values: AnyInts, per_term: Ints, sizes: Ints) -> Ints:
        """Put the values into the streams that take least for each term; note in `sizes` how many went where."""
        chosen = cheapest(values, per_term, STREAMS[name])
        sizes[np.arange(len(chosen)), _COLUMNS[name].start + chosen] = per_term
        for number, stream in enumerate(self._streams[name]):
            here = chosen == number
            if here.all():
                stream.append(values)
            elif here.any():
                stream.append(values[np.repeat(here, per_term)])
        return chosen << _SHIFT[name]

    def _append_codes(self, postings: Postings, sizes: Ints) -> Ints:
        codes = to_codes(postings.counts, postings.weights)
        coded = np.maximum.reduceat(codes, starts_of(postings.df)[:-1]) > 0
        form = np.full(len(coded), NO_CODES << _SHIFT["codes"], np.int64)
        if coded.any():
            own_sizes = np.zeros((int(coded.sum()), _WIDTHS), np.int64)
            kept = codes if coded.all() else codes[np.repeat(coded, postings.df)]
            form[coded] = self._append("codes", kept, postings.df[coded], own_sizes)
            sizes[coded] += own_sizes
        return form

    def _put_terms(self, postings: Postings) -> None:
        lengths = np.array([len(term) for term in postings.terms])
        starts = starts_of(lengths) + self._term_bytes
        self._put("terms", np.frombuffer(b"".join(postings.terms), np.uint8))
        self._put("term_starts", starts[1 if self._terms else 0 :].astype("<u4"))
        self._terms += len(postings.terms)
        self._term_bytes = int(starts[-1])

    def _put(self, name: str, piece: AnyInts) -> None:
        self._file.append(f"{self._field}.{name}", piece)


def _distances(docs: AnyInts, df: Ints) -> Ints:
    """Each document's distance from the term's one before; the first one's number itself."""
    first = starts_of(df)[:-1]
    distances = docs.astype(np.int64)
    distances[1:] -= docs[:-1].astype(np.int64)
    distances[first] = docs[first]
    return distances


@dataclass(frozen=True, slots=True)
class TermRange:
    """Some terms of a field, and where they lie.

    df, cf, forms: per term. starts: where each begins in each of the streams, a row a term; of consecutive terms, only
    the row of the first one.
    """

    df: Ints
    cf: Ints
    forms: Ints
    starts: Ints


class FieldReader:
    """One field of one segment. Terms are known by their place in the field's order, from 0."""

    def __init__(self, file: SegmentFile, field: str) -> None:
        self._file = file
        self._field = field
        self._streams = {
            name: [StreamReader(file, f"{field}.{name}", width) for width in widths]
            for name, widths in STREAMS.items()
        }
        self.terms = file.size(f"{field}.df")
        self.has_positions = f"{field}.cf" in file

    # ---- terms ----

    def term(self, number: int) -> bytes:
        """The term in UTF-8."""
        starts = self._array("term_starts")
        return self._array("terms")[int(starts[number]) : int(starts[number + 1])].tobytes()

    def texts_at(self, numbers: AnyInts) -> list[str]:
        """Several terms, decoded."""
        blob = self._array("terms")
        if self._same_length:
            return [term.decode() for term in blob.view(f"V{self._same_length}").take(numbers).tolist()]
        starts = self._array("term_starts")
        stretches = zip(starts.take(numbers).tolist(), starts.take(numbers + 1).tolist(), strict=True)
        return [str(blob.data[start:end], "utf-8") for start, end in stretches]

    def written(self, first: int, end: int) -> tuple[NDArray[np.uint8], Ints]:
        """The terms from `first` to before `end` in UTF-8, one after another; where each begins, and the last ends."""
        if first >= end:
            return np.zeros(0, np.uint8), np.zeros(1, np.int64)
        starts = self._array("term_starts")[first : end + 1].astype(np.int64)
        return self._array("terms")[int(starts[0]) : int(starts[-1])], starts - starts[0]

    @cached_property
    def _same_length(self) -> int:
        """Of every term, in bytes, as that of ids is; 0 where they differ."""
        lengths = np.diff(self._array("term_starts"))
        return int(lengths[0]) if len(lengths) and (lengths == lengths[0]).all() else 0

    def all_terms(self) -> list[bytes]:
        """Every term, ascending."""
        if not self.terms:
            return []
        blob = self._array("terms").tobytes()
        return [blob[start:end] for start, end in pairwise(self._array("term_starts").tolist())]

    def lower_bound(self, term: bytes) -> int:
        """The first term that is not before this one."""
        # A list in memory says which stretch to look through; the terms themselves lie scattered over the file.
        stretch = bisect_right(self._landmarks, term)
        if not stretch:
            return 0
        blob, starts = self._array("terms").data, self._array("term_starts").data
        low, high = (stretch - 1) * LANDMARK_TERMS, min(stretch * LANDMARK_TERMS, self.terms)
        while low < high:
            middle = (low + high) // 2
            if bytes(blob[starts[middle] : starts[middle + 1]]) < term:
                low = middle + 1
            else:
                high = middle
        return low

    @cached_property
    def _landmarks(self) -> list[bytes]:
        """Every so manieth term."""
        return [self.term(number) for number in range(0, self.terms, LANDMARK_TERMS)]

    def find(self, term: bytes) -> int | None:
        """The number of the term; None if the field does not have it."""
        number = self.lower_bound(term)
        return number if number < self.terms and self.term(number) == term else None

    def numbers_of(self, terms: Iterable[bytes]) -> Ints:
        """The numbers of those of the terms that the field has, ascending."""
        return np.array(sorted(number for term in set(terms) if (number := self.find(term)) is not None), np.int64)

    def with_prefix(self, prefix: bytes) -> tuple[int, int]:
        """The terms that begin with these bytes: first, end excluded."""
        end = self.lower_bound(prefix + b"\xff")      # no UTF-8 has this byte
        return self.lower_bound(prefix), end

    def document_frequencies(self) -> Ints:
        """The postings of every term, those of deleted documents included."""
        return self._array("df").astype(np.int64) if self.terms else NOTHING

    # ---- postings ----

    def range(self, first: int, end: int) -> TermRange:
        """Where the terms from `first` to before `end` lie."""
        skip, passed = divmod(first, SKIP_TERMS)
        starts = self._array("skips")[skip * _WIDTHS : (skip + 1) * _WIDTHS].astype(np.int64)
        df, cf, forms = self._per_term(slice(first - passed, end))
        if passed:
            for name, sizes in (("docs", df), ("codes", df), ("steps", cf)):
                form = forms[:passed] >> _SHIFT[name] & 0b11
                starts[_COLUMNS[name]] += np.bincount(form, sizes[:passed], 4).astype(np.int64)[: len(STREAMS[name])]
        return TermRange(df[passed:], cf[passed:], forms[passed:], starts)

    def scattered(self, numbers: Ints) -> TermRange:
        """Where any terms lie: their postings are read at once, where each term alone would take as long as all."""
        skips, passed = np.divmod(numbers, SKIP_TERMS)
        starts = self._array("skips").reshape(-1, _WIDTHS).take(skips, axis=0).astype(np.int64)
        df, cf, forms = self._per_term(spread(numbers - passed, passed))
        cell = np.repeat(np.arange(len(numbers)) << 2, passed)
        for name, sizes in (("docs", df), ("codes", df), ("steps", cf)):
            before = np.bincount(cell + (forms >> _SHIFT[name] & 0b11), sizes, len(numbers) << 2).astype(np.int64)
            starts[:, _COLUMNS[name]] += before.reshape(-1, 4)[:, : len(STREAMS[name])]
        return TermRange(*self._per_term(numbers), starts)

    def _per_term(self, where: slice | Ints) -> tuple[Ints, Ints, Ints]:
        df = self._array("df")[where].astype(np.int64)
        forms = self._array("form")[where].astype(np.int64)
        cf = self._array("cf")[where].astype(np.int64) if self.has_positions else np.zeros_like(df)
        return df, cf, forms

    def docs(self, terms: TermRange) -> Ints:
        """The document numbers of all postings of these terms, in order."""
        distances = self._read("docs", terms, terms.df)
        sums = np.cumsum(distances, dtype=np.int64)
        if len(terms.df) == 1:
            return sums
        first = starts_of(terms.df)
        before = np.zeros(len(terms.df), np.int64)
        before[1:] = sums[first[1:-1] - 1]
        return sums - np.repeat(before, terms.df)

    def counts_and_weights(self, terms: TermRange) -> tuple[NDArray[np.uint32], NDArray[np.uint32]] | None:
        """Positions of each posting, and what they count for; None where all are 1."""
        coded = terms.forms >> _SHIFT["codes"] & 0b11 != NO_CODES
        if not coded.any():
            return None
        return from_codes(self._read("codes", terms, terms.df))

    def steps(self, terms: TermRange) -> AnyInts:
        """All positions of these terms, posting by posting, as distances (see `Postings`)."""
        return self._read("steps", terms, terms.cf)

    def _read(self, name: str, terms: TermRange, per_term: Ints) -> AnyInts:
        """The stretch of one kind of stream that belongs to the terms; 0 for terms that have none."""
        form = terms.forms >> _SHIFT[name] & 0b11
        starts = terms.starts[..., _COLUMNS[name]]
        if starts.ndim > 1:
            return self._read_scattered(name, form, starts, per_term)
        if len(form) == 1:
            number = int(form[0])
            return self._streams[name][number].read(int(starts[number]), int(starts[number] + per_term[0]))
        found = np.zeros(int(per_term.sum()), np.int64)
        for number, stream in enumerate(self._streams[name]):
            here = form == number
            size = int(per_term[here].sum())
            if size:
                found[np.repeat(here, per_term)] = stream.read(int(starts[number]), int(starts[number]) + size)
        return found

    def _read_scattered(self, name: str, form: Ints, starts: Ints, per_term: Ints) -> AnyInts:
        found = np.zeros(int(per_term.sum()), np.int64)
        for number, stream in enumerate(self._streams[name]):
            here = form == number
            if here.any():
                found[np.repeat(here, per_term)] = stream.at(spread(starts[here, number], per_term[here]))
        return found

    def _array(self, name: str) -> AnyInts:
        return self._file.array(f"{self._field}.{name}")


def undo_steps(steps: AnyInts, counts: AnyInts, starts: AnyInts | int = 0) -> Ints:
    """Distances -> positions. counts: how many each posting has. starts: what to add to those of each posting."""
    first = np.cumsum(counts, dtype=np.int64) - counts
    sums = np.cumsum(steps, dtype=np.int64)
    sums -= np.repeat(sums.take(first) - steps.take(first) - starts, counts)
    return sums
