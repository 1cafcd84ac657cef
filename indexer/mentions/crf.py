"""The trained tagger: a linear-chain conditional random field over words, evaluated with numpy.

It is trained by `tools/train_names.py`. Here every feature depends on one word or on the classes of two
(`features.py`), so what a word adds to its own scores and to those of its neighbours is summed up once for each sort of
word; an article is then a few gathers. Words are cut into pieces over which no name goes, and all pieces of an article
are decoded together, word by word: the longest piece, about ten words, is what takes time.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from itertools import accumulate, chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.mentions.crf_model import Model
from indexer.mentions.crf_rows import NOTHING_ROW, Mark, Rows
from search.articles import KINDS, Kind
from search.japanese.tokens import Unit

Floats = NDArray[np.floating]
Numbers = NDArray[np.intp]
Marks = NDArray[np.uint8]


class TaggedSpan(NamedTuple):
    """A name in one part. start, end: code points. confidence: the probability of its least probable word."""

    start: int
    end: int
    kind: Kind
    confidence: float


class Tagger:
    """Finds names by a model. Remembers what it, and `mark`, made of each sort of word: use one for many articles."""

    def __init__(self, model: Model, mark: Mark = lambda _: 0) -> None:
        self._model = model
        self._rows = Rows(model, mark)
        self._lock = threading.Lock()
        self._kinds = np.array([KINDS.index(kind_of(label)) if label != "O" else -1 for label in model.labels])
        self._goes_on = np.array([label.startswith("I-") for label in model.labels])
        self._outside = model.labels.index("O")

    def tag(self, units: Sequence[Unit]) -> list[TaggedSpan]:
        """The names in one part, in order and without overlap."""
        return self.tag_parts([units])[0]

    def tag_parts(self, units_by_part: Sequence[Sequence[Unit]]) -> list[list[TaggedSpan]]:
        """The names in each part: the same as part by part, but faster, the more so for several articles at once."""
        return self.tag_and_mark(units_by_part).spans

    def tag_and_mark(self, units_by_part: Sequence[Sequence[Unit]]) -> Marked:
        """The names in each part, and the marks of all units."""
        labelled = self.label([unit for part in units_by_part for unit in (None, *part)] + [None])
        first, last, kinds, shares = self._spans(labelled)
        (opening, closing), place = labelled.unit(np.stack((first, last)))
        parts = np.cumsum([0, *(len(part) + 1 for part in units_by_part)])
        part = parts.searchsorted(opening, "right") - 1
        before = parts[part] + 1
        found: list[list[TaggedSpan]] = [[] for _ in units_by_part]
        columns = (part, opening - before, closing - before, *place, kinds, shares)
        for number, one, other, at, till, kind, share in zip(*(column.tolist() for column in columns), strict=True):
            units = units_by_part[number]
            found[number].append(
                TaggedSpan(units[one].shorts[at].start, units[other].shorts[till].end, KINDS[kind], share)
            )
        return Marked(found, labelled.marks, opening)

    def label(self, units: Sequence[Unit | None]) -> Labelled:
        """The label of every word, and how probable it is. None stands before, between and after the parts."""
        with self._lock:
            rows_by_unit = self._rows.of(units)
            rows = np.fromiter(chain.from_iterable(rows_by_unit), np.intp)
            is_cut = self._rows.is_cut[rows]
            pieces = Pieces.of(is_cut)
            scores = self._scores(rows, pieces.order)
            begins = np.cumsum([0, *map(len, rows_by_unit)])
            marks = self._rows.marks[rows[begins[:-1]]]
        labels = np.full(len(rows), self._outside)
        shares = np.ones(len(rows))
        labels[pieces.order] = most_probable(scores, pieces.sizes, self._model.transitions)
        shares[pieces.order] = probabilities(scores, pieces.sizes, self._model.transitions, labels[pieces.order])
        return Labelled(labels, shares, is_cut, begins, marks)

    def _scores(self, rows: Numbers, at: Numbers) -> Floats:
        """How well each label suits the words `at`, by themselves and by what is around them: (words, labels)."""
        table = self._rows
        in_run = table.in_run[rows]
        first, last = _run_bounds(in_run)
        first, last = first[at], last[at]
        seen = rows[np.stack((at, at - 1, at + 1, at - 2, at + 2, first, last, first - 1, last + 1))]
        seen[5:, ~in_run[at]] = NOTHING_ROW
        scores: NDArray[np.float32] = table.scores[0][seen[0]]
        for slot in range(1, len(seen)):
            scores += table.scores[slot][seen[slot]]
        here, before, after = table.group[seen[:3]]
        for weights, one, other in zip(self._model.pairs, (before, here, before), (here, after, after), strict=True):
            scores += weights.scores[weights.numbers[one, other]]
        return scores

    def _spans(self, labelled: Labelled) -> tuple[Numbers, Numbers, Numbers, Floats]:
        """First word, last word, kind (in `KINDS`) and confidence of every name."""
        kinds, goes_on = self._kinds[labelled.labels], self._goes_on[labelled.labels]
        goes_on[1:] &= kinds[1:] == kinds[:-1]
        is_named = kinds >= 0
        first = np.flatnonzero(is_named & ~goes_on)
        last = np.flatnonzero(is_named & ~np.append(goes_on[1:], False))
        bounds = np.stack((first, last + 1), axis=1).reshape(-1)
        least = np.minimum.reduceat(labelled.shares, bounds)[::2] if len(bounds) else labelled.shares[:0]
        return first, last, kinds[first], least


class Marked(NamedTuple):
    """spans: of each part. marks: of every unit, with that of None before, between and after the parts.

    opening: where in `marks` the units are with which the names begin.
    """

    spans: list[list[TaggedSpan]]
    marks: Marks
    opening: Numbers


class Labelled(NamedTuple):
    """labels: one for each word, with two edges around each sentence. shares: the probability of each.

    cuts: whether no name goes over the word; its label is O. units: which word each unit begins with. marks: of each
    unit.
    """

    labels: Numbers
    shares: Floats
    cuts: NDArray[np.bool_]
    units: Numbers
    marks: Marks

    def unit(self, words: Numbers) -> tuple[Numbers, Numbers]:
        """Which unit each word is in, and which of its short ones it is."""
        unit = self.units.searchsorted(words, "right") - 1
        return unit, words - self.units[unit]


def kind_of(label: str) -> Kind:
    """person of B-person."""
    kind: Kind = label[2:]  # type: ignore[assignment]
    return kind


def _run_bounds(in_run: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
    """For each word of a run, the first and the last word of the run; for all others, themselves."""
    at = np.arange(len(in_run))
    starts = in_run.copy()
    starts[1:] &= ~in_run[:-1]
    ends = in_run.copy()
    ends[:-1] &= ~in_run[1:]
    first = np.maximum.accumulate(np.where(starts | ~in_run, at, 0))
    last = np.minimum.accumulate(np.where(ends | ~in_run, at, len(at))[::-1])[::-1]
    return first, last


# --- decoding -----------------------------------------------------------------------------------------------


class Pieces(NamedTuple):
    """Stretches of words over which names may go, all at once, the longest first.

    order: where their words are: the first of each piece, then the second of each that has one, and so on.
    sizes: how many pieces have a first word, a second one, and so on.
    """

    order: Numbers
    sizes: list[int]

    @staticmethod
    def of(is_cut: NDArray[np.bool_]) -> Pieces:
        edges = np.flatnonzero(np.diff(is_cut, prepend=True, append=True))
        starts, lengths = edges[::2], edges[1::2] - edges[::2]
        by_length = np.argsort(-lengths, kind="stable")
        starts, lengths = starts[by_length], lengths[by_length]
        sizes = np.searchsorted(-lengths, -np.arange(lengths[0])) if len(lengths) else starts
        order = np.concatenate([starts[:size] + step for step, size in enumerate(sizes)] or [starts])
        return Pieces(order, sizes.tolist())


def _steps(sizes: Sequence[int]) -> list[tuple[slice, slice]]:
    """For each step from one word to the next, of the pieces that go on: these words, and the next."""
    starts = [0, *accumulate(sizes)]
    return [
        (slice(at, at + size), slice(following, following + size))
        for at, following, size in zip(starts, starts[1:], sizes[1:], strict=False)
    ]


def most_probable(scores: Floats, sizes: Sequence[int], transitions: Floats) -> Numbers:
    """The labels of the best path through each piece (Viterbi). scores: (words, labels), in the order of `Pieces`."""
    best = scores.astype(np.float64)
    steps = _steps(sizes)
    for here, following in steps:
        best[following] += (best[here, :, None] + transitions).max(axis=1)
    labels: Numbers = best.argmax(axis=1)
    towards = np.ascontiguousarray(transitions.T)
    for here, following in reversed(steps):
        labels[here] = (best[here] + towards[labels[following]]).argmax(axis=1)
    return labels


def probabilities(scores: Floats, sizes: Sequence[int], transitions: Floats, labels: Numbers) -> Floats:
    """How probable each of `labels` is, over all paths through its piece (forward and backward)."""
    weights = np.exp(scores - scores.max(axis=1, keepdims=True), dtype=np.float64)
    step = np.exp(transitions - transitions.max())
    forward, backward = weights.copy(), np.ones_like(weights)
    steps = _steps(sizes)
    for here, following in steps:
        reached = (forward[here] @ step) * weights[following]
        forward[following] = reached / reached.sum(axis=1, keepdims=True)
    for here, following in reversed(steps):
        left = (backward[following] * weights[following]) @ step.T
        backward[here] = left / left.sum(axis=1, keepdims=True)
    both = forward * backward
    shares: Floats = both[np.arange(len(labels)), labels] / both.sum(axis=1)
    return shares
