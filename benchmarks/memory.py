"""What processes take of memory, as Linux counts it: a page that several share counts a part for each."""

from __future__ import annotations

import subprocess
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

EVERY_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes. whole: with the pages of files that are mapped. anonymous: without them, which no cache can give back."""

    whole: int = 0
    anonymous: int = 0


def of(process: int | str = "self") -> Memory:
    """Of one process; nothing where it has ended, or the system does not tell."""
    found: dict[str, int] = {}
    with suppress(OSError, ValueError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]:
            name, size = line.split()[:2]
            found[name] = int(size) * 1024
    return Memory(found.get("Pss:", 0), found.get("Pss_Anon:", 0))


def of_tree(process: int) -> Memory:
    """Of a process and all that it started."""
    found = [of(process), *map(of_tree, _children(process))]
    return Memory(sum(one.whole for one in found), sum(one.anonymous for one in found))


def _children(process: int) -> list[int]:
    children: list[int] = []
    with suppress(OSError):
        for thread in Path(f"/proc/{process}/task").iterdir():
            children += map(int, (thread / "children").read_text().split())
    return children


class Watch:
    """Looks at a process and its children until it ends, and keeps the most that they took at one time."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.peak = Memory()
        self._process = process
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(EVERY_SECONDS):
            now = of_tree(self._process.pid)
            self.peak = Memory(max(self.peak.whole, now.whole), max(self.peak.anonymous, now.anonymous))
