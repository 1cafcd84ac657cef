"""Marked-up text inside something else (HTML in a feed, XHTML or NITF in a news item) to the text of an article.

Blocks are parted by blank lines, headings stand after `## `, readings are marked by `indexer.raw.RUBY`. All of the
markup is the article's: nothing is guessed to be a menu or an advertisement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from lxml import etree, html

from indexer.formats.boilerplate import drop_boilerplate
from indexer.formats.wrapping import unwrap
from indexer.formats.xml_tree import name_of
from indexer.raw import RUBY

# Names of HTML and of NITF (hl1, bq, block, nitf-table, media-…).
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "hl1", "hl2"})
BLOCKS = frozenset({
    *("p", "div", "section", "article", "main", "header", "blockquote", "body", "center", "figure", "hr", "address"),
    *("ul", "ol", "dl", "table", "details", "fieldset", "body.content", "block", "bq", "nitf-table", "media", "note"),
    *("fn", "caption"),
})
LINES = frozenset({"li", "tr", "dt", "dd", "br"})
CELLS = frozenset({"td", "th"})
CAPTIONS = frozenset({"figcaption", "media-caption"})
CREDITS = frozenset({"media-producer"})
NO_TEXT = frozenset({
    *("head", "title", "script", "style", "template", "noscript", "iframe", "object", "svg", "form", "button"),
    *("rt", "rp", "rtc", "media-reference", "media-metadata", "media-object", "nitf-table-metadata", "audio", "video"),
    "select",
})
# WordPress and its like: <p class="wp-caption-text">
CAPTION_CLASS = re.compile(r"(?:^|[\s_-])caption(?:$|[\s_-])")

TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>")
# Agencies end a text so.
LAST_RULE = re.compile(r"(?:\n\n[-_=*―─━＝＊]{3,})+\Z")
SIGNS = re.compile(f"[{RUBY}]")
READING = re.compile(f"{RUBY[0]}([^{RUBY}]*){RUBY[1]}[^{RUBY}]*{RUBY[2]}")


@dataclass(frozen=True, slots=True)
class Fragment:
    """body, captions, credits: as in RawArticle."""

    body: str
    captions: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()


def body_text(text: str) -> str:
    """The text of a piece of HTML, or of what may be one, as it stands in a RawArticle."""
    return of_text(text).body


def of_element(element: Any) -> Fragment:
    """The text in an element, of HTML, XHTML or NITF."""
    pieces: list[str] = []
    captions: list[str] = []
    credits: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, one in walk:
        name = name_of(one)
        if event == "end":
            pieces.append(_closes(name))
            if one is not element:
                pieces.append(_spaced(one.tail))
            continue
        aside = captions if _is_caption(one, name) else credits if name in CREDITS else None
        if aside is not None:
            aside.append(without_readings(inline(one)))
        elif name == "ruby":
            pieces.append(_ruby(one))
        elif name in HEADINGS:
            pieces.append(f"\n\n## {inline(one)}\n\n")
        elif name == "pre":
            pieces.append(f"\n\n{SIGNS.sub('', ''.join(one.itertext()))}\n\n")
        elif name and name not in NO_TEXT:
            pieces.append(_opens(name) + _spaced(one.text))
            continue
        walk.skip_subtree()
    return Fragment(_tidy("".join(pieces)), tuple(filter(None, captions)), tuple(filter(None, credits)))


def of_html(markup: str) -> Fragment:
    """The text of a piece of HTML, however broken it is."""
    tree = _html(markup)
    return of_element(tree) if tree is not None else Fragment("")


def of_text(text: str) -> Fragment:
    """Text that may be HTML or have none of its tags, as descriptions in feeds: its line ends are then its own."""
    return of_html(text) if TAG.search(text) else of_plain(unescape(text))


def of_plain(text: str) -> Fragment:
    """Text without any markup; spaces around its lines are those of the XML around it."""
    return Fragment(_tidy(SIGNS.sub("", text)))


def line_of(markup: str) -> str:
    """A title that may have tags and references in it, on one line."""
    if not TAG.search(markup):
        return " ".join(SIGNS.sub("", unescape(markup)).split())
    tree = _html(markup)
    return inline(tree) if tree is not None else ""


def without_readings(text: str) -> str:
    return SIGNS.sub("", READING.sub(r"\1", text))


def without_title(body: str, title: str | None) -> str:
    """A body without the title as its first heading or paragraph, and without the invitations at its end."""
    first, _, rest = body.partition("\n\n")
    repeats = title and "".join(first.removeprefix("## ").split()) == "".join(title.split())
    # A heading is no text; a paragraph may be all there is.
    return drop_boilerplate(LAST_RULE.sub("", rest if repeats and (rest or first.startswith("## ")) else body))


def _html(markup: str) -> Any:
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return html.document_fromstring(f"<div>{markup}".replace("\x00", "").encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _is_caption(element: Any, name: str) -> bool:
    if name in ("p", "div", "dd", "span") and CAPTION_CLASS.search(element.get("class") or ""):
        return True
    return name in CAPTIONS


def inline(element: Any) -> str:
    """An element's text on one line, with its readings marked."""
    pieces: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, one in walk:
        name = name_of(one)
        if event == "end":
            pieces.append(" " if name in BLOCKS or name in LINES else "")
            pieces.append(_spaced(one.tail) if one is not element else "")
        elif name == "ruby":
            pieces.append(_ruby(one))
            walk.skip_subtree()
        elif not name or name in NO_TEXT:
            walk.skip_subtree()
        else:
            pieces.append(_spaced(one.text))
    return " ".join("".join(pieces).split())


