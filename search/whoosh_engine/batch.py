"""Articles -> a segment: collects them, then turns words, names and facets inside out all at once."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.articles import Mention
from search.engine import AnalyzedArticle
from search.japanese.tokens import PartSpan
from search.results import NO_DATE
from search.whoosh_engine.facts import NO_TIME, DocumentFacts, Parts
from search.whoosh_engine.postings import AnyInts, Ints, Postings, starts_of, sums_of
from search.whoosh_engine.schema import FACET_FIELDS, FACET_KINDS, HEADING_WEIGHT, TEXT_WEIGHT, TITLE_WEIGHT
from search.whoosh_engine.segment import SegmentContent, write_segment

NO_TERM = 0
"""The number of the empty term, which tokens have that only hold a position."""


class _Vocabulary(dict[str, int]):
    """Term -> its number, in the order in which they were met."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number


class _Named(NamedTuple):
    """One mention. doc, part: whose, the part counted over the whole batch. start, end: code points in the part."""

    entity: int
    doc: int
    part: int
    start: int
    end: int


class Batch:
    """Articles that become one segment, numbered from 0 in the order in which they come."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.tokens = 0
        self._terms = _Vocabulary({"": NO_TERM})
        self._entities = _Vocabulary()
        self._token_terms = array("I")
        self._starts: list[NDArray[np.uint32]] = []
        self._ends: list[NDArray[np.uint32]] = []
        self._token_counts: list[int] = []
        self._parts: list[tuple[PartSpan, ...]] = []
        self._long_terms = array("I")
        self._long_tokens = array("I")
        self._named: list[_Named] = []
        self._part_count = 0
        self._facets: dict[str, tuple[list[int], list[str]]] = {name: ([], []) for name in FACET_FIELDS}
        self._facts: list[tuple[int, int, int]] = []

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, article: AnalyzedArticle) -> None:
        """Take the article in; nothing is computed yet but the numbers of its terms."""
        analysis = article.analysis
        number = self._terms.__getitem__
        self._token_terms.extend(map(number, analysis.terms))
        for token, term in analysis.long_terms:
            self._long_terms.append(number(term))
            self._long_tokens.append(self.tokens + token)
        self._starts.append(analysis.starts)
        self._ends.append(analysis.ends)
        self._token_counts.append(len(analysis.terms))
        self._parts.append(analysis.parts)
        self._add_names(article.mentions)
        self._add_facts(article)
        self.tokens += len(analysis.terms)
        self._part_count += len(analysis.parts)
        self.ids.append(article.id)

    def _add_names(self, mentions: Iterable[Mention]) -> None:
        doc = len(self.ids)
        of_kind: dict[str, set[str]] = {kind: set() for kind in FACET_KINDS}
        for mention in mentions:
            entity = mention.entity_id
            self._named.append(
                _Named(self._entities[entity], doc, self._part_count + mention.part, mention.start, mention.end)
            )
            if mention.kind in of_kind:
                of_kind[mention.kind].add(entity)
        for kind, entities in of_kind.items():
            self._add_facet(kind, entities)

    def _add_facts(self, article: AnalyzedArticle) -> None:
        published = article.published
        self._facts.append(
            (
                article.version,
                int(published.at.timestamp()) if published else NO_TIME,
                published.at.date().toordinal() if published else 0,
            )
        )
        self._add_facet("year", (f"{published.at.year:04}" if published else NO_DATE,))
        self._add_facet("desk", (article.desk,) if article.desk else ())
        self._add_facet("source", (article.source,) if article.source else ())

    def _add_facet(self, name: str, values: Iterable[str]) -> None:
        docs, found = self._facets[name]
        for value in values:
            docs.append(len(self.ids))
            found.append(value)

    # ---- turning it inside out ----

    def write(self, path: Path) -> int:
        """Write the segment's file. Returns the CRC-32 of its footer."""
        parts = self._all_parts()
        counts = np.array(self._token_counts, np.int64)
        doc_of_token = np.repeat(np.arange(len(self)), counts)
        part_of_token = np.repeat(np.arange(self._part_count), parts.tokens)
        place_of_token = np.arange(self.tokens) - np.repeat(starts_of(counts)[:-1], counts)
        place_of_token += parts.number.take(part_of_token)
        text = self._words(doc_of_token, place_of_token, parts.weight.take(part_of_token))
        names, mentions = self._names(part_of_token, doc_of_token, place_of_token, parts.weight)
        facets = {name: _facet(docs, values) for name, (docs, values) in self._facets.items()}
        facts = np.array(self._facts, np.int64).reshape(-1, 3)
        return write_segment(
            path,
            SegmentContent(
                DocumentFacts(
                    version=facts[:, 0], at=facts[:, 1], day=facts[:, 2],
                    places=counts + [len(spans) for spans in self._parts],
                    lengths={"text": _lengths(text, len(self)), "names": mentions},
                    parts=Parts(
                        ends=np.cumsum([len(spans) for spans in self._parts], dtype=np.int64),
                        places=parts.first_token + parts.number,
                        sections=parts.section,
                        weights=parts.weight,
                    ),
                ),
                {"id": [_ids(self.ids)], "text": [text], "names": [names]} | {n: [f] for n, f in facets.items()},
            ),
        )

    def _all_parts(self) -> _PartColumns:
        rows = [
            (span.section, span.is_heading, span.first_token, span.tokens, number)
            for spans in self._parts
            for number, span in enumerate(spans)
        ]
        section, is_heading, first_token, tokens, number = np.array(rows, np.int64).reshape(-1, 5).T
        weight = np.where(section < 0, TITLE_WEIGHT, np.where(is_heading, HEADING_WEIGHT, TEXT_WEIGHT))
        return _PartColumns(section, first_token, tokens, number, weight)

    def _words(self, doc_of_token: Ints, place_of_token: Ints, weight_of_token: Ints) -> Postings:
        """Short terms at each token, and the long ones that begin there and are not the same."""
        short = np.frombuffer(self._token_terms, np.uint32) if self._token_terms else np.zeros(0, np.uint32)
        long = np.frombuffer(self._long_terms, np.uint32) if self._long_terms else np.zeros(0, np.uint32)
        at = np.frombuffer(self._long_tokens, np.uint32).astype(np.int64) if len(long) else np.zeros(0, np.int64)
        tokens = np.flatnonzero(short != NO_TERM)
        differs = long != short.take(at)
        terms, rank = _sorted_terms(self._terms)
        keys = np.concatenate((
            rank.take(short.take(tokens)) << 32 | tokens,
            rank.take(long[differs]) << 32 | at[differs],
        ))
        keys.sort()
        token = keys & 0xFFFFFFFF
        return _grouped(
            terms, keys >> 32, doc_of_token.take(token), place_of_token.take(token), weight_of_token.take(token)
        )

    def _names(
        self, part_of_token: Ints, doc_of_token: Ints, place_of_token: Ints, weight_of_part: Ints
    ) -> tuple[Postings, Ints]:
        """Entities at every position that their mentions cover; and how many mentions each document has.

        A mention weighs once, however many positions it covers.
        """
        named = np.array(self._named, np.int64).reshape(-1, 5)
        first, last = self._covered(part_of_token, named)
        named, first, last = named[last > first], first[last > first], last[last > first]
        entity, doc, part = named[:, 0], named[:, 1], named[:, 2]
        terms, rank = _sorted_terms(self._entities)
        covers = last - first
        token = np.repeat(first - (np.cumsum(covers) - covers), covers) + np.arange(int(covers.sum()))
        keys = np.unique(np.repeat(rank.take(entity), covers) << 32 | token)
        token = keys & 0xFFFFFFFF
        postings = _grouped(
            terms, keys >> 32, doc_of_token.take(token), place_of_token.take(token), np.ones(len(token), np.int64)
        )
        # In the same order as the postings: by entity, then by document.
        posting, which = np.unique(rank.take(entity) << 32 | doc, return_inverse=True)
        weights = np.bincount(which, weight_of_part.take(part), len(posting)).astype(np.int64)
        return (
            Postings(postings.terms, postings.df, postings.docs, postings.counts, weights, postings.positions),
            np.bincount(doc, minlength=len(self)),
        )

    def _covered(self, part_of_token: Ints, named: Ints) -> tuple[Ints, Ints]:
        """The tokens that each mention overlaps: first, end excluded."""
        part = part_of_token << 32
        starts = part | np.concatenate(self._starts or [np.zeros(0, np.uint32)]).astype(np.int64)
        ends = part | np.concatenate(self._ends or [np.zeros(0, np.uint32)]).astype(np.int64)
        wanted = named[:, 2] << 32
        first = np.searchsorted(ends, wanted | named[:, 3], side="right")
        last = np.searchsorted(starts, wanted | named[:, 4], side="left")
        return first.astype(np.int64), last.astype(np.int64)


