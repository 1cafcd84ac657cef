"""Words that stand for a person without naming one: 同氏, 両氏, and an office that only one can hold, 米大統領.

They are marked as inferred: nothing counts them, and a page shows them as what they are.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache

from indexer.mentions.linking import Linked
from indexer.mentions.runs import Span
from indexer.mentions.titles import title_at
from search.articles import DistinctName, Published
from search.known_names import KnownNames, bundled_offices
from search.name_linking import days_of
from search.names import bundled_entities, load_data

SAME, OF_OFFICE = 0.7, 0.6
"""How sure we are of 同氏, and of an office."""

_SAME = re.compile(
    "同(?P<title>氏|首相|大統領|外相|長官|知事|市長|議員|容疑者|被告|選手|監督|社長|会長|教授|国家主席|主席|総書記)"
    "(?![らの]?間)"
)
_BOTH = re.compile("両(?:氏|首脳|外相|大統領|首相)(?!脳)")
_SUBJECT = re.compile("[はがも]")

# After these the office is not held yet, or not any more.
_NOT_NOW = ("前", "元", "次期", "次", "新", "故", "歴代", "初代", "旧", "副")
# What may follow an office that stands for who holds it: 米大統領は, but not 米大統領選.
_ENDS = re.compile("[はがをにもとへやの、。」』）)]|から|より|ら|$")


def stand_ins(texts: Sequence[str], linked: Sequence[Linked], published: Published | None) -> list[Linked]:
    """What stands for somebody in the article, in any order; nothing overlaps `linked`."""
    known = KnownNames.load()
    found: list[Linked] = []
    for part, text in enumerate(texts):
        here = [one for one in linked if one.part == part]
        found += _same(part, text, here)
        if published is not None and published.precision in ("day", "minute"):
            found += _offices(part, text, here, published.at.date().isoformat(), known)
    return found


# ---- 同氏 -----------------------------------------------------------------------------------------


def _same(part: int, text: str, here: Sequence[Linked]) -> Iterator[Linked]:
    persons = [one for one in here if one.span.kind == "person"]
    starts = [one.span.start for one in persons]
    for found in _SAME.finditer(text) if persons else ():
        before = _lately(persons, bisect_left(starts, found.start()))
        meant = _last_subject(text, before, found["title"])
        if meant:
            yield _stands_for(meant, part, found, SAME)
    for found in _BOTH.finditer(text) if persons else ():
        last: dict[str, Linked] = {}
        for one in reversed(_lately(persons, bisect_left(starts, found.start()))):
            last.setdefault(one.name, one)
        if len(last) >= 2:
            # One place holds one name: the first of the two is meant by its first character.
            two = sorted(list(last.values())[:2], key=lambda one: one.span.start)
            yield _stands_for(two[0], part, found, SAME, end=found.start() + 1)
            yield _stands_for(two[1], part, found, SAME, start=found.start() + 1)


def _lately(persons: Sequence[Linked], end: int) -> Sequence[Linked]:
    """The last ones named before: nobody remembers more than a dozen."""
    return persons[max(0, end - _REMEMBERED):end]


_REMEMBERED = 12


def _last_subject(text: str, before: Sequence[Linked], title: str) -> Linked | None:
    """The last person with that title, of those the last one marked は or が, if any is."""
    if title != "氏":
        before = [one for one in before if one.span.title.endswith(title)]
    marked = [one for one in before if _SUBJECT.match(text, _after_title(text, one))]
    meant = marked or before
    return meant[-1] if meant else None


def _after_title(text: str, one: Linked) -> int:
    title = title_at(text, one.span.end)
    if title is None:
        return one.span.end
    at = text.find(title.words, one.span.end)
    return at + len(title.words) if title.words else one.span.end


def _stands_for(
    meant: Linked, part: int, found: re.Match[str], confidence: float, *, start: int | None = None,
    end: int | None = None,
) -> Linked:
    start, end = found.start() if start is None else start, found.end() if end is None else end
    span = Span(start, end, "person", confidence)
    return meant._replace(part=part, span=span, surface=found.string[start:end], is_inferred=True)


# ---- 米大統領 ---------------------------------------------------------------------------------------


@cache
def _office() -> re.Pattern[str]:
    same = load_data("offices")["same"]
    words = {office for _, office in bundled_offices()} | {word for words in same.values() for word in words}
    return re.compile("の?(?P<office>" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + ")")


def _offices(part: int, text: str, here: Sequence[Linked], day: str, known: KnownNames) -> Iterator[Linked]:
    ends = {one.span.end for one in here if one.span.kind == "person"}
    begun = {one.span.start for one in here}
    for one in here:
        of = one.entity_id
        if of is None or one.span.kind not in ("country", "organization") or one.span.start in ends:
            continue
        found = _office().match(text, one.span.end)
        if not found or not _ENDS.match(text, found.end()) or text.endswith(_NOT_NOW, 0, one.span.start) or (
            found.end() + text.startswith("の", found.end()) in begun                 # 米大統領のトランプ氏
        ):
            continue
        holders = known.holders(of, found["office"], *days_of(day))
        if len(holders) == 1:
            start = found.start("office")
            said = DistinctName("person", "", False, (), found["office"], of, day)
            span = Span(start, found.end(), "person", OF_OFFICE)
            name = bundled_entities()[holders[0]].name
            yield Linked(part, span, found["office"], holders[0], name, said, is_inferred=True)
