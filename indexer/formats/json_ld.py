"""What a page says of its article in JSON-LD, however it is nested, and often somewhat broken."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from indexer.formats.page_text import in_one_line

WRAPPERS = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|"
                      r"(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*;?\s*$")
TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
ARTICLE = ("Article", "Posting", "Report")
# Objects in objects, deeper than any site writes them.
MAX_DEPTH = 8

NESTED = ("@graph", "mainEntity", "mainEntityOfPage")


def values_in(texts: Iterator[str]) -> list[Any]:
    """The values of a page's scripts; one that cannot be read even when mended is left out."""
    found: list[Any] = []
    for text in texts:
        text = WRAPPERS.sub("", WRAPPERS.sub("", text)).strip().rstrip(";")
        for attempt in (text, TRAILING_COMMA.sub("", text), html.unescape(TRAILING_COMMA.sub("", text))):
            values = list(_read(attempt))
            if values:
                found += values
                break
    return found


def _read(text: str) -> Iterator[Any]:
    """The values that stand one after the other; none from the first error on."""
    decoder = json.JSONDecoder(strict=False)
    at = 0
    while at < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield value
        while at < len(text) and text[at] in " \t\r\n,;\ufeff":
            at += 1


def article_in(values: list[Any], urls: set[str], headlines: set[str]) -> dict[str, Any]:
    """The object that is about this page's article: of this address, of this headline, or the only one.

    urls, headlines: what else the page has; of several objects, none of which has one of these, the first counts.
    """
    found = [one for value in values for one in objects(value) if _is_article(one)]
    pages = {_bare(url) for url in urls}
    for one in found:
        if pages & {_bare(url) for url in _addresses(one)}:
            return one
    for one in found:
        headline = "".join(str(one.get("headline") or "").split())
        if headline and any(headline.startswith(known) or known.startswith(headline) for known in headlines):
            return one
    return found[0] if found else {}


def objects(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """The object itself, those of a list, those of its @graph and of what it says it is about."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for one in value:
            yield from objects(one, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in NESTED:
            if isinstance(value.get(key), (dict, list)):
                yield from objects(value[key], depth + 1)


def kinds(value: dict[str, Any]) -> list[str]:
    """Its types, without the address some put before them."""
    kind = value.get("@type")
    return [str(one).rsplit("/", 1)[-1] for one in (kind if isinstance(kind, list) else [kind])]


def strings(value: Any) -> list[str]:
    """The texts of a value: itself, those of a list, the name of an object; without entities."""
    if isinstance(value, list):
        return [text for one in value for text in strings(one)]
    if isinstance(value, dict):
        return strings(value.get("name", value.get("@value")))
    text = in_one_line(html.unescape(str(value))) if isinstance(value, (str, int)) and value is not True else ""
    return [text] if text else []


def string(value: Any) -> str | None:
    """The first of its texts."""
    return next(iter(strings(value)), None)


def _is_article(value: dict[str, Any]) -> bool:
    return any(kind.endswith(ARTICLE) for kind in kinds(value)) and bool(
        value.get("headline") or value.get("name") or value.get("datePublished") or value.get("articleBody")
    )


def _addresses(value: dict[str, Any]) -> Iterator[str]:
    page = value.get("mainEntityOfPage")
    page = page.get("@id") or page.get("url") if isinstance(page, dict) else page
    yield from (url for url in (value.get("url"), page, value.get("@id")) if isinstance(url, str) and url)


def _bare(url: str) -> str:
    """An address without what does not tell pages apart: http or https, a last slash, a fragment."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"
