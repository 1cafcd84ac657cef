"""English words that say nothing by themselves: war in Ukraine asks for war and Ukraine."""

from __future__ import annotations

FUNCTION_WORDS = frozenset(
    "a about against amid among an and are as at be been between but by did do does during for from had has have he "
    "her his how i if in into is it its me my nor of on or our she so than that the their them there these they this "
    "those to was we were what when where which while who whom whose why with you your".split()
)

WEAK_WORDS = frozenset("can may no not off up us will".split())
"""Words that say something in a query, but as a name only what the program itself knows: us, the United States."""


def says_nothing(word: str) -> bool:
    """Whether it is a function word; IT, WHO and the operators, all in capitals, are none."""
    return word.casefold() in FUNCTION_WORDS and (len(word) == 1 or not word.isupper())


def is_weak(word: str) -> bool:
    """Whether it is one of WEAK_WORDS, and no abbreviation (US)."""
    return word.casefold() in WEAK_WORDS and not word.isupper()
