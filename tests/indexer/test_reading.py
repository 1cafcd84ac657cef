"""Files -> articles in several processes: the order, the places, and files that end a process or never end."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Iterator

import pytest
import stuck_reader

from indexer import reading
from indexer.formats import Facts
from indexer.raw import RawArticle, Rejection, Where
from indexer.reading import Given, Job, Piece, Reader, pieces_of, read_jobs
from search.articles import Article
from search.processes import Workers


def text_job(title: str, body: str = "合意した。") -> Job:
    return Job(f"{title}\n\n　{body}".encode(), Where(f"{title}.txt"))


def read(pieces: list[Piece], workers: Workers, expected: int = 1_000) -> list[str]:
    """Title or reason of everything, in order."""
    reader = Reader[int](workers, Given(), expected)
    found = list(reader.read((piece, number) for number, piece in enumerate(pieces)))
    assert [tag for _, tag in found] == list(range(len(pieces)))
    everything = [one.what for several, _ in found for one in several]
    return [one.title if isinstance(one, Article) else one.why for one in everything]


@pytest.fixture
def two() -> Iterator[Workers]:
    with Workers(2) as workers:
        yield workers


def test_several_processes_find_what_one_does_in_the_same_order(two: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_JOBS_TOGETHER", 3)
    pieces: list[Piece] = [text_job(f"記事{n}") for n in range(40)]
    pieces[7] = [Rejection(Where("x"), "a link to nothing"), RawArticle(Where("y"), title="表の一行", body="合意。")]
    one = read(pieces, Workers(1))
    assert one[7:9] == ["a link to nothing", "表の一行"]
    assert read(pieces, two) == one


def test_few_articles_start_no_process(two: Workers) -> None:
    assert read([text_job("記事")], two, expected=3) == ["記事"]
    assert two._pool is None


def test_a_large_file_of_lines_is_read_in_stretches_and_every_line_keeps_its_number(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "SMALL_FILE_BYTES", 1_000)
    monkeypatch.setattr(reading, "JOB_BYTES", 500)
    lines = [json.dumps({"id": f"k{n}", "title": f"記事{n}", "body": "合意した。" * 5}) for n in range(1, 31)]
    lines[9] = "{broken"
    data = ("\n".join(lines) + "\n").encode()
    pieces = list(pieces_of(io.BytesIO(data), Where("in.jsonl"), Facts()))
    assert len(pieces) > 5
    jobs = [piece for piece in pieces if isinstance(piece, Job)]
    found = [one for several in read_jobs(jobs, Given()) for one in several]
    assert [one.where.line for one in found] == list(range(1, 31))
    assert isinstance(found[9].what, Rejection)
    assert found[9].what.where == Where("in.jsonl", 10)
    ids = [one.what.id for one in found if isinstance(one.what, Article)]
    assert ids == [f"k{n}" for n in range(1, 31) if n != 10]


@pytest.mark.parametrize("name", ["in.jsonl", "in.json", "articles"])
def test_a_stretch_of_lines_never_begins_with_a_broken_one(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(reading, "SMALL_FILE_BYTES", 1_000)
    monkeypatch.setattr(reading, "JOB_BYTES", 300)
    lines = [json.dumps({"id": f"k{n}", "title": f"記事{n}", "body": "合意した。" * 5}) for n in range(40)]
    lines[1::2] = ["途中で切れた行"] * 20
    found = stretches(lines, name)
    assert [one.what.id for one in found if isinstance(one.what, Article)] == [f"k{n}" for n in range(0, 40, 2)]
    assert [one.where.line for one in found if isinstance(one.what, Rejection)] == list(range(2, 41, 2))


def test_a_stretch_of_lines_does_not_part_an_article_from_its_id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SMALL_FILE_BYTES", 1_000)
    monkeypatch.setattr(reading, "JOB_BYTES", 10)
    lines: list[str] = []
    for n in range(40):
        lines += [json.dumps({"index": {"_id": f"k{n}"}}), json.dumps({"title": f"記事{n}", "body": "合意した。" * 5})]
    found = stretches(lines, "bulk.json")
    assert [one.what.id for one in found if isinstance(one.what, Article)] == [f"k{n}" for n in range(40)]


def stretches(lines: list[str], name: str) -> list[reading.Found]:
    data = ("\n".join(lines) + "\n").encode()
    jobs = [piece for piece in pieces_of(io.BytesIO(data), Where(name), Facts()) if isinstance(piece, Job)]
    assert len(jobs) > 5
    return [one for several in read_jobs(jobs, Given()) for one in several]


def test_processes_that_somebody_ends_are_replaced_and_nothing_is_lost(
    two: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_JOBS_TOGETHER", 1)
    titles = [f"記事{n}" for n in range(30)]

    def pieces() -> Iterator[tuple[Piece, int]]:
        for number, title in enumerate(titles):
            if number == 15:
                assert two._pool
                two._pool.submit(str).result()
                for process in list(two._pool._processes.values()):
                    process.kill()
                    process.join()
                time.sleep(0.5)
            yield text_job(title), number

    found = [one.what for several, _ in Reader[int](two, Given(), 1_000).read(pieces()) for one in several]
    assert [one.title if isinstance(one, Article) else one.why for one in found] == titles


def test_what_a_person_said_is_for_articles_that_say_nothing() -> None:
    lines = (
        '{"title": "一", "body": "合意。"}',
        '{"title": "二", "body": "合意。", "source": "例示日報", "desk": "政治"}',
    )
    job = Job("\n".join(lines).encode(), Where("in.jsonl"))
    ((first, second),) = read_jobs([job], Given("既定新聞", "既定面"))
    assert isinstance(first.what, Article)
    assert (first.what.source, first.what.desk) == ("既定新聞", "既定面")
    assert isinstance(second.what, Article)
    assert (second.what.source, second.what.desk) == ("例示日報", "政治")


def test_a_file_that_ends_its_process_is_rejected_and_the_rest_goes_in(
    two: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "read_jobs", stuck_reader.read_jobs)
    monkeypatch.setattr(reading, "MOST_JOBS_TOGETHER", 2)
    titles = [f"記事{n}" for n in range(8)]
    pieces: list[Piece] = [text_job(title, "致命的" if title == "記事3" else "合意した。") for title in titles]
    found = read(pieces, two)
    assert found[:3] + found[4:] == titles[:3] + titles[4:]
    assert found[3] == "the process that read it was ended: it may take more memory than there is"


def test_a_file_that_takes_for_ever_is_rejected_and_the_rest_goes_in(
    two: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "read_jobs", stuck_reader.read_jobs)
    monkeypatch.setattr(reading, "MOST_JOBS_TOGETHER", 2)
    monkeypatch.setattr(reading, "MOST_SILENT_SECONDS", 4.0)
    titles = [f"記事{n}" for n in range(6)]
    pieces: list[Piece] = [text_job(title, "永遠" if title == "記事2" else "合意した。") for title in titles]
    started = time.monotonic()
    found = read(pieces, two)
    assert time.monotonic() - started < 40
    assert found[:2] + found[3:] == titles[:2] + titles[3:]
    assert "took more than" in found[2]


def test_a_reader_that_loops_is_stopped_in_its_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def loop(_: object) -> Iterator[RawArticle]:
        while True:
            pass
        yield

    monkeypatch.setattr(reading, "MOST_SECONDS", 0.2)
    monkeypatch.setattr(reading.formats, "read_leaf", loop)
    ((found,),) = read_jobs([text_job("記事")], Given())
    assert isinstance(found.what, Rejection)
    assert "took more than" in found.what.why


def test_without_signals_there_is_no_limit_and_no_error() -> None:
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.extend(read_jobs([text_job("記事")], Given())[0]))
    thread.start()
    thread.join()
    assert len(found) == 1
