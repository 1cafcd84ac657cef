"""tantivy, a search engine in Rust, by its Python package.

One field of words, positions on. Its tokenizers cannot put two words at one position, so the long units stand
behind the text, the last one first, where no phrase meets them. Full stops, and what parts the parts, are a
stop word: it is taken out, and its position stays. Facet values are numbers, which it counts faster than strings;
the table of values is ours.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import tantivy
from tantivy import Filter, Occur, Query, SchemaBuilder, TextAnalyzerBuilder, Tokenizer

from benchmarks.peers.facts import FACET_FIELDS, STOP, at_of, day_of, facet_values, joined_words
from benchmarks.peers.peer import Answer, Peer, directory_bytes
from benchmarks.questions import COUNTED_VALUES, TOP, Question
from benchmarks.recipe import article_id
from search.engine import AnalyzedArticle
from search.query.model import AllOf, AnyOf, Node, Term
from search.query.model import Sequence as TermSequence

HEAP_BYTES = 1_000_000_000
THREADS = 2
TOKENIZER = "precut"
VALUES = "values.json"


class Prepared(NamedTuple):
    """An article as tantivy takes it."""

    number: int
    words: str
    numbers: dict[str, int]
    values: dict[str, list[int]]


class Tantivy(Peer):
    """An index in `directory`."""

    name = f"tantivy {version('tantivy')}"
    facet_ways: ClassVar[Mapping[str, str]] = {
        "aggregate + top 10": "search_cheaply", "search, then aggregate": "search"
    }

    def __init__(self, directory: Path, *, threads: int = THREADS, heap_bytes: int = HEAP_BYTES) -> None:
        self._directory = directory
        self._threads = threads
        self._heap_bytes = heap_bytes
        directory.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, str(directory))
        analyzer = TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.custom_stopword([STOP])).build()
        self._index.register_tokenizer(TOKENIZER, analyzer)
        self._searcher = self._index.searcher()
        self._table = directory / VALUES
        self._values: list[str] = json.loads(self._table.read_text(encoding="utf-8")) if self._table.exists() else []
        self._ordinals = {value: ordinal for ordinal, value in enumerate(self._values)}

    def prepare(self, article: AnalyzedArticle) -> Prepared:
        """The article as one line of words."""
        numbers = {"at": at_of(article), "day": day_of(article)}
        return Prepared(
            article.change, joined_words(article.analysis), {name: n for name, n in numbers.items() if n is not None},
            {facet: [self._ordinal(value) for value in values] for facet, values in facet_values(article).items()},
        )

    def _ordinal(self, value: str) -> int:
        if value not in self._ordinals:
            self._ordinals[value] = len(self._values)
            self._values.append(value)
        return self._ordinals[value]

    def build(self, prepared: Iterable[Prepared]) -> None:
        """Index the articles in one commit, and wait until it has merged what it wants to."""
        writer = self._index.writer(self._heap_bytes, self._threads)
        for one in prepared:
            document = tantivy.Document()
            document.add_unsigned("id", one.number)
            document.add_text("words", one.words)
            for name, number in one.numbers.items():
                document.add_integer(name, number)
            for facet, values in one.values.items():
                for value in values:
                    document.add_unsigned(facet, value)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self._table.write_text(json.dumps(self._values, ensure_ascii=False), encoding="utf-8")
        self._reload()

    def _reload(self) -> None:
        self._index.reload()
        self._searcher = self._index.searcher()

    @property
    def segments(self) -> int:
        """Into how many pieces the index fell."""
        count: int = self._searcher.num_segments
        return count

    def search(self, question: Question, facets: Sequence[str]) -> Answer:
        """As its users do it: `search` with the total, then `aggregate`."""
        asked = self._query(question)
        total, ids = self._best(question, asked, count=True)
        return Answer(total, self._counts(asked, facets), ids)

    def search_cheaply(self, question: Question, facets: Sequence[str]) -> Answer:
        """`aggregate` alone, and the best ten without a total, for which it need not score every match."""
        asked = self._query(question)
        counts = self._counts(asked, facets)
        return Answer(None, counts, self._best(question, asked, count=False)[1])

    def size_bytes(self) -> int:
        """On disk."""
        return directory_bytes(self._directory)

    def _best(self, question: Question, asked: Query, *, count: bool) -> tuple[int | None, tuple[str, ...]]:
        by_date: dict[str, Any] = {} if question.sort == "relevance" else {"order_by_field": "at"}
        found = self._searcher.search(asked, TOP, count=count, **by_date)
        hits = [address for _, address in found.hits]
        numbers = self._searcher.fast_field_values("id", hits) if hits else []
        return found.count, tuple(article_id(int(number or 0) - 1) for number in numbers)

    def _counts(self, asked: Query, facets: Sequence[str]) -> dict[str, dict[str, int]]:
        if not facets:
            return {}
        wanted = {facet: {"terms": {"field": facet, "size": COUNTED_VALUES}} for facet in facets}
        found = self._searcher.aggregate(asked, wanted)
        return {
            facet: {self._values[int(bucket["key"])]: bucket["doc_count"] for bucket in found[facet]["buckets"]}
            for facet in facets
        }

    def _query(self, question: Question) -> Query:
        asked = [self._node(question.root)]
        if question.since and question.until:
            since, until = question.since.toordinal(), question.until.toordinal()
            days = Query.range_query(self._schema, "day", tantivy.FieldType.Integer, since, until, True, True)
            asked.append(Query.const_score_query(days, 0.0))
        for facet, chosen in question.filters.items():
            ordinals = [self._ordinals.get(value, len(self._values)) for value in chosen]
            values = [(Occur.Should, Query.term_query(self._schema, facet, ordinal)) for ordinal in ordinals]
            one_of = values[0][1] if len(values) == 1 else Query.boolean_query(values)
            asked.append(Query.const_score_query(one_of, 0.0))
        return asked[0] if len(asked) == 1 else Query.boolean_query([(Occur.Must, one) for one in asked])

    def _node(self, node: Node) -> Query:
        match node:
            case Term(term):
                return Query.term_query(self._schema, "words", term)
            case TermSequence(terms, slop):
                return Query.phrase_query(self._schema, "words", list(terms), slop)
            case AllOf(children):
                return Query.boolean_query([(Occur.Must, self._node(child)) for child in children])
            case AnyOf(children):
                return Query.boolean_query([(Occur.Should, self._node(child)) for child in children])
            case _:
                raise ValueError(f"no question has {node}")


def _schema() -> tantivy.Schema:
    builder = SchemaBuilder()
    builder.add_unsigned_field("id", fast=True)
    builder.add_text_field("words", tokenizer_name=TOKENIZER, index_option="position")
    builder.add_integer_field("at", fast=True)
    builder.add_integer_field("day", indexed=True, fast=True)
    for facet in FACET_FIELDS:
        builder.add_unsigned_field(facet, indexed=True, fast=True)
    return builder.build()
