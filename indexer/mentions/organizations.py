"""Organizations, facilities and places: bundled names, proper nouns, and what their last words say."""

from __future__ import annotations

from functools import cache, lru_cache

from indexer.mentions.countries import country_gazetteer, is_country_name
from indexer.mentions.looks import Look, look
from indexer.mentions.runs import Gazetteer, Run, Span
from indexer.mentions.titles import title_at
from search.articles import Kind
from search.japanese.tokens import Unit
from search.names import bundled_entities, bundled_names, load_data

BUNDLED, BY_LAST_WORD, PROPER_NOUN, PLACE = 0.97, 0.8, 0.6, 0.85

# Longer runs are headlines without particles, not names.
_MAX_UNITS = 9
# Common words that open the names of bodies: 国際 陸上 競技 連盟.
_OPENINGS = frozenset("国際 世界 全国 全日本 首都 国立 東日本 西日本".split())
# The dictionary takes these for countries; in news they are teams, firms and papers.
_NICKNAMES = frozenset("ニッポン ジャパン チャイナ コリア 中華 nz".split())
_MEMBERS = frozenset("長 員 者".split())
_NEVER_INSIDE = frozenset("氏 さん 容疑者 被告 側 中 的 等 ら 内 人 元 前 各 両 同 対".split())


@cache
def _gazetteer() -> Gazetteer:
    return Gazetteer(
        (name, entity.id)
        for entity in bundled_entities().values()
        if entity.kind == "organization"
        for name in bundled_names(entity.id)
        if len(name) > 1 and not _is_country_and_more(name, bundled_names(entity.id))
    )


def _is_country_and_more(name: str, names: tuple[str, ...]) -> bool:
    """米国防総省 is left to the country 米 and to 国防総省, which bears the same id."""
    return any(name.endswith(other) and is_country_name(name.removesuffix(other)) for other in names if other != name)


@cache
def _words(table: str) -> frozenset[str]:
    return frozenset(load_data("suffixes")[table])


def ends_other_name(word: str) -> bool:
    """Whether a name that goes on with this word is a place's, a facility's or a body's: 駅, 州, 財団."""
    return word in _words("facility") or word in _words("place") or word in _words("organization")


def is_prefecture(word: str) -> bool:
    """Whether the word is a prefecture that is a surname as well: 福島."""
    return word in _words("prefectures")


def may_open_organization(word: str) -> bool:
    """Whether a common noun may begin an organization's name."""
    return word in _OPENINGS or word in _words("company") or word[:2] in _gazetteer().openings or (
        word[:2] in _ministry_openings()
    )


def opens_with_place(unit: Unit) -> bool:
    """Whether a common noun begins with a place: 東京|地検|特捜|部."""
    return len(unit.shorts) > 1 and unit.shorts[0].part_of_speech[2] == "地名"


@cache
def _ministry_openings() -> frozenset[str]:
    return frozenset(word[:2] for word in _words("ministries"))


def organization_at(text: str, run: Run, first: int, before: Span | None) -> tuple[int, Span] | None:
    """The organization or facility that begins with the unit `first`, and the index of the unit after it.

    before: the name that ends where the unit begins, if one does.
    """
    start = run[first].start
    ministry = _ministry(text, run, first, before)
    if ministry:
        return ministry
    known = _gazetteer().longest(text, run, first)
    end, kind = _end_by_last_word(text, run, first)
    if known and known[0] >= end:
        return known[0], Span(start, run[known[0] - 1].end, "organization", BUNDLED, known[1])
    if end:
        return end, Span(start, run[end - 1].end, kind, BY_LAST_WORD)
    return None


def _ministry(text: str, run: Run, first: int, before: Span | None) -> tuple[int, Span] | None:
    """外務省 in ロシア外務省 is Russia's."""
    if before is None or before.kind != "country" or before.entity_id is None:
        return None
    for end in range(min(first + 4, len(run)), first, -1):
        word = text[run[first].start:run[end - 1].end]
        if word in _words("ministries"):
            country = bundled_entities()[before.entity_id].name
            return end, Span(run[first].start, run[end - 1].end, "organization", BUNDLED, name=country + word)
    return None


