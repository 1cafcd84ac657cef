"""Our query tree -> Whoosh's, with some kinds of query that Whoosh does not have."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from whoosh import query as wq

from search.query.model import (
    AllOf,
    AnyOf,
    Between,
    Boosted,
    Chars,
    Everything,
    Forms,
    HasValue,
    InHeadline,
    InLead,
    Named,
    Near,
    Node,
    Nothing,
    OneArticle,
    Prefix,
    SameSection,
    Term,
    Without,
)
from search.query.model import Sequence as TermSequence
from search.whoosh_engine.schema import FACET_FIELDS, SCORED_FIELDS


class NearQuery(wq.Query):  # type: ignore[misc]
    """See `model.Near`. leaves: Whoosh queries of one word, phrase, prefix or name."""

    def __init__(self, leaves: Sequence[wq.Query], distance: int) -> None:
        self.leaves = tuple(leaves)
        self.distance = distance

    def __repr__(self) -> str:
        return f"NearQuery({self.leaves!r}, {self.distance!r})"


class LeadQuery(NearQuery):
    """See `model.InLead`. A lead is one place, as far as scores and marks go."""

    def __init__(self, leaves: Sequence[wq.Query]) -> None:
        super().__init__(leaves, 0)

    def __repr__(self) -> str:
        return f"LeadQuery({self.leaves!r})"


class SameSectionQuery(wq.Query):  # type: ignore[misc]
    """See `model.SameSection`."""

    def __init__(self, child: wq.Query) -> None:
        self.child = child

    def __repr__(self) -> str:
        return f"SameSectionQuery({self.child!r})"


class CharsQuery(wq.Query):  # type: ignore[misc]
    """See `model.Chars`."""

    def __init__(self, text: str, whole: bool, boost: float = 1.0) -> None:
        self.text = text
        self.whole = whole
        self.boost = boost

    def __repr__(self) -> str:
        return f"CharsQuery({self.text!r}, {self.whole!r}, {self.boost!r})"


class FormsQuery(wq.Query):  # type: ignore[misc]
    """See `model.Forms`. leaves: Whoosh queries. key: what its hits are kept by; None to keep none."""

    def __init__(
        self, leaves: Sequence[wq.Query], weights: Sequence[float], boost: float = 1.0, key: Hashable = None
    ) -> None:
        self.leaves = tuple(leaves)
        self.weights = tuple(weights)
        self.boost = boost
        self.key = key

    def __repr__(self) -> str:
        return f"FormsQuery({self.leaves!r}, {self.weights!r}, {self.boost!r})"


class HeadlineQuery(wq.Query):  # type: ignore[misc]
    """See `model.InHeadline`. key: what its hits are kept by; None to keep none."""

    def __init__(self, leaf: wq.Query, boost: float = 1.0, key: Hashable = None) -> None:
        self.leaf = leaf
        self.boost = boost
        self.key = key

    def __repr__(self) -> str:
        return f"HeadlineQuery({self.leaf!r}, {self.boost!r})"


def headlines(forms: FormsQuery) -> FormsQuery:
    """Each of the forms where it stands in a headline."""
    return FormsQuery([HeadlineQuery(leaf) for leaf in forms.leaves], forms.weights)


def is_chars(leaf: wq.Query) -> bool:
    """Whether the leaf is made of characters, wherever or in headlines."""
    return isinstance(leaf.leaf if isinstance(leaf, HeadlineQuery) else leaf, CharsQuery)


def field_of(leaf: wq.Query) -> str:
    """Which field's lengths the leaf is scored with."""
    match leaf:
        case HeadlineQuery():
            return field_of(leaf.leaf)
        case CharsQuery():
            return "chars"
        case wq.Term():
            field: str = leaf.fieldname
            return field
        case _:
            return "text"


def to_whoosh(node: Node, boost: float = 1.0) -> wq.Query:
    """The Whoosh query that matches the same articles. boost: of every word in it."""
    match node:
        case Term(term):
            return wq.Term("text", term, boost=boost)
        case Named(entity_id):
            return wq.Term("names", entity_id, boost=boost)
        case TermSequence(terms, slop):
            return wq.Phrase("text", list(terms), slop=slop + 1, boost=boost)
        case Prefix(prefix):
            return wq.Prefix("text", prefix, boost=boost)
        case Chars(text, whole):
            return CharsQuery(text, whole, boost)
        case Forms((Term() | TermSequence() | Prefix() as leaf,), (1,)):
            return to_whoosh(leaf, boost)
        case Forms(forms, weights):
            return FormsQuery([to_whoosh(leaf) for leaf in forms], weights, boost, node)
        case InHeadline(leaf):
            return HeadlineQuery(to_whoosh(leaf), boost, node)
        case HasValue(facet, value):
            return wq.Term(facet, value) if facet in FACET_FIELDS else wq.NullQuery
        case OneArticle(article_id):
            return wq.Term("id", article_id)
        case Between(column, lowest, highest):
            return wq.NumericRange(column, lowest, highest)
        case Boosted(child, factor):
            return to_whoosh(child, boost * factor)
        case Near(leaves, distance):
            return NearQuery([to_whoosh(leaf, boost) for leaf in leaves], distance)
        case InLead(leaves):
            return LeadQuery([to_whoosh(leaf, boost) for leaf in leaves])
        case SameSection(child):
            return SameSectionQuery(to_whoosh(child, boost))
        case AllOf(children):
            return wq.And([to_whoosh(child, boost) for child in children]) if children else wq.Every()
        case AnyOf(children):
            return wq.Or([to_whoosh(child, boost) for child in children])
        case Without(child):
            return wq.Not(to_whoosh(child))
        case Everything():
            return wq.Every()
        case Nothing():
            return wq.NullQuery


def is_leaf(query: wq.Query) -> bool:
    """Whether a Whoosh query stands at positions of the text, and so is scored as one word."""
    return isinstance(query, (FormsQuery, wq.Phrase, wq.Prefix, CharsQuery, HeadlineQuery)) or (
        isinstance(query, wq.Term) and query.fieldname in SCORED_FIELDS
    )
