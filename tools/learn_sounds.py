"""Learn how katakana write names that are spelled with Latin letters -> search/data/spelled_sounds.tsv.

    python -m tools.learn_sounds jamdict.db

JMnedict has 70,000 such pairs (ライコネン Raikkonen). A spelling and a sound are taken to be made of pairs of short
pieces (r-ra, ai-i, kk-k, ö-o, n-ne, e-"", n-n); how frequent each pair is, is estimated by expectation maximization.
"""

from __future__ import annotations

import math
import random
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator

from search.foreign.romaji import plain_letters, sound_of_kana
from tools.edrdg import open_dictionaries, write_table

LONGEST_LETTERS = 3
LONGEST_SOUND = 3
"""Of a piece; but x may be one longer: kusu."""

PAIRS_TO_LEARN_FROM = 40_000
ROUNDS = 5
LEAST_EXPECTED = 1.5
"""Pieces that are expected to occur fewer times than this, in all pairs together, are left out."""

Piece = tuple[str, str]


def main() -> None:
    pairs = sorted(set(spelled_names(open_dictionaries(__doc__))))
    random.Random(4).shuffle(pairs)
    some = pairs[:PAIRS_TO_LEARN_FROM]
    chances: dict[Piece, float] = {}
    for round_number in range(ROUNDS):
        counts = count(some, chances)
        if round_number >= 2:
            counts = Counter({piece: n for piece, n in counts.items() if n >= LEAST_EXPECTED})
        total = sum(counts.values())
        chances = {piece: n / total for piece, n in counts.items()}
        print(f"round {round_number + 1}: {len(chances):,} pieces", flush=True)
    write_table("spelled_sounds.tsv", (
        "How katakana write the letters of foreign names: letters, sound, and -100 ln of how frequent the pair is.",
        "A sound is spelled as search/foreign/romaji.py does; - stands for none.",
        "Learned by tools/learn_sounds.py from JMnedict (EDRDG, https://www.edrdg.org/), CC BY-SA 4.0.",
    ), (
        f"{letters or '-'}\t{sound or '-'}\t{round(-100 * math.log(chance))}"
        for (letters, sound), chance in sorted(chances.items())
    ))


def spelled_names(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """(letters, sound) of every name of one word that JMnedict has in katakana alone."""
    rows = db.execute(
        "SELECT k.text, g.text FROM NEKana k JOIN NETranslation t ON t.idseq = k.idseq"
        " JOIN NETransGloss g ON g.tid = t.ID WHERE NOT EXISTS (SELECT 1 FROM NEKanji j WHERE j.idseq = k.idseq)"
    )
    for kana, gloss in rows:
        spelled = plain_letters(re.sub(r"\s*\(.*?\)", "", gloss))
        if re.fullmatch("[ァ-ヺー]+", kana) and re.fullmatch("[a-z]{2,14}", spelled):
            sound = sound_of_kana(kana)
            if 0.4 < len(sound) / len(spelled) < 2.5:
                yield spelled, sound


def count(pairs: list[tuple[str, str]], chances: dict[Piece, float]) -> Counter[Piece]:
    """How often each piece is expected to occur, over all ways to divide each pair."""
    counts: Counter[Piece] = Counter()
    for letters, sound in pairs:
        count_in(letters, sound, chances, counts)
    return counts


def count_in(letters: str, sound: str, chances: dict[Piece, float], counts: Counter[Piece]) -> None:
    n, m = len(letters), len(sound)
    steps = [
        (i, j, i + a, j + b, letters[i : i + a], sound[j : j + b], chance)
        for i in range(n + 1) for j in range(m + 1)
        # A place far from the diagonal belongs to no sensible division.
        if abs(i * m - j * n) <= 4 * max(n, m)
        for a in range(min(LONGEST_LETTERS, n - i) + 1) for b in range(min(LONGEST_SOUND + 1, m - j) + 1)
        if (a or 0 < b <= 2) and (b <= LONGEST_SOUND or "x" in letters[i : i + a])
        for chance in (first_guess(a, b) if not chances else chances.get((letters[i : i + a], sound[j : j + b]), 0.0),)
        if chance
    ]
    forward = {(0, 0): 1.0}
    for i, j, to_i, to_j, _, _, chance in steps:
        here = forward.get((i, j), 0.0)
        if here:
            forward[to_i, to_j] = forward.get((to_i, to_j), 0.0) + here * chance
    whole = forward.get((n, m), 0.0)
    if not whole:
        return
    backward = {(n, m): 1.0}
    for i, j, to_i, to_j, written, heard, chance in reversed(steps):
        rest = backward.get((to_i, to_j), 0.0)
        if rest:
            backward[i, j] = backward.get((i, j), 0.0) + rest * chance
            counts[written, heard] += forward.get((i, j), 0.0) * chance * rest / whole


def first_guess(letters: int, sounds: int) -> float:
    """Before anything is known: short pieces, about as many letters as sounds."""
    if not letters:
        return 1e-4
    return 0.1 ** (letters + sounds + 2 * (sounds == 0))


if __name__ == "__main__":
    main()
