"""The routes: each asks the library one question and hands the answer to a page or a form.

    asking     what an address asks, and the frame around every page
    errors     what a page says when something is wrong
    search     /                articles   /article/…
    names      /entity/…        topics     /topics, /topic/…, /save
    suggestions  /suggest
    machines   /healthz, /robots.txt, /opensearch.xml
"""

from __future__ import annotations

from flask import Flask

from web.library import Keeper
from web.routes import articles, asking, errors, machines, names, search, suggestions, topics


def add_routes(app: Flask, keeper: Keeper) -> None:
    """Add every route and error page to `app`."""
    for part in (search, articles, names, topics, suggestions, machines):
        part.add_routes(app, keeper)
    asking.add_limits(app)
    errors.add_error_pages(app)
