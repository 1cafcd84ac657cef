"""Distil JMdict and JMnedict -> search/data/english.tsv and search/data/readings.tsv.

    python -m tools.distil_jmdict jamdict.db

english.tsv: an English term, as `search.foreign.glosses.key_of` makes it -> the Japanese words that mean it.
readings.tsv: how a word sounds, as `search.foreign.romaji` spells it -> the words, surnames and places that sound so.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from search.foreign.glosses import key_of
from search.foreign.romaji import sound_of_kana
from search.japanese.tokens import dictionary, units
from tools.edrdg import open_dictionaries, write_table

WORDS_A_GLOSS = 5
WORDS_A_READING = 6
LONGEST_GLOSS = 3
LONGEST_LETTERS = 25
"""Words of an English term, `of` and its like aside; and characters."""

UNRANKED = 60
"""JMdict ranks words by newspapers in steps of 500, nf01 to nf48; what it does not rank comes after them."""

RANK_OF_OTHER_MARKS = 30
_MARKS = frozenset(["news1", "ichi1", "spec1", "gai1"])
_NOT_TODAY = re.compile("archa|obsol|obscure|rare|vulgar|slang|derog|sensitive|poetical|proverb|yojijukugo|jocular")
# や for hi, は for as: in every article, or in none.
_GRAMMAR = re.compile("^(particle|auxiliary|interjection|conjunction)")
_SMALL_WORDS = frozenset(["of", "the", "a", "an", "and", "in", "on", "for", "to", "by"])
_ASIDE = re.compile(r"\s*\([^)]*\)|^(to be|to|the|a|an|be) ")
_GLOSS = re.compile(r"[a-z][a-z0-9' .&-]*", re.IGNORECASE)
_ENTITY_KINDS = ("organization", "company")

SOURCE = (
    "Distilled by tools/distil_jmdict.py from JMdict and JMnedict as of PyPI's jamdict-data 1.5 (2021): property of",
    "the Electronic Dictionary Research and Development Group (https://www.edrdg.org/), used and passed on under its",
    "licence, CC BY-SA 4.0 (https://www.edrdg.org/edrdg/licence.html).",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A word of JMdict. forms: how it is written, the commonest first. rank: UNRANKED, or less where common.

    senses: for each, its glosses; () for one that only has to do with grammar.
    """

    forms: tuple[str, ...]
    readings: tuple[str, ...]
    rank: int
    senses: tuple[tuple[str, ...], ...]
    noun: bool


def main() -> None:
    db = open_dictionaries(__doc__)
    entries = list(jmdict(db))
    write_table("english.tsv", ("English term, in lower case without spaces -> Japanese words, best first.", *SOURCE),
                english_lines(entries, organizations(db)))
    write_table("readings.tsv", ("How a word sounds -> words, surnames and places that sound so, best first.", *SOURCE),
                reading_lines(entries, names(db)))


def jmdict(db: sqlite3.Connection) -> Iterator[Entry]:
    """Every entry but those of no use in news."""
    marks = grouped(db, "SELECT k.idseq, p.text FROM Kanji k JOIN KJP p ON p.kid = k.ID"
                        " UNION ALL SELECT k.idseq, p.text FROM Kana k JOIN KNP p ON p.kid = k.ID")
    irregular = {row[0] for row in db.execute(
        "SELECT kid FROM KJI WHERE text LIKE '%irregular%' OR text LIKE '%out-dated%' OR text LIKE '%rare%'")}
    kanji, marked = defaultdict(list), {row[0] for row in db.execute("SELECT kid FROM KJP")}
    for number, idseq, text in db.execute("SELECT ID, idseq, text FROM Kanji ORDER BY ID"):
        if number not in irregular:
            kanji[idseq].append((number not in marked, text))
    kana = grouped(db, "SELECT idseq, text FROM Kana ORDER BY ID")
    misc = grouped(db, "SELECT sid, text FROM misc")
    parts_of_speech = grouped(db, "SELECT sid, text FROM pos")
    glosses = grouped(db, "SELECT sid, text FROM SenseGloss WHERE lang = 'eng' ORDER BY rowid")
    senses = grouped(db, "SELECT idseq, ID FROM Sense ORDER BY ID")
    for idseq, ids in senses.items():
        today = [sid for sid in ids if not any(_NOT_TODAY.search(note) for note in misc.get(sid, ()))]
        if not today:
            continue
        in_kana = any("kana alone" in note for note in misc.get(ids[0], ()))
        written = [text for _, text in sorted(kanji[idseq], key=lambda form: form[0])][:1]
        forms = tuple(kana[idseq][:1] + written[:1] if in_kana else written or kana[idseq][:1])
        yield Entry(
            forms, tuple(kana[idseq][:2]), rank_of(marks.get(idseq, ())),
            tuple(() if kind and all(map(_GRAMMAR.match, kind)) else tuple(glosses.get(sid, ()))
                  for sid, kind in ((sid, parts_of_speech.get(sid, ())) for sid in today)),
            any(note.startswith("noun") for note in parts_of_speech.get(ids[0], ())),
        )


def grouped(db: sqlite3.Connection, select: str) -> dict[int, list[Any]]:
    """From rows of (key, value)."""
    found: dict[int, list[Any]] = defaultdict(list)
    for key, value in db.execute(select):
        found[key].append(value)
    return found


def rank_of(marks: Iterable[str]) -> int:
    ranks = [int(mark[2:]) for mark in marks if mark.startswith("nf")]
    ranks += [RANK_OF_OTHER_MARKS for mark in marks if mark in _MARKS]
    return min(ranks, default=UNRANKED)


