"""Words of an index that are spelled otherwise or nearly alike, the most frequent first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from search.japanese.variants import spelling_key
from search.whoosh_engine.packing import FieldReader
from search.whoosh_engine.postings import Ints, looked_up
from search.whoosh_engine.segment import Segment

COMMON_CHARACTERS = 2
"""That words have which are taken for alike, at least: else every word of two kanji is like a hundred others."""

Points = NDArray[np.uint32]


def frequency(segments: Iterable[Segment], term: str) -> int:
    """Live articles with the word."""
    return _frequencies(segments, [term])[term]


def spellings(segments: Iterable[Segment], term: str) -> tuple[str, ...]:
    """Every other word with the spelling key of this one."""
    several = list(segments)
    key = spelling_key(term)
    written = key.encode("utf-8", "surrogatepass")
    found = {key}
    for segment in several:
        numbers = segment.spellings.terms(written)
        found.update(segment.field("text").texts_at(np.array(numbers, np.int64)))
    return _by_frequency(several, found - {term})


def terms_like(segments: Iterable[Segment], term: str, most: int) -> tuple[str, ...]:
    """The words that differ from this one by one edit, at most so many.

    An edit puts a character in, takes one out, puts another one in its place, or swaps two neighbours. Words alike
    begin with the same character, and have at least COMMON_CHARACTERS in common.
    """
    several = list(segments)
    found: set[str] = set()
    for segment in several if term else ():
        field = segment.field("text")
        numbers = _alike(field, term)
        found.update(field.texts_at(numbers))
    return _by_frequency(several, found)[:most]


def _by_frequency(segments: Iterable[Segment], terms: Iterable[str]) -> tuple[str, ...]:
    """Those that any live article has; of equal ones, that which comes first by code point."""
    counts = _frequencies(segments, terms)
    return tuple(sorted((term for term in counts if counts[term]), key=lambda term: (-counts[term], term)))


def _frequencies(segments: Iterable[Segment], terms: Iterable[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    several = list(terms)
    for segment in segments:
        field = segment.field("text")
        for term in several:
            number = field.find(term.encode("utf-8", "surrogatepass"))
            if number is not None:
                own = field.range(number, number + 1)
                gone = looked_up(field.docs(own), segment.deleted)[1].sum() if len(segment.deleted) else 0
                found[term] += int(own.df[0]) - int(gone)
    return found


def _alike(field: FieldReader, term: str) -> Ints:
    """The words of one segment, as their numbers."""
    first, end = field.with_prefix(term[0].encode("utf-8", "surrogatepass"))
    blob, starts = field.written(first, end)
    points = np.frombuffer(blob.tobytes().decode("utf-8", "surrogatepass").encode("utf-32-le", "surrogatepass"), "<u4")
    before = np.zeros(len(blob) + 1, np.int64)
    np.cumsum(blob & 0xC0 != 0x80, out=before[1:])      # a character begins at each byte but these
    begins = before.take(starts)
    lengths = begins[1:] - begins[:-1]
    wanted = np.array([ord(character) for character in term], np.uint32)
    found = []
    for length in range(max(COMMON_CHARACTERS, len(term) - 1), len(term) + 2):
        rows = np.flatnonzero(lengths == length)
        table = points.take(begins.take(rows)[:, np.newaxis] + np.arange(length))
        found.append(rows[_is_one_edit_away(table, wanted)])
    return np.sort(np.concatenate(found)) + first if found else np.zeros(0, np.int64)


def _is_one_edit_away(table: NDArray[np.uint32], wanted: Points) -> NDArray[np.bool_]:
    """Of which rows, each a word of one length."""
    length, size = table.shape[1], len(wanted)
    shorter = min(length, size)
    head = np.cumprod(table[:, :shorter] == wanted[:shorter], axis=1).sum(axis=1)
    tail = np.cumprod(table[:, length - shorter :][:, ::-1] == wanted[size - shorter :][::-1], axis=1).sum(axis=1)
    common = np.minimum(head + tail, shorter)
    if length != size:
        is_close: NDArray[np.bool_] = (common == shorter) & (shorter >= COMMON_CHARACTERS)
        return is_close
    is_close = (head < size) & (common == size - 1) & (size > COMMON_CHARACTERS)
    swapped = np.flatnonzero(common == size - 2)
    at = head.take(swapped)
    is_close[swapped] = (table[swapped, at] == wanted[at + 1]) & (table[swapped, at + 1] == wanted[at])
    return is_close
