"""The whole way that a reader sees: `Library.search`, and pages over HTTP from the real server."""

from __future__ import annotations

import http.client
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from benchmarks import asking
from benchmarks.questions import CLASSES, Question
from benchmarks.recipe import Recipe, analyzed, article, names
from benchmarks.setup import Setup, Table, say
from benchmarks.tables import milliseconds, rate, short
from indexer import upkeep
from indexer.topics import read_topics
from search.archive import Archive
from search.japanese.tokens import analysis_version
from search.library import Library
from search.query.model import Request

TRANSACTION_ARTICLES = 1_000
CLIENTS = 8
"""Requests under way at one time, where requests a second are counted."""

WARM_REQUESTS = 40
SECONDS_TO_START = 120.0
WORKERS = (1, 2)
END_OF_PAGE = b"</html>"


def report(setup: Setup, articles: int) -> list[Table]:
    """Both, on an archive with text."""
    directory = setup.directory(articles) / "archive"
    if not (setup.keep and (directory / "made").exists()):
        shutil.rmtree(directory, ignore_errors=True)
        make_archive(setup, articles, directory)
        (directory / "made").touch()
    questions = [question for question in setup.questions(articles) if question.kind in CLASSES]
    return [_library(directory, questions, articles), _http(directory, questions, articles)]


def make_archive(setup: Setup, articles: int, directory: Path) -> None:
    """Text, analyses and mentions as `add` would leave them, and the index made of them."""
    say(f"Putting {articles:,} articles into an archive …")
    topics = read_topics(setup.corpus.topics)
    assert isinstance(topics, list)
    recipe = setup.recipe(articles)
    with Archive.open(directory, create=True) as archive:
        with archive.transaction():
            archive.put_topics(topics)
        for first in range(0, articles, TRANSACTION_ARTICLES):
            with archive.transaction():
                _put(archive, recipe, range(first, min(first + TRANSACTION_ARTICLES, articles)))
        say("Building its index …")
        upkeep.rebuild_index(archive, None)


def _put(archive: Archive, recipe: Recipe, numbers: range) -> None:
    for number in numbers:
        plan = recipe.plan(number)
        article_id, _ = archive.put(article(plan))
        archive.put_analysis(article_id, 1, analysis_version(), analyzed(plan).analysis, names(plan))


def requests(questions: Sequence[Question]) -> list[Request]:
    """As a reader would type them. A chosen value is an entity id of the pieces, which a country has everywhere."""
    return [
        Request(one.text, filters=one.filters, since=one.since, until=one.until, sort=one.sort) for one in questions
    ]


def _library(directory: Path, questions: Sequence[Question], articles: int) -> Table:
    say("Asking the library …")
    asked = requests(questions)
    seconds: list[list[float]] = []
    with Library.open(directory) as library:
        for _ in range(2):      # the first time, and again
            seconds.append([asking.timed(partial(library.search, request)) for request in asked])
    rows = [
        [row, *(milliseconds(
            [s for s, question in zip(of_round, questions, strict=True) if row in ("all", question.kind)], 50, 95, 99
        ) for of_round in seconds)]
        for row in (*CLASSES, "all")
    ]
    head = ("ms of the processor, mean / p50 / p95 / p99", "first time asked", "again")
    notes = ["Words and names, eight facets, ten topics, days, twenty articles with snippets."]
    return Table(f"Library.search, {articles:,} articles", head, rows, notes, {"seconds": seconds})


def _http(directory: Path, questions: Sequence[Question], articles: int) -> Table:
    paths = [path_of(request) for request in requests(questions)]
    rows: list[list[str]] = []
    data: dict[str, dict[str, list[float]]] = {}
    for workers in WORKERS:
        say(f"Asking a server with {workers} worker(s) …")
        with server(directory, workers) as address:
            for path in paths[:WARM_REQUESTS] * workers:
                _get(address, path)
            one_by_one = [_get(address, path) for path in paths]
            at_once, count = _at_once(address, paths)
        rows.append([str(workers), milliseconds(one_by_one, 50, 95, 99), rate(count, at_once)])
        data[str(workers)] = {"seconds": one_by_one, "at_once": [at_once]}
    head = (
        "workers", "ms by the clock, one after the other, mean / p50 / p95 / p99", f"requests, {CLIENTS} at a time"
    )
    slowest = max(max(one["seconds"]) for one in data.values())
    notes = [
        f"{len(paths)} pages, each another query, after {WARM_REQUESTS} for each worker. The client runs on the same "
        f"machine, so that it takes a part of the processors. The slowest took {short(slowest)} s.",
    ]
    return Table(f"Pages over HTTP, {articles:,} articles", head, rows, notes, dict(data))


def path_of(request: Request) -> str:
    """The address of its page."""
    pairs = [("q", request.text), *((facet, value) for facet, chosen in request.filters.items() for value in chosen)]
    pairs += [("from", request.since.isoformat())] if request.since else []
    pairs += [("to", request.until.isoformat())] if request.until else []
    pairs += [("sort", request.sort)] if request.sort and request.sort != "relevance" else []
    return "/?" + urlencode(pairs)


@contextmanager
def server(directory: Path, workers: int) -> Iterator[str]:
    """A real one on a free port of this machine; stopped at the end. What it says is kept beside the archive."""
    command = [
        sys.executable, "-W", "ignore", "-m", "kijigura", "serve", "--archive", str(directory), "--port", "0",
        "--workers", str(workers),
    ]
    with (
        directory.with_name("server.log").open("w") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            _wait_until_ready(address)
            yield urlsplit(address).netloc
        finally:
            process.terminate()


def _wait_until_ready(address: str) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            _get(urlsplit(address).netloc, "/?q=x")
        except (OSError, RuntimeError):
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return


def ask(address: str, path: str) -> tuple[float, bytes]:
    """Seconds by the clock until the whole answer is there, and its body. Raises RuntimeError for an error."""
    started = time.perf_counter()
    connection = http.client.HTTPConnection(address, timeout=120)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    seconds = time.perf_counter() - started
    if response.status != 200:
        raise RuntimeError(f"{path} was answered with status {response.status}")
    return seconds, body


def _get(address: str, path: str) -> float:
    """Seconds until the whole page is there. Raises RuntimeError for another answer than a page."""
    seconds, body = ask(address, path)
    if END_OF_PAGE not in body:
        raise RuntimeError(f"{path} was answered with something else than a whole page")
    return seconds


def _at_once(address: str, paths: Sequence[str]) -> tuple[float, int]:
    """Seconds by the clock for all of them with several clients, and how many there were."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        started = time.perf_counter()
        count = len(list(pool.map(partial(_get, address), paths)))
        return time.perf_counter() - started, count
