"""A judged set: articles, queries, and which articles answer which query, as retrieval collections are handed on.

    corpus.jsonl     {"_id": "a", "title": "…", "text": "…", "date": "2024-04-10"}     title, text or both
    queries.jsonl    {"_id": "q", "text": "…"}
    qrels.tsv        query-id <tab> corpus-id <tab> score; a score above 0 says that the article answers

Articles go into an archive as `kijigura add` takes them, under numbers for ids: one of theirs may have characters
that one of ours may not. Whatever cannot be read is a KijiguraError that names file, line and cause.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.formats.jsonlines import parse
from indexer.raw import Rejection, Where
from indexer.sections import divide
from search.archive import Archive
from search.errors import KijiguraError

HEADER = ("query-id", "corpus-id", "score")
COMMIT_EVERY_ARTICLES = 1_000
"""Nobody needs the articles of a throw-away archive after a power cut, so transactions may be long."""


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """One query. fields: all that its line has, `_id` and `text` too."""

    id: str
    text: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """Queries and judgements of a directory; the articles are read when they are taken in.

    gains: query id -> article id -> score, above 0; judgements of other scores are left out, for they say the same as
        none.
    """

    directory: Path
    queries: tuple[JudgedQuery, ...]
    gains: Mapping[str, Mapping[str, int]]

    def measured(self) -> list[JudgedQuery]:
        """The queries that some article answers: of the others, nothing can be said."""
        return [query for query in self.queries if query.id in self.gains]

    def judged_without_query(self) -> list[str]:
        """Ids that have judgements, but no query."""
        known = {query.id for query in self.queries}
        return [query_id for query_id in self.gains if query_id not in known]


@dataclass(frozen=True, slots=True)
class TakenIn:
    """The articles of a set as an archive has them.

    ids: their own, in the order of their numbers there: the article "0" has the first one. empty: those that have
        neither title nor text, which no archive takes.
    """

    ids: tuple[str, ...]
    empty: tuple[str, ...]

    def unknown(self, judged: JudgedSet) -> int:
        """How many judgements are of articles that the set does not have."""
        known = set(self.ids)
        return sum(article_id not in known for gains in judged.gains.values() for article_id in gains)


def read(directory: Path) -> JudgedSet:
    """Read queries and judgements. Raises KijiguraError."""
    queries: dict[str, JudgedQuery] = {}
    path = directory / "queries.jsonl"
    for number, record in _records(path):
        query_id, text = _id(record, path, number), record.get("text")
        if query_id in queries:
            raise _wrong(path, number, f"{query_id!r} is the _id of an earlier line")
        if not isinstance(text, str):
            raise _wrong(path, number, f"\"text\" is {text!r}, and should be a text")
        queries[query_id] = JudgedQuery(query_id, text, record)
    return JudgedSet(directory, tuple(queries.values()), _judgements(directory / "qrels.tsv"))


def _judgements(path: Path) -> dict[str, dict[str, int]]:
    scores: dict[tuple[str, str], int] = {}
    gains: dict[str, dict[str, int]] = defaultdict(dict)
    for number, line in _lines(path):
        columns = tuple(line.split("\t"))
        if number == 1 and columns == HEADER:
            continue
        if len(columns) != len(HEADER):
            raise _wrong(path, number, f"{len(columns)} columns; wanted are {', '.join(HEADER)}, parted by tabs")
        query_id, article_id, written = columns
        try:
            score = int(written)
        except ValueError:
            raise _wrong(path, number, f"the score {written!r} is no whole number") from None
        if scores.setdefault((query_id, article_id), score) != score:
            raise _wrong(path, number, f"{article_id!r} was judged for {query_id!r} before, with another score")
        if score > 0:
            gains[query_id][article_id] = score
    return dict(gains)


def take_in(judged: JudgedSet, archive: Archive) -> TakenIn:
    """Put every article of the set into an empty archive. Raises KijiguraError."""
    path = judged.directory / "corpus.jsonl"
    ids: dict[str, None] = {}
    empty: list[str] = []
    records = _records(path)
    while True:
        with archive.transaction():
            for _ in range(COMMIT_EVERY_ARTICLES):
                number, record = next(records, (0, None))
                if record is None:
                    return TakenIn(tuple(ids), tuple(empty))
                article_id = _id(record, path, number)
                if article_id in ids:
                    raise _wrong(path, number, f"{article_id!r} is the _id of an earlier line")
                if not _put(record, len(ids), path, number, archive):
                    empty.append(article_id)
                ids[article_id] = None


def _put(record: Mapping[str, Any], as_number: int, path: Path, line: int, archive: Archive) -> bool:
    """Whether there was something to put."""
    fields = {name: record.get(name) for name in ("title", "text", "date")}
    for name, value in fields.items():
        if not isinstance(value, str | None):
            raise _wrong(path, line, f"{json.dumps(name)} is {value!r}, and should be a text or null")
    article = divide(parse({"id": str(as_number), **fields}, Where(str(path), line)))
    if isinstance(article, Rejection):
        return False
    archive.put(article)
    return True


# ---- files ----------------------------------------------------------------------------------------


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a file of JSON Lines, each with the number of its line."""
    for number, line in _lines(path):
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise _wrong(path, number, f"not JSON at character {error.pos + 1}: {error.msg}") from error
        except (ValueError, RecursionError) as error:
            raise _wrong(path, number, f"not JSON that can be read: {error}") from error
        if not isinstance(record, dict):
            raise _wrong(path, number, "not a JSON object")
        yield number, record


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Every line that is not blank, with its number from 1, without its end."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise KijiguraError(
            f"{path.parent} has no {path.name}. A judged set has corpus.jsonl, queries.jsonl and qrels.tsv."
        ) from None
    with file:
        for number, line in enumerate(file, 1):
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
            except UnicodeDecodeError as error:
                raise _wrong(path, number, f"not UTF-8 at byte {error.start + 1}") from error
            if text.strip():
                yield number, text


def _id(record: Mapping[str, Any], path: Path, line: int) -> str:
    found = record.get("_id")
    if isinstance(found, bool) or not isinstance(found, str | int) or found == "":
        raise _wrong(path, line, f"\"_id\" is {found!r}, and should be a text" if "_id" in record else "no \"_id\"")
    return str(found)


def _wrong(path: Path, line: int, why: str) -> KijiguraError:
    return KijiguraError(f"{path}, line {line}: {why}.")
