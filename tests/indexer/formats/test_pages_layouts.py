"""Pages in the manner of Japanese news sites: `pages/NAME.html`, and in `NAME.json` what a reader would say of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from indexer.dates import parse_date
from indexer.formats import read

PAGES = sorted(path.stem for path in (Path(__file__).parent / "pages").glob("*.html"))


def page(name):
    path = Path(__file__).parent / "pages" / f"{name}.html"
    (raw,) = read(path)
    return raw, json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def paragraphs(body):
    """Without the indents, which are the sections' to take away."""
    lines = (line.strip() for line in body.split("\n"))
    return [line for line in lines if line]


@pytest.mark.parametrize("name", PAGES)
def test_the_headline_is_the_articles_without_the_name_of_the_site(name):
    raw, wanted = page(name)
    assert " ".join(raw.title.split()) == " ".join(wanted["title"].split())


@pytest.mark.parametrize("name", PAGES)
def test_the_day_is_the_one_of_publication(name):
    raw, wanted = page(name)
    published = parse_date(raw.published)
    assert published is not None
    assert published.at.date().isoformat() == wanted["day"]


@pytest.mark.parametrize("name", PAGES)
def test_the_text_is_the_articles_and_nothing_that_stands_around_it(name):
    raw, wanted = page(name)
    assert paragraphs(raw.body) == paragraphs("\n".join(wanted["body"]))


@pytest.mark.parametrize("name", PAGES)
def test_the_page_says_who_wrote_it_for_which_desk_and_what_the_pictures_show(name):
    raw, wanted = page(name)
    for key in ("source", "desk", "authors", "captions"):
        if wanted.get(key):
            assert getattr(raw, key) == (tuple(wanted[key]) if isinstance(wanted[key], list) else wanted[key])
