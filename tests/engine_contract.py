"""What every engine must do, whatever keeps its index.

A test module of an engine subclasses `EngineContract` and says where an index goes. Answers are compared with
those of `engine_oracle.Oracle`, over articles that are made by hand and articles that Hypothesis makes up.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from engine_oracle import KIND_OF, Name, Oracle, article, leaves
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.engine import AnalyzedArticle, Engine, IndexWriter, open_engine, rebuild_engine
from search.errors import IndexBusy, IndexNotFound
from search.query.model import AllOf, AnyOf, Everything, Named, Node, Nothing, Query, Sequence, Term, Without

ALL = Query(Everything(), limit=1_000)

PEACE = (
    article("a1", "停戦 合意", "ロシア 、 中国 。 首相 会談", ("安全|保障 理事|会", "中国 首相 停戦"),
            names=[Name(1, 0, 0, "RU"), Name(1, 2, 2, "CN")], published="2024-04-10T12:30", source="見本新聞",
            desk="国際"),
    article("a2", "首相 会談", "停戦 合意 停戦", names=[Name(0, 0, 1, "person-1")], published="2024-04-10",
            source="見本新聞", desk="政治"),
    article("a3", "理事|会", "安全|保障 理事|会 。 停戦", names=[Name(1, 0, 1, "un")], published="2023-12-31T23:59",
            source="例示日報", desk="国際"),
    article("a4", "", "合意 停戦", source="例示日報"),
)

# ---- what Hypothesis makes up -------------------------------------------------------------------

WORDS = ("中国", "ロシア", "停戦", "合意", "安全|保障", "理事|会", "会", "。", "、")
TERMS = ("中国", "ロシア", "停戦", "合意", "安全", "保障", "安全保障", "理事", "会", "理事会", "火星")
DATES = (None, "2023-12-31T23:59", "2024-01-01", "2024-04-10T12:30", "2024-04-10T12:31", "2024-05-01")
IDS = ("a1", "a2", "a3", "a4", "a5", "a6")

texts = st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join)
leaf_nodes = st.one_of(
    st.sampled_from(TERMS).map(Term),
    st.lists(st.sampled_from(TERMS), min_size=2, max_size=3).map(lambda terms: Sequence(tuple(terms))),
    st.sampled_from(tuple(KIND_OF)).map(Named),
)
nodes = st.recursive(
    st.one_of(leaf_nodes, leaf_nodes, st.just(Everything()), st.just(Nothing())),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda children: AllOf(tuple(children))),
        st.lists(inner, max_size=3).map(lambda children: AnyOf(tuple(children))),
        inner.map(Without),
    ),
    max_leaves=6,
)
CHOICES = {
    "person": ("person-1", "person-2"), "country": ("CN", "RU"), "desk": ("国際", "政治", "経済"),
    "source": ("見本新聞", "例示日報"), "year": ("2023", "2024", "none"), "topic": ("t1", "t2"),
}
filters = st.dictionaries(st.sampled_from(tuple(CHOICES)), st.none(), max_size=2).flatmap(
    lambda chosen: st.fixed_dictionaries({
        facet: st.lists(st.sampled_from(CHOICES[facet]), min_size=1, max_size=2, unique=True).map(tuple)
        for facet in chosen
    })
)
queries = st.builds(
    Query,
    nodes,
    filters,
    topics=st.fixed_dictionaries({}, optional={"t1": nodes, "t2": nodes}),
    since=st.sampled_from((None, None, date(2024, 1, 1), date(2024, 4, 10))),
    until=st.sampled_from((None, None, date(2023, 12, 31), date(2024, 4, 10))),
    sort=st.sampled_from(("relevance", "newest", "oldest")),
    limit=st.just(1_000),
    also_mark=st.lists(leaf_nodes, max_size=1).map(tuple),
)


@st.composite
def articles(draw: st.DrawFn, article_id: str, version: int, change: int) -> AnalyzedArticle:
    title = draw(texts)
    sections = draw(st.lists(st.one_of(texts, st.tuples(texts, texts)), min_size=1, max_size=2))
    parts = [title]
    for section in sections:
        heading, text = section if isinstance(section, tuple) else ("", section)
        parts += [heading, text] if heading else [text]
    named = [(part, words.split()) for part, words in enumerate(parts) if words.strip("。、 ")]
    names = []
    for part, words in draw(st.lists(st.sampled_from(named), max_size=3)) if named else ():
        first = draw(st.integers(0, len(words) - 1))
        last = draw(st.integers(first, min(first + 1, len(words) - 1)))
        if any(word not in "。、" for word in words[first : last + 1]):
            names.append(Name(part, first, last, draw(st.sampled_from(tuple(KIND_OF)))))
    return article(
        article_id, title, *sections, names=names, published=draw(st.sampled_from(DATES)),
        source=draw(st.sampled_from((None, "見本新聞", "例示日報"))),
        desk=draw(st.sampled_from((None, "国際", "政治"))), version=version, change=change,
    )


@st.composite
def histories(draw: st.DrawFn) -> list[list[AnalyzedArticle | str]]:
    """Batches of articles to put, and ids to delete."""
    batches: list[list[AnalyzedArticle | str]] = []
    change = 0
    for version in range(1, draw(st.integers(2, 5))):
        batch: list[AnalyzedArticle | str] = []
        for article_id in draw(st.lists(st.sampled_from(IDS), min_size=1, unique=True)):
            change += 1
            delete = version > 1 and draw(st.integers(0, 2)) == 0
            batch.append(article_id if delete else draw(articles(article_id, version, change)))
        batches.append(batch)
    return batches


# ---- the contract -------------------------------------------------------------------------------


class EngineContract:
    """Subclass it, and say where an index goes."""

    def url_in(self, directory: Path) -> str:
        raise NotImplementedError

    @contextmanager
    def engine(self, *batches: Iterable[AnalyzedArticle | str]) -> Iterator[Engine]:
        """An engine opened after these batches, the first of which makes the index."""
        with tempfile.TemporaryDirectory() as directory:
            url = self.url_in(Path(directory))
            self.build(url, *batches)
            engine = open_engine(url)
            try:
                yield engine
            finally:
                engine.close()

    def build(self, url: str, *batches: Iterable[AnalyzedArticle | str]) -> None:
        for number, batch in enumerate(batches or [()]):
            if number == 0:
                with rebuild_engine(url) as writer:
                    write(writer, batch)
            else:
                self.append(url, batch)

    def append(self, url: str, batch: Iterable[AnalyzedArticle | str]) -> None:
        engine = open_engine(url)
        try:
            with engine.writer() as writer:
                write(writer, batch)
        finally:
            engine.close()

    # ---- which articles ----

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(history=histories(), questions=st.lists(queries, min_size=5, max_size=5))
    def test_every_query_over_every_history_answers_as_plain_python_does(
        self, history: list[list[AnalyzedArticle | str]], questions: list[Query]
    ) -> None:
        with self.engine(*history) as engine:
            oracle = Oracle(_after(history))
            assert engine.info().articles == len(oracle.articles)
            for query in (ALL, *questions):
                assert_same(engine, oracle, query)

    @pytest.mark.parametrize("split", [1, 2, 4])
    @pytest.mark.parametrize(
        ("root", "expected"),
        [
            (Everything(), "a1 a2 a3 a4"),
            (Nothing(), ""),
            (Term("停戦"), "a1 a2 a3 a4"),
            (Term("火星"), ""),
            (Term("安全保障"), "a1 a3"),                                 # the long unit
            (Term("保障"), "a1 a3"),                                    # a short one in it
            (Sequence(("停戦", "合意")), "a1 a2"),                       # in this order
            (Sequence(("合意", "停戦")), "a2 a4"),
            (Sequence(("停戦", "合意", "停戦")), "a2"),                   # a word twice
            (Sequence(("保障", "理事")), "a1 a3"),                       # across long units
            (Sequence(("ロシア", "中国")), "a1"),                        # 、 does not part a phrase
            (Sequence(("中国", "首相")), "a1"),
            (Sequence(("会", "停戦")), ""),                              # 。 does
            (Sequence(("合意", "ロシア")), ""),                          # title and text
            (Sequence(("会", "中国")), ""),                              # heading and text
            (Sequence(("会談", "安全")), ""),                            # text and next heading
            (Sequence(("首相", "火星")), ""),
            (Named("CN"), "a1"),
            (Named("person-1"), "a2"),
            (Named("nobody"), ""),
            (AllOf((Term("ロシア"), Term("保障"))), "a1"),                # in different sections
            (AllOf((Term("停戦"), Without(Term("首相")))), "a3 a4"),
            (AllOf((Term("停戦"), Nothing())), ""),
            (AllOf((Everything(), Term("ロシア"))), "a1"),
            (AllOf(()), "a1 a2 a3 a4"),
            (AnyOf((Term("ロシア"), Term("理事会"))), "a1 a3"),
            (AnyOf((Term("ロシア"), Nothing())), "a1"),
            (AnyOf((Nothing(), Nothing())), ""),
            (AnyOf((Term("ロシア"), Without(Term("会談")))), "a1 a3 a4"),
            (AnyOf(()), ""),
            (Without(Term("首相")), "a3 a4"),
            (AllOf((Term("理事会"), Without(Term("停戦")))), ""),         # where 停戦 stands in an earlier article
            (AllOf((Term("理事会"), Without(Without(Term("火星"))))), ""),
            (Without(Without(Term("首相"))), "a1 a2"),
            (Without(Everything()), ""),
            (Without(Nothing()), "a1 a2 a3 a4"),
            (AllOf((Without(Term("ロシア")), Without(Term("会談")))), "a3 a4"),
        ],
    )
    def test_a_query_finds(self, root: Node, expected: str, split: int) -> None:
        batches = [PEACE[i::split] for i in range(split)]
        with self.engine(*batches) as engine:
            assert {match.article_id for match in engine.search(Query(root)).matches} == set(expected.split())
            assert_same(engine, Oracle(PEACE), Query(root, limit=1_000))

    def test_an_empty_index_answers_every_query_with_nothing(self) -> None:
        with self.engine() as engine:
            for root in (Everything(), Nothing(), Term("中国"), Named("CN"), Sequence(("中国", "首相")),
                         Without(Term("中国"))):
                assert_same(engine, Oracle(()), Query(root, {"desk": ("国際",)}, {"t": Term("中国")}))
            assert engine.info().articles == 0

    def test_an_index_of_which_all_was_deleted_answers_with_nothing(self) -> None:
        with self.engine(PEACE, [one.id for one in PEACE]) as engine:
            assert_same(engine, Oracle(()), ALL)
            assert_same(engine, Oracle(()), Query(Without(Term("中国"))))
            assert engine.info().articles == 0

    def test_an_article_without_any_word_is_found_among_all(self) -> None:
        with self.engine([article("symbols", "。 。", "、"), article("nothing")]) as engine:
            assert_same(engine, Oracle([article("symbols", "。 。", "、"), article("nothing")]), ALL)
            assert engine.search(Query(Without(Term("中国")))).total == 2

    @pytest.mark.parametrize("term", ["あ" * 5_000, "a" * 50_000, "🇺🇦", "𠮷野家", "\x00", "c'est", "ﷺ"])
    def test_any_string_may_be_a_term(self, term: str) -> None:
        odd = article("odd", "", "中国")
        odd = replace(odd, analysis=replace(odd.analysis, terms=(term,)))
        with self.engine([odd], PEACE) as engine:
            assert [m.article_id for m in engine.search(Query(Term(term))).matches] == ["odd"]

    @pytest.mark.parametrize("article_id", ["記事/1", "a b", "~", "A1", "Ａ１", "x" * 300, "1"])
    def test_ids_are_told_apart_as_they_are_written(self, article_id: str) -> None:
        with self.engine([article("a1", "中国"), article(article_id, "ロシア")]) as engine:
            assert [m.article_id for m in engine.search(Query(Term("ロシア"))).matches] == [article_id]
            assert engine.locate(Query(Term("ロシア")), article_id) is not None
            with engine.writer() as writer:
                write(writer, [article_id])

    # ---- updates ----

    def test_an_article_put_again_is_there_once_with_its_new_words(self) -> None:
        again = article("a1", "火星", version=2, change=9)
        with self.engine(PEACE, [again]) as engine:
            assert engine.search(Query(Named("CN"))).total == 0
            (match,) = engine.search(Query(Term("火星"))).matches
            assert (match.article_id, match.version) == ("a1", 2)
            assert engine.search(ALL).total == len(PEACE)
            assert engine.info().change == 9

    def test_deleting_what_is_not_there_is_no_error_and_counts_as_a_change(self) -> None:
        with self.engine(PEACE, ["nobody"]) as engine:
            assert engine.search(ALL).total == len(PEACE)
            assert engine.info().change == 1_000

    def test_an_id_put_twice_in_one_batch_is_a_mistake_of_the_caller(self) -> None:
        with self.engine(PEACE) as engine:
            with pytest.raises(ValueError, match="a1"), engine.writer() as writer:
                write(writer, [article("a1", "中国"), article("a1", "ロシア")])
            with pytest.raises(ValueError, match="a1"), engine.writer() as writer:
                write(writer, ["a1", article("a1", "ロシア")])

    def test_many_small_batches_give_what_one_large_one_does(self) -> None:
        many = [article(f"b{i}", "停戦", "中国 ロシア " * (i % 3), published="2024-04-10", change=i) for i in range(24)]
        with self.engine(*([one] for one in many)) as engine, self.engine(many) as at_once:
            query = Query(AnyOf((Term("中国"), Term("停戦"))), limit=100)
            assert_same(engine, Oracle(many), query)
            scores = {m.article_id: m.score for m in engine.search(query).matches}
            assert scores == pytest.approx({m.article_id: m.score for m in at_once.search(query).matches})

    # ---- pages, order, scores ----

    def test_pages_are_slices_of_the_whole_answer(self) -> None:
        with self.engine(PEACE[:2], PEACE[2:]) as engine:
            for sort in ("relevance", "newest", "oldest"):
                query = Query(Term("停戦"), sort=sort, limit=1_000)
                whole = [m.article_id for m in engine.search(query).matches]
                pages = [
                    m.article_id for offset in range(0, 4, 3)
                    for m in engine.search(replace(query, offset=offset, limit=3)).matches
                ]
                assert pages == whole
                assert list(engine.matching(replace(query, offset=2, limit=1))) == whole

    def test_a_page_past_the_end_is_empty_and_keeps_the_total(self) -> None:
        with self.engine(PEACE) as engine:
            found = engine.search(Query(Term("停戦"), offset=400, limit=20))
            assert (found.total, found.matches) == (4, ())
            assert found.facets["desk"] == {"国際": 2, "政治": 1}

    def test_a_limit_of_nothing_still_counts(self) -> None:
        with self.engine(PEACE) as engine:
            found = engine.search(Query(Everything(), limit=0))
            assert (found.total, found.matches) == (4, ())
            assert found.facets["source"] == {"見本新聞": 2, "例示日報": 2}

    @pytest.mark.parametrize(
        ("sort", "expected"), [("newest", ["a1", "a2", "a3", "a4"]), ("oldest", ["a3", "a2", "a1", "a4"])]
    )
    def test_articles_without_a_date_come_last_either_way(self, sort: str, expected: list[str]) -> None:
        with self.engine(PEACE[2:], PEACE[:2]) as engine:
            assert [m.article_id for m in engine.search(replace(ALL, sort=sort)).matches] == expected

    def test_facets_are_counted_only_when_asked_for(self) -> None:
        with self.engine(PEACE) as engine:
            assert engine.search(Query(Everything(), facets=())).facets == {}

    def test_choosing_a_desk_keeps_the_other_desks_in_view(self) -> None:
        with self.engine(PEACE) as engine:
            found = engine.search(Query(Everything(), {"desk": ("国際",)}))
            assert found.total == 2
            assert found.facets["desk"] == {"国際": 2, "政治": 1}
            assert found.facets["source"] == {"見本新聞": 1, "例示日報": 1}

    def test_the_last_minute_of_a_year_belongs_to_it(self) -> None:
        with self.engine(PEACE) as engine:
            assert engine.search(Query(Everything(), until=date(2023, 12, 31))).total == 1
            assert engine.search(Query(Everything(), {"year": ("2023",)})).total == 1
            assert engine.search(Query(Everything(), {"year": ("none",)})).matches[0].article_id == "a4"

    def test_a_word_in_the_title_says_more_than_one_in_a_heading_and_that_more_than_one_in_the_text(self) -> None:
        filler = "中国 中国 中国"
        three = [
            article("text", "合意 会談", ("首相", f"停戦 {filler}")),
            article("heading", "合意 会談", ("停戦", f"首相 {filler}")),
            article("title", "停戦 会談", ("首相", f"合意 {filler}")),
        ]
        with self.engine(three) as engine:
            assert [m.article_id for m in engine.search(Query(Term("停戦"))).matches] == ["title", "heading", "text"]

    def test_a_rare_word_says_more_than_a_common_one(self) -> None:
        with self.engine([*PEACE, article("c", "", "停戦 会談 中国"), article("r", "", "火星 会談 中国")]) as engine:
            found = engine.search(Query(AnyOf((Term("停戦"), Term("火星")))))
            assert found.matches[0].article_id == "r"

    def test_equal_scores_are_ordered_newest_first(self) -> None:
        dated = [article(f"d{i}", "停戦", published=f"2024-04-0{i}") for i in (2, 1, 3)]
        with self.engine([*dated, article("d0", "停戦")]) as engine:
            assert [m.article_id for m in engine.search(Query(Term("停戦"))).matches] == ["d3", "d2", "d1", "d0"]

    # ---- where ----

    def test_spans_lead_back_to_the_words_as_they_are_written(self) -> None:
        with self.engine(PEACE) as engine:
            query = Query(AllOf((Sequence(("理事", "会")), Term("ロシア"))), also_mark=(Named("CN"),))
            (match,) = engine.search(query).matches
            parts = ["停戦合意", "ロシア、中国。首相会談", "安全保障理事会", "中国首相停戦"]
            found = []
            for first, end in match.spans:
                part, start, stop = PEACE[0].analysis.offsets(first, end)
                found.append((part, parts[part][start:stop]))
            assert found == [(1, "ロシア、中国"), (2, "理事会")]      # neighbours are one mark

    def test_locate_tells_where_the_words_stand_though_the_article_does_not_match(self) -> None:
        with self.engine(PEACE, [PEACE[3]]) as engine:
            query = Query(AllOf((Term("停戦"), Term("火星"))), {"desk": ("経済",)})
            found = engine.locate(query, "a4")
            assert found is not None
            assert (found.article_id, found.version, found.score) == ("a4", 1, 0.0)
            assert [PEACE[3].analysis.offsets(*span) for span in found.spans] == [(1, 2, 4)]
            assert engine.locate(query, "nobody") is None

    # ---- why ----

    @pytest.mark.parametrize(
        "root",
        [
            Term("停戦"),
            AllOf((Term("停戦"), Term("首相"))),
            AnyOf((Term("停戦"), Term("火星"), Named("CN"))),
            AllOf((AnyOf((Term("理事会"), Sequence(("理事", "会")))), Term("停戦"))),
            AllOf((Term("停戦"), Without(Term("火星")))),
            AnyOf((Term("停戦"), Term("停戦"))),
            Everything(),
            Without(Term("火星")),
        ],
    )
    def test_the_leaves_of_an_explanation_add_up_to_the_score(self, root: Node) -> None:
        with self.engine(PEACE[:3], PEACE[3:]) as engine:
            for match in engine.search(Query(root)).matches:
                why = engine.explain(Query(root), match.article_id)
                assert why.matches
                assert why.score == pytest.approx(match.score)
                assert sum(score for _, score, _ in why.leaves) == pytest.approx(match.score)

    def test_an_explanation_names_each_leaf_and_how_often_it_stands_there(self) -> None:
        with self.engine(PEACE) as engine:
            query = Query(AllOf((Term("停戦"), Sequence(("停戦", "合意")), Named("person-1"), Term("火星"))))
            why = engine.explain(query, "a2")
            assert not why.matches
            assert why.score == 0.0
            assert [(leaf, n) for leaf, _, n in why.leaves] == [
                ("停戦", 2), ("停戦 合意", 1), ("person-1", 1), ("火星", 0),
            ]
            assert [score > 0 for _, score, _ in why.leaves] == [True, True, True, False]

    def test_an_article_that_is_not_there_is_explained_as_no_match(self) -> None:
        with self.engine(PEACE) as engine:
            why = engine.explain(Query(Term("停戦")), "nobody")
            assert (why.matches, why.score, why.leaves) == (False, 0.0, (("停戦", 0.0, 0),))

    # ---- writing ----

    def test_an_open_engine_goes_on_seeing_what_it_saw(self, tmp_path: Path) -> None:
        url = self.url_in(tmp_path)
        self.build(url, PEACE[:2], PEACE[2:])
        used, unused = open_engine(url), open_engine(url)
        assert_same(used, Oracle(PEACE), ALL)
        for change in range(2, 8):      # enough batches to merge the old segments away
            self.append(url, [article("a1", "火星", version=change, change=change), article(f"b{change}", "火星")])
        self.append(url, ["a2"])
        for engine in (used, unused):
            assert_same(engine, Oracle(PEACE), ALL)
            assert_same(engine, Oracle(PEACE), Query(AllOf((Term("停戦"), Without(Term("火星"))))))
            engine.close()
        fresh = open_engine(url)
        assert fresh.search(Query(Term("火星"))).total == 7
        fresh.close()

    def test_a_rebuild_is_not_seen_before_it_is_done_and_not_by_those_who_read(self, tmp_path: Path) -> None:
        url = self.url_in(tmp_path)
        self.build(url, PEACE)
        before = open_engine(url)
        with rebuild_engine(url) as writer:
            writer.put(article("new", "火星"))
            during = open_engine(url)
            assert during.search(ALL).total == len(PEACE)
        after = open_engine(url)
        assert [m.article_id for m in after.search(ALL).matches] == ["new"]
        for engine in (before, during):
            assert_same(engine, Oracle(PEACE), ALL)
            assert_same(engine, Oracle(PEACE), Query(Sequence(("停戦", "合意"))))
        for engine in (before, during, after):
            engine.close()

    @pytest.mark.parametrize("rebuilding", [False, True])
    def test_a_batch_that_fails_leaves_all_as_it_was_and_the_lock_free(
        self, tmp_path: Path, rebuilding: bool
    ) -> None:
        url = self.url_in(tmp_path)
        self.build(url, PEACE)
        engine = open_engine(url)
        for _ in range(2):
            with pytest.raises(ZeroDivisionError), rebuild_engine(url) if rebuilding else engine.writer() as writer:
                write_and_fail(writer, [article("new", "火星"), "a1"])
            again = open_engine(url)
            for one in (engine, again):
                assert_same(one, Oracle(PEACE), ALL)
            assert again.info() == engine.info()
            again.close()
        engine.close()
        self.append(url, [article("new", "火星")])
        with self.opened(url) as last:
            assert last.search(ALL).total == len(PEACE) + 1

    def test_one_batch_at_a_time(self, tmp_path: Path) -> None:
        url = self.url_in(tmp_path)
        self.build(url, PEACE)
        with self.opened(url) as engine, self.opened(url) as other:
            with engine.writer() as writer:
                writer.put(article("new", "火星"))
                with pytest.raises(IndexBusy), other.writer():
                    pass
                with pytest.raises(IndexBusy), rebuild_engine(url):
                    pass
                assert _in_another_process(url) == "IndexBusy"
            assert _in_another_process(url) == "free"

    def test_readers_may_open_the_index_at_any_moment_of_a_batch(self, tmp_path: Path) -> None:
        url = self.url_in(tmp_path)
        self.build(url, PEACE)
        program = (
            "import sys; sys.path.insert(0, sys.argv[2])\n"
            "from engine_oracle import article; from search.engine import open_engine\n"
            "for i in range(12):\n"
            "    with open_engine(sys.argv[1]).writer() as writer: writer.put(article(f'b{i}', '火星'))\n"
        )
        writing = subprocess.Popen([sys.executable, "-c", program, url, str(Path(__file__).parent)])
        seen: list[int] = []
        while writing.poll() is None or not seen:
            with self.opened(url) as engine:
                seen.append(engine.search(Query(Term("火星"))).total)
                assert engine.info().articles == len(PEACE) + seen[-1]
        assert writing.returncode == 0
        assert seen == sorted(seen)

    def test_where_no_index_is_there_is_none_found(self, tmp_path: Path) -> None:
        with pytest.raises(IndexNotFound, match="kijigura rebuild"):
            open_engine(self.url_in(tmp_path))

    def test_an_index_that_is_well_has_nothing_to_report(self) -> None:
        with self.engine(PEACE[:3], PEACE[3:]) as engine:
            assert list(engine.verify()) == []
            info = engine.info()
            assert (info.articles, info.change) == (4, 1)
            assert info.size_bytes > 0
            assert info.indexed_at is not None

    @contextmanager
    def opened(self, url: str) -> Iterator[Engine]:
        engine = open_engine(url)
        try:
            yield engine
        finally:
            engine.close()


def assert_same(engine: Engine, oracle: Oracle, query: Query) -> None:
    """The engine answers as the oracle does, in every respect."""
    found = engine.search(query)
    ids = [match.article_id for match in found.matches]
    assert sorted(ids) == sorted(oracle.ids(query))
    assert found.total == len(ids)
    assert {name: dict(counts) for name, counts in found.facets.items()} == oracle.facets(query)
    assert dict(found.days) == oracle.days(query)
    assert list(engine.matching(query)) == ids
    if query.sort != "relevance":
        assert ids == oracle.order(query)
    else:
        assert all(one.score >= other.score for one, other in pairwise(found.matches))
    for match in found.matches:
        assert match.version == oracle.articles[match.article_id].version
        assert _positions(match.spans) == sorted(oracle.positions(query, match.article_id))
    for article_id in oracle.articles:
        located = engine.locate(query, article_id)
        assert located is not None
        assert _positions(located.spans) == sorted(oracle.positions(query, article_id))
        why = engine.explain(query, article_id)
        assert why.matches == oracle.holds(query.root, article_id)
        counted = [len(oracle.places(leaf, article_id)) for leaf in leaves(query.root)]
        # Then come the leaves under a NOT, which begin with a minus.
        assert [n > 0 for _, _, n in why.leaves[: len(counted)]] == [n > 0 for n in counted]
        assert all(leaf.startswith("-") and score == 0 for leaf, score, _ in why.leaves[len(counted) :])


def _positions(spans: Iterable[tuple[int, int]]) -> list[int]:
    """In the order of the spans, so that one that overlaps or goes back is noticed."""
    return [position for first, end in spans for position in range(first, end)]


def write_and_fail(writer: IndexWriter, batch: Iterable[AnalyzedArticle | str]) -> None:
    write(writer, batch)
    raise ZeroDivisionError


def write(writer: IndexWriter, batch: Iterable[AnalyzedArticle | str]) -> None:
    """Put the articles, and delete the ids."""
    for one in batch:
        if isinstance(one, str):
            writer.delete(one, 1_000)
        else:
            writer.put(one)


def _after(history: Iterable[Iterable[AnalyzedArticle | str]]) -> Iterable[AnalyzedArticle]:
    there: dict[str, AnalyzedArticle] = {}
    for batch in history:
        for one in batch:
            if isinstance(one, str):
                there.pop(one, None)
            else:
                there[one.id] = one
    return there.values()


def _in_another_process(url: str) -> str:
    program = (
        "import sys; from search.engine import open_engine; from search.errors import IndexBusy\n"
        "try:\n    with open_engine(sys.argv[1]).writer(): print('free')\n"
        "except IndexBusy: print('IndexBusy')"
    )
    run = subprocess.run([sys.executable, "-c", program, url], capture_output=True, text=True, check=True)
    return run.stdout.strip()