class _PartColumns(NamedTuple):
    """The parts of all articles. number: of the part in its article. weight: of a word in it."""

    section: Ints
    first_token: Ints
    tokens: Ints
    number: Ints
    weight: Ints


def _sorted_terms(vocabulary: dict[str, int]) -> tuple[list[bytes], Ints]:
    """The terms in order of their bytes, and the place of each in that order, by its number."""
    terms = [term.encode() for term in vocabulary]
    order = sorted(range(len(terms)), key=terms.__getitem__)
    rank = np.empty(len(terms), np.int64)
    rank[order] = np.arange(len(terms))
    return [terms[number] for number in order], rank


def _grouped(terms: list[bytes], rank: Ints, doc: Ints, place: Ints, weight: Ints) -> Postings:
    """Occurrences, sorted by term and place, as postings. rank: which of `terms`; those without any are dropped."""
    if not len(rank):
        return _no_postings()
    begins = np.flatnonzero(np.r_[True, (rank[1:] != rank[:-1]) | (doc[1:] != doc[:-1])])
    sizes = np.diff(begins, append=len(rank))
    present, df = np.unique(rank[begins], return_counts=True)
    return Postings(
        [terms[number] for number in present.tolist()], df.astype(np.int64), doc[begins], sizes,
        sums_of(weight, sizes), place,
    )


def _no_postings() -> Postings:
    nothing = np.zeros(0, np.int64)
    return Postings([], nothing, nothing, nothing, nothing, nothing)


def _lengths(postings: Postings, size: int) -> Ints:
    lengths = np.zeros(size, np.int64)
    np.add.at(lengths, postings.docs, postings.counts)
    return lengths


def _ids(ids: list[str]) -> Postings:
    return _facet(list(range(len(ids))), ids)


def _facet(docs: list[int], values: list[str]) -> Postings:
    """Value -> documents, without positions."""
    if not docs:
        return _no_postings()
    vocabulary = _Vocabulary()
    numbers = np.array([vocabulary[value] for value in values], np.int64)
    terms, rank = _sorted_terms(vocabulary)
    keys = rank.take(numbers) << 32 | np.array(docs, np.int64)
    keys.sort()
    nothing: AnyInts = np.zeros(0, np.int64)
    df = np.bincount(keys >> 32, minlength=len(terms))
    return Postings(terms, df, keys & 0xFFFFFFFF, nothing, nothing, nothing)
