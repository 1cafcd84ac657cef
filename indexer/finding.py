"""The files that a person means by some paths."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from indexer.raw import Rejection, Where

# In a directory these are about the archive, not of it. `indexer.topics` reads topics.toml.
NOT_ARTICLES = frozenset({"readme.md", "topics.toml"})


def find_files(paths: Sequence[Path]) -> Iterator[Path | Rejection]:
    """Every file in or under `paths`, directories sorted by name; what cannot be looked at is a Rejection.

    In a directory, hidden files, README.md and topics.toml are passed over, and links that leave it are not
    followed; a file named outright is always taken.
    """
    for path in paths:
        try:
            mode = path.stat().st_mode
        except (OSError, ValueError) as error:
            yield Rejection(Where(shown(path)), plain(error))
            continue
        if stat.S_ISDIR(mode):
            yield from _walk(path, path.resolve())
        else:
            yield path if stat.S_ISREG(mode) else Rejection(Where(shown(path)), "not a regular file")


def _walk(directory: Path, root: Path) -> Iterator[Path | Rejection]:
    try:
        entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
    except OSError as error:
        yield Rejection(Where(shown(directory)), plain(error))
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
            yield Rejection(Where(shown(path)), "not a regular file")


def _link(path: Path, root: Path) -> Iterator[Path | Rejection]:
    """A link to a file of the same directory is that file; what a link to a directory holds is met there."""
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        yield Rejection(Where(shown(path)), "a link to nothing")
        return
    if not target.is_relative_to(root):
        why = "a link that leaves the directory; add its target by name if it belongs"
        yield Rejection(Where(shown(path)), why)
    elif target.is_file():
        yield path


def belongs(path: Path, root: Path) -> bool:
    """Whether `find_files` would come upon a file under a path, or is given it."""
    path, root = path.absolute(), root.absolute()
    if path == root:
        return True
    if not path.is_relative_to(root):
        return False
    parts = path.relative_to(root).parts
    hidden = any(part.startswith(".") for part in parts)
    return not hidden and parts[-1].lower() not in NOT_ARTICLES and path.resolve().is_relative_to(root.resolve())


# Of an archive's own directory. What else people keep there may be articles.
_OF_ARCHIVE = frozenset((
    *(f"{name}.sqlite{ending}" for name in ("articles", "following") for ending in ("", "-wal", "-shm", "-journal")),
    *("index", "following.lock", "rebuild-progress.json"),
))


def is_of_archive(resolved: Path, archive: Path) -> bool:
    """Whether a file is one that the archive in this directory consists of; both with links resolved."""
    return resolved.is_relative_to(archive) and resolved.relative_to(archive).parts[0] in _OF_ARCHIVE


def size_of(path: Path) -> int:
    """Bytes of a file, 0 if it cannot be looked at."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def shown(path: Path) -> str:
    """The path as text that can be printed and stored: names that are not UTF-8 keep their bytes as \\x…"""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def plain(error: Exception) -> str:
    """A system error without its number and path."""
    if isinstance(error, FileNotFoundError):
        return "no such file or directory"
    if isinstance(error, PermissionError):
        return "no permission to read it"
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
