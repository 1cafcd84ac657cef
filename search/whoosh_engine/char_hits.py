"""Where some characters stand exactly as they are stored, and in which documents: found by pairs of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from search.whoosh_engine.char_field import CharReader
from search.whoosh_engine.char_pairs import BLOCK_BITS
from search.whoosh_engine.hits import Hits
from search.whoosh_engine.place_table import among
from search.whoosh_engine.postings import NOTHING, AnyInts, Ints, begins_of
from search.whoosh_engine.queries import CharsQuery

if TYPE_CHECKING:
    from search.whoosh_engine.executor import Execution
    from search.whoosh_engine.line import Line
    from search.whoosh_engine.segment import Segment
    from search.whoosh_engine.snapshot import Snapshot


SUMMED_OF = 8
"""With more than one place for so many documents, a number for each document is less than sorting the places."""


class CharHits(Hits):
    """The documents with some characters. char_places: where they begin on the snapshot's `CharLine`, in no order."""

    __slots__ = ("_snapshot", "char_places")

    def __init__(self, snapshot: Snapshot, docs: Ints, weights: AnyInts, places: Ints) -> None:
        super().__init__("chars", docs, weights, snapshot.statistics)
        self._snapshot = snapshot
        self.char_places = places.astype(snapshot.char_line.kind)

    @property
    def nbytes(self) -> int:
        """Memory that this takes, about."""
        return super().nbytes + self.char_places.nbytes

    def begun(self, line: Line) -> AnyInts:
        """Of each: the place of the token that its first character is in, or else of the one before it."""
        return token_places(self._snapshot, line, np.sort(self.char_places).astype(np.int64))

    def places(self, line: Line) -> AnyInts:
        """The same."""
        return self.begun(line)


def hits(execution: Execution, query: CharsQuery) -> CharHits:
    """The documents with the characters, which weigh in each what their occurrences' parts do."""
    snapshot = execution.snapshot
    found = [places for _, places in _found(execution, query, None)]
    places = np.concatenate([NOTHING, *found])
    return CharHits(snapshot, *_by_doc(snapshot, places), places)


def places(execution: Execution, query: CharsQuery, docs: Ints) -> Ints:
    """Where the characters begin in the documents (ascending), ascending."""
    found = execution.hits(query)
    assert isinstance(found, CharHits)
    is_sorted = len(query.text) > 1
    line = execution.snapshot.char_line
    places = line.within(found.char_places, docs, is_sorted=is_sorted).astype(np.int64)
    if not is_sorted:
        places.sort()
    return places


def elsewhere(execution: Execution, query: CharsQuery, known: Ints) -> tuple[Ints, AnyInts]:
    """(documents, weights) of `hits`, but for documents that are known already."""
    found = [NOTHING]
    flags = execution.scratch.flags
    flags[known] = True
    found += [places for _, places in _found(execution, query, flags)]
    flags[known] = False
    return _by_doc(execution.snapshot, np.concatenate(found))


def _by_doc(snapshot: Snapshot, places: Ints) -> tuple[Ints, AnyInts]:
    """The documents that the places are in, each once, ascending; and what these weigh together."""
    line = snapshot.char_line
    parts = line.parts(places)
    if len(parts) * SUMMED_OF > snapshot.size:
        counts = np.bincount(parts)
        own = counts.nonzero()[0]
        sums = np.bincount(line.docs_of(own), counts.take(own) * line.weights_of(own))
        found = sums.nonzero()[0]
        return found, sums.take(found).astype(np.uint32)
    docs, weights = line.docs_of(parts), line.weights_of(parts)
    if (docs[1:] < docs[:-1]).any():
        order = docs.argsort(kind="stable")
        docs, weights = docs.take(order), weights.take(order)
    begins = begins_of(docs)
    if len(begins) == len(docs):
        return docs.astype(np.int64), weights.astype(np.uint32)
    return docs.take(begins).astype(np.int64), np.add.reduceat(weights, begins, dtype=np.uint32)


