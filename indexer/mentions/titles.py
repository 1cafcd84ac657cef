"""Titles and honorifics after a name, and what each says about the name before it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Literal, NamedTuple

from search.names import load_data

Sort = Literal["honorifics", "offices", "posts", "heads", "local", "age"]


class Title(NamedTuple):
    """sort: the table in `titles.toml`, or "age" for （25）. words: the title without modifiers, "" for an age."""

    sort: Sort
    words: str


# After these a word is a person even if it is also a firm or a town: 氏 in ホンダ氏.
STRONG = frozenset("氏 さん 容疑者 被告 被告人 受刑者 死刑囚 元死刑囚".split())
# After these even a common noun is: ストロー外相.
EVEN_AFTER_THINGS = frozenset("氏 容疑者 被告 被告人 受刑者 死刑囚 首相 外相 国務長官 国防長官".split())
# After a word that is a place as well as a surname: 宮崎外相, 石川監督.
OF_STATESMEN = frozenset("大統領 首相 外相 国務長官 国防長官 防衛相 財務相 官房長官 議員 監督 内閣 政権".split())
SPORTING = frozenset("選手 監督 コーチ".split())

OF_PERSONS: frozenset[Sort] = frozenset(("honorifics", "offices", "posts", "age"))
OF_STATE: frozenset[Sort] = frozenset(("honorifics", "offices", "age"))
NOT_OF_PLACES: frozenset[Sort] = frozenset(("honorifics", "heads", "age"))
AFTER_FULL_NAMES: frozenset[Sort] = frozenset(("honorifics", "age"))

# A person's age in brackets, as after the first mention in reports of accidents and crimes: 山田太郎さん（25）.
_AGE = re.compile(r"[（(](?:[1-9１-９][0-9０-９]?|1[01][0-9])歳?[）)＝=]")


@cache
def _pattern() -> tuple[re.Pattern[str], dict[str, Sort]]:
    data = load_data("titles")
    sorts: tuple[Sort, ...] = ("local", "heads", "posts", "offices", "honorifics")
    sort_of = {word: sort for sort in sorts for word in data[sort]}
    # 氏 stands right after the name; 元, 前 and the like go before the others only: 安倍|元首相, 磯崎新|氏.
    others = [word for word in sort_of if word not in data["right_after"]]
    words = f"{_any(data['right_after'])}|・?(?:{_any(data['modifiers'])})*?(?P<modified>{_any(others)})"
    return re.compile(f"(?!{_any(data['not_titles'])})(?:{words})"), sort_of


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


@cache
def _openings() -> frozenset[str]:
    data = load_data("titles")
    others = ("not_titles", "sports", "before", "polite")
    words = (word for table, words in data.items() if table not in others for word in words)
    return frozenset("・（(") | {word[0] for word in words}


_TELLING: tuple[Sort, ...] = ("offices", "posts", "heads", "local", "honorifics")


def most_telling(titles: Iterable[str]) -> str:
    """Of the titles of one person the one that tells most about who it is, the first of its sort; "" for none."""
    sort_of, polite = _pattern()[1], load_data("titles")["polite"]
    telling = [title for title in titles if title in sort_of and title not in polite]
    return min(telling, key=lambda title: _TELLING.index(sort_of[title]), default="")


@cache
def _before() -> re.Pattern[str]:
    return re.compile(f"(?:{_any(load_data('titles')['before'])})$")


def title_before(text: str, position: int) -> str:
    """The title that ends at `position` of the text, if it may stand before a name (教皇フランシスコ)."""
    if position == 0 or text[position - 1] not in _last_letters():
        return ""
    found = _before().search(text, max(0, position - _LONGEST_BEFORE), position)
    return found.group() if found else ""


@cache
def _last_letters() -> frozenset[str]:
    return frozenset(word[-1] for word in load_data("titles")["before"])


_LONGEST_BEFORE = 8


def is_title(word: str) -> bool:
    """Whether the word is a title or an honorific."""
    return word in _pattern()[1]


def title_at(text: str, position: int) -> Title | None:
    """The title that begins at `position` of the text, if any: 首相 in 安倍|元首相."""
    if position >= len(text) or text[position] not in _openings():
        return None
    pattern, sort_of = _pattern()
    found = pattern.match(text, position)
    if found:
        words = found["modified"] or found.group()
        return Title(sort_of[words], words)
    return Title("age", "") if _AGE.match(text, position) else None


def is_strong(title: Title | None) -> bool:
    """Whether the title makes a person of a word that is also a firm or a town."""
    return title is not None and title.words in STRONG


def is_of(title: Title | None, sorts: frozenset[Sort]) -> bool:
    """Whether there is a title, of one of these sorts."""
    return title is not None and title.sort in sorts
