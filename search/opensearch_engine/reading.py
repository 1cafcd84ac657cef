"""One article, read for a query: which of its nodes hold, what its words weigh, and where they are to be marked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from search.opensearch_engine.indexed import IndexedArticle
from search.opensearch_engine.places import Places, Span
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
    InLead,
    Leaf,
    Named,
    Near,
    Node,
    Nothing,
    OneArticle,
    Prefix,
    SameSection,
    Term,
    Without,
)
from search.query.model import Sequence as TermSequence
from search.results import FACETS

CharSpan = tuple[int, int, int]

NAMED_FACETS = frozenset(("person", "country", "organization", "place"))
"""The values of these are entities, of which an index has names."""


class Marks(NamedTuple):
    """spans: in positions. char_spans: (index of the part, start, end) in code points. Ascending, none touch."""

    spans: tuple[Span, ...]
    char_spans: tuple[CharSpan, ...]


class Reading:
    """What is found of a leaf is kept, so that it may be asked for its place, its weight and its marks."""

    def __init__(self, article: IndexedArticle, terms_of: Callable[[str], Collection[str]]) -> None:
        """terms_of: entity -> what stands for it in the index."""
        self.article = article
        self.places = Places(article, terms_of)
        self._terms_of = terms_of

    # ---- whether it matches ----

    def holds(self, node: Node, section: int | None = None) -> bool:
        """Whether the article matches. section: where alone words and names are looked for; -1 is the title."""
        match node:
            case Everything():
                return True
            case Nothing():
                return False
            case AllOf(children):
                return all(self.holds(child, section) for child in children)
            case AnyOf(children):
                return any(self.holds(child, section) for child in children)
            case Without(child):
                return not self.holds(child, section)
            case Boosted(child):
                return self.holds(child, section)
            case OneArticle(article_id):
                return article_id == self.article.id
            case HasValue(facet, value):
                return self._has_value(facet, value)
            case Between(column, lowest, highest):
                number = self.article.day if column == "day" else self.article.at
                return number is not None and (lowest is None or lowest <= number) and (
                    highest is None or number <= highest)
            case SameSection(child) if section is None:
                return any(self.holds(child, one) for one in dict.fromkeys(self.places.sections))
            case SameSection(child):
                return self.holds(child, section)
            case Near(leaves, distance):
                return self._are_near([self._begins(leaf, section) for leaf in leaves], distance)
            case InLead(leaves):
                return all(any(map(self.places.is_in_lead, self._begins(leaf))) for leaf in leaves)
            case _:
                return bool(self.places.spans(node) if section is None else self._begins(node, section))

    def _has_value(self, facet: str, value: str) -> bool:
        if facet not in FACETS:
            return False
        values = self.article.values.get(facet, frozenset())
        if facet in NAMED_FACETS:
            return bool(values) and not values.isdisjoint(self._terms_of(value))
        return value in values

    def _begins(self, leaf: Leaf, section: int | None = None) -> list[int]:
        """The first position of each occurrence, ascending; in the section alone, if one is given."""
        places = self.places
        firsts = [first for first, _ in places.spans(leaf)]
        if section is None:
            return firsts
        return [first for first in firsts if places.sections[places.part(first)] == section]

    def _are_near(self, begins: Sequence[Sequence[int]], distance: int) -> bool:
        """Whether one of each can be chosen so that all are in one part, and at most so far apart."""
        part = self.places.part
        return any(
            all(any(first <= other <= first + distance and part(other) == part(first) for other in several)
                for several in begins)
            for first in dict.fromkeys(one for several in begins for one in several)
        )

    # ---- what words weigh ----

    def length(self, field: str) -> int:
        """What BM25F divides by its average: of "text" in terms, of "names" in mentions, of "chars" in code points."""
        match field:
            case "text":
                return self.places.terms
            case "names":
                return self.places.mentions
            case _:
                return sum(map(len, self.article.texts))

    @property
    def lead_length(self) -> int:
        """In tokens."""
        return self.places.lead_tokens

    def weight(self, leaf: Leaf) -> float:
        """What the leaf's occurrences weigh together, each as its part does; 0 where it does not stand."""
        places = self.places
        match leaf:
            case Forms() | InHeadline(Forms()):
                return self._weight_of_forms(self.counting(leaf))
            case Prefix(prefix):
                begins: Iterable[int] = places.terms_beginning(prefix)
            case InHeadline(Named()):
                begins = {first for first, _ in places.spans(leaf)}
            case _:
                begins = (first for first, _ in places.spans(leaf))
        return sum(places.weights[places.part(first)] for first in begins)

    def _weight_of_forms(self, forms: Iterable[tuple[Leaf, float]]) -> float:
        """The words' together, or the name's that weighs most."""
        words = names = 0.0
        for leaf, factor in forms:
            own = factor * self.weight(leaf)
            if field_of(leaf) == "names":
                names = max(names, own)
            else:
                words += own
        return max(words, names)

    def counting(self, leaf: Leaf) -> list[tuple[Leaf, float]]:
        """The leaf, or each of its forms that counts here, and its weight.

        Characters count where no other form stands, since they are found wherever a word of theirs is.
        """
        forms: list[tuple[Leaf, float]]
        match leaf:
            case Forms(leaves, weights):
                forms = list(zip(leaves, weights, strict=True))
            case InHeadline(Forms(leaves, weights)):
                forms = [(InHeadline(one), weight) for one, weight in zip(leaves, weights, strict=True)]
            case _:
                return [(leaf, 1.0)]
        others = [form for form in forms if not is_chars(form[0])]
        return others if any(self.places.spans(one) for one, _ in others) else forms

    # ---- where they stand ----

    def times(self, leaf: Leaf) -> int:
        """How often the leaf stands here; a name once for each stretch that it covers.

        Of several forms, those that begin at one place count once.
        """
        begins: set[tuple[int, ...]] = set()
        for one, _ in self.counting(leaf):
            if is_chars(one):
                begins.update(self.places.characters(one))
            else:
                spans = self.places.spans(one)
                begins.update((first,) for first, _ in (_joined(spans) if field_of(one) == "names" else spans))
        return len(begins)

    def marks(self, nodes: Iterable[Node]) -> Marks:
        """Where the nodes' words and characters stand, joined where they touch; not those of groups that do not hold.
        """
        spans: list[Span] = []
        char_spans: list[CharSpan] = []
        for leaf in (form for node in nodes for one in self._marked(node) for form, _ in self.counting(one)):
            if is_chars(leaf):
                length = _length(leaf)
                char_spans += [(part, at, at + length) for part, at in self.places.characters(leaf)]
            else:
                spans += self.places.spans(leaf)
        return Marks(_joined(sorted(spans)), _joined_in_parts(sorted(char_spans)))

    def _marked(self, node: Node) -> Iterator[Leaf]:
        match node:
            case Term() | TermSequence() | Named() | Prefix() | Chars() | Forms() | InHeadline():
                yield node
            case AllOf(children) | AnyOf(children):
                for child in children:
                    yield from self._marked(child)
            case Boosted(child):
                yield from self._marked(child)
            case Near(leaves) | InLead(leaves):
                yield from leaves if self.holds(node) else ()
            case SameSection(child):
                yield from self._marked(child) if self.holds(node) else ()
            case _:
                return


def is_chars(leaf: Leaf) -> bool:
    """Whether it is of characters, wherever or in headlines."""
    return isinstance(leaf.leaf if isinstance(leaf, InHeadline) else leaf, Chars)


def field_of(leaf: Leaf) -> str:
    """Which lengths the leaf is scored with."""
    match leaf:
        case InHeadline(inner):
            return field_of(inner)
        case Named():
            return "names"
        case Chars():
            return "chars"
        case _:
            return "text"


def _length(leaf: Leaf) -> int:
    chars = leaf.leaf if isinstance(leaf, InHeadline) else leaf
    assert isinstance(chars, Chars)
    return len(chars.text)


def _joined(several: Iterable[Span]) -> tuple[Span, ...]:
    """The spans, ascending, as few as cover the same positions."""
    joined: list[Span] = []
    for start, end in several:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _joined_in_parts(several: Iterable[CharSpan]) -> tuple[CharSpan, ...]:
    """The same for stretches of parts."""
    joined: list[CharSpan] = []
    for part, start, end in several:
        if joined and joined[-1][0] == part and start <= joined[-1][2]:
            joined[-1] = (part, joined[-1][1], max(end, joined[-1][2]))
        else:
            joined.append((part, start, end))
    return tuple(joined)
