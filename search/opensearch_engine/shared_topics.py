"""The topics of an archive on a cluster: one small document, which all machines share."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from opensearchpy import exceptions as refused

from search.articles import Topic
from search.opensearch_engine.connection import Cluster

_ID = "topics"


class SharedTopics:
    """The document. What it raises is ClusterUnavailable."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._index = f"{cluster.alias}-state"

    def read(self) -> tuple[tuple[Topic, ...], frozenset[str]] | None:
        """The topics in their order, and the ids of those that were removed; None before anybody wrote any."""
        found = self._get()
        if found is None:
            return None
        source = found["_source"]
        return tuple(Topic(**one) for one in source["topics"]), frozenset(source["removed"])

    def change(self, changed: Collection[str], topics: Sequence[Topic], removed: Collection[str]) -> None:
        """Let the changed ones (ids) be as they are in `topics`; new ones go to the end. Others stay as they are."""
        here = {topic.id: topic for topic in topics if topic.id in changed}
        while not self._replaced(here, frozenset(changed), removed):
            pass

    def _replaced(self, here: dict[str, Topic], changed: frozenset[str], removed: Collection[str]) -> bool:
        """Whether nobody else wrote it meanwhile."""
        found = self._get()
        source = found["_source"] if found else {"topics": [], "removed": []}
        there = {one["id"]: Topic(**one) for one in source["topics"]}
        now = {name: here.get(name, topic) for name, topic in there.items() if name in here or name not in changed}
        now |= here
        gone = ({*source["removed"]} - changed) | (changed & {*removed})
        condition: dict[str, Any] = {"op_type": "create"}
        if found:
            condition = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
        body = {"topics": [asdict(topic) for topic in now.values()], "removed": sorted(gone)}
        with self._cluster.plain_errors():
            try:
                self._cluster.client.index(index=self._index, id=_ID, body=body, **condition)
            except refused.ConflictError:
                return False
        return True

    def _get(self) -> dict[str, Any] | None:
        with self._cluster.plain_errors():
            try:
                found: dict[str, Any] = self._cluster.client.get(index=self._index, id=_ID)
            except refused.NotFoundError:
                return None
        return found
