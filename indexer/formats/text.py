"""Plain text: an optional title line, an optional line with date, source and desk, then paragraphs.

    イラクのマリキ首相が辞任を表明
    2014年8月15日 見本新聞 国際面

    イラクのマリキ首相が…

Above both an address may stand. Several articles in one file are parted by rules (----), or by lines that say where
each was printed, or their parts have labels (`indexer.formats.labelled`, `indexer.formats.cd_rom`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.decoding import decode
from indexer.formats import cd_rom
from indexer.formats.boilerplate import drop_boilerplate
from indexer.formats.credit_lines import MAX_LINE_CHARS as MAX_TITLE_CHARS
from indexer.formats.credit_lines import CreditLine, credit_line
from indexer.formats.labelled import read_headed, read_labelled, read_ruled
from indexer.formats.source import Source
from indexer.raw import RawArticle, Rejection, Where

# The longest of the livedoor news corpus has 101.
MAX_TITLE_BELOW_ADDRESS_CHARS = 120
WEB_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
# What a database puts before the titles of a list: ◇, 12.
LIST_SIGN = re.compile(r"(?:[◇◆■□●○▼▽☆★・]|\d{1,4}[.．](?=\s)|[\[［(（]\d{1,4}[\]］)）])[ \t\u3000]*")


def claims(source: Source) -> bool:
    """Any text that no other format claimed."""
    return True


def read(source: Source) -> Iterator[RawArticle | Rejection]:
    """The articles of a text file, nearly always one. Raises Unreadable, Undecodable."""
    if cd_rom.claims(source):
        yield from cd_rom.read(source)
        return
    yield from parse_all(decode(source.whole(), source.facts.charset), source.where)


def parse_all(text: str, where: Where) -> list[RawArticle]:
    """The articles of a text: several where labels or rules part them, each with the line it begins in."""
    lines = _lines(text)
    return (
        read_labelled(lines, where)
        or read_ruled(lines, where, _parse)
        or read_headed(lines, where, _parse)
        or [_parse(lines, where)]
    )


def parse(text: str, where: Where) -> RawArticle:
    """What stands above the paragraphs is taken off; the rest is the body as it is written."""
    return _parse(_lines(text), where)


def head(text: str) -> tuple[str | None, str | None, str | None, str]:
    """Date, source and desk, if the first written line is nothing else, and the text below it."""
    credits, rest = _credits(_lines(text))
    below = "\n".join(rest).strip("\n")
    return (credits.published, credits.source, credits.desk, below) if credits else (None, None, None, below)


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff").split("\n")


def _parse(lines: list[str], where: Where) -> RawArticle:
    url, rest = _address(lines)
    title, rest = (None, rest) if url else _title(rest)
    credits, rest = _credits(rest)
    if title is None and credits:
        title, rest = _title(rest, is_below_address=url is not None)
    elif title is None and url:
        title, rest = _title(rest)
    if title and credits and credits.extra:
        title = LIST_SIGN.sub("", title)
    return RawArticle(
        where,
        title=title,
        body=drop_boilerplate("\n".join(rest)).strip("\n"),
        published=credits.published if credits else None,
        source=credits.source if credits else None,
        desk=credits.desk if credits else None,
        url=url,
        extra=dict(credits.extra) if credits else {},
    )


def _address(lines: list[str]) -> tuple[str | None, list[str]]:
    """The address, if the first written line is nothing else, and the lines below it."""
    rest = _from_first_written(lines)
    if len(rest) > 1 and WEB_ADDRESS.fullmatch(rest[0].strip()):
        return rest[0].strip(), rest[1:]
    return None, lines


def _title(lines: list[str], *, is_below_address: bool = False) -> tuple[str | None, list[str]]:
    """The title, if the first line is one, and the lines below it.

    is_below_address: below an address and a date a title stands, and may have its text right below it.
    """
    rest = _from_first_written(lines)
    if not rest:
        return None, rest
    first = rest[0]
    title = first.strip()
    below = rest[1] if len(rest) > 1 else None
    if (
        len(title) > (MAX_TITLE_BELOW_ADDRESS_CHARS if is_below_address else MAX_TITLE_CHARS)
        or title.endswith("。")
        or first.startswith("\u3000")
        or credit_line(first)
        or title.startswith("## ")
        or below is None
        or not (is_below_address or below.strip() == "" or credit_line(below))
    ):
        return None, rest
    return title.removeprefix("# ").strip(), rest[1:]


def _credits(lines: list[str]) -> tuple[CreditLine | None, list[str]]:
    """What the next written line says, if it is one with a date, and the lines below it."""
    rest = _from_first_written(lines)
    found = credit_line(rest[0]) if rest else None
    return (found, rest[1:]) if found else (None, lines)


def _from_first_written(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        if line.strip():
            return lines[number:]
    return []
