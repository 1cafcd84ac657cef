"""topics: saved queries with a name, and those that the archive itself proposes."""

from __future__ import annotations

import json
import random
import shlex
import shutil
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from command_line import SEEDS, kijigura, value

from search.errors import QueryTooHeavy
from search.library import Library
from search.query.model import Request
from search.topic_forms import make_topic


def test_topics_list_has_the_ten_of_the_sample_in_their_order(sample: Path) -> None:
    found = value(kijigura("topics", "list", "--archive", sample, "--json"))["topics"]
    assert len(found) == 10
    assert all(set(topic) == {"id", "name", "query", "name_en", "count"} for topic in found)
    assert (found[0]["name"], found[0]["name_en"]) == ("ウクライナ和平交渉", "Ukraine peace talks")
    text = kijigura("topics", "list", "--archive", sample).stdout.splitlines()
    assert [line.split()[1] for line in text] == [topic["name"] for topic in found]
    assert [int(line.split()[0]) for line in text] == [topic["count"] for topic in found]


def test_a_topic_can_be_added_changed_and_removed(own: Path) -> None:
    def found() -> dict[str, tuple[str, str | None, int]]:
        topics = value(kijigura("topics", "list", "--archive", own, "--json"))["topics"]
        return {t["id"]: (t["query"], t["name_en"], t["count"]) for t in topics}

    added = kijigura("topics", "add", "swiss", "スイス", "スイス", "--name-en", "Switzerland", "--archive", own)
    assert (added.exit_code, added.stdout) == (0, "スイス (swiss) is a topic now.\n")
    assert list(found())[-1] == "swiss"
    assert found()["swiss"][:2] == ("スイス", "Switzerland")
    assert found()["swiss"][2] > 0
    page = value(kijigura("search", "--topic", "スイス", "--archive", own, "--format", "json"))
    assert page["total"] == found()["swiss"][2]
    kijigura("topics", "add", "swiss", "スイス", "-スイス", "--archive", own)
    assert found()["swiss"][0] == "-スイス"
    removed = kijigura("topics", "remove", "swiss", "--archive", own)
    assert (removed.exit_code, removed.stdout) == (0, "swiss is no topic any more.\n")
    assert "swiss" not in found()
    again = kijigura("topics", "remove", "swiss", "--archive", own)
    assert again.exit_code == 1
    assert "There is no topic 'swiss'. See those there are: kijigura topics list" in again.stderr


@pytest.mark.parametrize(("args", "sentence"), [
    (["Swiss", "スイス", "スイス"], "the id 'Swiss' has other characters than a-z, 0-9 and -"),
    (["../x", "スイス", "スイス"], "the id '../x' has other characters"),
    (["swiss", " ", "スイス"], "no name"),
    (["swiss", "スイス", " "], "no query"),
    (["swiss", "スイス"], "QUERY"),
    (["swiss", "スイス", "--bogus"], "There is no option --bogus."),
])
def test_a_topic_that_cannot_be_is_an_exit_status_of_2(own: Path, args: list[str], sentence: str) -> None:
    result = kijigura("topics", "add", *args, "--archive", own)
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr


def test_topics_of_an_archive_without_any(tmp_path: Path) -> None:
    kijigura("add", SEEDS / "000_9dfb955ff9d1b83b.txt", "--archive", tmp_path / "new")
    assert value(kijigura("topics", "list", "--archive", tmp_path / "new", "--json")) == {"topics": []}


TOPICS = '[[topic]]\nid = "swiss"\nname = "スイス"\nquery = "スイス"\n'


def ids(archive: Path) -> list[str]:
    return [topic["id"] for topic in value(kijigura("topics", "list", "--archive", archive, "--json"))["topics"]]


def test_a_topic_that_was_removed_comes_back_with_restore_or_by_command_alone(own: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "topics.toml").write_text(TOPICS, "utf-8")
    kijigura("add", tmp_path / "in", "--archive", own)
    assert "swiss" in ids(own)
    kijigura("topics", "remove", "swiss", "--archive", own)
    kijigura("add", tmp_path / "in", "--archive", own)
    assert "swiss" not in ids(own)
    kijigura("add", tmp_path / "in", "--restore", "--archive", own)
    assert "swiss" in ids(own)
    kijigura("topics", "remove", "swiss", "--archive", own)
    kijigura("topics", "add", "swiss", "スイス", "スイス 銀行", "--archive", own)
    assert "swiss" in ids(own)
    kijigura("add", tmp_path / "in", "--archive", own)
    assert "swiss" in ids(own)


# ---- suggestions ----------------------------------------------------------------------------------

FIRST = date(2024, 1, 1)
DAILY = (
    "市議会が予算を可決", "高校野球の結果", "駅前に新しい店", "図書館が開館", "道路の工事が終わる", "花火大会を開催",
    "学校で避難訓練", "雨の予報", "農家が収穫を祝う", "病院が新棟を公開",
)
STORY = ("ハンタウイルス感染を確認", "ハンタウイルスで隔離", "船でハンタウイルス集団感染", "ハンタウイルス、検査を急ぐ",
         "保健省がハンタウイルスを警戒",
         "ハンタウイルスの検査結果", "乗客のハンタウイルス検査", "ハンタウイルス感染者が回復")


def archive_of(titles: Sequence[tuple[int, str]], directory: Path) -> Path:
    """An archive with an article for each (day since FIRST, title)."""
    path = directory / "in.jsonl"
    path.write_text("".join(json.dumps({
        "id": f"n{number}", "title": title, "body": f"{title}。第{number}報。", "source": "見本新聞",
        "date": (FIRST + timedelta(days=day)).isoformat(),
    }, ensure_ascii=False) + "\n" for number, (day, title) in enumerate(titles)), "utf-8")
    assert kijigura("add", path, "--archive", directory / "archive", "--workers", 1).exit_code == 0
    return directory / "archive"


