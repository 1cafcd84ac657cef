"""Groonga by its program, where the system has it: one process, asked line by line; its processor time counts.

Full stops and borders are a word that no query has. Long units stand behind the text, as for tantivy.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from benchmarks.peers.facts import FACET_FIELDS, at_of, day_of, facet_values, joined_words
from benchmarks.peers.peer import Answer, Peer, directory_bytes
from benchmarks.questions import COUNTED_VALUES, TOP, Question
from search.engine import AnalyzedArticle
from search.query.model import AllOf, AnyOf, Node, Term
from search.query.model import Sequence as TermSequence

PROGRAM = "groonga"
if shutil.which(PROGRAM) is None:
    raise ImportError(f"no program {PROGRAM!r}")

_TABLES = [
    *(f"table_create {facet} TABLE_HASH_KEY ShortText" for facet in FACET_FIELDS),
    "table_create Articles TABLE_HASH_KEY ShortText",
    "column_create Articles words COLUMN_SCALAR LongText",
    "column_create Articles at COLUMN_SCALAR Int64",
    "column_create Articles day COLUMN_SCALAR Int32",
    *(f"column_create Articles {facet} COLUMN_VECTOR {facet}" for facet in FACET_FIELDS),
]
# Made of the whole column at once, which is faster than article by article.
_INDEXES = [
    "table_create Terms TABLE_PAT_KEY ShortText --default_tokenizer TokenDelimit",
    "column_create Terms index COLUMN_INDEX|WITH_POSITION Articles words",
    *(f"column_create {facet} index COLUMN_INDEX Articles {facet}" for facet in FACET_FIELDS),
]


@cache
def _version() -> str:
    printed = subprocess.run([PROGRAM, "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout
    found = re.match(r"Groonga (\S+)", printed)
    return found.group(1) if found else "?"


class Groonga(Peer):
    """A database in `directory`."""

    name = f"Groonga {_version()}"
    passes = 3

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._process: subprocess.Popen[str] | None = None
        if directory.exists():
            self._open()

    def _open(self) -> None:
        self._process = subprocess.Popen(
            [PROGRAM, str(self._directory / "db")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def prepare(self, article: AnalyzedArticle) -> str:
        """The article as one row of `load`."""
        row: dict[str, Any] = {
            "_key": article.id, "words": joined_words(article.analysis), "at": at_of(article) or 0,
            "day": day_of(article) or 0, **facet_values(article),
        }
        return json.dumps(row, ensure_ascii=False)

    def build(self, prepared: Iterable[str]) -> None:
        """Load every row, then index the columns."""
        self._directory.mkdir(parents=True)
        with subprocess.Popen(
            [PROGRAM, "-n", str(self._directory / "db")], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        ) as process:
            assert process.stdin is not None
            process.stdin.write("\n".join([*_TABLES, "load --table Articles", "["]) + "\n")
            for number, row in enumerate(prepared):
                process.stdin.write((",\n" if number else "") + row)
            process.stdin.write("\n".join(["\n]", *_INDEXES]) + "\n")
            process.stdin.close()
        self._open()

    def search(self, question: Question, facets: Sequence[str]) -> Answer:
        """One `select`, with a drilldown for each facet."""
        wanted = {
            "table": "Articles", "filter": _filter(question), "output_columns": "_key", "limit": str(TOP),
            "sort_keys": {"newest": "-at", "oldest": "at"}.get(question.sort, "-_score"),
        }
        for facet in facets:
            label = f"drilldowns[{facet}]"
            wanted |= {
                f"{label}.keys": facet, f"{label}.sort_keys": "-_nsubrecs", f"{label}.limit": str(COUNTED_VALUES)
            }
        body = self._answered("/d/select.json?" + urlencode(wanted, quote_via=quote))
        total, _, *rows = body[0]
        counts = {facet: dict(found[2:]) for facet, found in body[1].items()} if facets else {}
        return Answer(total[0], counts, tuple(row[0] for row in rows))

    def cpu_seconds(self) -> float:
        """Of the program too."""
        assert self._process is not None
        ran = Path(f"/proc/{self._process.pid}/schedstat").read_text().split()[0]
        return time.process_time() + int(ran) / 1e9

    def size_bytes(self) -> int:
        """On disk."""
        return directory_bytes(self._directory)

    def close(self) -> None:
        """End the program."""
        if self._process is not None:
            self._process.communicate()
            self._process = None

    def _answered(self, command: str) -> Any:
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()
        (status, *_), *body = json.loads(self._process.stdout.readline())
        if status:
            raise RuntimeError(f"Groonga refused {command}: {body}")
        return body[0]


def _filter(question: Question) -> str:
    conditions = [_node(question.root)]
    if question.since and question.until:
        conditions.append(f"day >= {question.since.toordinal()} && day <= {question.until.toordinal()}")
    conditions += [
        "(" + " || ".join(f"{facet} @ {json.dumps(value)}" for value in chosen) + ")"
        for facet, chosen in question.filters.items()
    ]
    return " && ".join(conditions)


def _node(node: Node) -> str:
    match node:
        case Term(term):
            return f"words @ {json.dumps(term, ensure_ascii=False)}"
        case TermSequence(terms):
            return f"words @ {json.dumps(' '.join(terms), ensure_ascii=False)}"
        case AllOf(children):
            return "(" + " && ".join(map(_node, children)) + ")"
        case AnyOf(children):
            return "(" + " || ".join(map(_node, children)) + ")"
        case _:
            raise ValueError(f"no question has {node}")
