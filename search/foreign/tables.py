"""Sorted tables of `search/data`, searched where they lie: a line is found by halving, none is parsed before."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

_TAB, _LINE_END = b"\t", b"\n"


class Table:
    """Lines of a key, a tab and words with spaces between, in order of the bytes of the key; about 1 MB."""

    def __init__(self, data: bytes) -> None:
        """data: the file. Lines at its beginning that open with # are about the table."""
        self._data = data
        self._first = 0
        while data.startswith(b"#", self._first):
            self._first = data.index(_LINE_END, self._first) + 1

    def words(self, key: str) -> tuple[str, ...]:
        """What the line of the key has; () where there is none."""
        wanted = key.encode() + _TAB
        low, high = self._first, len(self._data)
        while low < high:
            middle = self._data.rfind(_LINE_END, low, (low + high) // 2)
            start = low if middle < 0 else middle + 1
            end = self._data.find(_LINE_END, start)
            end = len(self._data) if end < 0 else end
            line = self._data[start:end]
            if line.startswith(wanted):
                return tuple(line[len(wanted) :].decode().split(" "))
            if line.split(_TAB, 1)[0] < wanted[:-1]:
                low = end + 1
            else:
                high = start
        return ()


@cache
def load_table(name: str) -> Table:
    """`search/data/NAME.tsv`, read once in each process."""
    return Table((files("search") / "data" / f"{name}.tsv").read_bytes())
