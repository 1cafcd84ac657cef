"""What a word of the query also stands for, what it says about that, and what a partial match may lack."""

from __future__ import annotations

from collections.abc import Sequence as Several
from datetime import date

import pytest

from search.articles import Entity
from search.query import syntax
from search.query.expanded import CUT_OTHERWISE_WEIGHT, PAIR_WEIGHT, Abroad, AsTyped, Expanded, Written
from search.query.expansion import MAX_ENTITIES_A_WORD, expand
from search.query.forms import Form
from search.query.model import (
    AllOf,
    AnyOf,
    Between,
    Boosted,
    Chars,
    Forms,
    HasValue,
    InHeadline,
    InLead,
    Named,
    Near,
    Node,
    Nothing,
    Prefix,
    SameSection,
    Sequence,
    Simple,
    Term,
    Without,
)
from search.query.words import TypedWord

XI = Entity("xi-jinping", "person", "習近平", "Xi Jinping")
CHINA = Entity("CN", "country", "中国", "China")
TANAKAS = tuple(Entity(f"person-{n}", "person", f"田中{n}") for n in range(1, 9))
NAMES = {"習主席": (XI,), "習近平": (XI,), "近平": (XI,), "中国": (CHINA,), "田中": TANAKAS, "習近平国家主席": (XI,)}
OTHERS = {
    "首相": (Written(Form("総理大臣", "abbreviation"), Sequence(("総理", "大臣"))),),
    "停戦": (Written(Form("休戦", "synonym", 0.7), Term("休戦")),),
    "渡辺": (Written(Form("渡邊", "spelling"), Term("渡邊")),),
    "ラブロフ": (Written(Form("ラヴローフ", "spelling"), Term("ラブローフ")),),
}
SELDOM = (CUT_OTHERWISE_WEIGHT,)
WHOLES = {
    "令和6年4月": (Written(Form("2024-04", "date"), Term("@2024-04")),),
    "じしん": (
        Written(Form("自身", "reading", 0.7), Term("自身")), Written(Form("地震", "reading", 0.6), Term("地震")),
    ),
}
TALKS = Abroad(2, (), (Written(Form("和平交渉", "english", 0.8), Sequence(("和平", "交渉"))),))

THE_TALKS = Abroad(4, (), TALKS.forms)
UNKNOWN = Abroad(2, (), ())


class Words:
    """A small archive's."""

    def meant(self, text: str) -> tuple[Entity, ...]:
        return NAMES.get(text, ())

    def bearing(self, name: str) -> tuple[Entity, ...]:
        return {"習 近平": (XI,)}.get(name, ())

    def chosen(self, facet: str, value: str) -> tuple[Node, ...]:
        known = {("desk", "国際"): HasValue("desk", "国際"), ("person", "習近平"): Named(XI.id)}
        return (known[facet, value],) if (facet, value) in known else ()

    def forms(self, word: TypedWord) -> tuple[Written, ...]:
        return OTHERS.get(word.text, ())

    def wholes(self, text: str) -> tuple[Written, ...]:
        return WHOLES.get(text, ())

    def abroad(self, words: Several[str]) -> Abroad | None:
        told = {("peace", "talks"): TALKS, ("the", "peace"): THE_TALKS, ("iPhone", "in"): UNKNOWN}
        return told.get(tuple(words[:2]))

    def similar(self, text: str) -> tuple[Written, ...]:
        return (Written(Form("ゼレンスキー", "spelling", 0.7), Term("ゼレンスキー")),)


def expanded(text: str, *off: str) -> Expanded:
    tree = syntax.read(text, date(2026, 1, 1)).tree
    assert tree is not None
    return expand(tree, Words(), off=frozenset(off), text=text)


def word(text: str, *leaves: Simple, others: tuple[tuple[Simple, float], ...] = ()) -> Forms:
    """A typed word: its own leaves, the same characters cut otherwise, and other forms."""
    own = leaves or (Term(text),)
    weights = (*(1.0 for _ in own), CUT_OTHERWISE_WEIGHT, *(weight for _, weight in others))
    return Forms((*own, Chars(text, whole=True), *(leaf for leaf, _ in others)), weights)


XI_WORD = word("習主席", Sequence(("習", "主席")), others=((Named("xi-jinping"), 1.0),))
CHINA_WORD = word("中国", others=((Named("CN"), 1.0),))
TRUCE = word("停戦", others=((Term("休戦"), 0.7),))


