"""The golden suite: what people type and what they expect, on the command line and on the page.

`queries.toml` has the queries, `articles.toml` the archive, `lookalikes.toml` words that only look like being there.
"""

from __future__ import annotations

import json
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from command_line import kijigura
from flask.testing import FlaskClient

from indexer import pipeline, upkeep
from search.archive import Archive
from search.keeper import Keeper
from search.library import Library
from search.query.model import Request
from web import create_app
from web.params import MAX_ADDRESS_BYTES

HERE = Path(__file__).parent
ARTICLES: Mapping[str, Mapping[str, str]] = tomllib.loads((HERE / "articles.toml").read_text(encoding="utf-8"))
TABLES = tomllib.loads((HERE / "queries.toml").read_text(encoding="utf-8"))
LOOKALIKES: list[tuple[str, str, str]] = [
    tuple(row) for row in tomllib.loads((HERE / "lookalikes.toml").read_text(encoding="utf-8"))["texts"]
]
KEYS = {"q", "finds", "only", "misses", "first", "before", "shows", "partial", "off", "as_typed", "means"}
SIZE = 100
"""The most that a page shows; the whole archive fits on it."""

LIMIT_SECONDS = 2.0

Ask = Callable[[Mapping[str, Any]], dict[str, Any]]
"""A line of the tables -> the answer as JSON."""


# ---- the archive, on both sides -----------------------------------------------------------------------


def made(directory: Path, articles: Mapping[str, Mapping[str, str]]) -> Path:
    """An archive of the articles, as `kijigura add` makes it."""
    file = directory / "articles.jsonl"
    with file.open("w", encoding="utf-8") as lines:
        for article_id, article in articles.items():
            print(json.dumps({"id": article_id, **article}, ensure_ascii=False), file=lines)
    with Archive.open(directory / "archive", create=True) as archive:
        assert [taken.outcome for taken in pipeline.take_in(archive, [file])] == ["added"] * len(articles)
        upkeep.ensure_index(archive, None, workers=1, say=lambda _: None)
    return directory / "archive"


@pytest.fixture(scope="session")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("golden"), ARTICLES)


@pytest.fixture(scope="session")
def library(golden: Path) -> Iterator[Library]:
    with Library.open(golden) as opened:
        yield opened


@pytest.fixture(scope="session")
def client(golden: Path) -> FlaskClient:
    return create_app(Keeper(golden)).test_client()


@pytest.fixture(params=["command line", "page"])
def ask(request: pytest.FixtureRequest, golden: Path, client: FlaskClient) -> Ask:
    """Asks the archive a line of the tables, on either side."""
    def on_the_command_line(case: Mapping[str, Any]) -> dict[str, Any]:
        options = [f"--off={form}" for form in case.get("off", ())] + ["--as-typed"] * case.get("as_typed", False)
        result = kijigura("search", "--archive", golden, "--format", "json", "--size", SIZE, *options, case["q"])
        assert result.exit_code == 0, result.stderr
        return dict(json.loads(result.stdout))

    def on_the_page(case: Mapping[str, Any]) -> dict[str, Any]:
        answer = client.get("/?" + urlencode(
            [("q", case["q"]), ("format", "json"), ("size", SIZE), *(("off", form) for form in case.get("off", ()))]
            + [("as_typed", "1")] * case.get("as_typed", False)
        ))
        assert answer.status_code == 200
        return dict(answer.get_json())

    return on_the_page if request.param == "page" else on_the_command_line


# ---- the tables ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """An answer: ids of the articles that match all of the query, and of those that match a part; best first."""

    full: list[str]
    partial: list[str]

    @classmethod
    def of(cls, page: Mapping[str, Any]) -> Found:
        full = [hit["id"] for hit in page["hits"] if not hit.get("partial")]
        partial = [hit["id"] for hit in page["hits"] if hit.get("partial")]
        assert [hit["id"] for hit in page["hits"]] == full + partial, "partial matches stand before full ones"
        assert (page["total"], page["partial_total"]) == (len(full), len(partial))
        return cls(full, partial)


