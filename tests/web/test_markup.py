"""HTML that is made for many values at once."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from search.results import Snippet
from web.markup import escaped, excerpt, filled, marked


@pytest.mark.parametrize("texts", [
    [], [""], ["a", "<b>&\"'"], ["a\0b", "<", ""], [Markup("<i>"), "<i>"], [Markup("<")],
])
def test_texts_are_escaped_once_and_stay_apart(texts: list[str]) -> None:
    assert escaped(texts) == [str(Markup("{}").format(text)) for text in texts]


def test_a_pattern_is_filled_in_for_every_row() -> None:
    rows = [("/?a=1&b", "<x>"), ("50%s", Markup('<span lang="ja">人</span>'))]
    assert filled(rows, Markup('<a href="%s" width="1%%">%s</a>\n')) == (
        '<a href="/?a=1&amp;b" width="1%">&lt;x&gt;</a>\n<a href="50%s" width="1%"><span lang="ja">人</span></a>\n'
    )
    assert filled([], Markup("%s")) == ""


def test_marks_stand_around_what_is_marked_alone() -> None:
    snippet = Snippet("<停戦>合意", ((1, 3),), opens=False)
    assert marked(snippet) == "&lt;<mark>停戦</mark>&gt;合意"
    assert excerpt(snippet) == "… &lt;<mark>停戦</mark>&gt;合意"
