"""Seeded queries over the terms that an archive really has, each in the forms that both sides and a page take."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence as Many
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from search.engine import AnalyzedArticle
from search.query.model import AllOf, AnyOf, Node, Query, Sequence, Sort, Term
from search.results import FACETS

CLASSES = ("rare term", "common term", "AND", "OR", "phrase", "AND, dates", "newest first")

TOP = 10
COMMON_SHARE = 0.05
"""A term in at least this share of the articles is common."""

RARE_SHARE = 0.001
MIN_WORD_CHARS = 2
"""Particles and punctuation are no words that anybody looks for."""


@dataclass(frozen=True, slots=True)
class Question:
    """kind: one of CLASSES. root, since, until, sort: for an engine. text: about the same, as one would type it."""

    kind: str
    root: Node
    text: str
    since: date | None = None
    until: date | None = None
    sort: Sort = "relevance"

    def query(self, *, facets: bool) -> Query:
        """The best ten, with the total."""
        return Query(
            self.root, since=self.since, until=self.until, sort=self.sort, limit=TOP, facets=FACETS if facets else ()
        )


class Vocabulary:
    """What questions are made of: document frequencies, words and neighbours of each article."""

    def __init__(self, articles: Many[AnalyzedArticle]) -> None:
        self.words: list[list[str]] = []
        self.phrases: list[tuple[str, str]] = []
        frequency: Counter[str] = Counter()
        for article in articles:
            terms = article.analysis.terms
            frequency.update(set(terms))
            self.words.append(sorted({term for term in terms if len(term) >= MIN_WORD_CHARS}))
            for span in article.analysis.parts:
                part = terms[span.first_token : span.first_token + span.tokens]
                self.phrases += [(a, b) for a, b in pairwise(part) if min(len(a), len(b)) >= MIN_WORD_CHARS]
        by_frequency: dict[bool, list[str]] = defaultdict(list)
        words = sorted(term for term in frequency if len(term) >= MIN_WORD_CHARS)
        for term in words:
            share = frequency[term] / len(articles)
            if share >= COMMON_SHARE:
                by_frequency[True].append(term)
            elif frequency[term] <= max(1, RARE_SHARE * len(articles)):
                by_frequency[False].append(term)
        self.common = by_frequency[True] or words
        self.rare = by_frequency[False] or words
        self.days = sorted(article.published.at.date() for article in articles if article.published)


def make(articles: Many[AnalyzedArticle], count: int, seed: int) -> list[Question]:
    """`count` questions of each class, the same for the same articles and seed."""
    known = Vocabulary(articles)
    chance = random.Random(seed)
    return [_question(kind, known, chance) for _ in range(count) for kind in CLASSES]


def _question(kind: str, known: Vocabulary, chance: random.Random) -> Question:
    if kind in ("rare term", "common term", "newest first"):
        term = chance.choice(known.rare if kind == "rare term" else known.common)
        return Question(kind, Term(term), term, sort="newest" if kind == "newest first" else "relevance")
    if kind == "phrase":
        phrase = chance.choice(known.phrases)
        return Question(kind, Sequence(phrase), f'"{"".join(phrase)}"')
    # Words of one article, so that an AND finds something, as a person's would.
    words = chance.choice([found for found in known.words if len(found) > 1])
    first, second = chance.sample(words, 2)
    both = (Term(first), Term(second))
    if kind == "OR":
        return Question(kind, AnyOf(both), f"{first} OR {second}")
    if kind == "AND, dates" and known.days:
        start = chance.randrange(len(known.days))
        end = min(len(known.days) - 1, start + len(known.days) // 3)
        return Question(kind, AllOf(both), f"{first} {second}", known.days[start], known.days[end])
    return Question(kind, AllOf(both), f"{first} {second}")
