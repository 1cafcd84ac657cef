"""What became of articles, as commands that take them in tell it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from indexer.pipeline import Taken

OUTCOMES = ("added", "updated", "unchanged", "removed earlier", "rejected")


def place(path: str, line: int | None) -> str:
    """`in.jsonl:2`, or the path alone for a whole file."""
    return path + (f":{line}" if line else "")


def as_record(taken: Taken) -> dict[str, Any]:
    """The line of `--json` for one article."""
    return {
        "id": taken.id, "outcome": taken.outcome, "path": taken.where.path, "line": taken.where.line,
        "reason": taken.reason,
    }


def counted(outcomes: Counter[str]) -> dict[str, int]:
    """How many articles had each outcome, by the keys of a summary."""
    return {outcome.replace(" ", "_"): outcomes[outcome] for outcome in OUTCOMES}


def in_words(outcomes: Mapping[str, Any]) -> str:
    """`2 added, 1 rejected`, of a summary that has what `counted` makes."""
    keys = {outcome: outcome.replace(" ", "_") for outcome in OUTCOMES}
    return ", ".join(
        f"{outcomes[key]:,} {outcome}" for outcome, key in keys.items() if outcomes[key] or outcome == "added"
    )
