"""JSON Lines: one article to a line, with our own keys or those of schema.org; and plain JSON of the same.

    {"id": "a1", "title": "…", "body": "…", "published": "2024-04-10", "source": "…", "desk": "国際"}
"""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import Any

from indexer.decoding import Undecodable, decode
from indexer.formats.boilerplate import drop_boilerplate
from indexer.formats.source import MAX_DOCUMENT_BYTES, MIB, Source
from indexer.raw import RawArticle, Rejection, Where
from search.articles import Ruby, Section

# field: the keys it is known by, the first one that has a usable value wins.
KEYS: dict[str, tuple[str, ...]] = {
    "id": ("id", "identifier"),
    "title": ("title", "headline"),
    "body": ("body", "articleBody", "text", "content"),
    "published": ("published", "date", "datePublished"),
    "source": ("source", "publisher"),
    "desk": ("desk", "section", "articleSection"),
    "url": ("url",),
}
AUTHOR_KEYS = ("authors", "author")

# All that `parse` gives a meaning. An export keeps keys of a source that have these names under "extra".
KNOWN_KEYS = frozenset((*(key for keys in KEYS.values() for key in keys), *AUTHOR_KEYS,
                        "sections", "title_inferred", "credits", "ruby", "published_inferred", "extra"))

OBJECT = re.compile(r'\{\s*["}]')
LATER_OBJECT = re.compile(r'^\{\s*"', re.MULTILINE)
LIST_OF_OBJECTS = re.compile(r'\[\s*\{\s*["}]')


def claims(source: Source) -> bool:
    """A file that begins with an object; or, by its name, one that has objects further down."""
    if OBJECT.match(source.opening) or LIST_OF_OBJECTS.match(source.opening):
        return True
    return source.named(".jsonl", ".ndjson") and LATER_OBJECT.search(source.opening) is not None


def read(source: Source) -> Iterator[RawArticle | Rejection]:
    """One article or Rejection per line. Raises Unreadable where plain JSON is too large to be read whole."""
    if LIST_OF_OBJECTS.match(source.opening) or _is_spread_out(source):
        yield from _read_whole(source)
    else:
        yield from _read_lines(source)


def parse(record: dict[str, Any], where: Where) -> RawArticle:
    """An article from the keys of a JSON object; what is of no use here is in `extra`."""
    extra = dict(record)
    found: dict[str, Any] = {field: _take(extra, keys, field) for field, keys in KEYS.items()}
    sections = _sections(extra)
    body = found.pop("body") or ""
    authors = _authors(extra)
    inferred = extra.pop("title_inferred", None) is True
    credits = extra.pop("credits", None)
    ruby = _ruby(extra.pop("ruby", None)) if sections is not None else ()
    date_inferred = extra.pop("published_inferred", None) is True
    if sections is not None and isinstance(extra.get("extra"), dict):
        extra |= extra.pop("extra")
    return RawArticle(
        where,
        body="" if sections is not None else drop_boilerplate(body),
        sections=sections,
        authors=authors,
        title_inferred=inferred,
        credits=tuple(filter(None, map(_string, credits))) if isinstance(credits, list) else (),
        ruby=ruby,
        date_inferred=date_inferred,
        extra=extra,
        **found,
    )


def _read_lines(source: Source) -> Iterator[RawArticle | Rejection]:
    """A file is of one encoding: after a line with UTF-8 in it, a line that is not UTF-8 is damaged."""
    is_utf_8 = False
    for number, line in source.lines():
        where = Where(source.where.path, number)
        if line is None:
            yield Rejection(where, f"the line is over the limit of {MAX_DOCUMENT_BYTES // MIB} MiB")
            continue
        try:
            text = _line(line, is_utf_8)
            is_utf_8 = is_utf_8 or (not line.isascii() and text.encode() == line.removeprefix(BOM_UTF8))
            if text.strip():
                yield _article(json.loads(text, parse_constant=_nothing), where)
        except Undecodable as error:
            yield Rejection(where, str(error))
        except (ValueError, RecursionError) as error:
            yield Rejection(where, _why_not_json(error))


