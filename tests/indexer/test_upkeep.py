"""An index that is missing, damaged or of another version is made anew from the archive, and answers as before."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer import indexing, upkeep
from indexer.pipeline import take_in
from indexer.upkeep import ensure_index, rebuild_index, rebuild_progress
from search.archive import Archive
from search.engine import Matches, open_engine
from search.errors import IndexBusy
from search.library import default_engine_url
from search.processes import Workers
from search.query.model import AllOf, Everything, Named, Query, Sequence, Term, Without
from search.whoosh_engine.storage import IndexFolder, Manifest

QUERIES = [
    Query(root, topics={"peace": Term("停戦")}, limit=1_000)
    for root in (Everything(), Term("停戦"), Sequence(("停戦", "合意")), Named("CN"), Without(Term("合意")),
                 AllOf((Term("中国"), Named("RU"))))
]


@pytest.fixture
def kept(archive: Archive, tmp_path: Path) -> Archive:
    """An archive of some articles with a whole index of two segments."""
    add(archive, tmp_path, range(4))
    ensure(archive)
    add(archive, tmp_path, range(4, 7))
    ensure(archive)
    return archive


def add(archive: Archive, directory: Path, numbers: range) -> None:
    path = directory / "in.jsonl"
    records = [
        {"id": f"a{i}", "title": f"停戦{'合意' if i % 2 else '交渉'}", "body": "中国はロシアと会談した。" * (i % 3),
         "published": f"2024-04-{i + 1:02}"}
        for i in numbers
    ]
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records), encoding="utf-8")
    assert [taken.outcome for taken in take_in(archive, [path])] == ["added"] * len(records)


def ensure(archive: Archive) -> tuple[int, list[str]]:
    said: list[str] = []
    return ensure_index(archive, None, workers=1, say=said.append), said


def answers(archive: Archive) -> list[Matches]:
    engine = open_engine(default_engine_url(archive.directory))
    try:
        assert engine.verify() == []
        assert engine.info().articles == archive.count()
        return [engine.search(query) for query in QUERIES]
    finally:
        engine.close()


def _files(index: Path) -> list[Path]:
    return [index / "g000001" / name for name in json.loads((index / "manifest.json").read_text())["files"]]


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(data)


def _other_version(index: Path, **values: object) -> None:
    found = json.loads((index / "manifest.json").read_text())
    found.pop("checksum")
    IndexFolder(index).write_manifest(Manifest(**(found | values)))


@pytest.mark.parametrize(
    "damage",
    [
        lambda index: _files(index)[0].unlink(),
        lambda index: os.truncate(_files(index)[1], 40),
        lambda index: _flip(_files(index)[0]),
        lambda index: _files(index)[1].write_bytes(bytes(_files(index)[1].stat().st_size)),
        lambda index: (index / "manifest.json").write_text("{"),
        lambda index: (index / "manifest.json").write_bytes(b"\xff\x00"),
        lambda index: (index / "manifest.json").unlink(),
        lambda index: _flip(index / "manifest.json"),
        lambda index: shutil.rmtree(index / "g000001"),
        lambda index: shutil.rmtree(index),
        lambda index: _other_version(index, analysis="kijigura 0"),
        lambda index: _other_version(index, schema=0),
    ],
    ids=["file gone", "file cut short", "a bit of a file", "file of zeros", "manifest cut short", "manifest of bytes",
         "manifest gone", "a bit of the manifest", "generation gone", "folder gone", "other words", "other form"],
)
def test_an_index_that_cannot_be_used_is_made_anew_and_that_is_said(
    kept: Archive, damage: Callable[[Path], None]
) -> None:
    before = [_plain(one) for one in answers(kept)]
    damage(kept.directory / "index")
    written, said = ensure(kept)
    assert written == kept.count()
    (line,) = said
    assert line.endswith("Building it from the archive …")
    assert str(kept.directory / "index") in line
    assert "kijigura rebuild" not in line       # it is being done
    assert [_plain(one) for one in answers(kept)] == before
    assert ensure(kept) == (0, [])
    assert len([path for path in (kept.directory / "index").iterdir() if path.is_dir()]) == 1


def test_the_first_index_of_an_archive_is_made_without_a_word(archive: Archive, tmp_path: Path) -> None:
    add(archive, tmp_path, range(3))
    assert ensure(archive) == (3, [])
    assert ensure(archive) == (0, [])


def test_an_archive_without_articles_has_an_index_that_answers(archive: Archive) -> None:
    assert ensure(archive) == (0, [])
    assert [one.total for one in answers(archive)] == [0] * len(QUERIES)


def test_only_what_is_missing_is_written(kept: Archive, tmp_path: Path) -> None:
    add(kept, tmp_path, range(7, 9))
    with kept.transaction():
        kept.remove("a0")
    assert ensure(kept) == (3, [])
    assert answers(kept)[0].total == 8


def test_the_index_of_a_later_archive_is_made_anew(kept: Archive, tmp_path: Path) -> None:
    backup = tmp_path / "backup.sqlite"
    with Archive.open(kept.directory) as opened:
        opened.rows("VACUUM INTO ?", (str(backup),))
    add(kept, tmp_path, range(7, 10))
    ensure(kept)
    kept.close()
    for path in kept.directory.glob("articles.sqlite*"):
        path.unlink()
    shutil.copy(backup, kept.directory / "articles.sqlite")
    with Archive.open(kept.directory) as put_back:
        written, (line,) = ensure(put_back)
        assert written == 7
        assert line.startswith("The index has 3 changes that the archive in")
        add(put_back, tmp_path, range(20, 24))
        ensure(put_back)
        assert answers(put_back)[0].total == 11


def test_while_another_process_writes_nothing_is_made(kept: Archive) -> None:
    shutil.rmtree(kept.directory / "index" / "g000001")
    with IndexFolder(kept.directory / "index").lock(), pytest.raises(IndexBusy):
        rebuild_index(kept, None, workers=1)
    assert ensure(kept)[0] == kept.count()


def test_a_rebuild_leaves_word_of_how_far_it_is_while_it_lasts(
    kept: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "PROGRESS_EVERY_SECONDS", 0)
    monkeypatch.setattr(indexing, "CHUNK_ARTICLES", 1)
    seen: list[object] = []
    rebuild_index(kept, None, workers=1, progress=lambda *_: seen.append(rebuild_progress(kept.directory)))
    assert seen == [(i, 7) for i in range(1, 8)]
    assert rebuild_progress(kept.directory) is None


def test_a_rebuild_that_fails_leaves_no_word_and_the_old_index(kept: Archive) -> None:
    def fail(done: int, total: int) -> None:
        raise ZeroDivisionError

    before = answers(kept)
    with pytest.raises(ZeroDivisionError):
        rebuild_index(kept, None, workers=1, progress=fail)
    assert rebuild_progress(kept.directory) is None
    assert answers(kept) == before


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"done": 1}', '{"done": "x", "total": 2}'])
def test_word_of_progress_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "rebuild-progress.json").write_text(text)
    assert rebuild_progress(tmp_path) is None


def test_an_index_may_lie_elsewhere(archive: Archive, tmp_path: Path) -> None:
    add(archive, tmp_path, range(2))
    url = f"whoosh:{tmp_path / 'elsewhere'}"
    assert ensure_index(archive, url, workers=1, say=lambda _: None) == 2
    assert not (archive.directory / "index").exists()
    engine = open_engine(url)
    assert engine.search(QUERIES[0]).total == 2
    engine.close()


def _plain(answer: Matches) -> object:
    """Scores change a little when several segments become one."""
    return (
        answer.total, sorted((m.article_id, m.version, m.spans) for m in answer.matches), answer.facets, answer.days
    )


def test_articles_come_in_while_another_process_writes_to_the_index(kept: Archive, tmp_path: Path) -> None:
    add(kept, tmp_path, range(7, 9))
    engine = open_engine(default_engine_url(kept.directory))
    said: list[str] = []
    with Workers(1) as workers:
        with engine.writer(), upkeep.Growing(kept, None, workers, said.append) as growing:
            add(kept, tmp_path, range(9, 10))
            growing.advance()
            with pytest.raises(IndexBusy):
                growing.finish()
        with upkeep.Growing(kept, None, workers, said.append) as growing:
            growing.finish()
    engine.close()
    assert answers(kept)[0].total == 10
