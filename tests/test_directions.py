"""Which package may import which, read from the code: indexer -> search <- web, and kijigura over all three."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# What each of our packages may import of ours, itself aside.
OURS: Mapping[str, frozenset[str]] = {
    "search": frozenset(),
    "indexer": frozenset({"search"}),
    "web": frozenset({"search"}),
    "kijigura": frozenset({"search", "indexer", "web"}),
}

# Where a library of others may be imported: a package, a folder or a module.
ONLY_IN: Mapping[str, str] = {
    "flask": "web",
    "flask_babel": "web",
    "waitress": "web",
    "werkzeug": "web",
    "jinja2": "web",
    "click": "kijigura",
    "whoosh": "search.whoosh_engine",
    "sudachipy": "search.japanese.tokens",
    "opensearchpy": "search.opensearch_engine",
    "sqlite3": "search.archive_file",
    "ir_measures": "search.evaluation",
    "trafilatura": "indexer",
    "lxml": "indexer",
    "yaml": "indexer",
    "charset_normalizer": "indexer",
    "feedparser": "indexer.formats",
    "warcio": "indexer.formats",
    "pypdf": "indexer.formats",
    "zstandard": "indexer.formats",
    "urllib3": "indexer.fetching",
    "certifi": "indexer.fetching",
    "protego": "indexer.fetching",
    "watchfiles": "kijigura.adding",
    "rensa": "indexer.duplicates",
}
# The first catches what SQLite raises where nothing else did; the second has a file of its own.
ALSO = {("kijigura.command", "sqlite3"), ("indexer.fetching.notebook", "sqlite3")}


@cache
def modules() -> dict[str, str]:
    """Dotted name -> source, of every module of ours."""
    found: dict[str, str] = {}
    for package in OURS:
        for path in (ROOT / package).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path.read_text(encoding="utf-8")
    return found


def imported(name: str, source: str) -> Iterator[str]:
    """The dotted names that a module imports, inside functions and `if TYPE_CHECKING` too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(name.split(".")[: -node.level]) if node.level else ""
            yield ".".join(filter(None, (base, node.module)))
        elif (
            isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
            and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("import_module", "__import__")
        ):
            yield node.args[0].value


def violations(name: str, source: str) -> list[str]:
    """A line for each import that goes in a direction it may not."""
    package = name.split(".")[0]
    wrong: list[str] = []
    for target in imported(name, source):
        top = target.split(".")[0]
        if top in OURS and top != package and top not in OURS[package]:
            wrong.append(f"{name} imports {target}")
        home = ONLY_IN.get(top)
        if home and not f"{name}.".startswith(f"{home}.") and (name, top) not in ALSO:
            wrong.append(f"{name} imports {target}, which is for {home}")
    return wrong


@pytest.mark.parametrize("name", sorted(modules()))
def test_imports_go_in_their_direction(name: str) -> None:
    assert violations(name, modules()[name]) == []


def test_every_package_was_looked_at() -> None:
    assert {name.split(".")[0] for name in modules()} == set(OURS)
    assert {"search.japanese.tokens", "search.query.syntax", "web.server", "kijigura.__main__"} <= set(modules())


def test_the_one_place_that_knows_all_three_is_the_command_line() -> None:
    known = {
        package: {target.split(".")[0] for name, source in modules().items() if name.split(".")[0] == package
                  for target in imported(name, source)} & (set(OURS) - {package})
        for package in OURS
    }
    assert known == {package: set(others) for package, others in OURS.items()}


@pytest.mark.parametrize(("name", "source"), [
    ("search.answer", "import web"),
    ("search.answer", "from indexer.pipeline import take_in"),
    ("search.answer", "def f():\n    import web.server"),
    ("search.answer", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from indexer import raw"),
    ("search.answer", "import importlib\nimportlib.import_module('web.server')"),
    ("search.answer", "__import__('indexer')"),
    ("search.answer", "import os, flask"),
    ("search.library", "from whoosh.index import open_dir"),
    ("search.japanese.tokens_too", "import sudachipy"),
    ("search.query.words", "from sudachipy import Dictionary"),
    ("web.server", "import kijigura"),
    ("web.server", "import indexer.pipeline as p"),
    ("indexer.pipeline", "from web import create_app"),
    ("indexer.pipeline", "from flask import Flask"),
    ("kijigura.command", "import flask"),
    ("kijigura.command", "from whoosh import index"),
    ("search.library", "import sqlite3"),
])
def test_an_import_in_another_direction_would_be_noticed(name: str, source: str) -> None:
    assert len(violations(name, source)) == 1


@pytest.mark.parametrize(("name", "source"), [
    ("search.whoosh_engine.engine", "from whoosh import scoring"),
    ("search.japanese.tokens", "from sudachipy import Dictionary"),
    ("web.server", "import flask\nfrom search.library import Library\nfrom web.params import read"),
    ("web.server", "from . import params\nfrom .params import read"),
    ("indexer.pipeline", "from search.archive import Archive"),
    ("kijigura.serving", "from web.server import serve\nfrom indexer import pipeline\nimport search.library"),
    ("search.answer", '"""import web"""\n# import indexer\nname = "from web import x"'),
])
def test_an_import_in_the_right_direction_is_none_of_its_business(name: str, source: str) -> None:
    assert violations(name, source) == []
