"""The shapes a question passes through: Request (as asked), Tree (as read), Query (as an engine answers it).

Only `Query` reaches an engine: no engine ever parses what a person typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from search.results import FACETS, Unit

Sort = Literal["relevance", "newest", "oldest"]
SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asks for, as the address of the page or the command line says it.

    text: the query as typed; empty means every article.
    filters: facet name -> chosen values, as ids or as any written name; OR inside a facet, AND across.
    excluded: facet name -> values, likewise, none of which an article may have.
    since, until: first and last day, both included; None is open.
    sort: None means relevance, or newest first where `text` is empty.
    page: counted from 1. size: articles a page.
    off: words of the query that stand for themselves alone. as_typed: all of them do.
    about: persons, countries, organizations and places as filters and facets are those that an article is about, not
        all that it names.
    by: what one bar of the histogram spans, if that makes sense; None leaves it to the days there are.
    language: of labels, "ja" or "en".
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    excluded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    sort: Sort | None = None
    page: int = 1
    size: int = 20
    off: tuple[str, ...] = ()
    as_typed: bool = False
    about: bool = False
    by: Unit | None = None
    language: str = "ja"


# ---- Tree: what the syntax reads out of the text ------------------------------------------------


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without space, as typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in "…" or 「…」: in this order, next to each other."""

    text: str


@dataclass(frozen=True, slots=True)
class Exact:
    """Characters after `=`: as they are stored, to the character."""

    text: str


@dataclass(frozen=True, slots=True)
class StartsWith:
    """ウクライ*: any word that begins so."""

    text: str


@dataclass(frozen=True, slots=True)
class Similar:
    """ゼレンスキ~: the word, or one that differs from it by one letter."""

    text: str


@dataclass(frozen=True, slots=True)
class InTitle:
    """見出し:停戦, title:(停戦 合意): the words stand in the title or in a heading."""

    child: Tree


@dataclass(frozen=True, slots=True)
class Chosen:
    """人物:習近平, 国:ロシア, 面:国際 …: as if the value had been chosen in a facet of `FACETS`."""

    facet: str
    value: str


@dataclass(frozen=True, slots=True)
class Published:
    """日付:2024-01..2024-03: first and last day of publication, both included; None is open."""

    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Close:
    """停戦 NEAR/10 合意: in any order, at most so many words apart, in one part of the article."""

    children: tuple[Tree, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class Together:
    """停戦 SAME 合意: in one section."""

    children: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class And:
    children: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Or:
    children: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Not:
    child: Tree


Tree: TypeAlias = (
    Word | Phrase | Exact | StartsWith | Similar | InTitle | Chosen | Published | Close | Together | And | Or | Not
)


# ---- Query: what an engine answers --------------------------------------------------------------


LEAD_TOKENS = 140
"""Of what follows the title: two or three sentences, in which a news article says what it is about."""


@dataclass(frozen=True, slots=True)
class Everything:
    """Every article."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No article."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the index, as `japanese.tokens` makes them."""

    term: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """Terms in this order; at least two. slop: positions that may lie between one and the next, 0 for a phrase."""

    terms: tuple[str, ...]
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Prefix:
    """Any term that begins with these characters. Counts as one word: however many terms it stands for."""

    prefix: str


@dataclass(frozen=True, slots=True)
class Chars:
    """These characters as they are stored, in one part: title, heading or text of a section.

    whole: only where they begin and end with a short unit of the article, so that 京都 is not found in 東京都.
    """

    text: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A mention of this entity, however it is written."""

    entity_id: str


@dataclass(frozen=True, slots=True)
class Forms:
    """One word, in whichever of these forms it is written: counts as one word, as if all were the same term.

    weights: what a hit of each form is worth, beside 1 for a hit of a word. An article where several forms stand
    has the sum of their weights; where a name and a word stand, the larger.
    """

    leaves: tuple[Simple, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class InHeadline:
    """The leaf, where it stands in the title or in a heading."""

    leaf: Leaf


@dataclass(frozen=True, slots=True)
class HasValue:
    """Articles with this value of a facet: an entity id, or a desk, source or year as the article has it."""

    facet: str
    value: str


@dataclass(frozen=True, slots=True)
class Near:
    """Every leaf within one stretch of text, in any order: their first positions lie at most `distance` apart.

    The stretch is in one part of the article: title, heading or text of a section.
    """

    leaves: tuple[Leaf, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class InLead:
    """Every leaf in the lead of the article: its title, or the first LEAD_TOKENS of what follows."""

    leaves: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class SameSection:
    """Articles with a section of which the child holds: its leaves are looked for in that section alone.

    A section is its heading and its text; the title is one of its own.
    """

    child: Node


@dataclass(frozen=True, slots=True)
class Between:
    """Articles whose number lies in the range, both ends included, None for open. Those without one never match.

    column: "day", the proleptic ordinal of the day of publication in JST; "at", seconds since 1970.
    """

    column: Literal["day", "at"]
    lowest: int | None
    highest: int | None


@dataclass(frozen=True, slots=True)
class Boosted:
    """The child, its score multiplied."""

    child: Node
    factor: float


@dataclass(frozen=True, slots=True)
class OneArticle:
    """The article with this id."""

    article_id: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """Articles that match every child; the children may match in different sections."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Articles that match at least one child."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """Articles that do not match the child."""

    child: Node


Simple: TypeAlias = Term | Sequence | Named | Prefix | Chars
Leaf: TypeAlias = Simple | Forms | InHeadline
"""What stands somewhere in the text, and so can be marked."""

Node: TypeAlias = (
    Everything | Nothing | Leaf | HasValue | OneArticle | Near | InLead | SameSection | Between | Boosted | AllOf
    | AnyOf | Without
)


@dataclass(frozen=True, slots=True)
class Closeness:
    """What puts the best matches in order beside how often their words stand in them.

    words: in the order typed, with what a hit of each is worth; those that stand in the lead (title and opening) of an
        article, or near the next one, raise its score. pairs: of characters, those in the lead raise it too.
    """

    words: tuple[tuple[Leaf, float], ...] = ()
    pairs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A question an engine answers.

    filters: facet name -> chosen values as the index has them (entity ids, topic ids, desks …).
    topics: topic id -> its saved query, for the facet and the filter of that name.
    since, until: first and last day of publication in JST, both included. Articles without a date never match them.
    offset, limit: which of the matches to return, after sorting.
    closeness: for the sort by relevance; None leaves it to the words alone.
    best_of: if given, only so many articles count as matches, the best by relevance.
    mark: whose positions are reported; None means `root`'s.
    also_mark: words and names whose positions are reported too (of chosen facets, say).
    facets: which of FACETS to count. facet_values: so many of a facet's values, the most frequent, and those chosen;
        None for all.
    about: facets and filters of names are of what articles are about.
    excluded: facet name -> values as in `filters`, none of which a match has.
    tell: nodes of which to say, for each match returned, whether they hold of it.
    spans: whether to say where in each match the words stand. days: whether to count by day.
    deadline_ms: when to give up, from the start; None never.
    """

    root: Node
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    topics: Mapping[str, Node] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 20
    closeness: Closeness | None = None
    best_of: int | None = None
    mark: tuple[Node, ...] | None = None
    also_mark: tuple[Node, ...] = ()
    tell: tuple[Node, ...] = ()
    facets: tuple[str, ...] = FACETS
    facet_values: int | None = None
    about: bool = False
    excluded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    spans: bool = True
    days: bool = True
    deadline_ms: int | None = None
