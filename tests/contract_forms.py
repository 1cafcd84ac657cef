"""What is found as it is stored, in one of several forms, in headlines, or by a value; and what matches tell."""

from __future__ import annotations

from dataclasses import replace

import pytest
from contract_base import Batch, ContractBase, after
from engine_articles import PEACE, Name, article
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.articles import Article, Section
from search.engine import AnalyzedArticle
from search.japanese.analysis import analyze
from search.query.model import (
    AllOf,
    AnyOf,
    Boosted,
    Chars,
    Everything,
    Forms,
    HasValue,
    InHeadline,
    Leaf,
    Named,
    Near,
    Node,
    Prefix,
    Query,
    SameSection,
    Sequence,
    Simple,
    Term,
    Without,
)


def forms(*leaves: Simple, weights: tuple[float, ...] = ()) -> Forms:
    return Forms(leaves, weights or (1.0,) * len(leaves))


CHARACTERS: list[tuple[Node, str]] = [
    (Chars("停戦合意"), "a1 a2"),
    (Chars("戦合"), "a1 a2"),                                    # from one word into the next
    (Chars("停"), "a1 a2 a3 a4"),
    (Chars("会"), "a1 a2 a3"),                                  # the last character of a part is found too
    (Chars("談"), "a1 a2"),
    (Chars("。停戦"), "a3"),
    (Chars("ア、"), "a1"),
    (Chars("、中国。首相"), "a1"),
    (Chars("安全保障理事会"), "a1 a3"),
    (Chars("停戦合意停戦"), "a2"),
    (Chars("合意ロ"), ""),                                       # title and text
    (Chars("会中"), ""),                                         # heading and text
    (Chars("談安"), ""),                                         # text and next heading
    (Chars("火"), ""),
    (Chars("停火"), ""),
    (Chars("火戦"), ""),
    (Chars("停戦火"), ""),
    (Chars("停合"), ""),                                         # though both characters are there
    (Chars(""), ""),
    (Chars("停戦" * 400), ""),
    (Without(Chars("談")), "a3 a4"),
    (AllOf((Chars("停"), Chars("談"), Without(Chars("ロ")))), "a2"),
    (AnyOf((Chars("ロ"), Chars("。停"))), "a1 a3"),
    (Near((Chars("合"), Chars("停")), 1), "a1 a2 a4"),           # counted in words, like all nearness
    (Near((Chars("シ"), Term("会談")), 4), "a1"),                # from the word that the character is in
    (Near((Chars("シ"), Term("会談")), 3), ""),
    (Near((Chars("、中"), Term("会談")), 4), "a1"),              # of no word: from the one before it
    (Near((Chars("合意"), Chars("ロシア")), 5_000), ""),
    (SameSection(AllOf((Chars("障理"), Chars("戦")))), "a1 a3"),
    (SameSection(AllOf((Chars("シア"), Chars("障")))), ""),
]

WHOLE_UNITS: list[tuple[Node, str]] = [
    (Chars("停戦", whole=True), "a1 a2 a3 a4"),
    (Chars("理事会", whole=True), "a1 a3"),                       # two short units
    (Chars("保障理事", whole=True), "a1 a3"),
    (Chars("会", whole=True), "a1 a3"),                           # not in 会談
    (Chars("事会", whole=True), ""),
    (Chars("安全保", whole=True), ""),
    (Chars("戦", whole=True), ""),
    (Chars("、", whole=True), "a1"),                              # of no unit
    (Chars("ロシア、中国", whole=True), "a1"),
    (Chars("、中国。", whole=True), "a1"),
    (Chars("シア、中国", whole=True), ""),
    (Chars("中国首相停戦", whole=True), "a1"),                     # the whole part
]

