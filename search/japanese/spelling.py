"""One written form for characters that differ only in how they are encoded or fashioned."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Names that no dictionary has are spelled either way: ラヴロフ and ラブロフ. Longest first.
_V_SOUNDS = (("ヴァ", "バ"), ("ヴィ", "ビ"), ("ヴェ", "ベ"), ("ヴォ", "ボ"), ("ヴュ", "ビュ"), ("ヴ", "ブ"))


@lru_cache(maxsize=1 << 17)
def fold(text: str) -> str:
    """`text` in one width and case, with ヴ written as ブ. For comparing, never for showing."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if "ヴ" in folded:
        for written, also in _V_SOUNDS:
            folded = folded.replace(written, also)
    return folded.strip()
