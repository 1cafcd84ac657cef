"""Results in the forms that programs read: a page of them, or all, written while they are found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain
from urllib.parse import quote

from flask import Response, request
from werkzeug.exceptions import BadRequest

from search.results import Hit, ResultPage
from web import params
from web.forms import exports
from web.library import Keeper, Library
from web.links import pairs_of, query_string
from web.pages.refusals import refusals
from web.params import Asked
from web.routes.asking import base_url, json_answer
from web.words import language

CHUNK_CHARS = 1 << 16
"""Code points that are sent at once: a line each would cost more than making it."""

BYTE_ORDER_MARK = "\ufeff"
"""Spreadsheets take CSV without one for the local legacy encoding and show mojibake."""


def export(asked: Asked, keeper: Keeper) -> Response:
    """The search in the form that is asked for.

    A program reads no notes, so what a page would forgive is refused here. Raises BadRequest.
    """
    if told := refusals(asked):
        raise BadRequest(told)
    return _everything(asked, keeper) if asked.whole else _page(asked, keeper)


# ---- a page ----------------------------------------------------------------------------------------


def _page(asked: Asked, keeper: Keeper) -> Response:
    wanted = asked.request
    if asked.form == "atom" and wanted.sort is None:
        wanted = replace(wanted, sort="newest")  # what a reader of feeds waits for
    with keeper.library() as library:
        tag = _tag(library)
        if request.if_none_match.contains_weak(tag):
            return _tagged(Response(status=304), tag)
        found = library.search(wanted)
    around = _around(asked, found)
    if asked.form == "json":
        answer = json_answer({
            **found.as_json(), "page": found.page, "size": found.size, "pages": found.pages,
            "prev": around.get("previous"), "next": around.get("next"),
        })
    elif asked.form == "atom":
        text = exports.render(found, "atom", base_url(), _parameters(asked, 1), _feed_links(asked, around))
        answer = _answer(asked, _encoded(asked.form, text))
    else:
        answer = _saved(asked, _answer(asked, _encoded(asked.form, exports.render(found, asked.form, base_url()))))
    for rel, address in around.items():
        answer.headers.add("Link", f'<{address}>; rel="{"prev" if rel == "previous" else rel}"')
    return _tagged(answer, tag)


def _around(asked: Asked, found: ResultPage) -> dict[str, str]:
    """rel -> address of the pages around this one; only JSON has articles with part of the words."""
    pages = found.pages if asked.form == "json" else max(1, -(-found.total // found.size))
    places = {"first": 1, "previous": min(found.page - 1, pages), "next": found.page + 1, "last": pages}
    return {rel: _address(asked, page) for rel, page in places.items() if 1 <= page <= pages}


def _feed_links(asked: Asked, around: dict[str, str]) -> list[tuple[str, str, str]]:
    results = query_string(pairs_of(replace(asked.request, page=1), asked.lang))
    return [
        ("self", exports.MIMETYPES["atom"], _address(asked, asked.request.page)),
        ("alternate", "text/html", f"{base_url()}/?{results}"),
        ("search", "application/opensearchdescription+xml", f"{base_url()}/opensearch.xml"),
        *((rel, exports.MIMETYPES["atom"], address) for rel, address in around.items()),
    ]


def _address(asked: Asked, page: int) -> str:
    return f"{base_url()}/?{_parameters(asked, page)}"


def _parameters(asked: Asked, page: int) -> str:
    """Of a page in this form."""
    found = pairs_of(replace(asked.request, page=page), asked.lang, asked.form)
    # Without page and size, the forms that people save have everything.
    if asked.form in params.WHOLE_FORMS and "size" not in dict(found):
        found.insert(-1, ("size", str(asked.request.size)))
    return query_string(found)


# ---- everything ------------------------------------------------------------------------------------


def _everything(asked: Asked, keeper: Keeper) -> Response:
    """All articles, however many, in memory that does not grow with them.

    The first batch is found before the answer begins, so most errors still have a page of their own. After that, an
    error breaks the connection off, and no program takes the part it has for the whole (RFC 9112, 8).
    """
    with ExitStack() as until_asked:
        library = until_asked.enter_context(keeper.library())
        tag = _tag(library)
        if request.if_none_match.contains_weak(tag):
            return _tagged(Response(status=304), tag)
        batches = library.all_hits(asked.request)
        first = next(batches)
        held = until_asked.pop_all()
    hits = chain(first, _while_held(held, batches))
    answer = _saved(asked, _answer(asked, _chunks(asked.form, exports.lines(asked.form, hits, base_url()))))
    # Who asked may go away before the first line; what is let go of twice is let go of once.
    answer.call_on_close(held.close)
    return _tagged(answer, tag)


def _while_held(held: ExitStack, batches: Iterator[tuple[Hit, ...]]) -> Iterator[Hit]:
    """The articles of the batches; the library stays open until the last one, and hears of errors."""
    with held:
        yield from chain.from_iterable(batches)


def _chunks(form: str, lines: Iterator[str]) -> Iterator[bytes]:
    waiting, chars = [BYTE_ORDER_MARK] if form == "csv" else [], 0
    for line in lines:
        waiting.append(line)
        chars += len(line)
        if chars >= CHUNK_CHARS:
            yield "".join(waiting).encode()
            waiting, chars = [], 0
    yield "".join(waiting).encode()


# ---- the answer ------------------------------------------------------------------------------------


def _encoded(form: str, text: str) -> bytes:
    return (BYTE_ORDER_MARK + text if form == "csv" else text).encode()


def _answer(asked: Asked, body: bytes | Iterator[bytes]) -> Response:
    return Response(body, content_type=f"{exports.MIMETYPES[asked.form]}; charset=utf-8")


def _saved(asked: Asked, answer: Response) -> Response:
    """With the name that a browser saves it under (RFC 6266)."""
    if asked.form not in params.WHOLE_FORMS:
        return answer
    name = exports.file_name(asked.request, asked.form)
    plain = f"kijigura.{exports.ENDINGS.get(asked.form, asked.form)}"
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    return answer


def _tag(library: Library) -> str:
    return f"{library.state()}-{language()}"


def _tagged(answer: Response, tag: str) -> Response:
    """With what a program asks again by; weak, since it does not know how long the search took."""
    answer.set_etag(tag, weak=True)
    answer.cache_control.no_cache = True
    return answer
