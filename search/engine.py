"""The seam between Kijigura and whatever keeps the index: Whoosh in a folder, or a cluster.

An engine knows ids, versions, positions and facet values; it has no text of its own to show.
`tests/engine_contract.py` says what each must do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple, Protocol

from search.articles import Mention, Published
from search.errors import UsageError
from search.japanese.analysis import Analysis
from search.query.model import Query

FACET_CONFIDENCE = 0.8
"""A mention counts in facets from here on; a search for the name finds every mention. With CRFs of this kind, nine in
ten persons that are so sure are right."""


@dataclass(frozen=True, slots=True)
class AnalyzedArticle:
    """An article as an index takes it.

    version: of the article, from the archive. change: the archive's change number that put it there.
    texts: of each part of the analysis, as they are stored.
    """

    id: str
    version: int
    change: int
    analysis: Analysis
    mentions: tuple[Mention, ...]
    published: Published | None
    source: str | None
    desk: str | None
    texts: tuple[str, ...]


class Match(NamedTuple):
    """One article that matches.

    spans: token positions that answered, (first, end excluded), ascending; see `analysis.Analysis`.
    char_spans: what answered as characters alone, (index of the part, start, end excluded), ascending, code points.
    told: of each node that the query asks about, whether it holds.
    """

    article_id: str
    version: int
    score: float
    spans: tuple[tuple[int, int], ...] = ()
    char_spans: tuple[tuple[int, int, int], ...] = ()
    told: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Matches:
    """The answer to a query: exact counts over all matches, and the wanted stretch of them.

    facets: facet name -> value -> articles, most frequent first, then by value; a facet's own filter does not change
        its counts. A value that is excluded has the articles there would be if nothing of its facet were excluded.
        facet_sizes: how many values each has in all, where `facets` holds only the first.
    days: day of publication -> articles that match (with all filters); undated ones are left out.
    """

    total: int
    matches: tuple[Match, ...]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    facet_sizes: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[date, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an article matches: each leaf of the query, what it added to the score, how often it stands there.

    leaves: (as written, score, times); of a word's forms those that stand there, each with its share of the score; a
        leaf under a NOT begins with "-" and adds nothing.
    """

    article_id: str
    matches: bool
    score: float
    leaves: tuple[tuple[str, float, int], ...]


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """What an index holds. change: the archive's last change in it. size_bytes: on disk."""

    engine: str
    articles: int
    change: int
    analysis: str
    indexed_at: str | None
    size_bytes: int


class IndexWriter(Protocol):
    """One batch; visible to searches once the `with` block ends cleanly, and dropped if it does not.

    An id is put or deleted at most once in a batch.
    """

    def put(self, article: AnalyzedArticle) -> None:
        """Add the article, or replace the one with its id."""

    def delete(self, article_id: str, change: int) -> None:
        """Take the article out; no error if it is not there."""


class NameTable(Protocol):
    """Which entity each name of an index means: an archive. Queries and facets speak of entities, an index of names."""

    def terms_of(self, entity_id: str) -> Sequence[str]:
        """What stands for the entity in the index."""

    def entities_of(self, terms: Sequence[str]) -> Sequence[str]:
        """The entity that each of these terms means."""

    def names_generation(self) -> int:
        """Grows whenever a name comes to mean somebody else."""

    def index_term(self, mention: Mention) -> str:
        """What stands for a mention in the index."""

    def archive_id(self) -> str:
        """Tells this archive from others that feed the same index, each with its own numbers of changes."""


class Engine(Protocol):
    """Answers queries over one index."""

    def search(self, query: Query) -> Matches:
        """The matches of `query`, with counts, facets and days over all of them."""

    def matching(self, query: Query) -> Iterator[str]:
        """The id of every match, in the query's order; `offset` and `limit` do not count here."""

    def locate(self, query: Query, article_id: str) -> Match | None:
        """Where the query's words stand in this article, whether it matches or not; None if it is not there."""

    def explain(self, query: Query, article_id: str) -> Explanation:
        """Why this article matches or does not."""

    def frequency(self, term: str) -> int:
        """In how many articles a term of the index stands."""

    def spellings(self, term: str) -> tuple[str, ...]:
        """Every other term of the index with the same spelling key, most frequent first (`japanese.variants`)."""

    def terms_like(self, term: str, most: int) -> tuple[str, ...]:
        """Terms of the index that differ from this one by one edit, most frequent first, at most so many.

        An edit puts a character in, takes one out, replaces one, or swaps two neighbours; the first character stays,
        and at least two are the same.
        """

    def writer(self) -> AbstractContextManager[IndexWriter]:
        """Open a batch. Raises IndexBusy if another process has one open."""

    def info(self) -> IndexInfo:
        """What the index holds."""

    def verify(self) -> Sequence[str]:
        """Read everything and compare checksums; a line for each thing that is wrong."""

    def close(self) -> None:
        """Let go of files. The engine is not used afterwards."""


def is_cluster(url: str) -> bool:
    """Whether the index is on a cluster, and with it the articles."""
    return url.partition(":")[0] in ("opensearch", "opensearch+tls")


def open_engine(url: str, names: NameTable | None = None, *, outdated_ok: bool = False) -> Engine:
    """Open the index at `url`.

    names: whom its names mean, asked when a name is first looked for; without it, whom they say.
    outdated_ok: take one whose words were cut by other versions, which may miss articles.
    url: `whoosh:DIR`, or `opensearch://HOST:PORT/NAME`.
    Raises IndexNotFound, IndexMismatch, IndexDamaged, ClusterUnavailable; UsageError for a form that is not known.
    """
    if is_cluster(url):
        from search.opensearch_engine.engine import OpenSearchEngine

        return OpenSearchEngine.open(url, names, outdated_ok=outdated_ok)
    from search.whoosh_engine.engine import WhooshEngine

    return WhooshEngine.open(_whoosh_directory(url), names, outdated_ok=outdated_ok)


def published(url: str) -> object:
    """What changes whenever another process publishes a newer index at `url`; None while there is none."""
    if is_cluster(url):
        from search.opensearch_engine.engine import stamp

        return stamp(url)
    from search.whoosh_engine.storage import IndexFolder

    return IndexFolder(_whoosh_directory(url)).stamp()


def rebuild_engine(url: str, names: NameTable | None = None) -> AbstractContextManager[IndexWriter]:
    """A whole new index at `url`, swapped in for the one in use once the `with` block ends cleanly.

    names: by which the names of a cluster's index are told.
    Raises IndexBusy; UsageError for a form that is not known.
    """
    if is_cluster(url):
        from search.opensearch_engine.writer import rebuild as rebuild_in_cluster

        return rebuild_in_cluster(url, names)
    from search.whoosh_engine.storage import IndexFolder
    from search.whoosh_engine.writer import rebuild

    return rebuild(IndexFolder(_whoosh_directory(url)))


def _whoosh_directory(url: str) -> Path:
    scheme, _, directory = url.partition(":")
    if scheme != "whoosh" or not directory:
        raise UsageError(
            f"No engine is called {url!r}. Use whoosh:DIRECTORY or opensearch://HOST:PORT/NAME, or leave --engine out."
        )
    return Path(directory)
