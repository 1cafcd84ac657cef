"""All documents of a snapshot laid out on one line, so that a place on it is both document and position.

A document begins with a block of its own, and at least one place is empty before the next one: so "next to" is
"one more" for all documents at once, no phrase goes from one to another, and a block tells the document.
"""

from __future__ import annotations

import numpy as np

from search.scoring import TEXT_WEIGHT, TITLE_WEIGHT
from search.whoosh_engine.facts import DocumentFacts
from search.whoosh_engine.members import FEW_OF, Scratch
from search.whoosh_engine.postings import AnyInts, Ints, spread, starts_of

BLOCK_BITS = 7
BLOCK = 1 << BLOCK_BITS
"""Places of a block. An article of 340 tokens takes three or four: a sixth of the line is empty."""

NARROW = 1 << 32
"""A shorter line is counted in four bytes, which is enough for some ten million articles."""

_MIXED = BLOCK + 1


class Line:
    """starts: where each document begins; one item more, for the end. kind: the type of places.

    first_parts: the first of each document's parts, among all; one item more, for the end. part_starts: of each part.
    """

    def __init__(self, facts: DocumentFacts) -> None:
        blocks = facts.places.astype(np.int64) // BLOCK + 1
        self.starts = starts_of(blocks) << BLOCK_BITS
        self.kind = np.dtype(np.uint32 if int(self.starts[-1]) < NARROW else np.int64)
        self.first_parts: Ints = np.append(0, facts.parts.ends.astype(np.int64))
        self._doc_of_block = np.repeat(np.arange(len(facts), dtype=np.int32), blocks)
        part_starts = np.repeat(self.starts[:-1], np.diff(self.first_parts)) + facts.parts.places
        self.part_starts = part_starts.astype(self.kind)
        self._part_weights = facts.parts.weights
        self._titled = np.zeros(len(self._doc_of_block), np.uint8)
        self._find_titles(facts, part_starts)
        self._has_mixed = bool((self._titled == _MIXED).any())

    def _find_titles(self, facts: DocumentFacts, starts: Ints) -> None:
        """Note how many places each block begins with that are in a title; _MIXED where any but these are not text."""
        # What is empty after a part may count as the part's: no word stands there.
        ends = np.append(starts[1:], self.starts[-1])
        weights = facts.parts.weights
        is_title = (weights == TITLE_WEIGHT) & (facts.parts.places == 0)
        for parts in (np.flatnonzero(is_title), np.flatnonzero((weights != TEXT_WEIGHT) & ~is_title)):
            first, end = starts.take(parts), ends.take(parts)
            counts = ((end - 1) >> BLOCK_BITS) - (first >> BLOCK_BITS) + 1
            blocks = spread(first >> BLOCK_BITS, counts)
            titled = np.minimum(np.repeat(end, counts) - (blocks << BLOCK_BITS), BLOCK)
            self._titled[blocks] = titled if is_title.take(parts).any() else _MIXED

    def docs(self, places: AnyInts) -> Ints:
        """The document at each place."""
        return self._doc_of_block.take(places >> BLOCK_BITS).astype(np.int64)

    def parts(self, places: AnyInts) -> Ints:
        """The part that each place is in, among those of all documents."""
        return self.part_starts.searchsorted(places, side="right") - 1

    def weighed(self, places: AnyInts) -> tuple[Ints, Ints]:
        """The document at each place, and what a word weighs there."""
        blocks = (places >> BLOCK_BITS).astype(np.int64)
        titled = self._titled.take(blocks)
        weights = np.where(places & (BLOCK - 1) < titled, TITLE_WEIGHT, TEXT_WEIGHT)
        if self._has_mixed:
            mixed = (titled == _MIXED).nonzero()[0]
            weights[mixed] = self._part_weights.take(self.parts(places.take(mixed)))
        return self._doc_of_block.take(blocks).astype(np.int64), weights

    def positions(self, places: AnyInts, gap: int) -> tuple[Ints, Ints]:
        """(document, position) of each place, parts of a document being `gap` positions further apart."""
        docs = self.docs(places)
        part = self.parts(places) - self.first_parts.take(docs)
        return docs, places - self.starts.take(docs) + part * gap

    def stretched(self, places: AnyInts, gap: int) -> Ints:
        """The same places, the parts being so many places further apart."""
        return places + self.parts(places) * gap

    def within(self, places: AnyInts, docs: Ints, scratch: Scratch, *, is_sorted: bool = True) -> AnyInts:
        """Those of the places that are in the documents (ascending). is_sorted: the places ascend."""
        if is_sorted and len(docs) * FEW_OF < len(places):
            low = places.searchsorted(self.starts.take(docs).astype(self.kind))
            high = places.searchsorted(self.starts.take(docs + 1).astype(self.kind))
            return places.take(spread(low, high - low))
        flags = scratch.flags
        flags[docs] = True
        found = places[flags.take(self._doc_of_block.take(places >> BLOCK_BITS))]
        flags[docs] = False
        return found
