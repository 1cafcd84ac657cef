"""Stock Whoosh reads our segments: its searcher finds what our executor finds, on any segments, and after deletes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from contract_base import Batch, ContractBase
from contract_strategies import PREFIXES, TERMS, histories
from engine_articles import PEACE, article
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from whoosh import query as wq
from whoosh.query import spans
from whoosh.reading import IndexReader, TermNotFound
from whoosh.searching import Searcher

from search.engine import AnalyzedArticle
from search.errors import IndexDamaged, QueryTooHeavy
from search.query.model import Near, Query, Term
from search.whoosh_engine import stock as stock_module
from search.whoosh_engine.batch import Batch as SegmentBatch
from search.whoosh_engine.engine import WhooshEngine
from search.whoosh_engine.executor import Execution
from search.whoosh_engine.inversion import content_of
from search.whoosh_engine.members import Scratch
from search.whoosh_engine.segment import Segment, write_segment
from search.whoosh_engine.snapshot import Snapshot
from search.whoosh_engine.stock import open_searcher
from search.whoosh_engine.storage import IndexFolder
from search.whoosh_engine.toc import PublishedIndex


class Whoosh(ContractBase):
    def url_in(self, directory: Path) -> str:
        return f"whoosh:{directory / 'index'}"


def ours(snapshot: Snapshot, query: wq.Query) -> list[int]:
    return Execution(snapshot, Scratch(snapshot.size)).docs(query).tolist() if snapshot.size else []


def stock(searcher: Searcher, query: wq.Query) -> list[int]:
    """As a user of Whoosh would ask; in order of the documents' numbers."""
    return sorted(hit.docnum for hit in searcher.search(query, limit=None))


class Opened:
    """One index, read by the executor and by stock Whoosh."""

    def __init__(self, snapshot: Snapshot, reader: IndexReader) -> None:
        self.snapshot = snapshot
        self.reader = reader
        self.searcher = Searcher(reader)

    def ids(self, docs: Sequence[int]) -> set[str]:
        return set(self.snapshot.ids(np.array(docs, np.int64)))

    def same(self, query: wq.Query) -> list[int]:
        found = stock(self.searcher, query)
        assert ours(self.snapshot, query) == found, query
        return found

    def stock_docs(self, query: wq.Query) -> list[int]:
        return self.snapshot.stock_docs(query).tolist()


@contextmanager
def opened(history: Iterable[Batch]) -> Iterator[Opened]:
    """The index after these batches, by way of its table of contents on disk."""
    with Whoosh().engine(*history) as engine:
        assert isinstance(engine, WhooshEngine)
        path = engine._folder.path
        manifest = IndexFolder(path).read_manifest()
        with PublishedIndex(path / manifest.generation, manifest.toc).reader() as reader:
            yield Opened(engine.snapshot, reader)


@contextmanager
def segmented(batches: Sequence[Sequence[AnalyzedArticle]], deleted: Sequence[Sequence[int]] = ()) -> Iterator[Opened]:
    """A segment for each batch, however small: nothing is merged."""
    with tempfile.TemporaryDirectory() as folder:
        segments = []
        for number, batch in enumerate(batches):
            making = SegmentBatch()
            for one in batch:
                making.add(one)
            path = Path(folder) / f"MAIN_{number}.kiji"
            write_segment(path, content_of(making))
            gone = np.array(deleted[number] if deleted else (), np.int64)
            segments.append(Segment(path, gone, ValueError))
        snapshot = Snapshot(segments, {"text": 8.0, "names": 1.0})
        yield Opened(snapshot, open_searcher(segments).reader())


one_segment = [PEACE]
two_segments = [PEACE[:3], PEACE[3:]]
changed: list[Batch] = [
    PEACE, [article("a2", "停戦 合意", "中国 首相"), "a3"], [article("a9", "理事|会", "停戦案 首相")],
]
HISTORIES = {"one segment": one_segment, "two segments": two_segments, "after deletes": changed}

