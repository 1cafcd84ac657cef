"""What is wrong with an index on a cluster, in plain lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from search.opensearch_engine.connection import Cluster

TWICE_SHOWN = 10

COPIES_SECONDS = 10
"""That copies which are just being made are waited for."""


def differences(cluster: Cluster) -> Sequence[str]:
    """A line for each thing that is wrong: parts that are missing, or have no copy; articles that are there twice."""
    return [*_missing(cluster), *_twice(cluster)]


def _missing(cluster: Cluster) -> Iterator[str]:
    with cluster.plain_errors():
        told = cluster.client.cluster.health(
            index=f"{cluster.alias}-*", level="indices",
            params={"wait_for_status": "green", "timeout": f"{COPIES_SECONDS}s"},
            request_timeout=2 * COPIES_SECONDS,
        )
    for name, one in sorted(told["indices"].items()):
        if one["status"] == "red":
            missing = one["number_of_shards"] - one["active_primary_shards"]
            yield f"{name} lacks {missing} of its parts; articles are missing."
        elif one["unassigned_shards"] and told["number_of_data_nodes"] > 1:
            yield f"{name} lacks {one['unassigned_shards']} copies; all articles are there."


def _twice(cluster: Cluster) -> Iterator[str]:
    body = {"size": 0, "aggs": {"ids": {"terms": {"field": "id", "min_doc_count": 2, "size": TWICE_SHOWN}}}}
    with cluster.plain_errors():
        told = cluster.client.search(index=cluster.alias, body=body)
    for one in told["aggregations"]["ids"]["buckets"]:
        yield f"The article {one['key']!r} is there {one['doc_count']} times. Make the index anew: kijigura rebuild"
