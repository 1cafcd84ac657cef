"""Xapian by its Python bindings, which come with the system, not from a package index: where they are installed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import xapian

from benchmarks.peers.facts import FACET_FIELDS, Postings, at_of, day_of, facet_values, word_postings
from benchmarks.peers.peer import Answer, Peer, directory_bytes
from benchmarks.questions import COUNTED_VALUES, TOP, Question
from search.engine import AnalyzedArticle
from search.query.model import AllOf, AnyOf, Node, Term
from search.query.model import Sequence as TermSequence

AT, DAY, FIRST_FACET = 0, 1, 2
SEPARATOR = "\x1f"
K1, B = 1.2, 0.75
MAX_TERM_BYTES = 245


class Prepared(NamedTuple):
    """An article's terms with positions, its dates, and its facets' values."""

    id: str
    words: dict[str, Postings]
    numbers: dict[int, int]
    values: dict[str, list[str]]


class Xapian(Peer):
    """A database in `directory`."""

    name = f"Xapian {xapian.version_string()}"
    passes = 2

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._db: Any = xapian.Database(str(directory)) if directory.exists() else None

    def prepare(self, article: AnalyzedArticle) -> Prepared:
        """The article as Xapian takes it."""
        numbers = {AT: at_of(article), DAY: day_of(article)}
        return Prepared(
            article.id, word_postings(article.analysis),
            {slot: number for slot, number in numbers.items() if number is not None}, facet_values(article),
        )

    def build(self, prepared: Iterable[Prepared]) -> None:
        """Write the documents in one commit, then a compact copy in their place."""
        fresh = self._directory.with_name(self._directory.name + ".new")
        db = xapian.WritableDatabase(str(fresh), xapian.DB_CREATE_OR_OVERWRITE | xapian.DB_NO_SYNC)
        for one in prepared:
            document = xapian.Document()
            document.set_data(one.id)
            for word, postings in one.words.items():
                for position in postings.positions:
                    document.add_posting(_cut(word), position)
            for slot, number in one.numbers.items():
                document.add_value(slot, xapian.sortable_serialise(number))
            for slot, (facet, values) in enumerate(one.values.items(), FIRST_FACET):
                document.add_value(slot, SEPARATOR.join(values))
                for value in values:
                    document.add_boolean_term(_value(facet, value))
            db.add_document(document)
        db.commit()
        db.compact(str(self._directory))
        db.close()
        for path in fresh.iterdir():
            path.unlink()
        fresh.rmdir()
        self._db = xapian.Database(str(self._directory))

    def search(self, question: Question, facets: Sequence[str]) -> Answer:
        """The best ten and the total, which it is made to count; facets by its spies on every match."""
        enquire = xapian.Enquire(self._db)
        enquire.set_query(_query(question))
        enquire.set_weighting_scheme(xapian.BM25Weight(K1, 0, 1, B, 0.5))
        if question.sort != "relevance":
            enquire.set_sort_by_value(AT, question.sort == "newest")
        spies = {facet: xapian.ValueCountMatchSpy(FIRST_FACET + FACET_FIELDS.index(facet)) for facet in facets}
        for spy in spies.values():
            enquire.add_matchspy(spy)
        found = enquire.get_mset(0, TOP, self._db.get_doccount())
        return Answer(
            found.get_matches_estimated(), {facet: _counts(spy) for facet, spy in spies.items()},
            tuple(hit.document.get_data().decode() for hit in found),
        )

    def size_bytes(self) -> int:
        """On disk."""
        return directory_bytes(self._directory)

    def close(self) -> None:
        """Let go of files."""
        if self._db is not None:
            self._db.close()


def _counts(spy: Any) -> dict[str, int]:
    # A spy counts whole values, and an article's values are one of them.
    counted: Counter[str] = Counter()
    for found in spy.values():
        for value in found.term.decode().split(SEPARATOR):
            counted[value] += found.termfreq
    return dict(counted.most_common(COUNTED_VALUES))


def _query(question: Question) -> Any:
    asked = _node(question.root)
    narrowed = [
        xapian.Query(xapian.Query.OP_OR, [_value(facet, value) for value in chosen])
        for facet, chosen in question.filters.items()
    ]
    if question.since and question.until:
        ends = [xapian.sortable_serialise(day.toordinal()) for day in (question.since, question.until)]
        narrowed.append(xapian.Query(xapian.Query.OP_VALUE_RANGE, DAY, *ends))
    for one in narrowed:
        asked = xapian.Query(xapian.Query.OP_FILTER, asked, one)
    return asked


def _node(node: Node) -> Any:
    match node:
        case Term(term):
            return xapian.Query(_cut(term))
        case TermSequence(terms):
            return xapian.Query(xapian.Query.OP_PHRASE, list(map(_cut, terms)), len(terms))
        case AllOf(children):
            return xapian.Query(xapian.Query.OP_AND, list(map(_node, children)))
        case AnyOf(children):
            return xapian.Query(xapian.Query.OP_OR, list(map(_node, children)))
        case _:
            raise ValueError(f"no question has {node}")


def _cut(term: str) -> str:
    return term.encode()[:MAX_TERM_BYTES].decode(errors="ignore")


def _value(facet: str, value: str) -> str:
    return _cut(f"X{facet.upper()}{value}")
