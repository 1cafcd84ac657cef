"""The members of topics, kept for each segment: after a small batch only the new segment is looked through."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from search.query.model import Node
from search.whoosh_engine.postings import NOTHING, Ints, starts_of
from search.whoosh_engine.segment import Segment
from search.whoosh_engine.snapshot import Snapshot

MOST_BYTES = 64 << 20
"""For all sets, in each process."""

Matching = Callable[[Snapshot, Node], Ints]
"""The live documents of a snapshot that match, ascending."""

Members = NDArray[np.int32]


class TopicSets:
    """Segment, generation of names and topic -> members, as document numbers of the segment. Threads may share it.

    A segment never changes but for what is deleted from it. Sets have the deleted documents too, so they are true
    for every snapshot with the segment, older ones as well.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bytes = 0
        self._kept: OrderedDict[tuple[str, int, Node], Members] = OrderedDict()

    def members(self, snapshot: Snapshot, topic: Node, matching: Matching) -> Ints:
        """The live documents of the snapshot that belong to the topic, ascending."""
        known: dict[str, Members] = {}
        unknown: list[Segment] = []
        for segment in snapshot.segments:
            key = (segment.name, snapshot.names_generation, topic)
            kept = self._get(key)
            if kept is None:
                unknown.append(segment)
            else:
                known[segment.name] = kept
        if unknown:
            for segment, own in zip(unknown, self._computed(unknown, topic, snapshot, matching), strict=True):
                known[segment.name] = own
                self._put((segment.name, snapshot.names_generation, topic), own)
        bases = starts_of([segment.size for segment in snapshot.segments]).tolist()
        found = [
            known[segment.name].astype(np.int64) + base
            for base, segment in zip(bases, snapshot.segments, strict=False)
        ]
        docs = np.concatenate([NOTHING, *found])
        return docs[snapshot.live.take(docs)]

    @staticmethod
    def _computed(
        segments: Sequence[Segment], topic: Node, snapshot: Snapshot, matching: Matching
    ) -> list[Members]:
        """The members in each of the segments, deleted ones included."""
        whole = Snapshot([segment.undeleted() for segment in segments], snapshot.average_lengths, snapshot.names)
        try:
            docs = matching(whole, topic)
        finally:
            whole.close()
        bases = starts_of([segment.size for segment in segments]).tolist()
        borders = np.searchsorted(docs, bases).tolist()
        return [
            (docs[borders[number] : borders[number + 1]] - bases[number]).astype(np.int32)
            for number in range(len(segments))
        ]

    def _get(self, key: tuple[str, int, Node]) -> Members | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def _put(self, key: tuple[str, int, Node], members: Members) -> None:
        with self._lock:
            known = self._kept.pop(key, None)
            self._bytes += members.nbytes - (known.nbytes if known is not None else 0)
            self._kept[key] = members
            while self._bytes > MOST_BYTES and len(self._kept) > 1:
                _, forgotten = self._kept.popitem(last=False)
                self._bytes -= forgotten.nbytes
