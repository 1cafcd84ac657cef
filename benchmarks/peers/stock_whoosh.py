"""Stock Whoosh 2.7.4: a peer to be measured, and an oracle for tests.

    with StockWhoosh(directory) as whoosh:
        whoosh.build(articles)                        # AnalyzedArticles, one commit; call it again to add more
        whoosh.matching(AllOf((Term("停戦"), Named("CN"))))      # -> {"a1", "a7"}
        whoosh.matching_ids(wq.Term("text", "停戦"))             # the same for any query of Whoosh's own

Text reaches Whoosh as terms with positions, cut before. `search` asks as a user of Whoosh would, with its own
compound queries and facets; `matching` asks it for words only and combines them in sets. Its AndNot may let
the first document of a segment through, and its And takes a part that matches nothing for one that is not
there, so that compounds are no oracle.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from whoosh import fields, formats, scoring, sorting
from whoosh import index as whoosh_index
from whoosh import query as wq
from whoosh.searching import Searcher

from benchmarks.peers.facts import FACET_FIELDS, Postings, at_of, day_of, facet_values, name_postings, word_postings
from benchmarks.peers.peer import Answer, Peer, directory_bytes
from benchmarks.questions import TOP, Question
from search.engine import AnalyzedArticle
from search.query.model import (
    AllOf,
    AnyOf,
    Between,
    Boosted,
    Everything,
    Named,
    Node,
    Nothing,
    OneArticle,
    Prefix,
    Query,
    Term,
    Without,
)
from search.query.model import Sequence as TermSequence

WRITER_MEMORY_MB = 256
BM25_K1 = 1.2
BM25_B = 0.75


class PrecutField(fields.FieldType):  # type: ignore[misc]
    """A field whose value is {term: Postings}. Indexed with positions, scored, not stored."""

    def __init__(self) -> None:
        self.format = formats.Positions()
        self.analyzer = None
        self.scorable = True
        self.stored = False
        self.unique = False
        self.vector = None
        self.multitoken_query = "default"
        self.spelling = False
        self.column_type = None

    def index(self, value: dict[str, Postings], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield (term in UTF-8, occurrences, weight, encoded positions), as Whoosh's writer wants them."""
        for term, postings in value.items():
            yield term.encode(), len(postings.positions), postings.weight, self.format.encode(postings.positions)


