"""Countries: whole names, and the one-character abbreviations that newspapers are full of."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from indexer.mentions.looks import Look, look
from indexer.mentions.runs import CONNECTORS, Gazetteer, Run, Span
from indexer.mentions.titles import title_at
from search.articles import Entity
from search.japanese.tokens import Unit
from search.names import bundled_aliases, bundled_entities, bundled_names, fold_name, load_data

NAMED, ABBREVIATED = 0.97, 0.93

# The last part of one word that leaves the country before it what it was: ロシア人, 中国側. 韓国語 is a language.
_KEEP = frozenset(
    "人 側 軍 製 産 系 国 領 内 政府 国内 国民 国籍 大使館 大使 代表 株 史 風 戦 流 発 勢 籍 本土 全土".split()
)

# What may be part of the name itself: セルビア共和国.
_FORMS = frozenset("共和国 王国 連邦 連邦共和国 人民共和国 民主共和国 首長国".split())

# Abbreviations with commas between, at the start of a clause: not in する中、米国は.
_LIST = re.compile("(?<![^、・「『（( 　\\n。])[米英仏独露韓豪伊中日](?:[、・][米英仏独露韓豪伊中日])+")

# 中国 beside one of Japan's other regions is the west of Honshu.
_REGIONS = "東北|関東|甲信|北陸|東海|近畿|関西|四国|九州|山陰|山陽|沖縄"
_REGION_AFTER = re.compile(f"(?:地方)?(?:[・、と]|から|や)(?:{_REGIONS})")
_REGION_BEFORE = re.compile(f"(?:{_REGIONS})(?:地方)?(?:[・、と]|から|や)$")

Found = tuple[int, list[Span]]
_Pieces = tuple[tuple[int, int, str], ...]      # start and end within the word, id


@cache
def _data() -> dict[str, Any]:
    return load_data("countries")


@cache
def country_gazetteer() -> Gazetteer:
    """The names of all countries as they are written."""
    return Gazetteer(
        (name, entity.id) for entity in _all() for name in bundled_names(entity.id)
        if name not in _data()["alone"]["ambiguous"] and len(name) > 1 and not name.islower()
    )


def is_country(text: str, run: Run, first: int) -> bool:
    """Whether a country's whole name begins with the unit `first`."""
    return country_gazetteer().longest(text, run, first) is not None


def is_country_name(word: str) -> bool:
    """Whether the word is a country's name or abbreviation."""
    return word in _names() or is_abbreviation(word)


def is_abbreviation(word: str) -> bool:
    """Whether the word is a one-character abbreviation of a country."""
    return bool(_data()["abbreviations"].get(word))


def is_given_name_too(word: str) -> bool:
    """Whether the country's name is a person's first name as well: チャド."""
    return word in _data()["alone"]["given_names"]


def may_open_country(word: str) -> bool:
    """Whether a common noun may begin a country's name, or hold an abbreviation of one."""
    data = _data()
    return word[0] in data["abbreviations"] or word[0] in data["before"] or word[:2] in country_gazetteer().openings


def _all() -> list[Entity]:
    return [entity for entity in bundled_entities().values() if entity.kind == "country"]


@cache
def _codes() -> frozenset[str]:
    return frozenset(entity.id for entity in _all())


@cache
def _names() -> dict[str, str]:
    return {name: entity.id for entity in _all() for name in bundled_names(entity.id)}


@cache
def _other_words() -> Gazetteer:
    return Gazetteer((word, "") for word in _data()["not_countries"]["words"])


def countries_at(text: str, run: Run, first: int) -> Found | None:
    """The countries that the unit `first` and perhaps the next ones name, and the index of the unit after them."""
    if _other_words().longest(text, run, first) or _is_region_of_japan(text, run[first]):
        return None
    whole = _whole_name(text, run, first)
    if whole:
        return whole
    if len(run[first].surface) == 1:
        return _single(text, run, first)
    compound = _compound(text, run, first)
    if compound:
        return compound
    pieces = _within(run[first].surface)
    return (first + 1, _spans(run[first].start, pieces)) if pieces else None


def _whole_name(text: str, run: Run, first: int) -> Found | None:
    """A country's name, alone or with the words that leave it what it is: ロシア, ロシア|人."""
    unit, judged = run[first], look(run[first])
    named = country_gazetteer().longest(text, run, first)
    if named:
        if judged & Look.PERSON and named[0] == first + 1 and _touches_dot(run, first):
            return None
        return named[0], [_span(unit.start, run[named[0] - 1].end, named[1], NAMED)]
    if judged & Look.KATAKANA and (unit.part_of_speech[3] == "国" or judged & Look.UNKNOWN):     # ヴェトナム, マラウィ
        spelled = [code for code in bundled_aliases().get(fold_name(unit.surface), ()) if code in _codes()]
        if spelled and (unit.surface not in _data()["alone"]["ambiguous"] or _may_stand_alone(unit, judged)):
            return first + 1, [_span(unit.start, unit.end, spelled[0], NAMED)]
    if len(unit.shorts) > 1 and not judged & Look.PROPER:
        opening = unit.surface[:unit.shorts[0].end - unit.start]
        if opening in _names() and unit.surface[len(opening):] in _FORMS:
            return first + 1, [_span(unit.start, unit.end, _names()[opening], NAMED)]
        if opening in _names() and unit.surface[len(opening):] in _KEEP:
            return first + 1, [_span(unit.start, unit.shorts[0].end, _names()[opening], NAMED)]
    return None


def _may_stand_alone(unit: Unit, judged: int) -> bool:
    return unit.surface in _data()["alone"]["by_context"] and bool(judged & Look.PLACE)


