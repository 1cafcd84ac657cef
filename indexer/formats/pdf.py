"""PDF documents: the text layer, in the order in which a page is read. One document is one article."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from indexer.dates import parse_date
from indexer.formats import text
from indexer.formats.boilerplate import drop_boilerplate
from indexer.formats.source import MIB, Source, Unreadable
from indexer.raw import RUBY, RawArticle, Where
from search.articles import JST

# A file may begin with what a server or a printer put there.
BEGINS_WITHIN_BYTES = 1_024

# To mend a document all of it is read at once. Pages of a newspaper as pictures with text behind them have 5 MiB each.
MAX_BYTES = 512 * MIB

# A yearbook; one article has hardly more than ten.
MAX_PAGES = 500

# As many as 32 MiB of text have in UTF-8.
MAX_CHARS = 10_000_000

# A page of a newspaper set character by character takes a second or two.
MAX_SECONDS = 60.0

# What one stream may unpack to, and how many numbers and instructions may be in it: a page of a newspaper
# set character by character has 1 MiB and 150,000.
MAX_STREAM_BYTES = 32 * MIB
MAX_STREAM_OPERATIONS = 600_000

# More than this of unknown characters, and what would be searched is noise.
MAX_UNKNOWN = 0.3

# Lines at the beginning that may say when and where an article appeared.
FIRST_BLOCKS = 4
OPENING_CHARS = 500
MAX_CREDIT_CHARS = 60
DATE = re.compile(
    r"(?:\d{4}|(?:明治|大正|昭和|平成|令和)(?:\d{1,2}|元))年\s*\d{1,2}月\s*\d{1,2}日|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
)
READING = re.compile(f"{RUBY[0]}([^{RUBY}]*){RUBY[1]}[^{RUBY}]*{RUBY[2]}")

# What programs write where nobody gave a title: their own name, that of a file, 文書1, a number.
NO_TITLE = re.compile(
    r"microsoft .*|untitled.*|(?:文書|無題|名称未設定|新規|スライド|プレゼンテーション).{0,8}|[\x00-\x7f]{0,12}"
    r"|.*[/\\].*|.*\.(?:docx?|xlsx?|pptx?|pdf|indd?|ai|jtdc?|html?|txt|rtf|odt|eps)\s*",
    re.IGNORECASE,
)
MIN_TITLE_CHARS = 4

# It warns of every oddity that it mends; what it cannot mend it raises.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def claims(source: Source) -> bool:
    return b"%PDF-" in source.head[:BEGINS_WITHIN_BYTES]


def read(source: Source) -> Iterator[RawArticle]:
    """The one article of a document. Raises Unreadable."""
    # Imported here: reading PDF is rare, and it takes a quarter of a second.
    import pypdf

    from indexer.formats.pdf_text import text_of

    over_at = time.monotonic() + MAX_SECONDS

    def alive() -> None:
        if time.monotonic() > over_at:
            raise Unreadable(f"a PDF document that takes more than {MAX_SECONDS:.0f} seconds to read")

    with pypdf.apply_configuration(
        zlib_maximum_output_length=MAX_STREAM_BYTES,
        lzw_maximum_output_length=MAX_STREAM_BYTES,
        run_length_maximum_output_length=MAX_STREAM_BYTES,
        maximum_declared_stream_length=MAX_STREAM_BYTES,
        array_based_stream_maximum_output_length=MAX_STREAM_BYTES,
        stream_parsing_work_maximum_count=MAX_STREAM_OPERATIONS,
        page_tree_maximum_entries=10 * MAX_PAGES,
        disable_legacy_handling=True,
    ):
        try:
            document = _opened(source)
            found = text_of(_pages(document, alive))
            stated, as_of = _about(document)
        except Unreadable:
            raise
        except Exception as error:
            # A broken document makes pypdf raise whatever its parts meet first.
            raise Unreadable(_why(error)) from None
    yield _article(found.title, found.body, found.heads, stated, as_of, source.where)


def _opened(source: Source) -> Any:
    """The document, unlocked. Raises Unreadable, and what pypdf raises."""
    import pypdf

    if source.size > MAX_BYTES:
        raise Unreadable(f"a PDF document of more than {MAX_BYTES // MIB} MiB; cut it into articles first")
    source.file.seek(0)
    document = pypdf.PdfReader(source.file, strict=False)
    # Many are encrypted only so that they cannot be changed: anybody may open them.
    if document.is_encrypted and not document.decrypt(""):
        raise Unreadable("a PDF document locked with a password; save it without one and add that")
    return document


def _pages(document: Any, alive: Callable[[], None]) -> list[Any]:
    """The columns of every page. Raises Unreadable where there is no text to be had."""
    from indexer.formats.pdf_glyphs import runs_of
    from indexer.formats.pdf_layout import blocks_of

    fonts: dict[int, Any] = {}
    pages = []
    chars = unknown = 0
    for number, page in enumerate(islice(document.pages, MAX_PAGES + 1), start=1):
        alive()
        if number > MAX_PAGES:
            raise Unreadable(f"a PDF document of more than {MAX_PAGES} pages; cut it into articles first")
        runs = runs_of(page, fonts, alive)
        for run in runs:
            chars += len(run.glyphs)
            unknown += 0 if run.is_known else len(run.glyphs)
        if chars > MAX_CHARS:
            raise Unreadable(f"a PDF document of more than {MAX_CHARS:,} characters")
        pages.append(blocks_of([run for run in runs if run.is_known]))
    if not chars:
        raise Unreadable("a PDF document of pictures of pages without a text layer; recognise it (OCR) first")
    if unknown > MAX_UNKNOWN * chars:
        raise Unreadable(
            "a PDF document whose fonts do not say which characters they show; recognise it (OCR) first"
        )
    return pages


def _about(document: Any) -> tuple[str | None, datetime | None]:
    """The title that the document states, and when it was made."""
    try:
        about = document.metadata
        title = str(about.title).strip() if about and about.title else None
        made = about.creation_date if about else None
    except Exception:
        # Broken notes about a document are no reason not to read it.
        return None, None
    return title, made.replace(tzinfo=made.tzinfo or JST) if made else None


def _article(
    largest: str | None, body: str, heads: tuple[str, ...], stated: str | None, as_of: datetime | None, where: Where
) -> RawArticle:
    """The article, its title and its day taken from where a document has them."""
    title = largest
    if stated and _is_title(stated, largest, body):
        title = stated
        if largest and not _stands_in(largest, stated):
            body = f"## {largest}\n\n{body}"
        blocks = body.split("\n\n")
        if _bare(blocks[0]) == _bare(stated):
            body = "\n\n".join(blocks[1:])
    blocks = body.split("\n\n")
    found = RawArticle(where)
    # A line with the day, the paper and its page says what it says in a text file.
    for block in (*blocks[:FIRST_BLOCKS], *heads):
        found = text.parse(f"題\n{block}\n\n本文", where)
        if found.published:
            blocks = [one for number, one in enumerate(blocks) if number >= FIRST_BLOCKS or one != block]
            break
    if not title:
        # A short line above the paragraphs is a title here, too.
        opening = text.parse("\n\n".join(blocks), where)
        title, blocks = opening.title, opening.body.split("\n\n")
    body = drop_boilerplate("\n\n".join(blocks))
    return RawArticle(
        where,
        title=title,
        body=body,
        published=found.published or _date(body, heads),
        source=found.source,
        desk=found.desk,
        as_of=as_of,
    )


def _date(body: str, heads: tuple[str, ...]) -> str | None:
    """The day in a short line at the beginning, or at the head of the pages."""
    for line in (*body.split("\n\n")[:FIRST_BLOCKS], *heads):
        day = DATE.search(line)
        if day and len(line) <= MAX_CREDIT_CHARS and "。" not in line and parse_date(day[0]):
            return day[0]
    return None


def _is_title(stated: str, largest: str | None, body: str) -> bool:
    """Whether what a document states is printed at its beginning; where no line is large, whether it may be one."""
    if len(stated) >= MIN_TITLE_CHARS and _stands_in(stated, f"{largest or ''}{body[:OPENING_CHARS]}"):
        return True
    return largest is None and not NO_TITLE.fullmatch(stated)


def _stands_in(title: str, words: str) -> bool:
    return _bare(title) in _bare(words)


def _bare(words: str) -> str:
    """Without readings and spaces, which are set as it looks good."""
    return "".join(READING.sub(r"\1", words).removeprefix("## ").split())


def _why(error: Exception) -> str:
    from pypdf import errors

    said = " ".join(str(error).split())[:100]
    if isinstance(error, errors.FileNotDecryptedError):
        return "a PDF document locked with a password; save it without one and add that"
    if isinstance(error, errors.DependencyError):
        return "a PDF document encrypted with AES; save it without encryption and add that"
    if isinstance(error, RecursionError):
        return "a PDF document nested too deeply"
    if isinstance(error, errors.LimitReachedError):
        return f"a PDF document larger than any article: {said}"
    return f"a broken PDF document: {said or type(error).__name__}"
