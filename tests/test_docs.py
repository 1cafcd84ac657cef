"""The READMEs say what there is, and all of it."""

from __future__ import annotations

import ast
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

from indexer import pipeline, upkeep
from kijigura.__main__ import main
from search.archive import Archive

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.ja.md")
PAGES = (*READMES, "ARCHITECTURE.md", "CHANGELOG.md", "seeds/README.md", *(
    str(path.relative_to(ROOT)) for path in sorted((ROOT / "docs").glob("*.md"))
))

CODE = re.compile(r"```.*?```", re.DOTALL)
FENCED = re.compile(r"```(?:sh)?\n(.*?)```", re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")


def text_of(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


def commands(group: click.Group = main, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by its words: `add`, `topics list`."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield before + name, command


COMMANDS = dict(commands())


def named_command(words: list[str]) -> str | None:
    """The command that the words after `kijigura` begin with."""
    return next((" ".join(words[:n]) for n in (2, 1) if " ".join(words[:n]) in COMMANDS), None)


def options_of(name: str) -> set[str]:
    """The options that its help shows."""
    shown = [p for p in COMMANDS[name].params if not getattr(p, "hidden", False)]
    return {"--help"} | {option for parameter in shown for option in parameter.opts if option.startswith("--")}


def examples(file: str) -> list[list[str]]:
    """The words after `kijigura` in code, comments left out."""
    text = text_of(file)
    lines = [line for block in FENCED.findall(text) for line in block.splitlines()]
    lines += INLINE.findall(CODE.sub("", text))
    found = [re.search(r"(?:^|\| )kijigura ([a-z].*)", line) for line in lines]
    return [re.split(r"\s+#|[|>]", match[1])[0].split() for match in found if match]


def table_rows(file: str) -> list[str]:
    return re.findall(r"^\| `kijigura ([^`]+)`", text_of(file), re.MULTILINE)


@pytest.mark.parametrize("file", READMES)
def test_the_table_of_commands_has_every_command_and_no_other(file: str) -> None:
    in_table = [named_command(row.split()) for row in table_rows(file)]
    assert None not in in_table
    assert sorted(map(str, in_table)) == sorted(COMMANDS)


@pytest.mark.parametrize("file", [*READMES, "ARCHITECTURE.md", "CHANGELOG.md", "docs/archive.md"])
def test_every_command_that_is_named_exists(file: str) -> None:
    named = [words for words in examples(file) if words[0] != "COMMAND"]
    assert named
    assert [words for words in named if named_command(words) is None] == []


@pytest.mark.parametrize("file", READMES)
def test_every_option_of_an_example_is_one_of_its_command(file: str) -> None:
    for words in examples(file):
        name = named_command(words)
        if name:
            used = {word.split("=")[0] for word in words if word.startswith("--")}
            assert used <= options_of(name), f"kijigura {name}"


@pytest.mark.parametrize("file", READMES)
def test_every_option_that_is_named_exists_somewhere(file: str) -> None:
    known = set().union(*map(options_of, COMMANDS)) | {"--version", "--strict"}
    code = " ".join(INLINE.findall(CODE.sub("", text_of(file))))
    used = set(re.findall(r"--[a-z][a-z-]*", code))
    assert used - known == set()


@pytest.mark.parametrize("file", READMES)
def test_the_options_of_a_row_are_of_its_command(file: str) -> None:
    for line in text_of(file).splitlines():
        row = re.match(r"\| `kijigura ([^`]+)` \|(.*)", line)
        if row and (name := named_command(row[1].split())):
            assert set(re.findall(r"`(--[a-z][a-z-]*)", row[2])) <= options_of(name), f"kijigura {name}"


@pytest.mark.parametrize("file", READMES)
def test_search_and_export_take_the_filters_that_are_listed(file: str) -> None:
    both = options_of("search") & options_of("export") - {"--help", "--archive", "--engine", "--workers"}
    text = text_of(file)
    assert [option for option in sorted(both) if option not in text] == []


@pytest.mark.parametrize("file", READMES)
def test_every_make_target_that_is_named_exists(file: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)(?=[ `\n]*(?:#|`|\n))", text_of(file)))
    assert {"demo", "test", "check", "bench"} <= named
    assert named <= targets


@pytest.mark.parametrize("file", PAGES)
def test_links_inside_the_project_lead_somewhere(file: str) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", CODE.sub("", text_of(file)))
    inside = [link for link in links if not link.startswith(("http:", "https:"))]
    assert [link for link in inside if not ((ROOT / file).parent / unquote(link)).exists()] == []


@pytest.mark.parametrize("file", READMES)
def test_a_readme_begins_with_a_picture(file: str) -> None:
    picture = re.match(r"!\[[^\]]{10,}\]\(([^)]+\.png)\)\n", text_of(file))
    assert picture
    assert (ROOT / picture[1]).stat().st_size > 10_000


READING_ROOM = "docs/reading_room.md"
PROOF = re.compile(r"`(tests/[a-z_/]+\.py)::(test_[a-z0-9_]+)`")


def functions_of(file: str) -> set[str]:
    """The functions that pytest finds in a module."""
    body = ast.parse(text_of(file)).body
    return {node.name for node in body if isinstance(node, ast.FunctionDef)}


def test_every_test_that_the_page_about_the_reading_room_names_exists() -> None:
    named = set(PROOF.findall(text_of(READING_ROOM)))
    functions = {file: functions_of(file) for file, _ in named if (ROOT / file).exists()}
    assert len(named) > 100
    assert [f"{file}::{name}" for file, name in sorted(named) if name not in functions.get(file, ())] == []


def test_every_row_of_the_page_about_the_reading_room_has_its_proof() -> None:
    rows = [line for line in text_of(READING_ROOM).splitlines() if re.match(r"\| (?!---|what the reader gets)", line)]
    # What else may prove a row is a command; what is not there yet says so.
    proof = re.compile(rf"{PROOF.pattern}|`python -m benchmarks|`make [a-z]+`|^ not there yet: ")
    assert rows
    assert [row for row in rows if not proof.search(row.split("|")[2])] == []


@pytest.mark.parametrize("file", [READING_ROOM, "docs/benchmarks.md", "docs/quality.md", "docs/topics.md"])
def test_every_benchmark_that_is_named_exists(file: str) -> None:
    named = set(re.findall(r"python -m (benchmarks\.[a-z_]+)", text_of(file)))
    assert [name for name in sorted(named) if not (ROOT / f"{name.replace('.', '/')}.py").exists()] == []


@pytest.mark.parametrize("file", ["ARCHITECTURE.md", "docs/benchmarks.md"])
def test_files_that_are_named_exist(file: str) -> None:
    text = CODE.sub("", text_of(file))
    # `indexer/formats/NAME.py` is a pattern, `search/data/*.toml` another.
    named = re.findall(r"`((?:search|indexer|web|kijigura|tests|benchmarks|docs|seeds)/[a-z_/.]*)`", text)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_both_readmes_have_the_same_code() -> None:
    """Commands and addresses are the same in every language; comments are not."""
    japanese, english = (
        [re.sub(r"\s+#.*| {2,}\S.*", "", block) for block in CODE.findall(text_of(readme))] for readme in READMES
    )
    assert japanese == english


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample archive."""
    directory = tmp_path_factory.mktemp("docs")
    with Archive.open(directory, create=True) as opened:
        list(pipeline.take_in(opened, [ROOT / "seeds"]))
        upkeep.ensure_index(opened, None, workers=1, say=lambda _: None)
    return directory


@pytest.mark.parametrize("number", range(3))
def test_the_queries_of_the_page_about_the_archive_find_something(archive: Path, number: int) -> None:
    query = re.findall(r"```sql\n(.*?)```", text_of("docs/archive.md"), re.DOTALL)[number]
    db = sqlite3.connect(f"{(archive / 'articles.sqlite').as_uri()}?mode=ro", uri=True)
    assert db.execute(query).fetchall()
    db.close()


def test_the_page_about_the_archive_names_every_table_and_column(archive: Path) -> None:
    text = text_of("docs/archive.md")
    db = sqlite3.connect(f"{(archive / 'articles.sqlite').as_uri()}?mode=ro", uri=True)
    tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    columns = [row[1] for table in tables for row in db.execute(f"PRAGMA table_info({table})")]
    db.close()
    assert [name for name in (*tables, *columns) if f"`{name}`" not in text] == []


@pytest.mark.parametrize("file", [*READMES, "CHANGELOG.md"])
def test_the_sample_archive_has_as_many_articles_as_is_said(archive: Path, file: str) -> None:
    said = re.search(r"sample archive of (\d+) articles|記事(\d+)本", text_of(file))
    assert said
    with Archive.open(archive) as opened:
        assert int(said[1] or said[2]) == opened.count()