FORMS: list[tuple[Node, str]] = [
    (forms(Term("ロシア"), Term("理事会")), "a1 a3"),
    (forms(Term("ロシア"), Named("un")), "a1 a3"),
    (forms(Term("火星"), Chars("障理")), "a1 a3"),
    (forms(Term("火星"), Prefix("ロ"), Sequence(("首相", "会談"))), "a1 a2"),
    (forms(Term("火星")), ""),
    (forms(Chars("談")), "a1 a2"),
    (forms(Named("CN")), "a1"),
    (Forms((), ()), ""),
    (Without(forms(Term("ロシア"), Named("un"))), "a2 a4"),
    (AllOf((forms(Term("ロシア"), Chars("談")), forms(Term("停戦"), Named("CN")))), "a1 a2"),
    (Near((forms(Term("ロシア"), Term("保障")), forms(Term("理事"), Term("中国"))), 1), "a1 a3"),
    (Near((forms(Term("火星"), Chars("障")), forms(Chars("事"))), 1), "a1 a3"),
    (Near((forms(Term("首相"), Chars("障")), Term("理事")), 1), "a1 a3"),      # though 首相 is elsewhere in a1
    (SameSection(AllOf((forms(Term("ロシア"), Term("理事会")), forms(Term("停戦"), Term("首相"))))), "a1 a3"),
    (SameSection(AllOf((forms(Named("RU")), Chars("停")))), ""),
    (Boosted(forms(Term("ロシア"), Named("un"), weights=(1.0, 0.5)), 3.0), "a1 a3"),
]

HEADLINES: list[tuple[Node, str]] = [
    (InHeadline(Term("停戦")), "a1"),
    (InHeadline(Term("会談")), "a2"),
    (InHeadline(Term("保障")), "a1"),                             # a heading
    (InHeadline(Term("安全保障")), "a1"),
    (InHeadline(Term("ロシア")), ""),
    (InHeadline(Term("火星")), ""),
    (InHeadline(Prefix("会")), "a1 a2 a3"),
    (InHeadline(Sequence(("理事", "会"))), "a1 a3"),
    (InHeadline(Sequence(("合意", "停戦"))), ""),
    (InHeadline(Named("person-1")), "a2"),
    (InHeadline(Named("CN")), ""),
    (InHeadline(Chars("障理")), "a1"),
    (InHeadline(Chars("会談", whole=True)), "a2"),
    (InHeadline(forms(Term("会談"), Chars("障"))), "a1 a2"),         # 会談 is in the text of a1 as well
    (InHeadline(forms(Term("ロシア"), Named("person-1"))), "a2"),
    (Without(InHeadline(Term("停戦"))), "a2 a3 a4"),
    (AllOf((InHeadline(Prefix("会")), Term("ロシア"))), "a1"),
    (Near((InHeadline(Term("理事")), Term("会")), 1), "a1 a3"),
    (SameSection(AllOf((InHeadline(Term("理事")), Term("首相")))), "a1"),
    (InHeadline(InHeadline(Term("停戦"))), "a1"),
]

VALUES: list[tuple[Node, str]] = [
    (HasValue("desk", "国際"), "a1 a3"),
    (HasValue("source", "例示日報"), "a3 a4"),
    (HasValue("person", "person-1"), "a2"),
    (HasValue("country", "CN"), "a1"),
    (HasValue("country", "person-1"), ""),
    (HasValue("year", "none"), "a4"),
    (HasValue("year", "2023"), "a3"),
    (HasValue("desk", "火星"), ""),
    (Without(HasValue("desk", "国際")), "a2 a4"),
    (AllOf((HasValue("source", "見本新聞"), Term("ロシア"))), "a1"),
    (SameSection(AllOf((HasValue("desk", "国際"), Term("首相")))), "a1"),
]

ODD_TEXTS = (
    "𠮷野家で会談。", "吉野家", "葛󠄁城市と葛城市", "か\u3099き\u3099とがぎ", "ｶﾀｶﾅとカタカナ",
    "一行目\n二行目\n\n三段落目", "👨\u200d👩\u200d👧家族", "２０２４年と2024年", "ＮＡＴＯとNATO", "髙橋と高橋",
    "a\x00b", "\x00", "\ud83d単独\ude00", "啊㍿㋿ﷺ", "東京都と京都", "ああああ", "…——「　」", "한국과中国",
    "\U0010ffff終",
)
TEXT = st.lists(st.sampled_from((*ODD_TEXTS, *"停戦京都東のを。、\n　𠮷a")), max_size=5).map("".join)


