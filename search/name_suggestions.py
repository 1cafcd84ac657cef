"""Names and topics that begin as what is being typed: 習, しゅう, shu and xi become 習近平. A list, not a search.

Every name has a few keys: how articles write it, how it is read, how it is spelled in Latin letters. The keys with
one first character lie in one text, a line each, those of the best known entity first; so the first lines that begin
as what was typed are the answer, and no other line is looked at (benchmarks/suggestions.py measures it).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from typing import NamedTuple

from search.archive import Archive
from search.articles import Entity, Topic
from search.asking import DEADLINE_MS, NAMED_FACETS
from search.engine import Engine
from search.foreign.name_sounds import Heard, heard, korean, spelled
from search.foreign.names_index import NameIndex
from search.foreign.romaji import begun_romaji, is_kana, plain_letters, sound_of_kana
from search.known_names import KnownNames
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

SHORTEST_INSIDE = 4
"""Letters of a reading that is looked for in the middle of a topic's name: wahe."""

_SOUND, _SPELLING, _KOREAN = "=", "'", "^"
"""Open the keys that no article writes; those that articles write begin with a letter or a digit."""

_OPENS = {"=": _SOUND, "+": _SOUND, "'": _SPELLING, "%": _SPELLING, "^": _KOREAN}
"""By the voice of a name (`name_sounds.Voice`)."""

_END = "\t"
_LATIN = re.compile(r"[A-Za-zÀ-ɏ.'’\- ]+")
# In the middle of a conversion: しゅうk.
_HALF_TYPED = re.compile(r"([ぁ-ゖァ-ヺー]+)([A-Za-zＡ-Ｚａ-ｚ]{1,3})")


class Known(NamedTuple):
    """An entity that may be suggested. articles: in how many it is surely named."""

    entity_id: str
    kind: str
    articles: int


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


class NameKeys:
    """The keys of every name. Threads may share it."""

    def __init__(self, known: Iterable[tuple[Known, Iterable[str]]]) -> None:
        """known: each entity with its keys, the best known first."""
        lines: defaultdict[str, list[str]] = defaultdict(list)
        self._known: list[Known] = []
        for number, (one, keys) in enumerate(known):
            self._known.append(one)
            for key in keys:
                lines[_shelf(key)].append(f"\n{key}{_END}{number}")
        self._shelves = {shelf: f"{''.join(some)}\n".encode() for shelf, some in lines.items()}

    def beginning(self, prefix: str, kinds: Collection[str]) -> Iterator[Known]:
        """Those with a key that begins so, the best known first, each once."""
        shelf = self._shelves.get(_shelf(prefix), b"")
        line, last = f"\n{prefix}".encode(), -1
        at = shelf.find(line)
        while at >= 0:
            end = shelf.index(b"\n", at + 1)
            number = int(shelf[shelf.rindex(b"\t", at, end) + 1 : end])
            if number != last and self._known[number].kind in kinds:
                yield self._known[number]
            last = number
            at = shelf.find(line, end)

    def called(self, name: str, kinds: Collection[str]) -> Iterator[Known]:
        """Those with just this key, the best known first."""
        return self.beginning(name + _END, kinds)


def _shelf(key: str) -> str:
    """What the keys of one text have in common."""
    return key[:2] if key[:1] in _OPENS else key[:1]


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
        self._articles_of_topics = lru_cache(maxsize=4)(count_topics)

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
        begun = _best([self._keys.beginning(prefix, kinds) for prefix in _prefixes(end.typed)], most)
        if not exact and not begun:
            return [], self._misspelled(end.typed, kinds)[:most]
        return exact, [one for one in begun if one not in exact][: most - len(exact)]

    def _misspelled(self, typed: str, kinds: Collection[str]) -> list[Known]:
        """Those whose names may be spelled so."""
        if len(typed) < SHORTEST_MISSPELLED or not _LATIN.fullmatch(typed):
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

        def keys(one: Known) -> Iterator[str]:
            yield from written[one.entity_id].union(map(fold_name, names.names_of(one.entity_id))) - {""}
            yield from _keys_as_heard(one.kind, sounds[one.entity_id])

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
        counts = self._articles_of_topics(topics)
        found.sort(key=lambda topic: (-counts.get(topic.id, 0), topic.id))
        return [_of_topic(topic, counts.get(topic.id, 0), end, language) for topic in found[:MOST_TOPICS]]


def _best(sources: Sequence[Iterator[Known]], most: int) -> list[Known]:
    """The best known of all, each once, with few that one article has."""
    found = {one for source in sources for one in islice(source, most)}
    ranked = sorted(found, key=lambda one: (-one.articles, one.entity_id))
    common = sum(one.articles > 1 for one in ranked)
    return ranked[: min(most, common + MOST_RARE)]


def _prefixes(typed: str) -> list[str]:
    """How the keys of what is typed begin."""
    found: list[str] = []
    half = _HALF_TYPED.fullmatch(typed)
    if half:
        found.append(_SOUND + sound_of_kana(half[1]) + begun_romaji(half[2]))
    elif is_kana(typed):
        found.append(_SOUND + sound_of_kana(typed))
    elif _LATIN.fullmatch(typed):
        found += [_SOUND + begun_romaji(typed), _SPELLING + spelled(typed), _KOREAN + korean(plain_letters(typed))]
        found.append(_SPELLING + re.sub("[^a-z]", "", plain_letters(typed)))
    found.append(fold_name(typed))
    return [prefix for prefix in dict.fromkeys(found) if prefix.strip("".join(_OPENS))]


def _keys_as_heard(kind: str, sounds: Iterable[str]) -> set[str]:
    """sounds: of one entity, as `Heard.pack` makes them; that of the name to show comes first."""
    found: set[str] = set()
    surnames: tuple[str, ...] = ()
    for name in map(Heard.unpack, sounds):
        if name.voice == "=" and kind == "person":
            surnames = surnames or name.parts[name.main]
            # What articles put around a name is read as a name too: 国家 of 習国家主席.
            if not name.parts[0][0].startswith(surnames):
                continue
        opens = _OPENS[name.voice]
        found.update(opens + whole for whole in name.wholes())
        # The later parts of ドナルド・トランプ and Donald Trump.
        found.update(opens + "".join(part[0] for part in name.parts[at:]) for at in range(1, len(name.parts)))
    return found


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
    sound = sound_of_kana(typed) if is_kana(typed) else begun_romaji(typed) if _LATIN.fullmatch(typed) else ""
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
    return one.name_en if _LATIN.fullmatch(end.typed) and one.name_en != one.name else None


def _quoted(value: str) -> str:
    """As it stands after a field's colon."""
    return f'"{value}"' if re.search(r"\s", value) else value
