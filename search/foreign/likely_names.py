"""Whether a name that sounds like what was typed is likely to be meant, or the words are rather something else."""

from __future__ import annotations

import re

from search.articles import Entity
from search.foreign import readings
from search.foreign.glosses import country_of
from search.foreign.name_sounds import OTHER, WHOLE
from search.foreign.names_index import Candidate
from search.foreign.romaji import full_sound_of, is_kana, plain_letters

SHORT_KANA = 3
"""Kana of a word that has to be the name to the letter: まど is 窓, and not マードー."""

ORGANIZATION_SCORE = 0.75
"""What an organization or a building must score that has a name in its own, which sounds like a single word: Arafat
has .73 with ラファ検問所, Lufthansa .76 with ルフトハンザ航空 (wikinews)."""

_OFFICES = frozenset(
    "ambassador chancellor coach emperor general governor mayor minister pope president prime secretary senator".split()
)
_PLACES = frozenset(
    "strait island islands isle mount mt river lake sea state city province prefecture region district gulf peninsula "
    "bay county territory republic".split()
)
"""Of the words that name no one by themselves (`typed_names`), those that are said of persons, and of places."""

_KANA = re.compile("[ぁ-ゖァ-ヺー]+")
_KANJI = re.compile("[一-鿿]")
_NO_ROMAJI = re.compile("[lqvx]|c(?!h)")
"""Letters of foreign names, which do not tell how long a vowel is: Zico, ジーコ."""


def is_likely(text: str, candidate: Candidate, entity: Entity) -> bool:
    """Whether the entity may be what was typed, as far as these two tell."""
    match = candidate.match
    if match is None:
        return True
    is_short = is_kana(text) and len(text) <= SHORT_KANA
    if is_short or (not _NO_ROMAJI.search(plain_letters(text)) and readings.words_for(text)):
        return match.same and _is_read_to_the_letter(text, entity, match.place)
    if is_kana(text):
        return True
    words = text.casefold().split()
    # President Xi is a person. Osaka mayor is nobody called so, and Japan prime minister not Japan.
    if len(words) > 1 and (words[-1] in _OFFICES or (entity.kind != "person" and _OFFICES.intersection(words))):
        return False
    if _PLACES.intersection(words) and entity.kind not in ("place", "facility"):
        return False        # UN sea
    # Japanese prime minister: the prime minister of Japan, and not 日本共産党.
    if any(country_of(" ".join(some)) for some in (words[:1], words[:2], words[1:2])):
        return False
    if entity.kind != "person" and (match.place != WHOLE or (entity.kind == "country" and len(words) > 1)):
        return False        # Japan stands in many names (日本銀行); Japan state is Japan and a word beside it.
    is_large = entity.kind in ("organization", "facility")
    return not is_large or len(words) > 1 or is_kana(entity.name) or candidate.score >= ORGANIZATION_SCORE


def _is_read_to_the_letter(text: str, entity: Entity, place: int) -> bool:
    """Where a word is read so too: whether the name is that word, or as long in its vowels, or in kanji."""
    if _KANJI.match(entity.name):
        return place != OTHER
    if any(entity.name.startswith(form.text) for form in readings.words_for(text)):
        return True
    return any(full_sound_of(part) == full_sound_of(text) for part in _KANA.findall(entity.name))
