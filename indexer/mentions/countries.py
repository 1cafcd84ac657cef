"""Countries: whole names, and the one-character abbreviations that newspapers are full of."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from indexer.mentions.looks import Look, look
from indexer.mentions.runs import CONNECTORS, Gazetteer, Run, Span
from indexer.mentions.titles import title_at
from search.articles import Entity
from search.names import bundled_aliases, bundled_entities, bundled_names, fold_name, load_data

NAMED, ABBREVIATED = 0.97, 0.93

# The last part of one word that leaves the country before it what it was: ロシア人, 中国側. 韓国語 is a language.
_KEEP = frozenset("人 側 軍 製 産 系 国 領 内 政府 国内 国民 国籍 大使館 大使 代表 株 史 風 戦 流 発 勢 籍 本土 全土".split())

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


def is_abbreviation(word: str) -> bool:
    """Whether the word is a one-character abbreviation of a country."""
    return bool(_data()["abbreviations"].get(word))


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
    unit = run[first]
    if _other_words().longest(text, run, first):
        return None
    named = country_gazetteer().longest(text, run, first)
    if named:
        if look(unit) & Look.PERSON and named[0] == first + 1 and _touches_dot(run, first):
            return None
        return named[0], [_span(unit.start, run[named[0] - 1].end, named[1], NAMED)]
    if "ヴ" in unit.surface:
        spelled = [code for code in bundled_aliases().get(fold_name(unit.surface), ()) if code in _codes()]
        if spelled:
            return first + 1, [_span(unit.start, unit.end, spelled[0], NAMED)]
    if unit.surface in _data()["alone"]["by_context"] and look(unit) & Look.PLACE:
        return first + 1, [_span(unit.start, unit.end, _names()[unit.surface], NAMED - 0.1)]
    if len(unit.surface) > 1:
        if len(unit.shorts) > 1 and not look(unit) & Look.PROPER:
            opening = text[unit.start:unit.shorts[0].end]
            if opening in _names() and text[unit.shorts[0].end:unit.end] in _KEEP:
                return first + 1, [_span(unit.start, unit.shorts[0].end, _names()[opening], NAMED)]
        compound = _compound(text, run, first)
        if compound:
            return compound
        pieces = _within(unit.surface)
        if pieces:
            return first + 1, _spans(unit.start, pieces)
        return None
    return _single(text, run, first)


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
    for letter in more:
        allowed_after = _data()["compounds"]["only_after"].get(letter)
        if letter not in letters and not (word and allowed_after and word[-1] in allowed_after) and not (
            allowed_after and more.index(letter) > 0 and more[more.index(letter) - 1] in allowed_after
        ):
            return False
    return True


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
    if len(unit.surface) == 1 and following and len(following.surface) > 1 or following:
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
    abbreviations = _data()["abbreviations"]
    safe = _data()["after"]["characters"]
    if text[start] not in safe + "中日":
        return False
    neighbours = (text[end:end + 2], text[max(0, start - 2):start][::-1])
    for pair in neighbours:
        if len(pair) == 2 and pair[0] in "・、" and pair[1] in safe + "中日" and pair[1] in abbreviations:
            return True
    return start == 0 and text[start] in safe and text[end:end + 1] == "、"
