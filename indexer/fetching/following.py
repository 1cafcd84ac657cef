"""What is new in the feeds: one round of asking each that is due, with the pages of its items.

A round gives what goes into the archive (`found`), hears what did (`note`), and only then remembers it (`finish`): a
run that is broken off asks for the rest again.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from indexer import formats
from indexer.dates import parse_date
from indexer.fetching.addresses import NotAllowed, parse
from indexer.fetching.client import Client, Fetched, Unchanged
from indexer.fetching.exchange import Failure
from indexer.fetching.feeds_toml import Feed
from indexer.fetching.notebook import KnownFeed, KnownItem, Notebook, Version
from indexer.fetching.parallel import together
from indexer.formats import feeds
from indexer.formats.source import open_source
from indexer.raw import RawArticle, Rejection, Where

# As many feeds at once; their hosts still get one request at a time.
FEEDS_AT_ONCE = 4

# A summary in a feed is a sentence or two, and an article in full rarely as short.
FULL_TEXT_CHARS = 400

# A page that did not come for a passing reason is asked for in so many rounds.
MAX_PAGE_TRIES = 3

# A host that wants a minute between requests must not keep the other feeds waiting; the rest comes the next time.
SECONDS_A_FEED = 600.0

# However long a feed or its server asks for: some say a year and mean nothing by it.
LONGEST_REST_SECONDS = 24 * 3600.0

# A feed that fails is asked after twice the time, each time, up to here: every 16 hours for one of every 15 minutes.
MAX_DOUBLINGS = 6

# Two runs of cron are never exactly as far apart as they should be.
SLACK_SECONDS = 60.0

TTL = re.compile(r"<ttl>\s*(\d{1,6})\s*</ttl>", re.ASCII)
UPDATE_PERIOD = re.compile(r"<sy:updatePeriod>\s*(hourly|daily|weekly|monthly|yearly)\s*<")
UPDATE_FREQUENCY = re.compile(r"<sy:updateFrequency>\s*([1-9]\d{0,4})\s*<", re.ASCII)
PERIOD_SECONDS = {
    "hourly": 3600.0, "daily": 86_400.0, "weekly": 7 * 86_400.0, "monthly": 30 * 86_400.0, "yearly": 365 * 86_400.0
}


@dataclass(frozen=True, slots=True)
class _News:
    """What goes into the archive for an item of a feed, and what to remember once it is there."""

    found: RawArticle | Rejection
    feed: str
    key: str
    item: KnownItem


def due_at(feed: Feed, notebook: Notebook, once: bool) -> float:
    """When to ask the feed again, in seconds since 1970. once: by its server's word alone; the caller has a clock."""
    known = notebook.feed(feed.url)
    if once:
        return known.not_before - SLACK_SECONDS
    wait = feed.every_seconds * 2.0 ** min(known.failures, MAX_DOUBLINGS)
    return max(known.asked_at + wait, known.not_before)


