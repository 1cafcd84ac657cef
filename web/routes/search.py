"""`/`: results as a page, and in the forms that other programs read."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask, Response, render_template
from werkzeug.exceptions import BadRequest

from web import params
from web.forms.exports import MIMETYPES, render
from web.library import Keeper
from web.pages.search import is_home, search_page
from web.params import Asked
from web.routes.asking import asked_for, base_url, frame, json_answer, links_for, problem_notes


def add_routes(app: Flask, keeper: Keeper) -> None:
    """Add the search page."""

    @app.get("/")
    def search() -> Response | str:
        asked = asked_for()
        if asked.form != "html":
            return _export(asked, keeper)
        if any(problem.name == "format" for problem in asked.problems):
            raise BadRequest(problem_notes(asked, "format"))
        with keeper.library() as library:
            result = library.search(asked.request)
            topics = library.topics(asked.request.language) if is_home(asked.request) else ()
        page = search_page(asked, result, topics, links_for(asked))
        return render_template("search.html", page=page, **frame(asked))


def _export(asked: Asked, keeper: Keeper) -> Response:
    """One page of results in another form. A program reads no notes, so what a page would forgive is refused here."""
    broken = [problem.name for problem in asked.problems if problem.name != "q"]
    if broken:
        raise BadRequest(problem_notes(asked, *broken))
    wanted = asked.request
    if asked.form == "atom" and wanted.sort is None:
        wanted = replace(wanted, sort="newest")  # what a reader of feeds waits for
    with keeper.library() as library:
        result = library.search(wanted)
    if asked.form == "json":
        return json_answer(result.as_json())
    address = params.query_string(params.pairs(asked.request, asked.lang, asked.form))
    text = render(result, asked.form, base_url(), address)
    # Spreadsheets take CSV without a byte order mark for the local legacy encoding and show mojibake.
    data = text.encode("utf-8-sig" if asked.form == "csv" else "utf-8")
    response = Response(data, content_type=f"{MIMETYPES[asked.form]}; charset=utf-8")
    if asked.form != "atom":
        response.headers["Content-Disposition"] = f'attachment; filename="kijigura.{asked.form}"'
    return response
