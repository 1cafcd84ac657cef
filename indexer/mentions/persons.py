"""Persons: by the part of speech of the words, by the title after them, and by the bundled names."""

from __future__ import annotations

from functools import cache

from indexer.mentions.countries import is_abbreviation
from indexer.mentions.katakana import katakana_person, stands_free
from indexer.mentions.looks import (
    Look,
    is_kanji,
    look,
    may_be_family_name,
    may_be_given_name,
    may_be_person,
    may_be_place,
)
from indexer.mentions.organizations import is_prefecture
from indexer.mentions.runs import BUNDLED, FULL, LONE, TITLED, Gazetteer, Run, Span
from indexer.mentions.titles import (
    AFTER_FULL_NAMES,
    NOT_OF_PLACES,
    OF_PERSONS,
    OF_STATE,
    OF_STATESMEN,
    Title,
    is_of,
    is_strong,
    title_at,
)
from search.names import bundled_entities, bundled_names

# 同氏 and 両首相 name nobody by themselves, nor does the 新 of 新大統領.
_NO_PERSONS = frozenset("同両某各諸彼元前新現次副故旧")
_NO_GIVEN_NAMES = frozenset("等 ら 達 側 自身 本人 前 元 現 新 旧 両 中 後 上 下 内 外 間 的 年 月 日".split())


@cache
def _gazetteer() -> Gazetteer:
    # Katakana names are judged with their neighbours; a title in an alias is left to linking.
    return Gazetteer(
        (name, entity.id)
        for entity in bundled_entities().values()
        if entity.kind == "person"
        for name in bundled_names(entity.id)
        if is_kanji(name) and not _ends_in_title(name)
    )


def _ends_in_title(name: str) -> bool:
    return any(
        (title := title_at(name, cut)) is not None and name.endswith(title.words) and title.words
        for cut in range(1, len(name))
    )


def person_at(text: str, run: Run, first: int) -> tuple[int, Span] | None:
    """The person whose name begins with the unit `first`, and the index of the unit after the name."""
    judged = look(run[first])
    if judged & (Look.KATAKANA | Look.INITIAL):
        return katakana_person(text, run, first)
    if judged & (Look.KANJI | Look.PERSON) and not judged & Look.LATIN:
        return _japanese_person(text, run, first)
    return None


def _japanese_person(text: str, run: Run, first: int) -> tuple[int, Span] | None:
    unit = run[first]
    if unit.surface in _NO_PERSONS:
        return None
    known = _gazetteer().longest(text, run, first)
    if known:
        cut = unit.end if known[0] == first + 2 else 0
        return _span(text, run, first, known[0], BUNDLED, entity_id=known[1], cut=cut)
    judged = look(unit)
    if judged & Look.WHOLE:
        return _span(text, run, first, first + 1, FULL if len(unit.surface) > 2 or stands_free(run, first, first + 1)
                     else LONE)
    if judged & Look.FAMILY or may_be_family_name(unit.surface):
        end = _full_name_end(text, run, first)
        if end > first + 1:
            return _span(text, run, first, end, FULL, cut=unit.end)
    if judged & Look.PERSON:
        return _short_name(text, run, first)
    return _unlisted(text, run, first, judged)


def _span(
    text: str, run: Run, first: int, end: int, confidence: float, *, entity_id: str | None = None, cut: int = 0
) -> tuple[int, Span]:
    """The units `first` to before `end` as a person. cut: where the surname ends, if that is known."""
    unit = run[first]
    start, stop = unit.start, run[end - 1].end
    if not cut and end == first + 1 and len(unit.shorts) == 2:       # 石破|茂
        cut = unit.shorts[0].end
    title = title_at(text, stop)
    return end, Span(
        start, stop, "person", max(confidence, TITLED) if title else confidence, entity_id,
        title=title.words if title else "", pieces=(text[start:cut], text[cut:stop]) if cut else (),
    )


