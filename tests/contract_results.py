"""What an answer holds beside the matches: pages, counts, and where the words stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from contract_base import ALL, ContractBase
from engine_articles import PEACE, Name, article

from search.query.model import (
    AllOf,
    AnyOf,
    Boosted,
    Everything,
    Named,
    Near,
    Node,
    Prefix,
    Query,
    SameSection,
    Sequence,
    Term,
    Without,
)
from search.results import FACETS


class AnsweringContract(ContractBase):
    # ---- pages ----

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

    def test_pages_of_equal_scores_leave_none_out_and_show_none_twice(self) -> None:
        many = [article(f"e{i:02}", "停戦", published=f"2024-04-{i % 5 + 1:02}") for i in range(40)]
        with self.engine(many[::2], many[1::2]) as engine:
            query = Query(Term("停戦"))
            pages = [
                m.article_id for offset in range(0, 40, 7)
                for m in engine.search(replace(query, offset=offset, limit=7)).matches
            ]
            assert pages == self.oracle(engine, many).ranking(query)

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

    # ---- counts ----

    @pytest.mark.parametrize("facets", [(), ("desk",), ("country", "topic"), FACETS])
    def test_facets_are_counted_only_when_asked_for(self, facets: tuple[str, ...]) -> None:
        query = Query(Everything(), {"source": ("見本新聞",)}, {"t": Term("中国")}, facets=facets)
        with self.engine(PEACE) as engine:
            found = engine.search(query)
            assert set(found.facets) == set(found.facet_sizes) == set(facets)
            assert found.total == 2     # a filter holds whether its facet is counted or not
            self.same(engine, PEACE, query)

    def test_choosing_a_desk_keeps_the_other_desks_in_view(self) -> None:
        with self.engine(PEACE) as engine:
            found = engine.search(Query(Everything(), {"desk": ("国際",)}))
            assert found.total == 2
            assert found.facets["desk"] == {"国際": 2, "政治": 1}
            assert found.facets["source"] == {"見本新聞": 1, "例示日報": 1}

    @pytest.mark.parametrize(
        ("chosen", "excluded", "found", "counts"),
        [
            ((), ("国際",), "a2 a4", {"国際": 2, "政治": 1}),                # as many as if it were chosen instead
            ((), ("国際", "政治"), "a4", {"国際": 2, "政治": 1}),
            (("政治",), ("国際",), "a2", {"国際": 2, "政治": 1}),
            (("国際",), ("国際",), "", {"国際": 2, "政治": 1}),              # nothing both has it and has it not
            ((), ("運動",), "a1 a2 a3 a4", {"国際": 2, "政治": 1}),          # nothing is in it
        ],
    )
    def test_what_is_excluded_is_not_found_and_its_count_stays_in_view(
        self, chosen: tuple[str, ...], excluded: tuple[str, ...], found: str, counts: dict[str, int]
    ) -> None:
        query = Query(
            Everything(), {"desk": chosen} if chosen else {}, excluded={"desk": excluded}, sort="oldest", limit=1_000
        )
        with self.engine(PEACE[:2], PEACE[2:]) as engine:
            answer = engine.search(query)
            assert sorted(m.article_id for m in answer.matches) == found.split()
            assert answer.facets["desk"] == counts
            self.same(engine, PEACE, query)

    DESKS = tuple(
        article(f"{desk}{i}", "停戦", desk=desk, names=[Name(0, 0, 0, "CN")] * (i == 0))
        for desk, count in (("社会", 1), ("国際", 3), ("政治", 2), ("経済", 2), ("文化", 2)) for i in range(count)
    )

    @pytest.mark.parametrize(
        ("values", "chosen", "expected"),
        [
            (None, (), "国際3 政治2 文化2 経済2 社会1"),      # the most frequent first, then by code point
            (1, (), "国際3"),
            (3, (), "国際3 政治2 文化2"),
            (5, (), "国際3 政治2 文化2 経済2 社会1"),
            (50, (), "国際3 政治2 文化2 経済2 社会1"),
            (1, ("社会",), "国際3 社会1"),                  # those chosen are there, each in its place
            (2, ("社会", "経済"), "国際3 政治2 経済2 社会1"),
            (2, ("国際",), "国際3 政治2"),
            (1, ("運動",), "国際3"),                        # nothing is in it
        ],
    )
    def test_so_many_values_of_a_facet_are_counted(
        self, values: int | None, chosen: tuple[str, ...], expected: str
    ) -> None:
        query = Query(Term("停戦"), {"desk": chosen} if chosen else {}, facet_values=values, limit=1_000)
        with self.engine(self.DESKS[:4], self.DESKS[4:]) as engine:
            found = engine.search(query)
            assert " ".join(f"{desk}{n}" for desk, n in found.facets["desk"].items()) == expected
            assert found.facet_sizes["desk"] == 5
            self.same(engine, self.DESKS, query)

    def test_topics_that_are_chosen_are_counted_beside_the_most_frequent_one(self) -> None:
        topics = {"t1": Term("停戦"), "t2": Term("首相"), "t3": Term("安全"), "t4": Term("火星")}
        query = Query(Everything(), {"topic": ("t3", "t4")}, topics, facet_values=1)
        with self.engine(PEACE[:1], PEACE[1:]) as engine:
            found = engine.search(query)
            assert list(found.facets["topic"].items()) == [("t1", 4), ("t3", 2)]
            assert found.facet_sizes["topic"] == 3
            self.same(engine, PEACE, query)

    def test_a_topic_may_be_any_query(self) -> None:
        topics = {
            "near": Near((Term("首相"), Term("会談")), 1), "section": SameSection(AllOf((Term("停戦"), Term("中国")))),
            "sloppy": Sequence(("会", "停戦"), 1), "prefix": Boosted(Prefix("安"), 2.0), "not": Without(Prefix("中")),
        }
        with self.engine(PEACE[:1], PEACE[1:]) as engine:
            for topic in topics:
                self.same(engine, PEACE, Query(Everything(), {"topic": (topic,)}, topics))

    def test_days_are_counted_only_when_asked_for(self) -> None:
        with self.engine(PEACE) as engine:
            assert engine.search(ALL).days == {date(2023, 12, 31): 1, date(2024, 4, 10): 2}
            assert engine.search(replace(ALL, days=False)).days == {}

    def test_the_last_minute_of_a_year_belongs_to_it(self) -> None:
        with self.engine(PEACE) as engine:
            assert engine.search(Query(Everything(), until=date(2023, 12, 31))).total == 1
            assert engine.search(Query(Everything(), {"year": ("2023",)})).total == 1
            assert engine.search(Query(Everything(), {"year": ("none",)})).matches[0].article_id == "a4"

    def test_a_deadline_that_is_not_reached_changes_nothing(self) -> None:
        with self.engine(PEACE) as engine:
            assert engine.search(replace(ALL, deadline_ms=600_000)) == engine.search(ALL)

    # ---- where ----

    def test_spans_lead_back_to_the_words_as_they_are_written(self) -> None:
        with self.engine(PEACE) as engine:
            query = Query(AllOf((Sequence(("理事", "会")), Term("ロシア"))), also_mark=(Named("CN"),))
            (match,) = engine.search(query).matches
            assert marked(match.spans) == ["ロシア、中国", "理事会"]      # neighbours are one mark
            (unmarked,) = engine.search(replace(query, spans=False)).matches
            assert unmarked == match._replace(spans=())

    @pytest.mark.parametrize(
        ("root", "expected"),
        [
            (Prefix("首"), "首相 首相"),
            (Prefix("安全"), "安全"),                                     # a long unit at its first short one
            (Prefix("会"), "会談 会"),
            (Sequence(("ロシア", "首相"), 2), "ロシア、中国。首相"),         # with what lies between
            (Near((Term("首相"), Term("会談")), 1), "首相会談 首相"),        # wherever they stand, if they do so once
            (Near((Term("停戦"), Term("会談")), 9), ""),
            (Near((Named("CN"), Prefix("会")), 3), "中国 会談 会"),
            (SameSection(AllOf((Term("停戦"), Term("中国")))), "停戦 中国 中国 停戦"),
            (SameSection(AllOf((Term("停戦"), Term("ロシア")))), ""),
            (SameSection(AllOf((Term("中国"), Without(Term("停戦"))))), "中国 中国"),
            (SameSection(AllOf((Term("首相"), Near((Term("停戦"), Term("中国")), 2)))), "停戦 中国 首相 中国首相停戦"),
            (AllOf((Term("会談"), Near((Term("停戦"), Term("会談")), 9))), "会談"),      # it stands for itself too
            (AllOf((Term("会談"), Term("火星"))), "会談"),
            (Boosted(Term("会談"), 2.0), "会談"),
            (Without(Term("会談")), ""),
            (AnyOf((Term("保障"), Without(Near((Term("首相"), Term("会談")), 1)))), "保障"),
        ],
    )
    def test_words_are_marked(self, root: Node, expected: str) -> None:
        """In a1: 停戦合意 / ロシア、中国。首相会談 / 安全保障理事会 / 中国首相停戦."""
        with self.engine(PEACE) as engine:
            for query in (Query(root), Query(Everything(), also_mark=(root,))):
                located = engine.locate(query, "a1")
                assert located is not None
                assert marked(located.spans) == expected.split()
                self.same(engine, PEACE, query)

    def test_locate_tells_where_the_words_stand_though_the_article_does_not_match(self) -> None:
        with self.engine(PEACE, [PEACE[3]]) as engine:
            query = Query(AllOf((Term("停戦"), Term("火星"))), {"desk": ("経済",)})
            found = engine.locate(query, "a4")
            assert found is not None
            assert (found.article_id, found.version, found.score) == ("a4", 1, 0.0)
            assert [PEACE[3].analysis.offsets(*span) for span in found.spans] == [(1, 2, 4)]
            assert engine.locate(query, "nobody") is None


def marked(spans: tuple[tuple[int, int], ...]) -> list[str]:
    """What is marked in a1."""
    parts = ["停戦合意", "ロシア、中国。首相会談", "安全保障理事会", "中国首相停戦"]
    found = []
    for span in spans:
        part, start, end = PEACE[0].analysis.offsets(*span)
        found.append(parts[part][start:end])
    return found