def _line(line: bytes, is_utf_8: bool) -> str:
    """Raises Undecodable."""
    try:
        # JSON has no bare escape character; ISO-2022-JP has, and is ASCII otherwise.
        return decode(line) if b"\x1b" in line else line.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if is_utf_8:
            raise Undecodable(f"not UTF-8 at byte {error.start + 1} of the line") from None
        return decode(line)


def _read_whole(source: Source) -> Iterator[RawArticle | Rejection]:
    try:
        value = json.loads(decode(source.whole()), parse_constant=_nothing)
    except Undecodable:
        raise
    except (json.JSONDecodeError, RecursionError) as error:
        yield Rejection(source.where, _why_not_json(error))
        return
    for one in value if isinstance(value, list) else [value]:
        yield _article(one, source.where)


def _is_spread_out(source: Source) -> bool:
    """Whether the file is one object over several lines: its first line is none, the whole is."""
    first = source.opening.split("\n", 1)[0]
    if len(first) == len(source.opening) or _is_object(first) or source.size > MAX_DOCUMENT_BYTES:
        return False
    try:
        return _is_object(decode(source.whole()))
    except Undecodable:
        return False


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _article(value: Any, where: Where) -> RawArticle | Rejection:
    return parse(value, where) if isinstance(value, dict) else Rejection(where, "not a JSON object")


def _nothing(_: str) -> None:
    """NaN and Infinity, which pandas writes for empty cells, are not JSON and mean nothing."""


def _why_not_json(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON at character {error.pos + 1}: {error.msg}"
    return "not JSON: nested too deeply" if isinstance(error, RecursionError) else f"not JSON: {error}"


def _take(extra: dict[str, Any], keys: tuple[str, ...], field: str) -> str | None:
    """The value of the first usable key, taken out of `extra` unless part of it would be lost."""
    for key in keys:
        # An empty value says nothing, so nothing is lost with it.
        if key in extra and extra[key] in (None, "", []):
            del extra[key]
    for key in keys:
        value = extra.get(key)
        if field == "body" and isinstance(value, list):
            text = "\n\n".join(value) if all(isinstance(one, str) for one in value) else None
        else:
            text = _string(value)
        if text and text.strip():
            whole = not isinstance(value, (dict, list)) or field == "body" or len(value) == 1
            if whole:
                del extra[key]
            return text
    return None


def _string(value: Any) -> str | None:
    """A text as it is, a number as digits, the first of a list, the name of an object."""
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        return _string(value[0]) if value else None
    if isinstance(value, dict):
        name = value.get("name", value.get("value", value.get("@value")))
        return name if isinstance(name, str) else None
    return None


def _authors(extra: dict[str, Any]) -> tuple[str, ...]:
    for key in AUTHOR_KEYS:
        value = extra.get(key)
        names = tuple(filter(None, map(_string, value if isinstance(value, list) else [value])))
        if names:
            del extra[key]
            return names
        if value in (None, "", []):
            extra.pop(key, None)
    return ()


def _sections(extra: dict[str, Any]) -> tuple[Section, ...] | None:
    """`[{"heading": …, "text": …}]`, as an export has it; None where it is missing or something else."""
    value = extra.get("sections")
    if not isinstance(value, list) or not value:
        return None
    if not all(isinstance(one, dict) and isinstance(one.get("text", ""), str) for one in value):
        return None
    del extra["sections"]
    return tuple(
        Section(_string(one.get("heading")), one.get("text", ""), one.get("captions") is True) for one in value
    )


def _ruby(value: Any) -> tuple[Ruby, ...]:
    """`[[section, is heading, start, end, reading], …]`, as an export has it."""
    rows = value if isinstance(value, list) else []
    return tuple(
        Ruby(row[0], bool(row[1]), row[2], row[3], row[4])
        for row in rows
        if isinstance(row, list) and len(row) == 5 and isinstance(row[4], str)
        and all(isinstance(number, int) for number in row[:4])
    )
