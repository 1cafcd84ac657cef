"""Words that stand in like company in a large corpus: 新潮社 and 文藝春秋 are of one cluster, and have like vectors.

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

NO_VECTOR = 0
"""The row of `vectors` that is 0."""


class Cluster(NamedTuple):
    """own: one of 2,048. kin: the one of 512 that it lies in. family: the one of 128 that this lies in.

    vector: the row of `vectors` that the word has.
    """

    own: int
    kin: int
    family: int
    vector: int


@lru_cache(maxsize=1 << 15)
def cluster(surface: str, term: str) -> Cluster | None:
    """The cluster of a word as it is written, or else of its normalized form; None where neither is known."""
    row = _find(surface)
    if row is None and term != surface:
        row = _find(term)
    if row is None:
        return None
    table = _Table.load()
    own = int(table.own[row])
    kin = int(table.kin[own])
    return Cluster(own, kin, int(table.families[kin]), row + 1)


def vectors() -> NDArray[np.float32]:
    """One row for each sort of company, 1 long in the quadratic mean; row 0 is for words of which none is known."""
    return _Table.load().vectors


def _find(word: str) -> int | None:
    table = _Table.load()
    # A plain int would have the table copied as 64-bit numbers.
    checksum = np.uint32(zlib.crc32(word.encode("utf-8", "replace")))
    at = int(table.checksums.searchsorted(checksum))
    if at < len(table.checksums) and table.checksums[at] == checksum:
        return int(table.rows[at])
    return None


class _Table(NamedTuple):
    """checksums: sorted. rows: of each. own: the cluster of each row. kin, families: what each cluster lies in."""

    checksums: NDArray[np.uint32]
    rows: NDArray[np.uint16]
    own: NDArray[np.uint16]
    kin: NDArray[np.uint16]
    families: NDArray[np.uint16]
    vectors: NDArray[np.float32]

    @staticmethod
    @cache
    def load() -> _Table:
        with (files("indexer") / "data" / "clusters.npz").open("rb") as stream, np.load(stream) as data:
            return _Table(
                np.cumsum(data["steps"], dtype=np.uint32), data["rows"], data["own"], data["kin"], data["families"],
                np.pad(data["vectors"], ((1, 0), (0, 0))).astype(np.float32) / np.float32(100),
            )
