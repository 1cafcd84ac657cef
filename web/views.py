"""The routes, and what a page says when something is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, replace
from typing import Any, Protocol, TypeVar

from flask import Flask, Response, current_app, redirect, render_template, request
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    NotFound,
    RequestURITooLarge,
    ServiceUnavailable,
    UnprocessableEntity,
)
from werkzeug.wrappers import Response as AnyResponse

from search import errors
from search.asking import DEADLINE_MS
from search.query.model import Request
from search.results import FacetValue, Health, ResultPage
from search.views import ArticleView, EntityView, TopicView
from web import cards, entities, exports, pages, params, reading
from web.help import help_groups
from web.params import Asked, Links
from web.words import _, language

RETRY_AFTER_SECONDS = 30
"""When to ask again while the index is being rebuilt."""

MIMETYPES = {
    "json": "application/json",
    "csv": "text/csv",
    "ris": "application/x-research-info-systems",
    "atom": "application/atom+xml",
}

_AnyResponse = TypeVar("_AnyResponse", bound=AnyResponse)


class Library(Protocol):
    """What the pages ask of the archive; `search.library.Library` is one."""

    def search(self, request: Request) -> ResultPage: ...
    def article(self, article_id: str, request: Request) -> ArticleView: ...
    def entity(self, name_or_id: str, language: str) -> EntityView: ...
    def topic(self, topic_id: str, language: str) -> TopicView: ...
    def topics(self, language: str) -> tuple[FacetValue, ...]: ...
    def health(self) -> Health: ...


class Keeper(Protocol):
    """Hands out the newest Library for one answer; raises EngineError or ArchiveError while there is none."""

    def library(self) -> AbstractContextManager[Library]: ...


def add_views(app: Flask, keeper: Keeper) -> None:
    """Add every route and error page to `app`."""

    @app.before_request
    def refuse_endless_addresses() -> None:
        if len(request.query_string) > params.MAX_ADDRESS_BYTES:
            raise RequestURITooLarge(_("The address is longer than %(most)s bytes.", most=params.MAX_ADDRESS_BYTES))

    @app.get("/")
    def search() -> Response | str:
        asked = _asked()
        if asked.form != "html":
            return _export(asked, keeper)
        if any(problem.name == "format" for problem in asked.problems):
            raise BadRequest(_problems(asked, "format"))
        with keeper.library() as library:
            result = library.search(asked.request)
            topics = library.topics(asked.request.language) if pages.is_home(asked.request) else ()
        page = pages.search_page(asked, result, topics, _links(asked))
        return render_template("search.html", page=page, **_common(asked))

    @app.get("/article/<any_id:article_id>")
    def article(article_id: str) -> Response | str:
        asked = _asked()
        with keeper.library() as library:
            view = library.article(article_id, asked.request)
        if asked.form == "json":
            return _json(view.as_json(asked.request.language))
        page = reading.article_page(view, asked, _links(asked))
        return render_template("article.html", page=page, **_common(asked))

    @app.get("/entity/<any_id:entity_id>")
    def entity(entity_id: str) -> AnyResponse | str:
        asked = _asked()
        with keeper.library() as library:
            view = library.entity(entity_id, asked.request.language)
        if view.entity.id != entity_id:  # another of its names, or an id that was merged into this one
            return redirect(_links(asked).entity(view.entity.id, "json" if asked.form == "json" else None))
        if asked.form == "json":
            return _json(view.as_json())
        page = entities.entity_page(view, asked, _links(asked))
        return render_template("entity.html", page=page, **_common(asked))

    @app.get("/topic/<any_id:topic_id>")
    def topic(topic_id: str) -> str:
        asked = _asked()
        with keeper.library() as library:
            view = library.topic(topic_id, asked.request.language)
        page = reading.topic_page(view, asked, _links(asked))
        return render_template("topic.html", page=page, **_common(asked))

    @app.get("/help")
    def how_to_search() -> str:
        asked = _asked()
        return render_template("help.html", groups=help_groups(_links(asked)), **_common(asked))

    @app.get("/healthz")
    def healthz() -> Response:
        try:
            with keeper.library() as library:
                return _json({"status": "ok", **asdict(library.health())})
        except (errors.EngineError, errors.ArchiveError) as error:
            return _unavailable(_json({"status": "unavailable", "message": str(error)}, 503))

    @app.get("/robots.txt")
    def robots() -> Response:
        # Articles, names and topics may be read; the endless combinations of conditions may not be crawled.
        return Response("User-agent: *\nDisallow: /?\n", mimetype="text/plain")

    @app.get("/opensearch.xml")
    def opensearch() -> Response:
        xml = render_template("opensearch.xml", base_url=_base_url(), **_common(_asked()))
        return Response(xml, mimetype="application/opensearchdescription+xml")

    @app.after_request
    def vary(response: Response) -> Response:
        if request.endpoint != "static":
            response.vary.add("Accept-Language")
        return response

    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(errors.KijiguraError, _own_error)


# ---- Addresses ------------------------------------------------------------------------------------


def _asked() -> Asked:
    return params.read(request.args.items(multi=True), language())


def _links(asked: Asked) -> Links:
    return Links(request.script_root, asked.lang, asked.folds)


def _base_url() -> str:
    return request.url_root.rstrip("/")


def _common(asked: Asked) -> dict[str, Any]:
    """What the frame around every page needs."""
    links = _links(asked)
    other = "en" if language() == "ja" else "ja"
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    query = params.query_string([*kept, ("lang", other)])
    return {
        "links": links,
        "home_url": links.search(Request()),
        "help_url": links.help(),
        "other_language": other,
        "other_language_url": f"{request.script_root}{params.quote_path(request.path)}?{query}",
        "typed": asked.request.text,
        "lang_asked": asked.lang,
    }


# ---- Answers for programs -------------------------------------------------------------------------


def _export(asked: Asked, keeper: Keeper) -> Response:
    """One page of results in another form. A program reads no notes, so what a page would forgive is refused here."""
    broken = [problem.name for problem in asked.problems if problem.name != "q"]
    if broken:
        raise BadRequest(_problems(asked, *broken))
    wanted = asked.request
    if asked.form == "atom" and wanted.sort is None:
        wanted = replace(wanted, sort="newest")  # what a reader of feeds waits for
    with keeper.library() as library:
        result = library.search(wanted)
    if asked.form == "json":
        return _json(result.as_json())
    address = params.query_string(params.pairs(asked.request, asked.lang, asked.form))
    text = exports.render(result, asked.form, _base_url(), address)
    # Spreadsheets take CSV without a byte order mark for the local legacy encoding and show mojibake.
    data = text.encode("utf-8-sig" if asked.form == "csv" else "utf-8")
    response = Response(data, content_type=f"{MIMETYPES[asked.form]}; charset=utf-8")
    if asked.form != "atom":
        response.headers["Content-Disposition"] = f'attachment; filename="kijigura.{asked.form}"'
    return response


def _json(data: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(data, ensure_ascii=False), status, mimetype=MIMETYPES["json"])


def _problems(asked: Asked, *names: str) -> str:
    return " ".join(cards.problem_note(problem) for problem in asked.problems if problem.name in names)


# ---- Errors ---------------------------------------------------------------------------------------


def _headings() -> dict[int, tuple[str, str]]:
    """Status -> what to say, and what to do about it."""
    return {
        400: (_("This address cannot be used"), _("Something in it is not as it should be.")),
        404: (_("There is nothing here"), _("The address may be mistyped, or what stood here was removed.")),
        405: (_("This can only be read"), _("Pages here take no changes; the command line does.")),
        414: (_("This address is too long"), _("Take away some conditions, or shorten the query.")),
        422: (_("This query is too heavy"), ""),
        500: (_("Something went wrong here"), _("It was written to the log. Other pages may still work.")),
        503: (_("The index cannot answer just now"), _("The articles are safe. Please try again a little later.")),
    }


def _http_error(error: HTTPException) -> AnyResponse:
    code = error.code or 500
    # werkzeug's own descriptions are English and about HTTP; ours were written for people.
    own = error.description if error.description != type(error).description else None
    return _error(code, own, error.get_headers)


def _own_error(error: errors.KijiguraError) -> AnyResponse:
    if isinstance(error, errors.NotFound):
        # Its message names the next command, for the person at the keyboard; a reader has none.
        return _error(NotFound.code, None)
    if isinstance(error, errors.UsageError):
        return _error(BadRequest.code, str(error))
    if isinstance(error, errors.QueryTooHeavy):
        # Not 503: the next try would take as long, and a proxy would take the server for ill.
        return _error(UnprocessableEntity.code, _(
            "It was given up after %(seconds)s seconds. Try fewer words, or longer ones.",
            seconds=f"{DEADLINE_MS / 1000:g}",
        ))
    current_app.logger.error("%s: %s", type(error).__name__, error)
    return _unavailable(_error(ServiceUnavailable.code, str(error)))


def _unavailable(response: _AnyResponse) -> _AnyResponse:
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _error(code: int, detail: str | None, headers: Callable[[], list[tuple[str, str]]] = list) -> AnyResponse:
    heading, advice = _headings().get(code, (str(code), ""))
    form = request.args.get("format", "html")
    if form == "json":
        response = _json({"error": code, "message": detail or heading}, code)
    elif form in MIMETYPES:
        response = Response(f"{detail or heading}\n", code, mimetype="text/plain")
    else:
        page = render_template(
            "error.html", code=code, heading=heading, advice=advice, detail=detail, **_common(_asked())
        )
        response = Response(page, code, mimetype="text/html")
    for name, value in headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response