LEAVES: list[wq.Query] = [
    *(wq.Term("text", word) for word in ("停戦", "首相", "安全保障", "会", "火星")),
    wq.Term("names", "CN"), wq.Term("id", "a2"), wq.Term("desk", "国際"), wq.Term("year", "2024"),
    wq.Phrase("text", ["停戦", "合意"]), wq.Phrase("text", ["停戦", "停戦"], slop=2), wq.Phrase("text", ["会", "停戦"]),
    wq.Phrase("text", ["合意", "ロシア"], slop=500),        # never over the border of a part
    wq.Prefix("text", "会"), wq.Prefix("text", "停"), wq.Prefix("text", "火"),
    wq.Wildcard("text", "*戦"), wq.Wildcard("text", "安?*"), wq.Wildcard("text", "火*星"), wq.Wildcard("desk", "*治"),
    wq.Regex("text", "停戦案?"), wq.Regex("text", "(中国|ロシア)$"), wq.TermRange("text", "会", "停戦"),
    wq.FuzzyTerm("text", "停船"), wq.FuzzyTerm("text", "安全保証", maxdist=2),
    wq.FuzzyTerm("text", "会合", prefixlength=0), wq.Variations("text", "停戦"),
    spans.SpanNear(wq.Term("text", "停戦"), wq.Term("text", "合意")),
    spans.SpanNear(wq.Term("text", "停戦"), wq.Term("text", "首相"), slop=900, ordered=False),
    spans.SpanNear(wq.Term("text", "中国"), wq.Term("names", "CN"), slop=3, ordered=False, mindist=0),
    spans.SpanFirst(wq.Term("text", "停戦")), spans.SpanFirst(wq.Term("text", "合意"), limit=1),
    spans.SpanOr([wq.Term("text", "会"), wq.Term("text", "停戦")]),
    wq.Every("desk"), wq.Term("nothing", "x"),
]
COMPOUNDS: list[wq.Query] = [
    wq.And([wq.Term("text", "停戦"), wq.Term("text", "首相")]),
    wq.And([wq.Phrase("text", ["停戦", "合意"]), wq.Prefix("text", "中"), wq.Term("text", "停戦")]),
    wq.Or([wq.Term("text", "首相"), wq.Term("text", "会"), wq.Term("text", "火星")]),
    wq.Or([wq.Wildcard("text", "*戦"), wq.And([wq.Term("text", "会"), wq.Term("desk", "国際")])]),
    wq.Not(wq.Term("text", "首相")), wq.Not(wq.Or([wq.Term("text", "首相"), wq.Term("text", "会")])),
    wq.And([wq.Term("text", "停戦"), wq.Not(wq.Term("text", "首相"))]),
    wq.Every(),
    wq.NumericRange("day", 738886, None), wq.NumericRange("at", None, 1704034800), wq.NumericRange("day", None, None),
    wq.NumericRange("at", 1704034740, 1712719800), wq.NumericRange("at", 1704034740, 1712719800, True, True),
]


@pytest.mark.parametrize("history", HISTORIES.values(), ids=list(HISTORIES))
@pytest.mark.parametrize("query", [*LEAVES[:-2], *COMPOUNDS], ids=repr)
def test_stock_whoosh_finds_what_the_executor_finds(history: list[Batch], query: wq.Query) -> None:
    with opened(history) as index:
        index.same(query)


