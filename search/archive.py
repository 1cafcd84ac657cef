"""The archive: `articles.sqlite`, the truth that every index can be rebuilt from.

Every put and delete takes the next change number in its own transaction, so an index that knows the last
change it contains knows what it lacks. The tables can be read with any SQLite tool; `docs/archive.md` of
the repository names their columns.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from search.archive_copies import ArchiveCopies
from search.archive_files import ArchiveFiles
from search.archive_names import ArchiveNames
from search.archive_schema import CONTENT, FIELDS_OF_FORM_5, STORED, Stored, to_article, to_content, to_stored
from search.articles import JST, Article, DistinctName, FoundName, Mention, Topic
from search.errors import NotFound
from search.japanese.analysis import Analysis

_REMOVED_TOPIC = "removed topic "
"""Before the id of a topic, in `meta`."""

Outcome = Literal["added", "updated", "unchanged", "removed earlier"]


@dataclass(frozen=True, slots=True)
class Analyzed:
    """What was derived from one version of an article."""

    tokens: Analysis
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """An article as it was taken in. number: from 1. added_at: ISO 8601, JST."""

    number: int
    added_at: str
    article: Article


class Archive(ArchiveNames, ArchiveFiles, ArchiveCopies):
    """One open archive. Threads may share it."""

    # ---- articles ----

    def put(self, article: Article, *, restore: bool = False) -> tuple[str, Outcome]:
        """Add the article, or a new version of the one with its id and source; inside a transaction.

        restore: take it even if it was removed earlier.
        Returns the id it has here: its own, unless an article of another source has that already.
        """
        source = article.source or ""
        row = self._standing(article.id, source)
        content = to_content(article)
        digest = _digest(content)
        if row is None:
            identity, version, outcome = self._free_id(article.id, source), 1, "added"
            self._db.execute(
                "INSERT INTO articles VALUES (?, ?, ?, ?, ?, 0)",
                (identity, article.id, source, version, self._next_change()),
            )
        else:
            identity, version, removed = row
            if removed and not restore:
                return identity, "removed earlier"
            same = self._db.execute(
                "SELECT hash FROM content WHERE id = ? AND version = ?", (identity, version)
            ).fetchone()[0] == digest
            if same and not removed:
                return identity, "unchanged"
            version += not same
            outcome = "updated" if not removed else "added"
            self._db.execute(
                "UPDATE articles SET version = ?, change = ?, removed = 0 WHERE id = ?",
                (version, self._next_change(), identity),
            )
            if same:
                return identity, "added"
        now = datetime.now(JST).isoformat(timespec="seconds")
        self._db.execute(
            f"INSERT INTO content VALUES ({', '.join('?' * 17)})", (identity, version, now, digest, *content)
        )
        return identity, "updated" if outcome == "updated" else "added"

    def standing(self, article: Article) -> tuple[str, int] | None:
        """Id and version of the article that `put` would give a new version, removed or not; None if it is new."""
        row = self._standing(article.id, article.source or "")
        return row[:2] if row else None

    def _standing(self, given_id: str, source: str) -> tuple[str, int, int] | None:
        row: tuple[str, int, int] | None = self._db.execute(
            "SELECT id, version, removed FROM articles WHERE source = ? AND given_id = ?", (source, given_id)
        ).fetchone() or self._db.execute(
            # An export names articles by the id they had in the archive.
            "SELECT id, version, removed FROM articles WHERE source = ? AND id IN (?, ?)",
            (source, given_id, id_in_second_source(given_id, source)),
        ).fetchone()
        return row

    def _free_id(self, wanted: str, source: str) -> str:
        while self._db.execute("SELECT 1 FROM articles WHERE id = ?", (wanted,)).fetchone():
            wanted = id_in_second_source(wanted, source)
        return wanted

    def remove(self, article_id: str) -> bool:
        """Take the article out of searches, inside a transaction; its text stays, for `add --restore`.

        Returns whether it was there.
        """
        # Whoever adds its file again is told.
        self.forget_files_with(article_id)
        return bool(
            self._db.execute(
                "UPDATE articles SET removed = 1, change = ? WHERE id = ? AND NOT removed",
                (self._next_change(), article_id),
            ).rowcount
        )

    def _next_change(self) -> int:
        row = self._db.execute("UPDATE meta SET value = value + 1 WHERE key = 'change' RETURNING value").fetchone()
        return int(row[0])

    def last_change(self) -> int:
        """The number of the latest put or delete, 0 in an empty archive."""
        return int(self.meta("change") or 0)

    def count(self) -> int:
        """Articles there are, removed ones not counted."""
        count: int = self._db.execute("SELECT count(*) FROM articles WHERE NOT removed").fetchone()[0]
        return count

    def get(self, article_id: str, version: int | None = None) -> Stored:
        """The article, in its current version or in one that was. Raises NotFound."""
        row = self._db.execute(
            f"SELECT {STORED} FROM articles a JOIN content c ON c.id = a.id"
            " AND c.version = coalesce(?, a.version) WHERE a.id = ?",
            (version, article_id),
        ).fetchone()
        if row is None or (row[-1] and version is None):
            raise NotFound(f"The archive has no article {article_id!r}. Look for it: kijigura search WORDS")
        return to_stored(self.whole([row])[0])

    def current(self, ids: Iterable[str]) -> dict[str, Stored]:
        """Those of these articles that are there, in their current versions."""
        rows = self._in_pieces(
            f"SELECT {STORED} FROM articles a JOIN content c ON c.id = a.id AND c.version = a.version"
            " WHERE a.id IN ({marks}) AND NOT a.removed", ids,
        )
        return {row[0]: to_stored(row) for row in self.whole(rows)}

    def history(self, article_id: str) -> list[Version]:
        """All versions of the article, the first one first, removed or not. Raises NotFound."""
        rows = self._db.execute(
            f"SELECT {CONTENT}, c.added_at FROM content c WHERE c.id = ? ORDER BY c.version", (article_id,)
        ).fetchall()
        if not rows:
            raise NotFound(f"The archive has no article {article_id!r}. Look for it: kijigura search WORDS")
        return [Version(content[-1], added_at, to_article(content)) for *content, added_at in self.whole(rows)]

    def changes_since(self, change: int, *, limit: int = -1, own: bool = False) -> list[Stored]:
        """The articles touched after that change, removed ones too, in order of change; at most `limit`.

        own: without those that others have delivered and put into the index.
        """
        rows = self._db.execute(
            f"SELECT {STORED} FROM articles a JOIN content c ON c.id = a.id AND c.version = a.version"
            f" WHERE a.change > ?{self._OWN if own else ''} ORDER BY a.change LIMIT ?",
            (change, limit),
        )
        return [to_stored(row) for row in self.whole(rows)]

    def count_changes_since(self, change: int, *, own: bool = False) -> int:
        """How many articles `changes_since` yields."""
        count: int = self._db.execute(
            f"SELECT count(*) FROM articles a WHERE a.change > ?{self._OWN if own else ''}", (change,)
        ).fetchone()[0]
        return count

    _OWN = ""

    # ---- with others ----

    def deliver(self, ids: Iterable[str]) -> None:
        """Let others have these articles as they are here, and what was derived from them: one machine has no others.

        Begins transactions of its own.
        """

    def deliver_topics(self) -> None:
        """Let others have the topics as they are here."""

    def receive(self) -> int:
        """Take what others have delivered into the tables. Returns how many articles that were.

        Begins transactions of its own.
        """
        return 0

    def has_news(self) -> bool:
        """Whether others delivered what was not seen to yet: copies, and how names sound."""
        return False

    def note_indexed(self) -> None:
        """The index has all changes of its own that this archive has."""

    def last_touched(self, ids: Iterable[str]) -> dict[str, tuple[int, str]]:
        """Article -> the change that last touched it, and when its present version was taken in (ISO 8601, JST)."""
        rows = self._in_pieces(
            "SELECT a.id, a.change, c.added_at FROM articles a JOIN content c ON c.id = a.id AND c.version = a.version"
            " WHERE a.id IN ({marks})", ids,
        )
        return {article_id: (change, added_at) for article_id, change, added_at in rows}

    # ---- what was derived from them ----

    def put_analysis(
        self, article_id: str, version: int, made_by: str, tokens: Analysis | None, names: Iterable[FoundName],
        packed: bytes | None = None,
    ) -> tuple[Mention, ...]:
        """Keep what was derived from one version, inside a transaction. Returns its mentions, as `analysis` does.

        packed: the tokens as `Analysis.pack` makes them, where another process did; without either, none are kept.
        Whom the names mean is a first guess, until `name_linking.link_names` has seen all names of the archive.
        """
        if packed is None:
            packed = tokens.pack() if tokens else b""
        by_place = {(m.part, m.start, m.entity_id): m for m in map(self._mention, names)}
        mentions = tuple(by_place[place] for place in sorted(by_place))
        self._db.execute(
            "INSERT OR REPLACE INTO analyses VALUES (?, ?, ?, ?)",
            (article_id, version, made_by, packed),
        )
        self._db.execute("DELETE FROM mentions WHERE article_id = ? AND version = ?", (article_id, version))
        self._db.executemany(
            f"INSERT OR REPLACE INTO mentions VALUES ({', '.join('?' * 12)})",
            [
                (
                    article_id, version, m.part, m.start, m.end, m.surface, m.kind, m.entity_id, m.confidence,
                    m.name_id, m.is_about, m.is_inferred,
                )
                for m in mentions
            ],
        )
        self.add_aliases((m.surface, m.entity_id) for m in mentions if not m.is_inferred)
        return mentions

    def _mention(self, found: FoundName) -> Mention:
        if found.entity_id and found.said is None:
            name_id, entity_id = 0, found.entity_id
        else:
            said = found.said or DistinctName(found.kind, found.name)
            name_id, entity_id = self.put_name(said, found.entity_id, found.role)
        return Mention(
            found.part, found.start, found.end, found.surface, found.kind, entity_id, found.confidence, name_id,
            found.is_about, found.is_inferred,
        )

    def has_analysis(self, article_id: str, version: int, made_by: str) -> bool:
        """Whether something was derived from that version by `made_by`."""
        return self._db.execute(
            "SELECT 1 FROM analyses WHERE id = ? AND version = ? AND made_by = ?", (article_id, version, made_by)
        ).fetchone() is not None

    def analysis(self, article_id: str, version: int, made_by: str | None = None) -> Analyzed | None:
        """What was derived from that version; None if nothing was, or not by `made_by`."""
        found = self.analyses([(article_id, version)], made_by)
        return found.get((article_id, version))

    def analyses(
        self, wanted: Iterable[tuple[str, int]], made_by: str | None = None
    ) -> dict[tuple[str, int], Analyzed]:
        """The same of several versions (id, version), of those that have it."""
        found = [row for one in wanted for row in self._db.execute(
            "SELECT id, version, made_by, tokens FROM analyses WHERE id = ? AND version = ?", one
        )]
        return {
            (article_id, version): Analyzed(Analysis.unpack(tokens), self._mentions_of(article_id, version))
            for article_id, version, by, tokens in self.packed(found) if made_by in (None, by)
        }

    def _mentions_of(self, article_id: str, version: int) -> tuple[Mention, ...]:
        mentions = self._db.execute(
            'SELECT part, start, "end", surface, kind, entity_id, confidence, name_id, about, inferred FROM mentions'
            " WHERE article_id = ? AND version = ? ORDER BY part, start, entity_id",
            (article_id, version),
        )
        return tuple(map(_mention, mentions))

    def analyzed(self) -> bool:
        """Whether anything was derived yet: not in an archive whose first articles just came in."""
        return self._db.execute("SELECT 1 FROM analyses LIMIT 1").fetchone() is not None

    # ---- topics ----

    def topics(self) -> list[Topic]:
        """All topics, in the order to show them."""
        rows = self._db.execute("SELECT id, name, query, name_en FROM topics ORDER BY place, id")
        return [Topic(*row) for row in rows]

    def put_topics(self, topics: Iterable[Topic]) -> None:
        """Add or replace topics by id, inside a transaction; new ones go to the end. Removed ones are there again."""
        for topic in topics:
            self._db.execute("DELETE FROM meta WHERE key = ?", (f"{_REMOVED_TOPIC}{topic.id}",))
            self._db.execute(
                "INSERT INTO topics VALUES (?, (SELECT coalesce(max(place), 0) + 1 FROM topics), ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,"
                " query = excluded.query",
                (topic.id, topic.name, topic.name_en, topic.query),
            )

    def remove_topic(self, topic_id: str) -> bool:
        """Forget a topic, inside a transaction, but for its id: see `removed_topics`. Returns whether it was there."""
        was_there = bool(self._db.execute("DELETE FROM topics WHERE id = ?", (topic_id,)).rowcount)
        if was_there:
            self._set(f"{_REMOVED_TOPIC}{topic_id}", "1")
        return was_there

    def removed_topics(self) -> frozenset[str]:
        """Ids of topics that were removed, and that a `topics.toml` may still have."""
        rows = self._db.execute("SELECT key FROM meta WHERE key GLOB ?", (f"{_REMOVED_TOPIC}*",))
        return frozenset(row[0].removeprefix(_REMOVED_TOPIC) for row in rows)


def _digest(content: tuple[Any, ...]) -> str:
    """Of all that makes a version. What archives of the fifth form did not keep counts only where there is any."""
    kept, newer = content[:FIELDS_OF_FORM_5], content[FIELDS_OF_FORM_5:]
    told = content if newer != (0, "[]", "[]") else kept
    return hashlib.blake2b(json.dumps(told).encode(), digest_size=16).hexdigest()


def _mention(row: tuple[Any, ...]) -> Mention:
    part, start, end, surface, kind, entity_id, confidence, name_id, is_about, is_inferred = row
    return Mention(
        part, start, end, surface, kind, entity_id, confidence, name_id, bool(is_about), bool(is_inferred)
    )


def id_in_second_source(wanted: str, source: str) -> str:
    # Ids are unique within a source only; the suffix depends on the source alone, so that it is the same in
    # every archive.
    return f"{wanted}~{hashlib.blake2b(source.encode(), digest_size=4).hexdigest()}"
