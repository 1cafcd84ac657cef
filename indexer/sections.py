"""A raw article to an article: sections, captions, credits, readings, a date, an id, a title where there is none.

The text stays as it is written; only line ends, indents and characters that no reader sees are put in order, and what
stands in it without being text goes to its own place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from indexer.address_dates import date_in_address, date_in_path
from indexer.beside import part_captions, part_related
from indexer.credits import take_caption_credits, take_credits
from indexer.dates import parse_date
from indexer.headings import divide as divide_by_headings
from indexer.identity import id_of_words, make_id
from indexer.paragraphs import BLANK_LINES, paragraphs
from indexer.raw import RawArticle, Rejection
from indexer.ruby import BASE, bare, mark_aozora, take_out, tidy, within
from search.articles import Article, Published, Ruby, Section

# About one line of the result list. A cut at a comma is taken from here on.
INFERRED_TITLE_CHARS = 60
SHORTEST_CUT = 25

# Values of `extra` nested deeper than this are no data of an article; JSON writers give up near 1,000.
MAX_EXTRA_DEPTH = 50

# C0 without tab and newline, DEL, C1, lone surrogates, byte order marks, non-characters.
UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")

# Where a source has a summary beside the text; alone, it is the text.
SUMMARY_KEYS = ("description", "summary", "lead")
RELATED_KEY = "related"


@dataclass(slots=True)
class Divided:
    """What a body was divided into."""

    sections: tuple[Section, ...]
    ruby: list[Ruby] = field(default_factory=list)
    credits: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    related: list[str] = field(default_factory=list)


def divide(raw: RawArticle) -> Article | Rejection:
    """Return the article, or a Rejection where there is nothing to read in it.

    Section 0 is always there and has no heading; its text may be empty. An id is kept as given, made safe for
    URLs, or made from the URL, or else from the words: the same article gets the same id every time.
    """
    try:
        extra = _cleaned(raw.extra)
    except RecursionError:
        return Rejection(raw.where, f"values nested more than {MAX_EXTRA_DEPTH} deep")
    if raw.sections is None:
        title, ruby = take_out(tidy(mark_aozora(_line(raw.title) or "")))
        divided = _divide_body(raw, extra)
        divided.ruby[:0] = ruby
    else:
        title, divided = _line(raw.title) or "", Divided(_sections_of(raw.sections))
        divided.ruby += within(raw.ruby, title, divided.sections)
    inferred = raw.title_inferred
    if not title:
        title, inferred = _opening(divided.sections), True
    if not title:
        return Rejection(raw.where, "neither title nor text")
    if divided.related:
        extra[RELATED_KEY] = divided.related
    url = _line(raw.url)
    return Article(
        id=make_id(raw.id, url) or id_of_words("" if inferred else title, Article("", title, divided.sections).body()),
        title=title,
        sections=divided.sections,
        published=_published(raw, url),
        source=_line(raw.source),
        desk=_line(raw.desk),
        url=url,
        authors=tuple(filter(None, map(_line, raw.authors))) or tuple(dict.fromkeys(divided.authors)),
        title_inferred=inferred,
        credits=(*filter(None, map(_line, raw.credits)), *divided.credits),
        ruby=tuple(divided.ruby),
        extra=extra,
    )


def _published(raw: RawArticle, url: str | None) -> Published | None:
    """What the text says; failing that, what its address or its file's name has."""
    found = parse_date(raw.published, raw.as_of)
    if found:
        return replace(found, is_inferred=True) if raw.date_inferred else found
    # An export that has no date was looked at before, and in another file.
    if raw.sections is not None:
        return None
    latest_year = raw.as_of.year if raw.as_of else None
    found = date_in_address(url, latest_year) if url else None
    # The name of a file with many articles says when they were collected.
    return found or (date_in_path(raw.where.path, latest_year) if raw.where.line is None else None)


def _sections_of(given: Sequence[Section]) -> tuple[Section, ...]:
    """Sections as an export has them; their line breaks are what was once decided."""
    return _kept([Section(_line(one.heading), _as_it_was(one.text), one.is_captions) for one in given])


def _as_it_was(text: str) -> str:
    blocks = BLANK_LINES.split(_text(text).strip("\n"))
    written = ("\n".join(filter(None, map(str.strip, block.split("\n")))) for block in blocks)
    return "\n\n".join(filter(None, written))


