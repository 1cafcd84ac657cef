"""Numbers: 2万, 20,000 and 弐万 are one, and so are 5% and 5パーセント.

Sudachi gives most numbers one term already, in plain digits (二万 and 20,000: 20000). What it leaves in pieces
(弐 + 万, 7 + ・ + 4, the 2 + 0 + 0 + 5 after an English comma) gets a term of its own, "#20000". No word gives
such a term: to Sudachi a typed # is a sign, not part of a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from search.japanese.eras import fiscal_years
from search.query.forms import Form

if TYPE_CHECKING:
    from search.japanese.tokens import Unit

LARGEST = 10**20
"""Numbers beyond are left as they are: nobody searches for one, and it takes a page of digits to write it."""

MAX_CHARS = 40
"""Enough for 九千九百九十九京九千九百九十九兆九千九百九十九億九千九百九十九万九千九百九十九."""

MAX_NUMBERS = 6
"""In one typed word; a date with its time of day has five. Of more, only all at once are looked for in other ways."""

_DIGITS = str.maketrans(
    "〇零一二三四五六七八九壱壹弐貳参參拾佰仟阡萬．，",
    "0012345678911223" "3十百千千万.,",
)
_LARGE = {"京": 10**16, "兆": 10**12, "億": 10**8, "万": 10**4}
_SMALL = {"千": 1000, "百": 100, "十": 10}

_PLAIN = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,8})?\Z")
# 3千5百, 二十四, 千五 and 3.5千, after kanji digits have become digits.
_IN_STEPS = re.compile(
    r"(?:(?P<千>\d(?:\.\d{1,8})?)?千)?(?:(?P<百>\d(?:\.\d{1,8})?)?百)?(?:(?P<十>\d)?十)?(?P<rest>\d{0,3})\Z"
)
# 10², and the name before the votes in 杉浦清一20,161票.
_NOT_ONE_NUMBER = re.compile(r"[⁰¹²³⁴-⁹₀-₉]|[〇一二三四五六七八九]\d|\d[〇一二三四五六七八九]")
_SECTIONS = re.compile(r"([^京兆億万]+)([京兆億万])")


@lru_cache(maxsize=1 << 14)
def number_of(text: str) -> str | None:
    """The number that `text` is, in plain digits: 20000 for 2万, 7500000000000 for 7.5兆, 0.5 for 0.50.

    None if it is none (数万, 億, 3人, 10², 一20), above `LARGEST`, longer than `MAX_CHARS`, or a code (007).
    """
    if not text or len(text) > MAX_CHARS or _NOT_ONE_NUMBER.search(text):
        return None
    written = unicodedata.normalize("NFKC", text).translate(_DIGITS)
    value = _value(written)
    return None if value is None or value > LARGEST else _plain(value)


def _value(written: str) -> Decimal | None:
    """京, 兆, 億 and 万 come in this order, each after a number below 10,000, but for the first one."""
    total, at, above, is_whole = Decimal(0), 0, 0, True
    for match in _SECTIONS.finditer(written):
        worth = _LARGE[match[2]]
        part = _below_ten_thousand(match[1], is_first=not above)
        if match.start() != at or not part or not is_whole or (above and (worth >= above or part >= 10_000)):
            return None
        total += part * worth
        at, above, is_whole = match.end(), worth, part == int(part)
    if at == len(written):
        return total if above else None
    rest = _below_ten_thousand(written[at:], is_first=not above)
    if rest is None or (above and (not is_whole or rest >= 10_000)):
        return None
    return total + rest


def _below_ten_thousand(written: str, *, is_first: bool) -> Decimal | None:
    """What stands before or after 万 and the like. Digits alone may be more: 20000億."""
    if _PLAIN.match(written):
        # 04月 is 4月, and 1万0500円 is usual; 007 and 0120 are codes.
        is_code = is_first and re.match(r"0\d\d", written) is not None
        return None if is_code else Decimal(written.replace(",", ""))
    match = _IN_STEPS.match(written)
    if not match or not written:
        return None
    total, lowest = Decimal(0), 0
    for step, worth in _SMALL.items():
        if step in written:
            total += Decimal(match[step] or 1) * worth
            lowest = worth
    rest = Decimal(match["rest"] or 0)
    return total + rest if rest < lowest else None


def _plain(value: Decimal) -> str:
    """Without exponent, and without zeros at the end of decimals."""
    digits = f"{value:f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


# ---- Numbers among units ------------------------------------------------------------------------

# What follows 2・5 if the dot is a decimal point: 2・5% and 2・5億, but not 1・2回戦 or 15・16日.
_MEASURES = frozenset("% ％ ㌫ パーセント ポイント 倍 割 メートル キロ センチ ミリ トン 秒 m km ㌔ ㍍ ㌢ ㍉ ㌧".split())
_LARGE_AT_END = re.compile(r"\d[万億兆]\Z")
_DOTS = ("・", "･")
_AFTER_ZERO = frozenset("年月日時分号回")
# Those of the dictionary's words with a number in them that count.
_COUNTERS = frozenset("回級度")
# ひとつ is 一つ.
_BEFORE_TSU = {"ひと": 1, "ふた": 2, "みっ": 3, "よっ": 4, "いつ": 5, "むっ": 6, "なな": 7, "やっ": 8, "ここの": 9}


class NumberRun(NamedTuple):
    """A number in a row of units.

    first, end: its short units, counted through all units, the end excluded. last_start: code points, where the last
    one of them begins. number: as `number_of` gives it. is_plain: it is one unit, and its term says the number already.
    """

    first: int
    end: int
    last_start: int
    number: str
    is_plain: bool

    @property
    def term(self) -> str:
        """What the index has at the last unit of a number that is not plain: "#20000"."""
        return f"#{self.number}"


def number_runs(units: Sequence[Unit]) -> list[NumberRun]:
    """The numbers in these units, of an article or of a query: what Sudachi calls numbers, joined where they touch.

    None of 一方, 三重県 and 十分な are, nor what holds a 数 (十数人) or counts nothing (日本一, 億万長者).
    """
    begins = [
        index
        for index, unit in enumerate(units)
        if unit.part_of_speech[1] == "数詞" or (len(unit.shorts) > 1 and unit.shorts[0].part_of_speech[1] == "数詞")
    ]
    if not begins:
        return []
    shorts_before = list(accumulate([len(unit.shorts) for unit in units], initial=0))
    found: list[NumberRun] = []
    done = 0
    for index in begins:
        if index < done:
            continue
        unit, first = units[index], shorts_before[index]
        if unit.part_of_speech[1] == "数詞":
            done = _end(units, index)
            number = _number(units[index:done], units[done].surface if done < len(units) else "")
            end, last = shorts_before[done], units[done - 1].shorts[-1]
        else:
            # 一回 is a word of the dictionary, 2回 is not.
            end, last = first + 1, unit.shorts[0]
            number = number_of(unit.surface[: last.end - unit.start]) if _counts(unit) else None
        if number:
            found.append(NumberRun(first, end, last.start, number, end == first + 1 and last.term == number))
    return found


def _end(units: Sequence[Unit], first: int) -> int:
    """The end of the units that are written as one number from this one on."""
    end = first + 1
    while end < len(units) and units[end].start == units[end - 1].end:
        if units[end].part_of_speech[1] == "数詞":
            end += 1
        elif _is_decimal_point(units, end):
            end += 2
        else:
            break
    return end


def _is_decimal_point(units: Sequence[Unit], dot: int) -> bool:
    if units[dot].surface not in _DOTS or dot + 1 >= len(units):
        return False
    after = units[dot + 1]
    if after.part_of_speech[1] != "数詞" or after.start != units[dot].end:
        return False
    measured = dot + 2 < len(units) and units[dot + 2].surface in _MEASURES
    return measured or _LARGE_AT_END.search(after.surface) is not None


def _number(numerals: Sequence[Unit], following: str) -> str | None:
    if len(numerals) > 1:
        return number_of("".join("." if one.surface in _DOTS else one.surface for one in numerals))
    surface = numerals[0].surface
    if following == "つ" and surface in _BEFORE_TSU:
        return str(_BEFORE_TSU[surface])
    # 04月 is 4月, but 57秒05 is not 5. 三 is mostly a number, 参 alone is mostly 参院.
    if surface == "参" or (surface[0] in "0０" and surface[1:].isdecimal() and following[:1] not in _AFTER_ZERO):
        return None
    return number_of(surface)


def _counts(unit: Unit) -> bool:
    """一回 and 二級 count; 三角形 and 一段落 are things."""
    return len(unit.shorts) == 2 and unit.surface[-1] in _COUNTERS


def number_sequences(units: Sequence[Unit]) -> list[tuple[str, ...]]:
    """The rows of terms by which an index may have these units, their own first: (20000, 人) and (#20000, 人).

    An article has the second one where Sudachi leaves the number in pieces. Of several numbers one at a time is taken
    to be so, or all of them.
    """
    terms = [short.term for unit in units for short in unit.shorts]
    runs = number_runs(units)
    own, plain, long = (
        [tuple(terms[run.first : run.end]) for run in runs],
        [(run.number,) for run in runs],
        [(run.term,) for run in runs],
    )
    rows: list[Sequence[tuple[str, ...]]] = [own, plain, long]
    if len(runs) <= MAX_NUMBERS:
        rows += [[*plain[:i], long[i], *plain[i + 1 :]] for i in range(len(runs))]
    return list(dict.fromkeys(_row(terms, runs, numbers) for numbers in rows))


def _row(terms: Sequence[str], runs: Sequence[NumberRun], numbers: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    row: list[str] = []
    at = 0
    for run, number in zip(runs, numbers, strict=True):
        row += [*terms[at : run.first], *number]
        at = run.end
    return tuple(term for term in (*row, *terms[at:]) if term)


# ---- Units of measure ---------------------------------------------------------------------------

# Ways to write one unit, beyond those that Sudachi knows for one already (％ ㌔ ㎏ 才 ヶ月).
_SAME_UNITS = tuple(
    tuple(line.split())
    for line in """
        % パーセント
        km キロメートル
        kg キログラム
        m メートル
        cm センチメートル センチ
        mm ミリメートル
        g グラム
        mg ミリグラム
        t トン
        l リットル
        ml ミリリットル
        ha ヘクタール
        m2 平方メートル 平米
        m3 立方メートル
        km2 平方キロメートル 平方キロ
        kW キロワット
        MW メガワット
        GW ギガワット
        kWh キロワット時
        MB メガバイト
        GB ギガバイト
        TB テラバイト
        hPa ヘクトパスカル
        Hz ヘルツ
        mSv ミリシーベルト
        km/h キロメートル毎時
        ドル 米ドル
    """.strip().splitlines()
)
# What people say, first, and all that it may mean.
_SHORTENED_UNITS = (
    ("キロ", "km", "キロメートル", "kg", "キログラム"),
    ("ミリ", "mm", "ミリメートル"),
    ("ギガ", "GB", "ギガバイト"),
)
SHORTENED_WEIGHT = 0.6
"""Of キロ for km, and of km for キロ: it may mean kilograms as well. An estimate, not measured."""

_MONEY = {"ドル": "$", "円": "¥", "ユーロ": "€", "ポンド": "£"}
# Numbers in words that no rule makes.
_SAME_COUNTS = (("1度", "一度"), ("2度", "二度"), ("20歳", "二十歳", "はたち"), ("1カ月", "ひと月"), ("30日", "三十日"))

# 台風第12号 is 台風12号, but 第3回 is not 3回.
_NTH = re.compile(r"第(?P<rest>[\d.,〇一二三四五六七八九十百千]+[号位次審条項])\Z")
_POINT = re.compile(r"(?<=[\d〇一二三四五六七八九])・(?=[\d〇一二三四五六七八九]+(?P<unit>\D+)\Z)")
_NUMERALS = re.compile("[〇一二三四五六七八九十百千]+")
_NUMBER_AND_UNIT = re.compile(r"(?P<number>[\d.,．，〇一二三四五六七八九十百千万億兆]+)(?P<unit>\D{1,12})\Z")
_MONEY_AND_NUMBER = re.compile(r"(?P<sign>[$¥€£])(?P<number>[\d.,万億兆]+)\Z")


def unit_forms(word: str) -> tuple[Form, ...]:
    """The other ways to write a unit of measure: パーセント for %, キロメートル and キロ for km. () for other words."""
    unit = unicodedata.normalize("NFKC", word).casefold()
    return tuple(
        Form(text, "number", SHORTENED_WEIGHT if as_shortened else 1.0)
        for units, as_shortened in ((_SAME_UNITS, False), (_SHORTENED_UNITS, True))
        for same in units
        if unit in map(str.casefold, same)
        for text in same
        if text.casefold() != unit and (not as_shortened or same[0] in (text, word))
    )


def counted_forms(text: str) -> tuple[Form, ...]:
    """The other ways to write a number with its unit: 10キロメートル for 10km, 12号 for 第12号, $100 for 100ドル.

    text: a whole typed word. Other ways to write the number alone are not among them: they have the same terms.
    """
    written = unicodedata.normalize("NFKC", text)
    if match := _NTH.match(written):
        return (Form(match["rest"], "number"),)
    if years := fiscal_years(_NUMERALS.sub(lambda numeral: number_of(numeral.group()) or "", written)):
        return tuple(Form(year, "date") for year in years)
    if (match := _POINT.search(written)) and match["unit"] in _MEASURES:
        written = _POINT.sub(".", written)
    if match := _MONEY_AND_NUMBER.match(written):
        name = {sign: name for name, sign in _MONEY.items()}[match["sign"]]
        return (Form(match["number"] + name, "number"),) if number_of(match["number"]) else ()
    match = _NUMBER_AND_UNIT.match(written)
    number = number_of(match["number"]) if match else None
    if not match or not number:
        return ()
    unit = match["unit"]
    found = [Form(match["number"] + form.text, "number", form.weight) for form in unit_forms(unit)]
    if unit in _MONEY:
        found.append(Form(_MONEY[unit] + match["number"], "number"))
    same = next((counts for counts in _SAME_COUNTS if counts[0] == number + unit), ())
    found += [Form(count, "number") for count in same if count != written]
    return tuple(found)
