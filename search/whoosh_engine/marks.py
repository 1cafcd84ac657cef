"""Where in an article the words of a query stand, and what each adds to its score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from whoosh import query as wq

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
    Term,
)
from search.query.model import Sequence as TermSequence
from search.scoring import TEXT_WEIGHT
from search.whoosh_engine import char_hits
from search.whoosh_engine.executor import Execution
from search.whoosh_engine.forms import counting
from search.whoosh_engine.phrases import occurrences
from search.whoosh_engine.postings import Ints
from search.whoosh_engine.queries import FormsQuery, HeadlineQuery, field_of, headlines, is_chars, to_whoosh
from search.whoosh_engine.schema import GAP

Span = tuple[int, int]
CharSpan = tuple[int, int, int]


class Marks(NamedTuple):
    """Of one document. spans: in positions. char_spans: (index of the part, start, end) in code points."""

    spans: tuple[Span, ...]
    char_spans: tuple[CharSpan, ...]


def marks(execution: Execution, nodes: Sequence[Node], docs: Ints) -> list[Marks]:
    """For each of the documents (ascending) where the nodes' words and characters stand, joined where they touch."""
    spans: list[list[Span]] = [[] for _ in docs]
    char_spans: list[list[CharSpan]] = [[] for _ in docs]
    for marked, holding in (pair for node in nodes for pair in _marked(execution, node, docs)):
        for leaf, own in _leaves(execution, to_whoosh(marked), holding):
            execution.check_time()
            places = np.searchsorted(docs, own).tolist()
            if is_chars(leaf):
                for which, char_span in _char_stretches(execution, leaf, own):
                    char_spans[places[which]].append(char_span)
            else:
                for which, span in _stretches(execution, leaf, own):
                    spans[places[which]].append(span)
    return [
        Marks(_joined(sorted(one)), _joined_in_parts(sorted(other)))
        for one, other in zip(spans, char_spans, strict=True)
    ]


def times(execution: Execution, leaf: Leaf, doc: int) -> int:
    """How often the leaf stands in the document; a name once for each stretch that it covers.

    Of several forms, those that begin at one place count once.
    """
    begins: set[tuple[int, ...]] = set()
    for one, own in _leaves(execution, to_whoosh(leaf), np.array([doc])):
        if is_chars(one):
            begins |= {span[:2] for _, span in _char_stretches(execution, one, own)}
        else:
            spans = [span for _, span in _stretches(execution, one, own)]
            begins |= {span[:1] for span in (_joined(spans) if field_of(one) == "names" else spans)}
    return len(begins)


def _leaves(execution: Execution, leaf: wq.Query, docs: Ints) -> Iterator[tuple[wq.Query, Ints]]:
    """The leaf, or each of its forms, and in which of the documents it counts."""
    if isinstance(leaf, FormsQuery):
        yield from counting(execution, leaf, docs)
    elif isinstance(leaf, HeadlineQuery) and isinstance(leaf.leaf, FormsQuery):
        yield from counting(execution, headlines(leaf.leaf), docs)
    else:
        yield leaf, docs


def contributions(execution: Execution, node: Node, doc: int, boost: float = 1.0) -> Iterator[tuple[Leaf, float]]:
    """Each wanted leaf, and what it adds to the score where the group that it stands in holds."""
    match node:
        case Term() | TermSequence() | Named() | Prefix() | Chars() | Forms() | InHeadline():
            yield node, float(execution.exact(to_whoosh(node, boost), np.array([doc]))[0])
        case AllOf(children) | AnyOf(children):
            for child in children:
                yield from contributions(execution, child, doc, boost)
        case Boosted(child, factor):
            yield from contributions(execution, child, doc, boost * factor)
        case Near(leaves) | InLead(leaves):
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
        case Term() | TermSequence() | Named() | Prefix() | Chars() | Forms() | InHeadline():
            yield node, docs
        case AllOf(children) | AnyOf(children):
            for child in children:
                yield from _marked(execution, child, docs)
        case Boosted(child):
            yield from _marked(execution, child, docs)
        case Near(leaves) | InLead(leaves):
            yield from _marked(execution, AllOf(leaves), _holding(execution, node, docs))
        case SameSection(child):
            yield from _marked(execution, child, _holding(execution, node, docs))
        case _:
            return


def _holding(execution: Execution, node: Node, docs: Ints) -> Ints:
    return np.intersect1d(docs, execution.docs(to_whoosh(node)))


def _stretches(execution: Execution, leaf: wq.Query, docs: Ints) -> Iterator[tuple[int, Span]]:
    """(index in `docs`, positions as the archive counts them) of every occurrence."""
    if not len(docs):
        return
    places = occurrences(execution, leaf, docs)
    holding, first = execution.snapshot.line.positions(places.first, GAP)
    lengths = places.end - places.first
    which = np.searchsorted(docs, holding)
    for number, start, length in zip(which.tolist(), first.tolist(), lengths.tolist(), strict=True):
        yield number, (start, start + length)


def _char_stretches(execution: Execution, leaf: wq.Query, docs: Ints) -> Iterator[tuple[int, CharSpan]]:
    """(index in `docs`, stretch) of every occurrence of characters."""
    if not len(docs):
        return
    chars = leaf.leaf if isinstance(leaf, HeadlineQuery) else leaf
    line = execution.snapshot.char_line
    places = char_hits.places(execution, chars, docs)
    parts = line.parts(places)
    if isinstance(leaf, HeadlineQuery):
        kept = line.weights_of(parts) > TEXT_WEIGHT
        places, parts = places[kept], parts[kept]
    which = np.searchsorted(docs, line.docs_of(parts))
    numbers, offsets = line.offsets(places, parts)
    for at, number, start in zip(which.tolist(), numbers.tolist(), offsets.tolist(), strict=True):
        yield at, (number, start, start + len(chars.text))


def _joined_in_parts(several: Sequence[CharSpan]) -> tuple[CharSpan, ...]:
    """The same for stretches of parts."""
    joined: list[CharSpan] = []
    for part, start, end in several:
        if joined and joined[-1][0] == part and start <= joined[-1][2]:
            joined[-1] = (part, joined[-1][1], max(end, joined[-1][2]))
        else:
            joined.append((part, start, end))
    return tuple(joined)


def _joined(several: Sequence[Span]) -> tuple[Span, ...]:
    """The spans, ascending, as few as cover the same positions."""
    joined: list[Span] = []
    for start, end in several:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
