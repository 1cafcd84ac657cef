"""When a page's article was published: as stated in its head and markup, or as printed near its headline."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml import etree

from indexer.address_dates import date_in_address
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
# After NFKC: 2024年4月10日（水） 15時03分, 2024/4/10 15:03, 令和6年4月10日, 2003-04-10-15:03
_TIME = r"(?:[\s/-]*(?:午前|午後|AM|PM)?\s*\d{1,2}(?:時(?:\s*\d{1,2}分)?|:\d{2}(?::\d{2})?))"
_WEEKDAY = r"[月火水木金土日](?:曜日?)?(?:[・,]?祝)?"
_MONTH_NAME = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
DATE = re.compile(
    rf"(?:(?:明治|大正|昭和|平成|令和)\s*(?:\d{{1,2}}|元)|(?<!\d)(?:18|19|20)\d{{2}}){_DAY}"
    rf"(?:\s*[(\[]?(?:{_WEEKDAY})[)\]]|\s*[月火水木金土日]曜日?|\s*\(?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{{0,6}}\)?)?"
    rf"{_TIME}?"
    rf"|(?<![a-z]){_MONTH_NAME}\s+\d{{1,2}},?\s+20\d\d(?!\d)|(?<!\d)\d{{1,2}}\s+{_MONTH_NAME},?\s+20\d\d(?!\d)",
    re.IGNORECASE,
)
# 2024年(令和6年)4月10日: offices say the year twice. '09/4/10: of this century.
YEAR_TWICE = re.compile(r"((?:18|19|20)\d{2}年)\s*\((?:明治|大正|昭和|平成|令和)(?:\d{1,2}|元)年?\)\s*(?=\d)")
SHORT_YEAR = re.compile(r"(?<![\w'])'([0-4]\d)(?=/\d{1,2}/\d{1,2})")
# The time of day after a day, without the sign that only some papers put between them.
SIGN_BEFORE_TIME = re.compile(r"(?<=\d)[/-](?=\d{1,2}:\d{2})")
WEEKDAY_BARE = re.compile(
    r"\s*(?<=[日\d])\s*(?:[月火水木金土日]曜日?|\(?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\)?)(?=\s"
    r"|\Z)", re.I)
# 3/9(木) 18:45配信, 4月10日 5時00分, （4月10日）: the year has to come from elsewhere.
YEARLESS = re.compile(
    rf"(?<![\d/.年-])(?:(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})(?:\s*\({_WEEKDAY}\))?\s+\d{{1,2}}:\d{{2}}"
    rf"|(?P<month_too>\d{{1,2}})月(?P<day_too>\d{{1,2}})日(?:\s*\({_WEEKDAY}\))?{_TIME}?)"
)
# Below the last sentence, within its line: …と話した。（2003年4月10日 15:03）, …した。(04/10 15:03)
AT_THE_END = re.compile(r"[。」]\s*[(\[〔【]([^()\[\]〔〕【】。]{4,30})[)\]〕】]\s*\Z")
# In an address, before other digits too: 2013041000123.
DAY_IN_URL = re.compile(r"(?<!\d)((?:19|20)\d{2})[-/_]?(\d{2})[-/_]?(\d{2})")
AS_UTC = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]00:?00)\Z")
PUBLISHED = re.compile(
    r"公開|掲載|配信|投稿|発信|発行|発表|発売|初出|登録|作成|放送|付|publish|posted|created", re.IGNORECASE)
MAX_LINE_CHARS = 120
MIN_DATE_CHARS = 5
# Of a heading: one that was never closed has the whole page in it.
MAX_PIECES = 20
# What stands beside a date on its line: a label, a weekday, the name of a paper or a place.
MAX_BESIDE_CHARS = 30
# How far from the headline, or from the last sentence, a date may stand, in elements of the page.
ABOVE, NEAR_ABOVE, BELOW_TEXT, FAR_BELOW = 25, 8, 40, 3_000
# A sentence of the article: it parts the dates above the text from those below it.
MIN_SENTENCE_CHARS = 20
# Ranks: how little a date of publication, one without a label and one of a change is to be believed.
ABOVE_TEXT_RANKS, BELOW_TEXT_RANKS, MARKED_ABOVE_RANKS, ABOVE_RANKS, FAR_RANKS = (
    (0, 1, 3), (2, 5, 7), (2, 3, 6), (4, 8, 9), (10, 11, 12))
# From here on what the page's address says is more likely.
DOUBTFUL = 8
NAMED_DATE = re.compile(r"date|time|publish|posted|hiduke|nichiji|day", re.IGNORECASE)
# A title that leads to another article, beside its date.
CARD_TAGS = frozenset({"a", "h2", "h3", "h4", "h5"})
MIN_TEASER_CHARS, MAX_TEASER_PIECES = 10, 12
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
        printed = _printed(tree, title, is_shown=True)
        clock = _clock(printed[1]) if printed else ()
        return stated[:16] if clock and clock == _clock(stated)[: len(clock)] else stated
    printed = _printed(tree, title)
    rank, shown = printed or (FAR_RANKS[-1], None)
    if shown and rank <= max(ABOVE_TEXT_RANKS):
        return shown
    without_year = _yearless(tree, title, facts.url)
    if without_year and _is_day(without_year):
        return without_year
    if shown and rank < DOUBTFUL:
        return shown
    # What the address has is better than a date that stands anywhere, and than the date of a change.
    day = _day_in_address(facts.url) if facts.url else None
    last = [*_about(facts, "dateModified"), *facts.stated(MODIFIED_METAS), *microdata(facts, "dateModified")]
    changed = next((one for one in last if _is_day(one)), None)
    return day or changed or without_year or shown or next(iter(first), None)


def _day_in_address(url: str) -> str | None:
    named = date_in_address(url)
    if named and named.precision == "day":
        return named.at.date().isoformat()
    # 20030410k0000m040000, a=20240410-0001: letters of an edition may follow, other digits may not.
    days = ("-".join(match.groups()) for match in DAY_IN_URL.finditer(url) if not url[match.end() :][:1].isdigit())
    return next((day for day in days if _is_day(day)), None)


def _clock(text: str) -> tuple[int, ...]:
    """Year, month, day, hour and minute as they are written, whatever the zone."""
    return tuple(map(int, re.findall(r"\d+", text)[:5]))


def date_in(text: str) -> str | None:
    """The first day in a text, with its time, as it is written but for the widths of characters."""
    return next((date for date, _, _ in _dates_in(_plain(text))), None)


def _plain(text: str) -> str:
    """Of one width, and with each year once."""
    return SHORT_YEAR.sub(r"20\1", YEAR_TWICE.sub(r"\1", unicodedata.normalize("NFKC", text)))


def _dates_in(text: str) -> Iterator[tuple[str, str, str]]:
    """(day, what stands before it, what after it) of a plain text, each up to the date before or after."""
    matches = list(DATE.finditer(text))
    for number, match in enumerate(matches):
        date = SIGN_BEFORE_TIME.sub(" ", WEEKDAY_BARE.sub(" ", match.group()).strip())
        if _is_day(date):
            begin = matches[number - 1].end() if number else 0
            end = matches[number + 1].start() if number + 1 < len(matches) else len(text)
            yield date, text[begin : match.start()], text[match.end() : end]


def _about(facts: Facts, *names: str) -> Iterator[str]:
    for name in names:
        yield from json_ld.strings(facts.about.get(name))


def _is_day(text: str) -> bool:
    found = parse_date(text)
    return found is not None and found.precision in ("day", "minute")


def _printed(tree: Any, title: str | None, is_shown: bool = False) -> tuple[int, str] | None:
    """(rank, date) of the best date near the headline.

    is_shown: only as it is to be read, not as attributes have it.
    """
    best: tuple[tuple[int, int], str] | None = None
    for place, ranks, text, element in _ranked_lines(tree, title):
        plain = _plain(text)
        at_end = AT_THE_END.search(plain)
        if at_end and ranks is BELOW_TEXT_RANKS:
            plain = at_end[1]
        rest = DATE.sub("", plain).strip()
        if len(rest) > MAX_BESIDE_CHARS or "。" in rest or "today" in (element.get("class") or ""):
            continue
        stated = _time_of(element) if element.tag == "time" and not is_shown else None
        dates = [(stated, plain, "")] if stated else list(_dates_in(plain))
        if not dates or (ranks is not ABOVE_TEXT_RANKS and _is_teaser(element)):
            continue
        for date, before, after in dates:
            rank = ranks[_label(before, after, element)], abs(place)
            if best is None or rank < best[0]:
                best = rank, date
    return (best[0][0], best[1]) if best else None


def _ranked_lines(tree: Any, title: str | None) -> Iterator[tuple[int, tuple[int, int, int], str, Any]]:
    """(elements below the headline, ranks, text, element) of every line that may have the article's date."""
    headline = compact(title or "")
    lines = list(_lines(tree))
    at = next((place for place, text, _ in lines if headline and compact(text) == headline), 0)
    text_ends = 0
    for place, text, element in lines:
        below = place - at
        if below > FAR_BELOW:
            return
        is_sentence = below > 0 and "。" in text and len(text) >= MIN_SENTENCE_CHARS
        if is_sentence:
            text_ends = place
        if len(text) > MAX_LINE_CHARS:
            # Only what stands at its very end.
            text = text[-MAX_LINE_CHARS:]
        if below < 0:
            named = f"{element.get('class') or ''} {element.get('id') or ''}"
            is_marked = -below <= NEAR_ABOVE and (element.tag == "time" or NAMED_DATE.search(named) is not None)
            ranks = ABOVE_RANKS if -below <= ABOVE else FAR_RANKS
            yield below, MARKED_ABOVE_RANKS if is_marked else ranks, text, element
        elif not text_ends:
            yield below, ABOVE_TEXT_RANKS, text, element
        else:
            yield below, BELOW_TEXT_RANKS if place - text_ends <= BELOW_TEXT else FAR_RANKS, text, element


