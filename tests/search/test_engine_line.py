"""Places on the line of all documents, and the table that tells which of them a word stands at."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from contract_base import Batch, ContractBase, after
from contract_strategies import histories, near_nodes, sequences
from engine_articles import article
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.engine import Engine
from search.query.model import Named, Near, Node, Prefix, Query, SameSection, Sequence, Term
from search.scoring import HEADING_WEIGHT, TEXT_WEIGHT, TITLE_WEIGHT
from search.whoosh_engine import hits, line
from search.whoosh_engine.engine import WhooshEngine
from search.whoosh_engine.line import BLOCK, Line
from search.whoosh_engine.members import Scratch
from search.whoosh_engine.place_table import PlaceTable, among

WEIGHTS = (TITLE_WEIGHT, HEADING_WEIGHT, TEXT_WEIGHT)

# ---- the table ----------------------------------------------------------------------------------

clumps = st.lists(st.tuples(st.integers(0, 1 << 31), st.integers(1, 90), st.integers(1, 200)), min_size=1, max_size=9)
"""(the first place, how many, how far apart)"""


def spelled_out(several: list[tuple[int, int, int]]) -> set[int]:
    return {first + number * apart for first, count, apart in several for number in range(count)}


@pytest.mark.parametrize("kind", [np.uint32, np.int64])
@given(held=clumps, asked=clumps, by=st.integers(-3, 3))
def test_a_table_holds_its_places_and_no_others(
    kind: type[np.generic], held: list[tuple[int, int, int]], asked: list[tuple[int, int, int]], by: int
) -> None:
    places = np.array(sorted(spelled_out(held))).astype(kind)
    # Before the first place of an unsigned type is the highest number.
    wanted = np.concatenate([places, np.array(sorted(spelled_out(asked))).astype(kind), [kind(0)]])  # type: ignore[call-arg]
    wanted = (wanted.astype(np.int64) + by).astype(kind)
    expected = np.flatnonzero(np.isin(wanted, places)).tolist()
    assert PlaceTable(places).among(wanted).tolist() == among(places, wanted).tolist() == expected


def test_nothing_is_among_nothing() -> None:
    nothing = np.zeros(0, np.uint32)
    assert among(nothing, np.arange(3, dtype=np.uint32)).tolist() == []
    assert PlaceTable(np.array([7], np.uint32)).among(nothing).tolist() == []


def test_most_places_of_a_table_have_a_slot_of_their_own_though_they_come_in_clumps() -> None:
    chance = np.random.default_rng(1)
    firsts = chance.integers(0, 70_000_000, 20_000)
    places = np.unique(firsts[:, np.newaxis] + chance.integers(0, 300, (20_000, 2))).astype(np.uint32)
    table = PlaceTable(places)
    assert table.nbytes < 30 * len(places)
    asked = chance.integers(0, 70_000_000, 20_000).astype(np.uint32)
    found = table._table.take(table._slots(asked), mode="clip")
    assert np.count_nonzero(found == np.uint32(0xFFFF_FFFF)) < 0.08 * len(asked)


# ---- the line -----------------------------------------------------------------------------------

documents = st.lists(
    st.lists(st.tuples(st.sampled_from(WEIGHTS), st.sampled_from((0, 1, 2, 30, 126, 127, 128, 129, 300))), max_size=6),
    min_size=1, max_size=6,
)
"""Parts of each: weight, tokens."""


def facts_of(several: list[list[tuple[int, int]]]) -> Any:
    places = [[sum(tokens + 1 for _, tokens in parts[:number]) for number in range(len(parts))] for parts in several]

    class Facts(SimpleNamespace):
        def __len__(self) -> int:
            return len(several)

    return Facts(
        places=np.array([sum(tokens + 1 for _, tokens in parts) for parts in several]),
        parts=SimpleNamespace(
            ends=np.cumsum([len(parts) for parts in several]),
            places=np.array([place for of_document in places for place in of_document], np.uint32),
            weights=np.array([weight for parts in several for weight, _ in parts], np.uint8),
        ),
    )


@given(several=documents, gap=st.sampled_from((0, 1, 999)), narrow=st.sampled_from((0, 1 << 32)))
def test_a_place_tells_its_document_part_position_and_weight(
    several: list[list[tuple[int, int]]], gap: int, narrow: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line, "NARROW", narrow)
        whole = Line(facts_of(several))
    assert whole.kind == (np.uint32 if narrow else np.int64)
    rows = []
    part_number = 0
    for doc, parts in enumerate(several):
        position = 0
        for part, (weight, tokens) in enumerate(parts):
            for _ in range(tokens):
                place = int(whole.starts[doc]) + position
                rows.append((place, doc, part_number, position + part * gap, weight))
                position += 1
            position += 1
            part_number += 1
    places, docs, part_numbers, positions, weights = (
        list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [], [], [])
    asked = np.array(places, np.int64).astype(whole.kind)
    assert places == sorted(places)
    assert whole.docs(asked).tolist() == docs
    assert whole.parts(asked).tolist() == part_numbers
    assert [found.tolist() for found in whole.positions(asked, gap)] == [docs, positions]
    assert [found.tolist() for found in whole.weighed(asked)] == [docs, weights]
    # A phrase needs every place that it goes over: there is none right before or after a document.
    ends = {int(start) - 1 for start in whole.starts[1:]}
    assert not ends & set(places)


@given(data=st.data())
def test_the_places_in_some_documents_are_the_same_whichever_way_they_are_looked_up(data: st.DataObject) -> None:
    size = 80
    whole = Line(facts_of([[(TEXT_WEIGHT, 1 + number * 7 % 200)] for number in range(size)]))
    places = np.array(sorted(data.draw(st.sets(st.integers(0, int(whole.starts[-1]) - 1), max_size=200))), whole.kind)
    docs = np.array(sorted(data.draw(st.sets(st.integers(0, size - 1), max_size=9))), np.int64)
    expected = places[np.isin(whole.docs(places), docs)].tolist()
    for is_sorted in (True, False):
        assert whole.within(places, docs, Scratch(size), is_sorted=is_sorted).tolist() == expected


# ---- in an index --------------------------------------------------------------------------------


class Contract(ContractBase):
    def url_in(self, directory: Path) -> str:
        return f"whoosh:{directory / 'index'}"

    def averages(self, engine: Engine) -> Mapping[str, float]:
        assert isinstance(engine, WhooshEngine)
        return engine.average_lengths


@pytest.fixture(params=["table", "searched", "wide", "wide, table"])
def ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ways to look places up that small indexes would not take by themselves."""
    if "wide" in request.param:
        monkeypatch.setattr(line, "NARROW", 0)
    always = "table" in request.param
    monkeypatch.setattr(hits, "TABLE_OF", 1 << 40 if always else 0)
    monkeypatch.setattr(hits, "FEW", 0)


