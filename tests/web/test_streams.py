"""Everything that is found, however much: from one snapshot that stays open until the last line, and no longer."""

from __future__ import annotations

import csv
import io
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection, IncompleteRead
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from web_double import DoubleKeeper, DoubleLibrary

from indexer import upkeep
from search.archive import Archive
from search.articles import Topic
from search.errors import IndexDamaged, QueryTooHeavy
from search.library import Library
from search.query.model import Request
from search.results import Hit, Snippet
from web import create_app, server

FORMS = ["csv", "ris", "bibtex", "jsonl"]
STARTS = {"csv": "\ufeffid,", "ris": "TY  - NEWS", "bibtex": "@article{", "jsonl": '{"id": '}


class Long(DoubleLibrary):
    """Many articles in batches of 500. breaks_at: the batch that cannot be read."""

    def __init__(self, articles: int = 12_345, breaks_at: int | None = None, error: Exception | None = None) -> None:
        super().__init__()
        self.long = articles
        self.breaks_at = breaks_at
        self.error = error or IndexDamaged("a block is not what it was")
        self.batches = 0

    def all_hits(self, request: Request) -> Iterator[tuple[Hit, ...]]:
        for at in range(0, self.long, 500):
            if self.batches == self.breaks_at:
                raise self.error
            self.batches += 1
            yield tuple(
                Hit(f"n{i}", Snippet("題" * 40), None, None, None, None, 1.0, ())
                for i in range(at, min(self.long, at + 500))
            )


class Counting(DoubleKeeper):
    """Knows how many answers have the library now, and which errors they ended with."""

    def __init__(self, double: DoubleLibrary) -> None:
        super().__init__()
        self.double = double
        self.users = 0
        self.heard: list[BaseException] = []

    @contextmanager
    def library(self) -> Iterator[DoubleLibrary]:
        self.users += 1
        try:
            yield self.double
        except Exception as error:
            self.heard.append(error)
            raise
        finally:
            self.users -= 1


@contextmanager
def _served(keeper: DoubleKeeper) -> Iterator[HTTPConnection]:
    """A connection to the real server."""
    stop = threading.Event()
    with server.bind("127.0.0.1", 0) as listening:
        thread = threading.Thread(target=server.run, args=(create_app(keeper), listening, stop.is_set))
        thread.start()
        host, _, port = server.address(listening).removeprefix("http://").partition(":")
        connection = HTTPConnection(host, int(port), timeout=30)
        yield connection
        connection.close()
        stop.set()
        thread.join()


@pytest.mark.parametrize("form", FORMS)
def test_there_is_no_end_at_the_ten_thousandth_article(form: str) -> None:
    keeper = Counting(Long())
    text = create_app(keeper).test_client().get(f"/?format={form}").get_data(as_text=True)
    marks = {"csv": "\r\nn", "ris": "\r\nID  - n", "bibtex": "@article{kijigura-n", "jsonl": '{"id": "n'}
    assert text.count(marks[form]) == 12_345
    assert text.startswith(STARTS[form])
    assert text.count("\ufeff") == (form == "csv")
    assert keeper.users == 0


def test_it_is_sent_while_it_is_found() -> None:
    keeper = Counting(Long())
    answer = create_app(keeper).test_client().get("/?format=csv", buffered=False)
    chunks = iter(answer.iter_encoded())
    next(chunks)
    assert keeper.users == 1
    assert 1 <= keeper.double.batches <= 3      # type: ignore[attr-defined]
    answer.close()


@pytest.mark.parametrize("lines_read", [0, 1])
def test_who_goes_away_lets_go_of_the_archive(lines_read: int) -> None:
    keeper = Counting(Long())
    answer = create_app(keeper).test_client().get("/?format=jsonl", buffered=False)
    for _, _chunk in zip(range(lines_read), answer.iter_encoded(), strict=False):
        pass
    answer.close()
    assert keeper.users == 0
    assert keeper.heard == []
    assert keeper.double.batches < 25           # type: ignore[attr-defined]


def test_a_head_lets_go_too() -> None:
    keeper = Counting(Long())
    assert create_app(keeper).test_client().head("/?format=csv").status_code == 200
    assert keeper.users == 0


