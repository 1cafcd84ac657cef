"""Tables: CSV, TSV and their kin, an article to a row, its columns told by their names or by `--map`.

    記事ID,日付,見出し,本文,媒体
    wn-1,2014/08/15,イラクのマリキ首相が辞任を表明,"イラクのマリキ首相が…
    指名に対して…",見本新聞
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from unicodedata import normalize

from indexer.decoding import Undecodable
from indexer.formats import streaming
from indexer.formats.named_values import article
from indexer.formats.names import Layout, layout
from indexer.formats.rows import Dialect, rows_of
from indexer.formats.source import Source, Unreadable
from indexer.raw import RawArticle, Rejection, Where

DELIMITERS = "\t,;|"

# `sep=;`, which Excel writes above a table.
SEPARATOR_LINE = re.compile(r"\ufeff?sep=(.)[ \t]*(?:\n|\Z)", re.IGNORECASE)
# ="0012": a text of digits, as Excel is told not to make a number of it.
EXCEL_TEXT = re.compile(r'="(.*)"', re.DOTALL)
PAGE_NUMBER = re.compile(r"\d{1,2}")

# What begins other formats, some of which have commas in their first lines.
OTHER_FORMATS = ("{", "[", "<", "|", "#", "---")

# A name of a column is a word or two; a longer cell is text.
MAX_COLUMN_NAME_CHARS = 40

# A list's own title and the day it was made may stand above its header.
HEADER_WITHIN_ROWS = 5
LOOKED_AT_ROWS = 12

# Above this share of U+FFFD a row is of another encoding than the file; as in `indexer.decoding`.
MAX_BROKEN = 0.01

SHOWN_COLUMNS = 20


@dataclass(frozen=True, slots=True)
class Table:
    """How a file writes its rows.

    above: lines above the header, or above the first row where there is none.
    names: what its columns are called, each once; numbers from 1 where there is no header.
    """

    dialect: Dialect
    above: int
    has_header: bool
    names: tuple[str, ...]


def claims(source: Source) -> bool:
    """A header that names a title or a text above rows of as many cells; by its name, any such rows."""
    return _table(source) is not None


def read(source: Source) -> Iterator[RawArticle | Rejection]:
    """One article or Rejection per row. Raises Unreadable where no column is known, Undecodable."""
    table = _table(source)
    if table is None:
        raise Unreadable("no table")
    meant = layout(table.names, source.facts.columns)
    if "title" not in meant.fields and not meant.bodies:
        raise Unreadable(_nothing_known(table))
    rows = rows_of(streaming.pieces(source), table.dialect, table.above)
    for line, cells in islice(rows, 1, None) if table.has_header else rows:
        where = Where(source.where.path, line)
        if isinstance(cells, str):
            yield Rejection(where, cells)
        elif any(cells):
            yield _article(cells, table, meant, where)


def _article(cells: list[str], table: Table, meant: Layout, where: Where) -> RawArticle | Rejection:
    cells = _without_empty_end(cells, len(table.names))
    if len(cells) != len(table.names):
        first = "header" if table.has_header else "first row"
        return Rejection(where, f"{len(cells)} cells where the {first} has {len(table.names)}")
    if sum(cell.count("\ufffd") for cell in cells) > MAX_BROKEN * sum(map(len, cells)):
        return Rejection(where, "not text in the encoding of the rows above")
    record: dict[str, object] = {name: _cell(cell) for name, cell in zip(table.names, cells, strict=True)}
    for name in (name for group in meant.bodies for name in group):
        record[name] = _paragraphs(str(record[name]))
    for name in meant.fields.get("desk", ()):
        record[name] = _desk(str(record[name]), name)
    return article(record, where, meant)


def _cell(cell: str) -> str:
    cell = cell.strip()
    excel = EXCEL_TEXT.fullmatch(cell)
    return excel[1] if excel else cell


def _paragraphs(cell: str) -> str:
    """A line break in a cell parts paragraphs."""
    return "\n\n".join(line.strip() for line in cell.split("\n") if line.strip()) if "\n" in cell else cell


def _desk(cell: str, name: str) -> str:
    """国際面 is the desk 国際; 1 in a column of pages is 1面."""
    if "面" in name and PAGE_NUMBER.fullmatch(normalize("NFKC", cell)):
        return f"{cell}面"
    return cell.removesuffix("面") if len(cell) > 2 and not normalize("NFKC", cell)[0].isdigit() else cell


# ---- telling a table ------------------------------------------------------------------------------


def _table(source: Source) -> Table | None:
    """How the file writes its rows; None where it is no table."""
    opening = source.opening
    first_lines = opening.split("\n", HEADER_WITHIN_ROWS)[:HEADER_WITHIN_ROWS]
    if opening.startswith(OTHER_FORMATS) or not any(mark in line for line in first_lines for mark in DELIMITERS):
        return _single_column(source)
    try:
        text = streaming.opening(source)
    except Undecodable:
        return None
    stated = SEPARATOR_LINE.match(text)
    tables = [
        _table_with(text, Dialect(mark, _escape(text, mark)), 1 if stated else 0, source)
        for mark in (stated[1] if stated else DELIMITERS)
        if mark in text
    ]
    found = [table for table in tables if table is not None]
    columns = source.facts.columns
    return max(found, key=lambda one: (_count_known(one.names, columns), len(one.names)), default=None)


def _table_with(text: str, dialect: Dialect, above: int, source: Source) -> Table | None:
    """The table that an opening is if its cells are parted so; None where it is none."""
    columns = source.facts.columns
    looked_at = islice(rows_of(iter([text]), dialect, above), HEADER_WITHIN_ROWS + LOOKED_AT_ROWS)
    rows = [(line, _without_empty_end(cells)) for line, cells in looked_at if isinstance(cells, list) and any(cells)]
    # A number says which column is meant, and nothing of what is in it.
    named = {column: field for column, field in columns.items() if not column.isdecimal()}
    for number, (line, cells) in enumerate(rows[:HEADER_WITHIN_ROWS]):
        if _is_header(cells, named) and _is_followed(cells, rows[number + 1 :]):
            return Table(dialect, line - 1, True, _unique(cells))
    by_number = bool(columns) and not named
    if not rows or not (by_number or source.named(".csv", ".tsv")):
        return None
    line, cells = rows[0]
    if len(cells) < 2 or len(rows) < 2 or not _is_followed(cells, rows[1:]):
        return None
    names = tuple(str(number) for number in range(1, len(cells) + 1)) if by_number else _unique(cells)
    return Table(dialect, line - 1, not by_number, names)


def _is_header(cells: Sequence[str], columns: Mapping[str, str]) -> bool:
    """Whether the cells are names of columns, with a title or a text among them."""
    if len(cells) < 2 or any(len(cell) > MAX_COLUMN_NAME_CHARS or "\n" in cell for cell in cells):
        return False
    meant = layout(cells, columns)
    tells = "title" in meant.fields or bool(meant.bodies)
    return tells and (_count_known(cells, columns) > 1 or all(cells))


def _is_followed(header: Sequence[str], rows: Sequence[tuple[int, list[str]]]) -> bool:
    """Whether most rows have as many cells as the header; the last looked at may be cut off."""
    # Cells at a row's end may be empty, and are gone then.
    fitting = sum(1 < len(cells) <= len(header) for _, cells in rows)
    return fitting >= len(rows) - fitting


def _single_column(source: Source) -> Table | None:
    """A list of texts below one known name."""
    if not source.named(".csv", ".tsv"):
        return None
    try:
        text = streaming.opening(source)
    except Undecodable:
        return None
    line, cells = next(rows_of(iter([text]), Dialect(",", None), 0), (0, ""))
    if not isinstance(cells, list) or len(cells) != 1:
        return None
    meant = layout(cells, source.facts.columns)
    return Table(Dialect(",", None), line - 1, True, tuple(cells)) if meant.bodies or meant.fields else None


def _escape(text: str, delimiter: str) -> str | None:
    r"""A backslash where quotes in cells are written `\"`, as databases export them, and never `""`."""
    without_empty = text.replace(f'{delimiter}""', delimiter)
    return "\\" if '\\"' in text and '""' not in without_empty else None


def _count_known(names: Sequence[str], columns: Mapping[str, str]) -> int:
    meant = layout(names, columns)
    return len({name for group in (*meant.fields.values(), *meant.bodies) for name in group})


def _without_empty_end(cells: list[str], width: int = 0) -> list[str]:
    """The cells without empty ones at their end, but at least `width` of them."""
    end = len(cells)
    while end > width and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def _unique(cells: Sequence[str]) -> tuple[str, ...]:
    """Names of columns, each once: 本文, 本文 (2); the number of the column for one without a name."""
    names: list[str] = []
    seen: dict[str, int] = {}
    for number, cell in enumerate(cells, start=1):
        name = " ".join(cell.split()) or str(number)
        seen[name] = seen.get(name, 0) + 1
        name = f"{name} ({seen[name]})" if seen[name] > 1 else name
        names.append(name if name not in names else f"{name} ({number})")
    return tuple(names)


def _nothing_known(table: Table) -> str:
    shown = [name if len(name) <= MAX_COLUMN_NAME_CHARS else f"{name[:MAX_COLUMN_NAME_CHARS]}…" for name in table.names]
    listed = ", ".join(shown[:SHOWN_COLUMNS]) + (", …" if len(shown) > SHOWN_COLUMNS else "")
    example = shown[0] if table.has_header else "1"
    return (
        f"a table none of whose columns is known as title or text: {listed}; "
        f"say what they are, as in --map '{example}=title'"
    )
