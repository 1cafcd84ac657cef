"""A word as it may also be written: what expansion adds to it, and what a reader can switch off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Why = Literal["spelling", "synonym", "abbreviation", "number", "date", "reading", "english"]


@dataclass(frozen=True, slots=True)
class Form:
    """One other form of a typed word.

    text: as people write it; shown to readers, and typed to switch the form off.
    why: how it follows from what was typed.
    weight: what a hit is worth beside one of the typed word, above 0, at most 1.
    """

    text: str
    why: Why
    weight: float = 1.0
