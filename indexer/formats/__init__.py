"""Files to raw articles.

A format is a module with `claims(source)`, which tells it by content, and `read(source)`, which yields what it finds
and may raise Unreadable or Undecodable for the file as a whole. A container has `members(source)` instead: files in
the file, each with a format of its own. A new one is a new module and its place in FORMATS or CONTAINERS.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Protocol

from indexer.decoding import Undecodable
from indexer.finding import plain, shown
from indexer.formats import (
    attachments,
    feeds,
    html,
    jsonlines,
    mail,
    markdown,
    mbox,
    newsml1,
    newsml_g2,
    nitf,
    other_xml,
    packed,
    pdf,
    tables,
    tars,
    text,
    warc,
    zips,
)
from indexer.formats.source import Facts, Source, Unreadable, open_source
from indexer.formats.unreadable import why_unreadable
from indexer.raw import RawArticle, Rejection, Where

__all__ = ["CONTAINERS", "FORMATS", "Container", "Facts", "Format", "leaves", "read", "read_leaf", "read_open"]


class Format(Protocol):
    """What a module for a format offers."""

    def claims(self, source: Source) -> bool:
        """Whether the file's content is of this format."""

    def read(self, source: Source) -> Iterator[RawArticle | Rejection]:
        """What the file holds, read as it is asked for. Raises Unreadable, Undecodable."""


class Container(Protocol):
    """What a module for files in a file offers."""

    def claims(self, source: Source) -> bool:
        """Whether the file's content is of this kind."""

    def members(self, source: Source) -> Iterator[Source | Rejection]:
        """The files in it (`Source.member`), each good until the next one is asked for. Raises Unreadable."""


# The first that claims a file reads it; text claims everything.
CONTAINERS: tuple[Container, ...] = (tars, warc, packed, zips, mbox, attachments)
FORMATS: tuple[Format, ...] = (
    *(pdf, mail, jsonlines, nitf, newsml1, newsml_g2, feeds, other_xml),
    *(tables, html, markdown, text),
)
ONE_ARTICLE: frozenset[Format] = frozenset((pdf, mail, nitf, html, markdown, text))


def read(path: Path, name: str | None = None, facts: Facts | None = None) -> Iterator[RawArticle | Rejection]:
    """What a file holds, one at a time. Bad input is a Rejection and never raises.

    name: what to call the file in `where`, if not its path.
    """
    where = Where(name or shown(path))
    try:
        # Opening a pipe or a device could wait for ever.
        if not stat.S_ISREG(path.stat().st_mode):
            yield Rejection(where, "not a regular file")
            return
        with path.open("rb") as file:
            yield from read_open(file, where, facts)
    except OSError as error:
        yield Rejection(where, plain(error))


def read_open(file: BinaryIO, where: Where, facts: Facts | None = None) -> Iterator[RawArticle | Rejection]:
    """The same for a file that is open already and can be sought in."""
    for leaf in leaves(open_source(file, where, facts)):
        yield from read_leaf(leaf) if isinstance(leaf, Source) else [leaf]


def leaves(source: Source) -> Iterator[Source | Rejection]:
    """The file itself, or if it holds others, those, and what they hold; each good until the next one is asked for."""
    try:
        container = next((one for one in CONTAINERS if one.claims(source)), None)
        if container is None:
            yield source
            return
        for member in container.members(source):
            yield from leaves(member) if isinstance(member, Source) else [member]
    except (Unreadable, Undecodable) as error:
        yield Rejection(source.where, str(error))


def read_leaf(source: Source) -> Iterator[RawArticle | Rejection]:
    """What a file that holds no others has in it."""
    try:
        why = why_unreadable(source)
        if why:
            yield Rejection(source.where, why)
            return
        form = next(one for one in FORMATS if one.claims(source))
        # Of a list of articles each has an address of its own, or none.
        url = source.facts.url if form in ONE_ARTICLE else None
        for found in form.read(source):
            if isinstance(found, RawArticle) and (url or source.facts.as_of):
                found = replace(found, url=found.url or url, as_of=found.as_of or source.facts.as_of)
            yield found
    except (Unreadable, Undecodable) as error:
        yield Rejection(source.where, str(error))
