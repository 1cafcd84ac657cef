"""`/article/ID` and `/history/ID`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask import Flask, Response, render_template
from werkzeug.exceptions import NotFound

from search.articles import JST, Article
from search.query.model import Request
from web.forms.bibtex import bibtex_entries
from web.forms.exports import ENDINGS, MIMETYPES
from web.forms.record import of_article
from web.forms.ris import ris_records
from web.library import Keeper
from web.pages.article import article_page, is_marked
from web.pages.history import history_page
from web.params import Asked
from web.routes.asking import asked_for, base_url, frame, json_answer, links_for, require_form

_WRITERS = {"ris": ris_records, "bibtex": bibtex_entries}
"""Forms in which one article is saved."""


def add_routes(app: Flask, keeper: Keeper) -> None:
    """Add the pages of articles."""

    @app.get("/article/<any_id:article_id>")
    def article(article_id: str) -> Response | str:
        asked = asked_for()
        require_form(asked, "json", *_WRITERS)
        with keeper.library() as library:
            view = library.article(article_id, _marking(asked))
            if asked.find and not is_marked(view):
                # Not as words; then wherever these characters stand, as a browser looks for them.
                view = library.article(article_id, _marking(replace(asked, find=_to_the_letter(asked.find))))
        if asked.form == "json":
            return json_answer(view.as_json(asked.request.language))
        if asked.form in _WRITERS:
            return _saved(view.article, asked.form)
        page = article_page(view, asked, links_for(asked), base_url(), datetime.now(JST).date())
        return render_template("article.html", page=page, **frame(asked))

    @app.get("/history/<any_id:article_id>")
    def history(article_id: str) -> Response | str:
        asked = asked_for()
        require_form(asked, "json")
        with keeper.library() as library:
            found = library.history(article_id)
        if asked.form == "json":
            return json_answer(found.as_json())
        if any(problem.name == "version" for problem in asked.problems):
            raise NotFound
        page = history_page(found, asked, links_for(asked))
        return render_template("history.html", page=page, **frame(asked))


def _marking(asked: Asked) -> Request:
    """What to mark in an article: what the reader looks for in it, else what the search was for, or nothing."""
    if asked.find:
        return Request(text=asked.find, language=asked.request.language)
    return asked.request if asked.marks else Request(language=asked.request.language)


def _to_the_letter(text: str) -> str:
    """In the syntax of the search box: each word, as it is stored."""
    return " ".join(f"={word}" for word in text.split())


def _saved(article: Article, form: str) -> Response:
    text = "".join(_WRITERS[form]([of_article(article, base_url())]))
    response = Response(text, content_type=f"{MIMETYPES[form]}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="article.{ENDINGS.get(form, form)}"'
    return response
