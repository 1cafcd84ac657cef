"""The parts of a query that can be taken away alone: 停戦 "和平交渉" -中国 has three, ロシア OR 中国 has one.

The text is cut at its spaces, and each cut is proved by reading: what is left when a part is taken away must mean what
the other parts mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from search.query.model import And, Tree
from search.query.scanning import operator, scan
from search.query.syntax import read

MAX_CHARS = 256
"""Of a query that is cut into parts; nobody composes a longer one by hand."""


@dataclass(frozen=True, slots=True)
class Part:
    """text: as it was typed. rest: the query without it."""

    text: str
    rest: str


@lru_cache(maxsize=256)
def parts(text: str) -> tuple[Part, ...]:
    """The parts of `text` in their order, none twice; all of it is one part where they lean on each other."""
    whole = (Part(text, ""),)
    if len(text) > MAX_CHARS:
        return whole
    tree = read(text).tree
    cut = _cut(text.split(), tree.children) if isinstance(tree, And) else []
    if len(cut) < 2:
        return whole
    texts = [piece for piece, _ in cut]
    found: dict[str, Part] = {}
    for at, piece in enumerate(texts):
        rest = " ".join(texts[:at] + texts[at + 1 :])
        others = [child for other, children in enumerate(cut) if other != at for child in children[1]]
        if _children(read(rest).tree) != tuple(others):
            return whole
        found.setdefault(piece, Part(piece, rest))
    return tuple(found.values())


def _cut(words: list[str], children: tuple[Tree, ...]) -> list[tuple[str, tuple[Tree, ...]]]:
    """The shortest runs of words that each mean the next of the children, with those; [] where that cannot be done."""
    found: list[tuple[str, tuple[Tree, ...]]] = []
    run: list[str] = []
    for word in words:
        sign = operator(word)
        if not run and found and sign and sign.kind == "and":
            continue
        run.append(word)
        text = " ".join(run)
        scanned = scan(text)
        if scanned.unbalanced or scanned.unclosed:
            continue
        meant = _children(read(text).tree)
        if meant and meant == children[: len(meant)]:
            found.append((text, meant))
            children, run = children[len(meant) :], []
    return [] if run or children else found


def _children(tree: Tree | None) -> tuple[Tree, ...]:
    if tree is None:
        return ()
    return tree.children if isinstance(tree, And) else (tree,)