@pytest.mark.parametrize(("text", "root"), [
    ("習主席", XI_WORD),
    ("合意", word("合意")),
    ("首相", word("首相", others=((Sequence(("総理", "大臣")), 1.0),))),
    ("停戦", TRUCE),
    ("習主席 合意", AllOf((XI_WORD, word("合意")))),
    ("習主席 OR 停戦", AnyOf((XI_WORD, TRUCE))),
    ("停戦に合意", AllOf((TRUCE, word("合意")))),
    ("から", Chars("から")),                             # no word that says anything, but characters that articles have
    ("習 近平", AnyOf((AllOf((word("習"), word("近平"))), AllOf((Named("xi-jinping"), word("習")))))),
    ("分から", Forms((Term("分"), Chars("分", whole=True), Chars("分から", whole=True)), (1.0, *SELDOM, *SELDOM))),
    ("カムバックコンサート", AnyOf((
        AllOf((word("カムバック"), word("コンサート"))),
        Boosted(Chars("カムバックコンサート", whole=True), CUT_OTHERWISE_WEIGHT),
    ))),
    ("停戦に合意し協議を開始", InLead((TRUCE, word("合意"), word("協議"), word("開始")))),
    ("習近平国家主席", word(
        "習近平国家主席", Sequence(("習近平", "国家", "主席")), others=((Named("xi-jinping"), 1.0),)
    )),
])
def test_a_word_is_looked_for_in_all_of_its_forms(text: str, root: Node) -> None:
    assert expanded(text).root == root


def test_a_date_is_looked_for_as_it_is_written_and_as_it_is_meant() -> None:
    assert Term("@2024-04") in _leaves(expanded("令和6年4月").root)


@pytest.mark.parametrize(("text", "off", "leaves"), [
    ("じしん", (), {Chars("じしん", whole=True): 1.0, Term("自身"): 0.7, Term("地震"): 0.6}),
    ("じしん", ("自身",), {Chars("じしん", whole=True): 1.0, Term("地震"): 0.6}),
    ("じしん", ("じしん",), {Term("自身"): 1.0, Chars("じしん", whole=True): CUT_OTHERWISE_WEIGHT}),
])
def test_a_word_in_kana_is_any_that_is_read_so_whatever_sudachi_takes_it_for(
    text: str, off: tuple[str, ...], leaves: dict[Simple, float]
) -> None:
    root = expanded(text, *off).root
    assert isinstance(root, Forms)
    assert dict(zip(root.leaves, root.weights, strict=True)) == leaves


def test_latin_words_that_are_one_term_are_that() -> None:
    found = expanded("peace talks 中国")
    assert [sought.text for sought in found.sought] == ["peace talks", "中国"]
    assert Sequence(("和平", "交渉")) in _leaves(found.root)


@pytest.mark.parametrize(("text", "sought"), [
    ("the peace talks in 中国", ["peace talks", "中国"]), ("iPhone in 中国", ["iPhone", "中国"]),
])
def test_function_words_around_latin_words_are_left_out(text: str, sought: list[str]) -> None:
    assert [one.text for one in expanded(text).sought] == sought
    tree = syntax.read(text, date(2026, 1, 1)).tree
    assert tree is not None
    assert [one.text for one in expand(tree, AsTyped(Words())).sought] == text.split()


@pytest.mark.parametrize(("text", "root"), [
    ("-中国", Without(CHINA_WORD)),
    ("合意 -中国", AllOf((word("合意"), Without(CHINA_WORD)))),
    ("合意 OR -中国", AnyOf((word("合意"), Without(CHINA_WORD)))),
    ("-(中国 習主席)", Without(AllOf((CHINA_WORD, XI_WORD)))),
])
def test_not_stays_not_and_leaves_out_every_form(text: str, root: Node) -> None:
    assert expanded(text).root == root


@pytest.mark.parametrize(("text", "root"), [
    ("=停戦", Chars("停戦")),
    ("「中国」", word("中国")),                                  # a phrase names nobody
    ("「停戦」", word("停戦")),                                  # and has no synonyms
    ("「渡辺会長」", word("渡辺会長", Sequence(("渡辺", "会長")), others=((Sequence(("渡邊", "会長")), 1.0),))),
    ("ウクライ*", Prefix("ウクライ")),
    ("安全保障理*", Forms((Prefix("安全保障理"), Chars("安全保障理")), (1.0, 1.0))),
    ("見出し:停戦", InHeadline(TRUCE)),
    ("見出し:(停戦 合意)", AllOf((InHeadline(TRUCE), InHeadline(word("合意"))))),
    ("見出し:(人物:習近平)", InHeadline(Named("xi-jinping"))),
    ("見出し:(-人物:習近平)", Without(InHeadline(Named("xi-jinping")))),
    ("見出し:(人物:習近平 停戦)", AllOf((InHeadline(Named("xi-jinping")), InHeadline(TRUCE)))),
    ("面:国際", HasValue("desk", "国際")),
    ("人物:習近平", Named("xi-jinping")),
    ("日付:2024-04-01..2024-04-02", Between("day", date(2024, 4, 1).toordinal(), date(2024, 4, 2).toordinal())),
    ("停戦 NEAR/5 合意", Near((TRUCE, word("合意")), 5)),
    ("停戦 SAME 合意", SameSection(AllOf((TRUCE, word("合意"))))),
    ("停戦に合意 NEAR/5 中国", AllOf((Near((word("合意"), CHINA_WORD), 5), AllOf((TRUCE, word("合意")))))),
    ("ゼレンスキ~", Forms((Term("ゼレンスキ"), Term("ゼレンスキー")), (1.0, 0.7))),
])
def test_what_the_language_offers_becomes_what_the_engine_knows(text: str, root: Node) -> None:
    assert expanded(text).root == root


