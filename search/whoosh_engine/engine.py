"""Stock Whoosh behind the engine seam: embedded, pure Python, the oracle for faster engines to come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import index as whoosh_index
from whoosh import scoring
from whoosh.searching import Searcher

from search.engine import Explanation, IndexInfo, Match, Matches
from search.errors import IndexDamaged, IndexNotFound
from search.query.model import AllOf, AnyOf, Everything, Named, Node, OneArticle, Query, Term, Without
from search.query.model import Sequence as TermSequence
from search.whoosh_engine.columns import NO_TIME, Columns, Mask
from search.whoosh_engine.queries import leaves, to_whoosh, unwanted_leaves
from search.whoosh_engine.storage import IndexFolder, Manifest
from search.whoosh_engine.writer import WhooshWriter, write

# Robertson, Zaragoza, 2009: K1 between 1.2 and 2, B about .75 where nothing better is known. The judged
# sets were measured with these.
BM25_K1 = 1.2
BM25_B = 0.75


class WhooshEngine:
    """One snapshot of an index: what is written later is seen by engines opened later."""

    def __init__(self, folder: IndexFolder, manifest: Manifest, searcher: Searcher) -> None:
        self._folder = folder
        self._manifest = manifest
        self._searcher = searcher
        self._columns: Columns | None = None
        self._topic_masks: dict[Node, Mask] = {}

    # ---- opening ----

    @classmethod
    def open(cls, path: Path, *, outdated_ok: bool = False) -> WhooshEngine:
        """Open the index in `path`, after comparing every file with its checksum.

        outdated_ok: take one whose words were cut by other versions.
        Raises IndexNotFound, IndexMismatch, IndexDamaged.
        """
        folder = IndexFolder(path)
        while True:
            stamp = folder.stamp()
            try:
                manifest = folder.read_manifest()
                folder.check(manifest, outdated_ok=outdated_ok)
                searcher = _searcher(folder, manifest)
                folder.check_opened(manifest)
                return cls(folder, manifest, searcher)
            except IndexDamaged:
                # A writer deletes merged files a moment before it publishes the manifest without them.
                if not folder.wait_for_writer(stamp):
                    raise

    def close(self) -> None:
        """Let go of files."""
        self._searcher.close()

    def info(self) -> IndexInfo:
        """What the index holds."""
        manifest = self._manifest
        return IndexInfo(
            "whoosh", manifest.articles, manifest.change, manifest.analysis, manifest.indexed_at,
            sum(size for size, _ in manifest.files.values()),
        )

    def verify(self) -> Sequence[str]:
        """Compare every file with its checksum; a line for each that differs."""
        return self._folder.differences(self._manifest)

    # ---- answering ----

    def search(self, query: Query) -> Matches:
        """The matches of `query`; counts are of articles, and exact."""
        columns = self.columns
        docs, scores = self._scored(query.root)
        found = _mask(docs, columns.size) & columns.between(query.since, query.until)
        chosen = {name: self._choice(name, query) for name in query.filters}
        matching = _all_of(found, chosen)
        kept = matching[docs]
        order = self._order(query, docs[kept], scores[kept])
        wanted = order[query.offset : query.offset + query.limit]
        at = dict(zip(docs.tolist(), scores.tolist(), strict=True))
        return Matches(
            total=int(matching.sum()),
            matches=tuple(
                Match(columns.ids[doc], columns.versions[doc], at[doc], self._spans(query, doc))
                for doc in wanted.tolist()
            ),
            facets=(counted := self._facets(query, found, chosen)),
            facet_sizes={name: len(counts) for name, counts in counted.items()},
            days=columns.days(matching),
        )

    def matching(self, query: Query) -> Iterator[str]:
        """The id of every match, in the query's order."""
        columns = self.columns
        docs, scores = self._scored(query.root)
        found = _mask(docs, columns.size) & columns.between(query.since, query.until)
        kept = _all_of(found, {name: self._choice(name, query) for name in query.filters})[docs]
        for doc in self._order(query, docs[kept], scores[kept]).tolist():
            yield columns.ids[doc]

    def locate(self, query: Query, article_id: str) -> Match | None:
        """Where the query's words stand in this article, whether it matches or not; None if it is not there."""
        doc = self._doc(article_id)
        if doc is None:
            return None
        return Match(article_id, self.columns.versions[doc], 0.0, self._spans(query, doc))

    def explain(self, query: Query, article_id: str) -> Explanation:
        """Each leaf of the query: what it added to the article's score, and how often it stands there."""
        doc = self._doc(article_id)
        docs, scores = self._scored(query.root)
        at = int(np.searchsorted(docs, doc)) if doc is not None else len(docs)
        matches = at < len(docs) and docs[at] == doc
        found = [
            (sign + _written(leaf), score if not sign else 0.0, _times(leaf, spans))
            for sign, asked in (("", leaves(query.root)), ("-", unwanted_leaves(query.root)))
            for leaf in asked
            for score, spans in [self._leaf_at(leaf, doc) if doc is not None else (0.0, [])]
        ]
        return Explanation(article_id, bool(matches), float(scores[at]) if matches else 0.0, tuple(found))

    def _doc(self, article_id: str) -> int | None:
        doc: int | None = self._searcher.document_number(id=article_id)
        return doc

    @property
    def columns(self) -> Columns:
        """The snapshot's facts, read on first use."""
        if self._columns is None:
            self._columns = Columns.read(self._searcher.reader())
        return self._columns

    def _scored(self, root: Node) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Every live article that matches, ascending, and its score."""
        mask, scores = self._answer(root)
        docs = np.flatnonzero(mask)
        return docs, scores[docs]

    def _answer(self, node: Node) -> tuple[Mask, NDArray[np.float64]]:
        """Which live articles match, and the score of each document, 0.0 where it does not match."""
        # Whoosh is asked for words only. Its AndNot may let the first document of a segment through, and its
        # And takes a part that matches nothing for one that is not there.
        live = self.columns.live
        match node:
            case Term() | TermSequence() | Named():
                return self._postings(node)
            case AllOf(children):
                mask, scores = live, np.zeros(len(live))
                for child in children:
                    also, more = self._answer(child)
                    mask, scores = mask & also, scores + more
                return mask, scores * mask
            case AnyOf(children):
                mask, scores = np.zeros_like(live), np.zeros(len(live))
                for child in children:
                    also, more = self._answer(child)
                    mask, scores = mask | also, scores + more
                return mask, scores
            case Without(child):
                return live & ~self._answer(child)[0], np.zeros(len(live))
            case Everything():
                return live, np.zeros(len(live))
            case OneArticle(article_id):
                doc = self._doc(article_id)
                return live & (np.arange(len(live)) == (-1 if doc is None else doc)), np.zeros(len(live))
            case _:     # Nothing
                return np.zeros_like(live), np.zeros(len(live))

    def _postings(self, node: Term | TermSequence | Named) -> tuple[Mask, NDArray[np.float64]]:
        query = to_whoosh(node)
        docs: list[int] = []
        found: list[float] = []
        for leaf, offset in self._searcher.leaf_searchers():
            matcher = query.matcher(leaf)
            while matcher.is_active():
                docs.append(matcher.id() + offset)
                found.append(matcher.score())
                matcher.next()
        mask = _mask(np.array(docs, np.int64), self.columns.size) & self.columns.live
        scores = np.zeros(len(mask))
        scores[docs] = found
        return mask, scores * mask

    def _order(
        self, query: Query, docs: NDArray[np.int64], scores: NDArray[np.float64]
    ) -> NDArray[np.int64]:
        """The documents as the query sorts them: ties by date, newest first; no date comes last."""
        at = self.columns.at[docs]
        undated = at == NO_TIME
        by_id = self.columns.id_rank[docs]
        newest_first = np.where(undated, np.iinfo(np.int64).max, -at)
        keys: dict[str, tuple[NDArray[Any], ...]] = {
            "newest": (by_id, newest_first),
            "oldest": (by_id, np.where(undated, np.iinfo(np.int64).max, at)),
            "relevance": (by_id, newest_first, -scores),
        }
        return docs[np.lexsort(keys[query.sort])]

    def _choice(self, name: str, query: Query) -> Mask:
        if name == "topic":
            masks = [self._topic(query.topics[t]) for t in query.filters[name] if t in query.topics]
            return _any_of(masks, self.columns.size)
        return self.columns.facets[name].having(query.filters[name], self.columns.size)

    def _facets(self, query: Query, found: Mask, chosen: Mapping[str, Mask]) -> dict[str, dict[str, int]]:
        facets: dict[str, dict[str, int]] = {}
        for name, column in self.columns.facets.items():
            facets[name] = column.counts(_all_of(found, chosen, but=name))
        base = _all_of(found, chosen, but="topic")
        counted = {topic: int((base & self._topic(node)).sum()) for topic, node in query.topics.items()}
        facets["topic"] = {topic: count for topic, count in counted.items() if count}
        return {name: facets[name] for name in query.facets}

    def _topic(self, node: Node) -> Mask:
        if node not in self._topic_masks:
            self._topic_masks[node] = _mask(self._scored(node)[0], self.columns.size)
        return self._topic_masks[node]

    def _spans(self, query: Query, doc: int) -> tuple[tuple[int, int], ...]:
        """The positions in a document that answer, joined where they touch."""
        positions = {
            position
            for node in (query.root, *query.also_mark)
            for leaf in leaves(node)
            for start, end in self._leaf_at(leaf, doc)[1]
            for position in range(start, end)
        }
        return _runs(sorted(positions))

    def _leaf_at(self, node: Term | TermSequence | Named, doc: int) -> tuple[float, list[tuple[int, int]]]:
        """What one leaf has in one document: its score, and its spans of positions, end excluded."""
        leaf, offset = _leaf_of(self._searcher, doc)
        matcher = to_whoosh(node).matcher(leaf)
        if matcher.is_active() and matcher.id() < doc - offset:
            matcher.skip_to(doc - offset)
        if not matcher.is_active() or matcher.id() != doc - offset:
            return 0.0, []
        return matcher.score(), [(span.start, span.end + 1) for span in matcher.spans()]

    def writer(self) -> AbstractContextManager[WhooshWriter]:
        """Open a batch on this index. Raises IndexBusy."""
        return write(self._folder)


def _searcher(folder: IndexFolder, manifest: Manifest) -> Searcher:
    try:
        index = whoosh_index.open_dir(str(folder.path / manifest.generation), readonly=True)
        return index.searcher(weighting=scoring.BM25F(B=BM25_B, K1=BM25_K1))
    except whoosh_index.EmptyIndexError as error:
        raise IndexNotFound(f"There is no index in {folder.path}: {error}") from error
    except Exception as error:  # Whoosh raises whatever its reader stumbles over
        raise IndexDamaged(
            f"The index in {folder.path} cannot be opened ({type(error).__name__}: {error}). Build it from the "
            f"archive: kijigura rebuild --archive {folder.path.parent}"
        ) from error


def _mask(docs: NDArray[np.int64], size: int) -> Mask:
    mask = np.zeros(size, np.bool_)
    mask[docs] = True
    return mask


def _all_of(found: Mask, chosen: Mapping[str, Mask], *, but: str | None = None) -> Mask:
    for name, mask in chosen.items():
        if name != but:
            found = found & mask
    return found


def _any_of(masks: Iterable[Mask], size: int) -> Mask:
    found = np.zeros(size, np.bool_)
    for mask in masks:
        found |= mask
    return found


def _leaf_of(searcher: Searcher, doc: int) -> tuple[Searcher, int]:
    for leaf, offset in reversed(searcher.leaf_searchers()):
        if doc >= offset:
            return leaf, offset
    raise ValueError(f"no segment holds document {doc}")


def _runs(positions: Sequence[int]) -> tuple[tuple[int, int], ...]:
    runs: list[tuple[int, int]] = []
    for position in positions:
        if runs and runs[-1][1] == position:
            runs[-1] = (runs[-1][0], position + 1)
        else:
            runs.append((position, position + 1))
    return tuple(runs)


def _times(leaf: Term | TermSequence | Named, spans: Sequence[tuple[int, int]]) -> int:
    # A name has a span for every position that it covers.
    return len(_runs([start for start, _ in spans])) if isinstance(leaf, Named) else len(spans)


def _written(leaf: Term | TermSequence | Named) -> str:
    match leaf:
        case Term(term):
            return term
        case TermSequence(terms):
            return " ".join(terms)
        case Named(entity_id):
            return entity_id
