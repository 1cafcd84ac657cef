"""bm25s: scores kept ready in a sparse matrix, with numba. The best ten of one or more terms joined by OR;
no totals, no phrases, no filters, no facets.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import ClassVar

import bm25s
from bm25s.tokenization import Tokenized

from benchmarks.peers.facts import word_postings
from benchmarks.peers.peer import Answer, Peer, directory_bytes
from benchmarks.questions import COMMON_OR, TOP, Question
from benchmarks.recipe import article_id
from search.engine import AnalyzedArticle
from search.query.model import AnyOf, Term

K1 = 1.2
B = 0.75


class Bm25s(Peer):
    """A matrix in `directory`, kept in memory while it is open."""

    name = f"bm25s {bm25s.__version__}, numba {version('numba')}"
    kinds = ("rare term", "common term", "OR", COMMON_OR)
    facet_ways: ClassVar[Mapping[str, str]] = {}

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._numbers: dict[str, int] = {}
        if directory.exists():
            self._load()

    def _load(self) -> None:
        self._index = bm25s.BM25.load(str(self._directory))
        self._index.backend = "numba"
        self._index.activate_numba_scorer()

    def prepare(self, article: AnalyzedArticle) -> array[int]:
        """The numbers of its terms."""
        words = [
            word for word, postings in word_postings(article.analysis).items() for _ in postings.positions
        ]
        return array("l", [self._numbers.setdefault(word, len(self._numbers)) for word in words])

    def build(self, prepared: Iterable[array[int]]) -> None:
        """Score every term of every article, and write the matrix."""
        tokens = Tokenized(ids=[list(one) for one in prepared], vocab=self._numbers)
        index = bm25s.BM25(method="lucene", k1=K1, b=B, backend="numba")
        index.index(tokens, show_progress=False)
        index.save(str(self._directory))
        self._load()

    def search(self, question: Question, facets: Sequence[str]) -> Answer:
        """The best ten."""
        match question.root:
            case Term(term):
                terms = [term]
            case AnyOf(children):
                terms = [child.term for child in children if isinstance(child, Term)]
            case _:
                raise ValueError(f"bm25s cannot answer {question.root}")
        known = [term for term in terms if term in self._index.vocab_dict]
        found, scores = self._index.retrieve([known], k=TOP, show_progress=False, n_threads=0)
        best = zip(found[0].tolist(), scores[0].tolist(), strict=True)
        return Answer(None, {}, tuple(article_id(doc) for doc, score in best if score > 0))

    def size_bytes(self) -> int:
        """On disk."""
        return directory_bytes(self._directory)
