"""What each sort of word adds to the scores around it: rows of tables, made when the sort is first met."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest

import numpy as np

from indexer.mentions.clusters import UNKNOWN, clusters, company, vectors
from indexer.mentions.crf_model import NO_FEATURE, Floats, Model
from indexer.mentions.features import (
    CLUSTER_SORTS,
    EDGE,
    SLOTS,
    STOPS,
    VECTORS_SEEN_FROM,
    Description,
    Word,
    cluster_feature,
    describe,
    no_cluster,
    words,
)
from search.japanese.tokens import PartOfSpeech, Unit

NOTHING_ROW, EDGE_ROW = 0, 1
EDGES = (EDGE_ROW, EDGE_ROW)
"""Around every sentence: from its last word one sees two words on."""

NOTHING = Description((), (), (), "", False, True)

AT_ONCE = 512
"""Words whose features are summed up together: sums of 240 kB, which stay in the processor's cache."""

MOST_ROWS = 40_000
"""Then they are made anew: 19 to 23 MB. An archive has ever new names, but most words come back at once."""

RowsOfUnit = tuple[int, ...]

Mark = Callable[[Unit | None], int]
"""Whatever else is to be remembered of a sort of unit, in 8 bits; None stands between two parts."""


class Rows:
    """The tables, and where in them the words of a unit are.

    scores: (slots, rows, labels), what a word adds to the labels of the word that sees it from a slot.
    group, in_run, is_cut: (rows,), as in `features.Description`.
    marks: (rows,), what `mark` says of a unit, in the row of its first word, and 0 in those of the others.
    """

    def __init__(self, model: Model, mark: Mark) -> None:
        self._model = model
        self._mark = mark
        self._company = Company(model)
        self._clear()

    def _clear(self) -> None:
        self._known: dict[object, RowsOfUnit] = {}
        # Of each spelling the rows of the word met first, which is nearly always the one that comes again.
        self._usual: dict[str, tuple[PartOfSpeech, str, bool, int, RowsOfUnit]] = {}
        self._met: list[Word] = []
        self._marks_met: list[int] = []
        self._features = Features(self._model)
        self._used = 0
        self.scores: Floats = np.zeros((len(SLOTS), 0, len(self._model.labels)), np.float32)
        self.group = np.zeros(0, np.intp)
        self.in_run, self.is_cut = np.zeros(0, np.bool_), np.zeros(0, np.bool_)
        self.marks = np.zeros(0, np.uint8)
        edges = [NOTHING, EDGE]
        self._fill(edges, self._features.sums(edges), (0, self._mark(None)))

    def of(self, units: Iterable[Unit | None]) -> list[RowsOfUnit]:
        """The rows of each unit; None stands between two parts."""
        if self._used > MOST_ROWS:
            self._clear()
        try:
            return self._of(units)
        except BaseException:
            # Some words have numbers of rows that were not made: none of them may be believed.
            self._clear()
            raise

    def _of(self, units: Iterable[Unit | None]) -> list[RowsOfUnit]:
        known, usual = self._known, self._usual.get
        found: list[RowsOfUnit] = []
        for unit in units:
            if unit is None:
                found.append(EDGES)
                continue
            met = usual(unit.surface)
            if (
                met is not None and met[0] is unit.part_of_speech and met[1] == unit.term and met[2] is unit.is_unknown
                and met[3] == len(unit.shorts)
            ):
                found.append(met[4])
                continue
            # A word of one spelling, normal form and kind (fields 3 to 5) is cut into so many short ones in one way;
            # 赤色 is one of 赤色灯, and two by itself.
            key = (unit.surface, unit[3:6], len(unit.shorts))
            found.append(known.get(key) or self._meet(key, unit))
        for first in range(0, len(self._met), AT_ONCE):
            words_met = self._met[first:first + AT_ONCE]
            described = [describe(word) for word in words_met]
            sums = self._features.sums(described)
            self._company.add(sums, words_met)
            self._fill(described, sums, self._marks_met[first:first + AT_ONCE])
        self._met.clear()
        self._marks_met.clear()
        return found

    def _meet(self, key: object, unit: Unit) -> RowsOfUnit:
        first = self._used + len(self._met)
        self._met += words(unit)
        rows = tuple(range(first, self._used + len(self._met)))
        self._marks_met += self._mark(unit), *(0 for _ in rows[1:])
        if unit.surface in STOPS:
            rows += EDGES
        self._known[key] = rows
        self._usual.setdefault(
            unit.surface, (unit.part_of_speech, unit.term, unit.is_unknown, len(unit.shorts), rows)
        )
        return rows

    def _fill(self, met: Sequence[Description], sums: Floats, marks: Sequence[int]) -> None:
        """Make the next rows. sums: (words, slots, labels)."""
        first, after = self._used, self._used + len(met)
        if after > len(self.group):
            self._make_room(max(first // 4, 4 * AT_ONCE))
        groups = self._model.groups
        self.scores[:, first:after] = sums.transpose(1, 0, 2)
        self.group[first:after] = [groups.get(described.group, 0) for described in met]
        self.in_run[first:after] = [described.in_run for described in met]
        self.is_cut[first:after] = [described.is_cut for described in met]
        self.marks[first:after] = marks
        self._used = after

    def _make_room(self, more: int) -> None:
        self.scores = np.pad(self.scores, ((0, 0), (0, more), (0, 0)))
        self.group = np.pad(self.group, (0, more))
        self.in_run, self.is_cut = np.pad(self.in_run, (0, more)), np.pad(self.is_cut, (0, more))
        self.marks = np.pad(self.marks, (0, more))


# --- what the rows are sums of ------------------------------------------------------------------------------


class Features:
    """What the features of words weigh. Of a bundle that words share this is summed up once."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._bundles: dict[tuple[str, ...], int] = {}
        self._sums = np.zeros((AT_ONCE, *model.weights.shape[1:]), np.float32)     # of bundles; row 0 weighs nothing

    def sums(self, described: Sequence[Description]) -> Floats:
        """(words, slots, labels)."""
        number, own_number = self._model.features.get, self._model.own_features.get
        bundle_number = self._bundles.get
        sums = _sums(self._model.weights, [[number(name, NO_FEATURE) for name in one.around] for one in described])
        sums[:, 0] += _sums(
            self._model.own_weights, [[own_number(name, NO_FEATURE) for name in one.own] for one in described],
        )
        bundles = [[bundle_number(bundle) or self._sum_up(bundle) for bundle in one.shared] for one in described]
        sums += _sums(self._sums, bundles)
        return sums

    def _sum_up(self, bundle: tuple[str, ...]) -> int:
        number = self._bundles[bundle] = len(self._bundles) + 1
        if number == len(self._sums):
            self._sums = np.pad(self._sums, ((0, number), (0, 0), (0, 0)))
        self._sums[number] = weights_of(self._model, bundle).sum(0)
        return number


def _sums(table: Floats, rows_by_word: Sequence[Sequence[int]]) -> Floats:
    """The sum of the rows of each word; row 0 stands for nothing."""
    flat = table.reshape(len(table), -1)
    sums = np.zeros((len(rows_by_word), flat.shape[1]), np.float32)
    # The first row of every word, then the second: half the time of `reduceat`, which goes down each column by itself.
    for rows in zip_longest(*rows_by_word, fillvalue=NO_FEATURE):
        sums += flat.take(rows, axis=0)
    return sums.reshape(-1, *table.shape[1:])


def weights_of(model: Model, features: Sequence[str]) -> Floats:
    """What each of these weighs: (features, slots, labels)."""
    weights: Floats = model.weights[[model.features.get(name, NO_FEATURE) for name in features]]
    weights[:, 0] += model.own_weights[[model.own_features.get(name, NO_FEATURE) for name in features]]
    return weights


class Company:
    """What is added for the company that words keep, and for that of the units that hold them."""

    def __init__(self, model: Model) -> None:
        half = len(model.vectors) // 2
        self._own = _sums_of_company(model, "", model.vectors[:half])
        self._of_unit = _sums_of_company(model, " of unit", model.vectors[half:, :len(VECTORS_SEEN_FROM[1])])

    def add(self, sums: Floats, met: Sequence[Word]) -> None:
        """Add it to the sums of these words, (words, slots, labels)."""
        sums += self._own[company([word.surface for word in met], [word.term for word in met])]
        inside = [at for at, word in enumerate(met) if word.places > 1]
        units = company([met[at].unit for at in inside], [met[at].unit_term for at in inside])
        sums[inside, :self._of_unit.shape[1]] += self._of_unit[units]


def _sums_of_company(model: Model, whose: str, of_vectors: Floats) -> Floats:
    """For each row of `clusters.vectors`: (rows, slots, labels)."""
    sums: Floats = np.tensordot(vectors(), of_vectors, 1)
    slots = sums.shape[1]
    sums[UNKNOWN] += weights_of(model, [no_cluster(whose)])[0, :slots]
    for sort, numbers in zip(CLUSTER_SORTS, clusters(), strict=True):
        names = [cluster_feature(sort, whose, number) for number in range(int(numbers.max()) + 1)]
        sums[1:] += weights_of(model, names)[numbers, :slots]
    return sums
