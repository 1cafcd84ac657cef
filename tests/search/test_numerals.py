"""Numbers: however one is written, it is found."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.articles import Article, Section
from search.japanese.analysis import Analysis, analyze
from search.japanese.numerals import counted_forms, number_of, number_runs, number_sequences, unit_forms
from search.japanese.tokens import units


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("20000", "2万 ２万 20,000 ２０，０００ ２００００ 20000 二万 弐万 2万0000"),
        ("7500000000000", "7.5兆 ７．５兆 7兆5000億 七兆五千億 75000億 7兆5,000億"),
        ("120000000", "1億2000万 一億二千万 1億2,000万 1億2千万 壱億弐千万 12000万"),
        ("1000", "1千 千 一千 1,000 1000"),
        ("30", "三十 30 ３０ 三〇 参拾"),
        ("24", "二十四 二四 24"),
        ("2024", "二〇二四 二千二十四 2024 ２０２４"),
        ("1005", "千五 1005"),
        ("3500", "3千5百 3.5千 三千五百"),
        ("10500", "1万0500 1万500 10,500"),
        ("3.14", "3.14 ３．１４ 3.140"),
        ("0.5", "0.5 0.50 〇.五"),
        ("0", "0 〇 零 0.0"),
        ("4", "4 04 四"),
        ("100000000000000000000", "100000000000000000000 10000京"),
        ("99999999999999999999", "九千九百九十九京九千九百九十九兆九千九百九十九億九千九百九十九万九千九百九十九"),
    ],
)
def test_every_way_to_write_a_number_gives_the_same_digits(number: str, written: str) -> None:
    assert {text: number_of(text) for text in written.split()} == dict.fromkeys(written.split(), number)


@pytest.mark.parametrize(
    "text",
    [
        "", "35百", "万", "億", "数万", "数十", "何百", "十数", "3人", "人", "20,00", "1,2345", "1.2.3",
        ".5", "5.", "-5", "1/2", "007", "0120", "2億3兆", "2万3万", "1.5万3", "1.5万3000", "10²", "一20,161", "万一",
        "百千", "1万20000", "abc",
        "100000000000000000001", "9" * 41, "9" * 65_536, "兆" * 65_536, "1" + "万" * 100,
    ],
)
def test_what_is_no_number(text: str) -> None:
    assert number_of(text) is None


def in_kanji(number: int) -> str:
    """As one would read it aloud."""
    written = ""
    for worth, name in ((10**16, "京"), (10**12, "兆"), (10**8, "億"), (10**4, "万"), (1, "")):
        section, number = divmod(number, worth)
        if section:
            for step, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
                digit, section = divmod(section, step)
                if digit:
                    written += ("一二三四五六七八九"[digit - 1] if digit > 1 or step in (1, 1000) else "") + sign
            written += name
    return written or "〇"


@given(st.integers(0, 10**20 - 1))
def test_a_number_read_aloud_is_itself(number: int) -> None:
    assert number_of(in_kanji(number)) == number_of(f"{number:,}") == number_of(str(number)) == str(number)


@settings(max_examples=300)
@given(st.text(st.sampled_from("0123456789.,・一二〇十百千万億兆京数０９，²"), max_size=45))
def test_any_run_of_numerals_is_plain_digits_or_nothing(text: str) -> None:
    number = number_of(text)
    assert number is None or (number.replace(".", "", 1).isascii() and float(number) >= 0 and "e" not in number)


# ---- among words --------------------------------------------------------------------------------


def numbers(text: str) -> list[str]:
    return [run.number for run in number_runs(units(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2万人が参加した", ["20000"]),
        ("弐万人が参加した", ["20000"]),
        ("3月と三月と03月", ["3", "3", "3"]),
        ("二、三人", ["2", "3"]),
        ("2、3日から5〜6日", ["2", "3", "5", "6"]),
        ("1万〜2万人", ["10000", "20000"]),
        ("第3回と第三回", ["3", "3"]),
        ("August 23,2005", ["23", "2005"]),       # Sudachi: 2 3 , 2 0 0 5
        ("前年比2・5%増", ["2.5"]),
        ("二・五倍", ["2.5"]),
        ("約7・5兆円", ["7500000000000"]),
        ("15・16日", ["15", "16"]),
        ("1・2回戦", ["1", "2"]),
        ("一回", ["1"]),                           # one word of the dictionary
        ("ひとつ、ふたつ、みっつ", ["1", "2", "3"]),
        ("3分の1", ["3", "1"]),
        ("57秒05", ["57"]),
    ],
)
def test_numbers_in_a_text(text: str, expected: list[str]) -> None:
    assert numbers(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *(
            "一方 三重県 五輪 九州 千葉 万博 四国 一部 三菱 八百屋 十分な説明 二階俊博氏 五十嵐さん 日本一 世界一 "
            "第三者 三角形 一段落 数万人 数十人 十数人 何百人 億万長者 参院 百貨店 八王子 一致 四半期 六本木"
        ).split(),
        "", "。", "1" * 3_000,
    ],
)
def test_words_that_only_hold_numerals(text: str) -> None:
    assert numbers(text) == []


def test_a_run_tells_its_units_and_where_the_last_begins() -> None:
    (run,) = number_runs(units("約弐万人"))
    assert (run.first, run.end, run.last_start, run.term, run.is_plain) == (1, 3, 2, "#20000", False)
    (run,) = number_runs(units("約2万人"))
    assert (run.first, run.end, run.last_start, run.is_plain) == (1, 2, 1, True)


def analyzed(text: str) -> Analysis:
    return analyze(Article("a", text, (Section(None, ""),)))[1]


def stands_in(analysis: Analysis, row: tuple[str, ...]) -> bool:
    """Whether the terms stand next to each other."""
    at = [{term} for term in analysis.terms]
    for token, term in analysis.long_terms:
        at[token].add(term)
    return any(
        all(term in at[start + i] for i, term in enumerate(row)) for start in range(len(at) - len(row) + 1)
    )


WAYS = ("2万人", "２万人", "20,000人", "二万人", "弐万人", "2万0000人", "２００００人")
MONTHS = ("3月", "３月", "三月", "03月")
PERCENT = ("2.5%", "２．５％", "2・5%", "二・五%")


@pytest.mark.parametrize("ways", [WAYS, MONTHS, PERCENT, ("1回", "一回", "１回"), ("1つ", "一つ", "ひとつ")])
def test_whichever_way_is_typed_finds_every_other(ways: tuple[str, ...]) -> None:
    for typed in ways:
        rows = number_sequences(units(typed))
        for written in ways:
            assert any(stands_in(analyzed(f"昨日は{written}で、"), row) for row in rows), (typed, written)


@pytest.mark.parametrize(
    ("typed", "written"),
    [("2万人", "22万人"), ("3月", "13月"), ("3月", "3カ月"), ("2人", "12人"), ("2.5%", "25%"), ("5%", "2.5%")],
)
def test_another_number_is_not_found(typed: str, written: str) -> None:
    rows = number_sequences(units(typed))
    assert not any(stands_in(analyzed(f"昨日は{written}で、"), row) for row in rows)


def test_the_units_own_terms_come_first_and_the_rows_stay_few() -> None:
    assert number_sequences(units("3月")) == [("3", "月"), ("#3", "月")]
    assert number_sequences(units("停戦合意")) == [("停戦", "合意")]
    rows = number_sequences(units("2024年4月10日午後3時15分"))
    assert rows[0] == ("2024", "年", "4", "月", "10", "日", "午後", "3", "時", "15", "分")
    assert len(rows) == 7
    assert len(number_sequences(units("1、" * 500))) <= 3


def test_only_numbers_that_words_do_not_say_cost_a_term() -> None:
    assert [long.term for long in analyzed("2万人と三十人と3.14と2024年度").long_terms] == []
    assert [long.term for long in analyzed("弐万人").long_terms] == ["#20000"]


@pytest.mark.parametrize("text", ["#20000", "＃２００００", "#MeToo", "C#", "@2024-04", "＠2024"])
def test_no_text_gives_a_term_of_numbers_or_dates(text: str) -> None:
    terms = [short.term for unit in units(text) for short in unit.shorts] + [unit.term for unit in units(text)]
    assert not any(term.startswith(("#", "@")) for term in terms)


# ---- units of measure ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("5%", ["5パーセント"]),
        ("５％", ["5パーセント"]),
        ("5パーセント", ["5%"]),
        ("10km", ["10キロメートル", "10キロ"]),
        ("10キロ", ["10km", "10キロメートル", "10kg", "10キログラム"]),
        ("10㌔", ["10km", "10キロメートル", "10kg", "10キログラム"]),
        ("10kg", ["10キログラム", "10キロ"]),
        ("1万KW", ["1万キロワット"]),
        ("100ドル", ["100米ドル", "$100"]),
        ("100万円", ["¥100万"]),
        ("$100", ["100ドル"]),
        ("￥5,000", ["5,000円"]),
        ("0・5%", ["0.5パーセント"]),
        ("第12号", ["12号"]),
        ("第十二号", ["十二号"]),
        ("第3回", []),                               # 3回 is three times
        ("平成20年度", ["2008年度"]),
        ("平成二十年度", ["2008年度"]),
        ("令和元年度", ["2019年度"]),
        ("2019年度", ["令和元年度", "平成31年度"]),
        ("２０２５年度", ["令和7年度"]),
        ("平成40年度", []),
        ("20年度", []),
        ("1度", ["一度"]),
        ("20歳", ["二十歳", "はたち"]),
        ("3月", []),
        ("3人", []),
        ("キロ", []),
        ("%", []),
        ("数キロ", []),
        ("", []),
        ("5" * 65_536, []),
    ],
)
def test_a_number_with_its_unit_is_written_in_other_ways(typed: str, expected: list[str]) -> None:
    forms = counted_forms(typed)
    assert [form.text for form in forms] == expected
    assert all(form.why in ("number", "date") and 0 < form.weight <= 1 for form in forms)


def test_what_may_mean_two_units_weighs_less() -> None:
    assert {form.text: form.weight for form in unit_forms("km")} == {"キロメートル": 1.0, "キロ": 0.6}
    assert {form.weight for form in unit_forms("キロ")} == {0.6}
    assert unit_forms("停戦") == ()
