"""Compounds, however their okurigana are written: 引き上げ, 引上げ, 引上, and the verb 引き上げる.

Sudachi makes many of them one (取調べ, 取り調べ), but not all that leave out the last okurigana (引上, 値上, 話合), and
never the noun and its verb. Which words are compounds stands in data/okurigana.txt; the spellings follow from rules.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product
from typing import NamedTuple

from search.japanese import tokens
from search.japanese.spelling import fold
from search.query.forms import Form

OTHER_KIND_WEIGHT = 0.7
"""Of the verb for the noun, and the other way round: an estimate, as that of synonyms."""

MAX_CHARS = 10
"""Of a compound, however it is written."""

_PART = re.compile("([一-鿿々]+)([ぁ-ゖ]*)")
_NOT_KANJI = re.compile("[^一-鿿々]+")
_NOUN_ENDINGS = dict(zip("うくぐすつぬぶむる", "いきぎしちにびみり", strict=True))
_BEFORE_RU = frozenset("出えけげせぜてでねへべめれいきぎじちにびみり")


class Compound(NamedTuple):
    """nouns, verbs: in full, the usual way to write them first. short_…: with okurigana left out."""

    nouns: tuple[str, ...]
    verbs: tuple[str, ...]
    short_nouns: tuple[str, ...]
    short_verbs: tuple[str, ...]


def forms(*texts: str) -> tuple[Form, ...]:
    """The other spellings of a compound, and its noun or verb, those that count most first. () for other words.

    texts: the word as it was typed, and as Sudachi normalizes it.
    """
    for text in texts:
        if len(text) <= MAX_CHARS and (found := _forms(text)):
            return found
    return ()


def usual(text: str) -> str:
    """The usual way to write a compound: 値上げ for 値上. Other texts are left as they are."""
    found = _found(text) if len(text) <= MAX_CHARS else None
    return text if found is None else (found[0].verbs if found[1] else found[0].nouns)[0]


@lru_cache(1 << 10)
def terms(text: str) -> tuple[str, ...]:
    """The terms that articles have for a compound, however it was typed; () for other words.

    Alone, Sudachi takes 打上げ for a form of the verb, and 引上 for two words; in an article they are the noun.
    """
    found = _found(text) if len(text) <= MAX_CHARS else None
    if found is None:
        return ()
    compound, is_verb = found
    kind = "動詞" if is_verb else "名詞"
    entries = (entry for word in (compound.verbs if is_verb else compound.nouns) for entry in tokens.entries(word))
    return tuple(dict.fromkeys(entry.normalized for entry in entries if entry.part_of_speech[0] == kind))


@lru_cache(1 << 10)
def _forms(text: str) -> tuple[Form, ...]:
    found = _found(text)
    return tuple(_others(text, found[0], is_verb=found[1])) if found else ()


def _found(text: str) -> tuple[Compound, bool] | None:
    """The compound that the text is a spelling of, and whether it is the verb."""
    for entry in _by_kanji().get(_NOT_KANJI.sub("", text), ()):
        compound = _compound(entry)
        if text in (*compound.verbs, *compound.short_verbs):
            return compound, True
        if text in (*compound.nouns, *compound.short_nouns):
            return compound, False
    return None


def _others(text: str, compound: Compound, *, is_verb: bool) -> list[Form]:
    short = (noun for noun in compound.short_nouns if _is_written(noun) and _may_be_found(noun, compound))
    nouns = [*compound.nouns, *short]
    verbs = [*compound.verbs, *(compound.short_verbs if is_verb else ())]
    same, other = (verbs, nouns) if is_verb else (nouns, verbs)
    return [
        *(Form(word, "spelling") for word in same if word != text),
        *(Form(word, "spelling", OTHER_KIND_WEIGHT) for word in other),
    ]


@cache
def _by_kanji() -> dict[str, list[str]]:
    """The entries of the table by their kanji, since okurigana may be left out."""
    found: dict[str, list[str]] = {}
    table = (files("search") / "data" / "okurigana.txt").read_text("utf-8")
    for entry in re.sub("#.*", "", table).split():
        for word in entry.split("/"):
            found.setdefault(_NOT_KANJI.sub("", word), []).append(entry)
    return found


@lru_cache(1 << 10)
def _compound(entry: str) -> Compound:
    words = entry.split("/")
    is_verb = all(word[-1] in _NOUN_ENDINGS for word in words)
    nouns = tuple(map(_noun, words)) if is_verb else tuple(words)
    # The other words of an entry have kana where the first one has kanji, which cannot be left out.
    short_nouns = _shortened(nouns[0], may_lack_last=True)
    short_verbs = _shortened(words[0], may_lack_last=False) if is_verb else ()
    compound = Compound(nouns, tuple(words) if is_verb else (), short_nouns, short_verbs)
    return compound._replace(short_nouns=tuple(noun for noun in short_nouns if _may_be_typed(noun, compound)))


def _noun(verb: str) -> str:
    """引き上げ for 引き上げる, 届け出 for 届け出る, 見送り for 見送る."""
    if verb[-1] == "る" and verb[-2] in _BEFORE_RU:
        return verb[:-1]
    return verb[:-1] + _NOUN_ENDINGS[verb[-1]]


def _shortened(word: str, *, may_lack_last: bool) -> tuple[str, ...]:
    """The word with okurigana left out, in part (差し押え) or in whole (差押), the shortest first."""
    parts = _PART.findall(word)
    choices = [
        [kanji + kana for kana in dict.fromkeys((okurigana, okurigana[-1:], ""))] for kanji, okurigana in parts[:-1]
    ]
    kanji, okurigana = parts[-1]
    ends = (okurigana, okurigana[-1:], "") if may_lack_last else (okurigana, okurigana[-2:])
    choices.append([kanji + kana for kana in dict.fromkeys(ends)])
    spellings = dict.fromkeys(map("".join, product(*choices)))
    return tuple(sorted((one for one in spellings if one != word and len(one) > 1), key=len))


def _is_written(noun: str) -> bool:
    """引上 and 引上げ are, 引き上 only typed."""
    return _NOT_KANJI.fullmatch(noun[-1]) is not None or not _NOT_KANJI.search(noun)


# ---- What is another word -----------------------------------------------------------------------


def _may_be_found(noun: str, compound: Compound) -> bool:
    """組合 is a union, not 組み合い, and 打上 a surname."""
    entries = tokens.entries(noun)
    return not entries or any(entry.normalized in _normalized(compound) for entry in entries)


def _may_be_typed(noun: str, compound: Compound) -> bool:
    """What is otherwise only a name may still be typed for the compound: 打上."""
    proper = (entry.part_of_speech[1] == "固有名詞" for entry in tokens.entries(noun))
    return _may_be_found(noun, compound) or all(proper)


def _normalized(compound: Compound) -> frozenset[str]:
    words = (*compound.nouns, *compound.verbs)
    terms = ("".join(unit.term for unit in tokens.units(word)) for word in words)
    return frozenset((*map(fold, words), *terms))
