"""A year of a newspaper as its publishers have sold it on CD-ROM: a tag between ＼ before each part.

    ＼ＩＤ＼００００１０
    ＼Ｃ０＼０７０１０１０１０
    ＼Ｓ１＼　　　　’０７．１．１　朝刊　７頁　国際　写図有　（全５００字）
    ＼Ｔ１＼首脳が会談
    ＼Ｔ２＼　両首脳は…

Ｃ０ is the article's number and begins with the day. A tag that is not known here is kept under its own name.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from unicodedata import normalize

from indexer.decoding import Undecodable
from indexer.formats import streaming
from indexer.formats.source import MAX_DOCUMENT_BYTES, MIB, Source
from indexer.raw import RawArticle, Rejection, Where

TAGGED = re.compile(r"[＼\\]([Ａ-ＺA-Z][Ａ-ＺA-Z０-９0-9])[＼\\](.*)")
# ＼ in UTF-8, Shift_JIS, EUC-JP and ISO-2022-JP, and the \\ that some made of it.
FIRST_BYTES = ("＼".encode(), b"\x81\x5f", b"\xa1\xc0", b"\x1b$B!@", b"\\")
MAX_LEADING_BYTES = 64
# Two of these tags in the first article are no accident.
TELLING = frozenset(("C0", "T1", "T2", "S1"))
TOLD_WITHIN_CHARS = 1_000
# What an extra tag is called: how the page is coded, whether there are pictures, from where, who and what it is about.
NAMES = {"AD": "面種コード", "KW": "keywords", "ID": "通し番号", "AF": "発信地"}
DATE = re.compile(r"'\d{2}\.\s?\d{1,2}\.\s?\d{1,2}")
EDITION = re.compile(r"\S{0,6}(?:朝刊|夕刊|地方版)\S*")
PAGE = re.compile(r"(\d{1,3})頁")
LENGTH = re.compile(r"\(全([\d,]+)字\)")
NO_DESK = re.compile(r"写図\S*|\(全.*|\d{1,3}頁|'\d{2}.*")
# Of a number that begins with a year of four digits, at least: eight for the day, three for the article.
LONG_NUMBER = 11

Parts = dict[str, list[str]]


def claims(source: Source) -> bool:
    """Whether the file begins with such tags."""
    if not source.head[:MAX_LEADING_BYTES].removeprefix(BOM_UTF8).lstrip().startswith(FIRST_BYTES):
        return False
    try:
        lines = streaming.opening(source)[:TOLD_WITHIN_CHARS].split("\n")
    except Undecodable:
        return False
    tags = {_plain(found[1]) for found in map(TAGGED.fullmatch, lines) if found}
    return len(tags & TELLING) > 1


def read(source: Source) -> Iterator[RawArticle | Rejection]:
    """The articles of a file, one at a time. Raises Undecodable, Unreadable."""
    parts: Parts = {}
    leading, begin, chars, last = "", 1, 0, ""
    for number, line in enumerate(_lines(streaming.pieces(source)), start=1):
        found = TAGGED.fullmatch(line)
        tag = _plain(found[1]) if found else ""
        leading = leading or tag
        if tag and tag == leading and parts:
            yield _article(parts, chars, Where(source.where.path, begin))
            parts, begin, chars = {}, number, 0
        chars += len(line)
        if chars > MAX_DOCUMENT_BYTES:
            continue
        if found:
            last = tag
            parts.setdefault(tag, []).append(found[2].rstrip())
        elif line.strip() and last:
            parts[last][-1] += line.strip()
    if parts:
        yield _article(parts, chars, Where(source.where.path, begin))


def _article(parts: Parts, chars: int, where: Where) -> RawArticle | Rejection:
    if chars > MAX_DOCUMENT_BYTES:
        return Rejection(where, f"the article is over the limit of {MAX_DOCUMENT_BYTES // MIB} MiB")
    said = {tag: list(filter(None, map(str.strip, values))) for tag, values in parts.items() if tag != "T2"}
    number = _plain("".join(said.pop("C0", [])))
    printed = _plain(" ".join(said.pop("S1", [])).replace("’", "'"))
    extra: dict[str, object] = {
        NAMES.get(tag, tag): values if tag == "KW" else "　".join(values)
        for tag, values in said.items() if values and tag != "T1"
    }
    edition, page, length = EDITION.search(printed), PAGE.search(printed), LENGTH.search(printed)
    extra |= {"朝夕刊": edition[0]} if edition else {}
    extra |= {"ページ": page[1]} if page else {}
    extra |= {"文字数": length[1]} if length else {}
    return RawArticle(
        where,
        title="　".join(said.get("T1", [])) or None,
        body="\n\n".join(filter(None, (line.strip() for line in parts.get("T2", [])))),
        id=number or None,
        published=_date(printed, number),
        desk=_desk(printed),
        extra=extra,
    )


def _date(printed: str, number: str) -> str | None:
    """The day as it is printed, or else the one that the article's number begins with."""
    found = DATE.match(printed)
    if found:
        return found[0]
    if not number.isdecimal():
        return None
    year = 4 if len(number) >= LONG_NUMBER else 2
    return f"{'' if year == 4 else chr(39)}{number[:year]}.{number[year : year + 2]}.{number[year + 2 : year + 4]}"


def _desk(printed: str) -> str | None:
    """The name of the page, which follows its number."""
    _, page, below = printed.partition("頁")
    word = next(iter(below.split()), "") if page else ""
    return None if not word or NO_DESK.fullmatch(word) else word


def _lines(pieces: Iterator[str]) -> Iterator[str]:
    rest = ""
    for piece in pieces:
        *whole, rest = (rest + piece).split("\n")
        yield from whole
    yield rest


def _plain(text: str) -> str:
    return normalize("NFKC", text).strip()
