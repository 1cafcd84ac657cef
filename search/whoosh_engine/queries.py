"""The words and names of our query tree -> Whoosh's queries."""

from __future__ import annotations

from collections.abc import Iterator

from whoosh import query as wq

from search.query.model import AllOf, AnyOf, Named, Node, Sequence, Term, Without


def to_whoosh(leaf: Term | Sequence | Named) -> wq.Query:
    """The Whoosh query that matches the same articles."""
    match leaf:
        case Term(term):
            return wq.Term("text", term)
        case Named(entity_id):
            return wq.Term("names", entity_id)
        case Sequence(terms):
            return wq.Phrase("text", list(terms))


def leaves(node: Node) -> Iterator[Term | Sequence | Named]:
    """The words and names that can answer, without those under a NOT."""
    match node:
        case Term() | Sequence() | Named():
            yield node
        case AllOf(children) | AnyOf(children):
            for child in children:
                yield from leaves(child)
        case _:
            return


def unwanted_leaves(node: Node) -> Iterator[Term | Sequence | Named]:
    """The words and names right under a NOT: where one stands, the article does not match."""
    match node:
        case Without(child):
            yield from leaves(child)
        case AllOf(children) | AnyOf(children):
            for child in children:
                yield from unwanted_leaves(child)
        case _:
            return