def _is_teaser(element: Any) -> bool:
    """Whether a date stands beside the title of another article, which leads to it."""
    box = next((one for one in (element, *islice(element.iterancestors(), 3)) if one.tag in ("li", "dd")), None)
    around = (element.getprevious(), element.getnext())
    cards = [one for one in around if one is not None and (one.tag == element.tag != "p" or one.tag in CARD_TAGS)]
    beside = [box] if box is not None else [element, *cards]
    for one in beside:
        if len(list(islice(one.itertext(), MAX_TEASER_PIECES + 1))) > MAX_TEASER_PIECES:
            continue
        if any(len("".join(link.itertext()).strip()) >= MIN_TEASER_CHARS for link in one.iter("a")):
            return True
    return False


def _label(before: str, after: str, element: Any) -> int:
    """0 for a date of publication, 1 for one without a label, 2 for one of a change."""
    # What stands in brackets or ends with a colon is about the next date.
    after = "" if after.rstrip().endswith(":") else re.split(r"[(/|]", after)[0]
    beside = f"{before[-10:]} {after[:6]}"
    named = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
    if PUBLISHED.search(beside) or element.get("pubdate") is not None:
        return 0
    if MODIFIED.search(beside):
        return 2
    return 0 if PUBLISHED.search(named) else 2 if MODIFIED.search(named) else 1


