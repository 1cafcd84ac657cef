"""SQLite FTS5, from the standard library.

Terms become ASCII words (t17), so that its tokenizer has nothing to decide. A full stop and the border of a
part are a word that no query has, so that no phrase crosses them. FTS5 cannot put two terms at one position:
long units stand in a column of their own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.peers.facts import HEADING_WEIGHT, TEXT_WEIGHT, TITLE_WEIGHT, at_of, day_of, facet_pairs
from benchmarks.peers.peer import Answer, Peer, directory_bytes
from benchmarks.questions import COUNTED_VALUES, TOP, Question
from search.engine import AnalyzedArticle
from search.query.model import AllOf, AnyOf, Node, Term
from search.query.model import Sequence as TermSequence

BORDER = "border"
_TABLES = """
CREATE VIRTUAL TABLE words USING fts5 (
    title, heading, text, long_title, long_heading, long_text, content = '', tokenize = 'ascii'
);
CREATE TABLE facts (doc INTEGER PRIMARY KEY, id TEXT, at INTEGER, day INTEGER);
CREATE TABLE facets (doc INTEGER, facet TEXT, value TEXT, PRIMARY KEY (doc, facet, value)) WITHOUT ROWID;
CREATE TABLE numbers (term TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID;
"""
_WEIGHTS = ", ".join(str(weight) for weight in (TITLE_WEIGHT, HEADING_WEIGHT, TEXT_WEIGHT) * 2)


class Prepared(NamedTuple):
    """An article as rows. columns: the words, by column."""

    id: str
    columns: tuple[str, ...]
    at: int | None
    day: int | None
    facets: list[tuple[str, str]]


class Fts5(Peer):
    """An index in one SQLite file."""

    name = f"SQLite FTS5 {sqlite3.sqlite_version}"
    passes = 2

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        path = directory / "fts5.sqlite"
        exists = path.exists()
        self._db = sqlite3.connect(path)
        if not exists:
            self._db.executescript(_TABLES)
        self._numbers: dict[str, int] = dict(self._db.execute("SELECT term, number FROM numbers"))

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def size_bytes(self) -> int:
        """On disk."""
        return directory_bytes(self._directory)

    def prepare(self, article: AnalyzedArticle) -> Prepared:
        """The article as rows."""
        return Prepared(
            article.id, self._columns(article), at_of(article), day_of(article), list(facet_pairs(article))
        )

    def build(self, prepared: Iterable[Prepared]) -> None:
        """Index the articles in one transaction, and merge what FTS5 has built into one piece."""
        with self._db:
            for doc, one in enumerate(prepared):
                self._db.execute(
                    "INSERT INTO words (rowid, title, heading, text, long_title, long_heading, long_text)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (doc, *one.columns),
                )
                self._db.execute("INSERT INTO facts VALUES (?, ?, ?, ?)", (doc, one.id, one.at, one.day))
                self._db.executemany(
                    "INSERT INTO facets VALUES (?, ?, ?)", [(doc, facet, value) for facet, value in one.facets]
                )
            self._db.execute("INSERT INTO words (words) VALUES ('optimize')")
            self._db.executemany("INSERT INTO numbers VALUES (?, ?)", self._numbers.items())
        self._db.execute("ANALYZE")

    def search(self, question: Question, facets: Sequence[str]) -> Answer:
        """Three kinds of statement: the best ten, the total, and the counts of each facet."""
        source, where, values = self._from(question)
        order = f"bm25(words, {_WEIGHTS})" if question.sort == "relevance" else "at IS NULL, at DESC"
        best = self._db.execute(
            f"SELECT id FROM words JOIN facts ON facts.doc = words.rowid WHERE {where} ORDER BY {order} LIMIT {TOP}",
            values,
        ).fetchall()
        total: int = self._db.execute(f"SELECT count(*) FROM {source} WHERE {where}", values).fetchone()[0]
        counts = {
            facet: dict(
                self._db.execute(
                    f"SELECT value, count(*) AS n FROM {source} JOIN facets ON facets.doc = words.rowid"
                    f" WHERE {where} AND facet = ? GROUP BY value ORDER BY n DESC LIMIT {COUNTED_VALUES}",
                    [*values, facet],
                ).fetchall()
            )
            for facet in facets
        }
        return Answer(total, counts, tuple(article_id for (article_id,) in best))

    def _from(self, question: Question) -> tuple[str, str, list[str | int]]:
        """What to read, under which conditions, and the values in them."""
        source, where = "words", "words MATCH ?"
        values: list[str | int] = [self._expression(question.root)]
        if question.since and question.until:
            source = "words JOIN facts ON facts.doc = words.rowid"
            where += " AND day BETWEEN ? AND ?"
            values += [question.since.toordinal(), question.until.toordinal()]
        for facet, chosen in question.filters.items():
            where += (
                " AND EXISTS (SELECT 1 FROM facets AS chosen WHERE chosen.doc = words.rowid AND chosen.facet = ?"
                f" AND chosen.value IN ({', '.join('?' * len(chosen))}))"
            )
            values += [facet, *chosen]
        return source, where, values

    def _expression(self, node: Node) -> str:
        """Our query tree in FTS5's own language."""
        match node:
            case Term(term):
                return self._word(term)
            case TermSequence(terms):
                return "{title heading text} : (" + " + ".join(map(self._word, terms)) + ")"
            case AllOf(children):
                return "(" + " AND ".join(map(self._expression, children)) + ")"
            case AnyOf(children):
                return "(" + " OR ".join(map(self._expression, children)) + ")"
            case _:
                raise ValueError(f"no question has {node}")

    def _word(self, term: str) -> str:
        return f"t{self._numbers.setdefault(term, len(self._numbers))}" if term else BORDER

    def _columns(self, article: AnalyzedArticle) -> tuple[str, ...]:
        analysis = article.analysis
        short: list[list[str]] = [[], [], []]
        long: list[list[str]] = [[], [], []]
        column_of: list[int] = []
        for part in analysis.parts:
            column = 0 if part.section < 0 else 1 if part.is_heading else 2
            short[column] += map(self._word, analysis.terms[part.first_token : part.first_token + part.tokens])
            short[column].append(BORDER)
            column_of += [column] * part.tokens
        for token, term in analysis.long_terms:
            if term != analysis.terms[token]:
                long[column_of[token]].append(self._word(term))
        return tuple(" ".join(words) for words in (*short, *long))
