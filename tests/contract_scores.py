"""What a match is worth, in which order matches come, and why."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
from contract_base import ContractBase, about, assert_same_answer, positions
from engine_articles import PEACE, Name, article

from search.engine import AnalyzedArticle
from search.japanese.analysis import Analysis, LongTerm
from search.query.model import (
    AllOf,
    AnyOf,
    Between,
    Boosted,
    Everything,
    Named,
    Near,
    Node,
    OneArticle,
    Prefix,
    Query,
    SameSection,
    Sequence,
    Term,
    Without,
)

CEASEFIRE, LEADER, MARS = Term("停戦"), Term("首相"), Term("火星")


class ScoringContract(ContractBase):
    # ---- order ----

    def test_a_word_in_the_title_says_more_than_one_in_a_heading_and_that_more_than_one_in_the_text(self) -> None:
        filler = "中国 中国 中国"
        three = [
            article("text", "合意 会談", ("首相", f"停戦 {filler}")),
            article("heading", "合意 会談", ("停戦", f"首相 {filler}")),
            article("title", "停戦 会談", ("首相", f"合意 {filler}")),
        ]
        assert self.ranked(three, CEASEFIRE) == ["title", "heading", "text"]

    def test_a_rare_word_says_more_than_a_common_one(self) -> None:
        there = [*PEACE, article("c", "", "停戦 会談 中国"), article("r", "", "火星 会談 中国")]
        assert self.ranked(there, AnyOf((CEASEFIRE, MARS)))[0] == "r"

    def test_a_word_that_is_repeated_says_more_and_one_in_a_long_article_less(self) -> None:
        three = [article("once", "", "停戦 会談 中国"), article("twice", "", "停戦 停戦 会談"),
                 article("long", "", "停戦" + " 会談" * 30), article("other", "", "中国")]
        assert self.ranked(three, CEASEFIRE) == ["twice", "once", "long"]

    def test_an_article_with_the_long_unit_comes_before_one_that_has_its_pieces_apart(self) -> None:
        two = [article("apart", "", "保障 安全 中国"), article("unit", "", "安全|保障 中国"), article("x", "", "停戦")]
        assert self.ranked(two, AnyOf((Term("安全保障"), Term("安全")))) == ["unit", "apart"]
        assert self.ranked(two, Prefix("安")) == ["unit", "apart"]        # two terms begin so in the one

    @pytest.mark.parametrize(
        ("root", "first"),
        [
            (AnyOf((LEADER, CEASEFIRE)), "new"),                          # both say the same; then the newest
            (AnyOf((LEADER, Boosted(CEASEFIRE, 2.0))), "old"),
            (AnyOf((Boosted(LEADER, 0.5), CEASEFIRE)), "old"),
            (AnyOf((Boosted(LEADER, 3.0), Boosted(CEASEFIRE, 2.0))), "new"),
            (AnyOf((Boosted(LEADER, 3.0), Boosted(Boosted(CEASEFIRE, 2.0), 2.0))), "old"),      # 4 times
            (Boosted(AnyOf((LEADER, Boosted(CEASEFIRE, 2.0))), 0.25), "old"),
            (AnyOf((LEADER, Boosted(AllOf((CEASEFIRE, Everything())), 2.0))), "old"),
            (AnyOf((LEADER, Boosted(SameSection(CEASEFIRE), 2.0))), "old"),
            (AnyOf((LEADER, SameSection(Boosted(CEASEFIRE, 2.0)))), "old"),
            (AnyOf((LEADER, Boosted(Near((CEASEFIRE, Term("合意")), 1), 2.0))), "old"),
            (AnyOf((LEADER, Boosted(Sequence(("停戦", "合意")), 2.0))), "old"),
            (AnyOf((LEADER, CEASEFIRE, CEASEFIRE)), "old"),                # what is asked for twice counts twice
        ],
    )
    def test_a_boost_brings_an_article_forward(self, root: Node, first: str) -> None:
        there = [article("old", "", "停戦 合意", published="2024-04-01"),
                 article("new", "", "首相 会談", published="2024-04-02"),
                 article("x", "", "中国 会談 合意"), article("y", "", "ロシア 中国"), article("z", "", "中国 合意")]
        assert self.ranked(there, root)[0] == first

    def test_equal_scores_are_ordered_newest_first(self) -> None:
        dated = [article(f"d{i}", "停戦", published=f"2024-04-0{i}") for i in (2, 1, 3)]
        assert self.ranked([*dated, article("d0", "停戦")], CEASEFIRE) == ["d3", "d2", "d1", "d0"]

    def test_equal_scores_of_one_time_are_ordered_by_id(self) -> None:
        names = ["ｱ", "b", "𠮷", "a", "B", "あ", "a1", "10", "9"]
        expected = ["10", "9", "B", "a", "a1", "b", "あ", "ｱ", "𠮷"]      # by code points
        for day in (None, "2024-04-10"):
            there = [article(name, "停戦", published=day) for name in names]
            for root in (CEASEFIRE, Everything(), Boosted(CEASEFIRE, 0.1)):
                assert self.ranked(there, root) == expected

    def test_before_1970_is_older_than_after(self) -> None:
        expected = ["2024-01-01", "1970-01-01", "1969-12-31", "1955-04-18"]
        there = [article(day, "停戦", published=day) for day in sorted(expected)]
        assert self.ranked(there, CEASEFIRE) == expected

    def ranked(self, articles: list[AnalyzedArticle], root: Node) -> list[str]:
        """The ids in the order of the engine, however the articles are put; with scores as the oracle has them."""
        query = Query(root, limit=1_000)
        answers = []
        for split in (1, 2, 3):
            with self.engine(*(articles[i::split] for i in range(split))) as engine:
                self.same(engine, articles, query)
                answers.append([match.article_id for match in engine.search(query).matches])
        assert answers[0] == answers[1] == answers[2]
        return answers[0]

    # ---- scores ----

    @pytest.mark.parametrize("split", [1, 2, 4])
    def test_a_deleted_article_makes_no_word_more_common_and_no_article_longer(self, split: int) -> None:
        gone = [article(f"gone{i}", "停戦", "停戦 火星 " * 9, names=[Name(0, 0, 0, "CN")]) for i in range(4)]
        both = [*PEACE, *gone]
        batches = [*(both[i::split] for i in range(split)), [one.id for one in gone]]
        with self.engine(*batches) as engine, self.engine(PEACE) as never:
            near = Near((CEASEFIRE, LEADER), 3)
            for query in map(Query, (CEASEFIRE, Named("CN"), Sequence(("停戦", "合意")), Prefix("停"), near)):
                self.same(engine, PEACE, query)
                self.same(never, PEACE, query)

    @pytest.mark.parametrize("put", ["short and long alike", "short alone"])
    def test_a_long_unit_that_is_spelled_as_its_first_short_one_stands_there_once(self, put: str) -> None:
        one = article("one", "", "停戦 合意")
        cut = one.analysis
        both = Analysis.of(cut.parts, cut.terms, cut.starts, cut.ends, [LongTerm(0, "停戦")])
        twice = replace(one, analysis=both)
        there = [twice if put == "short and long alike" else one, article("other", "", "会談 中国 首相")]
        with self.engine(there) as engine:
            self.same(engine, there, *map(Query, (CEASEFIRE, Prefix("停"), Sequence(("停戦", "合意")), Term("合意"))))
            (match,) = engine.search(Query(CEASEFIRE)).matches
            assert match.score == about(0.7549128)      # ln 2 · 1 · 2.2 / (1 + 1.2 · (0.25 + 0.75 · 2 / 2.5))

    def test_several_long_terms_may_stand_at_one_token_each_of_them_once(self) -> None:
        """A date is all of @2024, @2024-04 and @2024-04-10."""
        one = article("one", "", "4月 10日 停戦")
        cut = one.analysis
        dates = [LongTerm(0, term) for term in ("@2024", "@2024-04", "@2024", "@2024-04-10", "4月")]
        more = [*dates, LongTerm(1, "@2024-04-10"), LongTerm(2, "停戦協議")]
        there = [replace(one, analysis=Analysis.of(cut.parts, cut.terms, cut.starts, cut.ends, more)),
                 article("other", "", "会談 中国 首相")]
        with self.engine(there) as engine:
            for root in (Term("@2024"), Term("@2024-04-10"), Term("4月"), Prefix("@2024"), Term("停戦協議"),
                         Sequence(("@2024", "@2024-04-10")), Sequence(("@2024-04", "10日"))):
                assert [match.article_id for match in engine.search(Query(root)).matches] == ["one"]
                self.same(engine, there, Query(root))

    def test_a_name_counts_once_for_each_mention_however_many_words_it_has(self) -> None:
        there = [
            article("long", "", "国連 安全|保障 理事|会 決議", names=[Name(1, 0, 2, "un")]),
            article("short", "", "国連 会談 中国 首相 停戦", names=[Name(1, 0, 0, "un")]),
            article("twice", "", "国連 会談 国連 首相 停戦", names=[Name(1, 0, 0, "un"), Name(1, 2, 2, "un")]),
            article("title", "国連", "会談", names=[Name(0, 0, 0, "un")]),
            article("nobody", "", "会談"),
        ]
        with self.engine(there) as engine:
            self.same(engine, there, Query(Named("un")))
            found = {match.article_id: match.score for match in engine.search(Query(Named("un"))).matches}
            assert found["long"] == about(found["short"])
            assert found["title"] > found["twice"] > found["short"]

    def test_a_name_that_covers_no_word_is_no_mention(self) -> None:
        there = [article("mark", "", "、 中国 会談", names=[Name(1, 0, 0, "un")]), *PEACE]
        with self.engine(there) as engine:
            self.same(engine, there, *map(Query, (Named("un"), Named("CN"), Near((Named("un"), CEASEFIRE), 5))))
            assert [match.article_id for match in engine.search(Query(Named("un"))).matches] == ["a3"]

    def test_what_matches_without_words_scores_nothing(self) -> None:
        with self.engine(PEACE) as engine:
            for root in (Everything(), Without(MARS), OneArticle("a1"), Between("day", None, None), AllOf(()),
                         SameSection(Without(MARS)), Boosted(Everything(), 9.0)):
                assert {match.score for match in engine.search(Query(root)).matches} == {0.0}

    def test_what_does_not_hold_adds_nothing(self) -> None:
        """首相 stands in a1 and a2, but beside 中国 and together with 停戦 in a section of a1 alone."""
        alone = Query(CEASEFIRE)
        with self.engine(PEACE) as engine:
            plain = {match.article_id: match.score for match in engine.search(alone).matches}
            for part in (
                Near((LEADER, Term("中国")), 2), SameSection(AllOf((LEADER, CEASEFIRE))), AllOf((LEADER, Term("中国"))),
            ):
                found = {m.article_id: m.score for m in engine.search(Query(AnyOf((CEASEFIRE, part)))).matches}
                assert found["a1"] > plain["a1"]
                assert found["a2"] == about(plain["a2"])

    def test_many_small_batches_give_what_one_large_one_does(self) -> None:
        many = [article(f"b{i}", "停戦", "中国 ロシア " * (i % 3), published="2024-04-10", change=i) for i in range(24)]
        with self.engine(*([one] for one in many)) as engine, self.engine(many) as at_once:
            for root in (AnyOf((Term("中国"), CEASEFIRE)), Sequence(("中国", "ロシア")), Prefix("中")):
                self.same(engine, many, Query(root, limit=100))
                self.same(at_once, many, Query(root, limit=100))

    def test_many_articles_are_found_and_ranked_as_few_are(self) -> None:
        """So many that an engine may take other ways than with few: blocks of postings, the best without a sort."""
        many = list(newspaper(4_400))
        deleted = [one.id for one in many[5::7]]
        with self.engine(many[:3_000], many[3_000:4_390], many[4_390:], deleted) as engine:
            oracle = self.oracle(engine, [one for one in many if one.id not in deleted])
            for root in MANY:
                query = Query(root, limit=5_000, facets=("desk",), facet_values=2, also_mark=(LEADER,))
                assert_same_answer(engine, oracle, replace(query, spans=False))
                ids = list(engine.matching(query))
                for offset, limit in ((0, 10), (7, 3), (0, 1), (1_000, 20), (0, 500)):
                    page = engine.search(replace(query, offset=offset, limit=limit))
                    assert [match.article_id for match in page.matches] == ids[offset : offset + limit]
                    assert page.total == len(ids)
                    for match in page.matches[:20]:
                        assert positions(match) == sorted(oracle.positions(query, match.article_id))

    # ---- why ----

    @pytest.mark.parametrize(
        "root",
        [
            CEASEFIRE,
            AllOf((CEASEFIRE, LEADER)),
            AnyOf((CEASEFIRE, MARS, Named("CN"))),
            AllOf((AnyOf((Term("理事会"), Sequence(("理事", "会")))), CEASEFIRE)),
            AllOf((CEASEFIRE, Without(MARS))),
            AnyOf((CEASEFIRE, CEASEFIRE)),
            Everything(),
            Without(MARS),
            Sequence(("会", "停戦"), 1),
            AnyOf((Prefix("安"), Prefix("停"))),
            AnyOf((CEASEFIRE, Near((LEADER, Term("中国")), 1))),
            AnyOf((CEASEFIRE, SameSection(AllOf((LEADER, Term("中国")))))),
            SameSection(AllOf((Term("中国"), Without(CEASEFIRE)))),
            Boosted(AnyOf((Boosted(CEASEFIRE, 2.0), Boosted(Near((LEADER, Term("中国")), 1), 3.0))), 0.5),
            AllOf((CEASEFIRE, Between("day", None, None))),
        ],
    )
    def test_the_leaves_of_an_explanation_add_up_to_the_score(self, root: Node) -> None:
        with self.engine(PEACE[:3], PEACE[3:]) as engine:
            for match in engine.search(Query(root)).matches:
                why = engine.explain(Query(root), match.article_id)
                assert why.matches
                assert why.score == about(match.score)
                assert sum(score for _, score, _ in why.leaves) == about(match.score)

    def test_an_explanation_names_each_leaf_and_how_often_it_stands_there(self) -> None:
        with self.engine(PEACE) as engine:
            query = Query(AllOf((CEASEFIRE, Sequence(("停戦", "合意")), Named("person-1"), MARS)))
            why = engine.explain(query, "a2")
            assert not why.matches
            assert why.score == 0.0
            assert [(leaf, n) for leaf, _, n in why.leaves] == [
                ("停戦", 2), ("停戦 合意", 1), ("person-1", 1), ("火星", 0),
            ]
            assert [score > 0 for _, score, _ in why.leaves] == [True, True, True, False]

    def test_what_does_not_stand_near_enough_adds_nothing_but_is_counted(self) -> None:
        with self.engine(PEACE) as engine:
            near, section = Near((CEASEFIRE, LEADER), 1), SameSection(AllOf((CEASEFIRE, Term("会談"))))
            why = engine.explain(Query(AnyOf((near, section, Prefix("停")))), "a2")
            assert [n for _, _, n in why.leaves] == [2, 1, 2, 1, 2]
            assert [score > 0 for _, score, _ in why.leaves] == [False, False, False, False, True]

    def test_an_article_that_is_not_there_is_explained_as_no_match(self) -> None:
        with self.engine(PEACE) as engine:
            why = engine.explain(Query(CEASEFIRE), "nobody")
            assert (why.matches, why.score, why.leaves) == (False, 0.0, (("停戦", 0.0, 0),))


MANY = (
    CEASEFIRE,
    MARS,
    AnyOf((CEASEFIRE, MARS, Named("CN"))),
    AllOf((CEASEFIRE, Term("中国"))),
    AllOf((MARS, Term("停戦"))),
    AllOf((CEASEFIRE, Without(Term("中国")))),
    Sequence(("停戦", "合意")),
    Sequence(("停戦", "合意"), 2),
    Sequence(("火星", "停戦"), 1),
    Near((CEASEFIRE, LEADER, Named("CN")), 4),
    SameSection(AllOf((MARS, CEASEFIRE))),
    SameSection(AllOf((CEASEFIRE, Without(LEADER)))),
    Prefix("安"),
    AnyOf((Boosted(Prefix("停"), 2.0), Boosted(Named("RU"), 0.5))),
    AllOf((Between("day", 738_900, 739_000), AnyOf((CEASEFIRE, LEADER)))),
    Everything(),
    AnyOf((MARS, Without(CEASEFIRE))),
    AnyOf((MARS, SameSection(Without(CEASEFIRE)), AllOf((Everything(), Without(LEADER))))),    # most score nothing
    AnyOf((AllOf((CEASEFIRE, LEADER)), Near((Term("中国"), Term("合意")), 3), Boosted(SameSection(LEADER), 2.0))),
)


def newspaper(count: int) -> Iterator[AnalyzedArticle]:
    """Articles in which some words are common and some rare."""
    chance = random.Random(2024)
    words = ["停戦", "合意", "中国", "首相", "安全|保障", "会談", "。", "停戦|案", "ロシア"]
    weights = [8, 6, 5, 3, 2, 2, 4, 1, 1]
    for number in range(count):
        title, heading, *texts = (
            chance.choices(words, weights, k=chance.randint(1, longest)) for longest in (4, 3, 12, 12)
        )
        texts[0] += ["火星"] * (number % 301 == 7)
        names = [
            Name(part, at, at, "CN" if word == "中国" else "RU")
            for part, found in ((0, title), (1, texts[0]))
            for at, word in enumerate(found) if word in ("中国", "ロシア")
        ]
        day = None if number % 11 == 3 else f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}"
        yield article(
            f"n{number:04}", " ".join(title), " ".join(texts[0]), (" ".join(heading), " ".join(texts[1])),
            names=names, published=day, desk=("国際", "政治", "経済")[number % 3],
        )
