"""Batches of articles on their way into the indices of a cluster.

A batch waits in a file until it is complete, and is then sent in bulk: what is broken off before leaves all as it was,
and what is broken off later is sent again by whoever goes on, over what is there already.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

from opensearchpy import exceptions as refused

from search.articles import JST
from search.engine import AnalyzedArticle, NameTable
from search.japanese.tokens import analysis_version
from search.opensearch_engine.connection import Cluster
from search.opensearch_engine.documents import as_bytes, to_document
from search.opensearch_engine.schema import FORM, OWN_INDEX_ARTICLES, SHARED
from search.opensearch_engine.sending import Action, Sender, before_year, pattern_of
from search.opensearch_engine.state import IndexState, State

RETIRED_SECONDS = 900.0
"""After a rebuild, for as long the indices that were in use stay: those who read them keep them for ten minutes."""


class ClusterWriter:
    """One batch. Raises ValueError for an id that comes twice."""

    def __init__(self, names: NameTable | None, spool: BinaryIO) -> None:
        self._names = names
        self._spool = spool
        self._sizes: list[tuple[str, str | None, int]] = []
        self.articles_of_year: Counter[str] = Counter()
        self._touched: set[str] = set()
        self.change = 0

    def put(self, article: AnalyzedArticle) -> None:
        """Add the article, or replace the one with its id."""
        self._touch(article.id, article.change)
        document = as_bytes(to_document(article, self._names))
        self._spool.write(document)
        year = f"{article.published.at.year:04}" if article.published else SHARED
        self.articles_of_year[year] += 1
        self._sizes.append((article.id, year, len(document)))

    def delete(self, article_id: str, change: int) -> None:
        """Take the article out; no error if it is not there."""
        self._touch(article_id, change)
        self._sizes.append((article_id, None, 0))

    def note(self, change: int) -> None:
        """The index has this change already."""
        self.change = max(self.change, change)

    def _touch(self, article_id: str, change: int) -> None:
        if article_id in self._touched:
            raise ValueError(f"{article_id!r} comes twice in one batch.")
        self._touched.add(article_id)
        self.note(change)

    def actions(self, years: Collection[str]) -> Iterator[Action]:
        """All of them, as they came. years: that have an index of their own."""
        self._spool.seek(0)
        for article_id, year, size in self._sizes:
            index = year if year is None or year in years else SHARED
            yield Action(article_id, index, self._spool.read(size))


@contextmanager
def write(cluster: Cluster, names: NameTable | None) -> Iterator[ClusterWriter]:
    """A batch on the index that is there. Raises IndexBusy, ClusterUnavailable."""
    states = State(cluster)
    states.check_no_rebuild()
    _drop_retired(cluster, states.index())
    with tempfile.TemporaryFile() as spool:
        writer = ClusterWriter(names, spool)
        yield writer
        states.check_no_rebuild()
        state = states.index()
        assert state is not None
        Sender(cluster, state.generation, is_alone=False).send(writer.actions(state.years))
        _publish(cluster, states, state, names, writer)


@contextmanager
def rebuild(url: str, names: NameTable | None) -> Iterator[ClusterWriter]:
    """A whole new index beside the one in use, to which the alias is moved once the `with` block ends cleanly.

    Raises IndexBusy, ClusterUnavailable, UsageError.
    """
    cluster = Cluster.of(url)
    cluster.check()
    states = State(cluster)
    states.make()
    with states.rebuilding() as say_alive, tempfile.TemporaryFile() as spool:
        before = states.index()
        if before:
            _drop_others(cluster, before.generation)
        state = IndexState((before.generation if before else 0) + 1, FORM, analysis_version(), time.time())
        writer = ClusterWriter(names, spool)
        yield writer
        own = (year for year, count in writer.articles_of_year.items() if count >= OWN_INDEX_ARTICLES)
        state = replace(state, years=tuple(sorted(own)))
        sender = Sender(cluster, state.generation, is_alone=True, say_alive=say_alive)
        try:
            sender.make(SHARED)
            sender.send(writer.actions(state.years))
            sender.copy()
            _move_alias(cluster, state.generation)
        except BaseException:
            sender.drop()
            raise
        _publish(cluster, states, state, names, writer)


def _publish(
    cluster: Cluster, states: State, state: IndexState, names: NameTable | None, writer: ClusterWriter
) -> None:
    with cluster.plain_errors():
        told = cluster.client.indices.stats(index=pattern_of(cluster, state.generation), metric="store")
    archive_id = names.archive_id() if names else ""
    states.put_change(archive_id, max(writer.change, states.change(archive_id)))
    now = datetime.now(JST).isoformat(timespec="seconds")
    size = told["_all"]["primaries"]["store"]["size_in_bytes"]
    states.publish(replace(state, indexed_at=now, size_bytes=size))


def _move_alias(cluster: Cluster, generation: int) -> None:
    """From the indices of the generation before, which stay for those who still read them."""
    new = f"{before_year(cluster, generation)}*"
    with cluster.plain_errors():
        try:
            found = [*cluster.client.indices.get_alias(name=cluster.alias)]
        except refused.NotFoundError:
            found = []
        own = [name for name in found if not name.startswith(before_year(cluster, generation))]
        removed = [{"remove": {"index": name, "alias": cluster.alias}} for name in own]
        added = {"add": {"index": new, "alias": cluster.alias}}
        cluster.client.indices.update_aliases(body={"actions": [added, *removed]})


def _drop_retired(cluster: Cluster, state: IndexState | None) -> None:
    """Older generations, once nobody reads them any more."""
    if state and time.time() - state.began_at > RETIRED_SECONDS:
        _drop_others(cluster, state.generation)


def _drop_others(cluster: Cluster, generation: int) -> None:
    """All generations but this one."""
    with cluster.plain_errors():
        found = [*cluster.client.indices.get(index=f"{cluster.alias}-g*")]
        gone = [name for name in found if not name.startswith(before_year(cluster, generation))]
        if gone:
            cluster.client.indices.delete(index=",".join(gone))
