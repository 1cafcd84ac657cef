"""Titles that break between phrases (文節) and nowhere else: 日銀が｜利上げを｜決定.

BudouX (Apache 2.0, https://github.com/google/budoux) finds them with a model of 40 kB that comes with it, in some 85
microseconds a title. `word-break: auto-phrase` does the same, but in Chromium alone; kijigura.css has the other half.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import accumulate, pairwise

import budoux
from markupsafe import Markup, escape

from search.results import Snippet
from web.markup import marked, stretch

TITLES_KEPT = 1 << 12
"""The same titles stand on many pages."""

LONGEST_CHARS = 200
"""Code points of a title; a longer one is a text, which breaks anywhere."""


def phrased(text: Snippet | str) -> Markup:
    """The text with its marks and readings, as `marked` draws it, and <wbr> between its phrases."""
    snippet = Snippet(text) if isinstance(text, str) else text
    ends = phrase_ends(snippet.text)
    if not ends:
        return marked(snippet)
    if snippet.ruby:
        free = [end for end in ends if not any(ruby.start < end < ruby.end for ruby in snippet.ruby)]
        starts = [0, *free]
        return Markup("<wbr>").join(
            stretch(snippet, start, end) for start, end in zip(starts, [*free, len(snippet.text)], strict=True)
        )
    drawn: list[str] = []
    at = 0
    for piece, is_marked in snippet.pieces():
        cuts = [0, *(end - at for end in ends if at < end < at + len(piece)), len(piece)]
        html = "<wbr>".join([str(escape(piece[start:end])) for start, end in pairwise(cuts)])
        drawn.append("<wbr>" if at in ends else "")
        drawn.append(f"<mark>{html}</mark>" if is_marked else html)
        at += len(piece)
    return Markup("".join(drawn))


@lru_cache(maxsize=TITLES_KEPT)
def phrase_ends(text: str) -> tuple[int, ...]:
    """Where one phrase ends and the next begins, in code points, ascending."""
    if not text or len(text) > LONGEST_CHARS:
        return ()
    return tuple(accumulate(map(len, _parser().parse(text))))[:-1]


@cache
def _parser() -> budoux.Parser:
    return budoux.load_default_japanese_parser()
