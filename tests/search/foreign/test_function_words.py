"""Which English words say nothing by themselves."""

from __future__ import annotations

import pytest

from search.foreign.function_words import FUNCTION_WORDS, WEAK_WORDS, is_weak, says_nothing


@pytest.mark.parametrize(("word", "nothing"), [
    ("the", True), ("The", True), ("of", True), ("a", True), ("A", True), ("who", True), ("Who", True),
    ("WHO", False), ("IT", False), ("OR", False), ("war", False), ("no", False), ("us", False),
])
def test_function_words_say_nothing_unless_they_are_in_capitals(word: str, nothing: bool) -> None:
    assert says_nothing(word) is nothing


@pytest.mark.parametrize(("word", "weak"), [("us", True), ("No", True), ("US", False), ("the", False)])
def test_some_words_say_little(word: str, weak: bool) -> None:
    assert is_weak(word) is weak


def test_no_word_is_both() -> None:
    assert not FUNCTION_WORDS & WEAK_WORDS
