"""A query as expansion leaves it: what full matches have, what partial ones may lack, what was done to its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple, Protocol

from search.articles import Entity
from search.query.forms import Form
from search.query.model import (
    AllOf,
    AnyOf,
    Boosted,
    Chars,
    Leaf,
    Node,
    Simple,
    Without,
)
from search.query.words import TypedWord

CUT_OTHERWISE_WEIGHT = 0.02
"""Of a word that an article has with its parts cut otherwise: so little that it comes after any that has the word."""

MAX_PAIRS = 100
"""Three times as many as the longest headline has."""

PAIR_WEIGHT = 0.2
"""Of a pair of characters, beside 1 for a word; chosen on judged sets, docs/quality.md."""

WHOLE_WEIGHT = 0.3
"""Of a word of several short units, which count beside it in what matches in part."""

MIN_PARTIAL_CHARS = 6
"""Of a single word that nothing has: a shorter one has too few pairs of characters to look for what is like it."""


class Written(NamedTuple):
    """A form, and what the index has of it."""

    form: Form
    leaf: Simple


@dataclass(frozen=True, slots=True)
class Abroad:
    """Latin words side by side that are one name or term. count: how many words."""

    count: int
    entities: tuple[Entity, ...]
    forms: tuple[Written, ...]


class Words(Protocol):
    """What expansion asks about words."""

    def meant(self, text: str) -> tuple[Entity, ...]:
        """The entities that the text names, perhaps with a title."""

    def bearing(self, name: str) -> tuple[Entity, ...]:
        """The entities with just that name, for names that were typed with a space in them (習 近平, Xi Jinping)."""

    def chosen(self, facet: str, value: str) -> tuple[Node, ...]:
        """The values of a facet that are called so; () for none."""

    def forms(self, word: TypedWord) -> tuple[Written, ...]:
        """Other forms of a word that this archive has, the likeliest first."""

    def wholes(self, text: str) -> tuple[Written, ...]:
        """What all that was typed without a space may be: a date, a reading, a term of several words."""

    def abroad(self, words: Sequence[str]) -> Abroad | None:
        """The longest name or term that Latin words begin with."""

    def similar(self, text: str) -> tuple[Written, ...]:
        """Words of the archive that differ from a typed one by one letter."""


class AsTyped:
    """`Words` that stand for themselves alone; names of fields still are what they are."""

    def __init__(self, words: Words) -> None:
        self.chosen = words.chosen
        self.similar = words.similar

    def meant(self, text: str) -> tuple[Entity, ...]:
        return ()

    def bearing(self, name: str) -> tuple[Entity, ...]:
        return ()

    def forms(self, word: TypedWord) -> tuple[Written, ...]:
        return ()

    def wholes(self, text: str) -> tuple[Written, ...]:
        return ()

    def abroad(self, words: Sequence[str]) -> Abroad | None:
        return None


class Taken(NamedTuple):
    """A form that a typed word was also looked for in, or would be if it were not switched off."""

    word: str
    form: Form
    is_off: bool


class Sought(NamedTuple):
    """A word of the query, which every full match has and a partial one may lack.

    text: as it was typed. parts: short units in order, or the word itself, with what a hit of each says.
    """

    text: str
    node: Node
    parts: tuple[tuple[Leaf, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Expanded:
    """What was typed, ready for an engine.

    root: full matches. sought: the words in them, in the order typed. required: what partial matches must have too.
    typed: the texts that the words are of.
    entities: (word, entity) for each word that was taken for a name; switched off: those that would be.
    forms: of the words. is_sentence: full matches have words in their lead that were typed as a sentence.
    nobody: (facet, value) of fields that ask for what the archive does not have.
    """

    root: Node
    sought: tuple[Sought, ...] = ()
    required: tuple[Node, ...] = ()
    typed: tuple[str, ...] = ()
    entities: tuple[tuple[str, Entity], ...] = ()
    switched_off: tuple[tuple[str, Entity], ...] = ()
    forms: tuple[Taken, ...] = ()
    nobody: tuple[tuple[str, str], ...] = ()
    is_sentence: bool = False

    @property
    def pairs(self) -> tuple[str, ...]:
        """The first pairs of neighbouring characters in what was typed; none of letters, hiragana or punctuation."""
        pairs = (text[at : at + 2] for text in self.typed for at in range(min(len(text) - 1, MAX_PAIRS)))
        kept = dict.fromkeys(pair for pair in pairs if not _SAYS_LITTLE.fullmatch(pair))
        return tuple(islice(kept, MAX_PAIRS))

    @property
    def partial(self) -> Node | None:
        """Articles that have some of the words, or characters of them; None where that makes no sense."""
        if len(self.sought) < 2 and sum(len(sought.text) for sought in self.sought) < MIN_PARTIAL_CHARS:
            return None
        words = {leaf: Boosted(leaf, worth) if worth != 1 else leaf for leaf, worth in self.parts}
        wholes = (Boosted(sought.node, WHOLE_WEIGHT) for sought in self.sought if sought.node not in words)
        pairs = (Boosted(Chars(pair), PAIR_WEIGHT) for pair in self.pairs)
        return AllOf((AnyOf((*words.values(), *wholes, *pairs)), *self.required, Without(self.root)))

    @property
    def parts(self) -> tuple[tuple[Leaf, float], ...]:
        """The words, or the short units of long ones, each once, with what a hit of each says."""
        return tuple(dict(part for sought in self.sought for part in sought.parts).items())


_SAYS_LITTLE = re.compile(r"[ぁ-ゟ]{2}|[A-Za-z0-9]{2}|.?[^\w].?", re.DOTALL)
