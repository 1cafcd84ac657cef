"""The names of one archive: its own entities and the bundled ones, and what each is called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from search.archive import Archive
from search.articles import KINDS, Entity
from search.engine import Engine
from search.errors import NotFound
from search.known_names import KnownNames
from search.names import bundled_aliases, bundled_entities, fold_name, load_data
from search.query.model import Named, Query

CACHED_ENTITIES = 4096
CACHED_NAMES = 1 << 15
"""Entities of the archive that are kept in memory, about 0.3 KB each."""

MOST_CHARS_LIKE = 16
"""Of a name that others are compared with."""

MEANT_RATIO = 10
"""A namesake counts as meant with at least a tenth of the articles of the best known."""

ARTICLES_A_PERSON = 2
"""A surname of one character means a person who is named in at least half as many articles as have the word."""

_FORMER = re.compile("(前|元|新|次期|故)$")


class Registry:
    """Looks entities up by id and by name, as one snapshot of the index has them. Threads may share it."""

    def __init__(self, archive: Archive, engine: Engine) -> None:
        self._archive = archive
        self._engine = engine
        self._known = KnownNames.load(archive.directory)
        self._entities = self._beforehand()             # what an id means never changes
        self.surfaces = lru_cache(CACHED_ENTITIES)(self._surfaces)
        self._articles = lru_cache(CACHED_ENTITIES)(self._count_articles)

    def entity(self, entity_id: str) -> Entity:
        """The entity with this id; one that nobody knows any more shows its id."""
        return self.known(entity_id) or Entity(entity_id, "person", entity_id)

    def look_up(self, ids: Iterable[str]) -> None:
        """Find these entities in one statement, so that `entity` need not ask for each."""
        missing = [i for i in ids if i not in self._entities]
        if not missing:
            return
        if len(self._entities) + len(missing) > CACHED_NAMES:
            self._entities = self._beforehand()
        self._entities.update(self._archive.entities(missing))

    def _beforehand(self) -> dict[str, Entity]:
        return {**bundled_entities(), **self._known.entities}

    def find(self, name_or_id: str) -> Entity:
        """By id, or by any name: of several, the one with most articles. Raises NotFound."""
        found = self._now(self.known(name_or_id)) or next(iter(self.called(name_or_id)), None)
        if found is None:
            raise NotFound(
                f"The archive knows nobody and nothing called {name_or_id!r}. "
                f"Look for the word: kijigura search {name_or_id}"
            )
        return found

    def called(self, name: str) -> tuple[Entity, ...]:
        """The entities of this archive that bear the name, with a title or without, most articles first."""
        return self.bearing(name) or self._called_by_title(name)

    def meant(self, name: str) -> tuple[Entity, ...]:
        """Those of `called` that a reader may mean: a namesake with far fewer articles is not one of them."""
        called = self.called(name)
        return tuple(e for e in called if self._articles(e.id) * MEANT_RATIO >= self._articles(called[0].id))

    def bearing(self, name: str) -> tuple[Entity, ...]:
        """The entities that articles of this archive name and that bear just this name, most articles first.

        Of one character only persons whom it mostly means: 習; 北 is rarely 北さん, and the search for the character
        米 finds 米大統領 anyway.
        """
        found = self._all_bearing(name)
        if len(fold_name(name)) > 1:
            return found
        least = self._engine.frequency(fold_name(name)) / ARTICLES_A_PERSON
        return tuple(e for e in found if e.kind == "person" and self._articles(e.id) >= least)

    def _all_bearing(self, name: str) -> tuple[Entity, ...]:
        folded = fold_name(name)
        if not folded:
            return ()
        own = [i for kind in KINDS for i in self._known.aliases.get((kind, folded), ())]
        known = [i for i in (*own, *bundled_aliases().get(folded, ())) if self._archive.mentions(i)]
        return self._by_articles((*known, *self._archive.entities_called(folded)))

    def with_given_name(self, name: str) -> tuple[Entity, ...]:
        """The persons whose name ends so, most articles first: 習近平 for 近平. name: two characters or more."""
        found = self._by_articles(self._archive.entities_ending(fold_name(name)))
        return tuple(e for e in found if e.kind == "person")

    def _by_articles(self, ids: Iterable[str]) -> tuple[Entity, ...]:
        ids = list(dict.fromkeys(ids))
        if len(ids) > 1:
            ids.sort(key=lambda i: (-self._articles(i), i))
        return tuple(self.entity(i) for i in ids)

    def written_like(self, name: str) -> tuple[str, ...]:
        """Ids of those with a name that differs from this one in one character, but for the first; three at most."""
        folded = fold_name(name)
        found: dict[str, None] = {}
        for at in range(1, len(folded)) if 3 <= len(folded) <= MOST_CHARS_LIKE else ():
            pattern = re.compile(re.escape(folded[:at]) + "." + re.escape(folded[at + 1 :]))
            bundled = (i for key, ids in bundled_aliases().items() if pattern.fullmatch(key) for i in ids)
            own = self._archive.entities_like(folded[:at], folded[at + 1 :])
            found.update(dict.fromkeys(i for i in (*bundled, *own) if self._archive.mentions(i)))
        return tuple(sorted(found, key=lambda i: (-self._articles(i), i)))[:3]

    def ids(self, kind: str, name_or_id: str) -> list[str]:
        """Ids of the entities of this kind with that id or name."""
        known = self._now(self.known(name_or_id))
        if known and known.kind == kind:
            return [known.id]
        code = abbreviated_countries().get(name_or_id) if kind == "country" else None
        if code and self._archive.mentions(code):
            return [code]
        called = self._all_bearing(name_or_id) or self._called_by_title(name_or_id)
        return [entity.id for entity in called if entity.kind == kind]

    def written(self, entity: Entity) -> str:
        """What means just this entity as a value of its kind: its name, or its id where others bear the name."""
        return entity.name if self.ids(entity.kind, entity.name) == [entity.id] else entity.id

    def _called_by_title(self, name: str) -> tuple[Entity, ...]:
        """The persons called by what stands before a title: ゼレンスキー氏, 王毅外相, トランプ前大統領."""
        if not name.endswith(person_titles()):
            return ()
        bare = next(name.removesuffix(title) for title in person_titles() if name.endswith(title))
        return tuple(e for e in self.bearing(_FORMER.sub("", bare)) if e.kind == "person")

    def known(self, entity_id: str) -> Entity | None:
        """The entity with this id, if there is one."""
        known = self._entities.get(entity_id)
        if known is None:
            self.look_up([entity_id])
            known = self._entities.get(entity_id)
        return known

    def _now(self, known: Entity | None) -> Entity | None:
        """The entity that those names mean now which meant this one."""
        now = self._archive.merged_into(known.id) if known else None
        return (self.known(now) if now else None) or known

    def _surfaces(self, entity_id: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self._archive.forms(entity_id), *self._known.names_of(entity_id)[:1])))

    def _count_articles(self, entity_id: str) -> int:
        return self._engine.search(Query(Named(entity_id), limit=0, facets=(), spans=False, days=False)).total


@cache
def abbreviated_countries() -> Mapping[str, str]:
    """米 -> US: the countries that newspapers write with one character."""
    codes: dict[str, str] = load_data("countries")["abbreviations"]
    return {char: code for char, code in codes.items() if code}


@cache
def person_titles() -> tuple[str, ...]:
    """What follows a person's name, the longest first: 国家主席 before 主席."""
    tables = load_data("titles")
    return tuple(sorted((*tables["honorifics"], *tables["offices"], *tables["posts"]), key=len, reverse=True))
