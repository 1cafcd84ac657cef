"""What one typed word or phrase looks for in the index."""

from __future__ import annotations

from functools import lru_cache

from search.japanese.tokens import PartOfSpeech, Short, Unit, units
from search.query.model import AllOf, AnyOf, Node, Sequence, Term

# Words between words: they say how the others belong together, and nobody looks for them alone.
_BETWEEN = frozenset(("助詞", "助動詞", "補助記号", "空白", "接続詞"))


@lru_cache(maxsize=4096)
def word_node(text: str) -> Node | None:
    """Articles that have what was typed without a space: 知事選, 日本の首相, 停戦合意.

    Long units may stand apart (日本の首相 finds 首相は日本で…); what makes one word stays together: an affix, a
    counter, a name in two parts, a single character. None if there is no word in it (punctuation).
    """
    groups = _groups(units(text))
    nodes = [_group_node(group) for group in groups if not _is_filler(group, groups)]
    if not nodes:
        return None
    return nodes[0] if len(nodes) == 1 else AllOf(tuple(dict.fromkeys(nodes)))


@lru_cache(maxsize=4096)
def phrase_node(text: str) -> Node | None:
    """Articles that have these words in this order, next to each other. None if there is no word in it."""
    return _adjacent([short for unit in units(text) for short in unit.shorts])


def _groups(found: list[Unit]) -> list[list[Unit]]:
    """Units that make one word are one group; particles and punctuation part groups and are left out."""
    groups: list[list[Unit]] = []
    joined = False
    for unit in found:
        if unit.part_of_speech[0] in _BETWEEN or not unit.term:
            # ジョー・バイデン: what a middle dot joins is one name.
            joined = joined and unit.surface in ("・", "＝", "=")
            continue
        if groups and joined and _belongs(groups[-1][-1], unit):
            groups[-1].append(unit)
        else:
            groups.append([unit])
        joined = True
    return groups


def _belongs(before: Unit, unit: Unit) -> bool:
    left, right = before.part_of_speech, unit.part_of_speech
    return (
        right[0] == "接尾辞"
        or left[0] == "接頭辞"
        or (_is_name(left) and _is_name(right))
        or left[1] == "数詞"
        or (right[1] == "数詞" and (left[2] == "助数詞可能" or before.surface.isascii()))
        or (left[0] == right[0] == "名詞" and 1 in (len(before.surface), len(unit.surface)))
        or before.end != unit.start
    )


def _is_name(part_of_speech: PartOfSpeech) -> bool:
    return part_of_speech[2] == "人名"


def _is_filler(group: list[Unit], groups: list[list[Unit]]) -> bool:
    # 停戦合意した: する beside a word that carries the meaning.
    return len(groups) > 1 and all(unit.part_of_speech[1] == "非自立可能" for unit in group)


def _group_node(group: list[Unit]) -> Node:
    adjacent = _adjacent([short for unit in group for short in unit.shorts])
    assert adjacent is not None     # a group has units with terms only
    if len(group) == 1 and len(group[0].shorts) > 1:
        # The long unit as a whole ranks an article higher than its parts side by side.
        return AnyOf((Term(group[0].term), adjacent))
    return adjacent


def _adjacent(shorts: list[Short]) -> Node | None:
    terms = tuple(short.term for short in shorts if short.term)
    if not terms:
        return None
    return Term(terms[0]) if len(terms) == 1 else Sequence(terms)
