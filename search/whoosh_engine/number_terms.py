"""The terms by which stock Whoosh finds numbers and ranges of them, made from the facts when they are asked for.

Whoosh indexes a number once for each of several precisions: its byte of `shift`, then the number without so many of
its last bits. Our executor compares the facts themselves and never needs these.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import chain
from typing import Any

import numpy as np

from search.whoosh_engine.facts import DocumentFacts
from search.whoosh_engine.postings import Ints
from search.whoosh_engine.schema import schema

NUMBER_FIELDS = ("at", "day")


class NumberTerms:
    """Of one field. numbers: of each of the documents `docs`, which are those that have one."""

    def __init__(self, field: Any, numbers: Ints, docs: Ints) -> None:
        order = np.argsort(numbers, kind="stable")
        self._docs = docs.take(order)
        ascending = numbers.take(order)
        self._rows = list(chain.from_iterable(
            _rows(field, ascending, shift) for shift in range(0, field.bits, field.shift_step)
        ))

    @property
    def terms(self) -> int:
        """How many there are."""
        return len(self._rows)

    def term(self, number: int) -> bytes:
        return self._rows[number][0]

    def all_terms(self) -> list[bytes]:
        """Every term, ascending."""
        return [term for term, _, _ in self._rows]

    def lower_bound(self, term: bytes) -> int:
        """The first term that is not before this one."""
        return bisect_left(self._rows, term, key=lambda row: row[0])

    def find(self, term: bytes) -> int | None:
        """The number of the term; None if no document has it."""
        number = self.lower_bound(term)
        return number if number < len(self._rows) and self._rows[number][0] == term else None

    def docs(self, number: int) -> Ints:
        """The documents that have it, ascending."""
        _, first, end = self._rows[number]
        return np.sort(self._docs[first:end])


def number_terms(facts: DocumentFacts, name: str) -> NumberTerms:
    """Those of a field of NUMBER_FIELDS. Articles without a date have neither."""
    docs = np.flatnonzero(np.asarray(facts.day) > 0)
    values = facts.day if name == "day" else facts.at
    return NumberTerms(schema()[name], values.take(docs).astype(np.int64), docs)


def _rows(field: Any, ascending: Ints, shift: int) -> list[tuple[bytes, int, int]]:
    """(term, first, end) of each number at one precision; the last two are places among the documents."""
    # Adding the lowest number, as Whoosh does to make numbers sort, does not fit into 64 bits with a sign.
    cut = ascending >> shift
    begins = np.flatnonzero(np.concatenate((np.ones(min(1, len(cut)), np.bool_), cut[1:] != cut[:-1])))
    ends = np.append(begins[1:], len(cut))
    sortable = [number + (1 << field.bits - 1) for number in ascending.take(begins).tolist()]
    return [
        (field.sortable_to_bytes(number, shift), first, end)
        for number, first, end in zip(sortable, begins.tolist(), ends[: len(begins)].tolist(), strict=True)
    ]
