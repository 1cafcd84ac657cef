"""The answer to any query over small articles in plain Python: what every engine must say.

Nothing here is fast or clever: sets of positions per article, so that one can see that the answer is right.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from math import log
from typing import NamedTuple

from engine_articles import KIND_OF, PEACE, Name, article

from search.engine import AnalyzedArticle
from search.japanese.tokens import PartSpan
from search.query.model import (
    AllOf,
    AnyOf,
    Between,
    Boosted,
    Everything,
    Leaf,
    Named,
    Near,
    Node,
    Nothing,
    OneArticle,
    Prefix,
    Query,
    SameSection,
    Sequence,
    Term,
    Without,
)

__all__ = ["KIND_OF", "PEACE", "Asked", "Name", "Oracle", "article"]

K1 = 1.2
B = 0.75
TITLE_WEIGHT, HEADING_WEIGHT, TEXT_WEIGHT = 3, 2, 1


class Asked(NamedTuple):
    """A leaf of a query that is wanted. factor: of all boosts above it.

    counts: not under a Near or SameSection that does not hold.
    """

    leaf: Leaf
    factor: float
    counts: bool


class Oracle:
    """What every engine must answer over these articles.

    average_lengths: "text" and "names", where an engine keeps them from an earlier batch; else they are exact.
    """

    def __init__(
        self, articles: Iterable[AnalyzedArticle], average_lengths: Mapping[str, float] | None = None
    ) -> None:
        self.articles = {one.id: one for one in articles}
        self._terms = {one.id: _terms(one) for one in self.articles.values()}
        self._places: dict[tuple[Leaf, str], list[range]] = {}
        self._frequencies: dict[Leaf, int] = {}
        self._lengths = {
            "text": {i: sum(map(len, terms.values())) for i, terms in self._terms.items()},
            "names": {i: len(self._mentions(i)) for i in self.articles},
        }
        exact = {field: sum(of.values()) / max(len(of), 1) for field, of in self._lengths.items()}
        self.average_lengths = exact if average_lengths is None else average_lengths

    # ---- which articles ----

    def ids(self, query: Query, *, but: str | None = None) -> set[str]:
        """The articles that match. but: a facet whose choice does not count."""
        return {i for i, one in self.articles.items() if self.holds(query.root, i) and self._passes(query, one, but)}

    def holds(self, node: Node, article_id: str, section: int | None = None) -> bool:
        """Whether the article matches. section: where alone words and names are looked for."""
        match node:
            case Everything():
                return True
            case Nothing():
                return False
            case AllOf(children):
                return all(self.holds(child, article_id, section) for child in children)
            case AnyOf(children):
                return any(self.holds(child, article_id, section) for child in children)
            case Without(child):
                return not self.holds(child, article_id, section)
            case Boosted(child):
                return self.holds(child, article_id, section)
            case OneArticle(wanted):
                return article_id == wanted
            case Between(column, lowest, highest):
                number = self._number(column, article_id)
                return (
                    number is not None
                    and (lowest is None or lowest <= number)
                    and (highest is None or number <= highest)
                )
            case SameSection(child) if section is None:
                sections = {part.section for part in self.articles[article_id].analysis.parts}
                return any(self.holds(child, article_id, one) for one in sections)
            case SameSection(child):
                return self.holds(child, article_id, section)
            case Near(near_leaves, distance):
                found = [self.places(leaf, article_id, section) for leaf in near_leaves]
                return any(self._are_near(chosen, distance, article_id) for chosen in product(*found))
            case _:
                return bool(self.places(node, article_id, section))

    def places(self, leaf: Leaf, article_id: str, section: int | None = None) -> list[range]:
        """Where a word, a phrase or a name stands: positions. section: only those that begin there."""
        key = leaf, article_id
        if key not in self._places:
            self._places[key] = self._find(leaf, article_id)
        return [
            places for places in self._places[key]
            if section is None or self._part(article_id, places.start).section == section
        ]

    def _find(self, leaf: Leaf, article_id: str) -> list[range]:
        terms = self._terms[article_id]
        match leaf:
            case Term(term):
                return [range(at, at + 1) for at in sorted(terms) if term in terms[at]]
            case Prefix(prefix):
                return [
                    range(at, at + 1) for at in sorted(terms) if any(term.startswith(prefix) for term in terms[at])
                ]
            case Sequence(words, slop):
                ends = {at: _ends_of_chains(terms, words, slop, at) for at in sorted(terms)}
                return [range(at, min(found)) for at, found in ends.items() if found]
            case Named(entity_id):
                return self._mentions(article_id, entity_id)
            case _:
                raise TypeError(leaf)

    def _mentions(self, article_id: str, entity_id: str | None = None) -> list[range]:
        one = self.articles[article_id]
        covered = [
            one.analysis.covering(m.part, m.start, m.end) for m in one.mentions if entity_id in (None, m.entity_id)
        ]
        return [places for places in covered if places]

    def _are_near(self, chosen: Iterable[range], distance: int, article_id: str) -> bool:
        firsts = [places.start for places in chosen]
        parts = {self._part(article_id, first) for first in firsts}
        return len(parts) == 1 and max(firsts) - min(firsts) <= distance

    def _part(self, article_id: str, position: int) -> PartSpan:
        (part,) = (
            part for part in self.articles[article_id].analysis.parts
            if part.first_position <= position < part.first_position + part.tokens
        )
        return part

    def _number(self, column: str, article_id: str) -> int | None:
        published = self.articles[article_id].published
        if published is None:
            return None
        return published.at.date().toordinal() if column == "day" else int(published.at.timestamp())

    # ---- where, and why ----

    def asked(self, node: Node, article_id: str, factor: float = 1.0, counts: bool = True) -> Iterator[Asked]:
        """The words and names of a query that are wanted, in its order; not those that are not."""
        match node:
            case AllOf(children) | AnyOf(children):
                for child in children:
                    yield from self.asked(child, article_id, factor, counts)
            case Boosted(child, times):
                yield from self.asked(child, article_id, factor * times, counts)
            case SameSection(child):
                yield from self.asked(child, article_id, factor, counts and self.holds(node, article_id))
            case Near(near_leaves):
                for leaf in near_leaves:
                    yield Asked(leaf, factor, counts and self.holds(node, article_id))
            case Term() | Sequence() | Named() | Prefix():
                yield Asked(node, factor, counts)

    def positions(self, query: Query, article_id: str) -> set[int]:
        """Every position that answers, whether the article matches or not."""
        return {
            at for node in (query.root, *query.also_mark) for asked in self.asked(node, article_id) if asked.counts
            for places in self.places(asked.leaf, article_id) for at in places
        }

    def explanation(self, query: Query, article_id: str) -> list[tuple[Leaf, float, int]]:
        """Each wanted leaf, what it adds to the score, and how often it stands in the article."""
        return [
            (leaf, factor * self._leaf_score(leaf, article_id) if counts else 0.0, self._times(leaf, article_id))
            for leaf, factor, counts in self.asked(query.root, article_id)
        ]

    def _times(self, leaf: Leaf, article_id: str) -> int:
        places = self.places(leaf, article_id)
        if not isinstance(leaf, Named):
            return len(places)
        covered = {at for mention in places for at in mention}      # names that touch count once
        return sum(at - 1 not in covered for at in covered)

    # ---- scores ----

    def score(self, node: Node, article_id: str) -> float:
        """BM25F; 0.0 where the node does not hold."""
        return self._score(node, article_id) if self.holds(node, article_id) else 0.0

    def _score(self, node: Node, article_id: str) -> float:
        """Of a node that is known to hold, of the article or of a section: words count wherever they stand."""
        match node:
            case AllOf(children):
                return sum(self._score(child, article_id) for child in children)
            case AnyOf(children):
                return sum(self.score(child, article_id) for child in children)
            case Boosted(child, factor):
                return factor * self._score(child, article_id)
            case SameSection(child):
                return self._score(child, article_id)
            case Near(near_leaves):
                return sum(self._leaf_score(leaf, article_id) for leaf in near_leaves)
            case Term() | Sequence() | Named() | Prefix():
                return self._leaf_score(node, article_id)
            case _:
                return 0.0

    def _leaf_score(self, leaf: Leaf, article_id: str) -> float:
        weight = self._weight(leaf, article_id)
        having = self._having(leaf)
        idf = log(1 + (len(self.articles) - having + 0.5) / (having + 0.5))
        field = "names" if isinstance(leaf, Named) else "text"
        average = self.average_lengths[field]
        length = self._lengths[field][article_id] / average if average else 0.0
        return idf * weight * (K1 + 1) / (weight + K1 * (1 - B + B * length))

    def _having(self, leaf: Leaf) -> int:
        if leaf not in self._frequencies:
            self._frequencies[leaf] = sum(bool(self.places(leaf, i)) for i in self.articles)
        return self._frequencies[leaf]

    def _weight(self, leaf: Leaf, article_id: str) -> int:
        weight = 0
        for places in self.places(leaf, article_id):
            part = self._part(article_id, places.start)
            each = TITLE_WEIGHT if part.section < 0 else HEADING_WEIGHT if part.is_heading else TEXT_WEIGHT
            if isinstance(leaf, Prefix):        # a short and a long unit may both begin here
                each *= sum(term.startswith(leaf.prefix) for term in self._terms[article_id][places.start])
            weight += each
        return weight

    # ---- order ----

    def order(self, query: Query) -> list[str]:
        """The articles that match, in the query's order."""
        if query.sort == "relevance":
            return self.ranking(query)
        return sorted(self.ids(query), key=self.newest_first if query.sort == "newest" else self._oldest_first)

    def ranking(self, query: Query) -> list[str]:
        """The articles that match, best first; those of one score newest first, undated ones last, then by id."""
        return sorted(self.ids(query), key=lambda i: (-self.rounded_score(query, i), *self.newest_first(i)))

    def rounded_score(self, query: Query, article_id: str) -> float:
        """Scores that are equal but for the noise of floating point are equal."""
        return float(f"{self.score(query.root, article_id):.8e}")

    def newest_first(self, article_id: str) -> tuple[bool, int, str]:
        """What sorts articles of one score."""
        at = self._number("at", article_id)
        return at is None, -(at or 0), article_id

    def _oldest_first(self, article_id: str) -> tuple[bool, int, str]:
        at = self._number("at", article_id)
        return at is None, at or 0, article_id

    # ---- counts ----

    def facets(self, query: Query) -> dict[str, dict[str, int]]:
        """Facet -> value -> articles, most frequent first, then by value; as many as the query asks for."""
        return {
            facet: {
                value: n for rank, (value, n) in enumerate(counts)
                if query.facet_values is None or rank < query.facet_values or value in query.filters.get(facet, ())
            }
            for facet in query.facets for counts in [self._counts(query, facet)]
        }

    def facet_sizes(self, query: Query) -> dict[str, int]:
        """Facet -> how many values it has in all."""
        return {facet: len(self._counts(query, facet)) for facet in query.facets}

    def _counts(self, query: Query, facet: str) -> list[tuple[str, int]]:
        # A facet's own choice does not change its counts.
        ids = self.ids(query, but=facet)
        counts = Counter(value for i in ids for value in self._values(facet, i, query))
        return sorted(counts.items(), key=lambda counted: (-counted[1], counted[0]))

    def days(self, query: Query) -> dict[object, int]:
        published = [self.articles[i].published for i in self.ids(query)]
        return dict(Counter(one.at.date() for one in published if one)) if query.days else {}

    def _passes(self, query: Query, one: AnalyzedArticle, but: str | None) -> bool:
        day = one.published.at.date() if one.published else None
        if query.since and (day is None or day < query.since):
            return False
        if query.until and (day is None or day > query.until):
            return False
        return all(
            set(chosen) & set(self._values(facet, one.id, query))
            for facet, chosen in query.filters.items() if facet != but
        )

    def _values(self, facet: str, article_id: str, query: Query) -> set[str]:
        one = self.articles[article_id]
        if facet == "topic":
            return {topic for topic, node in query.topics.items() if self.holds(node, article_id)}
        if facet == "year":
            return {str(one.published.at.year) if one.published else "none"}
        if facet in ("desk", "source"):
            return {value for value in (getattr(one, facet),) if value}
        return {mention.entity_id for mention in one.mentions if mention.kind == facet}


def _terms(one: AnalyzedArticle) -> dict[int, set[str]]:
    """Position -> terms: the short unit there, and the long one that begins there."""
    analysis = one.analysis
    long_terms = {long.token: long.term for long in analysis.long_terms}
    terms: dict[int, set[str]] = defaultdict(set)
    for part in analysis.parts:
        for i in range(part.tokens):
            token = part.first_token + i
            terms[part.first_position + i] |= {analysis.terms[token], long_terms.get(token, "")} - {""}
    return dict(terms)


def _ends_of_chains(terms: Mapping[int, set[str]], words: tuple[str, ...], slop: int, at: int) -> list[int]:
    """Where each chain of these words that begins at `at` ends, the end excluded; each step skips at most `slop`."""
    if words[0] not in terms.get(at, ()):
        return []
    if len(words) == 1:
        return [at + 1]
    return [end for step in range(1, slop + 2) for end in _ends_of_chains(terms, words[1:], slop, at + step)]
