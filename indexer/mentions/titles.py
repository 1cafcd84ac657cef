"""Titles and honorifics after a name, and what each says about the name before it."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple

from search.names import load_data

Sort = Literal["honorifics", "offices", "posts", "heads", "local", "age"]


class Title(NamedTuple):
    """sort: the table in `titles.toml`, or "age" for （25）. words: the title without modifiers, "" for an age."""

    sort: Sort
    words: str


# A person's age in brackets, as after the first mention in reports of accidents and crimes: 山田太郎さん（25）.
_AGE = re.compile(r"[（(](?:[1-9１-９][0-9０-９]?|1[01][0-9])歳?[）)＝=]")


@cache
def _pattern() -> tuple[re.Pattern[str], dict[str, Sort]]:
    data = load_data("titles")
    sorts: tuple[Sort, ...] = ("local", "heads", "posts", "offices", "honorifics")
    sort_of = {word: sort for sort in sorts for word in data[sort]}
    return re.compile(
        f"・?(?:{_any(data['modifiers'])})*(?!{_any(data['not_titles'])})(?P<words>{_any(sort_of)})"
    ), sort_of


def _any(words: list[str] | dict[str, Sort]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


@cache
def _openings() -> frozenset[str]:
    data = load_data("titles")
    words = (word for table, words in data.items() if table != "not_titles" for word in words)
    return frozenset("・（(") | {word[0] for word in words}


def title_at(text: str, position: int) -> Title | None:
    """The title that begins at `position` of the text, if any: 首相 in 安倍|元首相."""
    if position >= len(text) or text[position] not in _openings():
        return None
    pattern, sort_of = _pattern()
    found = pattern.match(text, position)
    if found:
        return Title(sort_of[found["words"]], found["words"])
    return Title("age", "") if _AGE.match(text, position) else None
