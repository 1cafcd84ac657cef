"""evaluate."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from command_line import kijigura, value

from search.errors import QueryTooHeavy
from search.library import Library
from search.query.model import Request

METRICS = ["nDCG@10", "R@10", "R@100", "MRR@10", "P@1"]
HEADER = "query-id\tcorpus-id\tscore\n"

ARTICLES = [
    {"_id": "a", "title": "停戦の協議", "text": "停戦の協議が始まった。", "date": "2024-04-10"},
    {"_id": "b", "title": "五輪開幕", "text": "開会式があった。", "date": None},
    {"_id": "c", "title": "花火大会に二万人", "text": ""},
    {"_id": "d", "text": "桜が満開になった。"},
]
QUERIES = [{"_id": "q1", "text": "停戦 協議"}, {"_id": "q2", "text": "閉会式"}]
JUDGED = ["q1\ta\t1", "q2\tb\t1"]


@pytest.fixture(autouse=True)
def _no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Whatever happens, nothing is left where temporary files lie."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    yield
    assert list(temporary.iterdir()) == []


def judged_set(
    directory: Path, articles: Sequence[Mapping[str, Any]] = ARTICLES, queries: Sequence[Mapping[str, Any]] = QUERIES,
    judged: Sequence[str] = JUDGED, header: str = HEADER,
) -> Path:
    directory.mkdir(exist_ok=True)
    for name, records in (("corpus", articles), ("queries", queries)):
        text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        (directory / f"{name}.jsonl").write_text(text, encoding="utf-8")
    (directory / "qrels.tsv").write_text(header + "".join(f"{line}\n" for line in judged), encoding="utf-8")
    return directory


def evaluate(directory: Path, *options: object) -> Result:
    return kijigura("evaluate", directory, "--workers", 1, *options)


def measured(directory: Path, *options: object) -> tuple[dict[str, float], int]:
    result = evaluate(directory, "--json", *options)
    assert result.exit_code == 0, result.stderr
    found = value(result)
    assert list(found) == ["metrics", "queries"]
    assert list(found["metrics"]) == METRICS
    return found["metrics"], found["queries"]


# ---- what is measured ---------------------------------------------------------------------------------


def test_half_of_the_queries_find_their_article(tmp_path: Path) -> None:
    metrics, queries = measured(judged_set(tmp_path / "set"))
    assert (set(metrics.values()), queries) == ({0.5}, 2)


def test_people_get_lines_and_machines_one_value(tmp_path: Path) -> None:
    directory = judged_set(tmp_path / "set")
    assert evaluate(directory).stdout.splitlines() == [
        "nDCG@10  0.5000", "R@10     0.5000", "R@100    0.5000", "MRR@10   0.5000", "P@1      0.5000", "queries  2",
    ]
    assert "Indexing 4 articles" in evaluate(directory, "--json").stderr


def test_an_article_may_have_a_title_only_or_a_text_only(tmp_path: Path) -> None:
    queries = [{"_id": "q1", "text": "花火大会"}, {"_id": "q2", "text": "桜 満開"}]
    metrics, _ = measured(judged_set(tmp_path / "set", queries=queries, judged=["q1\tc\t1", "q2\td\t1"]))
    assert set(metrics.values()) == {1.0}


def test_articles_of_the_same_words_are_two_articles(tmp_path: Path) -> None:
    twins = [{**ARTICLES[0], "_id": "a1"}, {**ARTICLES[0], "_id": "a2"}]
    judged = ["q1\ta1\t1", "q1\ta2\t1"]
    metrics, _ = measured(judged_set(tmp_path / "set", articles=twins, queries=QUERIES[:1], judged=judged))
    assert metrics["R@10"] == 1.0


def test_a_higher_score_is_worth_more_and_none_is_worth_nothing(tmp_path: Path) -> None:
    articles = [{"_id": one, "title": "", "text": "停戦の協議が始まった。" + "桜" * n} for n, one in enumerate("xyz")]
    ranked = ["x\t3", "y\t1", "z\t0"]       # the shorter, the nearer to the top

    def of(scores: Sequence[str]) -> float:
        judged = [f"q1\t{line}" for line in scores]
        metrics, _ = measured(judged_set(tmp_path / "set", articles, QUERIES[:1], judged))
        return metrics["nDCG@10"]

    assert of(ranked) == 1.0
    assert of(["x\t1", "y\t3", "z\t0"]) < 1.0
    assert of([*ranked[:2], "z\t-7"]) == of(ranked)


def test_ids_may_be_anything(tmp_path: Path) -> None:
    odd = ["https://例.jp/a?b=1#c d", "..", "\u0000", "𠮷", "42"]
    articles: list[dict[str, Any]] = [{"_id": one, "text": f"第{n}号の記事。花火。"} for n, one in enumerate(odd)]
    articles[-1]["_id"] = 42
    judged = [f"問 い\t{one}\t1" for one in odd if one != "\u0000"]
    metrics, _ = measured(judged_set(tmp_path / "set", articles, [{"_id": "問 い", "text": "花火"}], judged))
    assert metrics["R@10"] == 1.0


def test_it_asks_as_search_does_and_looks_at_a_hundred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Request] = []
    search = Library.search

    def remembered(self: Library, request: Request) -> Any:
        asked.append(request)
        return search(self, request)

    monkeypatch.setattr(Library, "search", remembered)
    measured(judged_set(tmp_path / "set"))
    assert asked == [Request(text="停戦 協議", size=100), Request(text="閉会式", size=100)]


def test_a_sample_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    queries = [{"_id": f"q{n}", "text": "花火" if n % 3 else "火星"} for n in range(30)]
    directory = judged_set(tmp_path / "set", queries=queries, judged=[f"q{n}\tc\t1" for n in range(30)])
    first = measured(directory, "--queries", 7)
    assert first[1] == 7
    assert measured(directory, "--queries", 7) == first
    assert len({measured(directory, "--queries", 7, "--seed", seed)[0]["P@1"] for seed in range(6)}) > 1
    assert measured(directory, "--queries", 99)[1] == 30


# ---- odd sets -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{"queries": []}, {"judged": []}, {"articles": [], "queries": [], "judged": []}])
def test_nothing_to_measure_is_no_failure(tmp_path: Path, options: dict[str, Any]) -> None:
    metrics, queries = measured(judged_set(tmp_path / "set", **options))
    assert (set(metrics.values()), queries) == ({0.0}, 0)


def test_without_articles_nothing_is_found(tmp_path: Path) -> None:
    metrics, queries = measured(judged_set(tmp_path / "set", articles=[]))
    assert (set(metrics.values()), queries) == ({0.0}, 2)


@pytest.mark.parametrize(("options", "said", "queries"), [
    ({"queries": [*QUERIES, {"_id": "q3", "text": "桜"}]}, "1 query has no article that answers", 2),
    ({"judged": [*JUDGED, "q2\tc\t0"]}, None, 2),
    ({"judged": ["q1\ta\t1", "q2\tb\t0"]}, "1 query has no article that answers", 1),
    ({"judged": [*JUDGED, "q8\ta\t1", "q9\ta\t1"]}, "2 queries of qrels.tsv cannot be asked", 2),
    ({"judged": [*JUDGED, "q1\tz\t1"]}, "1 judgement is of an article that corpus.jsonl does not have", 2),
    ({"articles": [*ARTICLES, {"_id": "e", "title": "", "text": None}]}, "1 article has neither title nor text", 2),
])
def test_what_is_odd_is_counted_and_said(
    tmp_path: Path, options: dict[str, Any], said: str | None, queries: int
) -> None:
    result = evaluate(judged_set(tmp_path / "set", **options), "--json")
    assert result.exit_code == 0
    assert value(result)["queries"] == queries
    notes = [line for line in result.stderr.splitlines() if not line.endswith("…")]
    assert len(notes) == (said is not None)
    assert all(said and note.startswith(said) for note in notes)


def test_an_article_that_is_not_there_counts_as_not_found(tmp_path: Path) -> None:
    metrics, _ = measured(judged_set(tmp_path / "set", queries=QUERIES[:1], judged=["q1\ta\t1", "q1\tz\t1"]))
    assert (metrics["R@10"], metrics["P@1"]) == (0.5, 1.0)


def test_a_query_that_is_given_up_has_found_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_heavy(self: Library, request: Request) -> Any:
        raise QueryTooHeavy("The query takes too long.")

    monkeypatch.setattr(Library, "search", too_heavy)
    result = evaluate(judged_set(tmp_path / "set"), "--json")
    assert (result.exit_code, value(result)["queries"]) == (0, 2)
    assert "2 queries were too heavy" in result.stderr
    assert set(value(result)["metrics"].values()) == {0.0}


@pytest.mark.parametrize("change", [
    lambda text: text.replace("\n", "\r\n"),        # as Windows writes it
    lambda text: "\ufeff" + text,
    lambda text: text + "\n\n",
])
def test_files_may_be_written_in_other_ways(tmp_path: Path, change: Any) -> None:
    directory = judged_set(tmp_path / "set")
    for path in directory.iterdir():
        path.write_bytes(change(path.read_text(encoding="utf-8")).encode())
    metrics, queries = measured(directory)
    assert (set(metrics.values()), queries) == ({0.5}, 2)


def test_judgements_need_no_header(tmp_path: Path) -> None:
    assert measured(judged_set(tmp_path / "set", header=""))[1] == 2


# ---- sets that cannot be read ---------------------------------------------------------------------------


@pytest.mark.parametrize(("file", "line", "why"), [
    ("corpus.jsonl", "{", "line 2: not JSON at character 2"),
    ("corpus.jsonl", "[]", "line 2: not a JSON object"),
    ("corpus.jsonl", '{"text": "花火"}', 'line 2: no "_id"'),
    ("corpus.jsonl", '{"_id": null, "text": "花火"}', 'line 2: "_id" is None'),
    ("corpus.jsonl", '{"_id": "x", "text": ["花火"]}', "line 2: \"text\" is ['花火']"),
    ("corpus.jsonl", '{"_id": "x", "title": 7}', 'line 2: "title" is 7'),
    ("corpus.jsonl", '{"_id": "a", "text": "花火"}', "line 2: 'a' is the _id of an earlier line"),
    ("corpus.jsonl", "[" * 100_000, "line 2: not JSON"),
    ("queries.jsonl", '{"_id": "x"}', 'line 2: "text" is None'),
    ("queries.jsonl", '{"_id": "q1", "text": "花火"}', "line 2: 'q1' is the _id of an earlier line"),
    ("qrels.tsv", "q1 a 1", "line 2: 1 columns"),
    ("qrels.tsv", "q1\t0\ta\t1", "line 2: 4 columns"),
    ("qrels.tsv", "q1\ta\tyes", "line 2: the score 'yes' is no whole number"),
    ("qrels.tsv", "q1\ta\t0.5", "line 2: the score '0.5' is no whole number"),
    ("qrels.tsv", "q1\ta\t2", "line 2: 'a' was judged for 'q1' before"),
])
def test_what_cannot_be_read_is_named_with_file_line_and_cause(
    tmp_path: Path, file: str, line: str, why: str
) -> None:
    path = judged_set(tmp_path / "set", header="") / file
    first, *rest = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([first, line, *rest]), encoding="utf-8")
    result = evaluate(path.parent, "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{path}, {why}" in result.stderr


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    path = judged_set(tmp_path / "set") / "queries.jsonl"
    path.write_bytes(path.read_bytes() + '{"_id": "q3", "text": "停戦"}'.encode("shift_jis"))
    result = evaluate(path.parent)
    assert result.exit_code == 1
    assert f"{path}, line 3: not UTF-8 at byte 24." in result.stderr


@pytest.mark.parametrize("file", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_file_that_is_missing_is_named(tmp_path: Path, file: str) -> None:
    directory = judged_set(tmp_path / "set")
    (directory / file).unlink()
    result = evaluate(directory)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{directory} has no {file}." in result.stderr


@pytest.mark.parametrize("arguments", [["nowhere"], [], ["set/qrels.tsv"], ["set", "--queries", "0"]])
def test_wrong_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    judged_set(tmp_path / "set")
    assert kijigura("evaluate", *arguments).exit_code == 2
