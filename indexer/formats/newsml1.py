"""NewsML 1.x, as Japanese agencies and papers have exchanged articles since 2001.

A NewsItem is made of components in components. Each component with a headline and text is an article; pictures and
their captions beside it are its captions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from indexer.formats import fragments, nitf, xml_tree
from indexer.formats.fragments import Fragment
from indexer.formats.iptc import from_base64, subject, why_withdrawn
from indexer.formats.source import Source, Unreadable
from indexer.formats.xml_tree import attribute, find, find_all, name_of, texts, without_empty, words
from indexer.raw import RawArticle, Rejection, Where

NO_TEXT_MEDIA = re.compile(r"photo|picture|image|graphic|video|audio|animation|jpe?g|gif|png|tiff|bmp|mpeg", re.I)
CAPTION = re.compile(r"caption", re.I)
IDENTIFIER = "Identification/NewsIdentifier"
# A number that only counts the items of a day; an id has to last longer.
RUNNING_NUMBER = re.compile(r"\d{1,6}")


@dataclass(frozen=True, slots=True)
class Content:
    """A ContentItem's text. rank: of several forms of the same text the highest is taken."""

    fragment: Fragment
    rank: int
    is_caption: bool


def claims(source: Source) -> bool:
    return xml_tree.claimed(source, ("newsml",))


def read(source: Source) -> Iterator[RawArticle | Rejection]:
    """The articles of all items. Raises Unreadable, Undecodable."""
    tree = xml_tree.read(source, ("newsitem",))
    items = find_all(tree.root, ".//NewsItem")
    if not items and tree.cut_at is None:
        yield Rejection(source.where, "NewsML without a NewsItem")
    for item in items:
        yield from _articles(item, Where(source.where.path, item.sourceline))
    yield from tree.cut(source.where)


def _articles(item: Any, where: Where) -> Iterator[RawArticle | Rejection]:
    why = why_withdrawn(attribute(item, "NewsManagement/Status", "FormalName"))
    if why:
        yield Rejection(where, why)
        return
    owned = _contents(item)
    stories = [(owner, found) for owner, found in owned if any(not one.is_caption for one in found)]
    if not stories and find(item, ".//NewsItem") is not None:
        return
    if not stories:
        yield _flash(item, where) or Rejection(where, _why_no_text(item))
        return
    captions = [text for _, found in owned for one in found for text in _captions(one)]
    for number, (owner, found) in enumerate(stories):
        bodies = [one.fragment for one in found if not one.is_caption]
        body = Fragment(
            "\n\n".join(one.body for one in bodies),
            () if number else tuple(dict.fromkeys(captions)),
            tuple(credit for one in bodies for credit in one.credits),
        )
        yield _article(item, owner, body, number, where)


def _article(item: Any, owner: Any, found: Fragment, number: int, where: Where) -> RawArticle:
    """number: from 0, of the article in the item."""
    # What the NewsLines leave out stands in the NITF inside, if there is one.
    inner = find(owner, ".//nitf")
    title = _line(owner, item, "HeadLine") or (nitf.headline(inner)[0] if inner is not None else None)
    management = find(item, "NewsManagement")
    management = item if management is None else management
    first = words(find(management, "FirstCreated"))
    revised = words(find(management, "ThisRevisionCreated"))
    subjects = tuple(filter(None, (one.get("FormalName") for one in owner.iterfind(".//{*}SubjectCode/{*}*"))))
    identifier = _id(item)
    return RawArticle(
        where,
        title=title,
        body=fragments.without_title(found.body, title),
        id=f"{identifier}-{number + 1}" if identifier and number else identifier,
        published=first or revised or words(find(item, f"{IDENTIFIER}/DateId")),
        source=_source(owner, item),
        desk=next(filter(None, map(subject, subjects)), None) or next(iter(_keywords(owner)), None),
        authors=_lines(owner, item, "ByLine") or (nitf.authors(inner) if inner is not None else ()),
        captions=found.captions,
        credits=(
            *(_lines(owner, item, "DateLine") or (nitf.credits(inner) if inner is not None else ())),
            *_lines(owner, item, "CreditLine"),
            *found.credits,
        ),
        extra=without_empty({
            "subtitle": "　".join(_lines(owner, item, "SubHeadLine")),
            "keywords": list(_keywords(owner)),
            "subjects": list(subjects),
            "revision": words(find(item, f"{IDENTIFIER}/RevisionId")),
            "revised": revised if revised != first else None,
        }),
    )


def _contents(item: Any) -> list[tuple[Any, list[Content]]]:
    """The component that has the headline, and the texts below it, in order; texts of items in the item are theirs."""
    contents = find_all(item, ".//ContentItem")
    headed = {one.getparent().getparent() for one in find_all(item, ".//NewsLines/HeadLine")}
    aside = {one.getparent() for one in contents if _is_media(one)}
    aside |= {one.getparent() for one in find_all(item, ".//Role") if CAPTION.search(one.get("FormalName") or "")}
    owners: dict[Any, tuple[Any, Any] | None] = {}
    owned: dict[Any, dict[Any, Content]] = {}
    for one in contents:
        parent = one.getparent()
        if parent not in owners:
            owners[parent] = _owner(parent, item, headed)
        place = owners[parent]
        found = _content(one, parent in aside) if place else None
        if found is None or place is None:
            continue
        owner, alike = place
        same = (one if alike is None else alike), found.is_caption
        rival = owned.setdefault(owner, {}).get(same)
        if rival is None or found.rank > rival.rank:
            owned[owner][same] = found
    return [(owner, list(found.values())) for owner, found in owned.items()]


