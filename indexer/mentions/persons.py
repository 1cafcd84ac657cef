"""Persons: by the part of speech of the words, by the title after them, and by the bundled names."""

from __future__ import annotations

from functools import cache

from indexer.mentions.countries import is_abbreviation, is_country
from indexer.mentions.looks import Look, is_kanji, look, may_be_family_name, may_be_given_name, may_be_place
from indexer.mentions.organizations import ends_other_name
from indexer.mentions.runs import CONNECTORS, Gazetteer, Run, Span
from indexer.mentions.titles import Sort, Title, title_at
from search.names import bundled_aliases, bundled_entities, bundled_names, fold_name

# How sure we are, by what speaks for a person. Rough shares of right ones on news sentences.
BUNDLED, TITLED, FULL, UNLISTED, LONE = 0.98, 0.95, 0.9, 0.75, 0.6

_NAME_LIKE = Look.PERSON | Look.UNKNOWN

# After these titles a word is a person even if it is also a thing, a firm or a town: 氏 in マスク氏.
_STRONG = frozenset(("氏", "容疑者", "被告", "被告人", "受刑者", "死刑囚", "元死刑囚", "さん"))
_NO_PERSONS = frozenset("同両某各諸彼")
_NO_GIVEN_NAMES = frozenset("等 ら 達 側 自身 本人".split())
_AFTER_A_NAME = frozenset("ら 等 達 たち 側 自身 本人 以外 両 など".split())
# After a word that is a place or a common noun as well as a surname: 宮崎外相, 石川監督.
_OF_STATESMEN = frozenset("大統領 首相 外相 国務長官 国防長官 防衛相 財務相 官房長官 議員 監督 内閣 政権".split())
# Surnames that are prefectures: before 知事 they are places.
_PREFECTURES = frozenset(
    "秋田 山形 福島 千葉 富山 石川 福井 長野 岐阜 静岡 滋賀 奈良 鳥取 岡山 広島 山口 徳島 香川 高知 福岡 佐賀 長崎 熊本 大分 宮崎".split()
)

_OF_STATE: frozenset[Sort] = frozenset(("honorifics", "offices", "age"))
_NOT_OF_PLACES: frozenset[Sort] = frozenset(("honorifics", "age", "heads"))
_OF_PERSONS: frozenset[Sort] = frozenset(("honorifics", "offices", "posts", "age"))


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
        return _katakana_person(text, run, first)
    if judged & (Look.KANJI | Look.PERSON) and not judged & Look.LATIN:
        return _japanese_person(text, run, first)
    return None


# --- katakana: セルゲイ・ラブロフ, プーチン, ヨハネ・パウロ2世 --------------------------------------------------


def _katakana_person(text: str, run: Run, first: int) -> tuple[int, Span] | None:
    chain = _chain(text, run, first)
    if is_country(text, run, first) and not _is_strong(title_at(text, run[first].end)) and not (
        len(chain) > 1 and look(run[chain[1][0]]) & Look.PERSON and may_be_given_name(run[first].surface)
    ):                                                                  # チャド・スミス
        return None
    pieces = tuple(text[run[a].start:run[b - 1].end] for a, b in chain)
    end = _regnal_end(run, chain[-1][1])
    if end < len(run) and ends_other_name(run[end].surface):            # スノウ・ヒル駅
        return None
    title = title_at(text, run[end - 1].end)
    looks = [_look_of(run, a, b) for a, b in chain]
    if len(pieces) > 1:
        confidence = _full_confidence(looks, pieces, title, _stands_free(run, first, end))
    else:
        confidence = _lone_confidence(looks[0], pieces[0], title, _stands_free(run, first, end))
    if end > chain[-1][1] and looks[-1] & (Look.PERSON | Look.UNKNOWN):
        confidence = max(confidence, FULL)
    if not confidence:
        return None
    return end, Span(
        run[first].start, run[end - 1].end, "person", confidence, title=title.words if title else "",
        pieces=pieces if len(pieces) > 1 else (),
    )


