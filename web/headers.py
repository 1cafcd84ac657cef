"""The headers of every answer, errors included: nothing from another host, nothing inline, no frames."""

from __future__ import annotations

from flask import Flask, Response

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # What a reader searches for is nobody else's business, least of all that of the page an article came from.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def add_headers(app: Flask) -> None:
    """Have `app` send HEADERS with every response."""

    @app.after_request
    def secure(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response
