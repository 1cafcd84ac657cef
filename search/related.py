"""Which other articles are on the matter of one article, and what they share with it: asked of the index each time.

The question is made of what the article says of itself: its most telling words and the names in it. Articles that
answer it best are then put in order by how near in time they are and by the topics that they have in common.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from search import batches
from search.archive import Analyzed, Archive
from search.articles import TITLE, Article, Topic
from search.asking import DEADLINE_MS
from search.engine import FACET_CONFIDENCE, Engine, Match
from search.errors import QueryTooHeavy
from search.japanese.analysis import Analysis
from search.query.model import AnyOf, Boosted, Named, Node, OneArticle, Query, Term
from search.registry import Registry
from search.views import Related

WORDS = 20
NAMES = 10
"""Asked for. 12 to 48 words find the same within .005 of nDCG@10 (`benchmarks/related.py`)."""

NAME_WEIGHT = 6.0
"""What a name is worth beside a word, whose weight has its idf, 4 to 9 for a telling one."""

ABOUT = 1.5
"""So much more is a name worth that the article is about."""

SATURATION = 1.2
"""As K1 of BM25: how soon it stops to matter that a word stands there once more."""

LARGEST_SHARE = 0.05
"""Of all articles: a word that more of them have tells nothing, and takes long to look for."""

SEEN_IN_ANY_CASE = 10
"""Articles that a word may be in however small the archive is."""

LOOKED_AT = 64
"""Words of which it is asked how many articles have them: those that stand there most often, then those first."""

CANDIDATES = 24
SHOWN = 6

LEAST_LIKE = 0.15
"""Beside the score of the article itself for its own words."""

LEAST_IN_COMMON = 2
"""Words and names: one alone may be chance."""

ASKED_WHY = 2
"""For one article shown, of so many it is asked what they have in common."""

CLOSE_DAYS = 7.0
TIMELY = 0.3
"""Of an article's worth so much fades with the days between: e^(-days / CLOSE_DAYS) of it is left."""

SAME_TOPIC = 1.2
"""An article of a common topic is worth so much more, for each of them."""

REASONS = 4
"""Names, and words, that are told of one related article."""

_SAYS_LITTLE = re.compile(r"[ぁ-ゖー]*|[0-9.,]+|[a-z]{2}|.|[@#].*", re.DOTALL)
"""Words of grammar, numbers, units, single characters, and the terms of dates and numbers."""

_Weights = dict[str, float]


