"""The words of the pages in the reader's language, typed; the one import of flask_babel's functions.

Message ids are the English words; `translations/ja` has the Japanese ones.
"""

from __future__ import annotations

from gettext import NullTranslations
from typing import NamedTuple

import flask_babel  # type: ignore[import-untyped]  # it has no annotations
from flask import g


class _Reader(NamedTuple):
    language: str
    catalog: NullTranslations


def _reader() -> _Reader:
    """Who reads this answer: found once for each request, since a page has hundreds of words."""
    known: _Reader | None = g.get("reader")
    if known is None:
        known = g.reader = _Reader(str(flask_babel.get_locale()), flask_babel.get_translations())
    return known


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
