"""What articles call somebody, and which entity that means: the `names` of an archive.

An index holds the numbers of names, not entities, so that a name can come to mean somebody else without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from search.archive_file import ArchiveFile
from search.articles import DistinctName, Kind, name_term
from search.names import fold_name


class LinkedName(NamedTuple):
    """A row of `names`: what articles call somebody, and whom that means. shorts: folded forms."""

    id: int
    kind: Kind
    folded: str
    is_full: bool
    title: str
    country: str
    date: str
    name: str
    shorts: tuple[str, ...]
    role: str | None
    entity_id: str

    @property
    def said(self) -> DistinctName:
        """What the articles say."""
        return DistinctName(self.kind, self.name, self.is_full, self.shorts, self.title, self.country, self.date)


class ArchiveLinks(ArchiveFile):
    """The part of an archive that is about which entity a name means."""

    def put_name(self, said: DistinctName, entity_id: str | None = None, role: str | None = None) -> tuple[int, str]:
        """The number of a name and the entity it means, inside a transaction; a new one gets both.

        entity_id: whom it may mean if it is new; without one, an entity of the archive's own.
        """
        folded = fold_name(said.written)
        key = (said.kind, folded, said.is_full, said.title, said.country, said.date)
        row = self._db.execute(
            "SELECT id, entity_id, name FROM names WHERE (kind, folded, is_full, title, country, date)"
            " = (?, ?, ?, ?, ?, ?)", key,
        ).fetchone()
        if row:
            if said.written < row[2]:
                self._db.execute("UPDATE names SET name = ? WHERE id = ?", (said.written, row[0]))
            return row[0], row[1]
        entity_id = entity_id or self.own_entity(said.kind, folded, said.written, role)
        new = self._db.execute(
            "INSERT INTO names VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*key, said.written, " ".join(said.shorts), role, entity_id),
        )
        assert new.lastrowid is not None
        return new.lastrowid, entity_id

    def own_entity(self, kind: Kind, folded: str, name: str, role: str | None = None) -> str:
        """The archive's entity of this kind and folded name, inside a transaction; made if there is none."""
        row = self._db.execute("SELECT id, name FROM entities WHERE kind = ? AND folded = ?", (kind, folded)).fetchone()
        if row:
            # Of the ways to write it the first by code point: the same one whoever comes first.
            if name < row[1]:
                self._db.execute("UPDATE entities SET name = ? WHERE id = ?", (name, row[0]))
            return str(row[0])
        number = int(self.meta(f"last {kind}") or 0) + 1
        self._set(f"last {kind}", str(number))
        made = f"{kind}-{number}"
        self._db.execute(
            "INSERT INTO entities VALUES (?, ?, ?, ?, NULL, ?, NULL)", (made, kind, folded, name, role)
        )
        return made

    def add_aliases(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Note that entities are called so, inside a transaction. pairs: (as written, entity id)."""
        self._db.executemany(
            "INSERT OR IGNORE INTO aliases (folded, entity_id) VALUES (?, ?)",
            {(fold_name(surface), entity_id) for surface, entity_id in pairs},
        )

    def own_entities(self, kind: Kind) -> dict[str, tuple[str, str]]:
        """Folded name -> (id, name) of the archive's entities of this kind."""
        rows = self._db.execute("SELECT folded, id, name FROM entities WHERE kind = ?", (kind,))
        return {row[0]: (row[1], row[2]) for row in rows}

    def last_name(self) -> int:
        """The number of the newest name, 0 for none."""
        return int(self.rows("SELECT max(id) FROM names")[0][0] or 0)

    def linked_names(self, *, but_persons_after: int = 0) -> list[LinkedName]:
        """All names of persons, by number; of all others those with a higher number than this."""
        rows = self._db.execute(
            "SELECT id, kind, folded, is_full, title, country, date, name, shorts, role, entity_id FROM names"
            " WHERE kind = 'person' OR id > ? ORDER BY id",
            (but_persons_after,),
        )
        return [
            LinkedName._make((*row[:3], bool(row[3]), *row[4:8], tuple(row[8].split()), *row[9:])) for row in rows
        ]

    def link(self, entity_by_name: Mapping[int, str]) -> None:
        """Let names mean these entities from now on, inside a transaction."""
        touched: set[str] = set()
        for name_id, entity_id in entity_by_name.items():
            (before,) = self.rows("SELECT entity_id FROM names WHERE id = ?", (name_id,))[0]
            touched |= {before, entity_id}
            self._db.execute("UPDATE names SET entity_id = ? WHERE id = ?", (entity_id, name_id))
            self._db.execute("UPDATE OR REPLACE mentions SET entity_id = ? WHERE name_id = ?", (entity_id, name_id))
        for entity_id in touched:
            self._renew_aliases(entity_id)
        self._set("names linked", str(self.names_generation() + 1))

    def note_linking(self, made_by: str, last_name: int) -> None:
        """Remember what linked the names, and the newest of them; inside a transaction."""
        self._set("names linked by", made_by)
        self._set("last name linked", str(last_name))

    def _renew_aliases(self, entity_id: str) -> None:
        surfaces = self.rows(
            "SELECT DISTINCT surface FROM mentions WHERE entity_id = ? AND NOT inferred", (entity_id,)
        )
        known = {row[0] for row in self.rows("SELECT folded FROM aliases WHERE entity_id = ?", (entity_id,))}
        now = {fold_name(row[0]) for row in surfaces}
        self._db.executemany(
            "DELETE FROM aliases WHERE folded = ? AND entity_id = ?", [(gone, entity_id) for gone in known - now]
        )
        self.add_aliases((row[0], entity_id) for row in surfaces)
        # Whom its name means now, if not itself any more.
        self._db.execute(
            "UPDATE entities SET merged_into = (SELECT n.entity_id FROM names n WHERE n.kind = entities.kind"
            " AND n.folded = entities.folded AND NOT EXISTS (SELECT 1 FROM names WHERE entity_id = entities.id)"
            " ORDER BY n.id LIMIT 1) WHERE id = ?",
            (entity_id,),
        )

    def merged_into(self, entity_id: str) -> str | None:
        """The entity that the names of an earlier one mean now; None if it is not gone."""
        rows = self.rows("SELECT merged_into FROM entities WHERE id = ?", (entity_id,))
        return rows[0][0] if rows else None

    def names_generation(self) -> int:
        """Grows whenever a name comes to mean somebody else."""
        return int(self.meta("names linked") or 0)

    def terms_of(self, entity_id: str) -> tuple[str, ...]:
        """What stands for the entity in an index: its id, and the names that mean it."""
        rows = self._db.execute("SELECT id FROM names WHERE entity_id = ? ORDER BY id", (entity_id,))
        return (entity_id, *(name_term(row[0]) for row in rows))

    def entities_of(self, terms: Sequence[str]) -> list[str]:
        """Whom each of these terms of an index means."""
        meant = {name_term(row[0]): row[1] for row in self.rows("SELECT id, entity_id FROM names")}
        return [meant.get(term, term) for term in terms]
