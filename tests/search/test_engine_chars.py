"""Pairs of characters on their way into a segment and out of it, beside plain Python."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate, chain, combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.whoosh_engine import char_hits, char_pairs
from search.whoosh_engine.char_field import WIDTHS, CharReader, CharWriter
from search.whoosh_engine.char_merging import joined
from search.whoosh_engine.char_pairs import BLOCK, END, Bits, Pairs, bits_of, key_of, pairs_of, united_pairs
from search.whoosh_engine.segment_file import SegmentFile, SegmentFileWriter

quick = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))

long_texts = st.sampled_from(("戦" * 63, "戦" * 64, "停戦" * 70))
part_texts = st.lists(st.one_of(st.text("停戦合意。\n𠮷", max_size=9), st.text(max_size=3), long_texts), max_size=6)


def points(texts: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    return np.array([ord(character) for text in texts for character in text], np.uint32)


def lengths(texts: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([len(text) for text in texts], np.int64)


def part_starts(texts: Sequence[str]) -> list[int]:
    """Each begins a block, with at least one empty place after it."""
    return list(accumulate(((len(text) // BLOCK + 1) * BLOCK for text in texts), initial=0))


def places_of_pairs(texts: Sequence[str]) -> dict[int, list[int]]:
    """Key -> places, in plain Python."""
    found: dict[int, list[int]] = defaultdict(list)
    for start, text in zip(part_starts(texts), texts, strict=False):
        for at, character in enumerate(text):
            second = ord(text[at + 1]) + 1 if at + 1 < len(text) else END
            found[ord(character) + 1 << 32 | second].append(start + at)
    return {key: found[key] for key in sorted(found)}


def as_dict(pairs: Pairs) -> dict[int, list[int]]:
    ends = np.cumsum(pairs.counts)
    return {
        key: places.tolist()
        for key, places in zip(pairs.keys.tolist(), np.split(pairs.places, ends[:-1]), strict=len(ends) > 0)
    }


def as_pairs(places: dict[int, list[int]]) -> Pairs:
    return Pairs(
        np.array(list(places), np.uint64), np.array([len(own) for own in places.values()], np.int64),
        np.array([place for own in places.values() for place in own], np.int64),
    )


@contextmanager
def written(pieces: Sequence[Pairs], bits: Bits | None = None) -> Iterator[CharReader]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        file = SegmentFileWriter(path)
        writer = CharWriter(file)
        for piece in pieces:
            writer.append(piece)
        if bits:
            writer.put_bits(bits)
        writer.finish()
        file.finish({})
        yield CharReader(SegmentFile(path, ValueError))


# ---- pairs --------------------------------------------------------------------------------------


@quick
@given(texts=part_texts, widest=st.sampled_from((63, 8)))
def test_pairs_are_what_stands_next_to_each_other(texts: list[str], widest: int) -> None:
    """widest: bits that a pair and its place may have together; with more, pairs are numbered first."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(char_pairs, "_WIDEST", widest)
        assert as_dict(pairs_of(points(texts), lengths(texts))) == places_of_pairs(texts)


@quick
@given(several=st.lists(part_texts, max_size=4))
def test_pairs_of_several_are_united_and_joined(several: list[list[str]]) -> None:
    """As runs are: the places of the later ones come after those of the earlier ones."""
    found = [pairs_of(points(texts), lengths(texts)) for texts in several]
    bases = accumulate((part_starts(texts)[-1] for texts in several), initial=0)
    whole = places_of_pairs([text for texts in several for text in texts])
    keys, counts = united_pairs((one.keys, one.counts) for one in found)
    assert dict(zip(keys.tolist(), counts.tolist(), strict=True)) == {key: len(own) for key, own in whole.items()}
    moved = [Pairs(one.keys, one.counts, one.places + base) for one, base in zip(found, bases, strict=False)]
    assert as_dict(joined(moved)) == whole


@quick
@given(counts=st.lists(st.integers(1, 9), min_size=1, max_size=9))
def test_the_pairs_that_are_looked_up_have_every_character_and_the_fewest_places(counts: list[int]) -> None:
    """The pair `at` has the characters `at` and `at + 1`."""
    def has_all(chosen: Iterable[int]) -> bool:
        return {at + by for at in chosen for by in (0, 1)} == set(range(len(counts) + 1))

    every = chain.from_iterable(combinations(range(len(counts)), size) for size in range(1, len(counts) + 1))
    least = min(sum(counts[at] for at in chosen) for chosen in every if has_all(chosen))
    found = char_hits._cover(counts)
    assert has_all(found)
    assert sum(counts[at] for at in found) == least


