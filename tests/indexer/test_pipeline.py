"""From files to answers: what is taken in, what is left out and why, and that no way there changes an answer."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
import stuck_reader

from indexer import analyzing, indexing, pipeline
from indexer.indexing import bring_up_to_date, rebuild
from indexer.pipeline import Order, Taken, take_in
from search import processes
from search.archive import Archive
from search.articles import Article, Topic
from search.engine import open_engine
from search.japanese.analysis import Analysis
from search.japanese.tokens import Unit
from search.library import default_engine_url
from search.processes import Workers
from search.query.model import AllOf, Chars, Everything, Named, Node, Query, Sequence, Term

ARTICLES = [
    {"id": "p1", "title": "習近平国家主席、ラヴロフ外相と会談",
     "body": "中国の習近平国家主席は停戦に合意した。習氏は述べた。",
     "published": "2024-04-10", "source": "見本新聞", "desk": "国際"},
    {"id": "p2", "title": "日銀が利上げ", "body": "日本銀行は金利を引き上げた。\n\n## 背景\n\n物価が上がった。",
     "published": "2024-04-11T09:00", "source": "見本新聞", "desk": "経済"},
    {"id": "p3", "title": "停戦交渉", "body": "ロシアとウクライナの停戦交渉が始まった。", "source": "例示日報"},
]


def write(path: Path, records: Iterable[object]) -> Path:
    lines = [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in records]
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def outcomes(taken: Iterable[Taken]) -> list[tuple[str, str | None]]:
    return [(one.outcome, one.id) for one in taken]


def index(archive: Archive, **options: object) -> int:
    return rebuild(archive, default_engine_url(archive.directory), Workers(1), **options)


def update(archive: Archive, **options: object) -> int:
    engine = open_engine(default_engine_url(archive.directory))
    try:
        return bring_up_to_date(archive, engine, Workers(1), **options)
    finally:
        engine.close()


def found(archive: Archive, root: Node) -> set[str]:
    engine = open_engine(default_engine_url(archive.directory))
    try:
        return set(engine.matching(Query(root)))
    finally:
        engine.close()


def answers(archive: Archive) -> list[object]:
    """All that an index says about these articles."""
    engine = open_engine(default_engine_url(archive.directory))
    try:
        roots = [Everything(), Term("停戦"), Sequence(("停戦", "交渉")), Term("中国"), Named("CN"), Named("RU"),
                 AllOf((Term("停戦"), Named("RU")))]
        return [engine.search(Query(root, sort="newest", limit=1_000)) for root in roots] + [
            engine.info().articles, engine.info().change
        ]
    finally:
        engine.close()


# ---- taking in ----------------------------------------------------------------------------------


def test_articles_are_added_once(archive: Archive, tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", ARTICLES)
    ids = [one["id"] for one in ARTICLES]
    assert outcomes(take_in(archive, [path])) == [("added", i) for i in ids]
    assert outcomes(take_in(archive, [path])) == [("unchanged", i) for i in ids]
    assert outcomes(take_in(archive, [path, path])) == [("unchanged", i) for i in ids * 2]


def test_an_article_twice_in_one_file_is_unchanged_the_second_time(archive: Archive, tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", [ARTICLES[0], ARTICLES[0], {**ARTICLES[0], "title": "改題"}])
    assert outcomes(take_in(archive, [path])) == [("added", "p1"), ("unchanged", "p1"), ("updated", "p1")]


def test_the_words_decide_where_there_is_neither_id_nor_url(archive: Archive, tmp_path: Path) -> None:
    record = {"title": "題", "body": "本文です。"}
    path = write(tmp_path / "in.jsonl", [record, record, {**record, "body": "別の本文です。"}])
    taken = list(take_in(archive, [path]))
    assert [one.outcome for one in taken] == ["added", "unchanged", "added"]
    assert len({one.id for one in taken}) == 2


def test_bad_input_is_listed_with_its_reason_and_the_rest_goes_in(archive: Archive, tmp_path: Path) -> None:
    directory = tmp_path / "in"
    directory.mkdir()
    write(directory / "a.jsonl", [ARTICLES[0], "{\"id\": ", ARTICLES[1], {"id": "empty"}, "[1]"])
    (directory / "b.txt").write_bytes(bytes(range(256)) * 40)
    (directory / "c.pdf").write_bytes(b"%PDF-1.7\n" + b"\x00" * 99)
    (directory / "d.txt").write_text("", encoding="utf-8")
    write(directory / "e.jsonl", [ARTICLES[2]])
    taken = list(take_in(archive, [directory, tmp_path / "none.txt"]))
    good = [one.id for one in taken if one.outcome == "added"]
    bad = [(Path(one.where.path).name, one.where.line) for one in taken if one.outcome == "rejected"]
    assert good == ["p1", "p2", "p3"]
    assert set(bad) >= {
        ("a.jsonl", 2), ("a.jsonl", 4), ("a.jsonl", 5), ("b.txt", None), ("c.pdf", None), ("none.txt", None)
    }
    assert all(one.reason and one.id is None for one in taken if one.outcome == "rejected")
    assert archive.count() == 3


def test_source_and_desk_are_for_articles_that_name_none(archive: Archive, tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", [ARTICLES[0], {"id": "bare", "body": "停戦した。"}])
    list(take_in(archive, [path], Order("既定新聞", "既定面")))
    assert [(archive.get(i).article.source, archive.get(i).article.desk) for i in ("p1", "bare")] == [
        ("見本新聞", "国際"), ("既定新聞", "既定面")
    ]


def test_an_article_is_told_of_only_when_it_is_on_disk(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "COMMIT_EVERY_ARTICLES", 2)
    path = write(tmp_path / "in.jsonl", ({"id": f"c{i}", "title": f"{i}"} for i in range(7)))
    with Archive.open(archive.directory) as other:
        for taken in take_in(archive, [path]):
            assert taken.id is not None
            assert other.get(taken.id)
    assert archive.count() == 7


def test_breaking_off_loses_nothing_that_was_told_of(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "COMMIT_EVERY_ARTICLES", 2)
    path = write(tmp_path / "in.jsonl", ({"id": f"c{i}", "title": f"{i}"} for i in range(7)))
    running = take_in(archive, [path])
    told = [next(running).id for _ in range(3)]
    running.close()
    assert all(archive.get(str(i)) for i in told)
    assert [o for o, _ in outcomes(take_in(archive, [path]))] == ["unchanged"] * 4 + ["added"] * 3


# ---- topics -------------------------------------------------------------------------------------

TOPICS = '[[topic]]\nid = "peace"\nname = "和平"\nname_en = "Peace"\nquery = "停戦 OR 和平"\n'


def test_a_topics_file_in_an_added_directory_defines_topics(archive: Archive, tmp_path: Path) -> None:
    deep = tmp_path / "in" / "deep"
    deep.mkdir(parents=True)
    (deep / "topics.toml").write_text(TOPICS, encoding="utf-8")
    write(deep / "a.jsonl", ARTICLES[:1])
    assert outcomes(take_in(archive, [tmp_path / "in"])) == [("added", "p1")]
    assert archive.topics() == [Topic("peace", "和平", "停戦 OR 和平", "Peace")]


def test_a_topics_file_may_be_named_outright(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "topics.toml").write_text(TOPICS, encoding="utf-8")
    assert list(take_in(archive, [tmp_path / "topics.toml"])) == []
    assert [topic.id for topic in archive.topics()] == ["peace"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[topic]\n", "no TOML"),
        ("\udcff", "no TOML"),
        ('[[topic]]\nname = "和平"\nquery = "停戦"\n', "topic 1: no id"),
        ('[[topic]]\nid = "a"\nquery = "停戦"\n', "topic 1: no name"),
        (TOPICS + '[[topic]]\nid = "b"\nname = "題"\nquery = " "\n', "topic 2: no query"),
        ('[[topic]]\nid = "和平"\nname = "和平"\nquery = "停戦"\n', "characters"),
        ("topic = [1]\n", "table"),
        ("topic = 1\n", "table"),
        ('topic = "peace"\n', "table"),
        ('[topic]\nid = "a"\n', "table"),
    ],
)
def test_a_topics_file_that_cannot_be_used_is_a_rejection(
    archive: Archive, tmp_path: Path, text: str, reason: str
) -> None:
    (tmp_path / "topics.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    write(tmp_path / "a.jsonl", ARTICLES[:1])
    rejected, added = take_in(archive, [tmp_path / "topics.toml", tmp_path / "a.jsonl"])
    assert rejected.outcome == "rejected"
    assert Path(rejected.where.path).name == "topics.toml"
    assert reason in str(rejected.reason)
    assert added.outcome == "added"
    assert archive.topics() == []


# ---- the index ----------------------------------------------------------------------------------


def test_what_was_taken_in_is_found_by_word_and_by_name(archive: Archive, tmp_path: Path) -> None:
    list(take_in(archive, [write(tmp_path / "in.jsonl", ARTICLES)]))
    assert index(archive) == 3
    assert found(archive, Everything()) == {"p1", "p2", "p3"}
    assert found(archive, Term("停戦")) == {"p1", "p3"}
    assert found(archive, Named("CN")) == {"p1"}
    assert found(archive, Term("物価")) == {"p2"}


def test_an_index_brought_up_to_date_answers_as_one_made_anew(archive: Archive, tmp_path: Path) -> None:
    list(take_in(archive, [write(tmp_path / "1.jsonl", ARTICLES[:2])]))
    index(archive)
    changed = {**ARTICLES[1], "title": "日銀、停戦を歓迎"}
    list(take_in(archive, [write(tmp_path / "2.jsonl", [ARTICLES[2], changed])]))
    with archive.transaction():
        archive.remove("p1")
    assert update(archive) == 3
    assert update(archive) == 0
    incremental = answers(archive)
    index(archive)
    for one, other in zip(incremental, answers(archive), strict=True):
        assert _plain(one) == _plain(other)


@pytest.mark.parametrize("batch", [1, 2, 5_000])
def test_the_size_of_batches_changes_no_answer(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    index(archive)
    list(take_in(archive, [write(tmp_path / "in.jsonl", ARTICLES)]))
    monkeypatch.setattr(indexing, "BATCH_ARTICLES", batch)
    monkeypatch.setattr(indexing, "MOST_BATCH_ARTICLES", batch)
    monkeypatch.setattr(indexing, "CHUNK_ARTICLES", 1)
    assert update(archive) == 3
    assert found(archive, Term("停戦")) == {"p1", "p3"}


def test_one_process_and_two_give_the_same_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "WORTH_A_PROCESS_TASKS", 1)
    monkeypatch.setattr(indexing, "CHUNK_ARTICLES", 4)
    many = [{**ARTICLES[i % 3], "id": f"m{i}", "title": f"{ARTICLES[i % 3]['title']} 例示{i}郎氏"} for i in range(20)]
    path = write(tmp_path / "in.jsonl", many)
    said = []
    for workers in (1, 2):
        with Archive.open(tmp_path / f"archive-{workers}", create=True) as archive:
            list(take_in(archive, [path]))
            assert rebuild(archive, default_engine_url(archive.directory), Workers(workers)) == 20
            said.append(answers(archive))
    assert said[0] == said[1]


def test_a_crash_between_archive_and_index_is_caught_up_with(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(take_in(archive, [write(tmp_path / "1.jsonl", ARTICLES[:1])]))
    index(archive)
    list(take_in(archive, [write(tmp_path / "2.jsonl", ARTICLES[1:])]))
    with monkeypatch.context() as patch:
        patch.setattr(indexing, "analyze_articles", _fail)
        with pytest.raises(ZeroDivisionError):
            update(archive)
    assert found(archive, Everything()) == {"p1"}
    assert update(archive) == 2
    assert found(archive, Everything()) == {"p1", "p2", "p3"}


def test_a_rebuild_cuts_no_text_that_was_cut_before(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(take_in(archive, [write(tmp_path / "in.jsonl", ARTICLES)]))
    index(archive)
    before = answers(archive)
    monkeypatch.setattr(indexing, "analyze_articles", _fail)
    index(archive)
    assert answers(archive) == before


def test_text_cut_by_another_version_is_cut_again(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(take_in(archive, [write(tmp_path / "in.jsonl", ARTICLES)]))
    index(archive)
    monkeypatch.setattr(indexing, "analysis_version", lambda: "another")
    monkeypatch.setattr(indexing, "analyze_articles", _fail)
    with pytest.raises(ZeroDivisionError):
        index(archive)


def test_what_was_removed_vanishes_and_stays_away_until_it_is_restored(archive: Archive, tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", ARTICLES)
    list(take_in(archive, [path]))
    index(archive)
    with archive.transaction():
        assert archive.remove("p1")
    update(archive)
    assert found(archive, Term("停戦")) == {"p3"}
    taken = list(take_in(archive, [path]))
    assert outcomes(taken)[0] == ("removed earlier", "p1")
    assert "--restore" in str(taken[0].reason)
    update(archive)
    assert found(archive, Everything()) == {"p2", "p3"}
    index(archive)
    assert found(archive, Everything()) == {"p2", "p3"}
    restored = outcomes(take_in(archive, [path], Order(restore=True)))
    assert restored == [("added", "p1"), ("unchanged", "p2"), ("unchanged", "p3")]
    update(archive)
    assert found(archive, Term("停戦")) == {"p1", "p3"}


@pytest.mark.parametrize("rebuilding", [False, True])
def test_progress_is_told_up_to_the_last_article(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rebuilding: bool
) -> None:
    monkeypatch.setattr(indexing, "CHUNK_ARTICLES", 1)
    index(archive)
    list(take_in(archive, [write(tmp_path / "in.jsonl", ARTICLES)]))
    with archive.transaction():
        archive.remove("p2")
    told: list[tuple[int, int]] = []
    (index if rebuilding else update)(archive, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("rebuilding", [False, True])
def test_articles_may_change_while_they_are_indexed(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rebuilding: bool
) -> None:
    """Another process adds to the archive while this one writes the index: what is new comes with the next batch."""
    index(archive)
    monkeypatch.setattr(indexing, "CHUNK_ARTICLES", 1)
    list(take_in(archive, [write(tmp_path / "in.jsonl", ARTICLES)]))
    changed = write(tmp_path / "changed.jsonl", [{**ARTICLES[0], "title": "改題"}, {"id": "new", "title": "新着"}])

    def meanwhile(done: int, _: int) -> None:
        if done == 2:
            with Archive.open(archive.directory) as other:
                list(take_in(other, [changed]))

    (index if rebuilding else update)(archive, progress=meanwhile)
    update(archive)
    assert found(archive, Everything()) == {"p1", "p2", "p3", "new"}
    assert found(archive, Term("改題")) | found(archive, Sequence(("改", "題"))) == {"p1"}
    assert found(archive, Term("会談")) == set()


def _fail(*_: object) -> None:
    raise ZeroDivisionError


def _plain(answer: object) -> object:
    """Without scores, which know of articles that were deleted until segments are merged."""
    if isinstance(answer, int):
        return answer
    return (
        answer.total, [(m.article_id, m.version, m.spans) for m in answer.matches], answer.facets, answer.days
    )


# ---- an article at which analysis fails ---------------------------------------------------------


class _Panic(BaseException):
    """What a library that is not written in Python raises."""


@pytest.mark.parametrize("error", [ValueError("Input is too long"), _Panic("index out of bounds")])
def test_an_article_that_cannot_be_analyzed_keeps_no_other_out_and_is_found_letter_by_letter(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    error: BaseException,
) -> None:
    really_analyze = analyzing.analyze

    def fail(article: Article) -> tuple[list[list[Unit]], Analysis]:
        if article.id == "p2":
            raise error
        return really_analyze(article)

    monkeypatch.setattr(analyzing, "analyze", fail)
    list(take_in(archive, [write(tmp_path / "in.jsonl", ARTICLES)]))
    assert index(archive) == 3
    assert found(archive, Everything()) == {"p1", "p2", "p3"}
    assert found(archive, Term("停戦")) == {"p1", "p3"}
    assert found(archive, Chars("日本銀行は")) == {"p2"}
    assert str(error) in caplog.text
    assert "p2" in caplog.text


def test_an_article_that_ends_its_process_keeps_no_other_out(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "analyze_articles", stuck_reader.analyze_articles)
    monkeypatch.setattr(processes, "WORTH_A_PROCESS_TASKS", 1)
    deadly = {"id": "p4", "title": "致命的", "body": "一文。"}
    list(take_in(archive, [write(tmp_path / "in.jsonl", [*ARTICLES, deadly])]))
    with Workers(2) as two:
        assert rebuild(archive, default_engine_url(archive.directory), two) == 4
    assert found(archive, Term("停戦")) == {"p1", "p3"}
    assert found(archive, Chars("致命的")) == {"p4"}