def stored(article_id: str, title: str, *sections: str | tuple[str, str], change: int = 1) -> AnalyzedArticle:
    """An article of these very texts, cut as an archive has it cut."""
    pairs = [section if isinstance(section, tuple) else (None, section) for section in sections]
    one = Article(article_id, title, tuple(Section(heading or None, text) for heading, text in pairs))
    _, analysis = analyze(one)
    texts = tuple(part.text for part in one.parts())
    return AnalyzedArticle(article_id, 1, change, analysis, (), None, None, None, texts)


@st.composite
def text_histories(draw: st.DrawFn) -> list[list[AnalyzedArticle | str]]:
    """Batches of articles of odd texts, of which some are put again and some deleted."""
    batches: list[list[AnalyzedArticle | str]] = []
    for number in range(draw(st.integers(1, 6))):
        batch: list[AnalyzedArticle | str] = []
        for one in draw(st.lists(st.sampled_from("abcde"), min_size=1, unique=True)):
            if number and draw(st.integers(0, 2)) == 0:
                batch.append(one)
            else:
                batch.append(stored(one, draw(TEXT), draw(TEXT), (draw(TEXT), draw(TEXT)), change=number + 1))
        batches.append(batch)
    return batches


class FormsContract(ContractBase):
    # ---- which articles ----

    @pytest.mark.parametrize("split", [1, 2, 4])
    def test_every_table_is_right(self, split: int) -> None:
        """As it is for each other node in `contract_nodes`, however the articles are put."""
        gone = article("gone", "停戦 合意 障|理", ("安全|保障", "ロシア 中国 首相 会談"), desk="国際")
        batches: list[Batch] = [[gone], *(PEACE[i::split] for i in range(split)), ["gone"]]
        with self.engine(*batches) as engine:
            for root, expected in [*CHARACTERS, *WHOLE_UNITS, *FORMS, *HEADLINES, *VALUES]:
                found = engine.search(Query(root, spans=False))
                assert {match.article_id for match in found.matches} == set(expected.split()), root
                self.same(engine, PEACE, Query(root, limit=100))

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(history=text_histories(), data=st.data())
    def test_any_stretch_of_any_stored_text_finds_every_article_that_contains_it(
        self, history: list[list[AnalyzedArticle | str]], data: st.DataObject
    ) -> None:
        there = after(history)
        texts = [text for one in there for text in one.texts if text]
        if not texts:
            return
        with self.engine(*history) as engine:
            for _ in range(6):
                text = data.draw(st.sampled_from(texts))
                first = data.draw(st.integers(0, len(text) - 1))
                wanted = text[first : first + data.draw(st.integers(1, 12))]
                having = {one.id for one in there if any(wanted in text for text in one.texts)}
                found = engine.search(Query(Chars(wanted), limit=100))
                assert {match.article_id for match in found.matches} == having
                assert found.total == len(having)
                self.same(engine, there, Query(Chars(wanted), limit=100), Query(Chars(wanted, whole=True), limit=100))

    def test_a_whole_text_may_be_asked_for(self) -> None:
        text = "".join(chr(0x4E00 + number * number % 4_999) for number in range(6_000))
        there = [stored("all", "", text), stored("half", "", text[:3_000], text[3_000:]), *PEACE]
        with self.engine(there) as engine:
            assert list(engine.matching(Query(Chars(text)))) == ["all"]
            assert set(engine.matching(Query(Chars(text[3_000:])))) == {"all", "half"}
            assert not engine.search(Query(Chars(text + "。"))).total
            assert not engine.search(Query(Chars(text[::-1]))).total

    @pytest.mark.parametrize("odd", ODD_TEXTS)
    def test_no_character_is_folded_or_taken_for_another(self, odd: str) -> None:
        there = [stored(str(number), text, text) for number, text in enumerate(ODD_TEXTS)]
        with self.engine(there[::2], there[1::2]) as engine:
            for wanted in {odd, odd[:1], odd[-1:], odd[:2], odd[-3:]}:
                expected = {str(number) for number, text in enumerate(ODD_TEXTS) if wanted in text}
                found = engine.search(Query(Chars(wanted), limit=100, spans=False))
                assert {match.article_id for match in found.matches} == expected

    @pytest.mark.parametrize(
        ("text", "whole", "anywhere"),
        [
            ("京都", "kyoto both", "kyoto tokyo both"),
            ("東京都", "tokyo both", "tokyo both"),
            ("米中", "china", "china"),
            ("都", "tokyo both", "kyoto tokyo both"),
            ("都と", "tokyo", "kyoto tokyo"),
        ],
    )
    def test_whole_units_are_not_found_in_the_middle_of_others(self, text: str, whole: str, anywhere: str) -> None:
        cut = {"kyoto": "京都 と 停戦", "tokyo": "東京|都 と 停戦", "both": "東京|都 京都", "china": "米 中 の 首相",
               "apart": "米 と 中"}
        there = [article(one, "", words) for one, words in cut.items()]
        with self.engine(there) as engine:
            assert set(engine.matching(Query(Chars(text, whole=True)))) == set(whole.split())
            assert set(engine.matching(Query(Chars(text)))) == set(anywhere.split())
            self.same(engine, there, Query(Chars(text, whole=True)), Query(Chars(text)))

    # ---- scores ----

    def test_the_rarer_form_of_a_word_says_no_more_than_the_common_one(self) -> None:
        there = [article("rare", "", "渡邊 会談"), *(article(f"c{i}", "", "渡辺 会談") for i in range(9))]
        word = forms(Term("渡辺"), Term("渡邊"))
        with self.engine(there) as engine:
            self.same(engine, there, Query(word))
            scores = {match.article_id: match.score for match in engine.search(Query(word)).matches}
            assert scores["rare"] == scores["c0"]

    @pytest.mark.parametrize(
        ("leaves", "weights", "expected"),
        [
            ((Term("首相"), Term("総理")), (1.0, 1.0), ["both", "leader", "premier"]),
            ((Term("首相"), Term("総理")), (1.0, 0.5), ["leader", "both", "premier"]),
            ((Term("首相"), Term("総理")), (0.5, 1.0), ["premier", "both", "leader"]),
            # A word and the mention that it is are one hit; a mention without the word is another.
            ((Term("首相"), Named("person-1")), (1.0, 1.0), ["leader", "both", "named"]),
            ((Term("首相"), Named("person-1")), (0.4, 1.0), ["both", "named", "leader"]),
            # Characters count where no other form is.
            ((Term("首相"), Chars("相")), (1.0, 1.0), ["leader", "both", "foreign"]),
            ((Term("首相"), Chars("相")), (1.0, 0.25), ["leader", "both", "foreign"]),
        ],
    )
    def test_forms_weigh_together(
        self, leaves: tuple[Simple, ...], weights: tuple[float, ...], expected: list[str]
    ) -> None:
        there = [
            article("leader", "", "首相 首相 中国 会談"), article("premier", "", "総理 総理 中国 会談"),
            article("both", "", "首相 総理 中国 会談", names=[Name(1, 0, 0, "person-1")]),
            article("named", "", "合意 停戦 中国 会談", names=[Name(1, 0, 0, "person-1")]),
            article("foreign", "", "外相 停戦 中国 会談"), article("other", "", "停戦 中国 会談 合意"),
        ]
        query = Query(Forms(leaves, weights))
        with self.engine(there[:2], there[2:]) as engine:
            self.same(engine, there, query)
            found = [match.article_id for match in engine.search(query).matches]
            assert [one for one in found if one in expected] == expected

    @pytest.mark.parametrize(
        "root",
        [
            Chars("停戦"), Chars("会", whole=True),
            forms(Term("停戦"), Chars("談"), Named("CN"), weights=(1.0, 0.3, 0.7)),
            AnyOf((forms(Term("ロシア"), Chars("障理")), InHeadline(forms(Term("停戦"), Named("person-1"))))),
            AllOf((HasValue("desk", "国際"), InHeadline(Chars("会")))),
            AnyOf((Near((Chars("中国"), forms(Term("首相"), Prefix("停"))), 1), InHeadline(Term("停戦")))),
            Boosted(AnyOf((Chars("停"), Boosted(InHeadline(Term("停戦")), 2.0))), 0.5),
            SameSection(AllOf((Chars("障"), forms(Term("停戦"), Chars("相"))))),
        ],
    )
    def test_the_leaves_of_such_an_explanation_add_up_too(self, root: Node) -> None:
        with self.engine(PEACE[:3], PEACE[3:]) as engine:
            found = engine.search(Query(root)).matches
            assert found
            for match in found:
                why = engine.explain(Query(root), match.article_id)
                assert why.score == pytest.approx(match.score, rel=1e-5)
                assert sum(score for _, score, _ in why.leaves) == pytest.approx(match.score, rel=1e-5)

    # ---- where, and which ----

    @pytest.mark.parametrize(
        ("leaf", "spans", "char_spans"),
        [
            (Chars("停戦"), [], [(0, 0, 2), (3, 4, 6)]),
            (Chars("相会"), [], [(1, 8, 10)]),
            (forms(Term("停戦"), Chars("戦合")), [(0, 1), (3013, 3014)], []),      # the word is there
            (forms(Term("火星"), Chars("戦合")), [], [(0, 1, 3)]),
            (forms(Chars("停"), Chars("戦")), [], [(0, 0, 2), (3, 4, 6)]),        # joined where they touch
            (InHeadline(Term("停戦")), [(0, 1)], []),
            (InHeadline(Chars("停戦")), [], [(0, 0, 2)]),
            (InHeadline(forms(Term("中国"), Chars("障"))), [], [(2, 3, 4)]),       # 中国 is in no headline
        ],
    )
    def test_characters_are_marked_where_they_stand_for_themselves(
        self, leaf: Leaf, spans: list[tuple[int, int]], char_spans: list[tuple[int, int, int]]
    ) -> None:
        with self.engine(PEACE) as engine:
            for query in (Query(leaf), Query(Everything(), also_mark=(leaf,))):
                (match,) = (found for found in engine.search(query).matches if found.article_id == "a1")
                assert (list(match.spans), list(match.char_spans)) == (spans, char_spans)
                self.same(engine, PEACE, query)

    def test_a_match_tells_what_holds_of_it(self) -> None:
        asked = (Term("ロシア"), Chars("障理"), Without(Term("首相")), HasValue("desk", "国際"))
        with self.engine(PEACE[1::2], PEACE[::2]) as engine:
            for query in (Query(Term("停戦"), tell=asked), Query(Term("停戦"), tell=asked, spans=False)):
                told = {match.article_id: match.told for match in engine.search(query).matches}
                assert told == {
                    "a1": (True, True, False, True), "a2": (False, False, False, False),
                    "a3": (False, True, True, True), "a4": (False, False, True, False),
                }
                located = engine.locate(query, "a3")
                assert located is not None
                assert located.told == told["a3"]
            assert {match.told for match in engine.search(replace(query, tell=())).matches} == {()}

    def test_a_topic_may_ask_for_characters_and_forms(self) -> None:
        topics: dict[str, Node] = {
            "chars": Chars("障理"), "forms": forms(Term("ロシア"), Chars("談")), "title": InHeadline(Term("停戦")),
            "desk": HasValue("desk", "国際"),
        }
        with self.engine(PEACE[:1], PEACE[1:]) as engine:
            for topic in topics:
                self.same(engine, PEACE, Query(Everything(), {"topic": (topic,)}, topics))

