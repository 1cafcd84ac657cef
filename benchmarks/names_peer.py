"""Names that GiNZA finds, beside ours: on the annotated news, on sentences, and how long both take.

    KIJIGURA_CORPORA=... python -m benchmarks.names_peer --ginza PYTHON

PYTHON is that of an environment of its own with `ginza` and `ja-ginza`, which ask for another SudachiPy than we do; it
runs ginza_spans.py. The sentences are read as in `tools.train_names`, and so the extra `train` is needed.

    news        precision, recall and F1 in percent, of exact spans and kinds in the sets seeds and dev of tests/gold.
                Countries by the span, whichever they are. Ours: rules, model and linking, without what stands for an
                office alone. The annotation follows our guide, and our errors in these sets have been looked at.
    sentences   the same of every text in ner/ of the corpora. GiNZA's model was made of other texts (UD Japanese BCCWJ
                and GSK2014-A, by its meta.json), ours of these: `python -m tools.train_names --folds` is beside it
    time        characters a second of processor time, on Wikinews articles. Theirs: all texts in one `pipe`, with
                everything that the model has and with names alone. Ours: words and `find_names`, one article after
                the other. Both have found names in other texts before.

The set `final`, and its articles, are left out of everything. GiNZA gets a text line by line, as its own command does.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks import corpus, ginza_spans
from benchmarks.gold import BETWEEN, SETS, annotated
from benchmarks.names import compare, measure
from benchmarks.tables import rate, table
from indexer.mentions import find_names
from indexer.mentions.crf import TaggedSpan
from search.articles import TITLE, Kind, Part
from search.japanese.tokens import units
from tools.judge_names import OVERALL, counts
from tools.train_names import Example, read

PLACES = """
    City Continental_Region Country County Domestic_Region GPE_Other Geological_Region_Other Location_Other
    Postal_Address Province Region_Other Bay Island Lake Mountain River Sea Spa
""".split()
ORGANIZATIONS = """
    Cabinet Company Company_Group Corporation_Other Family GOE_Other Government International_Organization Military
    Newspaper Organization_Other Political_Organization_Other Political_Party Pro_Sports_Organization Public_Institution
    Research_Institute School Show_Organization Sports_League Sports_Organization_Other
""".split()
"""With these GiNZA fares better than by its own table (ginza.ENE_ONTONOTES_MAPPING), where parties, international
bodies and schools are none: that has 1.1 points of F1 less over the three kinds on Wikipedia, .4 less on GSD."""

KIND_OF_LABEL: dict[str, Kind] = {"Person": "person"}
KIND_OF_LABEL |= {**dict.fromkeys(PLACES, "place"), **dict.fromkeys(ORGANIZATIONS, "organization")}
IN_GOLD = {**{label: kind for label, kind in KIND_OF_LABEL.items() if kind != "place"}, "Country": "country"}

SENTENCES = ("stockmark-wikipedia", "ud-gsd")
CHARACTERS = 200_000
"""So many are timed."""

FIGURES = ("precision", "recall", "F1")
Spans = list[tuple[int, int, str]]


class Ginza:
    """GiNZA in a process of its own. versions: of what it stands on."""

    def __init__(self, python: str) -> None:
        command = [python, str(Path(ginza_spans.__file__))]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.versions: dict[str, str] = json.loads(self._line())

    def find(self, texts: Sequence[str], *pipes: str) -> tuple[list[Spans], float]:
        """What is found in each text, by GiNZA's labels, and the processor time; with all pipes if none is named."""
        lines = [(number, start, line) for number, text in enumerate(texts) for start, line in _lines(text)]
        assert self._process.stdin
        asked = {"texts": [line for _, _, line in lines], "pipes": pipes}
        print(json.dumps(asked), file=self._process.stdin, flush=True)
        answer = json.loads(self._line())
        found: list[Spans] = [[] for _ in texts]
        for (number, at, _), spans in zip(lines, answer["spans"], strict=True):
            found[number] += ((at + start, at + end, label) for start, end, label in spans)
        return found, answer["seconds"]

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline() or sys.exit("GiNZA has ended.")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        if line.strip():
            yield start, line
        start += len(line) + 1


