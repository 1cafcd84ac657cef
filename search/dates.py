"""Days as people type them into a form or an option."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date

_DAYS = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月?)|年?)\Z")


def read_days(text: str) -> tuple[date, date] | None:
    """The first and the last day that `text` means: 2024, 2024-04, 2024-04-10, 2024年4月, in any width.

    None if it is no date.
    """
    match = _DAYS.match(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return None
    year, month, day = (int(group) if group else None for group in match.groups())
    assert year is not None     # the pattern has no match without it
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return first, first
    last_month = month or 12
    return first, date(year, last_month, monthrange(year, last_month)[1])
