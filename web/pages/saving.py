"""What the page that saves a search as a topic shows, ready to draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from search.articles import Topic
from search.japanese.hepburn import slug
from search.query import steps
from search.query.model import Request
from search.query.saving import Saved, Unsaid
from search.results import Condition
from search.topic_forms import as_command, as_toml, is_topic_id
from web import params
from web.links import Links
from web.words import _

MOST_NAME_CHARS = 100
"""Of a name that was typed."""

NAME_FIELDS = ("name", "id", "name_en")
"""What the form asks for: parameters of this address that no other one has."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What the address says of the topic, "" where it says nothing."""

    name: str
    id: str
    name_en: str

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> Typed:
        return cls(*(params.clean(arguments.get(field, ""))[:MOST_NAME_CHARS] for field in NAME_FIELDS))


@dataclass(frozen=True, slots=True)
class SavePage:
    """hidden: what the form keeps of the search. topic: None where the search has no condition.

    id_note: what is wrong with the id that was typed, or that a topic has it; "" for nothing.
    notes: how the topic differs from the search.
    """

    name: str
    id: str
    name_en: str
    id_note: str
    query: str
    total: int
    notes: tuple[str, ...]
    command: str
    toml: str
    hidden: tuple[tuple[str, str], ...]
    action: str
    back_url: str
    query_url: str
    feed_url: str

    def as_json(self) -> dict[str, Any]:
        """What `/save?format=json` answers."""
        return {
            "id": self.id, "name": self.name, "name_en": self.name_en or None, "query": self.query,
            "articles": self.total, "command": self.command, "toml": self.toml, "notes": list(self.notes),
        }


def save_page(
    request: Request, saved: Saved, found: tuple[int, int], conditions: Sequence[Condition], topics: Mapping[str, str],
    typed: Typed, links: Links,
) -> SavePage:
    """found: articles of the search, and of the query that would be saved. topics: id -> name of those
    there are."""
    name = typed.name or _name(conditions) or saved.text[:MOST_NAME_CHARS]
    made = slug(typed.name_en or name) or "topic"
    topic_id = typed.id if is_topic_id(typed.id) else made
    topic = Topic(topic_id, name, saved.text, typed.name_en or None)
    bare = steps.bare(request) if not saved.text else Request(saved.text, language=request.language)
    search, query = found
    notes = [_unsaid(one) for one in saved.unsaid]
    if search != query:
        notes.append(_("The search finds %(search)s, the topic %(topic)s.", search=f"{search:,}", topic=f"{query:,}"))
    return SavePage(
        name=name, id=topic_id, name_en=typed.name_en, id_note=_id_note(typed.id, topic_id, topics),
        query=saved.text, total=query, notes=tuple(notes),
        command=as_command(topic) if saved.text else "", toml=as_toml(topic) if saved.text else "",
        hidden=tuple(pair for pair in links.pairs(request) if pair[0] not in NAME_FIELDS),
        action=links.saving(), back_url=links.search(request), query_url=links.search(bare),
        feed_url=links.search(bare, "atom"),
    )


def _name(conditions: Sequence[Condition]) -> str:
    """The words and values of the search: 停戦 習近平; what is excluded, and the days, are left to the query."""
    said = [one.label for one in conditions if not one.excludes and one.facet not in ("from", "to", "year")]
    return " ".join(said)[:MOST_NAME_CHARS]


def _id_note(typed: str, used: str, topics: Mapping[str, str]) -> str:
    if typed and typed != used:
        return _("An ID has a to z, 0 to 9 and hyphens alone. %(id)s was made of the name.", id=used)
    if used in topics:
        return _("There is a topic with this ID, %(name)s: the command changes it.", name=topics[used])
    return ""


def _unsaid(what: Unsaid) -> str:
    return {
        "about": _("A topic has every article that names the chosen ones, not only those about them."),
        "off": _("A topic looks for every form of its words; what you switched off is searched again."),
        "as_typed": _("A topic looks for every form of its words, not only as they were typed."),
        "too long": _("A query has up to 32 words: the topic lacks those at the end."),
    }[what]
