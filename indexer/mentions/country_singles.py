"""A country by one character that stands by itself: 米|グーグル, 米、イランを攻撃, （米）, 仏、西、伊."""

from __future__ import annotations

import re
from functools import cache

from indexer.mentions.country_letters import NORTH, STRONG, letters, opens_with, relation_at
from indexer.mentions.country_names import Found, country_data, names, span
from indexer.mentions.looks import Look, look
from indexer.mentions.runs import CONNECTORS, Run
from search.japanese.tokens import Unit

_NEIGHBOURHOOD = 30     # characters in which other words say whether 米 is rice
# An abbreviation in brackets, as after sportsmen and in credits: （米）. 日 is Sunday, 中 the second of three.
_IN_BRACKETS = re.compile("[（(＝=](?:[米英仏独露韓豪伊加]|(?<=[ァ-ヶー][（(＝=])[ロ印比越])[）)＝=]")
_CLAUSE_OPENS = re.compile(r"(?:^|[「『（(【　 \n。！？!?…―—：:])$")
_JOINS = "-、・と／/―‐－–ー—"
_DASHES = tuple("-－―—=＝")
_ITEM_ENDS = re.compile(f"[{_JOINS}]|$|[がはのにをへも両]|首脳|[2-9２-９二三四五六七]|など")
_DIRECTIONS = re.compile("、[東西南]")
_BEFORE_OFFICES = CONNECTORS | frozenset("前元現新故対駐同旧")


@cache
def _name_or_bloc() -> str:
    blocs = country_data()["blocs"]["words"]
    return "|".join(map(re.escape, sorted((*(n for n in names() if len(n) > 1), *blocs), key=len, reverse=True)))


@cache
def _named_after() -> re.Pattern[str]:
    return re.compile(f"(?:{_name_or_bloc()})(?!語|系)")


@cache
def _listed() -> str:
    return str(country_data()["headline"]["listed"])


@cache
def _joined_after() -> re.Pattern[str]:
    return re.compile(
        f"[{_JOINS}](?:{_name_or_bloc()}|[{STRONG}]{{1,4}}(?![一-鿿])|[{_listed()}]"
        f"(?:[{_JOINS}]|$|両|[2-9２-９二三四五六七]|首脳|各国|外相|など))"
    )


@cache
def _list_of_three() -> re.Pattern[str]:
    letter = f"[{_listed()}西](?![一-鿿])"
    return re.compile(f"(?<![一-鿿ァ-ヶ])[{_listed()}西](?:[、・]{letter}){{2,}}")


@cache
def _joined_before() -> re.Pattern[str]:
    return re.compile(f"(?:{_name_or_bloc()}|(?:^|[、・と（(「『　 。\\n])[{_listed()}]{{1,4}})[{_JOINS}や]$")


def single_at(text: str, run: Run, first: int) -> Found | None:
    """The country that the unit `first` abbreviates by itself, and the index of the unit after it."""
    unit = run[first]
    if unit.surface == NORTH:
        return (first + 1, [span(unit.start, unit.end, "KP")]) if _is_north_korea(text, run, first) else None
    if unit.surface not in letters():
        return None
    if _is_in_brackets(text, unit) or _is_in_list(text, unit) or (
        unit.surface in _listed() and not _is_counted(run, first) and _stands_for_country(text, run, first)
    ):
        return first + 1, [span(unit.start, unit.end, letters()[unit.surface])]
    return None


def _is_north_korea(text: str, run: Run, first: int) -> bool:
    """『北、ミサイル発射』, 「北が一方的に」, 対北制裁; but not the north of anything else."""
    unit, data = run[first], country_data()["north"]
    before, after = text[max(0, unit.start - 1):unit.start], text[unit.end:unit.end + 1]
    if before not in data["before"] or not before:
        is_subject = len(run) == 1 and after != "" and after in data["after"]
        opens = _CLAUSE_OPENS.search(before) is not None or (after == "が" and before in "、を")
        if not is_subject or not opens or _DIRECTIONS.match(text, unit.end):
            return False
    return opens_with("north", "world").search(text) is not None


def _stands_for_country(text: str, run: Run, first: int) -> bool:
    return (
        _stands_before_noun(text, run, first)
        or _stands_beside_country(text, run, first)
        or _stands_alone(text, run, first)
    )


def _is_in_list(text: str, unit: Unit) -> bool:
    """仏、西、伊: three abbreviations in a row leave no doubt."""
    if "、" not in text[max(0, unit.start - 1):unit.end + 1] and "・" not in text[max(0, unit.start - 1):unit.end + 1]:
        return False
    opening = max(0, unit.start - 12)
    return any(
        listed.start() <= unit.start - opening < listed.end()
        for listed in _list_of_three().finditer(text[opening:unit.end + 12])
    )


def _is_in_brackets(text: str, unit: Unit) -> bool:
    is_after_word = unit.start > 1 and text[unit.start - 2] not in "\n　 "
    return is_after_word and _IN_BRACKETS.match(text, unit.start - 1) is not None


def _is_counted(run: Run, first: int) -> bool:
    """5 日, 3 台, 100 米; but not 65万|豪|ドル."""
    return first > 0 and bool(look(run[first - 1]) & Look.NUMBER) and not (
        first + 1 < len(run) and run[first + 1].surface in ("ドル", "ポンド")
    )