# ---- in a file ----------------------------------------------------------------------------------

# Around the largest number of each width; the last ones are of a line longer than four bytes count.
edges = sorted({(1 << width) + by for width in WIDTHS for by in (-2, -1, 0, 1)} | {1, 2, 14, 300, 1 << 33})
ascending = st.lists(st.sampled_from(edges), min_size=1, max_size=9).map(lambda steps: list(accumulate(steps)))
keyed = st.dictionaries(
    st.tuples(st.sampled_from("\x00停戦合意𠮷\U0010ffff"), st.sampled_from("\x00停戦合意𠮷\U0010ffff")), ascending,
    max_size=30,
)


@quick
@given(found=keyed, pieces=st.integers(1, 4), data=st.data())
def test_places_come_back_as_they_were_written(
    found: dict[tuple[str, str], list[int]], pieces: int, data: st.DataObject
) -> None:
    places = dict(sorted((key_of(*pair), own) for pair, own in found.items()))
    cut = [as_pairs({key: places[key] for key in own}) for own in np.array_split(np.array(list(places)), pieces)]
    with written(cut) as reader:
        assert reader.keys().tolist() == list(places)
        assert reader.counts(0, reader.pairs).tolist() == list(map(len, places.values()))
        first, end = sorted((data.draw(st.integers(0, len(places))), data.draw(st.integers(0, len(places)))))
        expected = [place for own in list(places.values())[first:end] for place in own]
        assert reader.places(first, end).tolist() == expected
        for number, (pair, own) in enumerate(sorted(found.items())):
            assert reader.pair(*pair) == number
            assert reader.places(number, number + 1).tolist() == own
        for missing in {("停", "火"), ("火", "停"), ("停", "停"), ("\x00", "戦")} - found.keys():
            assert reader.pair(*missing) is None
        for character in "\x00停戦火\U0010ffff":
            own = [number for number, (one, _) in enumerate(sorted(found)) if one == character]
            assert list(range(*reader.beginning_with(character))) == own


def test_many_pairs_are_found_through_the_skips() -> None:
    texts = ["".join(chr(0x4E00 + number * step % 997) for number in range(900)) for step in range(1, 9)]
    expected = places_of_pairs(texts)
    with written([pairs_of(points(texts), lengths(texts))]) as reader:
        assert reader.pairs == len(expected) > 1_000
        for number, places in enumerate(expected.values()):
            assert reader.places(number, number + 1).tolist() == places


def test_no_text_has_no_pairs() -> None:
    with written([pairs_of(points([""]), lengths([""]))]) as reader:
        assert (reader.pairs, reader.pair("停", "戦"), reader.beginning_with("停")) == (0, None, (0, 0))
        assert reader.keys().tolist() == []


# ---- where tokens begin -------------------------------------------------------------------------


@st.composite
def tokens_of_parts(draw: st.DrawFn) -> list[tuple[int, list[tuple[int, int]]]]:
    """(characters, tokens as (start, end)) of each part; what is between tokens belongs to none."""
    found = []
    for _ in range(draw(st.integers(1, 5))):
        chars = draw(st.integers(0, 150))
        borders = sorted(draw(st.sets(st.integers(0, chars), max_size=12)))
        found.append((chars, [two for two in pairwise(borders) if draw(st.booleans())]))
    return found


@quick
@given(parts=tokens_of_parts())
def test_bits_say_where_tokens_begin_and_where_one_may_cut(parts: list[tuple[int, list[tuple[int, int]]]]) -> None:
    texts = ["あ" * chars for chars, _ in parts]
    tokens = [token for _, several in parts for token in several]
    bits = bits_of(
        lengths(texts), np.array([len(several) for _, several in parts]),
        np.array([start for start, _ in tokens], np.uint32), np.array([end for _, end in tokens], np.uint32),
    )
    with written([pairs_of(points(texts), lengths(texts))], bits) as reader:
        for start, (chars, several) in zip(part_starts(texts), parts, strict=False):
            places = np.arange(chars + 1) + start
            inside = {at for first, end in several for at in range(first + 1, end)}
            assert reader.is_border(places).tolist() == [at not in inside for at in range(chars + 1)]
            number = reader.token_in_part(places, np.full(len(places), start // BLOCK))
            before = [sum(first <= at for first, _ in several) for at in range(chars + 1)]
            assert number.tolist() == [max(0, count - 1) for count in before]