class Finder:
    """Answers for one snapshot of the index. Threads may share it.

    words, names: how many of the most telling ones to ask for.
    """

    def __init__(
        self, archive: Archive, engine: Engine, registry: Registry, *, words: int = WORDS, names: int = NAMES
    ) -> None:
        self._most_words, self._most_names = words, names
        self._archive = archive
        self._engine = engine
        self._registry = registry
        self._info = engine.info()
        self._frequency = lru_cache(1 << 16)(engine.frequency)

    def related(
        self, article: Article, analyzed: Analyzed | None, topics: Sequence[Topic] = (),
        queries: Mapping[str, Node] | None = None, most: int = SHOWN,
    ) -> tuple[Related, ...]:
        """Other articles on its matter, the closest first, without its copies and only one of other copies.

        analyzed: None if nothing was derived from the article. topics: those it is in. queries: theirs, by id.
        None are found where that takes too long.
        """
        words, names = self._telling(analyzed) if analyzed else ({}, {})
        nodes: list[Term | Named] = [*map(Term, words), *map(Named, names)]
        weights = [*words.values(), *names.values()]
        if not nodes or analyzed is None:
            return ()
        try:
            asked = [Boosted(node, weight) for node, weight in zip(nodes, weights, strict=True)]
            found = self._alike(article, asked, topics, queries or {})[: most * ASKED_WHY]
            told = self._told([one.article.id for one in found], nodes)
        except QueryTooHeavy:
            return ()
        held = {
            article_id: [node for node, holds in zip(nodes, holding, strict=True) if holds]
            for article_id, holding in told.items()
        }
        written = _Written(article, analyzed.tokens)
        kept = [one for one in found if len(held.get(one.article.id, ())) >= LEAST_IN_COMMON]
        return tuple(self._with_reasons(one, held[one.article.id], written) for one in kept[:most])

    # ---- what the article says of itself ----

    def _telling(self, analyzed: Analyzed) -> tuple[_Weights, _Weights]:
        """Its words (terms) and names (ids of entities) with their weights, the most telling first."""
        tokens = analyzed.tokens
        part_weights = [3 if part.section == TITLE else 2 if part.is_heading else 1 for part in tokens.parts]
        counts: Counter[str] = Counter()
        about: set[str] = set()
        of_names: set[int] = set()
        for mention in analyzed.mentions:
            if mention.confidence >= FACET_CONFIDENCE and not mention.is_inferred:
                counts[mention.entity_id] += part_weights[mention.part]
                about.update([mention.entity_id] if mention.is_about else [])
                of_names.update(tokens.covering(mention.part, mention.start, mention.end))
        names = {
            name: NAME_WEIGHT * (ABOUT if name in about else 1.0) * _saturated(count) for name, count in counts.items()
        }
        return self._words(tokens, part_weights, of_names), _heaviest(names, self._most_names)

    def _words(self, tokens: Analysis, part_weights: Sequence[int], of_names: set[int]) -> _Weights:
        """of_names: positions that are counted as names already."""
        counts: Counter[str] = Counter()
        for part, weight in zip(tokens.parts, part_weights, strict=True):
            terms = tokens.terms[part.first_token : part.first_token + part.tokens]
            for position, term in enumerate(terms, part.first_position):
                if position not in of_names:
                    counts[term] += weight
        likely = [(term, n) for term, n in counts.most_common() if not _SAYS_LITTLE.fullmatch(term)]
        everything = self._info.articles
        most = max(SEEN_IN_ANY_CASE, everything * LARGEST_SHARE)
        found: _Weights = {}
        for term, count in likely[:LOOKED_AT]:
            frequency = self._frequency(term)
            if 2 <= frequency <= most:
                found[term] = _saturated(count) * math.log(1 + (everything - frequency + 0.5) / (frequency + 0.5))
        return _heaviest(found, self._most_words)

    # ---- who has the same ----

    def _alike(
        self, article: Article, asked: Sequence[Node], topics: Sequence[Topic], queries: Mapping[str, Node]
    ) -> list[Related]:
        """In order, still without names and words."""
        matches = self._search(AnyOf(tuple(asked)), CANDIDATES + 1)
        own = next((match.score for match in matches if match.article_id == article.id), None)
        best = own or max((match.score for match in matches), default=1.0)
        others = self._one_of_each_group(article.id, [m for m in matches if m.score >= LEAST_LIKE * best])
        articles = batches.articles(self._archive, [(match.article_id, match.version) for match in others])
        common = self._in_topics([match.article_id for match in others], topics, queries)
        found: list[tuple[float, Related]] = []
        for match, other in zip(others, articles, strict=True):
            likeness = match.score / best
            shared = tuple(common[other.id])
            worth = likeness * _timely(article, other) * SAME_TOPIC ** len(shared)
            found.append((worth, Related(other, (), shared, (), likeness)))
        found.sort(key=lambda item: (-item[0], item[1].article.id))
        return [related for _, related in found]

    def _search(self, root: Node, limit: int, **more: object) -> tuple[Match, ...]:
        query = Query(root, limit=limit, facets=(), spans=False, days=False, deadline_ms=DEADLINE_MS)
        return self._engine.search(replace(query, **more)).matches  # type: ignore[arg-type]

    def _one_of_each_group(self, article_id: str, matches: Sequence[Match]) -> list[Match]:
        """Without the article and its copies, and of others that are copies the best."""
        stands_for = self._archive.copies_of([article_id, *(match.article_id for match in matches)])
        seen = {stands_for.get(article_id, article_id)}
        kept: list[Match] = []
        for match in matches:
            group = stands_for.get(match.article_id, match.article_id)
            if group not in seen:
                kept.append(match)
                seen.add(group)
        return kept

    def _in_topics(
        self, ids: Sequence[str], topics: Sequence[Topic], queries: Mapping[str, Node]
    ) -> Mapping[str, list[Topic]]:
        """Article -> those of the topics that it is in."""
        found: dict[str, list[Topic]] = defaultdict(list)
        these = AnyOf(tuple(map(OneArticle, ids)))
        for topic in topics if ids else ():
            for match in self._search(these, len(ids), topics=queries, filters={"topic": (topic.id,)}):
                found[match.article_id].append(topic)
        return found

    # ---- why ----

    def _told(self, ids: Sequence[str], nodes: Sequence[Node]) -> Mapping[str, tuple[bool, ...]]:
        """Article -> of each node whether it stands there."""
        matches = self._search(AnyOf(tuple(map(OneArticle, ids))), len(ids), tell=tuple(nodes)) if ids else ()
        return {match.article_id: match.told for match in matches}

    def _with_reasons(self, one: Related, held: Sequence[Term | Named], written: _Written) -> Related:
        """held: what it has in common with the article, the most telling first."""
        ids = [node.entity_id for node in held if isinstance(node, Named)][:REASONS]
        self._registry.look_up(ids)
        names = tuple(map(self._registry.entity, ids))
        words = written.together([node.term for node in held if isinstance(node, Term)], one.article)
        told = [word for word in words if not any(word in name.name for name in names)]
        return replace(one, names=names, words=tuple(told[:REASONS]))


