"""A raw article to an article: headings, inferred titles, ids, and characters that no reader sees."""

import pytest

from indexer.raw import RawArticle, Rejection, Where
from indexer.sections import divide
from search.articles import Section

HERE = Where("archive/a.txt", 3)
LONG = "中国の習近平指導者とロシアのセルゲイ・ラブロフ外相が北京で会談し、両国の協力を確認した。"
LATER = "両国は外交政策を一致させてきた長い歴史があり、共同で軍事演習を行ってきた。"


def article(body="", **fields):
    return divide(RawArticle(HERE, body=body, **fields))


def headings(body):
    return [section.heading for section in article(body).sections]


@pytest.mark.parametrize(
    "heading",
    [
        "孤立の中で絆を強める",
        "結論",
        "「占領の計画ない」と主張",
        "「新しい指導者を」",
        "決選投票で60票",
        "【背景】",
        "TPP",
    ],
)
def test_a_short_line_between_paragraphs_is_a_heading(heading):
    assert headings(f"{LONG}\n\n{heading}\n\n{LATER}") == [None, heading]


@pytest.mark.parametrize(
    "line",
    [
        "首相は辞任した。",
        "次の通り：",
        "なぜ今なのか？",
        "・経済協力の拡大",
        "- 経済協力の拡大",
        "1. 経済協力の拡大",
        "（共同）",
        "（ワシントン＝見本太郎）",
        "【北京＝共同】",
        "見本太郎記者",
        "写真＝ロイター",
        "© 見本新聞",
        "2024年4月10日",
        "https://mihon-shimbun.example/1",
        "「私たちは決して諦めない、最後まで戦い続けるつもりだ」",
        "* * *",
        "短い行\nもう一つ",
        "北京での首脳会談を受けて両国の外相が共同記者会見に臨み今後の協力について詳しく述べた場面",
    ],
)
def test_a_line_that_only_looks_like_a_heading_stays_text(line):
    assert headings(f"{LONG}\n\n{line}\n\n{LATER}") == [None]


@pytest.mark.parametrize(
    "body",
    [
        f"{LONG}\n\n結論",                                        # nothing below it
        f"結論\n\n{LONG}",                                        # nothing above it
        f"{LONG}\n\nナゲット\n\nフィレオ\n\nタツタ\n\n{LATER}",        # a list
    ],
)
def test_a_heading_stands_between_two_paragraphs(body):
    assert headings(body) == [None]


def test_marked_headings_need_no_blank_lines_and_make_guessing_needless():
    sections = article(f"{LONG}\n## 出典\n短い行\n\n{LATER}\n\n短い行\n\n{LATER}").sections
    assert [section.heading for section in sections] == [None, "出典"]
    assert sections[1].text == f"短い行\n\n{LATER}\n\n短い行\n\n{LATER}"


def test_section_0_is_there_even_when_the_text_begins_with_a_heading():
    assert article(f"## 見出し\n\n{LONG}", title="題").sections == (Section(None, ""), Section("見出し", LONG))


def test_a_title_alone_is_an_article():
    found = article(title="地震速報")
    assert (found.title, found.sections) == ("地震速報", (Section(None, ""),))


@pytest.mark.parametrize(
    "body",
    [
        f"{LONG}\n\n{LATER}",
        f"{LONG}\n　\n \n\n{LATER}\n\n",
        f"\u3000{LONG}\n\u3000{LATER}",
        f"\u3000{LONG}\r\n\u3000{LATER}\r\n",
        f"{LONG}\u2029\u2029{LATER}",
    ],
)
def test_paragraphs_are_parted_by_a_blank_line_or_an_indent(body):
    assert article(body).sections == (Section(None, f"{LONG}\n\n{LATER}"),)


def test_in_an_indented_text_a_line_of_its_own_is_a_heading():
    assert headings(f"　{LONG}\n協力の歴史\n　{LATER}") == [None, "協力の歴史"]


def test_a_line_that_goes_on_stays_in_its_paragraph():
    found = article("　外相は\n会談した。\n　首相は帰国した。")
    assert found.sections[0].text == "外相は\n会談した。\n\n首相は帰国した。"


def test_text_stays_as_it_is_written():
    text = "ＡＢＣ①が㍿ｶﾞｽを　買収、100％子会社に 　《見本》。葛\U000e0100城市"
    assert article(text).sections[0].text == text


