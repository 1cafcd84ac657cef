"""The articles on a cluster: the truth, of which each machine has a catalogue.

`NAME-articles` has one document for each article, in its current version; `NAME-versions` has the earlier ones. What a
document holds beside its columns of `content` is what was derived from that version, so that no machine need cut a text
that another one has cut.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from opensearchpy import exceptions as refused

from search.opensearch_engine.connection import Cluster, may_pass
from search.opensearch_engine.sending import document_id

SHARDS = 6
"""10 to 30 GB each are some five million articles of ten kilobytes; more parts cost each question a little."""

REPLICAS = "0-1"
"""Copies of each part beside itself, where there is a second node."""

DOCUMENTS_A_REQUEST = 200
"""Some 3 MB with what was derived from them."""

Document = Mapping[str, Any]
VersionedId = tuple[str, int]

LIGHT: Sequence[str] = ("text", "tokens")
"""Fields that a catalogue has no room for."""

_SETTINGS = {
    "number_of_shards": SHARDS,
    "auto_expand_replicas": REPLICAS,
    "refresh_interval": "30s",               # nobody searches here but those who receive, and they refresh
    "translog.durability": "request",        # what is acknowledged is on the disks
    "codec": "best_compression",
}

_MAPPINGS = {
    "dynamic": False,
    "properties": {
        "id": {"type": "keyword"},
        "source": {"type": "keyword"},
        "given_id": {"type": "keyword"},
        "by": {"type": "keyword"},
        "version": {"type": "integer"},
        "removed": {"type": "boolean"},
    },
}


class Found(NamedTuple):
    """A document as it stands. seq_no, primary_term: of its last write, by which another one is told."""

    document: Document
    seq_no: int
    primary_term: int


@dataclass(frozen=True, slots=True)
class Write:
    """What becomes of the document of an article. found: what it was, None for none; nobody may have written since.

    is_whole: whether `document` is all of it, or some fields.
    """

    article_id: str
    document: Document
    found: Found | None
    is_whole: bool = True


class Articles:
    """The articles of one cluster. Threads may share it; what it raises is ClusterUnavailable."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self.current_index = f"{cluster.alias}-articles"
        self.versions_index = f"{cluster.alias}-versions"

    def make(self) -> None:
        """The indices, if they are not there."""
        for name in (self.current_index, self.versions_index):
            self._cluster.patiently(lambda name=name: self._make(name))  # type: ignore[misc]

    def _make(self, name: str) -> None:
        try:
            self._cluster.client.indices.create(index=name, body={"settings": _SETTINGS, "mappings": _MAPPINGS})
        except refused.RequestError as error:
            if error.error != "resource_already_exists_exception":
                raise

    # ---- reading ----

    def current(self, ids: Iterable[str], without: Sequence[str] = ()) -> dict[str, Found]:
        """Article -> its document, where there is one. without: fields."""
        wanted = [(self.current_index, one) for one in ids]
        return {found.document["id"]: found for found in self._get(wanted, without)}

    def versions(self, wanted: Iterable[VersionedId], without: Sequence[str] = ()) -> dict[VersionedId, Document]:
        """(id, version) -> its document, of those versions that are there, current or not."""
        left = list(dict.fromkeys(wanted))
        standing = self.current(dict.fromkeys(article_id for article_id, _ in left), without)
        found: dict[VersionedId, Document] = {}
        earlier: list[VersionedId] = []
        for article_id, version in left:
            if article_id in standing and standing[article_id].document["version"] == version:
                found[article_id, version] = standing[article_id].document
            else:
                earlier.append((article_id, version))
        for one in self._get([(self.versions_index, _name(*of)) for of in earlier], without):
            found[one.document["id"], one.document["version"]] = one.document
        return found

    def _get(self, wanted: Sequence[tuple[str, str]], without: Sequence[str]) -> Iterator[Found]:
        for start in range(0, len(wanted), DOCUMENTS_A_REQUEST):
            some = wanted[start : start + DOCUMENTS_A_REQUEST]
            body = {"docs": [{"_index": index, "_id": document_id(one)} for index, one in some]}
            params = {"_source_excludes": ",".join(without)} if without else {}
            answer = self._cluster.patiently(
                lambda body=body, params=params: self._mget(body, params)  # type: ignore[misc]
            )
            for one in answer:
                if one.get("found"):
                    yield Found(one["_source"], one["_seq_no"], one["_primary_term"])

    def _mget(self, body: Mapping[str, Any], params: Mapping[str, Any]) -> list[dict[str, Any]]:
        answer: list[dict[str, Any]] = self._cluster.client.mget(body=body, params=params)["docs"]
        for one in answer:
            # A part that is missing now is no article that is not there.
            if "error" in one and one["error"].get("type") != "index_not_found_exception":
                raise refused.TransportError(503, "a part is missing", {"error": one["error"]})
        return answer

    # ---- writing ----

    def keep_earlier(self, documents: Iterable[Document]) -> None:
        """Keep documents of versions that are current no more. Safe to repeat."""
        lines: list[bytes] = []
        for one in documents:
            action = {"index": {"_index": self.versions_index, "_id": document_id(_name(one["id"], one["version"]))}}
            lines += [_line(action), _line(one)]
        self._bulk(lines)

    def write(self, writes: Sequence[Write]) -> dict[str, int]:
        """Write these. Returns the number of the write of each, but for those that others have written meanwhile.

        An answer that got lost makes an article look so, too: look again what is there.
        """
        lines: list[bytes] = []
        for one in writes:
            target: dict[str, Any] = {"_index": self.current_index, "_id": document_id(one.article_id)}
            if one.found is None:
                lines += [_line({"create": target}), _line(one.document)]
                continue
            target |= {"if_seq_no": one.found.seq_no, "if_primary_term": one.found.primary_term}
            if one.is_whole:
                lines += [_line({"index": target}), _line(one.document)]
            else:
                lines += [_line({"update": target}), _line({"doc": one.document})]
        numbers = self._bulk(lines)
        names = {one.article_id: document_id(one.article_id) for one in writes}
        return {article_id: numbers[name] for article_id, name in names.items() if name in numbers}

    def _bulk(self, lines: list[bytes]) -> dict[str, int]:
        """Send pairs of lines; what was refused for now again. Returns the number of each write, by its document."""
        left = lines
        numbers: dict[str, int] = {}

        def ask() -> None:
            nonlocal left
            if not left:
                return
            answer = self._cluster.client.bulk(body=b"\n".join(left) + b"\n")
            again: list[bytes] = []
            for number, item in enumerate(answer["items"]):
                ((_, told),) = item.items()
                error = refused.TransportError(told["status"], "", {"error": told.get("error")})
                if told["status"] < 400:
                    numbers[told["_id"]] = told["_seq_no"]
                elif may_pass(error):
                    again += left[2 * number : 2 * number + 2]
                elif told["status"] != 409:
                    raise self._cluster.plain(error)
            left = again
            if left:
                raise refused.TransportError(429, "some of a bulk request were refused for now", {})

        self._cluster.patiently(ask)
        return numbers


def _name(article_id: str, version: int) -> str:
    return f"{article_id}@{version}"


def _line(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
