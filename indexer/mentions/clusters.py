"""Words that stand in like company in a large corpus: 新潮社 and 文藝春秋 are of one cluster, and have like vectors.

`indexer/data/clusters.npz` is made by `tools/distil_clusters.py` from the word vectors of GiNZA. Words are known by a
checksum: 480,000 of them take 3 MB, and a word that is not among them has 1 chance in 9,000 of being taken for one.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

UNKNOWN = 0
"""The row of a word that is not among them."""


class Cluster(NamedTuple):
    """own: one of 2,048. kin: the one of 512 that it lies in. family: the one of 128 that this lies in."""

    own: int
    kin: int
    family: int


class Clusters(NamedTuple):
    """The same of every row of `vectors`, but the first: arrays (rows - 1,)."""

    own: NDArray[np.uint16]
    kin: NDArray[np.uint16]
    family: NDArray[np.uint16]


def company(surfaces: Sequence[str], terms: Sequence[str]) -> NDArray[np.intp]:
    """The row of each word in `vectors` and `cluster`: as it is written, or else of its normalized form."""
    rows = _find(surfaces)
    unknown = np.flatnonzero(rows == UNKNOWN)
    rows[unknown] = _find([terms[at] for at in unknown.tolist()])
    return rows


def clusters() -> Clusters:
    """The clusters that the rows are in."""
    table = _Table.load()
    kin = table.kin[table.own]
    return Clusters(table.own, kin, table.families[kin])


def cluster(row: int) -> Cluster | None:
    """The cluster that one row is in, None for `UNKNOWN`."""
    if row == UNKNOWN:
        return None
    table = _Table.load()
    own = int(table.own[row - 1])
    kin = int(table.kin[own])
    return Cluster(own, kin, int(table.families[kin]))


def vectors() -> NDArray[np.float32]:
    """One row for each sort of company, 1 long in the quadratic mean; row 0, for words that are not known, is 0."""
    return _Table.load().vectors


def _find(words: Sequence[str]) -> NDArray[np.intp]:
    table = _Table.load()
    checksums = np.array([zlib.crc32(word.encode("utf-8", "replace")) for word in words], np.uint32)
    at = table.checksums.searchsorted(checksums)
    at[at == len(table.checksums)] = 0
    return np.where(table.checksums[at] == checksums, table.rows[at].astype(np.intp) + 1, UNKNOWN)


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
