"""Queries in OpenSearch's own language: never a string that it would parse.

A node that the cluster cannot answer to the word is asked for more loosely: it then finds all articles that match, and
some that do not, which are looked at one by one (`checking`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from search.opensearch_engine.schema import BORDER, HOLE, MOST_IDS, MOST_TERM_CHARS, SPECIAL, TOKEN, as_terms, plain
from search.query.model import (
    AllOf,
    AnyOf,
    Between,
    Boosted,
    Chars,
    Everything,
    Forms,
    HasValue,
    InHeadline,
    InLead,
    Leaf,
    Named,
    Near,
    Node,
    Nothing,
    OneArticle,
    Prefix,
    SameSection,
    Term,
    Without,
)
from search.query.model import Sequence as TermSequence

Dsl = dict[str, Any]

Place = Literal["", "headline", "lead"]
"""Where a leaf is looked for: anywhere, or in the fields of headlines or of the lead."""

LONGEST = (1 << 63) - 1
"""The largest number that a field takes."""

ALL: Dsl = {"match_all": {}}
NONE: Dsl = {"match_none": {}}

FACET_FIELDS = ("person", "country", "organization", "place", "desk", "source", "year")
NAMED_FIELDS = frozenset(("person", "country", "organization", "place"))
ABOUT = {name: f"about_{name}" for name in NAMED_FIELDS}

TermsOf = Callable[[str], Sequence[str]]
"""Entity -> what stands for it in the index."""


Exactly = Callable[[Node], Dsl]
"""Node -> what finds the articles that match it, all of them and no other."""


@dataclass(frozen=True, slots=True)
class Translation:
    """A node in OpenSearch's language. is_exact: every article that it finds matches."""

    query: Dsl
    is_exact: bool = True


def translated(node: Node, terms_of: TermsOf, exactly: Exactly) -> Translation:
    """What finds the articles that match the node, each with about the score that it deserves.

    exactly: asked for what stands under a NOT, where too much would be left out.
    """
    match node:
        case Everything():
            return Translation(ALL)
        case Nothing():
            return Translation(NONE)
        case AllOf(children):
            return _all([translated(child, terms_of, exactly) for child in children])
        case AnyOf(children):
            return _any([translated(child, terms_of, exactly) for child in children])
        case Without(child):
            return Translation(_without(exactly(child)))
        case Boosted(child, factor):
            inner = translated(child, terms_of, exactly)
            return Translation(boosted(inner.query, factor), inner.is_exact)
        case HasValue(facet, value):
            return Translation(has_value(facet, facet, [value], terms_of))
        case OneArticle(article_id):
            return Translation({"term": {"id": article_id}})
        case Between(column, lowest, highest):
            return Translation(between(column, lowest, highest))
        case Near(leaves):
            return _loosely(_all([leaf(one, terms_of) for one in leaves]), is_exact=len(leaves) == 1)
        case InLead(leaves):
            return _all([_in_lead(one, terms_of) for one in leaves])
        case SameSection(child):
            return _loosely(_somewhere(child, terms_of, exactly), is_exact=False)
        case _:
            return leaf(node, terms_of)


def leaf(node: Leaf, terms_of: TermsOf, place: Place = "") -> Translation:
    """What finds the articles where a word, name or characters stand."""
    field = place or "text"
    match node:
        case Term(term):
            return Translation({"term": {field: {"value": as_term(term)}}})
        case Named(entity_id):
            return Translation(_named(field, terms_of(entity_id)))
        case Prefix(prefix):
            return Translation(_beginning(field, plain(prefix)[:MOST_TERM_CHARS]))
        case TermSequence(terms, 0):
            return Translation({"match_phrase": {field: TOKEN.join(map(as_term, terms))}})
        case TermSequence(terms, _):
            every: list[Dsl] = [{"term": {field: {"value": as_term(term)}}} for term in dict.fromkeys(terms)]
            return Translation({"bool": {"must": every}}, is_exact=False)
        case Chars(text, whole):
            return Translation(_characters("headline_chars" if place == "headline" else "chars", plain(text), whole))
        case Forms(()):
            return Translation(NONE)
        case Forms(leaves):
            several = [leaf(one, terms_of, place) for one in leaves]
            best = {"dis_max": {"queries": [one.query for one in several], "tie_breaker": 0.0}}
            return Translation(best, all(one.is_exact for one in several))
        case InHeadline(inner):
            return leaf(inner, terms_of, "headline")


def has_value(facet: str, field: str, values: Iterable[str], terms_of: TermsOf) -> Dsl:
    """What finds the articles with one of the values. field: the one of the facet that counts."""
    if facet not in FACET_FIELDS:
        return NONE
    terms = [term for value in values for term in (terms_of(value) if facet in NAMED_FIELDS else (value,))]
    return any_of_terms(field, list(dict.fromkeys(terms)))


