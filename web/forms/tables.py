"""CSV (RFC 4180), for spreadsheets and tables. Times are Japanese time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from web.dates import machine
from web.forms.record import Record

COLUMNS = ("id", "title", "published", "source", "desk", "url", "snippet", "page", "authors")

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(records: Iterable[Record]) -> Iterator[str]:
    """A line of column names, then one line per article, each with its \\r\\n."""
    yield _line(COLUMNS)
    for one in records:
        yield _line((
            one.id, one.title, machine(one.published) if one.published else "", one.source or "", one.desk or "",
            one.url or "", one.summary, one.here or "", "; ".join(one.authors),
        ))


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    # A spreadsheet runs a cell that begins like this as a formula; the apostrophe makes it text.
    csv.writer(line).writerow(f"'{cell}" if cell.startswith(_FORMULAS) else cell for cell in cells)
    return line.getvalue()
