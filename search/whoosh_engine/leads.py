"""The lead of an article: its title, and the opening of what follows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.closeness import LEAD_CHARS
from search.query.model import LEAD_TOKENS
from search.whoosh_engine.facts import DocumentFacts
from search.whoosh_engine.postings import AnyInts, Ints, starts_of

Mask = NDArray[np.bool_]


class Leads:
    """Where the leads of all documents are.

    lengths: tokens of each, and average: of all.
    """

    def __init__(self, facts: DocumentFacts) -> None:
        self.lengths = np.minimum(facts.places, LEAD_TOKENS)
        self.average = float(self.lengths.mean()) if len(self.lengths) else 0.0
        parts = facts.parts
        titles = parts.sections < 0
        ends = np.append(0, parts.ends.astype(np.int64))
        counts = ends[1:] - ends[:-1]
        self._tokens_before = _before(parts.places.astype(np.int64), titles, counts)
        chars = starts_of(parts.chars)[:-1]
        self._chars_before = _before(chars, titles, counts)

    def has_tokens(self, parts: AnyInts, offsets: AnyInts) -> Mask:
        """Which tokens are in a lead. parts: of each, among all. offsets: in the part."""
        return self._tokens_before.take(parts) + offsets < LEAD_TOKENS

    def has_chars(self, parts: AnyInts, offsets: AnyInts) -> Mask:
        """Which characters are in a lead."""
        return self._chars_before.take(parts) + offsets < LEAD_CHARS


def _before(starts: Ints, titles: Mask, counts: Ints) -> Ints:
    """Where each part begins, counted from the first one of its document that is no title.

    A title is far before: all of it is in the lead. starts: of the parts, on any scale. counts: parts of a document.
    """
    first = starts_of(counts)[:-1]
    # The title comes first, where there is one.
    has_title = np.zeros(len(counts), np.bool_)
    has_title[counts > 0] = titles.take(first[counts > 0])
    text = np.minimum(first + has_title, len(starts) - 1)
    before = starts - np.repeat(starts.take(text), counts)
    before[titles] = np.iinfo(np.int64).min // 2
    return before
