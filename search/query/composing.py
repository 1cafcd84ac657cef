"""Trees put together in one form: AND in AND is one AND, a NOT of a NOT is none."""

from __future__ import annotations

from collections.abc import Sequence

from search.query.model import (
    And,
    Chosen,
    Close,
    Exact,
    InTitle,
    Not,
    Or,
    Phrase,
    Published,
    Similar,
    StartsWith,
    Together,
    Tree,
    Word,
)

_MENTIONED = ("person", "country", "organization", "place")


def joined(kind: type[And] | type[Or], children: Sequence[Tree]) -> Tree | None:
    """All of the children, or any: one child is itself, none is None."""
    flat: list[Tree] = []
    for child in children:
        flat += child.children if isinstance(child, kind) else [child]
    if not flat:
        return None
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def negated(tree: Tree) -> Tree:
    """Without what the tree asks for."""
    return tree.child if isinstance(tree, Not) else Not(tree)


def placed(tree: Tree) -> Tree:
    """What the tree asks for, in the title: for -停戦, not in the title. A date or a desk is of the whole article."""
    if isinstance(tree, Published | InTitle) or (isinstance(tree, Chosen) and tree.facet not in _MENTIONED):
        return tree
    return negated(placed(tree.child)) if isinstance(tree, Not) else InTitle(tree)


def together(children: Sequence[Tree]) -> Tree | None:
    """All of the children in one section."""
    if len(children) < 2:
        return children[0] if children else None
    return Together(tuple(part for child in children for part in _parts(child)))


def _parts(tree: Tree) -> tuple[Tree, ...]:
    if isinstance(tree, And | Together):
        return tuple(part for child in tree.children for part in _parts(child))
    return (tree,)


def close(children: Sequence[Tree], distance: int) -> Tree:
    """All of the children within `distance` words. What stands nowhere (a date, a NOT) is asked for beside them."""
    near: list[Tree] = []
    beside: list[Tree] = []
    for child in children:
        if isinstance(child, Close):
            near += child.children
            if child.distance < distance:
                beside.append(child)
            continue
        for part in child.children if isinstance(child, And) else (child,):
            (near if _stands_somewhere(part) else beside).append(part)
    if len(near) > 1:
        beside.insert(0, Close(tuple(near), distance))
    else:
        beside[:0] = near
    tree = joined(And, beside)
    assert tree is not None
    return tree


def _stands_somewhere(tree: Tree) -> bool:
    """Whether the tree is a word, or one of several."""
    match tree:
        case Word() | Phrase() | Exact() | StartsWith() | Similar():
            return True
        case Chosen(facet):
            return facet in _MENTIONED
        case Or(children):
            return all(map(_stands_somewhere, children))
        case _:
            return False
