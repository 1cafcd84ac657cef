"""Lets stock Whoosh read our segments: its readers, searchers, matchers and suggestions stand on these classes.

Whoosh sees positions as `analysis.Analysis` counts them, parts SECTION_GAP apart, so that nothing of Whoosh's goes over
the border of a part. It only reads: our segments are written by `writer`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from whoosh.codec import base
from whoosh.filedb.filestore import FileStorage
from whoosh.matching import LeafMatcher, ReadTooFar
from whoosh.reading import TermInfo, TermNotFound

from search.whoosh_engine.number_terms import NUMBER_FIELDS, NumberTerms, number_terms
from search.whoosh_engine.packing import undo_steps
from search.whoosh_engine.postings import NOTHING, AnyInts, Ints, Postings, starts_of
from search.whoosh_engine.schema import GAP, SCORED_FIELDS
from search.whoosh_engine.segment import FIELDS, Segment
from search.whoosh_engine.storage import IndexFolder

if TYPE_CHECKING:
    from search.whoosh_engine.toc import NumpySegment

ALL_FIELDS = tuple(sorted((*FIELDS, *NUMBER_FIELDS)))



class NumpyCodec(base.Codec):  # type: ignore[misc]
    """Reads one segment. opened: its file, where it is open already; else it is opened in the storage's folder."""

    def __init__(self, opened: Segment | None = None) -> None:
        self._opened = opened

    def terms_reader(self, storage: FileStorage, segment: NumpySegment) -> NumpyTermsReader:
        """The terms and postings. Raises IndexDamaged."""
        return NumpyTermsReader(self._segment(storage, segment))

    def per_document_reader(self, storage: FileStorage, segment: NumpySegment) -> NumpyPerDocumentReader:
        """What is known of each document. Raises IndexDamaged."""
        return NumpyPerDocumentReader(self._segment(storage, segment))

    def automata(self, storage: FileStorage, segment: NumpySegment) -> Automata:
        """What finds words that are nearly alike."""
        return Automata()

    def _segment(self, storage: FileStorage, segment: NumpySegment) -> Segment:
        if self._opened is None:
            folder = Path(storage.folder)
            damaged = IndexFolder(folder.parent).damaged
            self._opened = Segment(folder / segment.file_name, segment.deleted.astype(np.int64), damaged)
        return self._opened


class Automata(base.Automata):  # type: ignore[misc]
    """Whoosh's, which reads past the end of a word that is shorter than the prefix."""

    def terms_within(self, cursor: NumpyCursor, word: str, maxdist: int, prefix: int = 0) -> Iterator[str]:
        found: Iterator[str] = super().terms_within(cursor, word, maxdist, min(prefix, len(word)))
        return found


class Terms(Protocol):
    """The terms of a field, known by their place in its order: a `FieldReader`, or `NumberTerms`."""

    @property
    def terms(self) -> int: ...

    def term(self, number: int) -> bytes: ...

    def all_terms(self) -> list[bytes]: ...

    def lower_bound(self, term: bytes) -> int: ...

    def find(self, term: bytes) -> int | None: ...


