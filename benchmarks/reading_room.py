"""How long each page of the reading room takes and what it weighs, from a warm server over an archive that is there.

    python -m benchmarks.reading_room --archive DIR [--most 100] [--seed 1]

The real server, one worker, one request after the other over HTTP from the same machine. What is asked for comes out
of the archive: the words of its titles, its newest and oldest articles, its most named persons and countries and some
rarer ones, its topics. Each address is asked once to warm the server up with others of its kind, never with itself:
"first" is the first time a page is asked for, "again" the second. Bytes: the page itself, compressed with gzip -6.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.pages import ask, server
from benchmarks.tables import milliseconds, percentile, table

WARM = 10
"""Pages of each kind that are asked for before any is measured."""

TITLE_WORD = re.compile("[\u4e00-\u9fff]{2,4}|[\u30a1-\u30fa\u30fc]{3,}")
"""Of kanji or katakana, as people type them."""


def found(address: str, path: str) -> Any:
    return json.loads(ask(address, path)[1])


def addresses(address: str, most: int, chance: random.Random) -> dict[str, list[str]]:
    """Kind of page -> addresses of it, each another one."""
    pages = [found(address, f"/?format=json&size=100&sort={sort}") for sort in ("newest", "oldest")]
    hits = [hit for page in pages for hit in page["hits"]]
    words = sorted({word for hit in hits for word in TITLE_WORD.findall(hit["title"])})
    chance.shuffle(words)
    facets = {name: [value["value"] for value in pages[0]["facets"][name]] for name in ("person", "country", "topic")}
    ids = [quote(hit["id"], safe="") for hit in hits]
    pairs = [(one, other) for one in facets["country"] for other in facets["person"]]
    chance.shuffle(pairs)
    chosen = {
        "first page": [f"/?lang={language}&size={size}" for language in ("ja", "en") for size in (20, 50)],
        "search, one word": [f"/?q={quote(word)}" for word in words],
        "search, two words": [f"/?q={quote(f'{one} {other}')}" for one, other in pairwise(words)],
        "search, facets chosen and excluded": [
            f"/?country={quote(country)}&not_person={quote(person)}" for country, person in pairs
        ],
        "all values of a facet": [f"/values/person?q={quote(word)}" for word in words],
        "article": [f"/article/{one}" for one in ids],
        "entity": [f"/entity/{quote(one)}" for one in (*facets["person"], *facets["country"])],
        "topic": [f"/topic/{quote(one)}" for one in facets["topic"]],
        "comparison": [f"/compare?of={quote(country)}&of={quote(person)}" for country, person in pairs],
        "suggestions": [f"/suggest?q={quote(word[:length])}" for word in words for length in range(1, len(word) + 1)],
    }
    return {kind: list(dict.fromkeys(several))[:most] for kind, several in chosen.items()}


def measured(
    get: Callable[[str], tuple[float, bytes]], paths: Sequence[str]
) -> tuple[list[float], list[float], list[int]]:
    """Seconds the first time, seconds again, and bytes compressed."""
    first = [get(path) for path in paths]
    again = [get(path)[0] for path in paths]
    return [seconds for seconds, _ in first], again, [len(gzip.compress(body, 6)) for _, body in first]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading_room", description=__doc__.splitlines()[0])
    parser.add_argument("--archive", type=Path, required=True, metavar="DIR", help="an archive with its index")
    parser.add_argument("--most", type=int, default=100, metavar="N", help="addresses of each kind")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    rows = []
    with server(options.archive, 1) as address:
        asked = addresses(address, options.most + WARM, random.Random(options.seed))
        for paths in asked.values():
            for path in paths[:WARM]:
                ask(address, path)
        for kind, paths in asked.items():
            # Of a kind with few pages all are warm; the figures say "again" for both.
            wanted = paths[WARM:] or paths
            if not wanted:      # an archive without topics
                continue
            first, again, sizes = measured(lambda path: ask(address, path), wanted)
            rows.append([
                kind, str(len(wanted)), milliseconds(first, 50, 95, 100), milliseconds(again, 50, 95, 100),
                f"{percentile(sizes, 50) / 1000:.1f} / {max(sizes) / 1000:.1f}",
            ])
    head = ("page", "addresses", "ms first, mean / p50 / p95 / most", "ms again", "kB, p50 / most")
    print(table(head, rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
