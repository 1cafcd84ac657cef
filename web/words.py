"""The words of the pages in the reader's language, typed; the one import of flask_babel's functions.

Message ids are the English words; `translations/ja` has the Japanese ones.
"""

from __future__ import annotations

import flask_babel  # type: ignore[import-untyped]  # it has no annotations


def _(message: str, **values: object) -> str:
    return str(flask_babel.gettext(message, **values))


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """`one` or `many` by `number`, which may be written in them as %(num)s."""
    return str(flask_babel.ngettext(one, many, number, **values))


def language() -> str:
    """ "ja" or "en"."""
    return str(flask_babel.get_locale())
