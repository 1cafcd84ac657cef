"""Readings in kana or romaji -> the words that are read so: ていせん or teisen, 停戦; kishida, 岸田.

From `search/data/readings.tsv`: common words of JMdict, and surnames and places of JMnedict that Sudachi has too.
"""

from __future__ import annotations

from functools import lru_cache

from search.foreign.romaji import is_kana, katakana, sound_of
from search.foreign.tables import load_table
from search.japanese.tokens import dictionary
from search.query.forms import Form

BEST, LEAST, STEP = 0.7, 0.4, 0.08
"""Weights: of the commonest word that is read so, of the last ones, and how much less each is than the one before."""

SHORTEST = 3
"""Sounds of the shortest reading that is looked up: `ki` may be two dozen words."""


@lru_cache(maxsize=1 << 12)
def words_for(kana_or_romaji: str) -> tuple[Form, ...]:
    """The words that are read so, in any system of romaji, the commonest first; () if there are none.

    A word of two sounds is left out, and so is the text itself.
    """
    sound = sound_of(kana_or_romaji)
    if len(sound) < SHORTEST:
        return ()
    words = [word for word in load_table("readings").words(sound) if word != kana_or_romaji]
    if is_kana(kana_or_romaji):
        words = [word for word in words if _is_read_so(word, kana_or_romaji)]
    return tuple(Form(word, "reading", round(max(LEAST, BEST - STEP * i), 2)) for i, word in enumerate(words))


def _is_read_so(word: str, kana: str) -> bool:
    """Whether kana are its reading to the letter: かとう is 加藤 and not カット, which romaji may also mean by kato."""
    wanted = katakana(kana)
    readings = [katakana(word)] if is_kana(word) else [m.reading_form() for m in dictionary().lookup(word)]
    return wanted in readings or not readings
