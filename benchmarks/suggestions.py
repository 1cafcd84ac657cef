"""How long suggestions take while a name is typed, in an archive with many names.

    python -m benchmarks.suggestions [--names 100000] [--sample 400]

The names are made up of real parts, so that many begin alike: Japanese persons of the commonest surnames and the given
names that come with the program, persons and places in katakana, organizations. Of a sample each beginning is asked
for, one character after the other, as it is written, in kana and in romaji; then words that no name begins with. Time
of the processor, of `Suggester.suggest` alone.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any

from benchmarks.tables import milliseconds, short, table
from search.archive import Archive
from search.articles import Kind
from search.engine import Matches
from search.name_suggestions import Suggester
from search.names import bundled_entities, fold_name
from search.query.model import Query
from search.registry import Registry

SURNAMES = (
    "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 斎藤 清水 山崎 森 "
    "池田 橋本 阿部 石川 山下 中島 石井 小川 前田 岡田 長谷川 藤田 後藤 近藤 村上 遠藤 青木 坂本 福田 太田 西村 藤井 "
    "金子 岡本 藤原 中野 三浦 原田 中川 松田 竹内 小野 田村"
).split()
BODIES = "新聞社 電力 大学 銀行 市役所 県警 労働組合 鉄道 製作所 病院 放送 研究所".split()
SHARES = {"person": 0.5, "foreign": 0.25, "organization": 0.25}
SYLLABLES = (
    "ア イ カ ガ ク グ サ ザ シ ス ゼ タ ダ テ ト ド ナ ニ ノ バ ビ ブ マ ミ ム ラ リ ル レ ロ ン ヴァ フィ チェ"
).split()
NOBODY = (
    "xqz qwert zzzz zwölf んんん ぷぷぽ 罌粟 終末時計 Lavrow Zelenskji Makron Andersonn Katchalov peace停戦"
).split()
MOST_ARTICLES = 10_000

Name = tuple[Kind, str]


class _Counts:
    """The one question to an engine that suggestions ask."""

    def __init__(self, facets: dict[str, dict[str, int]]) -> None:
        self._facets = facets

    def search(self, query: Query) -> Matches:
        return Matches(0, (), facets=self._facets)


def made_up(count: int, chance: random.Random) -> list[Name]:
    """So many different names, in no order."""
    lines = (files("search") / "data" / "given_names.tsv").read_text("utf-8").splitlines()
    given = [line.partition("\t")[0] for line in lines if not line.startswith("#")]
    persons = list(product(SURNAMES, chance.sample(given, min(len(given), 1 + count // len(SURNAMES)))))
    found: dict[Name, None] = {}
    for surname, name in chance.sample(persons, min(len(persons), round(count * SHARES["person"]))):
        found["person", surname + name] = None
    bodies = round(count * SHARES["organization"])
    for words in chance.sample(list(product(SURNAMES, SURNAMES, BODIES)), bodies):
        found["organization", "".join(words)] = None
    while len(found) < count:
        parts = ("".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(chance.randint(1, 2)))
        found[chance.choice(("person", "place")), "・".join(parts)] = None
    return list(found)


def make(directory: Path, names: Sequence[Name], chance: random.Random) -> tuple[Archive, Suggester]:
    """An archive that has these names and all bundled ones; the articles of each as Zipf would have them."""
    archive = Archive.open(directory, create=True)
    facets: dict[str, dict[str, int]] = {kind: {} for kind in ("person", "country", "organization", "place")}
    with archive.transaction():
        aliases = []
        for kind, name in names:
            entity_id = archive.own_entity(kind, fold_name(name), name, None)
            aliases += [(fold_name(form), entity_id) for form in {name, *name.split("・")[-1:]}]
            facets[kind][entity_id] = 0
        for entity in bundled_entities().values():
            if entity.kind in facets:
                aliases.append((fold_name(entity.name), entity.id))
                facets[entity.kind][entity.id] = 0
        archive.add_aliases(aliases)
    archive.hear_names()
    ranked = [(facet, value) for facet, values in facets.items() for value in values]
    chance.shuffle(ranked)
    for rank, (facet, value) in enumerate(ranked, 1):
        facets[facet][value] = max(1, MOST_ARTICLES // rank)
    engine: Any = _Counts(facets)
    return archive, Suggester(archive, engine, Registry(archive, engine), lambda topics: {})


def beginnings(archive: Archive, sample: Sequence[Name]) -> Iterator[tuple[str, str]]:
    """(how it is typed, text)"""
    sounds = dict(archive.all_sounds())
    for of_kind, name in sample:
        yield from (("as written", name[:end]) for end in range(1, len(name) + 1))
        entity_id = archive.entities_called(fold_name(name))[0]
        romaji = "".join(part.partition(",")[0] for part in sounds.get(entity_id, "").split(" ")[1:])
        yield from (("in romaji", romaji[:end]) for end in range(1, len(romaji) + 1))
        if of_kind != "person" or "・" in name:
            hiragana = "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in name.replace("・", ""))
            yield from (("in hiragana", hiragana[:end]) for end in range(1, len(hiragana) + 1))
    yield from (("what nobody is called", text) for text in NOBODY * 10)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.suggestions", description=__doc__)
    parser.add_argument("--names", type=int, default=100_000, metavar="N")
    parser.add_argument("--sample", type=int, default=400, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    chance = random.Random(options.seed)
    names = made_up(options.names, chance)
    with tempfile.TemporaryDirectory(prefix="kijigura-bench-") as work:
        archive, suggester = make(Path(work) / "archive", names, chance)
        started = time.thread_time()
        suggester.suggest("記", "ja")
        ready = time.thread_time() - started
        suggester.suggest("Lavrow", "ja")      # reads the tables of foreign sounds
        seconds: dict[str, list[float]] = {}
        for way, text in beginnings(archive, chance.sample(names, options.sample)):
            started = time.thread_time()
            suggester.suggest(text, "ja")
            seconds.setdefault(way, []).append(time.thread_time() - started)
        archive.close()
    everything = [one for some in seconds.values() for one in some]
    rows = [
        [way, str(len(some)), milliseconds(some, 50, 95, 99), short(max(some) * 1000)]
        for way, some in [*seconds.items(), ("all", everything)]
    ]
    print(f"{len(names):,} names; keys ready in {short(ready)} s.\n")
    print(table(("typed", "texts", "ms of the processor, mean / p50 / p95 / p99", "longest, ms"), rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
