"""Our engine passes the contract of engines, and never answers from an index that is damaged."""

from __future__ import annotations

import errno
import json
import os
import random
import resource
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from itertools import chain, repeat
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from contract_base import after, write
from engine_articles import article
from engine_contract import ALL, PEACE, EngineContract, assert_same, write_and_fail
from engine_oracle import Oracle

from search.engine import AnalyzedArticle, Engine, IndexWriter, open_engine, rebuild_engine
from search.errors import IndexDamaged, IndexMismatch, IndexNotFound, KijiguraError, QueryTooHeavy, UsageError
from search.query.model import AnyOf, Boosted, Everything, Query, Sequence, Term
from search.whoosh_engine import run_builder, storage, toc, writer
from search.whoosh_engine.engine import WhooshEngine
from search.whoosh_engine.merging import MOST_SEGMENTS
from search.whoosh_engine.runs import Stretches
from search.whoosh_engine.segment import SUFFIX
from search.whoosh_engine.segment_file import BLOCK_BYTES, SegmentFileWriter
from search.whoosh_engine.vocabulary import Lexicon


class TestWhoosh(EngineContract):
    def url_in(self, directory: Path) -> str:
        return f"whoosh:{directory / 'index'}"

    def averages(self, engine: Engine) -> Mapping[str, float]:
        assert isinstance(engine, WhooshEngine)
        return engine.average_lengths


MANY = (*PEACE, *(article(f"b{number}", "合意", f"中国 言葉{number}", desk="国際") for number in range(12)))
"""So many that an article more is a segment of its own."""

NEW = article("new", "火星", change=99)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """The folder of an index of two segments."""
    engine = TestWhoosh()
    engine.build(engine.url_in(tmp_path), MANY[:-1], MANY[-1:])
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


