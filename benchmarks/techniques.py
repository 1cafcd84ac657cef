"""The default search with one of its techniques switched off, to see what each is worth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from search import asking
from search.latin_words import LatinWords
from search.query import expanded, expansion, runs, words
from search.query.model import Request
from search.whoosh_engine import closeness
from search.wordbook import Wordbook


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to ask. asked: the request of a person -> what is asked instead. during: entered while it is asked."""

    name: str
    asked: Callable[[Request], Request] = lambda request: request
    during: Callable[[], AbstractContextManager[object]] = nullcontext


DEFAULT = Variant("default")


def _with(*changes: tuple[object, str, Any]) -> Callable[[], AbstractContextManager[object]]:
    """(owner, attribute, value): what is otherwise while the queries are asked."""
    @contextmanager
    def during() -> Iterator[None]:
        with ExitStack() as stack:
            for owner, attribute, value in changes:
                stack.enter_context(patch.object(owner, attribute, value))
            yield
    return during


def _nothing(*_: object) -> tuple[()]:
    return ()


def _none(*_: object) -> None:
    return None


WITHOUT = (
    Variant("other forms of words: as typed", lambda request: replace(request, as_typed=True)),
    Variant("spellings (齋藤/斎藤, 申し込み/申込)", during=_with((Wordbook, "_spellings", _nothing))),
    Variant("synonyms, abbreviations, numbers, readings", during=_with(
        (Wordbook, "_other_forms", _nothing), (Wordbook, "_wholes", _nothing),
    )),
    Variant("English, romaji", during=_with((LatinWords, "abroad", _none))),
    Variant("entities of names", during=_with((Wordbook, "_meant", _nothing))),
    Variant("entities in partial matches", during=_with((expansion, "NAMED_WEIGHT", 1e-9))),
    Variant("long units in partial matches", during=_with((expanded, "WHOLE_WEIGHT", 1e-9))),
    Variant("parts of speech", during=_with((words, "IMPORTANCE", {}))),
    Variant("pairs of characters", during=_with((expanded.Expanded, "pairs", property(_nothing)))),
    Variant("full matches of a sentence in the lead", during=_with((runs, "SENTENCE_WORDS", 10_000))),
    Variant("words in the lead", during=_with((closeness, "WORDS_IN_LEAD", 0.0))),
    Variant("pairs in the lead", during=_with((closeness, "PAIRS_IN_LEAD", 0.0))),
    Variant("words side by side", during=_with((closeness, "SIDE_BY_SIDE", 0.0))),
    Variant("lead and nearness", during=_with((asking, "Closeness", _none))),
    Variant("partial matches", during=_with((asking.Asked, "partial", _none))),
)
"""The name says what is missing."""
