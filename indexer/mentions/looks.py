"""What a unit may be, judged by itself: its part of speech and its characters."""

from __future__ import annotations

import re
from typing import Final

from search.japanese.tokens import PartOfSpeech, Unit, parts_of_speech


class Look:
    """What may be said of a unit; several may be true, as bits of one number.

    Plain numbers: `enum.IntFlag` made finding names three times as slow.
    """

    PERSON: Final = 1          # any kind of 人名
    FAMILY: Final = 2          # 姓
    GIVEN: Final = 4           # 名
    WHOLE: Final = 8           # 人名 一般: 習近平, and katakana names of either kind
    PLACE: Final = 16          # 地名
    PROPER: Final = 32         # 固有名詞 一般: firms, bodies, works
    UNKNOWN: Final = 64        # no dictionary has it
    KATAKANA: Final = 128
    KANJI: Final = 256
    INITIAL: Final = 512       # J, W
    NUMBER: Final = 1024
    LATIN: Final = 2048
    MIXED: Final = 4096        # kanji and katakana: 訪ロ, ロシア人
    NAMED: Final = PERSON | PLACE | PROPER | UNKNOWN | LATIN


_KATAKANA = re.compile(r"[ァ-ヺー]*[ァ-ヺ][ァ-ヺー]*")
_KANJI = re.compile(r"[一-鿿々〆ヶヵ\U00020000-\U0002ffff]+")
_MIXED = re.compile(r"[一-鿿々ァ-ヺー]+")
_INITIAL = re.compile(r"[A-ZＡ-Ｚ][a-z]?")
_LATIN = re.compile(r"[A-Za-zＡ-Ｚａ-ｚ&＆]{2,}")
_BRACKETS = re.compile(r"[()（）:：\s]")
_looks: dict[tuple[str, PartOfSpeech, bool], int] = {}


def look(unit: Unit) -> int:
    """What the unit may be. Remembered, since a word looks the same wherever it stands."""
    key = (unit.surface, unit.part_of_speech, unit.is_unknown)
    found = _looks.get(key)
    if found is None:
        # A large archive has more words, but most come back at once; a clean slate is cheaper than an order of use.
        if len(_looks) > 40_000:
            _looks.clear()
        found = _looks[key] = _judge(*key)
    return found


def _judge(surface: str, part_of_speech: PartOfSpeech, is_unknown: bool) -> int:
    judged = 0
    _, second, third, fourth = part_of_speech[:4]
    if second == "数詞":
        return Look.NUMBER
    if third == "人名" and not _BRACKETS.search(surface):              # 弥(れいや) has an entry
        judged |= Look.PERSON | {"姓": Look.FAMILY, "名": Look.GIVEN}.get(fourth, Look.WHOLE)
    elif third == "地名":
        judged |= Look.PLACE
    elif second == "固有名詞":
        judged |= Look.PROPER
    if is_unknown:
        judged |= Look.UNKNOWN
    return judged | _script(surface)


def _script(surface: str) -> int:
    if _KANJI.fullmatch(surface):
        return Look.KANJI
    if _KATAKANA.fullmatch(surface):
        return Look.KATAKANA
    if _MIXED.fullmatch(surface):
        return Look.MIXED
    return (Look.INITIAL if _INITIAL.fullmatch(surface) else 0) | (Look.LATIN if _LATIN.fullmatch(surface) else 0)


def is_kanji(text: str) -> bool:
    """Whether the text is kanji alone."""
    return _KANJI.fullmatch(text) is not None


def may_be_short_name(unit: Unit) -> bool:
    """Whether the word is long enough to be a person where an article names one so elsewhere: トランプ, 石破."""
    judged = look(unit)
    if judged & Look.KATAKANA:
        return len(unit.surface) > 2
    return len(unit.surface) > 1 and bool(judged & (Look.PERSON | Look.UNKNOWN | Look.PLACE))


def may_be_family_name(surface: str) -> bool:
    """Whether any entry of the dictionary with this spelling is a surname."""
    return _is_listed_as(surface, ("姓",))


def may_be_given_name(surface: str) -> bool:
    """Whether any entry of the dictionary with this spelling is a given name."""
    return _is_listed_as(surface, ("名", "一般"))


def may_be_person(surface: str) -> bool:
    """Whether any entry of the dictionary with this spelling is a person's name of any kind."""
    return _is_listed_as(surface, ("姓", "名", "一般"))


def may_be_place(surface: str) -> bool:
    """Whether any entry of the dictionary with this spelling is a place."""
    return any(third == "地名" for _, _, third, *_ in parts_of_speech(surface))


def _is_listed_as(surface: str, kinds: tuple[str, ...]) -> bool:
    return any(third == "人名" and fourth in kinds for _, _, third, fourth, *_ in parts_of_speech(surface))
