"""An article as a document of an index, and what comes back of it."""

from __future__ import annotations

import base64
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgpack
import numpy as np

from search.articles import Mention
from search.engine import FACET_CONFIDENCE, AnalyzedArticle, NameTable
from search.japanese.analysis import Analysis, PartSpan
from search.japanese.variants import spelling_key
from search.opensearch_engine.indexed import IndexedArticle, IndexedMention
from search.opensearch_engine.schema import BORDER, HOLE, SAME_PLACE, SPECIAL, TOKEN, as_terms, plain
from search.query.model import LEAD_TOKENS
from search.results import NO_DATE
from search.scoring import HEADING_WEIGHT, TEXT_WEIGHT, TITLE_WEIGHT

FACET_KINDS = ("person", "country", "organization", "place")

Named = tuple[Mention, str]
"""A mention, and what stands for it in the index."""


def to_document(article: AnalyzedArticle, names: NameTable | None) -> dict[str, Any]:
    """The document of an article. names: what stands for its names; without it, their own terms."""
    index_term = names.index_term if names else _own_term
    named = [(one, index_term(one)) for one in article.mentions if not one.is_inferred]
    analysis = article.analysis
    words = _Words(analysis, named)
    parts = [*enumerate(analysis.parts)]
    chars = [_characters(analysis, part, article.texts[number]) for number, part in parts]
    headline = [number for number, part in parts if _weight(part) > TEXT_WEIGHT]
    values = _values(article, named)
    at = article.published.at if article.published else None
    return {
        "id": article.id,
        "version": article.version,
        "packed": _pack(article, named, values),
        "text": [words.written(part, _weight(part)) for _, part in parts],
        "headline": [words.written(analysis.parts[number]) for number in headline],
        "lead": [*_lead(words, analysis.parts)],
        "chars": chars,
        "headline_chars": [chars[number] for number in headline],
        "spelled": [*_spelled(words.terms)],
        "text_length": words.length,
        "names_length": words.names_length,
        "chars_length": sum(map(len, article.texts)),
        "lead_length": min(len(analysis.starts) + len(analysis.parts), LEAD_TOKENS),
        **({"day": at.toordinal(), "at": int(at.timestamp())} if at else {}),
        **{name: sorted(several) for name, several in values.items()},
    }


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def as_bytes(document: Mapping[str, Any]) -> bytes:
    """The document as it is sent."""
    try:
        return _ENCODER.encode(document).encode()
    except UnicodeEncodeError:      # half of a character: UTF-8 cannot have it, JSON can
        return json.dumps(document).encode()


# ---- what comes back ----------------------------------------------------------------------------


def _pack(article: AnalyzedArticle, named: Iterable[Named], values: Mapping[str, set[str]]) -> str:
    """All that is asked of an article once it is found, in base64."""
    at = article.published.at if article.published else None
    rest = msgpack.packb((
        [(one.part, one.start, one.end, term) for one, term in named], article.texts,
        {name: sorted(several) for name, several in values.items()},
        at.toordinal() if at else None, int(at.timestamp()) if at else None,
    ), unicode_errors="surrogatepass")
    return base64.b64encode(msgpack.packb((article.analysis.pack(), zlib.compress(rest, 1)))).decode()


def unpack(article_id: str, version: int, packed: str) -> IndexedArticle:
    """The article of a document's `packed`."""
    analysis, rest = msgpack.unpackb(base64.b64decode(packed))
    mentions, texts, values, day, at = msgpack.unpackb(zlib.decompress(rest), unicode_errors="surrogatepass")
    return IndexedArticle(
        article_id, version, Analysis.unpack(analysis), tuple(map(IndexedMention._make, mentions)), tuple(texts),
        {name: frozenset(several) for name, several in values.items()}, day, at,
    )


# ---- words --------------------------------------------------------------------------------------