def differences(case: Mapping[str, Any], page: Mapping[str, Any]) -> Iterator[str]:
    """A line for each thing that is not as the table says."""
    found = Found.of(page)
    shown = [*found.full, *found.partial]
    for name, wanted in case.items():
        ids = wanted.split() if isinstance(wanted, str) else []
        match name:
            case "finds" if missing := [one for one in ids if one not in found.full]:
                yield f"does not find {missing}, but {found}"
            case "only" if set(ids) != set(found.full):
                yield f"finds {found.full}, but should find {ids}"
            case "misses" if wrong := [one for one in ids if one in found.full]:
                yield f"finds {wrong}"
            case "first" if shown[:1] != ids:
                yield f"begins with {shown[:1]}, but should with {ids}; {found}"
            case "before" if [one for one in shown if one in ids] != ids:
                yield f"has {[one for one in shown if one in ids]}, but should have {ids} in this order"
            case "shows" if missing := [one for one in ids if one not in shown]:
                yield f"does not show {missing}, but {found}"
            case "partial" if missing := [one for one in ids if one not in found.partial]:
                yield f"has no partial match in {missing}, but {found}"
            case "means" if page["did_you_mean"] != wanted:
                yield f"asks whether {page['did_you_mean']} is meant, but should ask for {wanted}"


CASES = [
    pytest.param(case, id=f"{table}-{number}")      # pytest writes Japanese as numbers
    for table, content in TABLES.items() for number, case in enumerate(content["cases"])
]


@pytest.mark.parametrize("case", CASES)
def test_a_query_finds_what_it_should(case: Mapping[str, Any], ask: Ask) -> None:
    wrong = list(differences(case, ask(case)))
    assert not wrong, f"{case['q']!r} " + "; ".join(wrong)


def test_the_tables_name_articles_that_there_are() -> None:
    lines = [case for content in TABLES.values() for case in content["cases"]]
    assert len(lines) >= 200
    assert {name for case in lines for name in case} <= KEYS
    for case in lines:
        named = {one for name in KEYS - {"q", "off", "as_typed", "means"} for one in case.get(name, "").split()}
        assert named <= set(ARTICLES), case


def test_a_longer_query_never_finds_more(library: Library) -> None:
    words = [case["q"] for table in ("abbreviations", "numbers", "old_and_new_characters", "english")
             for case in TABLES[table]["cases"]][::4]

    def total(text: str) -> int:
        return library.search(Request(text=text)).total

    alone = {word: total(word) for word in words}
    for one in words:
        for other in words[::3]:
            assert total(f"{one} {other}") <= min(alone[one], alone[other]), (one, other)


def test_marks_are_of_characters_that_answer(ask: Ask) -> None:
    for query, spellings in (
        ("申し込み", {"申し込み", "申込", "申込み"}), ("停戦", {"停戦", "休戦"}), ("2万", {"２万", "20,000", "二万"}),
    ):
        marked = {
            section["snippet"]["text"][start:end]
            for hit in ask({"q": query})["hits"] for section in hit["sections"]
            for start, end in section["snippet"]["marks"]
        }
        assert marked
        assert all(any(spelling in one for spelling in spellings) for one in marked), (query, marked)


# ---- 京都 is not in 東京都 ------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def lookalikes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """An archive with two articles for each row: "0-without" and "0-with"."""
    articles = {
        f"{number}-{kind}": {"title": "短信", "body": text}
        for number, (_, without, with_it) in enumerate(LOOKALIKES)
        for kind, text in (("without", without), ("with", with_it))
    }
    with Library.open(made(tmp_path_factory.mktemp("lookalikes"), articles)) as opened:
        yield opened


@pytest.mark.parametrize("number", range(len(LOOKALIKES)))
def test_a_word_is_not_found_where_only_its_characters_are(lookalikes: Library, number: int) -> None:
    word, without, with_it = LOOKALIKES[number]
    assert word in without
    found = {hit.id for hit in lookalikes.search(Request(text=word, size=SIZE)).hits}
    assert f"{number}-with" in found, f"{word} is not found in {with_it}"
    assert f"{number}-without" not in found, f"{word} is found in {without}"


