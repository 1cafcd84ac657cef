"""Files -> articles, by several processes, in the order of the files.

One process opens files, and what holds others; each small file, and each stretch of lines of a large one, is a `Job`
that any process can do. What is neither (a large table, a mailbox) is read where it was opened.
"""

from __future__ import annotations

import io
import json
import re
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import FrameType
from typing import BinaryIO, Generic, NamedTuple, TypeVar

from indexer import formats
from indexer.formats import jsonlines
from indexer.formats.source import MAX_DOCUMENT_BYTES, MIB, NOTHING_KNOWN, Facts, Source, open_source
from indexer.raw import RawArticle, Rejection, Where
from indexer.sections import divide
from search.articles import Article
from search.processes import Workers

JOB_BYTES = 256 * 1024
MOST_STRETCH_BYTES = 64 * JOB_BYTES
"""A stretch is cut where an article can begin, or here."""

MOST_JOBS_TOGETHER = 32
"""What one process gets at once: some milliseconds of work, beside which the way there is nothing."""

SMALL_FILE_BYTES = 4 * MIB
"""A file that is read at once; larger ones are read bit by bit."""

GROUPS_AHEAD = 4
"""For each process: bounds what waits in memory, and no process waits for another."""

FOUND_AT_ONCE = 64
"""Articles of a file that is read bit by bit."""

MOST_SECONDS = 120.0
"""For one file. A page of 32 MiB takes some 20; what takes longer is stuck."""

MOST_SILENT_SECONDS = MOST_SECONDS + 30.0
"""After which a process that did not notice the time is ended."""

NO_MEMORY = "reading it takes more memory than there is"
ENDED = "the process that read it was ended: it may take more memory than there is"
FAILED = "the reader failed"

MOST_SAID_CHARS = 200
"""Of an error that a library raised."""

Tag = TypeVar("Tag")


class Given(NamedTuple):
    """What a person says of articles that do not say it themselves."""

    source: str | None = None
    desk: str | None = None


class Found(NamedTuple):
    """An article, or why there is none; and where."""

    what: Article | Rejection
    where: Where


@dataclass(frozen=True, slots=True)
class Job:
    """A stretch of bytes that is read as a file of its own. first_line: of the whole file, where it begins."""

    data: bytes
    where: Where
    facts: Facts = NOTHING_KNOWN
    depth: int = 0
    first_line: int = 1


Piece = Job | list[RawArticle | Rejection]
"""Of a file: what any process can read, or what was read already."""


def pieces_of(file: BinaryIO, where: Where, facts: Facts) -> Iterator[Piece]:
    """All of a file that can be sought in. Bad input is a Rejection; raises OSError alone."""
    try:
        for leaf in formats.leaves(open_source(file, where, facts)):
            if isinstance(leaf, Rejection):
                yield [leaf]
            else:
                yield from _pieces_of_leaf(leaf)
    except OSError:
        raise
    except Exception as error:      # as in `_read_job`
        yield [Rejection(where, failed(error))]


def _pieces_of_leaf(leaf: Source) -> Iterator[Piece]:
    if leaf.size <= SMALL_FILE_BYTES:
        leaf.file.seek(0)
        yield Job(leaf.file.read(SMALL_FILE_BYTES), leaf.where, leaf.facts, leaf.depth)
    elif _has_an_article_a_line(leaf):
        yield from _stretches(leaf)
    else:
        yield from _groups(formats.read_leaf(leaf))


def _has_an_article_a_line(source: Source) -> bool:
    if not jsonlines.claims(source):
        return False
    try:
        return isinstance(json.loads(source.opening.split("\n", 1)[0]), dict)
    except (ValueError, RecursionError):
        return False


_BEGINS = re.compile(rb'\s*\{\s*"')
"""What a file that has an article a line can begin with, and be known for it."""

_ANNOUNCES = re.compile(rb'\s*\{\s*"(?:index|create|update)"\s*:')
"""Of Elasticsearch's bulk format: what is said of the article on the next line."""


def _stretches(source: Source) -> Iterator[Piece]:
    first, size, gathered = 1, 0, list[bytes]()
    for number, line in source.lines():
        if line is None:
            yield [Rejection(
                Where(source.where.path, number), f"the line is over the limit of {MAX_DOCUMENT_BYTES // MIB} MiB"
            )]
        is_full = size >= JOB_BYTES and line and _BEGINS.match(line) and not _ANNOUNCES.match(gathered[-1])
        if is_full or size >= MOST_STRETCH_BYTES:
            yield Job(b"".join(gathered), source.where, source.facts, source.depth, first)
            first, size, gathered = number, 0, []
        gathered.append(line or b"\n")
        size += len(gathered[-1])
    if gathered:
        yield Job(b"".join(gathered), source.where, source.facts, source.depth, first)


def _groups(found: Iterator[RawArticle | Rejection]) -> Iterator[Piece]:
    group: list[RawArticle | Rejection] = []
    for one in found:
        group.append(one)
        if len(group) >= FOUND_AT_ONCE:
            yield group
            group = []
    if group:
        yield group


# ---- in the process that reads ------------------------------------------------------------------


