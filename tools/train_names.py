"""Train the tagger of names -> indexer/data/names.npz.

    KIJIGURA_CORPORA=... python -m tools.train_names            # about three minutes
    KIJIGURA_CORPORA=... python -m tools.train_names --folds    # what it is worth, by cross-validation: five times that

Trained on `ner/*.jsonl` of the corpora: one JSON object a line, text and entities {start, end, label} in code points.
Needs numba, the extra `train`. Each text is in one fold, by its MD5, and so never taught and asked.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from indexer.mentions.attributes import Attributed, pieces
from indexer.mentions.crf import TaggedSpan, Tagger
from indexer.mentions.crf_model import Model, from_weights
from search.articles import Kind
from search.japanese.tokens import units
from tools.crf_training import learn
from tools.judge_names import print_scores

TARGET = Path(__file__).resolve().parents[1] / "indexer" / "data" / "names.npz"

SETS = ("stockmark-wikipedia", "ud-gsd", "wikinews")
"""wikipedia-annotated is left out: its places go by other rules (日本 of 日本語), and cost the others 3 points."""

FOLDS = 5

KINDS: Final[dict[str, Kind]] = {
    "PER": "person", "PERSON": "person", "PSN": "person",
    "LOC": "place", "GPE": "place", "LOCATION": "place",
    "ORG": "organization", "ORGANIZATION": "organization",
    "FAC": "facility",
    "PROD": "product", "PRODUCT": "product", "WORK_OF_ART": "product", "ART": "product",
    "EVT": "event", "EVENT": "event",
}
"""Labels that are not here (dates, amounts, peoples, titles) teach that there is no name."""


class Example(NamedTuple):
    """A text with its names: (start, end, kind)."""

    source: str
    fold: int
    text: str
    names: frozenset[tuple[int, int, Kind]]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--folds", action="store_true", help="cross-validate rather than write the model")
    examples = list(read(_corpora() / "ner"))
    if arguments.parse_args().folds:
        cross_validate(examples)
        return
    model = train(examples)
    TARGET.parent.mkdir(exist_ok=True)
    model.save(TARGET)
    print(f"{len(model.features):,} features, {TARGET.stat().st_size / 1e6:.1f} MB")


def _corpora() -> Path:
    if not os.environ.get("KIJIGURA_CORPORA"):
        sys.exit("Set KIJIGURA_CORPORA to the directory of the judged articles.")
    return Path(os.environ["KIJIGURA_CORPORA"])


def read(folder: Path) -> Iterator[Example]:
    """Every text of the sets."""
    for source in SETS:
        with (folder / f"{source}.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                read_line = json.loads(line)
                text: str = read_line["text"]
                yield Example(source, fold_of(text), text, frozenset(
                    (entity["start"], entity["end"], KINDS[entity["label"]])
                    for entity in read_line["entities"] if entity["label"] in KINDS
                ))


def fold_of(text: str) -> int:
    """The same for the same text, in whatever set."""
    return int(hashlib.md5(text.encode()).hexdigest(), 16) % FOLDS


def train(examples: Iterable[Example]) -> Model:
    """What is learned from the examples; the same ones in the same order give the same model."""
    return from_weights(*learn(piece for example in examples for piece in sequences(example)))


def sequences(example: Example) -> Iterator[tuple[list[Attributed], list[str]]]:
    """Attributes and labels of the words in each piece. A name that is in no one piece is not taught."""
    for piece in pieces(units(example.text)):
        labels = ["O"] * len(piece)
        for start, end, kind in sorted(example.names):      # the last one of two that overlap, in every run
            if piece[0].start <= start and end <= piece[-1].end:
                within = [at for at, word in enumerate(piece) if word.start < end and word.end > start]
                for at in within:
                    labels[at] = f"{'B' if at == within[0] else 'I'}-{kind}"
        yield piece, labels


def cross_validate(examples: Sequence[Example]) -> None:
    found: list[tuple[Example, list[TaggedSpan]]] = []
    for fold in range(FOLDS):
        tagger = Tagger(train(example for example in examples if example.fold != fold))
        asked = [example for example in examples if example.fold == fold]
        found += ((example, tagger.tag(units(example.text))) for example in asked)
        print(f"fold {fold + 1} of {FOLDS} done", file=sys.stderr, flush=True)
    for source in SETS:
        print_scores(source, [(example.names, spans) for example, spans in found if example.source == source])


if __name__ == "__main__":
    main()
