"""XML of no kind that is known here: it is read where its elements have the names of an article's parts.

Otherwise its tags would end up in the article, so it is named and turned away.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from lxml.html import defs

from indexer.formats import plain_xml, xml_tree
from indexer.formats.source import HEAD_BYTES, Source, Unreadable
from indexer.raw import RawArticle, Rejection

KNOWN = {
    "opml": "a list of feeds (OPML); add the feeds themselves",
    "urlset": "a sitemap; add the pages themselves",
    "sitemapindex": "a list of sitemaps; add the pages themselves",
    "svg": "an image (SVG)",
}
READABLE = "of XML, NITF, NewsML, NewsML-G2, RSS, Atom, XHTML pages and lists of <title> and <body> can be read"
OTHER_DOCTYPE = re.compile(r"<!DOCTYPE\s+(?!html\b)", re.IGNORECASE)
# Where a file may have white space and comments after its last tag.
TAIL_BYTES = 1_024


def claims(source: Source) -> bool:
    """A file that says it is XML, or begins and ends with the same tag, and that is none of HTML."""
    if not source.opening.startswith("<"):
        return False
    name = xml_tree.root_name(source.opening)
    if source.opening.startswith("<?xml") or (name is None and OTHER_DOCTYPE.match(source.opening)):
        return (name or "").lower() != "html"
    return name is not None and name.isascii() and name.lower() not in defs.tags and _ends_with(source, name)


def read(source: Source) -> Iterator[RawArticle | Rejection]:
    """Raises Unreadable."""
    name = xml_tree.root_name(source.opening)
    if name is None:
        xml_tree.read(source, ())
        raise Unreadable(f"XML whose DOCTYPE is over {HEAD_BYTES >> 10} KiB")
    known = KNOWN.get(name.rpartition(":")[2].lower())
    if known:
        raise Unreadable(known)
    found = False
    for one in plain_xml.read(source):
        found = True
        yield one
    if not found:
        raise Unreadable(f"XML whose first element is <{name[:100]}>; {READABLE}")


def _ends_with(source: Source, name: str) -> bool:
    source.file.seek(max(0, source.size - TAIL_BYTES))
    tail = source.file.read(TAIL_BYTES)
    source.file.seek(0, io.SEEK_SET)
    return f"</{name}>".encode() in tail