def flip_at(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0x10
    path.write_bytes(data)


DAMAGES = (drop, truncate, empty, lengthen, zero, flip, make_folder)
"""All but a flip inside a segment are noticed on opening: of a segment only size and footer are compared then."""


def answers_or_tells(index: Path, articles: Iterable[AnalyzedArticle], queries: Iterable[Query] = (ALL,)) -> bool:
    """Whether all is answered as it should be. Either that, or the first query that meets the damage says so."""
    oracle = Oracle(articles)
    engine = None
    try:
        engine = open_engine(url(index))
        for query in queries:
            assert_same(engine, oracle, query)
    except IndexDamaged:
        return False
    finally:
        if engine is not None:
            engine.close()
    return True


def found_by_verify(index: Path) -> bool:
    """Whether someone who opens the index and reads all of it hears of the damage."""
    try:
        engine = open_engine(url(index))
    except IndexDamaged:
        return True
    wrong = engine.verify()
    engine.close()
    return bool(wrong)


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("number", range(3))
def test_any_damage_to_any_file_is_noticed(index: Path, damage: Callable[[Path], None], number: int) -> None:
    assert len(files(index)) == 3       # two segments and their table of contents
    path = files(index)[number]
    damage(path)
    assert found_by_verify(index)
    assert not answers_or_tells(index, MANY, [ALL])
    if damage is not flip or path.suffix == ".toc":
        with pytest.raises(IndexDamaged, match="kijigura rebuild"):
            open_engine(url(index))


def test_a_flip_of_a_byte_of_any_file_is_noticed_wherever_it_is(index: Path) -> None:
    for path in files(index):
        whole = path.read_bytes()
        for at in range(0, len(whole), 3 if path.suffix == ".toc" else 41):
            flip_at(path, at)
            assert found_by_verify(index), (path.name, at)
            assert not answers_or_tells(index, MANY, [ALL]), (path.name, at)
            path.write_bytes(whole)
    assert answers_or_tells(index, MANY, [ALL])


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
    """A writer that was killed before it put its manifest in place leaves one: the old index answers."""
    (there,) = [path for path in files(index) if path.suffix == ".toc"]
    name = there.name.replace("2.toc", "3.toc")
    assert name != there.name
    there.with_name(name).write_bytes(b"of a batch that was killed")
    assert answers_or_tells(index, MANY)
    TestWhoosh().append(url(index), [NEW])
    assert answers_or_tells(index, [*MANY, NEW])
    assert leftovers(index) == []


def test_damage_after_opening_is_found_by_verify(index: Path) -> None:
    engine = open_engine(url(index))
    flip(files(index)[0])
    (line,) = engine.verify()
    assert files(index)[0].name in line
    engine.close()


def test_verify_looks_again_at_what_was_read_before(index: Path) -> None:
    engine = open_engine(url(index))
    assert_same(engine, Oracle(MANY), ALL)
    path = files(index)[0]
    with path.open("r+b") as handle:
        handle.seek(200)
        byte = handle.read(1)
        handle.seek(200)
        handle.write(bytes([byte[0] ^ 1]))
    (line,) = engine.verify()
    assert path.name in line
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
            assert found_by_verify(index)
            assert not answers_or_tells(index, MANY)
        path.write_bytes(whole)
    assert answers_or_tells(index, MANY)


# ---- a segment of many blocks -------------------------------------------------------------------


def big() -> list[AnalyzedArticle]:
    """So many words that their positions alone fill several blocks."""
    chance = random.Random(1904)
    words = [f"語{number}" for number in range(300)]
    return [
        article(f"c{number:02}", "停戦", " ".join([f"番号{number}", *chance.choices(words, k=3_000)]))
        for number in range(100)
    ]


def test_a_damaged_block_is_noticed_by_those_who_use_it_and_by_nobody_else(tmp_path: Path) -> None:
    engine = TestWhoosh()
    articles = big()
    engine.build(engine.url_in(tmp_path), articles)
    index = tmp_path / "index"
    (path,) = [path for path in files(index) if path.suffix == SUFFIX]
    whole = path.read_bytes()
    assert len(whole) > 4 * BLOCK_BYTES
    nodes = (Term("停戦"), Term("番号7"), Term("語7"), Sequence(("語1", "語2")), Sequence(("語298", "語299"), 3))
    oracle = Oracle(articles)
    expected = {node: oracle.ids(Query(node)) for node in nodes}
    told = answered = 0
    for at in range(1_000, len(whole) - BLOCK_BYTES, BLOCK_BYTES):
        flip_at(path, at)
        opened = open_engine(url(index))
        for node in nodes:
            try:
                found = set(opened.matching(Query(node, facets=(), spans=False, days=False)))
            except IndexDamaged:
                told += 1
            else:
                answered += 1
                assert found == expected[node]
        assert path.name in opened.verify()[0]
        opened.close()
        path.write_bytes(whole)
    assert told
    assert answered


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
    assert_same(engine, Oracle(MANY), ALL)
    assert engine.info().analysis.startswith("kijigura 0")
    engine.close()


def test_an_index_of_another_form_never_opens(index: Path) -> None:
    change_manifest(index, schema=999)
    for outdated_ok in (False, True):
        with pytest.raises(IndexMismatch, match="999"):
            open_engine(url(index), outdated_ok=outdated_ok)


def test_an_outdated_index_that_is_damaged_does_not_open_either(index: Path) -> None:
    change_manifest(index, analysis="kijigura 0")
    truncate(files(index)[0])
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
        assert_same(engine, Oracle(MANY), ALL)
        with engine.writer() as writer:
            writer.delete("nobody", 1)
        engine.close()


def leftovers(index: Path) -> list[str]:
    """Files that no manifest names."""
    named = {*files(index), index / "manifest.json", index / "write.lock"}
    return sorted(str(path.relative_to(index)) for path in index.rglob("*") if path.is_file() and path not in named)


STEPS = [
    (writer, "write_segment"), (run_builder, "make_run"), (writer, "merge"), (SegmentFileWriter, "finish"),
    (writer, "write_toc"), (toc.TOC, "write"), (storage, "_sync_and_sum"), (storage.IndexFolder, "publish"),
    (storage.IndexFolder, "write_manifest"), (storage.IndexFolder, "drop_unnamed_files"),
]
"""What a batch goes through until it is there, and after."""

PUBLISHED = {("write_manifest", "after"), ("publish", "after"), ("drop_unnamed_files", "before"),
             ("drop_unnamed_files", "after")}
BATCHES = {"a segment more": [NEW], "merged": [replace(one, version=2, change=99) for one in MANY[:12]]}


def small_runs(patch: pytest.MonkeyPatch, step: str) -> None:
    """Batches that leave memory, where the step is about those."""
    if step == "make_run":
        patch.setattr(writer, "RUN_TOKENS", 1)
        patch.setattr(run_builder, "available_processors", lambda: 1)


@pytest.mark.parametrize("batch", BATCHES.values(), ids=list(BATCHES))
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("owner", "step"), STEPS, ids=[step for _, step in STEPS])
def test_a_batch_that_is_killed_anywhere_leaves_the_old_index_or_the_new_one(
    index: Path, monkeypatch: pytest.MonkeyPatch, owner: object, step: str, when: str, batch: list[AnalyzedArticle]
) -> None:
    status = killed_at(index, monkeypatch, owner, step, when, batch)
    updated = after([MANY, batch])
    is_new = status == 0 or (step, when) in PUBLISHED
    assert answers_or_tells(index, updated if is_new else MANY)
    TestWhoosh().append(url(index), [article("later", "木星")])
    assert answers_or_tells(index, [*(updated if is_new else MANY), article("later", "木星")])
    assert leftovers(index) == []


