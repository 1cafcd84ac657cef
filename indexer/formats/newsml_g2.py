"""NewsML-G2: one news item, or a message with several of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from indexer.formats import fragments, nitf, xml_tree
from indexer.formats.fragments import Fragment
from indexer.formats.iptc import from_base64, subject, why_withdrawn
from indexer.formats.source import Source
from indexer.formats.xml_tree import attribute, find, find_all, name_of, texts, without_empty, words
from indexer.raw import RawArticle, Rejection, Where

# Items of G2 that say something about news; only newsItem is news.
OTHER_ITEMS = {
    "packageitem": "a list of items (packageItem), no article",
    "planningitem": "a plan of coverage (planningItem), no article",
    "conceptitem": "a concept (conceptItem), no article",
    "knowledgeitem": "a list of concepts (knowledgeItem), no article",
    "catalogitem": "a catalogue (catalogItem), no article",
    "eventitem": "an event (eventItem), no article",
}
ITEMS = ("newsitem", *OTHER_ITEMS)
# What itemClass calls an item that is no text.
MEDIA = {
    "picture": nitf.NO_ARTICLE,
    "graphic": "a graphic, no article",
    "animation": "an animation, no article",
    "audio": "a sound item, no article",
    "video": "a video item, no article",
}
INFO_SOURCE = "contentMeta/infoSource"
DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+", re.ASCII)
# People, places and firms that an article is about are no desk.
NO_DESK = ("person", "organisation", "organization", "geoarea", "poi", "event")


def claims(source: Source) -> bool:
    return xml_tree.claimed(source, ("newsmessage", *ITEMS))


def read(source: Source) -> Iterator[RawArticle | Rejection]:
    """The articles of all items. Raises Unreadable, Undecodable."""
    tree = xml_tree.read(source, ITEMS)
    items = [one for one in tree.root.iter() if name_of(one) in ITEMS]
    if not items and tree.cut_at is None:
        yield Rejection(source.where, "a NewsML-G2 message without items")
    for item in items:
        where = source.where if item is tree.root else Where(source.where.path, item.sourceline)
        why = OTHER_ITEMS.get(name_of(item))
        yield Rejection(where, why) if why else _article(item, where)
    yield from tree.cut(source.where)


def _article(item: Any, where: Where) -> RawArticle | Rejection:
    why = why_withdrawn(attribute(item, "itemMeta/pubStatus", "qcode", "uri"))
    if why:
        return Rejection(where, why)
    kind = (attribute(item, "itemMeta/itemClass", "qcode", "uri") or "").replace("/", ":").rpartition(":")[2].lower()
    if kind in MEDIA:
        return Rejection(where, MEDIA[kind])
    found = _text(item)
    title, subtitles = _headline(item)
    if not found.body and (why := _why_no_text(item)):
        return Rejection(where, why)
    created, revised = _dates(item)
    source = _source(item)
    subjects = find_all(item, "contentMeta/subject")
    return RawArticle(
        where,
        title=title,
        body=fragments.without_title(found.body, title),
        id=(item.get("guid") or "").strip() or None,
        published=created or revised,
        source=source,
        desk=_desk(subjects),
        authors=tuple(one for one in _authors(item) if one not in (source, _name(find(item, INFO_SOURCE)))),
        captions=found.captions,
        credits=(*texts(item, "contentMeta/dateline"), *texts(item, "contentMeta/creditline"), *found.credits),
        extra=without_empty({
            "subtitle": "　".join(subtitles),
            "slugline": words(find(item, "contentMeta/slugline")),
            "keywords": list(texts(item, "contentMeta/keyword")),
            "subjects": [name for one in subjects if (name := _name(one) or one.get("qcode"))],
            "version": item.get("version"),
            "revised": revised if created and revised != created else None,
            "embargoed": words(find(item, "itemMeta/embargoed")),
        }),
    )


def _source(item: Any) -> str | None:
    """The provider's name; one that is nothing but a domain (reuters.com) comes after those of owner and agency."""
    names = [_name(find(item, path)) for path in ("itemMeta/provider", "rightsInfo/copyrightHolder", INFO_SOURCE)]
    said = [name for name in names if name]
    given = attribute(item, "itemMeta/provider", "qcode", "uri")
    return next((name for name in said if not DOMAIN.fullmatch(name)), said[0] if said else given)


