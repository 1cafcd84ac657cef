"""What every peer is given of an article beside its words: facet values, dates, and weighted postings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from search.engine import FACET_CONFIDENCE, AnalyzedArticle
from search.japanese.analysis import Analysis
from search.results import NO_DATE

FACET_KINDS = ("person", "country", "organization", "place")
FACET_FIELDS = (*FACET_KINDS, "desk", "source", "year")

# As our own engine weights them, so that all sides score about the same.
TITLE_WEIGHT = 3.0
HEADING_WEIGHT = 2.0
TEXT_WEIGHT = 1.0

STOP = "|"
"""A word that no query has."""


class Postings(NamedTuple):
    """What one term has in one document. positions: ascending."""

    weight: float
    positions: list[int]


def facet_values(article: AnalyzedArticle) -> dict[str, list[str]]:
    """Facet -> the article's values, sorted, none twice; every facet of FACET_FIELDS is there."""
    found: dict[str, list[str]] = {
        kind: sorted({
            mention.entity_id for mention in article.mentions
            if mention.kind == kind and mention.confidence >= FACET_CONFIDENCE
        })
        for kind in FACET_KINDS
    }
    for facet, value in (("desk", article.desk), ("source", article.source)):
        found[facet] = [value] if value else []
    found["year"] = [f"{article.published.at.year:04}" if article.published else NO_DATE]
    return found


def facet_pairs(article: AnalyzedArticle) -> Iterator[tuple[str, str]]:
    """(facet, value) for each value of the article."""
    for facet, values in facet_values(article).items():
        for value in values:
            yield facet, value


def day_of(article: AnalyzedArticle) -> int | None:
    """Proleptic ordinal of the day of publication in JST."""
    return article.published.at.toordinal() if article.published else None


def at_of(article: AnalyzedArticle) -> int | None:
    """Seconds since 1970."""
    return int(article.published.at.timestamp()) if article.published else None


def word_postings(analysis: Analysis) -> dict[str, Postings]:
    """Both lengths of units in one space of positions; a long one stands where its first short one does."""
    positions: dict[str, list[int]] = defaultdict(list)
    weights: dict[str, float] = defaultdict(float)
    long_terms = dict(analysis.long_terms)
    for part in analysis.parts:
        weight = part_weight(part.section, part.is_heading)
        shift = part.first_position - part.first_token
        for token in range(part.first_token, part.first_token + part.tokens):
            for term in {analysis.terms[token], long_terms.get(token, "")} - {""}:
                positions[term].append(token + shift)
                weights[term] += weight
    return {term: Postings(weights[term], found) for term, found in positions.items()}


def joined_words(analysis: Analysis) -> str:
    """`首相 が 演説 | …`: every part, then the long units, for engines that take a line of words.

    They cannot put two words at one position; the long units stand last first, where hardly a phrase meets them.
    """
    found: list[str] = []
    for part in analysis.parts:
        found += [term or STOP for term in analysis.terms[part.first_token : part.first_token + part.tokens]]
        found.append(STOP)
    found += [term for token, term in reversed(analysis.long_terms) if term != analysis.terms[token]]
    return " ".join(term.replace(" ", "_") for term in found)


def name_postings(article: AnalyzedArticle) -> dict[str, Postings]:
    """A mention stands at every position that it covers, but counts once."""
    covered: dict[str, set[int]] = defaultdict(set)
    weights: dict[str, float] = defaultdict(float)
    for mention in article.mentions:
        part = article.analysis.parts[mention.part]
        covered[mention.entity_id].update(article.analysis.covering(mention.part, mention.start, mention.end))
        weights[mention.entity_id] += part_weight(part.section, part.is_heading)
    return {
        entity: Postings(weights[entity], sorted(positions)) for entity, positions in covered.items() if positions
    }


def part_weight(section: int, is_heading: bool) -> float:
    """How much a word counts in a part; the title's section is below zero."""
    return TITLE_WEIGHT if section < 0 else HEADING_WEIGHT if is_heading else TEXT_WEIGHT