def _full_name_end(text: str, run: Run, first: int) -> int:
    """The index after the given name that follows the surname `first`, or after the surname if none does."""
    end = first + 1
    if end == len(run) or run[end].surface in _NO_GIVEN_NAMES:
        return end
    family, given = look(run[first]), look(run[end])
    title = title_at(text, run[end].start)
    if title and title.words == run[end].surface:                   # 佐藤 三段
        return end
    if given & Look.GIVEN:
        return end + 1 + _goes_on(text, run, end + 1)
    if not family & Look.FAMILY and not (len(run[first].surface) == 1 and given & Look.UNKNOWN) and not (
        family & Look.PLACE and is_strong(title_at(text, run[end].end))            # 若林 一行 容疑者
    ):
        return end
    if not given & Look.KANJI or given & Look.NUMBER or len(run[end].surface) > 3 or title:
        return end
    if len(run[first].surface) == 1 and end + 1 < len(run) and len(run[end].surface) == 1 == len(run[end + 1].surface):
        after = look(run[end + 1])                                  # 金 与 正, 鄭 義 溶 氏
        if after & Look.GIVEN or (after & Look.KANJI and is_of(title_at(text, run[end + 1].end), OF_PERSONS)):
            return end + 2
    if given & Look.FAMILY:
        is_given = title_at(text, run[end].end) is not None or may_be_given_name(run[end].surface)
    else:
        is_given = bool(given & Look.UNKNOWN) or may_be_given_name(run[end].surface) or (
            is_of(title_at(text, run[end].end), AFTER_FULL_NAMES)                # 奥原 希望 選手
        )
    return end + 1 if is_given else end


def _goes_on(text: str, run: Run, index: int) -> bool:
    """Whether one more character belongs to the given name: 雄 豊, 穣 一, 三治 郎."""
    if index == len(run) or len(run[index].surface) > 1:
        return False
    letter = run[index].surface
    return letter in "郎一夫雄助介蔵吾平彦" or (
        len(run[index - 1].surface) == 1 and bool(look(run[index]) & Look.KANJI)
        and letter not in _NO_GIVEN_NAMES and may_be_given_name(letter) and title_at(text, run[index].start) is None
    )


def _short_name(text: str, run: Run, first: int) -> tuple[int, Span] | None:
    """A surname or a given name alone."""
    word, end = run[first].surface, first + 1
    if look(run[first]) & Look.GIVEN and end < len(run) and look(run[end]) & Look.GIVEN and len(word) < 3:
        return _span(text, run, first, end + 1, FULL)               # 朱友 珪
    title = title_at(text, run[first].end)
    if title and title.sort != "honorifics" and is_abbreviation(word):          # 韓首相 is the one of Korea
        return None
    if title:
        return None if is_place_before(title, word) else _span(text, run, first, end, TITLED)
    if len(word) < 2 or is_prefecture(word) or not look(run[first]) & Look.KANJI or not stands_free(run, first, end):
        return None
    return _span(text, run, first, end, LONE)


def is_place_before(title: Title, word: str) -> bool:
    """Whether a word before a title is a place: 福島 before 知事, 川崎 before 市長."""
    if title.sort != "local":
        return False
    return is_prefecture(word) if title.words.endswith("知事") else may_be_place(word)


def _unlisted(text: str, run: Run, first: int, judged: int) -> tuple[int, Span] | None:
    """習 主席, 文 在 寅 大統領, 福島 さん: no part of speech says person, but the title does."""
    word = run[first].surface
    title = title_at(text, run[first].end)
    if title and title.sort != "honorifics" and is_abbreviation(word):          # 伊首相
        return None
    if title:
        is_name = len(word) <= 4 and bool(judged & Look.UNKNOWN) and title.sort in OF_PERSONS
        is_shared = is_strong(title) or title.words in OF_STATESMEN or (
            bool(judged & Look.PLACE) and title.sort in NOT_OF_PLACES
        )
        is_name = is_name or (is_shared and may_be_person(word))
        return _span(text, run, first, first + 1, TITLED - 0.1) if is_name else None
    if len(word) == 1 and may_be_family_name(word):
        for end in (first + 3, first + 2):
            if end <= len(run) and all(len(u.surface) == 1 and look(u) & Look.KANJI for u in run[first:end]) and (
                is_of(title_at(text, run[end - 1].end), OF_STATE)
            ):
                return _span(text, run, first, end, TITLED - 0.1)
    return None