@pytest.mark.parametrize("history", HISTORIES.values(), ids=list(HISTORIES))
@pytest.mark.parametrize("query", LEAVES, ids=repr)
def test_stock_whoosh_finds_the_same_without_its_table_of_contents(history: list[Batch], query: wq.Query) -> None:
    """As the executor asks it, over segments that are open already."""
    with opened(history) as index:
        assert index.stock_docs(query) == stock(index.searcher, query)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (wq.Wildcard("text", "*保障"), {"a1", "a3"}), (wq.Wildcard("text", "首?"), {"a1", "a2"}),
        (wq.Wildcard("person", "person-*"), {"a2"}), (wq.Regex("text", "会談|ロシア"), {"a1", "a2"}),
        (wq.FuzzyTerm("text", "停電"), {"a1", "a2", "a3", "a4"}), (wq.FuzzyTerm("text", "会社"), {"a1", "a2", "a3"}),
        (spans.SpanNear(wq.Term("text", "合意"), wq.Term("text", "停戦"), ordered=False), {"a1", "a2", "a4"}),
        (spans.SpanNear(wq.Term("text", "合意"), wq.Term("text", "停戦")), {"a2", "a4"}),
        (spans.SpanFirst(wq.Term("text", "会談"), limit=1), {"a2"}),
        (wq.Every("person"), {"a2"}),
    ],
    ids=repr,
)
@pytest.mark.parametrize("batches", [[PEACE], [PEACE[:1], PEACE[1:2], PEACE[2:]]], ids=["one", "three"])
def test_a_query_that_only_whoosh_knows_finds(
    batches: list[Sequence[AnalyzedArticle]], query: wq.Query, expected: set[str]
) -> None:
    with segmented(batches) as index:
        assert index.ids(index.stock_docs(query)) == expected


@pytest.mark.parametrize("query", [wq.Wildcard("text", "停*"), spans.SpanFirst(wq.Term("text", "停戦"), limit=5_000)])
def test_deleted_documents_are_not_found_and_the_others_keep_their_numbers(query: wq.Query) -> None:
    with segmented([PEACE[:2], PEACE[2:]], deleted=[[0], [1]]) as index:
        assert index.stock_docs(query) == [1, 2]


# ---- anything Hypothesis makes up ---------------------------------------------------------------

fuzzy = st.builds(
    wq.FuzzyTerm, st.just("text"), st.sampled_from((*TERMS, "停船", "中", "安全保証")),
    maxdist=st.sampled_from((1, 2)), prefixlength=st.sampled_from((0, 1, 2)),
)
patterns = st.text("中国停戦会安?*", min_size=1, max_size=4)
wildcards = st.builds(wq.Wildcard, st.just("text"), patterns.filter(lambda text: text != "*"))
words = st.sampled_from(TERMS).map(lambda term: wq.Term("text", term))
nears = st.builds(spans.SpanNear, words, words, slop=st.integers(1, 1_500), ordered=st.booleans())
phrases = st.builds(
    wq.Phrase, st.just("text"), st.lists(st.sampled_from(TERMS), min_size=2, max_size=3, unique=True),
    slop=st.integers(1, 3),
)
whoosh_leaves = st.one_of(
    words, phrases, fuzzy, wildcards, nears, st.sampled_from(PREFIXES).map(lambda text: wq.Prefix("text", text))
)
# Without shrinking: an index is built for every try, so it would take minutes.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
quick = settings(max_examples=25, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))


@quick
@given(history=histories(), queries=st.lists(whoosh_leaves, min_size=6, max_size=6))
def test_any_leaf_finds_the_same(history: list[Batch], queries: list[wq.Query]) -> None:
    with opened(history) as index:
        for query in queries:
            assert index.stock_docs(query) == index.same(query)


@quick
@given(history=histories(), one=whoosh_leaves, other=whoosh_leaves)
def test_any_compound_finds_what_its_parts_say(history: list[Batch], one: wq.Query, other: wq.Query) -> None:
    """The parts come from stock Whoosh, and are combined in sets: its own And and AndNot are not to be relied on."""
    with opened(history) as index:
        first, second = set(stock(index.searcher, one)), set(stock(index.searcher, other))
        everything = set(stock(index.searcher, wq.Every()))
        assert ours(index.snapshot, wq.And([one, other])) == sorted(first & second)
        assert ours(index.snapshot, wq.Or([one, other])) == sorted(first | second)
        assert ours(index.snapshot, wq.Not(one)) == sorted(everything - first)
        assert ours(index.snapshot, wq.And([one, wq.Not(other)])) == sorted(first - second)


