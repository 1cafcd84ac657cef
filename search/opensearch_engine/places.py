"""Where words, names and characters stand in one article."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search.closeness import LEAD_CHARS
from search.japanese.analysis import SECTION_GAP
from search.opensearch_engine.indexed import IndexedArticle
from search.query.model import LEAD_TOKENS, Chars, Forms, InHeadline, Leaf, Named, Prefix, Term
from search.query.model import Sequence as TermSequence
from search.scoring import HEADING_WEIGHT, TEXT_WEIGHT, TITLE_WEIGHT

Span = tuple[int, int]
"""Positions, as `Analysis` has them: the first, and the end, excluded."""

Place = tuple[int, int]
"""(index of the part, code points before it)"""

Ints = NDArray[np.int64]

PART_SCALE = 1 << 40
"""More than a part has code points: on a scale on which each part has so many, no part reaches into the next one."""


class Places:
    """Looks everything up when it is first asked for; what was found of a leaf is kept.

    weights: what a word weighs in each part. sections: of each part.
    """

    def __init__(self, article: IndexedArticle, terms_of: Callable[[str], Collection[str]]) -> None:
        """terms_of: entity -> what stands for it in the index."""
        self._article = article
        self._terms_of = terms_of
        parts = article.analysis.parts
        self._first_positions = [part.first_position for part in parts]
        self.sections = [part.section for part in parts]
        self.weights = [
            TITLE_WEIGHT if part.section < 0 else HEADING_WEIGHT if part.is_heading else TEXT_WEIGHT for part in parts
        ]
        self._spans: dict[Leaf, Sequence[Span]] = {}
        self._characters: dict[Chars, Sequence[Place]] = {}

    # ---- leaves ----

    def spans(self, leaf: Leaf) -> Sequence[Span]:
        """Every occurrence, ascending. Of a name, all that a mention covers; of several forms, those of all.

        Of characters, the token that the first one is in, or the one before it in their part.
        """
        found = self._spans.get(leaf)
        if found is None:
            found = self._spans[leaf] = self._found(leaf)
        return found

    def _found(self, leaf: Leaf) -> Sequence[Span]:
        match leaf:
            case Term(term):
                return [(at, at + 1) for at in self._positions(term)]
            case TermSequence(terms, slop):
                return list(self._in_order(terms, slop))
            case Prefix(prefix):
                numbers = [number for word, number in self._numbers.items() if word.startswith(prefix)]
                return [(at, at + 1) for at in sorted(set(self._positions_of(numbers)))] if numbers else []
            case Named(entity_id):
                named = self._mentions.keys() & self._terms_of(entity_id) if self._mentions else ()
                return sorted(span for term in named for span in self._mentions[term])
            case Chars():
                return [(at, at + 1) for at in self._tokens_at(self.characters(leaf))]
            case Forms(leaves):
                return sorted(span for one in leaves for span in self.spans(one))
            case InHeadline(inner):
                return [span for span in self.spans(inner) if self.weights[self.part(span[0])] > TEXT_WEIGHT]

    def characters(self, leaf: Leaf) -> Sequence[Place]:
        """Where the characters of a `Chars`, or one in a headline, begin, ascending."""
        if isinstance(leaf, InHeadline):
            return [place for place in self.characters(leaf.leaf) if self.weights[place[0]] > TEXT_WEIGHT]
        assert isinstance(leaf, Chars)
        if leaf not in self._characters:
            self._characters[leaf] = list(self._of_characters(leaf))
        return self._characters[leaf]

    def terms_beginning(self, prefix: str) -> Iterator[int]:
        """The position of every term that begins so; twice, where a short and a long one do."""
        yield from self._positions_of(number for word, number in self._numbers.items() if word.startswith(prefix))

    # ---- parts ----

    def part(self, position: int) -> int:
        """The index of the part that the position is in."""
        return bisect_right(self._first_positions, position) - 1

    def without_gaps(self, position: int) -> int:
        """The position, if parts were next to each other but for one empty place."""
        return position - (SECTION_GAP - 1) * self.part(position)

    def is_in_lead(self, position: int) -> bool:
        """Whether a token is in the title, or among the first LEAD_TOKENS of what follows."""
        if self.sections[self.part(position)] < 0:
            return True
        return self.without_gaps(position) - self.without_gaps(self._first_positions[self._first_of_text]) < LEAD_TOKENS

    def has_in_lead(self, place: Place) -> bool:
        """Whether a character is in the title, or among the first LEAD_CHARS of what follows."""
        part, at = place
        before = sum(map(len, self._article.texts[self._first_of_text : part]))
        return self.sections[part] < 0 or before + at < LEAD_CHARS

    @cached_property
    def _first_of_text(self) -> int:
        """The first part that is not the title, which comes first, where there is one."""
        return int(bool(self.sections) and self.sections[0] < 0)

    # ---- lengths ----

    @cached_property
    def terms(self) -> int:
        """How many terms stand in the article; those of one token count each."""
        return int(np.count_nonzero(self._article.analysis.numbers)) + len(self._more_tokens)

    @cached_property
    def mentions(self) -> int:
        """How many names stand in the article."""
        return sum(map(len, self._mentions.values()))

    @cached_property
    def lead_tokens(self) -> int:
        """How many tokens the lead has, about: a title counts as if it were part of them."""
        analysis = self._article.analysis
        return min(len(analysis.starts) + len(analysis.parts), LEAD_TOKENS)

    # ---- words ----

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """Word -> its number, as `Analysis` has it."""
        words = self._article.analysis.words.split("\n")
        return dict(zip(words[1:], range(1, len(words)), strict=True))      # the first one is no word

    @cached_property
    def _more(self) -> Ints:
        """The terms that stand at a token beside its short one, each once: token << 32 | number of the term."""
        analysis = self._article.analysis
        tokens, numbers = analysis.long_tokens.astype(np.int64), analysis.long_numbers.astype(np.int64)
        differs = (numbers > 0) & (numbers != analysis.numbers.take(tokens))
        return np.unique((tokens << 32 | numbers)[differs])

    @cached_property
    def _more_tokens(self) -> Ints:
        return self._more >> 32

    @cached_property
    def _more_numbers(self) -> Ints:
        return self._more & ((1 << 32) - 1)

    @cached_property
    def _position_of_token(self) -> Ints:
        parts = self._article.analysis.parts
        gaps = [part.first_position - part.first_token for part in parts]
        return np.repeat(gaps, [part.tokens for part in parts]) + np.arange(len(self._article.analysis.starts))

    def _positions(self, term: str) -> list[int]:
        """Where a term stands, ascending."""
        number = self._numbers.get(term)
        if number is None:
            return []
        tokens = (self._article.analysis.numbers == number).nonzero()[0]
        more = (self._more_numbers == number).nonzero()[0]
        if len(more):
            tokens = np.sort(np.concatenate((tokens, self._more_tokens.take(more))))
        positions: list[int] = self._position_of_token.take(tokens).tolist()
        return positions

    def _positions_of(self, numbers: Iterable[int]) -> list[int]:
        """Where terms stand, in no order; twice, where two of them do."""
        is_wanted = np.zeros(len(self._numbers) + 1, np.bool_)
        is_wanted[list(numbers)] = True
        tokens = is_wanted.take(self._article.analysis.numbers).nonzero()[0]
        more = self._more_tokens[is_wanted.take(self._more_numbers)]
        positions: list[int] = self._position_of_token.take(np.concatenate((tokens, more))).tolist()
        return positions

    def _in_order(self, terms: Sequence[str], slop: int) -> Iterator[Span]:
        """From each place of the first term, to where the chain that ends first does."""
        standing: list[list[int]] = []
        for term in terms:
            standing.append(self._positions(term))
            if not standing[-1]:
                return
        ends = {at: at + 1 for at in standing[-1]}
        for positions in reversed(standing[:-1]):
            # A later start never leads to an earlier end, so the nearest is also the one that ends first.
            ends = {
                at: ends[following] for at in positions
                if (following := self._next(ends, at, slop)) is not None
            }
        yield from ends.items()

    def _next(self, ends: dict[int, int], at: int, slop: int) -> int | None:
        """The first of the places after `at`, in its part, with at most so many between."""
        if not slop:
            return at + 1 if at + 1 in ends else None
        return next((
            place for place in ends if at < place <= at + slop + 1 and self.part(place) == self.part(at)
        ), None)

    # ---- names ----

    @cached_property
    def _mentions(self) -> dict[str, list[Span]]:
        """Term of a name -> what its mentions cover; of those that cover a token at all."""
        mentions = self._article.mentions
        found: dict[str, list[Span]] = {}
        if not mentions:
            return found
        analysis = self._article.analysis
        scale = np.repeat(np.arange(len(analysis.parts)) * PART_SCALE, [part.tokens for part in analysis.parts])
        part, start, end = np.array([one[:3] for one in mentions], np.int64).T
        first = np.searchsorted(scale + analysis.ends, part * PART_SCALE + start, side="right").tolist()
        last = np.searchsorted(scale + analysis.starts, part * PART_SCALE + end, side="left").tolist()
        for mention, token, end_token in zip(mentions, first, last, strict=True):
            if token < end_token:
                at = int(self._position_of_token[token])
                found.setdefault(mention.term, []).append((at, at + end_token - token))
        return found

    # ---- characters ----

    def _of_characters(self, leaf: Chars) -> Iterator[Place]:
        for part, text in enumerate(self._article.texts if leaf.text else ()):
            at = text.find(leaf.text)
            while at >= 0:
                if not leaf.whole or (self._is_border(part, at) and self._is_border(part, at + len(leaf.text))):
                    yield part, at
                at = text.find(leaf.text, at + 1)

    def _is_border(self, part: int, at: int) -> bool:
        """Whether no token goes on there."""
        tokens = self._tokens(part)
        analysis = self._article.analysis
        goes_on = int(analysis.ends[tokens].searchsorted(at, side="right"))
        return goes_on == tokens.stop - tokens.start or int(analysis.starts[tokens][goes_on]) >= at

    def _tokens_at(self, places: Iterable[Place]) -> Iterator[int]:
        """The position of the token that each place is in, or of the one before it, or the first of the part."""
        for part, at in places:
            begun = int(self._article.analysis.starts[self._tokens(part)].searchsorted(at, side="right"))
            yield self._first_positions[part] + max(begun - 1, 0)

    def _tokens(self, part: int) -> slice:
        span = self._article.analysis.parts[part]
        return slice(span.first_token, span.first_token + span.tokens)
