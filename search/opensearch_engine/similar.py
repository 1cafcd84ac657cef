"""Words of an index that are spelled otherwise or nearly alike, the most frequent first."""

from __future__ import annotations

import re
from collections.abc import Mapping

from search.japanese.variants import spelling_key
from search.opensearch_engine.schema import SPECIAL, TOKEN, plain
from search.opensearch_engine.snapshot import Snapshot

COMMON_CHARACTERS = 2
"""That words have which are taken for alike, at least: else every word of two kanji is like a hundred others."""

MOST_SPELLINGS = 100

MOST_LIKE = 200
"""Words that the cluster gives out as nearly alike."""

_OPERATORS = re.compile(r'[.?+*|{}\[\]()"\\#@&<>~^$-]')


def spellings(snapshot: Snapshot, term: str) -> tuple[str, ...]:
    """Every other word with the spelling key of this one."""
    key = plain(spelling_key(term))
    begins = f"{key}{TOKEN}"
    found = snapshot.ask({"size": 0, "aggs": {
        "words": {"terms": {
            "field": "spelled", "include": _OPERATORS.sub(r"\\\g<0>", begins) + ".*", "size": MOST_SPELLINGS,
            "shard_size": MOST_SPELLINGS,
        }},
        "key": {"filter": {"term": {"text": {"value": key}}}},
    }})["aggregations"]
    counts = {one["key"].removeprefix(begins): one["doc_count"] for one in found["words"]["buckets"]}
    counts[key] = found["key"]["doc_count"]
    return _by_frequency(counts, but=term)


def terms_like(snapshot: Snapshot, term: str, most: int) -> tuple[str, ...]:
    """The words that differ from this one by one edit, at most so many.

    An edit puts a character in, takes one out, puts another one in its place, or swaps two neighbours. Words alike
    begin with the same character, and have at least COMMON_CHARACTERS in common.
    """
    if len(term) < COMMON_CHARACTERS or term.startswith(SPECIAL):
        return ()
    found = snapshot.ask({"size": 0, "suggest": {"like": {"text": plain(term), "term": {
        "field": "text", "analyzer": "cut", "suggest_mode": "always", "max_edits": 1, "prefix_length": 1,
        "min_word_length": 2, "size": MOST_LIKE, "shard_size": MOST_LIKE, "max_inspections": MOST_LIKE,
        "string_distance": "damerau_levenshtein",
    }}}})
    words = [one["text"] for entry in found["suggest"]["like"] for one in entry["options"]]
    alike = {word for word in words if is_one_edit_away(word, term)}
    counts = snapshot.counts({word: {"term": {"text": {"value": word}}} for word in alike})
    return _by_frequency(counts, but=term)[:most]


def is_one_edit_away(word: str, other: str) -> bool:
    """Whether the words are alike, see `terms_like`."""
    if word == other or word[:1] != other[:1]:
        return False
    short, long = sorted((word, other), key=len)
    head = next((at for at, (one, two) in enumerate(zip(short, long, strict=False)) if one != two), len(short))
    if len(long) - len(short) == 1:
        return len(short) >= COMMON_CHARACTERS and short[head:] == long[head + 1 :]
    if len(long) != len(short):
        return False
    if short[head + 1 :] == long[head + 1 :]:
        return len(short) > COMMON_CHARACTERS
    return short[head : head + 2] == long[head : head + 2][::-1] and short[head + 2 :] == long[head + 2 :]


def _by_frequency(counts: Mapping[str, int], but: str) -> tuple[str, ...]:
    """Those that any article has; of equal ones, that which comes first by code point."""
    found = (term for term, count in counts.items() if count and term != but)
    return tuple(sorted(found, key=lambda term: (-counts[term], term)))
