"""`topics.toml` -> topics."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from indexer.raw import Rejection, Where
from search.articles import Topic

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}\Z")


def read_topics(path: Path) -> list[Topic] | Rejection:
    """The topics of a `topics.toml`, in its order; or what is wrong with it."""
    where = Where(str(path))
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("topic", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return Rejection(where, f"no TOML that can be read: {error}")
    if not isinstance(tables, list):
        return Rejection(where, "topic is not a list of [[topic]] tables")
    topics: list[Topic] = []
    for number, table in enumerate(tables, 1):
        topic = make_topic(table) if isinstance(table, dict) else "not a [[topic]] table"
        if isinstance(topic, str):
            return Rejection(where, f"topic {number}: {topic}")
        topics.append(topic)
    return topics


def make_topic(table: dict[str, object]) -> Topic | str:
    """A topic from its keys `id`, `name`, `query` and perhaps `name_en`; or what is wrong, in one phrase."""
    values = {key: str(table.get(key) or "").strip() for key in ("id", "name", "query", "name_en")}
    for key in ("id", "name", "query"):
        if not values[key]:
            return f"no {key}"
    if not _ID.match(values["id"]):
        return f"the id {values['id']!r} has other characters than a-z, 0-9 and -"
    return Topic(values["id"], values["name"], values["query"], values["name_en"] or None)