@quick
@given(history=histories(), words=st.lists(st.sampled_from(TERMS), min_size=2, max_size=2, unique=True),
       distance=st.integers(1, 12))
def test_words_that_whoosh_finds_near_each_other_are_near(
    history: list[Batch], words: list[str], distance: int
) -> None:
    """Two words at one position (安全, 安全保障) are near for us, and for Whoosh with mindist 0."""
    one, other = (wq.Term("text", word) for word in words)
    near = spans.SpanNear(one, other, slop=distance, ordered=False, mindist=0)
    with Whoosh().engine(*history) as engine:
        assert isinstance(engine, WhooshEngine)
        found = set(engine.matching(Query(Near((Term(words[0]), Term(words[1])), distance))))
        assert set(engine.snapshot.ids(engine.snapshot.stock_docs(near))) == found


# ---- what a reader tells -------------------------------------------------------------------------


def positions(reader: IndexReader, word: str) -> dict[int, list[int]]:
    found = {}
    matcher = reader.postings("text", word)
    while matcher.is_active():
        found[matcher.id()] = matcher.value_as("positions")
        assert reader.schema["text"].format.decode_positions(matcher.value()) == matcher.value_as("positions")
        matcher.next()
    return found


@quick
@given(history=histories())
def test_positions_are_those_of_the_analysis(history: list[Batch]) -> None:
    there = {one.id: one for batch in history for one in batch if not isinstance(one, str)}
    with opened(history) as index:
        for word in TERMS:
            if ("text", word) in index.reader:
                for doc, found in positions(index.reader, word).items():
                    (article_id,) = index.ids([doc])
                    assert found == expected_positions(there[article_id], word)


def expected_positions(one: AnalyzedArticle, word: str) -> list[int]:
    analysis = one.analysis
    part_of = [part for part in analysis.parts for _ in range(part.tokens)]
    tokens = {token for token, term in enumerate(analysis.terms) if term == word}
    tokens |= {token for token, term in analysis.long_terms if term == word}
    return sorted(part_of[token].first_position + token - part_of[token].first_token for token in tokens)


def test_a_reader_knows_terms_counts_and_lengths() -> None:
    with opened(one_segment) as index:
        reader = index.reader
        assert (reader.doc_count_all(), reader.doc_count()) == (4, 4)
        assert reader.doc_frequency("text", "停戦") == 4
        assert reader.frequency("text", "停戦") == (3 + 1) + (1 + 1) + 1 + 1
        info = reader.term_info("text", "停戦")
        assert (info.min_id(), info.max_id(), info.max_weight()) == (0, 3, 4)
        assert (info.min_length(), info.max_length()) == (2, 15)
        assert [reader.doc_field_length(doc, "text") for doc in range(4)] == [15, 5, 10, 2]
        assert (reader.min_field_length("text"), reader.max_field_length("text")) == (2, 15)
        assert reader.field_length("text") == 32
        assert reader.field_length("desk") == 0
        assert list(reader.field_terms("desk")) == ["国際", "政治"]
        assert sorted(reader.field_terms("id")) == ["a1", "a2", "a3", "a4"]
        assert ("text", "停戦") in reader
        assert ("text", "火星") not in reader
        assert ("nothing", "停戦") not in reader
        assert reader.stored_fields(0) == {}
        with pytest.raises(TermNotFound):
            reader.term_info("text", "火星")


@pytest.mark.parametrize("history", HISTORIES.values(), ids=list(HISTORIES))
def test_terms_come_in_order_and_each_has_its_postings(history: list[Batch]) -> None:
    with opened(history) as index:
        terms = list(index.reader.all_terms())
        assert terms == sorted(set(terms))
        for leaf, _ in index.reader.leaf_readers():
            infos = dict(leaf)
            for field, text in leaf.all_terms():
                terms = leaf.codec().terms_reader(None, leaf.segment())
                docs = list(terms.matcher(field, text, leaf.schema[field].format).all_ids())
                assert docs == sorted(set(docs))
                assert infos[field, text].doc_frequency() == len(docs) == leaf.doc_frequency(field, text)
                assert (infos[field, text].min_id(), infos[field, text].max_id()) == (docs[0], docs[-1])


