"""The archive: what is acknowledged stays, what is known is not taken twice, what is removed stays away."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer import formats
from indexer.analyzing import analyze_article
from indexer.raw import RawArticle, Where
from indexer.records import as_record
from indexer.sections import divide
from search import archive_file
from search.archive import Archive
from search.archive_file import FILE_NAME
from search.articles import JST, Article, FoundName, Published, Section, Topic
from search.errors import ArchiveBusy, ArchiveDamaged, ArchiveMismatch, ArchiveNotFound, NotFound

BODY = (Section(None, "停戦に合意した。"),)


def an_article(article_id: str = "a1", title: str = "停戦合意", **values: object) -> Article:
    return Article(article_id, title, values.pop("sections", BODY), **values)


def put(archive: Archive, *articles: Article, restore: bool = False) -> list[tuple[str, str]]:
    with archive.transaction():
        return [archive.put(article, restore=restore) for article in articles]


def remove(archive: Archive, article_id: str) -> bool:
    with archive.transaction():
        return archive.remove(article_id)


# ---- put and remove -----------------------------------------------------------------------------

A, CHANGED = an_article(), an_article(title="停戦合意（更新）")


@pytest.mark.parametrize(
    ("steps", "outcomes", "version"),
    [
        ([A], ["added"], 1),
        ([A, A], ["added", "unchanged"], 1),
        ([A, CHANGED], ["added", "updated"], 2),
        ([A, CHANGED, CHANGED], ["added", "updated", "unchanged"], 2),
        ([A, CHANGED, A], ["added", "updated", "updated"], 3),              # a correction taken back
        ([A, "remove", A], ["added", True, "removed earlier"], None),
        ([A, "remove", CHANGED], ["added", True, "removed earlier"], None),
        ([A, "remove", "remove"], ["added", True, False], None),
        (["remove", A], [False, "added"], 1),
        ([A, "remove", ("restore", A)], ["added", True, "added"], 1),
        ([A, "remove", ("restore", CHANGED)], ["added", True, "added"], 2),
        ([A, ("restore", A)], ["added", "unchanged"], 1),
        ([A, "remove", ("restore", A), "remove", A], ["added", True, "added", True, "removed earlier"], None),
    ],
)
def test_what_becomes_of_an_article(
    archive: Archive, steps: list[object], outcomes: list[object], version: int | None
) -> None:
    found: list[object] = []
    for step in steps:
        if step == "remove":
            found.append(remove(archive, "a1"))
        elif isinstance(step, tuple):
            found += [outcome for _, outcome in put(archive, step[1], restore=True)]
        else:
            found += [outcome for _, outcome in put(archive, step)]
    assert found == outcomes
    assert archive.count() == (version is not None)
    if version is None:
        with pytest.raises(NotFound, match="kijigura search"):
            archive.get("a1")
    else:
        assert archive.get("a1").version == version


def test_every_version_of_an_article_can_still_be_read(archive: Archive) -> None:
    put(archive, A, CHANGED)
    remove(archive, "a1")
    put(archive, CHANGED)
    assert [archive.get("a1", version).article.title for version in (1, 2)] == ["停戦合意", "停戦合意（更新）"]
    with pytest.raises(NotFound):
        archive.get("a1", 3)


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "別の題"}, {"desk": "国際"}, {"url": "https://example.jp/1"}, {"authors": ("記者",)},
        {"published": Published(datetime(2024, 4, 10, tzinfo=JST), "day")}, {"extra": {"刊": "朝刊"}},
        {"sections": (*BODY, Section("見出し", "本文"))}, {"title_inferred": True},
    ],
)
def test_a_change_of_any_field_is_an_update(archive: Archive, changed: dict[str, object]) -> None:
    assert [outcome for _, outcome in put(archive, A, replace(A, **changed))] == ["added", "updated"]
    assert archive.get("a1").article == replace(A, **changed)


def test_the_precision_of_a_date_is_part_of_it(archive: Archive) -> None:
    at = datetime(2024, 1, 1, tzinfo=JST)
    for precision in ("year", "month", "day", "minute"):
        put(archive, replace(A, published=Published(at, precision)))
        assert archive.get("a1").article.published == Published(at, precision)
    assert archive.get("a1").version == 4


def test_change_numbers_grow_with_every_put_and_removal(archive: Archive) -> None:
    seen = [archive.last_change()]
    for step in (lambda: put(archive, A), lambda: put(archive, an_article("a2")), lambda: put(archive, CHANGED),
                 lambda: remove(archive, "a2"), lambda: put(archive, an_article("a2"), restore=True)):
        step()
        seen.append(archive.last_change())
    assert seen == sorted(set(seen))
    put(archive, CHANGED)
    remove(archive, "nobody")
    assert [(s.article.id, s.removed) for s in archive.changes_since(seen[3])] == [("a2", False)]
    assert [s.article.id for s in archive.changes_since(0)] == ["a1", "a2"]
    assert [s.article.id for s in archive.changes_since(0, limit=1)] == ["a1"]
    assert archive.count_changes_since(0) == 2


def test_a_removal_is_a_change_that_an_index_learns_of(archive: Archive) -> None:
    put(archive, A)
    before = archive.last_change()
    remove(archive, "a1")
    (stored,) = archive.changes_since(before)
    assert (stored.article.id, stored.removed) == ("a1", True)


def _change_and_fail(archive: Archive) -> None:
    archive.put(CHANGED)
    archive.put(an_article("a2"))
    archive.remove("a1")
    raise ZeroDivisionError


def test_a_transaction_that_fails_leaves_nothing(archive: Archive) -> None:
    put(archive, A)
    before = archive.last_change()
    with pytest.raises(ZeroDivisionError), archive.transaction():
        _change_and_fail(archive)
    assert archive.get("a1").article == A
    assert (archive.count(), archive.last_change()) == (1, before)
    assert put(archive, CHANGED) == [("a1", "updated")]


# ---- sources ------------------------------------------------------------------------------------


def test_one_id_in_two_sources_is_two_articles(archive: Archive) -> None:
    one, other = an_article(source="見本新聞"), an_article(source="例示日報", title="別の記事")
    (first, _), (second, _) = put(archive, one, other)
    assert first == "a1"
    assert second.startswith("a1~")
    assert put(archive, one, other) == [("a1", "unchanged"), (second, "unchanged")]
    assert archive.get(second).article == replace(other, id=second)
    assert put(archive, an_article())[0][1] == "added"      # no source is one more
    assert archive.count() == 3


def test_the_id_of_the_second_source_is_the_same_in_every_archive(tmp_path: Path) -> None:
    ids = []
    for name in ("one", "two"):
        with Archive.open(tmp_path / name, create=True) as archive:
            found = put(archive, an_article(source="見本新聞"), *[an_article(f"x{i}") for i in range(len(ids))],
                        an_article(source="例示日報"))
            ids.append(found[-1][0])
    assert ids[0] == ids[1]


def test_an_export_of_two_sources_comes_back_as_the_same_two(archive: Archive, tmp_path: Path) -> None:
    both = [an_article(source="見本新聞"), an_article(source="例示日報", title="別の記事")]
    ids = [identity for identity, _ in put(archive, *both)]
    exported = [archive.get(identity).article for identity in ids]
    assert put(archive, *exported) == [(identity, "unchanged") for identity in ids]
    for order in (exported, exported[::-1]):
        with Archive.open(tmp_path / str(order[0].id), create=True) as other:
            assert [i for i, _ in put(other, *order)] == [one.id for one in order]
            assert [other.get(one.id).article for one in order] == order
            # and what the export was made from is known there
            assert sorted(put(other, *both)) == sorted((identity, "unchanged") for identity in ids)


def test_an_export_is_an_update_where_its_article_changed(archive: Archive) -> None:
    _, (second, _) = put(archive, an_article(source="見本新聞"), an_article(source="例示日報"))
    changed = replace(archive.get(second).article, title="改題")
    assert put(archive, changed) == [(second, "updated")]


# ---- export -------------------------------------------------------------------------------------

ODD = (
    "## 見出しのような行", "。", "中国", "{\"a\": 1}", "<b>&amp;</b>", "𠮷野家🇺🇦", "が", "a\u3000b", "- 項目",
    "2024年4月10日",
    "（共同）", "　字下げ", "\\n", "ﷺ", "null",
)
texts = st.one_of(st.sampled_from(ODD), st.text(max_size=12), st.just(""))
lines = st.lists(texts, max_size=4).map("\n\n".join)
sections = st.lists(st.builds(Section, st.one_of(st.none(), texts), lines), min_size=1, max_size=3).map(tuple)
DATES = (
    None, "2024", "2024-04", "2024-04-10", "2024-04-10T15:03", "2024-04-10T15:03:07+00:00", "令和六年", "1945-08-15",
)
keys = st.sampled_from(
    ("date", "headline", "articleBody", "text", "content", "publisher", "section", "articleSection", "author",
     "identifier", "datePublished", "title_inferred", "面", "sections", "ruby")
)
values = st.one_of(
    texts, st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.lists(texts, max_size=2),
    st.dictionaries(texts, texts, max_size=2),
)
raws = st.builds(
    RawArticle,
    st.just(Where("a.jsonl")),
    title=st.one_of(st.none(), texts),
    body=lines,
    sections=st.one_of(st.none(), sections),
    id=st.one_of(st.none(), texts),
    published=st.sampled_from(DATES),
    source=st.one_of(st.none(), texts),
    desk=st.one_of(st.none(), texts),
    url=st.one_of(st.none(), texts),
    authors=st.lists(texts, max_size=2).map(tuple),
    title_inferred=st.booleans(),
)


def export_and_read(article: Article, directory: Path) -> Article:
    """Through the file that `export` writes and `add` reads."""
    path = directory / "export.jsonl"
    path.write_text(json.dumps(as_record(article), ensure_ascii=False) + "\n", encoding="utf-8")
    (raw,) = formats.read(path)
    assert isinstance(raw, RawArticle), raw
    again = divide(raw)
    assert isinstance(again, Article), again
    return again


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(raw=raws)
def test_what_is_exported_reads_back_as_the_same_article(raw: RawArticle, archive: Archive) -> None:
    article = divide(raw)
    if isinstance(article, Article):
        with suppress(ZeroDivisionError), archive.transaction():
            assert archive.put(article) == (article.id, "added")
            stored = archive.get(article.id).article
            assert stored == article
            again = export_and_read(stored, archive.directory)
            assert again == stored
            assert archive.put(again) == (article.id, "unchanged")
            raise ZeroDivisionError     # the next example finds the archive empty


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(record=st.dictionaries(
    st.one_of(keys, st.sampled_from(("id", "title", "body", "published", "source", "desk", "url", "authors"))), values
))
def test_whatever_a_json_line_held_its_export_reads_back_as_the_same_article(
    record: dict[str, object], tmp_path_factory: pytest.TempPathFactory
) -> None:
    directory = tmp_path_factory.mktemp("export")
    path = directory / "in.jsonl"
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    for raw in formats.read(path):
        article = divide(raw) if isinstance(raw, RawArticle) else raw
        if isinstance(article, Article):
            assert export_and_read(article, directory) == article


def test_an_export_says_no_more_about_a_date_than_the_source_did() -> None:
    at = datetime(2024, 4, 10, 15, 3, tzinfo=JST)
    precisions = ("year", "month", "day", "minute")
    written = [as_record(replace(A, published=Published(at, one)))["published"] for one in precisions]
    assert written == ["2024", "2024-04", "2024-04-10", "2024-04-10T15:03:00+09:00"]
    assert as_record(A)["published"] is None


# ---- what was derived ---------------------------------------------------------------------------


def test_forms_of_a_name_come_as_surfaces_do_and_go_with_their_article(archive: Archive) -> None:
    article = an_article(title="習近平国家主席、ラヴロフ外相と会談")
    put(archive, article)
    tokens, names, _ = analyze_article(article)
    with archive.transaction():
        mentions = archive.put_analysis("a1", 1, "v1", tokens, names)
    assert mentions
    for one in mentions:
        assert archive.forms(one.entity_id) == [surface for surface, _ in archive.surfaces(one.entity_id)]
    with archive.transaction():
        archive.remove("a1")
    assert not archive.forms(mentions[0].entity_id)
    assert not archive.surfaces(mentions[0].entity_id)


def test_an_analysis_comes_back_as_it_was_put(archive: Archive) -> None:
    article = an_article(title="習近平国家主席、ラヴロフ外相と会談")
    put(archive, article)
    tokens, names, _ = analyze_article(article)
    with archive.transaction():
        mentions = archive.put_analysis("a1", 1, "v1", tokens, names)
    kept = archive.analysis("a1", 1, "v1")
    assert kept is not None
    assert (kept.tokens.parts, kept.tokens.terms, kept.tokens.long_terms) == (
        tokens.parts, tokens.terms, tokens.long_terms
    )
    assert kept.tokens.starts.tolist() == tokens.starts.tolist()
    assert kept.mentions == mentions
    assert {m.surface for m in mentions} >= {"習近平", "ラヴロフ"}
    assert archive.analysis("a1", 1, "v2") is None
    assert archive.analysis("a1", 2) is None


def test_an_entity_keeps_its_id_however_its_name_is_spelled(archive: Archive) -> None:
    put(archive, A)
    tokens = analyze_article(A).tokens

    def ids(*names: str) -> list[str]:
        with archive.transaction():
            found = [FoundName(0, i, i + 1, name, "person", None, name) for i, name in enumerate(names)]
            return [m.entity_id for m in archive.put_analysis("a1", 1, "v", tokens, found)]

    assert ids("見本ラヴロ", "例示花子") == ["person-1", "person-2"]
    assert ids("例示花子", "見本ラブロ", "新田太郎") == ["person-2", "person-1", "person-3"]
    assert archive.entities_called("見本ラブロ") == ("person-1",)
    assert archive.entities(["person-1", "nobody"])["person-1"].name == "見本ラヴロ"


def test_topics_keep_their_place_when_they_change(archive: Archive) -> None:
    with archive.transaction():
        archive.put_topics([Topic("b", "停戦", "停戦"), Topic("a", "選挙", "選挙")])
        archive.put_topics([Topic("b", "停戦交渉", "停戦 交渉", "Ceasefire"), Topic("c", "経済", "経済")])
    assert [t.id for t in archive.topics()] == ["b", "a", "c"]
    assert archive.topics()[0] == Topic("b", "停戦交渉", "停戦 交渉", "Ceasefire")
    with archive.transaction():
        assert archive.remove_topic("a")
        assert not archive.remove_topic("a")


# ---- opening ------------------------------------------------------------------------------------


def test_no_archive_is_made_unless_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ArchiveNotFound, match="kijigura add"):
        Archive.open(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_an_archive_of_a_newer_form_is_left_alone(tmp_path: Path) -> None:
    Archive.open(tmp_path, create=True).close()
    with sqlite3.connect(tmp_path / FILE_NAME) as db:
        db.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    with pytest.raises(ArchiveMismatch, match="pip install -U kijigura"):
        Archive.open(tmp_path)


@pytest.mark.parametrize("content", [b"not a database, but long enough to have a header of its own" * 9, bytes(4096)])
def test_a_file_that_is_no_database_is_damage(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(ArchiveDamaged, match=FILE_NAME):
        Archive.open(tmp_path)


def test_a_directory_in_place_of_the_file_is_damage(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(ArchiveDamaged):
        Archive.open(tmp_path)


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
def test_a_file_that_was_cut_short_is_damage_never_a_traceback(tmp_path: Path, kept: float) -> None:
    with Archive.open(tmp_path, create=True) as archive:
        put(archive, *[an_article(f"a{i}", sections=(Section(None, f"{i}本文。" * 200),)) for i in range(100)])
    path = tmp_path / FILE_NAME
    os.truncate(path, int(path.stat().st_size * kept))
    with pytest.raises(ArchiveDamaged), Archive.open(tmp_path) as archive:
        archive.changes_since(0)


def test_a_whole_archive_has_nothing_to_report(archive: Archive) -> None:
    put(archive, A)
    assert archive.verify() == []


def test_many_processes_may_make_one_archive_at_once(tmp_path: Path) -> None:
    program = "import sys, pathlib; from search.archive import Archive\n" \
              "sys.stdin.readline(); Archive.open(pathlib.Path(sys.argv[1]), create=True).close()"
    for round_ in range(2):
        running = [
            subprocess.Popen([sys.executable, "-c", program, str(tmp_path / str(round_))], stdin=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True)
            for _ in range(4)
        ]
        for process in running:     # all are started before the first may go on
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
        assert [process.communicate()[1] for process in running] == [""] * 4


# ---- two writers --------------------------------------------------------------------------------

HOLD = """
import sys, pathlib
from search.archive import Archive
from search.articles import Article, Section
with Archive.open(pathlib.Path(sys.argv[1])) as archive, archive.transaction():
    archive.put(Article("theirs", "題", (Section(None, "本文"),)))
    print("holding", flush=True)
    sys.stdin.readline()
