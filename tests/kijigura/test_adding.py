"""`kijigura add` with its options, `rejected`, and `show --history`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import kijigura, lines
from loopback import Page, Site, article, serving

TABLE = "件名,記事本文,掲載日\n首相が辞任を表明,首相は14日、辞任を表明した。,2024-04-10\n"


def add(archive: Path, *args: str | Path) -> list[dict[str, object]]:
    return lines(kijigura("add", *args, "--archive", archive, "--json"))


def test_columns_mean_what_the_option_says(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(TABLE.replace("件名", "甲").replace("記事本文", "乙"), encoding="utf-8")
    added, summary = add(tmp_path / "archive", table, "--map", "甲=title", "--map", "乙=body")
    assert summary["added"] == 1
    shown = kijigura("show", str(added["id"]), "--archive", str(tmp_path / "archive")).stdout
    assert shown.startswith("首相が辞任を表明\n2024-04-10")


@pytest.mark.parametrize("said", ["見出し", "見出し=heading", "=title"])
def test_a_column_that_means_nothing_known_is_said(tmp_path: Path, said: str) -> None:
    result = kijigura("add", str(tmp_path), "--map", said, "--archive", str(tmp_path / "archive"))
    assert result.exit_code == 2
    assert "--map 見出し=title" in result.stderr


def test_what_could_not_be_taken_in_is_listed_until_it_can_be(tmp_path: Path) -> None:
    archive, file = tmp_path / "archive", tmp_path / "in.jsonl"
    file.write_text('{"title": "首相が辞任", "body": "表明した。"}\n{"title":\n', encoding="utf-8")
    assert kijigura("add", str(file), "--archive", str(archive)).exit_code == 1
    listed = kijigura("rejected", "--archive", str(archive))
    assert (listed.exit_code, listed.stdout.startswith(f"{file}:2: not JSON")) == (0, True)
    (row,) = lines(kijigura("rejected", "--archive", str(archive), "--json"))
    assert (row["path"], row["line"]) == (str(file), 2)
    file.write_text('{"title": "首相が辞任", "body": "表明した。"}\n', encoding="utf-8")
    assert kijigura("add", str(file), "--archive", str(archive)).exit_code == 0
    listed = kijigura("rejected", "--archive", str(archive))
    assert (listed.stdout, listed.stderr) == ("", "Nothing was rejected.\n")


def test_the_history_of_an_article_says_what_changed(tmp_path: Path) -> None:
    archive, file = tmp_path / "archive", tmp_path / "in.jsonl"
    for body in ("首相は14日、辞任を表明した。", "首相は15日、辞任を正式に表明した。"):
        file.write_text(json.dumps({"id": "a1", "title": "首相が辞任", "body": body}) + "\n", encoding="utf-8")
        add(archive, file)
    told = kijigura("show", "a1", "--history", "--archive", str(archive)).stdout.splitlines()
    assert [line.split(",")[0] for line in told if line.startswith("version")] == ["version 1", "version 2"]
    assert told[-1] == "  ~ 首相は1[-4-]{+5+}日、辞任を{+正式に+}表明した。"
    versions = json.loads(kijigura("show", "a1", "--history", "--archive", str(archive), "--json").stdout)
    assert [one["article"]["body"][3:6] for one in versions] == ["14日", "15日"]


def test_watching_takes_in_what_appears_and_what_changes(tmp_path: Path) -> None:
    archive, directory = tmp_path / "archive", tmp_path / "articles"
    directory.mkdir()
    (directory / "a.txt").write_text("首相が辞任\n\n　表明した。", encoding="utf-8")
    command = [sys.executable, "-m", "kijigura", "add", str(directory), "--archive", str(archive), "--watch", "--json"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        assert process.stdout
        assert process.stderr
        first = json.loads(process.stdout.readline())
        assert first["outcome"] == "added"
        assert json.loads(process.stdout.readline())["articles"] == 1
        assert process.stderr.readline().startswith("Watching ")
        time.sleep(1.0)         # until the system tells of changes
        (directory / ".hidden.txt").write_text("見えない\n\n　何もない。", encoding="utf-8")
        (directory / "b.txt").write_text("後任に山田氏\n\n　与党が決めた。", encoding="utf-8")
        second = json.loads(process.stdout.readline())
        assert (second["outcome"], Path(second["path"]).name) == ("added", "b.txt")
        assert process.stderr.readline().endswith("2 articles.\n")
    finally:
        os.kill(process.pid, signal.SIGINT)
        process.wait(20)
    assert process.returncode == 0
    found = json.loads(kijigura("search", "後任", "--archive", str(archive), "--format", "json").stdout)
    assert found["total"] == 1


def test_watching_takes_in_directories_that_are_moved_there_and_not_the_archive_itself(tmp_path: Path) -> None:
    directory, outside = tmp_path / "articles", tmp_path / "outside"
    directory.mkdir()
    (outside / "deep").mkdir(parents=True)
    (directory / "a.txt").write_text("首相が辞任\n\n　表明した。", encoding="utf-8")
    (outside / "deep" / "b.txt").write_text("後任に山田氏\n\n　与党が決めた。", encoding="utf-8")
    (outside / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    command = [
        sys.executable, "-m", "kijigura", "add", str(directory), "--archive", str(directory / "archive"),
        "--watch", "--json",
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        assert process.stdout
        assert json.loads(process.stdout.readline())["outcome"] == "added"
        assert json.loads(process.stdout.readline())["articles"] == 1
        # Before anybody may be told of changes.
        (directory / "early.txt").write_text("早い記事\n\n　すぐに来た。", encoding="utf-8")
        assert Path(json.loads(process.stdout.readline())["path"]).name == "early.txt"
        outside.rename(directory / "moved")
        assert Path(json.loads(process.stdout.readline())["path"]).name == "b.txt"
        time.sleep(3.0)         # in which the archive's own files must not be taken for news
    finally:
        os.kill(process.pid, signal.SIGINT)
        rest, said = process.communicate(timeout=20)
    assert (rest, process.returncode) == ("", 0)
    assert said.count("1 files;") == 2


# ---- addresses ----------------------------------------------------------------------------------


def test_an_address_is_fetched_and_taken_in(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    with serving(Site()) as site:
        site.pages["/a.html"] = Page(article("停戦合意", "両国は停戦に合意した。"))
        site.pages["/list.jsonl"] = Page(
            '{"title": "一", "body": "合意。"}\n{"title": "二", "body": "決裂。"}\n', type="text/plain"
        )
        added = add(archive, site.url("/a.html"), site.url("/list.jsonl"), site.url("/gone"), "--allow-private")
    assert [(one["outcome"], one["path"]) for one in added[:-1]] == [
        ("added", site.url("/a.html")), ("added", site.url("/list.jsonl")), ("added", site.url("/list.jsonl")),
        ("rejected", site.url("/gone")),
    ]
    found = json.loads(kijigura("search", "合意", "--archive", str(archive), "--format", "json").stdout)
    assert {hit["url"] for hit in found["hits"]} == {site.url("/a.html"), None}


def test_a_machine_of_ones_own_network_is_not_asked_unless_allowed(tmp_path: Path) -> None:
    with serving(Site({"/a.html": Page(article("停戦合意", "合意した。"))})) as site:
        rejected, _ = add(tmp_path / "archive", site.url("/a.html"))
        assert rejected["outcome"] == "rejected"
        assert "--allow-private" in str(rejected["reason"])
        assert not site.asked
