"""How postings are packed into arrays of a segment file, and unpacked.

For each field F of a segment:

    F.terms, F.term_starts        the terms in UTF-8, ascending, and where each begins; one item more, for the end
    F.df, F.cf, F.form            per term: postings, positions, and how both are packed
    F.docs1, F.docs2, F.docs4     document numbers, as differences, in as few bytes as the term's largest needs
    F.codes                       counts and weights of a posting in a byte; left out where all are 1
    F.odd_*                       those of postings for which a byte is not enough
    F.places1, .places12, .places2, .places4
                                  positions, in 8, 12, 16 or 32 bits, as the term's largest needs
    F.skips                       for every 64th term, where its postings begin in each of these arrays

A position is a token of the document plus the number of its part, so that words on both sides of a border are not
neighbours, and most positions fit into 12 bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.whoosh_engine.postings import AnyInts, Ints, Postings, spread, starts_of
from search.whoosh_engine.segment_file import SegmentFile, SegmentFileWriter

DOC_ARRAYS = ("docs1", "docs2", "docs4")
PLACE_ARRAYS = ("places1", "places12", "places2", "places4")
_STREAMS = (*DOC_ARRAYS, "codes", *PLACE_ARRAYS)
SKIP_TERMS = 64

# code = (count - 1) * 16 + weight - 1, for counts to 15 and weights to 16.
ODD = 255
_CODES = np.arange(256)
CODE_COUNTS = (_CODES // 16 + 1).astype(np.uint32)
CODE_WEIGHTS = (_CODES % 16 + 1).astype(np.uint32)

_DOC_FORM, _HAS_CODES, _PLACE_SHIFT = 0b11, 0b100, 3


class Skip(NamedTuple):
    """Where something begins in each of the streams, in items (positions in 12 bits: counted one by one)."""

    docs: tuple[int, int, int]
    codes: int
    places: tuple[int, int, int, int]


class FieldWriter:
    """Packs the postings of one field, which come in pieces of consecutive terms."""

    def __init__(self, file: SegmentFileWriter, field: str) -> None:
        self._file = file
        self._field = field
        self._at = np.zeros(len(_STREAMS), np.int64)
        self._terms = 0
        self._term_bytes = 0
        self._half: NDArray[np.uint16] = np.zeros(0, np.uint16)

    def append(self, postings: Postings) -> None:
        """Add the next terms."""
        if not postings.terms:
            return
        first_posting = starts_of(postings.df)[:-1]
        deltas = _deltas(postings.docs, first_posting)
        doc_form = _width_form(np.maximum.reduceat(deltas, first_posting), (1 << 8, 1 << 16))
        for form, name in enumerate(DOC_ARRAYS):
            chosen = np.repeat(doc_form == form, postings.df)
            self._put(name, deltas[chosen].astype(f"<u{(1, 2, 4)[form]}"))
        sizes = np.zeros((len(postings.terms), len(_STREAMS)), np.int64)
        sizes[np.arange(len(postings.terms)), doc_form] = postings.df
        form = doc_form
        cf = np.zeros(len(postings.terms), np.int64)
        if postings.has_positions:
            has_codes = self._put_codes(postings, first_posting)
            cf = np.add.reduceat(postings.counts, first_posting, dtype=np.int64)
            place_form = self._put_places(postings, cf)
            sizes[:, 3] = postings.df * has_codes
            sizes[np.arange(len(postings.terms)), place_form + 4] = cf
            form = doc_form | has_codes * _HAS_CODES | place_form << _PLACE_SHIFT
        self._put_terms(postings, cf, form, sizes)

    def finish(self) -> None:
        """Write what waited for its other half."""
        if len(self._half):
            self._put("places12", _pack12(np.append(self._half, np.uint16(0))))

    def _put(self, name: str, piece: AnyInts) -> None:
        self._file.append(f"{self._field}.{name}", piece)

    def _put_terms(self, postings: Postings, cf: Ints, form: Ints, sizes: Ints) -> None:
        lengths = np.array([len(term) for term in postings.terms])
        starts = starts_of(lengths) + self._term_bytes
        self._put("terms", np.frombuffer(b"".join(postings.terms), np.uint8))
        self._put("term_starts", starts[1 if self._terms else 0 :].astype("<u4"))
        self._put("df", postings.df.astype("<u4"))
        if postings.has_positions:
            self._put("cf", cf.astype("<u4"))
        self._put("form", form.astype(np.uint8))
        begins = np.cumsum(sizes, axis=0) - sizes + self._at
        first_skip = -self._terms % SKIP_TERMS
        self._put("skips", begins[first_skip::SKIP_TERMS].astype("<u8").ravel())
        self._at += sizes.sum(axis=0)
        self._terms += len(postings.terms)
        self._term_bytes = int(starts[-1])

    def _put_codes(self, postings: Postings, first_posting: Ints) -> NDArray[np.bool_]:
        counts, weights = postings.counts.astype(np.int64), postings.weights.astype(np.int64)
        odd = (counts > 15) | (weights > 16)
        codes = np.where(odd, ODD, (counts - 1) * 16 + weights - 1).astype(np.uint8)
        has_codes = np.maximum.reduceat(codes, first_posting) > 0
        kept = np.repeat(has_codes, postings.df)
        self._put("codes", codes[kept])
        where = np.flatnonzero(odd[kept]) + self._at[3]
        self._put("odd_at", where.astype("<u8"))
        self._put("odd_counts", counts[odd].astype("<u4"))
        self._put("odd_weights", weights[odd].astype("<u4"))
        return has_codes

    def _put_places(self, postings: Postings, cf: Ints) -> Ints:
        largest = np.maximum.reduceat(postings.positions, starts_of(cf)[:-1])
        form = _width_form(largest, (1 << 8, 1 << 12, 1 << 16))
        for number, name in enumerate(PLACE_ARRAYS):
            piece = postings.positions[np.repeat(form == number, cf)]
            if name == "places12":
                halves = np.concatenate((self._half, piece.astype(np.uint16)))
                whole = len(halves) // 2 * 2
                self._half = halves[whole:]
                self._put(name, _pack12(halves[:whole]))
            else:
                self._put(name, piece.astype(f"<u{(1, 0, 2, 4)[number]}"))
        return form


def _deltas(docs: AnyInts, first_posting: Ints) -> Ints:
    """Each document's distance from the term's one before; the first one's number itself."""
    deltas = docs.astype(np.int64)
    deltas[1:] -= docs[:-1].astype(np.int64)
    deltas[first_posting] = docs[first_posting]
    return deltas