@pytest.mark.parametrize(
    ("text", "inferred"),
    [
        ("首相は辞任した。後任は未定だ。", "首相は辞任した"),
        ("辞任か！　首相が会見。", "辞任か！"),
        ("短い", "短い"),
        (
            "北京での中国の習近平指導者とロシアのセルゲイ・ラブロフ外相の会談は、両国間の戦略的パートナーシップの"
            "重要性の高まりを浮き彫りにした。",
            "北京での中国の習近平指導者とロシアのセルゲイ・ラブロフ外相の会談は…",
        ),
        ("あ" * 100, "あ" * 60 + "…"),
        ("か" * 59 + "か\u3099" * 9, "か" * 59 + "…"),   # か and its mark are not parted
        ("## 見出しだけ", "見出しだけ"),
        ("。。。", "。。。"),
    ],
)
def test_without_a_title_the_opening_of_the_text_stands_in(text, inferred):
    found = article(text)
    assert (found.title, found.title_inferred) == (inferred, True)


def test_an_exported_article_keeps_its_inferred_title_and_its_sections():
    sections = (Section(None, "短い\n\n行"), Section("節", ""))
    found = article(title="首相は…", title_inferred=True, sections=sections)
    assert (found.title, found.title_inferred, found.sections) == ("首相は…", True, sections)


@pytest.mark.parametrize("body", ["", " \n　\n", "\x00\x01\ufeff", "\ud800"])
def test_neither_title_nor_text_is_a_rejection(body):
    assert article(body, title=" ") == Rejection(HERE, "neither title nor text")


def test_characters_that_no_reader_sees_are_taken_out_everywhere():
    found = article(
        "首\x00相\ud83dが\ufeff辞\x1b任。",
        title="題\x07\n名",
        id="a\ud800",
        source="見本\x00新聞",
        authors=("\x00", "山田"),
        extra={"鍵\ud800": ["値\x00", {"深": "い\udfff"}]},
    )
    assert found.sections[0].text == "首相が辞任。"
    assert (found.title, found.source, found.authors) == ("題 名", "見本新聞", ("山田",))
    assert found.extra == {"鍵": ["値", {"深": "い"}]}
    found.id.encode()


def test_what_the_source_says_beside_the_text_is_kept():
    said = {"published": "令和6年4月10日", "desk": "国際", "url": " https://a.example/1 ", "extra": {"頁": 3}}
    found = article(LONG, title="題", **said)
    assert found.published.at.isoformat() == "2024-04-10T00:00:00+09:00"
    assert (found.desk, found.url, found.extra) == ("国際", "https://a.example/1", {"頁": 3})


def test_a_date_that_cannot_be_is_no_date():
    assert article(LONG, published="2024-02-30").published is None


def test_values_nested_beyond_reason_are_a_rejection():
    deep = []
    for _ in range(600):
        deep = [deep]
    assert isinstance(article(LONG, extra={"x": deep}), Rejection)


@pytest.mark.parametrize("given", ["wn-00001", "記事１", "2024:04:10", "urn:newsml:a.example", "a" * 200])
def test_an_id_is_kept_as_given(given):
    assert article(LONG, id=f" {given}\n").id == given


@pytest.mark.parametrize("given", ["a/b", "..", "a b", "a\\b", "a?b#c", "a\nb", "あ" * 201, "/", "100%"])
def test_an_id_that_a_url_cannot_carry_is_made_safe_the_same_way_every_time(given):
    safe = article(LONG, id=given).id
    assert safe == article(LATER, id=given).id
    assert safe not in (given, article(LONG, id=given + "x").id)
    assert len(safe) <= 200
    assert not set("/\\?#% \n") & set(safe)


def test_without_an_id_the_url_decides():
    first, second = article(LONG, url="https://a.example/1"), article(LATER, url="https://a.example/1")
    assert first.id == second.id
    assert first.id.startswith("u-")
    assert len(first.id) == 18


def test_without_id_and_url_the_words_decide_and_nothing_else():
    one = article(f"{LONG}\n\n{LATER}", title="題", source="見本新聞", published="2024-04-10")
    same = divide(RawArticle(Where("other.md"), title="題", sections=(Section(None, f"{LONG}\n\n{LATER}"),)))
    assert one.id == same.id
    assert one.id.startswith("t-")
    assert one.id != article(f"{LONG}\n\n{LATER}", title="別の題").id
    assert one.id != article(LONG, title="題").id


def test_an_articles_own_body_divides_into_the_same_sections():
    found = article(f"{LONG}\n\n協力の歴史\n\n{LATER}", title="題")
    assert article(found.body(), title="題").sections == found.sections