class NumpyTermsReader(base.TermsReader):  # type: ignore[misc]
    """The terms of all fields, in order of (field, UTF-8); those of numbers as Whoosh's NUMERIC would index them."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self._numbers: dict[str, NumberTerms] = {}

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        field, text = term
        return field in ALL_FIELDS and self._field(field).find(text) is not None

    def indexed_field_names(self) -> tuple[str, ...]:
        return ALL_FIELDS

    def cursor(self, fieldname: str, fieldobj: Any) -> NumpyCursor:
        return NumpyCursor(self, fieldname, self._field(fieldname), fieldobj)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for field in ALL_FIELDS:
            for text in self._field(field).all_terms():
                yield field, text

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """This field's terms from `prefix` on, then those of the fields after it."""
        field = self._field(fieldname)
        first = field.lower_bound(prefix)
        here = field.all_terms() if not first else (field.term(number) for number in range(first, field.terms))
        for text in here:
            yield fieldname, text
        for later in ALL_FIELDS[ALL_FIELDS.index(fieldname) + 1 :]:
            for text in self._field(later).all_terms():
                yield later, text

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        for term in self.terms():
            yield term, self.term_info(*term)

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        for term in self.terms_from(fieldname, prefix):
            yield term, self.term_info(*term)

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Raises TermNotFound. Whoosh changes what it is given, so it is a new one each time."""
        postings = self.postings(fieldname, text)
        lengths = np.zeros(1, np.int64)
        if fieldname in SCORED_FIELDS:
            lengths = self._segment.facts.lengths[fieldname].take(postings.docs)
        return TermInfo(
            weight=float(postings.weights.sum()), df=len(postings.docs),
            minlength=int(lengths.min()), maxlength=int(lengths.max()), maxweight=float(postings.weights.max()),
            minid=int(postings.docs[0]), maxid=int(postings.docs[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        """The weights of all its postings. Raises TermNotFound."""
        return float(self.postings(fieldname, text).weights.sum())

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Deleted documents count, as they do in Whoosh. Raises TermNotFound."""
        return len(self.postings(fieldname, text).docs)

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ArrayMatcher:
        """Over all postings, those of deleted documents included. Raises TermNotFound."""
        return ArrayMatcher(self.postings(fieldname, text), (fieldname, text), format_, scorer)

    def postings(self, fieldname: str, text: bytes) -> TermPostings:
        """Raises TermNotFound."""
        number = self._number(fieldname, text)
        if fieldname in NUMBER_FIELDS:
            found = Postings([], NOTHING, self._number_terms(fieldname).docs(number))
        else:
            found = self._segment.postings(fieldname, number, number + 1)
        return TermPostings(self._segment, fieldname, found)

    def _number(self, fieldname: str, text: bytes) -> int:
        number = self._field(fieldname).find(text) if fieldname in ALL_FIELDS else None
        if number is None:
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        return number

    def _field(self, name: str) -> Terms:
        return self._number_terms(name) if name in NUMBER_FIELDS else self._segment.field(name)

    def _number_terms(self, name: str) -> NumberTerms:
        if name not in self._numbers:
            self._numbers[name] = number_terms(self._segment.facts, name)
        return self._numbers[name]


@dataclass(frozen=True)
class TermPostings:
    """The postings of one term in one segment, deleted documents included."""

    segment: Segment
    field: str
    postings: Postings

    @property
    def docs(self) -> Ints:
        """Ascending."""
        return self.postings.docs

    @cached_property
    def weights(self) -> AnyInts:
        """What each posting counts for; 1 in fields that are only filtered by."""
        return self.postings.weights if self.postings.has_positions else np.ones(len(self.docs), np.int64)

    def positions(self, posting: int) -> list[int]:
        """Of one posting, as the archive counts them."""
        found: list[int] = self._positions[self._starts[posting] : self._starts[posting + 1]].tolist()
        return found

    @cached_property
    def _starts(self) -> Ints:
        counts = self.postings.counts
        return starts_of(counts if self.postings.has_positions else np.zeros(len(self.docs), np.int64))

    @cached_property
    def _positions(self) -> Ints:
        """Of all postings: decoded at once when the first is asked for."""
        if not self.postings.has_positions:
            return NOTHING
        counts = self.postings.counts
        kept = undo_steps(self.postings.steps, counts)
        if self.field == "names":
            kept >>= 1
        parts = self.segment.facts.parts.of(self.docs)
        several = np.diff(parts.ends, prepend=0)
        # The number of a posting and a position in it together, so that all are looked for in one go.
        begins = np.repeat(np.arange(len(several)), several) << 32 | parts.places.astype(np.int64)
        posting = np.repeat(np.arange(len(several)), counts)
        number = np.searchsorted(begins, posting << 32 | kept, side="right") - 1 - (parts.ends - several).take(posting)
        positions: Ints = kept + number * GAP
        return positions


