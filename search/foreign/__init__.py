"""Readings, romaji and English: what finds Japanese words and names that were typed in other letters."""