def _owner(component: Any, item: Any, headed: set[Any]) -> tuple[Any, Any] | None:
    """The component around it that has a headline, and the one, if any, whose parts say the same in several forms.

    The item itself where no component has a headline; None where an item in this one has it.
    """
    owner = alike = None
    for one in (component, *component.iterancestors()):
        if one is item:
            return (item if owner is None else owner), alike
        if name_of(one) == "newsitem":
            return None
        if alike is None and one.get("EquivalentsList") == "yes":
            alike = one
        if owner is None and one in headed:
            owner = one
    return None


def _content(content: Any, is_caption: bool) -> Content | None:
    """A ContentItem's text, None where it has none: a picture, a file elsewhere."""
    data = find(content, ".//DataContent")
    if data is None or _is_media(content):
        return None
    fragment, rank = _text(content, data)
    return Content(fragment, rank, is_caption) if fragment.body else None


def _text(content: Any, data: Any) -> tuple[Fragment, int]:
    if len(data):
        inner = find(data, "nitf")
        body = find(inner, "body/body.content") if inner is not None else None
        return fragments.of_element(data if body is None else body), 2
    text = data.text or ""
    if "base64" in (attribute(content, ".//Encoding", "Notation") or "").lower():
        try:
            text = from_base64(text)
        except ValueError:
            return Fragment(""), 0
    return _unpacked(text)


def _unpacked(text: str) -> tuple[Fragment, int]:
    """Text that came as a string: plain, or HTML or NITF once more."""
    if xml_tree.root_name(text.lstrip()) == "nitf":
        try:
            inner = xml_tree.parse(text, ("nitf",)).root
        except Unreadable:
            return Fragment(""), 0
        body = find(inner, "body/body.content")
        return fragments.of_element(inner if body is None else body), 2
    return (fragments.of_html(text), 2) if fragments.TAG.search(text) else (fragments.of_plain(text), 1)


def _is_media(content: Any) -> bool:
    kinds = (attribute(content, path, "FormalName") for path in ("MediaType", "Format", "MimeType"))
    return any(kind and NO_TEXT_MEDIA.search(kind) for kind in kinds)


def _captions(content: Content) -> tuple[str, ...]:
    if not content.is_caption:
        return content.fragment.captions
    return (fragments.without_readings(" ".join(content.fragment.body.split())), *content.fragment.captions)


def _flash(item: Any, where: Where) -> RawArticle | None:
    """An item of nothing but its headline."""
    if find(item, ".//HeadLine") is None or find(item, ".//ContentItem") is not None:
        return None
    return _article(item, item, Fragment(""), 0, where)


def _why_no_text(item: Any) -> str:
    for content in find_all(item, ".//ContentItem"):
        if content.get("Href") and not _is_media(content):
            return f"its text is not in it, but in a file of its own ({content.get('Href')}); add that"
    has_media = any(map(_is_media, find_all(item, ".//ContentItem")))
    return nitf.NO_ARTICLE if has_media else "a NewsItem without text"


def _id(item: Any) -> str | None:
    identifier = words(find(item, f"{IDENTIFIER}/NewsItemId"))
    if identifier and RUNNING_NUMBER.fullmatch(identifier):
        parts = (words(find(item, f"{IDENTIFIER}/{part}")) for part in ("ProviderId", "DateId"))
        return ":".join([*filter(None, parts), identifier])
    return identifier or words(find(item, f"{IDENTIFIER}/PublicIdentifier"))


def _lines(owner: Any, item: Any, name: str) -> tuple[str, ...]:
    """What the owner's NewsLines have, or else those of the components around it."""
    for one in (owner, *owner.iterancestors()):
        found = texts(one, f"NewsLines/{name}")
        if found or one is item:
            return found or texts(item, f"NewsComponent/NewsLines/{name}")
    return ()


def _line(owner: Any, item: Any, name: str) -> str | None:
    return next(iter(_lines(owner, item, name)), None)


def _source(owner: Any, item: Any) -> str | None:
    for path in (".//AdministrativeMetadata/Provider/Party", ".//AdministrativeMetadata/Source/Party"):
        name = attribute(owner, path, "FormalName") or attribute(item, path, "FormalName")
        if name:
            return name
    holder = words(find(item, ".//RightsMetadata/Copyright/CopyrightHolder"))
    return holder or words(find(item, f"{IDENTIFIER}/ProviderId"))


def _keywords(owner: Any) -> tuple[str, ...]:
    return texts(owner, ".//NewsLines/KeywordLine")
