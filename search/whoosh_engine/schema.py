"""The fields of the Whoosh index.

Text reaches the index as terms with positions, never as text: an analyzer kept in the schema would be pickled
by its module's path, and so break every index when that module moves.
"""

from __future__ import annotations

from whoosh import fields, formats

from search.japanese.analysis import SECTION_GAP

SCHEMA_REVISION = 5
"""Raise it when documents are laid out otherwise: old indexes are then rebuilt."""

GAP = SECTION_GAP - 1
"""Parts are one position apart as they are kept in segments, SECTION_GAP as the archive counts."""

SCORED_FIELDS = ("text", "names")
LENGTHS = (*SCORED_FIELDS, "chars")
"""What has a length in each document. `chars`, the characters as they are stored, is no field of Whoosh's."""

FACET_KINDS = ("person", "country", "organization", "place")
FACET_FIELDS = (*FACET_KINDS, "desk", "source", "year")
"""The facets that are fields of their own; topics are queries."""

ABOUT = {kind: f"about_{kind}" for kind in FACET_KINDS}
"""Kind -> the field of those that an article is about, among all that it names."""

NAMED_FIELDS = frozenset(("names", *FACET_KINDS, *ABOUT.values()))
"""The terms of these are names, which mean entities."""


class PrecutField(fields.FieldType):  # type: ignore[misc]
    """Terms that were cut before they came here, with positions; scored, not stored."""

    def __init__(self) -> None:
        self.format = formats.Positions()
        self.analyzer = None
        self.scorable = True
        self.stored = False
        self.unique = False
        self.vector = None
        self.multitoken_query = "default"
        self.spelling = False
        self.column_type = None


def schema() -> fields.Schema:
    """id: to find an article by. text: words. names: `Mention.term`, at the positions of the mentions.

    Then a field for each facet, to filter by; day and at, for ranges.
    """
    return fields.Schema(
        id=fields.ID(unique=True),
        text=PrecutField(),
        names=PrecutField(),
        day=fields.NUMERIC(int, signed=True),
        at=fields.NUMERIC(int, bits=64, signed=True),
        **{name: fields.KEYWORD() for name in (*FACET_FIELDS, *ABOUT.values())},
    )
