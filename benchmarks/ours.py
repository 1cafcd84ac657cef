"""Our own engine, asked through the seam for what its peers are asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.peers.peer import Answer, Peer, directory_bytes
from benchmarks.questions import Question
from search.engine import AnalyzedArticle, open_engine, rebuild_engine
from search.query.model import Query


class Kijigura(Peer):
    """An index in `directory`, as an archive has it."""

    name = f"Kijigura {version('kijigura')}"

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.url = f"whoosh:{directory}"
        if directory.exists():
            self.engine = open_engine(self.url)

    def build(self, prepared: Iterable[AnalyzedArticle]) -> None:
        """As `kijigura rebuild` does with every analysis kept."""
        with rebuild_engine(self.url) as writer:
            for article in prepared:
                writer.put(article)
        self.engine = open_engine(self.url)

    def search(self, question: Question, facets: Sequence[str]) -> Answer:
        """The best ten, the total, and the counts of these facets."""
        return self.ask(question.query(facets))

    def ask(self, query: Query) -> Answer:
        """The same for a query of any kind."""
        found = self.engine.search(query)
        return Answer(found.total, found.facets, tuple(match.article_id for match in found.matches))

    def size_bytes(self) -> int:
        """On disk."""
        return directory_bytes(self._directory)

    @property
    def segments(self) -> int | None:
        """Files of the manifest beside the table of contents."""
        manifest = json.loads((self._directory / "manifest.json").read_text(encoding="utf-8"))
        return sum(not name.endswith(".toc") for name in manifest["files"])

    def close(self) -> None:
        """Let go of files."""
        self.engine.close()
