"""Whoosh's table of contents: which segments an index has, and what was deleted from each."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec import base
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex

from search.whoosh_engine.postings import Ints
from search.whoosh_engine.schema import schema
from search.whoosh_engine.segment import SUFFIX

INDEX_NAME = "MAIN"


class NumpySegment(base.Segment):  # type: ignore[misc]
    """A segment as the table of contents names it. deleted: document numbers, ascending."""

    def __init__(self, size: int, *, segid: str | None = None, deleted: Ints | None = None) -> None:
        super().__init__(INDEX_NAME)
        # Never the same twice, whatever the program does with `random`: topics are kept by it.
        self.segid: str = segid or secrets.token_hex(8)
        self._size = size
        self.deleted = np.zeros(0, np.uint32) if deleted is None else deleted.astype(np.uint32)

    def codec(self) -> Any:
        from search.whoosh_engine.codec import NumpyCodec

        return NumpyCodec()

    @property
    def file_name(self) -> str:
        """The file with all of it."""
        name: str = self.make_filename(SUFFIX)
        return name

    def without(self, deleted: Ints) -> NumpySegment:
        """The same segment, of which these documents are deleted."""
        return NumpySegment(self._size, segid=self.segid, deleted=deleted)

    def doc_count_all(self) -> int:
        return self._size

    def deleted_count(self) -> int:
        return len(self.deleted)

    def has_deletions(self) -> bool:
        return len(self.deleted) > 0

    def is_deleted(self, docnum: int) -> bool:
        at = int(np.searchsorted(self.deleted, docnum))
        return at < len(self.deleted) and int(self.deleted[at]) == docnum

    def deleted_docs(self) -> set[int]:
        return set(self.deleted.tolist())


class PublishedIndex(FileIndex):  # type: ignore[misc]
    """The Whoosh index of one table of contents, whatever newer ones lie beside it."""

    def __init__(self, folder: Path, number: int) -> None:
        self.storage = FileStorage(str(folder))
        self.indexname = INDEX_NAME
        self._schema = None
        self._number = number

    def _read_toc(self) -> TOC:
        return TOC.read(self.storage, self.indexname, gen=self._number)

    def segments(self) -> list[NumpySegment]:
        """Oldest first."""
        found: list[NumpySegment] = self._read_toc().segments
        return found


def write_toc(folder: Path, number: int, segments: list[NumpySegment]) -> str:
    """Write the table of contents with this number. Returns its file's name."""
    TOC(schema(), segments, number).write(FileStorage(str(folder)), INDEX_NAME)
    name: str = TOC._filename(INDEX_NAME, number)
    return name