def _end_by_last_word(text: str, run: Run, first: int) -> tuple[int, Kind]:
    """The index after the longest name that begins at `first` and ends as an organization or facility; or 0."""
    judged, word = look(run[first]), run[first].surface
    if opens_with_place(run[first]) and not judged & (Look.PLACE | Look.PROPER) and _kind_by_last_word(word):
        return first + 1, "organization"
    is_opening = judged & Look.NAMED or word in _OPENINGS or word in _words("company")
    if not is_opening or word in _words("no_organization"):
        return 0, "organization"
    is_company = word in _words("company")
    end, last = first + 1, 0
    kind: Kind = "organization"
    while end < len(run) and end - first < _MAX_UNITS and _may_go_on(run, end):
        if last == end and run[end].surface == "・":              # 前田建設工業・桑原組: two names
            break
        found = _kind_by_last_word(run[end].surface)
        end += 1
        if end < len(run) and run[end].surface in _MEMBERS:             # IAEA 事務局 長
            continue
        if found or is_company:
            last, kind = end, found or "organization"
    if not last or (last - first < 3 and not judged & Look.NAMED and not is_company):
        return 0, kind
    country = country_gazetteer().longest(text, run, first)
    if country and (
        country[0] >= last or text[run[country[0]].start:run[last - 1].end] in _words("state") | _words("ministries")
    ):
        return 0, kind
    return last, kind


def _may_go_on(run: Run, index: int) -> bool:
    unit = run[index]
    return (
        unit.part_of_speech[0] in ("名詞", "接尾辞", "接頭辞") and unit.surface not in _NEVER_INSIDE
        and not look(unit) & Look.NUMBER
    ) or unit.surface in "・&＆"


@lru_cache(maxsize=1 << 14)
def _kind_by_last_word(word: str) -> Kind | None:
    """What a name is that ends in this word; of long words the ending decides (理事会, 中学校)."""
    for ending in (word[cut:] for cut in range(len(word))):
        if len(ending) == len(word) or len(ending) > 1:
            if ending in _words("organization") or ending in _words("company"):
                return "organization"
            if ending in _words("facility"):
                return "facility"
    return None


def place_at(text: str, run: Run, first: int) -> tuple[int, Span] | None:
    """The place that begins with the unit `first`, and the index of the unit after it."""
    judged = look(run[first])
    end = first + 1
    while end < len(run) and run[end].surface in _words("place"):
        end += 1
    start, stop = run[first].start, run[end - 1].end
    if judged & Look.PLACE or is_prefecture(run[first].surface):
        if end == first + 1 and run[first].part_of_speech[3] == "国" and (
            is_country_name(run[first].surface) or run[first].surface in _NICKNAMES
        ):
            return None
        return end, Span(start, stop, "place", PLACE)
    if end > first + 1 and judged & (Look.PERSON | Look.UNKNOWN) and len(run[first].surface) > 1:
        return end, Span(start, stop, "place", PLACE - 0.15)
    return None


def proper_noun_at(text: str, run: Run, first: int) -> tuple[int, Span] | None:
    """A proper noun of no other kind, with those that follow at once: what it is, its ending says.

    Without a telling end it is most often an organization (グーグル), but not where other nouns go on (新日本プロレス).
    """
    if not look(run[first]) & Look.PROPER or run[first].surface in _words("no_organization"):
        return None
    end = first + 1
    while end < len(run) and look(run[end]) & Look.PROPER:
        end += 1
    last = run[end - 1]
    ending = _kind_by_last_word(text[last.shorts[-1].start:last.end])
    if not ending and end < len(run) and not title_at(text, last.end) and _may_go_on(run, end):
        return None
    confidence = BY_LAST_WORD if ending else PROPER_NOUN
    return end, Span(run[first].start, last.end, ending or "organization", confidence)
