"""The description of the JSON API (OpenAPI 3.1), made of the tables that the program itself reads by."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from search.query.model import SORTS
from search.results import FACETS, UNITS
from web import params
from web.forms.exports import MIMETYPES
from web.openapi_schemas import SCHEMAS, TEXT, Schema, many, named, one_of

_Parameter = dict[str, Any]


def description(base_url: str) -> dict[str, Any]:
    """The document that `/openapi.json` serves."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kijigura", "version": version("kijigura"),
            "description": "Search Japanese news archives by word, person, country and topic. Only reads. "
                           "Plain help with the syntax of queries: /llms.txt",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base_url}],
        "paths": {path: {"get": _operation(path, *of)} for path, of in _PATHS.items()},
        "components": {"schemas": SCHEMAS},
    }


def _query(name: str, schema: Schema, text: str, **more: Any) -> _Parameter:
    return {"name": name, "in": "query", "description": text, "schema": schema, **more}


def _in_path(name: str, text: str) -> _Parameter:
    return {"name": name, "in": "path", "required": True, "description": text, "schema": TEXT}


def _flag(name: str, text: str) -> _Parameter:
    return _query(name, {"type": "string", "const": "1"}, text)


_LANGUAGE = _query("lang", one_of(params.LANGUAGES), "Of labels and messages; else as Accept-Language says, else ja.")
_SINCE = _query("from", TEXT, "First day, in Japan: 2024, 2024-04, 2024-04-10 or 令和6年4月.")
_UNTIL = _query("to", TEXT, "Last day, included; written like `from`.")
_CONDITIONS = [
    _query("q", TEXT, "Words, names, “exact phrases”; see /llms.txt for the syntax."),
    *(_query(facet, many(TEXT), f"Any of these {facet} values.", explode=True) for facet in FACETS),
    *(_query(params.NOT + facet, many(TEXT), f"None of these {facet} values.", explode=True) for facet in FACETS),
    _SINCE, _UNTIL,
    _query("off", many(TEXT), "Words, or forms of words, to search only as they are written.", explode=True),
    _flag("as_typed", "Search every word only as it is written."),
    _flag("about", "Chosen names are what the article is about, not only in it."),
    _LANGUAGE,
]
_PAGING = [
    _query("sort", one_of(SORTS), "Else by relevance, or newest first without a query; a feed is newest first."),
    _query("page", {"type": "integer", "minimum": 1}, "From 1."),
    _query(
        "size", {"type": "integer", "minimum": 1, "maximum": params.MAX_DEPTH},
        f"Articles a page: 20, at most {params.SIZES[-1]}; of {', '.join(params.WHOLE_FORMS)} at most "
        f"{params.MAX_DEPTH}. These have every article where neither page nor size is given.",
    ),
]
_BY = _query("by", one_of(UNITS), "What a bar of the histogram spans.")


def _form(*forms: str) -> _Parameter:
    return _query("format", {"type": "string", "enum": list(forms), "default": "html"}, "The form of the answer.",
                  required=True)


_JSON_ONLY = _form("html", "json")
_OF_ONE = [_JSON_ONLY, _LANGUAGE]
_ID = _in_path("id", "As search results have it, percent-encoded.")

# Path -> (what it answers, schema of its JSON, parameters, mimetypes beside JSON).
_PATHS: dict[str, tuple[str, str, list[_Parameter], tuple[str, ...]]] = {
    "/": ("Search, or the newest articles where nothing is asked", "Results",
          [*_CONDITIONS, *_PAGING, _BY, _form(*params.FORMS)], tuple(MIMETYPES.values())[1:]),
    "/values/{facet}": (
        "All values of a facet in a search", "Values",
        [{**_in_path("facet", "Which facet."), "schema": one_of(FACETS)}, *_CONDITIONS, _JSON_ONLY,
         _query("find", TEXT, "Only values with this in their names."),
         _query("order", one_of(("count", "name")), "Most articles first, or by name."),
         _query("p", {"type": "integer", "minimum": 1}, "Page of values, from 1.")], ()),
    "/article/{id}": ("An article with its names, copies and related articles", "Article",
                      [_ID, _form("html", "json", "ris", "bibtex"), _LANGUAGE],
                      (MIMETYPES["ris"], MIMETYPES["bibtex"])),
    "/history/{id}": ("The versions of an article, and what changed", "History", [_ID, *_OF_ONE], ()),
    "/entity/{id}": ("A person, country, organization or place; another name redirects to its id", "Entity",
                     [_ID, *_OF_ONE], ()),
    "/topic/{id}": ("A topic: a saved query with a name", "Topic", [_ID, *_OF_ONE], ()),
    "/topics": ("All topics, with their articles counted", "Topics", _OF_ONE, ()),
    "/compare": ("Two to four entities or topics side by side", "Comparison",
                 [_query("of", many(TEXT), "Ids or names of entities; topic:ID for topics.", explode=True),
                  _SINCE, _UNTIL, *_OF_ONE], ()),
    "/save": ("A search as a topic: the command and the TOML that make it one", "SavedSearch",
              [*_CONDITIONS, _JSON_ONLY], ()),
    "/suggest": ("Names and topics that the end of a query may become", "Suggestions",
                 [_query("q", TEXT, "What was typed up to now."), _LANGUAGE], ()),
    "/healthz": ("Whether the archive can answer, and how old its index is", "Health", [], ()),
}


def _operation(path: str, summary: str, schema: str, parameters: list[_Parameter], forms: tuple[str, ...]) -> Schema:
    name = path.split("/")[1] or "search"
    content: dict[str, Any] = {"application/json": {"schema": named(schema)}}
    content.update({form: {"schema": TEXT} for form in forms})
    unavailable = "Unavailable" if path == "/healthz" else "Error"
    wrong = {
        "400": "Something in the address cannot be used.", "404": "There is nothing here.",
        "414": f"The query string is longer than {params.MAX_ADDRESS_BYTES} bytes.",
        "422": "The query takes too long.",
    }
    answers = {
        "200": {"description": summary, "content": content},
        **({} if path == "/healthz" else {code: _problem(text, "Error") for code, text in wrong.items()}),
        "503": _problem("The index cannot answer just now; Retry-After says when to ask again.", unavailable),
    }
    if path == "/":
        answers["304"] = {"description": "As it was: If-None-Match has its ETag."}
    return {"operationId": name, "summary": summary, "parameters": parameters, "responses": answers}


def _problem(text: str, schema: str) -> Schema:
    return {"description": text, "content": {"application/json": {"schema": named(schema)}}}
