"""Titles break between phrases; marks and readings stay what they are."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from flask.testing import FlaskClient

from search.articles import Ruby
from search.results import Snippet
from web.markup import marked
from web.phrases import LONGEST_CHARS, phrase_ends, phrased


@pytest.mark.parametrize(("title", "phrases"), [
    ("ウクライナ和平交渉、トランプ大統領が習近平国家主席と電話会談へ",
     ["ウクライナ和平交渉、", "トランプ大統領が", "習近平国家主席と", "電話会談へ"]),
    ("日銀が利上げを決定", ["日銀が", "利上げを", "決定"]),
    ("停戦", ["停戦"]),
    ("Ceasefire holds", ["Ceasefire holds"]),        # a browser breaks at spaces by itself
    ("", [""]),
])
def test_where_a_title_may_break(title: str, phrases: list[str]) -> None:
    assert phrased(title).split("<wbr>") == phrases
    ends = (0, *phrase_ends(title), len(title))
    assert [title[start:end] for start, end in pairwise(ends)] == phrases


@pytest.mark.parametrize("snippet", [
    Snippet("日銀が利上げを決定", ((0, 2),)),
    Snippet("日銀が利上げを決定", ((1, 5), (7, 9))),           # over the end of a phrase
    Snippet("日銀が利上げを決定", ((3, 4), (4, 7))),           # from the end of one on
    Snippet("<b>日銀が</b>&利上げを決定", ((3, 6),)),
    Snippet("日銀が利上げを決定", ((0, 5),), ruby=(Ruby(-1, False, 0, 2, "にちぎん"), Ruby(-1, False, 2, 5, "あ"))),
])
def test_all_but_the_breaks_is_as_without_them(snippet: Snippet) -> None:
    drawn = str(phrased(snippet))
    assert "<wbr>" in drawn
    # A mark that is drawn in two pieces is one.
    assert drawn.replace("<wbr>", "").replace("</mark><mark>", "") == str(marked(snippet)).replace("</mark><mark>", "")


def test_no_break_is_put_inside_of_what_has_a_reading() -> None:
    drawn = phrased(Snippet("日銀が利上げを決定", ruby=(Ruby(-1, False, 2, 5, "あ"),)))
    assert re.findall(r"<ruby>.*?</ruby>", drawn)
    assert not re.search(r"<ruby>[^/]*<wbr>", drawn)


def test_a_text_that_is_no_title_breaks_anywhere() -> None:
    assert phrase_ends("日銀が利上げを決定。" * (LONGEST_CHARS // 10 + 1)) == ()


def test_titles_of_a_list_break_at_phrases(client: FlaskClient) -> None:
    html = client.get("/?q=和平").get_data(as_text=True)
    assert "中ロ外相が<wbr>会談、<wbr><mark>和平</mark>案を<wbr>協議" in html