_Run = list[tuple[str, str]]
"""Words side by side: each as a term, and as it is written."""


class _Written:
    """How an article writes its words, put together where they stand side by side: 分離主義 for 分離 and 主義."""

    def __init__(self, article: Article, tokens: Analysis) -> None:
        self._texts = [part.text for part in article.parts()]
        self._tokens = tokens

    def together(self, words: Sequence[str], other: Article) -> tuple[str, ...]:
        """words: the most telling first. They are put together only where the other article has them so too."""
        others = [part.text for part in other.parts()]
        place_of = {word: place for place, word in enumerate(words)}
        found: dict[str, int] = {}
        for run in self._runs(place_of):
            whole = "".join(text for _, text in run)
            pieces = [run] if any(whole in text for text in others) else [[word] for word in run]
            for piece in pieces:
                text = "".join(text for _, text in piece)
                found[text] = min([found.get(text, len(words)), *(place_of[term] for term, _ in piece)])
        ranked = sorted(found, key=lambda text: (found[text], -len(text), text))
        shown = [text for place, text in enumerate(ranked) if not any(text in more for more in ranked[:place])]
        return tuple(shown)

    def _runs(self, wanted: Container[str]) -> Iterator[_Run]:
        tokens = self._tokens
        for part, text in zip(tokens.parts, self._texts, strict=True):
            run: _Run = []
            end = -1
            for token, term in enumerate(tokens.terms[part.first_token : part.first_token + part.tokens]):
                if term not in wanted:      # most are not, and need not be looked for
                    continue
                start = int(tokens.starts[part.first_token + token])
                if run and start != end:
                    yield run
                    run = []
                end = int(tokens.ends[part.first_token + token])
                run.append((term, text[start:end]))
            if run:
                yield run


def _timely(one: Article, other: Article) -> float:
    """What is left of an article's worth after the days between; of one without a date all that fades is gone."""
    if one.published is None or other.published is None:
        return 1 - TIMELY
    days = abs((one.published.at - other.published.at).total_seconds()) / 86_400
    return 1 - TIMELY + TIMELY * math.exp(-days / CLOSE_DAYS)


def _saturated(count: int) -> float:
    return count / (count + SATURATION)


def _heaviest(weights: _Weights, most: int) -> _Weights:
    """In order; of equal ones that which comes first by code point."""
    return dict(sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:most])
