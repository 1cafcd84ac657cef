"""Where names stand in one part of an article, and of what kind they are; who bears them is for `linking`.

Two look at the words: rules, which know titles, bundled names and countries to the letter, and the trained model
(`crf.py`), which knows what names look like. Where they differ, the surer one is right: rules on whatever has a title
or is bundled, the model on all else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from indexer.mentions.bylines import bylines
from indexer.mentions.countries import countries_in, may_begin_country
from indexer.mentions.crf import Marked, Numbers, TaggedSpan, Tagger
from indexer.mentions.crf_model import Model
from indexer.mentions.learned import AFTER_PLACES, UNSURE_OTHER, Beside, holds_bundled, holds_titled, learned_names
from indexer.mentions.looks import Look, look, may_be_family_name, may_be_short_name
from indexer.mentions.organizations import bundled_organization_at, may_open_bundled, ministries
from indexer.mentions.persons import person_at
from indexer.mentions.runs import BUNDLED, FULL, TITLED, Run, Span, holds_title, runs
from indexer.mentions.titles import is_title, title_before
from search.articles import Kind
from search.japanese.tokens import PartOfSpeech, Unit

AGAINST_THE_MODEL = 0.7
"""How sure we are of a person in full whom only the rules see: the share of right ones on news."""

_MOST_REMEMBERED = 40_000
_MAY_BE_PERSON = Look.PERSON | Look.KATAKANA | Look.INITIAL | Look.UNKNOWN


class Tagged(NamedTuple):
    """spans: in order, without overlap. loose: words outside of them, which may be names by what stands elsewhere."""

    spans: list[Span]
    loose: list[Unit]


def tag_parts(texts: Sequence[str], units_by_part: Sequence[Sequence[Unit]]) -> list[Tagged]:
    """Find the names in the parts of articles, of which `units_by_part` are the words."""
    marked = trained().tag_and_mark(units_by_part)
    runs, loose = _runs(units_by_part, marked), _loose(units_by_part, marked)
    return [_tag(*part) for part in zip(texts, runs, loose, marked.spans, strict=True)]


@cache
def trained() -> Tagger:
    """The tagger with the model that comes with the program. It marks what else a unit may be."""
    return Tagger(Model.load(), _bits_of)


def _tag(text: str, runs: Sequence[Run], loose: Iterable[Unit], learned: Sequence[TaggedSpan]) -> Tagged:
    sure, doubtful = _ruled(text, runs)
    named = countries_in(text, runs)
    known, apart = Beside(sure), Beside(named)
    by_model = learned_names(text, learned, apart)
    chosen = _Chosen(len(text))
    chosen.take(bylines(text))
    chosen.take(ministries(text, named))
    chosen.take(span for span in by_model if holds_bundled(text, span, known, apart))
    chosen.take(span for span in by_model if holds_titled(text, span, known, apart))
    chosen.take(sure)
    chosen.take(span for span in by_model if span.kind == "person" or span.confidence >= UNSURE_OTHER)
    chosen.take(doubtful)
    chosen.take(by_model)
    chosen.take(named)
    return Tagged(chosen.in_order(), [unit for unit in loose if chosen.is_free(unit.start, unit.end)])


class _Chosen:
    """Spans that do not overlap; who comes first stays."""

    def __init__(self, length: int) -> None:
        self._covered = bytearray(length)
        self._spans: dict[tuple[int, int, Kind], Span] = {}

    def is_free(self, start: int, end: int) -> bool:
        return self._covered.find(1, start, end) < 0

    def take(self, spans: Iterable[Span]) -> None:
        covered, chosen = self._covered, self._spans
        for span in spans:
            start, end = span.start, span.end
            if covered.find(1, start, end) < 0:
                covered[start:end] = b"\x01" * (end - start)
                chosen[span[:3]] = span
            elif other := chosen.get(span[:3]):
                # Two who see the same name are surer than one.
                both = 1 - (1 - other.confidence) * (1 - span.confidence)
                chosen[span[:3]] = other._replace(confidence=max(other.confidence, min(both, BUNDLED)))

    def in_order(self) -> list[Span]:
        return sorted(self._spans.values())


# ---- by rules -----------------------------------------------------------------------------------------------

_PERSON, _BUNDLED, _COUNTRY, _TITLE, _LOOSE, _CUT = 1, 2, 4, 8, 16, 32
_NO_NOUNS = frozenset(("助詞", "助動詞", "動詞"))
_bits: dict[tuple[str, PartOfSpeech], int] = {}


def _bits_of(unit: Unit | None) -> int:
    """What may begin with the word, whether it has a title, whether it may be a name by what stands elsewhere, and
    whether it is none and goes between two; None is what stands between two parts."""
    if unit is None:
        return _CUT
    key = (unit.surface, unit.part_of_speech)
    found = _bits.get(key)
    if found is None:
        if len(_bits) > _MOST_REMEMBERED:
            _bits.clear()
        found = _bits[key] = _judged(unit)
    return found


def _judged(unit: Unit) -> int:
    judged = look(unit)
    is_person = judged & _MAY_BE_PERSON or (judged & Look.KANJI and may_be_family_name(unit.surface))
    return (
        (_PERSON if is_person else 0)
        | (_BUNDLED if may_open_bundled(unit.surface) else 0)
        | (_COUNTRY if may_begin_country(unit) else 0)
        | (_TITLE if is_title(unit.surface) or holds_title(unit) else 0)
        | (_LOOSE if may_be_short_name(unit) else 0)
        | (_CUT if unit.part_of_speech[0] in _NO_NOUNS else 0)
    )


def _runs(units_by_part: Sequence[Sequence[Unit]], marked: Marked) -> list[list[Run]]:
    """The runs of each part in which rules may see a name: those around a tenth of all units."""
    at = np.union1d(np.flatnonzero(marked.marks & (_BUNDLED | _COUNTRY | _TITLE)), marked.opening)
    cuts = np.flatnonzero(marked.marks & _CUT)
    ends = np.unique(cuts.searchsorted(at))
    found: list[list[Run]] = [[] for _ in units_by_part]
    for part, start, end in zip(*_by_part(units_by_part, cuts[ends - 1] + 1, cuts[ends]), strict=True):
        found[part] += runs(units_by_part[part][start:end])
    return found


def _loose(units_by_part: Sequence[Sequence[Unit]], marked: Marked) -> list[list[Unit]]:
    """The units of each part that may be names by what stands elsewhere."""
    found: list[list[Unit]] = [[] for _ in units_by_part]
    for part, at in zip(*_by_part(units_by_part, np.flatnonzero(marked.marks & _LOOSE)), strict=True):
        found[part].append(units_by_part[part][at])
    return found


def _by_part(units_by_part: Sequence[Sequence[Unit]], *places: Numbers) -> Iterator[list[int]]:
    """In which part the first of these places in `Marked.marks` are, and where all of them are within the part."""
    starts = np.cumsum([1, *(len(units) + 1 for units in units_by_part)])
    part = starts.searchsorted(places[0], "right") - 1
    yield part.tolist()
    for place in places:
        yield (place - starts[part]).tolist()


def _ruled(text: str, runs: Sequence[Run]) -> tuple[list[Span], list[Span]]:
    """Names that are sure, and persons that are not."""
    sure: list[Span] = []
    doubtful: list[Span] = []
    for run in runs:
        index = 0
        while index < len(run):
            judged = _bits_of(run[index])
            found = _ruled_at(text, run, index, judged) if judged & (_PERSON | _BUNDLED) else None
            if found is None:
                index += 1
                continue
            index, span, is_sure = found
            (sure if is_sure else doubtful).append(span)
    return sure, doubtful


def _ruled_at(text: str, run: Run, first: int, judged: int) -> tuple[int, Span, bool] | None:
    """The name that rules see at the unit `first`, the index after it, and whether it is sure."""
    if judged & _BUNDLED:
        body = bundled_organization_at(text, run, first)
        if body:
            return *body, True
    person = person_at(text, run, first) if judged & _PERSON else None
    if person is None:
        return None
    end, span = person
    if span.confidence >= TITLED - 0.1 and (span.title or span.entity_id):
        return end, span, True
    if title_before(text, span.start):                              # 教皇フランシスコ
        return end, span._replace(confidence=TITLED), True
    if span.confidence >= FULL and (span.pieces or len(text[span.start:span.end]) > 2) and (
        not AFTER_PLACES.match(text, span.end)
    ):
        return end, span._replace(confidence=AGAINST_THE_MODEL), False
    return None
