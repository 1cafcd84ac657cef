"""A raw article to an article: sections, a title where there is none, a date, an id.

The text stays as it is written; only line ends, indents and characters that no reader sees are put in order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Any

from indexer.dates import parse_date
from indexer.raw import RawArticle, Rejection
from search.articles import Article, Published, Section

# A newspaper's subheading is one or two lines of 10 to 15 characters; web headings run a little longer.
MAX_HEADING_CHARS = 40

# About one line of the result list. A cut at a comma is taken from here on.
INFERRED_TITLE_CHARS = 60
SHORTEST_CUT = 25

# An id stands in URLs, feeds and file names.
MAX_ID_CHARS = 200

# Values of `extra` nested deeper than this are no data of an article; JSON writers give up near 1,000.
MAX_EXTRA_DEPTH = 50

# C0 without tab and newline, DEL, C1, lone surrogates, byte order marks, non-characters.
UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")
MARKED_HEADING = re.compile(r"#{2,6}[ \u3000]+(\S.*)")
INDENT = "\u3000"

SENTENCE_END = tuple("。．.！!？?…、，,：:；;")
LIST_ITEM = re.compile(r"[・•‐\-–—―*＊※→▽▲△○●]|[(（]?[\d０-９①-⑳]+[)）.．、]|https?:")
_AGENCY = "共同|時事|ロイター|AFP|ＡＦＰ"
# （共同）, 【北京＝共同】, 見本太郎記者, 写真＝ロイター, © 見本新聞
CREDIT = re.compile(
    rf"[(（].*[)）]|【.*(?:＝|=|{_AGENCY}).*】|.*[(（](?:{_AGENCY})[)）]|[©Ⓒ].*"
    r"|.*(?:記者|特派員|通信員|編集委員|論説委員|撮影)|(?:写真|文|取材|撮影|提供|出典|資料)\s*[＝=・/／].*"
)
# A quotation is a heading as long as it is short (「新しい指導者を」); longer, it is somebody speaking.
QUOTE = re.compile("「[^」]{19,}」|『[^』]{19,}』")

SAFE_ID = re.compile(r"[^\s/\\?#%\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def divide(raw: RawArticle) -> Article | Rejection:
    """Return the article, or a Rejection where there is nothing to read in it.

    Section 0 is always there and has no heading; its text may be empty. An id is kept as given, made safe for
    URLs, or made from the URL, or else from the words: the same article gets the same id every time.
    """
    title = _line(raw.title) or ""
    sections = _sections(raw)
    inferred = raw.title_inferred
    if not title:
        title, inferred = _opening(sections), True
    if not title:
        return Rejection(raw.where, "neither title nor text")
    try:
        extra = _cleaned(raw.extra)
    except RecursionError:
        return Rejection(raw.where, f"values nested more than {MAX_EXTRA_DEPTH} deep")
    url = _line(raw.url)
    return Article(
        id=_id(raw.id, url, "" if inferred else title, sections),
        title=title,
        sections=sections,
        published=_published(raw),
        source=_line(raw.source),
        desk=_line(raw.desk),
        url=url,
        authors=tuple(filter(None, map(_line, raw.authors))),
        title_inferred=inferred,
        credits=tuple(filter(None, map(_line, raw.credits))),
        ruby=raw.ruby if raw.sections is not None else (),
        extra=extra,
    )


def _published(raw: RawArticle) -> Published | None:
    found = parse_date(raw.published)
    return replace(found, is_inferred=True) if found and raw.date_inferred else found


def _sections(raw: RawArticle) -> tuple[Section, ...]:
    if raw.sections is None:
        found = _divide_body(_text(raw.body))
    else:
        found = [Section(_line(one.heading), _paragraphs_of(one.text), one.is_captions) for one in raw.sections]
    kept = [one for number, one in enumerate(found) if one.heading or one.text or number == 0]
    if not kept or kept[0].heading:
        kept.insert(0, Section(None, ""))
    return tuple(kept)


def _paragraphs_of(text: str) -> str:
    return "\n\n".join(paragraphs(_text(text)))


def _divide_body(body: str) -> list[Section]:
    """Sections by their `## ` lines, or where there are none, by short lines between paragraphs."""
    blocks = list(paragraphs(body))
    marked = any(MARKED_HEADING.fullmatch(block) for block in blocks)
    heading: str | None = None
    texts: list[str] = []
    found: list[Section] = []
    for number, block in enumerate(blocks):
        mark = MARKED_HEADING.fullmatch(block)
        if mark or (not marked and _is_heading(blocks, number)):
            found.append(Section(heading, "\n\n".join(texts)))
            heading, texts = _line(mark[1] if mark else block), []
        else:
            texts.append(block)
    found.append(Section(heading, "\n\n".join(texts)))
    return found


def paragraphs(text: str) -> Iterator[str]:
    """Paragraphs and headings in order. A blank line parts them, and so does an indent or a `## `.

    A line without indent goes on with the paragraph above, except after a full stop in an indented text.
    """
    for block in BLANK_LINES.split(text.strip("\n")):
        lines = block.split("\n")
        indented = any(line.startswith(INDENT) for line in lines)
        gathered: list[str] = []
        for line in lines:
            new = line.startswith(INDENT) or MARKED_HEADING.match(line)
            if gathered and (new or _is_complete(gathered[-1], indented)):
                yield "\n".join(gathered)
                gathered = []
            line = line.strip()
            if line:
                gathered.append(line)
        if gathered:
            yield "\n".join(gathered)


def _is_complete(line: str, indented: bool) -> bool:
    """Whether the next line begins something new, whatever it looks like."""
    return MARKED_HEADING.match(line) is not None or (indented and line.endswith(("。", "」")))


def _is_heading(blocks: Sequence[str], number: int) -> bool:
    """A short line of its own between two paragraphs; of several in a row none is (a list, a poem)."""
    return (
        0 < number < len(blocks) - 1
        and _like_heading(blocks[number])
        and not _like_heading(blocks[number - 1])
        and not _like_heading(blocks[number + 1])
    )


def _like_heading(block: str) -> bool:
    return (
        len(block) <= MAX_HEADING_CHARS
        and "\n" not in block
        and "。" not in block
        and not block.endswith(SENTENCE_END)
        and any(char.isalpha() for char in block)
        and not LIST_ITEM.match(block)
        and not CREDIT.fullmatch(block)
        and not QUOTE.fullmatch(block)
        and parse_date(block) is None
    )


def _opening(sections: Sequence[Section]) -> str:
    """The first sentence, cut at a comma or else anywhere if it is long; the first heading if that is all."""
    text = next((one.text for one in sections if one.text), "") or next(
        (one.heading for one in sections if one.heading), ""
    )
    first = " ".join(text.split("\n\n")[0].split())
    end = re.search(r"[。！？]", first)
    if end and end.start() and end.start() <= INFERRED_TITLE_CHARS:
        return first[: end.start() if end[0] == "。" else end.end()]
    if len(first) <= INFERRED_TITLE_CHARS:
        return first
    cut = max(first.rfind(mark, SHORTEST_CUT, INFERRED_TITLE_CHARS) for mark in "、，, 　")
    if cut < 0:
        cut = INFERRED_TITLE_CHARS
        # Never between a character and the mark that belongs to it.
        while cut > 1 and (unicodedata.combining(first[cut]) or first[cut] in "\u200d\ufe0e\ufe0f"):
            cut -= 1
    return first[:cut].rstrip() + "…"


def _id(given: str | None, url: str | None, title: str, sections: Sequence[Section]) -> str:
    given = (given or "").strip()
    if given:
        return _safe_id(given)
    if url:
        return f"u-{_digest(url)}"
    words = Article("", title, tuple(sections)).body()
    return "t-" + _digest(f"{title}\n\n{words}")


def _safe_id(given: str) -> str:
    """The id as it is, or where a URL could not carry it, what is left of it and a digest of the whole."""
    if len(given) <= MAX_ID_CHARS and SAFE_ID.fullmatch(given) and given.strip("."):
        return given
    left = "-".join(SAFE_ID.findall(given)).strip(".")[:100]
    return f"{left}-{_digest(given)}" if left else f"i-{_digest(given)}"


def _digest(text: str) -> str:
    """16 hexadecimal digits: two of a hundred million articles share them once in 3,700 archives."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _text(text: str) -> str:
    """Text with one kind of line end, no trailing spaces and nothing unseen."""
    text = UNSEEN.sub("", LINE_END.sub("\n", text))
    return "\n".join(line.rstrip() for line in text.split("\n"))


def _line(text: str | None) -> str | None:
    """Text on one line; None where nothing is left."""
    return " ".join(_text(text).split()) or None if text else None


def _cleaned(value: Any, depth: int = 0) -> Any:
    """`extra` as it came, without the characters that neither SQLite nor a page can hold."""
    if depth > MAX_EXTRA_DEPTH:
        raise RecursionError
    if isinstance(value, str):
        return UNSEEN.sub("", value)
    if isinstance(value, Mapping):
        return {_cleaned(str(key), depth): _cleaned(one, depth + 1) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_cleaned(one, depth + 1) for one in value]
    return value
