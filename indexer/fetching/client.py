"""Asking servers for pages: never in a hurry, never against their robots.txt, never on the own network."""

from __future__ import annotations

import io
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import BinaryIO

from indexer.fetching import addresses, robots
from indexer.fetching.addresses import Address, NotAllowed
from indexer.fetching.exchange import Answer, Failure, Wire
from indexer.fetching.notebook import Notebook, Version
from indexer.fetching.turns import Turns
from indexer.formats.source import Facts
from indexer.raw import Where
from search.articles import JST

MAX_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})

# After so many tries; the waits between them double.
MAX_TRIES = 3
FIRST_WAIT_SECONDS = 2.0
TRY_AGAIN = frozenset({429, 500, 502, 503, 504})

# A host that wants a longer rest than this is left for another day's run rather than waited for.
LONGEST_WAIT_SECONDS = 120.0

# A robots.txt that could not be had is asked for again after so long.
FAILED_ROBOTS_SECONDS = 300.0

ACCEPT = (
    "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/xml;q=0.9, "
    "application/json;q=0.9, application/pdf;q=0.8, */*;q=0.1"
)

# What may hold an article; the readers tell by the content. Nothing is known of an octet-stream.
TYPES = frozenset({
    "application/xml", "application/json", "application/jsonl", "application/x-ndjson", "application/pdf",
    "application/zip", "application/x-zip-compressed", "application/gzip", "application/x-gzip", "application/warc",
    "application/octet-stream", "binary/octet-stream", "message/rfc822", "",
})
NOT_TEXT = frozenset({"text/css", "text/javascript"})
KINDS = {"image": "an image", "audio": "a sound", "video": "a video", "font": "a font"}

STATUSES = {
    401: "it is behind a login",
    403: "the server does not let programs read it",
    404: "there is no such page; check the address",
    410: "the page is gone for good",
    429: "the server wants to be asked less often; try again later",
    451: "it is withheld for legal reasons",
    503: "the server is overloaded or down; try again later",
}


@dataclass(frozen=True, slots=True)
class Manners:
    """How servers are asked. contact: an address in the User-Agent, where their keepers can reach whoever asks."""

    contact: str | None = None
    pause_seconds: float = 1.0
    allow_private: bool = False

    @property
    def user_agent(self) -> str:
        return f"{robots.PRODUCT}/{version('kijigura')}" + (f" (+{self.contact})" if self.contact else "")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page or a file as it came, for `indexer.formats.read_open(file, where, facts)`.

    where: the address that was asked for. facts: with the one that it led to. version: to ask by the next time.
    fresh_seconds: for how long the server says that it need not be asked again.
    """

    file: BinaryIO = field(repr=False)
    where: Where
    facts: Facts
    version: Version
    fresh_seconds: float


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The server has nothing newer than the version that was named."""

    fresh_seconds: float = 0.0


class Client:
    """Threads may share it; it asks a host one thing at a time."""

    def __init__(
        self, manners: Manners | None = None, notebook: Notebook | None = None, *, wire: Wire | None = None,
        turns: Turns | None = None,
    ) -> None:
        self._manners = manners or Manners()
        self._notebook = notebook or Notebook()
        self._wire = wire or Wire(allow_private=self._manners.allow_private)
        self._turns = turns or Turns()
        self._lock = threading.Lock()
        self._robots: dict[str, _Robots] = {}
        # host -> when it may be asked again, by the clock of `turns`
        self._resting: dict[str, float] = {}

    def get(self, url: str, known: Version | None = None) -> Fetched | Unchanged:
        """What is at an address, wherever it leads. Raises Failure. known: what is had already."""
        headers = {"User-Agent": self._manners.user_agent, "Accept": ACCEPT, "Accept-Language": "ja, en;q=0.5"}
        asked_by = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified} if known else {}
        headers |= {name: value for name, value in asked_by.items() if value}
        try:
            address = addresses.parse(url, self._manners.allow_private)
            for _ in range(MAX_REDIRECTS + 1):
                rules = self._rules(address)
                if not rules.allow(address.url):
                    raise Failure(f"robots.txt of {address.host} forbids it")
                answer = self._ask(address, headers, rules.pause_seconds(self._manners.pause_seconds))
                if answer.status not in REDIRECTS:
                    return _understood(answer, url, address, any(asked_by.values()))
                address = self._onward(address, answer)
        except NotAllowed as error:
            raise Failure(str(error)) from None
        raise Failure(f"it leads on more than {MAX_REDIRECTS} times; name the address of the page itself")

    def _onward(self, address: Address, answer: Answer) -> Address:
        location = _utf_8(answer.headers.get("location", ""))
        if not location:
            raise Failure(f"it leads on without saying where (status {answer.status})")
        try:
            onward = addresses.parse(location, self._manners.allow_private, address)
            if address.scheme == "https" and onward.scheme == "http":
                raise NotAllowed("not encrypted any more; name that address if you trust it")
            onward.machines(self._manners.allow_private, self._wire.resolve)
        except NotAllowed as error:
            raise Failure(f"it leads to {location[:200]}: {error}") from None
        except OSError:
            pass        # said when it is asked
        return onward

    def _ask(self, address: Address, headers: dict[str, str], pause: float, cut_at_bytes: int | None = None) -> Answer:
        """The answer, after waiting for the host's turn, and again where it may be otherwise then. Raises Failure."""
        for attempt in range(1, MAX_TRIES + 1):
            with self._turns.at(address.host, pause) as turn:
                rest = self._resting.get(address.host, 0.0) - self._turns.now()
                if rest > 0:
                    why = f"{address.host} wants to be left alone for {rest:,.0f} s; try again after that"
                    raise Failure(why, transient=True)
                try:
                    answer = self._wire.exchange(address, headers, cut_at_bytes=cut_at_bytes)
                except Failure as failure:
                    if not failure.transient or attempt == MAX_TRIES:
                        raise
                    wait = 0.0
                else:
                    if answer.status not in TRY_AGAIN:
                        return answer
                    wait = _retry_after(answer)
                    if wait > LONGEST_WAIT_SECONDS:
                        self._resting[address.host] = self._turns.now() + wait
                    if wait > LONGEST_WAIT_SECONDS or attempt == MAX_TRIES:
                        return answer
                turn.pause_seconds = max(pause, wait, FIRST_WAIT_SECONDS * 2 ** (attempt - 1))
        raise AssertionError("the last try returns or raises")

    # ---- robots.txt ----

    def _rules(self, address: Address) -> robots.Rules:
        """What the origin's robots.txt says, from memory, the notebook or the host. Raises Failure, NotAllowed."""
        with self._lock:
            kept = self._robots.setdefault(address.origin, _Robots())
        with kept.lock:
            if time.time() >= kept.until:
                kept.found, kept.until = self._find_rules(address)
            if isinstance(kept.found, Failure):
                raise Failure(str(kept.found), kept.found.transient)
            return kept.found

    def _find_rules(self, address: Address) -> tuple[robots.Rules | Failure, float]:
        """The rules, or why nothing may be asked for now; and until when that holds."""
        noted = self._notebook.robots(address.origin)
        now = time.time()
        if noted and now < noted[1] + robots.KEPT_SECONDS:
            return robots.parse(noted[0]), noted[1] + robots.KEPT_SECONDS
        try:
            text = self._robots_txt(address)
        except Failure as failure:
            # RFC 9309 lets the last copy serve as long as there is no newer one to be had.
            return robots.parse(noted[0]) if noted else failure, now + FAILED_ROBOTS_SECONDS
        self._notebook.keep_robots(address.origin, text, now)
        return robots.parse(text), now + robots.KEPT_SECONDS

    def _robots_txt(self, address: Address) -> str:
        """Its text; empty where there is none. Raises Failure where that cannot be told, NotAllowed."""
        at = addresses.parse(address.origin + "/robots.txt", self._manners.allow_private)
        headers = {"User-Agent": self._manners.user_agent}
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._ask(at, headers, self._manners.pause_seconds, robots.MAX_ROBOTS_BYTES)
            if answer.status == 200:
                return answer.body.decode("utf-8", "replace")
            if answer.status == 429 or answer.status >= 500:
                raise Failure(
                    f"robots.txt of {address.host} cannot be had (status {answer.status}), so nothing there may be "
                    "asked for now; try again later", transient=True,
                )
            if answer.status not in REDIRECTS:
                return ""
            at = self._onward(at, answer)
        return ""


