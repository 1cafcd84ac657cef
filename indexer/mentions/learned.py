"""What the model found in one part, without the titles and countries that it took into a name.

Rules have seen titles, bundled names and countries to the letter before: what the model sees around those is put right
by them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from indexer.mentions.countries import is_abbreviation, is_country_name
from indexer.mentions.crf import TaggedSpan
from indexer.mentions.evidence import implied_country
from indexer.mentions.looks import is_kanji
from indexer.mentions.organizations import ends_as_body, is_generic, is_ministry
from indexer.mentions.persons import is_place_before
from indexer.mentions.runs import CONNECTORS, TITLED, Span
from indexer.mentions.titles import AFTER_FULL_NAMES, is_of, is_title, title_at
from search.articles import Kind

LEAST_SURE = 0.5
"""What the model is less sure of is no name: on news, half of it would be wrong."""

LEAST_SURE_POLITE = 0.3
"""The same of what 氏, さん, 選手 or an age follows: GACKTさん."""

SURELY_A_PERSON = 0.95
"""How sure the model must be of a person whose name is a city's: シドニー."""

LONGER_BODY = 0.5
"""How sure the model must be of a longer name around a bundled one: 警視庁成城警察署."""

UNSURE_OTHER = 0.8
"""A person in full goes before what the model takes for something else with less than this."""

_NAME_OF_ITS_OWN = re.compile("[ァ-ヺA-Za-zＡ-Ｚａ-ｚ]")
# With these a country's name is a part of the event's: 日朝平壌宣言, イタリア杯.
_NAMED_EVENTS = (
    "宣言", "条約", "協定", "議定書", "憲章", "杯", "カップ", "グランプリ", "オープン", "五輪", "オリンピック",
    "選手権", "リーグ", "シリーズ", "ダービー", "ツアー", "フェスティバル", "映画祭",
)
# What stands after places and hardly after a person: エル・ファーシャにおける, キーウ近郊.
AFTER_PLACES = re.compile(
    "における|に(?:ある|位置)|の?(?:郊外|近郊|市内|市街|周辺|中心部|沖|上空)|[州県]|市(?!長)|空港|地区|国境"
)
# What is a country's without being named after it: ロシア|非常事態省, ウクライナ|海軍, アメリカ|大リーグ.
_OF_STATE = re.compile("[陸海空]?軍|海兵隊|大リーグ|.*(?:省|庁|裁判所|最高裁|高等法院|検察|(?<![評協])議会|上院|下院)$")
# A part of a country's land, or a body without a name: ベトナム中央部, ドイツ連立政権.
_NAMELESS = re.compile(
    "(?:(?:[東西南北]+|中央?|沿岸)部|湾岸|領海|代表団?|選手団|軍|部隊|政府|政権|当局|王室|両国|首脳|チーム|本部)$"
)
_OFFICE_OF_STATE = re.compile("軍|連邦|副?大統領|首相|副首相|[ァ-ヺ一-鿿]{1,3}相|国務|国防|外務|国王|大使|議員")
# Countries' names that are a region's, too: 中国・四国. 日本 of 日本時間 is none.
_ALSO_REGIONS = frozenset(("中国", "南極", "南極大陸"))
_EMBASSIES = ("大使館", "領事館")


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


def learned_names(text: str, learned: Sequence[TaggedSpan], named: Beside) -> list[Span]:
    """What the model found, without titles and countries that it took into a name."""
    found: list[Span] = []
    for span in learned:
        if span.confidence >= LEAST_SURE or _is_addressed(text, span):
            if span.kind == "person":
                found += _person(text, _without_country(text, span, named))
            else:
                found += _other(text, span, named)
    return found


def _is_addressed(text: str, span: TaggedSpan) -> bool:
    title = title_at(text, span.end) if span.kind == "person" and span.confidence >= LEAST_SURE_POLITE else None
    return is_of(title, AFTER_FULL_NAMES)


def holds_titled(text: str, span: Span, sure: Beside, named: Beside) -> bool:
    """Whether a person that the model found is all of one whose end has a title: ビート|たけし監督."""
    if span.kind != "person":
        return False
    for one in sure.inside(span.start + 1, span.end):
        if one.end == span.end and one.kind == "person" and one.entity_id is None:
            # ジェフ千葉・クゼ監督 are a club and its coach.
            is_whole = text[one.start - 1] not in CONNECTORS
            return is_whole and not sure.inside(span.start, one.start) and not named.inside(span.start, one.start)
    return False


def holds_bundled(text: str, span: Span, sure: Beside, named: Beside) -> bool:
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
    if not title and is_country_name(surface):
        return
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
        AFTER_PLACES.match(text, span.end) is not None
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
    is_country = is_country_name(words) and words not in _ALSO_REGIONS
    if words and not is_country and not is_generic(words) and not (
        held and (_is_of_country(span.kind, words) or _is_unsure(text, span, held))
    ):
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
