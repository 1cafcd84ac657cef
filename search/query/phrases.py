"""Several words in order: how else a phrase is spelled, and what begins with one."""

from __future__ import annotations

from itertools import product

from search.query.expanded import Words, Written
from search.query.forms import Form
from search.query.model import Chars, Forms, Leaf, Prefix, Simple, Term
from search.query.model import Sequence as TermSequence
from search.query.nodes import replaced, terms_of
from search.query.words import phrase_leaf, words_in

MAX_PHRASE_SPELLINGS = 8


def spellings_of_phrase(text: str, words: Words) -> list[Written]:
    """A phrase with each of its words as other articles spell it."""
    several: list[list[tuple[str, ...]]] = []
    for word in words_in(text):
        own = tuple(short.term for short in word.shorts)
        spelled = (one for one in words.forms(word) if one.form.why in ("spelling", "number"))
        others = [terms_of(one.leaf) for one in spelled]
        several.append([own, *filter(None, others)])
    own = terms_of(phrase_leaf(text))
    found: dict[tuple[str, ...], Written] = {}
    for row in product(*several):
        terms = own
        for one, other in zip((words[0] for words in several), row, strict=True):
            terms = replaced(terms, one, other)
        if "".join(terms) != "".join(own):
            leaf: Simple = Term(terms[0]) if len(terms) == 1 else TermSequence(terms)
            found.setdefault(terms, Written(Form("".join(terms), "spelling"), leaf))
        if len(found) == MAX_PHRASE_SPELLINGS:
            break
    return list(found.values())


def beginning(text: str) -> Leaf:
    """What begins so: a word, or words side by side."""
    terms = terms_of(phrase_leaf(text))
    if len(terms) < 2:
        return Prefix(terms[0]) if terms else Chars(text)
    # 安全保* is a long unit that begins so, プーチン大統* words side by side.
    return Forms((Prefix("".join(terms)), Chars(text)), (1.0, 1.0))
