"""Result pages for other programs: CSV for tables, RIS for reference managers, Atom for feed readers.

Pure functions; the command line uses them too. Times are Japanese time. Articles that have only some of the words
are left out: nobody who saves a list wants to tell them apart.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote
from xml.etree import ElementTree as ET

from search.articles import JST
from search.errors import UsageError
from search.results import Hit, ResultPage
from web.addresses import web_address
from web.dates import machine

MIMETYPES = {
    "json": "application/json",
    "csv": "text/csv",
    "ris": "application/x-research-info-systems",
    "atom": "application/atom+xml",
}

CSV_COLUMNS = ("id", "title", "published", "source", "desk", "url", "snippet", "page")

ATOM = "http://www.w3.org/2005/Atom"
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(page: ResultPage, form: str, base_url: str, asked: str = "") -> str:
    """`page` as "csv", "ris" or "atom".

    asked: the parameters of the address that gives this page, which tell one feed from another.
    base_url: where the archive's pages stand, such as http://host:8000; "" where it is not served, and then
        an article has only its own address.
    """
    writers: dict[str, Callable[[], Iterable[str]]] = {
        "csv": lambda: csv_lines([page], base_url),
        "ris": lambda: ris([page], base_url),
        "atom": lambda: [atom(page, base_url, asked)],
    }
    if form not in writers:
        raise UsageError(f"There is no form {form!r}. Use one of: {', '.join(writers)}.")
    return "".join(writers[form]())


def csv_lines(pages: Iterable[ResultPage], base_url: str) -> Iterator[str]:
    """A line of column names, then one line per article, each with its \\r\\n (RFC 4180)."""
    yield _csv_line(CSV_COLUMNS)
    for hit in _hits(pages):
        yield _csv_line((
            hit.id, hit.title.text, machine(hit.published) if hit.published else "",
            hit.source or "", hit.desk or "", web_address(hit.url) or "", _summary(hit), _address(hit, base_url),
        ))


def _csv_line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    # A spreadsheet runs a cell that begins like this as a formula; the apostrophe makes it text.
    csv.writer(line).writerow(f"'{cell}" if cell.startswith(_FORMULAS) else cell for cell in cells)
    return line.getvalue()


def ris(pages: Iterable[ResultPage], base_url: str) -> Iterator[str]:
    """One record of type NEWS per article, for Zotero, EndNote and others."""
    for hit in _hits(pages):
        fields = [("TY", "NEWS"), ("ID", hit.id), ("TI", hit.title.text), ("T2", hit.source), ("SE", hit.desk)]
        if hit.published:
            day = hit.published.at.astimezone(JST)
            known = {"year": f"{day:%Y///}", "month": f"{day:%Y/%m//}"}.get(hit.published.precision, f"{day:%Y/%m/%d/}")
            fields += [("PY", f"{day:%Y}"), ("DA", known)]
        here = _address(hit, base_url)
        fields += [("AB", _summary(hit)), ("LA", "ja"), ("UR", web_address(hit.url)), ("L2", here), ("DP", "Kijigura")]
        # A line break would begin a new field.
        yield "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in fields if value)
        yield "ER  - \r\n\r\n"


def atom(page: ResultPage, base_url: str, asked: str = "") -> str:
    """A feed (RFC 4287) of the articles on `page`; its title is the query with its conditions."""
    asked_for = [condition.label for condition in page.conditions] or [page.query]
    name = " — ".join((*filter(None, asked_for), "記事蔵"))
    hits = list(_hits([page]))
    dates = [hit.published.at.astimezone(JST).isoformat() for hit in hits if hit.published]
    feed = ET.Element(f"{{{ATOM}}}feed")
    _add(feed, "title", name)
    asked = asked or f"q={quote(page.query, safe='')}"
    _add(feed, "id", f"{base_url}/?{asked}" if base_url else f"urn:kijigura:search:{asked}")
    if base_url:
        _add(feed, "link", rel="self", href=f"{base_url}/?{asked}")
    _add(feed, "updated", max(dates, default=_UNKNOWN))
    _add(_add(feed, "author"), "name", "記事蔵")
    for hit in hits:
        entry = _add(feed, "entry")
        _add(entry, "title", hit.title.text)
        here = _address(hit, base_url)
        _add(entry, "id", here or f"urn:kijigura:article:{quote(hit.id, safe='')}")
        original = web_address(hit.url)
        if here or original:
            _add(entry, "link", rel="alternate", href=here or original or "")
        if here and original:
            _add(entry, "link", rel="via", href=original)
        when = hit.published.at.astimezone(JST).isoformat() if hit.published else None
        _add(entry, "updated", when or _UNKNOWN)
        if when:
            _add(entry, "published", when)
        if hit.source:
            _add(_add(entry, "author"), "name", hit.source)
        if hit.desk:
            _add(entry, "category", term=hit.desk)
        _add(entry, "summary", _summary(hit))
    ET.register_namespace("", ATOM)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, encoding="unicode") + "\n"


# Atom has no way to say "no date"; an entry must have `updated`, so this stands for it, without `published`.
_UNKNOWN = "1970-01-01T00:00:00+00:00"


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{ATOM}}}{tag}", {k: _NOT_XML.sub("", v) for k, v in attributes.items()})
    element.text = _NOT_XML.sub("", text) or None
    return element


def _hits(pages: Iterable[ResultPage]) -> Iterator[Hit]:
    for page in pages:
        yield from (hit for hit in page.hits if not hit.partial)


def _summary(hit: Hit) -> str:
    """The snippets of the best sections, as one line."""
    return " … ".join(" ".join(section.snippet.text.split()) for section in hit.sections)


def _address(hit: Hit, base_url: str) -> str:
    return f"{base_url}/article/{quote(hit.id, safe='')}" if base_url else ""
