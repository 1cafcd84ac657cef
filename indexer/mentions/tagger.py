"""Where names stand in one part of an article, and of what kind they are; who bears them is for `linking`.

Two look at the words: rules, which know titles, bundled names and countries to the letter, and the trained model
(`crf.py`), which knows what names look like. Where they differ, the surer one is right: rules on whatever has a title
or is bundled, the model on all else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from indexer.mentions.countries import countries, is_country_name
from indexer.mentions.crf import TaggedSpan, tagger
from indexer.mentions.looks import Look, is_kanji, look, may_be_family_name
from indexer.mentions.organizations import (
    bundled_organization_at,
    ends_as_body,
    is_generic,
    is_ministry,
    may_open_bundled,
    ministries,
)
from indexer.mentions.persons import is_place_before, person_at
from indexer.mentions.runs import BUNDLED, FULL, TITLED, Run, Span, runs
from indexer.mentions.titles import is_title, title_at, title_before
from search.articles import Kind
from search.japanese.tokens import Unit

LEAST_SURE = 0.5
"""What the model is less sure of is no name: on news, half of it would be wrong."""

LONGER_BODY = 0.5
"""How sure the model must be of a longer name around a bundled one: 警視庁成城警察署."""

UNSURE_OTHER = 0.8
"""A person in full goes before what the model takes for something else with less than this."""

AGAINST_THE_MODEL = 0.7
"""How sure we are of a person in full whom only the rules see: the share of right ones on news."""

_NAME_OF_ITS_OWN = re.compile("[ァ-ヺA-Za-zＡ-Ｚａ-ｚ]")
# With these a country's name is a part of the event's: 日朝平壌宣言, イタリア杯.
_NAMED_EVENTS = (
    "宣言", "条約", "協定", "議定書", "憲章", "杯", "カップ", "グランプリ", "オープン", "五輪", "オリンピック",
    "選手権", "リーグ", "シリーズ", "ダービー", "ツアー", "フェスティバル", "映画祭",
)
_MAY_BE_PERSON = Look.PERSON | Look.KATAKANA | Look.INITIAL | Look.UNKNOWN


class Tagged(NamedTuple):
    """spans: in order, without overlap. loose: nouns outside of them, which may be names by what stands elsewhere."""

    spans: list[Span]
    loose: list[Unit]


def tag_parts(texts: Sequence[str], units_by_part: Sequence[Sequence[Unit]]) -> list[Tagged]:
    """Find the names in the parts of an article, of which `units_by_part` are the words."""
    learned = tagger().tag_parts(units_by_part)
    return [_tag(text, units, spans) for text, units, spans in zip(texts, units_by_part, learned, strict=True)]


def _tag(text: str, units: Sequence[Unit], learned: Sequence[TaggedSpan]) -> Tagged:
    sure, doubtful, loose = _ruled(text, units)
    named = countries(text, units)
    by_model = _learned(text, learned, named)
    chosen = _Chosen()
    chosen.take([*ministries(text, named)])
    chosen.take([span for span in by_model if _holds_bundled(text, span, sure, named)])
    chosen.take(sure)
    chosen.take([span for span in by_model if span.kind == "person" or span.confidence >= UNSURE_OTHER])
    chosen.take(doubtful)
    chosen.take(by_model)
    chosen.take(named)
    spans = chosen.in_order()
    return Tagged(spans, [unit for unit in loose if chosen.is_free(unit.start, unit.end)])


class _Chosen:
    """Spans that do not overlap; who comes first stays."""

    def __init__(self) -> None:
        self._spans: list[Span] = []

    def is_free(self, start: int, end: int) -> bool:
        return not any(span.start < end and start < span.end for span in self._spans)

    def take(self, spans: Sequence[Span]) -> None:
        for span in spans:
            if self.is_free(span.start, span.end):
                self._spans.append(span)
            else:
                self._agree(span)

    def _agree(self, span: Span) -> None:
        """Two who see the same name are surer than one."""
        for number, other in enumerate(self._spans):
            if (other.start, other.end, other.kind) == (span.start, span.end, span.kind):
                both = 1 - (1 - other.confidence) * (1 - span.confidence)
                self._spans[number] = other._replace(confidence=max(other.confidence, min(both, BUNDLED)))

    def in_order(self) -> list[Span]:
        return sorted(self._spans)


# ---- by rules -----------------------------------------------------------------------------------------------


def _ruled(text: str, units: Sequence[Unit]) -> tuple[list[Span], list[Span], list[Unit]]:
    """Names that are sure, persons that are not, and nouns that may be persons' names."""
    sure: list[Span] = []
    doubtful: list[Span] = []
    loose: list[Unit] = []
    for run in runs(units):
        index = 0
        while index < len(run):
            found = _ruled_at(text, run, index)
            if found is None:
                if look(run[index]):
                    loose.append(run[index])
                index += 1
                continue
            index, span, is_sure = found
            (sure if is_sure else doubtful).append(span)
    return sure, doubtful, loose


