"""The other words for a typed word: 首相 for 総理大臣, 日本経済新聞社 for 日経.

The tables are the files in search/data/synonyms, and `synonyms.toml` in an archive's directory:

    abbreviations = ["日本経済新聞社 / 日経"]         one thing, and what it is called for short, which counts as much
    same = ["北方四島 / 北方領土"]                    one thing with several names, which count as much
    spellings = ["オレオレ詐欺 / おれおれ詐欺"]       one word, which counts as much
    synonyms = ["停戦 / 休戦"]                       words that may stand for another, with a weight of 0.7
    loose = ["終身刑 -> 無期懲役"]                    what a reader may want as well, 0.4
    off = ["停戦 / 休戦", "スト"]                     groups that come with the program and do not fit

Any word of an entry finds the others; with `->`, the words on the left find those on the right, and not the other
way round. An entry of `off` switches off every bundled group that has all its words. A word may be several: 国連 総会.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from search.errors import UsageError
from search.japanese import okurigana
from search.japanese.numerals import number_of
from search.japanese.spelling import fold
from search.japanese.tokens import units
from search.query.forms import Form, Why

TABLE_NAME = "synonyms.toml"
"""What an archive's directory may hold."""

_KINDS: dict[str, tuple[Why, float]] = {
    "abbreviations": ("abbreviation", 1.0),
    "same": ("synonym", 1.0),
    "spellings": ("spelling", 1.0),
    "synonyms": ("synonym", 0.7),
    "loose": ("synonym", 0.4),
}

# か in 7か国, 7カ国, 七ヵ国 and 7箇国.
_COUNTED = re.compile("(?P<number>[0-9〇一二三四五六七八九十]+)[かヵヶケカ箇](?=[国月所年条])")

_KANA_AND_KANJI = re.compile("[一-鿿][ぁ-ゖ]|[ぁ-ゖ][一-鿿]")

# Between the words of one line of sudachi.txt that are not the same: nobody chose them for news.
_DISTILLED: tuple[Why, float] = ("synonym", 0.5)


class Group(NamedTuple):
    """Words of one entry. typed: those that find the others. found: those that are found; often the same."""

    typed: tuple[str, ...]
    found: tuple[str, ...]
    why: Why
    weight: float


