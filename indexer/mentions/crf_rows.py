"""What each sort of word adds to the scores around it: rows of tables, made when the sort is first met."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.mentions.clusters import vectors
from indexer.mentions.crf_model import NO_FEATURE, Model
from indexer.mentions.features import EDGE, SLOTS, STOPS, Description, describe, words
from search.japanese.tokens import PartOfSpeech, Unit

NOTHING_ROW, EDGE_ROW = 0, 1
EDGES = (EDGE_ROW, EDGE_ROW)
"""Around every sentence: from its last word one sees two words on."""

NOTHING = Description((), "", False, True)

AT_ONCE = 512
"""Words whose features are summed up together: 5 MB."""

MOST_ROWS = 1 << 16
"""Then they are made anew: 30 MB. An archive has ever new names, but most words come back at once."""

RowsOfUnit = tuple[int, ...]


class Rows:
    """The tables, and where in them the words of a unit are.

    scores: (slots, rows, labels), what a word adds to the labels of the word that sees it from a slot.
    group, in_run, is_cut: (rows,), as in `features.Description`.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._clear()

    def _clear(self) -> None:
        self._known: dict[object, RowsOfUnit] = {}
        # Of each spelling the rows of the word met first, which is nearly always the one that comes again.
        self._usual: dict[str, tuple[PartOfSpeech, str, bool, RowsOfUnit]] = {}
        self._met: list[Description] = []
        self._used = 0
        self.scores: NDArray[np.float32] = np.zeros((len(SLOTS), 0, len(self._model.labels)), np.float32)
        self.group = np.zeros(0, np.intp)
        self.in_run, self.is_cut = np.zeros(0, np.bool_), np.zeros(0, np.bool_)
        self._number(NOTHING)
        self._number(EDGE)

    def of(self, units: Iterable[Unit | None]) -> list[RowsOfUnit]:
        """The rows of each unit; None stands between two parts."""
        if self._used > MOST_ROWS:
            self._clear()
        known, usual = self._known, self._usual.get
        found: list[RowsOfUnit] = []
        for unit in units:
            if unit is None:
                found.append(EDGES)
                continue
            met = usual(unit.surface)
            if met is not None and met[0] is unit.part_of_speech and met[1] == unit.term and met[2] is unit.is_unknown:
                found.append(met[3])
                continue
            # A word of one spelling, normal form and kind (fields 3 to 5) is cut into its short ones in one way.
            key = (unit.surface, unit[3:6], len(unit.shorts))
            found.append(known.get(key) or self._meet(key, unit))
        for first in range(0, len(self._met), AT_ONCE):
            self._fill(self._met[first:first + AT_ONCE])
        self._met.clear()
        return found

    def _meet(self, key: object, unit: Unit) -> RowsOfUnit:
        rows = tuple(self._number(describe(word)) for word in words(unit))
        if unit.surface in STOPS:
            rows += EDGES
        self._known[key] = rows
        self._usual.setdefault(unit.surface, (unit.part_of_speech, unit.term, unit.is_unknown, rows))
        return rows

    def _number(self, described: Description) -> int:
        self._met.append(described)
        return self._used + len(self._met) - 1

    def _fill(self, met: Sequence[Description]) -> None:
        """Make the next rows."""
        model, first, after = self._model, self._used, self._used + len(met)
        if after > len(self.group):
            self._make_room(max(first, AT_ONCE))
        numbers: list[int] = []
        begins = []
        for described in met:
            begins.append(len(numbers))
            numbers.append(NO_FEATURE)
            numbers += [model.features[name] for name in described.features if name in model.features]
        sums = np.add.reduceat(model.weights[numbers], begins)
        seen = vectors()[[described.vectors for described in met]].reshape(len(met), -1)
        # Not by BLAS, whose threads, waiting busily, would cost more than all the rest.
        sums += np.einsum("wd,dsl->wsl", seen, model.vectors)
        self.scores[:, first:after] = sums.transpose(1, 0, 2)
        self.group[first:after] = [model.groups.get(described.group, 0) for described in met]
        self.in_run[first:after] = [described.in_run for described in met]
        self.is_cut[first:after] = [described.is_cut for described in met]
        self._used = after

    def _make_room(self, more: int) -> None:
        self.scores = np.pad(self.scores, ((0, 0), (0, more), (0, 0)))
        self.group = np.pad(self.group, (0, more))
        self.in_run, self.is_cut = np.pad(self.in_run, (0, more)), np.pad(self.is_cut, (0, more))
