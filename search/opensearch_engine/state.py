"""What a cluster keeps about an index as a whole: a few small documents beside it, read and written one at a time."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from opensearchpy import exceptions as refused

from search.errors import IndexBusy
from search.opensearch_engine.connection import Cluster

INDEX, REBUILD = "index", "rebuild"
"""Ids of documents. That of an archive's changes begins with ARCHIVE."""

ARCHIVE = "archive-"

REBUILD_SILENT_SECONDS = 600.0
"""A rebuild that has said nothing for so long is taken for broken off."""


@dataclass(frozen=True, slots=True)
class IndexState:
    """The index that answers.

    generation: of its indices. began_at: when they came into use, seconds since 1970.
    years: that have an index of their own; the others share one.
    stamp: another whenever a batch was published.
    indexed_at: ISO 8601, JST. size_bytes: of one copy of it.
    """

    generation: int
    form: int
    analysis: str
    began_at: float = 0.0
    years: tuple[str, ...] = ()
    stamp: str = ""
    indexed_at: str | None = None
    size_bytes: int = 0


class State:
    """The documents about one index."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._name = f"{cluster.alias}-state"

    def index(self) -> IndexState | None:
        """None where there is no index yet. Raises ClusterUnavailable."""
        found = self._get(INDEX)
        if found is None:
            return None
        # Another version of the program may have written it: what matters then is its form.
        known = {one.name: found[one.name] for one in fields(IndexState) if one.name in found}
        return IndexState(**{**known, "years": tuple(found.get("years", ()))})

    def publish(self, state: IndexState) -> None:
        """Readers open the index anew."""
        self._put(INDEX, asdict(replace(state, stamp=uuid.uuid4().hex)))

    def change(self, archive_id: str) -> int:
        """The last change of this archive that the index has."""
        return int((self._get(f"{ARCHIVE}{archive_id}") or {}).get("change", 0))

    def put_change(self, archive_id: str, change: int) -> None:
        """Remember it."""
        self._put(f"{ARCHIVE}{archive_id}", {"change": change})

    # ---- one rebuild at a time ----

    def check_no_rebuild(self) -> None:
        """Raises IndexBusy while the index is made anew: what is written now would be missing in the new one."""
        found = self._get(REBUILD)
        if found and time.time() - found["at"] < REBUILD_SILENT_SECONDS:
            raise IndexBusy(
                f"The index {self._cluster.alias} is being made anew by another process. Nothing is lost: go on when it"
                " is done: kijigura add"
            )

    @contextmanager
    def rebuilding(self) -> Iterator[Callable[[], None]]:
        """Keep others from writing to the index; call what is yielded now and then. Raises IndexBusy."""
        self.check_no_rebuild()
        found = self._read(REBUILD)
        mine = uuid.uuid4().hex

        def say() -> None:
            self._put(REBUILD, {"by": mine, "at": time.time()})

        try:
            # Of two that come at once, one is refused.
            condition = (
                {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]} if found
                else {"op_type": "create"}
            )
            with self._cluster.plain_errors():
                try:
                    self._cluster.client.index(
                        index=self._name, id=REBUILD, body={"by": mine, "at": time.time()}, **condition
                    )
                except refused.ConflictError:
                    raise IndexBusy(f"The index {self._cluster.alias} is being made anew by another process.") from None
            yield say
        finally:
            if (self._get(REBUILD) or {}).get("by") == mine:
                self._put(REBUILD, {"by": "", "at": 0})

    # ---- documents ----

    def _read(self, name: str) -> dict[str, Any] | None:
        with self._cluster.plain_errors():
            try:
                found: dict[str, Any] = self._cluster.client.get(index=self._name, id=name)
            except refused.NotFoundError:
                return None
        return found

    def _get(self, name: str) -> dict[str, Any] | None:
        found = self._read(name)
        return found["_source"] if found else None

    def _put(self, name: str, document: dict[str, Any]) -> None:
        with self._cluster.plain_errors():
            self._cluster.client.index(index=self._name, id=name, body=document)

    def make(self) -> None:
        """The index of these documents, if it is not there."""
        with self._cluster.plain_errors():
            try:
                self._cluster.client.indices.create(index=self._name, body={
                    "settings": {"number_of_shards": 1, "auto_expand_replicas": "0-1"},
                    "mappings": {"dynamic": False},
                })
            except refused.RequestError as error:
                if error.error != "resource_already_exists_exception":
                    raise
