"""Run by the Python that has GiNZA, never by ours: texts come in and spans go out, in lines of JSON.

A line of stdin: {"texts": [...], "pipes": [...]}, which parts of the model are to run; all where none is named.
A line of stdout: {"spans": [[[start, end, label], ...], ...], "seconds": ...}: code points of each text and GiNZA's own
labels (Sekine's extended hierarchy), and processor time of all texts together. The first line is the versions.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from importlib.metadata import version
from typing import Any

VERSIONS = ("ginza", "ja-ginza", "spacy", "sudachidict-core")


def main() -> None:
    """Answer until nothing more is asked."""
    spacy: Any = importlib.import_module("spacy")
    model = spacy.load("ja_ginza")
    print(json.dumps({name: version(name) for name in VERSIONS}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        with model.select_pipes(enable=asked["pipes"] or model.pipe_names):
            started = time.process_time()
            spans = [[(e.start_char, e.end_char, e.label_) for e in doc.ents] for doc in model.pipe(asked["texts"])]
            seconds = time.process_time() - started
        print(json.dumps({"spans": spans, "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
