"""Persons in katakana: セルゲイ・ラブロフ, プーチン, ヨハネ・パウロ2世."""

from __future__ import annotations

from indexer.mentions.countries import is_country, is_given_name_too
from indexer.mentions.looks import Look, look
from indexer.mentions.organizations import ends_other_name
from indexer.mentions.runs import BUNDLED, CONNECTORS, FULL, LONE, TITLED, UNLISTED, Run, Span
from indexer.mentions.titles import (
    EVEN_AFTER_THINGS,
    OF_PERSONS,
    OF_STATESMEN,
    SPORTING,
    Title,
    is_strong,
    is_title,
    title_at,
    title_before,
)
from search.names import bundled_aliases, bundled_entities, fold_name, load_data

_NAME_LIKE = Look.PERSON | Look.UNKNOWN
_SCRAP = 3      # characters
_LONGEST_CHAIN = 8      # pieces; or else each of a million pieces would look at all that follow
_AFTER_A_NAME = frozenset("ら 等 達 たち 側 自身 本人 以外 両 など".split())


def katakana_person(text: str, run: Run, first: int) -> tuple[int, Span] | None:
    """The person whose name begins with the unit `first`, and the index after it. One word alone needs a title."""
    chain = _chain(text, run, first)
    end = _regnal_end(run, chain[-1][1])
    title = title_at(text, run[end - 1].end)
    if len(chain) == 1 and end == chain[0][1] and title is None and not title_before(text, run[first].start):
        return None
    if is_country(text, run, first) and not is_strong(title_at(text, run[first].end)) and not (
        len(chain) > 1 and look(run[chain[1][0]]) & Look.PERSON and is_given_name_too(run[first].surface)
    ):                                                                  # チャド・スミス
        return None
    pieces = tuple(text[run[a].start:run[b - 1].end] for a, b in chain)
    if end < len(run) and ends_other_name(run[end].surface):            # スノウ・ヒル駅
        return None
    looks = [_look_of(run, a, b) for a, b in chain]
    if len(pieces) > 1:
        confidence = _full_confidence(looks, pieces, title, stands_free(run, first, end))
    else:
        confidence = _lone_confidence(looks[0], pieces[0], title, stands_free(run, first, end))
    if end > chain[-1][1] and not any(judged & Look.PLACE for judged in looks):
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
    while (dot := chain[-1][1]) + 1 < len(run) and run[dot].surface in CONNECTORS and len(chain) < _LONGEST_CHAIN:
        if not look(run[dot + 1]) & (Look.KATAKANA | Look.INITIAL) or is_country(text, run, dot + 1):
            break
        chain.append((dot + 1, _piece_end(run, dot + 1)))
    if len(chain) > 1 and _are_different_persons(text, run, chain):
        del chain[1:]
    return chain


def _piece_end(run: Run, first: int) -> int:
    """An unknown name may fall into several units: names, unknown ones, scraps (ビッチ of ジョコビッチ)."""
    end = first + 1
    while end < len(run) and look(run[end]) & Look.KATAKANA and look(run[end - 1]) & _NAME_LIKE and (
        look(run[end]) & _NAME_LIKE or (len(run[end].surface) <= _SCRAP and not is_title(run[end].surface))
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
    if title and title.sort in OF_PERSONS and (named + unlisted or is_strong(title)):
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
        is_sport = title.words in SPORTING and word.endswith(tuple(load_data("titles")["sports"]))
        return TITLED - 0.05 if title.sort in OF_PERSONS and not is_sport else 0.0
    if judged & (Look.PLACE | Look.PROPER):
        return TITLED - 0.1 if is_strong(title) or (judged & Look.PLACE and title.words in OF_STATESMEN) else 0.0
    return TITLED - 0.1 if title.words in EVEN_AFTER_THINGS else 0.0


def stands_free(run: Run, first: int, end: int) -> bool:
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
