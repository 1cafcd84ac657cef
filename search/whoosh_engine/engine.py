"""Whoosh behind the engine seam: its schema, table of contents and queries over our own segments and executor."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np

from search.engine import Explanation, IndexInfo, Match, Matches, NameTable
from search.errors import IndexDamaged, IndexNotFound
from search.query.leaves import leaves, unwanted_leaves, written
from search.query.model import AnyOf, Chars, Forms, Leaf, Named, Node, Query, Term
from search.whoosh_engine import similar
from search.whoosh_engine.answering import Answer, told_of
from search.whoosh_engine.columns import Counts, FacetColumn, column_of_sets, read_column
from search.whoosh_engine.executor import Execution
from search.whoosh_engine.marks import contributions, marks, times
from search.whoosh_engine.members import Scratch
from search.whoosh_engine.postings import Ints
from search.whoosh_engine.queries import to_whoosh
from search.whoosh_engine.ranking import by_score
from search.whoosh_engine.snapshot import Snapshot
from search.whoosh_engine.storage import IndexFolder, Manifest, is_shortage
from search.whoosh_engine.toc import PublishedIndex
from search.whoosh_engine.topics import TopicSets
from search.whoosh_engine.writer import WhooshWriter, open_segment, write


class WhooshEngine:
    """One snapshot of an index: what is written later is seen by engines opened later. Threads may share it."""

    def __init__(self, folder: IndexFolder, manifest: Manifest, snapshot: Snapshot) -> None:
        self._folder = folder
        self._manifest = manifest
        self._snapshot = snapshot
        self._scratch = Scratch(snapshot.size)
        self._columns: dict[str, FacetColumn] = {}
        self._counts_of_all: dict[str, tuple[FacetColumn, Counts]] = {}
        self._topic_columns: dict[tuple[tuple[str, Node], ...], FacetColumn] = {}

    # ---- opening ----

    @classmethod
    def open(cls, path: Path, names: NameTable | None = None, *, outdated_ok: bool = False) -> WhooshEngine:
        """Open the index in `path`, after comparing the size and footer of every file with the manifest.

        names: whom its names mean. outdated_ok: take one whose words were cut by other versions.
        Raises IndexNotFound, IndexMismatch, IndexDamaged; the last one also later, when a damaged block is read.
        """
        folder = IndexFolder(path)
        while True:
            manifest = folder.read_manifest()
            try:
                folder.check(manifest, outdated_ok=outdated_ok)
                return cls(folder, manifest, _snapshot(folder, manifest, names))
            except (IndexDamaged, FileNotFoundError):
                # A writer deletes what it has merged once it has published the manifest without it.
                if folder.read_manifest() == manifest:
                    raise

    def close(self) -> None:
        """Let go of memory, and of files once no answer refers to them."""
        self._columns.clear()
        self._snapshot.close()

    def info(self) -> IndexInfo:
        """What the index holds."""
        manifest = self._manifest
        return IndexInfo(
            "whoosh", manifest.articles, manifest.change, manifest.analysis, manifest.indexed_at,
            sum(size for size, _ in manifest.files.values()),
        )

    @property
    def average_lengths(self) -> Mapping[str, float]:
        """Of the scored fields, as every article is scored with them."""
        return self._manifest.average_lengths

    def verify(self) -> Sequence[str]:
        """Compare every file with its checksums; a line for each that differs."""
        wrong = self._folder.differences(self._manifest)
        for segment in self._snapshot.segments:
            try:
                segment.check_all()
            except IndexDamaged as error:
                wrong.append(str(error))
        return wrong

    # ---- answering ----

    def search(self, query: Query) -> Matches:
        """The matches of `query`; counts are of articles, and exact."""
        if not self._snapshot.size:
            return Matches(0, (), {name: {} for name in query.facets}, dict.fromkeys(query.facets, 0))
        with self._scratch:
            if _is_plain_any(query):
                return self._plain_any(query)
            answer = Answer(self, query)
            return Matches(
                total=len(answer.matching.docs),
                matches=answer.page(query.offset, query.offset + query.limit),
                facets=answer.facets(),
                facet_sizes=answer.facet_sizes,
                days=answer.days() if query.days else {},
            )

    def _plain_any(self, query: Query) -> Matches:
        """An OR of words of which only the best are asked for."""
        execution = self.execution(query.deadline_ms)
        end = query.offset + query.limit
        total, (docs, scores) = execution.best_of_any(to_whoosh(query.root), end)
        assert scores is not None
        docs, scores = by_score(self._snapshot, docs, scores, query.offset, end)
        ids, versions = self._snapshot.ids(docs), self._snapshot.facts.version.take(docs).tolist()
        return Matches(total, tuple(map(Match, ids, versions, scores.tolist())))

    def matching(self, query: Query) -> Iterator[str]:
        """The id of every match, in the query's order."""
        if self._snapshot.size:
            with self._scratch:
                answer = Answer(self, query)
                docs, _ = answer.ordered(0, len(answer.matching.docs))
            yield from self._snapshot.ids(docs)

    def locate(self, query: Query, article_id: str) -> Match | None:
        """Where the query's words stand in this article, whether it matches or not; None if it is not there."""
        doc = self._snapshot.doc(article_id)
        if doc is None:
            return None
        with self._scratch:
            execution, docs = self.execution(), np.array([doc])
            (found,) = marks(execution, (query.root, *query.also_mark), docs)
            (told,) = told_of(execution, query.tell, docs)
        return Match(article_id, int(self._snapshot.facts.version[doc]), 0.0, *found, told)

    def explain(self, query: Query, article_id: str) -> Explanation:
        """Each leaf of the query: what it added to the article's score, and how often it stands there."""
        doc = self._snapshot.doc(article_id)
        unwanted = [(f"-{written(leaf)}", leaf) for leaf in unwanted_leaves(query.root)]
        if doc is None:
            absent = [written(leaf) for leaf in leaves(query.root)] + [name for name, _ in unwanted]
            return Explanation(article_id, False, 0.0, tuple((name, 0.0, 0) for name in absent))
        with self._scratch:
            execution = self.execution()
            whoosh_query = to_whoosh(query.root)
            matches = doc in execution.docs(whoosh_query)
            found = [
                part for leaf, score in contributions(execution, query.root, doc)
                for part in _by_form(execution, leaf, score, doc)
            ]
            found += [(name, 0.0, times(execution, leaf, doc)) for name, leaf in unwanted]
            score = float(execution.exact(whoosh_query, np.array([doc]))[0]) if matches else 0.0
        return Explanation(article_id, matches, score, tuple(found))

    def frequency(self, term: str) -> int:
        """In how many articles a term stands."""
        return similar.frequency(self._snapshot.segments, term)

    def spellings(self, term: str) -> tuple[str, ...]:
        """Every other term with the same spelling key, most frequent first."""
        return similar.spellings(self._snapshot.segments, term)

    def terms_like(self, term: str, most: int) -> tuple[str, ...]:
        """Terms that differ from this one by one edit, most frequent first, at most so many."""
        return similar.terms_like(self._snapshot.segments, term, most)

    def writer(self) -> AbstractContextManager[WhooshWriter]:
        """Open a batch on this index. Raises IndexBusy."""
        return write(self._folder)

    # ---- what answers share ----

    @property
    def snapshot(self) -> Snapshot:
        return self._snapshot

    def execution(self, deadline_ms: int | None = None) -> Execution:
        """A query to be answered, given up after so many milliseconds."""
        deadline = None if deadline_ms is None else time.monotonic() + deadline_ms / 1000
        return Execution(self._snapshot, self._scratch, deadline)

    def column(self, facet: str) -> FacetColumn:
        """The values of a facet, read when it is first asked for."""
        if facet not in self._columns:
            self._columns[facet] = read_column(self._snapshot, facet)
        return self._columns[facet]

    def counts_of_all(self, facet: str, column: FacetColumn) -> Counts:
        """The column's counts over all live articles, which the front page asks for every time."""
        known = self._counts_of_all.get(facet)
        if known is None or known[0] is not column:
            known = (column, column.counts(self._snapshot.live_docs))
            self._counts_of_all[facet] = known
        return known[1]

    def topic(self, node: Node, execution: Execution) -> Ints:
        """The members of a topic, ascending. execution: whose time it takes."""

        def matching(snapshot: Snapshot, topic: Node) -> Ints:
            # With arrays of its own: it is asked for in the middle of another query.
            return Execution(snapshot, Scratch(snapshot.size), execution.deadline).docs(to_whoosh(topic))

        return _TOPICS.members(self._snapshot, node, matching)

    def topic_column(self, topics: Mapping[str, Node], execution: Execution) -> FacetColumn:
        """The topics of each article, as a facet."""
        key = tuple(sorted(topics.items(), key=lambda item: item[0]))
        column = self._topic_columns.get(key)
        if column is None:
            sets = [self.topic(node, execution) for _, node in key]
            column = column_of_sets(sets, [name for name, _ in key], self._snapshot.size)
            self._topic_columns[key] = column
        return column


