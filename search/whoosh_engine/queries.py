"""Our query tree -> Whoosh's."""

from __future__ import annotations

from collections.abc import Iterator

from whoosh import query as wq

from search.query.model import AllOf, AnyOf, Everything, Named, Node, Nothing, Sequence, Term, Without


def to_whoosh(node: Node) -> wq.Query:
    """The Whoosh query that matches the same articles."""
    match node:
        case Everything():
            return wq.Every()
        case Nothing():
            return wq.NullQuery
        case Term(term):
            return wq.Term("text", term)
        case Named(entity_id):
            return wq.Term("names", entity_id)
        case Sequence(terms):
            return wq.Phrase("text", list(terms))
        case AnyOf(children):
            return wq.Or([to_whoosh(child) for child in children])
        case Without(child):
            return wq.AndNot(wq.Every(), to_whoosh(child))
        case AllOf(children):
            wanted = [to_whoosh(c) for c in children if not isinstance(c, Without)]
            unwanted = [to_whoosh(c.child) for c in children if isinstance(c, Without)]
            positive = wq.And(wanted) if wanted else wq.Every()
            return wq.AndNot(positive, wq.Or(unwanted)) if unwanted else positive


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