class Synonyms:
    """Other forms of words, out of the tables that come with the program and perhaps an archive's own."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self._groups: dict[str, list[Group]] = {}
        for group in groups:
            is_mutual = group.typed == group.found
            keys = (key for word in group.typed for key in (_keys(word) if is_mutual else (_key(word),)))
            for key in dict.fromkeys(keys):
                self._groups.setdefault(key, []).append(group)

    @staticmethod
    def load(directory: Path | None = None) -> Synonyms:
        """The bundled tables with those of the archive in `directory`. Raises UsageError for a bad file of its own."""
        own = directory / TABLE_NAME if directory else None
        if own is None or not own.exists():
            return _bundled_synonyms()
        table = _read(own)
        off = [frozenset(map(fold, _words(entry))) for entry in table.pop("off", [])]
        kept = [group for group in _bundled() if not _is_off(group, off)]
        return Synonyms((*kept, *groups_of(table, own)))

    def forms(self, word: str, normalized: str | None = None) -> tuple[Form, ...]:
        """The other forms of a typed word, those that count most first. () for most words.

        word: as typed. It is looked up as it stands, and as Sudachi normalizes it (引越し: 引っ越し), which is
        `normalized` where that is known already.
        """
        typed = _key(word)
        normalized = _normalized(word) if normalized is None else normalized
        best: dict[str, Form] = {}
        keys = dict.fromkeys((typed, normalized, okurigana.usual(typed)))
        for group in (group for key in keys for group in self._groups.get(key, ())):
            for text in group.found:
                key = _key(text)
                if key == typed or (typed in key and _holds(text, word)):
                    continue
                # What the word is normalized to is found anyway, unless Sudachi is known to falter there, or cuts it
                # otherwise: 小・中学校 and 小中学校.
                if key == normalized and group.why != "spelling" and _terms(text) == _terms(word):
                    continue
                if key not in best or best[key].weight < group.weight:
                    best[key] = Form(text, group.why, group.weight)
        for form in okurigana.forms(typed, normalized):
            # What the noun is normalized to is found anyway, but the same as a verb is another term.
            if fold(form.text) != typed and (fold(form.text) not in best or best[fold(form.text)].weight < form.weight):
                best[fold(form.text)] = form
        return tuple(sorted(best.values(), key=lambda form: -form.weight))


def _key(word: str) -> str:
    """Under which a word is kept: 先進7カ国 for 先進七か国."""
    return _COUNTED.sub(lambda match: (number_of(match["number"]) or match["number"]) + "カ", fold(word))


@lru_cache(4096)
def _terms(text: str) -> tuple[str, ...]:
    return tuple(short.term for unit in units(text) for short in unit.shorts if short.term)


def _keys(word: str) -> tuple[str, ...]:
    """The one of the word, and of how Sudachi writes it where it has okurigana: 子供 for 子ども, 殺戮 for 殺りく.

    Not of words in kana, which Sudachi may take for others.
    """
    return (_key(word), _key(_normalized(word))) if _KANA_AND_KANJI.search(word) else (_key(word),)


def _holds(text: str, word: str) -> bool:
    """Whether all that has the text has the word as well: ローマ法王, for 法王. It need not be looked for."""
    parts, held = _terms(text), _terms(word)
    return len(parts) > len(held) and any(parts[at : at + len(held)] == held for at in range(len(parts)))


@lru_cache(4096)
def _normalized(word: str) -> str:
    return "".join(unit.term for unit in units(word))


def forms(word: str) -> tuple[Form, ...]:
    """The other forms of a typed word by the bundled tables alone: `Synonyms.forms`."""
    return _bundled_synonyms().forms(word)


@cache
def _bundled_synonyms() -> Synonyms:
    return Synonyms(_bundled())


@cache
def _bundled() -> tuple[Group, ...]:
    """The groups of search/data/synonyms."""
    groups: list[Group] = []
    for path in sorted((files("search") / "data" / "synonyms").iterdir(), key=lambda path: path.name):
        text = path.read_text("utf-8")
        if path.name.endswith(".toml"):
            groups += groups_of(tomllib.loads(text), path.name)
        else:
            groups += _distilled(text)
    return tuple(groups)


def _distilled(text: str) -> Iterator[Group]:
    """The groups of a text that tools/distil_synonyms.py made."""
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        lexemes = [tuple(lexeme.split(" / ")) for lexeme in line.split(" | ")]
        for lexeme in lexemes:
            if len(lexeme) > 1:
                yield Group(lexeme, lexeme, "abbreviation", 1.0)
        if len(lexemes) > 1:
            words = tuple(word for lexeme in lexemes for word in lexeme)
            yield Group(words, words, *_DISTILLED)


def groups_of(table: dict[str, list[str]], path: Path | str) -> Iterator[Group]:
    """The groups of a table of the form above. Raises UsageError naming `path` and the entry."""
    for name, entries in table.items():
        for entry in entries:
            yield _group(entry, name, path)


def _group(entry: str, name: str, path: Path | str) -> Group:
    left, arrow, right = (part.strip() for part in entry.partition("->"))
    typed = _words(left)
    found = _words(right) if arrow else typed
    if not typed or not found or (len(typed) == 1 and not arrow) or "->" in right:
        raise UsageError(
            f"{path}: {entry!r} in {name} is no group of words. "
            "Write \"停戦 / 休戦\", or \"終身刑 -> 無期懲役\" for one way."
        )
    return Group(typed, found, *_KINDS[name])


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for part in text.split("/") if (word := part.strip()))


def _is_off(group: Group, off: list[frozenset[str]]) -> bool:
    words = {fold(word) for word in group.typed + group.found} if off else set()
    return any(chosen and chosen <= words for chosen in off)


def _read(path: Path) -> dict[str, list[str]]:
    """An archive's own table. Raises UsageError if it is none."""
    try:
        table = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} cannot be read as a table of synonyms: {error}") from error
    for name, entries in table.items():
        if name not in _KINDS and name != "off":
            raise UsageError(f"{path}: {name!r} is no kind of entry. There are {', '.join(_KINDS)} and off.")
        if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
            raise UsageError(f"{path}: {name} is no list of texts. Write {name} = [\"停戦 / 休戦\"]")
    return table
