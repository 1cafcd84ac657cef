"""Articles, histories of an index, and queries that Hypothesis makes up: few words, so that many queries match."""

from __future__ import annotations

from datetime import date, datetime

from engine_articles import KIND_OF, Name, article
from hypothesis import strategies as st

from search.articles import JST
from search.engine import AnalyzedArticle
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
    Leaf,
    Named,
    Near,
    Node,
    Nothing,
    OneArticle,
    Prefix,
    Query,
    SameSection,
    Sequence,
    Term,
    Without,
)
from search.results import FACETS

WORDS = ("中国", "中|東", "ロシア", "停戦", "停戦|案", "合意", "安全|保障", "理事|会", "会", "。", "、")
TERMS = ("中国", "中東", "中", "ロシア", "停戦", "停戦案", "合意", "安全", "保障", "安全保障", "理事", "会", "理事会",
         "火星")
PREFIXES = ("安", "安全", "中", "停", "停戦", "理事会", "火")
CHARACTERS = ("停戦", "停", "戦", "全保", "中", "東", "中東", "国", "。", "、中", "戦案", "会", "理事会", "安全保障",
              "ロシ", "火", "停戦合意", "停戦停戦", "。。", "戦案合", "")
DATES = (None, "2023-12-31T23:59", "2024-01-01", "2024-04-10T12:30", "2024-04-10T12:31", "2024-05-01")
IDS = ("a1", "a2", "a3", "a4", "a5", "a6")

# ---- queries ------------------------------------------------------------------------------------

_days = [date.fromisoformat(day[:10]).toordinal() for day in DATES if day]
_times = [int(datetime.fromisoformat(at).replace(tzinfo=JST).timestamp()) for at in DATES if at]

sequences = st.builds(
    Sequence, st.lists(st.sampled_from(TERMS), min_size=2, max_size=4).map(tuple), st.sampled_from((0, 0, 1, 2))
)
old_leaves = st.one_of(st.sampled_from(TERMS).map(Term), sequences, st.sampled_from(tuple(KIND_OF)).map(Named))
chars_nodes = st.builds(Chars, st.sampled_from(CHARACTERS), st.booleans())
word_nodes = st.one_of(old_leaves, st.sampled_from(PREFIXES).map(Prefix))
simple_nodes = st.one_of(word_nodes, word_nodes, chars_nodes)
forms_nodes = st.lists(
    st.tuples(simple_nodes, st.sampled_from((1.0, 1.0, 0.7, 0.5, 0.25))), min_size=1, max_size=4
).map(lambda forms: Forms(tuple(leaf for leaf, _ in forms), tuple(weight for _, weight in forms)))
everywhere_nodes = st.one_of(simple_nodes, simple_nodes, forms_nodes)
leaf_nodes = st.one_of(everywhere_nodes, everywhere_nodes, everywhere_nodes, everywhere_nodes.map(InHeadline))
near_nodes = st.builds(
    Near, st.lists(leaf_nodes, min_size=1, max_size=3).map(tuple), st.sampled_from((1, 1, 2, 3, 4, 6, 12))
)


def ranges(column: str, numbers: list[int]) -> st.SearchStrategy[Between]:
    """Ends on the numbers and beside them, open, and the wrong way round."""
    ends = st.one_of(st.none(), st.sampled_from(sorted({n + by for n in numbers for by in (-1, 0, 1)})))
    return st.builds(Between, st.just(column), ends, ends)


range_nodes = st.one_of(ranges("day", _days), ranges("at", _times))


