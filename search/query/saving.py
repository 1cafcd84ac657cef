"""A whole search -> one query in the syntax of the search box, as topics keep it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from search.articles import Topic
from search.query import syntax
from search.query.composing import joined, negated
from search.query.model import And, Chosen, Exact, Or, Published, Request, Tree
from search.query.written import written

Unsaid: TypeAlias = Literal["about", "off", "as_typed", "too long"]
"""What no query can say: that names are what articles are about, that words stand for themselves alone, and more words
than a query may have."""

Naming: TypeAlias = Callable[[str, str], str]
"""(facet, value) -> what people call the value, if that means no other one."""


@dataclass(frozen=True, slots=True)
class Saved:
    """text: of the query, "" for a search without any condition. unsaid: what of the search it leaves out."""

    text: str
    unsaid: tuple[Unsaid, ...] = ()


def as_query(request: Request, topics: Sequence[Topic], naming: Naming) -> Saved:
    """The query that finds what `request` finds. Order, page and language are no part of a query.

    topics: of the archive; those that are chosen are written out, since a topic cannot ask for another.
    """
    typed = syntax.read(request.text).tree
    signs = request.text.strip()
    if typed is None and signs:
        typed = Exact(signs)
    conditions = list(_conditions(request, {name: t for t in topics for name in (t.name, t.id)}, naming))
    tree = joined(And, [*([typed] if typed else []), *conditions])
    unsaid: list[Unsaid] = []
    if request.about and (request.filters or request.excluded):
        unsaid.append("about")
    if request.as_typed:
        unsaid.append("as_typed")
    elif request.off:
        unsaid.append("off")
    if tree is None:
        return Saved("", tuple(unsaid))
    text = written(tree)
    if typed:
        # As it was typed, where that means the same: 過去7日 is to stay the last seven days. All else binds closer
        # than the spaces between.
        as_typed = " ".join((signs, *map(written, conditions)))
        text = as_typed if syntax.read(as_typed).tree == tree else text
    if syntax.read(text).tree != tree:
        unsaid.append("too long")
    return Saved(text, tuple(unsaid))


def _conditions(request: Request, topics: Mapping[str, Topic], naming: Naming) -> Iterator[Tree]:
    for facet, values in request.filters.items():
        either = joined(Or, [_one(facet, value, topics, naming) for value in values])
        if either is not None:
            yield either
    for facet, values in request.excluded.items():
        for value in values:
            yield negated(_one(facet, value, topics, naming))
    if request.since or request.until:
        yield Published(request.since, request.until)


def _one(facet: str, value: str, topics: Mapping[str, Topic], naming: Naming) -> Tree:
    if facet == "topic" and value in topics:
        tree = syntax.read(topics[value].query).tree
        if tree is not None:
            return tree
    return Chosen(facet, naming(facet, value))
