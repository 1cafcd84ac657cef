"""What a word of the query also stands for, and what it says about that."""

from __future__ import annotations

import pytest

from search.articles import Entity
from search.query import syntax
from search.query.expansion import MAX_ENTITIES_A_WORD, Expanded, expand
from search.query.model import AllOf, AnyOf, Named, Node, Nothing, Sequence, Term, Without
from search.query.words import word_node

XI = Entity("xi-jinping", "person", "習近平", "Xi Jinping")
CHINA = Entity("CN", "country", "中国", "China")
TANAKAS = tuple(Entity(f"person-{n}", "person", f"田中{n}") for n in range(1, 9))
NAMES = {"習主席": (XI,), "習近平": (XI,), "中国": (CHINA,), "田中": TANAKAS, "★": (CHINA,)}

XI_WORD = AnyOf((Sequence(("習", "主席")), Named("xi-jinping")))
CHINA_WORD = AnyOf((Term("中国"), Named("CN")))


def expanded(text: str, *off: str) -> Expanded:
    tree = syntax.read(text).tree
    assert tree is not None
    return expand(tree, lambda word: NAMES.get(word, ()), off=frozenset(off))


@pytest.mark.parametrize(("text", "root"), [
    ("習主席", XI_WORD),
    ("停戦", Term("停戦")),
    ("習主席 停戦", AllOf((XI_WORD, Term("停戦")))),
    ("習主席 OR 停戦", AnyOf((XI_WORD, Term("停戦")))),
    ("★", Named("CN")),                      # a name without a word in it
])
def test_a_word_that_is_a_name_finds_the_named_however_it_is_written(text: str, root: Node) -> None:
    assert expanded(text).root == root


@pytest.mark.parametrize(("text", "root"), [
    ("-中国", Without(CHINA_WORD)),
    ("停戦 -中国", AllOf((Term("停戦"), Without(CHINA_WORD)))),
    ("停戦 OR -中国", AnyOf((Term("停戦"), Without(CHINA_WORD)))),
    ("-(中国 習主席)", Without(AllOf((CHINA_WORD, XI_WORD)))),
])
def test_not_stays_not_and_leaves_out_every_spelling(text: str, root: Node) -> None:
    assert expanded(text).root == root


def test_a_phrase_stands_for_itself() -> None:
    assert expanded("「中国」") == Expanded(Term("中国"), (), ())


def test_a_word_that_is_off_stands_for_itself_and_the_others_do_not() -> None:
    found = expanded("習主席 中国", "中国")
    assert found.root == AllOf((XI_WORD, Term("中国")))
    assert found.taken == (("習主席", XI),)


def test_off_words_that_are_not_in_the_query_change_nothing() -> None:
    assert expanded("習主席", "火星") == expanded("習主席")


def test_what_was_taken_for_a_name_is_told_once_for_each_word_in_the_order_typed() -> None:
    assert expanded("中国 -習主席 中国 習近平").taken == (("中国", CHINA), ("習主席", XI), ("習近平", XI))


def test_an_ambiguous_name_stands_for_those_with_most_articles() -> None:
    found = expanded("田中")
    kept = TANAKAS[:MAX_ENTITIES_A_WORD]
    assert found.root == AnyOf((Term("田中"), *(Named(entity.id) for entity in kept)))
    assert found.taken == tuple(("田中", entity) for entity in kept)


@pytest.mark.parametrize(("text", "root", "unsearchable"), [
    ("!!!", Nothing(), ("!!!",)),
    ("停戦 !!!", Term("停戦"), ("!!!",)),
    ("!!! OR 停戦", Term("停戦"), ("!!!",)),
    ("停戦 -!!!", Term("停戦"), ("!!!",)),
    ("「…」 停戦 ♪", Term("停戦"), ("…", "♪")),
    ("(!!! OR …) 停戦", Term("停戦"), ("!!!", "…")),
])
def test_a_word_with_nothing_to_look_for_is_left_out_and_told(
    text: str, root: Node, unsearchable: tuple[str, ...]
) -> None:
    found = expanded(text)
    assert (found.root, found.unsearchable) == (root, unsearchable)


def test_a_word_is_widened_where_it_stands_and_keeps_what_it_looks_for_itself() -> None:
    assert expanded("中国").root == AnyOf((word_node("中国"), Named("CN")))  # type: ignore[arg-type]
