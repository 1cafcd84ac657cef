"""Text to paragraphs: by blank lines, by indents, or a line each; lines that an editor wrapped are joined."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from indexer.formats.wrapping import Wrapping, columns, wrapping_of
from indexer.headings import LIST_ITEM, headings_within, is_marked, like_heading

BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")
INDENT = "\u3000"

# What a paragraph ends in. A quotation of fewer characters may be a title in a list of them.
ENDS = ("。", "！", "？", "!", "?", "。）", "。)")
ENDS_QUOTE = ("」", "』")
MIN_QUOTE_CHARS = 20

# A heading right above its text, without a blank line: two lines of a newspaper's column over a paragraph of some.
MAX_HEADING_CHARS = 25
MIN_PARAGRAPH_CHARS = 40
# 外相は: the sentence goes on.
PARTICLES = tuple("はがをにでとのもへや")


def paragraphs(text: str) -> Iterator[str]:
    """Paragraphs and headings in order. A blank line parts them, and so does an indent or a `## `.

    A line without indent goes on with the paragraph above: without a line break where the text is wrapped, else
    with it. After a full stop it is a paragraph of its own, but for wrapped text.
    """
    blocks = BLANK_LINES.split(text.strip("\n"))
    if not any("\n" in block for block in blocks):
        yield from filter(None, map(str.strip, blocks))
        return
    divided = [block.split("\n") for block in blocks]
    wrapping = wrapping_of(divided, (INDENT, "##"))
    for lines in divided:
        yield from _gathered(lines, wrapping)


def _gathered(lines: Sequence[str], wrapping: Wrapping | None) -> Iterator[str]:
    pieces: list[str] = []
    led = frozenset(headings_within(lines))
    for number, line in enumerate(lines):
        written = line.strip()
        if not written:
            continue
        if pieces and (number in led or number - 1 in led or _is_new(lines, number, wrapping)):
            yield "".join(pieces)
            pieces = []
        if pieces:
            above = lines[number - 1].rstrip()
            pieces.append(wrapping.between(above, line) if wrapping and wrapping.goes_on(above, line) else "\n")
        pieces.append(written)
    if pieces:
        yield "".join(pieces)


def _is_new(lines: Sequence[str], number: int, wrapping: Wrapping | None) -> bool:
    """Whether a paragraph or a heading begins with this line, and not with one below or above."""
    above, line = lines[number - 1].rstrip(), lines[number]
    if line.startswith(INDENT) or is_marked(line) or is_marked(above):
        return True
    if _is_complete(above):
        if wrapping is None or not wrapping.goes_on(above, line):
            return True
        return _is_heading_above_an_indent(lines, number, wrapping)
    return wrapping is None and _is_other_than_below(lines, number)


def _is_complete(line: str) -> bool:
    return line.endswith(ENDS) or (line.endswith(ENDS_QUOTE) and len(line) >= MIN_QUOTE_CHARS)


def _is_heading_above_an_indent(lines: Sequence[str], number: int, wrapping: Wrapping) -> bool:
    """A short line over the indent of the next paragraph: the last line of one would end in a full stop."""
    below = lines[number + 1] if number + 1 < len(lines) else ""
    is_short = columns(lines[number]) < wrapping.columns
    return is_short and below.startswith(INDENT) and like_heading(lines[number].strip())


def _is_other_than_below(lines: Sequence[str], number: int) -> bool:
    """Whether the line above is an item of a list, or a heading, and this line is prose."""
    above, line = lines[number - 1].strip(), lines[number].strip()
    if not _is_complete(line):
        return False
    if LIST_ITEM.match(above):
        return len(line) >= MIN_QUOTE_CHARS and not LIST_ITEM.match(line)
    return (
        len(above) <= MAX_HEADING_CHARS
        and len(line) >= MIN_PARAGRAPH_CHARS
        and not above.endswith(PARTICLES)
        and like_heading(above)
        and (number == 1 or _is_complete(lines[number - 2].rstrip()))
    )
