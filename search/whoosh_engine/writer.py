"""Writing a Whoosh index: a batch on the one in use, or a whole new one beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from whoosh import index as whoosh_index

from search.articles import JST
from search.engine import AnalyzedArticle
from search.japanese.tokens import analysis_version
from search.whoosh_engine.schema import document, schema
from search.whoosh_engine.storage import IndexFolder, Manifest

WRITER_MEMORY_MB = 256


class WhooshWriter:
    """Puts and deletes on one generation; nothing is seen by anyone until it is published."""

    def __init__(self, folder: IndexFolder, manifest: Manifest) -> None:
        self._folder = folder
        self._manifest = manifest
        self._index = whoosh_index.open_dir(str(folder.path / manifest.generation))
        self._known = self._index.reader()
        self._writer = self._index.writer(limitmb=WRITER_MEMORY_MB)
        self._touched: set[str] = set()
        self._change = manifest.change

    def put(self, article: AnalyzedArticle) -> None:
        """Add the article, or replace the one with its id. Raises ValueError for an id met in this batch."""
        self.delete(article.id, article.change)
        self._writer.add_document(**document(article))

    def delete(self, article_id: str, change: int) -> None:
        """Take the article out; no error if it is not there. Raises ValueError for an id met in this batch."""
        if article_id in self._touched:
            # Whoosh cannot delete a document of the segment it is still writing.
            raise ValueError(f"{article_id!r} was put or deleted in this batch already")
        self._touched.add(article_id)
        self._change = max(self._change, change)
        if ("id", article_id) in self._known:
            self._writer.delete_by_term("id", article_id)

    def commit(self) -> None:
        """Write the batch and make it what is opened from now on."""
        self._writer.commit()
        with self._index.reader() as reader:
            articles = reader.doc_count()
        self._folder.publish(
            replace(
                self._manifest,
                change=self._change,
                articles=articles,
                indexed_at=datetime.now(JST).isoformat(timespec="seconds"),
            )
        )

    def cancel(self) -> None:
        """Forget the batch, and let go of Whoosh's lock, which otherwise stays with the process."""
        if not self._writer.is_closed:
            self._writer.cancel()

    def close(self) -> None:
        """Let go of files."""
        self._known.close()


@contextmanager
def write(folder: IndexFolder) -> Iterator[WhooshWriter]:
    """One batch on the index in use. Raises IndexBusy."""
    with folder.lock():
        yield from _batch(WhooshWriter(folder, folder.read_manifest()))


@contextmanager
def rebuild(folder: IndexFolder) -> Iterator[WhooshWriter]:
    """Fill a new index beside the one in use, which goes on answering; swapped in at the end. Raises IndexBusy."""
    with folder.lock():
        generation = folder.new_generation()
        whoosh_index.create_in(str(generation), schema())
        yield from _batch(WhooshWriter(folder, Manifest(generation.name, analysis_version())))
        folder.drop_other_generations(generation.name)


def _batch(writer: WhooshWriter) -> Iterator[WhooshWriter]:
    try:
        yield writer
        writer.commit()
    except BaseException:
        writer.cancel()
        raise
    finally:
        writer.close()
