"""Which articles each node of a query finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime

import pytest
from contract_base import ALL, Batch, ContractBase, after, assert_same
from contract_strategies import histories, queries, stretches
from engine_articles import PEACE, article
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.articles import JST
from search.engine import AnalyzedArticle, Engine, Match
from search.japanese.analysis import Analysis, analyze_parts
from search.query.model import (
    AllOf,
    AnyOf,
    Between,
    Boosted,
    Everything,
    Named,
    Near,
    Node,
    Nothing,
    OneArticle,
    Prefix,
    Query,
    SameSection,
    Sequence,
    Term,
    Without,
)

DAY = date(2024, 4, 10).toordinal()
NOON_AND_A_HALF = int(datetime(2024, 4, 10, 12, 30, tzinfo=JST).timestamp())
MIDNIGHT = NOON_AND_A_HALF - 12 * 3600 - 1800


def both(*words: str) -> AllOf:
    return AllOf(tuple(map(Term, words)))


def near(distance: int, *words: str) -> Near:
    return Near(tuple(map(Term, words)), distance)


WORDS_AND_NAMES: list[tuple[Node, str]] = [
    (Everything(), "a1 a2 a3 a4"),
    (Nothing(), ""),
    (Term("停戦"), "a1 a2 a3 a4"),
    (Term("火星"), ""),
    (Term("安全保障"), "a1 a3"),                                 # the long unit
    (Term("保障"), "a1 a3"),                                    # a short one in it
    (Named("CN"), "a1"),
    (Named("person-1"), "a2"),
    (Named("nobody"), ""),
    (OneArticle("a2"), "a2"),
    (OneArticle("nobody"), ""),
]

PHRASES: list[tuple[Node, str]] = [
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
    (Sequence(("安全保障", "保障")), "a1 a3"),                    # the long unit stands where its first short one does
    (Sequence(("安全保障", "理事会")), ""),                       # so that between two long ones there is a short one
]

SLOPPY_PHRASES: list[tuple[Node, str]] = [
    (Sequence(("会", "停戦"), slop=1), "a3"),                    # 。 holds one position
    (Sequence(("理事", "停戦"), slop=1), ""),                    # 会 。 between
    (Sequence(("理事", "停戦"), slop=2), "a3"),
    (Sequence(("停戦", "理事"), slop=2), ""),                    # in this order
    (Sequence(("停戦", "停戦"), slop=1), "a2"),
    (Sequence(("停戦", "停戦")), ""),                            # one word is not two
    (Sequence(("停戦", "停戦", "停戦"), slop=2), ""),
    (Sequence(("安全保障", "理事会"), slop=1), "a1 a3"),
    (Sequence(("安全", "安全保障"), slop=2), ""),                 # of one position
    (Sequence(("ロシア", "首相", "会談"), slop=2), "a1"),          # each step on its own
    (Sequence(("ロシア", "会談"), slop=2), ""),
    (Sequence(("合意", "ロシア"), slop=2), ""),                   # title and text
    (Sequence(("合意", "ロシア"), slop=50), ""),
    (Sequence(("会", "中国"), slop=50), ""),                     # heading and text
    (Sequence(("会談", "安全"), slop=50), ""),                   # text and next heading
]

PREFIXES: list[tuple[Node, str]] = [
    (Prefix("安"), "a1 a3"),
    (Prefix("安全"), "a1 a3"),                                  # a short unit, and the long one
    (Prefix("安全保"), "a1 a3"),                                 # the long one alone
    (Prefix("安全保障"), "a1 a3"),                               # a whole term
    (Prefix("安全保障条約"), ""),
    (Prefix("中"), "a1"),
    (Prefix("停"), "a1 a2 a3 a4"),
    (Prefix("会"), "a1 a2 a3"),                                 # 会 and 会談
    (Prefix("全"), ""),                                         # no term begins so
    (Prefix("火"), ""),
    (Prefix("CN"), ""),                                         # a name is no word
    (AllOf((Prefix("安"), Without(Prefix("中")))), "a3"),
]

COMPOUNDS: list[tuple[Node, str]] = [
    (both("ロシア", "保障"), "a1"),                               # in different sections
    (AllOf((Term("停戦"), Without(Term("首相")))), "a3 a4"),
    (AllOf((Term("停戦"), Nothing())), ""),
    (AllOf((Everything(), Term("ロシア"))), "a1"),
    (AllOf(()), "a1 a2 a3 a4"),
    (AllOf((OneArticle("a2"), Term("停戦"))), "a2"),
    (AllOf((OneArticle("a2"), Term("ロシア"))), ""),
    (AnyOf((Term("ロシア"), Term("理事会"))), "a1 a3"),
    (AnyOf((Term("ロシア"), OneArticle("a4"))), "a1 a4"),
    (AnyOf((Term("ロシア"), Nothing())), "a1"),
    (AnyOf((Nothing(), Nothing())), ""),
    (AnyOf((Term("ロシア"), Without(Term("会談")))), "a1 a3 a4"),
    (AnyOf(()), ""),
    (Without(Term("首相")), "a3 a4"),
    (Without(OneArticle("a1")), "a2 a3 a4"),
    (AllOf((Term("理事会"), Without(Term("停戦")))), ""),         # where 停戦 stands in an earlier article
    (AllOf((Term("理事会"), Without(Without(Term("火星"))))), ""),
    (Without(Without(Term("首相"))), "a1 a2"),
    (Without(Everything()), ""),
    (Without(Nothing()), "a1 a2 a3 a4"),
    (AllOf((Without(Term("ロシア")), Without(Term("会談")))), "a3 a4"),
    (Boosted(Term("ロシア"), 3.0), "a1"),
    (Without(Boosted(Term("ロシア"), 3.0)), "a2 a3 a4"),
]

NEARNESS: list[tuple[Node, str]] = [
    (near(1, "中国", "首相"), "a1"),
    (near(1, "首相", "中国"), "a1"),                             # in any order
    (near(1, "合意", "停戦"), "a1 a2 a4"),
    (near(4, "ロシア", "会談"), "a1"),                           # over 。, which holds a position
    (near(3, "ロシア", "会談"), ""),
    (near(3, "中国", "首相", "会談"), "a1"),                      # all three within one stretch,
    (near(2, "中国", "首相", "会談"), ""),                        # not each beside the next
    (near(9, "中国", "首相", "火星"), ""),
    (near(5_000, "合意", "ロシア"), ""),                         # title and text, however far one may go
    (near(5_000, "保障", "中国"), ""),                           # heading and text
    (near(5_000, "会談", "保障"), ""),                           # text and next heading
    (near(5_000, "ロシア", "停戦"), ""),                         # texts of two sections
    (near(1, "停戦"), "a1 a2 a3 a4"),
    (near(1, "停戦", "停戦"), "a1 a2 a3 a4"),                    # one place may answer twice
    (Near((Named("CN"), Term("首相")), 2), "a1"),
    (Near((Named("CN"), Term("首相")), 1), ""),
    (Near((Named("un"), Term("停戦")), 5), "a3"),                # from where the name begins,
    (Near((Named("un"), Term("停戦")), 4), ""),
    (Near((Sequence(("安全", "保障")), Term("停戦")), 5), "a3"),   # or the phrase
    (Near((Sequence(("安全", "保障")), Term("停戦")), 4), ""),
    (Near((Prefix("安"), Prefix("理")), 2), "a1 a3"),
    (Near((Prefix("安"), Prefix("理")), 1), ""),
    (Without(near(1, "合意", "停戦")), "a3"),
    (AllOf((near(1, "合意", "停戦"), near(1, "首相", "会談"))), "a1 a2"),
]

ONE_SECTION: list[tuple[Node, str]] = [
    (SameSection(both("停戦", "中国")), "a1"),
    (SameSection(both("理事会", "首相")), "a1"),                  # its heading and its text
    (SameSection(both("ロシア", "保障")), ""),                    # in two sections
    (SameSection(both("合意", "首相")), ""),                      # title and text: the title is one of its own
    (SameSection(both("合意", "停戦")), "a1 a2 a4"),
    (SameSection(Term("停戦")), "a1 a2 a3 a4"),
    (SameSection(AllOf((Named("RU"), Named("CN")))), "a1"),
    (SameSection(AllOf((Named("RU"), Term("停戦")))), ""),
    (SameSection(AllOf((Prefix("安"), Prefix("停")))), "a1 a3"),
    (SameSection(AllOf((Sequence(("安全", "保障")), Sequence(("中国", "首相"))))), "a1"),
    (SameSection(AnyOf((both("ロシア", "保障"), both("停戦", "会")))), "a1 a3"),
    (SameSection(AllOf((Term("中国"), Without(Term("停戦"))))), "a1"),     # though 停戦 is in another section
    (SameSection(AllOf((Term("首相"), Without(Term("中国"))))), "a2"),
    (SameSection(AllOf((Term("停戦"), Without(Term("合意"))))), "a1 a3"),
    (SameSection(Without(Term("停戦"))), "a1 a2 a3 a4"),          # the title of a4 is empty, but a section
    (SameSection(Without(AnyOf((Term("停戦"), Term("理事"), Term("首相"))))), "a4"),
    (SameSection(Everything()), "a1 a2 a3 a4"),
    (SameSection(Nothing()), ""),
    (SameSection(AllOf((near(2, "中国", "首相"), Term("停戦")))), "a1"),
    (SameSection(AllOf((near(2, "首相", "会談"), Term("保障")))), ""),
    (SameSection(AllOf((OneArticle("a2"), Term("合意")))), "a2"),
    (SameSection(AllOf((Between("day", DAY, None), Term("合意")))), "a1 a2"),
    (SameSection(Boosted(both("停戦", "中国"), 2.0)), "a1"),
    (SameSection(SameSection(both("停戦", "中国"))), "a1"),
    (SameSection(Without(SameSection(Without(Term("理事会"))))), "a1 a3"),     # the inner one speaks of the same one
    (Without(SameSection(both("停戦", "中国"))), "a2 a3 a4"),
    (AllOf((SameSection(both("停戦", "合意")), Without(Term("首相")))), "a4"),
]

RANGES: list[tuple[Node, str]] = [
    (Between("day", DAY, DAY), "a1 a2"),
    (Between("day", DAY - 1, DAY + 1), "a1 a2"),
    (Between("day", DAY + 1, None), ""),
    (Between("day", None, DAY - 1), "a3"),
    (Between("day", None, DAY), "a1 a2 a3"),
    (Between("day", None, None), "a1 a2 a3"),                   # an article without a date never matches,
    (Without(Between("day", None, None)), "a4"),                # though its opposite does
    (Between("day", DAY, DAY - 1), ""),
    (Between("day", -(10**17), 10**17), "a1 a2 a3"),
    (Between("at", NOON_AND_A_HALF, NOON_AND_A_HALF), "a1"),
    (Between("at", NOON_AND_A_HALF + 1, None), ""),
    (Between("at", None, NOON_AND_A_HALF - 1), "a2 a3"),
    (Between("at", MIDNIGHT, NOON_AND_A_HALF), "a1 a2"),
    (Between("at", None, MIDNIGHT - 1), "a3"),                  # 23:59 is of the year before
    (Between("at", None, None), "a1 a2 a3"),
    (Without(Between("at", MIDNIGHT, None)), "a3 a4"),
    (AllOf((Term("停戦"), Between("day", None, DAY - 1))), "a3"),
]


ALL_TABLES = [*WORDS_AND_NAMES, *PHRASES, *SLOPPY_PHRASES, *PREFIXES, *COMPOUNDS, *NEARNESS, *ONE_SECTION, *RANGES]
EVERY_ROOT = [root for root, _ in ALL_TABLES]

GONE = article("gone", "停戦 合意", ("安全|保障", "ロシア 中国 首相 会談"), published="2024-04-10")
BATCHES: dict[str, list[Batch]] = {
    "in one batch": [PEACE],
    "in two": [PEACE[::2], PEACE[1::2]],
    "one by one": [[one] for one in PEACE],
    "put again, and another deleted": [[GONE, *PEACE[:2]], ["gone", *PEACE]],
}


class FindingContract(ContractBase):
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(history=histories(), questions=st.lists(queries, min_size=8, max_size=8), stretch=stretches)
    def test_every_query_over_every_history_answers_as_plain_python_does(
        self, history: list[list[AnalyzedArticle | str]], questions: list[Query], stretch: tuple[int, int]
    ) -> None:
        with self.engine(*history) as engine:
            oracle = self.oracle(engine, after(history))
            assert engine.info().articles == len(oracle.articles)
            for query in (ALL, *questions):
                assert_same(engine, oracle, query)
                whole, (offset, limit) = list(engine.matching(query)), stretch
                found = engine.search(replace(query, offset=offset, limit=limit))
                assert found.total == len(whole)
                assert ids(found.matches) == whole[offset : offset + limit]

    @pytest.fixture(scope="class", params=BATCHES)
    @classmethod
    def peace(cls, request: pytest.FixtureRequest) -> Iterator[Engine]:
        """An engine in which PEACE is."""
        with cls().engine(*BATCHES[request.param]) as engine:
            yield engine

    @pytest.mark.parametrize(("root", "expected"), WORDS_AND_NAMES)
    def test_a_word_or_a_name_finds(self, peace: Engine, root: Node, expected: str) -> None:
        self.finds(peace, root, expected)

    @pytest.mark.parametrize(("root", "expected"), [*PHRASES, *SLOPPY_PHRASES])
    def test_words_in_this_order_find(self, peace: Engine, root: Node, expected: str) -> None:
        self.finds(peace, root, expected)

    @pytest.mark.parametrize(("root", "expected"), PREFIXES)
    def test_the_beginning_of_a_word_finds(self, peace: Engine, root: Node, expected: str) -> None:
        self.finds(peace, root, expected)

    @pytest.mark.parametrize(("root", "expected"), COMPOUNDS)
    def test_a_compound_finds(self, peace: Engine, root: Node, expected: str) -> None:
        self.finds(peace, root, expected)

    @pytest.mark.parametrize(("root", "expected"), NEARNESS)
    def test_words_near_each_other_find(self, peace: Engine, root: Node, expected: str) -> None:
        self.finds(peace, root, expected)

    @pytest.mark.parametrize(("root", "expected"), ONE_SECTION)
    def test_words_of_one_section_find(self, peace: Engine, root: Node, expected: str) -> None:
        self.finds(peace, root, expected)

    @pytest.mark.parametrize(("root", "expected"), RANGES)
    def test_a_range_finds(self, peace: Engine, root: Node, expected: str) -> None:
        self.finds(peace, root, expected)

    def finds(self, engine: Engine, root: Node, expected: str) -> None:
        assert {match.article_id for match in engine.search(Query(root)).matches} == set(expected.split())
        self.same(engine, PEACE, Query(root, limit=1_000))

    @pytest.mark.parametrize(
        ("words", "terms", "slop", "times", "marked"),
        [
            ("停戦 合意 中国", "停戦 合意", 0, 1, [0, 1]),
            ("停戦 合意 中国", "停戦 中国", 1, 1, [0, 1, 2]),             # with the words between
            ("停戦 。 中国", "停戦 中国", 1, 1, [0, 1, 2]),
            ("停戦 中国 中国", "停戦 中国", 1, 1, [0, 1]),               # up to the nearest
            ("停戦 停戦 中国", "停戦 中国", 1, 2, [0, 1, 2]),            # once for each beginning
            ("停戦 中国 停戦 中国", "停戦 中国", 0, 2, [0, 1, 2, 3]),
            ("停戦 中国 中国 火星 会談", "停戦 中国 会談", 1, 1, [0, 1, 2, 3, 4]),     # the nearest 中国 leads nowhere
            ("停戦 中国 会談 中国 会談", "停戦 中国 会談", 2, 1, [0, 1, 2]),
            ("停戦 停戦 停戦", "停戦 停戦", 0, 2, [0, 1, 2]),
            ("停戦 停戦 停戦", "停戦 停戦", 2, 2, [0, 1, 2]),
            ("安全|保障 理事|会", "安全保障 理事会", 1, 1, [0, 1, 2]),      # a long unit at its first short one
            ("合意 停戦", "停戦 合意", 2, 0, []),
        ],
    )
    def test_words_in_this_order_stand_at(
        self, words: str, terms: str, slop: int, times: int, marked: list[int]
    ) -> None:
        query = Query(Sequence(tuple(terms.split()), slop))
        with self.engine([article("x", words), *PEACE[1:]]) as engine:
            self.same(engine, [article("x", words), *PEACE[1:]], query)
            found = engine.locate(query, "x")
            assert found is not None
            assert [at for first, end in found.spans for at in range(first, end)] == marked
            assert [n for _, _, n in engine.explain(query, "x").leaves] == [times]

    def test_an_empty_index_answers_every_query_with_nothing(self) -> None:
        with self.engine() as engine:
            for root in EVERY_ROOT:
                self.same(engine, (), Query(root, {"desk": ("国際",)}, {"t": Term("中国")}))
            assert engine.info().articles == 0
            self.knows_no_article(engine)

    def test_an_index_of_which_all_was_deleted_answers_with_nothing(self) -> None:
        with self.engine(PEACE, [one.id for one in PEACE]) as engine:
            self.same(engine, (), ALL, *(Query(root) for root in EVERY_ROOT))
            assert engine.info().articles == 0
            self.knows_no_article(engine)

    def knows_no_article(self, engine: Engine) -> None:
        for root in EVERY_ROOT:
            assert engine.locate(Query(root), PEACE[0].id) is None
            assert not engine.explain(Query(root), PEACE[0].id).matches

    def test_an_article_without_any_word_is_found_among_all(self) -> None:
        bare = [article("symbols", "。 。", "、"), article("nothing")]
        with self.engine(bare) as engine:
            self.same(engine, bare, ALL, *(Query(root, limit=9) for root in EVERY_ROOT))
            assert engine.search(Query(Without(Term("中国")))).total == 2

    def test_an_article_without_any_part_has_no_section(self) -> None:
        bare = replace(article("bare"), analysis=analyze_parts([], []), texts=())
        there = [bare, *PEACE]
        with self.engine(there) as engine:
            for root in (Everything(), SameSection(Everything()), Without(SameSection(Without(Term("停戦"))))):
                self.same(engine, there, Query(root, limit=9))
            assert engine.search(Query(SameSection(Without(Term("火星"))))).total == len(PEACE)

    def test_what_is_far_down_in_a_long_article_is_found_as_well(self) -> None:
        sections = [("会談", "中国 、 停戦 。 ロシア " * 9)] * 80
        there = [article("long", "合意", *sections, ("理事|会", "安全|保障 停戦 火星")), *PEACE]
        with self.engine(there[:3], there[3:]) as engine:
            for root in (
                Term("停戦"), Sequence(("停戦", "火星")), Sequence(("停戦", "ロシア"), 1), near(3, "安全", "火星"),
                SameSection(both("理事会", "火星")), SameSection(both("会談", "火星")), Prefix("火"),
            ):
                self.same(engine, there, Query(root, limit=9))

    @pytest.mark.parametrize("term", ["あ" * 5_000, "a" * 50_000, "🇺🇦", "𠮷野家", "\x00", "c'est", "ﷺ"])
    def test_any_string_may_be_a_term(self, term: str) -> None:
        odd = article("odd", "", "中国")
        cut = odd.analysis
        odd = replace(odd, analysis=Analysis.of(cut.parts, [term], cut.starts, cut.ends, []))
        with self.engine([odd], PEACE) as engine:
            for root in (Term(term), Prefix(term), Prefix(term[:1])):
                assert [m.article_id for m in engine.search(Query(root)).matches] == ["odd"]

    @pytest.mark.parametrize(
        ("prefix", "expected"),
        [("𠮷", "b"), ("か", "c d e"), ("か\U0010ffff", "e"), ("\U0010ffff", "f"), ("x", "g h"), ("x\x00", "h")],
    )
    def test_a_prefix_ends_where_its_words_do(self, prefix: str, expected: str) -> None:
        words = {"a": "吉野", "b": "𠮷野", "c": "か", "d": "かき", "e": "か\U0010ffff", "f": "\U0010ffff\U0010ffff",
                 "g": "x", "h": "x\x00", "i": "が", "j": "y"}
        with self.engine(*([article(i, word)] for i, word in words.items())) as engine:
            found = {m.article_id for m in engine.search(Query(Prefix(prefix))).matches}
            assert found == set(expected.split())

    @pytest.mark.parametrize("article_id", ["記事/1", "a b", "~", "A1", "Ａ１", "x" * 300, "1"])
    def test_ids_are_told_apart_as_they_are_written(self, article_id: str) -> None:
        with self.engine([article("a1", "中国"), article(article_id, "ロシア")]) as engine:
            for root in (Term("ロシア"), OneArticle(article_id), Without(OneArticle("a1"))):
                assert ids(engine.search(Query(root)).matches) == [article_id]
            assert engine.locate(Query(Term("ロシア")), article_id) is not None
        with self.engine([article("a1", "中国"), article(article_id, "ロシア")], [article_id]) as engine:
            assert ids(engine.search(ALL).matches) == ["a1"]


def ids(matches: Iterable[Match]) -> list[str]:
    return [match.article_id for match in matches]
