"""Countries by their whole names: ロシア, ロシア|人, 旧|ソ連, マラウィ; and what only begins like one: 日本海."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from indexer.mentions.looks import Look, look
from indexer.mentions.runs import CONNECTORS, Gazetteer, Run, Span
from search.articles import Entity
from search.japanese.tokens import PartOfSpeech, Unit
from search.names import bundled_aliases, bundled_entities, bundled_names, fold_name, load_data

NAMED, ABBREVIATED = 0.97, 0.93

Found = tuple[int, list[Span]]
_Piece = tuple[int, int, str]           # start and end within the word, id

# 中国 beside one of Japan's other regions is the west of Honshu.
_REGIONS = "東北|関東|甲信|北陸|東海|近畿|関西|四国|九州|山陰|山陽|沖縄|奄美"
_REGION_AFTER = re.compile(f"(?:地方)?(?:[・、と／]|から|や|および)?(?:{_REGIONS})(?!部|軍|電力)")
_REGION_BEFORE = re.compile(f"(?:{_REGIONS})(?:地方)?(?:[・、と／]|から|や|および)$")

# A word in brackets may be one unit with the one before them: 選手(ロシア).
_BRACKETED = re.compile(r"[（(]([^（()）]+)[)）]$")
_KATAKANA = re.compile("[ァ-ヺー・]+")
_held: dict[tuple[str, PartOfSpeech], _Piece | None] = {}
_ASCII_TO_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@cache
def country_data() -> dict[str, Any]:
    """The contents of `search/data/countries.toml`."""
    return load_data("countries")


@cache
def country_gazetteer() -> Gazetteer:
    """The names of all countries as they are written."""
    return Gazetteer(
        (name, code) for name, code in names().items()
        if len(name) > 1 and name not in _table("alone", "never") and name[0] != "旧"      # 旧 is no part of 旧|ソ連
    )


@cache
def names() -> dict[str, str]:
    """Every name with its id."""
    found: dict[str, str] = {}
    for entity in _all():
        for name in bundled_names(entity.id):
            found[name] = entity.id
            if name.isascii() and name.isupper():                           # ＵＡＥ
                found[name.translate(_ASCII_TO_WIDE)] = entity.id
    # パレスチナ|自治区 is a part of the country.
    return {name: code for name, code in found.items() if not name.islower() and not name.endswith("自治区")}


def _all() -> list[Entity]:
    return [entity for entity in bundled_entities().values() if entity.kind == "country"]


@cache
def _codes() -> frozenset[str]:
    return frozenset(entity.id for entity in _all())


@cache
def _table(*keys: str) -> frozenset[str]:
    data: Any = country_data()
    for key in keys:
        data = data[key]
    return frozenset(data)


@cache
def _pattern(*keys: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_table(*keys), key=len, reverse=True))))


@cache
def _other_words() -> Gazetteer:
    return Gazetteer((word, "") for word in country_data()["not_countries"]["words"])


@cache
def _first_characters() -> frozenset[str]:
    return frozenset(opening[0] for opening in country_gazetteer().openings)


def may_be_name(word: str) -> bool:
    """Whether the word may begin a country's name, hold it, or be one in a spelling of its own."""
    if word[:2] in country_gazetteer().openings or (len(word) == 1 and word in _first_characters()):
        return True
    return bool(_spelled(word)) or _BRACKETED.search(word) is not None


@lru_cache(maxsize=1 << 14)
def _spelled(word: str) -> str:
    """The country whose name the word is in another spelling: ヴェトナム, マラウィ."""
    if not _KATAKANA.fullmatch(word):
        return ""
    return next((code for code in bundled_aliases().get(fold_name(word), ()) if code in _codes()), "")


def span(start: int, end: int, code: str, confidence: float = ABBREVIATED) -> Span:
    """A country. code: "" for one that the registry does not have."""
    return Span(start, end, "country", confidence, code or None)


def name_at(text: str, run: Run, first: int) -> Found | None:
    """The country whose name begins with the unit `first`, and the index of the unit after it.

    A word that only begins like one is found with no span.
    """
    other = _other_words().longest(text, run, first)
    if other:
        return other[0], []
    unit = run[first]
    named = country_gazetteer().longest(text, run, first)
    if named:
        end, code = named
    elif (code := _spelled(unit.surface)) and (unit.is_unknown or unit.part_of_speech[3] == "国"):
        end = first + 1
    else:
        return _in_one_word(unit, first)
    if _is_something_else(text, run, first, end):
        return None
    end = _with_form(text, run, end)
    return end, [span(unit.start, run[end - 1].end, code, NAMED)]


