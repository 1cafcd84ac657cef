"""What an article scores for a query, exactly; and why."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from search.closeness import LEAD_K1, NEAR_TOKENS, NEXT_TOKENS, PAIRS_IN_LEAD, SIDE_BY_SIDE, WORDS_IN_LEAD
from search.engine import Explanation
from search.opensearch_engine.places import Span
from search.opensearch_engine.reading import Reading, field_of
from search.query.leaves import leaves, unwanted_leaves, written
from search.query.model import (
    AllOf,
    AnyOf,
    Boosted,
    Chars,
    Closeness,
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
from search.scoring import BM25_K1, idf, impact, norm


@dataclass(frozen=True, slots=True)
class Statistics:
    """What scores depend on beside an article's own words.

    live_count: articles. averages: of `Reading.length` of each field, and of "lead".
    having: in how many articles a leaf stands; it is asked for `counted_leaves` and `leaves_of_closeness` alone.
    """

    live_count: int
    averages: Mapping[str, float]
    having: Callable[[Leaf], int]

    def idf(self, leaf: Leaf) -> float:
        """How much it says that a leaf stands in an article."""
        return idf(self.live_count, self.having(leaf))


def counted_leaves(node: Node) -> tuple[Leaf, ...]:
    """The leaves of which the score of a node has to know in how many articles they stand, each once."""
    return tuple(dict.fromkeys(leaves(node)))


def leaves_of_closeness(closeness: Closeness) -> tuple[Leaf, ...]:
    """The same for `raised`."""
    return tuple(dict.fromkeys((*(leaf for leaf, _ in closeness.words), *map(Chars, closeness.pairs))))


# ---- by words -----------------------------------------------------------------------------------


def score(reading: Reading, node: Node, statistics: Statistics) -> float:
    """BM25F; 0.0 where the node does not hold."""
    return _score(reading, node, statistics) if reading.holds(node) else 0.0


def _score(reading: Reading, node: Node, statistics: Statistics) -> float:
    """Of a node that is known to hold, of the article or of a section: words count wherever they stand."""
    match node:
        case Term() | TermSequence() | Named() | Prefix() | Chars() | Forms() | InHeadline():
            return _of_leaf(reading, node, statistics)
        case AllOf(children) | Near(children) | InLead(children):
            return sum(_score(reading, child, statistics) for child in children)
        case AnyOf(children):
            return sum(score(reading, child, statistics) for child in children)
        case Boosted(child, factor):
            return factor * _score(reading, child, statistics)
        case SameSection(child):
            return _score(reading, child, statistics)
        case _:
            return 0.0


def _of_leaf(reading: Reading, leaf: Leaf, statistics: Statistics) -> float:
    weight = reading.weight(leaf)
    if not weight:
        return 0.0
    field = field_of(leaf)
    length = norm(reading.length(field), statistics.averages[field])
    return statistics.idf(leaf) * impact(weight, length, BM25_K1)


# ---- why ----------------------------------------------------------------------------------------


def explanation(reading: Reading, node: Node, statistics: Statistics) -> Explanation:
    """Why the article matches or does not: see `engine.Explanation`."""
    matches = reading.holds(node)
    found = [
        part for leaf, own in _contributions(reading, node, statistics) for part in _by_form(reading, leaf, own)
    ]
    found += [(f"-{written(leaf)}", 0.0, reading.times(leaf)) for leaf in unwanted_leaves(node)]
    total = _score(reading, node, statistics) if matches else 0.0
    return Explanation(reading.article.id, matches, total, tuple(found))


def _contributions(
    reading: Reading, node: Node, statistics: Statistics, factor: float = 1.0
) -> Iterator[tuple[Leaf, float]]:
    """Each wanted leaf, and what it adds to the score where the group that it stands in holds."""
    match node:
        case Term() | TermSequence() | Named() | Prefix() | Chars() | Forms() | InHeadline():
            yield node, factor * _of_leaf(reading, node, statistics) if factor else 0.0
        case AllOf(children) | AnyOf(children):
            for child in children:
                yield from _contributions(reading, child, statistics, factor)
        case Boosted(child, by):
            yield from _contributions(reading, child, statistics, factor * by)
        case Near(children) | InLead(children):
            held = factor if reading.holds(node) else 0.0
            for child in children:
                yield from _contributions(reading, child, statistics, held)
        case SameSection(child):
            yield from _contributions(reading, child, statistics, factor if reading.holds(node) else 0.0)
        case _:
            return


def _by_form(reading: Reading, leaf: Leaf, own: float) -> list[tuple[str, float, int]]:
    """What explains a leaf: of several forms those that stand here, each with its share of the score."""
    if not isinstance(leaf, Forms):
        return [(written(leaf), own, reading.times(leaf))]
    found = [(one, weight, reading.times(one)) for one, weight in reading.counting(leaf)]
    there = [form for form in found if form[2]]
    if not there:
        return [(written(leaf), own, 0)]
    worth = sum(weight * times for _, weight, times in there)
    return [(written(one), own * weight * times / worth, times) for one, weight, times in there]


# ---- by closeness -------------------------------------------------------------------------------


def raised(reading: Reading, closeness: Closeness, statistics: Statistics) -> float:
    """What is added to the article's score, by where the words stand in it: see `search.closeness`."""
    length = norm(reading.lead_length, statistics.averages["lead"], LEAD_K1)
    found = _of_words(reading, closeness, statistics, length)
    for pair in map(Chars, closeness.pairs):
        in_lead = sum(map(reading.places.has_in_lead, reading.places.characters(pair)))
        if in_lead:
            found += PAIRS_IN_LEAD * statistics.idf(pair) * impact(in_lead, length, LEAD_K1)
    return found


