"""`/article/ID`."""

from __future__ import annotations

from flask import Flask, Response, render_template

from web.library import Keeper
from web.pages.article import article_page
from web.routes.asking import asked_for, frame, json_answer, links_for


def add_routes(app: Flask, keeper: Keeper) -> None:
    """Add the pages of articles."""

    @app.get("/article/<any_id:article_id>")
    def article(article_id: str) -> Response | str:
        asked = asked_for()
        with keeper.library() as library:
            view = library.article(article_id, asked.request)
        if asked.form == "json":
            return json_answer(view.as_json(asked.request.language))
        page = article_page(view, asked, links_for(asked))
        return render_template("article.html", page=page, **frame(asked))
