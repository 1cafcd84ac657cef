"""How much a decoded text looks like Japanese: what tells encodings apart that all give some characters.

A character costs what it takes to say it in bits, by the kind of character it is, so two readings of the same bytes
can be compared although they have different numbers of characters: the cheaper one is the likelier one. Kinds are
about as dear as they are rare in newspapers. The numbers were chosen on one half of the articles that
`python -m benchmarks.encodings` reads; what it reports is the other half.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

# JIS X 0208 rows 16 to 47: the 2,965 kanji of level 1, nearly all that newspapers print.
LEVEL_1 = "".join(
    bytes((0xA0 + row, 0xA0 + cell)).decode("euc_jp", "ignore") for row in range(16, 48) for cell in range(1, 95)
)

# Kanji that JIS X 0208 has in a simplified form alone, and books and newspapers print in full.
IN_PRINT = "啞焰鷗嚙俠軀鹼麴屛繡蔣醬蟬搔簞摑塡顚禱瀆囊潑醱頰萊蠟攢驒俱剝𠮟吞噓姸幷瘦繫"
# And forms in names that only Windows has.
IN_NAMES = "髙﨑德黑濵彅栁瀨"


class Kind(NamedTuple):
    """A kind of character. cost: bits. usual: whether Japanese prose has many. kana: or the marks that go with them."""

    chars: str
    cost: float
    is_usual: bool = False
    is_kana: bool = False


_ASCII = Kind(r"[\t\n\r -~]", 8)
# A character is of the first of these that it fits.
_KINDS = (
    _ASCII,
    Kind("[ぁ-んー、。「」・\u3000]", 7, is_usual=True, is_kana=True),
    Kind("[ァ-ヶ]", 9, is_usual=True, is_kana=True),
    Kind(f"[{LEVEL_1}々〇]", 10, is_usual=True),
    # EUC-JP read as cp932 has two of them for a character, and two are dearer than any usual one.
    Kind("[｡-ﾟ]", 8, is_usual=True),
    Kind("[！-～（）『』【】〈〉《》〔〕…―‐〜−※○●◎□■◇◆△▲▽▼☆★→←↑↓]", 13, is_usual=True),
    Kind(f"[{IN_PRINT}{IN_NAMES}]", 15),
    Kind("[一-鿿]", 22),
    # Greek, Cyrillic, Latin letters with marks, ① and ㈱, kanji that came late.
    Kind("[¡-ӿ‐-⟿⺀-㏿豈-﫿￠-￦\U00020000-\U0003ffff]", 22),
    # Private use, control characters, broken ones, other scripts.
    Kind("(?s:.)", 32),
)
_KIND = re.compile("|".join(f"({kind.chars})" for kind in _KINDS))


@lru_cache(maxsize=1 << 16)
def _kind_of(char: str) -> Kind:
    match = _KIND.match(char)
    # The last kind takes any character.
    return _KINDS[(match.lastindex or 0) - 1] if match else _KINDS[-1]


def bits(text: str) -> float:
    """What it takes to say `text`; less is likelier."""
    return sum(_kind_of(char).cost * times for char, times in Counter(text).items())


class Look(NamedTuple):
    """Shares, 0 to 1. usual, kana: of the characters beyond ASCII. fit: of all, those in ASCII or usual."""

    usual: float
    kana: float
    fit: float


def look_of(text: str) -> Look:
    """What kinds of characters `text` has; shares of nothing are 0."""
    kinds: Counter[Kind] = Counter()
    for char, times in Counter(text).items():
        kinds[_kind_of(char)] += times
    usual = sum(times for kind, times in kinds.items() if kind.is_usual)
    kana = sum(times for kind, times in kinds.items() if kind.is_kana)
    in_all, in_ascii = kinds.total(), kinds[_ASCII]
    beyond = max(in_all - in_ascii, 1)
    return Look(usual / beyond, kana / beyond, (usual + in_ascii) / max(in_all, 1))
