"""Results in the forms that other programs read: which there are, and what writes each.

    record     what every form says of an article      tables     CSV
    ris        for reference managers                  bibtex     for LaTeX
    atom       for feed readers

Pure functions; the command line uses them too. Articles that have only some of the words are left out of all but
JSON: nobody who saves a list wants to tell them apart.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote

from search.errors import UsageError
from search.query.model import Request
from search.results import FACETS, Hit, ResultPage, hit_json
from web.forms import atom
from web.forms.bibtex import bibtex_entries
from web.forms.record import Record, of_hit
from web.forms.ris import ris_records
from web.forms.tables import csv_lines

MIMETYPES = {
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "csv": "text/csv",
    "ris": "application/x-research-info-systems",
    "bibtex": "application/x-bibtex",
    "atom": "application/atom+xml",
}

ENDINGS = {"bibtex": "bib"}
"""Of file names, where that is not the form's own name."""

NAME_CHARS = 60
"""Code points of the query in a file name: 180 bytes in UTF-8, and file systems take 255."""

_NOT_IN_NAMES = re.compile(r'[\s\x00-\x1f\x7f-\x9f\ud800-\udfff/\\:*?"<>|]+')

# To many a program; and halves of surrogate pairs, which UTF-8 does not have.
_ENDS_LINES = re.compile("[\x85\u2028\u2029\ud800-\udfff]")

_OF_RECORDS: dict[str, Callable[[Iterable[Record]], Iterator[str]]] = {
    "csv": csv_lines, "ris": ris_records, "bibtex": bibtex_entries,
}


def lines(form: str, hits: Iterable[Hit], base_url: str) -> Iterator[str]:
    """The articles as "jsonl", "csv", "ris" or "bibtex", a record at a time, as they come.

    base_url: where the archive's pages stand, such as http://host:8000; "" where it is not served, and then
        an article has only its own address.
    """
    if form == "jsonl":
        return (_json_line(hit_json(hit)) for hit in hits)
    return _OF_RECORDS[form](of_hit(hit, base_url) for hit in hits)


def render(page: ResultPage, form: str, base_url: str, asked: str = "", links: Iterable[atom.Link] = ()) -> str:
    """One page of results as a form of `lines`, or as "atom".

    asked: the parameters of the address that gives this page, which tell one feed from another.
    """
    hits = full(page)
    if form == "atom":
        return _feed(page, hits, base_url, asked, links)
    if form != "jsonl" and form not in _OF_RECORDS:
        raise UsageError(f"There is no form {form!r}. Use one of: jsonl, {', '.join(_OF_RECORDS)}, atom.")
    return "".join(lines(form, hits, base_url))


def full(page: ResultPage) -> list[Hit]:
    """The articles on the page that have all of the words."""
    return [hit for hit in page.hits if not hit.partial]


def file_name(request: Request, form: str) -> str:
    """What to call a saved search, such as 停戦-中国.csv; it holds nothing that a file system refuses."""
    chosen = [value for facet in FACETS for value in request.filters.get(facet, ())]
    without = [f"not {value}" for facet in FACETS for value in request.excluded.get(facet, ())]
    days = [day.isoformat() for day in (request.since, request.until) if day]
    asked = _NOT_IN_NAMES.sub("-", " ".join((request.text, *chosen, *without, *days)))[:NAME_CHARS].strip("-. ")
    return f"{asked or 'kijigura'}.{ENDINGS.get(form, form)}"


def _feed(page: ResultPage, hits: list[Hit], base_url: str, asked: str, links: Iterable[atom.Link]) -> str:
    """Its title is the query with its conditions."""
    title = " — ".join([condition.label for condition in page.conditions] or filter(None, [page.query]))
    asked = asked or f"q={quote(page.query, safe='')}"
    counts = {"totalResults": page.total, "startIndex": (page.page - 1) * page.size + 1, "itemsPerPage": page.size}
    return atom.feed(
        title, f"{base_url}/?{asked}" if base_url else f"urn:kijigura:search:{asked}",
        [of_hit(hit, base_url) for hit in hits], list(links), counts,
    )


def _json_line(value: Any) -> str:
    line = json.dumps(value, ensure_ascii=False)
    return _ENDS_LINES.sub(lambda sign: f"\\u{ord(sign[0]):04x}", line) + "\n"