"""


def test_a_writer_waits_for_another_process_and_gives_up_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_file, "BUSY_TIMEOUT_MS", 200)
    with Archive.open(tmp_path, create=True) as archive:
        put(archive, A)
        other = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert other.stdin
        assert other.stdout
        assert other.stdout.readline() == "holding\n"
        with pytest.raises(ArchiveBusy, match="Another process is writing"):
            put(archive, CHANGED)
        assert archive.get("a1").article == A       # reading goes on
        monkeypatch.setattr(archive_file, "BUSY_TIMEOUT_MS", 30_000)
        with Archive.open(tmp_path) as patient:
            done: list[object] = []
            waiting = threading.Thread(target=lambda: done.append(put(patient, CHANGED)))
            waiting.start()
            assert not done
            other.stdin.write("\n")
            other.stdin.close()
            waiting.join()
            assert done == [[("a1", "updated")]]
        assert other.wait() == 0
        assert archive.count() == 2


# ---- threads ------------------------------------------------------------------------------------


def test_threads_read_while_one_of_them_writes(tmp_path: Path) -> None:
    with Archive.open(tmp_path, create=True) as archive:
        put(archive, *(an_article(f"a{i}", title=f"題 {i}") for i in range(50)))

        def read(number: int) -> list[str]:
            return [archive.get(f"a{(number + i) % 50}").article.title for i in range(200)]

        with ThreadPoolExecutor(16) as pool:
            found = [pool.submit(read, number) for number in range(32)]
            for i in range(20):
                put(archive, an_article(f"b{i}"))
            for number, titles in enumerate(found):
                assert titles.result() == [f"題 {(number + i) % 50}" for i in range(200)]
        assert archive.count() == 70


def test_closing_an_archive_closes_it_in_every_thread(tmp_path: Path) -> None:
    archive = Archive.open(tmp_path, create=True)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(archive.count).result() == 0
        archive.close()
        for count in (archive.count, pool.submit(archive.count).result):
            with pytest.raises(sqlite3.ProgrammingError):
                count()
    with ThreadPoolExecutor(1) as pool, pytest.raises(sqlite3.ProgrammingError):
        pool.submit(archive.count).result()     # a thread that had not asked before


# ---- kill -9 ------------------------------------------------------------------------------------

TAKE_IN = """
import sys, pathlib
from indexer import pipeline
from search.archive import Archive
pipeline.COMMIT_EVERY_ARTICLES = 3
with Archive.open(pathlib.Path(sys.argv[1]), create=True) as archive:
    for taken in pipeline.take_in(archive, [pathlib.Path(sys.argv[2])]):
        print(taken.id, flush=True)
