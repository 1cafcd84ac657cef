"""Small articles made by hand, and the answer to any query over them in plain Python.

Nothing here is fast or clever: sets of positions per article, so that one can see that the answer is right.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from search.articles import JST, TITLE, Mention, Part, Published
from search.engine import AnalyzedArticle
from search.japanese.tokens import Short, Unit, analyze_parts
from search.query.model import (
    AllOf,
    AnyOf,
    Everything,
    Named,
    Node,
    Nothing,
    Query,
    Sequence,
    Term,
    Without,
)

MARKS = "。、"
KIND_OF = {"person-1": "person", "person-2": "person", "CN": "country", "RU": "country",
           "un": "organization", "geneva": "place"}
NOUN = ("名詞", "普通名詞", "一般", "*", "*", "*")


@dataclass(frozen=True)
class Name:
    """The words `first` to `last` (included) of a part name an entity."""

    part: int
    first: int
    last: int
    entity_id: str


def cut(words: str) -> list[Unit]:
    """`安全|保障 理事|会 。` -> two long units of two short ones each, and a full stop that has no term."""
    found: list[Unit] = []
    at = 0
    for word in words.split():
        start = at
        shorts: list[Short] = []
        for piece in word.split("|"):
            shorts.append(Short(at, at + len(piece), "" if piece in MARKS else piece, NOUN))
            at += len(piece)
        surface = word.replace("|", "")
        found.append(Unit(surface, start, at, "" if word in MARKS else surface, NOUN, False, tuple(shorts)))
    return found


def surface(words: str) -> str:
    """The text that `cut` cuts."""
    return words.replace(" ", "").replace("|", "")


def article(
    article_id: str, title: str = "", *sections: str | tuple[str, str], names: Iterable[Name] = (),
    published: str | None = None, source: str | None = None, desk: str | None = None,
    version: int = 1, change: int = 1,
) -> AnalyzedArticle:
    """An article of words parted by spaces; a section with a heading is (heading, text)."""
    parts = [(TITLE, False, title)]
    for number, section in enumerate(sections):
        heading, text = section if isinstance(section, tuple) else ("", section)
        parts += [(number, True, heading)] if heading else []
        parts.append((number, False, text))
    units = [cut(words) for _, _, words in parts]
    analysis = analyze_parts([Part(number, is_heading, surface(words)) for number, is_heading, words in parts], units)
    mentions = tuple(
        Mention(name.part, (start := units[name.part][name.first].start), (end := units[name.part][name.last].end),
                surface(parts[name.part][2])[start:end], KIND_OF[name.entity_id], name.entity_id)
        for name in names
    )
    at = Published(datetime.fromisoformat(published).replace(tzinfo=JST)) if published else None
    return AnalyzedArticle(article_id, version, change, analysis, mentions, at, source, desk)


class Oracle:
    """What every engine must answer over these articles."""

    def __init__(self, articles: Iterable[AnalyzedArticle]) -> None:
        self.articles = {one.id: one for one in articles}
        self._terms = {one.id: _terms(one) for one in self.articles.values()}

    def ids(self, query: Query, *, but: str | None = None) -> set[str]:
        """The articles that match. but: a facet whose choice does not count."""
        return {i for i, one in self.articles.items() if self.holds(query.root, i) and self._passes(query, one, but)}

    def order(self, query: Query) -> list[str]:
        """The same, sorted by date; those without one come last either way."""
        def key(article_id: str) -> tuple[bool, float, str]:
            published = self.articles[article_id].published
            at = published.at.timestamp() if published else 0.0
            return published is None, -at if query.sort == "newest" else at, article_id

        return sorted(self.ids(query), key=key)

    def facets(self, query: Query) -> dict[str, dict[str, int]]:
        """A facet's own choice does not change its counts."""
        found: dict[str, dict[str, int]] = {}
        for facet in ("person", "country", "organization", "place", "topic", "desk", "source", "year"):
            ids = self.ids(query, but=facet)
            found[facet] = dict(Counter(value for i in ids for value in self._values(facet, i, query)))
        return found

    def days(self, query: Query) -> dict[object, int]:
        published = [self.articles[i].published for i in self.ids(query)]
        return dict(Counter(one.at.date() for one in published if one))

    def holds(self, node: Node, article_id: str) -> bool:
        match node:
            case Everything():
                return True
            case Nothing():
                return False
            case AllOf(children):
                return all(self.holds(child, article_id) for child in children)
            case AnyOf(children):
                return any(self.holds(child, article_id) for child in children)
            case Without(child):
                return not self.holds(child, article_id)
            case _:
                return bool(self.places(node, article_id))

    def places(self, leaf: Node, article_id: str) -> list[range]:
        """Where a word, a phrase or a name stands: positions."""
        terms = self._terms[article_id]
        match leaf:
            case Term(term):
                return [range(at, at + 1) for at in sorted(terms) if term in terms[at]]
            case Sequence(words):
                return [
                    range(at, at + len(words)) for at in sorted(terms)
                    if all(word in terms.get(at + i, ()) for i, word in enumerate(words))
                ]
            case Named(entity_id):
                one = self.articles[article_id]
                covered = [
                    one.analysis.covering(m.part, m.start, m.end) for m in one.mentions if m.entity_id == entity_id
                ]
                return [places for places in covered if places]
            case _:
                raise TypeError(leaf)

    def positions(self, query: Query, article_id: str) -> set[int]:
        """Every position that answers."""
        return {
            at for node in (query.root, *query.also_mark) for leaf in leaves(node)
            for places in self.places(leaf, article_id) for at in places
        }

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


def leaves(node: Node) -> Iterator[Node]:
    """The words and names of a query that are wanted, not those that are not."""
    match node:
        case AllOf(children) | AnyOf(children):
            for child in children:
                yield from leaves(child)
        case Term() | Sequence() | Named():
            yield node


def _terms(one: AnalyzedArticle) -> dict[int, set[str]]:
    """Position -> terms: the short unit there, and the long one that begins there."""
    analysis = one.analysis
    long_terms = {long.token: long.term for long in analysis.long_terms}
    terms: dict[int, set[str]] = defaultdict(set)
    for part in analysis.parts:
        for i in range(part.tokens):
            token = part.first_token + i
            terms[part.first_position + i] |= {analysis.terms[token], long_terms.get(token, "")} - {""}
    return terms
