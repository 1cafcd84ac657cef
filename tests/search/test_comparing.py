"""Names and topics side by side: each number is what a plain look at all articles counts."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import Any

import pytest

from search.comparing import Comparison
from search.library import Library
from search.query.model import Request

GROUPS = [
    ["CN", "RU"], ["sergey-lavrov", "CN", "united-nations"], ["topic:ukraine-peace-talks", "RU", "CN", "UA"],
    ["topic:ukraine-peace-talks", "topic:us-china-relations"],
]


def members(library: Library, subject: Any, **days: Any) -> set[str]:
    """The ids of its articles, by the search for them."""
    if subject.kind == "topic":
        filters = {"topic": (subject.id.removeprefix("topic:"),)}
    else:
        filters = {subject.kind: (subject.id,)}
    return {article.id for article in library.export(Request(filters=filters, **days))}


@pytest.mark.parametrize("names", GROUPS)
def test_totals_pairs_and_shared_neighbours_are_counted_over_articles(library: Library, names: list[str]) -> None:
    found = library.compare(names)
    assert [one.subject.id for one in found.compared] == names
    sets = [members(library, one.subject) for one in found.compared]
    assert [one.total for one in found.compared] == [len(ids) for ids in sets]
    assert [(pair.one, pair.other, pair.count) for pair in found.pairs] == [
        (a, b, len(sets[a] & sets[b])) for a, b in combinations(range(len(sets)), 2)
    ]
    both = set.intersection(*sets)
    assert found.together == len(both)
    assert {hit.id for hit in found.newest} <= both
    for shared in found.shared:
        other = {a.id for a in library.export(Request(filters={shared.entity.kind: (shared.entity.id,)}))}
        assert shared.counts == tuple(len(ids & other) for ids in sets)
        assert shared.entity.id not in names
        assert min(shared.counts) > 0


@pytest.mark.parametrize("names", GROUPS)
def test_all_stand_on_one_axis_and_no_dated_article_is_lost(library: Library, names: list[str]) -> None:
    found = library.compare(names)
    assert len({tuple((bar.start, bar.end) for bar in one.bars) for one in found.compared}) == 1
    for one in found.compared:
        ids = members(library, one.subject)
        dated = [i for i in ids if library.archive.get(i).article.published]
        assert sum(bar.count for bar in one.bars) == len(dated)


def test_desks_and_sources_are_those_of_the_search(library: Library) -> None:
    for one in library.compare(["CN", "RU"]).compared:
        page = library.search(Request(filters={"country": (one.subject.id,)}))
        for facet in ("desk", "source"):
            assert one.counts[facet] == {value.value: value.count for value in page.facets[facet]}


def test_only_articles_between_two_days_count(library: Library) -> None:
    days = {"since": date(2022, 1, 1), "until": date(2024, 12, 31)}
    found = library.compare(["CN", "RU"], **days)
    for one in found.compared:
        ids = members(library, one.subject, **days)
        assert 0 < one.total == len(ids) < len(members(library, one.subject))
        assert one.first
        assert one.last
        assert days["since"] <= one.first.published.at.date() <= one.last.published.at.date() <= days["until"]


@pytest.mark.parametrize(("names", "ids", "unknown", "left_out"), [
    (["中国", "ラヴロフ"], ["CN", "sergey-lavrov"], (), ()),
    (["China", "中国", "CN"], ["CN"], (), ()),
    (["ウクライナ和平交渉", "topic:us-china-relations"], ["topic:ukraine-peace-talks", "topic:us-china-relations"],
     (), ()),
    (["だれもいない", "中国", "topic:ない"], ["CN"], ("だれもいない", "topic:ない"), ()),
    (["CN", "RU", "UA", "US", "JP"], ["CN", "RU", "UA", "US"], (), ("JP",)),
    ([], [], (), ()),
])
def test_whatever_is_asked_something_is_shown(
    library: Library, names: list[str], ids: list[str], unknown: tuple[str, ...], left_out: tuple[str, ...]
) -> None:
    found = library.compare(names)
    assert [one.subject.id for one in found.compared] == ids
    assert (found.unknown, found.left_out) == (unknown, left_out)


def test_neighbours_are_offered_that_are_not_compared_yet(library: Library) -> None:
    def offered(found: Comparison) -> list[str]:
        return [entity.id for entity in found.offered]

    alone = offered(library.compare(["CN"]))
    assert alone
    assert "CN" not in alone
    assert alone[0] not in offered(library.compare(["CN", alone[0]]))
    assert offered(library.compare(["CN", "RU", "UA", "US"])) == []


def test_the_json_of_a_comparison(library: Library) -> None:
    found = library.compare(["CN", "RU"], date(2022, 1, 1), None).as_json("en")
    assert list(found) == [
        "from", "to", "compared", "pairs", "together", "newest", "shared", "unknown", "left_out",
    ]
    assert (found["from"], found["to"]) == ("2022-01-01", None)
    assert [one["name"] for one in found["compared"]] == ["China", "Russia"]
    assert found["pairs"][0]["between"] == ["CN", "RU"]