def _dates(item: Any) -> tuple[str | None, str | None]:
    """When it first came out or was written, and when this version of it did."""
    first = words(find(item, "itemMeta/firstCreated")) or words(find(item, "contentMeta/contentCreated"))
    return first, words(find(item, "itemMeta/versionCreated"))


def _text(item: Any) -> Fragment:
    """The best of the forms that the content is given in: marked-up text before plain text."""
    contents = find_all(item, "contentSet/inlineXML")
    forms = [_of_xml(one) for one in contents] + [_of_data(one) for one in find_all(item, "contentSet/inlineData")]
    return next((one for one in forms if one.body), forms[0] if forms else Fragment(""))


def _of_xml(inline: Any) -> Fragment:
    body = find(inline, ".//body.content")
    body = find(inline, ".//body") if body is None else body
    return fragments.of_element(inline if body is None else body)


def _of_data(inline: Any) -> Fragment:
    kind = (inline.get("contenttype") or "text/plain").lower()
    if not kind.startswith("text/") and "html" not in kind:
        return Fragment("")
    text = "".join(inline.itertext())
    if "base64" in (inline.get("encoding") or "").lower():
        try:
            text = from_base64(text)
        except ValueError:
            return Fragment("")
    return fragments.of_html(text) if "html" in kind or fragments.TAG.search(text) else fragments.of_plain(text)


def _why_no_text(item: Any) -> str | None:
    """None for an item of nothing but its headline."""
    remote = find_all(item, "contentSet/remoteContent")
    kinds = [(one.get("contenttype") or "").lower() for one in find_all(item, "contentSet/*")]
    if any(kind.startswith("image/") for kind in kinds):
        return nitf.NO_ARTICLE
    if any(kind.startswith(("video/", "audio/")) for kind in kinds):
        return "a sound or video item, no article"
    for one in remote:
        return f"its text is not in it, but in a file of its own ({one.get('href') or one.get('residref')}); add that"
    return None


def _headline(item: Any) -> tuple[str | None, tuple[str, ...]]:
    """The main headline, in Japanese where there are several, failing that the NITF's; and those below it."""
    headlines = find_all(item, "contentMeta/headline")
    below = [one for one in headlines if "sub" in (one.get("role") or "").lower()]
    mains = _in_japanese([one for one in headlines if one not in below]) or below
    for one in mains:
        if line := fragments.inline(one):
            return line, tuple(filter(None, map(words, below)))
    inner = find(item, "contentSet//nitf")
    return nitf.headline(inner) if inner is not None else (words(find(item, "contentMeta/slugline")), ())


def _desk(subjects: list[Any]) -> str | None:
    for one in subjects:
        if (one.get("type") or "").rpartition(":")[2].lower() not in NO_DESK:
            desk = _name(one) or subject(one.get("qcode"))
            if desk:
                return desk
    return None


def _authors(item: Any) -> tuple[str, ...]:
    """The bylines, failing that those of the NITF inside, failing that whoever is named as creator."""
    inner = find(item, "contentSet//nitf")
    bylines = texts(item, "contentMeta/by") or (nitf.authors(inner) if inner is not None else ())
    names = filter(None, map(_name, find_all(item, "contentMeta/creator")))
    return tuple(dict.fromkeys(bylines or names))


def _name(concept: Any) -> str | None:
    """What something with a code is called, in Japanese if it can be."""
    if concept is None:
        return None
    names = _in_japanese(find_all(concept, "name"))
    return next(filter(None, map(words, names)), None) or (concept.get("literal") or "").strip() or None


def _in_japanese(elements: list[Any]) -> list[Any]:
    """Those in Japanese, or all where none says that it is."""
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    return [one for one in elements if (one.get(lang) or "").lower().startswith("ja")] or elements
