"""The benchmarks run, and compare what can be compared. Nothing here looks at a clock."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from engine_oracle import Name, Oracle, article

from benchmarks import __main__ as speed
from benchmarks import corpus, ingest, pieces, quality, questions, recipe
from benchmarks.asking import same, same_answers
from benchmarks.ours import Kijigura
from benchmarks.peers import OFFERS, Offer, choose
from benchmarks.peers.peer import Answer, Peer
from benchmarks.peers.stock_whoosh import StockWhoosh
from benchmarks.questions import CLASSES, COMMON_OR, COUNTED
from benchmarks.recipe import Recipe
from benchmarks.tables import milliseconds, percentile, ratio, table, times_as_fast
from search.japanese.analysis import analyze
from search.query.model import (
    AllOf,
    AnyOf,
    Between,
    Everything,
    Named,
    Node,
    Nothing,
    OneArticle,
    Prefix,
    Query,
    Term,
    Without,
)
from search.query.model import Sequence as TermSequence

ARTICLES = 120


@pytest.fixture
def no_corpora(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KIJIGURA_CORPORA", raising=False)


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> list[pieces.Cut]:
    """The sample archive in pieces."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("KIJIGURA_CORPORA", raising=False)
        articles = corpus.read(corpus.choose().paths)
    return pieces.kept(pieces.cut_all(articles, tmp_path_factory.mktemp("pieces")))


# ---- the generator ----


def test_the_same_count_and_seed_make_the_same_articles(cut: list[pieces.Cut]) -> None:
    def told(made: Recipe) -> list[tuple[object, ...]]:
        return [(a.id, a.analysis.terms, a.mentions, a.published, a.source, a.desk) for a in made]

    assert told(Recipe(cut, 30, 7)) == told(Recipe(cut, 30, 7))
    assert told(Recipe(cut, 30, 7)) != told(Recipe(cut, 30, 8))
    assert len({a.id for a in Recipe(cut, 30, 7)}) == 30


def test_an_article_put_together_is_what_cutting_its_text_gives(cut: list[pieces.Cut]) -> None:
    made = Recipe(cut, ARTICLES, 1)
    for number in range(40):
        plan = made.plan(number)
        whole, given = recipe.article(plan), recipe.analyzed(plan)
        _, wanted = analyze(whole)
        assert (given.analysis.terms, given.analysis.parts) == (wanted.terms, wanted.parts)
        # Dates such as @2024-04 are told from when an article was published, which pieces do not know.
        given_terms, wanted_terms = (
            [long for long in one.long_terms if not long.term.startswith("@")] for one in (given.analysis, wanted)
        )
        assert given_terms == wanted_terms
        assert given.analysis.starts.tolist() == wanted.starts.tolist()
        assert given.analysis.ends.tolist() == wanted.ends.tolist()
        parts = tuple(whole.parts())
        assert given.texts == tuple(part.text for part in parts)
        assert [(m.part, m.start, m.end) for m in given.mentions] == [
            (name.part, name.start, name.end) for name in recipe.names(plan)
        ]
        assert all(parts[m.part].text[m.start : m.end] == m.surface for m in given.mentions)


def test_days_run_over_twenty_years_and_every_desk_is_there(cut: list[pieces.Cut]) -> None:
    made = list(Recipe(cut, ARTICLES, 1))
    years = {one.published.at.year for one in made if one.published}
    assert years <= set(range(2005, 2025))
    assert len(years) > 15
    assert {one.desk for one in made} == set(recipe.DESKS)


def test_new_words_grow_in_number_with_the_articles(cut: list[pieces.Cut]) -> None:
    def new(count: int) -> set[str]:
        return {term for one in Recipe(cut, count, 1) for term in one.analysis.terms if recipe.is_new(term)}

    assert len(new(1_200)) > 2.5 * len(new(300))


@pytest.mark.parametrize("rank", [0, 25, 26, 675, 12_345, 499_999])
def test_a_new_word_is_one_term_however_it_is_typed(rank: int) -> None:
    from search.japanese.tokens import units

    word = recipe.new_word(rank)
    assert [unit.term for unit in units(f"政府は{word}、{word}。")].count(word) == 2


