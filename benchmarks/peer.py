"""The peer: SQLite FTS5, over the tokens that our own engine indexes.

Terms become ASCII words (t17), so that its tokenizer has nothing to decide. A full stop and the border of a
part are a word that no query has, so that no phrase crosses them. FTS5 cannot put two terms at one position:
long units stand in a column of their own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.questions import TOP, Question
from search.engine import AnalyzedArticle
from search.query.model import AllOf, AnyOf, Node, Sequence, Term
from search.results import NO_DATE
from search.whoosh_engine.schema import FACET_KINDS, HEADING_WEIGHT, TEXT_WEIGHT, TITLE_WEIGHT

BORDER = "border"
_TABLES = """
CREATE VIRTUAL TABLE words USING fts5 (
    title, heading, text, long_title, long_heading, long_text, content = '', tokenize = 'ascii'
);
CREATE TABLE facts (doc INTEGER PRIMARY KEY, at INTEGER, day INTEGER);
CREATE TABLE facets (doc INTEGER, facet TEXT, value TEXT, PRIMARY KEY (doc, facet, value)) WITHOUT ROWID;
"""
_WEIGHTS = ", ".join(str(weight) for weight in (TITLE_WEIGHT, HEADING_WEIGHT, TEXT_WEIGHT) * 2)


class Peer:
    """An index of its own in one SQLite file."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path)
        self._db.executescript(_TABLES)
        self._numbers: dict[str, int] = {}

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def build(self, articles: Iterable[AnalyzedArticle]) -> None:
        """Index the articles in one transaction, and merge what FTS5 has built into one piece."""
        with self._db:
            for doc, article in enumerate(articles):
                published = article.published
                self._db.execute(
                    "INSERT INTO words (rowid, title, heading, text, long_title, long_heading, long_text)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (doc, *self._columns(article)),
                )
                self._db.execute(
                    "INSERT INTO facts VALUES (?, ?, ?)",
                    (doc, *((int(published.at.timestamp()), published.at.toordinal()) if published else (None, None))),
                )
                self._db.executemany("INSERT OR IGNORE INTO facets VALUES (?, ?, ?)", _facets(doc, article))
            self._db.execute("INSERT INTO words (words) VALUES ('optimize')")
        self._db.execute("ANALYZE")

    def search(self, question: Question, *, facets: bool) -> tuple[int, dict[str, dict[str, int]]]:
        """Fetch the best ten, and return the total with the facets' counts."""
        match = self.expression(question.root)
        source = "words"
        values: list[str | int] = [match]
        where = "words MATCH ?"
        if question.since and question.until:
            source += " JOIN facts ON facts.doc = words.rowid"
            where += " AND day BETWEEN ? AND ?"
            values += [question.since.toordinal(), question.until.toordinal()]
        if question.sort == "newest":
            rows = self._db.execute(
                f"SELECT words.rowid FROM words JOIN facts ON facts.doc = words.rowid WHERE {where}"
                f" ORDER BY at IS NULL, at DESC LIMIT {TOP}", values
            )
        else:
            rows = self._db.execute(
                f"SELECT words.rowid, bm25(words, {_WEIGHTS}) AS score FROM {source} WHERE {where}"
                f" ORDER BY score LIMIT {TOP}", values
            )
        rows.fetchall()
        total: int = self._db.execute(f"SELECT count(*) FROM {source} WHERE {where}", values).fetchone()[0]
        counts: dict[str, dict[str, int]] = {}
        if facets:
            for facet, value, count in self._db.execute(
                f"SELECT facet, value, count(*) FROM {source} JOIN facets ON facets.doc = words.rowid"
                f" WHERE {where} GROUP BY facet, value", values
            ):
                counts.setdefault(facet, {})[value] = count
        return total, counts

    def expression(self, node: Node) -> str:
        """Our query tree in FTS5's own language."""
        match node:
            case Term(term):
                return self._word(term)
            case Sequence(terms):
                return "{title heading text} : (" + " + ".join(map(self._word, terms)) + ")"
            case AllOf(children):
                return "(" + " AND ".join(map(self.expression, children)) + ")"
            case AnyOf(children):
                return "(" + " OR ".join(map(self.expression, children)) + ")"
            case _:
                raise ValueError(f"no question has {node}")

    def _word(self, term: str) -> str:
        return f"t{self._numbers.setdefault(term, len(self._numbers))}" if term else BORDER

    def _columns(self, article: AnalyzedArticle) -> list[str]:
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
        return [" ".join(words) for words in (*short, *long)]


def _facets(doc: int, article: AnalyzedArticle) -> Iterator[tuple[int, str, str]]:
    for mention in article.mentions:
        if mention.kind in FACET_KINDS:
            yield doc, mention.kind, mention.entity_id
    for facet, value in (("desk", article.desk), ("source", article.source)):
        if value:
            yield doc, facet, value
    yield doc, "year", f"{article.published.at.year:04}" if article.published else NO_DATE
