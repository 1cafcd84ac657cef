"""What a page says when something is wrong: plain sentences, in the form that was asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    NotFound,
    ServiceUnavailable,
    UnprocessableEntity,
)
from werkzeug.wrappers import Response as AnyResponse

from search import errors
from search.asking import DEADLINE_MS
from web.forms.exports import MIMETYPES
from web.routes.asking import asked_for, frame, json_answer
from web.words import _

RETRY_AFTER_SECONDS = 30
"""When to ask again while the index is being rebuilt."""

_AnyResponse = TypeVar("_AnyResponse", bound=AnyResponse)


def add_error_pages(app: Flask) -> None:
    """Have `app` answer every error with a page of ours."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(errors.KijiguraError, _own_error)


def _headings() -> dict[int, tuple[str, str]]:
    """Status -> what to say, and what to do about it."""
    return {
        400: (_("This address cannot be used"), _("Something in it is not as it should be.")),
        404: (_("There is nothing here"), _("The address may be mistyped, or what stood here was removed.")),
        405: (_("This can only be read"), _("Pages here take no changes; the command line does.")),
        414: (_("This address is too long"), _("Remove some conditions, or shorten the query.")),
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
    return unavailable(_error(ServiceUnavailable.code, str(error)))


def unavailable(response: _AnyResponse) -> _AnyResponse:
    """The answer, with when to ask again."""
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _error(code: int, detail: str | None, headers: Callable[[], list[tuple[str, str]]] = list) -> AnyResponse:
    heading, advice = _headings().get(code, (str(code), ""))
    form = request.args.get("format", "html")
    if form == "json":
        response = json_answer({"error": code, "message": detail or heading}, code)
    elif form in MIMETYPES:
        response = Response(f"{detail or heading}\n", code, mimetype="text/plain")
    else:
        page = render_template(
            "error.html", code=code, heading=heading, advice=advice, detail=detail, **frame(asked_for())
        )
        response = Response(page, code, mimetype="text/html")
    for name, value in headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response
