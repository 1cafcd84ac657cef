"""Real articles cut into words once, paragraph by paragraph, so that any number can be made of them quickly.

Cutting takes some milliseconds an article and is kept in a file; putting pieces together takes microseconds.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.mentions import find_names
from search.articles import Article, FoundName, Part
from search.japanese.analysis import LongTerm, analyze_parts
from search.japanese.tokens import analysis_version, units
from search.names import fold_name

REVISION = 1
"""Raise it when a piece holds something else: kept files are then made anew."""

CHUNK_ARTICLES = 200
RARE_ARTICLES = 5
"""A term in at most this many real articles is rare."""


class NamedSpan(NamedTuple):
    """Words of a piece that name an entity. entity_id: as an archive of these articles would have it."""

    start: int
    end: int
    entity_id: str
    found: FoundName


@dataclass(frozen=True, slots=True)
class Piece:
    """A title, a heading or a paragraph: its terms as `Analysis` has them, its names, and how many terms are rare."""

    text: str
    terms: tuple[str, ...]
    starts: NDArray[np.uint32]
    ends: NDArray[np.uint32]
    long_terms: tuple[LongTerm, ...]
    names: tuple[NamedSpan, ...]
    rare: int = 0


@dataclass(frozen=True, slots=True)
class Cut:
    """An article in pieces. sections: (heading or None, paragraphs)."""

    source: str | None
    title: Piece
    sections: tuple[tuple[Piece | None, tuple[Piece, ...]], ...]

    def pieces(self) -> list[Piece]:
        """All of them, in order."""
        found = [self.title]
        for heading, paragraphs in self.sections:
            found += [heading] if heading else []
            found += paragraphs
        return found


def kept(path: Path) -> list[Cut]:
    """What `cut_all` wrote."""
    with path.open("rb") as handle:
        cut: list[Cut] = pickle.load(handle)
    return cut


def cut_all(articles: Sequence[Article], directory: Path) -> Path:
    """Cut the articles, unless an earlier run did. Returns the file in `directory` that holds the pieces."""
    path = directory / f"pieces-{_fingerprint(articles)}.pickle"
    if path.exists():
        return path
    chunks = [articles[i : i + CHUNK_ARTICLES] for i in range(0, len(articles), CHUNK_ARTICLES)]
    if len(chunks) > 1:
        with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
            found = [one for chunk in pool.map(_cut_chunk, chunks) for one in chunk]
    else:
        found = [one for chunk in chunks for one in _cut_chunk(chunk)]
    cut = _finished(found)
    directory.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as handle:
        pickle.dump(cut, handle, pickle.HIGHEST_PROTOCOL)
    fresh.replace(path)
    return path


def _fingerprint(articles: Iterable[Article]) -> str:
    digest = hashlib.blake2b(f"{REVISION} {analysis_version()}".encode(), digest_size=8)
    for article in articles:
        digest.update(repr((article.id, article.title, article.sections)).encode())
    return digest.hexdigest()


class _Raw(NamedTuple):
    """A piece as a worker sends it: its fields before names have ids."""

    text: str
    terms: tuple[str, ...]
    starts: NDArray[np.uint32]
    ends: NDArray[np.uint32]
    long_terms: tuple[LongTerm, ...]
    names: tuple[FoundName, ...]


_RawCut = tuple[str | None, _Raw, list[tuple[_Raw | None, list[_Raw]]]]


def _cut_chunk(articles: Sequence[Article]) -> list[_RawCut]:
    return [_cut(article) for article in articles]


def _cut(article: Article) -> _RawCut:
    """Every paragraph is a part of its own; names are still linked over the whole article."""
    texts = [article.title]
    for section in article.sections:
        texts += [section.heading] if section.heading else []
        texts += _paragraphs(section.text)
    parts = [Part(0, False, text) for text in texts]
    units_by_part = [units(text) for text in texts]
    names: list[list[FoundName]] = [[] for _ in parts]
    for name in find_names(parts, units_by_part):
        names[name.part].append(name)
    raw: list[_Raw] = []
    for part, part_units, found in zip(parts, units_by_part, names, strict=True):
        analysis = analyze_parts([part], [part_units])
        raw.append(
            _Raw(part.text, analysis.terms, analysis.starts, analysis.ends, analysis.long_terms, tuple(found))
        )
    rest = iter(raw)
    title = next(rest)
    sections = [
        (next(rest) if section.heading else None, [next(rest) for _ in _paragraphs(section.text)])
        for section in article.sections
    ]
    return article.source, title, sections


def _paragraphs(text: str) -> list[str]:
    return [paragraph for paragraph in text.split("\n\n") if paragraph]


def _finished(cut: list[_RawCut]) -> list[Cut]:
    """With ids for names, one string for each term, and rare terms counted."""
    articles_with: Counter[str] = Counter()
    for _, title, sections in cut:
        pieces = [title, *(one for heading, texts in sections for one in (heading, *texts) if one)]
        articles_with.update({term for piece in pieces for term in piece.terms})
    finish = _Finish(articles_with)
    return [
        Cut(
            source, finish.piece(title),
            tuple((finish.piece(heading) if heading else None, tuple(map(finish.piece, texts)))
                  for heading, texts in sections),
        )
        for source, title, sections in cut
    ]


class _Finish:
    def __init__(self, articles_with: Counter[str]) -> None:
        self._articles_with = articles_with
        self._strings: dict[str, str] = {}
        self._entities: dict[tuple[str, str], str] = {}
        self._numbers: Counter[str] = Counter()

    def piece(self, raw: _Raw) -> Piece:
        one = self._strings.setdefault
        terms = tuple(one(term, term) for term in raw.terms)
        return Piece(
            raw.text, terms, raw.starts, raw.ends,
            tuple(LongTerm(token, one(term, term)) for token, term in raw.long_terms),
            tuple(NamedSpan(name.start, name.end, self._entity(name), name) for name in raw.names),
            sum(0 < self._articles_with[term] <= RARE_ARTICLES for term in terms if term),
        )

    def _entity(self, name: FoundName) -> str:
        if name.entity_id:
            return name.entity_id
        key = (name.kind, fold_name(name.name))
        if key not in self._entities:
            self._numbers[name.kind] += 1
            self._entities[key] = f"{name.kind}-{self._numbers[name.kind]}"
        return self._entities[key]


def known_entities(cut: Iterable[Cut]) -> dict[str, Any]:
    """Kind -> how many entities the pieces name."""
    found: dict[str, set[str]] = {}
    for article in cut:
        for piece in article.pieces():
            for name in piece.names:
                found.setdefault(name.found.kind, set()).add(name.entity_id)
    return {kind: len(ids) for kind, ids in found.items()}