"""


@pytest.mark.parametrize("lines_before", [1, 4, 20, 61])
def test_what_was_acknowledged_before_a_kill_is_in_the_archive_and_can_be_found(
    tmp_path: Path, lines_before: int
) -> None:
    from indexer.upkeep import ensure_index
    from search.engine import open_engine
    from search.library import default_engine_url
    from search.query.model import Query, Term

    source, directory = tmp_path / "in.jsonl", tmp_path / "archive"
    source.write_text(
        "".join(json.dumps({"id": f"k{i}", "title": f"停戦 {i}", "body": "合意した。" * 50}) + "\n" for i in range(400))
    )
    process = subprocess.Popen(
        [sys.executable, "-c", TAKE_IN, str(directory), str(source)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    acknowledged = [process.stdout.readline().strip() for _ in range(lines_before)]
    process.kill()
    acknowledged += [line.strip() for line in process.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    assert process.wait() == -9
    assert len(acknowledged) < 400
    with Archive.open(directory) as archive:
        assert archive.verify() == []
        assert [archive.get(article_id).article.id for article_id in acknowledged] == acknowledged
        said: list[str] = []
        ensure_index(archive, None, workers=1, say=said.append)
        assert said == []       # a new archive has no index, and nobody needs to be told
        engine = open_engine(default_engine_url(directory))
        assert set(engine.matching(Query(Term("停戦")))) >= set(acknowledged)
        assert engine.info().articles == archive.count()
        engine.close()


def test_an_archive_of_the_first_form_is_brought_up_to_date_and_keeps_everything(tmp_path: Path) -> None:
    article = an_article(title="習近平国家主席、ラヴロフ外相と会談")
    with Archive.open(tmp_path, create=True) as archive:
        put(archive, article)
        with archive.transaction():
            archive.put_analysis("a1", 1, "v1", *analyze_article(article))
        aliases = archive.rows("SELECT folded, entity_id FROM aliases ORDER BY 1, 2")
    with sqlite3.connect(tmp_path / FILE_NAME) as db:
        for statement in ("DROP INDEX aliases_to_hear", "DROP TABLE name_sounds", "DROP TABLE name_keys",
                          "DROP INDEX aliases_by_ending", "DROP INDEX aliases_by_entity",
                          "ALTER TABLE aliases DROP COLUMN heard",
                          "DROP INDEX mentions_by_name", "DROP TABLE names",
                          *(f"ALTER TABLE mentions DROP COLUMN {name}" for name in ("name_id", "about", "inferred")),
                          "ALTER TABLE entities DROP COLUMN merged_into",
                          *(f"ALTER TABLE content DROP COLUMN {name}" for name in
                            ("published_inferred", "credits", "ruby")),
                          "DROP TABLE files", "DROP TABLE rejected", "DROP TABLE copies", "DROP TABLE copy_keys",
                          "UPDATE meta SET value = '1' WHERE key = 'schema'"):
            db.execute(statement)
    with Archive.open(tmp_path) as archive:
        assert archive.meta("schema") == "6"
        assert archive.rows("SELECT folded, entity_id FROM aliases ORDER BY 1, 2") == aliases
        assert archive.get("a1").article.title == article.title
        assert archive.hear_names() == len(aliases) > 0
        assert archive.names_at("=syukinpei", 5)
    with Archive.open(tmp_path) as archive:
        assert archive.hear_names() == 0
