"""Where names stand in one part of an article, and of what kind they are; who bears them is for `linking`.

Two look at the words: rules, which know titles, bundled names and countries to the letter, and the trained model
(`crf.py`), which knows what names look like. Where they differ, the surer one is right: rules on whatever has a title
or is bundled, the model on all else.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from indexer.mentions.countries import countries_in, is_abbreviation, is_country_name, may_begin_country
from indexer.mentions.crf import Marked, Numbers, TaggedSpan, Tagger
from indexer.mentions.crf_model import Model
from indexer.mentions.evidence import implied_country
from indexer.mentions.looks import Look, is_kanji, look, may_be_family_name, may_be_short_name
from indexer.mentions.organizations import (
    bundled_organization_at,
    ends_as_body,
    is_generic,
    is_ministry,
    may_open_bundled,
    ministries,
)
from indexer.mentions.persons import is_place_before, person_at
from indexer.mentions.runs import BUNDLED, FULL, TITLED, Run, Span, holds_title, runs
from indexer.mentions.titles import is_title, title_at, title_before
from search.articles import Kind
from search.japanese.tokens import PartOfSpeech, Unit

LEAST_SURE = 0.5
"""What the model is less sure of is no name: on news, half of it would be wrong."""

SURELY_A_PERSON = 0.95
"""How sure the model must be of a person whose name is a city's: シドニー."""

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
# What stands after places and hardly after a person: エル・ファーシャにおける, キーウ近郊.
_AFTER_PLACES = re.compile(
    "における|に(?:ある|位置)|の?(?:郊外|近郊|市内|市街|周辺|中心部|沖|上空)|[州県]|市(?!長)|空港|地区|国境"
)
# What is a country's without being named after it: ロシア|非常事態省, ウクライナ|海軍, アメリカ|大リーグ.
_OF_STATE = re.compile("[陸海空]?軍|海兵隊|大リーグ|.*(?:省|庁|裁判所|最高裁|高等法院|検察|(?<![評協])議会|上院|下院)$")
# A part of a country's land, or a body without a name: ベトナム中央部, ドイツ連立政権.
_NAMELESS = re.compile(
    "(?:(?:[東西南北]+|中央?|沿岸)部|湾岸|領海|代表団?|選手団|軍|部隊|政府|政権|当局|王室|両国|首脳|チーム|本部)$"
)
_OFFICE_OF_STATE = re.compile("軍|連邦|副?大統領|首相|副首相|[ァ-ヺ一-鿿]{1,3}相|国務|国防|外務|国王|大使|議員")
_EMBASSIES = ("大使館", "領事館")
_MOST_REMEMBERED = 200_000
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
    by_model = _learned(text, learned, apart)
    chosen = _Chosen(len(text))
    chosen.take(ministries(text, named))
    chosen.take(span for span in by_model if _holds_bundled(text, span, known, apart))
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
        not _AFTER_PLACES.match(text, span.end)
    ):
        return end, span._replace(confidence=AGAINST_THE_MODEL), False
    return None


# ---- by the model -------------------------------------------------------------------------------------------


class Beside:
    """Spans in order, to be asked for those at some place of a long text."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._starts = [span.start for span in spans]

    def inside(self, start: int, end: int) -> Sequence[Span]:
        """Those that lie between `start` and `end`."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [span for span in self._spans[first:last] if span.end <= end]

    def cover(self, start: int, end: int) -> bool:
        """Whether one of them has all of it."""
        at = bisect_right(self._starts, start) - 1
        return at >= 0 and self._spans[at].end >= end


def _learned(text: str, learned: Sequence[TaggedSpan], named: Beside) -> list[Span]:
    """What the model found, without titles and countries that it took into a name."""
    found: list[Span] = []
    for span in learned:
        if span.confidence >= LEAST_SURE:
            if span.kind == "person":
                found += _person(text, _without_country(text, span, named))
            else:
                found += _other(text, span, named)
    return found


