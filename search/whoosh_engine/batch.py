"""Collects articles for a segment as columns of numbers, so that `inversion` can turn them inside out all at once."""

from __future__ import annotations

import math
import struct
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Any, BinaryIO, get_args

import msgpack
import numpy as np
from numpy.typing import NDArray

from search.articles import Kind, Mention
from search.engine import FACET_CONFIDENCE, AnalyzedArticle
from search.results import NO_DATE
from search.whoosh_engine.char_pairs import Bits, Pairs, bits_of, pairs_of
from search.whoosh_engine.facts import NO_TIME
from search.whoosh_engine.postings import AnyInts, Ints, append
from search.whoosh_engine.schema import ABOUT, FACET_KINDS
from search.whoosh_engine.vocabulary import Lexicon, Vocabulary

NO_VALUE = -1
"""Of an article without a desk or a source."""

VOCABULARY_OF = {"names": "names", "desk": "desk", "source": "source", "year": "year"} | dict.fromkeys(
    (*FACET_KINDS, *ABOUT.values()), "names"
)
"""Field -> the vocabulary that its terms are numbered by. Words have their own, a `Lexicon`; ids have none."""

VOCABULARIES = tuple(dict.fromkeys(VOCABULARY_OF.values()))

KINDS: tuple[str, ...] = get_args(Kind)

_KINDS = {kind: number for number, kind in enumerate(KINDS)}
_term, _kind, _place = attrgetter("term"), attrgetter("kind"), attrgetter("part", "start", "end")

SURE, ABOUT_IT = 1, 2
"""Flags of a mention: it counts in facets; the article is about it."""


class Vocabularies(dict[str, Vocabulary]):
    """Those of names and facets in a batch, shared by all of its runs, so that a term has one number in all of them."""

    def __init__(self) -> None:
        super().__init__((name, Vocabulary()) for name in VOCABULARIES)


@dataclass(frozen=True, slots=True)
class Collected:
    """Articles as columns: what another process needs to make a segment of them. Names and values are numbers.

    orders: the numbers of all of these in order of their bytes, a vocabulary after the other, as in `VOCABULARIES`.
    facts: one row an article, of `FACTS`. parts: one row a part, as in `PartSpan`. chars: code points of each part.
    words: the distinct terms of each article in UTF-8, with line breaks between.
    tokens: per token, which of its article's words; starts and ends in code points.
    long_tokens, long_words: tokens of an article at which a long term begins, and which of its words.
    mentions: one row a mention: name, place in `KINDS`, part of the article, start, end, SURE and ABOUT_IT.
    """

    orders: tuple[AnyInts, ...]
    facts: Ints
    parts: AnyInts
    chars: AnyInts
    words: AnyInts
    tokens: AnyInts
    starts: AnyInts
    ends: AnyInts
    long_tokens: AnyInts
    long_words: AnyInts
    mentions: AnyInts

    def order(self, field: str) -> AnyInts:
        """That of the terms of a field of `VOCABULARY_OF`."""
        return self.orders[VOCABULARIES.index(VOCABULARY_OF[field])]

    def numbered_words(self, lexicon: Lexicon) -> Ints:
        """The number of each of the words."""
        return lexicon.numbers(self.words.tobytes().decode("utf-8", "surrogatepass"))

    def write(self, path: Path) -> None:
        """Put it into a file: much less work than sending it through a pipe, and no memory while it waits."""
        orders, *others = (getattr(self, field.name) for field in fields(self))
        with path.open("wb") as handle:
            for one in (*orders, *others):
                header = msgpack.packb((one.dtype.str, one.shape))
                handle.write(_LENGTH.pack(len(header)) + header)
                append(handle, one)

    @staticmethod
    def read(path: Path) -> Collected:
        """What was written there."""
        with path.open("rb") as handle:
            orders = tuple(_read(handle) for _ in VOCABULARIES)
            return Collected(orders, *(_read(handle) for _ in fields(Collected)[1:]))


_LENGTH = struct.Struct("<I")


def _read(handle: BinaryIO) -> AnyInts:
    kind, shape = msgpack.unpackb(handle.read(*_LENGTH.unpack(handle.read(_LENGTH.size))))
    return np.frombuffer(handle.read(math.prod(shape) * np.dtype(kind).itemsize), kind).reshape(shape)


FACTS = ("version", "at", "day", "desk", "source", "year", "tokens", "parts", "words", "long", "mentions")
"""The last five are counts; desk, source and year are numbers of their vocabularies."""


