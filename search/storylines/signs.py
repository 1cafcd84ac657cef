"""What articles are about, as their titles write it: nouns and compounds of them, and the names of entities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from search.archive import Archive
from search.japanese.tokens import Unit, units
from search.processes import Workers
from search.storylines.bursts import LEAST_ARTICLES, Ints

WORD = "word"
"""The kind of a sign that is a word; the others are kinds of entities."""

MOST_UNITS = 4
"""Of a compound: 国連安全保障理事会常任理事国入り has more, and nobody writes it twice."""

TITLES_A_TASK = 2_000

_NOUNS = frozenset((
    ("普通名詞", "一般"), ("普通名詞", "サ変可能"), ("普通名詞", "形状詞可能"), ("普通名詞", "サ変形状詞可能"),
))
_SUFFIXES = frozenset(("一般", "サ変可能"))

_VERSIONS = (
    "FROM articles a JOIN content c ON c.id = a.id AND c.version = a.version"
    " WHERE NOT a.removed AND c.published BETWEEN ? AND ? AND NOT c.title_inferred"
    # A wire story in twenty papers is one story.
    " AND NOT EXISTS (SELECT 1 FROM copies k WHERE k.id = a.id AND k.copy_of IS NOT NULL)"
)


class Sign(NamedTuple):
    """kind: WORD, or that of an entity. value: as titles write it, or the id of the entity."""

    kind: str
    value: str




class Span(NamedTuple):
    """Where a title names an entity: code points, end excluded."""

    start: int
    end: int
    is_person: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """Articles with a date and a title of their own, the earliest first; copies are left out.

    days: `date.toordinal` of each. articles_with: sign -> the places of its articles in these, ascending; signs of
    fewer than LEAST_ARTICLES are left out.
    """

    ids: Sequence[str]
    titles: Sequence[str]
    days: Ints
    articles_with: dict[Sign, Ints]


def read_signs(archive: Archive, since: date | None, until: date | None, workers: Workers) -> Reading:
    """The signs of the articles that were published from `since` to `until`, both included."""
    between = ((since or date.min).isoformat(), f"{(until or date.max).isoformat()}T24")
    rows = archive.rows(
        f"SELECT a.id, c.title, substr(c.published, 1, 10) {_VERSIONS} ORDER BY c.published, a.id", between
    )
    place = {row[0]: number for number, row in enumerate(rows)}
    titles = [row[1] for row in rows]
    found: defaultdict[Sign, list[int]] = defaultdict(list)
    spans: defaultdict[int, list[Span]] = defaultdict(list)
    for article_id, kind, entity_id, part, start, end in archive.rows(
        'SELECT m.article_id, m.kind, m.entity_id, m.part, m.start, m."end" FROM mentions m'
        f" JOIN (SELECT a.id, a.version {_VERSIONS}) v ON v.id = m.article_id AND v.version = m.version"
        " WHERE m.about AND NOT m.inferred", between,
    ):
        number = place[article_id]
        found[Sign(kind, entity_id)].append(number)
        if part == 0:
            spans[number].append(Span(start, end, kind == "person"))
    for number, words in enumerate(_words_of_all(titles, spans, workers)):
        for word in words:
            found[Sign(WORD, word)].append(number)
    articles_with = {
        sign: np.unique(np.array(numbers, np.int64)) for sign, numbers in found.items()
        if len(numbers) >= LEAST_ARTICLES
    }
    return Reading(
        [row[0] for row in rows], titles,
        np.array([date.fromisoformat(row[2]).toordinal() for row in rows], np.int64),
        {sign: numbers for sign, numbers in articles_with.items() if len(numbers) >= LEAST_ARTICLES},
    )


def _words_of_all(
    titles: Sequence[str], spans: dict[int, list[Span]], workers: Workers
) -> Iterator[frozenset[str]]:
    tasks = [
        [(titles[number], spans.get(number, ())) for number in range(first, min(first + TITLES_A_TASK, len(titles)))]
        for first in range(0, len(titles), TITLES_A_TASK)
    ]
    # A title takes a tenth of what `executor` calls a task.
    executor = workers.executor(lambda: len(titles) // 20)
    for words in executor.map(_words_of_some, tasks) if executor else map(_words_of_some, tasks):
        yield from words


def _words_of_some(titles: Sequence[tuple[str, Collection[Span]]]) -> list[frozenset[str]]:
    return [words_of(title, names) for title, names in titles]


def words_of(title: str, names: Collection[Span] = ()) -> frozenset[str]:
    """The nouns of a title and the compounds that stand in it, as it writes them; never a part of a word.

    names: where it names entities. They are no words of their own, nor are parts of them, nor a person's name with a
    title (プーチン大統領); a compound may have another one: イラン戦争.
    """
    found: set[str] = set()
    for run in _runs(units(title)):
        for first in range(len(run)):
            for end in range(first + 1, min(first + MOST_UNITS, len(run)) + 1):
                start, stop = run[first].start, run[end - 1].end
                if _is_whole(run, first, end) and stop - start > 1 and not any(
                    _is_of_name(start, stop, name) for name in names
                ):
                    found.add(title[start:stop])
    return frozenset(found)


def _is_of_name(start: int, end: int, name: Span) -> bool:
    """Whether these characters are the name, a part of it, reach into it, or are a person's name with a title."""
    if end <= name.start or name.end <= start:
        return False
    return name.is_person or not (start <= name.start and name.end <= end and end - start > name.end - name.start)


def is_common(word: str) -> bool:
    """Whether a word is a plain noun, which says what happens but not which: 地震, 合意; ハンタウイルス is none."""
    cut = units(word)
    return len(cut) == 1 and cut[0].part_of_speech[1] == "普通名詞" and len(cut[0].shorts) == 1


def _is_whole(run: Sequence[Unit], first: int, end: int) -> bool:
    """Whether no affix is parted from its word: 会談 and 首脳会談 of 首脳会談中, never 談中."""
    return not (
        _is_suffix(run[first]) or _is_prefix(run[end - 1])
        or (end < len(run) and _is_suffix(run[end])) or (first and _is_prefix(run[first - 1]))
    )


def _runs(cut: Sequence[Unit]) -> Iterator[list[Unit]]:
    """Nouns with their affixes, side by side. Numbers and what says when (今年, 昨日) part them."""
    run: list[Unit] = []
    for unit in cut:
        if _is_noun(unit) or _is_suffix(unit) or _is_prefix(unit):
            run.append(unit)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _is_noun(unit: Unit) -> bool:
    first, second, third, *_ = unit.part_of_speech
    counts = any(short.part_of_speech[1] == "数詞" for short in unit.shorts)     # 数千人
    return first == "名詞" and (second == "固有名詞" or (second, third) in _NOUNS) and not counts


def _is_suffix(unit: Unit) -> bool:
    return unit.part_of_speech[:2] == ("接尾辞", "名詞的") and unit.part_of_speech[2] in _SUFFIXES


def _is_prefix(unit: Unit) -> bool:
    return unit.part_of_speech[0] == "接頭辞"
