"""Stock Whoosh passes the contract of engines, and never answers from an index that is damaged."""

from __future__ import annotations

import json
import os
import random
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from engine_contract import ALL, PEACE, EngineContract, assert_same, write_and_fail
from engine_oracle import Oracle, article
from whoosh.writing import SegmentWriter

from search.engine import open_engine, rebuild_engine
from search.errors import IndexDamaged, IndexMismatch, IndexNotFound, UsageError
from search.whoosh_engine import storage


class TestWhoosh(EngineContract):
    def url_in(self, directory: Path) -> str:
        return f"whoosh:{directory / 'index'}"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """The folder of an index of two segments."""
    engine = TestWhoosh()
    engine.build(engine.url_in(tmp_path), PEACE[:3], PEACE[3:])
    return tmp_path / "index"


def url(index: Path) -> str:
    return f"whoosh:{index}"


def files(index: Path) -> list[Path]:
    """Those whose loss or change would change answers."""
    manifest = json.loads((index / "manifest.json").read_text())
    return [index / manifest["generation"] / name for name in sorted(manifest["files"])]


def change_manifest(index: Path, **values: object) -> None:
    """As another version of the program would have written it."""
    folder = storage.IndexFolder(index)
    manifest = json.loads((index / "manifest.json").read_text())
    manifest.pop("checksum")
    folder.write_manifest(storage.Manifest(**(manifest | values)))


# ---- damage -------------------------------------------------------------------------------------


def drop(path: Path) -> None:
    path.unlink()


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def empty(path: Path) -> None:
    os.truncate(path, 0)


def lengthen(path: Path) -> None:
    with path.open("ab") as handle:
        handle.write(b"\0")


def zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(data)


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES = (drop, truncate, empty, lengthen, zero, flip, make_folder)


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("number", range(3))
def test_any_damage_to_any_file_is_noticed_on_opening(
    index: Path, damage: Callable[[Path], None], number: int
) -> None:
    assert len(files(index)) == 3       # two segments and their table of contents
    damage(files(index)[number])
    with pytest.raises(IndexDamaged, match="kijigura rebuild"):
        open_engine(url(index))


def test_a_flip_of_any_byte_of_the_manifest_is_noticed(index: Path) -> None:
    manifest = index / "manifest.json"
    whole = manifest.read_bytes()
    engine = open_engine(url(index))
    before, unnoticed = engine.info(), 0
    engine.close()
    for at in range(len(whole)):
        for bit in (0x01, 0x20):
            manifest.write_bytes(whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :])
            try:
                engine = open_engine(url(index))
            except IndexDamaged:
                continue
            unnoticed += 1
            assert engine.info() == before, f"the flip of byte {at}"
            engine.close()
    assert unnoticed < 0.2 * len(whole)     # white space between the values