def token_places(snapshot: Snapshot, line: Line, places: Ints) -> AnyInts:
    """Where the tokens stand that these characters are in, or that come last before them in their part."""
    chars = snapshot.char_line
    found = [np.zeros(0, line.kind)]
    for segment, own, base in _by_segment(snapshot, places):
        parts = chars.parts(own)
        first = chars.first_blocks.take(parts) - (base >> BLOCK_BITS)
        found.append((line.part_starts.take(parts) + segment.chars.token_in_part(own - base, first)).astype(line.kind))
    return np.concatenate(found)


def _by_segment(snapshot: Snapshot, places: Ints) -> Iterator[tuple[Segment, Ints, int]]:
    """Each segment that any of the places is in, these, and where it begins."""
    bases = snapshot.char_bases
    ends = places.searchsorted(bases).tolist()
    for segment, base, (first, end) in zip(snapshot.segments, bases, pairwise(ends), strict=False):
        if first < end:
            yield segment, places[first:end], base


# ---- finding ------------------------------------------------------------------------------------


def _found(
    execution: Execution, query: CharsQuery, known: NDArray[np.bool_] | None
) -> Iterator[tuple[Segment, Ints]]:
    """Where the characters begin in live documents, segment by segment. known: documents that are not looked at."""
    snapshot = execution.snapshot
    for segment, base in zip(snapshot.segments, snapshot.char_bases, strict=False):
        wanted = _wanted(snapshot, base, known) if known is not None or len(segment.deleted) else None
        yield segment, _in_segment(execution, segment.chars, query, wanted) + base


Wanted = Callable[[Ints], NDArray[np.bool_]]
"""Whether places of a segment are in documents that are to be looked at."""


def _wanted(snapshot: Snapshot, base: int, known: NDArray[np.bool_] | None) -> Wanted:
    line = snapshot.char_line

    def wanted(places: Ints) -> NDArray[np.bool_]:
        docs = line.docs_of(line.parts(places + base))
        live: NDArray[np.bool_] = snapshot.live.take(docs)
        return live if known is None else live & ~known.take(docs)

    return wanted


def _in_segment(execution: Execution, chars: CharReader, query: CharsQuery, wanted: Wanted | None) -> Ints:
    text, length = query.text, len(query.text)
    if length == 1:
        places = chars.places(*chars.beginning_with(text))      # pair by pair: they do not ascend
        if wanted:
            places = places[wanted(places)]
    else:
        places = _of_pairs(execution, chars, text, wanted)
    if query.whole and len(places):
        places = places[chars.is_border(places)]
        places = places[chars.is_border(places + length)]
    return places


def _of_pairs(execution: Execution, chars: CharReader, text: str, wanted: Wanted | None) -> Ints:
    """Where the two or more characters begin."""
    known: dict[tuple[str, str], int] = {}
    for two in dict.fromkeys(pairwise(text)):
        number = chars.pair(*two)
        if number is None:
            return NOTHING
        known[two] = number
    numbers = [known[two] for two in pairwise(text)]
    counts_of = {number: int(chars.counts(number, number + 1)[0]) for number in known.values()}
    counts = [counts_of[number] for number in numbers]
    places = NOTHING
    for rank, at in enumerate(sorted(_cover(counts), key=counts.__getitem__)):
        execution.check_time()
        there = chars.places(numbers[at], numbers[at] + 1)
        if rank:
            places = places.take(among(there, places + at))
        else:
            places = there - at
            if wanted:
                # One that would begin before its part is of none of these, and comes to nothing further on.
                places = places.take(wanted(there).nonzero()[0])
        if not len(places):
            break
    return places


def _cover(counts: list[int]) -> list[int]:
    """Pairs that have every character, of those with the fewest places. counts: of each pair, in order."""
    if not counts:
        return []
    # Of the pairs up to each one that have every character so far, itself among them: their places, and which one
    # comes before it, which is one of the two before it.
    best: list[tuple[int, int]] = []
    for at, count in enumerate(counts):
        before = min(range(max(at - 2, 0), at), key=lambda number: best[number][0], default=-1)
        best.append((count + (best[before][0] if before >= 0 else 0), before))
    chosen = [len(counts) - 1]
    while best[chosen[-1]][1] >= 0:
        chosen.append(best[chosen[-1]][1])
    return chosen
