"""What an address asks, and what the frame around every page needs to know of it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest, RequestURITooLarge

from search.articles import JST
from search.query.model import Request
from web import params
from web.dates import written_day
from web.links import Links, query_string, quote_path
from web.pages import cards
from web.params import Asked
from web.words import _, language

MAX_TOLD_CHARS = 60
"""Code points of what cannot be used that a message repeats."""


def add_limits(app: Flask) -> None:
    """Refuse addresses that no reader makes, and say that answers depend on the reader's language."""

    @app.before_request
    def refuse_endless_addresses() -> None:
        if len(request.query_string) > params.MAX_ADDRESS_BYTES:
            raise RequestURITooLarge(_("The address is longer than %(most)s bytes.", most=params.MAX_ADDRESS_BYTES))

    @app.after_request
    def vary(response: Response) -> Response:
        if request.endpoint != "static":
            response.vary.add("Accept-Language")
        return response


def asked_for() -> Asked:
    """The address of the present request, read."""
    return params.read(request.args.items(multi=True), language())


def links_for(asked: Asked) -> Links:
    """Makes addresses in the language, and with the folding, that the present one asks for."""
    return Links(request.script_root, asked.lang, asked.folds)


def base_url() -> str:
    """Where the pages stand, such as http://host:8000."""
    return request.url_root.rstrip("/")


def frame(asked: Asked) -> dict[str, Any]:
    """What the frame around every page needs. here, printed_on: the address and the day in Japan, for paper."""
    links = links_for(asked)
    other = "en" if language() == "ja" else "ja"
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    query = query_string([*kept, ("lang", other)])
    return {
        "links": links,
        "home_url": links.search(Request()),
        "help_url": links.help(),
        "other_language": other,
        "other_language_url": f"{request.script_root}{quote_path(request.path)}?{query}",
        "typed": asked.request.text,
        "lang_asked": asked.lang,
        "here": request.url,
        "printed_on": written_day(datetime.now(JST).date(), language()),
    }


def json_answer(data: dict[str, Any] | list[Any], status: int = 200) -> Response:
    """`data` as JSON."""
    return Response(json.dumps(data, ensure_ascii=False), status, mimetype="application/json")


def require_form(asked: Asked, *forms: str) -> None:
    """Raises BadRequest where something else is asked for than a page or one of `forms`."""
    unknown = next((problem.value for problem in asked.problems if problem.name == "format"), asked.form)
    if unknown not in ("html", *forms):
        raise BadRequest(_(
            "There is no form “%(value)s” of this page. There are %(forms)s.",
            value=unknown[:MAX_TOLD_CHARS], forms=_(", ").join(("html", *forms)),
        ))


def problem_notes(asked: Asked, *names: str) -> str:
    """Plain sentences about the parameters of these names that could not be used."""
    return " ".join(cards.problem_note(problem) for problem in asked.problems if problem.name in names)
