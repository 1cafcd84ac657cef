"""A topic as people write it: a table of `topics.toml`, or the command that adds it."""

from __future__ import annotations

import json
import re
import shlex

from search.articles import Topic

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}\Z")


def make_topic(table: dict[str, object]) -> Topic | str:
    """A topic from its keys `id`, `name`, `query` and perhaps `name_en`; or what is wrong, in one phrase."""
    values = {key: str(table.get(key) or "").strip() for key in ("id", "name", "query", "name_en")}
    for key in ("id", "name", "query"):
        if not values[key]:
            return f"no {key}"
    if not is_topic_id(values["id"]):
        return f"the id {values['id']!r} has other characters than a-z, 0-9 and -"
    return Topic(values["id"], values["name"], values["query"], values["name_en"] or None)


def is_topic_id(text: str) -> bool:
    """Whether a topic may have this id."""
    return _ID.match(text) is not None


def as_toml(topic: Topic) -> str:
    """The topic as `topics.toml` has it."""
    pairs = (("id", topic.id), ("name", topic.name), ("name_en", topic.name_en), ("query", topic.query))
    return "[[topic]]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in pairs if value)


def _toml(text: str) -> str:
    """A basic string of TOML is one of JSON, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def as_command(topic: Topic) -> str:
    """The command that adds the topic, for a shell."""
    words = ["kijigura", "topics", "add", topic.id, topic.name, topic.query]
    if topic.name_en:
        words += ["--name-en", topic.name_en]
    return shlex.join(words)
