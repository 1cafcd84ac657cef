"""Tree -> Query's tree: every leaf is widened by what it also stands for, and says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from search.articles import Entity
from search.query.model import AllOf, And, AnyOf, Named, Node, Not, Nothing, Or, Phrase, Tree, Without, Word
from search.query.words import phrase_node, word_node

# A surname that more people share says nothing about which one is meant.
MAX_ENTITIES_A_WORD = 5
MAX_WORDS_A_NAME = 3


@dataclass(frozen=True, slots=True)
class Expanded:
    """root: for the engine. taken: (word, entity) for each word that was taken for a name.

    unsearchable: words in which there is nothing to look for.
    """

    root: Node
    taken: tuple[tuple[str, Entity], ...]
    unsearchable: tuple[str, ...]


Called = Callable[[str], tuple[Entity, ...]]


def nobody(name: str) -> tuple[Entity, ...]:
    """For `expand`: no word names anyone."""
    return ()


def expand(tree: Tree, called: Called, bearing: Called = nobody, *, off: frozenset[str]) -> Expanded:
    """Build the engine's tree.

    called: the entities that a word names, perhaps with a title. bearing: those with just that name, for names
    that were typed with a space in them (習 近平, Xi Jinping). off: words that stand for themselves alone.
    """
    taken: list[tuple[str, Entity]] = []
    unsearchable: list[str] = []

    def leaf(text: str, node: Node | None, entities: tuple[Entity, ...]) -> Node | None:
        entities = entities[:MAX_ENTITIES_A_WORD]
        taken.extend((text, entity) for entity in entities if (text, entity) not in taken)
        names: list[Node] = [Named(entity.id) for entity in entities]
        if node is None and not names:
            unsearchable.append(text)
            return None
        alternatives = ([node] if node is not None else []) + names
        return alternatives[0] if len(alternatives) == 1 else AnyOf(tuple(alternatives))

    def build(tree: Tree) -> Node | None:
        match tree:
            case Word(text):
                return leaf(text, word_node(text), called(text) if text not in off else ())
            case Phrase(text):
                node = phrase_node(text)
                if node is None:
                    unsearchable.append(text)
                return node
            case Not(child):
                node = build(child)
                return Without(node) if node is not None else None
            case And(children):
                return _joined(AllOf, build_run(children))
            case Or(children):
                return _joined(AnyOf, [build(child) for child in children])

    def build_run(children: Sequence[Tree]) -> list[Node | None]:
        """Words side by side that together are a name are that name, or else each for itself."""
        built: list[Node | None] = []
        at = 0
        while at < len(children):
            length, name, entities = next(names_from(children, at), (1, "", ()))
            if length == 1:
                built.append(build(children[at]))
            else:
                parts = [word_node(word.text) for word in children[at : at + length] if isinstance(word, Word)]
                built.append(leaf(name, _joined(AllOf, parts), entities))
            at += length
        return built

    def names_from(children: Sequence[Tree], at: int) -> Iterator[tuple[int, str, tuple[Entity, ...]]]:
        for length in range(min(MAX_WORDS_A_NAME, len(children) - at), 1, -1):
            words = [child.text for child in children[at : at + length] if isinstance(child, Word)]
            name = " ".join(words)
            if len(words) == length and not off.intersection((name, *words)) and (entities := bearing(name)):
                yield length, name, entities

    root = build(tree)
    return Expanded(root if root is not None else Nothing(), tuple(taken), tuple(unsearchable))


def _joined(kind: type[AllOf] | type[AnyOf], nodes: list[Node | None]) -> Node | None:
    found = [node for node in nodes if node is not None]
    if len(found) <= 1:
        return found[0] if found else None
    return kind(tuple(found))
