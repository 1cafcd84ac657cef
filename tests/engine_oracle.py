"""The answer to any query over small articles in plain Python: what every engine must say.

Nothing here is fast or clever: sets of positions per article, so that one can see that the answer is right.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import product
from math import log
from typing import NamedTuple

from engine_articles import KIND_OF, PEACE, Name, article

from search.engine import FACET_CONFIDENCE, AnalyzedArticle
from search.japanese.analysis import PartSpan
from search.query.model import (
    AllOf,
    AnyOf,
    Between,
    Boosted,
    Chars,
    Everything,
    Forms,
    HasValue,
    InHeadline,
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


PLACED = (Term, Sequence, Named, Prefix, Chars, Forms, InHeadline)
"""What stands somewhere in the text: the leaves of a query."""


class Asked(NamedTuple):
    """A leaf of a query that is wanted. factor: of all boosts above it.

    counts: not under a Near or SameSection that does not hold.
    """

    leaf: Leaf
    factor: float
    counts: bool


class Oracle:
    """What every engine must answer over these articles.

    average_lengths: "text", "names" and "chars", where an engine keeps them from an earlier batch; else they are exact.
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
            "chars": {i: sum(map(len, one.texts)) for i, one in self.articles.items()},
        }
        exact = {field: sum(of.values()) / max(len(of), 1) for field, of in self._lengths.items()}
        self.average_lengths = exact if average_lengths is None else average_lengths

    # ---- which articles ----

    def ids(self, query: Query) -> set[str]:
        """The articles that match."""
        return {i for i, one in self.articles.items() if self.holds(query.root, i) and self._passes(query, one)}

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
            case HasValue(facet, value):
                return value in self._values(facet, article_id)
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
        """Where a leaf stands: positions. section: only those that begin there.

        Characters have that of the token that their first one is in, or of the one before it in their part.
        """
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
            case Chars():
                return [self._token(article_id, *place) for place in self.characters(leaf, article_id)]
            case Forms(leaves):
                return [place for one in leaves for place in self.places(one, article_id)]
            case InHeadline(inner):
                return [
                    place for place in self.places(inner, article_id) if self._part_weight(article_id, place) > 1
                ]
            case _:
                raise TypeError(leaf)

    def characters(self, leaf: Leaf, article_id: str) -> list[tuple[int, int]]:
        """(index of the part, code point) wherever the characters of a `Chars`, or one in a headline, begin."""
        if isinstance(leaf, InHeadline):
            parts = self.articles[article_id].analysis.parts
            found = self.characters(leaf.leaf, article_id)
            return [(number, at) for number, at in found if parts[number].section < 0 or parts[number].is_heading]
        assert isinstance(leaf, Chars)
        return [
            (number, at) for number, text in enumerate(self.articles[article_id].texts) for at in range(len(text))
            if leaf.text and text.startswith(leaf.text, at) and not (leaf.whole and any(
                start < border < end for border in (at, at + len(leaf.text))
                for start, end in self._tokens(article_id, number)
            ))
        ]

    def _tokens(self, article_id: str, number: int) -> list[tuple[int, int]]:
        """Start and end of each token of a part."""
        analysis = self.articles[article_id].analysis
        part = analysis.parts[number]
        tokens = slice(part.first_token, part.first_token + part.tokens)
        return list(zip(analysis.starts[tokens].tolist(), analysis.ends[tokens].tolist(), strict=True))

    def _token(self, article_id: str, number: int, at: int) -> range:
        before = sum(start <= at for start, _ in self._tokens(article_id, number))
        first = self.articles[article_id].analysis.parts[number].first_position + max(0, before - 1)
        return range(first, first + 1)

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
        return [part for part in self.articles[article_id].analysis.parts if part.first_position <= position][-1]

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
            case _ if isinstance(node, PLACED):
                yield Asked(node, factor, counts)

    def positions(self, query: Query, article_id: str) -> set[int]:
        """Every position that answers, whether the article matches or not."""
        return {
            at for leaf in self._marked(query, article_id) if not is_chars(leaf)
            for places in self.places(leaf, article_id) for at in places
        }

    def marked_characters(self, query: Query, article_id: str) -> set[tuple[int, int]]:
        """Every character that answers for itself, not as part of a word."""
        return {
            (part, at) for leaf in self._marked(query, article_id) if is_chars(leaf)
            for part, first in self.characters(leaf, article_id) for at in range(first, first + _length(leaf))
        }

    def _marked(self, query: Query, article_id: str) -> Iterator[Leaf]:
        for node in (query.root, *query.also_mark):
            for asked in self.asked(node, article_id):
                if asked.counts:
                    yield from (leaf for leaf, _ in self._counting(asked.leaf, article_id))

    def _counting(self, leaf: Leaf, article_id: str) -> list[tuple[Leaf, float]]:
        """The leaf, or each of its forms that counts in the article, and its weight: characters last, if at all."""
        if isinstance(leaf, Forms):
            forms = list(zip(leaf.leaves, leaf.weights, strict=True))
            others = [form for form in forms if not is_chars(form[0])]
            is_there = any(self.places(form, article_id) for form, _ in others)
            return others if is_there else forms
        if isinstance(leaf, InHeadline) and isinstance(leaf.leaf, Forms):
            inner = tuple(map(InHeadline, leaf.leaf.leaves))
            return self._counting(Forms(inner, leaf.leaf.weights), article_id)
        return [(leaf, 1.0)]

    def explanation(self, query: Query, article_id: str) -> list[tuple[Leaf, float, int]]:
        """Each wanted leaf, what it adds to the score, and how often it stands in the article.

        Of several forms, those that count there, each with its share of the score; all of them if none does.
        """
        found: list[tuple[Leaf, float, int]] = []
        for leaf, factor, counts in self.asked(query.root, article_id):
            score = factor * self._leaf_score(leaf, article_id) if counts else 0.0
            forms = self._counting(leaf, article_id) if isinstance(leaf, Forms) else [(leaf, 1.0)]
            there = [(one, weight * times, times) for one, weight in forms if (times := self._times(one, article_id))]
            worth = sum(share for _, share, _ in there)
            found += [(one, score * share / worth, times) for one, share, times in there] or [(leaf, score, 0)]
        return found

    def _times(self, leaf: Leaf, article_id: str) -> int:
        begins: set[object] = set()
        for one, _ in self._counting(leaf, article_id):
            if is_chars(one):
                begins |= set(self.characters(one, article_id))
                continue
            places = self.places(one, article_id)
            covered = {at for mention in places for at in mention}      # names that touch count once
            begins |= {
                place.start for place in places if field_of(one) != "names" or place.start - 1 not in covered
            }
        return len(begins)

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
            case _ if isinstance(node, PLACED):
                return self._leaf_score(node, article_id)
            case _:
                return 0.0

    def _leaf_score(self, leaf: Leaf, article_id: str) -> float:
        weight = self._weight(leaf, article_id)
        having = self._having(leaf)
        idf = log(1 + (len(self.articles) - having + 0.5) / (having + 0.5))
        field = field_of(leaf)
        average = self.average_lengths[field]
        length = self._lengths[field][article_id] / average if average else 0.0
        return idf * weight * (K1 + 1) / (weight + K1 * (1 - B + B * length))

    def _having(self, leaf: Leaf) -> int:
        if leaf not in self._frequencies:
            self._frequencies[leaf] = sum(bool(self.places(leaf, i)) for i in self.articles)
        return self._frequencies[leaf]

    def _weight(self, leaf: Leaf, article_id: str) -> float:
        if field_of(leaf) == "text" and (forms := self._counting(leaf, article_id)) != [(leaf, 1.0)]:
            weights = {"words": 0.0, "names": 0.0}
            for form, factor in forms:
                own = factor * self._weight(form, article_id)
                if field_of(form) == "names":
                    weights["names"] = max(weights["names"], own)
                else:
                    weights["words"] += own
            return max(weights.values())
        places = self.places(leaf, article_id)
        if isinstance(leaf, InHeadline) and isinstance(leaf.leaf, Named):
            places = [range(start, start + 1) for start in {place.start for place in places}]
        weight = 0
        for place in places:
            each = self._part_weight(article_id, place)
            if isinstance(leaf, Prefix):        # a short and a long unit may both begin here
                each *= sum(term.startswith(leaf.prefix) for term in self._terms[article_id][place.start])
            weight += each
        return weight

    def _part_weight(self, article_id: str, place: range) -> int:
        part = self._part(article_id, place.start)
        return TITLE_WEIGHT if part.section < 0 else HEADING_WEIGHT if part.is_heading else TEXT_WEIGHT

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
        return {facet: self._shown(query, facet) for facet in query.facets}

    def _shown(self, query: Query, facet: str) -> dict[str, int]:
        chosen, excluded = query.filters.get(facet, ()), query.excluded.get(facet, ())
        counts = self._counts(query, facet)
        others = [value for value, _ in counts if value not in excluded]
        return {value: n for value, n in counts if value in {*others[: query.facet_values], *chosen, *excluded}}

    def facet_sizes(self, query: Query) -> dict[str, int]:
        """Facet -> how many values it has in all."""
        return {facet: len(self._counts(query, facet)) for facet in query.facets}

    def _counts(self, query: Query, facet: str) -> list[tuple[str, int]]:
        # A facet's own choice does not change its counts; of what it excludes, there are as many as without that.
        unchosen = replace(query, filters=_but(query.filters, facet))
        counts = self._counted(unchosen, facet)
        without = self._counted(replace(unchosen, excluded=_but(query.excluded, facet)), facet)
        counts.update({value: without[value] for value in query.excluded.get(facet, ()) if value in without})
        return sorted(counts.items(), key=lambda counted: (-counted[1], counted[0]))

    def _counted(self, query: Query, facet: str) -> Counter[str]:
        return Counter(value for i in self.ids(query) for value in self._values(facet, i, query))

    def days(self, query: Query) -> dict[object, int]:
        published = [self.articles[i].published for i in self.ids(query)]
        return dict(Counter(one.at.date() for one in published if one)) if query.days else {}

    def _passes(self, query: Query, one: AnalyzedArticle) -> bool:
        day = one.published.at.date() if one.published else None
        if query.since and (day is None or day < query.since):
            return False
        if query.until and (day is None or day > query.until):
            return False
        return all(
            set(chosen) & self._values(facet, one.id, query) for facet, chosen in query.filters.items()
        ) and not any(
            set(excluded) & self._values(facet, one.id, query) for facet, excluded in query.excluded.items()
        )

    def _values(self, facet: str, article_id: str, query: Query | None = None) -> set[str]:
        one = self.articles[article_id]
        if facet == "topic":
            topics = query.topics if query else {}
            return {topic for topic, node in topics.items() if self.holds(node, article_id)}
        if facet == "year":
            return {str(one.published.at.year) if one.published else "none"}
        if facet in ("desk", "source"):
            return {value for value in (getattr(one, facet),) if value}
        about_alone = query is not None and query.about
        return {
            mention.entity_id for mention in one.mentions if mention.kind == facet
            and mention.confidence >= FACET_CONFIDENCE and (mention.is_about or not about_alone)
        }


