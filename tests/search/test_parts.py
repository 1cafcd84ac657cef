"""Which parts of a query can be taken away alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query.composing import joined
from search.query.model import And, Tree
from search.query.parts import MAX_CHARS, parts
from search.query.syntax import read


@pytest.mark.parametrize(("query", "expected"), [
    ("停戦", ["停戦"]),
    ("停戦 合意", ["停戦", "合意"]),
    ("停戦　合意", ["停戦", "合意"]),
    ("停戦 合意 停戦", ["停戦", "合意"]),
    ('停戦 "和平 交渉" -中国', ["停戦", '"和平 交渉"', "-中国"]),
    ("「和平交渉」 ＝停戦 ゼレンス* ラブロフ~", ["「和平交渉」", "＝停戦", "ゼレンス*", "ラブロフ~"]),
    ("ロシア OR 中国", ["ロシア OR 中国"]),
    ("停戦 ロシア または 中国 合意", ["停戦", "ロシア または 中国", "合意"]),
    ("停戦 AND 合意 かつ 交渉", ["停戦", "合意", "交渉"]),
    ("停戦 中国 を除く", ["停戦", "中国 を除く"]),
    ("停戦 NOT 中国", ["停戦", "NOT 中国"]),
    ("停戦 NEAR/5 合意 交渉", ["停戦 NEAR/5 合意", "交渉"]),
    ("停戦 同節 合意 交渉", ["停戦 同節 合意", "交渉"]),
    ("人物:習近平 見出し:(停戦 合意) 日付:2024", ["人物:習近平", "見出し:(停戦 合意)", "日付:2024"]),
    ("人物: 習近平 停戦", ["人物: 習近平", "停戦"]),
    ("(停戦 合意) (ロシア OR 中国)", ["(停戦 合意)", "(ロシア OR 中国)"]),
    ("停戦・合意 交渉", ["停戦・合意", "交渉"]),
    ("停戦 OR", ["停戦 OR"]),
    ("停戦 「合意", ["停戦", "「合意"]),
    ("停戦 (合意", ["停戦 (合意"]),
    ("、、、", ["、、、"]),
])
def test_a_query_is_cut_where_its_parts_stand_by_themselves(query: str, expected: list[str]) -> None:
    assert [part.text for part in parts(query)] == expected


@pytest.mark.parametrize(("query", "part", "rest"), [
    ('停戦 "和平 交渉" -中国', '"和平 交渉"', "停戦 -中国"),
    ("停戦 AND 合意", "合意", "停戦"),
    ("停戦 ロシア OR 中国", "停戦", "ロシア OR 中国"),
    ("ロシア OR 中国", "ロシア OR 中国", ""),
])
def test_taking_a_part_away_leaves_the_others_as_they_were_typed(query: str, part: str, rest: str) -> None:
    assert {found.text: found.rest for found in parts(query)}[part] == rest


def test_a_pasted_page_is_not_cut() -> None:
    assert len(parts("停戦 " * MAX_CHARS)) == 1


pieces = st.sampled_from([
    "停戦", "合意", "ロシア", '"和平', '交渉"', "「会談」", "-中国", "NOT", "OR", "または", "AND", "かつ", "NEAR/3",
    "SAME", "を除く", "(", ")", "(停戦", "合意)", "人物:習近平", "国:", "見出し:", "=停戦", "ゼレンス*", "ラブロフ~",
    "、", "||", "-",
])


@given(st.lists(pieces, min_size=1, max_size=9))
def test_what_is_left_means_what_the_other_parts_mean(words: list[str]) -> None:
    query = " ".join(words)
    found = parts(query)
    if len(found) == 1 and not found[0].rest:
        return
    for part in found:
        without = read(part.rest).tree
        whole = [child for tree in (without, read(part.text).tree) for child in _children(tree)]
        assert sorted(map(repr, whole)) == sorted(map(repr, _children(read(query).tree)))


def _children(tree: Tree | None) -> tuple[Tree, ...]:
    both = joined(And, [tree]) if tree is not None else None
    return both.children if isinstance(both, And) else (both,) if both is not None else ()
