"""Which articles of an archive are copies of one another, and by what those that look alike are found.

Of a group of copies the earliest stands for all. What a signature is made of is the business of
`indexer/duplicates.py`; here it lies in tables.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from search.archive_file import ArchiveFile
from search.archive_schema import STORED, to_stored
from search.articles import Article

DAYS_A_BUCKET = 3
"""Articles are looked for in the bucket of their day and in both next to it, so that copies may be so far apart."""

UNDATED = -1
"""The bucket of all that has no day."""

MOST_OF_A_KEY = 600
"""Articles of a bucket that are read for one key, the last that came: more than the bulletins on the weather of 47
prefectures in three days. A page that says nothing but "this is for members" may be there ten thousand times; those
that are not read are found by the one that stands for their group."""

IDS_A_STATEMENT = 500
"""SQLite takes 999 values in a statement, or more where it is newer."""

_LOOK_ALIKE = "c.number, c.id, c.version, c.rank, c.day, c.sketch, c.copy_of"


class Signature(NamedTuple):
    """By what articles are found that may be copies of one another.

    day: `date.toordinal`, None where no day is known. rank: of a group, the first in order of it stands for all.
    keys: articles that look alike have one in common. sketch: the more bytes are the same, the more alike they are.
    """

    day: int | None
    rank: str
    keys: tuple[int, ...]
    sketch: bytes


class LookAlike(NamedTuple):
    """A row of `copies`. copy_of: id of the article that stands for its group, None if that is itself."""

    number: int
    id: str
    version: int
    rank: str
    day: int | None
    sketch: bytes
    copy_of: str | None


class ArchiveCopies(ArchiveFile):
    """The part of an archive that is about copies."""

    # ---- what is known of one article ----

    def put_signature(self, article_id: str, version: int, signature: Signature) -> LookAlike:
        """Keep the signature of an article that has none here, inside a transaction; it is in no group yet."""
        number = self._db.execute(
            "INSERT INTO copies (id, version, rank, day, sketch) VALUES (?, ?, ?, ?, ?)",
            (article_id, version, signature.rank, signature.day, signature.sketch),
        ).lastrowid
        assert number is not None
        bucket = _bucket(signature.day)
        self._db.executemany(
            "INSERT OR IGNORE INTO copy_keys VALUES (?, ?, ?)", [(bucket, key, number) for key in signature.keys]
        )
        return LookAlike(number, article_id, version, signature.rank, signature.day, signature.sketch, None)

    def drop_signature(self, row: LookAlike, keys: Iterable[int]) -> None:
        """Forget it, inside a transaction. keys: that were put with it. Who copies it is left as it is."""
        bucket = _bucket(row.day)
        self._db.executemany(
            "DELETE FROM copy_keys WHERE bucket = ? AND key = ? AND number = ?",
            [(bucket, key, row.number) for key in keys],
        )
        self._db.execute("DELETE FROM copies WHERE number = ?", (row.number,))

    def drop_all_signatures(self) -> None:
        """Forget all of them, inside a transaction."""
        self._db.execute("DELETE FROM copy_keys")
        self._db.execute("DELETE FROM copies")

    def signed(self, ids: Iterable[str]) -> dict[str, LookAlike]:
        """What is known of each of these articles, where anything is."""
        rows = self._in_pieces(f"SELECT {_LOOK_ALIKE} FROM copies c WHERE c.id IN ({{marks}})", ids)
        return {row[1]: LookAlike(*row) for row in rows}

    def looking_like(self, number: int, day: int | None, keys: Sequence[int]) -> list[LookAlike]:
        """Articles that have one of these keys, some days before or after, and those that stand for their groups.

        Some of them have nothing else in common. number: of the article that has the keys, which is left out.
        """
        bucket = _bucket(day)
        buckets = [bucket] if day is None else [bucket - 1, bucket, bucket + 1]
        rows = self.rows(
            "WITH found AS (SELECT DISTINCT k.number FROM json_each(?) b CROSS JOIN json_each(?) w"
            " CROSS JOIN copy_keys k ON k.bucket = b.value AND k.key = w.value AND k.number IN (SELECT number"
            " FROM copy_keys WHERE bucket = b.value AND key = w.value ORDER BY number DESC LIMIT ?))"
            f" SELECT {_LOOK_ALIKE} FROM found f JOIN copies c ON c.number = f.number WHERE c.number <> ?",
            (json.dumps(buckets), json.dumps(keys), MOST_OF_A_KEY, number),
        )
        found = {row[1]: LookAlike(*row) for row in rows}
        leaders = {one.copy_of for one in found.values() if one.copy_of} - found.keys()
        return [*found.values(), *(one for one in self.signed(leaders).values() if one.number != number)]

    # ---- groups ----

    def set_copy_of(self, number: int, article_id: str | None) -> None:
        """Say which article stands for this one, inside a transaction; None for itself."""
        self._db.execute("UPDATE copies SET copy_of = ? WHERE number = ?", (article_id, number))

    def copying(self, article_id: str, most: int = -1) -> list[LookAlike]:
        """Those that the article stands for, in order; at most so many."""
        rows = self.rows(
            f"SELECT {_LOOK_ALIKE} FROM copies c WHERE c.copy_of = ? ORDER BY c.rank LIMIT ?", (article_id, most)
        )
        return [LookAlike(*row) for row in rows]

    def copies_of(self, ids: Iterable[str]) -> dict[str, str]:
        """Article -> the one that stands for its group, for those of these articles that another stands for."""
        rows = self._in_pieces("SELECT id, copy_of FROM copies WHERE id IN ({marks}) AND copy_of IS NOT NULL", ids)
        return dict(rows)

    def other_copies(self, article_id: str, most: int) -> tuple[list[Article], int]:
        """The other articles of its group, the earliest first, at most so many; and how many there are."""
        leader = self.copies_of([article_id]).get(article_id, article_id)
        rows = self.rows(
            "SELECT o.id FROM copies o JOIN articles a ON a.id = o.id AND NOT a.removed"
            " WHERE (o.copy_of = ?1 OR o.id = ?1) AND o.id <> ?2 ORDER BY o.rank",
            (leader, article_id),
        )
        ids = [row[0] for row in rows]
        found = self._in_pieces(
            f"SELECT {STORED} FROM articles a JOIN content c ON c.id = a.id AND c.version = a.version"
            " WHERE a.id IN ({marks})", ids[:most],
        )
        articles = {row[0]: to_stored(row).article for row in self.whole(found)}
        return [articles[one] for one in ids[:most]], len(ids)

    def grouped(self) -> tuple[str | None, int]:
        """What grouped the copies (`note_grouping`), and the last change that it has seen."""
        return self.meta("copies grouped by"), int(self.meta("last change grouped") or 0)

    def note_grouping(self, made_by: str, change: int) -> None:
        """Remember what grouped the copies up to this change; inside a transaction."""
        self._set("copies grouped by", made_by)
        self._set("last change grouped", str(change))

    def _in_pieces(self, select: str, ids: Iterable[str]) -> Iterator[tuple[Any, ...]]:
        wanted = list(dict.fromkeys(ids))
        for start in range(0, len(wanted), IDS_A_STATEMENT):
            some = wanted[start : start + IDS_A_STATEMENT]
            yield from self.rows(select.format(marks=", ".join("?" * len(some))), some)


def _bucket(day: int | None) -> int:
    return UNDATED if day is None else day // DAYS_A_BUCKET
