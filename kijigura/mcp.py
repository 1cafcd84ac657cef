"""mcp: the archive as tools for language models, over stdin and stdout.

Model Context Protocol of 2025-06-18 (https://modelcontextprotocol.io/specification/2025-06-18): JSON-RPC 2.0, a message
a line. Nothing but messages goes to stdout.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from kijigura.command import Config, common, main, print_json
from kijigura.opening import archive_of, directory_of, engine_of, index
from search.dates import read_days
from search.engine import published
from search.errors import KijiguraError, UsageError
from search.library import Library, default_engine_url
from search.query.model import SORTS, Request
from search.results import FACETS

PROTOCOL = "2025-06-18"
MOST_ARTICLES = 50
"""A page of a search; what a model is told, it reads whole."""

PARSE_ERROR, INVALID_REQUEST, NO_METHOD, INVALID_PARAMS = -32700, -32600, -32601, -32602
"""JSON-RPC 2.0, 5.1."""

Arguments = dict[str, Any]

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_LANGUAGE = {"type": "string", "enum": ["ja", "en"], "description": "of labels; ja if left out"}
_KINDS: dict[str, type | tuple[type, ...]] = {"string": str, "integer": int, "array": list, "boolean": bool}


@dataclass(frozen=True, slots=True)
class Tool:
    """properties: of its arguments, as JSON Schema has them."""

    description: str
    properties: dict[str, dict[str, Any]]
    required: tuple[str, ...]
    answer: Callable[[Library, Arguments], Any]

    def as_json(self, name: str) -> dict[str, Any]:
        """As `tools/list` tells it."""
        schema = {"type": "object", "properties": self.properties, "required": list(self.required),
                  "additionalProperties": False}
        return {"name": name, "description": self.description, "inputSchema": schema,
                "annotations": {"readOnlyHint": True}}


class Refused(Exception):
    """A message that cannot be answered: `code` of JSON-RPC, and why."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


def _search(library: Library, given: Arguments) -> Any:
    days = {}
    for name, place in (("from", 0), ("to", 1)):
        if name in given and (span := read_days(given[name])) is None:
            raise UsageError(f"{given[name]!r} is no date. Write 2024, 2024-04, 2024-04-10 or 令和6年4月.")
        days[name] = span[place] if name in given and span else None
    if days["from"] and days["to"] and days["from"] > days["to"]:
        raise UsageError(f"from {given['from']!r} is after to {given['to']!r}. Exchange them.")
    found = library.search(Request(
        text=given.get("query", ""),
        filters={facet: tuple(given[facet]) for facet in FACETS if given.get(facet)},
        excluded={facet: tuple(given[f"not_{facet}"]) for facet in FACETS if given.get(f"not_{facet}")},
        since=days["from"], until=days["to"], sort=given.get("sort"), page=given.get("page", 1),
        size=given.get("size", 10), language=given.get("lang", "ja"),
    )).as_json()
    # Of the facets the first few: the rest would be most of the answer.
    found["facets"] = {name: values[:5] for name, values in found["facets"].items()}
    return found


TOOLS: dict[str, Tool] = {
    "search": Tool(
        "Search Japanese news articles. Words are joined by AND; OR, -word, \"phrase\" and brackets work; names are "
        "found in all of their forms. Counts are exact. Without a query: the newest articles.",
        {
            "query": {**_TEXT, "description": "such as 停戦 (ロシア OR ウクライナ) -ガザ"},
            **{facet: {**_TEXTS, "description": f"any of these {facet} values"} for facet in FACETS},
            **{f"not_{facet}": {**_TEXTS, "description": f"none of these {facet} values"} for facet in FACETS},
            "from": {**_TEXT, "description": "first day: 2024, 2024-04 or 2024-04-10"},
            "to": {**_TEXT, "description": "last day, included"},
            "sort": {"type": "string", "enum": list(SORTS)},
            "page": {"type": "integer", "minimum": 1},
            "size": {"type": "integer", "minimum": 1, "maximum": MOST_ARTICLES},
            "lang": _LANGUAGE,
        }, (), _search,
    ),
    "article": Tool(
        "One whole article with the names in it, by its id.", {"id": _TEXT, "lang": _LANGUAGE}, ("id",),
        lambda library, given: library.article(given["id"], Request()).as_json(given.get("lang", "ja")),
    ),
    "entity": Tool(
        "A person, country, organization or place, by any of its names or its id: how it is written, how often, when, "
        "with whom, and its newest articles.", {"name": _TEXT, "lang": _LANGUAGE}, ("name",),
        lambda library, given: library.entity(given["name"], given.get("lang", "ja")).as_json(),
    ),
    "topics": Tool(
        "The archive's topics (saved searches) with their articles counted.", {"lang": _LANGUAGE}, (),
        lambda library, given: {"topics": [
            {"id": topic.value, "name": topic.label, "count": topic.count}
            for topic in library.topics(given.get("lang", "ja"))
        ]},
    ),
}


