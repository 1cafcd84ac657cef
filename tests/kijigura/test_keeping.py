"""add, rebuild, remove, stats, doctor, config."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from click.testing import Result
from command_line import SEEDS, kijigura, lines, value

SUMMARY = {
    "added", "updated", "unchanged", "removed_earlier", "rejected", "articles", "indexed", "seconds", "seconds_reading"
}


def written(directory: Path, **files: str | bytes) -> Path:
    """A directory with these files, their names' `_` for a dot."""
    directory.mkdir(exist_ok=True)
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (directory / name.replace("_", ".")).write_bytes(data)
    return directory


# ---- add ----------------------------------------------------------------------------------------


def test_add_json_is_a_line_for_each_article_and_a_summary(taken: tuple[Path, Result]) -> None:
    *articles, summary = lines(taken[1])
    assert taken[1].exit_code == 0
    assert taken[1].stderr == ""
    assert len(articles) == 62
    assert all(list(line) == ["id", "outcome", "path", "line", "reason"] for line in articles)
    assert {line["outcome"] for line in articles} == {"added"}
    assert {line["line"] is not None for line in articles if line["path"].endswith(".jsonl")} == {True}
    assert set(summary) == SUMMARY
    assert (summary["added"], summary["rejected"], summary["articles"], summary["indexed"]) == (62, 0, 62, 62)


def test_add_says_in_a_sentence_what_it_did(tmp_path: Path) -> None:
    articles = written(tmp_path / "in", a_txt="停戦に合意した。", b_txt="停戦は遠い。")
    result = kijigura("add", articles, "--archive", tmp_path / "new")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"2 added. {tmp_path / 'new'} has 2 articles (")
    assert result.stderr == ""


def test_adding_again_recognizes_what_is_there(own: Path) -> None:
    result = kijigura("add", SEEDS, "--archive", own, "--json")
    *articles, summary = lines(result)
    assert result.exit_code == 0
    assert {line["outcome"] for line in articles} == {"unchanged"}
    assert (summary["unchanged"], summary["added"], summary["articles"], summary["indexed"]) == (62, 0, 62, 0)


def test_bad_files_are_listed_with_their_reasons_and_the_rest_goes_in(tmp_path: Path) -> None:
    articles = written(
        tmp_path / "in", a_txt="停戦に合意した。", empty_txt="", picture_txt=b"\x89PNG\r\n\x1a\n\0\0",
        spaces_txt="　\n \n",
        b_jsonl='{"id": "b", "title": "よい行"}\n{"id": \n{"id": "c"}\n[]\n',
    )
    result = kijigura("add", articles, tmp_path / "nowhere", "--archive", tmp_path / "new")
    assert result.exit_code == 1
    assert result.stdout.startswith("2 added, ")
    told = result.stderr.splitlines()
    assert all(line.startswith("rejected: ") for line in told)
    bad = ("empty.txt", "picture.txt", "spaces.txt", "b.jsonl:2", "b.jsonl:3", "b.jsonl:4", "nowhere")
    for where in (f"{name}: " for name in bad):
        assert any(where in line and line.split(where)[1] for line in told), where
    as_json = kijigura("add", articles, "--archive", tmp_path / "other", "--json")
    assert as_json.exit_code == 1
    assert as_json.stderr == ""
    assert all(line["reason"] for line in lines(as_json)[:-1] if line["outcome"] == "rejected")
    assert value(kijigura("stats", "--archive", tmp_path / "new", "--json"))["articles"] == 2


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_directory_without_articles_is_an_exit_status_of_1(tmp_path: Path, form: tuple[str, ...]) -> None:
    (tmp_path / "empty").mkdir()
    result = kijigura("add", tmp_path / "empty", "--archive", tmp_path / "new", *form)
    assert result.exit_code == 1
    if not form:
        assert result.stderr == (
            f"No articles in {tmp_path / 'empty'}. Name a file, or a directory with articles in it.\n"
        )


def test_a_file_of_topics_alone_is_taken_in(own: Path, tmp_path: Path) -> None:
    (tmp_path / "topics.toml").write_text('[[topic]]\nid = "swiss"\nname = "スイス"\nquery = "スイス"\n', "utf-8")
    assert kijigura("add", tmp_path / "topics.toml", "--archive", own).exit_code == 0
    found = value(kijigura("topics", "list", "--archive", own, "--json"))["topics"]
    assert [t["name"] for t in found if t["id"] == "swiss"] == ["スイス"]
    (tmp_path / "topics.toml").write_text('[[topic]]\nid = "スイス"\n', "utf-8")
    result = kijigura("add", tmp_path / "topics.toml", "--archive", own)
    assert result.exit_code == 1
    assert "topics.toml: topic 1: no name" in result.stderr


