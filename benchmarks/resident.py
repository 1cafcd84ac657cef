"""Memory: while an index is built from a stream of articles, and of a process that answers questions.

    python -m benchmarks.resident '{"directory": …}'       the second, in a process of its own; JSON on stdout
"""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from benchmarks import making, memory
from benchmarks.ours import Kijigura
from benchmarks.peers import OURS, choose
from benchmarks.questions import COUNTED, Question
from benchmarks.setup import Setup, Table, say
from benchmarks.tables import megabytes

BUILT = ("kijigura", "tantivy")
"""The others take too long, or hold everything in memory by design."""


def report(setup: Setup, articles: int) -> list[Table]:
    """Both."""
    offers, _ = choose(setup.peers, articles)
    rows: list[list[str]] = []
    data: dict[str, object] = {}
    for offer in offers:
        if offer.key in BUILT:
            say(f"Building {offer.key} over {articles:,} articles, watching its memory …")
            built = making.make(setup.job(offer.key, articles, streamed=True), keep=False)
            rows.append([
                built.name, megabytes(built.peak), megabytes(built.peak_anonymous), megabytes(built.before),
            ])
            data[offer.key] = asdict(built)
    building = Table(
        f"Memory while building, {articles:,} articles",
        ("MB", "most, all processes", "of it anonymous", "before the first article"), rows,
        [
            "What there is before the first article is Python with the pieces that the benchmark makes articles of. "
            "It is a part of the most."
        ],
        data,
    )
    return [building, _serving(setup, articles)]


def _serving(setup: Setup, articles: int) -> Table:
    job = setup.job(OURS.key, articles)
    making.make(job, keep=True)
    questions = Path(job.directory).with_name("questions.pickle")
    questions.write_bytes(pickle.dumps(setup.questions(articles)))
    asked = json.dumps({"directory": job.directory, "questions": str(questions)})
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.resident", asked]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, dict[str, int]] = json.loads(done.stdout.splitlines()[-1])
    rows = [[when, megabytes(one["anonymous"]), megabytes(one["whole"])] for when, one in found.items()]
    return Table(
        f"Memory of one process that answers, {articles:,} articles",
        ("MB", "anonymous", "with mapped pages of files"), rows, data=dict(found),
    )


def answer(directory: Path, questions: list[Question]) -> dict[str, memory.Memory]:
    """Ask everything, and look at this process in between."""
    found = {"modules imported": memory.of()}
    peer = Kijigura(directory)
    found["engine opened"] = memory.of()
    for counted in ((), COUNTED):
        for question in questions:
            peer.search(question, counted)
        found["every question asked" + (", with facets" if counted else "")] = memory.of()
    peer.close()
    return found


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    answered = answer(Path(given["directory"]), pickle.loads(Path(given["questions"]).read_bytes()))
    print(json.dumps({when: asdict(one) for when, one in answered.items()}))
