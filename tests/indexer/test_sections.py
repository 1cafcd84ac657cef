"""A raw article to an article: headings, captions, inferred titles and dates, ids, and characters nobody sees."""

from datetime import UTC, datetime

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


@pytest.mark.parametrize("sign", list("■◆●▼▽◎○□★☆◇"))
def test_a_line_that_a_sign_leads_is_a_heading_above_prose(sign):
    assert headings(f"{LONG}\n\n{sign}協力の歴史\n\n{LATER}") == [None, f"{sign}協力の歴史"]
    assert headings(f"{LONG}\n{sign}協力の歴史\n{LATER}") == [None, f"{sign}協力の歴史"]
    assert headings(f"{sign}協力の歴史\n\n{LATER}") == [None, f"{sign}協力の歴史"]


@pytest.mark.parametrize(
    "block",
    [
        "●経済協力\n\n●軍事演習\n\n●観光",              # items
        "●経済協力\n●軍事演習\n●観光",
        "▽経済協力▽軍事演習▽観光",
        "●経済協力を拡大することで一致した。",             # a sentence
        "▽経済",                                       # nothing but a short line below it
    ],
)
def test_a_list_is_no_set_of_headings(block):
    assert headings(f"{LONG}\n\n{block}\n\n●" if block == "▽経済" else f"{LONG}\n\n{block}\n\n{LATER}") == [None]


def test_words_in_brackets_that_open_several_paragraphs_are_their_headings():
    found = article(f"{LONG}\n\n【背景】 {LATER}\n\n{LONG}\n\n【今後の焦点】{LATER}")
    assert found.sections == (Section(None, LONG), Section("背景", f"{LATER}\n\n{LONG}"), Section("今後の焦点", LATER))


@pytest.mark.parametrize(
    "body",
    [
        f"{LONG}\n\n【背景】{LATER}",                                          # one alone
        f"【首相】{LATER}\n\n【記者】{LONG}\n\n【首相】{LATER}",              # speakers
        f"【速報】{LATER}\n\n【独自】{LONG}",
        f"{LONG}\n\n【北京共同】{LATER}\n\n【モスクワ時事】{LATER}",
    ],
)
def test_words_in_brackets_are_no_headings_elsewhere(body):
    assert article(body).sections == (Section(None, body),)


@pytest.mark.parametrize(
    "line",
    [
        "（写真）会談する両首脳＝北京", "写真：会談する両首脳", "【写真】会談する両首脳", "【写真説明】会談する両首脳",
        "▲写真=会談する両首脳", "【写真・上】会談する両首脳",
        "両首脳は会談した。写真は北京で撮影（2024年　ロイター/Mihon）",
    ],
)
def test_a_paragraph_that_says_that_it_is_a_caption_goes_to_the_captions(line):
    found = article(f"{LONG}\n\n{line}\n\n{LATER}")
    assert found.sections == (Section(None, f"{LONG}\n\n{LATER}"), Section(None, line, is_captions=True))
    assert found.id == article(f"{LONG}\n\n{LATER}").id


@pytest.mark.parametrize(
    "line", ["写真は1枚も残っていない。", "【写真】", "（写真）", "写真を公開した。", "地図：" + "長い文。" * 60]
)
def test_a_paragraph_about_pictures_stays(line):
    found = article(f"{LONG}\n\n{line}\n\n{LATER}")
    assert not any(section.is_captions for section in found.sections)
    assert line in found.body()


def test_captions_of_the_source_are_the_last_section_and_stand_in_the_text_no_more():
    captions = ("会談する両首脳 ", "握手する\n両首脳")
    found = article(f"{LONG}\n\n会談する両首脳\n\n{LATER}\n\n【写真】北京", captions=captions)
    assert found.sections == (
        Section(None, f"{LONG}\n\n{LATER}"),
        Section(None, "会談する両首脳\n\n握手する 両首脳\n\n【写真】北京", is_captions=True),
    )


@pytest.mark.parametrize(
    "mark", ["関連記事", "【関連記事】", "■関連記事", "＜関連リンク＞", "関連ニュース：", "あわせて読みたい"]
)
def test_titles_of_other_articles_below_the_text_are_kept_beside_it(mark):
    found = article(f"{LONG}\n\n{LATER}\n\n{mark}\n・首脳が電話会談\n・停戦案を提示\n\n貿易協定に署名")
    assert found.sections == (Section(None, f"{LONG}\n\n{LATER}"),)
    assert found.extra == {"related": ["・首脳が電話会談", "・停戦案を提示", "貿易協定に署名"]}


