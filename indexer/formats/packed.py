"""One file packed with gzip, bzip2, xz or Zstandard."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import PurePosixPath

from indexer.formats.source import Source
from indexer.formats.spooling import COPY_BYTES, budget_of, member, spool
from indexer.formats.unpacking import Unpacked, compression
from indexer.raw import Rejection

# What the packers add to the name of the file.
SUFFIXES = frozenset({".gz", ".bz2", ".xz", ".zst", ".z"})


def claims(source: Source) -> bool:
    """A file that begins as packed data does."""
    return compression(source.head) is not None


def members(source: Source) -> Iterator[Source | Rejection]:
    """The one file in it, under its own name. Raises Unreadable where any of it is damaged: half an article is none."""
    how = compression(source.head)
    assert how is not None
    budget = budget_of(source)
    source.file.seek(0)
    stream = Unpacked(source.file, how, source.size, budget)
    with spool(io.BufferedReader(stream, COPY_BYTES), budget) as file:
        yield member(source, name_within(source), file)
        if stream.followed:
            yield Rejection(source.where, f"something else follows the {how} data; only what comes before was read")


def name_within(source: Source) -> str:
    """`記事.txt` for `記事.txt.gz`."""
    path = PurePosixPath(source.where.path)
    return path.stem if path.suffix.lower() in SUFFIXES else path.name
