"""Words -> attributes by name: for training, and for holding `crf.py` against crfsuite.

The plain way to say what `crf.py` does with tables, one word at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from indexer.mentions.clusters import UNKNOWN, cluster, company, vectors
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
    of_company,
    words,
)
from search.japanese.tokens import Unit


class Seen(NamedTuple):
    """A word as it is seen from others. features: all that `features` has to say of it. vectors: two rows of
    `clusters.vectors`, of the word and, if it is longer, of the unit that holds it."""

    features: tuple[str, ...]
    description: Description
    vectors: tuple[int, int]


OUTSIDE = Seen(EDGE.around, EDGE, (UNKNOWN, UNKNOWN))


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
        described = [_seen_word(word) for word, _, _ in sentence]
        piece: list[Attributed] = []
        for at, (_, start, end) in enumerate(sentence):
            if not described[at].description.is_cut:
                seen = _seen_from(described, at)
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


@lru_cache(maxsize=1 << 17)
def _seen_word(word: Word) -> Seen:
    description = describe(word)
    features = [*description.around, *description.own, *chain.from_iterable(description.shared)]
    own, of_unit = company([word.surface, word.unit], [word.term, word.unit_term]).tolist()
    features += of_company(cluster(own), "")
    if word.places == 1:
        return Seen(tuple(features), description, (own, UNKNOWN))
    features += of_company(cluster(of_unit), " of unit")
    return Seen(tuple(features), description, (own, of_unit))


def _attributes(seen: dict[str, Seen]) -> Iterator[str]:
    for slot, word in seen.items():
        for feature in word.features:
            if slot == "0" or slot in SEEN_FROM.get(feature.partition("=")[0], ()):
                yield f"{slot}\t{feature}"
    for number, (one, other) in enumerate(PAIRS):
        yield f"pair{number}\t{seen[one].description.group}\t{seen[other].description.group}"


def _vectors(seen: dict[str, Seen]) -> Iterator[tuple[str, int]]:
    for whose, slots in enumerate(VECTORS_SEEN_FROM):
        for slot in slots:
            if slot in seen and seen[slot].vectors[whose] != UNKNOWN:
                yield f"{slot}\tvector{whose}", seen[slot].vectors[whose]


def _seen_from(described: Sequence[Seen], at: int) -> dict[str, Seen]:
    """What is seen from the word, by slot."""

    def there(index: int) -> Seen:
        return described[index] if 0 <= index < len(described) else OUTSIDE

    seen = [there(at), there(at - 1), there(at + 1), there(at - 2), there(at + 2)]
    if there(at).description.in_run:
        first = last = at
        while there(first - 1).description.in_run:
            first -= 1
        while there(last + 1).description.in_run:
            last += 1
        seen += [there(first), there(last), there(first - 1), there(last + 1)]
    return dict(zip(SLOTS, seen, strict=False))