@pytest.mark.usefixtures("ways")
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=histories(), roots=st.lists(st.one_of(sequences, sequences, near_nodes), min_size=6, max_size=6))
def test_phrases_are_found_whichever_way_places_are_looked_up(history: list[Batch], roots: list[Node]) -> None:
    contract = Contract()
    with contract.engine(*history) as engine:
        # Twice, as what was looked up before decides how it is done.
        contract.same(engine, after(history), *(Query(root, limit=99, spans=True) for root in roots * 2))


@pytest.mark.usefixtures("ways")
def test_phrases_of_long_articles_in_several_segments_with_deleted_ones() -> None:
    words = "中国 停戦 停戦 合意 ロシア "
    there = [
        article(f"b{number}", words * (number % 3 * 9), (words * (number % 4 * 8), words * (number * 3 % 50)))
        for number in range(30)
    ]
    gone = ["b1", "b7", "b8", "b19"]
    batches: list[Batch] = [there[:20], [*there[20:27], *gone[:2]], [*there[27:], *gone[2:]]]
    contract = Contract()
    with contract.engine(*batches) as engine:
        for root in (
            Sequence(("停戦", "停戦")), Sequence(("停戦", "停戦", "合意", "ロシア", "中国")),
            Sequence(("ロシア", "中国")), Sequence(("合意", "中国")), Sequence(("停戦",)),
            Sequence(("中国", "合意"), 2), Sequence(("中国", "合意"), 1),
            Near((Sequence(("停戦", "合意")), Term("中国"), Prefix("ロ")), 4),
            SameSection(Sequence(("合意", "ロシア"))), Named("CN"),
        ):
            for _ in range(2):
                contract.same(engine, after(batches), Query(root, limit=99, spans=True))


def test_a_document_of_whole_blocks_does_not_touch_the_next_one() -> None:
    for words in range(BLOCK - 4, BLOCK + 3):
        there = [article(f"a{number}", "", "中国 " * words) for number in range(3)]
        contract = Contract()
        with contract.engine(there) as engine:
            contract.same(engine, there, Query(Sequence(("中国",) * 3), limit=99, spans=True))