def test_a_matcher_goes_where_it_is_told() -> None:
    batch = [article(f"a{number:02}", "停戦" if number % 3 else "合意") for number in range(20)]
    with segmented([batch]) as index:
        matcher = index.reader.postings("text", "停戦")
        expected = [number for number in range(20) if number % 3]
        assert list(matcher.copy().all_ids()) == expected
        for target in range(20):
            other = matcher.copy()
            other.skip_to(target)
            assert other.id() == min(doc for doc in expected if doc >= target)
            assert list(other.copy().all_ids()) == [doc for doc in expected if doc >= target]
        other.next()
        assert not other.is_active()
        other.reset()
        assert other.id() == 1


@pytest.mark.parametrize("history", HISTORIES.values(), ids=list(HISTORIES))
@pytest.mark.parametrize(("typed", "meant"), [("停船", "停戦"), ("安全保証", "安全保障"), ("首脳", "首相")])
def test_whoosh_suggests_words_of_the_index(history: list[Batch], typed: str, meant: str) -> None:
    with opened(history) as index:
        assert meant in index.searcher.suggest("text", typed, maxdist=1)
        assert meant in set(index.reader.terms_within("text", typed, 1, prefix=1))


def test_whoosh_scores_by_what_our_postings_weigh() -> None:
    with opened(one_segment) as index:
        hits = index.searcher.search(wq.Term("text", "停戦"))
        assert {hit.docnum for hit in hits} == {0, 1, 2, 3}
        assert hits.score(0) > hits.score(3) > 0


def test_a_snapshot_answers_after_its_files_are_gone(tmp_path: Path) -> None:
    engine = Whoosh()
    url = engine.url_in(tmp_path)
    engine.build(url, PEACE)
    with engine.opened(url) as old:
        assert isinstance(old, WhooshEngine)
        engine.build(url, [article("new", "火星")])
        assert len(old.snapshot.stock_docs(wq.Wildcard("text", "停*"))) == 4
        assert len(old.snapshot.stock_docs(spans.SpanFirst(wq.Term("text", "停戦"), limit=2_000))) == 4


@pytest.mark.parametrize("query", [
    wq.Wildcard("text", "*無"), wq.FuzzyTerm("text", "停止"), wq.Regex("text", ".*無"),
    spans.SpanNear(wq.Term("text", "停戦"), wq.Term("text", "首相"), ordered=False),
    spans.SpanFirst(wq.Term("text", "停戦"), limit=-1),
], ids=lambda query: type(query).__name__)
def test_a_query_is_given_up_while_stock_whoosh_looks_even_where_it_finds_nothing(
    query: wq.Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = 0

    def check_time() -> None:
        nonlocal calls
        calls += 1
        if calls > 3:       # the executor's own, and that of the segment; then Whoosh has begun
            raise QueryTooHeavy("late")

    monkeypatch.setattr(stock_module, "TERMS_A_CHECK", 1)
    with opened([PEACE]) as index:
        execution = Execution(index.snapshot, Scratch(index.snapshot.size))
        monkeypatch.setattr(execution, "check_time", check_time)
        with pytest.raises(QueryTooHeavy):
            execution.docs(query)


def test_damage_is_an_error_for_whoosh_too(tmp_path: Path) -> None:
    engine = Whoosh()
    engine.build(engine.url_in(tmp_path), PEACE)
    manifest = IndexFolder(tmp_path / "index").read_manifest()
    folder = tmp_path / "index" / manifest.generation
    (path,) = folder.glob("*.kiji")
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)
    reader = PublishedIndex(folder, manifest.toc).reader()
    with pytest.raises(IndexDamaged, match="kijigura rebuild"):
        list(reader.postings("text", "停戦").all_ids())