class ArrayMatcher(LeafMatcher):  # type: ignore[misc]
    """Goes through the postings of a term, as all of Whoosh's own matchers expect."""

    def __init__(
        self, postings: TermPostings, term: tuple[str, bytes], format_: Any, scorer: Any = None, at: int = 0
    ) -> None:
        self.scorer = scorer
        self.format = format_
        self._postings = postings
        self._term = term
        self._docs: list[int] = postings.docs.tolist()
        self._at = at

    def copy(self) -> ArrayMatcher:
        return ArrayMatcher(self._postings, self._term, self.format, self.scorer, self._at)

    def is_active(self) -> bool:
        return self._at < len(self._docs)

    def reset(self) -> None:
        self._at = 0

    def id(self) -> int:
        """The document of the current posting."""
        return self._docs[self._at]

    def next(self) -> None:
        """Raises ReadTooFar."""
        if not self.is_active():
            raise ReadTooFar
        self._at += 1

    def skip_to(self, docnum: int) -> None:
        """Raises ReadTooFar."""
        if not self.is_active():
            raise ReadTooFar
        self._at = bisect_left(self._docs, docnum, self._at)

    def all_ids(self) -> Iterator[int]:
        """Those from the current posting on."""
        return iter(self._docs[self._at :])

    def weight(self) -> float:
        return float(self._postings.weights[self._at])

    def value(self) -> bytes:
        """The positions, encoded as the field's format does it."""
        encoded: bytes = self.format.encode(self._positions())
        return encoded

    def value_as(self, astype: str) -> Any:
        if astype == "positions" and self.supports(astype):
            return self._positions()
        return self.weight() if astype == "weight" else super().value_as(astype)

    def supports_block_quality(self) -> bool:
        return False

    def score(self) -> float:
        """What the searcher's weighting makes of the posting; its weight where there is none."""
        return float(self.scorer.score(self)) if self.scorer else self.weight()

    def _positions(self) -> list[int]:
        return self._postings.positions(self._at)


class NumpyCursor(base.FieldCursor):  # type: ignore[misc]
    """Goes through the terms of a field; Whoosh's automata use it to find words that are nearly alike."""

    def __init__(self, reader: NumpyTermsReader, name: str, terms: Terms, field: Any) -> None:
        self._reader = reader
        self._name = name
        self._terms = terms
        self._field = field
        self._at = 0

    def first(self) -> str | None:
        self._at = 0
        return self.text()

    def find(self, term: str | bytes) -> str | None:
        """Go to the first term that is not before this one."""
        self._at = self._terms.lower_bound(term if isinstance(term, bytes) else self._field.to_bytes(term))
        return self.text()

    def next(self) -> str | None:
        self._at += 1
        return self.text()

    def is_valid(self) -> bool:
        return self._at < self._terms.terms

    def text(self) -> str | None:
        """The term as the field spells it; None past the last one."""
        return self._field.from_bytes(self._terms.term(self._at)) if self.is_valid() else None

    def term(self) -> str | None:
        return self.text()

    def term_info(self) -> TermInfo | None:
        return self._reader.term_info(self._name, self._terms.term(self._at)) if self.is_valid() else None


class NumpyPerDocumentReader(base.PerDocumentReader):  # type: ignore[misc]
    """Counts, deletions and lengths. Nothing is stored, and there are no columns: the executor has its own."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self._deleted = frozenset(segment.deleted.tolist())

    def doc_count(self) -> int:
        return self._segment.size - len(self._deleted)

    def doc_count_all(self) -> int:
        return self._segment.size

    def has_deletions(self) -> bool:
        return bool(self._deleted)

    def is_deleted(self, docnum: int) -> bool:
        return docnum in self._deleted

    def deleted_docs(self) -> frozenset[int]:
        return self._deleted

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        return int(self._segment.facts.lengths[fieldname][docnum]) if fieldname in SCORED_FIELDS else default

    def field_length(self, fieldname: str) -> int:
        """Of all documents together, deleted ones included."""
        return self._segment.lengths_in_all.get(fieldname, 0)

    def min_field_length(self, fieldname: str) -> int:
        return int(self._lengths(fieldname).min())

    def max_field_length(self, fieldname: str) -> int:
        return int(self._lengths(fieldname).max())

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        return {}

    def _lengths(self, fieldname: str) -> AnyInts:
        """Of all documents; there is at least one, or no segment would be written."""
        scored = fieldname in SCORED_FIELDS
        return self._segment.facts.lengths[fieldname] if scored else np.zeros(1, np.int64)
