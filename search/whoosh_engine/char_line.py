"""The characters of all documents of a snapshot, one after another: what a place on that line says."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.whoosh_engine.char_pairs import BLOCK_BITS, blocks_of
from search.whoosh_engine.facts import DocumentFacts
from search.whoosh_engine.line import NARROW
from search.whoosh_engine.members import FEW_OF
from search.whoosh_engine.postings import AnyInts, Ints, spread, starts_of


class CharLine:
    """first_blocks: of each part, among those of all documents; one item more, for the end. kind: to keep places in."""

    def __init__(self, facts: DocumentFacts) -> None:
        parts = facts.parts
        blocks = blocks_of(parts.chars)
        self.first_blocks = starts_of(blocks)
        self.kind = np.dtype(np.uint32 if int(self.first_blocks[-1]) << BLOCK_BITS < NARROW else np.int64)
        self._part_of_block = np.repeat(np.arange(len(blocks), dtype=np.int32), blocks)
        self.first_parts: Ints = np.append(0, parts.ends.astype(np.int64))
        self._doc_of_part = np.repeat(np.arange(len(facts), dtype=np.int32), np.diff(self.first_parts))
        self._weights = parts.weights

    def parts(self, places: AnyInts) -> NDArray[np.int32]:
        """The part that each place is in, among those of all documents."""
        return self._part_of_block.take(places >> BLOCK_BITS)

    def docs_of(self, parts: AnyInts) -> NDArray[np.int32]:
        """The document of each part."""
        return self._doc_of_part.take(parts)

    def weights_of(self, parts: AnyInts) -> AnyInts:
        """What a hit in each part weighs."""
        return self._weights.take(parts)

    def offsets(self, places: Ints, parts: AnyInts) -> tuple[Ints, Ints]:
        """(index of the part in its document, code point in the part) of each place. parts: of each."""
        number = parts - self.first_parts.take(self.docs_of(parts))
        return number, places - (self.first_blocks.take(parts) << BLOCK_BITS)

    def within(self, places: AnyInts, docs: Ints, *, is_sorted: bool = True) -> AnyInts:
        """Those of the places that are in the documents (ascending). is_sorted: the places ascend."""
        first, end = (self.first_blocks.take(self.first_parts.take(one)) for one in (docs, docs + 1))
        if is_sorted and len(docs) * FEW_OF <= len(places):
            low, high = (places.searchsorted((blocks << BLOCK_BITS).astype(self.kind)) for blocks in (first, end))
            return places.take(spread(low, high - low))
        flags = np.zeros(len(self._part_of_block), np.bool_)
        flags[spread(first, end - first)] = True
        return places[flags.take(places >> BLOCK_BITS)]
