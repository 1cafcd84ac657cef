"""The library that is handed out: always one that answers, the newest as soon as it is warm, closed when unused."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from search import keeper as keeper_module
from search.errors import EngineError, IndexDamaged, IndexNotFound
from search.keeper import Keeper
from search.query.model import Request


class DoubleLibrary:
    """error: raised by every question. gate: what the first question waits for, as columns would make it."""

    def __init__(self, number: int, error: EngineError | None = None, gate: threading.Event | None = None) -> None:
        self.number = number
        self.error = error
        self.gate = gate
        self.closed = 0
        self.relinked = False
        self.asked: list[str] = []

    def search(self, request: Request) -> int:
        assert not self.closed
        if self.gate:
            self.gate.wait(10)
        if self.error:
            raise self.error
        self.asked.append(request.text)
        return self.number

    def suggest(self, text: str, language: str) -> None:
        pass

    def is_late(self) -> bool:
        return False

    def is_relinked(self) -> bool:
        return self.relinked

    def close(self) -> None:
        self.closed += 1


class Index:
    """What is published: a stamp, and the library or error that opening it gives."""

    def __init__(self) -> None:
        self.stamp = 1
        self.next: DoubleLibrary | EngineError = DoubleLibrary(1)
        self.opened = 0
        self.repaired: list[str] = []

    def open(self) -> Any:
        self.opened += 1
        if isinstance(self.next, EngineError):
            raise self.next
        return self.next

    def publish(self, found: DoubleLibrary | EngineError) -> None:
        self.stamp += 1
        self.next = found

    def repair(self, error: EngineError) -> str:
        self.repaired.append(str(error))
        return f"{error} Being rebuilt."


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Index:
    index = Index()
    monkeypatch.setattr(keeper_module, "published", lambda _: index.stamp)
    monkeypatch.setattr(keeper_module, "CHECK_EVERY_SECONDS", 0.0)
    return index


@pytest.fixture
def keeper(index: Index) -> Keeper:
    return Keeper(Path("nowhere"), repair=index.repair, open_library=index.open)


def ask(keeper: Keeper) -> int:
    with keeper.library() as library:
        number: Any = library.search(Request("停戦"))
    return int(number)


def wait_for(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.005)


# ---- the next snapshot ----------------------------------------------------------------------------


def test_one_library_answers_until_there_is_another(keeper: Keeper, index: Index) -> None:
    assert [ask(keeper) for _ in range(5)] == [1] * 5
    assert index.opened == 1


def test_the_old_one_answers_while_the_next_one_is_opened_and_warmed(keeper: Keeper, index: Index) -> None:
    old = index.next
    assert ask(keeper) == 1
    new = DoubleLibrary(2, gate=threading.Event())
    index.publish(new)
    for _ in range(20):
        started = time.monotonic()
        assert ask(keeper) == 1
        assert time.monotonic() - started < 1
    assert index.opened == 2        # opened once, however often it is asked for
    assert new.gate
    new.gate.set()
    wait_for(lambda: ask(keeper) == 2)
    assert new.asked[0] == "記事"     # warmed before the first reader
    assert isinstance(old, DoubleLibrary)
    assert old.closed == 1


def test_an_old_library_is_closed_when_the_last_answer_from_it_is_done(keeper: Keeper, index: Index) -> None:
    old = index.next
    assert isinstance(old, DoubleLibrary)
    with keeper.library() as first:
        with keeper.library() as second:
            assert first is second is old
            index.publish(DoubleLibrary(2))
            wait_for(lambda: ask(keeper) == 2)
        assert old.closed == 0
        old.search(Request("停戦"))
    assert old.closed == 1


@pytest.mark.parametrize("at", ["opening", "warming"])
def test_a_next_one_that_cannot_be_used_is_mended_while_the_old_one_answers(
    keeper: Keeper, index: Index, at: str
) -> None:
    assert ask(keeper) == 1
    damage = IndexDamaged("The index is damaged.")
    broken = DoubleLibrary(2, error=damage)
    index.publish(damage if at == "opening" else broken)
    wait_for(lambda: ask(keeper) == 1 and index.repaired)
    assert [ask(keeper) for _ in range(50)] == [1] * 50
    assert index.opened == 2        # it is not tried again and again
    assert broken.closed == (at == "warming")
    index.publish(DoubleLibrary(3))
    wait_for(lambda: ask(keeper) == 3)


def test_many_threads_are_answered_while_snapshots_come_and_go(keeper: Keeper, index: Index) -> None:
    libraries = [DoubleLibrary(n) for n in range(1, 30)]
    index.next = libraries[0]
    stop = threading.Event()
    failed: list[BaseException] = []

    def read() -> None:
        try:
            while not stop.is_set():
                ask(keeper)         # a closed library does not answer
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for library in libraries[1:]:
        index.publish(library)
        wait_for(lambda library=library: ask(keeper) == library.number)     # type: ignore[misc]
    stop.set()
    for thread in threads:
        thread.join()
    assert failed == []
    assert [library.closed for library in libraries] == [1] * 28 + [0]


# ---- an index that cannot be used ------------------------------------------------------------------


def test_without_an_index_its_repair_begins_and_says_how_far_it_is(keeper: Keeper, index: Index) -> None:
    index.next = IndexNotFound("There is no index.")
    for _ in range(3):
        with pytest.raises(IndexNotFound, match=r"There is no index\. Being rebuilt\."):
            ask(keeper)
    index.publish(DoubleLibrary(2))
    assert ask(keeper) == 2


def test_damage_that_a_question_finds_drops_the_library_and_begins_its_repair(keeper: Keeper, index: Index) -> None:
    damaged = DoubleLibrary(1)
    index.next = damaged
    assert ask(keeper) == 1
    damaged.error = IndexDamaged("Block 7 is damaged.")
    for _ in range(5):
        with pytest.raises(IndexDamaged, match=r"^Block 7 is damaged\. Being rebuilt\.$"):
            ask(keeper)
    assert damaged.closed == 1
    assert index.opened == 1        # it would open again without complaint, and be as damaged as before
    assert index.repaired == ["Block 7 is damaged."] * 5
    index.publish(DoubleLibrary(2))
    assert ask(keeper) == 2


def test_an_index_whose_damage_was_none_is_opened_again_after_a_while(
    keeper: Keeper, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper_module, "RETRY_SECONDS", 0.05)
    index.next = DoubleLibrary(1, IndexDamaged("A disk stuttered."))
    with pytest.raises(IndexDamaged):
        ask(keeper)
    index.next = DoubleLibrary(2)       # the same stamp
    with suppress(IndexDamaged):
        ask(keeper)
    time.sleep(0.06)
    assert ask(keeper) == 2


def test_damage_in_a_library_that_was_replaced_meanwhile_mends_nothing(keeper: Keeper, index: Index) -> None:
    with pytest.raises(IndexDamaged, match="Block 7"), keeper.library():     # noqa: PT012
        index.publish(DoubleLibrary(2))
        wait_for(lambda: ask(keeper) == 2)
        raise IndexDamaged("Block 7 is damaged.")
    assert index.repaired == []
    assert ask(keeper) == 2


def test_warming_says_nothing_about_an_index_that_is_not_there(keeper: Keeper, index: Index) -> None:
    index.next = IndexNotFound("There is no index.")
    keeper.warm()
    library = DoubleLibrary(2)
    index.publish(library)
    keeper.warm()
    assert library.asked == ["記事"]
