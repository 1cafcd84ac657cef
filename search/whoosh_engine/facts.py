"""What a segment keeps of each document beside its postings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from search.whoosh_engine.postings import AnyInts, Ints, spread, starts_of

NO_TIME = np.iinfo(np.int64).min
"""`DocumentFacts.at` of an article without a date; its day is 0."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts (title, headings, texts) of all documents, one after another.

    ends: per document, how many parts it and those before it have. places: of each part's first token, as positions
    are kept (see `packing`). sections: as `analysis.PartSpan.section`. weights: of a word in it.
    chars: code points of each part.
    """

    ends: AnyInts
    places: AnyInts
    sections: AnyInts
    weights: AnyInts
    chars: AnyInts

    def numbers_of(self, docs: Ints) -> Ints:
        """Which parts these documents have, among those of all."""
        first = self._first(docs)
        return spread(first, self.ends.astype(np.int64).take(docs) - first)

    def _first(self, docs: Ints) -> Ints:
        return np.where(docs > 0, self.ends.astype(np.int64).take(docs - 1), 0) if len(self.ends) else docs

    def of(self, docs: Ints) -> Parts:
        """The parts of these documents alone, in this order."""
        kept = self.numbers_of(docs)
        return Parts(
            np.cumsum(self.ends.astype(np.int64).take(docs) - self._first(docs)), self.places.take(kept),
            self.sections.take(kept), self.weights.take(kept), self.chars.take(kept),
        )


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """Per document. at: seconds since 1970. day: proleptic ordinal in JST. lengths: of each field of LENGTHS.

    places: how many positions it has, as they are kept, those between parts included.
    """

    version: AnyInts
    at: AnyInts
    day: AnyInts
    places: AnyInts
    lengths: Mapping[str, AnyInts]
    parts: Parts

    def __len__(self) -> int:
        return len(self.version)

    def of(self, docs: Ints) -> DocumentFacts:
        """Those of these documents alone, in this order."""
        return DocumentFacts(
            self.version.take(docs), self.at.take(docs), self.day.take(docs), self.places.take(docs),
            {name: lengths.take(docs) for name, lengths in self.lengths.items()},
            self.parts.of(docs),
        )

    @staticmethod
    def joined(several: list[DocumentFacts]) -> DocumentFacts:
        """Those of several segments, one after another."""
        part_counts = [int(facts.parts.ends[-1]) if len(facts) else 0 for facts in several]
        before = starts_of(part_counts)[:-1].tolist()
        return DocumentFacts(
            _joined([facts.version for facts in several]),
            _joined([facts.at for facts in several]),
            _joined([facts.day for facts in several]),
            _joined([facts.places for facts in several]),
            {name: _joined([facts.lengths[name] for facts in several]) for name in several[0].lengths},
            Parts(
                _joined([f.parts.ends.astype(np.int64) + more for f, more in zip(several, before, strict=True)]),
                _joined([facts.parts.places for facts in several]),
                _joined([facts.parts.sections for facts in several]),
                _joined([facts.parts.weights for facts in several]),
                _joined([facts.parts.chars for facts in several]),
            ),
        )


def _joined(pieces: list[AnyInts]) -> AnyInts:
    return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)
