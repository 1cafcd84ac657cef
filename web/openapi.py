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

OPENSEARCH = "application/x-suggestions+json"
"""What browsers ask for that have Kijigura in their search bar."""


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


def _query(name: str, schema: Schema, text: str, example: Any, **more: Any) -> _Parameter:
    return {"name": name, "in": "query", "description": text, "schema": schema, "example": example, **more}


def _in_path(name: str, text: str, example: str, schema: Schema = TEXT) -> _Parameter:
    return {
        "name": name, "in": "path", "required": True, "description": text, "schema": schema, "example": example,
    }


def _flag(name: str, text: str) -> _Parameter:
    return _query(name, {"type": "string", "const": "1"}, text, "1")


_VALUES = {
    "person": "xi-jinping", "country": "UA", "organization": "united-nations", "place": "北京",
    "topic": "ukraine-peace-talks", "desk": "国際", "source": "見本新聞", "year": "2024",
}
"""An example of each facet's values; those of /values are all there are."""

_LANGUAGE = _query(
    "lang", one_of(params.LANGUAGES), "Of labels and messages; else as Accept-Language says, else ja.", "en"
)
_SINCE = _query("from", TEXT, "First day, in Japan: 2024, 2024-04, 2024-04-10 or 令和6年4月.", "令和4年2月")
_UNTIL = _query("to", TEXT, "Last day, included; written like `from`.", "2025")
_CONDITIONS = [
    _query("q", TEXT, "Words, names, “exact phrases”; see /llms.txt for the syntax.", "停戦 -ガザ"),
    *(_query(facet, many(TEXT), f"Any of these {facet} values.", [_VALUES[facet]], explode=True) for facet in FACETS),
    *(
        _query(params.NOT + facet, many(TEXT), f"None of these {facet} values.", [_VALUES[facet]], explode=True)
        for facet in FACETS
    ),
    _SINCE, _UNTIL,
    _query("off", many(TEXT), "Words, or forms of words, to search only as they are written.", ["停戦"], explode=True),
    _flag("as_typed", "Search every word only as it is written."),
    _flag("about", "Chosen names are what the article is about, not only in it."),
    _LANGUAGE,
]
_PAGING = [
    _query("sort", one_of(SORTS), "Else by relevance, or newest first without a query; atom newest first.", "newest"),
    _query("page", {"type": "integer", "minimum": 1}, "From 1.", 1),
    _query(
        "size", {"type": "integer", "minimum": 1, "maximum": params.MAX_DEPTH},
        f"Articles a page: 20, at most {params.SIZES[-1]}; of {', '.join(params.WHOLE_FORMS)} at most "
        f"{params.MAX_DEPTH}. These have every article where neither page nor size is given.", 50,
    ),
]
_BY = _query("by", one_of(UNITS), "What a bar of the histogram spans.", "month")


def _form(*forms: str) -> _Parameter:
    return _query("format", one_of(forms), "The form of the answer; else a page.", forms[1], required=True)


_JSON_ONLY = _form("html", "json")
_OF_ONE = [_JSON_ONLY, _LANGUAGE]


def _id(example: str) -> _Parameter:
    return _in_path("id", "As search results have it, percent-encoded.", example)


_ARTICLE_ID = _id("mihon-2025-05-16-istanbul")      # of the archive that `kijigura demo` makes

# Path -> (what it answers, schema of its JSON, parameters, mimetypes beside JSON).
_PATHS: dict[str, tuple[str, str, list[_Parameter], tuple[str, ...]]] = {
    "/": ("Search, or the newest articles where nothing is asked", "Results",
          [*_CONDITIONS, *_PAGING, _BY, _form(*params.FORMS)], tuple(MIMETYPES.values())[1:]),
    "/values/{facet}": (
        "All values of a facet in a search", "Values",
        [_in_path("facet", "Which facet.", "person", one_of(FACETS)), *_CONDITIONS, _JSON_ONLY,
         _query("find", TEXT, "Only values with this in their names.", "ゼレ"),
         _query("order", one_of(("count", "name")), "Most articles first, or by name.", "name"),
         _query("p", {"type": "integer", "minimum": 1}, "Page of values, from 1.", 1)], ()),
    "/article/{id}": ("An article with its names, copies and related articles", "Article",
                      [_ARTICLE_ID, _form("html", "json", "ris", "bibtex"), _LANGUAGE],
                      (MIMETYPES["ris"], MIMETYPES["bibtex"])),
    "/history/{id}": ("The versions of an article, and what changed", "History", [_ARTICLE_ID, *_OF_ONE], ()),
    "/entity/{id}": ("A person, country, organization or place; another name redirects to its id", "Entity",
                     [_id("xi-jinping"), *_OF_ONE], ()),
    "/topic/{id}": ("A topic: a saved query with a name", "Topic", [_id("ukraine-peace-talks"), *_OF_ONE], ()),
    "/topics": ("All topics, with their articles counted", "Topics", _OF_ONE, ()),
    "/compare": ("Two to four entities or topics side by side", "Comparison",
                 [_query("of", many(TEXT), "Ids or names of entities; topic:ID for topics.",
                         ["UA", "topic:ukraine-peace-talks"], explode=True),
                  _SINCE, _UNTIL, *_OF_ONE], ()),
    "/save": ("A search as a topic: the command and the TOML that make it one", "SavedSearch",
              [*_CONDITIONS, _query("name", TEXT, "Of the topic; else made of the conditions.", "停戦の行方"),
               _query("id", TEXT, "Of the topic, a to z, 0 to 9 and hyphens; else made of its name.", "ceasefire"),
               _query("name_en", TEXT, "Of the topic in English.", "Ceasefire"), _JSON_ONLY], ()),
    "/suggest": ("Names and topics that the end of a query may become", "Suggestions",
                 [_query("q", TEXT, "What was typed up to now.", "停戦 しゅう"), _LANGUAGE,
                  _query("format", {"const": "opensearch"}, "A list of lists, as browsers take it.", "opensearch")],
                 (OPENSEARCH,)),
    "/healthz": ("Whether the archive can answer, and how old its index is", "Health", [], ()),
}


def _operation(path: str, summary: str, schema: str, parameters: list[_Parameter], forms: tuple[str, ...]) -> Schema:
    name = path.split("/")[1] or "search"
    content: dict[str, Any] = {"application/json": {"schema": named(schema)}}
    pages = ("text/html",) if any("html" in one["schema"].get("enum", ()) for one in parameters) else ()
    content.update({form: {"schema": {"type": "array"} if form == OPENSEARCH else TEXT} for form in (*forms, *pages)})
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
    if path == "/entity/{id}":
        answers["302"] = {"description": "Another name, or an id that was merged: Location has the address."}
    if path == "/":
        answers["304"] = {"description": "As it was: If-None-Match has its ETag."}
    return {"operationId": name, "summary": summary, "parameters": parameters, "responses": answers}


def _problem(text: str, schema: str) -> Schema:
    return {"description": text, "content": {"application/json": {"schema": named(schema)}}}