def _holds_bundled(text: str, span: Span, sure: Beside, named: Beside) -> bool:
    """Whether a body that the model found goes on from a bundled one: アメリカ航空宇宙局, but not 国連|調査団."""
    if span.kind != "organization" or span.confidence < LONGER_BODY or text.startswith("長", span.end):
        return False                                                # IAEA|事務局長
    held = [one for one in sure.inside(span.start, span.end) if one[:2] != span[:2]]
    opens_with_country = any(one.start == span.start for one in named.inside(span.start, span.end))
    return any(one.kind == "organization" for one in held) and (
        opens_with_country or ends_as_body(text[span.start:span.end])
    )


def _without_country(text: str, span: TaggedSpan, named: Beside) -> TaggedSpan:
    """A person without the country of the office: ヤエル・ハーマン|・イスラエル|軍大佐."""
    inside = named.inside(span.start, span.end)
    last = inside[-1] if inside else None
    if last is None or last.start == span.start or last.end < span.end or not _OFFICE_OF_STATE.match(text, span.end):
        return span
    return span._replace(end=last.start - (text[last.start - 1] in "・･"))


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
    if title and (is_place_before(title, surface) or (title.sort != "honorifics" and is_abbreviation(surface))):
        return                                                      # 川崎市長, 伊首相
    if not title and _is_rather_place(text, span, surface):
        yield Span(start, end, "place", min(span.confidence, UNSURE_OTHER))
        return
    pieces = tuple(piece for piece in surface.replace("＝", "・").replace("=", "・").split("・") if piece)
    confidence = max(span.confidence, TITLED) if title and title.sort in ("honorifics", "age") else span.confidence
    yield Span(
        start, end, "person", confidence, title=title.words if title else "",
        pieces=pieces if len(pieces) > 1 and not is_kanji(surface) else (),
    )


def _is_rather_place(text: str, span: TaggedSpan, surface: str) -> bool:
    """Whether a foreign name is a city, by what follows it, or since it is a known one and might be either."""
    return not is_kanji(surface) and (
        _AFTER_PLACES.match(text, span.end) is not None
        or (span.confidence < SURELY_A_PERSON and implied_country(surface) is not None)
    )


def _other(text: str, span: TaggedSpan, named: Beside) -> Iterator[Span]:
    """A place or a body: without the country before it where that is no part of the name (米|国防総省, 中国|四川省)."""
    if named.cover(span.start, span.end):
        return
    inside = named.inside(span.start, span.end)
    start = span.start
    for one in inside:
        if one.start == start and _stands_apart(text, span, one):
            start = one.end + text.startswith(("・", "の"), one.end)
    words = text[start:span.end]
    held = [one for one in inside if one.start >= start]
    if not words or is_generic(words) or (held and (_is_of_country(span.kind, words) or _is_unsure(text, span, held))):
        return
    yield Span(start, span.end, span.kind, span.confidence)


def _stands_apart(text: str, span: TaggedSpan, country: Span) -> bool:
    """Whether the country at the beginning of a name is a mention of its own."""
    rest = text[country.end:span.end]
    if span.kind in ("place", "facility") or not rest or is_generic(rest) or is_ministry(rest) or (
        span.kind == "organization" and _OF_STATE.match(rest)
    ):
        return True
    is_abbreviated = country.end - country.start == 1 or text[country.end - 1] == "国"
    # 米国|パデュー大学 has a name of its own, 米国地質研究所 would be any without it.
    return is_abbreviated and (country.end - country.start == 1 or bool(_NAME_OF_ITS_OWN.search(rest)))


def _is_unsure(text: str, span: TaggedSpan, held: Sequence[Span]) -> bool:
    """Whether a country with one more word is no body for all that the model sees: メキシコ麻薬|取締."""
    words, rest = text[span.start:span.end], text[held[-1].end:span.end]
    return span.kind == "organization" and span.confidence < UNSURE_OTHER and (
        len(rest) <= 2 and is_kanji(rest) and not ends_as_body(words)
    )


def _is_of_country(kind: Kind, words: str) -> bool:
    """Whether words with a country in them name the country and nothing more: 仲介国カタール, ウクライナ戦争."""
    if words.isascii():                 # a headline that is cited: "Serbiadeclaresindependence"
        return True
    if kind == "event":
        return not words.endswith(_NAMED_EVENTS)
    if kind == "facility":
        return words.endswith(_EMBASSIES)
    return kind == "organization" and (_NAMELESS.search(words) is not None or any(
        is_country_name(words[at:]) for at in range(1, len(words) - 2)
    ))
