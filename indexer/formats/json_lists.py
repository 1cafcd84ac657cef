"""Where the articles are in a JSON value: a list, a list under a key (feeds, answers of an API), Elasticsearch's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from indexer.formats.names import known
from indexer.formats.source import MAX_DOCUMENT_BYTES, MIB, Source, Unreadable
from indexer.formats.streaming import pieces

# JSON Feed, NewsAPI, Elasticsearch, Solr, WordPress and what archives call it themselves.
LIST_KEYS = ("articles", "items", "hits", "data", "results", "docs", "documents", "entries", "records", "posts",
             "response", "feed", "news", "value", "item", "記事", "記事一覧")

# An object that says of an article what the one around it leaves out: {"text": …, "meta": {"title": …}}.
INNER_KEYS = ("fields", "meta", "metadata", "attributes", "article", "document", "properties")
LIST_UNDER_KEY = re.compile(rf'"(?:{"|".join(LIST_KEYS)})"\s*:\s*\[\s*(?=\{{)')
LIST = re.compile(r"\[\s*(?=\{)")
SEPARATOR = re.compile(r"\s*([,\]])\s*")

# {"response": {"data": {"items": […]}}}
MAX_LEVELS = 3

# A value cut off at the end of what was read looks wrong this close to it: `-Infinity` has 9 characters.
CUT_OFF_WITHIN_CHARS = 12

# How far into a file the list may begin: what stands before it is the answer's own data.
LIST_WITHIN_CHARS = MIB


def articles_in(value: Any) -> list[Any]:
    """The articles of a value, which may be one itself."""
    if isinstance(value, list):
        return [_unpacked(one) for one in value]
    if not isinstance(value, dict):
        return [value]
    found = _list_in(value, MAX_LEVELS)
    if found is None:
        return [_unpacked(value)]
    if str(value.get("version", "")).startswith("https://jsonfeed.org") and isinstance(value.get("title"), str):
        # What a feed is called is where its items come from.
        return [{"source": value["title"], **one} for one in found if isinstance(one, dict)]
    return [_unpacked(one) for one in found]


def made_whole(value: dict[str, Any]) -> dict[str, Any] | None:
    """An object with what those of INNER_KEYS in it say of the article; None where there is none of them."""
    inner = [value[key] for key in INNER_KEYS if isinstance(value.get(key), dict)]
    whole = {name: one for part in (*reversed(inner), value) for name, one in part.items()}
    return whole if inner and _is_article(whole) else None


def articles_below(value: dict[str, Any], levels: int = MAX_LEVELS) -> list[Any]:
    """The articles in an object that is none: an object for each id, a list for each day, a column for each name."""
    rows = _rows(value)
    if rows:
        return rows
    found: list[Any] = []
    by_id = len(value) > 1 and all(_is_article(one) for one in value.values())
    for key, one in value.items():
        listed = one if isinstance(one, list) else [one]
        if listed and _is_article(listed[0]):
            found += [{**one, "_id": key} if by_id and isinstance(one, dict) else one for one in listed]
        elif levels > 1:
            found += [article for one in listed if isinstance(one, dict) for article in articles_below(one, levels - 1)]
    return found


def _rows(value: dict[str, Any]) -> list[Any]:
    """The rows of a table that was written column by column: {"title": {"0": …, "1": …}, "text": {…}}."""
    columns = list(value.values())
    if not columns or not all(isinstance(one, dict) and one.keys() == columns[0].keys() for one in columns):
        return []
    if not columns[0] or not all(number.isdecimal() for number in columns[0]):
        return []
    rows = [{name: column[number] for name, column in value.items()} for number in columns[0]]
    return rows if _is_article(rows[0]) else []


def stream(source: Source) -> Iterator[tuple[int, Any]]:
    """Line and value of every member of the file's list, read as they are asked for.

    Raises Unreadable where the text is no JSON, or a member is over MAX_DOCUMENT_BYTES; Undecodable.
    """
    window = _Window(pieces(source))
    window.grow(LIST_WITHIN_CHARS)
    opening = window.text.lstrip("\ufeff \t\r\n")
    begin = LIST.match(opening) or LIST_UNDER_KEY.search(opening)
    if begin is None:
        raise Unreadable("JSON over the limit for one article, and no list of articles at its beginning")
    window.skip(len(window.text) - len(opening) + begin.end())
    while True:
        line = window.line
        yield line, _unpacked(window.value())
        while (separator := SEPARATOR.match(window.text, window.at)) is None or (
            separator.end() == len(window.text) and separator[1] == ","
        ):
            if not window.grow():
                raise Unreadable(f"not JSON on line {window.line}: no ',' or ']' after an article")
        window.skip(separator.end())
        if separator[1] == "]":
            return


class _Window:
    """What was read of a text and not used yet. at: the first character not used. line: its line, from 1."""

    def __init__(self, text: Iterator[str]) -> None:
        self._rest = text
        self.text = ""
        self.at = 0
        self.line = 1

    def grow(self, chars: int = 1) -> bool:
        """Read on, at least `chars`; False where the text is at its end."""
        read = []
        while chars > 0 and (piece := next(self._rest, None)) is not None:
            read.append(piece)
            chars -= len(piece)
        self.text = self.text[self.at :] + "".join(read)
        self.at = 0
        return bool(read)

    def skip(self, to: int) -> None:
        self.line += self.text.count("\n", self.at, to)
        self.at = to

    def value(self) -> Any:
        """The value that begins here. Raises Unreadable."""
        while True:
            error: json.JSONDecodeError | None = None
            try:
                value, end = DECODER.raw_decode(self.text, self.at)
                if end < len(self.text):
                    self.skip(end)
                    return value
            except json.JSONDecodeError as wrong:
                error = wrong
            except (ValueError, RecursionError) as wrong:
                raise Unreadable(f"line {self.line}: {why_not_json(wrong)}") from None
            if error is not None and not _may_be_cut_off(error):
                raise Unreadable(f"not JSON on line {self.line + self.text.count(chr(10), self.at, error.pos)}: "
                                 f"{error.msg}")
            if len(self.text) - self.at > MAX_DOCUMENT_BYTES:
                raise Unreadable(f"line {self.line}: an article over the limit of {MAX_DOCUMENT_BYTES // MIB} MiB")
            # Twice as much each time, so that a large value is not tried again for every piece of it.
            if not self.grow(len(self.text) - self.at):
                raise Unreadable(f"not JSON on line {self.line}: the text ends within a value")


def _nothing(_: str) -> None:
    """NaN and Infinity, which pandas writes for empty cells, are not JSON and mean nothing."""


def why_not_json(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON at character {error.pos + 1}: {error.msg}"
    return "not JSON: nested too deeply" if isinstance(error, RecursionError) else f"not JSON: {error}"


DECODER = json.JSONDecoder(parse_constant=_nothing)


def _may_be_cut_off(error: json.JSONDecodeError) -> bool:
    return error.msg.startswith("Unterminated string") or error.pos >= len(error.doc) - CUT_OFF_WITHIN_CHARS


def _list_in(value: dict[str, Any], levels: int) -> list[Any] | None:
    """The list of articles under one of LIST_KEYS, in `value` or in an object of it."""
    for key in LIST_KEYS:
        inner = value.get(key)
        if isinstance(inner, list) and inner and _is_article(inner[0]):
            return inner
        if isinstance(inner, dict) and levels > 1:
            found = _list_in(inner, levels - 1)
            if found is not None:
                return found
    return None


def _is_article(value: Any) -> bool:
    """Whether it has a title or a body: an article has lists of pictures and of links, too."""
    if not isinstance(value, dict):
        return False
    names = _unpacked(value)
    fields = [found[0] for found in map(known, names) if found]
    return "title" in fields and ("body" in fields or "published" in fields)


def _unpacked(value: Any) -> Any:
    """What Elasticsearch stores, out of what it says about it; all else as it is."""
    if isinstance(value, dict) and isinstance(value.get("_source"), dict):
        # Last, so that an id of the article's own is before it.
        return {**value["_source"], **({"_id": value["_id"]} if "_id" in value else {})}
    return value
