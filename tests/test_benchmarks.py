"""The benchmarks run, and compare what can be compared. Nothing here looks at a clock."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from benchmarks import __main__ as speed
from benchmarks import quality
from benchmarks.questions import CLASSES
from benchmarks.tables import milliseconds, percentile, ratio, table


@pytest.fixture
def no_corpora(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KIJIGURA_CORPORA", raising=False)


@pytest.mark.usefixtures("no_corpora")
def test_a_run_on_the_sample_prints_its_tables_and_the_peer_finds_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert speed.main(["--articles", "30", "--queries", "2"]) == 0
    printed = capsys.readouterr().out
    rows = {row.split(" | ")[0].removeprefix("| "): row.split(" | ") for row in printed.splitlines()}
    assert "far too small" in printed
    assert {"reading files", "index alone, analyses kept (`rebuild`)", *CLASSES, "all"} <= rows.keys()
    assert [rows[kind][1] for kind in CLASSES] == ["2 of 2"] * len(CLASSES)


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


def test_a_judged_set_is_measured_by_the_default_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in quality.SETS:
        judged = tmp_path / "retrieval" / name
        judged.mkdir(parents=True)
        articles = [
            {"_id": "a", "title": "", "text": "停戦の協議が始まった。", "date": "2024-04-10"},
            {"_id": "b", "title": "五輪開幕", "text": "開会式があった。", "date": None},
        ]
        queries = [{"_id": "q1", "text": "停戦 協議"}, {"_id": "q2", "text": "閉会式"}]
        for file, records in (("corpus", articles), ("queries", queries)):
            lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records)
            (judged / f"{file}.jsonl").write_text(lines, encoding="utf-8")
        (judged / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\ta\t1\nq2\tb\t1\n", encoding="utf-8")
    monkeypatch.setenv("KIJIGURA_CORPORA", str(tmp_path))
    assert quality.main([]) == 0
    rows = [row for row in capsys.readouterr().out.splitlines() if row.startswith("| wikinews")]
    assert rows == ["| wikinews | 2 | 2 | " + "0.500 | " * 5 + "50% |"]


@pytest.mark.parametrize(("ranked", "gains", "expected"), [
    ("ab", {"a": 1}, [1, 1, 1, 1, 1]),
    ("ba", {"a": 1}, [1 / math.log2(3), 1, 1, 1 / 2, 0]),
    ("a", {"a": 1, "b": 1}, [1 / (1 + 1 / math.log2(3)), 0.5, 0.5, 1, 1]),
    ("ba", {"a": 1, "b": 2}, [1, 1, 1, 1, 1]),
    ("xxxxxxxxxxa", {"a": 1}, [0, 0, 1, 0, 0]),
    ("", {"a": 1}, [0, 0, 0, 0, 0]),
])
def test_metrics(ranked: str, gains: dict[str, int], expected: list[float]) -> None:
    assert list(quality.metrics(list(ranked), gains).values()) == pytest.approx(expected)


@pytest.mark.parametrize(("values", "percent", "expected"), [
    ([3, 1, 2], 50, 2), ([1, 2, 3, 4], 50, 2), (list(range(1, 101)), 95, 95), ([7], 95, 7), ([], 50, 0),
])
def test_percentile(values: list[float], percent: int, expected: float) -> None:
    assert percentile(values, percent) == expected


def test_numbers_become_markdown() -> None:
    assert milliseconds([0.001, 0.003]) == ["2.00", "1.00", "3.00"]
    assert ratio([0.002], [0.001]) == "2.00"
    assert table(("a", "b"), [("x", "1")]) == "| a | b |\n| --- | ---: |\n| x | 1 |"
