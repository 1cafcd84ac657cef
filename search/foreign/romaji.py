"""How Japanese is read, in one form for kana and for every system of romaji. For comparing, never for showing.

A reading is spelled with Latin letters, one for each sound, in the manner of kunrei: しゅうきんぺい, シュウキンペイ,
Shūkinpei, shuukinpei and shukinpei are all `syukinpei`. Long vowels and doubled consonants count as short ones, since
hardly two people write them alike.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ROWS = (
    ("", "アイウエオ"), ("k", "カキクケコ"), ("s", "サシスセソ"), ("t", "タチツテト"), ("n", "ナニヌネノ"),
    ("h", "ハヒフヘホ"), ("m", "マミムメモ"), ("r", "ラリルレロ"), ("g", "ガギグゲゴ"), ("z", "ザジズゼゾ"),
    ("d", "ダヂヅデド"), ("b", "バビブベボ"), ("p", "パピプペポ"),
)
_KANA = {kana: consonant + vowel for consonant, row in _ROWS for kana, vowel in zip(row, "aiueo", strict=True)} | {
    "フ": "fu", "ヂ": "zi", "ヅ": "zu", "ヤ": "ya", "ユ": "yu", "ヨ": "yo", "ワ": "wa", "ヰ": "i", "ヱ": "e", "ヲ": "o",
    "ン": "n", "ヴ": "bu", "ー": "", "ッ": "",
}
_SMALL = dict(zip("ァィゥェォャュョヮ", ("a", "i", "u", "e", "o", "ya", "yu", "yo", "wa"), strict=True))
# ウィ is one sound, and so are クァ and イェ.
_BEFORE_SMALL = {"ウ": "w", "ク": "kw", "グ": "gw", "イ": "y"}
_HIRAGANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}

# Hepburn, kunrei, what is typed on keyboards (wāpuro), and slips between them, as this module spells a sound.
_SPELLINGS = tuple((re.compile(written), sound) for written, sound in (
    (r"[^a-z]", ""),
    (r"oh(?![aiueoy])", "o"),                 # Ohtani, Itoh
    (r"m(?=[bpm])", "n"),                     # Namba
    (r"tch|cch", "ch"), (r"dzu|du", "zu"), (r"dj", "j"),
    (r"c(?=[eiy])", "s"), (r"c(?!h)", "k"),    # Kyocera, Ricoh
    (r"s+h", "sy"), (r"ch", "ty"), (r"ts", "t"), (r"jy?", "zy"), (r"l", "r"), (r"v", "b"), (r"hu", "fu"),
    (r"([stz])yi", r"\1i"),
    (r"([b-df-hj-np-tv-z])\1+", r"\1"),
))
_LONG = tuple((re.compile(written), sound) for written, sound in (
    (r"ou", "o"), (r"([aiueon])\1+", r"\1"),
))
_SYLLABLES = re.compile(r"(?:n(?![aiueoy])|(?:[kgsztdnhbpmrfw]?y?w?)[aiueo])+")
_BEGUN = re.compile(rf"(?:{_SYLLABLES.pattern})?[kgsztdnhbpmrfw]?[yw]?")
_IS_KANA = re.compile(r"[ぁ-ゖァ-ヺー・゛゜\s]+")
_LETTERS_BESIDE = str.maketrans("łøßđıðþæœŁØ", "losdidtaelo")


@lru_cache(maxsize=1 << 14)
def sound_of_kana(kana: str) -> str:
    """How hiragana or katakana sound; other characters are left out."""
    return _short("".join(_sounds(kana)))


def _sounds(kana: str, *, full: bool = False) -> list[str]:
    """One for each character, but for a small one. full: * for ッ, and ー as the vowel that it makes long."""
    sounds: list[str] = []
    before = ""
    for char in katakana(kana):
        if char in _SMALL and sounds:
            sounds[-1] = _with_small(sounds[-1], before, _SMALL[char])
        elif full and char in "ーッ":
            sounds.append("*" if char == "ッ" else sounds[-1][-1:] if sounds else "")
        else:
            sounds.append(_KANA.get(char) or _SMALL.get(char, ""))
        before = char
    return sounds


def katakana(kana: str) -> str:
    """Hiragana, and katakana of half width, as katakana."""
    return unicodedata.normalize("NFKC", kana).translate(_HIRAGANA)


def _with_small(sound: str, kana: str, small: str) -> str:
    """キ + ャ is kya, チ + ェ is tye, フ + ァ is fa, テ + ィ is ti."""
    if kana in _BEFORE_SMALL:
        return _BEFORE_SMALL[kana] + small
    consonant = sound.rstrip("aiueo")
    # シ, チ, ジ before a small vowel: tye, not te.
    glide = "y" if kana in ("シ", "チ", "ジ", "ヂ") and small in ("a", "u", "e", "o") else ""
    return consonant + glide + small if consonant else sound + small


def _short(sounds: str) -> str:
    for written, sound in _LONG:
        sounds = written.sub(sound, sounds)
    return sounds


def plain_letters(text: str) -> str:
    """Lower case, without accents: Erdoğan is erdogan, Shūkinpei shukinpei."""
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS_BESIDE))
    return "".join(char for char in bare if not unicodedata.combining(char))


@lru_cache(maxsize=1 << 12)
def sound_of_romaji(romaji: str) -> str:
    """How romaji sounds; "" for what is none (Lavrov ends in v)."""
    sound = plain_letters(romaji)
    for written, also in _SPELLINGS:
        sound = written.sub(also, sound)
    sound = _short(sound)
    return sound if _SYLLABLES.fullmatch(sound) else ""


@lru_cache(maxsize=1 << 12)
def begun_romaji(letters: str) -> str:
    """How romaji begins to sound that is still being typed: syuk for shuuk, s for sh; "" for what is none."""
    sound = plain_letters(letters)
    for written, also in _SPELLINGS:
        sound = written.sub(also, sound)
    # sh may become し, which is spelled si, or しゅ, which is syu.
    sound = re.sub(r"(?<=[stz])y$", "", _short(sound))
    return sound if _BEGUN.fullmatch(sound) else ""


@lru_cache(maxsize=1 << 12)
def full_sound_of(text: str) -> str:
    """As `sound_of`, but what is long or double stays so: とうきょう and toukyou are `toukyou`, メッシ is `messi`."""
    if is_kana(text):
        return re.sub(r"\*+(.?)", r"\1\1", "".join(_sounds(text, full=True)))
    sound = plain_letters(text)
    for written, also in _SPELLINGS[:-1]:       # the last one makes double consonants single
        sound = written.sub(also, sound)
    return sound


def is_kana(text: str) -> bool:
    """Whether the text is all hiragana or katakana."""
    return bool(_IS_KANA.fullmatch(unicodedata.normalize("NFKC", text))) and not text.isspace()


def sound_of(text: str) -> str:
    """How kana or romaji sounds; "" for everything else."""
    return sound_of_kana(text) if is_kana(text) else sound_of_romaji(text)
