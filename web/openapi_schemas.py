"""What each JSON answer holds, as JSON Schema 2020-12, which OpenAPI 3.1 uses.

An object has all of its properties unless they are named `optional`, and no others: so a test that compares answers
with these notices what was added as well as what went.
"""

from __future__ import annotations

from typing import Any, get_args

from search.articles import KINDS
from search.query.forms import Why
from search.results import FACETS

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": "number"}
FLAG: Schema = {"type": "boolean"}
DAY: Schema = {"type": "string", "format": "date"}
TIME: Schema = {"type": "string", "format": "date-time"}
ADDRESS: Schema = {"type": "string", "format": "uri-reference"}


def said(schema: Schema, description: str) -> Schema:
    """The schema with what it means."""
    return {**schema, "description": description}


def one_of(values: tuple[str, ...]) -> Schema:
    """A string out of a table of the program."""
    return {"type": "string", "enum": list(values)}


def maybe(schema: Schema) -> Schema:
    """The schema, or null."""
    return {**schema, "type": [schema["type"], "null"]} if "type" in schema else {"anyOf": [schema, {"type": "null"}]}


def many(schema: Schema) -> Schema:
    """A list of them."""
    return {"type": "array", "items": schema}


def by_key(schema: Schema) -> Schema:
    """An object with keys that are data."""
    return {"type": "object", "additionalProperties": schema}


def named(name: str) -> Schema:
    """A schema of SCHEMAS."""
    return {"$ref": f"#/components/schemas/{name}"}


def record(optional: dict[str, Schema] | None = None, **properties: Schema) -> Schema:
    """An object. A property called in_ or as_ or from_ has no line at its end."""
    own = {name.rstrip("_"): schema for name, schema in properties.items()}
    return {
        "type": "object", "properties": {**own, **(optional or {})}, "required": list(own),
        "additionalProperties": False,
    }


NAMED = record(id=TEXT, name=TEXT)
COUNTED_NAME = record(id=TEXT, name=TEXT, count=COUNT)
COUNTED_VALUE = record(value=TEXT, count=COUNT)
PLACE = {
    "section": said(maybe(COUNT), "null in the title"), "in_": one_of(("title", "heading", "text")),
    "start": said(COUNT, "code points"), "end": said(COUNT, "code points, excluded"),
}
SPAN = {"type": "array", "prefixItems": [COUNT, COUNT], "minItems": 2, "maxItems": 2}

_HIT = {
    "id": TEXT, "title": TEXT, "url": maybe(TEXT), "published": maybe(TIME), "source": maybe(TEXT),
    "desk": maybe(TEXT), "score": NUMBER,
    "sections": many(record(
        number=COUNT, heading=maybe(TEXT),
        snippet=record(text=TEXT, marks=said(many(SPAN), "start and end (excluded) in code points of `text`")),
    )),
}
_MAYBE_IN_HIT = {
    "copy_of": said(TEXT, "the article that stands for its copies"),
    "partial": said({"const": True}, "it lacks words of the query, or has them too far down"),
    "missing": said(many(TEXT), "the words that it lacks, as they were typed"),
}
_PROFILE = {
    "total": COUNT, "first": maybe(named("Seen")), "last": maybe(named("Seen")), "histogram": many(named("Bar")),
    "neighbours": by_key(many(record(id=TEXT, name=TEXT, count=COUNT, association=NUMBER))),
    "network": record(
        nodes=many(TEXT), ties=many(record(between={**many(TEXT), "minItems": 2, "maxItems": 2}, count=COUNT))
    ),
    "desks": many(COUNTED_VALUE), "sources": many(COUNTED_VALUE), "topics": many(COUNTED_NAME),
    "coverage": by_key(many(record(
        value=said(maybe(TEXT), "null: all others"), count=COUNT, histogram=many(named("Bar")),
    ))),
}
_SUGGESTION = {
    "value": TEXT, "label": TEXT, "kind": TEXT, "kind_label": TEXT, "count": COUNT, "count_label": TEXT,
    "url": ADDRESS,
}