def organizations(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """(English, Japanese) names of organizations and companies."""
    yield from db.execute(
        "SELECT DISTINCT g.text, k.text FROM NEKanji k JOIN NETranslation t ON t.idseq = k.idseq"
        " JOIN NETransGloss g ON g.tid = t.ID JOIN NETransType y ON y.tid = t.ID"
        f" WHERE y.text IN ({', '.join('?' * len(_ENTITY_KINDS))})", _ENTITY_KINDS)


def english_lines(entries: Sequence[Entry], others: Iterable[tuple[str, str]]) -> Iterator[str]:
    words: dict[str, dict[str, float]] = defaultdict(dict)
    common = {form for entry in entries if entry.rank <= RANK_OF_OTHER_MARKS for form in entry.forms}
    in_english = {key for entry in entries if entry.rank < UNRANKED for glosses in entry.senses
                  for gloss in glosses for key in keys_of_gloss(gloss)} | _SMALL_WORDS
    for entry in entries:
        if entry.rank == UNRANKED and not (entry.noun and is_built_of(entry.forms[0], common)):
            continue
        for i, glosses in enumerate(entry.senses):
            for j, gloss in enumerate(glosses):
                for key in keys_of_gloss(gloss):
                    if not is_term(gloss, i, j, entry, in_english):
                        continue
                    cost = entry.rank / 15 + 1.5 * min(i, 4) + 0.5 * j
                    for place, form in enumerate(entry.forms):
                        lower(words[key], form, cost + 1.5 * place)
    for english, japanese in others:
        if not is_built_of(japanese, common):
            continue
        for key in keys_of_gloss(english):
            lower(words[key], japanese, 5.0)
    for key, costs in sorted(words.items()):
        best = sorted(costs, key=lambda word: (costs[word], word))
        yield f"{key}\t{' '.join(best[:WORDS_A_GLOSS])}"


def is_term(gloss: str, sense: int, place: int, entry: Entry, in_english: Container[str]) -> bool:
    """Whether people may type it: a word, or a compound (peace talks), but no explanation (to speak badly of)."""
    count = len(_ASIDE.sub("", gloss).split())
    if count == 1:
        return entry.rank < UNRANKED or (sense == 0 and place == 0)
    if not entry.noun or place >= 4 - count:
        return False
    return entry.rank < UNRANKED or (sense == 0 and all(key_of(word) in in_english for word in gloss.split()))


def is_built_of(word: str, common: Container[str]) -> bool:
    """Whether a compound is made of common words: 核実験 of 核 and 実験. Katakana are taken if Sudachi has them."""
    if re.fullmatch("[ァ-ヺー]{3,10}", word):
        return bool(dictionary().lookup(word))
    if not re.search("[一-鿿]{2}|[一-鿿][ァ-ヺ]|[ァ-ヺー][一-鿿]", word):
        return False
    shorts = [word[short.start : short.end] for unit in units(word) for short in unit.shorts]
    return all(short in common or len(short) == 1 for short in shorts)


def keys_of_gloss(gloss: str) -> Iterator[str]:
    bare = _ASIDE.sub("", gloss).strip()
    words = [word for word in bare.split() if word not in _SMALL_WORDS]
    if _GLOSS.fullmatch(bare) and len(words) <= LONGEST_GLOSS and 1 < len(bare) <= LONGEST_LETTERS:
        yield key_of(bare)


def lower(costs: dict[str, float], word: str, cost: float) -> None:
    costs[word] = min(cost, costs.get(word, cost))


def names(db: sqlite3.Connection) -> Iterator[tuple[str, str, int]]:
    """(word, reading, how many names begin with it) of surnames and places that JMnedict and Sudachi both have."""
    begins: Counter[str] = Counter()
    for (kanji,) in db.execute("SELECT k.text FROM NEKanji k JOIN NETranslation t ON t.idseq = k.idseq"
                               " JOIN NETransType y ON y.tid = t.ID WHERE y.text IN"
                               " ('person', 'organization', 'company', 'station')"):
        begins.update(kanji[:n] for n in range(1, min(len(kanji), 5)))
    rows = db.execute(
        "SELECT DISTINCT k.text, a.text FROM NEKanji k JOIN NEKana a ON a.idseq = k.idseq"
        " JOIN NETranslation t ON t.idseq = k.idseq JOIN NETransType y ON y.tid = t.ID"
        " WHERE y.text IN ('surname', 'place') AND length(k.text) BETWEEN 2 AND 4")
    for kanji, kana in rows:
        heard = {sound_of_kana(m.reading_form()) for m in dictionary().lookup(kanji)
                 if m.part_of_speech()[3] == "姓" or m.part_of_speech()[2] == "地名"}
        if sound_of_kana(kana) in heard and begins[kanji]:
            yield kanji, kana, begins[kanji]


def reading_lines(entries: Iterable[Entry], proper: Iterable[tuple[str, str, int]]) -> Iterator[str]:
    costs: dict[str, dict[str, float]] = defaultdict(dict)
    for entry in entries:
        # A word that is written in kana is found as it is typed.
        if entry.rank < UNRANKED and not sound_of_kana(entry.forms[0]):
            for reading in entry.readings:
                lower(costs[sound_of_kana(reading)], entry.forms[0], entry.rank / 15)
        elif entry.rank < UNRANKED and re.fullmatch("[ァ-ヺー]+", entry.forms[0]):
            lower(costs[sound_of_kana(entry.forms[0])], entry.forms[0], entry.rank / 15)
    for kanji, kana, count in proper:
        lower(costs[sound_of_kana(kana)], kanji, 4.0 / (1 + count / 10))
    for sound, words in sorted(costs.items()):
        if len(sound) > 1:
            best = sorted(words, key=lambda word: (words[word], word))
            yield f"{sound}\t{' '.join(best[:WORDS_A_READING])}"


if __name__ == "__main__":
    main()
