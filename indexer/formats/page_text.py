"""An element of a page as text: paragraphs, headings, lists and tables; and readings over characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from indexer.formats.wrapping import unwrap
from indexer.raw import RUBY

# Glagolitic, which no newspaper prints: trafilatura drops RUBY's own characters, which are not printable.
RUBY_IN_TREE = "\u2c00\u2c01\u2c02"
# A line end that is one, in a tree where white space is none.
LINE_END_IN_TREE = "\u2c03"
SIGNS = re.compile(f"[{RUBY}{RUBY_IN_TREE}{LINE_END_IN_TREE}]")
FROM_TREE = str.maketrans(RUBY_IN_TREE, RUBY)
ANNOTATED = re.compile("\u2c00([^\u2c01]*)\u2c01[^\u2c02]*\u2c02")

# Tags of HTML and of trafilatura's own tree.
HEADINGS = frozenset({"head", "h1", "h2", "h3", "h4", "h5", "h6"})
PARAGRAPHS = HEADINGS | {
    *("p", "div", "section", "article", "main", "header", "blockquote", "quote", "pre", "body", "center"),
    *("ul", "ol", "dl", "list", "table", "hr", "address", "details", "figure", "fieldset"),
}
LINES = frozenset({"li", "item", "tr", "row", "dt", "dd"})
BREAKS = frozenset({"br", "lb"})
CELLS = frozenset({"td", "th", "cell"})

# A newspaper's subheading is one or two lines of 10 to 15 characters; web headings run a little longer.
MAX_HEADING_CHARS = 40
MAX_CLOSED_HEADING_CHARS = 200
SUBHEADING = re.compile(
    r"(?:^|[-_ ])(?:(?:ko|naka)?-?midashi|sub-?(?:head(?:ing|line)?|title)|middle-?(?:headline|title)|crosshead)"
    r"(?:$|[-_ \d])")
# A new paragraph in a text of which the site says, in its style sheet, that line ends are to be kept.
NEW_PARAGRAPH = re.compile(
    r"(?<=[。」）)】])[ \t\r]*\n\s*(?=\u3000)|[ \t\r]*\n[ \t\r]*\n(?=\u3000)"
    r"|(?<=[。」）)】！？])[ \t\r]*\n[ \t\r]*\n\s*(?=\S)")
# The same beside a link that has the lines between two paragraphs to itself.
ENDS_PARAGRAPH = re.compile(r"(?<=[。」）)】！？])[ \t\r]*\n[ \t\r]*\n\s*\Z")
BEGINS_PARAGRAPH = re.compile(r"\A[ \t\r]*\n[ \t\r]*\n\s*(?=\S)")
HEADING_SPACE = re.compile(r"\A## +")
NO_HEADING = re.compile(r".*[。．.、，,！!？?：:；;]|[（(【].*|「[^」]{19,}」|『[^』]{19,}』", re.DOTALL)


def in_one_line(text: str) -> str:
    """Without runs of white space; the full-width space that parts a headline stays."""
    return re.sub(r" ?\u3000 ?", "\u3000", re.sub(r"[^\S\u3000]+", " ", text)).strip()


def with_signs(text: str) -> str:
    """A text out of the tree, with RUBY's own characters."""
    return text.translate(FROM_TREE) if RUBY_IN_TREE[0] in text else text


def without_readings(text: str) -> str:
    """The text with the characters alone where they have readings over them."""
    return ANNOTATED.sub(r"\1", text) if RUBY_IN_TREE[0] in text else text


def mark_readings(tree: Any) -> None:
    """`<ruby>首相<rt>しゅしょう</rt></ruby>` to text, with RUBY_IN_TREE around what RUBY stands around."""
    # Inner ones first: of two readings over one word, one below and one above, the inner stays.
    for ruby in reversed(list(tree.iter("ruby"))):
        # Line breaks within it are the editor's, and spaces between two parts of one word.
        ruby.text = "".join(_annotated(ruby))
        for child in list(ruby):
            ruby.remove(child)
    # All at once: joining the texts one by one would copy a long paragraph for every word of it.
    etree.strip_tags(tree, "ruby")


def _annotated(ruby: Any) -> Iterator[str]:
    """Each run of bases with the readings after it: `<rb>日<rb>本<rt>に<rt>ほん` has one for each base."""
    bases: list[str] = []
    readings: list[str] = []
    for is_reading, text in _parts(ruby):
        if not is_reading and readings:
            yield from _paired(bases, readings)
            bases, readings = [], []
        (readings if is_reading else bases).append(text)
    yield from _paired(bases, readings)


def _parts(ruby: Any) -> Iterator[tuple[bool, str]]:
    """(whether it is a reading, its text), without those of a second line (`<rtc>` after a first one)."""
    seen_reading = False
    yield False, ruby.text or ""
    for child in ruby:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag == "rt" or (tag == "rtc" and not seen_reading):
            yield True, "".join(child.itertext())
            seen_reading = True
        elif tag not in ("rp", "rtc", ""):
            yield False, "".join(child.itertext())
        if (child.tail or "").strip():
            yield False, child.tail


def _paired(bases: list[str], readings: list[str]) -> Iterator[str]:
    bases = ["".join(one.split()) if readings else one for one in bases]
    bases = [one for one in bases if one]
    readings = ["".join(one.split()) for one in readings]
    if len(bases) != len(readings):
        bases, readings = ["".join(bases)], ["".join(readings)]
    for base, reading in zip(bases, readings, strict=True):
        # A base that was annotated already keeps its own.
        if base and reading and RUBY_IN_TREE[0] not in base:
            yield RUBY_IN_TREE[0] + base + RUBY_IN_TREE[1] + reading + RUBY_IN_TREE[2]
        else:
            yield base