def trees(leaf: st.SearchStrategy[Node], *, sections: bool = True) -> st.SearchStrategy[Node]:
    """Compounds of these leaves."""
    def inner(node: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        children = st.lists(node, max_size=3).map(tuple)
        compounds = [
            children.map(AllOf), children.map(AnyOf), node.map(Without),
            st.builds(Boosted, node, st.sampled_from((0.25, 0.5, 2.0, 3.0))),
        ]
        return st.one_of(*compounds, *([node.map(SameSection)] if sections else []))

    return st.recursive(leaf, inner, max_leaves=6)


CHOICES = {
    "person": ("person-1", "person-2"), "country": ("CN", "RU"), "desk": ("国際", "政治", "経済"),
    "source": ("見本新聞", "例示日報"), "year": ("2023", "2024", "none"), "topic": ("t1", "t2"),
}
value_nodes = st.sampled_from([
    HasValue(facet, value) for facet, values in CHOICES.items() if facet != "topic" for value in values
])


def having(leaf: st.SearchStrategy[Leaf]) -> st.SearchStrategy[Node]:
    """A leaf most often, else what matches without one."""
    return st.one_of(
        leaf, leaf, leaf, st.sampled_from((Everything(), Nothing())), st.sampled_from(IDS).map(OneArticle), range_nodes
    )


nodes = trees(having(st.one_of(leaf_nodes, leaf_nodes, near_nodes, value_nodes)))

filters = st.dictionaries(st.sampled_from(tuple(CHOICES)), st.none(), max_size=2).flatmap(
    lambda chosen: st.fixed_dictionaries({
        facet: st.lists(st.sampled_from(CHOICES[facet]), min_size=1, max_size=2, unique=True).map(tuple)
        for facet in chosen
    })
)
queries = st.builds(
    Query,
    nodes,
    filters,
    topics=st.fixed_dictionaries({}, optional={"t1": nodes, "t2": nodes}),
    since=st.sampled_from((None, None, date(2024, 1, 1), date(2024, 4, 10))),
    until=st.sampled_from((None, None, date(2023, 12, 31), date(2024, 4, 10))),
    sort=st.sampled_from(("relevance", "relevance", "newest", "oldest")),
    limit=st.just(1_000),
    also_mark=st.lists(st.one_of(leaf_nodes, leaf_nodes, nodes), max_size=1).map(tuple),
    tell=st.lists(st.one_of(leaf_nodes, nodes), max_size=2).map(tuple),
    facets=st.one_of(st.just(FACETS), st.lists(st.sampled_from(FACETS), unique=True).map(tuple)),
    facet_values=st.sampled_from((None, 1, 2)),
    about=st.booleans(),
    excluded=filters,
    spans=st.sampled_from((True, True, False)),
    days=st.booleans(),
    deadline_ms=st.sampled_from((None, 600_000)),
)

stretches = st.tuples(st.integers(0, 4), st.integers(0, 4))
"""The offset and limit of a page."""

# ---- articles -----------------------------------------------------------------------------------

texts = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)


@st.composite
def articles(draw: st.DrawFn, article_id: str, version: int = 1, change: int = 1) -> AnalyzedArticle:
    title = draw(texts)
    sections = draw(st.lists(st.one_of(texts, st.tuples(texts, texts)), min_size=1, max_size=3))
    parts = [title]
    for section in sections:
        heading, text = section if isinstance(section, tuple) else ("", section)
        parts += [heading, text] if heading else [text]
    named = [(part, words.split()) for part, words in enumerate(parts) if words.strip("。、 ")]
    names = []
    for part, words in draw(st.lists(st.sampled_from(named), max_size=4)) if named else ():
        first = draw(st.integers(0, len(words) - 1))
        last = draw(st.integers(first, min(first + 1, len(words) - 1)))
        if any(word not in "。、" for word in words[first : last + 1]):
            entity, confidence = draw(st.sampled_from(tuple(KIND_OF))), draw(st.sampled_from((1.0, 1.0, 0.8, 0.79)))
            names.append(Name(part, first, last, entity, confidence, draw(st.booleans())))
    return article(
        article_id, title, *sections, names=names, published=draw(st.sampled_from(DATES)),
        source=draw(st.sampled_from((None, "見本新聞", "例示日報"))),
        desk=draw(st.sampled_from((None, "国際", "政治"))), version=version, change=change,
    )


@st.composite
def histories(draw: st.DrawFn) -> list[list[AnalyzedArticle | str]]:
    """One to eight batches of articles to put, and ids to delete: enough that segments are merged."""
    batches: list[list[AnalyzedArticle | str]] = []
    change = 0
    for version in range(1, draw(st.integers(2, 9))):
        batch: list[AnalyzedArticle | str] = []
        for article_id in draw(st.lists(st.sampled_from(IDS), min_size=1, unique=True)):
            change += 1
            delete = version > 1 and draw(st.integers(0, 2)) == 0
            batch.append(article_id if delete else draw(articles(article_id, version, change)))
        batches.append(batch)
    return batches


@st.composite
def corpora(draw: st.DrawFn) -> list[AnalyzedArticle]:
    """Articles with an id each."""
    return [draw(articles(article_id)) for article_id in IDS[: draw(st.integers(1, len(IDS)))]]
