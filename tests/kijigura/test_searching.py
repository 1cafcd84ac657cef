"""search, export, explain, show."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from command_line import kijigura, lines, value

from kijigura.searching import as_text
from search.errors import IndexDamaged
from search.library import Library
from search.query.model import Request
from search.results import Hit, Interpretation, ResultPage, SectionHit, Snippet, WordForm

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
        "query", "total", "took_ms", "interpreted", "forms", "hits", "facets", "histogram", "partial_total",
        "did_you_mean", "notes",
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
    (["停戦", "--exclude", "desk=国際"], ["停戦 -面:国際"]),
    (["--exclude", "person=ラヴロフ", "--exclude", "person=プーチン"],
     ["-人物:ラヴロフ -人物:プーチン"]),
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
    note = "「だれもいない」という人物はこの記事蔵にありません。"
    for command in (["search", "--format", "json"], ["search", "--format", "csv"], ["export"]):
        result = kijigura(*command, "--person", "だれもいない", "--archive", sample)
        assert (result.exit_code, result.stderr) == (0, f"{note}\n")
        if "json" in command:       # where it has a place of its own
            assert value(result)["notes"] == [note]
        else:
            assert "だれもいない」" not in result.stdout


def test_the_text_names_the_words_the_count_and_each_article(sample: Path, mine: str) -> None:
    result = kijigura("search", "ラヴロフ", "和平案", "--archive", sample)
    assert (result.exit_code, result.stderr) == (0, "")
    text = result.stdout.splitlines()
    assert text[0].startswith("ラヴロフ = セルゲイ・ラブロフ (")
    assert any(re.fullmatch(r"\d+ articles, \d+ ms", line) for line in text[1:4])
    assert any(line == f"  no date · {mine}" for line in text)
    assert any("[ウクライナの平和的解決を求める]" in line and "*和平案*" in line for line in text)
    assert any(line.startswith("person: セルゲイ・ラブロフ") for line in text)


SECTION = SectionHit(0, None, Snippet("停戦と合意", ((0, 2),)))
HITS = (
    Hit("a", Snippet("全部"), None, None, "見本新聞", None, 2.0, (SECTION,)),
    Hit("b", Snippet("一部"), None, None, None, None, 1.0, (), partial=True, missing=("停戦", "合意")),
    Hit("c", Snippet("これも"), None, None, None, None, 1.0, (), partial=True, missing=("合意",)),
)
EMPTY = ResultPage("", 0, 1.2, (), {"person": (), "country": (), "topic": ()}, ())


@pytest.mark.parametrize(("page", "text"), [
    (replace(EMPTY, total=1, hits=HITS[:1]), [
        "1 article, 1 ms", "", "全部", "  no date · 見本新聞 · a", "    *停戦*と合意",
    ]),
    (replace(EMPTY, total=1, partial_total=2, hits=HITS), [
        "1 article, 1 ms", "", "全部", "  no date · 見本新聞 · a", "    *停戦*と合意", "",
        "---- 1 article with all of the words; these 2 have only part of them ----", "",
        "一部", "  no date · b", "    lacks: 停戦 合意", "", "これも", "  no date · c", "    lacks: 合意",
    ]),
    (replace(EMPTY, partial_total=1, hits=HITS[1:2]), [
        "0 articles, 1 ms", "", "---- 0 articles with all of the words; this 1 has only part of them ----", "",
        "一部", "  no date · b", "    lacks: 停戦 合意",
    ]),
    (replace(EMPTY, partial_total=1, as_sentence=True, hits=(replace(HITS[1], missing=()),)), [
        "0 articles, 1 ms", "",
        "---- 0 articles with the whole sentence in title or first sentences; this 1 comes near ----", "",
        "一部", "  no date · b", "    has all of the words, but not all in its title or first sentences",
    ]),
    (replace(EMPTY, partial_total=40, page=9), ["0 articles, 1 ms", "Page 9 is past the last one, 2."]),
    (replace(EMPTY, total=1234, hits=HITS[:1]), [
        "1,234 articles, 1 ms", "", "全部", "  no date · 見本新聞 · a", "    *停戦*と合意",
    ]),
    (replace(EMPTY, notes=("古い索引です。",), did_you_mean="停戦 合意"), [
        "古い索引です。", "Did you mean: 停戦 合意", "0 articles, 1 ms",
    ]),
    (replace(EMPTY, forms=(
        WordForm("首相", "総理大臣", "synonym"), WordForm("首相", "内閣総理大臣", "synonym"),
        WordForm("日経", "日本経済新聞", "abbreviation", is_off=True),
        WordForm("申込", "申し込み", "spelling"), WordForm("申込", "申込み", "spelling", is_off=True),
    )), [
        "首相 = 総理大臣, 内閣総理大臣", "日経 = 日経; off: 日本経済新聞", "申込 = 申し込み; off: 申込み",
        "0 articles, 1 ms",
    ]),
    (replace(EMPTY, interpreted=(
        Interpretation("lavrov", "person", "p-1", "セルゲイ・ラブロフ", ("セルゲイ・ラブロフ", "ラブロフ", "ラヴロフ")),
        Interpretation("習氏", "person", "person-2", "習近平", ("習主席",), is_off=True),
    ), forms=(WordForm("lavrov", "露外相", "english"),)), [
        "lavrov = セルゲイ・ラブロフ (ラブロフ、ラヴロフ), 露外相", "習氏 = 習氏; off: 習近平", "0 articles, 1 ms",
    ]),
])
def test_the_text_of_a_page(page: ResultPage, text: list[str]) -> None:
    assert as_text(page).splitlines() == text


def test_articles_with_part_of_the_words_follow_and_say_what_they_lack(sample: Path) -> None:
    result = kijigura("search", "ロシア", "停戦", "火星人", "--archive", sample, "--size", 100)
    text = result.stdout.splitlines()
    assert any(line.startswith("0 articles, ") for line in text)
    lacks = [line.strip() for line in text if line.startswith("    lacks: ")]
    assert "lacks: 火星人" in lacks
    assert all(line.endswith("火星人") for line in lacks)
    assert result.stdout.count("---- ") == 1
    saved = kijigura("search", "ロシア", "停戦", "火星人", "--archive", sample, "--format", "csv")
    assert saved.stdout.count("\n") == 1     # the names of the columns


def test_one_form_of_a_word_can_be_switched_off(sample: Path) -> None:
    before = kijigura("search", "和平案", "--archive", sample).stdout.splitlines()[0]
    form = before.removeprefix("和平案 = ").split(", ")[0]
    after = kijigura("search", "和平案", "--off", form, "--archive", sample).stdout.splitlines()[0]
    assert after.startswith("和平案 = ")
    assert after.endswith(f"; off: {form}")


def test_the_text_of_an_odd_query_says_what_was_done_with_it(sample: Path) -> None:
    assert kijigura("search", "!!!", "--archive", sample).stdout.startswith("「!!!」には検索できる語がない")


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


def test_a_feed_is_newest_first_unless_asked_otherwise(sample: Path) -> None:
    def titles(*options: str) -> list[str | None]:
        feed = ET.fromstring(kijigura("search", "停戦", "--archive", sample, "--format", "atom", *options).stdout)
        return [title.text for title in feed.iterfind("{*}entry/{*}title")]

    assert titles() == titles("--sort", "newest") != titles("--sort", "relevance")


@pytest.mark.parametrize("form", ["jsonl", "csv", "ris", "bibtex"])
def test_what_is_saved_has_every_article_unless_a_page_is_asked_for(sample: Path, form: str) -> None:
    record = {"jsonl": '{"id": ', "csv": "\r\n", "ris": "TY  - NEWS", "bibtex": "@article{"}[form]

    def count(*options: str) -> int:
        result = kijigura("search", "--archive", sample, "--format", form, *options)
        assert result.exit_code == 0
        return result.stdout_bytes.decode().count(record) - (form == "csv")

    total = value(kijigura("search", "--archive", sample, "--format", "json"))["total"]
    assert count() == total > 40
    assert count("--size", "7") == 7
    assert count("--page", "2") == 20


def test_an_index_that_breaks_while_it_is_written_out_is_told_and_nothing_written_twice(
    sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(library: Library, request: Request) -> Iterator[tuple[Hit, ...]]:
        yield library.search(request).hits
        raise IndexDamaged("A block is not what it was.")

    monkeypatch.setattr(Library, "all_hits", breaks)
    result = kijigura("search", "--archive", sample, "--format", "csv")
    assert result.exit_code == 1
    assert result.stdout.count("\n") == 21
    assert "What was written is not all: run `kijigura rebuild`" in result.stderr


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


def test_explain_says_what_each_word_adds_and_in_which_forms(sample: Path, mine: str) -> None:
    result = kijigura("explain", "ラヴロフ 停戦 火星", mine, "--archive", sample)
    assert result.exit_code == 0
    first, *leaves = result.stdout.splitlines()
    assert first == f"{mine} does not match, score 0.000"
    rows = [re.fullmatch(r" +([\d.]+) +(\d+) times  (.+)", line) for line in leaves]
    counts = {row[3]: (float(row[1]), int(row[2])) for row in rows if row}
    assert len(counts) == len(leaves)
    # Each form that stands there has a line, with its share.
    assert counts["セルゲイ・ラブロフ (person)"][1] > 0
    assert counts["ラブロフ"][1] > 0
    assert next(count for names, (_, count) in counts.items() if names.startswith("停戦")) >= 1
    assert next(found for names, found in counts.items() if names.startswith("火星")) == (0.0, 0)
    assert all(len(set(names.split(" / "))) == len(names.split(" / ")) for names in counts)


def test_a_person_in_headings_is_found_there_alone_and_explained_so(sample: Path) -> None:
    def ids(query: str) -> set[str]:
        found = kijigura("search", query, "--archive", sample, "--size", 1000, "--format", "json")
        return {hit["id"] for hit in value(found)["hits"] if not hit.get("partial")}

    def names_him_in_a_heading(identity: str) -> bool:
        article = value(kijigura("show", identity, "--json", "--archive", sample))
        headings = [article["title"], *(section["heading"] or "" for section in article["sections"])]
        return any("プーチン" in heading for heading in headings)

    anywhere = ids("人物:プーチン")
    named = {one for one in anywhere if names_him_in_a_heading(one)}
    assert ids("見出し:(人物:プーチン)") == named
    assert ids("人物:プーチン -見出し:(人物:プーチン)") == anywhere - named != set()
    result = kijigura("explain", "見出し:(人物:プーチン)", min(named), "--archive", sample)
    assert result.stdout.splitlines()[1].endswith("プーチン (person)")
    assert " times  title:" in result.stdout


def test_explain_json_is_for_programs(sample: Path, mine: str) -> None:
    found = value(kijigura("explain", "=停戦 -火星", mine, "--json", "--archive", sample))
    assert list(found) == ["id", "matches", "score", "leaves"]
    assert (found["id"], found["matches"]) == (mine, True)
    assert found["score"] > 0
    wanted, unwanted = found["leaves"]
    assert (wanted["leaf"], wanted["count"]) == ("=停戦", 1)
    assert (unwanted["leaf"].startswith("-火星"), unwanted["count"], unwanted["score"]) == (True, 0, 0.0)


def test_explain_takes_a_query_that_begins_with_a_minus(sample: Path, mine: str) -> None:
    assert "does not match" in kijigura("explain", "-中国", mine, "--archive", sample).stdout
    result = kijigura("explain", "--bogus", mine, "--archive", sample)
    assert (result.exit_code, "There is no option --bogus." in result.stderr) == (2, True)
