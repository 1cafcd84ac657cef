"""Adding again: what is not read, what is, and what becomes of it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from indexer import pipeline, reading, unchanged
from indexer.formats.source import Source
from indexer.pipeline import Order, Taken, take_in, take_in_found
from indexer.raw import RawArticle, Rejection, Where
from indexer.reading import Given
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


def test_another_file_of_the_same_size_and_time_in_its_place_is_read(archive: Archive, tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", STORY)
    list(take_in(archive, [path]))
    stat = path.stat()
    path.write_text(STORY.replace("14日", "15日"), encoding="utf-8")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))     # as cp -p, rsync -t and tar do
    assert [one.outcome for one in take_in(archive, [path])] == ["updated"]


def test_whether_a_file_may_still_change_is_judged_when_it_is_looked_at(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.txt", STORY, age_seconds=0)
    now = [path.stat().st_ctime_ns + 1]
    monkeypatch.setattr(unchanged.time, "time_ns", lambda: now[0])
    taking = unchanged.parts(archive, [path], {}, "", again=False)
    _, part = next(taking)
    now[0] += 60_000_000_000        # the file is long, or the disk is slow
    list(taking)
    assert part.file
    assert part.file.taken("").modified_ns == unchanged.UNSETTLED


def test_what_was_rejected_in_files_that_are_gone_is_not_told_any_more(archive: Archive, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    write(site / "a.txt", STORY)
    write(site / "bad.jsonl", '{"title":\n')
    write(site / "topics.toml", "[")
    (site / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    (site / "link").symlink_to("nowhere")
    other = tmp_path / "other.txt"
    list(take_in(archive, [site, other]))
    assert len(list(archive.rejected())) == 5
    for name in ("bad.jsonl", "topics.toml", "a.png", "link"):
        (site / name).unlink()
    list(take_in(archive, [site]))
    assert [one.path for one in archive.rejected()] == [str(other)]


def test_what_is_no_file_is_rejected_until_there_is_an_article(archive: Archive) -> None:
    page, other = Where("https://example.jp/a"), Where("https://example.jp/b")
    list(take_in_found(archive, [Rejection(page, "status 503"), Rejection(other, "status 404")]))
    list(take_in_found(archive, [RawArticle(page, title="停戦", body="合意した。")]))
    assert [one.path for one in archive.rejected()] == [other.path]


def test_a_reader_that_fails_costs_one_file_which_is_read_again_the_next_time(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_read = reading.formats.read_leaf

    def fail(source: Source) -> Iterator[RawArticle | Rejection]:
        if source.where.path.endswith("a.txt"):
            raise ZeroDivisionError("float division by zero")
        return really_read(source)

    paths = [write(tmp_path / "a.txt", STORY), write(tmp_path / "b.txt", "停戦交渉\n\n　合意した。")]
    with monkeypatch.context() as patch:
        patch.setattr(reading.formats, "read_leaf", fail)
        first, second = take_in(archive, paths)
    assert (first.outcome, second.outcome) == ("rejected", "added")
    assert "ZeroDivisionError: float division by zero" in str(first.reason)
    assert [one.outcome for one in take_in(archive, paths)] == ["added", "unchanged"]
    assert not list(archive.rejected())


def test_the_files_of_the_archive_itself_are_no_articles(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive", create=True) as archive:
        write(tmp_path / "archive" / "a.txt", STORY)
        assert [one.outcome for one in take_in(archive, [tmp_path])] == ["added"]


def test_how_much_of_a_large_file_is_read_is_known(
    archive: Archive, lines: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "SMALL_FILE_BYTES", 10)
    monkeypatch.setattr(reading, "JOB_BYTES", 10)
    records = [{"id": f"k{n}", "title": "停戦", "body": "合意。" * 500} for n in range(9)]
    write(lines, "".join(json.dumps(one) + "\n" for one in records))
    done = [one.bytes_done for one in take_in(archive, [lines])]
    assert done[0] < lines.stat().st_size / 3
    assert done == sorted(done)
    assert done[-1] == lines.stat().st_size


# ---- which of two versions stands ---------------------------------------------------------------


def article(body: str, **more: object) -> str:
    return json.dumps({"id": "a1", "title": "首相が辞任", "body": body, **more}, ensure_ascii=False) + "\n"


def body(archive: Archive) -> str:
    return archive.get("a1").article.body()


@pytest.mark.parametrize("restore", [False, True])
def test_an_old_file_that_is_read_again_takes_back_no_later_version(
    archive: Archive, tmp_path: Path, restore: bool
) -> None:
    old = write(tmp_path / "1.jsonl", article("14日に表明した。") + article("別の記事。", id="a2"))
    new = write(tmp_path / "2.jsonl", article("15日に表明した。"))
    list(take_in(archive, [old, new]))
    with archive.transaction():
        archive.remove("a2")        # so that files of many articles are read again
    taken = list(take_in(archive, [old], Order(restore=restore)))
    assert [one.outcome for one in taken] == ["unchanged", "added" if restore else "removed earlier"]
    assert body(archive) == "15日に表明した。"
    # And once more: what the file itself had is not forgotten.
    list(take_in(archive, [old], Order(restore=True)))
    assert body(archive) == "15日に表明した。"


def test_a_file_that_is_put_back_to_what_it_was_takes_its_article_along(archive: Archive, tmp_path: Path) -> None:
    for age_seconds, day in ((60, "14日"), (50, "15日"), (40, "14日")):
        list(take_in(archive, [write(tmp_path / "1.jsonl", article(day), age_seconds)]))
    assert body(archive) == "14日"


def test_readers_that_got_better_are_heard_whichever_files_have_an_article(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = write(tmp_path / "1.jsonl", article("14日") + article("14日、訂正"))
    new = write(tmp_path / "2.jsonl", article("15日"))
    list(take_in(archive, [old, new]))
    monkeypatch.setattr(pipeline, "READERS_REVISION", 99)
    really_divided = reading.divided
    monkeypatch.setattr(reading, "divided", lambda one, _: really_divided(replace(one, body=f"{one.body}。"), Given()))
    list(take_in(archive, [old, new]))
    assert body(archive) == "15日。"


@pytest.mark.parametrize(("first", "second", "stands"), [
    ({"revision": "2"}, {"revision": "1"}, "first"),
    ({"revision": "9"}, {"revision": "10"}, "second"),
    ({"revision": "2"}, {"revision": "2"}, "second"),
    ({"version": 3}, {"version": 2}, "first"),
    ({"revised": "2024-04-10T10:00:00+09:00"}, {"revised": "2024-04-10T09:00:00+09:00"}, "first"),
    ({"revised": "2024-04-10T09:00:00+09:00"}, {"revised": "2024-04-10T01:00:00Z"}, "second"),
    ({"revised": "2024-04-10T09:00:00+09:00"}, {}, "second"),      # another form of it, which does not say
    ({"revision": "2"}, {"revision": "draft"}, "second"),
    ({}, {}, "second"),
])
def test_an_earlier_revision_that_comes_later_does_not_stand(
    archive: Archive, tmp_path: Path, first: dict[str, object], second: dict[str, object], stands: str
) -> None:
    list(take_in(archive, [write(tmp_path / "1.jsonl", article("first", **first))]))
    (taken,) = take_in(archive, [write(tmp_path / "2.jsonl", article("second", **second))])
    assert body(archive) == stands
    is_older = stands == "first"
    assert (taken.outcome, taken.reason) == (("unchanged", pipeline.OLDER) if is_older else ("updated", None))


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


def test_a_text_that_was_moved_and_then_corrected_is_a_new_version_of_itself(archive: Archive, tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", STORY)
    (first,) = take_in(archive, [path])
    moved = path.rename(tmp_path / "b.txt")
    list(take_in(archive, [moved]))
    write(moved, STORY.replace("14日", "15日"), age_seconds=50)
    (second,) = take_in(archive, [moved])
    assert (second.outcome, second.id) == ("updated", first.id)


def test_a_text_that_a_second_source_has_too_can_be_corrected(archive: Archive, tmp_path: Path) -> None:
    one, other = write(tmp_path / "a.txt", STORY), write(tmp_path / "b.txt", STORY)
    list(take_in(archive, [one], Order("見本新聞")))
    (first,) = take_in(archive, [other], Order("例示日報"))
    write(other, STORY.replace("14日", "15日"), age_seconds=50)
    (second,) = take_in(archive, [other], Order("例示日報"))
    assert (second.outcome, second.id) == ("updated", first.id)
    assert archive.count() == 2


def test_a_correction_of_what_was_removed_does_not_bring_it_back(archive: Archive, tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", STORY)
    (first,) = take_in(archive, [path])
    assert first.id
    with archive.transaction():
        archive.remove(first.id)
    write(path, STORY.replace("14日", "15日"), age_seconds=50)
    (second,) = take_in(archive, [path])
    assert (second.outcome, second.id) == ("removed earlier", first.id)


# ---- what stands beside articles ----------------------------------------------------------------


def test_what_sites_have_beside_their_pages_is_counted_and_not_listed(archive: Archive, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    write(site / "a.txt", STORY)
    for number in range(12):
        (site / f"{number}.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    (site / "style.css").write_text("p { color: red }")
    taken = list(take_in(archive, [site]))
    assert [(one.outcome, one.where.path, one.reason) for one in taken] == [
        ("added", str(site / "a.txt"), None),
        ("rejected", str(site), "13 files that hold no article text (12 images, 1 style sheet)"),
    ]


def test_a_few_of_them_are_named(archive: Archive, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    (taken,) = take_in(archive, [site])
    assert (taken.where.path, taken.reason) == (str(site / "picture.txt"), "image: it holds no article text")


def test_a_picture_that_is_named_outright_is_rejected_by_name(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    (taken,) = take_in(archive, [tmp_path / "a.png"])
    assert (taken.outcome, taken.where.path) == ("rejected", str(tmp_path / "a.png"))


# ---- lists that number their articles -----------------------------------------------------------

FIRST_REPORT = {"id": "1", "title": "首相が辞任", "body": "首相は14日、辞任を表明した。"}


@pytest.mark.parametrize(("second", "articles"), [
    ({"id": "1", "title": "関東で梅雨明け", "body": "気象庁は梅雨が明けたとみられると発表した。"}, 2),
    ({"id": "1", "title": "首相が辞任を表明", "body": "首相は14日、辞任を表明した。" + STORY * 3}, 1),
    ({"id": "1", "title": "関東で梅雨明け", "body": "気象庁は梅雨が明けた。", "source": "見本新聞"}, 2),
])
def test_two_lists_that_count_from_one_lose_nothing(
    archive: Archive, tmp_path: Path, second: dict[str, str], articles: int
) -> None:
    for name, record in (("a.jsonl", FIRST_REPORT), ("b.jsonl", second), ("copy-of-b.jsonl", second)):
        list(take_in(archive, [write(tmp_path / name, json.dumps(record, ensure_ascii=False) + "\n")]))
    assert archive.count() == articles


def test_an_id_that_says_more_than_a_number_is_believed(archive: Archive, tmp_path: Path) -> None:
    for number, title in enumerate(("首相が辞任", "関東で梅雨明け")):
        record = {"id": "wn-00001", "title": title, "body": title}
        list(take_in(archive, [write(tmp_path / f"{number}.jsonl", json.dumps(record) + "\n")]))
    assert archive.count() == 1