@dataclass(slots=True)
class _Robots:
    """until: seconds since 1970."""

    found: robots.Rules | Failure = field(default_factory=lambda: Failure("not asked yet"))
    until: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


# ---- what an answer says ----------------------------------------------------------------------------


def _understood(answer: Answer, url: str, address: Address, is_known: bool) -> Fetched | Unchanged:
    """Raises Failure for any answer that is no page. is_known: there is a version that it may be the same as."""
    if answer.status == 304 and is_known:
        return Unchanged(_fresh_seconds(answer))
    if answer.status != 200:
        why = STATUSES.get(answer.status, "the server has no page to give")
        raise Failure(f"{why} (status {answer.status})", transient=answer.status in TRY_AGAIN)
    declared = Message()
    declared["content-type"] = answer.headers.get("content-type", "")
    kind = declared.get_content_type() if answer.headers.get("content-type") else ""
    if not _may_hold_an_article(kind):
        raise Failure(f"{KINDS.get(kind.split('/')[0], 'a file')} ({kind}), not an article")
    facts = Facts(charset=declared.get_content_charset(), url=address.url, as_of=_date(answer) or datetime.now(JST))
    version = Version(answer.headers.get("etag"), answer.headers.get("last-modified"))
    return Fetched(io.BytesIO(answer.body), Where(url), facts, version, _fresh_seconds(answer))


def _may_hold_an_article(kind: str) -> bool:
    if kind.startswith("image/"):
        return False        # SVG is XML, but no article
    return kind in TYPES or kind.endswith(("+xml", "+json")) or (kind.startswith("text/") and kind not in NOT_TEXT)


def _utf_8(header: str) -> str:
    """A header that is no ASCII, as servers mean it; http.client reads every byte as a character."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


def _date(answer: Answer) -> datetime | None:
    return _http_date(answer.headers.get("date", ""))


def _http_date(written: str) -> datetime | None:
    try:
        return parsedate_to_datetime(written).astimezone(JST)
    except (ValueError, OverflowError):
        return None


def _retry_after(answer: Answer) -> float:
    """Seconds; Retry-After is a number of them or a date."""
    written = answer.headers.get("retry-after", "").strip()
    if written.isascii() and written.isdecimal():
        return float(written[:9])
    at = _http_date(written)
    return max((at - datetime.now(JST)).total_seconds(), 0.0) if at else 0.0


def _fresh_seconds(answer: Answer) -> float:
    """`max-age` of Cache-Control; 0 where there is none, or the answer must not be kept."""
    said: dict[str, str] = {}
    for one in answer.headers.get("cache-control", "").lower().split(","):
        name, _, value = one.strip().partition("=")
        said[name] = value.strip('" ')
    age = said.get("max-age", "")
    if {"no-cache", "no-store"} & said.keys() or not (age.isascii() and age.isdecimal()):
        return 0.0
    return float(age[:9])
