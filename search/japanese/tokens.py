"""Text -> units: the words in it, long and short, with their terms and where they stand.

The only module that imports sudachipy. Sudachi cuts text into long units (mode C: 安全保障理事会), and each
of those into short ones (mode A: 安全 保障 理事 会).
"""

from __future__ import annotations

import re
import threading
from functools import cache, lru_cache
from importlib.metadata import version
from typing import Any, NamedTuple
from unicodedata import category

from sudachipy import Dictionary, Morpheme, SplitMode, Tokenizer

from search.japanese.spelling import fold
from search.names import names_version

ANALYSIS_REVISION = 2
"""Raise it when this module, `spelling`, `numerals` or `mentioned_dates` makes other terms than before: old indexes
are then rebuilt."""

# SudachiPy 0.7.0 refuses input over 49,149 bytes, or 65,535 once normalized. U+FDFA grows from 3 bytes
# to 33, so 1,500 characters is safe for any text.
MAX_CHUNK_CHARS = 1_500

_CHUNK = re.compile(rf"\n|[^\n。！？]{{1,{MAX_CHUNK_CHARS - 1}}}[。！？]?|[。！？]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Soft hyphen, zero-width space and the like, and selectors that choose a shape of the character before: 葛󠄁城.
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_NOUN = ("名詞", "普通名詞", "一般", "*", "*", "*")

PartOfSpeech = tuple[str, ...]


class Short(NamedTuple):
    """A short (A) unit. start, end: code points in the text given. term: as indexed, "" for none."""

    start: int
    end: int
    term: str
    part_of_speech: PartOfSpeech


class Unit(NamedTuple):
    """A long (C) unit, with the one or more short units in it.

    start, end: code points in the text given. term: as indexed, "" for none (punctuation, space).
    part_of_speech: Sudachi's six levels, such as ("名詞", "固有名詞", "人名", "姓", "*", "*").
    is_unknown: no dictionary has it.
    """

    surface: str
    start: int
    end: int
    term: str
    part_of_speech: PartOfSpeech
    is_unknown: bool
    shorts: tuple[Short, ...]


@cache
def analysis_version() -> str:
    """What the terms and mentions of an index depend on. One made under another version is rebuilt."""
    return (
        f"kijigura {ANALYSIS_REVISION}, names {names_version()}, sudachipy {version('sudachipy')}, "
        f"sudachidict-core {version('sudachidict-core')}"
    )


@cache
def dictionary() -> Dictionary:
    """Sudachi's core dictionary, opened once in each process (about 70 ms)."""
    return Dictionary(dict="core")


_of_thread = threading.local()


def _tokenizer() -> Tokenizer:
    # A SudachiPy tokenizer raises when two threads share it.
    if not hasattr(_of_thread, "tokenizer"):
        _of_thread.tokenizer = dictionary().tokenizer(mode=SplitMode.C)
    tokenizer: Tokenizer = _of_thread.tokenizer
    return tokenizer


@cache
def _part_of_speech(number: int) -> PartOfSpeech:
    return tuple(dictionary().pos_of(number) or ())


@cache
def _has_no_term(part_of_speech_id: int) -> bool:
    return _part_of_speech(part_of_speech_id)[0] in ("補助記号", "空白")


def units(text: str) -> list[Unit]:
    """Cut `text` into long units with their short ones; nothing is dropped but zero-width tokens.

    Characters that nobody sees are no part of a surface, but lie within the offsets of the unit they follow.
    """
    if _UNSEEN.search(text):
        return _units_around_unseen(text)
    tokenizer = _tokenizer()
    if len(_words) > MOST_WORDS:
        _words.clear()
    found: list[Unit] = []
    for chunk in _CHUNK.finditer(_SURROGATE.sub("\ufffd", text)):
        end = chunk.start()
        for morpheme in tokenizer.tokenize(chunk.group()):
            surface = morpheme.surface()
            if not surface:      # Sudachi yields zero-width tokens for "…"
                continue
            key = (morpheme.word_id(), surface)
            word = _words.get(key)
            if word is None:
                word = _words[key] = _word(morpheme)
            term, part_of_speech, is_unknown, pieces = word
            start = end
            end = start + len(surface)
            if pieces:
                shorts = tuple([
                    _tuple(Short, (start + first, start + last, term, part_of_speech))
                    for first, last, term, part_of_speech in pieces
                ])
            else:
                shorts = (_tuple(Short, (start, end, term, part_of_speech)),)
            found.append(_tuple(Unit, (surface, start, end, term, part_of_speech, is_unknown, shorts)))
    return found


# Calling the class itself takes three times as long, for each word of a text.
_tuple: Any = tuple.__new__


class _Word(NamedTuple):
    """What is the same wherever a word stands. pieces: its short units, with places in it; none where it is one."""

    term: str
    part_of_speech: PartOfSpeech
    is_unknown: bool
    pieces: tuple[Short, ...]


_words: dict[tuple[int, str], _Word] = {}
"""By Sudachi's number of the word and how it is written: asking Sudachi takes as long as all else."""

MOST_WORDS = 1 << 18
"""That are remembered: some 100 MB. A year of a newspaper has about as many."""


def _word(morpheme: Morpheme) -> _Word:
    part_of_speech, term = _read(morpheme)
    begin = morpheme.begin()
    pieces = tuple(Short(s.begin() - begin, s.end() - begin, *_read(s)[::-1]) for s in morpheme.split(SplitMode.A))
    # ㍿ is one character of two words.
    whole = len(pieces) < 2 or any(piece.start == piece.end for piece in pieces)
    return _Word(term, part_of_speech, morpheme.is_oov(), () if whole else pieces)


def _units_around_unseen(text: str) -> list[Unit]:
    """The units of the text as one sees it, with offsets in the whole."""
    seen = [at for at, char in enumerate(text) if not _UNSEEN.match(char)]
    ends = [*seen[1:], len(text)]
    found: list[Unit] = []
    for unit in units("".join(map(text.__getitem__, seen))):
        shorts = tuple(short._replace(start=seen[short.start], end=ends[short.end - 1]) for short in unit.shorts)
        found.append(unit._replace(start=seen[unit.start], end=ends[unit.end - 1], shorts=shorts))
    return found


def reading(text: str) -> str:
    """How up to MAX_CHUNK_CHARS of text are read, in katakana; what Sudachi's dictionary lacks stays as it is."""
    return "".join(m.reading_form() for m in _tokenizer().tokenize(_SURROGATE.sub("\ufffd", text[:MAX_CHUNK_CHARS])))


def _read(morpheme: Morpheme) -> tuple[PartOfSpeech, str]:
    """What kind of word it is, and its term."""
    number = morpheme.part_of_speech_id()
    if not _has_no_term(number):
        return _part_of_speech(number), fold(morpheme.normalized_form()) or fold(morpheme.surface())
    # Sudachi takes 𠮷 and ㈱, and all of 한국, for symbols.
    folded = fold(morpheme.surface())
    if any(category(char) == "Lo" for char in folded):
        return _NOUN, folded
    return _part_of_speech(number), ""


class Entry(NamedTuple):
    """One word that Sudachi's dictionary has. normalized: folded, as in the index."""

    normalized: str
    part_of_speech: PartOfSpeech


@lru_cache(1 << 12)
def entries(surface: str) -> tuple[Entry, ...]:
    """The words that are written just so, none for a word that the dictionary does not know (3 µs)."""
    return tuple(
        Entry(fold(morpheme.normalized_form()), _part_of_speech(morpheme.part_of_speech_id()))
        for morpheme in dictionary().lookup(surface)
    )


@lru_cache(1 << 12)
def parts_of_speech(surface: str) -> tuple[PartOfSpeech, ...]:
    """Those of the words that are written just so (5 µs, most of them Sudachi's)."""
    return tuple(_part_of_speech(morpheme.part_of_speech_id()) for morpheme in dictionary().lookup(surface))
