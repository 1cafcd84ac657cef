"""Tree -> what an engine looks for: every word in all of its forms. NOT stays NOT."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from search.articles import Entity
from search.foreign.function_words import says_nothing
from search.query.expanded import CUT_OTHERWISE_WEIGHT, Expanded, Sought, Taken, Words, Written
from search.query.model import (
    AllOf,
    And,
    AnyOf,
    Between,
    Chars,
    Chosen,
    Close,
    Exact,
    Forms,
    InTitle,
    Leaf,
    Named,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Published,
    SameSection,
    Similar,
    Simple,
    StartsWith,
    Term,
    Together,
    Tree,
    Without,
    Word,
)
from search.query.nodes import in_headline, joined, near, placed, simple, terms_of
from search.query.phrases import beginning, spellings_of_phrase
from search.query.runs import runs_of
from search.query.syntax import MAX_WORDS
from search.query.words import TypedWord, importance, phrase_leaf, words_in

Item = TypeVar("Item")

# A surname that more people share says nothing about which one is meant.
MAX_ENTITIES_A_WORD = 5
MAX_WORDS_A_NAME = 3
MAX_NAME_CHARS = 40
"""Of a name or a term; a longer text may have some in it, but is none."""

MAX_PHRASE_WORDS = 32
"""A longer phrase is looked for to the character: nobody spells so much of a text otherwise."""

NAMED_WEIGHT = 0.3
"""Of those whom a word names, beside 1 for the word, in what matches in part: アメリカ says more than any mention of
the United States, which most world news has."""


def expand(tree: Tree, words: Words, *, off: frozenset[str] = frozenset(), text: str = "") -> Expanded:
    """What an engine is to look for.

    off: words and forms that are switched off. text: what the tree was read from. Where so many words as make a
    sentence stand in it without a space between, a full match has them all in its lead.
    """
    return _Expansion(words, off).expanded(tree, text)


@dataclass
class _Expansion:
    """One query being expanded; the lists say what was done to its words."""

    words: Words
    off: frozenset[str]
    typed: list[str] = field(default_factory=list)
    entities: list[tuple[str, Entity]] = field(default_factory=list)
    switched_off: list[tuple[str, Entity]] = field(default_factory=list)
    forms: list[Taken] = field(default_factory=list)
    nobody: list[tuple[str, str]] = field(default_factory=list)

    def expanded(self, tree: Tree, text: str) -> Expanded:
        sought: list[Sought] = []
        required: list[Node] = []
        for part in self._row(tree.children if isinstance(tree, And) else (tree,), self.typed):
            if isinstance(part, Sought):
                sought.append(part)
            else:
                required.append(part)
        del sought[MAX_WORDS:]
        runs = list(runs_of(sought, text))
        nodes = [node for run in runs for node in run.required()]
        root = joined(AllOf, [*dict.fromkeys(nodes), *required]) or Nothing()
        return Expanded(
            root, tuple(sought), tuple(required), _each_once(self.typed), _each_once(self.entities),
            _each_once(self.switched_off), tuple({(one.word, one.form.text): one for one in self.forms}.values()),
            tuple(self.nobody), any(run.is_sentence for run in runs),
        )

    def _row(self, children: Sequence[Tree], typed: list[str] | None = None) -> Iterator[Sought | Node]:
        """Parts that all must hold. Words side by side that together are a name or a term are that.

        typed: gets the texts of the words.
        """
        typed = [] if typed is None else typed
        at = 0
        while at < len(children):
            together = self._together([child.text for child in _leading_words(children[at:])])
            if together:
                count, sought = together
                typed.append(sought.text)
                yield sought
                at += count
                continue
            child = children[at]
            at += 1
            if isinstance(child, Word | Phrase):
                typed.append(child.text)
            if isinstance(child, Word):
                yield from self._words_of(child.text)
                continue
            if isinstance(child, Phrase):
                leaf = self._phrase(child.text)
                terms = terms_of(phrase_leaf(child.text))
                parts = [Term(term) for term in terms] if len(terms) > 1 else [leaf]
                yield Sought(child.text, leaf, tuple((part, 1.0) for part in parts))
            elif (node := self._node(child)) is not None:
                yield node

    def _together(self, texts: Sequence[str]) -> tuple[int, Sought] | None:
        """(how many words, what they are) for a name that was typed with spaces, or for Latin words."""
        for count in range(min(MAX_WORDS_A_NAME, len(texts)), 1, -1):
            name = " ".join(texts[:count])
            entities = self.words.bearing(name)
            if entities and (found := self._parts(name, texts[:count], entities)):
                return count, found
        abroad = self.words.abroad(texts)
        if abroad is None:
            return None
        name = " ".join(_without_function_words(texts[: abroad.count]))
        if not abroad.entities and not abroad.forms:
            # who, no: a word that is nothing else, and no name.
            apart = [*self._words_of(name, alone=abroad.count == 1)]
            node = joined(AllOf, [one.node for one in apart])
            assert node is not None
            return abroad.count, Sought(name, node, tuple(part for one in apart for part in one.parts))
        own = phrase_leaf(name)
        leaf = self._leaf(name, [own] if own else [], abroad.forms, abroad.entities)
        return (abroad.count, Sought(name, leaf, ((leaf, 1.0),))) if leaf is not None else None

    def _parts(self, name: str, texts: Sequence[str], entities: tuple[Entity, ...]) -> Sought | None:
        """A name that was typed in parts: whoever bears it, or the words of all parts."""
        named = self._named(name, entities, texts)
        if not named:
            return None
        apart = [list(self._words_of(text, alone=True)) for text in texts]
        found = [part for parts in apart for part in parts]
        nodes = [joined(AllOf, [part.node for part in found]), *(self._within(one, texts, apart) for one in named)]
        either = joined(AnyOf, [node for node in nodes if node is not None])
        assert either is not None
        return Sought(name, either, (*(part for one in found for part in one.parts), *((leaf, 1.0) for leaf in named)))

    def _within(self, named: Named, texts: Sequence[str], apart: Sequence[Sequence[Sought]]) -> Node:
        """What names the person, as far as each part alone finds it too: 田中 角栄 finds no more than 田中."""
        lacking = [
            part.node for text, parts in zip(texts, apart, strict=True) if not text.isascii()
            and all(entity.id != named.entity_id for entity in self.words.meant(text)[:MAX_ENTITIES_A_WORD])
            for part in parts
        ]
        return AllOf((named, *lacking)) if lacking else named

    # ---- words ----

    def _words_of(self, text: str, *, alone: bool = False) -> Iterator[Sought]:
        """The words of what was typed without a space. alone: as they are, without what else they may be."""
        found = words_in(text)
        if not found:
            # から: no word that says anything, but characters that articles have.
            yield Sought(text, Chars(text), ((Chars(text), 1.0),))
            return
        is_short = not alone and len(text) <= MAX_NAME_CHARS
        entities = self.words.meant(text) if is_short else ()
        wholes = self.words.wholes(text) if is_short else ()
        if len(found) == 1 and found[0].text == text:
            wholes = tuple(one for one in wholes if one.form.why in ("date", "reading"))
        if wholes or (entities and len(found) > 1):
            yield self._whole(text, found, wholes, entities)
            return
        # 分から and まで lose a particle where they stand alone, and are one unit in an article.
        beside = (Chars(text, whole=True),) if len(found) == 1 and found[0].text != text and not alone else ()
        for word in found:
            named = entities or (self.words.meant(word.text) if word.is_name and not alone else ())
            yield self._word(word, named, beside, alone=alone)

    def _whole(
        self, text: str, found: Sequence[TypedWord], wholes: tuple[Written, ...], entities: tuple[Entity, ...]
    ) -> Sought:
        """Words that together are a date, a term or a name: as such, or side by side as they were typed."""
        literal = Chars(text, whole=True)
        if text not in self.off and any(written.form.why == "reading" for written in wholes):
            # じしん is 地震 as well as 自身; what is left of せんきょ as words is a part of する.
            forms = self.words.forms(found[0]) if found[0].text == text else ()
            leaf = self._leaf(text, [literal], (*wholes, *forms), entities, 1.0)
            assert leaf is not None
            return Sought(text, leaf, ((leaf, 1.0),))
        own = phrase_leaf(text)
        spelled = spellings_of_phrase(text, self.words) if text not in self.off else []
        whole = self._leaf(text, [*([own] if own else []), literal], (*spelled, *wholes), entities)
        assert whole is not None
        parts = (part for word in found for part in self._word(word, (), alone=True).parts)
        return Sought(text, whole, (*parts, (whole, 1.0)))

    def _word(
        self, word: TypedWord, entities: tuple[Entity, ...], beside: Sequence[Simple] = (), *, alone: bool
    ) -> Sought:
        own: list[Simple] = [*word.leaves, Chars(word.text, whole=True), *beside]
        forms = () if alone else self.words.forms(word)
        leaf = self._leaf(word.text, own, forms, entities)
        assert leaf is not None
        shorts = word.shorts
        if entities:
            written = self._leaf(word.text, own, forms, ())
            assert written is not None
            named = [(Named(entity.id), NAMED_WEIGHT) for entity in entities if Named(entity.id) in simple(leaf)]
            return Sought(word.text, leaf, ((written, 1.0), *named))
        if len(shorts) == 1:
            return Sought(word.text, leaf, ((leaf, word.importance),))
        return Sought(word.text, leaf, tuple((Term(short.term), importance(short.part_of_speech)) for short in shorts))

    def _leaf(
        self, text: str, own: Sequence[Simple], forms: tuple[Written, ...], entities: tuple[Entity, ...],
        of_chars: float = CUT_OTHERWISE_WEIGHT,
    ) -> Leaf | None:
        """One word in all of its forms that are not switched off. of_chars: the weight of its characters as such."""
        weights = {leaf: of_chars if isinstance(leaf, Chars) else 1.0 for leaf in own}
        for written in forms:
            is_off = bool(self.off.intersection((text, written.form.text)))
            if written.form.text != text:
                self.forms.append(Taken(text, written.form, is_off))
            if not is_off:
                weights.setdefault(written.leaf, written.form.weight)
        weights.update((leaf, 1.0) for leaf in self._named(text, entities))
        if not weights:
            return None
        leaves = tuple(weights)
        return leaves[0] if len(leaves) == 1 else Forms(leaves, tuple(weights.values()))

    def _named(self, text: str, entities: tuple[Entity, ...], parts: Sequence[str] = ()) -> list[Named]:
        """Those of the entities that are not switched off, alone or with the text or a part of it."""
        entities = entities[:MAX_ENTITIES_A_WORD]
        kept = [entity for entity in entities if not self.off.intersection((text, entity.id, *parts))]
        self.entities.extend((text, entity) for entity in kept)
        self.switched_off.extend((text, entity) for entity in entities if entity not in kept)
        return [Named(entity.id) for entity in kept]

    # ---- everything else ----

    def _node(self, tree: Tree) -> Node | None:
        match tree:
            case Word():
                parts = self._row((tree,))
                return joined(AllOf, [part.node if isinstance(part, Sought) else part for part in parts])
            case Exact(text):
                return Chars(text)
            case Phrase(text):
                return self._phrase(text)
            case StartsWith(text):
                return beginning(text)
            case Similar(text):
                return self._similar(text)
            case Not(child):
                node = self._node(child)
                return Without(node) if node is not None else None
            case And(children):
                parts = self._row(children)
                return joined(AllOf, [part.node if isinstance(part, Sought) else part for part in parts])
            case Or(children):
                return joined(AnyOf, [node for node in map(self._node, children) if node is not None])
            case InTitle(child):
                node = self._node(child)
                return in_headline(placed(node)) if node is not None else None
            case Chosen(facet, value):
                return self._chosen(facet, value)
            case Published(since, until):
                return Between("day", since.toordinal() if since else None, until.toordinal() if until else None)
            case Close(children, distance):
                return self._close(children, distance)
            case Together(children):
                node = joined(AllOf, [placed(node) for node in map(self._node, children) if node is not None])
                return SameSection(node) if node is not None else None

    def _phrase(self, text: str) -> Leaf:
        """The words in this order, each in any of its spellings."""
        own = phrase_leaf(text)
        if own is None:
            return Chars(text)
        if len(terms_of(own)) > MAX_PHRASE_WORDS:
            return Chars(text)
        spellings = [] if text in self.off else spellings_of_phrase(text, self.words)
        leaf = self._leaf(text, [own, Chars(text, whole=True)], tuple(spellings), ())
        assert leaf is not None
        return leaf

    def _similar(self, text: str) -> Node:
        own = phrase_leaf(text)
        node = self._leaf(text, [own] if own else [Chars(text)], self.words.similar(text), ())
        assert node is not None
        return node

    def _chosen(self, facet: str, value: str) -> Node:
        found = self.words.chosen(facet, value)
        if not found:
            self.nobody.append((facet, value))
        return joined(AnyOf, list(found)) or Nothing()

    def _close(self, children: Sequence[Tree], distance: int) -> Node | None:
        nodes = [placed(node) for node in map(self._node, children) if node is not None]
        return near(nodes, distance) if len(nodes) > 1 else joined(AllOf, nodes)


def _without_function_words(texts: Sequence[str]) -> Sequence[str]:
    """pope for the pope; what stands between others is part of a name: Bank of Japan."""
    telling = [i for i, text in enumerate(texts) if not says_nothing(text)]
    return texts[telling[0] : telling[-1] + 1] if telling else texts


def _leading_words(children: Sequence[Tree]) -> Iterator[Word]:
    for child in children:
        if not isinstance(child, Word):
            return
        yield child


def _each_once(items: Sequence[Item]) -> tuple[Item, ...]:
    return tuple(dict.fromkeys(items))
