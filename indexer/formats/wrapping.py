"""Lines that an editor wrapped: Japanese has no space where the line ends, other scripts do."""

from __future__ import annotations

import re

# Kana, kanji, their marks, full-width forms: a line break beside one of them is no space.
WIDE = "\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
WRAP_IN_JAPANESE = re.compile(rf"(?<=[{WIDE}])[ \t]*[\r\n]\s*(?=[{WIDE}])")
ENDS_WIDE = re.compile(rf"[{WIDE}]\Z")
BEGINS_WIDE = re.compile(rf"[{WIDE}]")


def join_lines(first: str, second: str) -> str:
    """Two lines of one paragraph as one."""
    first, second = first.rstrip(), second.lstrip(" \t")
    if ENDS_WIDE.search(first) and BEGINS_WIDE.match(second):
        return first + second
    return f"{first} {second}"


def unwrap(text: str) -> str:
    """Text of a markup where line breaks are white space: each run is one space, or none within Japanese."""
    return re.sub(r"[ \t\r\n\f]+", " ", WRAP_IN_JAPANESE.sub("", text))