@pytest.mark.parametrize(("error", "status"), [(IndexDamaged("broken"), 503), (QueryTooHeavy("slow"), 422)])
def test_an_error_before_the_first_line_is_a_plain_answer(error: Exception, status: int) -> None:
    keeper = Counting(Long(breaks_at=0, error=error))
    answer = create_app(keeper).test_client().get("/?format=csv")
    assert (answer.status_code, answer.mimetype) == (status, "text/plain")
    assert (keeper.users, keeper.heard) == (0, [error])


@pytest.mark.parametrize("form", FORMS)
def test_a_part_never_looks_like_the_whole(form: str) -> None:
    """The connection ends before the last chunk, and the keeper hears that the index is damaged."""
    keeper = Counting(Long(breaks_at=10))
    with _served(keeper) as connection:
        connection.request("GET", f"/?format={form}")
        answer = connection.getresponse()
        assert (answer.status, answer.getheader("Transfer-Encoding")) == (200, "chunked")
        with pytest.raises(IncompleteRead):
            answer.read()
    assert keeper.users == 0
    assert [type(error) for error in keeper.heard] == [IndexDamaged]


def test_the_real_server_sends_all_of_it() -> None:
    with _served(Counting(Long(30_000))) as connection:
        connection.request("GET", "/?format=csv")
        rows = list(csv.reader(io.StringIO(connection.getresponse().read().decode("utf-8-sig"), newline="")))
    assert len(rows) == 30_001
    assert rows[-1][0] == "n29999"


# ---- asking again ---------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [*FORMS, "json", "atom"])
def test_who_asks_again_is_told_that_nothing_changed(
    client: FlaskClient, keeper: DoubleKeeper, form: str
) -> None:
    first = client.get(f"/?q=作柄&format={form}")
    tag = first.headers["ETag"]
    asked = len(keeper.double.asked)
    again = client.get(f"/?q=作柄&format={form}", headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert len(keeper.double.asked) == asked        # nothing was searched
    other = client.get(f"/?q=作柄&format={form}", headers={"If-None-Match": tag, "Accept-Language": "en"})
    assert other.status_code == 200                 # labels are in another language
    keeper.double.articles = keeper.double.articles[1:]
    assert client.get(f"/?q=作柄&format={form}", headers={"If-None-Match": tag}).status_code == 200


# ---- the kernel -----------------------------------------------------------------------------------


@pytest.mark.parametrize("request_", [
    Request("停戦"), Request("停戦", sort="oldest"), Request(excluded={"country": ("RU",)}), Request("火星人の侵略"),
    Request("首相", off=("総理大臣",), as_typed=True), Request(filters={"person": ("xi-jinping",)}, about=True),
])
@pytest.mark.parametrize("batch", [1, 7, 500])
def test_batches_are_the_pages_of_the_search_put_together(
    sample_archive: Path, monkeypatch: pytest.MonkeyPatch, request_: Request, batch: int
) -> None:
    monkeypatch.setattr("search.library.HITS_A_BATCH", batch)
    with Library.open(sample_archive) as library:
        batches = list(library.all_hits(request_))
        page = library.search(replace(request_, size=1_000))
    assert [hit.id for hits in batches for hit in hits] == [hit.id for hit in page.hits if not hit.partial]
    assert [hit for hits in batches for hit in hits] == [hit for hit in page.hits if not hit.partial]
    assert all(len(hits) == batch for hits in batches[:-1])


def test_the_state_is_another_once_anything_changed_that_answers_hang_on(
    sample_archive: Path, tmp_path: Path
) -> None:
    directory = tmp_path / "archive"
    shutil.copytree(sample_archive, directory)

    def state() -> str:
        with Library.open(directory) as library:
            return library.state()

    seen = [state(), state()]
    assert seen[0] == seen[1]
    with Archive.open(directory) as archive:
        archive.put_topics([Topic("new", "新しい話題", "停戦")])
    seen.append(state())
    (directory / "synonyms.toml").write_text("", encoding="utf-8")
    seen.append(state())
    with Archive.open(directory) as archive:
        archive.remove(next(iter(archive.changes_since(0))).article.id)
        seen.append(state())
        upkeep.ensure_index(archive, None, say=lambda _: None)
    seen.append(state())
    assert len(set(seen)) == 5