def _width_form(largest: AnyInts, limits: tuple[int, ...]) -> Ints:
    return np.searchsorted(np.array(limits), largest, side="right").astype(np.int64)


def _pack12(values: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """Two values of 12 bits in three bytes."""
    first, second = values[0::2], values[1::2]
    packed = np.empty((len(first), 3), np.uint8)
    packed[:, 0] = first & 0xFF
    packed[:, 1] = first >> 8 | (second & 0xF) << 4
    packed[:, 2] = second >> 4
    return packed.ravel()


@dataclass(frozen=True, slots=True)
class TermRange:
    """Consecutive terms of a field, and where they lie. forms: per term, as packed. start: of the first one."""

    df: Ints
    cf: Ints
    forms: Ints
    start: Skip


class FieldReader:
    """One field of one segment. Terms are known by their place in the field's order, from 0."""

    def __init__(self, file: SegmentFile, field: str) -> None:
        self._file = file
        self._field = field
        self.terms = file.size(f"{field}.df")
        self.has_positions = f"{field}.cf" in file

    # ---- terms ----

    def term(self, number: int) -> bytes:
        """The term in UTF-8."""
        starts = self._array("term_starts")
        return self._array("terms")[int(starts[number]) : int(starts[number + 1])].tobytes()

    def terms_at(self, numbers: AnyInts) -> list[bytes]:
        """Several terms."""
        starts, blob = self._array("term_starts"), self._array("terms")
        return [
            blob[start:end].tobytes()
            for start, end in zip(starts.take(numbers).tolist(), starts.take(numbers + 1).tolist(), strict=True)
        ]

    def all_terms(self) -> list[bytes]:
        """Every term, ascending."""
        if not self.terms:
            return []
        blob = self._array("terms").tobytes()
        return [blob[start:end] for start, end in pairwise(self._array("term_starts").tolist())]

    def lower_bound(self, term: bytes) -> int:
        """The first term that is not before this one."""
        if not self.terms:
            return 0
        blob, starts = self._array("terms"), self._array("term_starts")
        low, high = 0, self.terms
        while low < high:
            middle = (low + high) // 2
            if blob[int(starts[middle]) : int(starts[middle + 1])].tobytes() < term:
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, term: bytes) -> int | None:
        """The number of the term; None if the field does not have it."""
        number = self.lower_bound(term)
        return number if number < self.terms and self.term(number) == term else None

    def with_prefix(self, prefix: bytes) -> tuple[int, int]:
        """The terms that begin with these bytes: first, end excluded."""
        end = self.lower_bound(prefix + b"\xff")      # no UTF-8 has this byte
        return self.lower_bound(prefix), end

    def df(self, number: int) -> int:
        """The postings of the term, deleted documents included."""
        return int(self._array("df")[number])

    # ---- postings ----

    def range(self, first: int, end: int) -> TermRange:
        """Where the terms from `first` to before `end` lie."""
        before = first // SKIP_TERMS * SKIP_TERMS
        df, cf, forms = self._per_term(before, first)
        row = self._array("skips").reshape(-1, len(_STREAMS))[first // SKIP_TERMS].astype(np.int64)
        row += _stream_sizes(df, cf, forms).sum(axis=0)
        at = row.tolist()
        start = Skip((at[0], at[1], at[2]), at[3], (at[4], at[5], at[6], at[7]))
        return TermRange(*self._per_term(first, end), start)

    def _per_term(self, first: int, end: int) -> tuple[Ints, Ints, Ints]:
        df = self._array("df")[first:end].astype(np.int64)
        forms = self._array("form")[first:end].astype(np.int64)
        cf = self._array("cf")[first:end].astype(np.int64) if self.has_positions else np.zeros_like(df)
        return df, cf, forms

    def docs(self, terms: TermRange) -> Ints:
        """The document numbers of all postings of these terms, in order."""
        form = terms.forms & _DOC_FORM
        if len(form) == 1:
            return np.cumsum(self._slice(DOC_ARRAYS[form[0]], terms.start.docs[form[0]], int(terms.df[0])),
                             dtype=np.int64)
        deltas = np.empty(int(terms.df.sum()), np.int64)
        for number, name in enumerate(DOC_ARRAYS):
            chosen = form == number
            count = int(terms.df[chosen].sum())
            if count:
                deltas[np.repeat(chosen, terms.df)] = self._slice(name, terms.start.docs[number], count)
        return _undo_deltas(deltas, terms.df)

    def counts_and_weights(self, terms: TermRange) -> tuple[NDArray[np.uint32], NDArray[np.uint32]] | None:
        """Positions of each posting, and what they count for; None where all are 1."""
        coded = (terms.forms & _HAS_CODES) > 0
        size = int(terms.df[coded].sum())
        if not size:
            return None
        start = terms.start.codes
        codes = self._slice("codes", start, size)
        counts, weights = CODE_COUNTS.take(codes), CODE_WEIGHTS.take(codes)
        odd_at = self._array("odd_at") if self._file.size(f"{self._field}.odd_at") else np.zeros(0, np.uint64)
        first, end = np.searchsorted(odd_at, np.array((start, start + size), np.uint64))
        if end > first:
            at = odd_at[first:end].astype(np.int64) - start
            counts[at] = self._array("odd_counts")[first:end]
            weights[at] = self._array("odd_weights")[first:end]
        if coded.all():
            return counts, weights
        all_counts = np.ones(int(terms.df.sum()), np.uint32)
        all_weights = np.ones(len(all_counts), np.uint32)
        chosen = np.repeat(coded, terms.df)
        all_counts[chosen], all_weights[chosen] = counts, weights
        return all_counts, all_weights

    def positions(self, terms: TermRange) -> Ints:
        """All positions of these terms, posting by posting."""
        found = np.empty(int(terms.cf.sum()), np.int64)
        form = terms.forms >> _PLACE_SHIFT
        for number in range(len(PLACE_ARRAYS)):
            chosen = form == number
            count = int(terms.cf[chosen].sum())
            if count:
                start = terms.start.places[number]
                found[np.repeat(chosen, terms.cf)] = self._places(number, start, start + count)
        return found

    def positions_of(self, terms: TermRange, first: AnyInts, counts: AnyInts) -> Ints:
        """Positions of some postings of a single term. first: of each, counted from the term's first position."""
        form = int(terms.forms[0]) >> _PLACE_SHIFT
        start = terms.start.places[form]
        wanted = spread(first, counts)
        if form != PLACE_ARRAYS.index("places12"):
            return self._slice(PLACE_ARRAYS[form], start, int(terms.cf[0])).take(wanted).astype(np.int64)
        wanted += start % 2
        packed = self._slice("places12", start // 2 * 3, (start % 2 + int(terms.cf[0]) + 1) // 2 * 3)
        is_second = wanted & 1
        at = (wanted >> 1) * 3 + is_second
        low, high = packed.take(at).astype(np.int64), packed.take(at + 1).astype(np.int64)
        return np.where(is_second, low >> 4 | high << 4, low | (high & 0xF) << 8)

    def _places(self, form: int, first: int, end: int) -> Ints:
        name = PLACE_ARRAYS[form]
        if name != "places12":
            return self._slice(name, first, end - first).astype(np.int64)
        bytes_ = self._slice(name, first // 2 * 3, (-(-end // 2) - first // 2) * 3).reshape(-1, 3).astype(np.int64)
        values = np.empty((len(bytes_), 2), np.int64)
        values[:, 0] = bytes_[:, 0] | (bytes_[:, 1] & 0xF) << 8
        values[:, 1] = bytes_[:, 1] >> 4 | bytes_[:, 2] << 4
        return values.ravel()[first % 2 : first % 2 + end - first]

    def _array(self, name: str) -> AnyInts:
        return self._file.array(f"{self._field}.{name}")

    def _slice(self, name: str, first: int, size: int) -> AnyInts:
        return self._file.slice(f"{self._field}.{name}", first, first + size)


def _stream_sizes(df: Ints, cf: Ints, forms: Ints) -> Ints:
    """How many items each of the terms has in each stream: one row a term."""
    sizes = np.zeros((len(df), len(_STREAMS)), np.int64)
    rows = np.arange(len(df))
    sizes[rows, forms & _DOC_FORM] = df
    sizes[:, 3] = df * ((forms & _HAS_CODES) > 0)
    sizes[rows, (forms >> _PLACE_SHIFT) + 4] = cf
    return sizes


def _undo_deltas(deltas: Ints, df: Ints) -> Ints:
    sums = np.cumsum(deltas)
    first = starts_of(df)[:-1]
    before = np.zeros(len(df), np.int64)
    before[1:] = sums[first[1:] - 1]
    return sums - np.repeat(before, df)