def _is_region_of_japan(text: str, unit: Unit) -> bool:
    """中国 in 中国・四国地方."""
    return unit.surface == "中国" and bool(
        _REGION_AFTER.match(text, unit.end) or _REGION_BEFORE.search(text[max(0, unit.start - 7):unit.start])
    )


def _span(start: int, end: int, code: str, confidence: float = ABBREVIATED) -> Span:
    return Span(start, end, "country", confidence, code)


def _spans(offset: int, pieces: _Pieces) -> list[Span]:
    return [_span(offset + start, offset + end, code) for start, end, code in pieces]


def _touches_dot(run: Run, first: int) -> bool:
    """ヨルダン in ヨルダン・ベルフォート."""
    return (first > 0 and run[first - 1].surface in CONNECTORS) or (
        first + 1 < len(run) and run[first + 1].surface in CONNECTORS
    )


# --- one word: 訪米, 米軍, 米大統領 ---------------------------------------------------------------------------


@lru_cache(maxsize=1 << 14)
def _within(word: str) -> _Pieces:
    """Countries abbreviated inside one word that is no compound of abbreviations."""
    data = _data()
    if len(word) < 2 or word in data["after"]["never"] or word in data["compounds"]["never"]:
        return ()
    abbreviations: dict[str, str] = data["abbreviations"]
    head, rest = word[0], word[1:]
    if rest in abbreviations and rest in data["before"].get(head, ""):
        return ((1, 2, abbreviations[rest]),)
    if _goes_before(head, rest):
        return ((0, 1, abbreviations[head]),)
    return ()


def _goes_before(abbreviation: str, following: str) -> bool:
    """Whether the abbreviation is a country before the word that follows: 英紙, 印首相."""
    after = _data()["after"]
    if abbreviation in after["characters"]:
        return following.startswith(_after_words())
    return abbreviation in after["guarded"] and following in after["offices"]


@cache
def _after_words() -> tuple[str, ...]:
    return tuple(_data()["after"]["words"])


# --- several letters: 米中, 日米 韓 --------------------------------------------------------------------------


def _compound(text: str, run: Run, first: int) -> Found | None:
    end, word = first, ""
    letters = _data()["compounds"]["characters"]
    while end < len(run) and len(run[end].surface) <= 4 and _continues(word, run[end].surface, letters):
        word += run[end].surface
        end += 1
    if len(word) < 2 or len(set(word)) < len(word) or look(run[first]) & (Look.PERSON | Look.PLACE | Look.PROPER):
        return None
    compounds = _data()["compounds"]
    if word in compounds["never"] or (first > 0 and look(run[first - 1]) & (Look.NUMBER | Look.FAMILY)):
        return None
    if word in compounds["ambiguous"] and not text.startswith(_relations(), run[end - 1].end):
        return None
    abbreviations = _data()["abbreviations"]
    title = title_at(text, run[end - 1].end)
    if title and title.sort == "honorifics":                            # 米朝師匠
        return None
    start = run[first].start
    return end, [
        _span(start + at, start + at + 1, abbreviations[letter])
        for at, letter in enumerate(word) if abbreviations[letter]
    ]


def _continues(word: str, more: str, letters: str) -> bool:
    """Whether `word` and `more` are abbreviations throughout; パ is one after 印 only."""
    only_after: dict[str, str] = _data()["compounds"]["only_after"]
    whole = word + more
    return all(
        letter in letters or (at > 0 and whole[at - 1] in only_after.get(letter, ""))
        for at, letter in enumerate(whole)
    )


@cache
def _relations() -> tuple[str, ...]:
    return tuple(_data()["compounds"]["ambiguous_before"])


# --- one letter: 米 グーグル, 対 ロ, 米、英、仏 ------------------------------------------------------------------


def _single(text: str, run: Run, first: int) -> Found | None:
    data = _data()
    unit = run[first]
    abbreviations: dict[str, str] = data["abbreviations"]
    following = run[first + 1] if first + 1 < len(run) else None
    if following and len(following.surface) == 1 and following.surface in data["before"].get(unit.surface, ""):
        return first + 2, [_span(following.start, following.end, abbreviations[following.surface])]
    if not abbreviations.get(unit.surface):
        return None
    compound = _compound(text, run, first)
    if compound:
        return compound
    if first > 0 and look(run[first - 1]) & Look.NUMBER:
        return None
    if _stands_before_country_word(text, run, first) or _is_listed(text, unit.start, unit.end):
        return first + 1, [_span(unit.start, unit.end, abbreviations[unit.surface])]
    return None


def _stands_before_country_word(text: str, run: Run, first: int) -> bool:
    if first + 1 >= len(run):
        return False
    unit, following = run[first], run[first + 1]
    if unit.surface + following.surface in _data()["after"]["never"]:
        return False
    if _goes_before(unit.surface, text[following.start:run[-1].end]) or _goes_before(unit.surface, following.surface):
        return True
    names_follow = look(following) & (Look.PROPER | Look.LATIN | Look.PERSON) or (
        look(following) & Look.KATAKANA and len(following.surface) > 2
    ) or (look(following) & Look.PLACE)
    return unit.surface in _data()["after"]["characters"] and bool(names_follow)


def _is_listed(text: str, start: int, end: int) -> bool:
    """In a list of abbreviations (米、英、仏), or the subject of a headline (米、イランを攻撃)."""
    if start == 0 and text[0] in _data()["after"]["characters"] and text[end:end + 1] == "、":
        return True
    opening = max(0, start - 10)
    return any(
        listed.start() <= start - opening < listed.end() for listed in _LIST.finditer(text[opening:end + 10])
    )
