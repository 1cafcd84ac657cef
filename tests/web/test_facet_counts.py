"""Every number beside a value of a facet, against the search that has only that value: an oracle in plain Python.

Over the sample archive; set KIJIGURA_CORPORA to the directory of other archives' files to try them too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from indexer import pipeline, upkeep
from search.archive import Archive
from search.library import Library
from search.query import steps
from search.query.model import Request
from search.results import FACETS, FacetValue, Hit

SEEDS = Path(__file__).parents[2] / "seeds"
MOST_ARTICLES = 300
"""Of another corpus: every value costs three searches."""

QUERIES = {
    "words": Request("ロシア"),
    "everything, with choices": Request(filters={"country": ("RU", "CN")}, excluded={"desk": ("経済",)}),
    "words, with choices and exclusions": Request(
        "首相 OR 大統領", {"country": ("JP", "RU")}, {"country": ("US",), "person": ("プーチン",)}
    ),
}


def _sources() -> list[Path]:
    corpora = os.environ.get("KIJIGURA_CORPORA")
    return [SEEDS, *(sorted(Path(corpora).glob("*.jsonl")) if corpora else [])]


@pytest.fixture(scope="module", params=_sources(), ids=lambda path: path.stem)
def library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    directory = tmp_path_factory.mktemp("counted") / "archive"
    with Archive.open(directory, create=True) as archive:
        for number, _taken in enumerate(pipeline.take_in(archive, [request.param])):
            if number == MOST_ARTICLES:
                break
        upkeep.ensure_index(archive, None, say=lambda _: None)
    with Library.open(directory) as opened:
        yield opened


def _total(library: Library, request: Request) -> int:
    return library.search(replace(request, size=1)).total


def _alone(request: Request, facet: str, value: str, *, excludes: bool) -> Request:
    """The request with the value as all that is chosen in its facet; `excludes`: and nothing excluded in it."""
    excluded = dict(request.excluded)
    if excludes:
        excluded.pop(facet, None)
    return replace(request, filters={**request.filters, facet: (value,)}, excluded=excluded)


def _values(library: Library, request: Request, facet: str) -> Iterator[FacetValue]:
    """Every value, by the page that has them all."""
    page = 1
    while (found := library.facet_values(request, facet, page=page)).values:
        yield from found.values
        page += 1


@pytest.mark.parametrize("request_", QUERIES.values(), ids=QUERIES)
@pytest.mark.parametrize("facet", FACETS)
def test_every_count_is_what_the_search_with_only_that_value_finds(
    library: Library, facet: str, request_: Request
) -> None:
    result = library.search(request_)
    listed = {value.value: value.count for value in result.facets[facet]}
    values = list(_values(library, request_, facet))
    assert result.total
    assert {value.value: value.count for value in values if value.value in listed} == listed
    assert len(values) >= result.facet_sizes.get(facet, 0)
    for value in values:
        alone = _alone(request_, facet, value.value, excludes=value.excluded)
        assert value.count == _total(library, alone), value


@pytest.mark.parametrize("request_", QUERIES.values(), ids=QUERIES)
@pytest.mark.parametrize("facet", FACETS)
def test_excluding_a_value_leaves_the_articles_that_do_not_have_it(
    library: Library, facet: str, request_: Request
) -> None:
    before = {hit.id for hit in _all(library, request_)}
    for value in _values(library, request_, facet):
        if value.selected or value.excluded:
            continue
        narrowed = steps.excluding(request_, facet, value.value)
        having = {hit.id for hit in _all(library, replace(request_, filters=_and_alone(request_, facet, value)))}
        assert {hit.id for hit in _all(library, narrowed)} == before - having, value


def _and_alone(request: Request, facet: str, value: FacetValue) -> dict[str, tuple[str, ...]]:
    return {**request.filters, facet: (value.value,)}


def _all(library: Library, request: Request) -> list[Hit]:
    return [hit for hit in library.search(replace(request, size=10_000)).hits if not hit.partial]
