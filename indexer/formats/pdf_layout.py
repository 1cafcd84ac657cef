"""Runs of characters on a page to its text in the order in which it is read.

One way of looking serves both ways of writing: `start` and `end` grow along a line as it is read, and `across` falls
from line to line. So horizontal lines are read from the top down, and vertical ones from right to left.

A page is cut where a white band goes through all of it: first bands across the lines, which part columns (in
vertical writing the rows, 段, of a newspaper), then bands between lines, below which there are columns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from indexer.formats.pdf_glyphs import Glyph, Run
from indexer.formats.wrapping import WIDE
from indexer.raw import RUBY

# All in sizes of the font.
SAME_LINE = 0.35            # two runs whose middles differ less stand on one line
GAP_WITHIN_LINE = 0.8       # a wider one may be between two columns
SPACE = 0.2                 # a wider gap between words of Latin letters is a space
WHITE_BAND = 0.9            # between columns: newspapers have one to two characters
COLUMN = 6.0                # what is narrower is the numbers or the marks of a list
STACKED = 0.4               # how far characters of one vertical line stand beside each other

# Readings are set in half the size; superscripts of other kinds are larger or are no kana.
RUBY_SIZE = 0.65
RUBY_ABOVE = (0.45, 1.35)

# More segments than this on a page are a map or a table of numbers, whose order nobody can tell.
MAX_SEGMENTS = 4_000
MAX_CUTS = 40
MAX_STEPS = 100

# So many lines with a band across them are the beginning of columns.
TELLING_BANDS = 3

KANA = re.compile(r"[ぁ-ゖァ-ヺー・゛゜ ]+")
KANJI = re.compile(r"[々〆〇㐀-鿿豈-﫿\U00020000-\U0003ffff]")
WIDE_CHAR = re.compile(f"[{WIDE}]")


@dataclass(frozen=True, slots=True)
class Segment:
    """Part of a line without a wide gap in it.

    vertical: as in Run. is_indented: whether a full-width space stands before it.
    readings: (first glyph, glyph after the last, reading).
    """

    glyphs: tuple[Glyph, ...]
    across: float
    size: float
    vertical: bool
    is_indented: bool = False
    readings: tuple[tuple[int, int, str], ...] = ()

    @property
    def start(self) -> float:
        return self.glyphs[0].start

    @property
    def end(self) -> float:
        return self.glyphs[-1].end

    def text(self) -> str:
        """Its characters, with ruby marked."""
        pieces: list[str] = []
        begins = {first: (end, reading) for first, end, reading in self.readings}
        ends: dict[int, str] = {}
        before: Glyph | None = None
        for number, glyph in enumerate(self.glyphs):
            if number in ends:
                pieces.append(f"{RUBY[1]}{ends.pop(number)}{RUBY[2]}")
            if before is not None and _is_space(before, glyph, self.size):
                pieces.append(" ")
            if number in begins:
                end, reading = begins[number]
                ends[end] = reading
                pieces.append(RUBY[0])
            pieces.append(glyph.text)
            before = glyph
        pieces += [f"{RUBY[1]}{reading}{RUBY[2]}" for reading in ends.values()]
        return "".join(pieces).rstrip(" ")


Block = list[Segment]
"""Segments of one column, in order."""


def blocks_of(runs: Sequence[Run]) -> list[Block]:
    """A page's text in the order of reading."""
    runs = list(_stacked(runs))
    vertical = [run for run in runs if run.vertical]
    horizontal = [run for run in runs if not run.vertical]
    is_vertical = sum(len(run.glyphs) for run in vertical) > sum(len(run.glyphs) for run in horizontal)
    blocks = _blocks(vertical if is_vertical else horizontal)
    # A headline over a page of vertical text runs across it: it is read first, as captions among it are last.
    others = _blocks(horizontal if is_vertical else vertical)
    if not blocks or not others:
        return blocks or others
    size = median(segment.size for block in blocks for segment in block)
    headlines = [block for block in others if max(one.size for one in block) > 1.2 * size]
    return headlines + blocks + [block for block in others if block not in headlines]


def segments_of(runs: Sequence[Run]) -> list[Segment]:
    """Runs joined to the longest pieces that surely belong together, with their readings, in no particular order."""
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda one: -one.across):
        near = next((line for line in reversed(lines[-12:]) if _on_one_line(line[0], run)), None)
        if near is None:
            lines.append([run])
        else:
            near.append(run)
    segments = [segment for line in lines for segment in _segments_in(line)]
    return _with_readings(segments)


