"""The file of an archive: connections to it, transactions, and what is said when it cannot be used."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Self

from search.archive_schema import MIGRATIONS, SCHEMA, SCHEMA_VERSION
from search.errors import ArchiveBusy, ArchiveDamaged, ArchiveMismatch, ArchiveNotFound

FILE_NAME = "articles.sqlite"
BUSY_TIMEOUT_MS = 10_000
LOCKED_PAUSE_SECONDS = 0.02
CACHE_KIB = 8_192
"""Of pages of the file, for each thread: with the 2 MiB that SQLite takes by itself, 20 articles take 0.4 ms longer."""


class ArchiveFile:
    """One open file. Threads may share it: each gets a connection of its own, so that none waits for another."""

    def __init__(self, directory: Path) -> None:
        """Nothing is opened yet; see `open`."""
        self.directory = directory
        self._of_thread = threading.local()
        self._lock = threading.Lock()
        self._connections: list[sqlite3.Connection] = []
        self._closed = False

    # ---- opening ----

    @classmethod
    def open(cls, directory: Path, *, create: bool = False) -> Self:
        """Open the archive in `directory`.

        create: make it where there is none.
        Raises ArchiveNotFound, ArchiveMismatch, ArchiveDamaged.
        """
        path = directory / FILE_NAME
        if not path.exists():
            if not create:
                raise ArchiveNotFound(
                    f"There is no archive in {directory}. Make one: kijigura add PATH --archive {directory}"
                )
            directory.mkdir(parents=True, exist_ok=True)
        try:
            archive = cls(directory)
            archive._prepare()
        except sqlite3.DatabaseError as error:
            raise _plain(error, path) from error
        if (alias := archive.meta("cluster")) and not archive._is_catalogue:
            archive.close()
            raise ArchiveMismatch(
                f"The articles of {directory} are on a cluster. Say where: --engine opensearch://HOST:PORT/{alias}"
            )
        return archive

    _is_catalogue = False
    """Whether this can open an archive whose articles are on a cluster."""

    @property
    def _db(self) -> sqlite3.Connection:
        """This thread's connection."""
        try:
            connection: sqlite3.Connection = self._of_thread.connection
        except AttributeError:
            connection = self._of_thread.connection = self._connect()
        return connection

    def _connect(self) -> sqlite3.Connection:
        with self._lock:
            if self._closed:
                raise sqlite3.ProgrammingError("The archive is closed.")
            # Autocommit: transactions are begun and ended in `transaction` alone.
            # Another thread than the one that uses it may close it.
            db = sqlite3.connect(
                self.directory / FILE_NAME, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None,
                check_same_thread=False,
            )
            self._connections.append(db)
        _keep_journal(db)
        db.execute("PRAGMA synchronous = FULL")
        db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        return db

    def _prepare(self) -> None:
        if self._is_new():
            with self.transaction():
                # Another process may have made the tables while this one waited.
                if self._is_new():
                    self._run(SCHEMA)
                self._db.execute("INSERT OR IGNORE INTO meta VALUES ('schema', ?), ('change', '0')", (SCHEMA_VERSION,))
        if self._form() in MIGRATIONS:
            with self.transaction():
                while (form := self._form()) in MIGRATIONS:
                    self._run(MIGRATIONS[form])
                    self._set("schema", str(form + 1))
        found = self._form()
        if found != SCHEMA_VERSION:
            raise ArchiveMismatch(
                f"The archive in {self.directory} has the form {found}, but this program knows "
                f"{SCHEMA_VERSION}. Install a newer Kijigura: pip install -U kijigura"
            )

    def _form(self) -> int:
        return int(self.meta("schema") or 0)

    def _run(self, statements: str) -> None:
        for statement in statements.split(";"):
            self._db.execute(statement)

    def _is_new(self) -> bool:
        return self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone() is None

    def close(self) -> None:
        """Let go of the file, in every thread."""
        with self._lock:
            self._closed = True
            for connection in self._connections:
                connection.close()
            self._connections.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is put inside is committed together, on disk when the block ends; or none of it.

        Raises ArchiveBusy if another process keeps writing for more than BUSY_TIMEOUT_MS.
        """
        try:
            self._db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise _plain(error, self.directory / FILE_NAME) from error
        try:
            self.recall()
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            self.forget()
            raise

    def recall(self) -> None:
        """A transaction begins: what is remembered of the tables is to be true in it."""

    def forget(self) -> None:
        """What is remembered of the tables may not be in them: a transaction was given up."""

    def transaction_or_joined(self) -> AbstractContextManager[None]:
        """A transaction, or nothing inside of one."""
        return nullcontext() if self._db.in_transaction else self.transaction()

    def rows(self, select: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What a SELECT finds; for those who read many articles at once."""
        return self._db.execute(select, values).fetchall()

    def whole(self, rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Rows that begin with CONTENT, with all of their columns: the texts may be kept elsewhere."""
        return list(rows)

    def packed(self, rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Rows (id, version, made_by, tokens) of `analyses`, with their tokens, of those that have any."""
        return list(rows)

    def meta(self, key: str) -> str | None:
        """A value the archive keeps about itself: schema, change, analysis."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def _set(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def verify(self) -> list[str]:
        """SQLite's own check of the whole file: a line for each thing that is wrong."""
        rows = self._db.execute("PRAGMA integrity_check").fetchall()
        return [row[0] for row in rows if row[0] != "ok"]


def _keep_journal(db: sqlite3.Connection) -> None:
    """Let readers read while one writes. While another process does the same, SQLite refuses without waiting."""
    end = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(LOCKED_PAUSE_SECONDS)


def _plain(error: sqlite3.DatabaseError, path: Path) -> Exception:
    text = str(error)
    if "locked" in text or "busy" in text:
        return ArchiveBusy(
            f"Another process is writing to {path}. Wait for it to end, or look for it: pgrep -af kijigura"
        )
    if "malformed" in text or "not a database" in text:
        return ArchiveDamaged(
            f"SQLite cannot read {path} ({text}). Put back a copy of the file, or save what can be read: "
            f"sqlite3 {path} .recover"
        )
    return ArchiveDamaged(f"{path} cannot be used: {text}. See what is wrong: kijigura doctor")