def news(ginza: Ginza, of: str) -> str:
    """Both on one set of the gold. All keys are the same: it is spans that are measured."""
    ours = [replace(one, gold=dict.fromkeys(one.gold, ""), found=dict.fromkeys(one.found, "")) for one in compare(of)]
    found, _ = ginza.find([article.text for article in ours])
    theirs = [
        replace(article, found={(start, end, IN_GOLD[label]): "" for start, end, label in spans if label in IN_GOLD})
        for article, spans in zip(ours, found, strict=True)
    ]
    peer, own = measure(theirs).spans, measure(ours).spans
    rows = [[row, str(pair.recall.whole), *pair.percents(), *own[row].percents()] for row, pair in peer.items()]
    return table(["kind", "annotated", *(f"{whose} {x}" for whose in ("GiNZA", "our") for x in FIGURES)], rows)


def sentences(ginza: Ginza, examples: Sequence[Example]) -> str:
    """GiNZA on one set of sentences: each kind, and all three together."""
    found, _ = ginza.find([example.text for example in examples])
    judged = [(example.names, [
        TaggedSpan(start, end, KIND_OF_LABEL[label], 1) for start, end, label in spans if label in KIND_OF_LABEL
    ]) for example, spans in zip(examples, found, strict=True)]
    rows = []
    for kinds in (*((kind,) for kind in OVERALL), OVERALL):
        right, taken, given = counts(judged, kinds, 0)
        shares = right / max(1, taken), right / max(1, given), 2 * right / max(1, taken + given)
        rows.append([", ".join(kinds), str(given), *(f"{100 * share:.1f}" for share in shares)])
    return table(["kind", "annotated", *FIGURES], rows)


def speed(ginza: Ginza, articles: Sequence[str]) -> str:
    """How fast both are on the same articles."""
    seconds = {"GiNZA": ginza.find(articles)[1], "GiNZA, names alone": ginza.find(articles, "tok2vec", "ner")[1]}
    started = time.process_time()
    for article in articles:
        title, _, body = article.partition(BETWEEN)
        parts = [Part(TITLE, False, title), Part(0, False, body)]
        find_names(parts, [units(part.text) for part in parts])
    seconds["ours"] = time.process_time() - started
    characters = sum(map(len, articles))
    return table(
        [f"of {characters:,} characters", "processor time"], [[of, rate(characters, s)] for of, s in seconds.items()]
    )


def _articles(path: Path) -> Iterator[str]:
    final, left = {article.id for article in annotated(SETS[2:])}, CHARACTERS
    with path.open(encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            if left > 0 and record["id"] not in final:
                yield record["title"] + BETWEEN + record["body"]
                left -= len(record["title"] + record["body"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Print all tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.names_peer", description="Names beside GiNZA's.")
    parser.add_argument("--ginza", required=True, metavar="PYTHON", help="of an environment with ginza and ja-ginza")
    options = parser.parse_args(arguments)
    directory = corpus.collections()
    if directory is None:
        print(f"Set {corpus.VARIABLE} to the directory of the collections.", file=sys.stderr)
        return 1
    ginza, examples = Ginza(options.ginza), list(read(directory / "ner"))
    print(", ".join(f"{name} {version}" for name, version in ginza.versions.items()))
    for of in SETS[:2]:
        print(f"\n### {of}\n\n{news(ginza, of)}", flush=True)
    for of in SENTENCES:
        print(f"\n### {of}\n\n{sentences(ginza, [one for one in examples if one.source == of])}", flush=True)
    print(f"\n### time\n\n{speed(ginza, list(_articles(directory / corpus.COLLECTIONS[0])))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
