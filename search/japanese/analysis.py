"""An article -> its terms with positions and offsets, for the index; and those as bytes, for the archive.

Long and short units are indexed in one space of positions, counted in short units, so that a query finds a word
whether it was typed long or short.
"""

from __future__ import annotations

import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

import msgpack
import numpy as np
from numpy.typing import NDArray

from search.articles import Article, Part, Published
from search.japanese.mentioned_dates import mentioned_dates
from search.japanese.numerals import number_runs
from search.japanese.tokens import Unit, units

SECTION_GAP = 1_000
"""Empty positions at every border of title, heading and section: phrases and NEAR never cross one."""

_STOPS = frozenset("。！？!?．\n")
_NUMBERS_OF_TWO_BYTES = 1 << 16


class PartSpan(NamedTuple):
    """Where a part of an article lies in an `Analysis`.

    section: as `Part.section`. first_token: index into `starts`. tokens: how many.
    first_position: of its first token; the token i of the part has position first_position + i.
    """

    section: int
    is_heading: bool
    first_token: int
    tokens: int
    first_position: int


_first_position = attrgetter("first_position")
_token = attrgetter("token")


class LongTerm(NamedTuple):
    """What more stands at a token; there may be several.

    A long unit of two or more short ones, and a date (@2024-04), have the position of their first short unit, a number
    (#20000) that of its last.
    """

    token: int
    term: str


@dataclass(frozen=True, slots=True)
class Places:
    """Where an article's tokens stand, as `Analysis` has them: all that marks need."""

    parts: tuple[PartSpan, ...]
    starts: NDArray[np.uint32]
    ends: NDArray[np.uint32]

    def offsets(self, first: int, end: int) -> tuple[int, int, int]:
        """Where the positions `first` to before `end` stand: (index of the part, start, end in code points)."""
        index = bisect_right(self.parts, first, key=_first_position) - 1
        part = self.parts[index] if index >= 0 else None
        if part is None or first >= part.first_position + part.tokens:
            raise ValueError(f"no part holds position {first}")
        token = first - part.first_position + part.first_token
        last = min(token + end - first, part.first_token + part.tokens) - 1
        return index, int(self.starts[token]), int(self.ends[last])

    @staticmethod
    def unpack(data: bytes) -> Places:
        """The places alone out of what `Analysis.pack` made: a fifth of the time, since terms are left packed."""
        reader = msgpack.Unpacker()
        reader.feed(zlib.decompress(data))
        reader.read_array_header()
        parts = reader.unpack()
        reader.skip()       # the terms
        return Places(
            tuple(map(PartSpan._make, parts)),
            np.frombuffer(reader.unpack(), np.uint32),
            np.frombuffer(reader.unpack(), np.uint32),
        )


@dataclass(frozen=True)
class Analysis:
    """An article's terms. Tokens are short units; those that end a sentence hold a position without a term.

    words: its distinct terms, short and long, each once, with line breaks between; the first one is "", no term.
    numbers: one per token, the place of its term in `words`. starts, ends: code points in the token's part, uint32.
    long_tokens, long_numbers: the tokens that have a `LongTerm`, uint32, ascending, and its place in `words`.
    Numbers are uint16, or uint32 where an article has more terms than that.
    """

    parts: tuple[PartSpan, ...]
    words: str
    numbers: NDArray[Any]
    starts: NDArray[np.uint32]
    ends: NDArray[np.uint32]
    long_tokens: NDArray[np.uint32]
    long_numbers: NDArray[Any]

    @staticmethod
    def of(
        parts: Sequence[PartSpan], terms: Iterable[str], starts: NDArray[np.uint32], ends: NDArray[np.uint32],
        long_terms: Iterable[LongTerm],
    ) -> Analysis:
        """From `terms` and `long_terms`, as the properties have them."""
        number: dict[str, int] = {"": 0}
        numbers = [number.setdefault(term, len(number)) for term in terms]
        long = [(token, number.setdefault(term, len(number))) for token, term in long_terms]
        kind = np.uint16 if len(number) <= _NUMBERS_OF_TWO_BYTES else np.uint32
        return Analysis(
            tuple(parts), "\n".join(number), np.array(numbers, kind), starts, ends,
            np.array([token for token, _ in long], np.uint32), np.array([place for _, place in long], kind),
        )

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """One per token, "" where there is none."""
        return tuple(map(self.words.split("\n").__getitem__, self.numbers.tolist()))

    @cached_property
    def long_terms(self) -> tuple[LongTerm, ...]:
        """By token."""
        terms = map(self.words.split("\n").__getitem__, self.long_numbers.tolist())
        return tuple(map(LongTerm, self.long_tokens.tolist(), terms))

    @property
    def places(self) -> Places:
        """Where the tokens stand."""
        return Places(self.parts, self.starts, self.ends)

    def covering(self, part: int, start: int, end: int) -> range:
        """The positions of the tokens that overlap `start` to `end` (code points) in that part."""
        span = self.parts[part]
        tokens = slice(span.first_token, span.first_token + span.tokens)
        first = int(np.searchsorted(self.ends[tokens], start, side="right"))
        last = int(np.searchsorted(self.starts[tokens], end, side="left"))
        return range(span.first_position + first, span.first_position + last)

    def offsets(self, first: int, end: int) -> tuple[int, int, int]:
        """Where the positions `first` to before `end` stand: (index of the part, start, end in code points)."""
        return self.places.offsets(first, end)

    def pack(self) -> bytes:
        """The analysis as bytes, for the archive; `unpack` is the way back."""
        numbers = map(_low_bytes_first, (self.numbers, self.long_tokens, self.long_numbers))
        packed = (self.parts, self.words, self.starts.tobytes(), self.ends.tobytes(), *numbers)
        return zlib.compress(msgpack.packb(packed), 1)

    @staticmethod
    def unpack(data: bytes) -> Analysis:
        """The analysis that `pack` made these bytes from, in this version or in 0.1."""
        parts, words, starts, ends, *rest = msgpack.unpackb(zlib.decompress(data))
        spans = tuple(map(PartSpan._make, parts))
        of_starts, of_ends = np.frombuffer(starts, np.uint32), np.frombuffer(ends, np.uint32)
        if len(rest) == 1:      # 0.1 kept a term for every token
            terms = words.split("\n") if starts else ()
            return Analysis.of(spans, terms, of_starts, of_ends, map(LongTerm._make, rest[0]))
        numbers, long_tokens, long_numbers = rest
        kind = np.uint32 if len(numbers) == len(starts) else np.uint16
        return Analysis(
            spans, words, _numbers(numbers, kind), of_starts, of_ends, _numbers(long_tokens, np.uint32),
            _numbers(long_numbers, kind),
        )


