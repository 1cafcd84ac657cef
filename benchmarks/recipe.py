"""Articles by the hundred thousand, made of the paragraphs of real ones; the same for the same count and seed.

An article has the sections and as many paragraphs as a real one of at least two paragraphs, its title from
another one, and each paragraph either from there or from anywhere. So that words go on to grow in number as
they do in a real archive, one in five rare words is new: a word of letters, from a vocabulary that is in
proportion to the count.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np

from benchmarks.pieces import Cut, Piece
from search.articles import JST, TITLE, Article, FoundName, Mention, Published, Section
from search.engine import AnalyzedArticle
from search.japanese.analysis import SECTION_GAP, Analysis, LongTerm, PartSpan

FIRST_DAY = datetime(2005, 1, 1, tzinfo=JST)
MINUTES = int((datetime(2025, 1, 1, tzinfo=JST) - FIRST_DAY).total_seconds() // 60)
DESKS = tuple("国際 政治 経済 社会 スポーツ 文化 科学 地方".split())
DESK_WEIGHTS = tuple(1 / rank for rank in range(1, len(DESKS) + 1))

KEPT_SHARE = 0.35
"""Of the paragraphs, those that stay in their own article, so that words that belong together meet."""

NEW_SHARE = 0.2
"""Of the rare words, those that are new."""

NEW_WORDS_PER_ARTICLE = 0.5
"""Size of the vocabulary of new words."""

NEW_WORDS_SHIFT = 50.0
"""Zipf-Mandelbrot: the word of rank r has a share in proportion to 1 / (r + shift), so that none is frequent."""

_BREAK = Piece(
    "\n\n", ("", ""), np.array([0, 1], np.uint32), np.array([1, 2], np.uint32), (), ()
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an article is made of. parts: (section, is heading, pieces that stand one behind the other)."""

    number: int
    parts: tuple[tuple[int, bool, tuple[Piece, ...]], ...]
    published: Published
    source: str | None
    desk: str

    @property
    def id(self) -> str:
        """Such as a0000017."""
        return article_id(self.number)


class Recipe:
    """`count` articles, each made from its number alone."""

    def __init__(self, cut: Sequence[Cut], count: int, seed: int) -> None:
        self.count = count
        self._seed = seed
        self._titles = [article.title for article in cut]
        self._paragraphs = [one for article in cut for _, texts in article.sections for one in texts]
        several = [article for article in cut if sum(len(texts) for _, texts in article.sections) > 1]
        self._shapes = several or list(cut)
        self._new_words = max(1, int(count * NEW_WORDS_PER_ARTICLE))

    def plan(self, number: int) -> Plan:
        """What article `number` is made of."""
        chance = random.Random(self._seed << 40 | number)
        shape = chance.choice(self._shapes)
        parts: list[tuple[int, bool, tuple[Piece, ...]]] = [(TITLE, False, (chance.choice(self._titles),))]
        rare = 0
        for section, (heading, own) in enumerate(shape.sections):
            if heading:
                parts.append((section, True, (heading,)))
            text: list[Piece] = []
            for paragraph in own:
                kept = paragraph if chance.random() < KEPT_SHARE else chance.choice(self._paragraphs)
                rare += kept.rare
                text += [_BREAK, kept] if text else [kept]
            parts.append((section, False, tuple(text)))
        section, is_heading, pieces = parts[-1]
        if new := self._new(rare, chance):
            parts[-1] = section, is_heading, (*pieces, *([_BREAK] if pieces else []), new)
        published = Published(FIRST_DAY + timedelta(minutes=chance.randrange(MINUTES)))
        return Plan(number, tuple(parts), published, shape.source, chance.choices(DESKS, DESK_WEIGHTS)[0])

    def _new(self, rare: int, chance: random.Random) -> Piece | None:
        """A paragraph of new words for an article that has so many rare ones."""
        count = int(rare * NEW_SHARE / (1 - NEW_SHARE) + chance.random())
        shift, size = NEW_WORDS_SHIFT, self._new_words
        ranks = [int(shift * ((size + shift) / shift) ** chance.random() - shift) for _ in range(count)]
        return new_words(ranks) if ranks else None

    def analyzed(self, number: int) -> AnalyzedArticle:
        """Article `number` as an index takes it; about 100 microseconds."""
        return analyzed(self.plan(number))

    def __iter__(self) -> Iterator[AnalyzedArticle]:
        return map(self.analyzed, range(self.count))