def killed_at(
    index: Path, monkeypatch: pytest.MonkeyPatch, owner: object, step: str, when: str, batch: list[AnalyzedArticle]
) -> int:
    """Write the batch in a process that is killed at the step. 0 if the batch never came to it."""
    original = getattr(owner, step)
    calls: list[str] = []

    def killing(*args: object, **options: object) -> None:
        calls.append(step)
        if step == "drop_unnamed_files" and len(calls) == 1:     # what others left, before the batch
            original(*args, **options)
            return
        if when == "after":
            original(*args, **options)
        os.kill(os.getpid(), signal.SIGKILL)

    with monkeypatch.context() as patch:
        patch.setattr(owner, step, killing)
        small_runs(patch, step)
        child = os.fork()
        if child == 0:
            try:
                TestWhoosh().append(url(index), batch)
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL)
    return status


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def has_written(how: AbstractContextManager[IndexWriter], batch: list[AnalyzedArticle]) -> bool:
    """False for a full disk."""
    try:
        with how as opened:
            write(opened, batch)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return False
    return True


@pytest.mark.parametrize("batch", BATCHES.values(), ids=list(BATCHES))
@pytest.mark.parametrize(("owner", "step"), STEPS[:-1], ids=[step for _, step in STEPS[:-1]])
def test_a_full_disk_is_said_as_it_is_and_leaves_the_old_index_and_no_lock(
    index: Path, monkeypatch: pytest.MonkeyPatch, owner: object, step: str, batch: list[AnalyzedArticle]
) -> None:
    engine = open_engine(url(index))
    there = list(MANY)
    with monkeypatch.context() as patch:
        patch.setattr(owner, step, full)
        small_runs(patch, step)
        # Not every batch comes to every step.
        if has_written(engine.writer(), batch):
            there = after([there, batch])
        if has_written(rebuild_engine(url(index)), batch):
            there = batch
    assert answers_or_tells(index, there)
    assert_same(engine, Oracle(MANY), ALL)
    engine.close()
    TestWhoosh().append(url(index), [article("later", "木星")])
    assert answers_or_tells(index, [*there, article("later", "木星")])
    assert leftovers(index) == []


