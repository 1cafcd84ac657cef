"""Adding again: what is not read, what is, and what becomes of it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from indexer import pipeline, unchanged
from indexer.pipeline import Order, Taken, take_in
from search.archive import Archive

LINES = [{"id": f"p{n}", "title": f"停戦交渉 {n}", "body": "合意した。"} for n in range(3)]
STORY = "首相は14日、辞任を表明した。後任は未定だという。\n\n野党は解散を求めている。与党内からも声が上がる。"


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    write(path, "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in LINES))
    return path


def write(path: Path, text: str, age_seconds: int = 60) -> Path:
    """age_seconds: how long ago it seems to have been written, since a file just written may still change."""
    path.write_text(text, encoding="utf-8")
    moment = path.stat().st_mtime - age_seconds
    os.utime(path, (moment, moment))
    return path


def outcomes(taken: list[Taken]) -> list[tuple[str, str | None, int | None]]:
    return [(one.outcome, one.id, one.where.line) for one in taken]


def nobody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("the file was read")

    monkeypatch.setattr(unchanged, "pieces_of", fail)


def test_a_file_as_it_was_is_not_read_and_its_articles_are_told_as_unchanged(
    archive: Archive, lines: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = list(take_in(archive, [lines]))
    nobody_reads(monkeypatch)
    assert outcomes(list(take_in(archive, [lines]))) == [("unchanged", one.id, one.where.line) for one in first]


def test_a_file_that_was_touched_but_has_the_same_bytes_is_not_read(
    archive: Archive, lines: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(take_in(archive, [lines]))
    os.utime(lines)
    nobody_reads(monkeypatch)
    assert {one.outcome for one in take_in(archive, [lines])} == {"unchanged"}


def test_a_change_within_one_moment_of_the_file_system_is_seen(archive: Archive, tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "首相が辞任\n\n" + STORY, age_seconds=0)
    list(take_in(archive, [path]))
    stat = path.stat()
    path.write_text(("首相が就任\n\n" + STORY), encoding="utf-8")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert [one.outcome for one in take_in(archive, [path])] == ["updated"]


@pytest.mark.parametrize("order", [
    Order(source="別の新聞"),                   # the same bytes give other articles now
    Order(columns={"見出し": "title"}),
    Order(restore=True),
])
def test_a_file_is_read_again_when_something_else_is_asked_for(
    archive: Archive, lines: Path, monkeypatch: pytest.MonkeyPatch, order: Order
) -> None:
    list(take_in(archive, [lines]))
    nobody_reads(monkeypatch)
    with pytest.raises(AssertionError, match="was read"):
        list(take_in(archive, [lines], order))


def test_a_file_is_read_again_after_one_of_its_articles_was_removed(archive: Archive, lines: Path) -> None:
    list(take_in(archive, [lines]))
    with archive.transaction():
        archive.remove("p1")
    assert [one.outcome for one in take_in(archive, [lines])] == ["unchanged", "removed earlier", "unchanged"]


def test_a_file_is_taken_only_with_its_last_article(
    archive: Archive, lines: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "COMMIT_EVERY_ARTICLES", 2)
    broken_off = take_in(archive, [lines])
    assert [next(broken_off).id, next(broken_off).id] == ["p0", "p1"]
    broken_off.close()
    assert archive.taken_file(str(lines.resolve())) is None
    assert [one.outcome for one in take_in(archive, [lines])] == ["unchanged", "unchanged", "added"]
    assert archive.taken_file(str(lines.resolve())) is not None


def test_what_was_rejected_is_kept_and_told_again_until_the_file_is_mended(archive: Archive, lines: Path) -> None:
    write(lines, lines.read_text(encoding="utf-8") + "no JSON\n", age_seconds=50)
    list(take_in(archive, [lines]))
    (kept,) = archive.rejected()
    assert (kept.path, kept.line) == (str(lines), 4)
    assert "not JSON" in kept.reason
    assert [one.outcome for one in take_in(archive, [lines])] == ["rejected", *["unchanged"] * 3]
    write(lines, lines.read_text(encoding="utf-8").replace("no JSON\n", ""), age_seconds=40)
    list(take_in(archive, [lines]))
    assert not list(archive.rejected())


def test_a_path_that_is_not_there_is_rejected_until_it_is(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "later.txt"
    list(take_in(archive, [path]))
    assert [one.reason for one in archive.rejected()] == ["no such file or directory"]
    write(path, STORY)
    list(take_in(archive, [path]))
    assert not list(archive.rejected())


# ---- versions of what has neither id nor address ------------------------------------------------


def test_a_text_that_was_corrected_is_a_new_version_of_itself(archive: Archive, tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", STORY)
    (first,) = take_in(archive, [path])
    write(path, STORY.replace("14日", "15日"), age_seconds=50)
    (second,) = take_in(archive, [path])
    assert (second.outcome, second.id) == ("updated", first.id)
    assert archive.count() == 1
    assert first.id
    assert [one.number for one in archive.history(first.id)] == [1, 2]


def test_another_article_in_the_same_file_is_another_article(archive: Archive, tmp_path: Path) -> None:
    path = write(tmp_path / "today.txt", STORY)
    (first,) = take_in(archive, [path])
    write(path, "気象庁は関東地方が梅雨明けしたとみられると発表した。昨年より5日遅い。", age_seconds=50)
    (second,) = take_in(archive, [path])
    assert second.outcome == "added"
    assert second.id != first.id
    assert archive.count() == 2


def test_a_correction_in_one_of_two_files_leaves_the_other_ones_article(archive: Archive, tmp_path: Path) -> None:
    one, other = write(tmp_path / "a.txt", STORY), write(tmp_path / "b.txt", STORY)
    list(take_in(archive, [one, other]))
    assert archive.count() == 1
    write(one, STORY.replace("14日", "15日"), age_seconds=50)
    list(take_in(archive, [one, other]))
    assert archive.count() == 2


# ---- what stands beside articles ----------------------------------------------------------------


def test_what_sites_have_beside_their_pages_is_counted_and_not_listed(archive: Archive, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    write(site / "a.txt", STORY)
    for number in range(3):
        (site / f"{number}.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    (site / "style.css").write_text("p { color: red }")
    taken = list(take_in(archive, [site]))
    assert [(one.outcome, one.where.path, one.reason) for one in taken] == [
        ("added", str(site / "a.txt"), None),
        ("rejected", str(site), "4 files that hold no article text (3 images, 1 style sheet)"),
    ]


def test_a_picture_that_is_named_outright_is_rejected_by_name(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    (taken,) = take_in(archive, [tmp_path / "a.png"])
    assert (taken.outcome, taken.where.path) == ("rejected", str(tmp_path / "a.png"))
