"""What puts the best matches in order: those come first whose title and opening have the words, side by side.

A news article says in its first sentences what it is about; further down it tells what happened before. On judged
sets (docs/quality.md) the words of the lead, and pairs of characters in it, were worth more than anything else that
was tried beside BM25F: windows of the text, feedback from the best matches, latent topics.
"""

from __future__ import annotations

DEPTH = 200
"""So many matches are put in order, the best by their words alone. Of 1,000 headlines none had its article further
down, of 1,000 questions eight (docs/quality.md)."""

WORDS_IN_LEAD = 1.3
PAIRS_IN_LEAD = 0.45
SIDE_BY_SIDE = 0.1
"""Beside the score of the words, which counts once. Chosen together on judged sets, docs/quality.md; a half or twice as
much of one changes nDCG@10 by less than .003."""

LEAD_K1 = 0.4
"""BM25's K1 for the lead: in two or three sentences, a word that stands there twice says little more than once."""

LEAD_CHARS = 240
"""As many as LEAD_TOKENS have."""

NEXT_TOKENS = 2
NEAR_TOKENS = 10
"""Tokens between two words that are side by side, and between those that are near, which counts half."""
