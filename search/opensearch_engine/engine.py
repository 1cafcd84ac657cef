"""OpenSearch behind the engine seam: one index of a cluster, as it was when it was opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager

from search.engine import Explanation, IndexInfo, Match, Matches, NameTable
from search.errors import IndexMismatch, IndexNotFound
from search.japanese.tokens import analysis_version
from search.opensearch_engine import similar
from search.opensearch_engine.answering import Answer
from search.opensearch_engine.checks import differences
from search.opensearch_engine.connection import Cluster
from search.opensearch_engine.schema import FORM
from search.opensearch_engine.scoring import counted_leaves, explanation
from search.opensearch_engine.snapshot import Snapshot
from search.opensearch_engine.state import IndexState, State
from search.opensearch_engine.writer import ClusterWriter, write
from search.query.leaves import leaves, unwanted_leaves, written
from search.query.model import Query, Term


class OpenSearchEngine:
    """One snapshot of an index: what is written later is seen by engines opened later. Threads may share it."""

    def __init__(self, cluster: Cluster, state: IndexState, change: int, names: NameTable | None) -> None:
        self._cluster = cluster
        self._state = state
        self._change = change
        self._names = names
        self._snapshot = Snapshot(cluster, names)

    @classmethod
    def open(cls, url: str, names: NameTable | None = None, *, outdated_ok: bool = False) -> OpenSearchEngine:
        """Open the index at `opensearch://HOST:PORT/NAME`.

        names: whom its names mean. outdated_ok: take one whose words were cut by other versions.
        Raises IndexNotFound, IndexMismatch, ClusterUnavailable; UsageError for another program or an old one.
        """
        cluster = Cluster.of(url)
        cluster.check()
        states = State(cluster)
        state = states.index()
        if state is None:
            raise IndexNotFound(
                f"There is no index {cluster.alias} at {cluster.where} yet. Make it: kijigura rebuild --engine {url}"
            )
        if state.form != FORM or (state.analysis != analysis_version() and not outdated_ok):
            raise IndexMismatch(
                f"The index {cluster.alias} at {cluster.where} was made by {state.analysis} (form {state.form}), but"
                f" this is {analysis_version()} (form {FORM}), so searches would miss articles. Make it anew:"
                f" kijigura rebuild --engine {url}"
            )
        return cls(cluster, state, states.change(names.archive_id() if names else ""), names)

    def close(self) -> None:
        """Let go of what the cluster keeps for it."""
        self._snapshot.close()

    def info(self) -> IndexInfo:
        """What the index holds."""
        state = self._state
        return IndexInfo(
            "opensearch", self._snapshot.live_count, self._change, state.analysis, state.indexed_at, state.size_bytes
        )

    def verify(self) -> Sequence[str]:
        """Whether the cluster has all of it, in as many copies as it should; a line for each thing that is wrong."""
        return differences(self._cluster)

    # ---- answering ----

    def search(self, query: Query) -> Matches:
        """The matches of `query`; counts are of articles."""
        return Answer(self._snapshot, query).matches()

    def matching(self, query: Query) -> Iterator[str]:
        """The id of every match, in the query's order."""
        return Answer(self._snapshot, query).ids()

    def locate(self, query: Query, article_id: str) -> Match | None:
        """Where the query's words stand in this article, whether it matches or not; None if it is not there."""
        reading = self._snapshot.article(article_id)
        if reading is None:
            return None
        told = tuple(reading.holds(node) for node in query.tell)
        marks = reading.marks((query.root, *query.also_mark))
        return Match(article_id, reading.article.version, 0.0, *marks, told)

    def explain(self, query: Query, article_id: str) -> Explanation:
        """Each leaf of the query: what it added to the article's score, and how often it stands there."""
        reading = self._snapshot.article(article_id)
        if reading is None:
            absent = [written(leaf) for leaf in leaves(query.root)]
            absent += [f"-{written(leaf)}" for leaf in unwanted_leaves(query.root)]
            return Explanation(article_id, False, 0.0, tuple((name, 0.0, 0) for name in absent))
        return explanation(reading, query.root, self._snapshot.statistics(counted_leaves(query.root)))

    def frequency(self, term: str) -> int:
        """In how many articles a term stands."""
        return self._snapshot.statistics([Term(term)]).having(Term(term))

    def spellings(self, term: str) -> tuple[str, ...]:
        """Every other term with the same spelling key, most frequent first."""
        return similar.spellings(self._snapshot, term)

    def terms_like(self, term: str, most: int) -> tuple[str, ...]:
        """Terms that differ from this one by one edit, most frequent first, at most so many."""
        return similar.terms_like(self._snapshot, term, most)

    def writer(self) -> AbstractContextManager[ClusterWriter]:
        """Open a batch on this index; several may be open at once, on several machines. Raises IndexBusy."""
        return write(self._cluster, self._names)


def stamp(url: str) -> str | None:
    """Another whenever a batch was published; None while there is no index. Raises ClusterUnavailable."""
    state = State(Cluster.of(url)).index()
    return state.stamp if state else None