def _blocks(runs: Sequence[Run]) -> list[Block]:
    segments = segments_of(runs)[:MAX_SEGMENTS]
    return list(_cut(segments)) if segments else []


def _stacked(runs: Sequence[Run]) -> Iterator[Run]:
    """The runs, with single characters that stand below each other as a vertical line."""
    column: list[Run] = []
    for run in [*runs, None]:
        if run is not None and column and _is_below(column[-1], run):
            column.append(run)
            continue
        if len(column) > 2:
            yield _as_column(column)
        else:
            yield from column
        column = []
        if run is not None:
            if len(run.glyphs) == 1 and not run.vertical and WIDE_CHAR.match(run.glyphs[0].text):
                column = [run]
            else:
                yield run


def _is_below(above: Run, run: Run) -> bool:
    if run.vertical or len(run.glyphs) != 1 or abs(run.size - above.size) > 0.2 * above.size:
        return False
    down = above.across - run.across
    return abs(run.glyphs[0].start - above.glyphs[0].start) < STACKED * run.size and 0.6 < down / run.size < 1.6


def _as_column(column: Sequence[Run]) -> Run:
    first = column[0]
    glyphs = tuple(
        Glyph(run.glyphs[0].text, -run.across - run.size / 2, -run.across + run.size / 2) for run in column
    )
    return Run(glyphs, (first.glyphs[0].start + first.glyphs[0].end) / 2, first.size, True, first.is_known)


def _on_one_line(one: Run, other: Run) -> bool:
    smaller, larger = sorted((one.size, other.size))
    return abs(one.across - other.across) < SAME_LINE * smaller and smaller > RUBY_SIZE * larger


def _segments_in(line: list[Run]) -> Iterator[Segment]:
    """The runs of a line, joined where no column parts them. What is printed twice to look bold is read once."""
    gathered: list[Glyph] = []
    size = across = 0.0
    for run in sorted(line, key=lambda one: one.glyphs[0].start):
        glyphs = list(run.glyphs)
        if gathered and glyphs[0].start - gathered[-1].end > GAP_WITHIN_LINE * max(size, run.size):
            yield from _segment(gathered, across, size, run.vertical)
            gathered = []
        if not gathered:
            size, across = run.size, run.across
        elif _is_repeated(gathered, glyphs, size):
            continue
        gathered += glyphs
        size = max(size, run.size)
    yield from _segment(gathered, across, size, line[0].vertical)


def _segment(glyphs: list[Glyph], across: float, size: float, vertical: bool) -> Iterator[Segment]:
    """The glyphs without what is white at their ends; an indent is where they begin."""
    written = [number for number, glyph in enumerate(glyphs) if glyph.text.strip()]
    if written:
        is_indented = glyphs[0].text == "\u3000"
        yield Segment(tuple(glyphs[written[0] : written[-1] + 1]), across, size, vertical, is_indented)


def _is_repeated(gathered: list[Glyph], glyphs: list[Glyph], size: float) -> bool:
    last = gathered[-len(glyphs) :]
    return len(last) == len(glyphs) and all(
        one.text == other.text and abs(one.start - other.start) < 0.2 * size
        for one, other in zip(last, glyphs, strict=True)
    )


def _is_space(before: Glyph, glyph: Glyph, size: float) -> bool:
    return (
        glyph.start - before.end > SPACE * size
        and not (WIDE_CHAR.match(glyph.text) and WIDE_CHAR.match(before.text))
        and not (before.text.endswith(" ") or glyph.text.startswith(" "))
    )


# ---- readings -------------------------------------------------------------------------------------


def _with_readings(segments: list[Segment]) -> list[Segment]:
    """The segments without small kana above others, which are marked as their readings."""
    if not segments:
        return segments
    sizes = [segment.size for segment in segments for _ in segment.glyphs]
    usual = median(sizes)
    small = [one for one in segments if one.size <= RUBY_SIZE * usual and KANA.fullmatch(_raw(one))]
    if not small:
        return segments
    readings: dict[int, list[tuple[int, int, str]]] = {}
    read: set[int] = set()
    others = [(number, one) for number, one in enumerate(segments) if one.size > RUBY_SIZE * usual]
    for one in small:
        for piece in _pieces(one):
            near = [(number, base) for number, base in others if _is_reading_of(piece, base)]
            if near:
                number, base = min(near, key=lambda found: one.across - found[1].across)
                first, end = _base(base, piece)
                if first < end:
                    readings.setdefault(number, []).append((first, end, _raw(piece).replace(" ", "")))
                    read.add(id(one))
    return [
        replace(one, readings=tuple(_apart(readings.get(number, []))))
        for number, one in enumerate(segments)
        if id(one) not in read
    ]


