"""Seeded queries over the terms that a corpus really has, each in the forms that every side and a page take."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from collections.abc import Sequence as Many
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from search.engine import AnalyzedArticle
from search.query.model import AllOf, AnyOf, Node, Query, Sequence, Sort, Term

CLASSES = ("rare term", "common term", "AND", "OR", "phrase", "filter", "newest first")
COMMON_OR = "OR of common terms"
"""A class of its own, beside `all`: where every posting must be read, and bm25s is at its best."""

TOP = 10
COUNTED = ("person", "organization")
"""The two facets that every side counts: several values an article, some thousands in all."""

COUNTED_VALUES = 20
"""So many values of a facet, the most frequent, as a page shows them."""

FILTERED = "country"
"""The facet that `filter` chooses a value of; none of COUNTED, whose counts a choice of their own would not change."""

RARE_SHARE = 0.0005
COMMON_SHARES = 0.04, 0.35
MIDDLE_SHARES = 0.004, 0.25
"""Document frequencies of the terms in AND, OR, phrase and filter, and of common ones."""

FILTER_VALUES = 60
MIN_WORD_CHARS = 2
"""Particles and punctuation are no words that anybody looks for."""

TRIES = 10_000


@dataclass(frozen=True, slots=True)
class Question:
    """kind: one of CLASSES. root to filters: for an engine. text: about the same, as one would type it."""

    kind: str
    root: Node
    text: str
    since: date | None = None
    until: date | None = None
    sort: Sort = "relevance"
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def query(self, facets: Many[str]) -> Query:
        """The best ten and the total, with the most frequent values of these facets: what peers are asked for."""
        return Query(
            self.root, filters=self.filters, since=self.since, until=self.until, sort=self.sort, limit=TOP,
            facets=tuple(facets), facet_values=COUNTED_VALUES, spans=False, days=False,
        )


class Vocabulary:
    """What questions are made of.

    articles: the corpus, or every nth article of it. is_new: tells words that grow in number with the corpus.
    """

    def __init__(self, articles: Many[AnalyzedArticle]) -> None:
        self.words: list[tuple[str, ...]] = []
        self.frequency: Counter[str] = Counter()
        values: Counter[str] = Counter()
        for article in articles:
            terms = set(article.analysis.terms)
            self.frequency.update(terms)
            self.words.append(article.analysis.terms)
            values.update({m.entity_id for m in article.mentions if m.kind == FILTERED})
        self.size = len(articles)
        known = sorted(term for term in self.frequency if is_word(term))
        low, high = (share * self.size for share in COMMON_SHARES)
        self.common = [term for term in known if low <= self.frequency[term] <= high] or known
        self.rare = [term for term in known if self.frequency[term] <= max(1, RARE_SHARE * self.size)] or known
        self.filtered = [value for value, _ in values.most_common(FILTER_VALUES)]
        days = [article.published.at.date() for article in articles if article.published]
        self.first_day, self.last_day = min(days, default=date.min), max(days, default=date.min)

    def is_middle(self, term: str) -> bool:
        """Neither rare nor in every article."""
        low, high = (share * self.size for share in MIDDLE_SHARES)
        return is_word(term) and low <= self.frequency[term] <= high


def is_word(term: str) -> bool:
    """Whether anybody would look for it, and every side takes it as it is."""
    return len(term) >= MIN_WORD_CHARS and " " not in term and '"' not in term


def make(articles: Many[AnalyzedArticle], count: int, seed: int) -> list[Question]:
    """`count` questions of each class, the same for the same articles and seed."""
    known = Vocabulary(articles)
    chance = random.Random(seed)
    return [_question(kind, known, chance, i) for i in range(count) for kind in (*CLASSES, COMMON_OR)]


def _question(kind: str, known: Vocabulary, chance: random.Random, number: int) -> Question:
    several = 2 + number % 2
    match kind:
        case "rare term":
            return _one(kind, chance.choice(known.rare))
        case "common term":
            return _one(kind, chance.choice(known.common))
        case "AND":
            return _all(kind, _together(known, chance, several))
        case "OR":
            return _any(kind, _together(known, chance, several))
        case "phrase":
            phrase = _phrase(known, chance, several)
            return Question(kind, Sequence(phrase), f'"{"".join(phrase)}"')
        case "filter":
            return _filter(known, chance, _together(known, chance, 1 + number % 2))
        case "newest first":
            terms = (chance.choice(known.common),) if number % 2 else _together(known, chance, 2)
            found = _all(kind, terms)
            return Question(kind, found.root, found.text, sort="newest")
        case _:
            return _any(COMMON_OR, tuple(chance.sample(known.common, several)))


def _one(kind: str, term: str) -> Question:
    return Question(kind, Term(term), term)


def _all(kind: str, terms: Many[str]) -> Question:
    root = AllOf(tuple(map(Term, terms))) if len(terms) > 1 else Term(terms[0])
    return Question(kind, root, " ".join(terms))


def _any(kind: str, terms: Many[str]) -> Question:
    return Question(kind, AnyOf(tuple(map(Term, terms))), " OR ".join(terms))


def _filter(known: Vocabulary, chance: random.Random, terms: Many[str]) -> Question:
    """Some terms, one to five years, and a value of a facet."""
    found = _all("filter", terms)
    length = chance.randrange(365, 365 * 5)
    since = known.first_day + timedelta(chance.randrange(max(1, (known.last_day - known.first_day).days - length)))
    chosen = {FILTERED: (chance.choice(known.filtered),)} if known.filtered else {}
    return Question("filter", found.root, found.text, since, since + timedelta(length), filters=chosen)


def _together(known: Vocabulary, chance: random.Random, count: int) -> tuple[str, ...]:
    """Words of one article, so that an AND finds something, as a person's would."""
    for attempt in range(TRIES):
        accepts = known.is_middle if attempt < TRIES // 2 else is_word
        words = sorted({term for term in chance.choice(known.words) if accepts(term)})
        if len(words) >= count:
            return tuple(chance.sample(words, count))
    raise ValueError("no article has enough words to ask for")


def _phrase(known: Vocabulary, chance: random.Random, count: int) -> tuple[str, ...]:
    """Words that stand next to each other in some article."""
    for attempt in range(TRIES):
        accepts = known.is_middle if attempt < TRIES // 2 else is_word
        words = chance.choice(known.words)
        at = chance.randrange(max(1, len(words) - count))
        found = words[at : at + count]
        if len(found) == count and all(map(accepts, found)) and all(a != b for a, b in pairwise(found)):
            return found
    raise ValueError("no article has a phrase to ask for")
