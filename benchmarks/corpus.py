"""Which articles are measured: the sample archive, or the collections in KIJIGURA_CORPORA."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from indexer import finding, formats
from indexer.raw import RawArticle
from indexer.sections import divide
from search.articles import Article

VARIABLE = "KIJIGURA_CORPORA"
COLLECTIONS = ("wikinews-ja.jsonl", "newscope-intl.jsonl")


@dataclass(frozen=True, slots=True)
class Corpus:
    """paths: as `kijigura add` would be given them. topics: a topics.toml. name: for the report."""

    name: str
    paths: tuple[Path, ...]
    topics: Path
    is_tiny: bool


def collections() -> Path | None:
    """The directory that KIJIGURA_CORPORA names; None where it is not set."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else None


def choose() -> Corpus:
    """What to measure on. Raises FileNotFoundError for a directory without the collections."""
    topics = Path(str(files("seeds") / "topics.toml"))
    seeds = topics.parent
    directory = collections()
    if directory is None:
        return Corpus("seeds/", (seeds,), topics, is_tiny=True)
    paths = tuple(directory / name for name in COLLECTIONS)
    for path in paths:
        if not path.is_file():
            raise FileNotFoundError(f"{VARIABLE} names {directory}, but there is no {path.name} in it.")
    return Corpus(" + ".join(COLLECTIONS), paths, topics, is_tiny=False)


def read(paths: tuple[Path, ...]) -> list[Article]:
    """Every article under the paths; what is rejected is left out, as `add` would."""
    articles: list[Article] = []
    for path in finding.find_files(paths):
        if isinstance(path, Path):
            divided = (divide(raw) for raw in formats.read(path) if isinstance(raw, RawArticle))
            articles += [article for article in divided if isinstance(article, Article)]
    return articles
