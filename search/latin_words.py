"""What words in Latin letters are, in one archive: names, English terms, romaji. And who a name sounds like."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, takewhile

from search.articles import Entity
from search.foreign import glosses, readings
from search.foreign.function_words import is_weak, says_nothing
from search.foreign.likely_names import is_likely
from search.foreign.name_sounds import OTHER
from search.foreign.names_index import Candidate, NameIndex
from search.foreign.romaji import plain_letters
from search.japanese.synonyms import Synonyms
from search.names import bundled_entities
from search.query.expanded import Abroad, Written
from search.query.forms import Form
from search.query.model import Simple
from search.registry import Registry

MOST_ENGLISH = 4
MOST_READINGS = 3
MOST_SOUNDING = 8
WORDS_TOGETHER = 4
"""Latin words that may be one name or term: prime minister of Japan."""

NAME_SCORE = 0.6
"""What a name that was typed in other letters must sound like, as `Candidate.score` has it."""

READING_SCORE = 0.8
"""The same where a word is read so as well: shushou is 首相, and nobody who only sounds like it."""

_POSSESSIVE = re.compile("['’]s?$")
_LATIN = re.compile("[A-Za-zÀ-ɏḀ-ỿ'’.-]*[A-Za-zÀ-ɏḀ-ỿ][A-Za-zÀ-ɏḀ-ỿ'’.-]*")

Forms = Iterator[Form] | Sequence[Form]


class LatinWords:
    """Threads may share it.

    meant, bearing: as `Wordbook` has them. there: those of the forms that the archive has.
    """

    def __init__(
        self, registry: Registry, names: NameIndex, synonyms: Synonyms, meant: Callable[[str], tuple[Entity, ...]],
        bearing: Callable[[str], tuple[Entity, ...]], there: Callable[[Forms], Iterator[Written]],
    ) -> None:
        self._registry = registry
        self._names = names
        self._synonyms = synonyms
        self._meant = meant
        self._bearing = bearing
        self._there = there
        self.sounding = lru_cache(4096)(self._sounding)
        self._is_known = lru_cache(4096)(self._is_known_alone)

    def _sounding(self, text: str, least: float = NAME_SCORE) -> tuple[Entity, ...]:
        candidates = [one for one in self._names.find(text, MOST_SOUNDING) if self._is_meant(text, one, least)]
        best = candidates[0].score if candidates else 0.0
        # Of several that sound alike, all may be meant; one that sounds less like it is not.
        return tuple(self._registry.entity(one.entity_id) for one in candidates if one.score > best - 0.1)

    def _is_meant(self, text: str, one: Candidate, least: float) -> bool:
        """Whether all that was typed may be this name, and not a part of it something else: UN Trump, Trump Xi."""
        # Whom articles call just so, `bearing` and `meant` have told.
        if one.score < least or one.why == "exact" or not is_likely(text, one, self._registry.entity(one.entity_id)):
            return False
        if one.match is None:
            return True
        words = text.split()
        # Juan is nobody else's word in Juan Pablo Montoya; a last word is a surname, and capitals are an abbreviation.
        telling = {plain_letters(word) for word in words if word is words[-1] or (len(word) > 1 and word.isupper())}
        return not (
            any(word in telling or self._is_known(word) for word in one.match.unlike)
            # Macron Xi is no シマロン.
            or any(entity.id in bundled_entities() for word in one.match.joined for entity in self._bearing(word))
        )

    def _is_known_alone(self, word: str) -> bool:
        """Whether a Latin word is a term or a name by itself."""
        if says_nothing(word) or glosses.japanese_for(word) or self._bearing(word):
            return True
        # Juan may be the given name of somebody else; Kim is a surname.
        return any(one.score >= NAME_SCORE and one.match and one.match.place != OTHER for one in self._names.find(word))

    def abroad(self, words: Sequence[str]) -> Abroad | None:
        """The longest name or term that Latin words begin with; None if the first one is neither.

        Function words before and behind it are taken with it, and with a word that is neither: they say nothing. One
        that stands alone is itself, and whoever is called like it (Who) is not meant.
        """
        latin = [*_while_latin(words)]
        opening = sum(1 for _ in takewhile(says_nothing, latin))
        if opening == len(latin):
            return Abroad(1, (), ()) if latin else None
        found = self._longest(latin)        # The Hague
        if found is None and opening:
            found = self._longest(latin[opening:])
            count = opening + (found.count if found else 1)
        else:
            count = found.count if found else 1
        count += sum(1 for _ in takewhile(says_nothing, latin[count:]))
        if found is None:
            return Abroad(count, (), ()) if count > 1 or is_weak(latin[0]) else None
        return Abroad(count, found.entities, found.forms)

    def _longest(self, words: Sequence[str]) -> Abroad | None:
        """The longest name or term that the words begin with."""
        several = (words[:count] for count in range(min(len(words), WORDS_TOGETHER), 0, -1))
        return next((found for found in map(self._taken, several) if found), None)

    def _taken(self, words: Sequence[str]) -> Abroad | None:
        """These words as one name or term: by the better evidence, if there is any."""
        text = " ".join(words)
        count = len(words)
        if all(map(says_nothing, words)):
            return None
        bare = _POSSESSIVE.sub("", text)
        entities = self._called_abroad(text, count) or self._called_abroad(bare, count)
        if any(entity.id in bundled_entities() for entity in entities):
            return Abroad(count, entities, ())
        if count == 1 and (text.isupper() or is_weak(text)):
            # AI, WHO: abbreviations that Japanese articles have too. no, will: as names they are chance.
            entities = () if is_weak(text) else entities
            forms = self._first(self._abbreviating(text), MOST_ENGLISH)
            return Abroad(count, entities, forms) if entities or glosses.news_words(text) else None
        # What some article has in Latin letters (August, car) is beside the word, and does not stand for it.
        forms = self._first(self._in_japanese(text), MOST_ENGLISH)
        if not forms and count == 1:
            forms = self._first(readings.words_for(text), MOST_READINGS)
        is_settled = any(map(says_nothing, words)) or glosses.news_words(text)
        if not is_settled and (not forms or forms[0].form.why == "reading"):
            sounding = self.sounding(bare, READING_SCORE if forms or entities else NAME_SCORE)
            entities = tuple(dict.fromkeys((*entities, *sounding)))
        if not forms:
            forms = self._first(self._synonyms.forms(text), MOST_ENGLISH)       # iPhone
        return Abroad(count, entities, forms) if entities or forms else None

    def _called_abroad(self, text: str, count: int) -> tuple[Entity, ...]:
        """Those with just that name; the country of an adjective: Japanese, South Koreans."""
        country = glosses.country_of(text)
        if country is not None:
            return self._bearing(country)
        return self._bearing(text) if count > 1 else self._meant(text)

    def _abbreviating(self, text: str) -> Iterator[Form]:
        """What an abbreviation in Latin letters stands for: LDP 自民党, MLB 大リーグ."""
        yield from glosses.japanese_for(text) if glosses.news_words(text) else ()
        yield from self._synonyms.forms(text)

    def _first(self, forms: Forms, most: int) -> tuple[Written, ...]:
        """Those that the archive has, none of them twice."""
        found: dict[Simple, Written] = {}
        for written in self._there(forms):
            found.setdefault(written.leaf, written)
        return tuple(islice(found.values(), most))

    def _in_japanese(self, text: str) -> Iterator[Form]:
        """The Japanese words for an English term, and other forms of the first one: World Cup, ワールドカップ, W杯."""
        found = glosses.japanese_for(text)
        yield from found if glosses.news_words(text) else found[:1]
        for first in found[:1]:
            for other in self._synonyms.forms(first.text):
                yield Form(other.text, "english", first.weight * other.weight)
        yield from found[1:]


def _while_latin(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        if not _LATIN.fullmatch(word):
            return
        yield word
