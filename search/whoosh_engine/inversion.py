"""Turns collected articles inside out: words, names and facets -> postings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from search.whoosh_engine.batch import NO_TERM, Collected, Vocabulary
from search.whoosh_engine.facts import DocumentFacts, Parts
from search.whoosh_engine.postings import NOTHING, AnyInts, Ints, Postings, starts_of
from search.whoosh_engine.segment import SegmentContent

# What is known of a token, in one number: document << 40 | position << 8 | weight.
_DOC, _POSITION = 40, 8
_LOW = (1 << 32) - 1


def invert(collected: Collected) -> SegmentContent:
    """A segment of these articles."""
    inverter = _Inverter(collected)
    names, mentions = inverter.names()
    text = inverter.words()
    facts = collected.facts
    documents = len(facts)
    lengths = np.bincount(text.docs, text.counts, documents).astype(np.int64)
    return SegmentContent(
        DocumentFacts(
            version=facts[:, 0], at=facts[:, 1], day=facts[:, 2], places=facts[:, 3] + facts[:, 4],
            lengths={"text": lengths, "names": mentions},
            parts=inverter.parts,
        ),
        {
            "id": [_values(np.arange(documents), collected.ids)], "text": [text], "names": [names],
            **{name: [_values(docs, values)] for name, (docs, values) in collected.facets.items()},
        },
    )


class _Inverter:
    def __init__(self, collected: Collected) -> None:
        self._of = collected
        section, weight, first_token, tokens, number = collected.parts.T
        self.parts = Parts(
            ends=np.cumsum(collected.facts[:, 4]), places=first_token + number, sections=section, weights=weight
        )
        token_counts, part_counts = collected.facts[:, 3], collected.facts[:, 4]
        # A token's position is its place in the article plus the number of its part.
        doc_of_part = np.repeat(np.arange(len(token_counts)), part_counts)
        shift = number - starts_of(token_counts)[:-1].take(doc_of_part)
        of_part = (doc_of_part << _DOC) + (shift << _POSITION) + weight
        self._part_of_token = np.repeat(np.arange(len(tokens)), tokens)
        self._of_token = np.repeat(of_part, tokens)
        self._of_token += np.arange(len(self._of_token)) << _POSITION

    def words(self) -> Postings:
        """Short terms at each token, and the long ones that begin there and are not the same."""
        short, long = self._of.token_terms, self._of.long_terms
        at = self._of.long_tokens.astype(np.int64)
        differs = np.flatnonzero(long != short.take(at))
        terms, rank = _sorted_terms(self._of.terms)
        keys = rank.take(short) << 32
        keys |= np.arange(len(short))
        keys = np.concatenate((keys, rank.take(long[differs]) << 32 | at[differs]))
        keys.sort()
        # The empty term comes first.
        keys = keys[int(np.count_nonzero(short == NO_TERM)) :]
        of_token = self._of_token.take(keys & _LOW)
        keys >>= 32
        begins = _begins(keys, of_token >> _DOC)
        weights = np.add.reduceat(of_token & 0xFF, begins) if len(begins) else NOTHING
        return _grouped(terms, keys, of_token >> _DOC, of_token >> _POSITION & _LOW, begins, weights)

    def names(self) -> tuple[Postings, Ints]:
        """Entities at every position that their mentions cover; and how many mentions each document has.

        A mention weighs once, however many positions it covers. A position is doubled, plus 1 where a mention begins.
        """
        named = self._of.named
        first, last = self._covered(named)
        covering = np.flatnonzero(last > first)
        entity, doc, part = named[covering, 0], named[covering, 1], named[covering, 2]
        terms, rank = _sorted_terms(self._of.entities)
        covers = last[covering] - first[covering]
        token = np.repeat(first[covering] - (np.cumsum(covers) - covers), covers) + np.arange(int(covers.sum()))
        keys = np.repeat(rank.take(entity) if len(entity) else NOTHING, covers) << 32 | token
        keys.sort()
        keys = keys[np.append(True, keys[1:] != keys[:-1])] if len(keys) else keys
        starting = np.unique(rank.take(entity) << 32 | first[covering]) if len(entity) else NOTHING
        is_first = np.zeros(len(keys), np.bool_)
        is_first[np.searchsorted(keys, starting)] = True
        of_token = self._of_token.take(keys & _LOW)
        keys >>= 32
        begins = _begins(keys, of_token >> _DOC)
        mentions = np.bincount(doc, minlength=len(self._of.facts))
        if not len(begins):
            return Postings([], NOTHING, NOTHING), mentions
        # Mentions in the same order as the postings: by entity, then by document.
        pair = rank.take(entity) << 32 | doc
        order = np.argsort(pair, kind="stable")
        pair = pair.take(order)
        first_of_pair = np.flatnonzero(np.append(True, pair[1:] != pair[:-1]))
        weights = np.add.reduceat(self.parts.weights.take(part.take(order)), first_of_pair, dtype=np.int64)
        position = (of_token >> _POSITION & _LOW) << 1 | is_first
        return _grouped(terms, keys, of_token >> _DOC, position, begins, weights), mentions

    def _covered(self, named: Ints) -> tuple[Ints, Ints]:
        """The tokens that each mention overlaps: first, end excluded."""
        part = self._part_of_token << 32
        wanted = named[:, 2] << 32
        first = np.searchsorted(part | self._of.token_ends, wanted | named[:, 3], side="right")
        last = np.searchsorted(part | self._of.token_starts, wanted | named[:, 4], side="left")
        return first.astype(np.int64), last.astype(np.int64)


def _grouped(terms: list[bytes], rank: Ints, doc: Ints, position: Ints, begins: Ints, weights: Ints) -> Postings:
    """Occurrences, sorted by term and position, as postings. begins: where each posting does."""
    if not len(rank):
        return Postings([], NOTHING, NOTHING)
    df = np.bincount(rank.take(begins), minlength=len(terms))
    present = np.flatnonzero(df)
    steps = position.copy()
    steps[1:] -= position[:-1]
    steps[begins] = position[begins]
    return Postings(
        [terms[number] for number in present.tolist()], df[present], doc.take(begins),
        np.diff(begins, append=len(rank)), weights, steps,
    )


def _begins(rank: Ints, doc: Ints) -> Ints:
    """Where another term or another document begins."""
    if not len(rank):
        return NOTHING
    begins = np.ones(len(rank), np.bool_)
    np.not_equal(rank[1:], rank[:-1], out=begins[1:])
    begins[1:] |= doc[1:] != doc[:-1]
    return np.flatnonzero(begins)


def _sorted_terms(met: Sequence[str]) -> tuple[list[bytes], Ints]:
    """The terms in order of their bytes, and the place of each in that order, by its number."""
    terms = [term.encode() for term in met]
    order = sorted(range(len(terms)), key=terms.__getitem__)
    rank = np.empty(len(terms), np.int64)
    rank[order] = np.arange(len(terms))
    return [terms[number] for number in order], rank


def _values(docs: AnyInts, values: Sequence[str]) -> Postings:
    """Value -> documents, without positions."""
    if not len(docs):
        return Postings([], NOTHING, NOTHING)
    vocabulary = Vocabulary()
    numbers = np.fromiter(map(vocabulary.__getitem__, values), np.int64, len(values))
    terms, rank = _sorted_terms(list(vocabulary))
    keys = rank.take(numbers) << 32 | docs
    keys.sort()
    return Postings(terms, np.bincount(keys >> 32, minlength=len(terms)), keys & _LOW)


