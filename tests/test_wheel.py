"""A wheel, installed away from the checkout: what it needs at run time is in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

PAGE = """
from pathlib import Path
import kijigura, search, web
from search.keeper import Keeper
from web import create_app
assert str(Path(web.__file__)).startswith({installed!r}), web.__file__
client = create_app(Keeper(Path("archive"))).test_client()
for language, word in (("ja", "検索"), ("en", "Search")):
    page = client.get("/", query_string={{"q": "ラヴロフ", "lang": language}})
    assert page.status_code == 200, page.status
    assert "<mark>" in page.text and word in page.text, page.text[:2000]
for path in (Path(web.__file__).parent / "static").iterdir():
    assert client.get(f"/static/{{path.name}}").status_code == 200, path
topic = client.get("/topic/ukraine-peace-talks", query_string={{"lang": "en"}})
assert "Ukraine peace talks" in topic.text
print("pages served")
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling")
    out = tmp_path_factory.mktemp("wheel")
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(out), str(ROOT))
    (built,) = out.glob("kijigura-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site")
    _pip("install", "--no-deps", "--no-index", "--no-compile", "--target", str(target), str(wheel))
    return target


def _pip(*args: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", *args], capture_output=True, text=True,
        timeout=120, check=False,
    )
    assert done.returncode == 0, done.stderr


def _run(installed: Path, cwd: Path, *args: str) -> str:
    """Python with the wheel before everything else; not even the working directory is the checkout."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("KIJIGURA_")}
    done = subprocess.run(
        [sys.executable, *args], capture_output=True, text=True, timeout=120, cwd=cwd, check=False,
        env={**environment, "PYTHONPATH": str(installed)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_has_what_it_needs_and_nothing_of_the_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "seeds/topics.toml", "seeds/000_9dfb955ff9d1b83b.txt", "seeds/articles.jsonl", "search/data/countries.toml",
        "search/data/entities.toml", "search/data/titles.toml", "search/data/suffixes.toml",
    ):
        assert wanted in names
    for folder, ending in (
        ("seeds/text/", ".txt"), ("seeds/markdown/", ".md"), ("seeds/html/", ".html"), ("web/templates/", ".html"),
        ("web/static/", ".css"), ("web/translations/ja/", ".mo"),
    ):
        assert any(name.startswith(folder) and name.endswith(ending) for name in names), folder
    tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert tops == {"kijigura", "search", "indexer", "web", "seeds"}
    assert not [name for name in names if "__pycache__" in name or name.endswith((".sqlite", ".pyc"))]


def test_every_file_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for package in ("kijigura", "search", "indexer", "web", "seeds"):
        for path in (ROOT / package).rglob("*"):
            name = path.relative_to(ROOT).as_posix()
            if path.is_file() and "__pycache__" not in name and not any(p.startswith(".") for p in name.split("/")):
                assert name in names


def test_the_installed_wheel_takes_in_its_samples_and_serves_pages(installed: Path, tmp_path: Path) -> None:
    where = _run(installed, tmp_path, "-c", "import kijigura, seeds; print(kijigura.__file__); print(*seeds.__path__)")
    assert where.splitlines()[0].startswith(str(installed))
    assert where.splitlines()[1].startswith(str(installed))
    added = _run(
        installed, tmp_path, "-m", "kijigura", "add", str(installed / "seeds"), "--workers", "1", "--json"
    ).splitlines()
    summary = json.loads(added[-1])
    assert (summary["added"], summary["rejected"], summary["indexed"]) == (62, 0, 62)
    found = json.loads(_run(installed, tmp_path, "-m", "kijigura", "search", "ラヴロフ", "--format", "json"))
    assert found["total"] > 0
    assert found["facets"]["topic"][0]["label"] == "ウクライナ和平交渉"
    assert _run(installed, tmp_path, "-c", PAGE.format(installed=str(installed))) == "pages served\n"