def read_jobs(jobs: Sequence[Job], given: Given) -> list[list[Found]]:
    """What is in each of them."""
    return [_read_job(job, given) for job in jobs]


def _read_job(job: Job, given: Given) -> list[Found]:
    found: list[Found] = []
    try:
        with _at_most(MOST_SECONDS):
            source = open_source(io.BytesIO(job.data), job.where, job.facts, job.depth)
            for one in formats.read_leaf(source):
                found.append(divided(_moved(one, job.first_line - 1), given))
    except _TookTooLong:
        why = f"reading it took more than {MOST_SECONDS:.0f} s; look at it, or leave it out"
        found.append(Found(Rejection(job.where, why), job.where))
    except MemoryError:
        found.append(Found(Rejection(job.where, NO_MEMORY), job.where))
    except Exception as error:
        # A fault of ours, or of a library. One file must not keep out all others.
        found.append(Found(Rejection(job.where, failed(error)), job.where))
    return found


def failed(error: Exception) -> str:
    """Why there is nothing, where a reader failed at what it should have rejected."""
    said = str(error).split("\n", 1)[0][:MOST_SAID_CHARS]
    return f"{FAILED} ({type(error).__name__}{said and ': '}{said}); report it, or leave the file out"


def may_pass(why: str) -> bool:
    """Whether a file that was rejected for this may be read the next time, as it is."""
    return why.startswith((NO_MEMORY, ENDED, FAILED))


def divided(one: RawArticle | Rejection, given: Given) -> Found:
    """The article of what a file has."""
    if isinstance(one, Rejection):
        return Found(one, one.where)
    if given.source or given.desk:
        one = replace(one, source=one.source or given.source, desk=one.desk or given.desk)
    return Found(divide(one), one.where)


def _moved(one: RawArticle | Rejection, lines: int) -> RawArticle | Rejection:
    if not lines or one.where.line is None:
        return one
    where = replace(one.where, line=one.where.line + lines)
    return replace(one, where=where)


class _TookTooLong(BaseException):
    """No Exception: a reader that forgives broken input must not forgive this."""


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raises _TookTooLong; where signals cannot be used, there is no limit."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _TookTooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# ---- in the process that asks for it ------------------------------------------------------------


class Reader(Generic[Tag]):
    """Has pieces read, some groups ahead of whoever asks for what they hold."""

    def __init__(self, workers: Workers, given: Given, articles_expected: int) -> None:
        """articles_expected: about how many; for a few no process is started."""
        self._workers = workers
        self._given = given
        self._expected = articles_expected

    def read(self, pieces: Iterable[tuple[Piece, Tag]]) -> Iterator[tuple[list[Found], Tag]]:
        """What each piece holds, in order."""
        groups: deque[_Group[Tag]] = deque()
        group = _Group[Tag]([])
        for piece in pieces:
            group.pieces.append(piece)
            if group.is_full():
                groups.append(self._started(group))
                group = _Group[Tag]([])
            executor = self._executor()
            if len(groups) > (GROUPS_AHEAD * self._workers.count if executor else 0):
                yield from self._finished(groups.popleft())
        groups.append(self._started(group))
        while groups:
            yield from self._finished(groups.popleft())

    def _executor(self) -> Executor | None:
        return self._workers.executor(lambda: self._expected)

    def _started(self, group: _Group[Tag]) -> _Group[Tag]:
        executor = self._executor()
        if executor and group.jobs:
            group.future = self._workers.submit(read_jobs, group.jobs, self._given)
        return group

    def _finished(self, group: _Group[Tag]) -> Iterator[tuple[list[Found], Tag]]:
        read = iter(self._read(group))
        for piece, tag in group.pieces:
            yield next(read) if isinstance(piece, Job) else [divided(one, self._given) for one in piece], tag

    def _read(self, group: _Group[Tag]) -> list[list[Found]]:
        if group.future is None:
            return read_jobs(group.jobs, self._given)
        try:
            return self._workers.result(group.future, MOST_SILENT_SECONDS)
        except (BrokenExecutor, CancelledError, TimeoutError):
            return [self._read_alone(job) for job in group.jobs]

    def _read_alone(self, job: Job) -> list[Found]:
        """In a process of its own, since one that had it among others has ended."""
        with Workers(1) as alone:
            future = alone.submit(read_jobs, [job], self._given)
            try:
                return alone.result(future, MOST_SILENT_SECONDS)[0]
            except BrokenExecutor:
                why = ENDED
            except TimeoutError:
                why = f"reading it took more than {MOST_SECONDS:.0f} s; look at it, or leave it out"
                alone.end()
        # The others may wait for one that never ends.
        self._workers.end()
        return [Found(Rejection(job.where, why), job.where)]


@dataclass(slots=True)
class _Group(Generic[Tag]):
    """Pieces that are read together."""

    pieces: list[tuple[Piece, Tag]]
    future: Future[list[list[Found]]] | None = None

    @property
    def jobs(self) -> list[Job]:
        return [piece for piece, _ in self.pieces if isinstance(piece, Job)]

    def is_full(self) -> bool:
        return len(self.pieces) >= MOST_JOBS_TOGETHER or sum(len(job.data) for job in self.jobs) >= JOB_BYTES
