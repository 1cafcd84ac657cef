"""What may stand before a colon: 人物:習近平, 見出し:停戦, 日付:2024-04."""

from __future__ import annotations

import re
import unicodedata

TITLE = "title"
DATE = "date"

NAMES: dict[str, tuple[str, ...]] = {
    TITLE: ("見出し", "title", "headline", "タイトル"),
    "person": ("人物", "person", "人名"),
    "country": ("国", "country", "国名"),
    "organization": ("組織", "organization", "org", "organisation", "団体"),
    "place": ("地名", "place", "場所"),
    "topic": ("話題", "topic"),
    "desk": ("面", "desk", "section"),
    "source": ("媒体", "source"),
    "year": ("年", "year"),
    DATE: ("日付", "date", "期間"),
}
"""Field -> what people call it, the name to write first. Fields are the facets of `search.results`, title and date."""

_FIELD_OF = {name: field for field, names in NAMES.items() for name in names}

# A field is the whole beginning of a token; 12 letters are the longest name.
_BEFORE_COLON = re.compile(r"(?P<name>[^\W\d_]{1,12})[:：]")


def field_at(text: str, at: int) -> tuple[str, int] | None:
    """The field whose name and colon stand in `text` at `at`, and where its value begins; None if there is none."""
    match = _BEFORE_COLON.match(text, at)
    if not match:
        return None
    field = _FIELD_OF.get(unicodedata.normalize("NFKC", match["name"]).casefold())
    return (field, match.end()) if field else None
