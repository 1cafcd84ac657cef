"""One segment as a whole: what its file holds, written and read.

    doc.version, .at, .day, .places   facts of each document
    part.ends, .places, .sections, .weights
    part.chars                        code points of each part
    F.lengths                         positions a document has in a scored field F, or code points
    F.values, F.value_ends            for the id and each facet: the documents' values, as places in F's terms

and the postings of each field, as `packing` lays them out, the characters, as `char_field` does, and
the table of `spelling_table`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.whoosh_engine.char_field import CharReader, CharWriter
from search.whoosh_engine.char_merging import PairRange
from search.whoosh_engine.char_pairs import Bits, Chars, Pairs
from search.whoosh_engine.facts import DocumentFacts, Parts
from search.whoosh_engine.packing import FieldReader, FieldWriter
from search.whoosh_engine.postings import NOTHING, AnyInts, Ints, Postings
from search.whoosh_engine.schema import ABOUT, FACET_FIELDS, LENGTHS, SCORED_FIELDS
from search.whoosh_engine.segment_file import SegmentFile, SegmentFileWriter
from search.whoosh_engine.spelling_table import SpellingReader, SpellingWriter

VALUED_FIELDS = ("id", *FACET_FIELDS, *ABOUT.values())
FIELDS = (*SCORED_FIELDS, *VALUED_FIELDS)
SUFFIX = ".kiji"


@dataclass(frozen=True, slots=True)
class SegmentContent:
    """What a segment is made of. postings: field -> its postings, in pieces of consecutive terms."""

    facts: DocumentFacts
    postings: Mapping[str, Iterable[Postings]]
    chars: Chars


def write_segment(path: Path, content: SegmentContent) -> None:
    """Write the file."""
    file = SegmentFileWriter(path)
    facts = content.facts
    for name, column, kind in (
        ("doc.version", facts.version, "<u4"), ("doc.at", facts.at, "<i8"), ("doc.day", facts.day, "<i4"),
        ("doc.places", facts.places, "<u4"),
        ("part.ends", facts.parts.ends, "<u4"), ("part.places", facts.parts.places, "<u4"),
        ("part.sections", facts.parts.sections, "<i4"), ("part.weights", facts.parts.weights, "u1"),
        ("part.chars", facts.parts.chars, "<u4"),
    ):
        file.append(name, column.astype(kind))
    for name, lengths in facts.lengths.items():
        file.append(f"{name}.lengths", lengths.astype("<u4"))
    for name, pieces in content.postings.items():
        writer = FieldWriter(file, name)
        values = _Values(len(facts)) if name in VALUED_FIELDS else None
        spellings = SpellingWriter() if name == "text" else None
        for postings in pieces:
            writer.append(postings)
            if values:
                values.add(postings)
            if spellings:
                spellings.add(postings.terms)
        writer.finish()
        if values:
            values.write(file, name)
        if spellings:
            spellings.write(file)
    _write_chars(file, content.chars)
    lengths_in_all = {name: int(lengths.sum()) for name, lengths in facts.lengths.items()}
    file.finish({"documents": len(facts), "lengths": lengths_in_all})


def _write_chars(file: SegmentFileWriter, chars: Chars) -> None:
    writer = CharWriter(file)
    for pairs in chars.pairs:
        writer.append(pairs)
    for bits in chars.bits:
        writer.put_bits(bits)
    writer.finish()


class _Values:
    """Collects which terms of a field each document has."""

    def __init__(self, documents: int) -> None:
        self._documents = documents
        self._docs: list[AnyInts] = []
        self._values: list[AnyInts] = []
        self._terms = 0

    def add(self, postings: Postings) -> None:
        self._docs.append(postings.docs)
        self._values.append(np.repeat(np.arange(len(postings.terms)) + self._terms, postings.df))
        self._terms += len(postings.terms)

    def write(self, file: SegmentFileWriter, field: str) -> None:
        nothing = np.zeros(0, np.int64)
        docs = np.concatenate([nothing, *self._docs])
        values = np.concatenate([nothing, *self._values])
        order = np.argsort(docs, kind="stable")
        kind = "<u2" if self._terms < 1 << 16 else "<u4"
        file.append(f"{field}.values", values.take(order).astype(kind))
        ends = np.cumsum(np.bincount(docs, minlength=self._documents))
        file.append(f"{field}.value_ends", ends.astype("<u4"))


class Segment:
    """A segment's file, opened. deleted: documents that are no longer there, ascending."""

    def __init__(self, path: Path, deleted: Ints, damaged: Callable[[str], Exception]) -> None:
        self.name = path.stem
        self.deleted = deleted
        self._file = SegmentFile(path, damaged)
        self.size: int = self._file.facts["documents"]
        self.lengths_in_all: dict[str, int] = self._file.facts["lengths"]
        self._fields = {name: FieldReader(self._file, name) for name in FIELDS}
        self.chars = CharReader(self._file)
        self.spellings = SpellingReader(self._file)

    def undeleted(self) -> Segment:
        """The same segment as it was before anything was deleted from it."""
        whole = copy(self)
        whole.deleted = NOTHING
        return whole

    def field(self, name: str) -> FieldReader:
        """The terms and postings of one of `FIELDS`."""
        return self._fields[name]

    def ids(self, docs: Ints) -> list[str]:
        """The article ids of these documents."""
        return self._fields["id"].texts_at(self._file.array("id.values").take(docs).astype(np.int64))

    def values(self, field: str) -> tuple[AnyInts, AnyInts]:
        """Of the id or a facet: (places in the field's terms, document by document; where each document's end)."""
        return self._file.array(f"{field}.values"), self._file.array(f"{field}.value_ends")

    @cached_property
    def facts(self) -> DocumentFacts:
        """Of every document, deleted ones included."""
        array = self._file.array
        return DocumentFacts(
            array("doc.version"), array("doc.at"), array("doc.day"), array("doc.places"),
            {name: array(f"{name}.lengths") for name in LENGTHS},
            Parts(
                array("part.ends"), array("part.places"), array("part.sections"), array("part.weights"),
                array("part.chars"),
            ),
        )

    def terms(self, field: str) -> list[bytes]:
        """Every term of a field, ascending."""
        return self._fields[field].all_terms()

    def document_frequencies(self, field: str) -> Ints:
        """The postings of every term of a field, those of deleted documents included."""
        return self._fields[field].document_frequencies()

    def postings(self, field: str, first: int, end: int) -> Postings:
        """Those of the terms from `first` to before `end`, without the terms."""
        reader = self._fields[field]
        terms = reader.range(first, end)
        docs = reader.docs(terms)
        if not reader.has_positions:
            return Postings([], terms.df, docs)
        found = reader.counts_and_weights(terms)
        ones = np.ones(len(docs), np.uint32)
        counts, weights = found if found else (ones, ones)
        return Postings([], terms.df, docs, counts, weights, reader.steps(terms))

    def char_pairs(self) -> tuple[NDArray[np.uint64], Ints]:
        """Every pair of characters, and how many places it has."""
        return self.chars.keys(), self.chars.counts(0, self.chars.pairs)

    def char_places(self, ranges: Sequence[PairRange], each: Callable[..., Iterator[Any]] = map) -> Iterator[Pairs]:
        """The pairs of each range. each: not needed here."""
        keys = self.chars.keys()
        for lowest, highest in ranges:
            first, end = int(keys.searchsorted(lowest)), int(keys.searchsorted(highest, side="right"))
            yield Pairs(keys[first:end], self.chars.counts(first, end), self.chars.places(first, end))

    def char_bits(self) -> Iterator[Bits]:
        """Those of all blocks."""
        yield self.chars.bits

    def array_bytes(self) -> dict[str, int]:
        """Array -> how much of the file it takes."""
        return self._file.array_bytes()

    def check_all(self) -> None:
        """Compare all of the file with its checksums."""
        self._file.check_all()