def test_a_field_asking_for_what_the_archive_does_not_have_finds_nothing_and_says_so() -> None:
    found = expanded("面:宇宙")
    assert (found.root, found.nobody) == (Nothing(), (("desk", "宇宙"),))


# ---- switched off -------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "off", "root"), [
    ("中国", "中国", word("中国")),                              # the word stands for itself
    ("中国", "CN", word("中国")),                                # or is not that one
    ("停戦", "休戦", word("停戦")),
    ("停戦", "停戦", word("停戦")),
    ("停戦", "火星", TRUCE),
    ("「渡辺会長」", "渡邊会長", word("渡辺会長", Sequence(("渡辺", "会長")))),
])
def test_what_is_switched_off_is_not_looked_for(text: str, off: str, root: Node) -> None:
    assert expanded(text, off).root == root


def test_what_is_switched_off_is_still_told_so_that_it_can_be_switched_on() -> None:
    found = expanded("停戦 中国", "休戦", "CN")
    assert [(taken.word, taken.form.text, taken.is_off) for taken in found.forms] == [("停戦", "休戦", True)]
    assert (found.entities, found.switched_off) == ((), (("中国", CHINA),))


@pytest.mark.parametrize("off", ["習 近平", "習", "xi-jinping"])
def test_a_name_in_parts_can_be_switched_off_whole_or_by_a_part(off: str) -> None:
    found = expanded("習 近平", off)
    assert ("習 近平", XI) in found.switched_off
    assert ("習 近平", XI) not in found.entities


def test_as_typed_a_word_has_no_other_form() -> None:
    tree = syntax.read("停戦 中国 習 近平").tree
    assert tree is not None
    found = expand(tree, AsTyped(Words()))
    assert found.root == AllOf((word("停戦"), word("中国"), word("習"), word("近平")))
    assert not found.forms
    assert not found.entities


def test_what_was_taken_for_a_name_is_told_once_for_each_word_in_the_order_typed() -> None:
    assert expanded("中国 -習主席 中国 習近平").entities == (("中国", CHINA), ("習主席", XI), ("習近平", XI))


def test_an_ambiguous_name_stands_for_those_with_most_articles() -> None:
    kept = TANAKAS[:MAX_ENTITIES_A_WORD]
    assert expanded("田中").entities == tuple(("田中", entity) for entity in kept)


# ---- partial matches ----------------------------------------------------------------------------


def test_a_partial_match_has_some_of_the_words_or_of_their_characters_and_all_that_is_no_word() -> None:
    found = expanded("停戦合意 面:国際 -中国")
    root = AllOf((TRUCE, word("合意"), HasValue("desk", "国際"), Without(CHINA_WORD)))
    pairs = (Boosted(Chars(pair), PAIR_WEIGHT) for pair in ("停戦", "戦合", "合意"))
    assert found.root == root
    assert found.partial == AllOf((
        AnyOf((TRUCE, word("合意"), *pairs)), HasValue("desk", "国際"), Without(CHINA_WORD), Without(root),
    ))
    assert [sought.text for sought in found.sought] == ["停戦", "合意"]


@pytest.mark.parametrize("text", ["停戦", "習主席", "=停戦合意文書", "面:国際", "-中国", "停戦 OR 休戦"])
def test_what_is_one_word_or_none_has_no_partial_matches(text: str) -> None:
    assert expanded(text).partial is None


@pytest.mark.parametrize(("text", "pairs"), [
    ("停戦に合意", ("停戦", "戦に", "に合", "合意")),
    ("停戦、合意した", ("停戦", "合意", "意し")),                  # no pairs of hiragana, none of punctuation
    ("停戦 合意", ("停戦", "合意")),                            # none across a space
    ("停戦 停戦", ("停戦",)),
    ("-停戦 合意", ("合意",)),
    ("G7サミット", ("7サ", "サミ", "ミッ", "ット")),             # none of letters alone, which are a word already
])
def test_pairs_of_characters_are_those_that_say_something(text: str, pairs: tuple[str, ...]) -> None:
    assert expanded(text).pairs == pairs


def _leaves(node: Node) -> set[Node]:
    match node:
        case Forms(leaves):
            return set(leaves)
        case AllOf(children) | AnyOf(children):
            return set().union(*map(_leaves, children))
        case _:
            return {node}
