"""Distil JMnedict -> search/data/given_names.tsv: readings of given names that Sudachi's dictionary does not have.

    python -m tools.distil_jmnedict jamdict.db

JMnedict has 50,000 persons with the readings of their full names; what is left of a reading once the surname is taken
off is how the given name is read.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from search.foreign.romaji import sound_of_kana
from search.japanese.tokens import dictionary
from tools.edrdg import open_dictionaries, write_table

READINGS_A_NAME = 2
LONGEST_SURNAME = 3


def main() -> None:
    db = open_dictionaries(__doc__)
    persons = db.execute(
        "SELECT DISTINCT k.text, a.text FROM NEKanji k JOIN NEKana a ON a.idseq = k.idseq"
        " JOIN NETranslation t ON t.idseq = k.idseq JOIN NETransType y ON y.tid = t.ID WHERE y.text = 'person'")
    readings: dict[str, Counter[str]] = defaultdict(Counter)
    for kanji, kana in persons:
        if re.fullmatch("[一-鿿々]{3,6}", kanji):
            for given, sound in given_names(kanji, sound_of_kana(kana)):
                readings[given][sound] += 1
    write_table("given_names.tsv", (
        "Readings of given names, spelled as search/foreign/romaji.py does, that Sudachi's core dictionary lacks.",
        "Distilled by tools/distil_jmnedict.py from JMnedict (EDRDG, https://www.edrdg.org/), CC BY-SA 4.0.",
    ), (f"{given}\t{' '.join(sound for sound, _ in counts.most_common(READINGS_A_NAME))}"
        for given, counts in sorted(readings.items())))


def given_names(kanji: str, sound: str) -> Iterator[tuple[str, str]]:
    """(given name, how it sounds), where the surname is one that Sudachi has."""
    for end in range(min(LONGEST_SURNAME, len(kanji) - 1), 0, -1):
        for surname in known(kanji[:end], "姓"):
            rest = sound.removeprefix(surname)
            if surname and 1 < len(rest) < len(sound):
                if rest not in known(kanji[end:], "名"):
                    yield kanji[end:], rest
                return


def known(word: str, name_kind: str) -> set[str]:
    return {sound_of_kana(m.reading_form()) for m in dictionary().lookup(word) if m.part_of_speech()[3] == name_kind}


if __name__ == "__main__":
    main()
