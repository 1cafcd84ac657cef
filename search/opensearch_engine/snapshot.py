"""An index as it was at one moment: what is written later is not seen. A Point in Time of OpenSearch."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from socket import gethostname
from typing import Any

from opensearchpy import exceptions as refused

from search.engine import NameTable
from search.errors import IndexNotFound, QueryTooHeavy
from search.opensearch_engine.connection import Cluster
from search.opensearch_engine.documents import unpack
from search.opensearch_engine.dsl import Dsl, all_of, any_of_terms, translated
from search.opensearch_engine.indexed import IndexedArticle
from search.opensearch_engine.reading import Reading
from search.opensearch_engine.schema import LENGTHS, MOST_RESULTS
from search.opensearch_engine.scoring import Statistics
from search.query.model import Leaf, Node

KEEP_ALIVE = "10m"
"""Of a point in time, from the last question on; one that is gone is replaced by a newer one."""

CHECKED_AT_ONCE = 500
"""Articles whose text is read to see whether they match: some 2 MB."""

NODES_KEPT = 256

HAVING = "having"
"""The name of what is asked along with another question."""

TOO_HEAVY = "The query was given up, since it took too long. Use fewer words, or longer ones."

Deadline = float | None
"""As `time.monotonic` counts; past it, QueryTooHeavy is raised."""


class Snapshot:
    """Threads may share it.

    live_count: articles. averages: of the lengths of scored fields, see `schema.LENGTHS`.
    """

    def __init__(self, cluster: Cluster, names: NameTable | None) -> None:
        """Raises IndexNotFound, ClusterUnavailable."""
        self._cluster = cluster
        self._names = names
        self._lock = threading.Lock()
        self._moment = self._begin()
        self._frequencies: dict[Leaf, int] = {}
        self.terms_of: Callable[[str], Sequence[str]] = lru_cache(maxsize=None)(names.terms_of if names else _itself)
        self._matching: dict[Node, tuple[str, ...]] = {}
        self.live_count, self.averages = self._sizes()

    def close(self) -> None:
        """Let go of it, on the cluster."""
        with suppress(refused.OpenSearchException):     # it ends by itself
            self._cluster.client.delete_pit(body={"pit_id": [self._moment]})

    def entities_of(self, terms: Sequence[str]) -> Sequence[str]:
        """Whom these terms of the index mean."""
        return self._names.entities_of(terms) if self._names else terms

    # ---- asking ----

    def ask(self, body: Mapping[str, Any], deadline: Deadline = None) -> dict[str, Any]:
        """The cluster's answer to a search. Raises QueryTooHeavy, ClusterUnavailable."""
        wanted = {"track_total_hits": True, "_source": False, **body}
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise QueryTooHeavy(TOO_HEAVY)
            wanted["timeout"] = f"{max(1, round(left * 1000))}ms"
        moment = self._moment
        try:
            found = self._search(wanted, moment)
        except refused.OpenSearchException as error:
            if not _is_gone(error):
                raise self._cluster.plain(error) from error
            self._begin_again(moment)
            with self._cluster.plain_errors():
                found = self._search(wanted, self._moment)
        if found["timed_out"]:
            raise QueryTooHeavy(TOO_HEAVY)
        return found

    def _search(self, body: Mapping[str, Any], moment: str) -> dict[str, Any]:
        found: dict[str, Any] = self._cluster.client.search(
            body={**body, "pit": {"id": moment, "keep_alive": KEEP_ALIVE}},
            params={"allow_partial_search_results": "false"},
        )
        return found

    def _begin(self) -> str:
        with self._cluster.plain_errors():
            try:
                found = self._cluster.client.create_pit(index=self._cluster.alias, params={
                    "keep_alive": KEEP_ALIVE, "allow_partial_pit_creation": "false",
                    # A batch is seen in one copy of a part before it is in the other: who asks the same copy each time
                    # never goes back to what was before.
                    "preference": f"of {gethostname()}",
                })
            except refused.NotFoundError:
                raise IndexNotFound(
                    f"There is no index {self._cluster.alias} at {self._cluster.where} yet. Make it: kijigura rebuild"
                ) from None
        moment: str = found["pit_id"]
        return moment

    def _begin_again(self, gone: str) -> None:
        """Another moment, since a node that had a part of it is gone, or nobody asked for too long."""
        with self._lock:
            if self._moment == gone:
                self._moment = self._begin()
                self._frequencies.clear()
                self._matching.clear()

    def _sizes(self) -> tuple[int, dict[str, float]]:
        found = self.ask({"size": 0, "aggs": {name: {"avg": {"field": f"{name}_length"}} for name in LENGTHS}})
        averages = {name: found["aggregations"][name]["value"] or 0.0 for name in LENGTHS}
        return found["hits"]["total"]["value"], averages

    # ---- articles ----

    def readings(self, hits: Iterable[Mapping[str, Any]]) -> list[Reading]:
        """The articles of hits that were asked for with WITH_ARTICLE."""
        sources = [hit["_source"] for hit in hits]
        return [self.reading(unpack(one["id"], one["version"], one["packed"])) for one in sources]

    def reading(self, article: IndexedArticle) -> Reading:
        """What is asked of one article."""
        return Reading(article, self.terms_of)

    def article(self, article_id: str) -> Reading | None:
        """One article; None if it is not there."""
        found = self.ask({"query": {"term": {"id": article_id}}, "size": 1, "_source": WITH_ARTICLE})
        return next(iter(self.readings(found["hits"]["hits"])), None)

    def stretch(
        self, body: Mapping[str, Any], first: int, end: int, deadline: Deadline = None
    ) -> Iterator[Mapping[str, Any]]:
        """The hits from `first` to before `end`, however far down. body: with a `sort` that tells all apart."""
        at, after = 0, dict[str, Any]()
        while at < end:
            # Up to the first that is wanted, only the order is asked for.
            stop = min(at + MOST_RESULTS, first) if at < first else min(at + CHECKED_AT_ONCE, end)
            source = {"_source": False} if at < first else {}
            wanted = {**body, **source, **after, "size": stop - at, "track_total_hits": False}
            hits = self.ask(wanted, deadline)["hits"]["hits"]
            if at >= first:
                yield from hits
            if len(hits) < stop - at:
                return
            at, after = stop, {"search_after": hits[-1]["sort"]}

    def ids(
        self, body: Mapping[str, Any], deadline: Deadline = None, *, at_once: int = MOST_RESULTS
    ) -> Iterator[str]:
        """The id of every hit, in order. body: with a `sort` whose last key is the id."""
        after: dict[str, Any] = {}
        while True:
            wanted = {**body, **after, "size": at_once, "track_total_hits": False}
            hits = self.ask(wanted, deadline)["hits"]["hits"]
            yield from (hit["sort"][-1] for hit in hits)
            if len(hits) < at_once:
                return
            after = {"search_after": hits[-1]["sort"]}

    # ---- nodes ----

    def exactly(self, node: Node, deadline: Deadline = None) -> Dsl:
        """What finds the articles that match, all of them and no other."""
        found = translated(node, self.terms_of, lambda child: self.exactly(child, deadline))
        if found.is_exact:
            return found.query
        if node not in self._matching:
            if len(self._matching) >= NODES_KEPT:
                self._matching.clear()
            self._matching[node] = tuple(self._checked(node, found.query, deadline))
        right = any_of_terms("id", self._matching[node])
        return {"bool": {"must": [found.query], "filter": [right]}}

    def _checked(self, node: Node, query: Dsl, deadline: Deadline) -> Iterator[str]:
        """Of a node that the cluster cannot answer to the word: each article that it may match is looked at."""
        body = {"query": query, "sort": [{"id": "asc"}], "_source": WITH_ARTICLE, "track_total_hits": False}
        after: dict[str, Any] = {}
        while True:
            hits = self.ask({**body, **after, "size": CHECKED_AT_ONCE}, deadline)["hits"]["hits"]
            yield from (one.article.id for one in self.readings(hits) if one.holds(node))
            if len(hits) < CHECKED_AT_ONCE:
                return
            after = {"search_after": hits[-1]["sort"]}

    # ---- frequencies ----

    def uncounted(self, leaves: Iterable[Leaf], deadline: Deadline = None) -> dict[str, Any]:
        """What to ask along with another question, so that `statistics` knows these leaves; see `learn`."""
        wanted = [leaf for leaf in dict.fromkeys(leaves) if leaf not in self._frequencies]
        if not wanted:
            return {}
        queries = [self.exactly(leaf, deadline) for leaf in wanted]
        named = {str(number): query for number, query in enumerate(queries)}
        return {HAVING: {"global": {}, "aggs": {"of": {"filters": {"filters": named}}}}}

    def learn(self, leaves: Iterable[Leaf], answer: Mapping[str, Any]) -> None:
        """Take what came of `uncounted`, asked with the same leaves."""
        wanted = [leaf for leaf in dict.fromkeys(leaves) if leaf not in self._frequencies]
        counted = answer.get("aggregations", {}).get(HAVING)
        if counted:
            buckets = counted["of"]["buckets"]
            self._frequencies.update((leaf, buckets[str(n)]["doc_count"]) for n, leaf in enumerate(wanted))

    def statistics(self, leaves: Collection[Leaf], deadline: Deadline = None) -> Statistics:
        """What scores depend on beside an article's own words. leaves: whose frequencies will be asked for."""
        if aggregation := self.uncounted(leaves, deadline):
            self.learn(leaves, self.ask({"size": 0, "aggs": aggregation}, deadline))
        return Statistics(self.live_count, self.averages, self._frequencies.__getitem__)

    def counts(
        self, queries: Mapping[str, Dsl], deadline: Deadline = None, *, among: Sequence[Dsl] = ()
    ) -> dict[str, int]:
        """How many articles each of the queries finds. among: conditions on all of them."""
        if not queries:
            return {}
        found = self.ask(
            {"size": 0, "query": all_of(among), "aggs": {"of": {"filters": {"filters": dict(queries)}}}}, deadline
        )
        return {name: one["doc_count"] for name, one in found["aggregations"]["of"]["buckets"].items()}


WITH_ARTICLE = ["id", "version", "packed"]
"""The fields of a hit that `Snapshot.readings` takes."""


def _itself(entity_id: str) -> Sequence[str]:
    return (entity_id,)


def _is_gone(error: refused.OpenSearchException) -> bool:
    """Whether it is the point in time that is missing, or a node on which a part of it was."""
    said = str(getattr(error, "info", error))
    return (
        "search_context_missing" in said or "No search context" in said or "NodeNotConnected" in said
        or "node_not_connected" in said or getattr(error, "status_code", None) in (404, 503)
    )