@pytest.mark.parametrize(
    "text",
    ["", "{", "null", "[]", "{}", '"g000001"', "7", '{"generation": 7}', '{"generation": "g000001", "files": 3}',
     '{"generation": "g000001", "analysis": "x", "files": null}', '{"unknown": 1}', "\x00" * 40, "あ"],
)
def test_a_manifest_that_is_none_is_damage(index: Path, text: str) -> None:
    (index / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(IndexDamaged, match=r"manifest\.json"):
        open_engine(url(index))


def test_a_manifest_that_is_no_text_is_damage(index: Path) -> None:
    (index / "manifest.json").write_bytes(b"\xff\xfe\x00\x93")
    with pytest.raises(IndexDamaged):
        open_engine(url(index))


def test_a_manifest_that_is_cut_short_is_damage_wherever_it_is_cut(index: Path) -> None:
    manifest = index / "manifest.json"
    whole = manifest.read_bytes()
    for length in range(len(whole)):
        manifest.write_bytes(whole[:length])
        with pytest.raises(IndexDamaged):
            open_engine(url(index))


def test_without_a_manifest_there_is_no_index(index: Path) -> None:
    (index / "manifest.json").unlink()
    with pytest.raises(IndexNotFound):
        open_engine(url(index))


def test_a_generation_that_is_gone_is_damage(index: Path) -> None:
    shutil.rmtree(index / "g000001")
    with pytest.raises(IndexDamaged):
        open_engine(url(index))


def test_a_table_of_contents_that_no_manifest_names_is_not_read(index: Path) -> None:
    """A writer that was killed between Whoosh's commit and our manifest leaves one."""
    (toc,) = [path for path in files(index) if path.suffix == ".toc"]
    name = toc.name.replace("2.toc", "3.toc")
    assert name != toc.name
    shutil.copy(toc, toc.with_name(name))
    with pytest.raises(IndexDamaged, match=name):
        open_engine(url(index))


def test_damage_after_opening_is_found_by_verify(index: Path) -> None:
    engine = open_engine(url(index))
    flip(files(index)[0])
    (line,) = engine.verify()
    assert files(index)[0].name in line
    engine.close()


def test_random_damage_never_gives_a_wrong_answer(index: Path) -> None:
    chance = random.Random(2024)
    for path in files(index):
        whole = path.read_bytes()
        for _ in range(40):
            data = bytearray(whole)
            at = chance.randrange(len(data))
            length = chance.choice((1, 1, 4, 64))
            data[at : at + length] = chance.randbytes(chance.choice((0, length)))
            if bytes(data) == whole:
                continue
            path.write_bytes(data)
            with pytest.raises(IndexDamaged):
                open_engine(url(index))
        path.write_bytes(whole)
    engine = open_engine(url(index))
    assert_same(engine, Oracle(PEACE), ALL)
    engine.close()


def test_a_rebuild_mends_a_damaged_index(index: Path) -> None:
    flip(files(index)[0])
    engine = TestWhoosh()
    engine.build(url(index), PEACE)
    mended = open_engine(url(index))
    assert_same(mended, Oracle(PEACE), ALL)
    mended.close()


# ---- other versions -----------------------------------------------------------------------------


def test_an_index_whose_words_were_cut_otherwise_opens_only_when_that_is_accepted(index: Path) -> None:
    change_manifest(index, analysis="kijigura 0, sudachipy 0.6.0, sudachidict-core 20200330")
    with pytest.raises(IndexMismatch, match=r"sudachipy 0\.6\.0.*kijigura rebuild"):
        open_engine(url(index))
    engine = open_engine(url(index), outdated_ok=True)
    assert_same(engine, Oracle(PEACE), ALL)
    assert engine.info().analysis.startswith("kijigura 0")
    engine.close()


def test_an_index_of_another_form_never_opens(index: Path) -> None:
    change_manifest(index, schema=999)
    for outdated_ok in (False, True):
        with pytest.raises(IndexMismatch, match="999"):
            open_engine(url(index), outdated_ok=outdated_ok)


def test_an_outdated_index_that_is_damaged_does_not_open_either(index: Path) -> None:
    change_manifest(index, analysis="kijigura 0")
    flip(files(index)[0])
    with pytest.raises(IndexDamaged):
        open_engine(url(index), outdated_ok=True)


# ---- the folder ---------------------------------------------------------------------------------


def test_only_its_owner_may_look_into_an_index(index: Path) -> None:
    for folder in (index, index / "g000001"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_others_could_look_into_is_closed_by_the_first_writer(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir(mode=0o755)
    TestWhoosh().build(url(tmp_path / "index"), PEACE)
    assert stat.S_IMODE((tmp_path / "index").stat().st_mode) == 0o700


def test_what_a_broken_rebuild_left_is_gone_after_the_next(index: Path) -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), rebuild_engine(url(index)) as writer:
            write_and_fail(writer, PEACE[:1])
    open_engine(url(index)).close()
    (index / "g000099").mkdir()
    (index / "g000099" / "rest").write_bytes(b"of a rebuild that was killed")
    with rebuild_engine(url(index)) as writer:
        writer.put(PEACE[0])
    (generation,) = [path for path in index.iterdir() if path.is_dir()]
    assert files(index)[0].parent == generation


def test_a_rebuild_that_is_killed_leaves_the_old_index_and_no_lock(index: Path) -> None:
    program = (
        "import os, sys; sys.path.insert(0, sys.argv[2]); from engine_contract import PEACE\n"
        "from search.engine import open_engine, rebuild_engine\n"
        "how = rebuild_engine(sys.argv[1]) if sys.argv[3] == 'rebuild' else open_engine(sys.argv[1]).writer()\n"
        "with how as writer:\n    writer.put(PEACE[0]); os.kill(os.getpid(), 9)\n"
    )
    for how in ("rebuild", "write"):
        run = subprocess.run(
            [sys.executable, "-c", program, url(index), str(Path(__file__).parents[1]), how], check=False
        )
        assert run.returncode == -9
        engine = open_engine(url(index))
        assert_same(engine, Oracle(PEACE), ALL)
        with engine.writer() as writer:
            writer.delete("nobody", 1)
        engine.close()


def test_a_batch_that_is_killed_between_the_two_commits_is_damage_not_a_wrong_answer(index: Path) -> None:
    """Whoosh has written its files and dropped the old ones; the manifest is not yet written."""
    program = (
        "import os, sys; from search.engine import open_engine; from search.whoosh_engine import storage\n"
        "storage.IndexFolder.publish = lambda *_: os.kill(os.getpid(), 9)\n"
        "with open_engine(sys.argv[1]).writer() as writer: writer.delete('a1', 7)\n"
    )
    run = subprocess.run([sys.executable, "-c", program, url(index)], check=False)
    assert run.returncode == -9
    with pytest.raises(IndexDamaged):
        open_engine(url(index))


@pytest.mark.parametrize(
    ("owner", "step"),
    [(SegmentWriter, "add_document"), (SegmentWriter, "_merge_segments"), (SegmentWriter, "_flush_segment"),
     (SegmentWriter, "_assemble_segment"), (SegmentWriter, "_commit_toc"), (storage.IndexFolder, "publish"),
     (storage.IndexFolder, "write_manifest")],
)
def test_a_full_disk_is_said_as_it_is_and_leaves_no_lock(
    index: Path, monkeypatch: pytest.MonkeyPatch, owner: type, step: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    engine = open_engine(url(index))
    with monkeypatch.context() as patch:
        patch.setattr(owner, step, full)
        for how in (engine.writer, lambda: rebuild_engine(url(index))):
            with pytest.raises(OSError, match="No space"), how() as writer:
                writer.put(article("new", "火星"))
    TestWhoosh().build(url(index), PEACE)
    engine.close()
    TestWhoosh().append(url(index), [article("new", "火星")])


@pytest.mark.parametrize("wrong", ["", "whoosh:", "tantivy:/x", "/an/index"])
def test_an_engine_that_is_not_known_is_wrong_use(wrong: str) -> None:
    for call in (open_engine, rebuild_engine):
        with pytest.raises(UsageError, match="whoosh:DIRECTORY"):
            call(wrong)