_TOPICS = TopicSets()


def _by_form(execution: Execution, leaf: Leaf, score: float, doc: int) -> list[tuple[str, float, int]]:
    """What explains a leaf: of several forms those that stand there, each with its share of the score."""
    if not isinstance(leaf, Forms):
        return [(written(leaf), score, times(execution, leaf, doc))]
    found = [(one, weight, times(execution, one, doc)) for one, weight in zip(leaf.leaves, leaf.weights, strict=True)]
    # Characters are found wherever a word of theirs is.
    words = [one for one in found if one[2] and not isinstance(one[0], Chars)]
    there = words or [one for one in found if one[2]]
    if not there:
        return [(written(leaf), score, 0)]
    worth = sum(weight * count for _, weight, count in there)
    return [(written(one), score * weight * count / worth, count) for one, weight, count in there]


def _is_plain_any(query: Query) -> bool:
    """Whether only the total and the best are asked for, of an OR of words."""
    return (
        isinstance(query.root, AnyOf) and len(query.root.children) > 1 and query.sort == "relevance"
        and all(isinstance(child, (Term, Named, Forms, Chars)) for child in query.root.children)
        and not (query.tell or query.facets or query.days or query.spans)
        and not (query.filters or query.excluded or query.since or query.until)
    )


def _snapshot(folder: IndexFolder, manifest: Manifest, names: NameTable | None) -> Snapshot:
    try:
        index = PublishedIndex(folder.path / manifest.generation, manifest.toc)
        segments = [open_segment(folder, manifest, segment) for segment in index.segments()]
    except (IndexDamaged, IndexNotFound, FileNotFoundError):
        raise
    except Exception as error:  # Whoosh and pickle raise whatever they stumble over
        if is_shortage(error):
            raise
        raise folder.damaged(f"its table of contents cannot be read ({type(error).__name__}: {error})") from error
    return Snapshot(segments, manifest.average_lengths, names)
