"""Where in an article the words of a query stand, and what each adds to its score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from search.query.model import AllOf, AnyOf, Boosted, Leaf, Named, Near, Node, Prefix, SameSection, Term
from search.query.model import Sequence as TermSequence
from search.whoosh_engine.executor import Execution
from search.whoosh_engine.phrases import occurrences
from search.whoosh_engine.postings import Ints
from search.whoosh_engine.queries import to_whoosh
from search.whoosh_engine.schema import GAP

Span = tuple[int, int]


def spans(execution: Execution, nodes: Sequence[Node], docs: Ints) -> list[tuple[Span, ...]]:
    """For each of the documents (ascending) the positions where the nodes' words stand, joined where they touch."""
    found: list[list[Span]] = [[] for _ in docs]
    for leaf, holding in (pair for node in nodes for pair in _marked(execution, node, docs)):
        execution.check_time()
        places = np.searchsorted(docs, holding).tolist()
        for which, span in _stretches(execution, leaf, holding):
            found[places[which]].append(span)
    return [_joined(sorted(several)) for several in found]


def times(execution: Execution, leaf: Leaf, doc: int) -> int:
    """How often the leaf stands in the document; a name once for each stretch that it covers."""
    stretches = [span for _, span in _stretches(execution, leaf, np.array([doc]))]
    return len(_joined(stretches)) if isinstance(leaf, Named) else len(stretches)


def contributions(execution: Execution, node: Node, doc: int, boost: float = 1.0) -> Iterator[tuple[Leaf, float]]:
    """Each wanted leaf, and what it adds to the score where the group that it stands in holds."""
    match node:
        case Term() | TermSequence() | Named() | Prefix():
            yield node, float(execution.exact(to_whoosh(node, boost), np.array([doc]))[0])
        case AllOf(children) | AnyOf(children):
            for child in children:
                yield from contributions(execution, child, doc, boost)
        case Boosted(child, factor):
            yield from contributions(execution, child, doc, boost * factor)
        case Near(leaves):
            yield from _if_holding(execution, node, AllOf(leaves), doc, boost)
        case SameSection(child):
            yield from _if_holding(execution, node, child, doc, boost)
        case _:
            return


def _if_holding(
    execution: Execution, node: Node, child: Node, doc: int, boost: float
) -> Iterator[tuple[Leaf, float]]:
    holds = doc in execution.docs(to_whoosh(node))
    for leaf, score in contributions(execution, child, doc, boost):
        yield leaf, score if holds else 0.0


def _marked(execution: Execution, node: Node, docs: Ints) -> Iterator[tuple[Leaf, Ints]]:
    """The wanted leaves, and in which of the documents to mark them: all but those where their group does not hold."""
    match node:
        case Term() | TermSequence() | Named() | Prefix():
            yield node, docs
        case AllOf(children) | AnyOf(children):
            for child in children:
                yield from _marked(execution, child, docs)
        case Boosted(child):
            yield from _marked(execution, child, docs)
        case Near(leaves):
            yield from _marked(execution, AllOf(leaves), _holding(execution, node, docs))
        case SameSection(child):
            yield from _marked(execution, child, _holding(execution, node, docs))
        case _:
            return


def _holding(execution: Execution, node: Node, docs: Ints) -> Ints:
    return np.intersect1d(docs, execution.docs(to_whoosh(node)))


def _stretches(execution: Execution, leaf: Leaf, docs: Ints) -> Iterator[tuple[int, Span]]:
    """(index in `docs`, positions as the archive counts them) of every occurrence."""
    if not len(docs):
        return
    places = occurrences(execution, to_whoosh(leaf), docs)
    holding, first = execution.snapshot.line.positions(places.first, GAP)
    lengths = places.end - places.first
    which = np.searchsorted(docs, holding)
    for number, start, length in zip(which.tolist(), first.tolist(), lengths.tolist(), strict=True):
        yield number, (start, start + length)


def _joined(several: Sequence[Span]) -> tuple[Span, ...]:
    """The spans, ascending, as few as cover the same positions."""
    joined: list[Span] = []
    for start, end in several:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
