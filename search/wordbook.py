"""What a typed word may also be, in one archive: other spellings, synonyms, numbers, readings, English, names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from datetime import date, datetime
from difflib import SequenceMatcher
from functools import cache, lru_cache
from itertools import islice, product

from search.articles import JST, Entity
from search.engine import Engine
from search.foreign import readings
from search.foreign.function_words import FUNCTION_WORDS, WEAK_WORDS
from search.foreign.names_index import NameIndex
from search.foreign.romaji import katakana, plain_letters
from search.japanese.eras import ERAS
from search.japanese.mentioned_dates import date_terms, day_in_words
from search.japanese.numerals import counted_forms
from search.japanese.spelling import fold
from search.japanese.synonyms import Synonyms
from search.japanese.tokens import entries, reading, units
from search.japanese.variants import in_other_characters, is_spelling_of
from search.latin_words import MOST_READINGS, NAME_SCORE, READING_SCORE, LatinWords
from search.names import bundled_entities
from search.query.expanded import Written
from search.query.forms import Form
from search.query.model import Chars, Node, Query, Simple, Term
from search.query.model import Sequence as TermSequence
from search.query.nodes import terms_of
from search.query.typed_words import MIN_SIMILAR_CHARS
from search.query.words import TypedWord, phrase_leaf, words_in
from search.registry import Registry, abbreviated_countries

MOST_FORMS = 8
"""Of a word, those that the archive has most often."""

MOST_SPELLINGS = 6
MOST_PARTS = 6
"""Short units of a word whose spellings are looked for."""
MOST_TYPOS = 20
MOST_NEAR = 3

NEAR_NAME_SCORE = 0.35
"""What a name must sound like that is only offered (もしかして), as `Candidate.score` has it. One for a word in kanji
must be read just so."""

TWO_COUNTRIES_WEIGHT = 0.5
"""Of 米国と中国 for 米中: an article that calls the two together by one word is about both."""

LONGEST_NAME = 6
"""Characters of a word that may be a name with an unusual one in it."""

SIMILAR_WEIGHT = 0.7
"""Of a word that differs by one letter from the one typed with ~."""

_ENGLISH_PARTICLES = FUNCTION_WORDS | WEAK_WORDS
_MONEY = re.compile("[$€£¥]")
_HIRAGANA = re.compile("[ぁ-ゖー]{2,}")
_KATAKANA = re.compile("[ァ-ヺー・]{2,}")
_GIVEN_NAME = re.compile("[一-鿿々]{2,3}")
_LATIN = re.compile("[A-Za-zÀ-ɏḀ-ỿ]+")
_KANA = re.compile("[ぁ-ゖァ-ヺー]+")
_IN_HIRAGANA = {code: code - ord("ァ") + ord("ぁ") for code in range(ord("ァ"), ord("ヶ") + 1)}
_HAS_NO_HIRAGANA = re.compile("[・ヴヷ-ヺ]")
_STANDING_DATE = re.compile(rf"\d{{4}}年|{'|'.join(era.name for era in ERAS)}")


class Wordbook:
    """The words of one archive, as one snapshot of its index has them. Threads may share it."""

    def __init__(
        self, engine: Engine, registry: Registry, names: NameIndex, synonyms: Synonyms,
        chosen: Callable[[str, str], tuple[Node, ...]],
        today: Callable[[], date] = lambda: datetime.now(JST).date(),
    ) -> None:
        self._engine = engine
        self._registry = registry
        self._names = names
        self._synonyms = synonyms
        self._today = today
        self.chosen = chosen
        self.meant = lru_cache(4096)(self._meant)
        self.bearing = lru_cache(4096)(registry.bearing)
        self._latin = LatinWords(registry, names, synonyms, self.meant, self.bearing, self._there)
        self.abroad = self._latin.abroad
        self.forms = lru_cache(4096)(self._forms)
        self._wholes_on = lru_cache(4096)(self._wholes)
        self._frequency = lru_cache(1 << 14)(engine.frequency)
        self._stands = lru_cache(1 << 14)(self._is_written)

    def choosing(self, chosen: Callable[[str, str], tuple[Node, ...]]) -> Wordbook:
        """The same words, with other values of facets."""
        other = copy(self)
        other.chosen = chosen
        return other

    # ---- names ----

    def _meant(self, text: str) -> tuple[Entity, ...]:
        found = self._registry.meant(text)
        is_kana = _HIRAGANA.fullmatch(text) or _KATAKANA.fullmatch(text)
        if found or not (is_kana or _GIVEN_NAME.fullmatch(text)):
            return found
        leaf = phrase_leaf(text)
        is_there = leaf is not None and self._is_there(leaf)
        if not is_kana:
            return self._registry.with_given_name(text) if not is_there or _is_given_name(text) else ()
        # きしだ is 岸田; a word that the archive has as it was typed is that word.
        if is_there:
            return ()
        return self._latin.sounding(text, READING_SCORE if readings.words_for(text) else NAME_SCORE)

    # ---- forms ----

    def _forms(self, word: TypedWord) -> tuple[Written, ...]:
        found: dict[Simple, Written] = {}
        own = word.leaves
        # 2006年 in 2006年ワールドカップ; 昨年 and what else depends on the day is read as a whole.
        dates = self._dates(word.text, self._today()) if _STANDING_DATE.match(word.text) else ()
        for written in (*dates, *self._spellings(word), *self._there(self._other_forms(word))):
            if written.leaf not in own:
                found.setdefault(written.leaf, written)
        return tuple(islice(found.values(), MOST_FORMS))

    def _other_forms(self, word: TypedWord) -> Iterator[Form]:
        if len(word.text) <= LONGEST_NAME:
            for other in in_other_characters(word.text):
                # 停戰 is cut into 停 and 戦, which every archive has; few have 戰.
                if all(map(self._stands, set(other).difference(word.text))) and self._stands(other):
                    yield Form(other, "spelling")
        if _HIRAGANA.fullmatch(word.text):
            other = katakana(word.text)
            # くま is one term, whose articles may all write クマ; ろしあ is three, which every archive has.
            if isinstance(phrase_leaf(other), Term) or self._stands(other):
                yield Form(other, "spelling")
        elif _KATAKANA.fullmatch(word.text) and not _HAS_NO_HIRAGANA.search(word.text):
            other = word.text.translate(_IN_HIRAGANA)
            if _is_same_noun(word.text, other):
                yield Form(other, "spelling")
        if _LATIN.fullmatch(word.text) and not word.text.isascii():
            yield Form(plain_letters(word.text), "spelling")
        yield from counted_forms(word.text)
        yield from self._synonyms.forms(word.text, "".join(unit.term for unit in word.units))
        yield from _two_countries(word.text)
        if _HIRAGANA.fullmatch(word.text) and not self._is_there(word.leaves[-1]):
            yield from readings.words_for(word.text)[:MOST_READINGS]

    def _spellings(self, word: TypedWord) -> Iterator[Written]:
        """The word with each of its parts as other articles spell it."""
        parts = word.shorts
        if len(parts) > MOST_PARTS:
            return
        several: list[list[tuple[str, str]]] = []
        for short in parts:
            surface = word.text[short.start - parts[0].start : short.end - parts[0].start]
            # Sudachi knows Cafe, which is カフェ then, and no Café.
            typed = (short.term, fold(surface)) if _LATIN.fullmatch(surface) else (short.term,)
            others = ((one, other) for one in typed for other in self._engine.spellings(one) if other not in typed)
            same = [(other, other) for one, other in others if is_spelling_of(one, other)]
            several.append([(short.term, surface), *same])
        for row in islice(product(*several), 1, 1 + MOST_SPELLINGS):
            terms = tuple(term for term, _ in row)
            leaf: Simple = Term(terms[0]) if len(terms) == 1 else TermSequence(terms)
            if self._is_there(leaf):
                yield Written(Form("".join(surface for _, surface in row), "spelling"), leaf)

    def wholes(self, text: str) -> tuple[Written, ...]:
        """What all that was typed without a space may be: a date, a reading, a term of several words."""
        return self._wholes_on(text, self._today())

    def _wholes(self, text: str, today: date) -> tuple[Written, ...]:
        dates = self._dates(text, today)
        own = phrase_leaf(text)
        is_known = own == Term(text) and self._is_there(own)      # がん, as newspapers write it
        read = _read_so(text) if _HIRAGANA.fullmatch(text) and not is_known else ()
        day = day_in_words(text)
        others = (*([Form(day, "date")] if day else []), *self._synonyms.forms(text), *read)
        return (*dates, *islice(self._there(others), MOST_FORMS))

    def _dates(self, text: str, today: date) -> tuple[Written, ...]:
        terms = (Term(term) for term in date_terms(text, today))
        return tuple(Written(Form(term.term[1:], "date"), term) for term in terms if self._is_there(term))

    def similar(self, text: str) -> tuple[Written, ...]:
        """Words of the archive that differ by one letter; of several words side by side, one of them does."""
        terms = terms_of(phrase_leaf(text))
        found: list[Written] = []
        for at, term in enumerate(terms):
            is_long = len(terms) == 1 or len(term) >= MIN_SIMILAR_CHARS
            for like in self._engine.terms_like(term, MOST_TYPOS) if is_long else ():
                row = (*terms[:at], like, *terms[at + 1 :])
                leaf = Term(like) if len(terms) == 1 else TermSequence(row)
                found.append(Written(Form("".join(row), "spelling", SIMILAR_WEIGHT), leaf))
        return tuple(found[:MOST_TYPOS])

    def near(self, text: str) -> Iterator[str]:
        """What may have been meant by a word that the archive does not have, the likeliest first.

        First names that sound like it, then names and words that differ by one letter, then words read the same.
        """
        if len(text) < 2 or text.casefold() in _ENGLISH_PARTICLES:
            return
        sound = reading(text)
        for spoken, least in {sound: READING_SCORE, text: NEAR_NAME_SCORE}.items():
            for one in self._names.find(spoken):
                if one.score >= least:
                    yield self._likest(one.entity_id, text)
        yield from (self._likest(entity_id, text) for entity_id in self._registry.written_like(text))
        terms = terms_of(phrase_leaf(text))
        if len(terms) == 1 and not terms[0].isdecimal():
            yield from self._engine.terms_like(terms[0], MOST_NEAR)
        yield from (written.form.text for written in self._there(readings.words_for(sound)))

    def _likest(self, entity_id: str, typed: str) -> str:
        """What the archive calls the entity that is most like what was typed: ゼレンスキー, not its full name."""
        names = (*self._registry.surfaces(entity_id), self._registry.entity(entity_id).name)
        return max(names, key=lambda name: SequenceMatcher(None, typed, name).ratio())

    # ---- what the archive has ----

    def _there(self, forms: Sequence[Form] | Iterator[Form]) -> Iterator[Written]:
        for form in forms:
            # $100: a sign of money is no term.
            leaf = Chars(form.text) if _MONEY.search(form.text) else phrase_leaf(form.text) or Chars(form.text)
            if self._is_there(leaf):
                yield Written(form, leaf)

    def _is_written(self, text: str) -> bool:
        """Whether an article has just these characters."""
        asked = Query(Chars(text), limit=0, facets=(), spans=False, days=False)
        return self._engine.search(asked).total > 0

    def _is_there(self, leaf: Simple) -> bool:
        match leaf:
            case Term(term):
                return self._frequency(term) > 0
            case TermSequence(terms):
                return all(self._frequency(term) for term in terms)
            case _:
                return True


@cache
def _abbreviated() -> Mapping[str, str]:
    """米 -> 米国: the countries that newspapers write with one character."""
    return {char: bundled_entities()[code].name for char, code in abbreviated_countries().items()}


def _two_countries(word: str) -> Iterator[Form]:
    """米国と中国 for 米中, in either order."""
    names = [_abbreviated()[char] for char in word if char in _abbreviated()]
    if len(word) == len(names) == 2:
        one, other = names
        yield Form("・".join(word), "abbreviation")      # where 米 and 中 are two words: 米中の
        for text in (f"{one}と{other}", f"{other}と{one}", f"{one}・{other}", f"{other}・{one}"):
            yield Form(text, "abbreviation", TWO_COUNTRIES_WEIGHT)


def _is_given_name(text: str) -> bool:
    """Whether Sudachi takes the text for one given name: 晋三."""
    found = words_in(text)
    return len(found) == 1 and len(found[0].units) == 1 and found[0].units[0].part_of_speech[3] == "名"


def _is_same_noun(in_katakana: str, in_hiragana: str) -> bool:
    """Whether Sudachi takes what is read so for the same noun: スバル and すばる, サトウキビ and さとうきび (砂糖黍).

    マダニ is no まだ|に, ブチャ no form of 打つ, ラッカ is not 落下, and ツチ is a name beside 土.
    """
    found = units(in_hiragana)
    if len(found) > 1 or found[0].part_of_speech[0] != "名詞":
        return False
    term = found[0].term
    return _KANA.fullmatch(term) is not None or {entry.normalized for entry in entries(in_katakana)} == {term}


def _read_so(kana: str) -> tuple[Form, ...]:
    """The words that are read so, with the one that Sudachi takes the text for; () where there is no other."""
    read = readings.words_for(kana)[:MOST_READINGS]
    words = words_in(kana)
    guess = "".join(terms_of(phrase_leaf(kana))) if len(words) == 1 and words[0].text == kana else kana
    if not read or guess in (kana, *(form.text for form in read)):
        return read
    return (Form(guess, "reading", readings.BEST), *read)
