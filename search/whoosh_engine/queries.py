"""Our query tree -> Whoosh's, with two kinds of query that Whoosh does not have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whoosh import query as wq

from search.query.model import (
    AllOf,
    AnyOf,
    Between,
    Boosted,
    Everything,
    Leaf,
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
from search.whoosh_engine.schema import SCORED_FIELDS


class NearQuery(wq.Query):  # type: ignore[misc]
    """See `model.Near`. leaves: Whoosh queries of one word, phrase, prefix or name."""

    def __init__(self, leaves: Sequence[wq.Query], distance: int) -> None:
        self.leaves = tuple(leaves)
        self.distance = distance

    def __repr__(self) -> str:
        return f"NearQuery({self.leaves!r}, {self.distance!r})"


class SameSectionQuery(wq.Query):  # type: ignore[misc]
    """See `model.SameSection`."""

    def __init__(self, child: wq.Query) -> None:
        self.child = child

    def __repr__(self) -> str:
        return f"SameSectionQuery({self.child!r})"


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
        case OneArticle(article_id):
            return wq.Term("id", article_id)
        case Between(column, lowest, highest):
            return wq.NumericRange(column, lowest, highest)
        case Boosted(child, factor):
            return to_whoosh(child, boost * factor)
        case Near(leaves, distance):
            return NearQuery([to_whoosh(leaf, boost) for leaf in leaves], distance)
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


def leaves(node: Node) -> Iterator[Leaf]:
    """The words and names that can answer, without those under a NOT."""
    match node:
        case Term() | TermSequence() | Named() | Prefix():
            yield node
        case AllOf(children) | AnyOf(children) | Near(children):
            for child in children:
                yield from leaves(child)
        case SameSection(child) | Boosted(child):
            yield from leaves(child)
        case _:
            return


def unwanted_leaves(node: Node) -> Iterator[Leaf]:
    """The words and names right under a NOT: where one stands, the article does not match."""
    match node:
        case Without(child):
            yield from leaves(child)
        case AllOf(children) | AnyOf(children):
            for child in children:
                yield from unwanted_leaves(child)
        case SameSection(child) | Boosted(child):
            yield from unwanted_leaves(child)
        case _:
            return


def is_leaf(query: wq.Query) -> bool:
    """Whether a Whoosh query stands at positions of the text, and so is scored as one word."""
    return isinstance(query, (wq.Phrase, wq.Prefix)) or (
        isinstance(query, wq.Term) and query.fieldname in SCORED_FIELDS
    )


def written(leaf: Leaf) -> str:
    """As an explanation names it."""
    match leaf:
        case Term(term):
            return term
        case TermSequence(terms, slop):
            return " ".join(terms) + (f" ~{slop}" if slop else "")
        case Named(entity_id):
            return entity_id
        case Prefix(prefix):
            return f"{prefix}*"


