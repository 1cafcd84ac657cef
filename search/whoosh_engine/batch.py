"""Collects articles for a segment as columns of numbers, so that `inversion` can turn them inside out all at once."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.articles import Mention
from search.engine import AnalyzedArticle
from search.results import NO_DATE
from search.whoosh_engine.facts import NO_TIME
from search.whoosh_engine.postings import AnyInts, Ints
from search.whoosh_engine.schema import FACET_FIELDS, FACET_KINDS, HEADING_WEIGHT, TEXT_WEIGHT, TITLE_WEIGHT

NO_TERM = 0
"""The number of the empty term, which tokens have that only hold a position."""


@dataclass(frozen=True, slots=True)
class Collected:
    """Articles as columns: what another process needs to make a segment of them.

    terms, entities: by number, as they were met. token_*: per token of all articles; starts and ends in code points.
    long_*: long terms, and the tokens they begin at. named: one row a mention: entity, document, part, start, end.
    parts: one row a part: section, weight, first token, tokens, number in its article.
    facts: one row an article: version, at, day, tokens, parts. facets: name -> (documents, values).
    """

    ids: list[str]
    terms: list[str]
    entities: list[str]
    token_terms: AnyInts
    token_starts: AnyInts
    token_ends: AnyInts
    long_terms: AnyInts
    long_tokens: AnyInts
    named: Ints
    parts: Ints
    facts: Ints
    facets: dict[str, tuple[Ints, list[str]]]


class Vocabulary(dict[str, int]):
    """Term -> its number, in the order in which they were met."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number


class Batch:
    """Articles that become one segment, numbered from 0 in the order in which they come."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.tokens = 0
        self._terms = Vocabulary({"": NO_TERM})
        self._entities = Vocabulary()
        self._token_terms = array("I")
        self._starts: list[NDArray[np.uint32]] = []
        self._ends: list[NDArray[np.uint32]] = []
        self._long_terms = array("I")
        self._long_tokens = array("I")
        self._named = tuple(array("q") for _ in range(5))
        self._parts = array("q")
        self._part_count = 0
        self._facts = array("q")
        self._facets: dict[str, tuple[array[int], list[str]]] = {name: (array("q"), []) for name in FACET_FIELDS}

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, article: AnalyzedArticle) -> None:
        """Take the article in; nothing is computed yet but the numbers of its terms."""
        analysis = article.analysis
        number = self._terms.__getitem__
        self._token_terms.extend(map(number, analysis.terms))
        if analysis.long_terms:
            tokens, terms = zip(*analysis.long_terms, strict=True)
            self._long_terms.extend(map(number, terms))
            self._long_tokens.extend([self.tokens + token for token in tokens])
        self._starts.append(analysis.starts)
        self._ends.append(analysis.ends)
        self._add_names(article.mentions)
        self._add_facts(article)
        parts = self._parts
        for place, (section, is_heading, first_token, tokens_of_part, _) in enumerate(analysis.parts):
            weight = TITLE_WEIGHT if section < 0 else HEADING_WEIGHT if is_heading else TEXT_WEIGHT
            parts.extend((section, weight, first_token, tokens_of_part, place))
        self.tokens += len(analysis.terms)
        self._part_count += len(analysis.parts)
        self.ids.append(article.id)

    def _add_names(self, mentions: Iterable[Mention]) -> None:
        doc, parts = len(self.ids), self._part_count
        entities, docs, in_parts, starts, ends = self._named
        number = self._entities.__getitem__
        of_kind: dict[str, set[str]] = {}
        for mention in mentions:
            entity = mention.entity_id
            entities.append(number(entity))
            docs.append(doc)
            in_parts.append(parts + mention.part)
            starts.append(mention.start)
            ends.append(mention.end)
            of_kind.setdefault(mention.kind, set()).add(entity)
        for kind in FACET_KINDS:
            if kind in of_kind:
                self._add_facet(kind, of_kind[kind])

    def _add_facts(self, article: AnalyzedArticle) -> None:
        published = article.published
        self._facts.extend((
            article.version,
            int(published.at.timestamp()) if published else NO_TIME,
            published.at.date().toordinal() if published else 0,
            len(article.analysis.terms),
            len(article.analysis.parts),
        ))
        self._add_facet("year", (f"{published.at.year:04}" if published else NO_DATE,))
        if article.desk:
            self._add_facet("desk", (article.desk,))
        if article.source:
            self._add_facet("source", (article.source,))

    def _add_facet(self, name: str, values: Iterable[str]) -> None:
        docs, found = self._facets[name]
        before = len(found)
        found.extend(values)
        docs.extend([len(self.ids)] * (len(found) - before))

    def collected(self) -> Collected:
        """All of it."""
        return Collected(
            self.ids, list(self._terms), list(self._entities),
            _numbers(self._token_terms, np.uint32), _joined(self._starts), _joined(self._ends),
            _numbers(self._long_terms, np.uint32), _numbers(self._long_tokens, np.uint32),
            np.stack([_numbers(column, np.int64) for column in self._named]).T,
            _numbers(self._parts, np.int64).reshape(-1, 5),
            _numbers(self._facts, np.int64).reshape(-1, 5),
            {name: (_numbers(docs, np.int64), values) for name, (docs, values) in self._facets.items()},
        )


def _numbers(column: array[int], kind: type[np.generic]) -> AnyInts:
    return np.frombuffer(column, kind) if column else np.zeros(0, kind)


def _joined(several: Sequence[NDArray[np.uint32]]) -> NDArray[np.uint32]:
    return np.concatenate(several) if several else np.zeros(0, np.uint32)
