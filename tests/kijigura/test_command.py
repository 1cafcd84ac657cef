"""What holds for every command: help, exit statuses, plain sentences, and the installed command as a process."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from command_line import SEEDS, environment, kijigura

from kijigura.__main__ import main

COMMANDS = [
    "add", "alerts", "analyze", "config", "demo", "doctor", "entity", "explain", "export", "follow", "names", "rebuild",
    "rejected", "remove", "search", "serve", "show", "stats", "topics",
]
INSTALLED = Path(sys.executable).with_name("kijigura")


def every(command: click.Command, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that does something, with the words that call it."""
    if isinstance(command, click.Group):
        for name, one in command.commands.items():
            yield from every(one, *path, name)
    else:
        yield path, command


EVERY = list(every(main))
IDS = [" ".join(path) for path, _ in EVERY]


# ---- help -----------------------------------------------------------------------------------------


def test_the_commands_of_the_design_are_there() -> None:
    assert set(COMMANDS) <= set(main.commands)
    assert {"list", "add", "remove"} <= {path[1] for path, _ in EVERY if path[0] == "topics"}
    assert ("config", "show") in [path for path, _ in EVERY]


@pytest.mark.parametrize(("path", "command"), EVERY, ids=IDS)
def test_help_begins_with_a_sentence_and_names_every_option(path: tuple[str, ...], command: click.Command) -> None:
    for option in ("--help", "-h"):
        result = kijigura(*path, option)
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout.startswith(f"Usage: kijigura {' '.join(path)} ")
    assert command.help
    assert command.help.split("\n\n")[0].endswith(".")
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            assert parameter.opts[0] in result.stdout
            assert parameter.help, f"{' '.join(path)} {parameter.opts[0]} says nothing about itself"


@pytest.mark.parametrize("args", [["--help"], ["-h"]])
def test_the_help_of_the_whole_lists_every_command(args: list[str]) -> None:
    result = kijigura(*args)
    assert result.exit_code == 0
    for name, command in main.commands.items():
        assert f"  {name} " in result.stdout
        assert command.get_short_help_str(200)


def test_without_a_command_the_help_is_shown() -> None:
    result = kijigura()
    assert "Commands:" in result.stdout + result.stderr


def test_the_version_is_told() -> None:
    result = kijigura("--version")
    assert (result.exit_code, result.stdout.startswith("kijigura, version ")) == (0, True)


# ---- wrong use, and what is not there -------------------------------------------------------------


