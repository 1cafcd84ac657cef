"""Files that were taken in before and are as they were need not be read again."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from os import stat_result
from pathlib import Path
from typing import BinaryIO

from indexer.finding import find_files, plain, shown
from indexer.formats import Facts
from indexer.formats.archives import Tally
from indexer.formats.source import open_source
from indexer.formats.unreadable import is_no_article
from indexer.raw import Rejection, Where
from indexer.reading import Piece, pieces_of
from search.archive import Archive
from search.archive_files import TakenFile
from search.articles import JST

SETTLED_NS = 2_000_000_000
"""A file may change once more within what its file system takes for one moment: FAT's are two seconds."""

HASHED_AT_ONCE_BYTES = 1 << 20


@dataclass(slots=True)
class OpenFile:
    """A file that is being read, and what was found in it so far.

    path: whole, with links resolved. before: as it was when it was taken in last.
    articles: as in `TakenFile`. rejected: places as `Archive.note_rejected` takes them.
    """

    path: str
    size: int
    modified_ns: int
    hash: str
    before: TakenFile | None
    articles: list[tuple[str, int]] = field(default_factory=list)
    rejected: list[tuple[str, int | None, str]] = field(default_factory=list)

    def taken(self, read_with: str, unchanged: TakenFile | None = None) -> TakenFile:
        """As the archive remembers it. unchanged: what it remembers already."""
        settled = self.modified_ns < time.time_ns() - SETTLED_NS
        return TakenFile(
            self.path, self.size, self.modified_ns if settled else 0, self.hash, read_with,
            unchanged.articles if unchanged else tuple(self.articles),
        )


@dataclass(frozen=True, slots=True)
class Part:
    """Where a piece comes from.

    file: None for what is in none. is_last: after this the file is taken in. unchanged: it is as it was, and not read.
    bytes_done: of all files, up to the end of this one.
    """

    file: OpenFile | None = None
    is_last: bool = False
    unchanged: TakenFile | None = None
    where: Where | None = None
    bytes_done: int = 0


def parts(
    archive: Archive, paths: Sequence[Path], columns: Mapping[str, str], read_with: str, *, again: bool
) -> Iterator[tuple[Piece, Part]]:
    """The pieces of the files under `paths`, and where they come from; of a file that is as it was, one that is empty.

    Of what sites have beside their pages in a directory (pictures, style sheets) it is said how many there are.
    columns: as `Facts.columns`. read_with: as in `TakenFile`. again: read all of them.
    """
    bytes_done = 0
    beside: dict[Path, Tally] = defaultdict(Tally)
    for path in find_files(paths):
        if isinstance(path, Rejection):
            yield [path], Part(bytes_done=bytes_done)
            continue
        try:
            stat = path.stat()
            bytes_done += stat.st_size
            name, where = shown(path.resolve()), Where(shown(path))
            before = archive.taken_file(name)
            kept = before if before and before.read_with == read_with and not again else None
            if kept and (kept.size, kept.modified_ns) == (stat.st_size, stat.st_mtime_ns):
                file = OpenFile(name, kept.size, kept.modified_ns, kept.hash, before)
                yield [], Part(file, True, kept, where, bytes_done)
                continue
            with path.open("rb") as opened:
                root = next((root for root in paths if root != path and root in path.parents), None)
                if root and (kind := is_no_article(open_source(opened, where))):
                    beside[root].kinds[kind] += 1
                    yield [], Part(bytes_done=bytes_done)
                    continue
                file = OpenFile(name, stat.st_size, stat.st_mtime_ns, _hash(opened), before)
                if kept and kept.hash == file.hash:
                    yield [], Part(file, True, kept, where, bytes_done)
                    continue
                for piece in pieces_of(opened, where, Facts(as_of=_modified(stat), columns=columns)):
                    yield piece, Part(file, bytes_done=bytes_done)
            yield [], Part(file, True, where=where, bytes_done=bytes_done)
        except OSError as error:
            yield [Rejection(Where(shown(path)), plain(error))], Part(bytes_done=bytes_done)
    for root, tally in beside.items():
        yield list(tally.summary(Where(shown(root)))), Part(bytes_done=bytes_done)


def _hash(file: BinaryIO) -> str:
    digest = blake2b(digest_size=16)
    while data := file.read(HASHED_AT_ONCE_BYTES):
        digest.update(data)
    file.seek(0)
    return digest.hexdigest()


def _modified(stat: stat_result) -> datetime:
    """When a file was written last: what "yesterday" in it is counted from."""
    return datetime.fromtimestamp(stat.st_mtime, JST)
