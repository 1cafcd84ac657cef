"""Stretches of nouns without a gap, the only places where a name can stand; and what a finder makes of them.

習近平国家主席はロシアのラブロフ外相と is 習近平 国家 主席 | ロシア | ラブロフ 外相.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, KeysView, Sequence
from typing import NamedTuple

from search.articles import Kind
from search.japanese.tokens import Unit

CONNECTORS = frozenset("・＝=゠･‐-")
_NOUNS = frozenset(("名詞", "接頭辞", "接尾辞", "形状詞", "記号"))

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
            if unit.surface[-1] == "氏" and unit.is_unknown and len(unit.surface) > 1:
                run.extend(_parted(unit))
            else:
                run.append(unit)
        elif unit.surface in CONNECTORS and run:
            run.append(unit)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _parted(unit: Unit) -> tuple[Unit, Unit]:
    # Sudachi takes 習氏 for one unknown word.
    cut = unit.end - 1
    return (
        unit._replace(surface=unit.surface[:-1], end=cut),
        unit._replace(surface="氏", start=cut, part_of_speech=("接尾辞", "名詞的", "一般", "*", "*", "*"), is_unknown=False),
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
            if text.startswith(name, start):
                end = start + len(name)
                for index in range(first, len(run)):
                    if run[index].end == end:
                        return index + 1, entity_id
                    if run[index].end > end:
                        break
        return None
