"""Spelling keys of a segment's words, and which words have each (see `japanese.variants`).

    spellings.keys, .key_starts     the keys in UTF-8, ascending, and where each begins; one item more, for the end
    spellings.ends                  per key, where its words end in the next array
    spellings.terms                 words, as places in the terms of `text`; those of a key ascending

Only words that are not their own key are in it. When keys are made otherwise, raise `schema.SCHEMA_REVISION`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from search.japanese.variants import HAS_KEY, spelling_key
from search.whoosh_engine.postings import starts_of
from search.whoosh_engine.segment_file import SegmentFile, SegmentFileWriter


class SpellingWriter:
    """Collects the words of a segment, which come in pieces, ascending."""

    def __init__(self) -> None:
        self._terms = 0
        self._found: list[tuple[bytes, int]] = []

    def add(self, terms: Sequence[bytes]) -> None:
        """Take in the next words."""
        text = b"\n".join(terms).decode("utf-8", "surrogatepass")
        number, at = self._terms, 0
        for found in HAS_KEY.finditer(text):
            number += text.count("\n", at, found.start())
            at = found.start()
            term = found.group()
            key = spelling_key(term)
            if key != term:
                self._found.append((key.encode("utf-8", "surrogatepass"), number))
        self._terms += len(terms)

    def write(self, file: SegmentFileWriter) -> None:
        """Put what was collected into the file of the segment."""
        if not self._found:
            return
        self._found.sort()
        keys = list(dict.fromkeys(key for key, _ in self._found))
        number = {key: place for place, key in enumerate(keys)}
        counts = np.bincount([number[key] for key, _ in self._found])
        file.append("spellings.keys", np.frombuffer(b"".join(keys), np.uint8))
        file.append("spellings.key_starts", starts_of([len(key) for key in keys]).astype("<u4"))
        file.append("spellings.ends", np.cumsum(counts).astype("<u4"))
        file.append("spellings.terms", np.array([term for _, term in self._found], "<u4"))


class SpellingReader:
    """The table of one segment."""

    def __init__(self, file: SegmentFile) -> None:
        self._file = file
        self._keys = file.size("spellings.ends")

    def terms(self, key: bytes) -> list[int]:
        """The words with this key, but for that which is the key itself: places in the terms of `text`."""
        number = self._find(key)
        if number is None:
            return []
        ends = self._file.array("spellings.ends")
        first = int(ends[number - 1]) if number else 0
        found: list[int] = self._file.array("spellings.terms")[first : int(ends[number])].tolist()
        return found

    def _find(self, key: bytes) -> int | None:
        if not self._keys:
            return None
        blob, starts = self._file.array("spellings.keys").data, self._file.array("spellings.key_starts").data
        low, high = 0, self._keys
        while low < high:
            middle = (low + high) // 2
            if bytes(blob[starts[middle] : starts[middle + 1]]) < key:
                low = middle + 1
            else:
                high = middle
        return low if low < self._keys and bytes(blob[starts[low] : starts[low + 1]]) == key else None
