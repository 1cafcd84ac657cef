"""What servers said last time, kept between runs in `following.sqlite` beside the archive.

It is no part of the archive: without it every feed is asked anew, and articles that are there already are recognized.
"""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search.errors import ArchiveDamaged

FILE_NAME = "following.sqlite"

# Another process may be writing its few rows.
BUSY_SECONDS = 10.0

SCHEMA = """
CREATE TABLE IF NOT EXISTS robots (origin TEXT PRIMARY KEY, text TEXT NOT NULL, asked_at REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS feeds (
    url TEXT PRIMARY KEY, etag TEXT, last_modified TEXT,
    asked_at REAL NOT NULL, not_before REAL NOT NULL, failures INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS items (
    feed TEXT, key TEXT, stamp TEXT NOT NULL, tries INTEGER NOT NULL, etag TEXT, last_modified TEXT,
    PRIMARY KEY (feed, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS items_by_key ON items (key);
"""


@dataclass(frozen=True, slots=True)
class Version:
    """By what a server tells whether a page has changed since: its ETag and Last-Modified, as it wrote them."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class KnownFeed:
    """A feed as it was last time. asked_at, not_before: seconds since 1970; failures: how many in a row."""

    version: Version = Version()
    asked_at: float = 0.0
    not_before: float = 0.0
    failures: int = 0


@dataclass(frozen=True, slots=True)
class KnownItem:
    """An item of a feed that went into the archive.

    stamp: other once the feed says that the item was updated. tries: how often its page did not come, and might yet.
    version: of its page.
    """

    stamp: str
    tries: int = 0
    version: Version = Version()


class Notebook:
    """One open file of notes, or with `path` None, notes that are forgotten. Threads may share it."""

    def __init__(self, path: Path | None = None) -> None:
        """Raises ArchiveDamaged for a file that is none of SQLite."""
        self._lock = threading.Lock()
        try:
            self._db = sqlite3.connect(
                path or ":memory:", timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._db.executescript(SCHEMA)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            raise ArchiveDamaged(
                f"{path} cannot be read: {error}. Delete it; the feeds are then asked anew, and no article is lost."
            ) from error

    def __enter__(self) -> Notebook:
        return self

    def __exit__(self, *error: object) -> None:
        with self._lock:
            self._db.close()

    def robots(self, origin: str) -> tuple[str, float] | None:
        """The text of an origin's robots.txt, and when it was asked for, in seconds since 1970."""
        row = self._one("SELECT text, asked_at FROM robots WHERE origin = ?", origin)
        return (str(row[0]), float(row[1])) if row else None

    def keep_robots(self, origin: str, text: str, asked_at: float) -> None:
        self._put("INSERT OR REPLACE INTO robots VALUES (?, ?, ?)", origin, text, asked_at)

    def feed(self, url: str) -> KnownFeed:
        row = self._one("SELECT etag, last_modified, asked_at, not_before, failures FROM feeds WHERE url = ?", url)
        return KnownFeed(Version(*row[:2]), *row[2:]) if row else KnownFeed()

    def keep_feed(self, url: str, feed: KnownFeed) -> None:
        self._put(
            "INSERT OR REPLACE INTO feeds VALUES (?, ?, ?, ?, ?, ?)",
            url, feed.version.etag, feed.version.last_modified, feed.asked_at, feed.not_before, feed.failures,
        )

    def item(self, feed: str, key: str) -> KnownItem | None:
        row = self._one("SELECT stamp, tries, etag, last_modified FROM items WHERE feed = ? AND key = ?", feed, key)
        return KnownItem(row[0], row[1], Version(*row[2:])) if row else None

    def is_known_elsewhere(self, key: str) -> bool:
        """Whether any feed had the item."""
        return self._one("SELECT 1 FROM items WHERE key = ? LIMIT 1", key) is not None

    def keep_item(self, feed: str, key: str, item: KnownItem) -> None:
        self._put(
            "INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?, ?, ?)",
            feed, key, item.stamp, item.tries, item.version.etag, item.version.last_modified,
        )

    def _one(self, query: str, *values: Any) -> Any:
        with self._lock:
            return self._db.execute(query, values).fetchone()

    def _put(self, query: str, *values: Any) -> None:
        with self._lock:
            self._db.execute(query, values)
