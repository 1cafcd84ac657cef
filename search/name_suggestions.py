"""Names and topics that begin as what is being typed: 習, しゅう, shu and xi become 習近平. A list, not a search.

`name_keys` says how names are found by their beginnings; benchmarks/suggestions.py measures it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import islice

from search.archive import Archive
from search.articles import JST, Entity, Topic
from search.asking import DEADLINE_MS, NAMED_FACETS
from search.engine import Engine
from search.foreign.name_sounds import heard
from search.foreign.names_index import NameIndex
from search.foreign.romaji import begun_romaji, is_kana, sound_of_kana
from search.known_names import KnownNames
from search.name_keys import LATIN, Known, NameKeys, key_of_given_name, keys_as_heard, prefixes
from search.names import fold_name
from search.query.fields import NAMES as FIELD_NAMES
from search.query.model import Everything, Query
from search.query.typed_end import TypedEnd, typed_ends
from search.registry import Registry

MOST_SUGGESTED = 8
MOST_TOPICS = 3
MOST_RARE = 3
"""Of names that one article has: they are many, and what a program takes for a name is least sure there."""

SHORTEST_MISSPELLED, LEAST_SCORE = 4, 0.6
"""Letters of a word that no name begins with, but that may be how somebody spells one (Lavrow); and how well it must
fit, as `names_index.Candidate` has it."""

KNOWN_BY_GIVEN_NAME = 5
"""Articles, at least, of a person who is suggested by the given name alone: 近平."""

SHORTEST_INSIDE = 4
"""Letters of a reading that is looked for in the middle of a topic's name: wahe."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name or a topic that may be meant.

    kind: of the entity, or "topic". value: what takes the place of what was typed. label: what people read. also: the
    name in another language, where that helps to know it again. count: articles.
    """

    id: str
    kind: str
    value: str
    label: str
    also: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Suggestions:
    """text: as it was given. typed: the end of it whose place each value takes, "" where there is none."""

    text: str
    typed: str = ""
    found: tuple[Suggestion, ...] = ()


class Suggester:
    """Answers for one snapshot of the index. Threads may share it."""

    def __init__(
        self, archive: Archive, engine: Engine, registry: Registry,
        count_topics: Callable[[tuple[Topic, ...]], Mapping[str, int]],
    ) -> None:
        """count_topics: topic id -> articles."""
        self._archive = archive
        self._engine = engine
        self._registry = registry
        self._names = NameIndex(archive)
        # The day too: the query of a topic may say 今日 or 過去7日.
        self._articles_of_topics = lru_cache(maxsize=4)(lambda topics, _today: count_topics(topics))

    def suggest(self, text: str, language: str, most: int = MOST_SUGGESTED) -> Suggestions:
        """What the end of `text` may become. language: of labels and values, "ja" or "en"."""
        for end in typed_ends(text):
            topics = self._topics(end, language)
            exact, begun = self._entities(end, most - len(topics))
            if topics or exact or begun:
                others = [*(self._suggestion(one, end, language) for one in begun), *topics]
                others.sort(key=lambda one: (-one.count, one.label))
                return Suggestions(
                    text, end.typed, (*(self._suggestion(one, end, language) for one in exact), *others)
                )
        return Suggestions(text)

    # ---- entities ----

    def _entities(self, end: TypedEnd, most: int) -> tuple[list[Known], list[Known]]:
        """Those that are called just so, and those whose names only begin so, `most` of both together."""
        if end.field == "topic":
            return [], []
        kinds = (end.field,) if end.field else NAMED_FACETS
        name = fold_name(end.typed)
        # Of one character hardly anybody is called just so, whatever a program found in an article or two.
        exact = _best([self._keys.called(name, kinds)], most) if len(name) > 1 else []
        begun = _best([self._keys.beginning(prefix, kinds) for prefix in prefixes(end.typed)], most)
        if not exact and not begun:
            return [], self._misspelled(end.typed, kinds)[:most]
        return exact, [one for one in begun if one not in exact][: most - len(exact)]

    def _misspelled(self, typed: str, kinds: Collection[str]) -> list[Known]:
        """Those whose names may be spelled so."""
        if len(typed) < SHORTEST_MISSPELLED or not LATIN.fullmatch(typed):
            return []
        candidates = self._names.find(typed)
        found = [self._known_by_id.get(one.entity_id) for one in candidates if one.score >= LEAST_SCORE]
        return [one for one in found if one is not None and one.kind in kinds]

    def _suggestion(self, one: Known, end: TypedEnd, language: str) -> Suggestion:
        entity = self._registry.entity(one.entity_id)
        label = entity.label(language)
        value = _quoted(label) if end.field else label
        return Suggestion(one.entity_id, one.kind, value, label, _also(entity, end, language), one.articles)

    @cached_property
    def _keys(self) -> NameKeys:
        written: defaultdict[str, set[str]] = defaultdict(set)
        for entity_id, folded in self._archive.all_aliases():
            written[entity_id].add(folded)
        sounds: defaultdict[str, list[str]] = defaultdict(list)
        for entity_id, packed in self._archive.all_sounds():
            sounds[entity_id].append(packed)
        names = KnownNames.load(self._archive.directory)
        by_given_name = {
            one.entity_id for one in self._known_by_id.values()
            if one.kind == "person" and one.articles >= KNOWN_BY_GIVEN_NAME
        }
        self._registry.look_up(by_given_name)

        def keys(one: Known) -> Iterator[str]:
            own = written[one.entity_id].union(map(fold_name, names.names_of(one.entity_id))) - {""}
            yield from own
            yield from keys_as_heard(one.kind, sounds[one.entity_id])
            if one.entity_id in by_given_name:
                yield from key_of_given_name(self._registry.entity(one.entity_id).name, own)

        return NameKeys((one, keys(one)) for one in self._known_by_id.values())

    @cached_property
    def _known_by_id(self) -> Mapping[str, Known]:
        """Every entity that a facet counts, the best known first."""
        query = Query(Everything(), limit=0, facets=NAMED_FACETS, spans=False, days=False, deadline_ms=DEADLINE_MS)
        facets = self._engine.search(query).facets
        known = [Known(value, kind, count) for kind in NAMED_FACETS for value, count in facets[kind].items()]
        return {one.entity_id: one for one in sorted(known, key=lambda one: (-one.articles, one.entity_id))}

    # ---- topics ----

    def _topics(self, end: TypedEnd, language: str) -> list[Suggestion]:
        """Topics with what is typed anywhere in their names: 和平 becomes ウクライナ和平交渉."""
        if end.field not in (None, "topic"):
            return []
        topics = tuple(self._archive.topics())
        found = [topic for topic in topics if _is_in_name(end.typed, topic)]
        if not found:
            return []
        counts = self._articles_of_topics(topics, datetime.now(JST).date())
        found.sort(key=lambda topic: (-counts.get(topic.id, 0), topic.id))
        return [_of_topic(topic, counts.get(topic.id, 0), end, language) for topic in found[:MOST_TOPICS]]


def _best(sources: Sequence[Iterator[Known]], most: int) -> list[Known]:
    """The best known of all, each once, with few that one article has."""
    found = {one for source in sources for one in islice(source, most)}
    ranked = sorted(found, key=lambda one: (-one.articles, one.entity_id))
    common = sum(one.articles > 1 for one in ranked)
    return ranked[: min(most, common + MOST_RARE)]


@lru_cache(maxsize=1024)
def _sound_of(name: str) -> str:
    """How a topic's name is read."""
    return next((one.wholes()[0] for one in heard(name, "event") if one.voice in "=+"), "")


