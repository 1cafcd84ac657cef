"""analyze, names, entity."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from command_line import kijigura, value

SENTENCE = "習近平国家主席はロシアのラブロフ外相と北京で会談した。"


# ---- analyze ------------------------------------------------------------------------------------


def test_analyze_shows_long_units_with_their_short_ones() -> None:
    result = kijigura("analyze", "国連安全保障理事会の協議")
    assert result.exit_code == 0
    assert [line.split("\t")[:2] for line in result.stdout.splitlines()] == [
        ["国連", "国連"], ["安全保障理事会", "安全保障理事会"], ["の", "の"], ["協議", "協議"]
    ]
    assert result.stdout.splitlines()[1].split("\t")[3] == "安全 保障 理事 会"


def test_analyze_json_has_offsets_into_the_text() -> None:
    text = "😀ラヴロフ氏、知事選。"
    found = value(kijigura("analyze", text, "--json"))
    assert "sudachi" in found["analysis"]
    assert all(text[unit["start"]:unit["end"]] == unit["surface"] for unit in found["units"])
    assert "".join(unit["surface"] for unit in found["units"]) == text
    assert {"ラブロフ", "知事選"} <= {unit["term"] for unit in found["units"]}


@pytest.mark.parametrize("text", ["", "-5度", "-h5", "\udcff", "   ", "\n", "あ" * 50_000])
def test_analyze_takes_any_text(text: str) -> None:
    assert kijigura("analyze", "--json", "--", text).exit_code == 0


def test_analyze_takes_a_text_that_begins_with_a_minus() -> None:
    assert "度" in kijigura("analyze", "-5度").stdout


# ---- names ----------------------------------------------------------------------------------------


def test_names_json_has_the_shape_of_the_contract() -> None:
    result = kijigura("names", "-", "--json", stdin=SENTENCE)
    assert (result.exit_code, result.stderr) == (0, "")
    (mentions,) = value(result).values()
    for m in mentions:
        assert list(m) == [
            "start", "end", "surface", "kind", "entity", "name", "confidence", "role", "about", "inferred",
        ]
        assert SENTENCE[m["start"]:m["end"]] == m["surface"]
        assert 0 < m["confidence"] <= 1
    assert {(m["surface"], m["kind"], m["entity"]) for m in mentions} >= {
        ("習近平", "person", "xi-jinping"), ("ロシア", "country", "RU"), ("ラブロフ", "person", "sergey-lavrov")
    }
    assert next(m["name"] for m in mentions if m["surface"] == "ラブロフ") == "セルゲイ・ラブロフ"


def test_names_reads_a_file_and_prints_a_line_for_each(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text(SENTENCE, encoding="utf-8")
    result = kijigura("names", tmp_path / "in.txt")
    assert result.stdout.splitlines()[0].split("\t") == ["0", "3", "person", "習近平", "習近平"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16", "iso2022_jp"])
def test_names_reads_the_encodings_that_japanese_files_have(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "in.txt").write_bytes(SENTENCE.encode(encoding))
    surfaces = [m["surface"] for m in value(kijigura("names", tmp_path / "in.txt", "--json"))["mentions"]]
    assert {"習近平", "ラブロフ"} <= set(surfaces)


def test_names_keeps_offsets_right_over_windows_line_ends(tmp_path: Path) -> None:
    text = "停戦。\r\n\r\n" + SENTENCE
    (tmp_path / "in.txt").write_bytes(text.encode())
    for m in value(kijigura("names", tmp_path / "in.txt", "--json"))["mentions"]:
        assert text[m["start"]:m["end"]] == m["surface"]


@pytest.mark.parametrize("text", ["", "何もない。", "\n\n", "😀"])
def test_a_text_without_names_is_no_failure(text: str) -> None:
    assert value(kijigura("names", "-", "--json", stdin=text)) == {"mentions": []}


def test_names_of_what_is_no_text_or_not_there_are_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(bytes(range(256)) * 20)
    result = kijigura("names", tmp_path / "picture")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: {tmp_path / 'picture'}: ")
    assert kijigura("names", tmp_path / "nowhere").exit_code == 2
    assert kijigura("names", tmp_path).exit_code in (1, 2)


# ---- entity ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ラヴロフ", "ラブロフ外相", "Sergey Lavrov", "sergey-lavrov"])
def test_entity_shows_one_person_by_any_name(sample: Path, name: str) -> None:
    result = kijigura("entity", name, "--archive", sample)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("セルゲイ・ラブロフ (sergey-lavrov, person): 7 articles, 2 of them about it\n")
    assert re.search(r"^  ラヴロフ \d+", result.stdout, re.M)
    assert re.search(r"^  country: .*ロシア \d", result.stdout, re.M)
    assert re.search(r"^  topic: .*ウクライナ和平交渉 \d", result.stdout, re.M)


def test_entity_json(sample: Path) -> None:
    found = value(kijigura("entity", "中国", "--archive", sample, "--json"))
    assert list(found) == [
        "id", "kind", "name", "name_en", "aliases", "total", "first", "last", "histogram", "neighbours", "network",
        "desks", "sources", "topics", "coverage", "about_total", "about_histogram", "about", "newest",
    ]
    assert (found["id"], found["kind"], found["total"]) == ("CN", "country", 12)
    assert list(found["aliases"][0]) == ["surface", "count", "first", "last"]
    assert found["aliases"][0]["surface"] == "中国"
    assert list(found["aliases"][0]["first"]) == ["id", "title", "published"]
    assert list(found["neighbours"]["person"][0]) == ["id", "name", "count", "association"]
    assert all(set(tie["between"]) <= set(found["network"]["nodes"]) for tie in found["network"]["ties"])
    assert list(found["histogram"][0]) == ["from", "to", "count"]


@pytest.mark.parametrize("name", ["だれもいない", "", "\udcff", "ロシア外相"])
def test_an_unknown_name_is_an_exit_status_of_1_and_says_what_to_do(sample: Path, name: str) -> None:
    result = kijigura("entity", name, "--archive", sample)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Look for the word: kijigura search" in result.stderr