def _pieces(small: Segment) -> Iterator[Segment]:
    """The readings on one line, each by itself."""
    gathered: list[Glyph] = []
    for glyph in small.glyphs:
        if gathered and glyph.start - gathered[-1].end > small.size:
            yield replace(small, glyphs=tuple(gathered))
            gathered = []
        gathered.append(glyph)
    yield replace(small, glyphs=tuple(gathered))


def _is_reading_of(small: Segment, base: Segment) -> bool:
    low, high = RUBY_ABOVE
    above = (small.across - base.across) / base.size
    return low < above < high and small.start < base.end and base.start < small.end and small.size <= 0.65 * base.size


def _base(base: Segment, reading: Segment) -> tuple[int, int]:
    """The characters below a reading: the kanji, as far as any of it is above them."""
    reach = 0.25 * base.size
    covered = [
        number for number, glyph in enumerate(base.glyphs)
        if reading.start - reach < (glyph.start + glyph.end) / 2 < reading.end + reach
    ]
    kanji = [number for number in covered if KANJI.match(base.glyphs[number].text)] or covered
    return (kanji[0], kanji[-1] + 1) if kanji else (0, 0)


def _apart(readings: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """The readings in order; of two over the same character the first."""
    done = 0
    for first, end, reading in sorted(readings):
        if first >= done:
            yield first, end, reading
            done = end


def _raw(segment: Segment) -> str:
    return "".join(glyph.text for glyph in segment.glyphs)


# ---- columns --------------------------------------------------------------------------------------


def _cut(segments: list[Segment], depth: int = 0) -> Iterator[Block]:
    """The columns of a part of a page, in the order of reading."""
    size = median(one.size for one in segments)
    columns = _columns(segments, size) if depth < MAX_CUTS else [segments]
    if len(columns) > 1:
        for column in columns:
            yield from _cut(column, depth + 1)
        return
    above, below = _above_columns(segments, size) if depth < MAX_CUTS else (segments, [])
    if below:
        yield from _cut(above, depth + 1)
        yield from _cut(below, depth + 1)
        return
    yield sorted(segments, key=lambda one: (-one.across, one.start))


def _columns(segments: list[Segment], size: float) -> list[list[Segment]]:
    """The segments parted at white bands across all their lines; those of single lines are no columns."""
    parts = _parted(segments, lambda one: one.start, lambda one: one.end, WHITE_BAND * size)
    columns: list[list[Segment]] = []
    is_narrow = False
    for part in parts:
        if columns and (is_narrow or _width(part) < COLUMN * size):
            columns[-1] += part
        else:
            columns.append(part)
        is_narrow = _width(columns[-1]) < COLUMN * size
    if len(columns) > 1 and max(_lines_in(column) for column in columns) < 2:
        return [segments]
    return columns


def _width(segments: list[Segment]) -> float:
    return max(one.end for one in segments) - min(one.start for one in segments)


def _lines_in(segments: list[Segment]) -> int:
    return len({round(one.across / one.size) for one in segments})


def _above_columns(segments: list[Segment], size: float) -> tuple[list[Segment], list[Segment]]:
    """The segments cut in two where columns begin below lines that have none, or else where they end.

    Nothing is below where there are no columns.
    """
    bands = _parted(
        segments, lambda one: -one.across - one.size / 2, lambda one: -one.across + one.size / 2, 0.3 * size
    )

    def has_columns(first: int, end: int) -> bool:
        return len(_columns([one for band in bands[first:end] for one in band], size)) > 1

    begin = next((number for number in range(len(bands)) if has_columns(number, number + TELLING_BANDS)), None)
    if begin is None:
        return segments, []
    if begin == 0:
        step = 1 + len(bands) // MAX_STEPS
        begin = TELLING_BANDS
        while begin + step <= len(bands) and has_columns(0, begin + step):
            begin += step
    return [one for band in bands[:begin] for one in band], [one for band in bands[begin:] for one in band]


def _parted(
    segments: list[Segment], start: Callable[[Segment], float], end: Callable[[Segment], float], band: float
) -> list[list[Segment]]:
    parts: list[list[Segment]] = []
    reached = 0.0
    for one in sorted(segments, key=start):
        if parts and start(one) - reached <= band:
            parts[-1].append(one)
            reached = max(reached, end(one))
        else:
            parts.append([one])
            reached = end(one)
    return parts
