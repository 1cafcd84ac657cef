"""`/suggest`: names and topics that the end of a query may become, for the script of the query box and for browsers."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, request

from search.name_suggestions import Suggestion, Suggestions
from search.query.typed_end import MOST_CHARS
from web.library import Keeper
from web.links import Links
from web.openapi import OPENSEARCH
from web.routes.asking import asked_for, base_url, json_answer, links_for
from web.words import language, ngettext, one_of_kind

KEPT_SECONDS = 60
"""How long a browser may give the same answer: who takes back a letter is not made to wait."""


def add_routes(app: Flask, keeper: Keeper) -> None:
    """Add the suggestions."""

    @app.get("/suggest")
    def suggest() -> Response:
        # As it was typed: a space at its end parts it from a word that is yet to come.
        text = request.args.get("q", "")
        asked = asked_for()
        with keeper.library() as library:
            found = library.suggest(text[-4 * MOST_CHARS :], language())
        found = Suggestions(text, found.typed, found.found)
        if request.args.get("format") == "opensearch" or request.accept_mimetypes.best == OPENSEARCH:
            answer = json_answer(_for_browsers(found, links_for(asked)))
            answer.mimetype = OPENSEARCH
        else:
            answer = json_answer(_for_pages(found, links_for(asked)))
        answer.cache_control.private = True
        answer.cache_control.max_age = KEPT_SECONDS
        answer.vary.add("Accept")
        return answer


def _for_pages(found: Suggestions, links: Links) -> dict[str, Any]:
    return {
        "query": found.text,
        "typed": found.typed,
        "suggestions": [
            {
                "value": one.value, "label": one.label, "kind": one.kind, "kind_label": one_of_kind(one.kind),
                "count": one.count, "count_label": _articles(one), "url": _url(one, links),
                **({"also": one.also} if one.also else {}),
            }
            for one in found.found
        ],
    }


def _for_browsers(found: Suggestions, links: Links) -> list[Any]:
    """Completed queries, what to say about each, and where each leads (OpenSearch Suggestions 1.1)."""
    before = found.text.removesuffix(found.typed)
    return [
        found.text,
        [before + one.value for one in found.found],
        [f"{one_of_kind(one.kind)} · {_articles(one)}" for one in found.found],
        [base_url() + _url(one, links).removeprefix(links.root) for one in found.found],
    ]


def _articles(one: Suggestion) -> str:
    return ngettext("%(count)s article", "%(count)s articles", one.count, count=f"{one.count:,}")


def _url(one: Suggestion, links: Links) -> str:
    return links.topic(one.id) if one.kind == "topic" else links.entity(one.id)