def test_pieces_are_cut_once(cut: list[pieces.Cut], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KIJIGURA_CORPORA", raising=False)
    articles = corpus.read(corpus.choose().paths)[:3]
    path = pieces.cut_all(articles, tmp_path)
    written = path.stat().st_mtime_ns
    assert pieces.cut_all(articles, tmp_path) == path
    assert path.stat().st_mtime_ns == written
    assert pieces.cut_all(articles[:2], tmp_path) != path


# ---- questions ----


def test_there_are_as_many_questions_of_each_class_and_always_the_same(cut: list[pieces.Cut]) -> None:
    sample = list(Recipe(cut, ARTICLES, 1))
    asked = questions.make(sample, 3, 5)
    assert Counter(one.kind for one in asked) == dict.fromkeys((*CLASSES, COMMON_OR), 3)
    assert asked == questions.make(sample, 3, 5)
    assert asked != questions.make(sample, 3, 6)
    assert all(one.since and one.until and one.filters for one in asked if one.kind == "filter")


# ---- peers ----


@pytest.mark.parametrize("offer", OFFERS[1:], ids=lambda offer: offer.key)
def test_a_peer_finds_and_counts_what_ours_does(offer: Offer, cut: list[pieces.Cut], tmp_path: Path) -> None:
    try:
        kind = offer.load()
    except ImportError as error:
        pytest.skip(f"{offer.key} is not installed: {error}")
    sample = list(Recipe(cut, ARTICLES, 1))
    asked = questions.make(sample, 3, 5)
    ours, peer = _built(Kijigura, sample, tmp_path / "ours"), _built(kind, sample, tmp_path / "peer")
    agreed = same_answers(ours, peer, asked)
    assert agreed == (dict.fromkeys(peer.kinds, (3, 3)) if offer.key != "bm25s" else {})
    for question in asked:
        if question.kind in peer.kinds:
            _same_best_ten(ours, peer, question)
            for method in peer.facet_ways.values():
                answer: Answer = getattr(peer, method)(question, COUNTED)
                assert set(answer.counts) == set(COUNTED)
    assert peer.size_bytes() > 0
    peer.close()
    reopened = kind(tmp_path / "peer")
    assert reopened.search(asked[0], ()).ids == ours.search(asked[0], ()).ids
    reopened.close()
    ours.close()


def _built(kind: type[Peer], sample: Sequence[object], directory: Path) -> Peer:
    peer = kind(directory)
    peer.build([peer.prepare(one) for one in sample])      # type: ignore[arg-type]
    return peer


def _same_best_ten(ours: Peer, peer: Peer, question: questions.Question) -> None:
    """As many, and the same ones where there are no more; each side scores by its own BM25."""
    mine, theirs = ours.search(question, ()), peer.search(question, ())
    assert mine.total is not None
    if mine.total <= questions.TOP and theirs.total is not None:
        assert set(mine.ids) == set(theirs.ids)
    elif question.sort == "newest":
        assert mine.ids == theirs.ids


def test_answers_are_the_same_whatever_place_equal_counts_have() -> None:
    one = Answer(3, {"person": {"a": 2, "b": 1}})
    assert same(one, Answer(3, {"person": {"c": 1, "a": 2}}))
    assert not same(one, Answer(4, one.counts))
    assert not same(one, Answer(3, {"person": {"a": 1, "b": 1}}))


def test_a_peer_that_is_not_there_or_takes_too_long_is_named() -> None:
    chosen, left_out = choose(("whoosh",), 100)
    assert [offer.key for offer in chosen] == ["kijigura", "whoosh"]
    assert left_out == []
    chosen, left_out = choose(("whoosh",), 1_000_000)
    assert [offer.key for offer in chosen] == ["kijigura"]
    assert "50,000" in left_out[0]


def test_a_peer_without_its_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.peers.OFFERS", (replace(OFFERS[1], module="benchmarks.no_such_module"),))
    assert choose(None, 10)[1][0].startswith("tantivy: left out, since it is not installed")


# ---- stock Whoosh as an oracle ----

WRITTEN = (
    article("a", "安全|保障 理事|会 。 停戦", "停戦 の 協議", names=[Name(1, 0, 0, "CN")], published="2024-04-10",
            desk="国際"),
    article("b", "停戦 協議", "停戦 又 協議", names=[Name(0, 1, 1, "person-1")], published="2023-04-10",
            source="新聞 社"),
    article("c", "停戦 停戦", ("見出し", "安全 保障")),
)


@pytest.fixture
def whoosh(tmp_path: Path) -> StockWhoosh:
    found = StockWhoosh(tmp_path / "whoosh")
    found.build(WRITTEN[:2])
    found.build(WRITTEN[2:], merge=False)
    return found


@pytest.mark.parametrize("node", [
    Term("停戦"), Term("安全保障"), Term("無い"), TermSequence(("停戦", "協議")), TermSequence(("停戦", "停戦")),
    Named("CN"), Named("RU"), Everything(), Nothing(), AllOf(()), AnyOf(()),
    AllOf((Term("停戦"), Without(Term("協議")))), AllOf((Term("停戦"), Term("無い"))),
    AnyOf((Named("CN"), Term("見出し"))), Without(Term("協議")),
], ids=str)
def test_stock_whoosh_finds_what_plain_python_does(whoosh: StockWhoosh, node: Node) -> None:
    assert whoosh.matching(node) == Oracle(WRITTEN).ids(Query(node))


@pytest.mark.parametrize(("node", "ids"), [
    (TermSequence(("停戦", "協議"), slop=1), {"a", "b"}),
    (Prefix("協"), {"a", "b"}),
    (OneArticle("b"), {"b"}),
    (Between("day", date(2024, 1, 1).toordinal(), None), {"a"}),
    (Between("at", None, 1_690_000_000), {"b"}),
])
def test_stock_whoosh_knows_nearness_beginnings_and_ranges(whoosh: StockWhoosh, node: Node, ids: set[str]) -> None:
    assert whoosh.matching(node) == ids


def test_stock_whoosh_filters_and_counts_as_plain_python_does(whoosh: StockWhoosh) -> None:
    query = Query(Term("停戦"), filters={"desk": ("国際",)}, since=date(2020, 1, 1))
    oracle = Oracle(WRITTEN)
    assert whoosh.answering(query) == oracle.ids(query) == {"a"}
    wanted = oracle.facets(query)
    for facet in ("person", "country", "desk", "source", "year"):
        assert whoosh.counts(query, facet) == wanted[facet]


def test_stock_whoosh_replaces_and_deletes(whoosh: StockWhoosh) -> None:
    whoosh.build([article("b", "見出し")])
    whoosh.delete(["a"])
    assert whoosh.matching(Everything()) == {"b", "c"}
    assert whoosh.matching(Term("見出し")) == {"b", "c"}
    assert whoosh.matching(Term("協議")) == set()


# ---- the command ----


@pytest.mark.usefixtures("no_corpora")
def test_a_run_on_the_sample_prints_and_saves_its_tables(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    saved = tmp_path / "results" / "speed.md"
    given = ["speed", "--articles", "60", "--queries", "2", "--passes", "1", "--peers", "fts5", "--save", str(saved)]
    assert speed.main(given) == 0
    printed = capsys.readouterr().out
    assert printed == saved.read_text(encoding="utf-8")
    assert "far too small" in printed
    rows = [line.split(" | ") for line in printed.splitlines()]
    named = {row[0].removeprefix("| ") for row in rows}
    assert {*CLASSES, COMMON_OR, "all", "all, first time asked"} <= named
    agreed = {row[0].removeprefix("| "): row[1] for row in rows if len(row) == 2 and " of " in row[1]}
    assert agreed == dict.fromkeys((*CLASSES, COMMON_OR), "2 of 2 |")
    numbers = json.loads(saved.with_suffix(".json").read_text(encoding="utf-8"))
    assert len(numbers["tables"]) == printed.count("### ")


@pytest.mark.usefixtures("no_corpora")
def test_what_was_built_is_taken_again_when_asked_for(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    given = ["build", "--articles", "40", "--peers", "fts5", "--work", str(tmp_path)]
    assert speed.main(given) == 0
    first = capsys.readouterr().out
    assert speed.main([*given, "--keep"]) == 0
    assert capsys.readouterr().out == first


@pytest.mark.usefixtures("no_corpora")
def test_batches_are_committed_to_a_copy(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.commits.COMMITS", 2)
    given = ["commits", "--articles", "40", "--queries", "1", "--passes", "1", "--work", str(tmp_path)]
    assert speed.main(given) == 0
    assert "2 batches of 10 articles on 40" in capsys.readouterr().out
    [kept] = tmp_path.glob("*-40-1/kijigura")
    assert Kijigura(kept).engine.info().articles == 40


@pytest.mark.usefixtures("no_corpora")
def test_stretches_of_stored_text_are_asked_for_and_fields_are_weighed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    given = ["exact", "--articles", "40", "--queries", "2", "--work", str(tmp_path)]
    assert speed.main(given) == 0
    printed = capsys.readouterr().out
    assert "Characters exactly as they are stored, 40 articles" in printed
    rows = {row.split(" | ")[0].removeprefix("| "): row.split(" | ")[1:] for row in printed.splitlines()}
    assert {*map(str, range(1, 13)), "all", "chars", "text", "names", "facets"} <= rows.keys()


@pytest.mark.usefixtures("no_corpora")
def test_pages_are_asked_of_a_real_server(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.pages.WORKERS", (1,))
    given = ["pages", "--articles", "40", "--queries", "1", "--work", str(tmp_path)]
    assert speed.main(given) == 0
    printed = capsys.readouterr().out
    assert "Library.search, 40 articles" in printed
    assert "Pages over HTTP, 40 articles" in printed


def test_a_directory_without_the_collections_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KIJIGURA_CORPORA", str(tmp_path))
    assert speed.main([]) == 1
    assert str(tmp_path) in capsys.readouterr().err


@pytest.mark.usefixtures("no_corpora")
def test_quality_is_measured_on_judged_sets_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert quality.main([]) == 1
    assert "KIJIGURA_CORPORA" in capsys.readouterr().err


@pytest.fixture
def judged_sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with two articles and two queries; the second one finds nothing."""
    for name in quality.SETS:
        judged = tmp_path / "retrieval" / name
        judged.mkdir(parents=True)
        articles = [
            {"_id": "a", "title": "", "text": "停戦の協議が始まった。", "date": "2024-04-10"},
            {"_id": "b", "title": "五輪開幕", "text": "開会式があった。", "date": None},
        ]
        queries = [
            {"_id": "q1", "text": "停戦 協議", "date": "2024-04-20"},
            {"_id": "q2", "text": "閉会式", "date": "2024-04-20"},
        ]
        for file, records in (("corpus", articles), ("queries", queries)):
            lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records)
            (judged / f"{file}.jsonl").write_text(lines, encoding="utf-8")
        (judged / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\ta\t1\nq2\tb\t1\n", encoding="utf-8")
    monkeypatch.setenv("KIJIGURA_CORPORA", str(tmp_path))


@pytest.mark.usefixtures("judged_sets")
def test_a_judged_set_is_measured_by_the_default_search(capsys: pytest.CaptureFixture[str]) -> None:
    assert quality.main(["--without"]) == 0
    rows = [row.rsplit(" | ", 1)[0] for row in capsys.readouterr().out.splitlines()]
    half = "| 2 | 2 | " + "0.500 | " * 5 + "50%"
    assert f"| wikinews {half}" in rows
    assert f"| newscope-topics {half}" in rows
    # The article is older than a week.
    assert "| newscope-topics, one week | 2 | 2 | " + "0.000 | " * 5 + "0%" in rows
    assert "| other forms of words: as typed | 0.500 (+0.000) | 0.500 (+0.000) | 0.500 (+0.000)" in rows


@pytest.mark.usefixtures("judged_sets")
def test_other_engines_are_measured_on_the_same_queries(capsys: pytest.CaptureFixture[str]) -> None:
    quality_peers = pytest.importorskip("benchmarks.quality_peers", reason="the extra `bench` is not installed")
    assert quality_peers.main(["--sets", "wikinews"]) == 0
    rows = dict(row[2:].split(" | ", 1) for row in capsys.readouterr().out.splitlines() if row.startswith("| "))
    assert rows["Kijigura"].startswith("0.500 | " * 5)
    assert rows["character bigrams, bm25s"].startswith("1.000 | " * 5)   # 開会式 has two thirds of 閉会式
    assert rows["SQLite FTS5, trigram"].startswith("0.000 | " * 5)       # 停戦の is no 停戦 and a space


@pytest.mark.parametrize(("values", "percent", "expected"), [
    ([3, 1, 2], 50, 2), ([1, 2, 3, 4], 50, 2), (list(range(1, 101)), 95, 95), ([7], 95, 7), ([], 50, 0),
])
def test_percentile(values: list[float], percent: int, expected: float) -> None:
    assert percentile(values, percent) == expected


def test_numbers_become_markdown() -> None:
    assert milliseconds([0.001, 0.003]) == "2.00 / 1.00 / 3.00"
    assert milliseconds([0.0001], 95) == "0.100 / 0.100"
    assert milliseconds([]) == "–"
    assert times_as_fast([0.001], [0.002]) == "2.00 (2.00)"
    assert times_as_fast([0.001], []) == "–"
    assert ratio(2, 4) == "0.50"
    assert table(("a", "b"), [("x", "1")]) == "| a | b |\n| --- | ---: |\n| x | 1 |"


def test_the_pipeline_beside_cutting_is_measured_with_every_stage(tmp_path: Path) -> None:
    lines = ingest.read_lines(3)[:3]
    whole, stages = ingest.report(lines, 1, tmp_path)
    assert [row.split(" | ")[0] for row in whole.splitlines()[2:]] == [
        "| Sudachi alone", "| cutting", "| the whole pipeline",
    ]
    assert whole.splitlines()[-1].endswith("| 1.00 |")
    assert len(stages.splitlines()) == 13