def unwrap_all(tree: Any) -> None:
    """Join lines that an editor wrapped; trafilatura would leave a space in the middle of a word."""
    verbatim: set[Any] = set()
    for link in tree.iter("a"):
        _part_from_paragraphs(link)
    for element in tree.iter():
        if element.tag == "pre" or (verbatim and element.getparent() in verbatim):
            verbatim.add(element)
        if element.text:
            element.text = _unwrapped(element.text, element in verbatim)
        if element.tail:
            element.tail = _unwrapped(element.tail, bool(verbatim) and element.getparent() in verbatim)


def _part_from_paragraphs(link: Any) -> None:
    """Keep the blank lines around a link, where the paragraph above it ends with a sentence."""
    before, parent = link.getprevious(), link.getparent()
    text = (parent.text if before is None and parent is not None else before.tail if before is not None else "") or ""
    if not (ENDS_PARAGRAPH.search(text) and (not link.tail or BEGINS_PARAGRAPH.match(link.tail))):
        return
    if before is None:
        parent.text = ENDS_PARAGRAPH.sub(LINE_END_IN_TREE * 2, text)
    else:
        before.tail = ENDS_PARAGRAPH.sub(LINE_END_IN_TREE * 2, text)
    link.tail = BEGINS_PARAGRAPH.sub(LINE_END_IN_TREE * 2, link.tail or "")


def _unwrapped(text: str, is_verbatim: bool) -> str:
    if "\n" not in text:
        return text
    if text.isspace() and not is_verbatim:
        return " "
    if is_verbatim:
        return text.replace("\n", LINE_END_IN_TREE)
    return unwrap(NEW_PARAGRAPH.sub(LINE_END_IN_TREE * 2, text))


def text_of(tree: Any) -> str:
    """A tree's text: blocks parted by blank lines, headings after `## `, a line per break, item and row."""
    pieces: list[str] = []
    headings = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        step = 1 if event == "start" else -1
        is_heading = _is_heading(element, tag)
        if event == "start":
            # A heading set in two lines is still one heading.
            opens = "\n\n## " if is_heading and not headings else _opens(element, tag)
            pieces.append(" " if headings and not opens.endswith("## ") and opens else opens)
        headings += step if is_heading else 0
        if event == "start":
            text = element.text or ""
        else:
            closes = _closes(element, tag)
            pieces.append(" " if headings and closes else closes)
            text = element.tail or "" if element is not tree else ""
        pieces.append(unwrap(text) if not text.isspace() else " ")
    text = "".join(pieces).replace(LINE_END_IN_TREE, "\n")
    lines = [HEADING_SPACE.sub("## ", line.strip(" \t\u00a0")) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line for line in lines if line != "##")).strip("\n")


def _is_heading(element: Any, tag: str) -> bool:
    if tag in HEADINGS:
        # One that was never closed has the article in it.
        text = ""
        for piece in element.itertext():
            text += piece
            if len(text) > MAX_CLOSED_HEADING_CHARS:
                return False
        # A summary set large is a paragraph.
        return len(text) <= MAX_HEADING_CHARS or not text.rstrip().endswith("。")
    if tag == "span" and not (SUBHEADING.search(element.get("class") or "") and _is_between_blocks(element)):
        return False
    return tag in ("p", "div", "span") and _is_set_as_heading(element)


def _is_between_blocks(element: Any) -> bool:
    """Whether a span has a line of its own, between paragraphs."""
    before, after = element.getprevious(), element.getnext()
    texts = (element.tail, element.getparent().text if before is None else before.tail)
    is_alone = not any((text or "").strip() for text in texts)
    return is_alone and all(one is None or one.tag in PARAGRAPHS or one.tag in BREAKS for one in (before, after))


def _is_set_as_heading(element: Any) -> bool:
    """`<p><strong>協力の歴史</strong></p>`, `<p class="midashi">`: short, not a sentence, and nothing beside it."""
    if len(element) > 3 or element.getparent() is None or element.getparent().tag in CELLS | LINES:
        return False
    inner: Any = element[0] if len(element) else element
    is_strong = inner.tag in ("strong", "b", "hi") and not (element.text or "").strip()
    if not is_strong and not SUBHEADING.search(element.get("class") or ""):
        return False
    text = "".join(element.itertext()).strip()
    if not 2 <= len(without_readings(text)) <= MAX_HEADING_CHARS or NO_HEADING.fullmatch(text):
        return False
    return not is_strong or len("".join(inner.itertext()).strip()) == len(text)


def _opens(element: Any, tag: str) -> str:
    if tag in HEADINGS:
        return "\n\n## "
    if tag in PARAGRAPHS or (tag in CELLS and _is_layout(element)):
        return "\n\n"
    return "\n" if tag in BREAKS or tag in LINES else ""


def _closes(element: Any, tag: str) -> str:
    if tag in PARAGRAPHS:
        return "\n\n"
    if tag in CELLS:
        return "\n\n" if _is_layout(element) else "　" if element.getnext() is not None else ""
    return "\n" if tag in LINES else ""


def _is_layout(cell: Any) -> bool:
    """Whether a table's cell has paragraphs in it, so that the table is one for layout."""
    return any(child.tag in PARAGRAPHS or child.tag in BREAKS for child in cell)
