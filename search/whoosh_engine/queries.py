"""The words and names of our query tree -> Whoosh's queries."""

from __future__ import annotations

from collections.abc import Iterator

from whoosh import query as wq

from search.query.model import AllOf, AnyOf, Named, Node, Sequence, Term


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
