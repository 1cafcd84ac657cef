"""What a command does when a question finds the index damaged, or takes too long."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import kijigura

from search.engine import Matches, open_engine, published
from search.errors import IndexDamaged, QueryTooHeavy
from search.library import default_engine_url
from search.query.model import Query

COMMANDS = [["search", "停戦"], ["export", "停戦"], ["entity", "CN"], ["topics", "list"]]


class Failing:
    """The archive's engine; its first questions fail. asked: how many there were."""

    def __init__(self, real: Any, errors: list[Exception]) -> None:
        self._real = real
        self._errors = errors

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def search(self, query: Query) -> Matches:
        self._fail()
        found: Matches = self._real.search(query)
        return found

    def matching(self, query: Query) -> Any:
        self._fail()
        return self._real.matching(query)

    def _fail(self) -> None:
        if self._errors:
            raise self._errors.pop()


@pytest.fixture
def fail(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], list[Exception]]:
    """Has the next question to an opened library end with the error; the list is empty once it did."""

    def fail_with(error: Exception) -> list[Exception]:
        errors = [error]

        def open_failing(url: str, *given: Any, **named: Any) -> Failing:
            return Failing(open_engine(url, *given, **named), errors)

        monkeypatch.setattr("search.library.open_engine", open_failing)
        return errors

    return fail_with


@pytest.mark.parametrize("command", COMMANDS)
def test_damage_found_by_a_question_is_said_and_mended_and_the_question_answered(
    own: Path, fail: Callable[[Exception], list[Exception]], command: list[str]
) -> None:
    before = kijigura(*command, "--archive", own).stdout
    stamp = published(default_engine_url(own))
    errors = fail(IndexDamaged("Block 7 of the index is damaged. Build it from the archive: kijigura rebuild"))
    result = kijigura(*command, "--archive", own)
    assert errors == []
    assert result.exit_code == 0
    assert _without_time(result.stdout) == _without_time(before)
    assert result.stderr == "Block 7 of the index is damaged. Building it from the archive …\n"
    assert published(default_engine_url(own)) != stamp


def _without_time(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.endswith(" ms")]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_query_that_is_too_heavy_is_an_exit_status_of_1_and_a_sentence(
    own: Path, fail: Callable[[Exception], list[Exception]], command: list[str]
) -> None:
    fail(QueryTooHeavy("The query was given up after 2 s. Use fewer words, or longer ones."))
    result = kijigura(*command, "--archive", own)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: The query was given up after 2 s. Use fewer words, or longer ones.\n"


def test_a_thorough_look_finds_what_opening_did_not(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = type(open_engine(default_engine_url(own)))
    monkeypatch.setattr(kind, "verify", lambda self: ["postings: block 7 has another checksum"])
    assert kijigura("search", "停戦", "--archive", own).stderr == ""
    result = kijigura("rebuild", "--if-needed", "--archive", own)
    assert "postings: block 7 has another checksum" in result.stderr
    assert "Building it from the archive" in result.stderr
    assert (result.exit_code, "62 articles" in result.stdout) == (0, True)
