"""Readings in kana or romaji -> the words that are read so: ていせん or teisen, 停戦; kishida, 岸田.

From `search/data/readings.tsv`: common words of JMdict, and surnames and places of JMnedict that Sudachi has too.
"""

from __future__ import annotations

from functools import lru_cache

from search.foreign.romaji import full_sound_of, is_kana, katakana, sound_of
from search.foreign.tables import load_table
from search.japanese.tokens import dictionary, reading
from search.query.forms import Form

BEST, LEAST, STEP = 0.7, 0.4, 0.08
"""Weights: of the commonest word that is read so, of the last ones, and how much less each is than the one before."""

SHORTEST = 3
"""Letters of the shortest sound that is looked up, as `romaji` spells it: `ki` may be two dozen words."""


@lru_cache(maxsize=1 << 12)
def words_for(kana_or_romaji: str) -> tuple[Form, ...]:
    """The words that are read so, in any system of romaji, the commonest first; () if there are none.

    What has fewer letters than SHORTEST is no reading, and the text itself no other word. Who types a vowel long or a
    consonant double (toukyou) means a word that is read so, if there is one: 東京, not 特許. Who types them short
    (tokyo) may mean either.
    """
    sound = sound_of(kana_or_romaji)
    if len(sound) < SHORTEST:
        return ()
    words = [word for word in load_table("readings").words(sound) if word != kana_or_romaji]
    if is_kana(kana_or_romaji):
        words = [word for word in words if katakana(kana_or_romaji) in _kana_of(word)]
    elif (full := full_sound_of(kana_or_romaji)) != sound:
        words = [word for word in words if full in map(full_sound_of, _kana_of(word))] or words
    return tuple(Form(word, "reading", round(max(LEAST, BEST - STEP * i), 2)) for i, word in enumerate(words))


@lru_cache(maxsize=1 << 12)
def _kana_of(word: str) -> tuple[str, ...]:
    """How a word is read to the letter: かとう is 加藤 and not カット, which romaji may also mean by kato.

    What Sudachi does not have as one word (案内書) is read as its parts are.
    """
    if is_kana(word):
        return (katakana(word),)
    return tuple(m.reading_form() for m in dictionary().lookup(word)) or (katakana(reading(word)),)
