"""Alerts: searches that a person wants to hear of again, and what is new in each.

They lie in `alerts.json` beside the archive. What is new is told by the archive's change numbers, never by dates of
publication: an article of last year that came in today is new. Where a backup was put back the numbers count anew, so
what was taken in since the last look is new, too, whatever its number.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from search.articles import JST
from search.errors import ArchiveBusy, ArchiveDamaged
from search.library import Library
from search.query.model import Request
from search.results import Hit

FILE_NAME = "alerts.json"
HITS_AT_ONCE = 200
_ASKED = ("text", "filters", "excluded", "since", "until", "off", "as_typed", "about")
"""What of a request an alert keeps."""


@dataclass(frozen=True, slots=True)
class Alert:
    """A search with a name.

    change: the last change of the archive that was looked at. looked_at: when, as ISO 8601 in JST, to the second; ""
    where an earlier version did not keep it. told: ids of the articles that matched then or earlier, each of which is
    reported once.
    """

    name: str
    request: Request
    change: int = 0
    looked_at: str = ""
    told: frozenset[str] = field(default=frozenset(), repr=False)

    def as_json(self) -> dict[str, Any]:
        """What `alerts.json` keeps of it."""
        asked = {name: value for name, value in asdict(self.request).items() if name in _ASKED and value}
        for name in ("since", "until"):
            if name in asked:
                asked[name] = asked[name].isoformat()
        return {
            "name": self.name, "search": asked, "change": self.change, "looked_at": self.looked_at,
            "told": sorted(self.told),
        }


@dataclass(frozen=True, slots=True)
class News:
    """What is new for an alert.

    hits: newest first. after: the alert once these have been told. was_put_back: the archive is not the one that was
    looked at, but an earlier state of it, or another one, and what came in since then. notes: what there is to say
    about the search, such as that its topic is gone.
    """

    alert: Alert
    hits: Sequence[Hit]
    after: Alert
    was_put_back: bool
    notes: Sequence[str]


def remembered(library: Library, alert: Alert) -> Alert:
    """The alert, for which everything there is now is old."""
    now = datetime.now(JST).isoformat(timespec="seconds")
    told = alert.told | frozenset(library.matching(alert.request))
    return replace(alert, change=library.change, looked_at=now, told=told)


def news(library: Library, alert: Alert) -> News:
    """What matches now, came or changed since, and was never told.

    Only what the index has counts; what it lacks is left for the next time.
    """
    # An archive that was made anew begins to count anew.
    is_shorter = alert.change > library.archive.last_change()
    since = 0 if is_shorter else alert.change
    after = remembered(library, alert)
    # An index that is just being made anew has less than was looked at before.
    after = replace(after, change=max(since, after.change))
    touched = library.archive.last_touched(after.told - alert.told)
    # What has a number that was looked at came in before that look, unless the number was given a second time.
    later = {one for one, (change, _) in touched.items() if change > since}
    again = {one for one, (_, at) in touched.items() if alert.looked_at and at >= alert.looked_at} - later
    new = [*later, *again]
    hits: list[Hit] = []
    for start in range(0, len(new), HITS_AT_ONCE):
        hits += library.hits(alert.request, new[start : start + HITS_AT_ONCE])
    hits.sort(key=lambda hit: hit.id)
    hits.sort(key=lambda hit: hit.published.at.timestamp() if hit.published else float("-inf"), reverse=True)
    return News(alert, hits, after, is_shorter or bool(again), library.notes(alert.request))


# ---- where they lie ----


def load(directory: Path) -> list[Alert]:
    """The alerts of the archive in `directory`, in the order they were added. Raises ArchiveDamaged."""
    path = directory / FILE_NAME
    try:
        return [_alert(record) for record in json.loads(path.read_text(encoding="utf-8"))["alerts"]]
    except FileNotFoundError:
        return []
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArchiveDamaged(
            f"{path} cannot be read: {error}. Put back a copy of it, or remove it and add the alerts again: "
            "kijigura alerts add NAME QUERY"
        ) from error


def _alert(record: dict[str, Any]) -> Alert:
    asked = {name: value for name, value in record["search"].items() if name in _ASKED}
    for name in ("since", "until"):
        if name in asked:
            asked[name] = date.fromisoformat(asked[name])
    for name in ("filters", "excluded"):
        if name in asked:
            asked[name] = {facet: tuple(values) for facet, values in asked[name].items()}
    if "off" in asked:
        asked["off"] = tuple(asked["off"])
    return Alert(
        str(record["name"]), Request(**asked), int(record["change"]), str(record.get("looked_at", "")),
        frozenset(record["told"]),
    )


def save(directory: Path, alerts: Sequence[Alert]) -> None:
    """Write them all, or none; inside of `alone`."""
    path = directory / FILE_NAME
    beside = path.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as file:
        json.dump({"alerts": [alert.as_json() for alert in alerts]}, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


@contextmanager
def alone(directory: Path) -> Iterator[None]:
    """While the alerts of an archive are looked at and changed. Raises ArchiveBusy where another process does."""
    with (directory / "alerts.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ArchiveBusy(
                f"Another process is at the alerts of {directory}. Wait for it to end, or look for it: "
                "pgrep -af kijigura"
            ) from error
        yield
