"""Settings: which value wins, what is refused, and that each one is documented."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from search.errors import UsageError
from search.settings import FILE_NAME, SETTINGS, load

ROOT = Path(__file__).resolve().parents[2]


def written(directory: Path, text: str) -> Path:
    directory.mkdir(exist_ok=True)
    (directory / FILE_NAME).write_text(text, encoding="utf-8")
    return directory


def value(name: str, options: dict[str, Any], environment: dict[str, str]) -> tuple[object, str]:
    found = load(options, environment)[name]
    return found.value, found.origin


def test_an_option_wins_over_the_environment_over_the_file_over_the_default(tmp_path: Path) -> None:
    archive = {"archive": str(written(tmp_path, "port = 8003"))}
    environment = {"KIJIGURA_PORT": "8002"}
    assert value("port", {**archive, "port": 8001}, environment) == (8001, "option")
    assert value("port", archive, environment) == (8002, "KIJIGURA_PORT")
    assert value("port", archive, {}) == (8003, str(tmp_path / FILE_NAME))
    assert value("port", {"archive": str(tmp_path / "elsewhere")}, {}) == (8000, "default")


@pytest.mark.parametrize(("name", "default"), [
    ("archive", "./archive"), ("engine", None), ("host", "127.0.0.1"), ("port", 8000), ("workers", None),
])
def test_what_is_set_by_nobody_has_its_default(name: str, default: object, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    assert value(name, {}, {}) == (default, "default")


def test_every_setting_is_listed() -> None:
    assert [s.name for s in SETTINGS] == ["archive", "engine", "host", "port", "workers"] == list(load({}, {}))


def test_the_file_lies_in_the_archive_that_the_environment_names(tmp_path: Path) -> None:
    written(tmp_path, 'host = "0.0.0.0"')
    assert value("host", {}, {"KIJIGURA_ARCHIVE": str(tmp_path)}) == ("0.0.0.0", str(tmp_path / FILE_NAME))


@pytest.mark.parametrize("empty", [{"KIJIGURA_PORT": ""}, {"PORT": "1"}, {}])
def test_an_empty_variable_sets_nothing(empty: dict[str, str], tmp_path: Path) -> None:
    assert value("port", {"archive": str(tmp_path)}, empty) == (8000, "default")


@pytest.mark.parametrize(("name", "text", "number"), [
    ("port", "0", 0), ("port", "65535", 65_535), ("port", " 8001 ", 8001), ("workers", "1", 1), ("workers", "64", 64),
])
def test_numbers_are_taken_as_text_too(name: str, text: str, number: int, tmp_path: Path) -> None:
    variable = {f"KIJIGURA_{name.upper()}": text}
    assert value(name, {"archive": str(tmp_path)}, variable)[0] == number


@pytest.mark.parametrize(("name", "bad", "wanted"), [
    ("port", "eighty", "no number from 0 to 65535"),
    ("port", "-1", "no number from 0 to 65535"),
    ("port", "65536", "no number from 0 to 65535"),
    ("port", "80.5", "no number from 0 to 65535"),
    ("workers", "0", "no number from 1 to 64"),
    ("workers", "1000000", "no number from 1 to 64"),
    ("host", "  ", "no text"),
    ("archive", " ", "no text"),
])
def test_a_bad_value_of_a_variable_names_itself_and_its_place(name: str, bad: str, wanted: str, tmp_path: Path) -> None:
    variable = f"KIJIGURA_{name.upper()}"
    with pytest.raises(UsageError) as raised:
        load({} if name == "archive" else {"archive": str(tmp_path)}, {variable: bad})
    assert str(raised.value) == f"{variable} sets {name} to {bad!r}, which is {wanted}. Change it there."


@pytest.mark.parametrize(("text", "name", "shown"), [
    ('port = "eighty"', "port", "'eighty'"), ("port = true", "port", "True"), ("port = 8000.5", "port", "8000.5"),
    ("port = [1]", "port", "[1]"), ("host = 5", "host", "5"), ("engine = ['x']", "engine", "['x']"),
    ('host = ""', "host", "''"),
])
def test_a_bad_value_in_the_file_names_itself_and_the_file(text: str, name: str, shown: str, tmp_path: Path) -> None:
    written(tmp_path, text)
    with pytest.raises(UsageError) as raised:
        load({"archive": str(tmp_path)}, {})
    assert str(raised.value).startswith(f"{tmp_path / FILE_NAME} sets {name} to {shown}, which is no ")


@pytest.mark.parametrize("key", ["prot", "archive", "Port"])
def test_an_unknown_key_names_itself_the_file_and_the_known_ones(key: str, tmp_path: Path) -> None:
    written(tmp_path, f'{key} = "x"')
    with pytest.raises(UsageError) as raised:
        load({"archive": str(tmp_path)}, {})
    assert str(raised.value) == (
        f"{tmp_path / FILE_NAME} sets {key!r}, which is no setting. Known are: engine, host, port, workers."
    )


@pytest.mark.parametrize("data", [b"port = ", b"\xff\xfe", "ポート".encode("cp932"), b"[[["])
def test_a_file_that_is_no_toml_is_named_with_what_to_do(data: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(data)
    with pytest.raises(UsageError, match=r"kijigura\.toml cannot be read: .*\. Mend or remove it\."):
        load({"archive": str(tmp_path)}, {})


def test_a_directory_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(UsageError, match="cannot be read"):
        load({"archive": str(tmp_path)}, {})


def test_the_byte_order_mark_of_a_windows_editor_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"\xef\xbb\xbfport = 8005\r\n")
    assert value("port", {"archive": str(tmp_path)}, {})[0] == 8005


@pytest.mark.parametrize("there", ["a file", "nothing"])
def test_an_archive_that_is_not_there_has_no_file_to_read(there: str, tmp_path: Path) -> None:
    if there == "a file":
        (tmp_path / "archive").write_text("")
    assert value("port", {"archive": str(tmp_path / "archive")}, {}) == (8000, "default")


@pytest.mark.parametrize("readme", ["README.md", "README.ja.md"])
def test_every_setting_has_a_row_in_the_table_of_the_readme(readme: str) -> None:
    """| `port` | `KIJIGURA_PORT` | `--port` | 8000 | … |, in any order of columns; no row for what is no setting."""
    rows = re.findall(r"^\|.*`KIJIGURA_[A-Z_]+`.*\|$", (ROOT / readme).read_text(encoding="utf-8"), re.MULTILINE)
    listed = {row: re.search(r"`(KIJIGURA_[A-Z_]+)`", row)[1] for row in rows}  # type: ignore[index]
    assert sorted(listed.values()) == sorted(s.environment for s in SETTINGS)
    for row, variable in listed.items():
        setting = next(s for s in SETTINGS if s.environment == variable)
        assert f"`{setting.name}`" in row or f"`--{setting.name}" in row, f"{readme} names no option in: {row}"
        if setting.default is not None:
            assert str(setting.default) in row, f"{readme} names another default than {setting.default}: {row}"
