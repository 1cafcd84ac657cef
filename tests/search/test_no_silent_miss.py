"""No article is hidden by how it was segmented: the whole product, asked for pieces of what it has."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sudachipy import SplitMode

from search.articles import Article
from search.japanese.tokens import dictionary
from search.library import Library
from search.query.model import Request

LONGEST = 12
"""Characters of an exact string that is tried."""

# Read by the syntax where they stand, so that they must be quoted; and what parts words, which nobody types alone.
_MARKS = frozenset("\"“”「」『』«»〝〟｢｣()（）")
_NO_WORDS = ("補助記号", "空白")


@pytest.fixture(scope="module")
def articles(library: Library) -> Sequence[Article]:
    return list(library.export(Request()))


def _parts(article: Article) -> list[str]:
    texts = [article.title, *(text for section in article.sections for text in (section.heading, section.text))]
    return [text for text in texts if text and text.strip()]


def _found(library: Library, text: str) -> set[str]:
    page = library.search(Request(text=text, size=1_000))
    return {hit.id for hit in page.hits if not hit.partial}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_an_exact_string_is_found_wherever_it_stands(
    library: Library, articles: Sequence[Article], data: st.DataObject
) -> None:
    article = data.draw(st.sampled_from(articles))
    text = data.draw(st.sampled_from(_parts(article)))
    start = data.draw(st.integers(0, len(text) - 1))
    piece = text[start : start + data.draw(st.integers(1, LONGEST))].strip()
    if not piece or not _MARKS.isdisjoint(piece):
        return
    assert article.id in _found(library, f'="{piece}"')


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_every_unit_of_an_article_finds_it_when_it_is_typed_alone(
    library: Library, articles: Sequence[Article], data: st.DataObject
) -> None:
    article = data.draw(st.sampled_from(articles))
    text = data.draw(st.sampled_from(_parts(article)))
    mode = data.draw(st.sampled_from([SplitMode.A, SplitMode.B, SplitMode.C]))
    units = [
        morpheme.surface() for morpheme in dictionary().tokenizer().tokenize(text, mode)
        if morpheme.part_of_speech()[0] not in _NO_WORDS and _MARKS.isdisjoint(morpheme.surface())
    ]
    if units:
        assert article.id in _found(library, data.draw(st.sampled_from(units)))
