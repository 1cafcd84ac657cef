"""Distil KANJIDIC2 -> search/data/chinese_korean.tsv: how characters are read in China and in Korea.

    python -m tools.distil_kanjidic jamdict.db
"""

from __future__ import annotations

import re
from collections import defaultdict

from tools.edrdg import open_dictionaries, write_table

READINGS_A_CHARACTER = 2


def main() -> None:
    db = open_dictionaries(__doc__)
    rows = db.execute(
        "SELECT c.literal, r.r_type, r.value FROM character c JOIN rm_group g ON g.cid = c.ID"
        " JOIN reading r ON r.gid = g.ID WHERE r.r_type IN ('pinyin', 'korean_r') ORDER BY c.ID, r.rowid")
    readings: dict[str, dict[str, list[str]]] = defaultdict(lambda: {"pinyin": [], "korean_r": []})
    for literal, kind, value in rows:
        plain = re.sub("[0-9:]", "", value.lower().replace("u:", "u"))
        if is_in_use(literal) and plain not in readings[literal][kind]:
            readings[literal][kind].append(plain)
    write_table("chinese_korean.tsv", (
        "How characters are read: in pinyin without tones, and in Korean in the romanization of McCune and Reischauer.",
        "Distilled by tools/distil_kanjidic.py from KANJIDIC2 (EDRDG, https://www.edrdg.org/), CC BY-SA 4.0.",
    ), (
        f"{literal}\t{' '.join(of['pinyin'][:READINGS_A_CHARACTER]) or '-'}"
        f"\t{' '.join(of['korean_r'][:READINGS_A_CHARACTER]) or '-'}"
        for literal, of in sorted(readings.items())
    ))


def is_in_use(character: str) -> bool:
    """Whether it is one of the 6,355 of JIS X 0208."""
    try:
        return len(character.encode("euc_jp")) == 2
    except UnicodeEncodeError:
        return False


if __name__ == "__main__":
    main()
