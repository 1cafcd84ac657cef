"""Columns of lines to a title and paragraphs: what a page repeats goes, lines are joined, headings are marked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from indexer.formats.pdf_layout import Block, Segment
from indexer.formats.wrapping import ENDS_WIDE, WIDE, join_lines

# How near to each other, in points, what repeats stands on its pages.
SAME_PLACE = 6

# Of the usual size; headings in newspapers and reports begin at one and a quarter.
HEADING_SIZE = 1.15
TITLE_SIZE = 1.2
MAX_TITLE_CHARS = 120
MAX_HEADING_CHARS = 60
MAX_HEAD_CHARS = 40
FIRST_LINES = 40

# In sizes of the font: an indent is one character, and so much shorter than its column a line has ended.
INDENT = (0.6, 2.6)
SHORT = 1.8
# Between two lines, against what is usual.
WIDE_GAP = 1.45

_DASHES = r"[-–—‐―ー(（)）\s]*"
PAGE_NUMBER = re.compile(
    rf"{_DASHES}(?:p\.?|page|第)?\s*[\d０-９]{{1,4}}\s*(?:[/／]\s*[\d０-９]{{1,4}}|頁|ページ|面)?{_DASHES}",
    re.IGNORECASE,
)
DIGITS = re.compile(r"[\d０-９]+")
SENTENCE_END = ("。", "」", "』", "）", ".", "?", "!", "？", "！", ")")
SPACE_IN_JAPANESE = re.compile(rf"(?<=[{WIDE}]) +(?=[{WIDE}])")
# Letters set apart: 首 脳 が 会 談
SPACED_OUT = re.compile(rf"[{WIDE}](?: +[{WIDE}])+")
HYPHEN = re.compile(r"[A-Za-z]{2,}-\Z")


@dataclass(frozen=True, slots=True)
class Text:
    """title: what is set largest at the beginning, if anything is. heads: what stands above it, and heads of pages."""

    title: str | None
    body: str
    heads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a column. begins: whether it stands in, or apart. ends: whether it is shorter than its column."""

    text: str
    size: float
    begins: bool
    ends: bool


def text_of(pages: Sequence[Sequence[Block]]) -> Text:
    """The text of a document's pages."""
    pages = [[block for block in page if block] for page in pages]
    repeated = _repeated(pages)
    kept = [[_without(block, repeated) for block in page] for page in pages]
    blocks = [block for page in kept for block in page if block]
    sizes = Counter(round(one.size, 1) for block in blocks for one in block for _ in one.glyphs)
    if not sizes:
        return Text(None, "", ())
    usual = sizes.most_common(1)[0][0]
    lines = [line for block in blocks for line in _lines(block)]
    title, above, lines = _title(lines, usual)
    heads = [line.text for line in above if _is_head(line, usual)]
    lines = [line for line in above if not _is_head(line, usual)] + lines
    return Text(title, "\n\n".join(_paragraphs(lines, usual)), tuple(dict.fromkeys([*heads, *repeated.values()])))


# ---- what pages repeat ----------------------------------------------------------------------------


