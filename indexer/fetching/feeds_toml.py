"""`feeds.toml` -> the feeds to follow, and how their servers are to be asked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.fetching.addresses import NotAllowed, parse
from indexer.fetching.client import Manners
from search.errors import UsageError

TOP_KEYS = ("contact", "pause_seconds", "allow_private", "feed")
FEED_KEYS = ("url", "source", "desk", "full_text", "every")

DEFAULT_EVERY_SECONDS = 15 * 60.0
LEAST_EVERY_SECONDS = 5 * 60.0
MOST_EVERY_SECONDS = 30 * 24 * 3600.0
MOST_PAUSE_SECONDS = 60.0
UNIT_SECONDS = {"m": 60.0, "min": 60.0, "h": 3600.0, "d": 86_400.0}

EVERY = re.compile(r"(\d{1,5})\s*(m|min|h|d)", re.ASCII)

# It stands in a header: an address of a page or of a mailbox, in ASCII and on one line.
CONTACT = re.compile(r"(?:https?://|mailto:)?[\w.+~/?=&%@:-]{3,200}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed. full_text: fetch each item's page; None: where the feed itself has no more than a summary."""

    url: str
    source: str | None = None
    desk: str | None = None
    full_text: bool | None = None
    every_seconds: float = DEFAULT_EVERY_SECONDS


@dataclass(frozen=True, slots=True)
class Following:
    """What a feeds.toml says."""

    feeds: tuple[Feed, ...]
    manners: Manners


def read_feeds(path: Path, *, allow_private: bool = False) -> Following:
    """allow_private: whatever the file says. Raises UsageError naming the file, the line, the key and the value."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        tables = tomllib.loads(text)
    except FileNotFoundError:
        raise UsageError(f"There is no {path}. Write one with a [[feed]] and its url for each feed.") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}. Mend it.") from error
    return _Reader(path, text).following(tables, allow_private)


@dataclass(frozen=True, slots=True)
class _Reader:
    path: Path
    text: str

    def following(self, tables: Mapping[str, Any], allow_private: bool) -> Following:
        self._only(tables, TOP_KEYS, 0)
        listed = tables.get("feed")
        if not isinstance(listed, list) or not listed or not all(isinstance(one, dict) for one in listed):
            raise UsageError(f"{self.path} names no feed. Write a [[feed]] with its url for each.")
        manners = Manners(
            contact=self._contact(tables),
            pause_seconds=self._pause_seconds(tables),
            allow_private=bool(self._kept(tables, "allow_private", bool, 0)) or allow_private,
        )
        feeds = tuple(self._feed(table, number, manners) for number, table in enumerate(listed, 1))
        for number, feed in enumerate(feeds, 1):
            if feed.url in (earlier.url for earlier in feeds[: number - 1]):
                raise self._wrong("url", feed.url, "is there already", number)
        return Following(feeds, manners)

    def _feed(self, table: Mapping[str, Any], number: int, manners: Manners) -> Feed:
        self._only(table, FEED_KEYS, number)
        url = self._kept(table, "url", str, number)
        if not url:
            raise UsageError(f"{self._at('', number)}: feed {number} has no url. Give it one.")
        try:
            parse(url, manners.allow_private)
        except NotAllowed as error:
            raise self._wrong("url", url, f"cannot be asked: {error}", number) from None
        return Feed(
            url, self._kept(table, "source", str, number), self._kept(table, "desk", str, number),
            self._kept(table, "full_text", bool, number), self._every_seconds(table, number),
        )

    def _only(self, table: Mapping[str, Any], known: tuple[str, ...], number: int) -> None:
        for key, value in table.items():
            if key not in known:
                raise self._wrong(key, value, f"is no setting. Known are: {', '.join(known)}", number)

    def _kept(self, table: Mapping[str, Any], key: str, kind: type[str] | type[bool], number: int) -> Any:
        """The value, text without white space around it; None where there is none."""
        value = table.get(key)
        if value is not None and not isinstance(value, kind):
            why = "is no text in quotes" if kind is str else "is neither true nor false"
            raise self._wrong(key, value, why, number)
        return (value.strip() or None) if isinstance(value, str) else value

    def _contact(self, table: Mapping[str, Any]) -> str | None:
        contact = self._kept(table, "contact", str, 0)
        if contact and not CONTACT.fullmatch(contact):
            raise self._wrong("contact", contact, "is neither a mail address nor the address of a page", 0)
        return str(contact) if contact else None

    def _pause_seconds(self, table: Mapping[str, Any]) -> float:
        value = table.get("pause_seconds", Manners().pause_seconds)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST_PAUSE_SECONDS:
            raise self._wrong("pause_seconds", value, f"is no number from 0 to {MOST_PAUSE_SECONDS:.0f}", 0)
        return float(value)

    def _every_seconds(self, table: Mapping[str, Any], number: int) -> float:
        written = table.get("every")
        if written is None:
            return DEFAULT_EVERY_SECONDS
        match = EVERY.fullmatch(str(written).strip())
        if not match:
            raise self._wrong("every", written, 'is no time such as "15m", "2h" or "1d"', number)
        seconds = int(match[1]) * UNIT_SECONDS[match[2]]
        if not LEAST_EVERY_SECONDS <= seconds <= MOST_EVERY_SECONDS:
            raise self._wrong("every", written, 'is not within "5m" and "30d"', number)
        return seconds

    def _wrong(self, key: str, value: object, why: str, number: int) -> UsageError:
        whose = f"feed {number}: " if number else ""
        shown = str(value).lower() if isinstance(value, bool) else repr(value)
        return UsageError(f"{self._at(key, number)}: {whose}{key} = {shown} {why}.")

    def _at(self, key: str, number: int) -> str:
        """The file, and the line of the key in the n-th [[feed]]; 0: above them all. tomllib tells no lines."""
        within = 0
        for line_number, line in enumerate(self.text.splitlines(), 1):
            if re.match(r"\s*\[\[\s*feed\s*\]\]", line):
                within += 1
                if within == number and not key:
                    return f"{self.path}:{line_number}"
            elif within == number and re.match(rf"""\s*["']?{re.escape(key)}["']?\s*[=.]""", line):
                return f"{self.path}:{line_number}"
        return str(self.path)
