"""JSON: an article to a line, or a list of articles; with our own keys or those of `indexer.formats.names`.

    {"id": "a1", "title": "…", "body": "…", "published": "2024-04-10", "source": "…", "desk": "国際"}
"""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any

from indexer.decoding import Undecodable, decode
from indexer.formats.json_lists import (
    DECODER,
    LIST_KEYS,
    LIST_UNDER_KEY,
    articles_below,
    articles_in,
    made_whole,
    stream,
    why_not_json,
)
from indexer.formats.named_values import KnownNames, article
from indexer.formats.names import NAMES, Layout, layout
from indexer.formats.source import MAX_DOCUMENT_BYTES, MIB, Source
from indexer.raw import RawArticle, Rejection, Where

KEYS = NAMES

# All that `parse` gives a meaning. An export keeps keys of a source that have these names under "extra".
KNOWN_KEYS = KnownNames()

OBJECT = re.compile(r'\{\s*["}]')
LATER_OBJECT = re.compile(r'^\{\s*"', re.MULTILINE)
LIST_OF_OBJECTS = re.compile(r'\[\s*\{\s*["}]')

# Of Elasticsearch's bulk format: a line that says what to do with the article on the next one.
BULK_ACTIONS = frozenset(("index", "create", "update"))

# An object with more keys is no article, and its layout need not be remembered.
MAX_REMEMBERED_KEYS = 100

Columns = tuple[tuple[str, str], ...]
"""`Facts.columns` as a key."""


def claims(source: Source) -> bool:
    """A file that begins with an object; or, by its name, one that has objects further down."""
    if OBJECT.match(source.opening) or LIST_OF_OBJECTS.match(source.opening):
        return True
    return source.named(".jsonl", ".ndjson") and LATER_OBJECT.search(source.opening) is not None


def read(source: Source) -> Iterator[RawArticle | Rejection]:
    """One article or Rejection per line or member of the list. Raises Unreadable, Undecodable."""
    columns = tuple(sorted(source.facts.columns.items()))
    is_list = LIST_OF_OBJECTS.match(source.opening) is not None
    if is_list or _is_spread_out(source):
        if source.size > MAX_DOCUMENT_BYTES:
            for line, value in stream(source):
                yield from _articles(value, Where(source.where.path, line), columns)
        else:
            yield from _read_whole(source, columns)
    else:
        yield from _read_lines(source, columns)


def parse(record: dict[str, Any], where: Where) -> RawArticle:
    """An article from the keys of a JSON object whose texts are no HTML; what is of no use here is in `extra`."""
    return article(record, where, _layout(record, ()), with_html=False)


def _read_lines(source: Source, columns: Columns) -> Iterator[RawArticle | Rejection]:
    """A file is of one encoding: after a line with UTF-8 in it, a line that is not UTF-8 is damaged."""
    is_utf_8, codec = False, None
    announced: dict[str, Any] = {}
    for number, line in source.lines():
        where = Where(source.where.path, number)
        if line is None:
            yield Rejection(where, f"the line is over the limit of {MAX_DOCUMENT_BYTES // MIB} MiB")
            continue
        try:
            text = _line(line, is_utf_8, codec)
            is_utf_8 = is_utf_8 or (not line.isascii() and text.encode() == line.removeprefix(BOM_UTF8))
            if not is_utf_8 and codec is None and len(line) >= TELLING_BYTES:
                codec = _codec_of(line, text)
            if not text.strip():
                continue
            value = DECODER.decode(text)
            if _is_bulk_action(value):
                (announced,) = value.values()
            elif isinstance(value, dict) and (announced or "_source" in value or not _NO_LIST(value)):
                value |= {"_id": announced["_id"]} if "_id" in announced else {}
                announced = {}
                for one in articles_in(value):
                    yield from _articles(one, where, columns)
            else:
                # As `_articles`, without what most lines have no need of.
                found = _article(value, where, columns)
                if isinstance(found, RawArticle) and found.title and found.body:
                    yield found
                else:
                    yield from _or_those_in_it(found, value, where, columns)
        except Undecodable as error:
            yield Rejection(where, str(error))
        except (ValueError, RecursionError) as error:
            yield Rejection(where, why_not_json(error))


_NO_LIST = frozenset(LIST_KEYS).isdisjoint


def _is_bulk_action(value: Any) -> bool:
    if not isinstance(value, dict) or len(value) != 1:
        return False
    ((action, about),) = value.items()
    return action in BULK_ACTIONS and isinstance(about, dict) and all(key.startswith("_") for key in about)


TELLING_BYTES = 400
"""A line of so many bytes has enough characters to tell the encoding of those below, which takes half a millisecond."""


def _codec_of(line: bytes, text: str) -> str | None:
    for codec in ("cp932", "euc_jp"):
        with suppress(UnicodeDecodeError):
            if not line.isascii() and line.decode(codec) == text:
                return codec
    return None


def _line(line: bytes, is_utf_8: bool, codec: str | None) -> str:
    """Raises Undecodable."""
    if codec and not line.isascii():
        with suppress(UnicodeDecodeError):
            return line.decode(codec)
    try:
        # JSON has no bare escape character; ISO-2022-JP has, and is ASCII otherwise.
        return decode(line) if b"\x1b" in line else line.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if is_utf_8:
            raise Undecodable(f"not UTF-8 at byte {error.start + 1} of the line") from None
        return decode(line)


def _read_whole(source: Source, columns: Columns) -> Iterator[RawArticle | Rejection]:
    try:
        value = DECODER.decode(decode(source.whole()))
    except Undecodable:
        raise
    except (ValueError, RecursionError) as error:
        yield Rejection(source.where, why_not_json(error))
        return
    for one in articles_in(value):
        yield from _articles(one, source.where, columns)


def _is_spread_out(source: Source) -> bool:
    """Whether the file is one object over several lines: its first line is none, the whole is."""
    first, _, below = source.opening.partition("\n")
    if source.size > MAX_DOCUMENT_BYTES:
        return LIST_UNDER_KEY.search(source.opening) is not None and not _is_object(first)
    if not below or _is_object(first):
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


def _articles(value: Any, where: Where, columns: Columns) -> Sequence[RawArticle | Rejection]:
    """The article that a value is, or else those in it."""
    return _or_those_in_it(_article(value, where, columns), value, where, columns)


def _or_those_in_it(
    found: RawArticle | Rejection, value: Any, where: Where, columns: Columns
) -> Sequence[RawArticle | Rejection]:
    if isinstance(found, Rejection) or found.sections is not None or (found.title and found.body):
        return (found,)
    if whole := made_whole(value):
        return (_article(whole, where, columns),)
    if found.title or found.body:
        return (found,)
    return [_article(one, where, columns) for one in articles_below(value)] or (found,)


def _article(value: Any, where: Where, columns: Columns) -> RawArticle | Rejection:
    if not isinstance(value, dict):
        return Rejection(where, "not a JSON object")
    return article(value, where, _layout(value, columns))


def _layout(record: dict[str, Any], columns: Columns) -> Layout:
    if len(record) <= MAX_REMEMBERED_KEYS:
        return _remembered_layout(tuple(record), columns)
    return layout(record, dict(columns))


@lru_cache(maxsize=256)
def _remembered_layout(names: tuple[str, ...], columns: Columns) -> Layout:
    """Objects of one file mostly have the same keys in the same order."""
    return layout(names, dict(columns))