@pytest.mark.parametrize("args", [
    ["serach"], ["add"], ["show"], ["explain", "停戦"], ["remove"], ["analyze"], ["names"], ["entity"],
    ["topics", "ad"], ["stats", "--bogus"], ["add", "x", "--bogus"],
    ["serve", "--port", "http"], ["serve", "--port", "65536"],
    ["add", "x", "--workers", "0"], ["follow"],
    ["--bogus"], ["show", "a", "b"], ["config", "show", "x"],
])
def test_wrong_use_is_an_exit_status_of_2_with_the_usage(args: list[str]) -> None:
    result = kijigura(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Usage: kijigura" in result.stderr
    assert "Error: " in result.stderr


ON_AN_ARCHIVE = [
    ["search", "停戦"], ["export"], ["show", "a"], ["explain", "停戦", "a"], ["entity", "習近平"], ["topics", "list"],
    ["topics", "add", "a", "b", "c"], ["topics", "remove", "a"], ["topics", "suggest"], ["rebuild"],
    ["remove", "a"], ["stats"], ["doctor"], ["serve"], ["alerts", "add", "a", "停戦"], ["alerts", "list"],
    ["alerts", "remove", "a"], ["alerts", "run"],
]


@pytest.mark.parametrize("command", ON_AN_ARCHIVE, ids=" ".join)
def test_without_an_archive_a_sentence_says_how_to_make_one(command: list[str], tmp_path: Path) -> None:
    for directory in (tmp_path / "nowhere", tmp_path / "here"):
        result = kijigura(*command, "--archive", directory)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == (
            f"Error: There is no archive in {directory}. Make one: kijigura add PATH --archive {directory}\n"
        )
    assert not (tmp_path / "nowhere").exists()


def test_no_command_writes_control_characters_to_a_terminal(own: Path, tmp_path: Path) -> None:
    (tmp_path / "題\x1b[31m").mkdir()
    path = tmp_path / "題\x1b[31m" / "bad\x9b.bin"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    added = kijigura("add", path.parent, "--archive", own)
    rejected = kijigura("rejected", "--archive", own)
    kijigura("topics", "add", "red", "赤\x1b[31m\x07い", "赤\x1bい", "--archive", own)
    listed = kijigura("topics", "list", "--archive", own)
    missing = kijigura("alerts", "run", "ない\x1b[31m", "--archive", own)
    for text in (added.stderr, added.stdout, rejected.stdout, listed.stdout, missing.stderr):
        assert all(char.isprintable() or char in "\t\n\u3000" for char in text)
    assert "題\\x1b[31m/bad\\x9b.bin" in rejected.stdout         # a path is told as it is
    assert "赤[31mい  (red)  赤い" in listed.stdout


def test_the_archive_is_looked_for_in_the_working_directory() -> None:
    assert "There is no archive in archive." in kijigura("stats").stderr


def test_a_file_in_the_place_of_the_archive_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("")
    result = kijigura("add", SEEDS, "--archive", tmp_path / "archive")
    assert (result.exit_code, result.stdout) == (1, "")
    assert str(tmp_path / "archive") in result.stderr


def test_an_archive_of_a_newer_kijigura_is_a_sentence(own: Path) -> None:
    with sqlite3.connect(own / "articles.sqlite") as db:
        db.execute("UPDATE meta SET value = '999' WHERE key = 'schema'")
    for command in (["search", "停戦"], ["add", str(SEEDS)], ["doctor"], ["serve"]):
        result = kijigura(*command, "--archive", own)
        assert result.exit_code == 1
        assert "Install a newer Kijigura" in result.stderr


@pytest.mark.parametrize("command", [*ON_AN_ARCHIVE, ["add", str(SEEDS)], ["config", "show"]], ids=" ".join)
def test_a_bad_settings_file_is_an_exit_status_of_2_and_names_the_file(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "kijigura.toml").write_text("prot = 1")
    result = kijigura(*command, "--archive", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{tmp_path / 'kijigura.toml'} sets 'prot', which is no setting." in result.stderr


# ---- the installed command --------------------------------------------------------------------------


def process(*args: object, stdin: bytes | None = None, **variables: str) -> subprocess.CompletedProcess[bytes]:
    command = [INSTALLED, *(a if isinstance(a, bytes) else str(a) for a in args)]
    return subprocess.run(
        command, input=stdin, capture_output=True, timeout=60, env=environment(**variables), check=False
    )


def test_the_installed_command_answers_on_stdout_alone(sample: Path) -> None:
    done = process("search", "-中国", "--archive", sample, "--format", "json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["total"] == 50


def test_the_installed_command_ends_with_a_status_and_a_sentence(tmp_path: Path) -> None:
    for args, status in ((["stats", "--archive", tmp_path], 1), (["search", "--from", "x"], 2), (["bogus"], 2)):
        done = process(*args)
        assert (done.returncode, done.stdout) == (status, b"")
        assert b"Error: " in done.stderr
        assert b"Traceback" not in done.stderr


def test_bytes_that_are_no_text_are_no_error(sample: Path) -> None:
    done = process("search", b"\xff\xfe\x80", "--archive", sample, "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["total"]) == (0, 0)
    assert b"Traceback" not in done.stderr


def test_names_reads_standard_input_in_any_encoding() -> None:
    done = process("names", "-", "--json", stdin="習近平国家主席はロシアを訪れた。".encode("cp932"))
    assert done.returncode == 0
    assert "習近平" in [m["surface"] for m in json.loads(done.stdout)["mentions"]]


def test_japanese_is_written_whatever_the_locale_says(sample: Path) -> None:
    done = process("search", "和平案", "--archive", sample, LC_ALL="C", LANG="C")
    assert done.returncode == 0
    assert "和平案" in done.stdout.decode()


@pytest.mark.parametrize("args", [["export"], ["search", "--size", "62", "--format", "json"], ["search"]])
def test_a_reader_that_has_read_enough_is_no_error(sample: Path, args: list[str]) -> None:
    """`kijigura export | head -1`"""
    with subprocess.Popen(
        [INSTALLED, *args, "--archive", sample], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.read(10)
        running.stdout.close()
        said = running.stderr.read()
        assert running.wait(60) in (0, 1)
        assert said == b""


def test_python_m_kijigura_is_the_same_command(sample: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kijigura", "stats", "--archive", sample, "--json"], capture_output=True, timeout=60,
        env=environment(), check=False,
    )
    assert (done.returncode, json.loads(done.stdout)["articles"]) == (0, 62)
