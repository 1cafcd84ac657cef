"""Atom (RFC 4287), for feed readers; pages of a long feed are linked as RFC 5005 has it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from xml.etree import ElementTree as ET

from search.articles import JST
from web.forms.record import NOT_XML, Record

ATOM = "http://www.w3.org/2005/Atom"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
ARCHIVE = "記事蔵"

Link = tuple[str, str, str]
"""rel, type, href."""

# Atom has no way to say "no date"; an entry must have `updated`, so this stands for it, without `published`.
_UNKNOWN = "1970-01-01T00:00:00+00:00"


def feed(
    title: str, feed_id: str, records: Iterable[Record], links: Sequence[Link] = (),
    counts: Mapping[str, int] | None = None,
) -> str:
    """A feed of the articles, in the order given.

    title: of what is asked for; the archive's name follows. feed_id: the same for every page of a feed.
    counts: totalResults, startIndex and itemsPerPage, as OpenSearch has them.
    """
    found = list(records)
    root = ET.Element(f"{{{ATOM}}}feed")
    _add(root, "title", " — ".join(filter(None, (title, ARCHIVE))))
    _add(root, "id", feed_id)
    for rel, mimetype, href in links:
        _add(root, "link", rel=rel, type=mimetype, href=href)
    _add(root, "updated", max((when for one in found if (when := _when(one))), default=_UNKNOWN))
    _add(_add(root, "author"), "name", ARCHIVE)
    for name, count in (counts or {}).items():
        ET.SubElement(root, f"{{{OPENSEARCH}}}{name}").text = str(count)
    for one in found:
        _add_entry(root, one)
    ET.register_namespace("", ATOM)
    ET.register_namespace("opensearch", OPENSEARCH)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _add_entry(root: ET.Element, record: Record) -> None:
    entry = _add(root, "entry")
    _add(entry, "title", record.title)
    _add(entry, "id", record.here or record.urn)
    if record.here or record.url:
        _add(entry, "link", rel="alternate", href=record.here or record.url or "")
    if record.here and record.url:
        _add(entry, "link", rel="via", href=record.url)
    when = _when(record)
    _add(entry, "updated", when or _UNKNOWN)
    if when:
        _add(entry, "published", when)
    for author in record.authors or ((record.source,) if record.source else ()):
        _add(_add(entry, "author"), "name", author)
    if record.desk:
        _add(entry, "category", term=record.desk)
    _add(entry, "summary", record.summary)


def _when(record: Record) -> str | None:
    return record.published.at.astimezone(JST).isoformat() if record.published else None


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{ATOM}}}{tag}", {k: NOT_XML.sub("", v) for k, v in attributes.items()})
    element.text = NOT_XML.sub("", text) or None
    return element
