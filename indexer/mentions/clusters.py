"""Words that stand in like company in a large corpus: 新潮社 and 文藝春秋 are of one cluster.

`indexer/data/clusters.npz` is made by `tools/distil_clusters.py` from the word vectors of GiNZA. Words are known by a
checksum: 480,000 of them take 3 MB, and a word that is not among them has 1 chance in 9,000 of being taken for one.
"""

from __future__ import annotations

import zlib
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Cluster(NamedTuple):
    """own: one of 2,048. kin: the one of 512 that it lies in. family: the one of 128 that this lies in."""

    own: int
    kin: int
    family: int


@lru_cache(maxsize=1 << 15)
def cluster(surface: str, term: str) -> Cluster | None:
    """The cluster of a word as it is written, or else of its normalized form; None where neither is known."""
    own = _find(surface)
    if own is None and term != surface:
        own = _find(term)
    return None if own is None else _Table.load().clusters[own]


def _find(word: str) -> int | None:
    table = _Table.load()
    # A plain int would have the table copied as 64-bit numbers.
    checksum = np.uint32(zlib.crc32(word.encode("utf-8", "replace")))
    at = int(table.checksums.searchsorted(checksum))
    if at < len(table.checksums) and table.checksums[at] == checksum:
        return int(table.own[at])
    return None


class _Table(NamedTuple):
    """checksums: sorted. own: the cluster of each. clusters: each cluster with those it lies in."""

    checksums: NDArray[np.uint32]
    own: NDArray[np.uint16]
    clusters: tuple[Cluster, ...]

    @staticmethod
    @cache
    def load() -> _Table:
        with (files("indexer") / "data" / "clusters.npz").open("rb") as stream, np.load(stream) as data:
            checksums = np.cumsum(data["steps"], dtype=np.uint32)
            clusters = tuple(
                Cluster(own, int(kin), int(data["families"][kin])) for own, kin in enumerate(data["kin"])
            )
            return _Table(checksums, data["own"], clusters)
