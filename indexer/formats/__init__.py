"""Archive files to raw articles.

One module per format. Each has `claims(source)`, which tells the format by content, and `read(source)`, which
yields what it finds and may raise Unreadable or Undecodable for the file as a whole. A new format is a new
module and its place in FORMATS.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

from indexer.decoding import Undecodable
from indexer.formats import html, jsonlines, markdown, text
from indexer.formats.source import Source, Unreadable, open_source
from indexer.formats.unreadable import why_unreadable
from indexer.raw import RawArticle, Rejection, Where

__all__ = ["FORMATS", "Format", "find_files", "read", "read_open"]

# In a directory these are about the archive, not of it. `indexer.topics` reads topics.toml.
NOT_ARTICLES = frozenset({"readme.md", "topics.toml"})


class Format(Protocol):
    """What a module of this package offers."""

    def claims(self, source: Source) -> bool:
        """Whether the file's content is of this format."""

    def read(self, source: Source) -> Iterator[RawArticle | Rejection]:
        """What the file holds, read as it is asked for. Raises Unreadable, Undecodable."""


# The first that claims a file reads it; text claims everything.
FORMATS: tuple[Format, ...] = (jsonlines, html, markdown, text)


def find_files(paths: Sequence[Path]) -> Iterator[Path | Rejection]:
    """Every file in or under `paths`, directories sorted by name; what cannot be looked at is a Rejection.

    In a directory, hidden files, README.md and topics.toml are passed over, and links that leave it are not
    followed; a file named outright is always taken.
    """
    for path in paths:
        try:
            mode = path.stat().st_mode
        except (OSError, ValueError) as error:
            yield Rejection(Where(_shown(path)), _plain(error))
            continue
        if stat.S_ISDIR(mode):
            yield from _walk(path, path.resolve())
        else:
            yield path if stat.S_ISREG(mode) else Rejection(Where(_shown(path)), "not a regular file")


def read(path: Path, name: str | None = None) -> Iterator[RawArticle | Rejection]:
    """What a file holds, one at a time. Bad input is a Rejection and never raises.

    name: what to call the file in `where`, if not its path.
    """
    where = Where(name or _shown(path))
    try:
        # Opening a pipe or a device could wait for ever.
        if not stat.S_ISREG(path.stat().st_mode):
            yield Rejection(where, "not a regular file")
            return
        with path.open("rb") as file:
            yield from read_open(file, where)
    except OSError as error:
        yield Rejection(where, _plain(error))


def read_open(file: BinaryIO, where: Where) -> Iterator[RawArticle | Rejection]:
    """The same for a file that is open already and can be sought in."""
    source = open_source(file, where)
    why = why_unreadable(source)
    if why:
        yield Rejection(where, why)
        return
    try:
        yield from next(one for one in FORMATS if one.claims(source)).read(source)
    except (Unreadable, Undecodable) as error:
        yield Rejection(where, str(error))


def _walk(directory: Path, root: Path) -> Iterator[Path | Rejection]:
    try:
        entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
    except OSError as error:
        yield Rejection(Where(_shown(directory)), _plain(error))
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name.lower() in NOT_ARTICLES:
            continue
        path = Path(entry.path)
        if entry.is_symlink():
            yield from _link(path, root)
        elif entry.is_dir(follow_symlinks=False):
            yield from _walk(path, root)
        elif entry.is_file(follow_symlinks=False):
            yield path
        else:
            yield Rejection(Where(_shown(path)), "not a regular file")


def _link(path: Path, root: Path) -> Iterator[Path | Rejection]:
    """A link to a file of the same directory is that file; what a link to a directory holds is met there."""
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        yield Rejection(Where(_shown(path)), "a link to nothing")
        return
    if not target.is_relative_to(root):
        why = "a link that leaves the directory; add its target by name if it belongs"
        yield Rejection(Where(_shown(path)), why)
    elif target.is_file():
        yield path


def _shown(path: Path) -> str:
    """The path as text that can be printed and stored: names that are not UTF-8 keep their bytes as \\x…"""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _plain(error: Exception) -> str:
    """A system error without its number and path."""
    if isinstance(error, FileNotFoundError):
        return "no such file or directory"
    if isinstance(error, PermissionError):
        return "no permission to read it"
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
