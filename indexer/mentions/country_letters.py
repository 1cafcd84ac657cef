"""Countries by one character, which newspapers are full of, together with others: 米中, 訪米, 米軍.

One that stands by itself is for `country_singles`.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from indexer.mentions.country_names import Found, country_data, span
from indexer.mentions.looks import Look, look
from indexer.mentions.runs import CONNECTORS, Run, Span
from indexer.mentions.titles import title_at

_Pieces = tuple[tuple[int, int, str], ...]      # start and end within the word, id

_LONGEST_PIECE = 4      # the longest unit of abbreviations alone: 日米豪印
_LONGEST_COMPOUND = 12      # characters

# What ends with a letter but goes on as another word: 米|中西部, 英|中銀.
_NOT_CHINA = re.compile("西部|央|間選|間|枢|堅|継|銀|東(?!情勢)|古|小|南米|等|途|高年")
STRONG = "米英仏独露韓豪伊"
NORTH = "北"
"""North Korea to a headline, and north to all others; so it is none of `letters`."""


@cache
def letters() -> dict[str, str]:
    return {letter: code for letter, code in country_data()["abbreviations"].items() if code}


@cache
def _words(table: str, key: str) -> frozenset[str]:
    return frozenset(country_data()[table][key])


@cache
def opens_with(table: str, key: str) -> re.Pattern[str]:
    """A pattern of the words and patterns in one list."""
    return re.compile("|".join(sorted(country_data()[table][key], key=len, reverse=True)))


def is_abbreviation(word: str) -> bool:
    """Whether the word is a one-character abbreviation of a country."""
    return word in letters()


def may_hold_letters(word: str) -> bool:
    """Whether the word may be an abbreviation, or have one before or after another word: 米, 訪米, 対, 米中."""
    if len(word) == 1:
        return word in letters() or word in country_data()["before"] or word == NORTH
    if word[:1] not in _openings():
        return False
    return bool(_within(word)) or _is_all_letters("", word) or _may_straddle(word)


@cache
def _openings() -> frozenset[str]:
    """What the words begin with that hold an abbreviation; 初 and 再 for 初来日."""
    data = country_data()
    return frozenset((*letters(), *data["before"], *data["compounds"]["characters"], *"初再"))


def letters_at(text: str, run: Run, first: int) -> Found | None:
    """The countries abbreviated by the unit `first` and the next ones, and the index of the unit after them."""
    return _after_prefix(text, run, first) or _compound(text, run, first) or _in_word(text, run, first)


def _spans(offset: int, pieces: _Pieces) -> list[Span]:
    return [span(offset + start, offset + end, code) for start, end, code in pieces]


# --- one word: 訪米, 米軍, 米大統領 ---------------------------------------------------------------------------


def _in_word(text: str, run: Run, first: int) -> Found | None:
    unit = run[first]
    if _may_straddle(unit.surface):
        word = opens_with("after", "straddling").match(text, unit.start + 1)
        if word and word.end() > unit.end:
            return first + 1, [span(unit.start, unit.start + 1, letters()[unit.surface[0]])]
    pieces = _within(unit.surface)
    if not pieces or look(unit) & Look.PLACE:
        return None
    letter = unit.start + pieces[0][0]
    if unit.start < letter and _is_other_word(text, unit.start, letter):
        return None
    return first + 1, _spans(unit.start, pieces)


@lru_cache(maxsize=1 << 14)
def _within(word: str) -> _Pieces:
    """Countries abbreviated inside one word that is no compound of abbreviations."""
    if len(word) < 2 or word in _words("inside", "never"):
        return ()
    if word[0] in "初再" and len(word) > 2:                               # 初来日
        return tuple((start + 1, end + 1, code) for start, end, code in _within(word[1:]))
    head, rest = word[0], word[1:]
    if rest[0] in country_data()["before"].get(head, ""):
        return ((1, 2, letters()[rest[0]]),) if rest[0] in letters() else ()            # 渡欧
    if head in letters() and head in country_data()["inside"]["characters"] and (
        opens_with("inside", "words").fullmatch(rest)
    ):
        return ((0, 1, letters()[head]),)
    length = next((at for at, letter in enumerate(word) if letter not in country_data()["compounds"]["characters"]), 0)
    if length > 1 and word[length:] in country_data()["inside"]["after_compounds"] and (
        word[:length] not in _words("compounds", "never") | _words("compounds", "ambiguous")
    ):
        return tuple((at, at + 1, letters()[letter]) for at, letter in enumerate(word[:length]) if letter in letters())
    return ()


@lru_cache(maxsize=1 << 14)
def _may_straddle(word: str) -> bool:
    """Whether a word about a country may begin inside of this one and end in the next: 米女|優."""
    return len(word) == 2 and word[0] in STRONG and any(
        other.startswith(word[1]) for other in country_data()["after"]["straddling"]
    )


def _after_prefix(text: str, run: Run, first: int) -> Found | None:
    """ロ in 対|ロ, where the two are no word of the dictionary."""
    if first + 1 >= len(run) or len(run[first].surface) > 1:
        return None
    letter = run[first + 1]
    if letter.surface not in tuple(country_data()["before"].get(run[first].surface, "")) or (
        _is_other_word(text, run[first].start, letter.start)
    ):
        return None
    code = letters().get(letter.surface)                                # none for the 欧 of 渡|欧
    return first + 2, [span(letter.start, letter.end, code)] if code else []


def _is_other_word(text: str, start: int, letter: int) -> bool:
    """対|日産 and 全米|オープン: the abbreviation begins or the prefix opens another name."""
    return opens_with("compounds", "other_words").match(text, letter) is not None or (
        text[start] == "全" and opens_with("compounds", "events").match(text, letter + 1) is not None
    )


# --- several letters: 米中, 日米 韓 --------------------------------------------------------------------------


def _compound(text: str, run: Run, first: int) -> Found | None:
    end, word = _letters_on(run, first)
    stop = run[first].start + len(word)
    if len(word) > 2 and word[0] == "中" and first > 0 and run[first - 1].surface not in CONNECTORS:
        word = word[1:]                                                 # 会議|中日|米
    start = stop - len(word)
    if len(word) > 1 and word[-1] == "中" and _NOT_CHINA.match(text, stop) and not relation_at(text, stop):
        word, stop = word[:-1], stop - 1
    if len(word) < 2 or len(set(word)) < len(word) or not _may_open_compound(run, first, word):
        return None
    if not _is_compound(text, run, first, word, stop):
        return None
    if opens_with("compounds", "treaties").match(text, stop):
        return end, []
    title = title_at(text, stop)
    if title and title.sort == "honorifics":                            # 米朝師匠
        return None
    while run[end - 1].start >= stop:
        end -= 1
    pieces = tuple((at, at + 1, letters()[letter]) for at, letter in enumerate(word) if letter in letters())
    return end, _spans(start, pieces)


def _letters_on(run: Run, first: int) -> tuple[int, str]:
    """The index after the last unit that is abbreviations throughout, and those from `first` to there."""
    end, word = first, ""
    # No letter stands twice in a compound, so that a longer one is none.
    while (
        end < len(run) and len(word) <= _LONGEST_COMPOUND and len(run[end].surface) <= _LONGEST_PIECE
        and _is_all_letters(word, run[end].surface)
    ):
        word += run[end].surface
        end += 1
    return end, word


def _is_all_letters(word: str, more: str) -> bool:
    """Whether `word` and `more` are abbreviations throughout; パ is one after 印 only."""
    data = country_data()["compounds"]
    whole = word + more
    return all(
        letter in data["characters"] or (at > 0 and whole[at - 1] in data["only_after"].get(letter, ""))
        for at, letter in enumerate(whole)
    )


def _may_open_compound(run: Run, first: int, word: str) -> bool:
    """Not the 中 of 会議|中|日米, nor the 日 of 5|日|米韓."""
    if first == 0 or run[first - 1].surface in CONNECTORS:
        return True
    before = look(run[first - 1])
    if before & Look.NUMBER or (before & Look.FAMILY and len(word) < 3):
        return word[0] in STRONG and not before & Look.FAMILY
    return len(run[first].surface) > 1 or word[0] in STRONG + "日"


def _is_compound(text: str, run: Run, first: int, word: str, stop: int) -> bool:
    if word in _words("compounds", "never") or word.startswith("朝日") or (
        text.startswith(tuple(country_data()["compounds"]["other_names"]), stop)
    ):
        return False
    if len(word) > 2:
        return True
    is_single = len(run[first].surface) == 1
    is_doubtful = word in _words("compounds", "ambiguous") or (
        not set(word) <= set(country_data()["compounds"]["sure"]) and (
            "中" in word if is_single else bool(look(run[first]) & (Look.PERSON | Look.PLACE | Look.PROPER))
        )
    )
    return not is_doubtful or relation_at(text, stop) or _beside_compound(text, run[first].start, stop)


def relation_at(text: str, position: int) -> bool:
    return opens_with("compounds", "relations").match(text, position) is not None


def _beside_compound(text: str, start: int, stop: int) -> bool:
    """日中 in 日中・日韓."""
    pair = "[日米中韓露ロ朝英独仏]{2}"
    return bool(re.match(f"[・、や]{pair}(?![一-鿿])|[・、や]{pair}(?:関係|両|首脳)", text[stop:stop + 6])
                or re.search(f"(?<![一-鿿]){pair}[・、や]$", text[max(0, start - 4):start]))
