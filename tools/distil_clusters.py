"""Words that stand in like company, from the word vectors of GiNZA -> indexer/data/clusters.npz.

    python -m tools.distil_clusters ja_ginza-5.3.0-py3-none-any.whl

The wheel (from PyPI) has 480,000 words with 20,000 different vectors of chiVe. Those are divided into 2,048 clusters
by what they point to, the clusters' middles into 512, and these into 128. Of the vectors themselves the 48 directions
are kept in which they differ most (principal components), in hundredths.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import msgpack
import numpy as np
from numpy.typing import NDArray

OWN, KIN, FAMILIES = 2048, 512, 128
DIMENSIONS = 48
TARGET = Path(__file__).resolve().parents[1] / "indexer" / "data" / "clusters.npz"

Floats = NDArray[np.float32]


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    rows, vectors = read(Path(sys.argv[1]))
    own, middles = divide(_pointing(vectors), OWN)
    kin, kin_middles = divide(middles, KIN)
    families, _ = divide(kin_middles, FAMILIES)
    # Of two words with one checksum the first is kept.
    by_checksum = {zlib.crc32(word.encode()): row for word, row in sorted(rows.items(), reverse=True)}
    checksums = np.array(sorted(by_checksum), np.uint32)
    TARGET.parent.mkdir(exist_ok=True)
    with TARGET.open("wb") as stream:
        np.savez_compressed(
            stream, steps=np.diff(checksums, prepend=np.uint32(0)),
            rows=np.array([by_checksum[checksum] for checksum in checksums.tolist()], np.uint16),
            own=own.astype(np.uint16), kin=kin.astype(np.uint16), families=families.astype(np.uint16),
            vectors=np.rint(100 * principal(_pointing(vectors), DIMENSIONS)).clip(-127, 127).astype(np.int8),
        )
    print(f"{len(checksums):,} words, {TARGET.stat().st_size / 1e6:.1f} MB")


def read(wheel: Path) -> tuple[dict[str, int], Floats]:
    """Which row of the vectors each word has, and the vectors."""
    with zipfile.ZipFile(wheel) as archive:
        folder = next(name for name in archive.namelist() if name.endswith("/vocab/vectors")).removesuffix("vectors")
        row_of: Mapping[int, int] = msgpack.unpackb(archive.read(folder + "key2row"), strict_map_key=False)
        vectors: Floats = np.load(io.BytesIO(archive.read(folder + "vectors")))
        words: list[str] = json.loads(archive.read(folder + "strings.json"))
    hashes = ((word, murmur_hash(word.encode())) for word in words)
    return {word: row_of[number] for word, number in hashes if number in row_of}, vectors


def murmur_hash(data: bytes, seed: int = 1) -> int:
    """MurmurHash64A, by which spaCy knows words."""
    multiplier, mask = 0xC6A4A7935BD1E995, (1 << 64) - 1
    mixed = (seed ^ len(data) * multiplier) & mask
    whole = len(data) // 8 * 8
    for at in range(0, whole, 8):
        block = int.from_bytes(data[at:at + 8], "little") * multiplier & mask
        mixed = ((mixed ^ (block ^ block >> 47) * multiplier & mask) * multiplier) & mask
    if data[whole:]:
        mixed = (mixed ^ int.from_bytes(data[whole:], "little")) * multiplier & mask
    mixed = (mixed ^ mixed >> 47) * multiplier & mask
    return mixed ^ mixed >> 47


def divide(points: Floats, parts: int, rounds: int = 20) -> tuple[NDArray[np.intp], Floats]:
    """Which of `parts` clusters each point is in, and their middles, by k-means over directions."""
    random = np.random.default_rng(0)
    middles = points[random.choice(len(points), parts, replace=False)]
    for _ in range(rounds):
        nearest = (points @ middles.T).argmax(axis=1)
        sums = np.zeros_like(middles)
        np.add.at(sums, nearest, points)
        empty = np.bincount(nearest, minlength=parts) == 0
        sums[empty] = points[random.choice(len(points), int(empty.sum()))]
        middles = _pointing(sums)
    return (points @ middles.T).argmax(axis=1), middles


def principal(points: Floats, dimensions: int) -> Floats:
    """The points in the directions in which they differ most, 1 long in the quadratic mean."""
    differing = points - points.mean(axis=0)
    _, _, directions = np.linalg.svd(differing.T @ differing)
    turned: Floats = differing @ directions[:dimensions].T
    return turned / np.sqrt(np.square(turned).sum(axis=1).mean())


def _pointing(vectors: Floats) -> Floats:
    """The vectors, each 1 long."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    pointing: Floats = vectors / np.maximum(lengths, np.float32(1e-9))
    return pointing


if __name__ == "__main__":
    main()
