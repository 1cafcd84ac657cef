"""The best of many: which documents come on a page, and in which order."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.whoosh_engine.facts import NO_TIME
from search.whoosh_engine.postings import Ints
from search.whoosh_engine.scoring import Floats
from search.whoosh_engine.snapshot import Snapshot

COLUMNS = 64
BY_NAME = 512
"""Up to so many candidates are put in order by their ids as text; past that, by the place of each id among all."""


def best(keys: NDArray[Any], count: int) -> Ints:
    """Places of the `count` largest keys and of all that equal the last of them, in no order."""
    size = len(keys)
    if not count:
        return np.zeros(0, np.int64)
    if count >= size:
        return np.arange(size)
    rows = size // COLUMNS
    if rows < 4 * count or size < 4096:
        return np.flatnonzero(keys >= np.partition(keys, size - count)[size - count])
    # The largest of each of many columns come first: whoever is among the best is in one of the best columns.
    table = keys[: rows * COLUMNS].reshape(COLUMNS, rows)
    largest = table.max(axis=0)
    columns = np.flatnonzero(largest >= np.partition(largest, rows - count)[rows - count])
    places = np.concatenate((
        (columns + (np.arange(COLUMNS) * rows)[:, np.newaxis]).ravel(), np.arange(rows * COLUMNS, size)
    ))
    chosen = keys.take(places)
    found: Ints = places[chosen >= np.partition(chosen, len(chosen) - count)[len(chosen) - count]]
    return found


def by_score(snapshot: Snapshot, docs: Ints, scores: Floats, first: int, end: int) -> tuple[Ints, Floats]:
    """The documents from `first` to before `end` in order of score: best first, then newest, then by id."""
    chosen = best(scores, end)
    docs, scores = docs.take(chosen), scores.take(chosen)
    order = np.argsort(-scores)
    if _has_equal(scores.take(order)):
        order = _ordered(snapshot, docs, (-scores, _newest_first(snapshot, docs)), first, end)
    else:
        order = order[first:end]
    return docs.take(order), scores.take(order)


def _has_equal(ordered: NDArray[Any]) -> bool:
    return bool((ordered[1:] == ordered[:-1]).any())


def by_date(snapshot: Snapshot, docs: Ints, first: int, end: int, *, oldest: bool) -> Ints:
    """The documents from `first` to before `end` in order of date, then by id; those without a date come last."""
    at = snapshot.facts.at.take(docs)
    keys = np.where(at == NO_TIME, NO_TIME, -at) if oldest else at
    chosen = best(keys, end)
    docs, keys = docs.take(chosen), _last_first(keys.take(chosen))
    order = np.argsort(keys)
    if _has_equal(keys.take(order)):
        return docs.take(_ordered(snapshot, docs, (keys,), first, end))
    return docs.take(order[first:end])


def _newest_first(snapshot: Snapshot, docs: Ints) -> Ints:
    return _last_first(snapshot.facts.at.take(docs))


def _last_first(keys: Ints) -> Ints:
    """Ascending in the opposite order; NO_TIME, which has no negative, becomes the largest."""
    return np.where(keys == NO_TIME, np.iinfo(np.int64).max, -keys)


def _ordered(
    snapshot: Snapshot, docs: Ints, keys: tuple[NDArray[Any], ...], first: int, end: int
) -> NDArray[np.intp]:
    """Places in `docs`, from `first` to before `end`, sorted by the keys, the first one first, then by id."""
    if len(docs) > BY_NAME:
        return np.lexsort((snapshot.id_rank.take(docs), *reversed(keys)))[first:end]
    ids = snapshot.ids(docs)
    rows = list(zip(*(key.tolist() for key in keys), ids, strict=True))
    return np.array(sorted(range(len(docs)), key=rows.__getitem__), np.intp)[first:end]
