"""How well pages are read: title, day and text against what a reader would say of them.

    python -m benchmarks.pages_read DIRECTORY

DIRECTORY: pages NAME.html, each with NAME.json: {"title": …, "day": "2024-04-10" or null, "body": [paragraph, …]},
headings after `## `. Real pages are others' property, so none are kept here; `tests/indexer/formats/pages` has the
same for invented ones.
"""

from __future__ import annotations

import json
import re
import sys
import time
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from indexer.dates import parse_date
from indexer.formats import read
from indexer.raw import RawArticle
from indexer.ruby import bare


@dataclass(frozen=True, slots=True)
class Score:
    """Of one page. f1: of the text, by pairs of neighbouring characters. ms: to read it."""

    name: str
    title: bool
    day: bool
    f1: float
    ms: float


def main(directory: Path) -> None:
    """Print a line for every page, and the shares and means of all."""
    scores = [_score(path) for path in sorted(directory.glob("*.html")) if path.with_suffix(".json").exists()]
    for one in scores:
        print(f"{one.name:28} title {'right' if one.title else 'WRONG'}  day {'right' if one.day else 'WRONG'}"
              f"  text F1 {one.f1:.3f}  {one.ms:6.1f} ms")
    if scores:
        count = len(scores)
        print(f"{count} pages: title {sum(one.title for one in scores) / count:.3f},"
              f" day {sum(one.day for one in scores) / count:.3f}, text F1 {sum(one.f1 for one in scores) / count:.3f}")


def _score(path: Path) -> Score:
    wanted = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    found = next(read(path))
    begin = time.perf_counter()
    found = next(read(path))
    ms = (time.perf_counter() - begin) * 1_000
    if not isinstance(found, RawArticle):
        return Score(path.stem, False, False, 0.0, ms)
    published = parse_date(found.published)
    day = published.at.date().isoformat() if published else None
    title = _plain(found.title or "") == _plain(wanted["title"])
    return Score(path.stem, title, day == wanted["day"], _f1(found.body, "\n".join(wanted["body"])), ms)


def _f1(found: str, wanted: str) -> float:
    ours, theirs = _pairs(found), _pairs(wanted)
    both = sum((ours & theirs).values())
    return 2 * both / (sum(ours.values()) + sum(theirs.values())) if both else 0.0


def _pairs(text: str) -> Counter[str]:
    text = _plain(re.sub(r"^## ", "", text, flags=re.MULTILINE))
    return Counter(text[at : at + 2] for at in range(len(text) - 1))


def _plain(text: str) -> str:
    """Without white space, widths of characters, readings."""
    return "".join(unicodedata.normalize("NFKC", bare(text)).split())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
