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

from indexer.finding import find_files, is_of_archive, plain, shown
from indexer.formats import Facts
from indexer.formats.archives import Tally
from indexer.formats.source import open_source
from indexer.formats.unreadable import is_no_article
from indexer.raw import Rejection, Where
from indexer.reading import Piece, pieces_of
from search.archive import Archive
from search.archive_files import TakenFile
from search.articles import JST

UNSETTLED = -1
"""No time of a file: it may have changed after it was looked at, with its time as it was."""

SETTLED_NS = 2_000_000_000
"""A file may change once more within what its file system takes for one moment: FAT's are two seconds."""

HASHED_AT_ONCE_BYTES = 1 << 20


MOST_NAMED = 10
"""Files without article text that are named; a saved web site has thousands of pictures beside its pages."""


@dataclass(slots=True)
class OpenFile:
    """A file that is being read, and what was found in it so far.

    path: whole, with links resolved. modified_ns: UNSETTLED, or as in `TakenFile`.
    before: as it was when it was taken in last. articles: as in `TakenFile`.
    rejected: places as `Archive.note_rejected` takes them.
    """

    path: str
    size: int
    modified_ns: int
    hash: str
    before: TakenFile | None
    articles: list[tuple[str, int, int]] = field(default_factory=list)
    rejected: list[tuple[str, int | None, str]] = field(default_factory=list)
    _known: dict[str, int] | None = None

    def taken(self, read_with: str, unchanged: TakenFile | None = None) -> TakenFile:
        """As the archive remembers it. unchanged: what it remembers already."""
        return TakenFile(
            self.path, self.size, self.modified_ns, self.hash, read_with,
            unchanged.articles if unchanged else tuple(self.articles),
        )

    def version_before(self, article_id: str) -> int | None:
        """The last version of an article that these very bytes gave before; None if they gave none.

        Asked when they are read again: they have nothing that is newer.
        """
        if self._known is None:
            is_same = self.before is not None and self.before.hash == self.hash
            self._known = {one[0]: one[2] for one in self.before.articles} if self.before and is_same else {}
        return self._known.get(article_id)

    def gave(self, article_id: str, line: int | None, version: int) -> None:
        """It has this version of an article."""
        self.articles.append((article_id, line or 0, version))

    def stands(self, article_id: str) -> None:
        """The article is as the file has it: from here on the order within the file counts."""
        if self._known:
            self._known.pop(article_id, None)


@dataclass(frozen=True, slots=True)
class Part:
    """Where a piece comes from.

    file: None for what is in none. is_last: after this the file is taken in. unchanged: it is as it was, and not read.
    bytes_done: of all files, up to this piece.
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
    beside: dict[Path, _Beside] = defaultdict(_Beside)
    own = archive.directory.resolve()
    for path in find_files(paths):
        if isinstance(path, Rejection):
            yield [path], Part(bytes_done=bytes_done)
            continue
        try:
            stat = path.stat()
            bytes_before, bytes_done = bytes_done, bytes_done + stat.st_size
            resolved = path.resolve()
            if path not in paths and is_of_archive(resolved, own):
                yield [], Part(bytes_done=bytes_done)
                continue
            name, where = shown(resolved), Where(shown(path))
            before = archive.taken_file(name)
            kept = before if before and before.read_with == read_with and not again else None
            changed_ns = _changed_ns(stat)
            if kept and changed_ns != UNSETTLED and (kept.size, kept.modified_ns) == (stat.st_size, changed_ns):
                file = OpenFile(name, kept.size, kept.modified_ns, kept.hash, before)
                yield [], Part(file, True, kept, where, bytes_done)
                continue
            with path.open("rb") as opened:
                root = next((root for root in paths if root != path and root in path.parents), None)
                if root and (kind := is_no_article(open_source(opened, where))):
                    beside[root].add(where, kind)
                    yield [], Part(bytes_done=bytes_done)
                    continue
                file = OpenFile(name, stat.st_size, changed_ns, _hash(opened), before)
                if kept and kept.hash == file.hash:
                    yield [], Part(file, True, kept, where, bytes_done)
                    continue
                for piece in pieces_of(opened, where, Facts(as_of=_modified(stat), columns=columns)):
                    done = bytes_before + opened.tell() if not opened.closed else bytes_done
                    yield piece, Part(file, bytes_done=min(done, bytes_done))
            yield [], Part(file, True, where=where, bytes_done=bytes_done)
        except OSError as error:
            yield [Rejection(Where(shown(path)), plain(error))], Part(bytes_done=bytes_done)
    for root, files in beside.items():
        yield list(files.told(Where(shown(root)))), Part(bytes_done=bytes_done)


class _Beside:
    """Files of one directory that hold no article text: a few are named, of more the number is told."""

    def __init__(self) -> None:
        self._tally = Tally()
        self._first: list[Rejection] = []

    def add(self, where: Where, kind: str) -> None:
        self._tally.kinds[kind] += 1
        if len(self._first) < MOST_NAMED:
            self._first.append(Rejection(where, f"{kind}: it holds no article text"))

    def told(self, root: Where) -> Iterator[Rejection]:
        is_few = self._tally.kinds.total() <= MOST_NAMED
        yield from self._first if is_few else self._tally.summary(root)


def is_news(archive: Archive, path: Path) -> bool:
    """Whether a file in a directory would be read: it is not as it was, nor something that sites have beside pages."""
    try:
        resolved, stat = path.resolve(), path.stat()
        before = archive.taken_file(shown(resolved))
        if is_of_archive(resolved, archive.directory.resolve()):
            return False
        changed_ns = _changed_ns(stat)
        if before and changed_ns != UNSETTLED and (before.size, before.modified_ns) == (stat.st_size, changed_ns):
            return False
        with path.open("rb") as opened:
            if is_no_article(open_source(opened, Where(shown(path)))):
                return False
            return before is None or before.hash != _hash(opened)
    except OSError:
        return True     # whoever adds it is told


def _changed_ns(stat: stat_result) -> int:
    """When a file changed last, or UNSETTLED.

    Programs that copy and unpack set the time of writing as they like; that of a change is the system's own.
    """
    changed_ns = max(stat.st_mtime_ns, stat.st_ctime_ns)
    return changed_ns if changed_ns < time.time_ns() - SETTLED_NS else UNSETTLED


def _hash(file: BinaryIO) -> str:
    digest = blake2b(digest_size=16)
    file.seek(0)
    while data := file.read(HASHED_AT_ONCE_BYTES):
        digest.update(data)
    file.seek(0)
    return digest.hexdigest()


def _modified(stat: stat_result) -> datetime:
    """When a file was written last: what "yesterday" in it is counted from."""
    return datetime.fromtimestamp(stat.st_mtime, JST)
