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
    year, month, day = match.groups()
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if day:
        return first, first
    last_month = first.month if month else 12
    return first, date(first.year, last_month, monthrange(first.year, last_month)[1])
