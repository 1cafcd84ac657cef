"""What the readers of `indexer.formats` hand over: an article as found, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from search.articles import Ruby, Section

RUBY = "\ufff9\ufffa\ufffb"
"""Unicode's own signs for ruby (interlinear annotation): before the characters, before the reading, and after it."""


FIELDS = ("id", "title", "body", "published", "source", "desk", "url", "authors")
"""Of a `RawArticle`: what a column of a table may mean."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where something was found.

    path: as the user gave or would give it; bytes of a name that are not UTF-8 stand as `\\x8b`.
    line: from 1, None for a whole file.
    """

    path: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class RawArticle:
    """An article as a file has it: decoded, without markup and boilerplate, nothing decided yet.

    title, body: may have ruby, marked by RUBY.
    body: paragraphs and headings in one text, parted by blank lines; a line that starts with `## ` is a
        heading, and a short line of its own may be one (`indexer.sections` decides). Empty where `sections`
        is given.
    ruby: only with `sections`.
    sections: where the source says exactly what its sections are (an export of ours).
    captions: what stands below pictures, one each. credits: who reports, from where, as written.
    published: the date as written, in any form.
    as_of: what "yesterday" in `published` is counted from: when the page was fetched, the file was written.
    date_inferred: `published` is no statement of the text, but of its address or its file's name.
    extra: keys Kijigura does not use, kept as they came.
    """

    where: Where
    title: str | None = None
    body: str = ""
    sections: tuple[Section, ...] | None = None
    id: str | None = None
    published: str | None = None
    source: str | None = None
    desk: str | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()
    title_inferred: bool = False
    captions: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()
    ruby: tuple[Ruby, ...] = ()
    as_of: datetime | None = None
    date_inferred: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejection:
    """Something that could not be taken in, and why, in one plain phrase. Bad input is data, not a crash."""

    where: Where
    why: str