class Round:
    """One round through feeds."""

    def __init__(
        self, due: Sequence[Feed], client: Client, notebook: Notebook, stop: threading.Event | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """due: the feeds to ask. stop: ends it after the current article. now: seconds since 1970."""
        self._due = due
        self._client = client
        self._notebook = notebook
        self._stop = stop or threading.Event()
        self._now = now
        self._lock = threading.Lock()
        self._taken_up: set[str] = set()
        self._asked: dict[str, KnownFeed] = {}
        self._going_in: dict[Where, list[_News]] = {}

    def found(self) -> Iterator[RawArticle | Rejection]:
        """The articles that are new or were updated, and what could not be had."""

        def source(feed: Feed) -> Callable[[], Iterable[_News | Rejection]]:
            return lambda: self._news_of(feed)

        for one in together([source(feed) for feed in self._due], FEEDS_AT_ONCE, self._stop):
            if isinstance(one, _News):
                self._going_in.setdefault(one.found.where, []).append(one)
            yield one.found if isinstance(one, _News) else one

    def note(self, where: Where) -> None:
        """What was found there is in the archive, or never will be."""
        for news in self._going_in.pop(where, ()):
            self._notebook.keep_item(news.feed, news.key, news.item)

    def finish(self) -> None:
        """All that was found is in the archive."""
        if not self._stop.is_set():
            for url, known in self._asked.items():
                self._notebook.keep_feed(url, known)

    # ---- a feed ----

    def _news_of(self, feed: Feed) -> Iterator[_News | Rejection]:
        known = self._notebook.feed(feed.url)
        try:
            answer = self._client.get(feed.url, known.version)
        except Failure as failure:
            self._failed(feed, known)
            yield Rejection(Where(feed.url), str(failure))
            return
        if isinstance(answer, Unchanged):
            rest = max(known.not_before - known.asked_at, answer.fresh_seconds)
            self._asked[feed.url] = self._asked_now(known.version, rest)
            return
        opened = open_source(answer.file, answer.where, answer.facts)
        if not feeds.claims(opened):
            self._failed(feed, known)
            yield Rejection(answer.where, "no feed; name the address of its RSS or Atom file")
            return
        rest = max(answer.fresh_seconds, rest_seconds(opened.opening))
        is_complete = True
        until = time.monotonic() + SECONDS_A_FEED
        for number, found in enumerate(formats.read_open(answer.file, answer.where, answer.facts), 1):
            if isinstance(found, Rejection):
                yield found
                continue
            if time.monotonic() > until:
                is_complete = False
                break
            # Articles without an address get that of their file, which here is the feed's.
            url = None if found.url == answer.facts.url else found.url
            news = self._news(feed, replace(found, url=url), number)
            if news is not None:
                is_complete = is_complete and not 0 < news.item.tries < MAX_PAGE_TRIES
                yield news
        # Where something is to be tried again, the feed has to come in full again.
        self._asked[feed.url] = self._asked_now(answer.version if is_complete else Version(), rest)

    def _failed(self, feed: Feed, known: KnownFeed) -> None:
        self._asked[feed.url] = replace(known, asked_at=self._now(), failures=known.failures + 1)

    def _asked_now(self, version: Version, rest: float) -> KnownFeed:
        now = self._now()
        return KnownFeed(version, now, now + min(rest, LONGEST_REST_SECONDS))

    # ---- an item ----

    def _news(self, feed: Feed, raw: RawArticle, number: int) -> _News | None:
        """What to take in for an item; None where it is in the archive as it is."""
        key = _key(raw)
        with_page = bool(raw.url) and (len(raw.body) < FULL_TEXT_CHARS if feed.full_text is None else feed.full_text)
        stamp = _stamp(raw, with_page)
        known = self._notebook.item(feed.url, key)
        if known and known.stamp == stamp and not 0 < known.tries < MAX_PAGE_TRIES:
            return None
        if not self._take_up(key):
            return None
        if known is None and self._notebook.is_known_elsewhere(key):
            self._notebook.keep_item(feed.url, key, KnownItem(stamp))
            return None
        where = Where(raw.url) if raw.url else replace(raw.where, line=raw.where.line or number)
        raw = replace(raw, where=where, source=feed.source or raw.source, desk=feed.desk or raw.desk)
        tries = known.tries if known and known.stamp == stamp else 0
        if not with_page:
            return _News(raw, feed.url, key, KnownItem(stamp))
        try:
            page = self._client.get(raw.url or "", known.version if known and not tries else None)
        except Failure as failure:
            item = KnownItem(stamp, tries + 1 if failure.transient else 0)
            return _News(_instead_of_page(raw, str(failure)), feed.url, key, item)
        if isinstance(page, Unchanged):
            self._notebook.keep_item(feed.url, key, replace(known or KnownItem(stamp), stamp=stamp))
            return None
        return _News(_merged(raw, page), feed.url, key, KnownItem(stamp, 0, page.version))

    def _take_up(self, key: str) -> bool:
        """Whether no other feed of this round has the item in hand."""
        with self._lock:
            is_first = key not in self._taken_up
            self._taken_up.add(key)
            return is_first


def rest_seconds(opening: str) -> float:
    """How long a feed says that nothing new comes: `<ttl>` in minutes, or sy:updatePeriod; 0 where it says nothing."""
    ttl = TTL.search(opening)
    period, often = UPDATE_PERIOD.search(opening), UPDATE_FREQUENCY.search(opening)
    return max(
        int(ttl[1]) * 60.0 if ttl else 0.0,
        PERIOD_SECONDS[period[1]] / (int(often[1]) if often else 1) if period else 0.0,
    )


def _key(raw: RawArticle) -> str:
    """What an item is known by, in whichever feed it stands: its address, or else its id or its words."""
    if raw.url:
        try:
            return parse(raw.url, allow_private=True).url
        except NotAllowed:
            return raw.url
    return raw.id or _digest(raw.title, raw.body)


def _stamp(raw: RawArticle, with_page: bool) -> str:
    """Other once the item was updated. Its summary counts only where that is what goes in: many have ads in them."""
    return _digest(raw.title, raw.published, str(raw.extra.get("revised")), "" if with_page else raw.body)


def _digest(*texts: str | None) -> str:
    return blake2b(repr(texts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _merged(raw: RawArticle, fetched: Fetched) -> RawArticle:
    """The page's article, with what the feed knows and the page does not say.

    The feed's id and source go before the page's: together they say which article it is, and must be the same on a
    day when the page does not come.
    """
    page = next(iter(formats.read_open(fetched.file, fetched.where, fetched.facts)), None)
    if not isinstance(page, RawArticle):
        return _instead_of_page(raw, page.why if page else "nothing to read on the page")
    if len(page.body) < len(raw.body):
        return _instead_of_page(raw, "the page shows less than the feed; it may be behind a paywall")
    is_dated = parse_date(page.published) is not None and not page.date_inferred
    dated = page if is_dated or not raw.published else raw
    return replace(
        page,
        where=raw.where,
        id=raw.id,
        title=page.title or raw.title,
        title_inferred=page.title_inferred if page.title else raw.title_inferred,
        published=dated.published,
        date_inferred=dated.date_inferred,
        source=raw.source or page.source,
        desk=page.desk or raw.desk,
        url=(page.url if raw.id else None) or raw.url,
        authors=page.authors or raw.authors,
        extra={**raw.extra, **page.extra},
    )


def _instead_of_page(raw: RawArticle, why: str) -> RawArticle:
    """What the feed itself has, with the reason why there is no more."""
    return replace(raw, extra={**raw.extra, "fetch": why})
