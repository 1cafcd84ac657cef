"""Words typed without a space between: a term of several words, or a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search.query.expanded import CUT_OTHERWISE_WEIGHT, Sought
from search.query.model import AllOf, AnyOf, Boosted, Chars, Node
from search.query.nodes import in_lead

SENTENCE_WORDS = 4
"""Words without a space between that are a pasted headline or a question, not a name or a term. It is about one thing,
which an article that answers it says in its lead. Where its words stand further down, be it just so, they are often
a link to that article."""

_KANA = re.compile("[ぁ-ゖァ-ヺー]+")


@dataclass(frozen=True, slots=True)
class Run:
    """Words that were typed without a space between. literal: from the first to the last, "" where that is unknown."""

    sought: tuple[Sought, ...]
    literal: str

    @property
    def nodes(self) -> list[Node]:
        return list(dict.fromkeys(one.node for one in self.sought))

    @property
    def is_sentence(self) -> bool:
        return len(self.nodes) >= SENTENCE_WORDS

    def required(self) -> list[Node]:
        """What full matches have."""
        if self.is_sentence:
            return [in_lead(self.nodes)]
        if len(self.nodes) > 1 and _KANA.fullmatch(self.literal):
            # カムバックコンサート is two words, or one that no dictionary has.
            as_one = Boosted(Chars(self.literal, whole=True), CUT_OTHERWISE_WEIGHT)
            return [AnyOf((AllOf(tuple(self.nodes)), as_one))]
        return self.nodes


def runs_of(sought: Sequence[Sought], text: str) -> Iterator[Run]:
    """The words, by what stands in the text without a space between."""
    run: list[Sought] = []
    start = at = 0
    for one in sought:
        found = text.find(one.text, at)
        between = text[at:found] if found >= 0 else " "
        if run and (not text or any(map(str.isspace, between))):
            yield Run(tuple(run), text[start:at] if start >= 0 else "")
            run = []
        if not run:
            start = found
        run.append(one)
        at = found + len(one.text) if found >= 0 else at
    if run:
        yield Run(tuple(run), text[start:at] if start >= 0 else "")
