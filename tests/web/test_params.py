"""The address of a page and the Request it stands for."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query import steps
from search.query.model import SORTS, Request
from search.results import FACETS, UNITS
from web import params
from web.links import Links, pairs_of
from web.params import Problem, read

# What a person can type in one line and what a facet can hold.
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=40).map(params.clean)
values = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=20).filter(str.strip)
days = st.none() | st.dates(date(1000, 1, 1))
choices = st.dictionaries(st.sampled_from(FACETS), st.lists(values, min_size=1, max_size=3, unique=True).map(tuple))
requests = st.builds(
    Request,
    text=texts,
    filters=choices,
    excluded=choices,
    since=days,
    until=days,
    sort=st.none() | st.sampled_from(SORTS),
    page=st.integers(1, 999_999_999),
    size=st.integers(1, 100),
    off=st.lists(texts.filter(bool), max_size=3, unique=True).map(tuple),
    as_typed=st.booleans(),
    by=st.none() | st.sampled_from(UNITS),
    language=st.just("ja"),
)


@given(requests)
def test_every_request_has_an_address_that_reads_as_the_same_request(request: Request) -> None:
    assert read(pairs_of(request)).request == request


@given(st.lists(st.tuples(
    st.sampled_from((*FACETS, "q", "from", "to", "sort", "page", "size", "off", "lang", "format", "unknown")),
    st.text(max_size=30),
)))
def test_any_address_can_be_read_and_then_stands_for_itself(pairs: list[tuple[str, str]]) -> None:
    request = read(pairs).request
    assert read(pairs_of(request)).request == request


@pytest.mark.parametrize(("pairs", "request_"), [
    ([], Request()),
    ([("q", "習主席　停戦")], Request("習主席　停戦")),
    ([("q", " 習主席 \n 停戦\x00 ")], Request("習主席 停戦")),
    ([("q", "習主席"), ("q", "停戦")], Request("習主席 停戦")),
    ([("q", "")], Request()),
    ([("person", "person-xi"), ("person", "習近平"), ("person", "person-xi"), ("desk", "")],
     Request(filters={"person": ("person-xi", "習近平")})),
    ([("from", "2024"), ("to", "2024")], Request(since=date(2024, 1, 1), until=date(2024, 12, 31))),
    ([("from", "2024-02"), ("to", "2024-02")], Request(since=date(2024, 2, 1), until=date(2024, 2, 29))),
    ([("from", "2024-04-10"), ("to", "2024-04-10")], Request(since=date(2024, 4, 10), until=date(2024, 4, 10))),
    ([("from", "２０２４年４月"), ("to", "令和6年4月")], Request(since=date(2024, 4, 1), until=date(2024, 4, 30))),
    ([("sort", "oldest"), ("page", "3"), ("size", "50")], Request(sort="oldest", page=3, size=50)),
    ([("lang", "en"), ("utm_source", "x"), ("html", "<b>")], Request(language="en")),
])
def test_an_address_reads_as(pairs: list[tuple[str, str]], request_: Request) -> None:
    assert read(pairs).request == request_
    assert read(pairs).problems == ()


@pytest.mark.parametrize(("name", "value", "used"), [
    ("page", "0", Request()),
    ("page", "-1", Request()),
    ("page", "abc", Request()),
    ("page", "1.5", Request()),
    ("page", "٣", Request()),
    ("page", "9" * 5_000, Request()),
    ("page", "9" * 11, Request(page=999_999_999)),
    ("size", "0", Request()),
    ("size", "1000", Request(size=100)),
    ("from", "yesterday", Request()),
    ("to", "2024-02-30", Request()),
    ("to", "2024-13", Request()),
    ("sort", "random", Request()),
    ("format", "xml", Request()),
])
def test_what_cannot_be_used_is_left_out_and_named(name: str, value: str, used: Request) -> None:
    asked = read([(name, value)])
    assert asked.request == used
    assert asked.problems == (Problem(name, value),)


def test_a_first_day_after_the_last_is_named() -> None:
    assert [p.name for p in read([("from", "2025"), ("to", "2024")]).problems] == ["span"]


def test_a_long_query_is_kept_whole_and_named() -> None:
    asked = read([("q", "語" * 300)])
    assert asked.request.text == "語" * 300
    assert [p.name for p in asked.problems] == ["q"]


@pytest.mark.parametrize(("request_", "address"), [
    (Request(), "/"),
    (Request("a b&c=d#e?+"), "/?q=a%20b%26c%3Dd%23e%3F%2B"),
    (Request("習", {"desk": ("国際",), "person": ("person-1", "person-2")}, page=2),
     "/?q=%E7%BF%92&person=person-1&person=person-2&desk=%E5%9B%BD%E9%9A%9B&page=2"),
    (Request("停戦", {"desk": ("国際",)}, {"desk": ("経済",), "person": ("person-1",)}),
     "/?q=%E5%81%9C%E6%88%A6&desk=%E5%9B%BD%E9%9A%9B&not_person=person-1&not_desk=%E7%B5%8C%E6%B8%88"),
    (Request(since=date(2024, 4, 1), sort="newest", off=("習",), as_typed=True),
     "/?from=2024-04-01&sort=newest&off=%E7%BF%92&as_typed=1"),
])
def test_a_request_is_written_as(request_: Request, address: str) -> None:
    assert Links().search(request_) == address


def test_a_link_keeps_the_language_that_the_address_asks_for_and_the_root_of_the_site() -> None:
    assert Links("/archive", "en").entity("CN") == "/archive/entity/CN?lang=en"


def test_an_id_may_hold_any_characters() -> None:
    assert Links().articles(Request("x", page=4))("a/b?c#d e%", 2) == "/article/a%2Fb%3Fc%23d%20e%25?q=x#s2"


EVERYTHING = Request(
    "a b&c", {"person": ("person-1",), "desk": ("国際", "政治")}, {"desk": ("経済",), "place": ("place-1",)},
    since=date(2024, 4, 1), until=date(2024, 5, 1), sort="newest", page=3, size=50, off=("習",), as_typed=True,
)


@pytest.mark.parametrize("asked", [Request(), Request("停戦"), Request(page=2), EVERYTHING])
@pytest.mark.parametrize("links", [Links(), Links("/archive", "en")])
def test_the_many_links_of_a_page_are_those_of_single_requests(asked: Request, links: Links) -> None:
    for facet in FACETS:
        for value in ("person-2", "a/b?c#d e%+&=", "国内", ""):
            assert links.adding(asked, facet)(value) == links.search(steps.with_value(asked, facet, value))
            assert links.excluding(asked, facet)(value) == links.search(steps.excluding(asked, facet, value))
    for since, until in ((date(2024, 1, 1), date(2024, 12, 31)), (date(1, 1, 1), date(9999, 12, 31))):
        assert links.spanning(asked)(since, until) == links.search(steps.with_span(asked, since, until))


@pytest.mark.parametrize(("text", "word", "left"), [
    ("習主席 停戦", "停戦", "習主席"),
    ("習主席　停戦　北京", "停戦", "習主席 北京"),
    ("停戦 停戦協定", "停戦", "停戦協定"),      # only where it stands on its own
    ("停戦協定", "停戦", ""),                 # a word that is not there: the text as a whole
    ("(停戦 OR 休戦)", "(停戦 OR 休戦)", ""),
])
def test_a_word_is_taken_out_of_a_query(text: str, word: str, left: str) -> None:
    assert steps.without_part(Request(text, page=3), word) == Request(left)


@pytest.mark.parametrize(("text", "word", "off", "stays_off"), [
    ("首相 停戦", "停戦", ("総理大臣", "停戦"), ("総理大臣",)),      # whose form 総理大臣 is, is not known here
    ("首相 停戦", "停戦", ("RU", "首相"), ("RU", "首相")),
    ("停戦", "停戦", ("休戦",), ()),
])
def test_what_is_off_stays_so_while_there_are_words(
    text: str, word: str, off: tuple[str, ...], stays_off: tuple[str, ...]
) -> None:
    assert steps.without_part(Request(text, off=off), word).off == stays_off


def test_each_step_begins_again_at_the_first_page() -> None:
    asked = Request("停戦", {"desk": ("国際", "政治")}, since=date(2024, 1, 1), page=7)
    for step in (
        steps.with_value(asked, "person", "x"), steps.excluding(asked, "person", "x"),
        steps.without_value(asked, "desk", "国際"),
        steps.without(asked, "q", "停戦"), steps.without(asked, "from", ""), steps.with_span(asked, None, None),
        steps.bare(asked),
    ):
        assert step.page == 1


def test_a_value_is_either_chosen_or_excluded() -> None:
    chosen, excluded = Request(filters={"desk": ("国際",)}), Request(excluded={"desk": ("国際",)})
    assert steps.excluding(chosen, "desk", "国際") == excluded
    assert steps.with_value(excluded, "desk", "国際") == chosen
    assert steps.without_value(excluded, "desk", "国際") == Request()


def test_taking_away_the_last_value_takes_away_the_filter() -> None:
    assert steps.without_value(Request(filters={"desk": ("国際",)}), "desk", "国際") == Request()
