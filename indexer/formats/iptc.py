"""What NITF, NewsML and NewsML-G2 share: the IPTC's codes in Japanese, and how an agency says that an item is gone."""

from __future__ import annotations

import re
from base64 import b64decode

from indexer.decoding import decode

# The first two digits of the IPTC's subject codes (01000000, medtop:11000000), in the words of Japanese desks.
_NAMES = (
    *("文化・芸能", "事件・司法", "災害・事故", "経済", "教育", "環境", "医療・健康", "話題", "労働"),
    *("暮らし", "政治", "宗教", "科学・技術", "社会", "スポーツ", "紛争", "気象"),
)
SUBJECTS = {f"{number:02}": name for number, name in enumerate(_NAMES, start=1)}
SUBJECT_CODE = re.compile(r"(?:.*[:/])?(\d\d)\d{6}")

# NITF's management-status, NewsML's Status, NewsML-G2's pubStatus.
WITHDRAWN = frozenset({"canceled", "cancelled", "withheld", "killed", "deleted"})


def subject(code: str | None) -> str | None:
    """A subject code's topic of the first level in Japanese, None for what is no such code."""
    match = SUBJECT_CODE.fullmatch(code or "")
    return SUBJECTS.get(match[1]) if match else None


def why_withdrawn(status: str | None) -> str | None:
    """The reason why an item of this status is no article, None where it is one. status: with or without `stat:`."""
    name = (status or "").rpartition(":")[2].strip().lower()
    return f"the agency withdrew it (status {name})" if name in WITHDRAWN else None


def from_base64(text: str) -> str:
    """The text that is packed so. Raises ValueError, which Undecodable is, where it is none."""
    return decode(b64decode("".join(text.split()), validate=True))
