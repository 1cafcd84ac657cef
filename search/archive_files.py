"""Which files an archive has taken in, and what of them it could not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from search.archive_file import ArchiveFile
from search.articles import JST


class TakenFile(NamedTuple):
    """A file that was taken in to its last article.

    path: whole, with links resolved. size: bytes. modified_ns: of its last change, or -1.
    hash: of its bytes.
    read_with: all that decides what comes of these bytes beside them.
    articles: in it, (id, line from 1, or 0 for a whole file, version that stood when it was taken in, or 0).
    """

    path: str
    size: int
    modified_ns: int
    hash: str
    read_with: str
    articles: tuple[tuple[str, int, int], ...]

    @property
    def article_id(self) -> str | None:
        """Of its article, if it has just one."""
        return self.articles[0][0] if len(self.articles) == 1 else None


class Rejected(NamedTuple):
    """A place that gave no article. path: with the name inside a packed file. line: from 1, None for the whole."""

    path: str
    line: int | None
    reason: str
    rejected_at: str


class ArchiveFiles(ArchiveFile):
    """The part of an archive that is about files."""

    def taken_file(self, path: str) -> TakenFile | None:
        """What is known of the file; None if it was not taken in to its end."""
        row = self._db.execute(
            "SELECT path, size, modified_ns, hash, read_with, articles FROM files WHERE path = ?", (path,)
        ).fetchone()
        if row is None:
            return None
        *facts, articles = row
        return TakenFile._make((*facts, tuple((*one, 0)[:3] for one in json.loads(articles))))

    def note_file(self, file: TakenFile) -> None:
        """Remember that it was taken in, inside a transaction."""
        articles = json.dumps(file.articles, ensure_ascii=False, separators=(",", ":"))
        self._db.execute(
            f"INSERT OR REPLACE INTO files VALUES ({', '.join('?' * 8)})",
            (*file[:5], articles, file.article_id, _now()),
        )

    def forget_file(self, path: str, shown: str) -> None:
        """It is to be read again, and what was rejected in it is not any more; inside a transaction.

        shown: as a person named it when it could not be opened.
        """
        self._db.execute("DELETE FROM files WHERE path = ?", (path,))
        self._db.execute("DELETE FROM rejected WHERE file = ? OR (file = '' AND path = ?)", (path, shown))

    def forget_files_with(self, article_id: str) -> None:
        """Files that may have this article are to be read again, inside a transaction; what they were is kept."""
        self._db.execute("UPDATE files SET read_with = '' WHERE article_id IS NULL OR article_id = ?", (article_id,))

    def forget_rejected_at(self, path: str, line: int | None) -> None:
        """What was no file has an article at this place now; inside a transaction."""
        self._db.execute("DELETE FROM rejected WHERE file = '' AND path = ? AND line IN (0, ?)", (path, line or 0))

    def forget_rejected_under(self, root: str, resolved: str, is_there: Callable[[str], bool]) -> None:
        """All under a path is looked at again: what is told of no file, or of one that is gone; inside a transaction.

        root: as it was named. resolved: with links resolved.
        """
        gone = [
            (file,) for file, in self.rows("SELECT DISTINCT file FROM rejected WHERE file <> ''")
            if f"{file}/".startswith(f"{resolved.rstrip('/')}/") and not is_there(file)
        ]
        self._db.executemany("DELETE FROM rejected WHERE file = ?", gone)
        below = f"{root.rstrip('/')}/"
        self._db.execute(
            "DELETE FROM rejected WHERE file = '' AND (path = ? OR substr(path, 1, ?) = ?)", (root, len(below), below)
        )

    def files_with(self, article_id: str) -> list[str]:
        """The files that are this article and no other, by path."""
        return [row[0] for row in self._db.execute(
            "SELECT path FROM files WHERE article_id = ? ORDER BY path", (article_id,)
        )]

    def note_rejected(self, file: str, places: Iterable[tuple[str, int | None, str]]) -> None:
        """Remember places (path, line, reason) that gave no article, inside a transaction. file: "" for none."""
        self._db.executemany(
            "INSERT OR REPLACE INTO rejected VALUES (?, ?, ?, ?, ?)",
            [(file, path, line or 0, reason, _now()) for path, line, reason in places],
        )

    def rejected(self, file: str | None = None) -> Iterator[Rejected]:
        """What was rejected, of one file or of all, by place."""
        rows = self._db.execute(
            "SELECT path, line, reason, rejected_at FROM rejected WHERE file = coalesce(?, file) ORDER BY path, line",
            (file,),
        )
        return (Rejected(path, line or None, reason, at) for path, line, reason, at in rows)


def _now() -> str:
    return datetime.now(JST).isoformat(timespec="seconds")