SCHEMAS: dict[str, Schema] = {
    "Error": record(error=said(COUNT, "the HTTP status"), message=TEXT),
    "Bar": said(record(from_=DAY, to=said(DAY, "excluded"), count=COUNT), "articles published in a span of days"),
    "Seen": record(id=TEXT, title=TEXT, published=maybe(TIME)),
    "Hit": record(_MAYBE_IN_HIT, **_HIT),
    "Results": record(
        query=TEXT, total=said(COUNT, "articles that have all of the words"), took_ms=NUMBER,
        interpreted=many(record(word=TEXT, as_=TEXT, entity=TEXT, name=TEXT)),
        forms=many(record(word=TEXT, form=TEXT, as_=one_of(get_args(Why)), off=FLAG)),
        hits=many(named("Hit")),
        facets=record(**{facet: many(record(
            {"excluded": {"const": True}}, value=TEXT, label=TEXT, count=COUNT, selected=FLAG
        )) for facet in FACETS}),
        histogram=many(named("Bar")),
        partial_total=said(COUNT, "articles with part of the words, which follow"),
        did_you_mean=maybe(TEXT),
        notes=said(many(TEXT), "what was left out of the query or read otherwise, in plain sentences"),
        page=COUNT, size=COUNT, pages=COUNT, prev=maybe(ADDRESS), next=maybe(ADDRESS),
    ),
    "Values": record(
        facet=one_of(FACETS), total=COUNT, found=COUNT, page=COUNT, pages=COUNT,
        values=many(record(value=TEXT, label=TEXT, count=COUNT, selected=FLAG, excluded=FLAG)),
    ),
    "Article": record(
        id=TEXT, title=TEXT, published=maybe(TIME), title_inferred=FLAG, source=maybe(TEXT), desk=maybe(TEXT),
        url=maybe(TEXT), authors=many(TEXT),
        published_precision=maybe({"type": "string"}), published_inferred=FLAG, credits=many(TEXT),
        sections=many(record(number=COUNT, heading=maybe(TEXT), text=TEXT, captions=FLAG)),
        ruby=many(record(**PLACE, reading=TEXT)),
        names=many(record(
            **PLACE, surface=TEXT, kind=one_of(KINDS), entity=TEXT, name=TEXT,
            confidence={"type": "number", "minimum": 0, "maximum": 1},
        )),
        entities=by_key(many(COUNTED_NAME)), topics=many(NAMED), version=COUNT,
        copies=many(record(id=TEXT, title=TEXT, published=maybe(TIME), source=maybe(TEXT))),
        related=many(record(
            id=TEXT, title=TEXT, published=maybe(TIME), source=maybe(TEXT), names=many(NAMED), topics=many(NAMED),
            words=many(TEXT), likeness=NUMBER,
        )),
    ),
    "History": record(
        id=TEXT, current=COUNT,
        versions=many(record(
            number=COUNT, added_at=TIME, title=TEXT, body=TEXT,
            changes=many(record(
                what=one_of(("gone", "new", "changed")), field=TEXT,
                pieces=many(record(what=one_of(("same", "gone", "new")), text=TEXT)),
            )),
        )),
    ),
    "Entity": record(
        id=TEXT, kind=one_of(KINDS), name=TEXT, name_en=maybe(TEXT),
        aliases=many(record(surface=TEXT, count=COUNT, first=maybe(named("Seen")), last=maybe(named("Seen")))),
        **_PROFILE, about_total=maybe(COUNT), about_histogram=many(named("Bar")), about=many(named("Hit")),
        newest=many(named("Hit")),
    ),
    "Topic": record(
        id=TEXT, kind={"const": "topic"}, name=TEXT, name_en=maybe(TEXT), query=TEXT, **_PROFILE,
        strongest=many(named("Member")), newest=many(named("Member")),
    ),
    "Member": record(_MAYBE_IN_HIT, **_HIT, evidence=many(record(text=TEXT, count=COUNT))),
    "Topics": record(topics=many(record(
        id=TEXT, name=TEXT, name_en=maybe(TEXT), query=TEXT, count=COUNT, newest=maybe(DAY)
    ))),
    "Comparison": record(
        from_=maybe(DAY), to=maybe(DAY),
        compared=many(record(
            id=TEXT, kind=TEXT, name=TEXT, total=COUNT, about_total=maybe(COUNT), histogram=many(named("Bar")),
            sources=many(COUNTED_VALUE), desks=many(COUNTED_VALUE),
        )),
        pairs=many(record(between={**many(TEXT), "minItems": 2, "maxItems": 2}, count=COUNT)),
        together=maybe(COUNT), newest=many(named("Hit")),
        shared=many(record(id=TEXT, kind=one_of(KINDS), name=TEXT, counts=many(COUNT))),
        unknown=many(TEXT), left_out=many(TEXT),
    ),
    "Suggestions": record(
        query=TEXT, typed=said(TEXT, "the end of the query that the values are to replace"),
        suggestions=many(record({"also": TEXT}, **_SUGGESTION)),
    ),
    "SavedSearch": record(
        id=TEXT, name=TEXT, name_en=maybe(TEXT), query=TEXT, articles=COUNT, command=TEXT, toml=TEXT,
        notes=many(TEXT),
    ),
    "Health": record(
        status={"const": "ok"}, articles=COUNT, indexed=COUNT,
        behind=said(COUNT, "changes of the archive that the index does not have yet"), indexed_at=maybe(TIME),
        notes=many(TEXT),
    ),
    "Unavailable": record(status={"const": "unavailable"}, message=TEXT),
}