def _is_in_name(typed: str, topic: Topic) -> bool:
    """One character must be the first one; more may stand anywhere in the name, as it is written or read."""
    for name in filter(None, (topic.name, topic.name_en)):
        at = fold_name(name).find(fold_name(typed))
        if at == 0 or (at > 0 and len(typed) > 1):
            return True
    sound = sound_of_kana(typed) if is_kana(typed) else begun_romaji(typed) if LATIN.fullmatch(typed) else ""
    at = _sound_of(topic.name).find(sound) if sound else -1
    return at == 0 or (at > 0 and len(sound) >= SHORTEST_INSIDE)


def _of_topic(topic: Topic, count: int, end: TypedEnd, language: str) -> Suggestion:
    label = topic.label(language)
    field = "" if end.field else FIELD_NAMES["topic"][language == "en"] + ":"
    return Suggestion(topic.id, "topic", field + _quoted(label), label, _also(topic, end, language), count)


def _also(one: Entity | Topic, end: TypedEnd, language: str) -> str | None:
    """The Japanese name on an English page; the English one where somebody types in Latin letters."""
    if language == "en":
        return one.name if one.name != one.label(language) else None
    return one.name_en if LATIN.fullmatch(end.typed) and one.name_en != one.name else None


def _quoted(value: str) -> str:
    """As it stands after a field's colon."""
    return f'"{value}"' if re.search(r"\s", value) else value