def _repeated(pages: Sequence[Sequence[Block]]) -> dict[int, str]:
    """Segments (by identity) that are the number of a page, or stand on most pages at one place; with their text."""
    found: dict[int, str] = {}
    places: dict[tuple[str, int], list[Segment]] = {}
    for page in pages:
        segments = [one for block in page for one in block]
        for one in segments:
            text = one.text()
            if _is_at_edge(one, segments) and PAGE_NUMBER.fullmatch(text):
                found[id(one)] = text
            places.setdefault((DIGITS.sub("0", text), round(one.across / SAME_PLACE)), []).append(one)
    least = max(2, len(pages) // 2)
    for same in places.values():
        if len(same) >= least and len(pages) > 1:
            found |= {id(one): one.text() for one in same}
    return found


def _is_at_edge(segment: Segment, segments: Sequence[Segment]) -> bool:
    """Whether it is the first or the last on its page of those that run its way, with nothing beside it."""
    others = [one.across for one in segments if one is not segment and one.vertical == segment.vertical]
    gap = segment.size
    return not others or segment.across > max(others) + gap or segment.across < min(others) - gap


def _without(block: Block, repeated: dict[int, str]) -> Block:
    return [one for one in block if id(one) not in repeated]


# ---- lines and paragraphs -------------------------------------------------------------------------


def _lines(block: Block) -> Iterator[_Line]:
    """The lines of a column, with what the places of their ends say."""
    rows = _rows(block)
    start = min(row[0].start for row in rows)
    # The longest line may hang over, or be a headline: most lines end where the column does.
    ends = sorted(row[-1].end for row in rows)
    end = ends[-1 - len(ends) // 10]
    pitches = [above[0].across - below[0].across for above, below in pairwise(rows)]
    usual_pitch = median(pitches) if pitches else 0.0
    before: list[Segment] | None = None
    # A column goes on where the one before it ended, unless its first line stands in.
    for row in rows:
        size = row[0].size
        indent = (row[0].start - start) / size
        begins = row[0].is_indented or INDENT[0] < indent < INDENT[1]
        if before is not None:
            gap = before[0].across - row[0].across
            begins = (
                begins
                or gap > WIDE_GAP * usual_pitch + 0.1 * size
                or abs(size - before[0].size) > 0.12 * size
            )
        yield _Line(_row_text(row), size, begins, _has_ended(row, end, end - start))
        before = row


def _rows(block: Block) -> list[list[Segment]]:
    """Segments of one line together."""
    rows: list[list[Segment]] = []
    for one in block:
        if rows and abs(rows[-1][0].across - one.across) < 0.4 * one.size:
            rows[-1].append(one)
        else:
            rows.append([one])
    return [sorted(row, key=lambda one: one.start) for row in rows]


def _row_text(row: list[Segment]) -> str:
    text = row[0].text()
    for one in row[1:]:
        more = one.text()
        text += ("　" if ENDS_WIDE.search(text) and ENDS_WIDE.search(more[:1]) else " ") + more
    return text


def _has_ended(row: list[Segment], end: float, width: float) -> bool:
    """Whether a line is so short that what it belongs to has ended."""
    last = row[-1]
    left = end - last.end
    if ENDS_WIDE.search(last.text()[-1:]):
        return left > SHORT * last.size
    # Lines of Latin words end raggedly.
    return left > max(0.3 * width, SHORT * last.size) and last.text().endswith(SENTENCE_END)


def _title(lines: list[_Line], usual: float) -> tuple[str | None, list[_Line], list[_Line]]:
    """The lines in the largest type among the first, what stands above and what below them."""
    first = lines[:FIRST_LINES]
    largest = max(line.size for line in first)
    if largest < TITLE_SIZE * usual:
        return None, [], lines
    at = next(number for number, line in enumerate(first) if line.size > 0.97 * largest)
    end = at
    title = ""
    while end < len(lines) and lines[end].size > 0.97 * largest:
        title = join_lines(title, lines[end].text) if title else lines[end].text
        end += 1
    if len(title) > MAX_TITLE_CHARS:
        return None, [], lines
    return _tidy(title), lines[:at], lines[end:]


def _is_head(line: _Line, usual: float) -> bool:
    """Whether a line above the title is the name of the paper and the like, and no part of the article."""
    return line.size <= HEADING_SIZE * usual and len(line.text) <= MAX_HEAD_CHARS and "。" not in line.text


def _paragraphs(lines: Sequence[_Line], usual: float) -> Iterator[str]:
    """Paragraphs, and headings after `## `."""
    text = ""
    before: _Line | None = None
    for line in lines:
        if before is None or line.begins or before.ends or abs(line.size - before.size) > 0.12 * line.size:
            if before is not None:
                yield _marked(text, before.size, usual)
            text = line.text
        else:
            text = _joined(text, line.text)
        before = line
    if before is not None:
        yield _marked(text, before.size, usual)


def _joined(text: str, line: str) -> str:
    """Two lines as one, a word that was broken in two as a word."""
    if HYPHEN.search(text) and line[:1].islower():
        return text[:-1] + line
    return join_lines(text, line)


def _marked(text: str, size: float, usual: float) -> str:
    text = _tidy(text)
    is_heading = size > HEADING_SIZE * usual and len(text) <= MAX_HEADING_CHARS and "。" not in text
    return f"## {text}" if is_heading else text


def _tidy(text: str) -> str:
    """Without the spaces that only set characters apart; in a short line they part words: 4月10日 見本新聞."""
    text = text.strip(" 　")
    if "。" in text or len(text) > MAX_HEADING_CHARS or SPACED_OUT.fullmatch(text):
        return SPACE_IN_JAPANESE.sub("", text)
    return text