def _chain(text: str, run: Run, first: int) -> list[tuple[int, int]]:
    """The pieces between middle dots, as ranges of units: セルゲイ, ラブロフ."""
    chain = [(first, _piece_end(run, first))]
    while (dot := chain[-1][1]) + 1 < len(run) and run[dot].surface in CONNECTORS:
        if not look(run[dot + 1]) & (Look.KATAKANA | Look.INITIAL) or is_country(text, run, dot + 1):
            break
        chain.append((dot + 1, _piece_end(run, dot + 1)))
    if len(chain) > 1 and _are_different_persons(text, run, chain):
        del chain[1:]
    return chain


def _piece_end(run: Run, first: int) -> int:
    """An unknown name may fall into several units, of which each is a name or unknown."""
    end = first + 1
    while end < len(run) and look(run[end]) & Look.KATAKANA and (
        look(run[end - 1]) & _NAME_LIKE and look(run[end]) & _NAME_LIKE
    ):
        end += 1
    return end


def _regnal_end(run: Run, end: int) -> int:
    """The index after 2世, if it follows at `end`."""
    after = end
    while after < len(run) and look(run[after]) & Look.NUMBER:
        after += 1
    return after + 1 if end < after < len(run) and run[after].surface == "世" else end


def _are_different_persons(text: str, run: Run, chain: list[tuple[int, int]]) -> bool:
    """トランプ・プーチン会談: each is known by the one word alone."""
    known = [bundled_aliases().get(fold_name(text[run[a].start:run[b - 1].end])) for a, b in chain]
    return all(known) and len(set(known)) == len(known)


def _full_confidence(looks: list[int], pieces: tuple[str, ...], title: Title | None, stands_free: bool) -> float:
    """How sure we are that a chain is one person's name, 0 for not at all."""
    if _is_bundled_person("".join(pieces)):
        return BUNDLED
    named = sum(bool(judged & Look.PERSON) for judged in looks)
    unlisted = sum(bool(judged & (Look.UNKNOWN | Look.INITIAL)) for judged in looks)
    if title and title.sort in _OF_PERSONS and named + unlisted:
        return TITLED
    if named and named + unlisted == len(looks):
        return FULL
    if not stands_free:                                         # ターフ・ムーア
        return 0.0
    if named * 2 > len(looks):
        return FULL - 0.05
    if any(judged & (Look.PLACE | Look.PROPER) for judged in looks):
        return 0.0
    return UNLISTED if named or unlisted == len(looks) else 0.0


def _lone_confidence(judged: int, word: str, title: Title | None, stands_free: bool) -> float:
    if len(word) < 2:
        return 0.0
    if judged & Look.PERSON:
        return TITLED if title else LONE if stands_free else 0.0
    if title is None:
        return 0.0
    if _is_bundled_person(word + title.words):
        return BUNDLED
    if judged & Look.UNKNOWN:
        return TITLED - 0.05 if title.sort in _OF_PERSONS else 0.0
    if judged & (Look.PLACE | Look.PROPER):
        return TITLED - 0.1 if _is_strong(title) or (judged & Look.PLACE and title.words in _OF_STATESMEN) else 0.0
    return TITLED - 0.1 if _is_strong(title) and title.words != "さん" else 0.0


def _stands_free(run: Run, first: int, end: int) -> bool:
    """Whether no other noun goes on from the name or leads up to it as part of a longer one."""
    if end < len(run) and run[end].surface not in _AFTER_A_NAME and run[end].surface not in CONNECTORS:
        return False
    if first == 0:
        return True
    return not look(run[first - 1]) & (Look.NAMED | Look.KATAKANA | Look.NUMBER) and not (
        run[first - 1].surface in CONNECTORS and not look(run[first - 2]) & Look.PERSON
    )


