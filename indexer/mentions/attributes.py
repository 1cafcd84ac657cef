"""Words -> attributes by name: for training, and for holding `crf.py` against crfsuite.

The plain way to say what `crf.py` does with tables, one word at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from indexer.mentions.clusters import NO_VECTOR, vectors
from indexer.mentions.crf_model import PAIRS
from indexer.mentions.features import (
    EDGE,
    SEEN_FROM,
    SLOTS,
    STOPS,
    VECTORS_SEEN_FROM,
    Description,
    Word,
    describe,
    words,
)
from search.japanese.tokens import Unit

_described = lru_cache(maxsize=1 << 17)(describe)


class Attributed(NamedTuple):
    """A word of a text: where it stands, and what speaks for its label.

    vectors: whose ("0\\tvector0": of the word itself), and the row of `clusters.vectors`.
    """

    start: int
    end: int
    attributes: list[str]
    vectors: list[tuple[str, int]]

    def valued(self) -> dict[str, float]:
        """All that speaks for the label, each dimension of the vectors by itself."""
        return dict.fromkeys(self.attributes, 1.0) | {
            f"{whose} {dimension}": value
            for whose, row in self.vectors for dimension, value in enumerate(vectors()[row].tolist())
        }


def pieces(units: Sequence[Unit]) -> Iterator[list[Attributed]]:
    """The stretches of words over which names may go."""
    for sentence in _sentences(units):
        described = [_described(word) for word, _, _ in sentence]
        piece: list[Attributed] = []
        for at, (_, start, end) in enumerate(sentence):
            if not described[at].is_cut:
                seen = _seen(described, at)
                piece.append(Attributed(start, end, list(_attributes(seen)), list(_vectors(seen))))
            elif piece:
                yield piece
                piece = []
        if piece:
            yield piece


def _sentences(units: Sequence[Unit]) -> Iterator[list[tuple[Word, int, int]]]:
    sentence: list[tuple[Word, int, int]] = []
    for unit in units:
        sentence += ((word, short.start, short.end) for word, short in zip(words(unit), unit.shorts, strict=True))
        if unit.surface in STOPS:
            yield sentence
            sentence = []
    yield sentence


def _attributes(seen: dict[str, Description]) -> Iterator[str]:
    for slot, description in seen.items():
        for feature in description.features:
            if slot == "0" or slot in SEEN_FROM.get(feature.partition("=")[0], ()):
                yield f"{slot}\t{feature}"
    for number, (one, other) in enumerate(PAIRS):
        yield f"pair{number}\t{seen[one].group}\t{seen[other].group}"


def _vectors(seen: dict[str, Description]) -> Iterator[tuple[str, int]]:
    for whose, slots in enumerate(VECTORS_SEEN_FROM):
        for slot in slots:
            if slot in seen and seen[slot].vectors[whose] != NO_VECTOR:
                yield f"{slot}\tvector{whose}", seen[slot].vectors[whose]


def _seen(described: Sequence[Description], at: int) -> dict[str, Description]:
    """What is seen from the word, by slot."""

    def there(index: int) -> Description:
        return described[index] if 0 <= index < len(described) else EDGE

    seen = [there(at), there(at - 1), there(at + 1), there(at - 2), there(at + 2)]
    if there(at).in_run:
        first = last = at
        while there(first - 1).in_run:
            first -= 1
        while there(last + 1).in_run:
            last += 1
        seen += [there(first), there(last), there(first - 1), there(last + 1)]
    return dict(zip(SLOTS, seen, strict=False))