def is_chars(leaf: Leaf) -> bool:
    """Whether it is of characters, wherever or in headlines."""
    return isinstance(leaf.leaf if isinstance(leaf, InHeadline) else leaf, Chars)


def field_of(leaf: Leaf) -> str:
    """Which lengths the leaf is scored with."""
    if isinstance(leaf, InHeadline):
        return field_of(leaf.leaf)
    return {Named: "names", Chars: "chars"}.get(type(leaf), "text")


def _length(leaf: Leaf) -> int:
    chars = leaf.leaf if isinstance(leaf, InHeadline) else leaf
    assert isinstance(chars, Chars)
    return len(chars.text)


def _terms(one: AnalyzedArticle) -> dict[int, set[str]]:
    """Position -> terms: the short unit there, and all that stand at the same token."""
    analysis = one.analysis
    long_terms: dict[int, set[str]] = defaultdict(set)
    for long in analysis.long_terms:
        long_terms[long.token].add(long.term)
    terms: dict[int, set[str]] = defaultdict(set)
    for part in analysis.parts:
        for i in range(part.tokens):
            token = part.first_token + i
            terms[part.first_position + i] |= {analysis.terms[token], *long_terms[token]} - {""}
    return dict(terms)


def _ends_of_chains(terms: Mapping[int, set[str]], words: tuple[str, ...], slop: int, at: int) -> list[int]:
    """Where each chain of these words that begins at `at` ends, the end excluded; each step skips at most `slop`."""
    if words[0] not in terms.get(at, ()):
        return []
    if len(words) == 1:
        return [at + 1]
    return [end for step in range(1, slop + 2) for end in _ends_of_chains(terms, words[1:], slop, at + step)]


def _but(values: Mapping[str, tuple[str, ...]], facet: str) -> dict[str, tuple[str, ...]]:
    return {name: several for name, several in values.items() if name != facet}
