"""The tables of a machine whose articles are on a cluster: an outbox, and a catalogue of all that others delivered.

Of what the cluster has, the catalogue keeps all but texts and tokens, so that names, copies and lists are found as on
one machine. What stands for a name in the index, and the ids of the archive's own entities, are made of the names
themselves: they are the same on every machine.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from search.archive import Archive, id_in_second_source
from search.articles import DistinctName, FoundName, Kind, Mention
from search.opensearch_engine.articles import Document, Found

TABLES = """
CREATE TABLE IF NOT EXISTS in_cluster (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    removed INTEGER NOT NULL,
    made_by TEXT,                       -- of the analysis that is there
    seq_no INTEGER NOT NULL,            -- of the write
    received INTEGER                    -- articles.change with which it came from another machine
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS name_terms (
    name_id INTEGER PRIMARY KEY,        -- names.id
    term INTEGER NOT NULL UNIQUE        -- what stands for it in the index
)
"""

ALIAS, ARCHIVE_ID = "cluster", "archive id"
"""Keys in `meta`."""

MARK, STORE = "received of part ", "received of"

LIGHT_COLUMNS = (
    "title", "title_inferred", "published", "published_precision", "source", "desk", "url", "authors",
    "published_inferred", "credits",
)
TEXT_COLUMNS = ("sections", "extra", "ruby")

_KEY = "kind, folded, is_full, title, country, date"
_TERM_BITS = 63
_ENTITY_BITS = 60
"""Of ten million names two have the same number once in 20,000 archives."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An article that the cluster does not have as it is here.

    known: version of it that the cluster was known to have, 0 for none. known_removed: whether it was removed there.
    hashes: version -> hash, of those that the cluster is not known to have.
    """

    id: str
    given_id: str
    source: str
    version: int
    removed: bool
    known: int
    known_removed: bool | None
    made_by: str | None
    hashes: Mapping[int, str]

    def is_of(self, document: Document) -> bool:
        """Whether it is the same article, and not one of another source with its id."""
        return (self.source, self.given_id) == (document["source"], document["given_id"])


class Catalogue(Archive):
    """The tables; nothing here asks the cluster."""

    _is_catalogue = True

    _OWN = " AND NOT EXISTS (SELECT 1 FROM in_cluster k WHERE k.id = a.id AND k.received = a.change)"

    def become_catalogue(self, alias: str) -> None:
        """From now on the articles are on a cluster, under this name; inside a transaction."""
        for statement in TABLES.split(";"):
            self._db.execute(statement)
        self._set(ALIAS, alias)
        self._set(ARCHIVE_ID, uuid.uuid4().hex)
        self._db.executemany(
            "INSERT OR IGNORE INTO name_terms VALUES (?, ?)",
            [(row[0], _number(_TERM_BITS, *row[1:])) for row in self.rows(f"SELECT id, {_KEY} FROM names")],
        )
        self._number_entities_anew()

    def _number_entities_anew(self) -> None:
        self._db.execute("CREATE TEMP TABLE renumbered (old TEXT PRIMARY KEY, new TEXT NOT NULL) WITHOUT ROWID")
        self._db.executemany(
            "INSERT INTO renumbered VALUES (?, ?)",
            [(old, self._new_entity_id(kind, folded))
             for old, kind, folded in self.rows("SELECT id, kind, folded FROM entities")],
        )
        for table, column in (
            ("entities", "merged_into"), ("entities", "id"), ("names", "entity_id"), ("mentions", "entity_id"),
            ("aliases", "entity_id"), ("name_sounds", "entity_id"),
        ):
            self._db.execute(
                f"UPDATE {table} SET {column} = (SELECT new FROM renumbered WHERE old = {column})"
                f" WHERE {column} IN (SELECT old FROM renumbered)"
            )
        self._db.execute("DROP TABLE renumbered")
        self._set("names linked", str(self.names_generation() + 1))
        self.forget()

    def archive_id(self) -> str:
        """The same as long as there is this directory."""
        return self.meta(ARCHIVE_ID) or ""

    def has_news(self) -> bool:
        """Whether others delivered what was not seen to yet: copies, and how names sound."""
        return self.grouped()[1] < self.last_change()

    # ---- names ----

    def _new_entity_id(self, kind: Kind, folded: str) -> str:
        return f"{kind}-{_number(_ENTITY_BITS, kind, folded)}"

    def _put_name(self, said: DistinctName, entity_id: str | None, role: str | None) -> tuple[int, str]:
        number, means = super()._put_name(said, entity_id, role)
        if not self.rows("SELECT 1 FROM name_terms WHERE name_id = ?", (number,)):
            key = self.rows(f"SELECT {_KEY} FROM names WHERE id = ?", (number,))[0]
            self._db.execute("INSERT OR IGNORE INTO name_terms VALUES (?, ?)", (number, _number(_TERM_BITS, *key)))
        return number, means

    def index_term(self, mention: Mention) -> str:
        """What stands for a mention in the index, on every machine."""
        if not mention.name_id:
            return mention.entity_id
        rows = self.rows(f"SELECT {_KEY} FROM names WHERE id = ?", (mention.name_id,))
        return f"#{_number(_TERM_BITS, *rows[0])}"

    def terms_of(self, entity_id: str) -> tuple[str, ...]:
        """What stands for the entity in the index: its id, and the names that mean it."""
        rows = self.rows(f"SELECT {_KEY} FROM names WHERE entity_id = ? ORDER BY id", (entity_id,))
        return (entity_id, *(f"#{_number(_TERM_BITS, *row)}" for row in rows))

    def entities_of(self, terms: Sequence[str]) -> list[str]:
        """Whom each of these terms of the index means."""
        found = dict(self._in_pieces(
            "SELECT t.term, n.entity_id FROM name_terms t JOIN names n ON n.id = t.name_id WHERE t.term IN ({marks})",
            (term[1:] for term in terms if term[:1] == "#" and term[1:].isdecimal()),
        ))
        meant = {f"#{number}": entity for number, entity in found.items()}
        return [meant.get(term, term) for term in terms]

    # ---- what is to be delivered ----

    def undelivered(self, ids: Iterable[str]) -> list[Standing]:
        """Those of these articles that the cluster is not known to have as they are here."""
        rows = self._in_pieces(
            "SELECT a.id, a.given_id, a.source, a.version, a.removed, coalesce(k.version, 0), k.removed, x.made_by"
            " FROM articles a LEFT JOIN in_cluster k ON k.id = a.id"
            " LEFT JOIN analyses x ON x.id = a.id AND x.version = a.version WHERE a.id IN ({marks})"
            " AND (k.version IS NOT a.version OR k.removed <> a.removed OR k.made_by IS NOT x.made_by)", ids,
        )
        return [
            Standing(
                article_id, given_id, source, version, bool(removed), known,
                None if known_removed is None else bool(known_removed), made_by, self._hashes(article_id, known),
            )
            for article_id, given_id, source, version, removed, known, known_removed, made_by in rows
        ]

    def _hashes(self, article_id: str, known: int) -> dict[int, str]:
        return dict(self.rows(
            "SELECT version, hash FROM content WHERE id = ? AND version > ? ORDER BY version", (article_id, known)
        ))

    def document(self, one: Standing, version: int, number: int, *, removed: bool) -> dict[str, Any]:
        """The document of a version that is here with its text. number: the version it is on the cluster."""
        columns = ("hash", "added_at", *LIGHT_COLUMNS, *TEXT_COLUMNS)
        row = self.rows(f"SELECT {', '.join(columns)} FROM content WHERE id = ? AND version = ?", (one.id, version))[0]
        found = dict(zip(columns, row, strict=True))
        return {
            "id": one.id, "given_id": one.given_id, "source": one.source, "version": number, "removed": removed,
            "hash": found["hash"], "added_at": found["added_at"], "by": self.archive_id(),
            "content": {name: found[name] for name in LIGHT_COLUMNS},
            "text": {name: found[name] for name in TEXT_COLUMNS},
            **self.derived(one.id, version),
        }

    def derived(self, article_id: str, version: int) -> dict[str, Any]:
        """The fields of a document that hold what was derived from the version."""
        rows = self.rows("SELECT made_by, tokens FROM analyses WHERE id = ? AND version = ?", (article_id, version))
        if not rows:
            return {"made_by": None, "tokens": None, "names": []}
        made_by, tokens = rows[0]
        names = self.rows(
            'SELECT m.part, m.start, m."end", m.surface, m.kind, m.confidence, m.about, m.inferred,'
            " iif(e.id IS NULL, m.entity_id, NULL), n.kind, n.name, n.is_full, n.shorts, n.title, n.country, n.date,"
            " n.role FROM mentions m LEFT JOIN names n ON n.id = m.name_id LEFT JOIN entities e ON e.id = m.entity_id"
            " WHERE m.article_id = ? AND m.version = ? ORDER BY m.part, m.start, m.entity_id", (article_id, version),
        )
        return {"made_by": made_by, "tokens": base64.b64encode(tokens).decode(), "names": names}

    # ---- what the cluster has ----

    def settle(
        self, one: Standing, others: Mapping[int, Document], moved: Mapping[int, int], top: int, removed: bool,
        made_by: str | None, seq_no: int,
    ) -> None:
        """The cluster has the article; inside a transaction. Texts are kept there from now on.

        one: as it was delivered. others: versions that came from elsewhere, by number. moved: version here -> its
        number on the cluster. top: the current version there, with this analysis.
        """
        version, removed_now = self.rows("SELECT version, removed FROM articles WHERE id = ?", (one.id,))[0]
        hashes = self._hashes(one.id, one.known)
        shift = top - one.version
        same = {
            v for v, document in others.items()
            if v <= one.version and v not in moved and hashes.get(v) == document["hash"]
        }
        later = {v: v + shift for v in hashes if v > one.version}
        gone = hashes.keys() - same - moved.keys() - later.keys()
        for v in gone:
            self._drop_version(one.id, v)
        self._renumber(one.id, {v: number for v, number in {**moved, **later}.items() if v != number})
        for v, document in others.items():
            if v not in same or not self.rows("SELECT 1 FROM analyses WHERE id = ? AND version = ?", (one.id, v)):
                self._put_light(document)
        for table, columns in (("content", "sections = '', extra = '', ruby = ''"), ("analyses", "tokens = x''")):
            self._db.execute(f"UPDATE {table} SET {columns} WHERE id = ? AND version <= ?", (one.id, top))
        now_removed = removed if bool(removed_now) == one.removed else bool(removed_now)
        self._db.execute(
            "UPDATE articles SET version = ?, removed = ? WHERE id = ?", (version + shift, now_removed, one.id)
        )
        if shift or gone or now_removed != bool(removed_now):     # the index is to have it as it is now
            self._db.execute("UPDATE articles SET change = ? WHERE id = ?", (self._next_change(), one.id))
        self._note(one.id, top, removed, made_by, seq_no, None)

    def _drop_version(self, article_id: str, version: int) -> None:
        for table, column in _OF_A_VERSION:
            self._db.execute(f"DELETE FROM {table} WHERE {column} = ? AND version = ?", (article_id, version))

    def _renumber(self, article_id: str, numbers: Mapping[int, int]) -> None:
        for table, column in _OF_A_VERSION:
            for version, number in numbers.items():         # by way of negative ones, where none is in the way
                self._db.execute(
                    f"UPDATE {table} SET version = ? WHERE {column} = ? AND version = ?", (-number, article_id, version)
                )
            self._db.execute(
                f"UPDATE {table} SET version = -version WHERE {column} = ? AND version < 0", (article_id,)
            )

    def _note(
        self, article_id: str, version: int, removed: bool, made_by: str | None, seq_no: int, received: int | None
    ) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO in_cluster VALUES (?, ?, ?, ?, ?, ?)",
            (article_id, version, removed, made_by, seq_no, received),
        )

    def news(self, found: Iterable[Found]) -> list[tuple[Found, int]]:
        """Those documents that others wrote, each with the version that is known here; not what waits here itself."""
        several = {one.document["id"]: one for one in found}
        known = {row[0]: row[1:] for row in self._in_pieces(
            "SELECT k.id, k.version, k.removed, k.made_by, k.seq_no, c.hash,"
            " k.version = a.version AND k.removed = a.removed"
            " FROM in_cluster k JOIN articles a ON a.id = k.id"
            " LEFT JOIN content c ON c.id = k.id AND c.version = k.version WHERE k.id IN ({marks})", several,
        )}
        news: list[tuple[Found, int]] = []
        for article_id, one in several.items():
            said = one.document
            if article_id in known:
                version, removed, made_by, seq_no, digest, is_settled = known[article_id]
                is_same = (version, bool(removed), made_by, digest) == (
                    said["version"], said["removed"], said["made_by"], said["hash"]
                )
                if is_settled and seq_no < one.seq_no and not is_same:
                    news.append((one, version))
            elif not self.rows(
                "SELECT 1 FROM articles WHERE id = ? OR (source, given_id) = (?, ?)",
                (article_id, said["source"], said["given_id"]),
            ):
                news.append((one, 0))
        return news

    def take(self, found: Found, earlier: Iterable[Document], *, is_indexed: bool = True) -> None:
        """What another machine delivered, inside a transaction. earlier: versions before it that are not known here.

        is_indexed: the other machine sees to the index.
        """
        said = found.document
        change = self._next_change()
        self._db.execute(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET version = excluded.version,"
            " change = excluded.change, removed = excluded.removed",
            (said["id"], said["given_id"], said["source"], said["version"], change, said["removed"]),
        )
        if said["removed"]:
            self.forget_files_with(said["id"])
        for document in (*earlier, said):
            self._put_light(document)
        received = change if is_indexed else None
        self._note(said["id"], said["version"], said["removed"], said["made_by"], found.seq_no, received)

    def _put_light(self, document: Document) -> None:
        columns = {
            "id": document["id"], "version": document["version"], "added_at": document["added_at"],
            "hash": document["hash"], **document["content"], **dict.fromkeys(TEXT_COLUMNS, ""),
        }
        self._db.execute(
            f"INSERT OR REPLACE INTO content ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
            [*columns.values()],
        )
        if document["made_by"]:
            self.put_analysis(
                document["id"], document["version"], document["made_by"], None, map(_found_name, document["names"])
            )

    def move_aside(self, one: Standing) -> None:
        """Another source has this id on the cluster: give the article, which nobody has yet, one of its own."""
        new = id_in_second_source(one.id, one.source)
        while self.rows("SELECT 1 FROM articles WHERE id = ?", (new,)):
            new = id_in_second_source(new, one.source)
        self.forget_files_with(one.id)
        self._db.execute("DELETE FROM copy_keys WHERE number IN (SELECT number FROM copies WHERE id = ?)", (one.id,))
        self._db.execute("DELETE FROM copies WHERE id = ?", (one.id,))
        self._db.execute("UPDATE copies SET copy_of = NULL WHERE copy_of = ?", (one.id,))
        for table, column in _OF_A_VERSION:
            self._db.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (new, one.id))
        self._db.execute(
            "UPDATE articles SET id = ?, change = ? WHERE id = ?", (new, self._next_change(), one.id)
        )

    # ---- how far others' deliveries are known ----

    def marks(self) -> dict[int, int]:
        """Part of the index of articles -> the number of its last write that is known here."""
        rows = self.rows("SELECT key, value FROM meta WHERE key GLOB ?", (f"{MARK}*",))
        return {int(key.removeprefix(MARK)): int(value) for key, value in rows}

    def put_mark(self, part: int, number: int) -> None:
        """All of its writes up to this one are known, inside a transaction."""
        self._set(f"{MARK}{part}", str(number))

    def begin(self, uuid: str) -> None:
        """Know the index of articles by its uuid from now on, inside a transaction.

        Another one than was known has other articles, as after a backup was put back: what was delivered is forgotten,
        to be received again; what waits stays.
        """
        if self.meta(STORE) not in (None, uuid):
            self._forget_delivered()
        self._set(STORE, uuid)

    def _forget_delivered(self) -> None:
        self._db.execute("DELETE FROM meta WHERE key GLOB ?", (f"{MARK}*",))
        for table, column in _OF_A_VERSION:
            self._db.execute(
                f"DELETE FROM {table} WHERE EXISTS (SELECT 1 FROM in_cluster k WHERE k.id = {table}.{column}"
                f" AND {table}.version <= k.version)"
            )
        self._db.execute("DELETE FROM articles WHERE NOT EXISTS (SELECT 1 FROM content c WHERE c.id = articles.id)")
        self._db.execute("DELETE FROM in_cluster")
        self.drop_all_signatures()
        self.note_grouping("", 0)


_OF_A_VERSION = (("content", "id"), ("analyses", "id"), ("mentions", "article_id"))


def _number(bits: int, *key: Any) -> int:
    """The same number for the same words, on every machine."""
    digest = blake2b("\x1f".join(map(str, key)).encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> (64 - bits)


def _found_name(row: Sequence[Any]) -> FoundName:
    (
        part, start, end, surface, kind, confidence, about, inferred, entity_id,
        name_kind, written, is_full, shorts, title, country, date, role,
    ) = row
    said = None
    if written is not None:
        said = DistinctName(name_kind, written, bool(is_full), tuple(shorts.split()), title, country, date)
    return FoundName(
        part, start, end, surface, kind, entity_id, written or surface, confidence, role, said, bool(about),
        bool(inferred),
    )
