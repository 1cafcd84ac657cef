"""`/entity/ID`: persons, countries, organizations and places; `/compare`: several of them, or topics, side by side."""

from __future__ import annotations

from flask import Flask, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from web import params
from web.library import Keeper
from web.pages.compare import compare_page
from web.pages.entity import entity_page
from web.routes.asking import asked_for, frame, json_answer, links_for, problem_notes, require_form


def add_routes(app: Flask, keeper: Keeper) -> None:
    """Add the pages of entities, and that of comparisons."""

    @app.get("/entity/<any_id:entity_id>")
    def entity(entity_id: str) -> AnyResponse | str:
        asked = asked_for()
        require_form(asked, "json")
        with keeper.library() as library:
            view = library.entity(entity_id, asked.request.language)
        if view.entity.id != entity_id:  # another of its names, or an id that was merged into this one
            return redirect(links_for(asked).entity(view.entity.id, "json" if asked.form == "json" else None))
        if asked.form == "json":
            return json_answer(view.as_json())
        page = entity_page(view, asked, links_for(asked))
        return render_template("entity.html", page=page, **frame(asked))

    @app.get("/compare")
    def compare() -> AnyResponse | str:
        asked = asked_for()
        require_form(asked, "json")
        names = [name for name in map(params.clean, request.args.getlist("of")) if name]
        with keeper.library() as library:
            found = library.compare(names, asked.request.since, asked.request.until)
        if asked.form == "json":
            return json_answer(found.as_json(asked.request.language))
        page = compare_page(found, asked, links_for(asked))
        note = problem_notes(asked, "from", "to", "span")
        return render_template("compare.html", page=page, note=note, **frame(asked))
