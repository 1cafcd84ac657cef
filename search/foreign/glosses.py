"""English terms -> Japanese words: peace talks, 和平交渉.

From `search/data/english.tsv` (JMdict) and `english_news.tsv` (ours, which has the last word), which are read when the
first English word is typed (2 ms), and never for Japanese; names of cities from CLDR; `english_countries.tsv` has what
is said of a country: Japanese, Russians.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import islice
from types import MappingProxyType

from babel import Locale

from search.foreign.romaji import plain_letters
from search.foreign.tables import load_table
from search.query.forms import Form

MOST = 8
BEST, LEAST, STEP = 0.8, 0.4, 0.08
"""Words for a term. Weights: of the first one, of the last ones, and how much less each is than the one before."""

_HIRAGANA = re.compile("[ぁ-ゖ]")
"""One alone is a particle or an ending (や for hi), and stands in every article."""

_OF_MEN = ("business", "congress", "fire", "fisher", "gun", "police", "policewo", "sales", "spokes", "wo", "")
_IRREGULAR = {f"{before}men": f"{before}man" for before in _OF_MEN} | {
    "children": "child", "wives": "wife", "lives": "life", "wolves": "wolf",
}

_BETWEEN = re.compile(r"[^a-z0-9&']+")
_POSSESSIVE = re.compile(r"'s?\b")
_ENGLISH = re.compile(r"[A-Za-zÀ-ɏ0-9 .,'’&/-]*[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ0-9 .,'’&/-]*")


@lru_cache(maxsize=1 << 12)
def japanese_for(text: str) -> tuple[Form, ...]:
    """The Japanese words for an English term of one or several words, the best first; () where it is not known.

    Singular and plural are one, and so are cease-fire, cease fire and ceasefire. Of a term that our own table has, or
    has uninflected (killed: kill), the dictionary says nothing more: a minister is 大臣 and no 牧師.
    """
    if not _ENGLISH.fullmatch(text):
        return ()
    keys = (key_of(text), *_uninflected(key_of(text)))
    found = news_words(text) or tuple(word for key in keys for word in load_table("english").words(key))
    best = islice(dict.fromkeys(word for word in found if not _HIRAGANA.fullmatch(word)), MOST)
    return tuple(Form(word, "english", round(max(LEAST, BEST - STEP * i), 2)) for i, word in enumerate(best))


def news_words(text: str) -> tuple[str, ...]:
    """The Japanese words that our own table has for a term; () for most."""
    if not _ENGLISH.fullmatch(text):
        return ()
    keys = (key_of(text), *_uninflected(key_of(text)))
    return next((_of_the_news()[key] for key in keys if key in _of_the_news()), ())


def country_of(text: str) -> str | None:
    """The English name of the country that a word is said of: Japan for Japanese, Russia for Russians."""
    if not _ENGLISH.fullmatch(text):
        return None
    key = key_of(text)
    return _countries().get(key) or _countries().get(key.removesuffix("s"))     # Israelis


@cache
def _countries() -> Mapping[str, str]:
    """`search/data/english_countries.tsv`, by keys."""
    return MappingProxyType({key: country for key, (country,) in _lines("english_countries").items()})


@cache
def _of_the_news() -> Mapping[str, tuple[str, ...]]:
    """`search/data/english_news.tsv`, by keys."""
    return MappingProxyType({key: tuple(words.split()) for key, (words,) in _lines("english_news").items()})


def _lines(name: str) -> dict[str, tuple[str, ...]]:
    """What stands behind the terms of a table of ours, by their keys."""
    text = (files("search") / "data" / f"{name}.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {key_of(term): tuple(others) for term, *others in rows}


def japanese_city(text: str) -> tuple[str, ...]:
    """The Japanese name of a city that CLDR names a time zone by (Kyiv, キーウ); () for others."""
    return _cities().get(key_of(text), ()) if _ENGLISH.fullmatch(text) else ()


@cache
def _cities() -> Mapping[str, tuple[str, ...]]:
    """About 400 cities by their keys; read when the first name in Latin letters is typed (20 ms)."""
    english, japanese = Locale("en").time_zones, Locale("ja").time_zones
    cities: dict[str, tuple[str, ...]] = {}
    for zone, names in japanese.items():
        spelled = english.get(zone, {}).get("city") or zone.rsplit("/", 1)[-1].replace("_", " ")
        # アテネ, and "ノースダコタ州センター" for what English calls Center, North Dakota.
        if "city" in names and "," not in spelled:
            cities[key_of(spelled)] = (names["city"],)
    return MappingProxyType(cities)


def key_of(term: str) -> str:
    """A term as the table has it: lower case, each word in the singular, nothing between the words."""
    words = _BETWEEN.split(_POSSESSIVE.sub("", plain_letters(term.replace("’", "'"))))
    return "".join(_singular(word) for word in words if word)


def _uninflected(key: str) -> Iterator[str]:
    """arrest for arrested and arresting; of what no rule can tell, all that it may be."""
    for ending in ("ed", "ing"):
        stem = key.removesuffix(ending)
        if 3 <= len(stem) < len(key):
            yield from (stem, stem + "e")
            if stem[-1] == stem[-2]:
                yield stem[:-1]


def _singular(word: str) -> str:
    """sanctions -> sanction, countries -> country; good enough to compare by, for words of either number."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 4 else word[:-1]
    if word.endswith(("ches", "shes", "sses", "xes", "zes")):
        return word[:-2]
    return word[:-1]
