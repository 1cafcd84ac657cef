"""Names: marked in an article on request, and the page of one."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from web_client import page, words
from web_double import DoubleKeeper

from search.articles import Entity
from search.name_views import Alias, Company, EntityView, Profile
from search.results import NameMark, Snippet
from web import create_app
from web.links import Links
from web.markup import marked, named
from web.pages.entity import entity_page
from web.params import read

APP = create_app(DoubleKeeper())
XI = Entity("person-xi", "person", "習近平", "Xi Jinping")
CHINA = Entity("CN", "country", "中国", "China")


class Nesting(HTMLParser):
    """Fails where a tag is closed that is not the one opened last, and where a link or a mark holds one of its kind."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.lit: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in self.open
        assert not (tag == "a" and "mark" in self.open)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        self.lit += [tag for tag in self.open for _ in data] if "mark" in self.open else []


def drawn(snippet: Snippet) -> Nesting:
    with APP.test_request_context("/"):
        parser = Nesting()
        parser.feed(str(named(snippet, Links())))
        parser.close()
    assert parser.open == []
    return parser


# ---- in the text of an article ----------------------------------------------------------------------


@pytest.mark.parametrize(("marks", "html"), [
    ((), '<a class="person" …>習近平</a>は<a class="country" …>中国</a>へ'),
    (((0, 3),), '<a class="person" …><mark>習近平</mark></a>は<a class="country" …>中国</a>へ'),
    (((0, 1),), '<a class="person" …><mark>習</mark>近平</a>は<a class="country" …>中国</a>へ'),
    (((2, 5),), '<a class="person" …>習近<mark>平</mark></a><mark>は</mark>'
                '<a class="country" …><mark>中</mark>国</a>へ'),
    (((0, 7),), '<a class="person" …><mark>習近平</mark></a><mark>は</mark>'
                '<a class="country" …><mark>中国</mark></a><mark>へ</mark>'),
])
def test_a_name_holds_marks_and_no_mark_holds_a_name(marks: tuple[tuple[int, int], ...], html: str) -> None:
    names = (NameMark(0, 3, "person", XI), NameMark(4, 6, "country", CHINA))
    with APP.test_request_context("/"):
        found = str(named(Snippet("習近平は中国へ", marks, names=names), Links()))
    assert re.sub(r'class="name (\w+)" [^>]*', r'class="\1" …', found) == html


def spans(length: int) -> st.SearchStrategy[list[tuple[int, int]]]:
    """Some that do not overlap, ascending."""
    cuts = st.lists(st.integers(0, length), unique=True).map(sorted)
    return cuts.map(lambda at: list(zip(at[::2], at[1::2], strict=False)))


@given(st.text("習<&\"'\n ab", max_size=30), st.data())
def test_marks_and_names_in_any_place_nest_and_lose_no_text(text: str, data: st.DataObject) -> None:
    marks = tuple(data.draw(spans(len(text))))
    names = tuple(NameMark(a, b, "person", XI, 0.3) for a, b in data.draw(spans(len(text))))
    found = drawn(Snippet(text, marks, names=names))
    assert found.text == text.replace("\n", " ")
    assert found.lit.count("mark") == sum(b - a for a, b in marks)


def test_a_text_without_names_is_as_it_was() -> None:
    snippet = Snippet("停戦の案", ((0, 2),))
    with APP.test_request_context("/"):
        assert named(snippet, Links()) == marked(snippet)


def test_names_are_shown_on_request_and_hidden_again(client: FlaskClient) -> None:
    asked = f"q={quote('習主席')}"
    without = page(client, f"/article/talks?{asked}")
    assert 'class="name ' not in without
    assert f'<a href="/article/talks?{asked}&amp;names=1" rel="nofollow">固有名を示す</a>' in without
    html = page(client, f"/article/talks?{asked}&names=1")
    assert f'<a href="/article/talks?{asked}" rel="nofollow">固有名を隠す</a>' in html
    assert '<a class="name country" href="/entity/RU" title="国・地域：ロシア">ロシア</a>' in html
    assert ('<a class="name person" href="/entity/person-xi" title="人物：習近平"><mark>習主席</mark></a>') in html
    text = re.compile(r"<div class=\"text\".*?</div>", re.S)
    shown, plain = (re.sub(r"<[^>]*>", "", text.findall(page_)[0]) for page_ in (html, without))
    assert shown == plain


def test_what_is_uncertain_says_so_in_words_too(client: FlaskClient) -> None:
    html = page(client, "/article/talks?names=1")
    assert '<a class="name person unsure" href="/entity/person-xi" title="人物：習近平（不確か）">習氏</a>' in html
    assert '<span class="name unsure">不確か・推定</span>' in html


