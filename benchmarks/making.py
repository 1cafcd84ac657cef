"""Building the index of one engine, in a process of its own: how fast, how large, with how much memory.

The clock starts when all articles are cut and in memory, in the form that the engine takes: each of our own is an
`Analysis`, as it comes out of an archive, with every distinct term once in a string and numbers for its tokens, and a
`Mention` for each name; for tantivy it is the whole text as one string, and numbers for the facets. So every engine
has words to look up and to invert, but none has to cut them. What is far apart in memory is slow to read for all of
them. The clock stops when the index can be opened; processes that help are started, and counted, in between.

    python -m benchmarks.making '{"peer": "tantivy", …}'       one line of JSON on stdout; for `make` below
"""

from __future__ import annotations

import gc
import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks import memory
from benchmarks.peers import offer_of
from benchmarks.peers.peer import Peer
from benchmarks.pieces import kept
from benchmarks.recipe import Recipe

AHEAD_ARTICLES = 200_000
"""So many are in memory before the clock starts. With more of them it stops while the next ones are made."""

STREAMED_ARTICLES = 64
"""The same where memory is measured."""


@dataclass(frozen=True, slots=True)
class Job:
    """What to build. pieces: the file that `pieces.cut_all` wrote. streamed: make articles one after the other."""

    peer: str
    directory: str
    pieces: str
    articles: int
    seed: int
    streamed: bool = False


@dataclass(frozen=True, slots=True)
class Built:
    """What that took. seconds: by the clock. cpu_seconds: of all processes and threads. segments: None if unknown.

    peak, before: bytes of memory, at most, and before the first article; None where it was not streamed.
    """

    name: str
    articles: int
    seconds: float
    cpu_seconds: float
    size_bytes: int
    segments: int | None
    before: int | None = None
    peak: int | None = None
    peak_anonymous: int | None = None


def make(job: Job, *, keep: bool) -> Built:
    """Build it anew in another process; or, with `keep`, take what an earlier run left."""
    directory = Path(job.directory)
    stamp = directory.with_suffix(".json")
    wanted = {"job": asdict(job), "name": offer_of(job.peer).load().name}
    if keep and stamp.exists() and (found := json.loads(stamp.read_text(encoding="utf-8")))["made"] == wanted:
        return Built(**found["built"])
    stamp.unlink(missing_ok=True)
    shutil.rmtree(directory, ignore_errors=True)
    directory.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.making", json.dumps(asdict(job))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        with memory.Watch(process) as watch:
            printed, _ = process.communicate()
        if process.returncode:
            raise RuntimeError(f"building {job.peer} ended with status {process.returncode}")
    built = json.loads(printed.splitlines()[-1])
    if job.streamed:
        built |= {"peak": watch.peak.whole, "peak_anonymous": watch.peak.anonymous}
    stamp.write_text(json.dumps({"made": wanted, "built": built}), encoding="utf-8")
    return Built(**built)


class Fed:
    """The prepared articles, and how long it took to make them: clock and processor's seconds that do not count."""

    def __init__(self, peer: Peer, recipe: Recipe, ahead: int) -> None:
        self.seconds = 0.0
        self.cpu_seconds = 0.0
        self._prepared = map(peer.prepare, recipe)
        self._ahead = ahead
        self._chunk = self._next()

    def __iter__(self) -> Iterator[Any]:
        while self._chunk:
            # Each is let go of once it was taken.
            self._chunk.reverse()
            while self._chunk:
                yield self._chunk.pop()
            clock, cpu = time.perf_counter(), time.process_time()
            self._chunk = self._next()
            self.seconds += time.perf_counter() - clock
            self.cpu_seconds += time.process_time() - cpu

    def _next(self) -> list[Any]:
        return list(islice(self._prepared, self._ahead))


def build(job: Job) -> Built:
    """In this process."""
    peer = offer_of(job.peer).load()(Path(job.directory))
    recipe = Recipe(kept(Path(job.pieces)), job.articles, job.seed)
    before = memory.of().whole
    fed = Fed(peer, recipe, STREAMED_ARTICLES if job.streamed else AHEAD_ARTICLES)
    gc.collect()
    # The collector would go over the articles in memory again and again, which no product has there.
    gc.freeze()
    clock, cpu = time.perf_counter(), _cpu_seconds()
    peer.build(fed)
    seconds = time.perf_counter() - clock - fed.seconds
    cpu_seconds = _cpu_seconds() - cpu - fed.cpu_seconds
    size, segments = peer.size_bytes(), peer.segments
    peer.close()
    return Built(peer.name, job.articles, seconds, cpu_seconds, size, segments, before if job.streamed else None)


def _cpu_seconds() -> float:
    """Of this process and of those that it started and that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


if __name__ == "__main__":
    print(json.dumps(asdict(build(Job(**json.loads(sys.argv[1]))))))