def test_source_and_desk_are_for_articles_that_name_none(tmp_path: Path) -> None:
    articles = written(
        tmp_path / "in",
        a_jsonl='{"id": "a", "title": "題", "source": "別紙", "desk": "政治"}\n{"id": "b", "title": "題"}\n',
    )
    kijigura("add", articles, "--archive", tmp_path / "new", "--source", "試験新聞", "--desk", "国際")
    hits = value(kijigura("search", "--archive", tmp_path / "new", "--format", "json"))["hits"]
    found = {hit["id"]: (hit["source"], hit["desk"]) for hit in hits}
    assert found == {"a": ("別紙", "政治"), "b": ("試験新聞", "国際")}


def test_what_was_removed_stays_removed_until_it_is_restored(own: Path, mine: str) -> None:
    removed = kijigura("remove", mine, "--archive", own)
    assert (removed.exit_code, removed.stdout) == (0, "1 removed.\n")
    again = kijigura("add", SEEDS, "--archive", own, "--json")
    assert again.exit_code == 0
    assert [line["reason"] for line in lines(again)[:-1] if line["id"] == mine] == [
        "removed by you; take it in again with --restore"
    ]
    assert value(kijigura("stats", "--archive", own, "--json"))["articles"] == 61
    assert kijigura("show", mine, "--archive", own).exit_code == 1
    kijigura("add", SEEDS, "--archive", own, "--restore")
    assert kijigura("show", mine, "--archive", own).exit_code == 0


def test_an_export_is_added_to_the_same_archive_again(sample: Path, tmp_path: Path) -> None:
    exported = kijigura("export", "--archive", sample)
    assert exported.exit_code == 0
    (tmp_path / "all.jsonl").write_text(exported.stdout, encoding="utf-8")
    added = kijigura("add", tmp_path / "all.jsonl", "--archive", tmp_path / "new", "--workers", 1, "--json")
    summary = lines(added)[-1]
    assert (summary["added"], summary["rejected"]) == (62, 0)
    again = kijigura("export", "--archive", tmp_path / "new")
    assert sorted(again.stdout.splitlines()) == sorted(exported.stdout.splitlines())


# ---- remove, rebuild, stats, doctor ---------------------------------------------------------------


def test_removing_what_is_not_there_is_said_and_the_rest_removed(own: Path, mine: str) -> None:
    result = kijigura("remove", "ない", mine, "--archive", own)
    assert (result.exit_code, result.stdout, result.stderr) == (
        1, "1 removed.\n", "The archive has no article 'ない'.\n"
    )
    assert value(kijigura("search", "ラヴロフ", "--archive", own, "--format", "json"))["total"] == 6


def test_rebuild_makes_the_same_index_again(own: Path) -> None:
    before = value(kijigura("search", "ロシア", "--archive", own, "--format", "json"))
    result = kijigura("rebuild", "--archive", own)
    assert (result.exit_code, result.stdout) == (0, "The index was rebuilt: 62 articles.\n")
    after = value(kijigura("search", "ロシア", "--archive", own, "--format", "json"))
    assert {**after, "took_ms": 0} == {**before, "took_ms": 0}


def test_rebuild_if_needed_does_only_what_is_missing(own: Path) -> None:
    assert kijigura("rebuild", "--if-needed", "--archive", own).stdout == "0 articles were brought up to date.\n"
    shutil.rmtree(own / "index")
    assert kijigura("rebuild", "--if-needed", "--archive", own).stdout == "62 articles were brought up to date.\n"


def test_stats_json(sample: Path) -> None:
    found = value(kijigura("stats", "--archive", sample, "--json"))
    assert (found["articles"], found["indexed"], found["behind"], found["engine"]) == (62, 62, 0, "whoosh")
    assert found["index_bytes"] > 0 < found["archive_bytes"]
    text = kijigura("stats", "--archive", sample).stdout
    assert all(name in text for name in found)


def test_doctor_finds_nothing_wrong(sample: Path) -> None:
    for full in ((), ("--full",)):
        result = kijigura("doctor", "--archive", sample, *full)
        assert result.exit_code == 0
        assert result.stdout.endswith("All is well.\n")
        assert "62 articles" in result.stdout


def test_doctor_names_an_index_of_a_later_archive(own: Path) -> None:
    backup = shutil.copy(own / "articles.sqlite", own.parent / "backup.sqlite")
    found = value(kijigura("search", "--format", "json", "--archive", own))["hits"]
    kijigura("remove", found[0]["id"], "--archive", own)
    for path in own.glob("articles.sqlite*"):
        path.unlink()
    shutil.copy(backup, own / "articles.sqlite")
    result = kijigura("doctor", "--archive", own)
    assert result.exit_code == 1
    assert "The index has changes that the archive lacks" in result.stderr
    assert f"kijigura rebuild --if-needed --archive {own}" in result.stderr
    assert kijigura("rebuild", "--if-needed", "--archive", own).exit_code == 0
    assert kijigura("doctor", "--archive", own).exit_code == 0


