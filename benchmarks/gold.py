"""Articles whose persons, countries and organizations are annotated: tests/gold, and the texts that it is of."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path

from benchmarks import corpus

GOLD = Path(__file__).parent.parent / "tests" / "gold" / "names.jsonl"
SETS = ("seeds", "dev", "final")
BETWEEN = "\n\n"
"""Stands between the title and the body of a text."""

Place = tuple[int, int, str]
"""Start, end and kind of a mention."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """An article of the gold. mentions: from each place to the key of whom it names."""

    id: str
    set: str
    checksum: str
    mentions: dict[Place, str]


def annotated(of: Iterable[str] = SETS) -> list[Annotated]:
    """The gold of these sets."""
    records = map(json.loads, GOLD.read_text("utf-8").splitlines())
    return [
        Annotated(r["id"], r["set"], r["checksum"], {(a, b, kind): key for a, b, kind, key in r["mentions"]})
        for r in records
        if r["set"] in of
    ]


def text_of(article: Annotated) -> str:
    """Title (empty where the source has none), a blank line, body. Raises FileNotFoundError without the collections."""
    return (_of_seeds() if article.set == "seeds" else _of_collections())[article.id]


@cache
def _of_seeds() -> dict[str, str]:
    articles = corpus.read((Path(str(files("seeds") / "topics.toml")).parent,))
    return {a.id: ("" if a.title_inferred else a.title) + BETWEEN + a.body() for a in articles}


@cache
def _of_collections() -> dict[str, str]:
    wanted = {article.id for article in annotated(SETS[1:])}
    directory = corpus.collections()
    if directory is None:
        raise FileNotFoundError(f"Set {corpus.VARIABLE} for the sets dev and final.")
    found = {}
    for name in corpus.COLLECTIONS:
        with (directory / name).open(encoding="utf-8") as lines:
            for record in map(json.loads, lines):
                if record["id"] in wanted:
                    found[record["id"]] = record["title"] + BETWEEN + record["body"]
    return found


def checksum(text: str) -> str:
    """By which the gold knows that a text is the one it was made for."""
    return blake2b(text.encode()).hexdigest()[:12]
