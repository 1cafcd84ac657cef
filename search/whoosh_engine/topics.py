"""The members of topics, kept for each segment: after a small batch only the new segment is looked through."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from search.query.model import Node
from search.whoosh_engine.postings import Ints, starts_of
from search.whoosh_engine.segment import Segment
from search.whoosh_engine.snapshot import Snapshot

MOST_KEPT = 1_000
"""Sets, of one topic and segment each, in a process."""

Matching = Callable[[Snapshot, Node], Ints]
"""The live documents of a snapshot that match, ascending."""


class TopicSets:
    """Segment and topic -> members, as document numbers of the segment. Threads may share it.

    A segment never changes but for what is deleted from it, so its members stay true for every later snapshot.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, Node], NDArray[np.int32]] = OrderedDict()

    def members(self, snapshot: Snapshot, topic: Node, matching: Matching) -> Ints:
        """The live documents of the snapshot that belong to the topic, ascending."""
        unknown = [segment for segment in snapshot.segments if (segment.name, topic) not in self._kept]
        if unknown:
            is_all = len(unknown) == len(snapshot.segments)
            looked_at = snapshot if is_all else Snapshot(unknown, snapshot.average_lengths)
            self._keep(unknown, topic, matching(looked_at, topic))
        bases = starts_of([segment.size for segment in snapshot.segments]).tolist()
        found = [self._of(segment, topic, snapshot, matching) + base
                 for segment, base in zip(snapshot.segments, bases, strict=False)]
        docs = np.concatenate([np.zeros(0, np.int64), *found])
        return docs[snapshot.live.take(docs)]

    def _of(self, segment: Segment, topic: Node, snapshot: Snapshot, matching: Matching) -> Ints:
        kept = self._kept.get((segment.name, topic))
        if kept is None:    # forgotten meanwhile, for others that were asked for
            return matching(Snapshot([segment], snapshot.average_lengths), topic)
        return kept.astype(np.int64)

    def _keep(self, segments: Sequence[Segment], topic: Node, docs: Ints) -> None:
        bases = starts_of([segment.size for segment in segments]).tolist()
        borders = np.searchsorted(docs, bases).tolist()
        with self._lock:
            for number, segment in enumerate(segments):
                own = docs[borders[number] : borders[number + 1]] - bases[number]
                self._kept[segment.name, topic] = own.astype(np.int32)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