def test_doctor_names_what_mends_a_missing_or_damaged_index(own: Path) -> None:
    _damage(own)
    result = kijigura("doctor", "--archive", own)
    assert result.exit_code == 1
    assert f"kijigura rebuild --archive {own}" in result.stderr
    assert "problem(s)." in result.stdout
    shutil.rmtree(own / "index")
    assert f"kijigura rebuild --archive {own}" in kijigura("doctor", "--archive", own).stderr


def test_doctor_says_when_the_index_is_behind(own: Path, mine: str) -> None:
    with sqlite3.connect(own / "articles.sqlite") as db:
        db.execute("UPDATE meta SET value = '63' WHERE key = 'change'")
        db.execute("UPDATE articles SET change = 63 WHERE id = ?", (mine,))
    result = kijigura("doctor", "--archive", own)
    assert result.exit_code == 1
    assert "The index lacks 1 changes." in result.stderr


@pytest.mark.parametrize("full", [(), ("--full",)])
def test_a_damaged_archive_is_a_plain_sentence(own: Path, full: tuple[str, ...]) -> None:
    path = own / "articles.sqlite"
    data = bytearray(path.read_bytes())
    data[4096 * 3:4096 * 60] = b"\xff" * (4096 * 57)
    path.write_bytes(data)
    if full:
        result = kijigura("doctor", "--archive", own, *full)
        assert result.exit_code == 1
        assert "articles.sqlite" in result.stderr
    for command in (("search", "停戦"), ("export",), ("stats",), ("rebuild",)):
        assert kijigura(*command, "--archive", own).exit_code in (0, 1)
    path.write_bytes(b"no database at all" * 500)
    result = kijigura("doctor", "--archive", own, *full)
    assert result.exit_code == 1
    assert "SQLite cannot read" in result.stderr


def _damage(archive: Path) -> None:
    """Change a byte in every file of the index."""
    for path in (archive / "index").glob("g*/*"):
        data = bytearray(path.read_bytes())
        if data:
            data[len(data) // 2] ^= 0xFF
            path.write_bytes(data)


@pytest.mark.parametrize("harm", ["damaged", "cut short", "gone", "no manifest", "no JSON"])
def test_a_search_answers_after_mending_the_index_and_says_so(own: Path, harm: str) -> None:
    manifest = own / "index" / "manifest.json"
    if harm == "damaged":
        _damage(own)
    elif harm == "cut short":
        max((own / "index").glob("g*/*"), key=lambda path: path.stat().st_size).write_bytes(b"")
    elif harm == "gone":
        shutil.rmtree(own / "index")
    elif harm == "no manifest":
        manifest.unlink()
    else:
        manifest.write_text("{")
    result = kijigura("search", "停戦", "--archive", own, "--format", "json")
    assert result.exit_code == 0
    assert value(result)["total"] > 0
    assert result.stderr.endswith("Building it from the archive …\n")
    assert kijigura("search", "停戦", "--archive", own).stderr == ""


# ---- config ---------------------------------------------------------------------------------------


def test_config_show_tells_each_value_and_what_set_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = written(tmp_path / "archive", kijigura_toml="host = '0.0.0.0'")
    monkeypatch.setenv("KIJIGURA_PORT", "8005")
    result = kijigura("config", "show", "--archive", archive, "--json")
    assert value(result) == {
        "archive": {"value": str(archive), "from": "option"},
        "engine": {"value": None, "from": "default"},
        "host": {"value": "0.0.0.0", "from": str(archive / "kijigura.toml")},
        "port": {"value": 8005, "from": "KIJIGURA_PORT"},
        "workers": {"value": None, "from": "default"},
    }
    text = kijigura("config", "show", "--archive", archive).stdout
    assert len(text.splitlines()) == 5
    assert all(f"KIJIGURA_{name}" in text for name in ("ARCHIVE", "ENGINE", "HOST", "PORT", "WORKERS"))


def test_the_archive_of_the_environment_is_used(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIJIGURA_ARCHIVE", str(sample))
    assert value(kijigura("stats", "--json"))["articles"] == 62


def test_the_index_may_lie_elsewhere(own: Path, tmp_path: Path) -> None:
    written(own, kijigura_toml=json.dumps(f"whoosh:{tmp_path / 'elsewhere'}").join(("engine = ", "\n")))
    assert kijigura("rebuild", "--archive", own).exit_code == 0
    assert (tmp_path / "elsewhere" / "manifest.json").exists()
    assert value(kijigura("search", "停戦", "--archive", own, "--format", "json"))["total"] > 0
