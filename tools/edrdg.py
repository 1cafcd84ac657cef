"""The dictionaries of EDRDG, as PyPI's package jamdict-data has them: JMdict, JMnedict, KANJIDIC2 in one SQLite file.

    pip download --no-deps --no-binary :all: jamdict-data==1.5
    tar xzf jamdict_data-1.5.tar.gz && xz -d jamdict_data-1.5/jamdict_data/jamdict.db.xz

The dictionaries are the property of the Electronic Dictionary Research and Development Group and used under its
licence, CC BY-SA 4.0 (https://www.edrdg.org/edrdg/licence.html); what is distilled from them stays under it.
"""

from __future__ import annotations

import argparse
import sqlite3
from collections.abc import Iterable
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "search" / "data"
_WITHOUT_INDEXES = (
    ("Kanji", "idseq"), ("Kana", "idseq"), ("Sense", "idseq"), ("SenseGloss", "sid"), ("pos", "sid"), ("misc", "sid"),
    ("KJP", "kid"), ("KNP", "kid"), ("KJI", "kid"), ("KNI", "kid"), ("NEKanji", "idseq"), ("NEKana", "idseq"),
    ("NETranslation", "idseq"), ("NETransGloss", "tid"), ("NETransType", "tid"),
)


def open_dictionaries(description: str | None) -> sqlite3.Connection:
    """The file that the command line names, with the indexes that the package leaves out."""
    arguments = argparse.ArgumentParser(description=description)
    arguments.add_argument("dictionaries", type=Path, help="jamdict.db, unpacked")
    db = sqlite3.connect(arguments.parse_args().dictionaries)
    for table, column in _WITHOUT_INDEXES:
        db.execute(f"CREATE INDEX IF NOT EXISTS {table}_{column} ON {table} ({column})")
    return db


def write_table(name: str, about: Iterable[str], lines: Iterable[str]) -> None:
    """Write search/data/NAME, opened by what it is about, source and licence."""
    path = DATA / name
    text = "".join(f"# {line}".rstrip() + "\n" for line in about) + "".join(f"{line}\n" for line in lines)
    path.write_text(text, encoding="utf-8")
    print(f"{path}: {len(text.encode()):,} bytes, {text.count(chr(10)):,} lines")
