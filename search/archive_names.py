"""What an archive knows about names: its entities, how articles write them, and how they sound."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

from search.archive_links import ArchiveLinks
from search.articles import Entity, Kind
from search.foreign.name_sounds import SOUNDS_REVISION, Heard, heard
from search.known_names import KnownNames
from search.names import fold_name, in_new_forms

IDS_A_STATEMENT = 500
"""SQLite takes 999 values in a statement, or more where it is newer."""

NAMES_A_TRANSACTION = 2_000
"""Names that are heard before others get their turn to write: some 0.2 s."""


class ArchiveNames(ArchiveLinks):
    """The part of an archive that is about names."""

    # ---- as they are written ----

    def entities(self, ids: Iterable[str]) -> dict[str, Entity]:
        """The archive's own entities among these ids (bundled ones are in `search.names`)."""
        wanted = list(dict.fromkeys(ids))
        found: dict[str, Entity] = {}
        for start in range(0, len(wanted), IDS_A_STATEMENT):
            some = wanted[start : start + IDS_A_STATEMENT]
            rows = self.rows(
                f"SELECT id, kind, name, name_en, role FROM entities WHERE id IN ({', '.join('?' * len(some))})", some
            )
            found.update((row[0], Entity(*row)) for row in rows)
        return found

    def entities_called(self, folded: str) -> tuple[str, ...]:
        """Ids of the entities that some article calls by this name, as `fold_name` makes it."""
        rows = self._db.execute("SELECT entity_id FROM aliases WHERE folded = ? ORDER BY entity_id", (folded,))
        return tuple(row[0] for row in rows)

    def all_aliases(self) -> list[tuple[str, str]]:
        """(entity id, name as `fold_name` makes it) of everything that some article calls somebody."""
        return self.rows("SELECT entity_id, folded FROM aliases")

    def entities_with(self, folded: str, sound: str = "", letters: str = "") -> set[str]:
        """Ids of entities that some article calls by a name with this in it, as it is folded.

        sound, letters: or of which a part is read so from its beginning, or spelled so, as `Heard` keeps them; "" for
        neither. folded: at least one character.
        """
        found = self.rows("SELECT entity_id FROM aliases WHERE instr(folded, ?)", (folded,))
        for wanted, voices in ((sound, "=+"), (letters, "'%")):
            if wanted:
                found += self.rows(
                    "SELECT entity_id FROM name_sounds WHERE instr(?, substr(sounds, 1, 1))"
                    " AND (instr(sounds, ?) OR instr(sounds, ?))", (voices, f" {wanted}", f",{wanted}"),
                )
        return {row[0] for row in found}

    def entities_like(self, before: str, after: str, most: int = 8) -> tuple[str, ...]:
        """Ids of entities that some article calls by a name with one character between these two, as it is folded.

        before: at least one character.
        """
        rows = self._db.execute(
            "SELECT DISTINCT entity_id FROM aliases WHERE folded > ? AND folded < ?"
            " AND length(folded) = ? AND substr(folded, ?) = ? LIMIT ?",
            (before, f"{before}\U0010ffff", len(before) + 1 + len(after), len(before) + 2, after, most),
        )
        return tuple(row[0] for row in rows)

    def entities_ending(self, folded: str, most: int = 8) -> tuple[str, ...]:
        """Ids of entities that some article calls by a longer name that ends so, as it is folded.

        folded: at least two characters.
        """
        rows = self._db.execute(
            "SELECT DISTINCT entity_id FROM aliases WHERE substr(folded, -2) = ?"
            " AND length(folded) > ? AND substr(folded, ?) = ? LIMIT ?",
            (folded[-2:], len(folded), -len(folded), folded, most),
        )
        return tuple(row[0] for row in rows)

    def mentions(self, entity_id: str) -> bool:
        """Whether any article names the entity."""
        row = self._db.execute(
            "SELECT 1 FROM mentions WHERE entity_id = ? AND NOT inferred LIMIT 1", (entity_id,)
        ).fetchone()
        return row is not None

    def forms(self, entity_id: str) -> list[str]:
        """How current articles write the entity, most frequent first; for the order alone, others count too.

        Each form is looked at until one current article is found: a sixth of the time of `surfaces`.
        """
        rows = self.rows(
            "SELECT f.surface FROM"
            " (SELECT surface, count(*) AS n FROM mentions WHERE entity_id = ? AND NOT inferred GROUP BY surface) f"
            " WHERE EXISTS (SELECT 1 FROM mentions m JOIN articles a"
            " ON a.id = m.article_id AND a.version = m.version AND NOT a.removed"
            " WHERE m.entity_id = ? AND m.surface = f.surface)"
            " ORDER BY f.n DESC, f.surface",
            (entity_id, entity_id),
        )
        return [row[0] for row in rows]

    def surfaces(self, entity_id: str, kind: Kind = "person") -> list[tuple[str, int]]:
        """How current articles write the entity: (surface, mentions), most frequent first.

        kind: the entity's. Only a person is meant by words that are no name (`Mention.is_inferred`); of all others the
        index alone is read, in a quarter of the time.
        """
        named = " AND NOT m.inferred" if kind == "person" else ""
        return self.rows(
            "SELECT m.surface, count(*) AS n FROM mentions m JOIN articles a"
            " ON a.id = m.article_id AND a.version = m.version AND NOT a.removed"
            f" WHERE m.entity_id = ?{named} GROUP BY m.surface ORDER BY n DESC, m.surface",
            (entity_id,),
        )

    def surfaces_in(self, entity_id: str, article_ids: Iterable[str]) -> list[tuple[str, str]]:
        """(surface, article id) of all the ways in which these articles, where current, write the entity."""
        wanted, found = list(article_ids), []
        for start in range(0, len(wanted), IDS_A_STATEMENT):
            some = wanted[start : start + IDS_A_STATEMENT]
            # The plus keeps SQLite from the index by entity: a few articles have fewer mentions than a country.
            found += self.rows(
                "SELECT DISTINCT m.surface, m.article_id FROM mentions m JOIN articles a"
                " ON a.id = m.article_id AND a.version = m.version AND NOT a.removed"
                f" WHERE m.article_id IN ({', '.join('?' * len(some))}) AND +m.entity_id = ? AND NOT m.inferred",
                (*some, entity_id),
            )
        return found

    def articles_with(self, entity_id: str, surface: str) -> list[str]:
        """Ids of the current articles that write the entity so."""
        rows = self.rows(
            "SELECT DISTINCT m.article_id FROM mentions m JOIN articles a"
            " ON a.id = m.article_id AND a.version = m.version AND NOT a.removed"
            " WHERE m.entity_id = ? AND m.surface = ? AND NOT m.inferred",
            (entity_id, surface),
        )
        return [row[0] for row in rows]

    # ---- as they sound ----

    def hear_names(self) -> int:
        """Compute how the names sound that were stored since the last time, or all in an archive of an older program.

        Returns how many names that were. Begins transactions of its own.
        """
        if self.meta("sounds") != str(SOUNDS_REVISION):
            with self.transaction():
                for statement in ("DELETE FROM name_keys", "DELETE FROM name_sounds", "UPDATE aliases SET heard = 0"):
                    self._db.execute(statement)
                self._set("sounds", str(SOUNDS_REVISION))
        count, known = 0, KnownNames.load(self.directory)
        unheard = "SELECT entity_id, folded FROM aliases WHERE NOT heard LIMIT ?"
        while some := self.rows(unheard, (NAMES_A_TRANSACTION,)):
            with self.transaction():
                for entity_id, rows in groupby(sorted(some), key=itemgetter(0)):
                    self._hear(entity_id, {folded for _, folded in rows}, known)
                self._db.executemany("UPDATE aliases SET heard = 1 WHERE entity_id = ? AND folded = ?", some)
            count += len(some)
        return count

    def _hear(self, entity_id: str, folded: set[str], known: KnownNames) -> None:
        """Names of one entity, by their folded forms; what they are in full, only the mentions know."""
        entity = known.entity(entity_id) or self.entities([entity_id]).get(entity_id)
        if entity is None:
            return
        surfaces = self.rows("SELECT DISTINCT surface FROM mentions WHERE entity_id = ?", (entity_id,))
        names = [row[0] for row in surfaces if fold_name(row[0]) in folded]
        for name in dict.fromkeys((entity.name, *known.names_of(entity_id), *names)):
            for sounds in heard(in_new_forms(name), entity.kind):
                self._put_sounds(entity_id, sounds)

    def _put_sounds(self, entity_id: str, sounds: Heard) -> None:
        new = self._db.execute(
            "INSERT OR IGNORE INTO name_sounds (entity_id, sounds) VALUES (?, ?)", (entity_id, sounds.pack())
        )
        if new.rowcount:
            name = new.lastrowid
            keys = [(key, place, name) for key, place in sounds.all_keys()]
            self._db.executemany("INSERT OR IGNORE INTO name_keys VALUES (?, ?, ?)", keys)

    def names_at(self, key: str, most: int) -> list[tuple[int, int]]:
        """(number of the name, WHOLE, MAIN or OTHER) of the names that have this key, whole names first."""
        return self._db.execute(
            "SELECT name, place FROM name_keys WHERE key = ? ORDER BY place, name LIMIT ?", (key, most)
        ).fetchall()

    def sounds(self, names: Sequence[int]) -> list[tuple[str, str]]:
        """(entity id, Heard.pack) of each of these names, in their order."""
        rows = self.rows(
            f"SELECT id, entity_id, sounds FROM name_sounds WHERE id IN ({', '.join('?' * len(names))})", names
        )
        found = {number: (entity_id, sounds) for number, entity_id, sounds in rows}
        return [found[name] for name in names]

    def all_sounds(self) -> list[tuple[str, str]]:
        """(entity id, Heard.pack) of every name, that of an entity's name to show before its others."""
        return self.rows("SELECT entity_id, sounds FROM name_sounds ORDER BY id")

    def count_mentions(self, entity_id: str, most: int) -> int:
        """How often articles of any version name the entity, counted up to `most`."""
        count: int = self._db.execute(
            "SELECT count(*) FROM (SELECT 1 FROM mentions WHERE entity_id = ? LIMIT ?)", (entity_id, most)
        ).fetchone()[0]
        return count
