"""When a page's article was published: as stated in its head and markup, or as printed near its headline."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml import etree

from indexer.dates import parse_date
from indexer.formats import json_ld
from indexer.formats.page_facts import Facts, compact, microdata

# In the order of how often they are right; the last are about the page, not the article.
METAS = (
    *("article:published_time", "og:published_time", "og:article:published_time", "article:published"),
    *("datepublished", "pubdate", "publishdate", "publish_date", "publish-date", "publication_date", "published_at"),
    *("cxenseparse:recs:publishtime", "cxenseparse:publishtime", "parsely-pub-date", "sailthru.date"),
    *("citation_publication_date", "citation_online_date", "citation_date"),
    *("dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created", "dc.date", "dcterms.date", "date"),
)
PUBLISHED_META = re.compile(r"publi(?:sh|cation)|pub-?date|issued|date-?created|release-?date", re.IGNORECASE)
MODIFIED = re.compile(r"modif|updat|edit|expir|revis|更新|改訂|訂正", re.IGNORECASE)
MODIFIED_METAS = ("article:modified_time", "og:updated_time", "datemodified", "last-modified")

_DAY = r"\s*(?:年|[/.-])\s*\d{1,2}\s*(?:月|[/.-])\s*\d{1,2}(?:\s*日|(?!\d))"
# After NFKC: 2024年4月10日（水） 15時03分, 2024/4/10 15:03, 令和6年4月10日
DATE = re.compile(
    rf"(?:(?:明治|大正|昭和|平成|令和)\s*(?:\d{{1,2}}|元)|(?<!\d)(?:18|19|20)\d{{2}}){_DAY}"
    r"(?:\s*[(\[]?(?:[月火水木金土日](?:曜日?)?(?:[・,]?祝)?)[)\]]|\s*[月火水木金土日]曜日?|\s*\(?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\)?)?"
    r"(?:\s*(?:午前|午後|AM|PM)?\s*\d{1,2}(?:時(?:\s*\d{1,2}分)?|:\d{2}(?::\d{2})?))?",
    re.IGNORECASE,
)
WEEKDAY_BARE = re.compile(
    r"\s*(?<=[日\d])\s*(?:[月火水木金土日]曜日?|\(?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\)?)(?=\s"
    r"|\Z)", re.I)
# 3/9(木) 18:45配信: the year has to come from elsewhere.
YEARLESS = re.compile(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})\s*\([月火水木金土日]\)\s*\d{1,2}:\d{2}")
DAY_IN_URL = re.compile(r"(?<!\d)((?:19|20)\d{2})[-/_]?(\d{2})[-/_]?(\d{2})(?!\d)")
AS_UTC = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]00:?00)\Z")
PUBLISHED = re.compile(
    r"公開|掲載|配信|投稿|発信|発行|発表|発売|初出|登録|作成|放送|付|publish|posted|created", re.IGNORECASE)
MAX_LINE_CHARS = 120
# Of a heading: one that was never closed has the whole page in it.
MAX_PIECES = 20
# What stands beside a date on its line: a label, a weekday, the name of a paper or a place.
MAX_BESIDE_CHARS = 30
# How far from the headline a date may stand, in elements of the page; above it there is often today's.
ABOVE, RIGHT_BELOW, BELOW, FAR_BELOW = 25, 15, 80, 3_000
NOT_DATED = frozenset({"a", "nav", "aside", "footer", "script", "style", "option", "title"})


def published_of(tree: Any, facts: Facts, title: str | None) -> str | None:
    """The date as written: the first statement of its publication that is a date, then of its last change.

    Failing all, a date without its year, which the page's address may have.
    """
    first = [*_about(facts, "datePublished", "dateCreated", "uploadDate"), *facts.stated(METAS)]
    first += [one for name, values in facts.metas.items() if PUBLISHED_META.search(name) and not MODIFIED.search(name)
              for one in values]
    first += [*microdata(facts, "datePublished"), *microdata(facts, "dateCreated")]
    stated = next((one for one in first if _is_day(one)), None)
    if stated and not AS_UTC.match(stated):
        return stated
    if stated:
        # Some systems write Japanese time and call it UTC; what the page prints is of one or the other.
        shown = _clock(_printed(tree, title, is_shown=True) or "")
        return stated[:16] if shown and shown == _clock(stated)[: len(shown)] else stated
    printed = _printed(tree, title)
    # What is printed as the date of a change is still better than what the head of the page has for it.
    last = [*_about(facts, "dateModified"), *facts.stated(MODIFIED_METAS), *microdata(facts, "dateModified")]
    changed = next((one for one in last if _is_day(one)), None)
    return printed or changed or _yearless(tree, facts.url) or next(iter(first), None)


def _clock(text: str) -> tuple[int, ...]:
    """Year, month, day, hour and minute as they are written, whatever the zone."""
    return tuple(map(int, re.findall(r"\d+", text)[:5]))


def date_in(text: str) -> str | None:
    """The first day in a text, with its time, as it is written but for the widths of characters."""
    for match in DATE.finditer(unicodedata.normalize("NFKC", text)):
        date = WEEKDAY_BARE.sub(" ", match.group()).strip()
        if _is_day(date):
            return date
    return None


def _about(facts: Facts, *names: str) -> Iterator[str]:
    for name in names:
        yield from json_ld.strings(facts.about.get(name))


def _is_day(text: str) -> bool:
    found = parse_date(text)
    return found is not None and found.precision in ("day", "minute")


def _printed(tree: Any, title: str | None, is_shown: bool = False) -> str | None:
    """The best date near the headline: of publication before of a change, below it before above it.

    is_shown: only as it is to be read, not as attributes have it.
    """
    best: tuple[tuple[int, int], str] | None = None
    headline = compact(title or "")
    lines = list(_lines(tree))
    at = next((place for place, text, _ in lines if headline and compact(text) == headline), 0)
    for place, text, element in lines:
        if place - at > FAR_BELOW:
            break
        date = (_time_of(element) if element.tag == "time" and not is_shown else None) or date_in(text)
        rest = DATE.sub("", unicodedata.normalize("NFKC", text)).strip()
        if not date or len(rest) > MAX_BESIDE_CHARS or "。" in rest or "today" in (element.get("class") or ""):
            continue
        rank = _rank(place - at, _label(rest, element)), abs(place - at)
        if best is None or rank < best[0]:
            best = rank, date
    return best[1] if best else None


def _rank(below: int, label: int) -> int:
    """How little a date is to be believed that stands so far below the headline: far off, its label says little."""
    if 0 <= below <= RIGHT_BELOW:
        return label
    if -ABOVE <= below < 0:
        return (0, 3, 5)[label]
    return 5 + label if 0 < below <= BELOW else 10 + label


def _label(beside: str, element: Any) -> int:
    """0 for a date of publication, 1 for one without a label, 2 for one of a change."""
    named = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
    if PUBLISHED.search(beside) or PUBLISHED.search(named) or element.get("pubdate") is not None:
        return 0
    return 2 if MODIFIED.search(beside) or MODIFIED.search(named) else 1


def _time_of(element: Any) -> str | None:
    stated = (element.get("datetime") or "").strip()
    return stated if stated and _is_day(stated) else None


def _lines(tree: Any) -> Iterator[tuple[int, str, Any]]:
    """(place in the page, text, element) of every short run of text, heading and `<time>`, in order."""
    place = outside = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            place += 1
            outside += element.tag in NOT_DATED
            text = element.text
            if element.tag == "time" and not outside:
                yield place, _around(element), element
                continue
            if element.tag in ("h1", "h2", "h3"):
                text = "".join(islice(element.itertext(), MAX_PIECES))
        else:
            outside -= element.tag in NOT_DATED
            text = element.tail
        if not outside and text and 6 <= len(text) <= MAX_LINE_CHARS:
            yield place, text, element


def _around(element: Any) -> str:
    """A `<time>` with the words right beside it: 公開 <time>…</time>."""
    before = element.getprevious()
    parent = element.getparent()
    text = (before.tail if before is not None else parent.text if parent is not None else "") or ""
    inner = "".join(element.itertext())
    return f"{text[-10:]} {inner} {(element.tail or '')[:10]}"


def _yearless(tree: Any, url: str | None) -> str | None:
    """`3/9(木) 18:45`, with its year where the page's address has the same day."""
    for _, text, _element in _lines(tree):
        match = YEARLESS.search(unicodedata.normalize("NFKC", text))
        if match:
            day = DAY_IN_URL.search(url or "")
            same = day is not None and (int(day[2]), int(day[3])) == (int(match["month"]), int(match["day"]))
            return (f"{day[1]}/" if day is not None and same else "") + match.group()
    return None
