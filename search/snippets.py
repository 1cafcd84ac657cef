"""Text and the spans that answered -> a stretch of it worth reading. Text and spans, never HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from search.articles import Ruby
from search.results import NameMark, Snippet

Span = tuple[int, int]

MAX_CHARS = 120
"""Code points of a snippet: three lines of a phone, two of a desk."""

ENOUGH_MARKS = 3

_SENTENCE_ENDS = "。！？\n"
_CLAUSE_ENDS = "、，」）"


def make_snippet(text: str, marks: Sequence[Span], *, max_chars: int = MAX_CHARS) -> Snippet:
    """Return the stretch of `text` that holds the most different marked words, then the most marks.

    marks: spans of `text` in code points, ascending, not overlapping, end excluded.
    max_chars: code points. The stretch begins with a sentence where one begins near enough.
    If there is no mark, the opening of the text.
    """
    start = _best_start(text, marks, max_chars) if marks else 0
    start = _sentence_start(text, start, marks, max_chars)
    end = _sentence_end(text, start, max_chars, marks)
    return cut(text, start, end, marks)


def cut(
    text: str, start: int, end: int, marks: Sequence[Span], names: Sequence[NameMark] = (), ruby: Sequence[Ruby] = ()
) -> Snippet:
    """The stretch from `start` to `end` with its marks, names and readings; line breaks become spaces."""
    inside = tuple(
        (max(a, start) - start, min(b, end) - start) for a, b in marks if a < end and b > start
    )
    return Snippet(
        text[start:end].replace("\n", " "), inside, opens=start == 0, closes=end >= len(text.rstrip()),
        names=tuple(
            replace(n, start=max(n.start, start) - start, end=min(n.end, end) - start)
            for n in names if n.start < end and n.end > start
        ),
        ruby=tuple(
            replace(r, start=r.start - start, end=r.end - start) for r in ruby if r.start >= start and r.end <= end
        ),
    )


def _best_start(text: str, marks: Sequence[Span], max_chars: int) -> int:
    best, best_worth = marks[0][0], (0, 0)
    last = 0
    for first, (start, _) in enumerate(marks):
        while last < len(marks) and marks[last][1] <= start + max_chars:
            last += 1
        held = marks[first:last]
        # More marks than a reader needs are a list of links or sources rather than a sentence.
        worth = (len({text[a:b] for a, b in held}), min(len(held), ENOUGH_MARKS))
        if worth > best_worth:
            best, best_worth = start, worth
    return best


def _sentence_start(text: str, start: int, marks: Sequence[Span], max_chars: int) -> int:
    """Go back from `start` to the beginning of its sentence, or of its clause, as far as the marks allow."""
    last = max((b for a, b in marks if start <= a and b <= start + max_chars), default=start)
    room = max(0, max_chars - (last - start) - max_chars // 4)
    earliest = max(0, start - room)
    if earliest == 0:
        before = text.rfind("\n\n", 0, start)
        return before + 2 if before >= 0 else 0
    for ends in (_SENTENCE_ENDS, _CLAUSE_ENDS):
        found = max(text.rfind(end, earliest, start) for end in ends)
        if found >= 0:
            return found + 1
    return max(earliest, start - max_chars // 4)


def _sentence_end(text: str, start: int, max_chars: int, marks: Sequence[Span]) -> int:
    end = min(len(text), start + max_chars)
    if end == len(text):
        return end
    last = max((b for a, b in marks if start <= a < end), default=start)
    found = max(text.rfind(mark, max(last, start + max_chars * 2 // 3), end) for mark in _SENTENCE_ENDS)
    return found + 1 if found >= 0 else end


def paragraphs(
    text: str, marks: Sequence[Span], names: Sequence[NameMark] = (), ruby: Sequence[Ruby] = ()
) -> tuple[Snippet, ...]:
    """The whole text, paragraph by paragraph, each with its marks, names and readings."""
    borders = [0]
    at = text.find("\n\n")
    while at >= 0:
        borders.append(at + 2)
        at = text.find("\n\n", at + 2)
    borders.append(len(text) + 2)
    return tuple(cut(text, start, end - 2, marks, names, ruby) for start, end in pairwise(borders) if start < end - 2)
