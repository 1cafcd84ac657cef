"""Who is known before any article is read: the bundled entities, and those of an archive's own `names.toml`.

    [person]
    sakai-noriko = ["酒井法子", "Noriko Sakai", "のりピー"]          id = [name to show, name in English, aliases ...]
    suzuki-mp = ["鈴木一郎", "", "鈴木一郎議員"]                     namesakes: the name with a title tells them apart
    suzuki-player = ["鈴木一郎", "", "鈴木一郎選手"]

    [offices.JP]                                                    from which day on who held an office
    "首相" = ["2024-10-01 ishiba-shigeru"]

Tables are the kinds of entities. What stands there goes before what comes with the program; an id that comes with the
program, or that the archive has given (`person-17`), gets more names so.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from search.articles import KINDS, DistinctName, Entity, Kind
from search.errors import UsageError
from search.names import bundled_aliases, bundled_entities, bundled_names, fold_name, load_data

TABLE_NAME = "names.toml"
"""What an archive's directory may hold."""

_NOBODY = "-"
"""Of an office: nobody known."""

Holders = tuple[tuple[date, str], ...]
"""From which day on an office was whose, ascending; "-" for nobody known."""


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Entities by id, whom each name means, and who held which office when.

    entities: those of `names.toml` alone. names: of those, as they are written there, the one to show first.
    aliases: (kind, folded name) -> ids of those in `names.toml` that bear it.
    offices: (ISO code or id of an organization, office) -> who held it.
    digest: of the file; "" without one.
    """

    entities: Mapping[str, Entity] = field(default_factory=dict)
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: Mapping[tuple[Kind, str], tuple[str, ...]] = field(default_factory=dict)
    offices: Mapping[tuple[str, str], Holders] = field(default_factory=dict)
    digest: str = ""

    @staticmethod
    def load(directory: Path | None = None) -> KnownNames:
        """The bundled ones with those of the archive in `directory`. Raises UsageError for a bad file of its own."""
        own = directory / TABLE_NAME if directory else None
        if own is None or not own.exists():
            return KnownNames(offices=bundled_offices())
        return _read(own)

    def meant_by(self, name: DistinctName) -> str | None:
        """The one entity that the name means wherever it stands; None if it is nobody known, or one of several.

        A name with its title (習主席) is looked for first, then one with the title before it (教皇フランシスコ), then
        the name alone. The archive's own file goes before the program's.
        """
        forms = [name.written]
        if name.title:
            forms = [name.written + name.title, name.title + name.written, name.written]
        elif name.kind == "person":
            forms = [name.written, f"{name.written}氏"]
        for of_kind in (self._own, _bundled):
            for form in forms:
                ids = of_kind(name.kind, fold_name(form))
                if ids:
                    return ids[0] if len(ids) == 1 else None
        return None

    def _own(self, kind: Kind, folded: str) -> tuple[str, ...]:
        return self.aliases.get((kind, folded), ())

    def holders(self, of: str, office: str, first: date, last: date) -> tuple[str, ...]:
        """Who held the office of a country or an organization on some day from `first` to `last`, in order."""
        found: dict[str, None] = {}
        terms = self.offices.get((of, usual_office(office)), ())
        for at, (since, holder) in enumerate(terms):
            until = terms[at + 1][0] if at + 1 < len(terms) else date.max
            if since <= last and until > first and holder != _NOBODY:
                found[holder] = None
        return tuple(found)

    def first_held(self, holder: str, office: str) -> date | None:
        """Since when somebody held the office, of whatever country; None where that is not known."""
        return min((
            since for (_, known), terms in self.offices.items() if known == usual_office(office)
            for since, person in terms if person == holder
        ), default=None)

    def countries_with(self, office: str) -> tuple[str, ...]:
        """Those whose holders of the office are known."""
        return tuple(of for of, known in self.offices if known == usual_office(office))

    def entity(self, entity_id: str) -> Entity | None:
        """The entity of the file or of the program with this id."""
        return self.entities.get(entity_id) or bundled_entities().get(entity_id)

    def names_of(self, entity_id: str) -> tuple[str, ...]:
        """All names that the file and the program give the entity, the one to show first."""
        return tuple(dict.fromkeys((*self.names.get(entity_id, ()), *bundled_names(entity_id))))


def digest_of(directory: Path) -> str:
    """What `KnownNames.digest` would be now; "" without a file that can be read."""
    try:
        return _digest((directory / TABLE_NAME).read_bytes())
    except OSError:
        return ""


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def _bundled(kind: Kind, folded: str) -> tuple[str, ...]:
    return tuple(i for i in bundled_aliases().get(folded, ()) if bundled_entities()[i].kind == kind)


@cache
def bundled_offices() -> Mapping[tuple[str, str], Holders]:
    """Those of `search/data/offices.toml`."""
    tables = {of: table for of, table in load_data("offices").items() if of != "same"}
    return _offices(tables, "offices.toml")


@cache
def _usual() -> Mapping[str, str]:
    return {other: usual for usual, others in load_data("offices")["same"].items() for other in others}


def usual_office(office: str) -> str:
    """The word for the office that newspapers use most: 首相 for 内閣総理大臣."""
    return _usual().get(office, office)


def _offices(tables: Mapping[str, Mapping[str, Iterable[str]]], where: str) -> dict[tuple[str, str], Holders]:
    """Raises UsageError for what is no day and id, or out of order."""
    found: dict[tuple[str, str], Holders] = {}
    for of, offices in tables.items():
        for office, terms in offices.items():
            holders = []
            for term in terms:
                day, _, holder = str(term).partition(" ")
                try:
                    holders.append((date.fromisoformat(day), holder.strip()))
                except ValueError:
                    raise _bad(where, f'{of}.{office}: {term!r} is not like "2024-10-01 ishiba-shigeru"') from None
            if [day for day, _ in holders] != sorted(day for day, _ in holders):
                raise _bad(where, f"{of}.{office}: the days do not ascend")
            found[of, usual_office(office)] = tuple(holders)
    return found


def _read(path: Path) -> KnownNames:
    try:
        data = path.read_bytes()
        tables: dict[str, Any] = tomllib.loads(data.decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _bad(path, str(error)) from error
    offices = tables.pop("offices", {})
    entities: dict[str, Entity] = {}
    names: dict[str, tuple[str, ...]] = {}
    aliases: dict[tuple[Kind, str], tuple[str, ...]] = {}
    for kind in KINDS:
        for entity_id, written in tables.pop(kind, {}).items():
            if not isinstance(written, list) or not written or not all(isinstance(one, str) for one in written):
                raise _bad(path, f'{kind}.{entity_id} is no list of names, such as ["酒井法子", "Noriko Sakai"]')
            if entity_id in entities:
                raise _bad(path, f"{entity_id} is there twice")
            entities[entity_id] = Entity(entity_id, kind, written[0], next(iter(written[1:2]), "") or None)
            names[entity_id] = tuple(filter(None, written))
            for folded in dict.fromkeys(fold_name(name) for name in names[entity_id]):
                if folded:
                    aliases[kind, folded] = (*aliases.get((kind, folded), ()), entity_id)
    if tables:
        raise _bad(path, f"{', '.join(tables)} is no kind of entity; there are {', '.join(KINDS)}, and offices")
    if not isinstance(offices, dict) or not all(isinstance(one, dict) for one in offices.values()):
        raise _bad(path, "offices are tables, such as [offices.JP]")
    all_offices = {**bundled_offices(), **_offices(offices, str(path))}
    return KnownNames(entities, names, aliases, all_offices, _digest(data))


def _bad(where: object, what: str) -> UsageError:
    return UsageError(f"{where} cannot be read: {what}. Mend it, or move it away")
