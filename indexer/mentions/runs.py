"""Stretches of nouns without a gap, the only places where a name can stand; and what a finder makes of them.

習近平国家主席はロシアのラブロフ外相と is 習近平 国家 主席 | ロシア | ラブロフ 外相.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, KeysView, Sequence
from typing import NamedTuple

from indexer.mentions.titles import is_title
from search.articles import Kind
from search.japanese.tokens import Unit

CONNECTORS = frozenset("・＝=゠･‐-")
_NOUNS = frozenset(("名詞", "接頭辞", "接尾辞", "形状詞", "記号"))

_OF_TITLES = ("接尾辞", "名詞的", "一般", "*", "*", "*")

# How sure we are of a person, by what speaks for one: about the share of right ones on news sentences.
BUNDLED, TITLED, FULL, UNLISTED, LONE = 0.98, 0.95, 0.9, 0.75, 0.6

_CLANS = frozenset("源氏 平氏".split())

Run = Sequence[Unit]


class Span(NamedTuple):
    """A name that was found in one part of an article.

    entity_id: where the words alone say which. name: a fuller form than the words, where the neighbours give it.
    title: the title after a person's name, without modifiers (首相 of 安倍元首相), "" for none.
    pieces: surname and given name, where the units say what is which.
    """

    start: int
    end: int
    kind: Kind
    confidence: float
    entity_id: str | None = None
    name: str = ""
    title: str = ""
    pieces: tuple[str, ...] = ()


def runs(units: Iterable[Unit]) -> Iterator[list[Unit]]:
    """Cut a part's units at all that is no noun; middle dots inside a run stay."""
    run: list[Unit] = []
    for unit in units:
        if unit.part_of_speech[0] in _NOUNS:
            cut = _title_start(unit)
            if cut:
                run.extend(_parted(unit, cut))
            else:
                run.append(unit)
        elif unit.surface in CONNECTORS and run:
            run.append(unit)
        elif run:
            yield run
            run = []
    if run:
        yield run


_CUTS = frozenset(("助詞", "助動詞", "動詞"))


def runs_around(units: Sequence[Unit], places: Iterable[int]) -> Iterator[list[Unit]]:
    """The runs in which these units are, by place; and perhaps others beside them."""
    done = 0
    for place in places:
        if place < done:
            continue
        first = last = place
        while first > done and units[first - 1].part_of_speech[0] not in _CUTS:
            first -= 1
        while last < len(units) and units[last].part_of_speech[0] not in _CUTS:
            last += 1
        yield from runs(units[first:last])
        done = max(last, place + 1)


def holds_title(unit: Unit) -> bool:
    """Whether the word is a name and a title in one: トランプ大統領."""
    return _title_start(unit) > 0


def _title_start(unit: Unit) -> int:
    """Where the title begins in a word that is a name and a title; 0 in all others."""
    if unit.surface[-1] == "氏" and len(unit.surface) > 1:                   # 習氏, the 恩氏 of 金正恩氏
        is_name = unit.is_unknown or unit.part_of_speech[2] == "人名"
        return unit.end - 1 if is_name and unit.surface not in _CLANS else 0
    if unit.is_unknown:
        return 0
    if len(unit.shorts) == 2 and unit.part_of_speech[1] == "固有名詞":        # トランプ大統領, トランプ政権
        cut = unit.shorts[1].start
        return cut if is_title(unit.surface[cut - unit.start:]) else 0
    return 0


def _parted(unit: Unit, cut: int) -> tuple[Unit, Unit]:
    name, title = unit.surface[:cut - unit.start], unit.surface[cut - unit.start:]
    of_name = unit.part_of_speech if unit.is_unknown else unit.shorts[0].part_of_speech
    return (
        unit._replace(surface=name, end=cut, part_of_speech=of_name, shorts=unit.shorts[:1]),
        unit._replace(surface=title, start=cut, part_of_speech=_OF_TITLES, is_unknown=False, shorts=unit.shorts[1:]),
    )


class Gazetteer:
    """Names to be found where they cover whole units."""

    def __init__(self, ids_by_name: Iterable[tuple[str, str]]) -> None:
        self._by_opening: dict[str, list[tuple[str, str]]] = {}
        for name, entity_id in sorted(set(ids_by_name), key=lambda pair: (-len(pair[0]), pair)):
            self._by_opening.setdefault(name[:2], []).append((name, entity_id))

    @property
    def openings(self) -> KeysView[str]:
        """The first two characters of every name."""
        return self._by_opening.keys()

    def longest(self, text: str, run: Run, first: int) -> tuple[int, str] | None:
        """The longest name that begins with the unit `first`: (index after its last unit, id)."""
        start = run[first].start
        for name, entity_id in self._by_opening.get(text[start:start + 2], ()):
            if text.startswith(name, start) and not (name.isascii() and _is_in_english(text, start, start + len(name))):
                end = start + len(name)
                for index in range(first, len(run)):
                    if run[index].end == end:
                        return index + 1, entity_id
                    if run[index].end > end:
                        break
        return None


def _is_in_english(text: str, start: int, end: int) -> bool:
    """IS in THIS IS IT is no Islamic State."""
    around = (text[max(0, start - 2):start].strip()[-1:], text[end:end + 2].strip()[:1])
    return any(letter.isascii() and letter.isalpha() for letter in around)