def _divide_body(raw: RawArticle, extra: dict[str, Any]) -> Divided:
    """Captions, credits and titles of other articles go to their own places; what is left are sections."""
    body = _text(raw.body) if raw.body.strip() else _text(_summary(extra))
    blocks, captions = part_captions(list(paragraphs(tidy(mark_aozora(body)))))
    captions = [*filter(None, map(_line, raw.captions)), *captions]
    if raw.captions:
        known = frozenset(captions)
        blocks = [block for block in blocks if block not in known]
    related: list[str] = []
    if RELATED_KEY not in extra:
        blocks, related = part_related(blocks)
    drafts = divide_by_headings(blocks)
    captions, of_pictures = take_caption_credits(captions)
    credits = [*take_credits(drafts), *of_pictures]
    sections = [Section(_line(draft.heading), "\n\n".join(draft.paragraphs)) for draft in drafts]
    if captions:
        sections.append(Section(None, "\n\n".join(map(tidy, captions)), is_captions=True))
    kept, ruby = _without_ruby(_kept(sections))
    return Divided(
        kept, ruby, [_line(credit.text) or "" for credit in credits],
        [author for credit in credits if credit not in of_pictures for author in credit.authors],
        list(map(bare, related)),
    )


def _summary(extra: dict[str, Any]) -> str:
    """The summary of an article without text, taken out of `extra`."""
    for key in SUMMARY_KEYS:
        value = extra.get(key)
        if isinstance(value, str) and value.strip():
            del extra[key]
            return value
    return ""


def _kept(found: Sequence[Section]) -> tuple[Section, ...]:
    """Without empty sections, but with a section 0 for the text before the first heading."""
    kept = [one for number, one in enumerate(found) if one.heading or one.text or number == 0]
    if not kept or kept[0].heading or kept[0].is_captions:
        kept.insert(0, Section(None, ""))
    return tuple(kept)


def _without_ruby(sections: tuple[Section, ...]) -> tuple[tuple[Section, ...], list[Ruby]]:
    """Final texts, and the readings over them."""
    if not any(BASE in one.text or BASE in (one.heading or "") for one in sections):
        return sections, []
    texts: list[Section] = []
    found: list[Ruby] = []
    for number, section in enumerate(sections):
        heading, over_heading = take_out(section.heading or "", number, is_heading=True)
        text, over_text = take_out(section.text, number)
        texts.append(replace(section, heading=heading or None, text=text))
        found += [*over_heading, *over_text]
    return tuple(texts), found


def _opening(sections: Sequence[Section]) -> str:
    """The first sentence, cut at a comma or else anywhere if it is long; the first heading if that is all."""
    text = next((one.text for one in sections if one.text), "") or next(
        (one.heading for one in sections if one.heading), ""
    )
    first = " ".join(text.split("\n\n")[0].split())
    end = re.search(r"[。！？]", first)
    if end and end.start() and end.start() <= INFERRED_TITLE_CHARS:
        return first[: end.start() if end[0] == "。" else end.end()].rstrip()
    if len(first) <= INFERRED_TITLE_CHARS:
        return first
    cut = max(first.rfind(mark, SHORTEST_CUT, INFERRED_TITLE_CHARS) for mark in "、，, 　")
    if cut < 0:
        cut = INFERRED_TITLE_CHARS
        # Never between a character and the mark that belongs to it.
        while cut > 1 and (unicodedata.combining(first[cut]) or first[cut] in "\u200d\ufe0e\ufe0f"):
            cut -= 1
    return first[:cut].rstrip() + "…"


def _text(text: str) -> str:
    """Text with one kind of line end, no trailing spaces and nothing unseen."""
    # Most texts have nothing to put in order; to see so takes a tenth of the time.
    if text.replace("\n", "").isprintable() and " \n" not in text and text[-1:] != " ":
        return text
    text = UNSEEN.sub("", LINE_END.sub("\n", text))
    return "\n".join(line.rstrip() for line in text.split("\n"))


def _line(text: str | None) -> str | None:
    """Text on one line; None where nothing is left."""
    return " ".join(UNSEEN.sub("", text).split()) or None if text else None


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
