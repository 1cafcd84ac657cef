"""The words of the pages in the reader's language, typed; the one import of flask_babel's functions.

Message ids are the English words; `translations/ja` has the Japanese ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextvars import ContextVar
from gettext import NullTranslations
from typing import NamedTuple

import flask_babel  # type: ignore[import-untyped]  # it has no annotations
from flask import Flask


class _Reader(NamedTuple):
    language: str
    catalog: NullTranslations


_of_request: ContextVar[_Reader | None] = ContextVar("reader of this answer", default=None)


def know_reader(app: Flask) -> None:
    """Have `app` find out who reads an answer once for each request: a page has hundreds of words."""

    @app.before_request
    def begin() -> None:
        _of_request.set(_found())

    @app.teardown_request
    def end(_: BaseException | None) -> None:
        _of_request.set(None)


def _reader() -> _Reader:
    return _of_request.get() or _found()


def _found() -> _Reader:
    return _Reader(str(flask_babel.get_locale()), flask_babel.get_translations())


def _(message: str, **values: object) -> str:
    text = plain(message)
    return text % values if values else text


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """`one` or `many` by `number`, which may be written in them as %(num)s."""
    return plain_plural(one, many, number) % {"num": number, **values}


def plain(message: str) -> str:
    """The message as the catalogue has it; templates fill in its values themselves."""
    return _reader().catalog.gettext(message)


def plain_plural(one: str, many: str, number: int) -> str:
    """As `plain`, by number."""
    return _reader().catalog.ngettext(one, many, number)


def language() -> str:
    """ "ja" or "en"."""
    return _reader().language


_JAPANESE = re.compile("[\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]")


def is_japanese(text: str) -> bool:
    """Whether `text` has kana or kanji: an English page marks it as Japanese, so that it is read aloud as such."""
    return bool(_JAPANESE.search(text))


_NAMES_OF_ONE: dict[str, Callable[[], str]] = {
    "person": lambda: _("person"), "country": lambda: _("country"), "organization": lambda: _("organization"),
    "place": lambda: _("place"), "facility": lambda: _("building or site"), "product": lambda: _("product"),
    "event": lambda: _("event"), "topic": lambda: _("topic"),
}


def one_of_kind(kind: str) -> str:
    """What one entity of a kind is called."""
    return _NAMES_OF_ONE[kind]() if kind in _NAMES_OF_ONE else ""