def _look_of(run: Run, first: int, end: int) -> int:
    judged = 0
    for unit in run[first:end]:
        judged |= look(unit)
    return judged


def _is_bundled_person(name: str) -> bool:
    return any(bundled_entities()[i].kind == "person" for i in bundled_aliases().get(fold_name(name), ()))


def _is_strong(title: Title | None) -> bool:
    return title is not None and title.words in _STRONG


# --- kanji: 習近平, 安倍 晋三, 安倍 首相 --------------------------------------------------------------------------


def _japanese_person(text: str, run: Run, first: int) -> tuple[int, Span] | None:
    unit = run[first]
    if unit.surface in _NO_PERSONS:
        return None
    known = _gazetteer().longest(text, run, first)
    if known:
        return _span(text, run, first, known[0], BUNDLED, entity_id=known[1])
    judged = look(unit)
    if judged & Look.WHOLE:
        return _span(text, run, first, first + 1, FULL if len(unit.surface) > 2 or _stands_free(run, first, first + 1)
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
        return end + 1 + _goes_on(run, end + 1)
    if not family & Look.FAMILY and not (len(run[first].surface) == 1 and given & Look.UNKNOWN):
        return end
    if not given & Look.KANJI or given & Look.NUMBER or len(run[end].surface) > 3 or title:
        return end
    if len(run[first].surface) == 1 and end + 1 < len(run) and len(run[end].surface) == 1 == len(run[end + 1].surface):
        after = look(run[end + 1])                                  # 金 与 正, 鄭 義 溶 氏
        if after & Look.GIVEN or (after & Look.KANJI and _is_of(title_at(text, run[end + 1].end), _OF_PERSONS)):
            return end + 2
    if given & Look.FAMILY:
        is_given = title_at(text, run[end].end) is not None or may_be_given_name(run[end].surface)
    else:
        is_given = bool(given & Look.UNKNOWN) or may_be_given_name(run[end].surface)
    return end + 1 if is_given else end


def _goes_on(run: Run, index: int) -> bool:
    """Whether one more character belongs to the given name: 雄 豊, 穣 一, 三治 郎."""
    if index == len(run) or len(run[index].surface) > 1:
        return False
    return run[index].surface in "郎一夫雄助介蔵吾平彦" or (
        bool(look(run[index]) & Look.GIVEN) and len(run[index - 1].surface) == 1
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
        is_place = title.sort == "local" and may_be_place(word) and (title.words != "知事" or word in _PREFECTURES)
        return None if is_place else _span(text, run, first, end, TITLED)
    if len(word) < 2 or not look(run[first]) & Look.KANJI or not _stands_free(run, first, end):
        return None
    return _span(text, run, first, end, LONE)


def _unlisted(text: str, run: Run, first: int, judged: int) -> tuple[int, Span] | None:
    """習 主席, 文 在 寅 大統領, 福島 さん: no part of speech says person, but the title does."""
    word = run[first].surface
    title = title_at(text, run[first].end)
    if title and title.sort != "honorifics" and is_abbreviation(word):          # 伊首相
        return None
    if title:
        is_name = len(word) <= 4 and judged & Look.UNKNOWN and title.sort in _OF_PERSONS
        is_name = is_name or may_be_family_name(word) and (
            _is_strong(title) or judged & Look.PLACE and title.sort in _NOT_OF_PLACES or title.words in _OF_STATESMEN
        )
        return _span(text, run, first, first + 1, TITLED - 0.1) if is_name else None
    if len(word) == 1 and may_be_family_name(word):
        for end in (first + 3, first + 2):
            if end <= len(run) and all(len(u.surface) == 1 and look(u) & Look.KANJI for u in run[first:end]) and (
                _is_of(title_at(text, run[end - 1].end), _OF_STATE)
            ):
                return _span(text, run, first, end, TITLED - 0.1)
    return None


def _is_of(title: Title | None, sorts: frozenset[Sort]) -> bool:
    return title is not None and title.sort in sorts
