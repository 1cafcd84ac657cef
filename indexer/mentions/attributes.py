"""Words -> attributes as crfsuite reads them: for training, and for holding `crf.py` against crfsuite.

The plain way to say what `crf.py` does with tables, one word at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from indexer.mentions.crf_model import PAIRS
from indexer.mentions.features import EDGE, SEEN_FROM, SLOTS, STOPS, Description, Word, describe, words
from search.japanese.tokens import Unit

_described = lru_cache(maxsize=1 << 17)(describe)


class Attributed(NamedTuple):
    """A word of a text: where it stands, and what speaks for its label."""

    start: int
    end: int
    attributes: list[str]


def pieces(units: Sequence[Unit]) -> Iterator[list[Attributed]]:
    """The stretches of words over which names may go."""
    for sentence in _sentences(units):
        described = [_described(word) for word, _, _ in sentence]
        piece: list[Attributed] = []
        for at, (_, start, end) in enumerate(sentence):
            if not described[at].is_cut:
                piece.append(Attributed(start, end, list(_attributes(described, at))))
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


def _attributes(described: Sequence[Description], at: int) -> Iterator[str]:
    seen = _seen(described, at)
    for slot, description in seen.items():
        for feature in description.features:
            if slot == "0" or slot in SEEN_FROM.get(feature.partition("=")[0], ()):
                yield f"{slot}\t{feature}"
    for number, (one, other) in enumerate(PAIRS):
        yield f"pair{number}\t{seen[one].group}\t{seen[other].group}"


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
