"""Engine nodes put together: near each other, in the lead, in a headline, as one leaf."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from search.query.model import (
    AllOf,
    AnyOf,
    Chars,
    Forms,
    HasValue,
    InHeadline,
    InLead,
    Leaf,
    Named,
    Near,
    Node,
    Prefix,
    SameSection,
    Simple,
    Term,
    Without,
)
from search.query.model import Sequence as TermSequence


def near(nodes: Sequence[Node], distance: int) -> Node:
    """All of the nodes, two or more, near each other."""
    leaves = [leaf for leaf in map(as_leaf, nodes) if leaf is not None]
    # What stands nowhere cannot be near anything.
    return _and_several(Near(tuple(leaves), distance), nodes) if len(leaves) == len(nodes) else AllOf(tuple(nodes))


def placed(node: Node) -> Node:
    """The node where its place counts: of a chosen name its mentions, sure enough for a facet or not."""
    match node:
        case AllOf((HasValue(), Named() as name)):
            return name
        case AllOf(children):
            return AllOf(tuple(map(placed, children)))
        case AnyOf(children):
            return AnyOf(tuple(map(placed, children)))
        case Without(child):
            return Without(placed(child))
        case _:
            return node


def in_lead(nodes: Sequence[Node]) -> Node:
    """All of the nodes in the lead, as far as they stand anywhere."""
    leaves = [leaf for leaf in map(as_leaf, nodes) if leaf is not None]
    return _and_several(InLead(tuple(leaves)), nodes)


def _and_several(placed: Near | InLead, nodes: Sequence[Node]) -> Node:
    """Those of the nodes beside it that are of several words: of 米中の閣僚 the last one alone is in `placed`."""
    several = [node for node in nodes if as_leaf(node) is None or isinstance(node, AllOf | AnyOf)]
    return AllOf((placed, *several)) if several else placed


def as_leaf(node: Node) -> Leaf | None:
    """The node as something that stands at one place; None if it does not."""
    match node:
        case Term() | TermSequence() | Named() | Prefix() | Chars() | Forms() | InHeadline():
            return node
        case AnyOf(children):
            leaves = [leaf for leaf in map(as_leaf, children) if leaf is not None]
            weights = dict(pair for leaf in leaves for pair in weighted(leaf))
            return Forms(tuple(weights), tuple(weights.values())) if len(leaves) == len(children) else None
        case AllOf(children) if all(isinstance(child, Forms | Term | TermSequence) for child in children):
            # 米中の閣僚: its last word is what others are near to.
            return as_leaf(children[-1])
        case _:
            return None


def simple(leaf: Leaf) -> tuple[Simple, ...]:
    return tuple(simple for simple, _ in weighted(leaf))


def weighted(leaf: Leaf) -> Iterator[tuple[Simple, float]]:
    match leaf:
        case Forms(leaves, weights):
            yield from zip(leaves, weights, strict=True)
        case InHeadline(inner):
            yield from weighted(inner)
        case _:
            yield leaf, 1.0


def in_headline(node: Node) -> Node:
    match node:
        case Term() | TermSequence() | Named() | Prefix() | Chars() | Forms():
            return InHeadline(node)
        case AllOf(children):
            return AllOf(tuple(map(in_headline, children)))
        case AnyOf(children):
            return AnyOf(tuple(map(in_headline, children)))
        case Without(child):
            return Without(in_headline(child))
        case Near(leaves):
            return AllOf((node, *(InHeadline(leaf) for leaf in leaves if not isinstance(leaf, InHeadline))))
        case SameSection(child):
            return SameSection(in_headline(child))
        case _:
            return node


def terms_of(leaf: Simple | None) -> tuple[str, ...]:
    match leaf:
        case Term(term):
            return (term,)
        case TermSequence(terms):
            return terms
        case _:
            return ()


def replaced(terms: tuple[str, ...], one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """The terms with the first stretch that is `one` written as `other`."""
    for at in range(len(terms) - len(one) + 1):
        if terms[at : at + len(one)] == one:
            return terms[:at] + other + terms[at + len(one) :]
    return terms


def joined(kind: type[AllOf] | type[AnyOf], nodes: Sequence[Node]) -> Node | None:
    if len(nodes) <= 1:
        return nodes[0] if nodes else None
    return kind(tuple(nodes))
