"""The indices of a cluster: their names, settings and fields.

One index a year of publication, behind an alias; years with few articles share one. Words are cut before they come
here: the tokens of a field are parted by TOKEN, what stands at one place by SAME_PLACE, and HOLE is a place where
nothing stands. So every place in a field is one that `japanese.analysis` has counted, and a phrase is found where our
own engine finds it.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from search.japanese.analysis import SECTION_GAP

FORM = 1
"""Raise it when documents are laid out otherwise: an index of another form is made anew by `kijigura rebuild`."""

TOKEN, SAME_PLACE, HOLE, SPECIAL = "\x7f", "\x80", "\x81", "\x82"
"""SPECIAL stands before what is no word: a name, a character that is a word of its own. No text has these control
characters, and JSON leaves them as they are, where it writes those before the space with six bytes each."""

BORDER = "|"
"""In a field of characters: between two of them no token goes on."""

_CONTROL = dict.fromkeys(map(ord, (TOKEN, SAME_PLACE, HOLE, SPECIAL)), "�")

MOST_TOKEN_CHARS = 1 << 20
"""What stands at one place, all together; the tokenizer knows no more."""

MOST_TERM_CHARS = 7_000
"""Lucene takes 32,766 bytes. Of a longer word the beginning is kept, and a hash of all of it."""

SHARED = "shared"
"""In the name of an index: what has no year, or one with few articles."""

OWN_INDEX_ARTICLES = 250_000
"""Of a year that has an index of its own: asking an index takes some milliseconds, however little is in it. About 2 GB.
"""

MOST_RESULTS = 10_000
"""Of one answer of the cluster (index.max_result_window, its default)."""

MOST_IDS = 65_536
"""In one condition (index.max_terms_count, its default)."""

KEYWORDS = (
    "id", "person", "country", "organization", "place", "about_person", "about_country", "about_organization",
    "about_place", "desk", "source", "year", "spelled",
)
LENGTHS = ("text", "names", "chars", "lead")
"""What has a length in each document: `text_length` and so on."""


def plain(text: str) -> str:
    """The text without the characters that mean something here."""
    return text.translate(_CONTROL)


def as_terms(words: Iterable[str]) -> list[str]:
    """The words as they stand in the index. words: as `plain` leaves them."""
    return [
        word if len(word) <= MOST_TERM_CHARS
        else f"{word[:MOST_TERM_CHARS]}{blake2b(word.encode('utf-8', 'surrogatepass'), digest_size=16).hexdigest()}"
        for word in words
    ]


def mapping(analysis: str) -> dict[str, Any]:
    """Of the documents of `documents.to_document`. analysis: what cut their words."""
    words = {"type": "text", "analyzer": "cut", "position_increment_gap": SECTION_GAP}
    first = {"type": "text", "analyzer": "first_characters", "index_options": "freqs"}
    chars = {**words, "fields": {"first": first}}
    return {
        "dynamic": False,
        "_meta": {"form": FORM, "analysis": analysis},
        "_source": {"includes": ["id", "version", "packed"]},
        "properties": {
            "text": words, "headline": words, "lead": {**words, "norms": False}, "chars": chars,
            "headline_chars": chars,
            **{name: {"type": "keyword", "ignore_above": MOST_TERM_CHARS} for name in KEYWORDS},
            **{f"{name}_length": {"type": "integer", "index": False} for name in LENGTHS},
            "day": {"type": "long"},
            "at": {"type": "long"},
        },
    }


def settings(shards: int, replicas: int) -> dict[str, Any]:
    """Of an index. replicas: copies of each shard beside itself, if there are nodes for them."""
    return {
        "number_of_shards": shards,
        "auto_expand_replicas": f"0-{replicas}",
        # A batch is made visible by whoever writes it.
        "refresh_interval": "-1",
        "analysis": {
            "tokenizer": {
                "places": {"type": "char_group", "tokenize_on_chars": [TOKEN], "max_token_length": MOST_TOKEN_CHARS}
            },
            "filter": {
                "same_place": {
                    "type": "pattern_capture", "preserve_original": False, "patterns": [f"([^{SAME_PLACE}]+)"]
                },
                # Of two characters the first: all of them, one at a time.
                "first": {
                    "type": "pattern_capture", "preserve_original": False,
                    "patterns": [f"^([^{BORDER}{HOLE}{SPECIAL}])"],
                },
                "no_border": {"type": "stop", "stopwords": [BORDER, HOLE]},
                "holes": {"type": "stop", "stopwords": [HOLE]},
            },
            "analyzer": {
                "cut": {"type": "custom", "tokenizer": "places", "filter": ["same_place", "holes"]},
                "first_characters": {"type": "custom", "tokenizer": "places", "filter": ["no_border", "first"]},
            },
        },
    }
