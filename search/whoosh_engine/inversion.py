"""Turns collected articles inside out: words, names and facets -> postings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from search.scoring import HEADING_WEIGHT, TEXT_WEIGHT, TITLE_WEIGHT
from search.whoosh_engine.batch import (
    ABOUT_IT,
    FACTS,
    KINDS,
    NO_VALUE,
    SURE,
    VOCABULARY_OF,
    Batch,
    Collected,
    Vocabularies,
)
from search.whoosh_engine.char_pairs import Chars
from search.whoosh_engine.facts import DocumentFacts, Parts
from search.whoosh_engine.postings import NOTHING, AnyInts, Ints, Postings, starts_of, sums_of
from search.whoosh_engine.schema import ABOUT, FACET_KINDS
from search.whoosh_engine.segment import SegmentContent
from search.whoosh_engine.vocabulary import Lexicon, Terms

# What is known of a token, in one number: document << 40 | position << 8 | weight.
_DOC, _POSITION = 40, 8
_LOW = (1 << 32) - 1


@dataclass(frozen=True, slots=True)
class Numbered:
    """The postings of a field, without its terms. numbers: those of the terms, which are in order of their bytes."""

    numbers: AnyInts
    postings: Postings


@dataclass(frozen=True, slots=True)
class Inverted:
    """Articles turned inside out. fields: the text and those of `VOCABULARY_OF`; the ids are not among them."""

    facts: DocumentFacts
    fields: dict[str, Numbered]


def content_of(batch: Batch) -> SegmentContent:
    """A segment of the batch's articles."""
    lexicon = Lexicon()
    inverted = invert(batch.collected(), lexicon)
    pairs, bits = batch.characters()
    terms = terms_of_fields(batch.vocabularies, lexicon.terms())
    return SegmentContent(
        inverted.facts,
        {
            "id": [postings_of_ids(batch.ids)],
            **{name: [_named(found, terms[name])] for name, found in inverted.fields.items()},
        },
        Chars([pairs], [bits]),
    )


def terms_of_fields(vocabularies: Vocabularies, words: Terms) -> dict[str, Terms]:
    """Those of each field but the ids."""
    return {"text": words, **{field: vocabularies[name].terms() for field, name in VOCABULARY_OF.items()}}


def _named(found: Numbered, known: Terms) -> Postings:
    terms, order = known
    places = _ranks(order).take(found.numbers)
    return replace(found.postings, terms=[terms[place].encode() for place in places.tolist()])


def postings_of_ids(ids: Sequence[str]) -> Postings:
    """Each id and its document, which is its place among the ids."""
    order = sorted(range(len(ids)), key=ids.__getitem__)
    return Postings([ids[doc].encode() for doc in order], np.ones(len(ids), np.int64), np.array(order, np.int64))


def invert(collected: Collected, lexicon: Lexicon) -> Inverted:
    """The postings of these articles. lexicon: numbers their words."""
    inverter = _Inverter(collected)
    fact = inverter.fact
    words, names, mentions = inverter.words(lexicon), *inverter.names()
    documents = len(collected.facts)
    lengths = np.bincount(words.postings.docs, words.postings.counts, documents).astype(np.uint32)
    return Inverted(
        DocumentFacts(
            version=fact["version"], at=fact["at"], day=fact["day"].astype(np.int32),
            places=(fact["tokens"] + fact["parts"]).astype(np.uint32),
            lengths={"text": lengths, "names": mentions.astype(np.uint32), "chars": inverter.char_lengths()},
            parts=inverter.parts,
        ),
        {"text": words, "names": names, **inverter.facets()},
    )


