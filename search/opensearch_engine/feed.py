"""What others have written to an index of a cluster since one last looked, in the order in which its parts took it.

Each part of an index numbers its writes (`_seq_no`). Up to its global checkpoint all of its copies have all of them,
and none of them is taken back whichever node fails; whoever remembers that number misses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from opensearchpy import exceptions as refused

from search.opensearch_engine.articles import Found
from search.opensearch_engine.connection import Cluster

PAGE_DOCUMENTS = 500
"""Some 3 MB without their texts."""


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """uuid: of the index; another one begins anew. of_part: the last write that all copies of each part have."""

    uuid: str
    of_part: Mapping[int, int]


class Page(NamedTuple):
    """Documents of one part, in order. upto: all of its writes up to this number are in this page or before it."""

    part: int
    upto: int
    documents: Sequence[Found]


def checkpoints(cluster: Cluster, index: str) -> Checkpoints | None:
    """How far each part is; None where there is no such index. Raises ClusterUnavailable."""
    def ask() -> Checkpoints | None:
        try:
            told = cluster.client.indices.stats(index=index, params={"level": "shards"})["indices"].get(index)
        except refused.NotFoundError:
            return None
        if told is None:
            return None
        of_part = {
            int(part): copy["seq_no"]["global_checkpoint"]
            for part, copies in told["shards"].items() for copy in copies if copy["routing"]["primary"]
        }
        settings = cluster.client.indices.get_settings(index=index)[index]["settings"]["index"]
        if len(of_part) < int(settings["number_of_shards"]):
            raise refused.TransportError(503, f"{index} lacks a part", {})
        return Checkpoints(settings["uuid"], of_part)

    return cluster.patiently(ask)


def pages(
    cluster: Cluster, index: str, upto: Checkpoints, after: Mapping[int, int], without: Sequence[str]
) -> Iterator[Page]:
    """What was written after these numbers, a page at a time. Raises ClusterUnavailable.

    A document that is written again while this reads comes with a number past the checkpoint: next time.
    """
    behind = {part: last for part, last in upto.of_part.items() if last > after.get(part, -1)}
    if not behind:
        return
    cluster.patiently(lambda: cluster.client.indices.refresh(index=index))
    for part, last in sorted(behind.items()):
        number = after.get(part, -1)
        while number < last:
            hits = cluster.patiently(
                lambda part=part, number=number, last=last: _ask(  # type: ignore[misc]
                    cluster, index, part, number, last, without
                )
            )
            number = hits[-1]["sort"][0] if len(hits) == PAGE_DOCUMENTS else last
            yield Page(part, number, [Found(hit["_source"], hit["sort"][0], 0) for hit in hits])


def _ask(
    cluster: Cluster, index: str, part: int, after: int, last: int, without: Sequence[str]
) -> list[dict[str, Any]]:
    answer = cluster.client.search(
        index=index,
        body={
            "size": PAGE_DOCUMENTS, "query": {"range": {"_seq_no": {"gt": after, "lte": last}}},
            "sort": [{"_seq_no": "asc"}], "_source": {"excludes": list(without)}, "track_total_hits": False,
        },
        params={"preference": f"_shards:{part}", "allow_partial_search_results": "false"},
    )
    found: list[dict[str, Any]] = answer["hits"]["hits"]
    return found
