"""search, export, explain, show."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from command_line import kijigura, lines, value

FACETS = ["person", "country", "organization", "place", "topic", "desk", "source", "year"]


@pytest.fixture
def search(sample: Path) -> Any:
    """Searches the sample archive and returns the JSON."""
    return lambda *args: value(kijigura("search", "--archive", sample, "--format", "json", *args))


# ---- search ---------------------------------------------------------------------------------------


def test_the_json_has_the_shape_of_the_contract(sample: Path) -> None:
    result = kijigura("search", "習主席", "--archive", sample, "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    page = value(result)
    assert list(page) == [
        "query", "total", "took_ms", "interpreted", "hits", "facets", "histogram", "partial_total", "did_you_mean"
    ]
    assert (page["query"], page["partial_total"], page["did_you_mean"]) == ("習主席", 0, None)
    assert page["interpreted"] == [{"word": "習主席", "as": "person", "entity": "xi-jinping", "name": "習近平"}]
    assert page["total"] == len(page["hits"]) > 0
    for hit in page["hits"]:
        assert list(hit) == ["id", "title", "url", "published", "source", "desk", "score", "sections"]
        assert 1 <= len(hit["sections"]) <= 3
        for section in hit["sections"]:
            assert list(section) == ["number", "heading", "snippet"]
            assert list(section["snippet"]) == ["text", "marks"]
            assert all(0 <= a < b <= len(section["snippet"]["text"]) for a, b in section["snippet"]["marks"])
    assert list(page["facets"]) == FACETS
    assert all(list(v) == ["value", "label", "count", "selected"] for f in page["facets"].values() for v in f)
    assert all(list(bar) == ["from", "to", "count"] for bar in page["histogram"])
    dated = [hit["published"] for hit in page["hits"] if hit["published"]]
    assert all(when.endswith("+09:00") for when in dated)


def test_marks_point_at_the_word(search: Any) -> None:
    for hit in search("ゼレンスキー")["hits"]:
        for section in hit["sections"]:
            text = section["snippet"]["text"]
            assert all("ゼレンスキー" in text[a:b] for a, b in section["snippet"]["marks"])


@pytest.mark.parametrize(("args", "same_as"), [
    (["停戦", "ロシア"], ["停戦 ロシア"]),
    (["-中国"], ["NOT 中国"]),                          # a minus needs no quoting
    (["停戦", "-中国", "-火星"], ["停戦 -中国 -火星"]),
    (["--", "-中国"], ["-中国"]),
    (["-中国", "--size", "5", "停戦"], ["-中国 停戦"]),
    ([], [""]),
    (["停戦", "--section", "国際"], ["停戦", "--desk", "国際"]),
    (["--person", "ラヴロフ"], ["--person", "sergey-lavrov"]),
    (["--topic", "ウクライナ和平交渉"], ["--topic", "Ukraine peace talks"]),
    (["--from", "2024", "--to", "2024"], ["--year", "2024"]),
    (["--from", "2024年4月", "--to", "２０２４年６月"], ["--from", "2024-04-01", "--to", "2024/6/30"]),
    (["停戦\udcff"], ["停戦 "]),                         # bytes that are no UTF-8
])
def test_ways_to_ask_for_the_same(search: Any, args: list[str], same_as: list[str]) -> None:
    found, same = search(*args), search(*same_as)
    assert found["total"] == same["total"]
    assert {hit["id"] for hit in found["hits"]} <= {hit["id"] for hit in same["hits"]}


def test_filters_may_be_repeated_and_combined(search: Any) -> None:
    either = search("--person", "習近平", "--person", "ラブロフ")["total"]
    assert either > search("--person", "習近平")["total"]
    both = search("--person", "習近平", "--country", "スイス")
    assert 0 < both["total"] < search("--person", "習近平")["total"]
    facets = search("--desk", "国際", "--desk", "経済")["facets"]
    assert {v["value"] for v in facets["desk"] if v["selected"]} == {"国際", "経済"}


def test_pages_sizes_and_orders(search: Any) -> None:
    first, second = search("--size", 5), search("--size", 5, "--page", 2)
    assert [h["id"] for h in first["hits"] + second["hits"]] == [h["id"] for h in search("--size", 10)["hits"]]
    past = search("--page", 1000)
    assert (past["total"], past["hits"]) == (62, [])
    oldest = [h["published"] for h in search("--sort", "oldest", "--size", 61)["hits"]]
    assert oldest == sorted(oldest)
    assert search("--size", 100, "--sort", "oldest")["hits"][-1]["published"] is None


def test_expansion_can_be_switched_off(search: Any) -> None:
    wide = search("習主席")["total"]
    assert search("習主席", "--as-typed")["total"] == search("習主席", "--off", "習主席")["total"] == 1 < wide
    assert search("習主席", "--as-typed")["interpreted"] == []


@pytest.mark.parametrize("query", [
    "", "火星人", "!!!", '((("「 AND OR -', "(" * 1_000, "\udcff", "😀", "%", "'; DROP TABLE articles; --",
    "a" * 65_536,
])
def test_a_search_that_finds_nothing_or_is_odd_is_no_failure(sample: Path, query: str) -> None:
    result = kijigura("search", query, "--archive", sample, "--format", "json")
    assert result.exit_code == 0
    assert value(result)["total"] in (0, 62)


def test_notes_go_beside_the_machine_output(sample: Path) -> None:
    for command in (["search", "--format", "json"], ["search", "--format", "csv"], ["export"]):
        result = kijigura(*command, "--person", "だれもいない", "--archive", sample)
        assert result.exit_code == 0
        assert result.stderr == "「だれもいない」という人物はこの記事蔵にありません。\n"
        assert "だれもいない」" not in result.stdout


def test_the_text_names_the_words_the_count_and_each_article(sample: Path, mine: str) -> None:
    result = kijigura("search", "ラヴロフ", "和平案", "--archive", sample)
    assert (result.exit_code, result.stderr) == (0, "")
    text = result.stdout.splitlines()
    assert text[0].startswith("ラヴロフ = セルゲイ・ラブロフ (")
    assert " articles, " in text[1]
    assert any(line == f"  no date · {mine}" for line in text)
    assert any("[ウクライナの平和的解決を求める]" in line and "*和平案*" in line for line in text)
    assert any(line.startswith("person: セルゲイ・ラブロフ") for line in text)


def test_the_text_of_an_odd_query_says_what_was_done_with_it(sample: Path) -> None:
    assert kijigura("search", "!!!", "--archive", sample).stdout.startswith("「!!!」には検索できる語がありません。\n")


def test_csv_ris_and_atom_can_be_read_back(sample: Path, mine: str) -> None:
    def form(name: str) -> str:
        result = kijigura("search", "和平案", "--archive", sample, "--format", name)
        assert (result.exit_code, result.stderr) == (0, "")
        return result.stdout

    wanted = value(kijigura("search", "和平案", "--archive", sample, "--format", "json"))["hits"]
    rows = list(csv.DictReader(io.StringIO(form("csv"), newline="")))
    assert [row["id"] for row in rows] == [hit["id"] for hit in wanted]
    assert mine in [row["id"] for row in rows]
    assert form("ris").count("TY  - NEWS") == form("ris").count("ER  - ") == len(wanted)
    assert len(ET.fromstring(form("atom")).findall("{http://www.w3.org/2005/Atom}entry")) == len(wanted)


# ---- wrong use ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("args", "sentence"), [
    (["--from", "きのう"], "'きのう' is no date. Write 2024, 2024-04, 2024-04-10"),
    (["--to", "2024-02-30"], "'2024-02-30' is no date."),
    (["--sise", "5"], "There is no option --sise. See: kijigura "),
    (["停戦", "--bogus"], "There is no option --bogus."),
    (["--size", "0"], "--size"), (["--size", "many"], "--size"), (["--page", "0"], "--page"),
    (["--sort", "best"], "--sort"), (["--format", "pdf"], "--format"), (["--person"], "--person"),
    (["--engine", "bogus"], "No engine is called 'bogus'. Use whoosh:DIRECTORY"),
    (["--engine", "whoosh:"], "No engine is called 'whoosh:'"),
    (["--archive", ""], "option sets archive to ''"),
])
@pytest.mark.parametrize("command", ["search", "export"])
def test_wrong_use_is_an_exit_status_of_2_and_a_sentence(
    sample: Path, command: str, args: list[str], sentence: str
) -> None:
    if command == "export" and args[0] in ("--size", "--page", "--format"):
        args, sentence = [args[0]], f"There is no option {args[0]}."
    result = kijigura(command, "--archive", sample, *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr


# ---- export ---------------------------------------------------------------------------------------


def test_an_export_has_every_article_in_the_form_that_add_reads(sample: Path, mine: str) -> None:
    result = kijigura("export", "--archive", sample)
    assert (result.exit_code, result.stderr) == (0, "")
    found = {line["id"]: line for line in lines(result)}
    assert len(found) == 62
    keys = {"id", "title", "body", "published", "source", "desk", "url", "authors", "sections"}
    assert all(keys <= line.keys() for line in found.values())
    assert (found[mine]["published"], found[mine]["title_inferred"]) == (None, True)
    assert len(found[mine]["sections"]) == 9
    assert "\n\n## 孤立の中で絆を強める\n\n" in found[mine]["body"]


def test_an_export_takes_the_query_filters_and_order_of_a_search(sample: Path, search: Any) -> None:
    args = ["ロシア", "-ガザ", "--country", "中国", "--from", "2022", "--sort", "oldest"]
    exported = [line["id"] for line in lines(kijigura("export", *args, "--archive", sample))]
    assert exported == [hit["id"] for hit in search(*args, "--size", 100)["hits"]]
    assert kijigura("export", "火星人", "--archive", sample).stdout == ""


# ---- show and explain -----------------------------------------------------------------------------


def test_show_prints_the_article(sample: Path, mine: str) -> None:
    result = kijigura("show", mine, "--archive", sample)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("北京での中国の習近平指導者とロシアのセルゲイ・ラブロフ外相の会談は")
    assert "\n\n## ウクライナの平和的解決を求める\n\n" in result.stdout
    assert "戦略的パートナーシップ" in result.stdout
    dated = kijigura("show", "mihon-2025-05-16-istanbul", "--archive", sample).stdout.splitlines()
    assert dated[1].startswith("2025-05-17 · 見本新聞 · 国際")


def test_show_json_is_the_form_of_an_export(sample: Path, mine: str) -> None:
    shown = value(kijigura("show", mine, "--json", "--archive", sample))
    assert json.dumps(shown) in [json.dumps(line) for line in lines(kijigura("export", "--archive", sample))]


@pytest.mark.parametrize("command", [["show"], ["explain", "停戦"]])
@pytest.mark.parametrize("identity", ["ない", "\udcff", "", "'"])
def test_an_unknown_id_is_an_exit_status_of_1_and_a_sentence(sample: Path, command: list[str], identity: str) -> None:
    result = kijigura(*command, identity, "--archive", sample)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: The archive has no article ")


def test_explain_says_what_each_word_adds(sample: Path, mine: str) -> None:
    result = kijigura("explain", "ラヴロフ 停戦 火星", mine, "--archive", sample)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == f"{mine} does not match, score 0.000"
    assert any(line.split()[0] == "停戦" and line.endswith("1 times") for line in result.stdout.splitlines())
    assert any(line.strip().startswith("セルゲイ・ラブロフ") for line in result.stdout.splitlines())
    found = value(kijigura("explain", "停戦 -火星", mine, "--json", "--archive", sample))
    assert list(found) == ["id", "matches", "score", "leaves"]
    assert (found["id"], found["matches"]) == (mine, True)
    assert found["score"] > 0
    assert [(leaf["leaf"], leaf["count"]) for leaf in found["leaves"]] == [("停戦", 1), ("-火星", 0)]


def test_explain_takes_a_query_that_begins_with_a_minus(sample: Path, mine: str) -> None:
    assert "does not match" in kijigura("explain", "-中国", mine, "--archive", sample).stdout
    result = kijigura("explain", "--bogus", mine, "--archive", sample)
    assert (result.exit_code, "There is no option --bogus." in result.stderr) == (2, True)