def _ruled_at(text: str, run: Run, first: int) -> tuple[int, Span, bool] | None:
    """The name that rules see at the unit `first`, the index after it, and whether it is sure."""
    unit = run[first]
    if may_open_bundled(unit.surface):
        body = bundled_organization_at(text, run, first)
        if body:
            return *body, True
    judged = look(unit)
    if not (judged & _MAY_BE_PERSON or (judged & Look.KANJI and may_be_family_name(unit.surface))):
        return None
    person = person_at(text, run, first)
    if person is None:
        return None
    end, span = person
    if span.confidence >= TITLED - 0.1 and (span.title or span.entity_id):
        return end, span, True
    if title_before(text, span.start):                              # 教皇フランシスコ
        return end, span._replace(confidence=TITLED), True
    if span.confidence >= FULL and (span.pieces or len(text[span.start:span.end]) > 2):
        return end, span._replace(confidence=AGAINST_THE_MODEL), False
    return None


# ---- by the model -------------------------------------------------------------------------------------------


def _learned(text: str, learned: Sequence[TaggedSpan], named: Sequence[Span]) -> list[Span]:
    """What the model found, without titles and countries that it took into a name."""
    found: list[Span] = []
    for span in learned:
        if span.confidence >= LEAST_SURE:
            found += _person(text, span) if span.kind == "person" else _other(text, span, named)
    return found


def _holds_bundled(text: str, span: Span, sure: Sequence[Span], named: Sequence[Span]) -> bool:
    """Whether a body that the model found goes on from a bundled one: アメリカ航空宇宙局, but not 国連|調査団."""
    if span.kind != "organization" or span.confidence < LONGER_BODY:
        return False
    held = [one for one in sure if span.start <= one.start and one.end <= span.end and one[:2] != span[:2]]
    return any(one.kind == "organization" for one in held) and (
        any(one.start == span.start for one in named) or ends_as_body(text[span.start:span.end])
    )


def _person(text: str, span: TaggedSpan) -> Iterator[Span]:
    start, end = span.start, span.end
    if text.startswith("故・", start):
        start += 2
    if end - start > 1 and text[end - 1] == "氏":
        end -= 1
    surface = text[start:end]
    if not surface or is_title(surface):
        return
    title = title_at(text, end)
    if title and is_place_before(title, surface):
        return
    pieces = tuple(piece for piece in surface.replace("＝", "・").replace("=", "・").split("・") if piece)
    confidence = max(span.confidence, TITLED) if title and title.sort in ("honorifics", "age") else span.confidence
    yield Span(
        start, end, "person", confidence, title=title.words if title else "",
        pieces=pieces if len(pieces) > 1 and not is_kanji(surface) else (),
    )


def _other(text: str, span: TaggedSpan, named: Sequence[Span]) -> Iterator[Span]:
    """A place or a body: without the country before it where that is no part of the name (米|国防総省, 中国|四川省)."""
    if any(one.start <= span.start and span.end <= one.end for one in named):
        return
    inside = [one for one in named if span.start <= one.start and one.end <= span.end]
    start = span.start
    for one in inside:
        if one.start == start and _stands_apart(text, span, one):
            start = one.end + text.startswith(("・", "の"), one.end)
    words = text[start:span.end]
    holds_country = any(one.start >= start for one in inside)
    if not words or is_generic(words) or (holds_country and _is_of_country(span.kind, words)):
        return
    yield Span(start, span.end, span.kind, span.confidence)


def _stands_apart(text: str, span: TaggedSpan, country: Span) -> bool:
    """Whether the country at the beginning of a name is a mention of its own."""
    rest = text[country.end:span.end]
    if span.kind in ("place", "facility") or not rest or is_generic(rest) or is_ministry(rest):
        return True
    is_abbreviated = country.end - country.start == 1 or text[country.end - 1] == "国"
    # 米国|パデュー大学 has a name of its own, 米国地質研究所 would be any without it.
    return is_abbreviated and (country.end - country.start == 1 or bool(_NAME_OF_ITS_OWN.search(rest)))


def _is_of_country(kind: Kind, words: str) -> bool:
    """Whether words with a country in them name the country and nothing more: 仲介国カタール, ウクライナ戦争."""
    if kind == "event":
        return not words.endswith(_NAMED_EVENTS)
    return kind == "organization" and (words.endswith(("代表", "軍", "政府", "両国", "首脳")) or any(
        is_country_name(words[at:]) for at in range(1, len(words) - 2)
    ))
