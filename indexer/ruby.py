"""Readings over characters: from marks in the text to places in it.

A reader of a format marks them with Unicode's own signs (`indexer.raw.RUBY`); plain text has them as Aozora Bunko
writes them, 首相《しゅしょう》. Readings in round brackets, as newspapers print them, are text and stay so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.raw import RUBY
from search.articles import TITLE, Ruby, Section

BASE, READING, END = tuple(RUBY)
MARK = re.compile(f"[{RUBY}]")

# More characters on one reading, or in one, are a mark by accident, and all of them text. The longest readings that
# dictionaries have, of whole phrases, stay below 40.
MAX_CHARS = 60
MARKED = re.compile(f"{BASE}([^\n{RUBY}]{{0,{MAX_CHARS}}}){READING}([^\n{RUBY}]{{0,{MAX_CHARS}}}){END}")

KANJI = "々〇〻ヶ\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# 《》 are also quotation marks: 《共同》, 映画《となりのトトロ》. A reading is in one kind of kana.
KANA = "[ぁ-ゖゝゞー・]{1,30}|[ァ-ヺヽヾー・]{1,30}"
AOZORA = re.compile(
    f"[|｜](?P<base>[^\\s|｜《》]{{1,30}})《(?P<reading>{KANA})》|(?P<kanji>[{KANJI}]{{1,30}})《(?P<kana>{KANA})》"
)
# 承 (うけたまわる) has five kana to one character, 志 (こころざし) too.
MAX_KANA_PER_KANJI = 5


def mark(base: str, reading: str) -> str:
    """Characters with a reading, as `RawArticle` has them; the base alone where either is blank."""
    text, over = MARK.sub("", base), " ".join(MARK.sub("", reading).split())
    if not text.strip() or not over:
        return text
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    return f"{text[:start]}{BASE}{text[start:end]}{READING}{over}{END}{text[end:]}"


def mark_aozora(text: str) -> str:
    """首相《しゅしょう》 and ｜岸田首相《きしだしゅしょう》 with marks instead."""
    return AOZORA.sub(_aozora, text) if "《" in text else text


def _aozora(found: re.Match[str]) -> str:
    if found["base"]:
        return mark(found["base"], found["reading"])
    kanji, kana = found["kanji"], found["kana"]
    if not len(kana) <= MAX_KANA_PER_KANJI * len(kanji):
        return found[0]
    return mark(kanji, kana)


def tidy(text: str) -> str:
    """The text with whole marks only, none of them around white space. Single signs go, all characters stay."""
    if BASE not in text and READING not in text and END not in text:
        return text
    pieces: list[str] = []
    start = 0
    for found in MARKED.finditer(text):
        pieces += [MARK.sub("", text[start : found.start()]), mark(found[1], found[2])]
        start = found.end()
    return "".join([*pieces, MARK.sub("", text[start:])])


def bare(text: str) -> str:
    """Tidy text as it is read aloud without its readings."""
    return MARKED.sub(r"\1", text) if BASE in text else text


def take_out(text: str, section: int = TITLE, is_heading: bool = False) -> tuple[str, list[Ruby]]:
    """Tidy text without marks and readings, and where they were."""
    if BASE not in text:
        return text, []
    pieces: list[str] = []
    found: list[Ruby] = []
    start = length = 0
    for one in MARKED.finditer(text):
        before = text[start : one.start()]
        pieces += [before, one[1]]
        length += len(before) + len(one[1])
        found.append(Ruby(section, is_heading, length - len(one[1]), length, one[2]))
        start = one.end()
    return "".join([*pieces, text[start:]]), found


def within(found: Sequence[Ruby], title: str, sections: Sequence[Section]) -> tuple[Ruby, ...]:
    """Those that stand over characters which are there: an export may have been edited."""
    return tuple(one for one in found if one.reading and 0 <= one.start < one.end <= len(_part(one, title, sections)))


def _part(one: Ruby, title: str, sections: Sequence[Section]) -> str:
    if one.section == TITLE:
        return "" if one.is_heading else title
    if not 0 <= one.section < len(sections):
        return ""
    section = sections[one.section]
    return (section.heading or "") if one.is_heading else section.text