@main.command()
@common("archive", "engine", "workers")
def mcp(config: Config) -> None:
    """Offer the archive to language models: a Model Context Protocol server on stdin and stdout."""
    with _Newest(config) as newest:
        for line in sys.stdin.buffer:
            if line.strip() and (answer := reply(newest.library, line)) is not None:
                print_json(answer)


class _Newest:
    """The archive with all that it has when it is asked: models ask seldom, and each answer is to be of its moment."""

    def __init__(self, config: Config) -> None:
        """Raises KijiguraError where the archive cannot be opened."""
        self._config = config
        self._url = engine_of(config) or default_engine_url(directory_of(config))
        self._library: Library | None = None
        self._stamp: object = None
        self.library()

    def library(self) -> Library:
        """Opened anew where articles, index or names have changed since. Raises KijiguraError."""
        old = self._library
        if old and published(self._url) == self._stamp and not old.is_late() and not old.is_relinked():
            return old
        self.close()
        with archive_of(self._config) as archive:
            index(archive, self._config)
        self._stamp = published(self._url)
        self._library = Library.open(directory_of(self._config), self._url)
        return self._library

    def close(self) -> None:
        """Let go of files."""
        if self._library:
            self._library.close()
            self._library = None

    def __enter__(self) -> _Newest:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def reply(newest: Callable[[], Library], line: bytes) -> dict[str, Any] | None:
    """The answer to one message; None to what wants none."""
    asked: Any = None
    try:
        asked = _read(line)
        if not isinstance(asked, dict) or asked.get("jsonrpc") != "2.0" or not isinstance(asked.get("method"), str):
            raise Refused(INVALID_REQUEST, "This is no request of JSON-RPC 2.0: an object with jsonrpc and method.")
        if "id" not in asked:
            return None
        given = asked.get("params") or {}
        if not isinstance(given, dict):
            raise Refused(INVALID_PARAMS, "params must be an object.")
        return {"jsonrpc": "2.0", "id": asked["id"], "result": _result(newest, asked["method"], given)}
    except Refused as why:
        known = asked.get("id") if isinstance(asked, dict) else None
        return {"jsonrpc": "2.0", "id": known, "error": {"code": why.code, "message": str(why)}}


def _read(line: bytes) -> Any:
    """The value of a line. Raises Refused."""
    try:
        value = json.loads(line)
        # What JSON has no word for (NaN), and half a pair of \ud800, which no answer could repeat.
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise Refused(PARSE_ERROR, "This line is no JSON.") from None
    return value


def _result(newest: Callable[[], Library], method: str, given: Arguments) -> dict[str, Any]:
    if method == "initialize":
        return {"protocolVersion": PROTOCOL, "capabilities": {"tools": {}},
                "serverInfo": {"name": "kijigura", "version": version("kijigura")}}
    if method == "ping":
        return {}
    if method == "tools/list":
        return {"tools": [tool.as_json(name) for name, tool in TOOLS.items()]}
    if method != "tools/call":
        raise Refused(NO_METHOD, f"There is no method {method!r}.")
    tool = TOOLS.get(str(given.get("name")))
    if tool is None:
        raise Refused(INVALID_PARAMS, f"There is no tool {given.get('name')!r}. Use one of: {', '.join(TOOLS)}.")
    arguments = _checked(tool, given.get("arguments") or {})
    try:
        found = tool.answer(newest(), arguments)
    except KijiguraError as error:      # for the model to read, and to try something else
        return {"content": [{"type": "text", "text": str(error)}], "isError": True}
    return {"content": [{"type": "text", "text": json.dumps(found, ensure_ascii=False)}], "structuredContent": found,
            "isError": False}


def _checked(tool: Tool, arguments: Any) -> Arguments:
    """The arguments, if the tool takes them. Raises Refused."""
    if not isinstance(arguments, dict):
        raise Refused(INVALID_PARAMS, "arguments must be an object.")
    if missing := [name for name in tool.required if name not in arguments]:
        raise Refused(INVALID_PARAMS, f"The argument {missing[0]!r} is missing.")
    for name, value in arguments.items():
        schema = tool.properties.get(name)
        if schema is None:
            raise Refused(INVALID_PARAMS, f"There is no argument {name!r}. Use: {', '.join(tool.properties)}.")
        fits = isinstance(value, _KINDS[schema["type"]]) and not isinstance(value, bool)
        fits = fits and (schema["type"] != "array" or all(isinstance(one, str) for one in value))
        fits = fits and (schema["type"] != "integer" or schema["minimum"] <= value <= schema.get("maximum", 10**9))
        if not fits or value not in schema.get("enum", (value,)):
            raise Refused(INVALID_PARAMS, f"{name}: {value!r} does not fit {json.dumps(schema, ensure_ascii=False)}.")
    return arguments
