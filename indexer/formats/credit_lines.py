"""The line above or below a title that says when, where and on which page an article was printed.

    2022年2月25日 見本新聞 国際面
    2024/04/10　見本経済新聞　朝刊　1ページ　1234文字　写図有
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from unicodedata import normalize

from indexer.dates import split_date

# Two lines of a newspaper headline; prose lines are longer or end in 。
MAX_LINE_CHARS = 80

# 見本新聞, 国際面: more or longer words after a date are a sentence.
MAX_WORDS = 2
MAX_WORD_CHARS = 20

# What databases add, and what it is called in `extra`; after NFKC.
PRINT_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("朝夕刊", re.compile(r"\S{0,6}(?:朝刊|夕刊)(?:\d{1,2}版)?")),
    ("ページ", re.compile(r"第?\d{1,3}(?:頁|ページ|p\.?)")),
    ("文字数", re.compile(r"\(?全?[\d,]{1,7}(?:文字|字)\)?")),
    (
        "注記",
        re.compile(r"(?:写図|写真|図表?|表|PDF|書誌情報|イメージ|画像|切り抜き)(?:有り?|無し?|あり|なし)?|\d{1,2}版"),
    ),
)
EDITION = re.compile(r"朝刊|夕刊")
PUBLISHER = re.compile(r"\S+(?:新聞社?|新報社?|日報社?|通信社?|タイムス社?|放送)")


@dataclass(frozen=True, slots=True)
class CreditLine:
    """published: as written. extra: what it says of the print, empty where it is no line of a database."""

    published: str
    source: str | None
    desk: str | None
    extra: Mapping[str, str] = field(default_factory=dict)


def credit_line(line: str) -> CreditLine | None:
    """What such a line says; None for any other."""
    if len(line) > MAX_LINE_CHARS or not (found := split_date(line)):
        return None
    published, rest = found
    words: list[str] = []
    extra: dict[str, str] = {}
    for word in rest.split():
        name = next((name for name, form in PRINT_WORDS if form.fullmatch(normalize("NFKC", word))), None)
        if name:
            extra[name] = f"{extra[name]} {word}" if name in extra else word
        else:
            words.append(word)
    if len(words) > MAX_WORDS or any(len(word) > MAX_WORD_CHARS or "。" in word for word in words):
        return None
    edition = EDITION.search(published)
    if edition and extra:
        extra.setdefault("朝夕刊", edition[0])
    desk = next((word for word in words if word.endswith("面")), None)
    publisher = next((word for word in words if PUBLISHER.fullmatch(word)), None)
    if desk is None and (len(words) == MAX_WORDS or (extra and words and not publisher)):
        # A newspaper stands before its desk, but a database may have its publisher last.
        desk = next(word for word in reversed(words) if word != publisher)
    source = publisher if publisher != desk else None
    return CreditLine(published, source or next((word for word in words if word != desk), None), desk_name(desk), extra)


def desk_name(desk: str | None) -> str | None:
    """国際面 is the desk 国際, as other sources write it; 1面 stays."""
    if desk and len(desk) > 2 and not desk[0].isdigit():
        return desk.removesuffix("面")
    return desk
