"""One article read by itself says of every query what the oracle says, and of leads what the Whoosh engine says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise, product
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from contract_strategies import corpora, leaf_nodes, near_nodes, nodes, texts, trees, value_nodes
from engine_articles import PEACE, Name, article
from engine_oracle import Oracle
from hypothesis import given, settings
from hypothesis import strategies as st

from search.engine import AnalyzedArticle, open_engine, rebuild_engine
from search.opensearch_engine.documents import to_document, unpack
from search.opensearch_engine.reading import Marks, Reading
from search.opensearch_engine.scoring import (
    Statistics,
    counted_leaves,
    explanation,
    leaves_of_closeness,
    raised,
    score,
)
from search.query.leaves import unwanted_leaves, written
from search.query.model import (
    AllOf,
    AnyOf,
    Boosted,
    Chars,
    Closeness,
    Everything,
    Forms,
    HasValue,
    InHeadline,
    InLead,
    Leaf,
    Named,
    Node,
    Prefix,
    Query,
    SameSection,
    Sequence,
    Term,
    Without,
)
from search.results import FACETS
from search.whoosh_engine.engine import WhooshEngine

FIELDS = ("text", "names", "chars")
SECTIONS = (None, -1, 0, 1, 2)


def itself(entity_id: str) -> tuple[str, ...]:
    return (entity_id,)


def reading(one: AnalyzedArticle, terms_of: Callable[[str], tuple[str, ...]] = itself) -> Reading:
    """The article as an index gives it back."""
    return Reading(unpack(one.id, one.version, to_document(one, None)["packed"]), terms_of)


def only(asked: Iterable[Leaf], having: Callable[[Leaf], int]) -> Callable[[Leaf], int]:
    """Fails for a leaf of which it was not said that it would be asked for."""
    return {leaf: having(leaf) for leaf in asked}.__getitem__


def statistics(oracle: Oracle, node: Node) -> Statistics:
    """Over all articles of the oracle."""
    return Statistics(
        len(oracle.articles), oracle.average_lengths,
        only(counted_leaves(node), lambda leaf: sum(oracle.holds(leaf, one) for one in oracle.articles)),
    )


# ---- against plain Python -----------------------------------------------------------------------


@settings(max_examples=400, deadline=None)
@given(articles=corpora(), node=nodes)
def test_an_article_matches_where_plain_python_says_so(articles: list[AnalyzedArticle], node: Node) -> None:
    oracle = Oracle(articles)
    for one, section in product(articles, SECTIONS):
        assert reading(one).holds(node, section) == oracle.holds(node, one.id, section)


@settings(max_examples=400, deadline=None)
@given(articles=corpora(), node=nodes)
def test_it_scores_what_plain_python_says_and_for_the_same_reasons(
    articles: list[AnalyzedArticle], node: Node
) -> None:
    oracle, of_all = Oracle(articles), statistics(Oracle(articles), node)
    for one in articles:
        read = reading(one)
        assert score(read, node, of_all) == pytest.approx(oracle.score(node, one.id))
        found = explanation(read, node, of_all)
        expected = [(written(leaf), own, times) for leaf, own, times in oracle.explanation(Query(node), one.id)]
        expected += [(f"-{written(leaf)}", 0.0, oracle._times(leaf, one.id)) for leaf in unwanted_leaves(node)]
        assert (found.article_id, found.matches) == (one.id, oracle.holds(node, one.id))
        assert found.score == pytest.approx(oracle.score(node, one.id))
        assert [(name, times) for name, _, times in found.leaves] == [(name, times) for name, _, times in expected]
        assert [own for _, own, _ in found.leaves] == pytest.approx([own for _, own, _ in expected])


@settings(max_examples=400, deadline=None)
@given(articles=corpora(), leaf=leaf_nodes)
def test_a_leaf_weighs_and_stands_where_plain_python_says(articles: list[AnalyzedArticle], leaf: Leaf) -> None:
    oracle = Oracle(articles)
    for one in articles:
        read = reading(one)
        assert read.weight(leaf) == pytest.approx(oracle._weight(leaf, one.id))
        assert read.times(leaf) == oracle._times(leaf, one.id)
        assert {field: read.length(field) for field in FIELDS} == {
            field: oracle._lengths[field][one.id] for field in FIELDS
        }


@settings(max_examples=400, deadline=None)
@given(articles=corpora(), node=nodes, more=st.lists(nodes, max_size=2))
def test_the_marks_cover_what_plain_python_marks(
    articles: list[AnalyzedArticle], node: Node, more: list[Node]
) -> None:
    oracle, query = Oracle(articles), Query(node, also_mark=tuple(more))
    for one in articles:
        spans, char_spans = reading(one).marks((node, *more))
        assert {at for first, end in spans for at in range(first, end)} == oracle.positions(query, one.id)
        assert {(part, at) for part, first, end in char_spans for at in range(first, end)} == (
            oracle.marked_characters(query, one.id))
        assert all(end < first for (_, end), (first, _) in pairwise(spans))
        assert all(
            part < other or end < first for (part, _, end), (other, first, _) in pairwise(char_spans)
        )


# ---- names that have several terms --------------------------------------------------------------


NAMED_TWICE = article(
    "習", "習近平 会談", ("首相", "習近平 主席 。 会談 習近平"),
    names=[Name(0, 0, 0, "person-1"), Name(2, 0, 1, "person-2"), Name(2, 4, 4, "person-1", 0.5)],
)
BOTH = {"Q15031": ("person-1", "person-2", "person-3")}


def test_names_of_one_entity_are_found_weighed_and_marked_as_one() -> None:
    read, xi = reading(NAMED_TWICE, lambda entity: BOTH.get(entity, ())), Named("Q15031")
    text = NAMED_TWICE.analysis.parts[2].first_position
    assert read.holds(xi)
    assert read.weight(xi) == 3 + 1 + 1
    assert read.weight(InHeadline(xi)) == 3
    assert read.times(xi) == 3
    assert read.length("names") == 3
    assert read.marks([xi]) == Marks(((0, 1), (text, text + 2), (text + 4, text + 5)), ())
    assert read.holds(HasValue("person", "Q15031"))
    assert not read.holds(Named("person-1"))        # which is a term, and nobody's id
    assert not read.holds(HasValue("person", "person-1"))
    assert not read.holds(HasValue("country", "Q15031"))


@pytest.mark.parametrize("facet", ["about_person", "names", "火星", *(set(FACETS) - {"person", "year"})])
def test_what_is_no_facet_or_has_no_value_holds_of_no_article(facet: str) -> None:
    about = article("a", "習近平", names=[Name(0, 0, 0, "person-1", is_about=True)])
    assert not reading(about).holds(HasValue(facet, "person-1"))


# ---- against the Whoosh engine ------------------------------------------------------------------


LONG = " ".join(["会談"] * 60)
OPENINGS = (0, 1, 60, 77, 78, 137, 138, 139, 140, 141)


@contextmanager
def whoosh_engine(articles: Iterable[AnalyzedArticle]) -> Iterator[WhooshEngine]:
    with TemporaryDirectory() as directory:
        url = f"whoosh:{Path(directory) / 'index'}"
        with rebuild_engine(url) as writer:
            for one in articles:
                writer.put(one)
        engine = open_engine(url)
        assert isinstance(engine, WhooshEngine)
        yield engine
        engine.close()


def averages(engine: WhooshEngine) -> Mapping[str, float]:
    return {**engine.average_lengths, "lead": engine.snapshot.leads.average}


def long_article(article_id: str, filler: int, title: str, heading: str, words: str) -> AnalyzedArticle:
    """`words` follow so many tokens of the text."""
    return article(article_id, title, (heading, f"{' '.join(['会談'] * filler)} {words}"), words)


@pytest.mark.parametrize("heading", ["", "首相 会談"])
def test_the_lead_ends_where_the_whoosh_engine_says(heading: str) -> None:
    articles = [
        long_article(f"{filler:03}{title}", filler, title, heading, "停戦 合意 安全|保障")
        for filler, title in product(OPENINGS, ("", "中国", "中国 停戦"))
    ]
    wanted = [
        InLead((Term("停戦"),)), InLead((Term("停戦"), Term("合意"))), InLead((Sequence(("停戦", "合意")),)),
        InLead((Chars("戦合"),)), InLead((Forms((Term("火星"), Term("安全保障")), (1.0, 0.5)),)), InLead(()),
        InLead((InHeadline(Term("停戦")),)), SameSection(InLead((Term("合意"),))), Without(InLead((Term("合意"),))),
    ]
    with whoosh_engine(articles) as engine:
        for node in wanted:
            found = {match.article_id for match in engine.search(Query(node, limit=1_000)).matches}
            assert {one.id for one in articles if reading(one).holds(node)} == found
        assert {one.id for one in articles if reading(one).holds(wanted[0])} not in (set(), {a.id for a in articles})


closeness_of = st.builds(
    Closeness,
    st.lists(st.tuples(leaf_nodes, st.sampled_from((1.0, 0.5, 2.0))), max_size=3).map(tuple),
    st.lists(st.sampled_from(("停戦", "合意", "戦合", "国停", "火星")), max_size=2, unique=True).map(tuple),
)


@st.composite
def long_articles(draw: st.DrawFn) -> list[AnalyzedArticle]:
    """With words before, at, and behind the end of the lead."""
    return [
        long_article(f"a{number}", draw(st.sampled_from(OPENINGS)), draw(texts), draw(texts), draw(texts))
        for number in range(draw(st.integers(1, 4)))
    ]


@settings(max_examples=150, deadline=None)
@given(
    articles=st.one_of(corpora(), long_articles()), closeness=closeness_of,
    root=st.one_of(st.just(Everything()), leaf_nodes, trees(st.one_of(leaf_nodes, near_nodes, value_nodes))),
)
def test_closeness_raises_a_score_by_what_the_whoosh_engine_adds(
    articles: list[AnalyzedArticle], closeness: Closeness, root: Node
) -> None:
    with whoosh_engine(articles) as engine:
        # Of an OR, so that there are scores to raise.
        query = Query(AnyOf((root, Term("会談"))), limit=1_000, closeness=closeness)
        leaves = dict.fromkeys((*counted_leaves(query.root), *leaves_of_closeness(closeness)))
        frequencies = {leaf: engine.search(Query(leaf)).total for leaf in leaves}
        of_all = Statistics(len(articles), averages(engine), only(frequencies, frequencies.__getitem__))
        read = {one.id: reading(one) for one in articles}
        for match in engine.search(query).matches:
            one = read[match.article_id]
            exact = score(one, query.root, of_all) + raised(one, closeness, of_all)
            assert match.score == pytest.approx(exact, rel=1e-5)


@pytest.mark.parametrize(
    ("nearer", "farther"),
    [
        ("停戦 合意", "停戦 会談 会談 会談 合意"),             # side by side, and near
        ("合意 停戦", "合意 会談 会談 会談 停戦"),             # in either order
        ("停戦 会談 会談 会談 合意", f"停戦 {LONG} 合意"),      # near, and not
    ],
)
def test_words_nearer_to_each_other_raise_a_score_more(nearer: str, farther: str) -> None:
    closeness = Closeness(((Term("停戦"), 1.0), (Term("合意"), 1.0)))
    of_all = Statistics(10, {"lead": 100.0}, lambda leaf: 3)
    assert raised(reading(article("a", "", nearer)), closeness, of_all) > (
        raised(reading(article("b", "", farther + " 会談")), closeness, of_all))


def test_pairs_of_characters_raise_a_score_up_to_where_the_lead_ends_for_the_whoosh_engine() -> None:
    articles = [long_article(f"{filler:03}", filler, "", "首相", "停戦") for filler in (1, 117, 118, 119, 120, 121)]
    closeness = Closeness(((Term("火星"), 1.0),), ("停戦", "談停"))
    with whoosh_engine(articles) as engine:
        frequency = len(articles)       # each pair stands in all of them
        of_all = Statistics(frequency, averages(engine), lambda leaf: 0 if leaf == Term("火星") else frequency)
        added = {one.id: raised(reading(one), closeness, of_all) for one in articles}
        query = Query(Term("首相"), limit=1_000)
        plain = {match.article_id: match.score for match in engine.search(query).matches}
        close = engine.search(replace(query, closeness=closeness)).matches
        assert {match.article_id: match.score - plain[match.article_id] for match in close} == (
            pytest.approx(added, abs=1e-6))
        # The second pair begins one character before the first one, which is the last place where one counts.
        assert [article_id for article_id, more in added.items() if more] == ["001", "117", "118", "119"]


def test_where_a_word_has_forms_its_characters_raise_no_score() -> None:
    of_all = Statistics(10, {"lead": 100.0}, lambda leaf: 3)
    read, chars = reading(article("a", "停戦 合意")), Chars("戦合")
    for forms, is_raised in [((Term("火星"), chars), False), ((Term("停戦"), chars), True), ((chars,), True)]:
        closeness = Closeness(((Forms(forms, (1.0,) * len(forms)), 1.0),))
        assert (raised(read, closeness, of_all) > 0) == is_raised


# ---- by hand ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("leaf", "weight", "times"),
    [
        (Term("停戦"), 3 + 1, 2),
        (Term("安全保障"), 2, 1),
        (Prefix("安全"), 2 + 2, 1),                                     # 安全 and 安全保障, at one place
        (Sequence(("安全", "保障", "理事")), 2, 1),
        (Sequence(("中国", "停戦"), 1), 1, 1),
        (Sequence(("中国", "停戦")), 0, 0),
        (Chars("全保"), 2, 1),
        (Chars("安全", whole=True), 2, 1),
        (Chars("全保", whole=True), 0, 0),
        (Named("RU"), 1, 1),
        (Forms((Term("停戦"), Term("中国")), (1.0, 0.5)), 4 + 0.5 * 2, 4),
        (Forms((Term("ロシア"), Named("RU")), (0.5, 1.0)), 1.0, 1),      # the name weighs more, in one place
        (Forms((Chars("停戦"), Term("中国")), (1.0, 1.0)), 2, 2),        # characters count elsewhere alone
        (Forms((Chars("停戦"), Term("火星")), (0.5, 1.0)), 2, 2),
        (InHeadline(Term("停戦")), 3, 1),
        (Term("火星"), 0, 0),
        (Term(""), 0, 0),
        (Chars(""), 0, 0),
    ],
)
def test_what_leaves_weigh(leaf: Leaf, weight: float, times: int) -> None:
    read = reading(PEACE[0])
    assert (read.weight(leaf), read.times(leaf)) == (weight, times)
    assert read.holds(leaf) == bool(times)


def test_only_leaves_that_are_wanted_are_counted_each_once() -> None:
    truce, mars = Term("停戦"), Term("火星")
    either = Boosted(AnyOf((truce, InLead((mars,)))), 2.0)
    node = AllOf((truce, either, Without(Term("合意")), HasValue("desk", "国際")))
    assert counted_leaves(node) == (truce, mars)
    assert leaves_of_closeness(Closeness(((truce, 1.0), (truce, 0.5)), ("停戦",))) == (truce, Chars("停戦"))


def test_an_article_without_a_word_has_none() -> None:
    read = reading(article("empty", ""))
    truce = Term("停戦")
    for node in (truce, Prefix(""), Named("RU"), Chars("停"), InLead((truce,)), SameSection(truce)):
        assert not read.holds(node)
    assert [read.length(field) for field in FIELDS] == [0, 0, 0]