@pytest.mark.parametrize("number", range(len(LOOKALIKES)))
def test_its_characters_are_found_where_they_are_asked_for(lookalikes: Library, number: int) -> None:
    found = {hit.id for hit in lookalikes.search(Request(text=f"={LOOKALIKES[number][0]}", size=SIZE)).hits}
    assert {f"{number}-with", f"{number}-without"} <= found, LOOKALIKES[number]


# ---- whatever is typed ----------------------------------------------------------------------------------

ODD = {
    "nothing but brackets": "(" * 1_000,
    "brackets of both kinds": "（" * 500 + "）" * 500,
    "closing brackets": ")" * 1_000,
    "quotation marks": "\"" * 999,
    "corner brackets": "「" * 300 + "停戦" + "」" * 300,
    "operators alone": "AND OR NOT AND OR NOT -",
    "a minus": "-",
    "exactly nothing": "=",
    "exactly a space": "=　",
    "a star": "*",
    "a tilde": "~",
    "every word that begins with nothing": "停戦 *",
    "near nothing": "NEAR/5 NEAR/5",
    "very near": "停戦 NEAR/999999999999999999999 合意",
    "near by a word": "停戦 NEAR/たくさん 合意",
    "a field of nothing": "見出し:",
    "fields of fields": "見出し:見出し:見出し:停戦",
    "a field that there is not": "天気:晴れ",
    "no date": "日付:きのうあたり",
    "no range": "日付:2024-13-99..令和0年",
    "a range of nothing": "日付:..",
    "backwards": "日付:2024-12..2024-01",
    "controls": "".join(map(chr, range(32))) + "\x7f\x80\x9f",
    "NUL": "停戦\0\0\0",
    "line ends": "停戦\r\n\u2028\u2029\x85合意",
    "marks of direction": "\u202e\u2066停戦\u2069\u202c",
    "nothing to see": "\u200b\u200c\u200d\ufeff",
    "emoji": "🎌👩‍👩‍👧‍👦🇯🇵",
    "combining marks": "か" + "\u3099" * 300,
    "a noncharacter": "\ufffe\uffff\U0010ffff",
    "grows when normalized": "\ufdfa" * 200,
    "IVS": "葛\U000e0101\U000e0101城",
    "markup": "<script>alert(1)</script>",
    "SQL": "'; DROP TABLE articles; --",
    "percent signs": "%%%s%d%00",
    "backslashes": "\\" * 400,
    "a path": "../../etc/passwd",
    "a regular expression": "(.*)+$[",
    "a number that never ends": "9" * 2_000,
    "a number with many points": "1.2.3,4,5兆億万千百十",
    "no number": "兆億万千百十",
    "an era without a year": "令和年月日",
    "one word of kanji": "停戦合意" * 300,
    "one word of katakana": "ゼレンスキー" * 200,
    "many words": "停戦 合意 " * 500,
    "many alternatives": " OR ".join(["停戦", "合意"] * 300),
    "many exact strings": " ".join(["=停", "=の", "=、"] * 100),
    "long Latin": "ceasefire" * 300,
    "many syllables": "shuukinpei" * 200,
    "64 KB": "停戦" * 10_900,
    "64 KB of brackets": "(停戦 " * 5_000,
}


@pytest.mark.parametrize("name", ODD)
def test_the_command_line_answers_whatever_is_typed(golden: Path, name: str) -> None:
    started = time.perf_counter()
    result = kijigura("search", "--archive", golden, "--format", "json", "--", ODD[name])
    assert time.perf_counter() - started < LIMIT_SECONDS
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["query"] is not None


@pytest.mark.parametrize("form", ["json", "html"])
@pytest.mark.parametrize("name", ODD)
def test_the_page_answers_whatever_is_typed(client: FlaskClient, name: str, form: str) -> None:
    address = urlencode({"q": ODD[name], "format": form})
    started = time.perf_counter()
    answer = client.get(f"/?{address}")
    assert time.perf_counter() - started < LIMIT_SECONDS
    if len(address) <= MAX_ADDRESS_BYTES:
        assert answer.status_code == 200
    else:
        # Longer than an address may be: a plain page says so.
        assert answer.status_code in (200, 414)
    if form == "html":
        assert "<script>alert" not in answer.get_data(as_text=True)
