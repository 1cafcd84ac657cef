"""`/topics`, `/topic/ID`, `/save`: saved queries with a name, and how a search becomes one."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from search.query.model import Request
from web.library import Keeper
from web.pages import topics as all_topics
from web.pages.saving import Typed, save_page
from web.pages.topic import topic_page
from web.routes.asking import asked_for, frame, json_answer, links_for, require_form


def add_routes(app: Flask, keeper: Keeper) -> None:
    """Add the pages of topics."""

    @app.get("/topic/<any_id:topic_id>")
    def topic(topic_id: str) -> AnyResponse | str:
        asked = asked_for()
        require_form(asked, "json")
        with keeper.library() as library:
            view = library.topic(topic_id, asked.request.language)
        if asked.form == "json":
            return json_answer(view.as_json())
        page = topic_page(view, asked, links_for(asked))
        return render_template("topic.html", page=page, **frame(asked))

    @app.get("/topics")
    def topics() -> AnyResponse | str:
        asked = asked_for()
        require_form(asked, "json")
        with keeper.library() as library:
            counts = library.topic_counts()
        if asked.form == "json":
            return json_answer(all_topics.as_json(counts))
        links = links_for(asked)
        page = all_topics.topics_page(counts, asked.request.language, links)
        return render_template("topics.html", page=page, json_url=links.topics("json"), **frame(asked))

    @app.get("/save")
    def save() -> AnyResponse | str:
        asked = asked_for()
        require_form(asked, "json")
        one = replace(asked.request, page=1, size=1)
        with keeper.library() as library:
            saved = library.as_query(one)
            found = library.search(one)
            total = library.search(Request(saved.text, size=1)).total if saved.text else 0
            topics = {topic.value: topic.label for topic in library.topics(one.language)}
        page = save_page(
            asked.request, saved, (found.total, total), found.conditions, topics, Typed.of(request.args),
            links_for(asked),
        )
        return json_answer(page.as_json()) if asked.form == "json" else render_template(
            "save.html", page=page, **frame(asked)
        )
