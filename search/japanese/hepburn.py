"""Kana -> Latin letters as they are shown to readers: Hepburn without marks for long vowels. `foreign/romaji.py` is for
comparing."""

from __future__ import annotations

import re
import unicodedata

from search.japanese.tokens import MAX_CHUNK_CHARS, reading, units

_ROWS = (
    ("", "アイウエオ"), ("k", "カキクケコ"), ("s", "サシスセソ"), ("t", "タチツテト"), ("n", "ナニヌネノ"),
    ("h", "ハヒフヘホ"), ("m", "マミムメモ"), ("r", "ラリルレロ"), ("g", "ガギグゲゴ"), ("z", "ザジズゼゾ"),
    ("d", "ダヂヅデド"), ("b", "バビブベボ"), ("p", "パピプペポ"), ("v", "ヷヸヴヹヺ"),
)
_KANA = {kana: consonant + vowel for consonant, row in _ROWS for kana, vowel in zip(row, "aiueo", strict=True)} | {
    "シ": "shi", "チ": "chi", "ツ": "tsu", "フ": "fu", "ジ": "ji", "ヂ": "ji", "ヅ": "zu", "ヴ": "vu", "ヤ": "ya",
    "ユ": "yu", "ヨ": "yo", "ワ": "wa", "ヲ": "o", "ン": "n", "ー": "", "ヰ": "i", "ヱ": "e",
}
_SMALL = dict(zip("ァィゥェォャュョヮ", ("a", "i", "u", "e", "o", "ya", "yu", "yo", "wa"), strict=True))
_CONSONANTS = tuple("kgstzdnhmrbpfvy")
_LATIN = re.compile(r"[0-9A-Za-z]+")


def hepburn(kana: str) -> str:
    """シュウキンペイ -> shuukinpei; what is no katakana is left out."""
    letters = ""
    doubled = False
    for char in kana:
        if char == "ッ":
            doubled = True
        elif char in _SMALL:
            letters = _with_small(letters, _SMALL[char])
        elif char in _KANA:
            sound = _KANA[char]
            letters += ("t" if sound.startswith("ch") else sound[:1]) + sound if doubled else sound
            doubled = False
    return letters


def _with_small(letters: str, small: str) -> str:
    """キ + ャ is kya, シ + ャ sha, フ + ァ fa, ウ + ィ wi."""
    if letters.endswith(("shi", "chi", "ji")) and small[0] == "y":
        return letters[:-1] + small[1:]
    if letters.endswith(("shi", "chi", "ji")):
        return letters[:-1] + small
    if letters.endswith("u") and letters[-2:-1] not in _CONSONANTS:
        return f"{letters[:-1]}w{small}"
    return letters[:-1] + small


def slug(text: str, most: int = 48) -> str:
    """What a text may be called in an address: its reading, with a-z, 0-9 and - alone; "" if nothing of it can be read.

    most: characters; cut at a hyphen where there is one.
    """
    folded = unicodedata.normalize("NFKC", text)[:MAX_CHUNK_CHARS]
    words = (
        unit.surface.lower() if _LATIN.fullmatch(unit.surface) else hepburn(reading(unit.surface))
        for unit in units(folded) if unit.term
    )
    made = "-".join(filter(None, words))
    return made if len(made) <= most else made[: most + 1].rpartition("-")[0] or made[:most]
