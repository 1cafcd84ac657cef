"""What the help page shows: how to search, as examples that can be clicked."""

from __future__ import annotations

from dataclasses import dataclass

from search.query.model import Request
from web.links import Links
from web.words import _


@dataclass(frozen=True, slots=True)
class Example:
    """text: as it is typed. url: its results."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """Examples of one thing, and what they find."""

    examples: tuple[Example, ...]
    meaning: str


@dataclass(frozen=True, slots=True)
class Group:
    """id: the anchor on the page."""

    id: str
    title: str
    rows: tuple[Row, ...]
    remark: str = ""


def help_groups(links: Links) -> tuple[Group, ...]:
    """The page, group by group."""

    def row(meaning: str, *texts: str, as_typed: bool = False) -> Row:
        examples = (Example(text, links.search(Request(text, as_typed=as_typed))) for text in texts)
        return Row(tuple(examples), meaning)

    return (
        Group("words", _("Words and phrases"), (
            row(_("Both words, anywhere in the article."), "停戦 ロシア"),
            row(_("Either word. OR binds closer than a space."),
                "停戦 OR 休戦", "停戦 または 休戦", "会談 停戦 OR 休戦"),
            row(_("The first word, without the second."), "停戦 -ガザ", "停戦 ガザ を除く"),
            row(_("Brackets keep together."), "(ロシア OR ウクライナ) 停戦"),
            row(_("These words in this order, next to each other."), '"和平 交渉"', "「和平交渉」"),
            row(_("Any word that begins with these letters."), "ウクライ*"),
            row(_("The word, or one that differs by one letter."), "ゼレンスキ~"),
        ), _("Operators are capitals or Japanese words between spaces; every sign may be full-width.")),
        Group("exact", _("To the character"), (
            row(_("Exactly these characters: no other spelling, and inside of longer words too."),
                "=申し込み", "=停戦合"),
            row(_("With spaces and signs."), '="NATO（北大西洋条約機構）"', "=「ＮＡＴＯ」"),
        )),
        Group("fields", _("Fields"), (
            row(_("In the title or a heading."), "見出し:停戦", "title:停戦", "見出し:(停戦 合意)"),
            row(_("About a person, under any of the names."), "人物:習近平", 'person:"Xi Jinping"'),
            row(_("About a country, a place or an organization."), "国:ロシア", "place:北京", "組織:国連"),
            row(_("Articles of a topic."), "話題:ウクライナ和平交渉"),
            row(_("Articles of a desk, or from a source."), "面:国際", "desk:経済", "媒体:見本新聞"),
            row(_("A field left out, and either of two values."), "停戦 -国:ロシア", "国:(ロシア OR ウクライナ)"),
        ), _("The value follows the colon without a space.")),
        Group("dates", _("Dates"), (
            row(_("A year, a month or a day of publication."), "日付:2024", "date:2024-04", "日付:令和6年4月10日"),
            row(_("From one to another; either end may be open."),
                "日付:2024-01..2024-03", "日付:2024-04-01..", "日付:2023年以前"),
            row(_("Days counted from today."), "日付:昨年12月", "日付:先月", "日付:過去7日"),
        )),
        Group("near", _("Near each other"), (
            row(_("At most ten words apart, in any order."), "停戦 NEAR/10 合意", "停戦 近傍/10 合意"),
            row(_("In one section of the article."), "停戦 SAME 合意", "停戦 同節 合意"),
        )),
        Group("spellings", _("Other spellings"), (
            row(_("Okurigana, old characters, katakana and width do not matter."), "申込", "ラヴロフ", "齋藤", "ﾃﾞｰﾀ"),
            row(_("Short names and words of the same meaning are searched too."), "日経", "首相", "安保理"),
            row(_("Numbers, dates and eras agree however they are written."), "２万人", "令和6年4月"),
            row(_("As typed: without any other form."), "首相", as_typed=True),
        ), _("The other forms stand above the results. Each can be switched off there, or all of them.")),
        Group("english", _("Readings and English"), (
            row(_("Kana or romaji for a name."), "きしだ", "shuukinpei", "shinzo abe"),
            row(_("English names and words find Japanese articles."),
                "Xi Jinping", "Lavrov", "peace talks", "ceasefire"),
        ), _("What a word was taken for stands above the results.")),
    )
