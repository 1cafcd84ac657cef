"""`/topic/ID`: saved queries with a name."""

from __future__ import annotations

from flask import Flask, render_template

from web.library import Keeper
from web.pages.topic import topic_page
from web.routes.asking import asked_for, frame, links_for


def add_routes(app: Flask, keeper: Keeper) -> None:
    """Add the pages of topics."""

    @app.get("/topic/<any_id:topic_id>")
    def topic(topic_id: str) -> str:
        asked = asked_for()
        with keeper.library() as library:
            view = library.topic(topic_id, asked.request.language)
        page = topic_page(view, asked, links_for(asked))
        return render_template("topic.html", page=page, **frame(asked))