def test_the_legend_has_the_kinds_of_the_article(client: FlaskClient) -> None:
    html = page(client, "/article/talks?names=1&lang=en")
    assert re.findall(r'<span class="name (\w+)">([^<]*)</span>', html) == [
        ("person", "person"), ("country", "country"), ("organization", "organization"), ("place", "place"),
        ("unsure", "uncertain or inferred"),
    ]


def test_the_language_is_changed_without_hiding_the_names(client: FlaskClient) -> None:
    assert 'href="/article/talks?names=1&amp;lang=en"' in page(client, "/article/talks?names=1")


def test_an_article_that_names_nobody_has_no_switch(client: FlaskClient) -> None:
    assert "names=1" not in page(client, "/article/odd%2F..%2FID%3F%23%2520%201")


def test_the_json_of_an_article_has_its_text_and_where_names_stand_in_it(client: FlaskClient) -> None:
    found = client.get("/article/talks?format=json&lang=en").get_json()
    assert list(found) == [
        "id", "title", "published", "title_inferred", "source", "desk", "url", "authors", "published_precision",
        "published_inferred", "credits", "sections", "ruby", "names", "entities", "topics", "version", "copies",
        "related",
    ]
    assert found["published"] == "2024-04-10T18:30:00+09:00"
    for name in found["names"]:
        text = found["title"] if name["in"] == "title" else found["sections"][name["section"]][name["in"]]
        assert text[name["start"] : name["end"]] == name["surface"]
    assert {"習氏", "ロシア", "国連"} <= {name["surface"] for name in found["names"]}
    assert {"id": "CN", "name": "China", "count": 2} in found["entities"]["country"]
    assert client.get("/article/none?format=json").get_json()["error"] == 404


# ---- the page of one --------------------------------------------------------------------------------


def test_each_form_has_its_first_and_last_article_and_a_search_of_its_own(client: FlaskClient) -> None:
    html = page(client, "/entity/person-17")
    row = re.search(r"<tr>\s*<th scope=\"row\"><a [^>]*>岡田知事</a>.*?</tr>", html, re.S)
    assert row
    assert f'href="/?q=%3D{quote("岡田知事")}"' in row[0]
    assert words(f"<body>{row[0]}") == "> 岡田知事 45 2018年1月15日 2024年11月15日"
    assert 'href="/article/harvest-00?person=person-17" title="2018年産米の作柄は良　第0報"' in row[0]


def test_a_search_for_a_form_with_a_space_keeps_it_together() -> None:
    profile = Profile(1, (), None, None, Company(), (), (), ())
    view = EntityView(XI, (Alias("Xi Jinping", 2),), profile)
    with APP.test_request_context("/"):
        shown = entity_page(view, read([]), Links())
    assert shown.aliases[0].search_url == "/?q=%3D%22Xi%20Jinping%22"


def test_neighbours_are_drawn_as_links_that_say_who_else_is_there(client: FlaskClient) -> None:
    html = page(client, "/entity/person-xi?lang=en")
    svg = re.search(r'<svg viewBox.*?</svg>', html, re.S)
    assert svg
    labels = re.findall(r'<a href="([^"]*)" aria-label="([^"]*)">', svg[0])
    name = dict(labels)["/entity/person-lavrov?lang=en"]
    assert name == (
        "Sergey Lavrov (person): 1 article; also with China 1, Russia 1, Ukraine 1, United Nations 1"
    )
    assert svg[0].count("<title>") == len(labels) == 5


def test_desks_sources_and_topics_lead_to_the_articles_they_count(client: FlaskClient) -> None:
    html = page(client, "/entity/person-17")
    aside = html[html.index('<aside class="margin"') :]
    assert f'<a href="/?person=person-17&amp;desk={quote("経済")}">経済</a>' in aside
    assert f'<a href="/?person=person-17&amp;source={quote("穀倉日報")}">穀倉日報</a>' in aside
    peace = page(client, "/entity/person-xi")
    assert 'class="count" href="/?person=person-xi&amp;topic=peace"' in peace


def test_the_json_of_a_name_is_that_of_the_command_line(client: FlaskClient) -> None:
    found = client.get("/entity/person-xi?format=json").get_json()
    assert (found["id"], found["total"]) == ("person-xi", 1)
    assert found["aliases"][0]["first"]["id"] == "talks"
    assert found["network"]["nodes"][0] == "person-lavrov"
    answer = client.get("/entity/習主席?format=json&lang=en")
    assert answer.headers["Location"] == "/entity/person-xi?lang=en&format=json"
