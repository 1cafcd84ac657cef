"""Tells which of some places are among many."""

from __future__ import annotations

import numpy as np

from search.whoosh_engine.postings import AnyInts, Ints, looked_up

SLOTS_OF = 3
"""A table has from so many to twice so many slots for each place."""

_LOW = 31
_LEAST_SHIFT = 5
"""Of the bits that _LOW has: less would leave nothing of them in a slot's number."""


def among(others: AnyInts, places: AnyInts) -> Ints:
    """Which of the places are among the others, which ascend."""
    return looked_up(places, others)[1].nonzero()[0]


class PlaceTable:
    """The same for many others, at some ten nanoseconds a place: a hash table with one slot for each.

    A slot that several places want holds none of them, but `_crowded`; these are looked for in the `_rest`.
    Places that ascend have slots that do so nearly, as their low bits only choose among 32 neighbours: so the table is
    read from its beginning to its end, and yet words that stand together, as those of a document do, are kept apart.
    """

    def __init__(self, places: AnyInts) -> None:
        last = int(places[-1])
        self._shift = max(_LEAST_SHIFT, (last // (SLOTS_OF * len(places))).bit_length() - 1)
        # The highest number, which is no place; or, of a type with a sign, -1.
        self._crowded = crowded = np.array(-1).astype(places.dtype)
        slots = self._slots(places)
        self._table = np.zeros((last >> self._shift | _LOW) + 1, places.dtype)
        self._table[slots] = places
        self._table[slots[self._table.take(slots) != places]] = crowded
        # An empty slot holds 0, which is no place in it but in slot 0, where 0 would stand.
        self._table[0] = crowded
        self._rest = places[self._table.take(slots) == crowded]
        self.nbytes: int = self._table.nbytes + self._rest.nbytes

    def among(self, places: AnyInts) -> Ints:
        """Which of the places are among those of the table."""
        # Past the last slot is what is past the last place: it is none of those that the last slot may hold.
        found = self._table.take(self._slots(places), mode="clip")
        holds = found == places
        crowded = (found == self._crowded).nonzero()[0]
        if len(crowded):
            holds[crowded] = False
            holds[crowded.take(among(self._rest, places.take(crowded)))] = True
        which: Ints = holds.nonzero()[0]
        return which

    def _slots(self, places: AnyInts) -> AnyInts:
        slots = places >> self._shift
        slots ^= places & _LOW
        return slots