def suggested(archive: Path, *args: object) -> list[dict[str, Any]]:
    made = value(kijigura("topics", "suggest", "--archive", archive, "--json", *args))
    found: list[dict[str, Any]] = made["suggestions"]
    return found


@pytest.fixture(scope="module")
def outbreak(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two hundred days of everyday news, and eight articles in one week on one thing."""
    daily = [(day, DAILY[day % len(DAILY)]) for day in range(200)]
    story = [(120 + number % 6, title) for number, title in enumerate(STORY)]
    return archive_of([*daily, *story], tmp_path_factory.mktemp("outbreak"))


def test_what_rises_in_one_week_is_suggested_by_its_whole_word(outbreak: Path) -> None:
    (first, *others) = suggested(outbreak)
    assert (first["name"], first["query"], first["id"]) == ("ハンタウイルス", "ハンタウイルス", "hanta-uirusu")
    assert (first["from"], first["to"]) == ("2024-04-30", "2024-05-05")
    assert first["articles"] == first["articles_in_period"] == len(STORY)
    assert {one["title"] for one in first["strongest"]} <= set(STORY)
    assert first["evidence"][0]["name"] == "ハンタウイルス"
    assert first["evidence"][0]["articles"] == len(STORY)
    assert others == []


def test_a_suggestion_says_which_command_makes_it_a_topic(outbreak: Path, tmp_path: Path) -> None:
    text = kijigura("topics", "suggest", "--archive", outbreak).stdout
    (line,) = [line.strip() for line in text.splitlines() if "topics add" in line]
    words = shlex.split(line)
    assert words[:3] == ["kijigura", "topics", "add"]
    topic = make_topic(dict(zip(("id", "name", "query"), words[3:], strict=True)))
    assert not isinstance(topic, str)
    assert "8 articles from 2024-04-30 to 2024-05-05" in text


def test_what_a_topic_has_is_not_suggested(outbreak: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(outbreak, tmp_path / "copy")
    kijigura("topics", "add", "hanta", "ハンタ", "ハンタウイルス", "--archive", copy)
    assert suggested(copy) == []
    result = kijigura("topics", "suggest", "--archive", copy)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Nothing rises in these articles that no topic has." in result.stderr


def test_a_topic_that_is_too_heavy_to_ask_is_said_and_keeps_no_suggestion_back(
    outbreak: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = shutil.copytree(outbreak, tmp_path / "copy")
    kijigura("topics", "add", "hanta", "ハンタ", "ハンタウイルス", "--archive", copy)
    kijigura("topics", "add", "rain", "雨", "雨の予報", "--archive", copy)
    matching = Library.matching

    def too_heavy(library: Library, request: Request) -> Iterator[str]:
        if request.filters.get("topic") == ("hanta",):
            raise QueryTooHeavy("The query was given up.")
        return matching(library, request)

    monkeypatch.setattr(Library, "matching", too_heavy)
    result = kijigura("topics", "suggest", "--archive", copy)
    assert result.exit_code == 0
    assert "hanta-uirusu" in result.stdout
    assert result.stderr == (
        "The topic ハンタ (hanta) is too heavy to ask, so what it has may be suggested again.\n"
    )


@pytest.mark.parametrize(("topics", "made"), [
    ([], "hanta-uirusu"), (["hanta-uirusu"], "hanta-uirusu-2024-04"),
    (["hanta-uirusu", "hanta-uirusu-2024-04"], "hanta-uirusu-2024-04-2"),
    (["hanta-uirusu", "hanta-uirusu-2024-04", "hanta-uirusu-2024-04-2"], "hanta-uirusu-2024-04-3"),
])
def test_a_suggestion_gets_an_id_that_no_topic_has(
    outbreak: Path, tmp_path: Path, topics: Sequence[str], made: str
) -> None:
    copy = shutil.copytree(outbreak, tmp_path / "copy")
    for topic in topics:
        kijigura("topics", "add", topic, "大雪", "大雪", "--archive", copy)
    assert [one["id"] for one in suggested(copy)] == [made]


def test_only_the_days_asked_for_are_looked_at(outbreak: Path) -> None:
    assert suggested(outbreak, "--to", "2024-03") == []
    assert len(suggested(outbreak, "--from", "2024-03", "--to", "2024-06")) == 1
    assert suggested(outbreak, "--from", "2025") == []


def test_chance_makes_no_storyline(tmp_path: Path) -> None:
    """The same titles on days drawn by lot: whatever comes together then, comes together by chance."""
    lot = random.Random(7)
    archive = archive_of([(lot.randrange(200), title) for title in [*DAILY, *STORY] * 12], tmp_path)
    assert suggested(archive) == []


def test_suggestions_are_at_most_as_many_as_asked_for(outbreak: Path) -> None:
    assert len(suggested(outbreak, "--most", "1")) == 1
    assert kijigura("topics", "suggest", "--most", "0", "--archive", outbreak).exit_code == 2


@pytest.mark.parametrize(("args", "sentence"), [
    (["--from", "きのう"], "'きのう' is no date."),
    (["--from", "2025", "--to", "2024"], "is after --to 2024-12-31. Exchange them."),
])
def test_days_that_cannot_be_are_an_exit_status_of_2(outbreak: Path, args: list[str], sentence: str) -> None:
    result = kijigura("topics", "suggest", *args, "--archive", outbreak)
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr


def test_an_empty_archive_has_no_storylines(tmp_path: Path) -> None:
    kijigura("add", SEEDS / "000_9dfb955ff9d1b83b.txt", "--archive", tmp_path / "new")
    assert suggested(tmp_path / "new") == []