@pytest.mark.parametrize(
    "below",
    [f"関連記事\n\n{LATER}", "関連記事", f"関連記事を読む\n\n{LATER}", f"出典\n\n『首脳が会談』見本新聞\n\n{LATER}"],
)
def test_what_has_sentences_below_it_is_no_list_of_other_articles(below):
    found = article(f"{LONG}\n\n{LATER}\n\n{below}")
    assert found.extra == {}
    assert found.body().replace("## ", "").endswith(below)


def test_a_marked_list_of_other_articles_ends_at_the_next_heading():
    found = article(f"{LONG}\n\n## 関連記事\n\n首脳が電話会談\n\n## 出典\n\n見本新聞。")
    assert [section.heading for section in found.sections] == [None, "出典"]
    assert found.extra == {"related": ["首脳が電話会談"]}


def test_dated_titles_without_line_ends_are_other_articles_where_the_newest_is_first():
    dated = [
        "2016年8月16日(火):台風13号で広島でも1人死亡", "2016年8月16日(火):台風14号が猛烈に",
        "2014年7月7日(月):台風8号で特別警報",
    ]
    found = article(f"{LONG}{''.join(dated)}")
    assert (found.sections[0].text, found.extra) == (LONG, {"related": dated})
    chronology = f"{LONG}{''.join(reversed(dated))}"
    assert article(chronology).sections[0].text == chronology


@pytest.mark.parametrize("key", ["description", "summary", "lead"])
def test_a_summary_is_the_text_where_there_is_no_other(key):
    found = article("", title="題", extra={key: LONG, "頁": 3})
    assert (found.sections[0].text, found.extra) == (LONG, {"頁": 3})
    found = article(LATER, title="題", extra={key: LONG})
    assert (found.sections[0].text, found.extra) == (LATER, {key: LONG})


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


@pytest.mark.parametrize(
    ("url", "path", "day"),
    [
        ("https://a.example/2024/04/10/x.html", "archive/2023-01-01.txt", "2024-04-10"),
        (None, "archive/2023-01-01.txt", "2023-01-01"),
        ("https://a.example/x", "archive/x.txt", None),
    ],
)
def test_without_a_date_in_the_text_its_address_or_its_files_name_has_one(url, path, day):
    found = divide(RawArticle(Where(path), body=LONG, url=url))
    assert (found.published and (found.published.at.date().isoformat(), found.published.is_inferred)) == (
        (day, True) if day else None
    )
    stated = divide(RawArticle(Where(path), body=LONG, url=url, published="2022-02-24"))
    assert (stated.published.at.year, stated.published.is_inferred) == (2022, False)


def test_yesterday_is_counted_from_when_the_page_was_fetched():
    found = article(LONG, published="昨日", as_of=datetime(2024, 4, 11, 3, 0, tzinfo=UTC))
    assert found.published.at.date().isoformat() == "2024-04-10"


def test_a_date_that_an_export_calls_inferred_stays_so_and_none_is_added():
    sections = (Section(None, LONG),)
    found = article(title="題", sections=sections, published="2024-04-10", date_inferred=True)
    assert found.published.is_inferred
    assert divide(RawArticle(Where("export-2024-05-01.jsonl"), title="題", sections=sections)).published is None


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


PLAIN = "https://a.example/1?page=2&id=3"


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/1?utm_source=x&page=2&id=3", "https://a.example/1?page=2&id=3#top",
        "https://a.example/1?page=2&fbclid=abc&id=3&gclid=1&ref=rss&cx_part=top", f"{PLAIN}&utm_campaign",
    ],
)
def test_how_a_reader_came_to_an_article_is_no_part_of_its_address(url):
    found = article(LONG, url=url)
    assert found.id == article(LONG, url=PLAIN).id
    assert found.url == url


@pytest.mark.parametrize(
    "url",
    ["https://a.example/1?page=3&id=3", "http://a.example/1?page=2&id=3", "https://a.example/1?page=2&id=3&preference=1",
     f"{PLAIN}#!/2", f"{PLAIN}#/2"],
)
def test_another_address_is_another_article(url):
    assert article(LONG, url=url).id != article(LONG, url=PLAIN).id


@pytest.mark.parametrize(
    ("url", "identity"),
    [
        ("https://a.example/1", "u-39a6c325288e0419"),
        ("http://a.example/1/", "u-4be7d89d23ba8cbf"),
        ("https://a.example/1?", "u-d133cc3fa3261c09"),
        ("https://a.example/?a=1&&b=%E6%97%A5", "u-afd814663af8e9c1"),
    ],
)
def test_the_ids_of_plain_addresses_are_those_of_old_archives(url, identity):
    assert article(LONG, url=url).id == identity


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
