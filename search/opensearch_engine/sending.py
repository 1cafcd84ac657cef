"""Sends articles to the indices of a cluster, in bulk, and again where the cluster was busy."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from typing import Any, NamedTuple

from opensearchpy import exceptions as refused

from search.japanese.tokens import analysis_version
from search.opensearch_engine.connection import Cluster, may_pass
from search.opensearch_engine.schema import mapping, settings

BULK_BYTES = 8_000_000
"""Of one request, which the cluster holds in memory: OpenSearch's own guide says 5 to 15 MB."""

BULK_ARTICLES = 1_000

MOST_ID_BYTES = 512
"""Of the id of a document; a longer one is hashed."""

SHARDS = 1
"""Of a year's index: 10 to 30 GB a shard are some two million articles of a year."""

REPLICAS = 1
"""Copies of each part beside itself: one node may be lost."""

COPY_SECONDS = 600
"""That an index made anew waits for its copies before it is used; they go on being made afterwards."""



class Action(NamedTuple):
    """What becomes of an article. target: the index where it is to be, as `Sender.make` names it; None to delete it."""

    article_id: str
    target: str | None
    document: bytes


def before_year(cluster: Cluster, generation: int) -> str:
    """What the names of all indices of a generation begin with."""
    return f"{cluster.alias}-g{generation}-"


def pattern_of(cluster: Cluster, generation: int) -> str:
    """All indices of a generation."""
    return f"{before_year(cluster, generation)}*"


class Sender:
    """Sends actions to the indices of one generation, in bulk, again where the cluster was busy.

    is_alone: nobody else has an article of this generation yet, and it has no alias.
    """

    def __init__(
        self, cluster: Cluster, generation: int, *, is_alone: bool, say_alive: Callable[[], None] = lambda: None
    ) -> None:
        self._cluster = cluster
        self._generation = generation
        self._is_alone = is_alone
        self._say_alive = say_alive
        self._made: set[str] = set()

    def send(self, actions: Iterable[Action]) -> None:
        """All of them, and make them visible. Raises ClusterUnavailable."""
        for some in _in_pieces(actions):
            self._say_alive()
            self._send(some)
        self.refresh()

    def refresh(self) -> None:
        """Let searches see what was sent."""
        def ask() -> None:
            self._cluster.client.indices.refresh(index=pattern_of(self._cluster, self._generation))

        self._cluster.patiently(ask)

    def copy(self) -> None:
        """Let each part have the copy that it was filled without, and wait for those that there are nodes for."""
        pattern = pattern_of(self._cluster, self._generation)
        with self._cluster.plain_errors():
            self._cluster.client.indices.put_settings(
                index=pattern, body={"index.auto_expand_replicas": f"0-{REPLICAS}"}
            )
            self._cluster.client.cluster.health(
                index=pattern, params={"wait_for_no_initializing_shards": "true", "timeout": f"{COPY_SECONDS}s"},
                request_timeout=COPY_SECONDS + 10,
            )

    def make(self, end: str) -> str:
        """The name of the index whose name ends so, which is made if it is not there."""
        name = f"{before_year(self._cluster, self._generation)}{end}"
        if name not in self._made:
            self._cluster.patiently(lambda: self._create(name))
            self._made.add(name)
        return name

    def drop(self) -> None:
        """Delete all of the generation."""
        with self._cluster.plain_errors():
            found = [*self._cluster.client.indices.get(index=pattern_of(self._cluster, self._generation))]
            if found:
                self._cluster.client.indices.delete(index=",".join(found))

    def _create(self, name: str) -> None:
        # What is made anew is copied once it is whole, which is half of the work.
        replicas = 0 if self._is_alone else REPLICAS
        body = {"settings": settings(SHARDS, replicas), "mappings": mapping(analysis_version())}
        if not self._is_alone:
            body["aliases"] = {self._cluster.alias: {}}
        try:
            self._cluster.client.indices.create(index=name, body=body)
        except refused.RequestError as error:
            if error.error != "resource_already_exists_exception":
                raise

    def _send(self, actions: list[Action]) -> None:
        lines: list[bytes] = []
        standing = {} if self._is_alone else self._standing([one.article_id for one in actions])
        for one in actions:
            target = None if one.target is None else self.make(one.target)
            identity = document_id(one.article_id)
            lines += [
                json.dumps({"delete": {"_index": name, "_id": identity}}).encode()
                for name in standing.get(one.article_id, ()) if name != target
            ]
            if target is not None:
                lines += [json.dumps({"index": {"_index": target, "_id": identity}}).encode(), one.document]
        if lines:
            bulk(self._cluster, lines)

    def _standing(self, article_ids: list[str]) -> dict[str, list[str]]:
        """Article -> the indices in which it is now."""
        body = {
            "size": 10 * len(article_ids), "query": {"terms": {"id": article_ids}}, "_source": ["id"],
        }
        found: dict[str, Any] = self._cluster.patiently(
            lambda: self._cluster.client.search(
                index=pattern_of(self._cluster, self._generation), body=body,
                params={"allow_partial_search_results": "false"},
            )
        )
        standing: dict[str, list[str]] = {}
        for hit in found["hits"]["hits"]:
            standing.setdefault(hit["_source"]["id"], []).append(hit["_index"])
        return standing


def document_id(article_id: str) -> str:
    """The id of the document of an article: its own, so that what is sent again replaces it."""
    written = article_id.encode("utf-8", "surrogatepass")
    if len(written) <= MOST_ID_BYTES:
        return article_id
    return blake2b(written, digest_size=32).hexdigest()


def bulk(cluster: Cluster, lines: list[bytes]) -> None:
    """Send the lines of a bulk request; those that were refused for now again. All of them may be repeated.

    Raises ClusterUnavailable for what is refused for good.
    """
    left = lines

    def ask() -> None:
        nonlocal left
        answer = cluster.client.bulk(body=b"\n".join(left) + b"\n")
        left = [*_refused(cluster, left, answer["items"])] if answer["errors"] else []
        if left:
            raise refused.TransportError(429, "some of a bulk request were refused for now", {})

    cluster.patiently(ask)


def _refused(cluster: Cluster, lines: list[bytes], items: list[dict[str, Any]]) -> Iterator[bytes]:
    """The lines of those items that may be taken later. Raises ClusterUnavailable for others."""
    at = 0
    for item in items:
        ((action, told),) = item.items()
        size = 1 if action == "delete" else 2
        error = refused.TransportError(told["status"], "", {"error": told.get("error")})
        if may_pass(error):
            yield from lines[at : at + size]
        elif told["status"] >= 400 and not (action == "delete" and told["status"] == 404):
            raise cluster.plain(error)
        at += size


def _in_pieces(actions: Iterable[Action]) -> Iterator[list[Action]]:
    some: list[Action] = []
    size = 0
    for one in actions:
        if some and (size + len(one.document) > BULK_BYTES or len(some) >= BULK_ARTICLES):
            yield some
            some, size = [], 0
        some.append(one)
        size += len(one.document)
    if some:
        yield some
