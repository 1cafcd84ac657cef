"""Our query tree -> Whoosh's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh import query as wq
from whoosh.matching import Matcher, WrappingMatcher
from whoosh.searching import Searcher

from search.query.model import AllOf, AnyOf, Everything, Named, Node, Nothing, Sequence, Term, Without


def to_whoosh(node: Node) -> wq.Query:
    """The Whoosh query that matches the same articles, and scores them by the words that are wanted."""
    # Whoosh's own `normalize` is never called: it takes And([Every, x]) for Every, and And([Null, x]) for x.
    match node:
        case Everything():
            return _Every()
        case Nothing():
            return wq.NullQuery
        case Term(term):
            return wq.Term("text", term)
        case Named(entity_id):
            return wq.Term("names", entity_id)
        case Sequence(terms):
            return wq.Phrase("text", list(terms))
        case AnyOf(children):
            return _any_of([to_whoosh(child) for child in children])
        case Without(child):
            return _without(_Every(), to_whoosh(child))
        case AllOf(children):
            wanted = [to_whoosh(c) for c in children if not isinstance(c, Without)]
            unwanted = [to_whoosh(c.child) for c in children if isinstance(c, Without)]
            return _without(_all_of(wanted), _any_of(unwanted))


class _Every(wq.Every):  # type: ignore[misc]
    """Every article, with no merit in being one. (Whoosh takes a boost of 0 for 1.)"""

    def matcher(self, searcher: Searcher, context: Any = None) -> Matcher:
        return WrappingMatcher(super().matcher(searcher, context), boost=0.0)


def _all_of(queries: list[wq.Query]) -> wq.Query:
    if wq.NullQuery in queries:
        return wq.NullQuery
    wanted = [query for query in queries if not isinstance(query, _Every)]
    return _one_or(wq.And, wanted) if wanted else _Every()


def _any_of(queries: list[wq.Query]) -> wq.Query:
    wanted = [query for query in queries if query is not wq.NullQuery]
    return _one_or(wq.Or, wanted) if wanted else wq.NullQuery


def _without(wanted: wq.Query, unwanted: wq.Query) -> wq.Query:
    if wanted is wq.NullQuery or isinstance(unwanted, _Every):
        return wq.NullQuery
    return wanted if unwanted is wq.NullQuery else wq.AndNot(wanted, unwanted)


def _one_or(kind: type[wq.Query], queries: list[wq.Query]) -> wq.Query:
    return queries[0] if len(queries) == 1 else kind(queries)


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
