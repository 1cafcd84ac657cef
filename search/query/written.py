"""Tree -> the text of the search box, in one form: for the labels of conditions and for saved queries."""

from __future__ import annotations

import re

from search.query.dates import Span
from search.query.fields import DATE, NAMES, TITLE, field_at
from search.query.model import (
    And,
    Chosen,
    Close,
    Exact,
    InTitle,
    Not,
    Or,
    Phrase,
    Published,
    Similar,
    StartsWith,
    Together,
    Tree,
    Word,
)
from search.query.scanning import BELOW_ZERO, CLOSERS, NEAR_WORDS, operator

# What parts tokens, and what means something where a token begins or ends.
_PLAIN = re.compile(r"[^\s()（）+＋=＝\-－−‐‑–ー、。，,；;…‥][^\s()（）]*(?<![、。，,；;…‥])\Z")
_MARKS = frozenset("".join(CLOSERS) + "".join(CLOSERS.values()))
_PAIRS = (('"', '"'), ("「", "」"), ("『", "』"), ("“", "”"), ("«", "»"), ("〝", "〟"), ("｢", "｣"))

# How tightly each kind binds, a space least; what is not listed needs no brackets.
_BINDING: dict[type, int] = {And: 0, Or: 1, Together: 2, Close: 3}
_TIGHTEST = 4


def written(tree: Tree) -> str:
    """The query that reads as `tree`: `syntax.read(written(tree)).tree == tree`.

    That holds for every tree that `syntax.read` makes out of a text whose brackets nest at most seven deep.
    """
    match tree:
        case And(children):
            return _in_a_row(children, " ", 0)
        case Or(children):
            return _in_a_row(children, " OR ", 1)
        case Together(children):
            return _in_a_row(children, " SAME ", 2)
        case Close(children, distance):
            return _in_a_row(children, " NEAR " if distance == NEAR_WORDS else f" NEAR/{distance} ", 3)
        case Not(child):
            text = _bracketed(child, _TIGHTEST)
            return f"NOT {text}" if BELOW_ZERO.match(f"-{text}") else f"-{text}"
        case InTitle(Chosen() as child):        # the value of a field is never read as a field
            return f"{NAMES[TITLE][0]}:({written(child)})"
        case InTitle(child):
            return f"{NAMES[TITLE][0]}:{_bracketed(child, _TIGHTEST)}"
        case Chosen(facet, value):
            return f"{NAMES[facet][0]}:{_value(value)}"
        case Published(since, until):
            return f"{NAMES[DATE][0]}:{Span(since, until).written()}"
        case Word(text):
            return f"+{text}" if operator(text) else text
        case StartsWith(text):
            return f"{text}*"
        case Similar(text):
            return f"{text}~"
        case Phrase(text):
            return _quoted(text)
        case Exact(text):
            return f"={_value(text)}"


def _in_a_row(children: tuple[Tree, ...], between: str, binding: int) -> str:
    return between.join(_bracketed(child, binding + 1) for child in children)


def _bracketed(tree: Tree, binding: int) -> str:
    """The tree, in brackets if it binds less tightly than that."""
    text = written(tree)
    return f"({text})" if _BINDING.get(type(tree), _TIGHTEST) < binding else text


def _value(text: str) -> str:
    plain = _PLAIN.match(text) and _MARKS.isdisjoint(text) and not field_at(text, 0) and not text.startswith("//")
    return text if plain else _quoted(text)


def _quoted(text: str) -> str:
    """In the first marks that do not close inside of it."""
    for opener, closer in _PAIRS:
        if not any(mark in text for mark in CLOSERS[opener]):
            return opener + text + closer
    return f'"{text}'       # a text with every kind of marks closes where it must