class ValuesField(fields.FieldType):  # type: ignore[misc]
    """A field whose value is a list of strings, each one term. Stored, since that is how Whoosh counts fastest."""

    def __init__(self) -> None:
        self.format = formats.Existence()
        self.analyzer = None
        self.scorable = False
        self.stored = True
        self.unique = False
        self.vector = None
        self.multitoken_query = "default"
        self.spelling = False
        self.column_type = None

    def index(self, value: list[str], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield (value in UTF-8, 1, 1.0, nothing)."""
        for one in value:
            yield one.encode(), 1, 1.0, b""


def schema() -> fields.Schema:
    """text: words. names: entity ids at the positions of their mentions. The facets have a field each."""
    numbers = {name: fields.NUMERIC(int, bits=64, signed=True, sortable=True) for name in ("at", "day")}
    values = {f"facet_{name}": ValuesField() for name in FACET_FIELDS}
    return fields.Schema(
        id=fields.ID(unique=True, stored=True), text=PrecutField(), names=PrecutField(), **numbers, **values
    )


class StockWhoosh(Peer):
    """An index of its own in `directory`."""

    name = "stock Whoosh 2.7.4"
    passes = 1

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        exists = whoosh_index.exists_in(str(directory))
        directory.mkdir(parents=True, exist_ok=True)
        self._index = (whoosh_index.open_dir if exists else _create)(str(directory))
        self._opened: Searcher | None = None

    def __enter__(self) -> StockWhoosh:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of files."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def size_bytes(self) -> int:
        """On disk."""
        return directory_bytes(self._directory)

    # ---- writing ----

    def build(self, prepared: Iterable[AnalyzedArticle], *, merge: bool = True) -> None:
        """Add the articles in one commit, each in place of the one with its id.

        merge: let Whoosh merge small segments; else the articles become a segment of their own.
        """
        known = self._searcher.reader()
        writer = self._index.writer(limitmb=WRITER_MEMORY_MB)
        for article in prepared:
            if ("id", article.id) in known:
                writer.delete_by_term("id", article.id)
            writer.add_document(**_document(article))
        writer.commit(merge=merge)
        self.close()

    def delete(self, article_ids: Iterable[str]) -> None:
        """Take these articles out."""
        writer = self._index.writer()
        for article_id in article_ids:
            writer.delete_by_term("id", article_id)
        writer.commit(merge=False)
        self.close()

    # ---- as a peer ----

    def search(self, question: Question, facets: Sequence[str]) -> Answer:
        """The best ten, the total, and the counts of these facets, in one search as Whoosh's manual does it."""
        groups = sorting.Facets()
        for facet in facets:
            groups.add_facet(
                facet,
                sorting.StoredFieldFacet(
                    f"facet_{facet}", allow_overlap=True, split_fn=_values, maptype=sorting.Count
                ),
            )
        asked = wq.And([to_whoosh(question.root), *_filters(question.filters, question.since, question.until)])
        by_date = {"newest": True, "oldest": False}.get(question.sort)
        results = self._searcher.search(
            asked.normalize(), limit=TOP, groupedby=groups if facets else None,
            sortedby=None if by_date is None else "at", reverse=bool(by_date),
        )
        return Answer(
            len(results),
            {facet: dict(results.groups(facet)) for facet in facets},
            tuple(hit["id"] for hit in results),
        )

    # ---- as an oracle ----

    def matching_ids(self, query: wq.Query) -> set[str]:
        """The ids of the live articles that a query of Whoosh's own matches, by its matchers alone."""
        found: set[str] = set()
        for leaf, _ in self._searcher.leaf_searchers():
            matcher = query.matcher(leaf)
            while matcher.is_active():
                if not leaf.reader().is_deleted(matcher.id()):
                    found.add(leaf.stored_fields(matcher.id())["id"])
                matcher.next()
        return found

    def matching(self, node: Node) -> set[str]:
        """The ids of the articles that match. Raises TypeError for Near and SameSection."""
        match node:
            case AllOf(children):
                return set.intersection(self._all(), *map(self.matching, children))
            case AnyOf(children):
                return set().union(*map(self.matching, children))
            case Without(child):
                return self._all() - self.matching(child)
            case Boosted(child):
                return self.matching(child)
            case _:
                return self.matching_ids(to_whoosh(node))

    def answering(self, query: Query) -> set[str]:
        """The ids that match with all filters and dates; topics are not known here."""
        return set.intersection(
            self.matching(query.root),
            *map(self.matching_ids, _filters(query.filters, query.since, query.until)),
        )

    def counts(self, query: Query, facet: str) -> dict[str, int]:
        """Value -> articles; the facet's own choice does not count."""
        found = {name: chosen for name, chosen in query.filters.items() if name != facet}
        matching = set.intersection(
            self.matching(query.root), *map(self.matching_ids, _filters(found, query.since, query.until))
        )
        with self._index.reader() as reader:
            values = [value.decode() for value in reader.lexicon(f"facet_{facet}")]
        counted = {value: len(matching & self.matching_ids(wq.Term(f"facet_{facet}", value))) for value in values}
        return {value: count for value, count in counted.items() if count}

    def _all(self) -> set[str]:
        return self.matching_ids(wq.Every())

    @property
    def _searcher(self) -> Searcher:
        if self._opened is None:
            self._index.refresh()
            self._opened = self._index.searcher(weighting=scoring.BM25F(B=BM25_B, K1=BM25_K1))
        return self._opened


def to_whoosh(node: Node) -> wq.Query:
    """The Whoosh query that should match the same articles."""
    match node:
        case Term(term):
            return wq.Term("text", term)
        case TermSequence(terms, slop):
            # Whoosh counts the distance, which is 1 for neighbours.
            return wq.Phrase("text", list(terms), slop=slop + 1)
        case Named(entity_id):
            return wq.Term("names", entity_id)
        case Prefix(prefix):
            return wq.Prefix("text", prefix)
        case OneArticle(article_id):
            return wq.Term("id", article_id)
        case Between(column, lowest, highest):
            return wq.NumericRange(column, lowest, highest)
        case AllOf(children):
            return wq.And([to_whoosh(child) for child in children])
        case AnyOf(children):
            return wq.Or([to_whoosh(child) for child in children])
        case Without(child):
            return wq.Not(to_whoosh(child))
        case Boosted(child, factor):
            return to_whoosh(child).with_boost(factor)
        case Everything():
            return wq.Every()
        case Nothing():
            return wq.NullQuery
    raise TypeError(f"stock Whoosh is not asked for {node}")


def _filters(
    filters: Mapping[str, tuple[str, ...]], since: date | None, until: date | None
) -> list[wq.Query]:
    found: list[wq.Query] = [
        wq.Or([wq.Term(f"facet_{facet}", value) for value in chosen]) for facet, chosen in filters.items()
    ]
    if since or until:
        found.append(
            wq.NumericRange("day", since.toordinal() if since else None, until.toordinal() if until else None)
        )
    return found


def _values(stored: list[str] | None) -> list[str]:
    return stored or []


def _create(directory: str) -> Any:
    return whoosh_index.create_in(directory, schema())


def _document(article: AnalyzedArticle) -> dict[str, Any]:
    numbers = {"at": at_of(article), "day": day_of(article)}
    return {
        "id": article.id,
        "text": word_postings(article.analysis),
        "names": name_postings(article),
        **{name: number for name, number in numbers.items() if number is not None},
        **{f"facet_{facet}": values for facet, values in facet_values(article).items() if values},
    }