def _stands_before_noun(text: str, run: Run, first: int) -> bool:
    """米|大統領, 英|BBC, 独|メルケル首相, 米・フロリダ州."""
    if first + 1 >= len(run):
        return False
    unit, data = run[first], country_data()["after"]
    letter, rest = unit.surface, text[unit.end:unit.end + 12]
    if letter in data["guarded"]:
        return bool(opens_with("after", "offices").match(rest)) and (first == 0 or _is_free_before(run[first - 1]))
    if letter not in data["characters"] or opens_with("after", "never").match(letter + rest):
        return False
    if opens_with("after", "words").match(rest):
        return True
    if first > 0 and look(run[first - 1]) & Look.FAMILY and look(run[first - 1]) & Look.KANJI:     # 野口|英|世
        return False
    is_after_dot = rest[:1] in CONNECTORS and first + 2 < len(run)
    return _may_be_of_country(unit, run[first + 2 if is_after_dot else first + 1]) and not (
        letter == "米" and _is_about_rice(text, unit)
    )


def _may_be_of_country(unit: Unit, following: Unit) -> bool:
    """Whether what follows, by itself, leaves the abbreviation `unit` a country's."""
    judged = look(following)
    if judged & (Look.PROPER | Look.LATIN | Look.PLACE) or (judged & Look.KATAKANA and len(following.surface) > 2):
        return True
    if judged & Look.PERSON:
        return bool(judged & Look.WHOLE)
    return following.part_of_speech[1] == "普通名詞" and len(following.surface) > 1 and not (
        look(unit) & Look.FAMILY                                                                # 韓|悳洙
    )


def _is_free_before(unit: Unit) -> bool:
    """Whether what stands before leaves a weak abbreviation free: モディ|印|首相, 元|比|大統領."""
    return bool(look(unit) & (Look.PERSON | Look.UNKNOWN | Look.KATAKANA)) or unit.surface in _BEFORE_OFFICES


def _is_about_rice(text: str, unit: Unit) -> bool:
    near = text[max(0, unit.start - _NEIGHBOURHOOD):unit.end + _NEIGHBOURHOOD]
    return opens_with("rice", "words").search(near) is not None and not _named_after().search(near)


def _stands_beside_country(text: str, run: Run, first: int) -> bool:
    """米・イラン, 日EU, 米と中国, 中国と米; but not する中、中国は."""
    unit = run[first]
    if unit.surface not in _listed() or (first > 0 and run[first - 1].surface not in CONNECTORS):
        return False
    before = text[max(0, unit.start - 12):unit.start]
    named = _named_after().match(text, unit.end)
    if named:                                                           # 日|イラン, 日|EU
        return relation_at(text, named.end()) or unit.surface in STRONG
    is_listed = _joined_before().search(before) is not None
    if unit.surface in STRONG:
        return is_listed or _joined_after().match(text, unit.end) is not None
    opens = not before or before[-1] in _JOINS or _CLAUSE_OPENS.search(before) is not None
    if text.startswith("、", unit.end) and not is_listed:
        return unit.start == 0 and _joined_after().match(text, unit.end) is not None
    return opens and (is_listed or _joined_after().match(text, unit.end) is not None) and _ends_item(text, unit.end)


def _ends_item(text: str, position: int) -> bool:
    """Whether no other word goes on: 中 of 日・中・韓, and not of 米国、中でも."""
    return _ITEM_ENDS.match(text, position) is not None


def _stands_alone(text: str, run: Run, first: int) -> bool:
    """The subject of a headline: 米、イランを攻撃; 米が報復; ロに制裁."""
    unit, data = run[first], country_data()["headline"]
    if first + 1 < len(run) or unit.surface not in data["characters"] or (
        first > 0 and run[first - 1].part_of_speech[2] != "副詞可能"
    ):
        return False
    is_weak, after = unit.surface in data["weak"], text[unit.end:unit.end + 1]
    before = text[max(0, unit.start - 2):unit.start]
    opens = not before or _CLAUSE_OPENS.search(before) is not None or (
        unit.surface == "ロ" and before.endswith("、") and before[0] not in "イい"
    )
    if (unit.surface == "米" and _is_about_rice(text, unit)) or (
        unit.surface == "中" and (unit.start > 0 or after != "、")
    ) or (is_weak and not opens):
        return False
    if (opens and after == "、") or (after in ("「", "『") and unit.surface in STRONG):          # 英「タイムズ」
        return True
    if after == "":
        return False
    if unit.surface in STRONG and (
        after in "破下" or (after == "で" and before.endswith("、")) or (after in "』」）" and before.endswith(_DASHES))
    ):                                                                  # 米破り; 、米で初の死者; 逮捕―米』
        return True
    if opens and after in "がはにへでと" and unit.surface in "英仏独豪露ロ":
        return True
    near = text[max(0, unit.start - _NEIGHBOURHOOD):unit.end + _NEIGHBOURHOOD]
    return after in data["after"] and (
        opens_with("headline", "world").search(near) is not None or _named_after().search(near) is not None
    )
