"""Many terms looked up at once get the numbers that a dictionary would give them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.whoosh_engine import vocabulary
from search.whoosh_engine.postings import AnyInts
from search.whoosh_engine.vocabulary import Lexicon, Vocabulary

quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

term = st.text(st.sampled_from("ab安全\x00\U0001f600"), max_size=4)
texts = st.lists(st.lists(term, min_size=1, max_size=12).map("\n".join), max_size=5)


def all_alike(_: AnyInts, starts: AnyInts, ends: AnyInts) -> AnyInts:
    return np.zeros(len(starts), np.uint64)


def by_length(_: AnyInts, starts: AnyInts, ends: AnyInts) -> AnyInts:
    return (ends - starts).astype(np.uint64) << np.uint64(61)


def check(lexicon: Lexicon, several: list[list[str]]) -> None:
    """Against a dictionary, batch by batch."""
    oracle: dict[str, int] = {}
    for batch in several:
        text = "\n".join(batch)
        words = text.split("\n")
        found = lexicon.numbers(text).tolist()
        for word, number in zip(words, found, strict=True):
            assert oracle.setdefault(word, number) == number
        assert len(set(oracle.values())) == len(oracle) == len(lexicon)
        terms, numbers = lexicon.terms()
        assert terms == sorted(oracle) == sorted(oracle, key=str.encode)
        assert numbers.tolist() == [oracle[term] for term in terms]
    assert sorted(oracle.values()) == list(range(len(oracle)))


@quick
@given(several=st.lists(texts, min_size=1, max_size=3), longest=st.sampled_from((1, 20, 1 << 18)))
def test_terms_are_numbered_as_by_a_dictionary(several: list[list[str]], longest: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vocabulary, "_LONGEST_TEXT", longest)
        check(Lexicon(), several)


@quick
@given(several=st.lists(texts, min_size=1, max_size=3))
@pytest.mark.parametrize("hashes", [all_alike, by_length])
def test_terms_of_the_same_hash_are_told_apart(several: list[list[str]], hashes: Callable[..., AnyInts]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vocabulary, "_hashes", hashes)
        check(Lexicon(), several)


def test_the_table_grows() -> None:
    batches = [["\n".join(f"{number:x}" for number in range(first, first + 9_000))] for first in (0, 5_000, 30_000)]
    check(Lexicon(), batches)


@quick
@given(st.lists(st.lists(term, max_size=9), max_size=4))
def test_a_vocabulary_is_in_order_however_it_grows(several: list[list[str]]) -> None:
    terms = Vocabulary()
    for batch in several:
        for one in batch:
            assert terms[one] == terms[one] < len(terms)
        ascending, numbers = terms.terms()
        assert ascending == sorted(terms)
        assert numbers.tolist() == [terms[one] for one in ascending]
