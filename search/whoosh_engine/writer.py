"""Writing an index: a batch on the one in use, or a whole new one beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np

from search.articles import JST
from search.engine import AnalyzedArticle
from search.errors import IndexDamaged
from search.japanese.tokens import analysis_version
from search.whoosh_engine.batch import Batch
from search.whoosh_engine.inversion import content_of, terms_of_fields
from search.whoosh_engine.merging import merge, to_merge
from search.whoosh_engine.postings import Ints
from search.whoosh_engine.run_builder import RunBuilder
from search.whoosh_engine.runs import Runs, Source
from search.whoosh_engine.schema import LENGTHS
from search.whoosh_engine.segment import Segment, write_segment
from search.whoosh_engine.storage import IndexFolder, Manifest
from search.whoosh_engine.toc import NumpySegment, PublishedIndex, write_toc

RUN_TOKENS = 1_250_000
"""As many are turned inside out at once, about 130 MB; several runs are merged when the batch is committed."""

MOST_RUNS = 128
"""That are merged at once: what is known of their terms takes about 1 MB each."""

MOST_DRIFT = 0.05
"""Of the average lengths from those the index is scored with, before they are renewed. They are kept as they are
until then, so that what was computed of a segment stays true while others are added."""


class WhooshWriter:
    """Puts and deletes on one generation; nothing is seen by anyone until it is published."""

    def __init__(self, folder: IndexFolder, manifest: Manifest) -> None:
        self._folder = folder
        self._manifest = manifest
        self._path = folder.path / manifest.generation
        self._segments = PublishedIndex(self._path, manifest.toc).segments() if manifest.toc else []
        self._opened = [self._open(segment) for segment in self._segments]
        self._deleted: list[set[int]] = [set() for _ in self._segments]
        self._runs = RunBuilder(self._path)
        self._batch = Batch(self._runs.vocabularies)
        self._touched: set[str] = set()
        self._change = manifest.change

    def put(self, article: AnalyzedArticle) -> None:
        """Add the article, or replace the one with its id. Raises ValueError for an id met in this batch."""
        self.delete(article.id, article.change)
        self._batch.add(article)
        if self._batch.tokens >= RUN_TOKENS:
            self._close_batch()

    def delete(self, article_id: str, change: int) -> None:
        """Take the article out; no error if it is not there. Raises ValueError for an id met in this batch."""
        if article_id in self._touched:
            raise ValueError(f"{article_id!r} was put or deleted in this batch already")
        self._touched.add(article_id)
        self._change = max(self._change, change)
        for segment, deleted in zip(self._opened, self._deleted, strict=True):
            ids = segment.field("id")
            number = ids.find(article_id.encode())
            if number is not None:
                deleted.add(int(ids.docs(ids.range(number, number + 1))[0]))

    def commit(self) -> None:
        """Write the batch and make it what is opened from now on."""
        segments = self._with_batch(
            [
                segment.without(np.union1d(segment.deleted, np.array(sorted(deleted), np.uint32)))
                for segment, deleted in zip(self._segments, self._deleted, strict=True)
            ]
        )
        self._runs.close()
        number = self._manifest.toc + 1
        toc = write_toc(self._path, number, segments)
        self._manifest = self._folder.publish(
            replace(
                self._manifest,
                toc=number,
                change=self._change,
                articles=sum(segment.doc_count() for segment in segments),
                average_lengths=self._average_lengths(segments),
                indexed_at=datetime.now(JST).isoformat(timespec="seconds"),
            ),
            [toc, *(segment.file_name for segment in segments)],
        )
        self._folder.drop_unnamed_files(self._manifest)

    def cancel(self) -> None:
        """Forget the batch. What it wrote is deleted, as far as the disk allows; but not once it is published."""
        self._runs.close()
        with suppress(OSError, IndexDamaged):
            published = self._folder.published_manifest()
            ours = published is not None and published.generation == self._manifest.generation
            self._folder.drop_unnamed_files(published if published and ours else self._manifest)

    def _close_batch(self) -> None:
        """Make room in memory: what comes next goes into an empty one."""
        self._runs.add(self._batch)
        self._batch = Batch(self._runs.vocabularies)

    def _with_batch(self, segments: list[NumpySegment]) -> list[NumpySegment]:
        """The segments and the batch, some of them made into one; without those of which nothing is left."""
        segments = [segment for segment in segments if segment.doc_count()]
        fresh = len(self._runs.ids) + len(self._batch)
        live = [segment.doc_count() for segment in segments] + [fresh] * (fresh > 0)
        deleted = [segment.deleted_count() for segment in segments] + [0] * (fresh > 0)
        first, end = to_merge(live, deleted)
        if fresh and not self._runs.ids and first == end:
            made = NumpySegment(fresh)
            write_segment(self._path / made.file_name, content_of(self._batch))
            return [*segments, made]
        if len(self._batch):
            self._close_batch()
        runs = self._finished_runs()
        first = min(first, len(segments)) if runs else first
        merged = NumpySegment(sum(live[first:]))
        if not merged.doc_count():
            return segments
        merge([*map(self._open, segments[first:]), *runs], self._path / merged.file_name, self._runs.map)
        return [*segments[:first], merged]

    def _finished_runs(self) -> list[Source]:
        """The runs; of very many, groups that are merged already, since so many files are read at once."""
        runs, ids = self._runs.finished(), self._runs.ids
        terms = terms_of_fields(self._runs.vocabularies, self._runs.words())
        groups: list[Source] = []
        for first in range(0, len(runs), MOST_RUNS):
            group = runs[first : first + MOST_RUNS]
            size = sum(len(run.facts) for run in group)
            source = Runs(group, terms, ids[:size], self._runs.chars[first : first + MOST_RUNS])
            ids = ids[size:]
            if len(runs) > MOST_RUNS:
                segment = NumpySegment(size)
                merge([source], self._path / segment.file_name, self._runs.map)
                groups.append(self._open(segment))
            else:
                groups.append(source)
        return groups

    def _open(self, segment: NumpySegment) -> Segment:
        return open_segment(self._folder, self._manifest, segment)

    def _average_lengths(self, segments: Sequence[NumpySegment]) -> dict[str, float]:
        """Those the index is scored with: as they were, unless they are too far from the truth by now."""
        true = average_lengths([self._open(segment) for segment in segments])
        kept = self._manifest.average_lengths
        if all(abs(kept.get(name, -1.0) - true[name]) <= MOST_DRIFT * true[name] for name in true):
            return kept
        return true


def open_segment(folder: IndexFolder, manifest: Manifest, segment: NumpySegment) -> Segment:
    """Raises IndexDamaged."""
    path: Path = folder.path / manifest.generation / segment.file_name
    return Segment(path, segment.deleted.astype(np.int64), folder.damaged)


def average_lengths(segments: Sequence[Segment]) -> dict[str, float]:
    """Positions an article has in each scored field, and its code points: averages of live ones, 0.0 where none is."""
    live = sum(segment.size - len(segment.deleted) for segment in segments)
    found: dict[str, float] = {}
    for name in LENGTHS:
        total = sum(segment.lengths_in_all[name] - _length_of(segment, name, segment.deleted) for segment in segments)
        found[name] = total / live if live else 0.0
    return found


def _length_of(segment: Segment, field: str, docs: Ints) -> int:
    return int(segment.facts.lengths[field].take(docs).sum()) if len(docs) else 0


@contextmanager
def write(folder: IndexFolder) -> Iterator[WhooshWriter]:
    """One batch on the index in use. Raises IndexBusy, IndexDamaged."""
    with folder.lock():
        manifest = folder.read_manifest()
        folder.check(manifest, outdated_ok=True)
        # Whoosh does not write a table of contents over one that a killed writer left.
        folder.drop_unnamed_files(manifest)
        folder.drop_other_generations(manifest.generation)
        yield from _batch(WhooshWriter(folder, manifest))


@contextmanager
def rebuild(folder: IndexFolder) -> Iterator[WhooshWriter]:
    """Fill a new index beside the one in use, which goes on answering; swapped in at the end. Raises IndexBusy."""
    with folder.lock():
        with suppress(IndexDamaged):    # what a manifest names that cannot be read is not known
            published = folder.published_manifest()
            folder.drop_other_generations(published.generation if published else None)
        generation = folder.new_generation()
        yield from _batch(WhooshWriter(folder, Manifest(generation.name, analysis_version())))
        folder.drop_other_generations(generation.name)


def _batch(writer: WhooshWriter) -> Iterator[WhooshWriter]:
    try:
        yield writer
        writer.commit()
    except BaseException:
        writer.cancel()
        raise