def test_what_a_full_disk_left_is_gone_after_the_next_batch(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It could not even delete what it had written."""
    engine = open_engine(url(index))
    with monkeypatch.context() as patch:
        patch.setattr(storage.IndexFolder, "write_manifest", full)
        patch.setattr(writer.WhooshWriter, "cancel", full)
        with pytest.raises(OSError, match="No space"), engine.writer() as opened:
            opened.put(NEW)
    assert leftovers(index)
    with engine.writer() as opened:
        opened.put(NEW)
    assert leftovers(index) == []
    assert answers_or_tells(index, [*MANY, NEW])
    engine.close()


# ---- the process that helps with large batches ---------------------------------------------------


def killed_in_the_worker(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed_after_its_run(columns: Path, path: Path) -> None:
    run_builder.make_run(columns, path, Lexicon())
    os.kill(os.getpid(), signal.SIGKILL)


def full_halfway(columns: Path, path: Path) -> None:
    path.write_bytes(columns.read_bytes()[:100])
    full()


LARGE = [article(f"large{number}", "停戦", f"中国 言葉{number}", change=100) for number in range(9)]


@pytest.mark.parametrize(
    ("task", "breaks"),
    [
        ("make_run_in_worker", killed_in_the_worker), ("make_run_in_worker", killed_after_its_run),
        ("make_run_in_worker", full_halfway), ("make_run_in_worker", full),
        ("joined", killed_in_the_worker), ("joined", full),
    ],
)
@pytest.mark.parametrize("rebuilding", [False, True])
def test_a_worker_that_breaks_off_leaves_the_old_index_and_no_lock(
    index: Path, monkeypatch: pytest.MonkeyPatch, task: str, breaks: Callable[..., None], rebuilding: bool
) -> None:
    engine = open_engine(url(index))
    with monkeypatch.context() as patch:
        patch.setattr(writer, "RUN_TOKENS", 1)
        patch.setattr(run_builder, "available_processors", lambda: 2)
        patch.setattr(Stretches if task == "joined" else run_builder, task, breaks)
        expected, said = (KijiguraError, "run the command") if "killed" in breaks.__name__ else (OSError, "No space")
        how = rebuild_engine(url(index)) if rebuilding else engine.writer()
        with pytest.raises(expected, match=said), how as opened:
            write(opened, LARGE)
    assert answers_or_tells(index, MANY)
    assert_same(engine, Oracle(MANY), ALL)
    engine.close()
    TestWhoosh().append(url(index), [article("later", "木星")])
    assert answers_or_tells(index, [*MANY, article("later", "木星")])
    assert leftovers(index) == []


def test_a_worker_makes_the_index_that_one_process_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many processors there are while it does."""
    there = [*PEACE, *LARGE]
    monkeypatch.setattr(writer, "RUN_TOKENS", 1)
    made: list[list[bytes]] = []
    for number, processors in enumerate(([1], [2], [1, 1, 1, 2], [2, 2, 2, 1])):
        counts = chain(processors, repeat(processors[-1]))
        monkeypatch.setattr(run_builder, "available_processors", lambda counts=counts: next(counts))
        folder = tmp_path / str(number)
        with rebuild_engine(url(folder)) as opened:
            write(opened, there)
        assert answers_or_tells(folder, there)
        assert leftovers(folder) == []
        made.append([path.read_bytes() for path in files(folder) if path.suffix == SUFFIX])
    assert made[1:] == made[:-1]


def kill_in_mid_sentence(columns: Path, path: Path) -> object:
    """Have the answer to this task break off."""
    send = Connection._send     # type: ignore[attr-defined]

    def break_off(self: Connection, message: bytes, *_: object) -> None:
        send(self, memoryview(message)[: len(message) // 2])
        os.kill(os.getpid(), signal.SIGKILL)

    Connection._send = break_off        # type: ignore[attr-defined]
    return run_builder.make_run(columns, path, Lexicon()), bytes(1 << 20)


def test_a_worker_that_is_killed_while_it_answers_is_noticed(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signal.alarm(60)        # nothing else would end it, should it wait for ever
    with monkeypatch.context() as patch:
        patch.setattr(writer, "RUN_TOKENS", 1)
        patch.setattr(run_builder, "available_processors", lambda: 2)
        patch.setattr(run_builder, "make_run_in_worker", kill_in_mid_sentence)
        with pytest.raises(KijiguraError, match="run the command"), open_engine(url(index)).writer() as opened:
            write(opened, LARGE)
    signal.alarm(0)
    assert answers_or_tells(index, MANY)


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """The nearest thing to a full disk that needs no disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("room", [0, 1_000, 4_096, 7_000, 20_000])
@pytest.mark.parametrize("processors", [1, 2])
def test_a_disk_that_is_really_full_is_told_and_loses_nothing(
    index: Path, monkeypatch: pytest.MonkeyPatch, processors: int, room: int
) -> None:
    several = [article(f"a{number}", "停戦", " ".join(f"語{number}x{n}" for n in range(300))) for number in range(60)]
    with monkeypatch.context() as patch:
        patch.setattr(writer, "RUN_TOKENS", 5_000)
        patch.setattr(run_builder, "available_processors", lambda: processors)
        opening = open_engine(url(index)).writer()
        with pytest.raises(OSError, match="File too large"), files_of_at_most(room), opening as opened:
            write(opened, several)
    assert answers_or_tells(index, MANY)
    TestWhoosh().append(url(index), several)
    assert answers_or_tells(index, [*MANY, *several])
    assert leftovers(index) == []


@pytest.mark.parametrize("most_runs", [1, 2, 128])
def test_many_runs_are_merged_in_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most_runs: int) -> None:
    monkeypatch.setattr(writer, "RUN_TOKENS", 1)
    monkeypatch.setattr(writer, "MOST_RUNS", most_runs)
    monkeypatch.setattr(run_builder, "available_processors", lambda: 1)
    with rebuild_engine(url(tmp_path / "index")) as opened:
        write(opened, [*PEACE, *LARGE])
    assert answers_or_tells(tmp_path / "index", [*PEACE, *LARGE])
    assert leftovers(tmp_path / "index") == []


# ---- segments -----------------------------------------------------------------------------------


def test_there_are_never_more_than_three_segments(tmp_path: Path) -> None:
    engine = TestWhoosh()
    there = [article(f"d{number}", "停戦", "合意") for number in range(60)]
    engine.build(engine.url_in(tmp_path), [])
    with engine.opened(engine.url_in(tmp_path)) as opened:
        for one in there:
            with opened.writer() as writing:
                writing.put(one)
            assert len([path for path in files(tmp_path / "index") if path.suffix == SUFFIX]) <= MOST_SEGMENTS
    assert leftovers(tmp_path / "index") == []
    assert answers_or_tells(tmp_path / "index", there)


def test_a_reader_keeps_its_snapshot_when_its_files_are_deleted(index: Path) -> None:
    engine = open_engine(url(index))
    before = files(index)
    with rebuild_engine(url(index)) as writing:
        writing.put(NEW)
    assert not any(path.exists() for path in before)
    assert_same(engine, Oracle(MANY), ALL)
    engine.close()
    assert answers_or_tells(index, [NEW])


@pytest.mark.parametrize("wrong", ["", "whoosh:", "tantivy:/x", "/an/index"])
def test_an_engine_that_is_not_known_is_wrong_use(wrong: str) -> None:
    for call in (open_engine, rebuild_engine):
        with pytest.raises(UsageError, match="whoosh:DIRECTORY"):
            call(wrong)


# ---- what a review found ------------------------------------------------------------------------


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(5, "Input/output error")])
@pytest.mark.parametrize("rebuilding", [False, True])
def test_a_batch_that_breaks_off_after_it_was_published_is_there(
    index: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, rebuilding: bool
) -> None:
    def breaks_off(path: Path) -> None:
        sync(path)
        if path == index:
            raise error

    engine, sync = open_engine(url(index)), storage._sync
    before = engine.info().articles
    with monkeypatch.context() as patch:
        patch.setattr(storage, "_sync", breaks_off)
        kind = type(error) if isinstance(error, OSError) else error
        with pytest.raises(kind), rebuild_engine(url(index)) if rebuilding else engine.writer() as writer:
            writer.put(article("new", "火星"))
    engine.close()
    again = open_engine(url(index))
    assert again.info().articles == (1 if rebuilding else before + 1)
    assert list(again.verify()) == []
    again.close()


def test_too_many_open_files_are_no_damage(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object, **__: object) -> None:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(Path, "read_text", exhausted)
    with pytest.raises(OSError, match="Too many"):
        open_engine(url(index))


def test_the_next_batch_deletes_what_killed_rebuilds_left(index: Path) -> None:
    (index / "g000077").mkdir()
    (index / "g000077" / "0.run").write_bytes(b"half a run")
    TestWhoosh().append(url(index), [article("new", "火星")])
    assert not (index / "g000077").exists()


def test_an_older_snapshot_keeps_its_topics_when_a_newer_one_was_asked_first(index: Path) -> None:
    topic = Query(Everything(), topics={"t": Term("中国")}, limit=0)
    older = open_engine(url(index))
    gone = older.search(Query(Term("中国"))).matches[0].article_id
    with older.writer() as writer:
        writer.delete(gone, 99)
    newer = open_engine(url(index))
    after = newer.search(topic).facets["topic"]["t"]
    assert older.search(topic).facets["topic"]["t"] == after + 1
    older.close()
    newer.close()


@pytest.mark.parametrize("factor", [0.0, -1.0, 2.0])
def test_a_factor_never_takes_a_match_away(tmp_path: Path, factor: float) -> None:
    many = [article(f"b{i}", "停戦" if i % 2 else "火星") for i in range(40)]
    engine = TestWhoosh()
    engine.build(engine.url_in(tmp_path), many)
    opened = open_engine(engine.url_in(tmp_path))
    found = opened.search(Query(AnyOf((Boosted(Term("停戦"), factor), Term("火星"))), limit=100))
    assert found.total == len(found.matches) == 40
    opened.close()


def test_the_deadline_holds_for_topics_too(index: Path) -> None:
    engine = open_engine(url(index))
    with pytest.raises(QueryTooHeavy):
        engine.search(Query(Everything(), topics={"t": Sequence(("火星", "人"))}, facets=("topic",), deadline_ms=0))
    engine.close()
