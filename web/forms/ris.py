"""RIS, for reference managers: Zotero, EndNote, Mendeley and others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from web.forms.record import Record, one_line


def ris_records(records: Iterable[Record]) -> Iterator[str]:
    """One record of type NEWS per article, its lines ended by \\r\\n."""
    for one in records:
        lines = "".join(f"{tag}  - {value}\r\n" for tag, value in _fields(one) if value)
        yield f"{lines}ER  - \r\n\r\n"


def _fields(record: Record) -> Iterator[tuple[str, str | None]]:
    """(tag, value) in the order they are written; Zotero maps them for the type NEWS."""
    yield "TY", "NEWS"
    yield "ID", one_line(record.id)
    yield "TI", record.title
    for author in record.authors:
        yield "AU", author
    yield "T2", record.source
    yield "SE", record.desk
    if parts := record.date_parts:
        written = f"{parts[0]:04}", *(f"{part:02}" for part in parts[1:])
        yield "PY", written[0]
        # Year, month, day and more to say, with a slash for each that is not known: 2024/04//
        yield "DA", "/".join(written) + "/" * (4 - len(written))
    yield "AB", record.summary
    yield "LA", "ja"
    yield "UR", record.url
    yield "L2", record.here
    yield "DP", "Kijigura"
