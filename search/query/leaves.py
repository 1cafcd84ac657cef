"""The leaves of a query: what stands somewhere in the text."""

from __future__ import annotations

from collections.abc import Iterator

from search.query.model import (
    AllOf,
    AnyOf,
    Boosted,
    Chars,
    Forms,
    InHeadline,
    InLead,
    Leaf,
    Named,
    Near,
    Node,
    Prefix,
    SameSection,
    Sequence,
    Term,
    Without,
)


def leaves(node: Node) -> Iterator[Leaf]:
    """The words and names that can answer, without those under a NOT."""
    match node:
        case Term() | Sequence() | Named() | Prefix() | Chars() | Forms() | InHeadline():
            yield node
        case AllOf(children) | AnyOf(children) | Near(children) | InLead(children):
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


def written(leaf: Leaf) -> str:
    """As an explanation names it."""
    match leaf:
        case Term(term):
            return term
        case Sequence(terms, slop):
            return " ".join(terms) + (f" ~{slop}" if slop else "")
        case Named(entity_id):
            return entity_id
        case Prefix(prefix):
            return f"{prefix}*"
        case Chars(text, whole):
            return text if whole else f"={text}"
        case Forms(forms):
            return "/".join(map(written, forms))
        case InHeadline(leaf):
            return f"title:{written(leaf)}"
