"""The web front of Kijigura: pages for people, JSON and exports for programs. It only reads.

    routes/     addresses -> answers             pages/      results -> what each page shows
    forms/      CSV, RIS, …                   drawing/    geometry of bars and networks
    params      address -> Request               links       Request -> address
    library     what is asked of the archive     words       English and Japanese
    markup      HTML made by the hundred         phrases     where titles may break
    server      sockets, workers, a clean stop   headers     sent with every response
    dates       eras                             addresses   which links may be followed
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask, request, url_for
from flask_babel import Babel  # type: ignore[import-untyped]  # it has no annotations
from werkzeug.routing import BaseConverter

from web import params
from web.headers import add_headers
from web.library import Keeper, Library
from web.markup import add_filters
from web.phrases import phrased
from web.routes import add_routes
from web.words import is_japanese, know_reader, language, plain, plain_plural

_YEAR_SECONDS = 31_536_000

__all__ = ["Keeper", "Library", "create_app"]


class AnyId(BaseConverter):
    """An id with any characters in it, slashes too: browsers send them quoted, and WSGI unquotes them."""

    regex = r"[\s\S]+"
    part_isolating = False


def create_app(keeper: Keeper) -> Flask:
    """The web application over the archive that `keeper` keeps open."""
    app = Flask(__name__)
    app.config.update(
        MAX_CONTENT_LENGTH=64 * 1024,  # nothing is ever sent to us, but a server should not read it either
        BABEL_DEFAULT_LOCALE="ja",
        BABEL_TRANSLATION_DIRECTORIES="translations",
        SEND_FILE_MAX_AGE_DEFAULT=_YEAR_SECONDS,  # the address of a static file changes with its content
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.merge_slashes = False
    app.url_map.converters["any_id"] = AnyId
    Babel(app, locale_selector=_language)
    app.jinja_env.install_gettext_callables(plain, plain_plural, newstyle=True)  # type: ignore[attr-defined]  # its i18n
    digests = {path.name: _digest(path) for path in Path(app.static_folder or "").iterdir() if path.is_file()}

    def asset(name: str) -> str:
        return url_for("static", filename=name, v=digests.get(name))

    app.jinja_env.globals.update(asset=asset, language=language)
    app.jinja_env.filters["thousands"] = lambda number: f"{number:,}"
    app.jinja_env.filters["phrased"] = phrased
    app.jinja_env.tests["japanese"] = is_japanese
    know_reader(app)
    add_filters(app)
    add_headers(app)
    add_routes(app, keeper)
    return app


def _language() -> str:
    """What the address says, then what the browser asks for, then Japanese. No cookies."""
    asked = request.args.get("lang")
    if asked in params.LANGUAGES:
        return asked
    return request.accept_languages.best_match(params.LANGUAGES) or "ja"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