def _with_form(text: str, run: Run, end: int) -> int:
    """The index after the name with what belongs to it: モンテネグロ|共和国; but ドイツ|連邦|議会, 米国|連邦."""
    start = run[end - 1].end
    form = _pattern("one_word", "forms").match(text, start) if end < len(run) and text[start - 1] != "国" else None
    if form:
        for at in range(end, len(run)):
            if run[at].end >= form.end():
                is_whole = run[at].end == form.end() and (not form[0].endswith("連邦") or at + 1 == len(run))
                return at + 1 if is_whole else end
    return end


def _in_one_word(unit: Unit, first: int) -> Found | None:
    """ロシア in ロシア人, 選手(ロシア) and カナダドル, which the dictionary or the lack of one makes one word."""
    key = unit.surface, unit.part_of_speech
    if key not in _held:
        if len(_held) > 20_000:
            _held.clear()
        _held[key] = _hold(unit)
    piece = _held[key]
    return (first + 1, [span(unit.start + piece[0], unit.start + piece[1], piece[2], NAMED)]) if piece else None


def _hold(unit: Unit) -> _Piece | None:
    word = unit.surface
    bracketed = _BRACKETED.search(word)
    if bracketed and bracketed[1] in names():
        return bracketed.start(1), bracketed.end(1), names()[bracketed[1]]
    length = _length_of_name(unit)
    if length < 2 or word[:length] in _table("alone", "never"):
        return None
    code, rest = names()[word[:length]], word[length:]
    if rest in _table("one_word", "forms"):
        return 0, len(word), code
    is_free = not unit.is_unknown and not look(unit) & (Look.PROPER | Look.PERSON | Look.PLACE)
    if rest in _table("one_word", "kept") or (is_free and not _pattern("one_word", "other").match(rest)):
        return 0, length, code
    return None


def _length_of_name(unit: Unit) -> int:
    """The length of the country's name that the word begins with, 0 for none: アメリカ|合衆国|大統領, カナダ|ドル."""
    word = unit.surface
    if len(unit.shorts) > 1:
        cuts = [short.end - unit.start for short in unit.shorts[:-1]]
    else:
        cuts = list(range(3, len(word))) if unit.is_unknown else []
    return max((cut for cut in cuts if word[:cut] in names()), default=0)


# --- what looks like a country's name --------------------------------------------------------------------------


def _is_something_else(text: str, run: Run, first: int, end: int) -> bool:
    start, stop = run[first].start, run[end - 1].end
    name = text[start:stop]
    before, after = text[max(0, start - 8):start], text[stop:stop + 8]
    return (
        after.startswith(_what_goes_on(name))
        or before.endswith(_what_goes_before(name))
        or (name == "中国" and bool(_REGION_AFTER.match(after) or _REGION_BEFORE.search(before)))
        or (name.isascii() and _is_in_english(text, start, stop))
        or (name in _table("alone", "ambiguous") and not _is_sure(run, first, end))
        or _is_part_of_person(run, first, end)
        or (name in _table("alone", "short") and first > 0 and bool(look(run[first - 1]) & Look.KATAKANA))
    )


@lru_cache(maxsize=1 << 10)
def _what_goes_on(name: str) -> tuple[str, ...]:
    data: dict[str, list[str]] = country_data()["followed_by"]
    return *data["any"], *data.get(name, ())


@lru_cache(maxsize=1 << 10)
def _what_goes_before(name: str) -> tuple[str, ...]:
    data: dict[str, list[str]] = country_data()["preceded_by"]
    return *data["any"], *data.get(name, ())


def _is_sure(run: Run, first: int, end: int) -> bool:
    """Whether a name that is more often something else is a country here: マリ政府, マリで."""
    if end < len(run) and run[end].surface in _table("one_word", "kept"):
        return True
    return run[first].surface in _table("alone", "by_part_of_speech") and bool(look(run[first]) & Look.PLACE)


def _is_part_of_person(run: Run, first: int, end: int) -> bool:
    """チャド・スミス, マイケル・ジョーダン; but ロシア・プーチン大統領 and ヨルダン・シリア国境 are two names."""
    touches = [
        run[beside] for dot, beside in ((first - 1, first - 2), (end, end + 1))
        if 0 <= dot < len(run) and 0 <= beside < len(run) and run[dot].surface in CONNECTORS
    ]
    if not touches or end > first + 1:
        return False
    if look(run[first]) & Look.PERSON:
        return True
    return run[first].surface in _table("alone", "given_names") and any(
        look(unit) & Look.KATAKANA and not look(unit) & Look.PLACE and unit.surface not in names() for unit in touches
    )


def _is_in_english(text: str, start: int, end: int) -> bool:
    """Poland in "Poland's new cabinet"."""
    around = re.sub(r"[\s\"“”'’,.:;/-]", "", text[max(0, start - 4):start])[-1:], re.sub(
        r"[\s\"“”'’,.:;/-]", "", text[end:end + 4])[:1]
    return any(letter.isascii() and letter.isalnum() for letter in around)