def article_id(number: int) -> str:
    """Such as a0000017."""
    return f"a{number:07}"


def new_words(ranks: Sequence[int]) -> Piece:
    """`xab、xq。` with its terms; the full stop holds a position without one."""
    words = [new_word(rank) for rank in ranks]
    starts: list[int] = []
    at = 0
    for word in words:
        starts.append(at)
        at += len(word) + 1
    ends = [start + len(word) for start, word in zip(starts, words, strict=True)]
    return Piece(
        "、".join(words) + "。", (*words, ""), np.array([*starts, at - 1], np.uint32), np.array([*ends, at], np.uint32),
        (), (),
    )


@lru_cache(maxsize=1 << 16)
def new_word(rank: int) -> str:
    """Letters alone, which Sudachi never cuts apart, so that a reader who types the word finds it."""
    letters = ""
    while True:
        rank, digit = divmod(rank, 26)
        letters += chr(ord("a") + digit)
        if not rank:
            return f"xq{letters}"


def is_new(term: str) -> bool:
    """Whether the term is one of the new words."""
    return term.startswith("xq")


def analyzed(plan: Plan) -> AnalyzedArticle:
    """As `analysis.analyze` would have it of the whole article."""
    spans: list[PartSpan] = []
    terms: list[str] = []
    starts: list[np.ndarray[tuple[int], np.dtype[np.uint32]]] = []
    ends: list[np.ndarray[tuple[int], np.dtype[np.uint32]]] = []
    long_terms: list[LongTerm] = []
    mentions: list[Mention] = []
    position = 0
    for index, (section, is_heading, pieces) in enumerate(plan.parts):
        first_token = len(terms)
        offset = 0
        for piece in pieces:
            long_terms += [LongTerm(token + len(terms), term) for token, term in piece.long_terms]
            terms += piece.terms
            starts.append(piece.starts + np.uint32(offset))
            ends.append(piece.ends + np.uint32(offset))
            mentions += [
                Mention(index, start + offset, end + offset, found.surface, found.kind, entity_id, found.confidence)
                for start, end, entity_id, found in piece.names
            ]
            offset += len(piece.text)
        count = len(terms) - first_token
        spans.append(PartSpan(section, is_heading, first_token, count, position))
        position += count + SECTION_GAP
    analysis = Analysis.of(spans, terms, np.concatenate(starts), np.concatenate(ends), long_terms)
    texts = tuple("".join(piece.text for piece in pieces) for _, _, pieces in plan.parts)
    return AnalyzedArticle(
        plan.id, 1, plan.number + 1, analysis, tuple(mentions), plan.published, plan.source, plan.desk, texts
    )


def article(plan: Plan) -> Article:
    """The same with its text."""
    texts = {(section, is_heading): "".join(p.text for p in pieces) for section, is_heading, pieces in plan.parts}
    sections = sorted({section for section, _ in texts if section != TITLE})
    return Article(
        plan.id, texts[TITLE, False],
        tuple(Section(texts.get((section, True)), texts[section, False]) for section in sections),
        plan.published, plan.source, plan.desk,
    )


def names(plan: Plan) -> Iterator[FoundName]:
    """What `find_names` found in the pieces, at its place in the article; for `Archive.put_analysis`."""
    for index, (_, _, pieces) in enumerate(plan.parts):
        offset = 0
        for piece in pieces:
            for start, end, _, found in piece.names:
                yield FoundName(
                    index, start + offset, end + offset, found.surface, found.kind, found.entity_id, found.name,
                    found.confidence, found.role,
                )
            offset += len(piece.text)
