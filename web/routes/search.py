"""`/`: results as a page, and in the forms that other programs read; `/values/FACET`: all values of one facet."""

from __future__ import annotations

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import NotFound

from search.results import FACETS
from web import params
from web.library import Keeper
from web.pages.search import is_home, search_page
from web.pages.values import values_page, wanted_values
from web.routes.asking import asked_for, frame, json_answer, links_for, require_form
from web.routes.exporting import export


def add_routes(app: Flask, keeper: Keeper) -> None:
    """Add the search page."""

    @app.get("/")
    def search() -> Response | str:
        asked = asked_for()
        if asked.form != "html":
            return export(asked, keeper)
        require_form(asked, *params.FORMS[1:])
        with keeper.library() as library:
            result = library.search(asked.request)
            topics = library.topics(asked.request.language) if is_home(asked.request) else ()
        page = search_page(asked, result, topics, links_for(asked))
        return render_template("search.html", page=page, **frame(asked))

    @app.get("/values/<facet>")
    def values(facet: str) -> Response | str:
        if facet not in FACETS:
            raise NotFound
        asked = asked_for()
        require_form(asked, "json")
        wanted = wanted_values(request.args)
        with keeper.library() as library:
            found = library.facet_values(
                asked.request, facet, find=wanted.find, order=wanted.order, page=wanted.page
            )
        if asked.form == "json":
            return json_answer(found.as_json())
        page = values_page(found, wanted, asked.request, links_for(asked))
        return render_template("values.html", page=page, **frame(asked))