class Batch:
    """Articles that become one segment or run, numbered from 0 in the order in which they come."""

    def __init__(self, vocabularies: Vocabularies | None = None) -> None:
        self.vocabularies = vocabularies or Vocabularies()
        self.ids: list[str] = []
        self.tokens = 0
        self._words: list[str] = []
        self._facts = array("q")
        self._parts = array("i")
        self._chars = array("i")
        self._texts: list[str] = []
        self._names: list[str] = []
        self._kinds: list[str] = []
        self._flags: list[int] = []
        self._places = array("i")
        self._arrays: tuple[list[NDArray[Any]], ...] = ([], [], [], [], [])

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, article: AnalyzedArticle) -> None:
        """Take the article in; nothing is computed yet."""
        analysis = article.analysis
        self._words.append(analysis.words)
        tokens, starts, ends, long_tokens, long_words = self._arrays
        tokens.append(analysis.numbers)
        starts.append(analysis.starts)
        ends.append(analysis.ends)
        long_tokens.append(analysis.long_tokens)
        long_words.append(analysis.long_numbers)
        for part in analysis.parts:
            self._parts.extend(part)
        if len(article.texts) != len(analysis.parts):
            raise ValueError(f"{article.id!r} has texts of {len(article.texts)} parts, not {len(analysis.parts)}")
        self._chars.extend(map(len, article.texts))
        self._texts += article.texts
        mentions = [mention for mention in article.mentions if not mention.is_inferred]
        self._names += map(_term, mentions)
        self._kinds += map(_kind, mentions)
        self._flags += map(_flags, mentions)
        self._places.extend(chain.from_iterable(map(_place, mentions)))
        self._facts.extend((
            *self._facts_of(article), len(analysis.numbers), len(analysis.parts), analysis.words.count("\n") + 1,
            len(analysis.long_tokens), len(mentions),
        ))
        self.tokens += len(analysis.numbers)
        self.ids.append(article.id)

    def _facts_of(self, article: AnalyzedArticle) -> tuple[int, ...]:
        """Those of `FACTS` that are no counts."""
        at = article.published.at if article.published else None
        number = self.vocabularies
        return (
            article.version,
            int(at.timestamp()) if at else NO_TIME,
            at.toordinal() if at else 0,
            number["desk"][article.desk] if article.desk else NO_VALUE,
            number["source"][article.source] if article.source else NO_VALUE,
            number["year"][f"{at.year:04}" if at else NO_DATE],
        )

    def collected(self) -> Collected:
        """All of it."""
        words = np.frombuffer("\n".join(self._words).encode("utf-8", "surrogatepass"), np.uint8)
        # Looking names up comes first: it numbers those that are new.
        mentions = self._mentions()
        tokens, starts, ends, long_tokens, long_words = map(_joined, self._arrays)
        return Collected(
            tuple(vocabulary.order().astype(np.uint32) for vocabulary in self.vocabularies.values()),
            _numbers(self._facts, np.int64).reshape(-1, len(FACTS)), _numbers(self._parts, np.int32).reshape(-1, 5),
            _numbers(self._chars, np.int32), words, tokens, starts, ends, long_tokens, long_words, mentions,
        )

    def characters(self) -> tuple[Pairs, Bits]:
        """Every two stored characters that stand next to each other; and where tokens begin and end."""
        points = np.frombuffer("".join(self._texts).encode("utf-32-le", "surrogatepass"), "<u4")
        chars, tokens = self._numbers_of_parts()
        return pairs_of(points, chars), bits_of(chars, tokens, *map(_joined, self._arrays[1:3]))

    def _numbers_of_parts(self) -> tuple[Ints, Ints]:
        """Code points and tokens of each part."""
        parts = _numbers(self._parts, np.int32).reshape(-1, 5)
        return _numbers(self._chars, np.int32).astype(np.int64), parts[:, 3].astype(np.int64)

    def _mentions(self) -> AnyInts:
        found = np.empty((len(self._names), 6), np.int32)
        found[:, 0] = [*map(self.vocabularies["names"].__getitem__, self._names)]
        found[:, 1] = [*map(_KINDS.__getitem__, self._kinds)]
        found[:, 2:5] = _numbers(self._places, np.int32).reshape(-1, 3)
        found[:, 5] = self._flags
        return found


def _flags(mention: Mention) -> int:
    sure = mention.confidence >= FACET_CONFIDENCE
    return sure * SURE + (sure and mention.is_about) * ABOUT_IT


def _numbers(column: array[int], kind: type[np.generic]) -> AnyInts:
    return np.frombuffer(column, kind) if column else np.zeros(0, kind)


def _joined(several: Sequence[AnyInts]) -> AnyInts:
    return np.concatenate(several) if several else np.zeros(0, np.uint32)
