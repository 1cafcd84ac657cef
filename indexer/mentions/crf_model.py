"""What training learned, as it is stored: `indexer/data/names.npz`, plain arrays without pickles."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.mentions.clusters import vectors
from indexer.mentions.features import SEEN_FROM, SLOTS, VECTORS_SEEN_FROM

PAIRS = (("-1", "0"), ("0", "+1"), ("-1", "+1"))
"""Which words' groups are weighed together."""

NO_FEATURE = 0
"""The row of `Model.weights` and of `Model.own_weights` that weighs nothing."""

Floats = NDArray[np.float32]


class PairWeights(NamedTuple):
    """numbers: (groups, groups) to the row of `scores`, 0 for a pair that weighs nothing. scores: (rows, labels)."""

    numbers: NDArray[np.int32]
    scores: Floats


class Model(NamedTuple):
    """The weights of a linear-chain conditional random field.

    labels: O, and B- and I- of each kind.
    features: to the row of `weights`, which is (1 + features, slots, labels); row 0 weighs nothing.
    own_features: the same of what is seen from the word itself only: to the row of `own_weights`, (1 + features,
    labels).
    vectors: (dimensions, slots, labels), of the vectors of the word and of its unit, one after the other.
    groups: to the index in the tables of `pairs`; 0 is every group that training never saw.
    pairs: as in `PAIRS`. transitions: (labels, labels), from and to.
    """

    labels: tuple[str, ...]
    features: Mapping[str, int]
    weights: Floats
    own_features: Mapping[str, int]
    own_weights: Floats
    vectors: Floats
    groups: Mapping[str, int]
    pairs: tuple[PairWeights, ...]
    transitions: NDArray[np.float64]

    @staticmethod
    def load(path: Path | None = None) -> Model:
        """The model in a file, by default the one that comes with the program."""
        source = path or files("indexer") / "data" / "names.npz"
        with source.open("rb") as stream, np.load(stream, allow_pickle=False) as data:
            return _unpacked(dict(data))

    def save(self, path: Path) -> None:
        """Write what `load` reads. The same model gives the same bytes."""
        with path.open("wb") as stream:
            np.savez_compressed(stream, allow_pickle=False, **dict(_packed(self)))


def from_weights(
    weights: Mapping[tuple[str, str], float], transitions: Mapping[tuple[str, str], float], labels: Sequence[str],
) -> Model:
    """A model from what training learned, by (attribute, label), where `attributes.py` names the attributes."""
    label = {name: number for number, name in enumerate(labels)}
    of_words: dict[str, Floats] = {}
    own: dict[str, Floats] = {}
    dimensions = vectors().shape[1]
    of_vectors = np.zeros((len(VECTORS_SEEN_FROM) * dimensions, len(SLOTS), len(label)), np.float32)
    of_pairs: tuple[dict[tuple[str, str], Floats], ...] = tuple({} for _ in PAIRS)
    for (attribute, name), weight in sorted(weights.items()):
        where, _, rest = attribute.partition("\t")
        if where.startswith("pair"):
            one, _, other = rest.partition("\t")
            of_pair = of_pairs[int(where[4:])].setdefault((one, other), np.zeros(len(label), np.float32))
            of_pair[label[name]] = weight
        elif rest.startswith("vector"):
            whose, _, dimension = rest.removeprefix("vector").partition(" ")
            of_vectors[int(whose) * dimensions + int(dimension), SLOTS.index(where), label[name]] = weight
        elif rest.partition("=")[0] in SEEN_FROM:
            row = of_words.setdefault(rest, np.zeros((len(SLOTS), len(label)), np.float32))
            row[SLOTS.index(where), label[name]] = weight
        else:
            own.setdefault(rest, np.zeros(len(label), np.float32))[label[name]] = weight
    table = np.zeros((len(label), len(label)))
    for (before, after), weight in transitions.items():
        table[label[before], label[after]] = weight
    names = sorted({group for pairs in of_pairs for pair in pairs for group in pair})
    groups = _rows(names)
    return Model(
        tuple(labels),
        _rows(of_words),
        _stacked((np.zeros((len(SLOTS), len(label)), np.float32), *of_words.values()), len(SLOTS), len(label)),
        _rows(own),
        _stacked((np.zeros(len(label), np.float32), *own.values()), len(label)),
        of_vectors,
        groups,
        tuple(_pair_weights(pairs, groups, len(label)) for pairs in of_pairs),
        table,
    )


def _rows(names: Iterable[str]) -> dict[str, int]:
    return {name: row for row, name in enumerate(names, 1)}


def _stacked(rows: Iterable[Floats], *shape: int) -> Floats:
    return np.array(list(rows), np.float32).reshape(-1, *shape)


def _pair_weights(pairs: Mapping[tuple[str, str], Floats], groups: Mapping[str, int], labels: int) -> PairWeights:
    numbers = np.zeros((len(groups) + 1, len(groups) + 1), np.int32)
    for number, (one, other) in enumerate(pairs, 1):
        numbers[groups[one], groups[other]] = number
    return PairWeights(numbers, _stacked((np.zeros(labels, np.float32), *pairs.values()), labels))


# --- as it is stored ----------------------------------------------------------------------------------------


def _packed(model: Model) -> Iterator[tuple[str, NDArray[Any]]]:
    yield "words", np.frombuffer(json.dumps([
        model.labels, list(model.features), list(model.own_features), list(model.groups),
    ], ensure_ascii=False).encode(), np.uint8)
    yield "transitions", model.transitions
    yield from _sparse("weights", model.weights)
    yield from _sparse("own weights", model.own_weights)
    yield from _sparse("vectors", model.vectors)
    for number, pair in enumerate(model.pairs):
        yield f"pair{number}", pair.numbers
        yield from _sparse(f"pair{number}", pair.scores)


def _sparse(name: str, array: Floats) -> Iterator[tuple[str, NDArray[Any]]]:
    """Where an array is not 0, as steps from one such place to the next, and what is there, in half precision."""
    at = np.flatnonzero(array)
    yield f"{name} shape", np.array(array.shape)
    yield f"{name} steps", np.diff(at, prepend=0).astype(np.uint32)
    yield f"{name} values", array.reshape(-1)[at].astype(np.float16)


def _filled(name: str, data: Mapping[str, NDArray[Any]]) -> Floats:
    array = np.zeros(data[f"{name} shape"], np.float32)
    array.reshape(-1)[np.cumsum(data[f"{name} steps"], dtype=np.intp)] = data[f"{name} values"]
    return array


def _unpacked(data: Mapping[str, NDArray[Any]]) -> Model:
    labels, features, own_features, groups = json.loads(data["words"].tobytes())
    return Model(
        tuple(labels), _rows(features), _filled("weights", data), _rows(own_features), _filled("own weights", data),
        _filled("vectors", data), _rows(groups),
        tuple(PairWeights(data[f"pair{number}"], _filled(f"pair{number}", data)) for number in range(len(PAIRS))),
        data["transitions"],
    )