def _ruby(ruby: Any) -> str:
    """The characters with their readings, marked: <ruby>会<rt>かい</rt>談<rt>だん</rt></ruby> has two."""
    done: list[str] = []
    bases: list[str] = []
    readings: list[str] = []
    for is_reading, text in (*_ruby_parts(ruby), (False, "")):
        if is_reading:
            readings.append(text)
            continue
        if readings:
            done.append(_marked(bases, readings))
            bases, readings = [], []
        bases.append(text)
    return "".join([*done, *bases])


def _ruby_parts(ruby: Any) -> Iterator[tuple[bool, str]]:
    """(whether it is a reading, the text) in order."""
    yield from [(False, text)] if (text := _spaced(ruby.text).strip()) else []
    for child in ruby:
        name = name_of(child)
        if name in ("rt", "rtc", "rb", "rbc"):
            parts = [one for one in child.iter() if name_of(one) == name[:2]] or [child]
            yield from ((name[1] == "t", without_readings("".join(_texts(one)))) for one in parts)
        elif name and name != "rp":
            yield False, without_readings(inline(child))
        yield from [(False, text)] if (text := _spaced(child.tail).strip()) else []


def _texts(element: Any) -> Iterator[str]:
    return (text.strip() for text in element.itertext())


def _marked(bases: list[str], readings: list[str]) -> str:
    if len(bases) != len(readings):
        bases, readings = ["".join(bases)], ["".join(readings)]
    return "".join(
        RUBY[0] + base + RUBY[1] + reading + RUBY[2] if base and reading else base
        for base, reading in zip(bases, readings, strict=True)
    )


def _spaced(text: str | None) -> str:
    return unwrap(SIGNS.sub("", text)) if text else ""


def _opens(name: str) -> str:
    return "\n\n" if name in BLOCKS else "\n" if name in LINES else ""


def _closes(name: str) -> str:
    if name in BLOCKS:
        return "\n\n"
    return "\n" if name in LINES and name != "br" else "　" if name in CELLS else ""


def _tidy(text: str) -> str:
    lines = [line.strip(" \t\r").rstrip("　") for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line for line in lines if line != "##")).strip("\n")