def any_of_terms(field: str, terms: Sequence[str]) -> Dsl:
    """What finds the articles with one of these terms, however many."""
    if len(terms) <= MOST_IDS:
        return {"terms": {field: list(terms)}}
    pieces = [terms[start : start + MOST_IDS] for start in range(0, len(terms), MOST_IDS)]
    return {"bool": {"should": [{"terms": {field: list(piece)}} for piece in pieces]}}


def between(column: str, lowest: int | None, highest: int | None) -> Dsl:
    """What finds the articles whose number lies in the range, both ends included."""
    ends = {
        name: max(-LONGEST, min(end, LONGEST)) for name, end in (("gte", lowest), ("lte", highest)) if end is not None
    }
    return {"range": {column: ends}} if ends else {"exists": {"field": column}}


def boosted(query: Dsl, factor: float) -> Dsl:
    """The query, its score multiplied."""
    return query if factor == 1 else {"bool": {"must": [query], "boost": factor}}


def all_of(queries: Sequence[Dsl], but: Sequence[Dsl] = ()) -> Dsl:
    """What finds the articles that all of the queries find, and none of the others, without scores."""
    if not but and len(queries) <= 1:
        return queries[0] if queries else ALL
    return {"bool": {**({"filter": list(queries)} if queries else {}), **({"must_not": list(but)} if but else {})}}


# ---- compounds ----------------------------------------------------------------------------------


def _all(children: Sequence[Translation]) -> Translation:
    if not children:
        return Translation(ALL)
    return Translation({"bool": {"must": [one.query for one in children]}}, all(one.is_exact for one in children))


def _any(children: Sequence[Translation]) -> Translation:
    if not children:
        return Translation(NONE)
    should = [one.query for one in children]
    return Translation(
        {"bool": {"should": should, "minimum_should_match": 1}}, all(one.is_exact for one in children)
    )


def _without(query: Dsl) -> Dsl:
    return {"bool": {"must_not": [query], "must": [{"constant_score": {"filter": ALL, "boost": 0}}]}}


def _loosely(found: Translation, *, is_exact: bool) -> Translation:
    return Translation(found.query, found.is_exact and is_exact)


def _somewhere(node: Node, terms_of: TermsOf, exactly: Exactly) -> Translation:
    """What finds every article with a section of which the node holds: what is not wanted may stand in another."""
    match node:
        case AllOf(children):
            return _all([_somewhere(child, terms_of, exactly) for child in children])
        case AnyOf(children):
            return _any([_somewhere(child, terms_of, exactly) for child in children])
        case Without():
            return Translation(ALL, is_exact=False)
        case Boosted(child) | SameSection(child):
            return _somewhere(child, terms_of, exactly)
        case _:
            return translated(node, terms_of, exactly)


def _in_lead(one: Leaf, terms_of: TermsOf) -> Translation:
    """What goes on past the end of the lead is in it, too: only what stands at one place can be looked for there."""
    if all(isinstance(form, (Term, Named, Prefix)) for form in (one.leaves if isinstance(one, Forms) else (one,))):
        return leaf(one, terms_of, "lead")
    return _loosely(leaf(one, terms_of), is_exact=False)


def as_term(word: str) -> str:
    """The word as it stands in the index."""
    return as_terms([plain(word)])[0]


# ---- leaves -------------------------------------------------------------------------------------


def _named(field: str, terms: Sequence[str]) -> Dsl:
    written = [f"{SPECIAL}{plain(term)}" for term in terms]
    if len(written) > MOST_NAMES_SCORED:
        return any_of_terms(field, written)
    return {"dis_max": {"queries": [{"term": {field: {"value": term}}} for term in written]}}


MOST_NAMES_SCORED = 64
"""Of more names of one entity it is not asked how often each stands in an article before the best are looked at."""


def _beginning(field: str, prefix: str) -> Dsl:
    """What finds the articles with a word that begins so; the first of these words say how well."""
    scored = {"value": prefix, "rewrite": f"top_terms_blended_freqs_{WORDS_SCORED}"}
    return {"bool": {"filter": [{"prefix": {field: {"value": prefix}}}], "should": [{"prefix": {field: scored}}]}}


WORDS_SCORED = 64
"""Of those that begin alike. A cluster takes 1,024 conditions in a query."""


def _characters(field: str, text: str, whole: bool) -> Dsl:
    """What finds the articles with these characters in a row. The form of the field: `documents`."""
    if not text:
        return NONE
    if len(text) == 1:
        if whole:
            return {"term": {field: f"{SPECIAL}{text}"}}
        return {"prefix": {field: text}} if text == BORDER else {"term": {f"{field}.first": text}}
    places = [BORDER] if whole else []
    for at in range(len(text) - 1):
        places += [f"{text[at]}{text[at + 1]}", HOLE]
    if whole:       # then the place of the last character, and the one behind it
        places += [HOLE, BORDER]
    return {"match_phrase": {field: TOKEN.join(places)}}
