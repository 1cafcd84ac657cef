"""Plain text: an optional title line, an optional line with date, source and desk, then paragraphs.

    イラクのマリキ首相が辞任を表明
    2014年8月15日 見本新聞 国際面

    イラクのマリキ首相が…

Several articles in one file are parted by rules (----), or their parts have labels (`indexer.formats.labelled`).
"""

from __future__ import annotations

from collections.abc import Iterator

from indexer.dates import split_date
from indexer.decoding import decode
from indexer.formats.boilerplate import drop_boilerplate
from indexer.formats.labelled import read_labelled, read_ruled
from indexer.formats.source import Source
from indexer.raw import RawArticle, Where

# Two lines of a newspaper headline; prose lines are longer or end in 。
MAX_TITLE_CHARS = 80

# 見本新聞, 国際面: more or longer words after a date are a sentence.
MAX_CREDITS = 2
MAX_CREDIT_CHARS = 20


def claims(source: Source) -> bool:
    """Any text that no other format claimed."""
    return True


def read(source: Source) -> Iterator[RawArticle]:
    """The articles of a text file, nearly always one. Raises Unreadable, Undecodable."""
    yield from parse_all(decode(source.whole(), source.facts.charset), source.where)


def parse_all(text: str, where: Where) -> list[RawArticle]:
    """The articles of a text: several where labels or rules part them, each with the line it begins in."""
    lines = _lines(text)
    return read_labelled(lines, where) or read_ruled(lines, where, _parse) or [_parse(lines, where)]


def parse(text: str, where: Where) -> RawArticle:
    """What stands above the paragraphs is taken off; the rest is the body as it is written."""
    return _parse(_lines(text), where)


def head(text: str) -> tuple[str | None, str | None, str | None, str]:
    """Date, source and desk, if the first written line is nothing else, and the text below it."""
    published, source, desk, rest = _credits(_lines(text))
    return published, source, desk, "\n".join(rest).strip("\n")


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff").split("\n")


def _parse(lines: list[str], where: Where) -> RawArticle:
    title, rest = _title(lines)
    published, source, desk, rest = _credits(rest)
    if title is None and published:
        title, rest = _title(rest)
    return RawArticle(
        where,
        title=title,
        body=drop_boilerplate("\n".join(rest)).strip("\n"),
        published=published,
        source=source,
        desk=desk,
    )


def _title(lines: list[str]) -> tuple[str | None, list[str]]:
    """The title, if the first line is one, and the lines below it."""
    rest = _from_first_written(lines)
    if not rest:
        return None, rest
    first = rest[0]
    title = first.strip()
    below = rest[1] if len(rest) > 1 else None
    if (
        len(title) > MAX_TITLE_CHARS
        or title.endswith("。")
        or first.startswith("\u3000")
        or _credit_line(first)
        or title.startswith("## ")
        or below is None
        or not (below.strip() == "" or _credit_line(below))
    ):
        return None, rest
    return title.removeprefix("# ").strip(), rest[1:]


def _credits(lines: list[str]) -> tuple[str | None, str | None, str | None, list[str]]:
    """Date, source and desk, if the next written line has them, and the lines below it."""
    rest = _from_first_written(lines)
    found = _credit_line(rest[0]) if rest else None
    if not found:
        return None, None, None, lines
    published, words = found
    last = words[1] if len(words) == MAX_CREDITS else None
    desk = next((word for word in words if word.endswith("面")), last)
    source = next((word for word in words if word != desk), None)
    return published, source, _desk_name(desk), rest[1:]


def _credit_line(line: str) -> tuple[str, list[str]] | None:
    """`2022年2月25日 見本新聞 国際面` as date and words; None for any other line."""
    if len(line) > MAX_TITLE_CHARS or not (found := split_date(line)):
        return None
    published, rest = found
    words = rest.split()
    if len(words) > MAX_CREDITS or any(len(word) > MAX_CREDIT_CHARS or "。" in word for word in words):
        return None
    return published, words


def _desk_name(desk: str | None) -> str | None:
    """国際面 is the desk 国際, as other sources write it; 1面 stays."""
    if desk and len(desk) > 2 and not desk[0].isdigit():
        return desk.removesuffix("面")
    return desk


def _from_first_written(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        if line.strip():
            return lines[number:]
    return []
