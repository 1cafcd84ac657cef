"""What was typed without a space -> the words in it, and what each looks for in the index."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from search.japanese import okurigana
from search.japanese.eras import ERAS
from search.japanese.numerals import number_sequences
from search.japanese.tokens import PartOfSpeech, Short, Unit, units
from search.query.model import Chars, Sequence, Simple, Term

MAX_RUN_CHARS = 1_000
"""Of what was typed without a space: three times as long as the longest sentence that anybody pastes."""

MAX_SHORTS = 32
"""Of one word; what has more is a list, and stands for its characters."""

# Words between words: they say how the others belong together, and nobody looks for them alone.
_BETWEEN = frozenset(("助詞", "助動詞", "補助記号", "空白", "接続詞"))

_HONORIFICS = frozenset(("氏", "さん", "様", "さま", "君", "ちゃん", "殿"))

IMPORTANCE = {"動詞": 0.7, "形容詞": 0.8, "形状詞": 0.8, "副詞": 0.5, "代名詞": 0.3, "連体詞": 0.3, "感動詞": 0.3}


_WITHIN_NUMBERS = frozenset("/／:：.．･-‐−–")
_DOTS = frozenset("・･")
_MONEY = frozenset("$＄¥￥€£")

# What a number after a number with its counter goes on from: 2026年3月, 3時15分, 5円50銭. But 2026年3位 is two words.
_FINER = {"年": "月", "月": "日", "時": "分", "分": "秒", "円": "銭", "ドル": "セント", "メートル": "センチ"}
_ERAS = frozenset(era.name for era in ERAS)
# Beside a year or a month, words of their own: 2026年夏 also stands in 2026年の夏.
_SEASONS = frozenset("春夏秋冬朝夜")


@dataclass(frozen=True)
class TypedWord:
    """One word: 知事選, 習主席, 2万人.

    text: as it was typed. units: what Sudachi makes of it.
    """

    text: str
    units: tuple[Unit, ...]

    @cached_property
    def leaves(self) -> tuple[Simple, ...]:
        """What the index may have of it: a long unit as a whole, its short units side by side, numbers in any form."""
        if len(self.shorts) > MAX_SHORTS:
            return (Chars(self.text),)
        if self.units[0].surface in _MONEY:
            # A sign of money is no term, and 5000 alone is also people.
            return (Chars(self.text),)
        rows = [_leaf(row) for row in number_sequences(self.units)]
        if len(self.units) > 1 and self.units[-1].surface in _HONORIFICS:
            # 太田房江氏 asks for her, and articles say 太田房江知事 too.
            rows.append(_leaf(tuple(short.term for unit in self.units[:-1] for short in unit.shorts if short.term)))
        compounds = map(Term, okurigana.terms(self.text))
        if len(self.units) == 1 and len(self.units[0].shorts) > 1:
            # The long unit as a whole ranks an article higher than its parts side by side.
            return tuple(dict.fromkeys((Term(self.units[0].term), *rows, *compounds)))
        return tuple(dict.fromkeys((*rows, *compounds)))

    @cached_property
    def shorts(self) -> tuple[Short, ...]:
        """Its short units that have terms."""
        return tuple(short for unit in self.units for short in unit.shorts if short.term)

    @property
    def importance(self) -> float:
        """What a hit of it says."""
        return max(importance(unit.part_of_speech) for unit in self.units)

    @property
    def is_name(self) -> bool:
        """Whether it has a proper noun, or a word that follows names."""
        return any(unit.part_of_speech[1] == "固有名詞" or unit.part_of_speech[0] == "接尾辞" for unit in self.units)


def importance(part_of_speech: PartOfSpeech) -> float:
    """What a hit says beside one of a noun: of 合意を急ぐ, 合意 says more. Chosen on judged sets, docs/quality.md."""
    return IMPORTANCE.get(part_of_speech[0], 1.0)


@lru_cache(maxsize=4096)
def words_in(text: str) -> tuple[TypedWord, ...]:
    """The words of what was typed without a space: 知事選, or 停戦 and 合意 of 停戦に合意. None of them twice.

    What makes one word stays together: a long unit, an affix, a name in two parts, a single character; a number with
    its counter and what is affixed to it, but not what follows: 2006年 and ワールドカップ of 2006年ワールドカップ.
    () if there is no word in it (punctuation).
    """
    groups = _groups(units(text[:MAX_RUN_CHARS]))
    kept = [group for group in groups if not _is_filler(group, groups)]
    words = [TypedWord(text[group[0].start : group[-1].end], tuple(group)) for group in kept]
    seen: dict[tuple[str, ...], TypedWord] = {}
    for word in words:
        seen.setdefault(tuple(short.term for short in word.shorts), word)
    return tuple(seen.values())


@lru_cache(maxsize=4096)
def phrase_leaf(text: str) -> Simple | None:
    """These words in this order, next to each other. None if there is no word in it."""
    terms = tuple(short.term for unit in units(text) for short in unit.shorts if short.term)
    return _leaf(terms) if terms else None


def _leaf(terms: tuple[str, ...]) -> Simple:
    return Term(terms[0]) if len(terms) == 1 else Sequence(terms)


def _groups(found: list[Unit]) -> list[list[Unit]]:
    """Units that make one word are one group; particles and punctuation part groups and are left out."""
    groups: list[list[Unit]] = []
    joined = False
    for at, unit in enumerate(found):
        following = found[at + 1 : at + 3]
        if unit.surface in _MONEY and following and _is_number(following[0]):
            groups.append([unit])
            joined = True
            continue
        if unit.part_of_speech[0] in _BETWEEN or not unit.term:
            joined = joined and _joins(groups[-1][-1], unit)
            if joined and unit.surface in _DOTS and _is_number(groups[-1][-1]):
                groups[-1].append(unit)     # 0・5%: whether the dot is a decimal point, `numerals` says
            continue
        if groups and joined and _belongs(groups[-1], unit, following):
            groups[-1].append(unit)
        else:
            groups.append([unit])
        joined = True
    return groups


def _is_number(unit: Unit) -> bool:
    return unit.part_of_speech[1] == "数詞"


def _joins(before: Unit, sign: Unit) -> bool:
    """ジョー・バイデン: what a middle dot joins is one name; 8/30 and 10:30 are one number."""
    is_number = _is_number(before) and before.end == sign.start
    return sign.surface in ("・", "＝", "=") or (is_number and sign.surface in _WITHIN_NUMBERS)


def _belongs(group: list[Unit], unit: Unit, following: list[Unit]) -> bool:
    """Whether the unit goes on with the word that the group is so far. following: the units after it."""
    before = group[-1]
    left, right = before.part_of_speech, unit.part_of_speech
    if right[0] == "接尾辞" or left[0] == "接頭辞" or before.end != unit.start or not before.term:
        return True
    if _is_name(left) and _is_name(right):
        return True
    if _is_number(before):
        # 第1 原発, G7 首脳, 10億 寄付; but 第1次, G7型, 10億円 and 2国家 are one word.
        is_done = (len(group) > 1 and (group[-2].surface == "第" or group[-2].surface.isascii())) or (
            before.surface[-1] in "万億兆"
        )
        return not is_done or len(unit.surface) == 1 or right[2] == "助数詞可能"
    if _is_number(unit):
        return _leads_to_number(group, following)
    if any(map(_is_number, group)):
        # 12月期, 38度線 and 20歳代; but 12月期 決算, 2026年 夏 and 2026年 米 are two words.
        return len(unit.surface) == 1 and right[:2] == ("名詞", "普通名詞") and unit.surface not in _SEASONS
    if left[0] == "名詞" and right[:2] == ("動詞", "非自立可能"):
        # 話合う: what Sudachi does not know as one word. But not する in 停戦合意した.
        return len(before.surface) == 1 and _begins_with_kanji(unit.surface)
    return left[0] == right[0] == "名詞" and 1 in (len(before.surface), len(unit.surface))


def _leads_to_number(group: list[Unit], following: list[Unit]) -> bool:
    """G7 and 週3日; 平成20年度; 3月10日, for what comes after the number is finer than what came before it."""
    before = group[-1]
    counter = following[0].surface if following else ""
    if before.surface in _ERAS:
        return True
    if len(group) > 1 and _is_number(group[-2]):
        return _FINER.get(before.surface) == counter
    return before.part_of_speech[2] == "助数詞可能" or before.surface.isascii()


def _begins_with_kanji(surface: str) -> bool:
    return "一" <= surface[0] <= "鿿"


def _is_name(part_of_speech: PartOfSpeech) -> bool:
    return part_of_speech[2] == "人名"


def _is_filler(group: list[Unit], groups: list[list[Unit]]) -> bool:
    # 停戦合意した: する beside a word that carries the meaning.
    return len(groups) > 1 and all(unit.part_of_speech[1] == "非自立可能" for unit in group)