def _of_words(reading: Reading, closeness: Closeness, statistics: Statistics, length: float) -> float:
    """What words in the lead add, and those side by side."""
    places = reading.places
    found = 0.0
    standing: list[tuple[list[Span], float]] = []
    for leaf, weight in closeness.words:
        spans = _standing(reading, _as_word(leaf))
        worth = weight * statistics.idf(leaf) if spans else 0.0
        in_lead = sum(places.is_in_lead(first) for first, _ in spans)
        if in_lead:
            found += WORDS_IN_LEAD * worth * impact(in_lead, length, LEAD_K1)
        standing.append(([(places.without_gaps(first), places.without_gaps(end)) for first, end in spans], worth))
    for (before, worth), (after, of_next) in pairwise(standing):
        if before and after:
            apart = _apart(before, after)
            held = (apart <= NEAR_TOKENS) * 0.5 + (apart <= NEXT_TOKENS) * 0.5
            found += SIDE_BY_SIDE * (worth + of_next) / 2 * held
    return found


def _as_word(leaf: Leaf) -> Leaf:
    """Without its forms that are characters, if there are others."""
    if not isinstance(leaf, Forms):
        return leaf
    words = tuple(one for one in leaf.leaves if not isinstance(one, Chars))
    return Forms(words, (1.0,) * len(words)) if words else leaf


def _standing(reading: Reading, leaf: Leaf) -> list[Span]:
    """Where it stands, ascending; of a name, where a mention begins."""
    match leaf:
        case Forms(several):
            return sorted(span for one in several for span in _standing(reading, one))
        case Named() | InHeadline(Named()):
            return sorted({(first, first + 1) for first, _ in reading.places.spans(leaf)})
        case _:
            return list(reading.places.spans(leaf))


def _apart(before: Sequence[Span], after: Sequence[Span]) -> float:
    """The fewest tokens between one of `before` and one of `after`, on either side of it; none may overlap."""
    firsts = [first for first, _ in after]
    ends = sorted(end for _, end in after)
    gaps = [float("inf")]
    for first, end in before:
        following = bisect_left(firsts, end)
        if following < len(firsts):
            gaps.append(firsts[following] - end)
        preceding = bisect_right(ends, first)
        if preceding:
            gaps.append(first - ends[preceding - 1])
    return min(gaps)
