"""The hits of everybody's names, which are read at once, are those of each name read alone."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from contract_names import ENTITIES, Names, by_name
from contract_strategies import corpora
from engine_articles import KIND_OF
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.engine import AnalyzedArticle
from search.errors import IndexDamaged
from search.whoosh_engine.batch import Batch
from search.whoosh_engine.inversion import content_of
from search.whoosh_engine.segment import Segment, write_segment
from search.whoosh_engine.segment_file import BLOCK_BYTES, SegmentFile, SegmentFileWriter
from search.whoosh_engine.snapshot import Snapshot

Read = tuple[dict[int, int], set[int], set[int]]
"""(document -> weight, places, places where a mention begins)"""


def segment(path: Path, articles: list[AnalyzedArticle], deleted: list[int]) -> Segment:
    batch = Batch()
    for one in articles:
        batch.add(by_name(one))
    write_segment(path, content_of(batch))
    return Segment(path, np.array(sorted({n for n in deleted if n < len(articles)}), np.int64), ValueError)


def read(snapshot: Snapshot, field: str, term: str) -> Read:
    hits = snapshot.hits(field, term.encode())
    assert (np.diff(hits.docs) > 0).all()
    places = (hits.places(snapshot.line), hits.begun(snapshot.line)) if field == "names" else ()
    weights = dict(zip(hits.docs.tolist(), hits.weights.tolist(), strict=True))
    return (weights, *({*each.tolist()} for each in places)) if places else (weights, set(), set())


def name_by_name(snapshot: Snapshot, field: str, terms: list[str]) -> Read:
    """As anybody would: one term after the other."""
    weights: dict[int, int] = {}
    places: set[int] = set()
    begun: set[int] = set()
    for term in terms:
        own, covered, begins = read(snapshot, field, term)
        for doc, weight in own.items():
            weights[doc] = weights.get(doc, 0) + weight
        places |= covered
        begun |= begins
    return weights, places, begun


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    batches=st.lists(corpora(), min_size=1, max_size=3),
    deleted=st.lists(st.lists(st.integers(0, 9), max_size=3), min_size=3, max_size=3),
)
def test_an_entitys_hits_are_those_of_each_of_its_names(
    batches: list[list[AnalyzedArticle]], deleted: list[list[int]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        segments = [
            segment(Path(folder) / f"MAIN_{number}.kiji", batch, deleted[number])
            for number, batch in enumerate(batches)
        ]
        averages = {"text": 8.0, "names": 1.0}
        names = Names()
        together, plain = Snapshot(segments, averages, names), Snapshot(segments, averages)
        for entity in ENTITIES:
            for field in ("names", KIND_OF[entity]):
                expected = name_by_name(plain, field, list(names.terms_of(entity)))
                assert read(together, field, entity) == expected, (entity, field)


def test_scattered_items_are_not_read_from_a_damaged_block(tmp_path: Path) -> None:
    path = tmp_path / "file"
    writer = SegmentFileWriter(path)
    writer.append("A", np.arange(BLOCK_BYTES, dtype="<u4"))
    writer.finish({})
    with path.open("r+b") as file:
        file.seek(2 * BLOCK_BYTES + 5)
        file.write(b"\xff\xff\xff")
    damaged = SegmentFile(path, IndexDamaged)
    items = BLOCK_BYTES // 4
    fine = [3, items - 20, 3 * items, 1, 4 * items - 1]
    assert damaged.at("A", np.array(fine)).tolist() == fine
    with pytest.raises(IndexDamaged, match="near byte"):
        damaged.at("A", np.array([*fine, 2 * items]))