def _low_bytes_first(numbers: NDArray[Any]) -> bytes:
    """The lowest byte of each, then the next one of each …: as most numbers are small, that takes less once packed."""
    return numbers.view(np.uint8).reshape(-1, numbers.itemsize).T.tobytes()


def _numbers(data: bytes, kind: type[np.generic]) -> NDArray[Any]:
    """The way back."""
    columns = np.frombuffer(data, np.uint8).reshape(np.dtype(kind).itemsize, -1)
    return np.ascontiguousarray(columns.T).view(kind).ravel()


def analyze_parts(
    parts: Sequence[Part], units_by_part: Sequence[Sequence[Unit]], published: Published | None = None
) -> Analysis:
    """Lay the units of an article's parts out in one space of positions.

    published: what 昨年 and 10日 are counted from.
    """
    spans: list[PartSpan] = []
    terms: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    long_terms: list[LongTerm] = []
    position = 0
    for part, part_units in zip(parts, units_by_part, strict=True):
        first_token, first_long = len(terms), len(long_terms)
        for surface, _, _, long_term, _, _, shorts in part_units:
            # Words on both sides of a full stop are no phrase; ・ 、 and brackets inside a name or a quotation are
            # no reason to miss it.
            holds_position = surface[0] in _STOPS
            if len(shorts) > 1 and long_term and sum(1 for short in shorts if short.term or holds_position) > 1:
                long_terms.append(LongTerm(len(terms), long_term))
            for start, end, term, _ in shorts:
                if term or holds_position:
                    terms.append(term)
                    starts.append(start)
                    ends.append(end)
        more = _numbers_and_dates(part, part_units, published, starts, ends, first_token)
        if more:
            long_terms[first_long:] = sorted(long_terms[first_long:] + more, key=_token)
        count = len(terms) - first_token
        spans.append(PartSpan(part.section, part.is_heading, first_token, count, position))
        position += count + SECTION_GAP
    return Analysis.of(spans, terms, np.array(starts, np.uint32), np.array(ends, np.uint32), long_terms)


def _numbers_and_dates(
    part: Part, part_units: Sequence[Unit], published: Published | None, starts: list[int], ends: list[int], first: int
) -> list[LongTerm]:
    """starts, ends: of all tokens so far, those of this part from `first` on."""

    def is_word(start: int, end: int) -> bool:
        token, last = bisect_left(starts, start, first), bisect_left(ends, end, first)
        return token <= last < len(ends) and starts[token] == start and ends[last] == end

    found = [
        LongTerm(bisect_left(starts, run.last_start, first), run.term)
        for run in number_runs(part_units)
        if not run.is_plain
    ]
    for said in mentioned_dates(part.text, published, is_word):
        token = bisect_left(starts, said.start, first)
        found += [LongTerm(token, term) for term in said.terms]
    return found


def analyze(article: Article) -> tuple[list[list[Unit]], Analysis]:
    """Cut every part of the article: its units, for finding names, and its analysis, for the index."""
    parts = list(article.parts())
    units_by_part = [units(part.text) for part in parts]
    return units_by_part, analyze_parts(parts, units_by_part, article.published)
