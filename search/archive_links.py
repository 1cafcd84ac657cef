"""What articles call somebody, and which entity that means: the `names` of an archive.

An index holds the numbers of names, not entities, so that a name can come to mean somebody else without it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, NamedTuple

from search.archive_file import ArchiveFile
from search.articles import DistinctName, Kind, Mention, name_term
from search.names import fold_name

_NAME_TERM = re.compile(r"#(\d+)")
"""What `name_term` makes."""

_REWRITTEN = "rewritten name "
"""Before the number of a name, in `meta`."""

_ROW = "id, kind, folded, is_full, title, country, date, name, shorts, role, entity_id"


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
    def is_whole_person(self) -> bool:
        """Whether somebody is called so in full."""
        return self.is_full and self.kind == "person"

    @property
    def said(self) -> DistinctName:
        """What the articles say."""
        return DistinctName(self.kind, self.name, self.is_full, self.shorts, self.title, self.country, self.date)


def _linked(row: tuple[Any, ...]) -> LinkedName:
    """From a row of _ROW."""
    return LinkedName._make((*row[:3], bool(row[3]), *row[4:8], tuple(row[8].split()), *row[9:]))


MOST_REMEMBERED = 200_000
"""Names of articles that need not be looked up again: some 60 MB."""


class _Remembered:
    """What the tables have, so that it is not asked or stored again.

    state: of the connection, which changes when another one has written. names: as `put_name` answers.
    aliases: as `add_aliases` takes them.
    """

    def __init__(self, state: object = None) -> None:
        self.state = state
        self.names: dict[tuple[DistinctName, str | None], tuple[int, str]] = {}
        self.aliases: set[tuple[str, str]] = set()

    def is_full(self) -> bool:
        return len(self.names) + len(self.aliases) > MOST_REMEMBERED


class ArchiveLinks(ArchiveFile):
    """The part of an archive that is about which entity a name means."""

    _memory = _Remembered()

    def recall(self) -> None:
        """Forget what another connection may have changed."""
        state = (id(self._db), self._db.execute("PRAGMA data_version").fetchone()[0])
        if self._memory.state != state or self._memory.is_full():
            self._memory = _Remembered(state)

    def forget(self) -> None:
        """Ask the tables again."""
        self._memory = _Remembered(self._memory.state)

    def put_name(self, said: DistinctName, entity_id: str | None = None, role: str | None = None) -> tuple[int, str]:
        """The number of a name and the entity it means, inside a transaction; a new one gets both.

        entity_id: whom it may mean if it is new; without one, an entity of the archive's own.
        """
        names = self._memory.names
        if (said, entity_id) not in names:
            names[said, entity_id] = self._put_name(said, entity_id, role)
        return names[said, entity_id]

    def _put_name(self, said: DistinctName, entity_id: str | None, role: str | None) -> tuple[int, str]:
        folded = fold_name(said.written)
        key = (said.kind, folded, said.is_full, said.title, said.country, said.date)
        row = self._db.execute(
            "SELECT id, entity_id, name, shorts FROM names WHERE (kind, folded, is_full, title, country, date)"
            " = (?, ?, ?, ?, ?, ?)", key,
        ).fetchone()
        if row:
            number, means, written, shorts = row
            all_shorts = {*shorts.split(), *filter(None, said.shorts)}
            if said.written < written or len(all_shorts) > len(shorts.split()):
                self._rewrite(number, written, min(written, said.written), all_shorts)
            return number, means
        entity_id = entity_id or self.own_entity(said.kind, folded, said.written, role)
        new = self._db.execute(
            "INSERT INTO names VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*key, said.written, " ".join(dict.fromkeys(said.shorts)), role, entity_id),
        )
        assert new.lastrowid is not None
        return new.lastrowid, entity_id

    def _rewrite(self, number: int, written: str, now: str, shorts: Iterable[str]) -> None:
        """Of what articles say keep the same, whoever comes first: the first by code point, and all short forms."""
        self._db.execute(
            "UPDATE names SET name = ?, shorts = ? WHERE id = ?", (now, " ".join(sorted(shorts)), number)
        )
        if number <= self.last_linked_name():
            self._db.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", (f"{_REWRITTEN}{number}", written))

    def own_entity(self, kind: Kind, folded: str, name: str, role: str | None = None) -> str:
        """The archive's entity of this kind and folded name, inside a transaction; made if there is none."""
        row = self._db.execute("SELECT id, name FROM entities WHERE kind = ? AND folded = ?", (kind, folded)).fetchone()
        if row:
            # Of the ways to write it the first by code point: the same one whoever comes first.
            if name < row[1]:
                self._db.execute("UPDATE entities SET name = ? WHERE id = ?", (name, row[0]))
            return str(row[0])
        made = self._new_entity_id(kind, folded)
        self._db.execute(
            "INSERT INTO entities VALUES (?, ?, ?, ?, NULL, ?, NULL)", (made, kind, folded, name, role)
        )
        return made

    def _new_entity_id(self, kind: Kind, folded: str) -> str:
        (number,) = self._db.execute(
            "INSERT INTO meta VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET value = value + 1 RETURNING value",
            (f"last {kind}",),
        ).fetchone()
        return f"{kind}-{number}"

    def add_aliases(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Note that entities are called so, inside a transaction. pairs: (as written, entity id)."""
        known = self._memory.aliases
        new = set(pairs) - known
        self._db.executemany(
            "INSERT OR IGNORE INTO aliases (folded, entity_id) VALUES (?, ?)",
            {(fold_name(surface), entity_id) for surface, entity_id in new},
        )
        known |= new

    def last_name(self) -> int:
        """The number of the newest name, 0 for none."""
        return int(self.rows("SELECT max(id) FROM names")[0][0] or 0)

    def last_linked_name(self) -> int:
        """The number of the newest name that was linked, 0 for none."""
        return int(self.meta("last name linked") or 0)

    def rewritten_names(self) -> dict[int, str]:
        """Names that are written otherwise than when they were linked, or have more short forms.

        Number -> as it was written.
        """
        rows = self._db.execute("SELECT key, value FROM meta WHERE key GLOB ?", (f"{_REWRITTEN}*",))
        return {int(key.removeprefix(_REWRITTEN)): written for key, written in rows}

    def names_after(self, number: int = 0) -> list[LinkedName]:
        """The names with a higher number than this."""
        return [*map(_linked, self._db.execute(f"SELECT {_ROW} FROM names WHERE id > ?", (number,)))]

    def names_numbered(self, numbers: Iterable[int]) -> list[LinkedName]:
        """The names with these numbers."""
        return [*map(_linked, self._numbered(_ROW, numbers))]

    def short_names(self, forms: Iterable[str]) -> list[LinkedName]:
        """Names of persons that are one of these folded forms, and no whole name."""
        return [*map(_linked, self._db.execute(
            f"SELECT {_ROW} FROM names WHERE kind = 'person' AND is_full = 0"
            " AND folded IN (SELECT value FROM json_each(?))", (json.dumps(list(forms)),),
        ))]

    # An archive has a thousand times as many names as come at once: what looks at each of them makes no objects. The
    # index by kind is no help where half of the names are persons: "+kind" tells SQLite so.

    def persons_with_form(self, forms: Set[str]) -> set[int]:
        """Numbers of whole names that one of these folded forms may stand for, and that have a title or a country."""
        rows = self._db.execute(
            "SELECT id, shorts FROM names WHERE +kind = 'person' AND is_full AND title || country <> ''"
        )
        return {number for number, shorts in rows if not forms.isdisjoint(shorts.split())} if forms else set()

    def persons_in_parts(self) -> Iterator[tuple[int, str]]:
        """(number, as written) of whole names of persons with something between parts."""
        return self._db.execute(
            "SELECT id, name FROM names WHERE +kind = 'person' AND is_full AND name GLOB '*[・＝=]*'"
        )

    def link(self, entity_by_name: Mapping[int, str]) -> None:
        """Let names mean these entities from now on, inside a transaction."""
        touched: set[str] = set()
        self.forget()
        for name_id, entity_id in entity_by_name.items():
            # The one it meant, and the one that is called so, which led to that one.
            touched |= {entity_id, *(row[0] for row in self.rows(
                "SELECT entity_id FROM names WHERE id = ?1 UNION SELECT e.id FROM names n JOIN entities e"
                " ON (e.kind, e.folded) = (n.kind, n.folded) WHERE n.id = ?1", (name_id,),
            ))}
            self._db.execute("UPDATE names SET entity_id = ? WHERE id = ?", (entity_id, name_id))
            # "name_id AND": or else SQLite does not see that the index of those that are not 0 will do.
            self._db.execute(
                "UPDATE OR REPLACE mentions SET entity_id = ? WHERE name_id AND name_id = ?", (entity_id, name_id)
            )
        for entity_id in touched:
            self._renew_aliases(entity_id)
        self._set("names linked", str(self.names_generation() + 1))

    def note_linking(self, made_by: str, last_name: int) -> None:
        """Remember what linked the names, and the newest of them; inside a transaction."""
        self._set("names linked by", made_by)
        self._set("last name linked", str(last_name))
        self._db.execute("DELETE FROM meta WHERE key GLOB ?", (f"{_REWRITTEN}*",))

    def _renew_aliases(self, entity_id: str) -> None:
        surfaces = self.rows(
            "SELECT DISTINCT surface FROM mentions WHERE entity_id = ? AND NOT inferred", (entity_id,)
        )
        known = {row[0] for row in self.rows("SELECT folded FROM aliases WHERE entity_id = ?", (entity_id,))}
        now = {fold_name(row[0]) for row in surfaces}
        self._db.executemany(
            "DELETE FROM aliases WHERE folded = ? AND entity_id = ?", [(gone, entity_id) for gone in known - now]
        )
        self.forget()
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
        numbers = [int(of_name[1]) for term in terms if (of_name := _NAME_TERM.fullmatch(term))]
        meant = {name_term(number): entity for number, entity in self._numbered("id, entity_id", numbers)}
        return [meant.get(term, term) for term in terms]

    def index_term(self, mention: Mention) -> str:
        """What stands for a mention in an index."""
        return mention.term

    def archive_id(self) -> str:
        """Tells the archive from others that feed the same index: none do."""
        return ""

    def _numbered(self, columns: str, numbers: Iterable[int]) -> Iterator[tuple[Any, ...]]:
        """These columns of the names with these numbers, in any order."""
        return self._db.execute(
            f"SELECT {columns} FROM names WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(numbers)),)
        )
