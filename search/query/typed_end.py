"""Which end of a query is being typed, and may become a name: しゅう of 停戦 しゅう, 習 of 人物:習."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from search.query.fields import field_at

MOST_CHARS = 40
"""Of an end. Longer ones are no name that anybody still types."""

MOST_WORDS = 3
"""Words in Latin letters that are tried as one name: United Arab Em."""

COMPLETED_FIELDS = ("person", "country", "organization", "place", "topic")

# What parts words in a query, and a minus before one.
_BEFORE_WORD = re.compile(r"""(?:^|[\s()（）"“”「」『』|｜])[-−－‐]?""")
_LATIN_WORDS = re.compile(r"[A-Za-zÀ-ɏ.'’\-]+(?: [A-Za-zÀ-ɏ.'’\-]+)* ?")


class TypedEnd(NamedTuple):
    """The last characters of a text. field: the one that its value is typed for, None for a word of the text."""

    typed: str
    field: str | None


def typed_ends(text: str) -> Iterator[TypedEnd]:
    """The ends of `text` that may become one name, the longest first; none where a name would be out of place.

    Words in Latin letters are tried together, since names in English have several.
    """
    starts = [match.end() for match in _BEFORE_WORD.finditer(text)]
    first = starts[-1] if starts else 0
    if text[first:].startswith(("=", "＝")):
        return      # =文字列 is what is looked for, to the letter
    tried: list[TypedEnd] = []
    for start in reversed(starts[-MOST_WORDS:]):
        found = field_at(text, start)
        end = TypedEnd(text[found[1]:], found[0]) if found else TypedEnd(text[start:], None)
        if start != first and not _LATIN_WORDS.fullmatch(end.typed):
            break
        tried.append(end)
        if found:
            break
    for end in reversed(tried):
        if 0 < len(end.typed) <= MOST_CHARS and end.field in (None, *COMPLETED_FIELDS):
            yield end