class _Inverter:
    def __init__(self, collected: Collected) -> None:
        self._of = collected
        self.fact = fact = dict(zip(FACTS, collected.facts.T.copy(), strict=True))
        section, is_heading, first_token, self._tokens_of_part, _ = collected.parts.T.astype(np.int64)
        weight = np.where(section < 0, TITLE_WEIGHT, np.where(is_heading, HEADING_WEIGHT, TEXT_WEIGHT))
        self._first_parts = starts_of(fact["parts"])[:-1]
        self._first_tokens = starts_of(fact["tokens"])[:-1]
        doc_of_part = np.repeat(np.arange(len(collected.facts)), fact["parts"])
        number = np.arange(len(section)) - self._first_parts.take(doc_of_part)
        self.parts = Parts(
            ends=np.cumsum(fact["parts"]), places=(first_token + number).astype(np.uint32),
            sections=section.astype(np.int32), weights=weight.astype(np.uint8),
            chars=collected.chars.astype(np.int64),
        )
        # A token's position is its place in the article plus the number of its part.
        shift = number - self._first_tokens.take(doc_of_part)
        self._of_token = np.repeat((doc_of_part << _DOC) + (shift << _POSITION) + weight, self._tokens_of_part)
        self._of_token += np.arange(len(self._of_token)) << _POSITION

    def words(self, lexicon: Lexicon) -> Numbered:
        """The terms at each token, short and long ones, each once."""
        of, fact = self._of, self.fact
        first_words = starts_of(fact["words"])[:-1]
        short = np.repeat(first_words, fact["tokens"])
        short += of.tokens
        long = np.repeat(first_words, fact["long"]) + of.long_words
        at = np.repeat(self._first_tokens, fact["long"]) + of.long_tokens
        differs = np.flatnonzero(long != short.take(at))
        numbers = of.numbered_words(lexicon)
        order = lexicon.order()
        ranks = _ranks(order).take(numbers) << 32
        keys = np.concatenate((ranks.take(short), ranks.take(long[differs]) | at[differs]))
        keys[: len(short)] |= np.arange(len(short))
        del short
        keys.sort()
        # The empty term comes first.
        keys = keys[int(np.searchsorted(keys, 1 << 32)) :]
        is_again = keys[1:] == keys[:-1]
        if is_again.any():
            keys = keys[np.append(True, ~is_again)]
        of_token = self._of_token.take(keys & _LOW)
        keys >>= 32
        docs = of_token >> _DOC
        begins = _begins(keys, docs)
        # The lowest byte is the weight.
        weights = np.add.reduceat(of_token.astype(np.uint8), begins, dtype=np.int64) if len(begins) else NOTHING
        of_token >>= _POSITION
        of_token &= _LOW
        return _grouped(order, keys, docs, of_token, begins, weights)

    def names(self) -> tuple[Numbered, Ints]:
        """Entities at every position that their mentions cover; and how many mentions each document has.

        A mention weighs once, however many positions it covers. A position is doubled, plus 1 where a mention begins.
        """
        order, documents = self._of.order("names"), len(self._of.facts)
        entity, _, part, start, end, _ = self._of.mentions.T.astype(np.int64)
        doc = np.repeat(np.arange(documents), self.fact["mentions"])
        part = self._first_parts.take(doc) + part
        first, last = self._covered(part, start, end)
        is_there = last > first
        if not is_there.any():
            return Numbered(NOTHING, Postings([], NOTHING, NOTHING)), np.zeros(documents, np.int64)
        rank, first, last = _ranks(order).take(entity[is_there]), first[is_there], last[is_there]
        doc, weight = doc[is_there], self.parts.weights.take(part[is_there])
        keys, is_first = _covering(rank, first, last - first)
        of_token = self._of_token.take(keys & _LOW)
        keys >>= 32
        position = (of_token >> _POSITION & _LOW) << 1 | is_first
        begins = _begins(keys, of_token >> _DOC)
        found = _grouped(order, keys, of_token >> _DOC, position, begins, _weights(rank, doc, weight))
        return found, np.bincount(doc, minlength=documents)

    def char_lengths(self) -> AnyInts:
        """The code points of each document."""
        return sums_of(self.parts.chars, self.fact["parts"]).astype(np.uint32)

    def _covered(self, part: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
        """The tokens that each mention overlaps: first, end excluded."""
        of, counts = self._of, self._tokens_of_part
        ends = starts_of(counts)
        length = np.zeros(len(counts), np.int64)
        has_tokens = counts > 0
        length[has_tokens] = of.ends.take(ends[1:][has_tokens] - 1)
        # One scale for all parts, on which each begins where the last token of the one before ends.
        begins = starts_of(length)[:-1]
        of_tokens, length, begin = np.repeat(begins, counts), length.take(part), begins.take(part)
        first = np.searchsorted(of_tokens + of.ends, begin + np.minimum(start, length), side="right")
        last = np.searchsorted(of_tokens + of.starts, begin + np.minimum(end, length), side="left")
        return first.astype(np.int64), last.astype(np.int64)

    def facets(self) -> dict[str, Numbered]:
        """Of each document, every value once."""
        name, kind, *_, flags = self._of.mentions.T
        doc = np.repeat(np.arange(len(self._of.facts)), self.fact["mentions"])
        found: dict[str, Numbered] = {}
        for facet in FACET_KINDS:
            for field, flag in ((facet, SURE), (ABOUT[facet], ABOUT_IT)):
                here = np.flatnonzero((kind == KINDS.index(facet)) & (flags & flag > 0))
                found[field] = _values(self._of.order(field), name.take(here), doc.take(here))
        for field in ("desk", "source", "year"):
            docs = np.flatnonzero(self.fact[field] != NO_VALUE)
            found[field] = _values(self._of.order(field), self.fact[field].take(docs), docs)
        return found


def _covering(rank: Ints, first: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """rank << 32 | token for every token of every mention, each once, ascending; and 1 where a mention begins, or 0."""
    ends = np.cumsum(counts)
    token = np.repeat(first - (ends - counts), counts) + np.arange(int(ends[-1]))
    # Lower, so that it comes first where another mention covers the same token.
    is_further = np.ones(len(token), np.int64)
    is_further[ends - counts] = 0
    keys = np.repeat(rank << 32, counts) | token << 1 | is_further
    keys.sort()
    is_first = 1 - (keys & 1)
    keys >>= 1
    kept = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    keys = keys.take(kept)
    return (keys >> 31) << 32 | keys & (_LOW >> 1), is_first.take(kept)


def _weights(rank: Ints, doc: Ints, weight: Ints) -> Ints:
    """Of the mentions that a document has of an entity, together; by entity, then by document."""
    keys = rank << 32 | doc << 8 | weight
    keys.sort()
    pairs = keys >> 8
    begins = np.flatnonzero(np.append(True, pairs[1:] != pairs[:-1]))
    return np.add.reduceat(keys & 0xFF, begins)


def _grouped(order: AnyInts, rank: Ints, doc: Ints, position: Ints, begins: Ints, weights: Ints) -> Numbered:
    """Occurrences, sorted by term and position, as postings. begins: where each posting does."""
    if not len(rank):
        return Numbered(NOTHING, Postings([], NOTHING, NOTHING))
    df = np.bincount(rank.take(begins), minlength=len(order))
    present = np.flatnonzero(df)
    steps = np.empty_like(position)
    np.subtract(position[1:], position[:-1], out=steps[1:])
    steps[begins] = position.take(begins)
    counts = np.diff(begins, append=len(rank))
    return Numbered(order.take(present), Postings([], df[present], doc.take(begins), counts, weights, steps))


def _begins(rank: Ints, doc: Ints) -> Ints:
    """Where another term or another document begins."""
    if not len(rank):
        return NOTHING
    begins = np.ones(len(rank), np.bool_)
    np.not_equal(rank[1:], rank[:-1], out=begins[1:])
    begins[1:] |= doc[1:] != doc[:-1]
    return np.flatnonzero(begins)


def _ranks(order: AnyInts) -> Ints:
    """The place of each number in the order."""
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    return ranks


def _values(order: AnyInts, numbers: Ints, docs: AnyInts) -> Numbered:
    """Value -> documents, without positions; each pair once."""
    if not len(docs):
        return Numbered(NOTHING, Postings([], NOTHING, NOTHING))
    keys = np.unique(_ranks(order).take(numbers) << 32 | docs)
    df = np.bincount(keys >> 32, minlength=len(order))
    present = np.flatnonzero(df)
    return Numbered(order.take(present), Postings([], df[present], keys & _LOW))