def _time_of(element: Any) -> str | None:
    stated = (element.get("datetime") or "").strip()
    return stated if stated and _is_day(stated) else None


def _lines(tree: Any) -> Iterator[tuple[int, str, Any]]:
    """(place in the page, text, element) of every run of text, heading and `<time>`, in order."""
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
        if not outside and text and len(text) >= MIN_DATE_CHARS:
            yield place, text, element


def _around(element: Any) -> str:
    """A `<time>` with the words right beside it: 公開 <time>…</time>."""
    before = element.getprevious()
    parent = element.getparent()
    text = (before.tail if before is not None else parent.text if parent is not None else "") or ""
    inner = "".join(element.itertext())
    return f"{text[-10:]} {inner} {(element.tail or '')[:10]}"


def _yearless(tree: Any, title: str | None, url: str | None) -> str | None:
    """`3/9(木) 18:45`, with its year where the page's address has the same day."""
    for _, ranks, text, _element in _ranked_lines(tree, title):
        plain = _plain(text)
        at_end = AT_THE_END.search(plain)
        match = YEARLESS.search(at_end[1] if at_end else plain)
        if not match or (not at_end and len(plain) - len(match.group()) > MAX_BESIDE_CHARS) or ranks is FAR_RANKS:
            continue
        if not at_end and ("。" in plain or len(match.group()) < len(plain.strip(" ()[]")) // 3):
            continue
        month, day = int(match["month"] or match["month_too"]), int(match["day"] or match["day_too"])
        days = DAY_IN_URL.finditer(url or "")
        year = next((one[1] for one in days if (int(one[2]), int(one[3])) == (month, day)), None)
        if year is None:
            return match.group()
        time = re.search(r"\d{1,2}:\d{2}|\d{1,2}時(?:\s*\d{1,2}分)?", match.group().rpartition("日")[2])
        return f"{year}/{month}/{day}" + (f" {time.group()}" if time else "")
    return None
