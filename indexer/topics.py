"""`topics.toml` -> topics."""

from __future__ import annotations

import tomllib
from pathlib import Path

from indexer.raw import Rejection, Where
from search.articles import Topic
from search.topic_forms import make_topic


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