class _Words:
    """What stands at each token of an article.

    length: distinct terms of all tokens. names_length: mentions that cover a token.
    """

    def __init__(self, analysis: Analysis, named: Iterable[Named]) -> None:
        self.terms = as_terms(plain(analysis.words).split("\n"))
        self._numbers = analysis.numbers.tolist()
        self._more: dict[int, list[str]] = defaultdict(list)
        self.length = int(np.count_nonzero(analysis.numbers))
        self.names_length = 0
        for token, number in dict.fromkeys(
            zip(analysis.long_tokens.tolist(), analysis.long_numbers.tolist(), strict=True)
        ):
            if number and number != self._numbers[token]:
                self._more[token].append(self.terms[number])
                self.length += 1
        at_token: dict[int, set[str]] = defaultdict(set)
        for one, term in named:
            covered = analysis.covering(one.part, one.start, one.end)
            if covered:
                part = analysis.parts[one.part]
                at_token[covered.start - part.first_position + part.first_token].add(term)
                self.names_length += 1
        for token, terms in at_token.items():
            self._more[token] += [f"{SPECIAL}{plain(term)}" for term in sorted(terms)]

    def written(self, part: PartSpan, times: int = 1, most: int | None = None) -> str:
        """The first `most` tokens of a part, or all.

        times: a word stands as many times at its place as it is worth, so that frequencies are joined before they
        saturate, as in BM25F.
        """
        tokens = slice(part.first_token, part.first_token + (part.tokens if most is None else min(most, part.tokens)))
        places = [self.terms[number] or HOLE for number in self._numbers[tokens]]
        for token, more in self._more.items():
            if tokens.start <= token < tokens.stop:
                first = [] if (one := places[token - tokens.start]) == HOLE else [one]
                places[token - tokens.start] = SAME_PLACE.join((*first, *more))
        if times > 1:
            places = [one if one == HOLE else SAME_PLACE.join([one] * times) for one in places]
        return TOKEN.join(places)


def _own_term(mention: Mention) -> str:
    return mention.term


def _weight(part: PartSpan) -> int:
    return TITLE_WEIGHT if part.section < 0 else HEADING_WEIGHT if part.is_heading else TEXT_WEIGHT


def _lead(words: _Words, parts: Sequence[PartSpan]) -> Iterator[str]:
    """The title, and the first LEAD_TOKENS of what follows."""
    left = LEAD_TOKENS
    for part in parts:
        if part.section < 0:
            yield words.written(part)
        elif left > 0:
            yield words.written(part, most=left)
            left -= part.tokens + 1      # the border of two parts takes a place, see `Places.is_in_lead`


def _spelled(terms: Iterable[str]) -> Iterator[str]:
    """Words that have another spelling key than themselves, behind it."""
    for term in terms:
        key = _key(term)
        if key != term:
            yield f"{plain(key)}{TOKEN}{term}"


_key = lru_cache(maxsize=1 << 17)(spelling_key)


# ---- characters ---------------------------------------------------------------------------------


def _characters(analysis: Analysis, part: PartSpan, text: str) -> str:
    """Every two characters that stand next to each other, and where tokens begin and end.

    Character i is at place 2i + 1, and before it at 2i a BORDER, unless a token goes on there.
    """
    if not text:
        return ""
    text = plain(text)
    borders = _borders(analysis, part, len(text))
    pairs = list(map("".join, zip(text, text[1:] + SPECIAL, strict=True)))
    for at in np.flatnonzero(borders[:-1] & borders[1:]).tolist():
        pairs[at] = f"{pairs[at]}{SAME_PLACE}{SPECIAL}{text[at]}"
    places = [BORDER] * (2 * len(text) + 1)
    places[0::2] = [BORDER if border else HOLE for border in borders.tolist()]
    places[1::2] = pairs
    return TOKEN.join(places)


def _borders(analysis: Analysis, part: PartSpan, length: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Before each character, and at the end: whether no token goes on there."""
    tokens = slice(part.first_token, part.first_token + part.tokens)
    steps = np.zeros(length + 2, np.int64)
    np.add.at(steps, analysis.starts[tokens].astype(np.int64) + 1, 1)
    np.add.at(steps, analysis.ends[tokens].astype(np.int64), -1)
    borders: np.ndarray[Any, np.dtype[np.bool_]] = np.cumsum(steps)[: length + 1] <= 0
    return borders


# ---- values -------------------------------------------------------------------------------------


def _values(article: AnalyzedArticle, named: Iterable[Named]) -> dict[str, set[str]]:
    """Field -> the values that the article has of it; of names, the terms."""
    found: dict[str, set[str]] = defaultdict(set)
    for one, term in named:
        if one.kind in FACET_KINDS and one.confidence >= FACET_CONFIDENCE:
            found[one.kind].add(term)
            if one.is_about:
                found[f"about_{one.kind}"].add(term)
    for name in ("desk", "source"):
        if value := getattr(article, name):
            found[name].add(value)
    found["year"].add(f"{article.published.at.year:04}" if article.published else NO_DATE)
    return found
