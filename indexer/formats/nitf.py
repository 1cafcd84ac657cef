"""NITF, the news agencies' and newspapers' own XML for one article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from indexer.formats import fragments, xml_tree
from indexer.formats.fragments import Fragment
from indexer.formats.iptc import subject, why_withdrawn
from indexer.formats.source import Source
from indexer.formats.xml_tree import attribute, find, find_all, name_of, texts, without_empty, words
from indexer.raw import RawArticle, Rejection, Where

# The day it was printed, failing that the one it was let out, failing that the one the reporter wrote it.
DATES = ("head/docdata/date.issue", "head/docdata/date.release", "body/body.head/dateline/story.date")
NO_ARTICLE = "a picture item, no article"


def claims(source: Source) -> bool:
    return xml_tree.claimed(source, ("nitf",))


def read(source: Source) -> Iterator[RawArticle | Rejection]:
    """The one article of a file. Raises Unreadable, Undecodable."""
    yield article(xml_tree.read(source, ("nitf",)).root, source.where)


def article(nitf: Any, where: Where) -> RawArticle | Rejection:
    """What a `<nitf>` has."""
    why = why_withdrawn(attribute(nitf, "head/docdata", "management-status"))
    if why:
        return Rejection(where, why)
    content = find(nitf, "body/body.content")
    found = fragments.of_element(content) if content is not None else Fragment("")
    if not found.body and find(nitf, "body//media") is not None:
        return Rejection(where, NO_ARTICLE)
    title, subtitles = headline(nitf)
    keywords = _keywords(nitf)
    return RawArticle(
        where,
        title=title,
        body=fragments.without_title(found.body or _abstract(nitf), title),
        id=attribute(nitf, "head/docdata/doc-id", "id-string"),
        published=next(filter(None, (attribute(nitf, path, "norm", "normal") for path in DATES)), None)
        or words(find(nitf, DATES[-1])),
        source=attribute(nitf, "head/docdata/doc.copyright", "holder")
        or words(find(nitf, "body/body.head/rights/rights.owner"))
        or attribute(nitf, "head/pubdata", "name")
        or words(find(nitf, "body/body.head/distributor")),
        desk=_desk(nitf) or next(iter(keywords), None) or attribute(nitf, "head/docdata/fixture", "fix-id"),
        authors=authors(nitf),
        captions=found.captions,
        credits=(*credits(nitf), *found.credits),
        extra=without_empty({
            "subtitle": "　".join(subtitles),
            "keywords": list(keywords),
            "revised": attribute(nitf, "head/revision-history", "norm"),
            "page": attribute(nitf, "head/pubdata", "position.sequence"),
        }),
    )


def headline(nitf: Any) -> tuple[str | None, tuple[str, ...]]:
    """The headline, failing that the file's title; and what stands below it."""
    heads = find_all(nitf, "body/body.head/hedline/*")
    lines = [line for one in heads if name_of(one) in ("hl1", "hl2") and (line := fragments.inline(one))]
    if lines:
        return lines[0], tuple(map(fragments.without_readings, lines[1:]))
    return words(find(nitf, "head/title")), ()


def _abstract(nitf: Any) -> str:
    abstract = find(nitf, "body/body.head/abstract")
    return fragments.of_element(abstract).body if abstract is not None else ""


def _keywords(nitf: Any) -> tuple[str, ...]:
    keywords = find_all(nitf, "head/docdata/key-list/keyword")
    return tuple(filter(None, ((one.get("key") or "").strip() or words(one) for one in keywords)))


def _desk(nitf: Any) -> str | None:
    """The page it was printed on, or the topic it is filed under."""
    path = "head/tobject/tobject.subject"
    return (
        attribute(nitf, "head/pubdata", "position.section")
        or attribute(nitf, path, "tobject.subject.type")
        or subject(attribute(nitf, path, "tobject.subject.refnum"))
        or attribute(nitf, path, "tobject.subject.matter")
    )


def authors(nitf: Any) -> tuple[str, ...]:
    """The people that the bylines mark, or else each byline as it is written, without the title of who wrote it."""
    found: list[str] = []
    for byline in find_all(nitf, "body/body.head/byline"):
        people = texts(byline, ".//person")
        titles = texts(byline, "byttl")
        written = words(byline) or ""
        for title in titles:
            written = written.replace(title, "").strip()
        found += people or [written]
    return tuple(dict.fromkeys(filter(None, found)))


def credits(nitf: Any) -> tuple[str, ...]:
    """Whence it is reported, and the line below the text."""
    places = []
    for dateline in find_all(nitf, "body/body.head/dateline"):
        date = words(find(dateline, "story.date"))
        place = words(dateline) or ""
        places.append(place.replace(date, "").strip(" 、,") if date else place)
    return tuple(filter(None, (*places, *texts(nitf, "body/body.end/tagline"))))
