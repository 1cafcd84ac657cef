"""Answers for programs that look after the server, crawl it or search it; and how people search."""

from __future__ import annotations

from dataclasses import asdict

from flask import Flask, Response, render_template

from search import errors
from search.asking import DEADLINE_MS
from search.query.model import SORTS
from search.results import FACETS
from web import params
from web.library import Keeper
from web.openapi import description
from web.pages.help import help_groups
from web.routes.asking import asked_for, base_url, frame, json_answer, links_for, require_form
from web.routes.errors import unavailable


def add_routes(app: Flask, keeper: Keeper) -> None:
    """Add what machines ask for, and the help for people."""

    @app.get("/help")
    def how_to_search() -> str:
        asked = asked_for()
        require_form(asked)
        return render_template("help.html", groups=help_groups(links_for(asked)), **frame(asked))

    @app.get("/healthz")
    def healthz() -> Response:
        try:
            with keeper.library() as library:
                return json_answer({"status": "ok", **asdict(library.health())})
        except (errors.EngineError, errors.ArchiveError) as error:
            return unavailable(json_answer({"status": "unavailable", "message": str(error)}, 503))

    @app.get("/robots.txt")
    def robots() -> Response:
        # Articles, names and topics may be read; the endless combinations of conditions may not be crawled.
        return Response("User-agent: *\nDisallow: /?\n", mimetype="text/plain")

    @app.get("/openapi.json")
    def openapi() -> Response:
        return json_answer(description(base_url()))

    @app.get("/llms.txt")
    def llms() -> Response:
        text = render_template(
            "llms.txt", base_url=base_url(), facets=FACETS, sorts=SORTS, languages=params.LANGUAGES, forms=params.FORMS,
            whole=params.WHOLE_FORMS, most=params.SIZES[-1], address_bytes=params.MAX_ADDRESS_BYTES,
            seconds=f"{DEADLINE_MS / 1000:g}",
        )
        return Response(text, mimetype="text/plain")

    @app.get("/opensearch.xml")
    def opensearch() -> Response:
        xml = render_template("opensearch.xml", base_url=base_url(), **frame(asked_for()))
        return Response(xml, mimetype="application/opensearchdescription+xml")
