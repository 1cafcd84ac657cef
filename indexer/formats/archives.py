"""What reading archives has in common: names that are refused or passed over, and what is said once for all files."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from indexer.decoding import Undecodable, decode
from indexer.finding import NOT_ARTICLES
from indexer.formats.source import HEAD_BYTES, Source, Unreadable, open_source
from indexer.formats.spooling import BrokenStream, Budget, member, spool
from indexer.formats.unreadable import is_no_article
from indexer.raw import Rejection, Where

# Refused members are named one by one up to here; a hostile archive would fill the report with them.
MAX_REFUSALS = 100


@dataclass(slots=True)
class Tally:
    """What is said once for an archive and not for each of its files.

    kinds: of files that hold no article (`is_no_article`) or nothing at all, how many. refusals: of other files.
    """

    kinds: Counter[str] = field(default_factory=Counter)
    refusals: int = 0

    def refused(self, where: Where, why: str) -> Iterator[Rejection]:
        """The Rejection, unless there have been too many."""
        self.refusals += 1
        if self.refusals <= MAX_REFUSALS:
            yield Rejection(where, why)

    def summary(self, where: Where) -> Iterator[Rejection]:
        """`1,204 files that hold no article text (903 images, 201 style sheets, 100 scripts)`"""
        if self.refusals > MAX_REFUSALS:
            yield Rejection(where, f"{self.refusals - MAX_REFUSALS:,} more files like those, refused as well")
        if self.kinds:
            total = self.kinds.total()
            counts = ", ".join(_counted(count, kind) for kind, count in self.kinds.most_common())
            files = "1 file that holds" if total == 1 else f"{total:,} files that hold"
            yield Rejection(where, f"{files} no article text ({counts})")


def _counted(count: int, kind: str) -> str:
    return f"{count:,} {kind}" + "s" * (count != 1)


def unpack_member(
    source: Source, name: str, stream: BinaryIO, budget: Budget, tally: Tally
) -> Iterator[Source | Rejection]:
    """One file of an archive, looked at before it is unpacked whole. Raises BrokenStream."""
    where = Where(f"{source.where.path}/{name}")
    head = stream.read(HEAD_BYTES)
    kind = is_no_article(open_source(io.BytesIO(head), where)) if head else "empty file"
    if kind:
        tally.kinds[kind] += 1
        return
    try:
        file = spool(stream, budget, head)
    except BrokenStream:
        raise
    except Unreadable as error:
        yield from tally.refused(where, str(error))
        return
    with file:
        yield member(source, name, file)


def decoded_name(name: bytes, declared: str | None = None) -> str:
    """A name in an archive as text; bytes that are none stand as `\\x8b`."""
    try:
        return decode(name, declared)
    except Undecodable:
        return name.decode("utf-8", "backslashreplace")


def member_name(name: str) -> str:
    """A name in an archive as it is shown: `/` between its parts, and `./` left out."""
    return printable("/".join(part for part in name.replace("\\", "/").split("/") if part != "."))


def printable(name: str) -> str:
    """A name with the characters that no reader sees as `\\x07`."""
    return "".join(one if one.isprintable() or one == "\u3000" else repr(one)[1:-1] for one in name)


def why_name_refused(name: str) -> str | None:
    """The reason where a name points out of the archive: `/etc/x`, `../../x`, `C:\\x`."""
    shown = member_name(name)
    if shown.startswith("/") or ".." in shown.split("/") or (shown[1:2] == ":" and shown[0].isascii()):
        return f"its name leaves the archive ({shown[:200]})"
    return None


def passed_over(name: str) -> bool:
    """Whether `indexer.finding` would pass over a file of this name, or macOS has put it there."""
    parts = [part for part in member_name(name).split("/") if part]
    return (
        not parts
        or any(part.startswith(".") or part == "__MACOSX" for part in parts)
        or parts[-1].lower() in NOT_ARTICLES
    )
