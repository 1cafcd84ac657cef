"""The best of many: which documents come on a page, and in which order."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.whoosh_engine.postings import Ints
from search.whoosh_engine.scoring import Floats
from search.whoosh_engine.snapshot import Snapshot

MOST_SORTED = 256
"""Up to so many are sorted as they are; of more, the best are looked for first."""

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
        few: Ints = (keys >= np.partition(keys, size - count)[size - count]).nonzero()[0]
        return few
    # The largest of each of many columns come first: whoever is among the best is in one of the best columns.
    table = keys[: rows * COLUMNS].reshape(COLUMNS, rows)
    largest = table.max(axis=0)
    columns = (largest >= np.partition(largest, rows - count)[rows - count]).nonzero()[0]
    places = np.concatenate((
        (columns + (np.arange(COLUMNS) * rows)[:, np.newaxis]).ravel(), np.arange(rows * COLUMNS, size)
    ))
    chosen = keys.take(places)
    found: Ints = places[chosen >= np.partition(chosen, len(chosen) - count)[len(chosen) - count]]
    return found


def by_score(snapshot: Snapshot, docs: Ints, scores: Floats, first: int, end: int) -> tuple[Ints, Floats]:
    """The documents from `first` to before `end` in order of score: best first, then newest, then by id."""
    if len(docs) > MOST_SORTED:
        chosen = best(scores, end)
        docs, scores = docs.take(chosen), scores.take(chosen)
    order = scores.argsort()[::-1]
    if _has_equal(scores, order, end):
        order = _ordered(snapshot, docs, (scores, snapshot.times.take(docs)), first, end)
    else:
        order = order[first:end]
    return docs.take(order), scores.take(order)


def _has_equal(keys: NDArray[Any], order: NDArray[np.intp], end: int) -> bool:
    """Whether the order says nothing of two of those before `end`, or of the last of them and the next."""
    ordered = keys.take(order[: end + 1]).tolist()
    return len(set(ordered)) < len(ordered)


def by_date(snapshot: Snapshot, docs: Ints, first: int, end: int, *, oldest: bool) -> Ints:
    """The documents from `first` to before `end` in order of date, then by id; those without a date come last."""
    keys = snapshot.times.take(docs)
    if oldest:
        keys = np.where(keys > 0, snapshot.times.max() - keys + 1, keys)
    if len(docs) > MOST_SORTED:
        chosen = best(keys, end)
        docs, keys = docs.take(chosen), keys.take(chosen)
    order = keys.argsort()[::-1]
    if _has_equal(keys, order, end):
        return docs.take(_ordered(snapshot, docs, (keys,), first, end))
    return docs.take(order[first:end])


def _ordered(
    snapshot: Snapshot, docs: Ints, keys: tuple[NDArray[Any], ...], first: int, end: int
) -> NDArray[np.intp]:
    """Places in `docs`, from `first` to before `end`: largest keys first, of which the first decides, then by id."""
    falling = [-key.astype(np.float64) for key in keys]
    if len(docs) > BY_NAME:
        return np.lexsort((snapshot.id_rank.take(docs), *reversed(falling)))[first:end]
    ids = snapshot.ids(docs)
    rows = list(zip(*(key.tolist() for key in falling), ids, strict=True))
    return np.array(sorted(range(len(docs)), key=rows.__getitem__), np.intp)[first:end]
