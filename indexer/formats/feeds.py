"""Feeds: RSS 0.9x, 1.0 and 2.0, and Atom, by feedparser, which knows what each calls title, text and date.

It gets bytes that are already decoded and free of entities, as a file: it opens addresses and file names otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import zip_longest
from typing import Any

from lxml import etree

from indexer.formats import fragments, xml_tree
from indexer.formats.fragments import Fragment
from indexer.formats.source import Facts, Source, Unreadable
from indexer.formats.xml_tree import Tree, find, name_of, without_empty
from indexer.raw import RawArticle, Rejection, Where

ITEMS = ("item", "entry")
# Other angle brackets in a title are the title's: <速報>, 1<2.
TAG_IN_TITLE = re.compile(r"</(?:ruby|rt|b|i|em|strong|span|font|sup|sub|small|u|a)>|<br\s*/?>", re.IGNORECASE)
# Of an export of WordPress (WXR), which is RSS: what stands among the articles, and what never came out.
WORDPRESS_ASIDE = frozenset({
    *("attachment", "nav_menu_item", "custom_css", "customize_changeset", "wp_global_styles", "wp_template"),
    *("wp_template_part", "wp_navigation", "wp_block", "oembed_cache", "revision", "acf-field", "acf-field-group"),
})
WORDPRESS_UNPUBLISHED = frozenset({"draft", "auto-draft", "pending", "trash", "private", "future"})
SHORT_CAPTION = re.compile(r"\[caption\b[^\]]*\](.*?)\[/caption\]", re.DOTALL)
SHORTCODE = re.compile(r"\[/?(?:gallery|embed|audio|video|playlist|contact-form-7)\b[^\]]*\]")
BETWEEN_PARAGRAPHS = re.compile(r"\n[ \t\u3000]*\n")
WEB_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


def claims(source: Source) -> bool:
    return xml_tree.claimed(source, ("rss", "feed", "rdf"))


def read(source: Source) -> Iterator[RawArticle | Rejection]:
    """The articles of a feed. Raises Unreadable, Undecodable."""
    tree = xml_tree.read(source, ITEMS)
    parsed = _parsed(tree, source.facts)
    if not parsed.entries and tree.cut_at is None:
        raise Unreadable("a feed without articles")
    # Of a tangled tree feedparser, which has a parser of its own for such text, may make more.
    elements = [] if tree.is_tangled else [one for one in tree.root.iter() if name_of(one) in ITEMS]
    if len(elements) != len(parsed.entries):
        elements = []
    for entry, element in zip_longest(parsed.entries, elements):
        where = Where(source.where.path, element.sourceline if element is not None else None)
        why = _why_no_article(entry)
        yield Rejection(where, why) if why else _article(entry, element, parsed.feed, where)
    yield from tree.cut(source.where)


def _parsed(tree: Tree, facts: Facts) -> Any:
    # Imported here: only feeds need it.
    import feedparser

    data = tree.text.encode() if tree.is_tangled else etree.tostring(tree.root, encoding="utf-8")
    return feedparser.parse(
        BytesIO(data),
        # What relative links are relative to. Nothing is fetched from there.
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            **({"content-location": facts.url} if facts.url else {}),
        },
        resolve_relative_uris=False,
        sanitize_html=False,
    )


def _why_no_article(entry: Any) -> str | None:
    """Of a WordPress export: why an entry is no article that came out."""
    kind, status = entry.get("wp_post_type"), entry.get("wp_status")
    if kind and kind in WORDPRESS_ASIDE:
        return f"no article, but part of a WordPress site ({kind})"
    return f"a WordPress article that did not come out ({status})" if status in WORDPRESS_UNPUBLISHED else None


def _article(entry: Any, element: Any, feed: Any, where: Where) -> RawArticle:
    source = _line(entry.get("source", {}).get("title") or entry.get("publisher"))
    title = _title(entry).removesuffix(f" - {source}") or None
    found = _content(entry)
    if title and "".join(found.body.split()) in ("".join(f"{title}{one}".split()) for one in (source or "", "")):
        found = Fragment("")
    given, url = _id_and_url(entry, element)
    # WordPress has tags of an article among its categories.
    tags = sorted(entry.get("tags", ()), key=lambda tag: tag.get("scheme") == "post_tag")
    categories = [name for tag in tags if (name := _line(tag.get("label") or tag.get("term")))]
    published = entry.get("published") or entry.get("created") or entry.get("wp_post_date") or entry.get("updated")
    revised = entry.get("updated") if "updated" in entry else None
    return RawArticle(
        where,
        title=title,
        body=fragments.without_title(found.body, fragments.without_readings(title or "")),
        id=given,
        published=published,
        source=source or _line(feed.get("title")),
        desk=next(iter(categories), None),
        url=url,
        authors=tuple(filter(None, (_line(one.get("name")) for one in entry.get("authors", ())))),
        captions=found.captions,
        credits=found.credits,
        extra=without_empty({
            "categories": categories[1:] and categories,
            "revised": revised if revised != published else None,
        }),
    )


def _title(entry: Any) -> str:
    title = entry.get("title") or ""
    is_text = entry.get("title_detail", {}).get("type", "text/plain") == "text/plain"
    if is_text and not TAG_IN_TITLE.search(title):
        return " ".join(fragments.SIGNS.sub("", title).split())
    return fragments.line_of(title)


def _content(entry: Any) -> Fragment:
    """The longest of the full texts; the description only where there is none."""
    contents = [_of_stored(one) if "wp_post_type" in entry else _of_part(one) for one in entry.get("content", ())]
    best = max(contents, key=lambda one: len(one.body), default=Fragment(""))
    if best.body:
        return best
    return _of_part(entry.get("summary_detail") or {"value": entry.get("summary") or ""})


def _of_stored(part: Any) -> Fragment:
    """A text as WordPress stores it, where an empty line parts paragraphs and `[caption]` stands for a tag."""
    text = SHORT_CAPTION.sub(r"<figure><figcaption>\1</figcaption></figure>\n\n", part.get("value") or "")
    text = SHORTCODE.sub("", text)
    if "<p" not in text:
        text = BETWEEN_PARAGRAPHS.sub("<p></p>", text).replace("\n", "<br>")
    return fragments.of_html(BETWEEN_PARAGRAPHS.sub("<p></p>", text))


def _of_part(part: Any) -> Fragment:
    """part: what feedparser has of a text, with its type as it declares it or feedparser guesses it."""
    value = part.get("value") or ""
    kind = part.get("type") or "text/html"
    if "html" in kind:
        return fragments.of_text(value)
    return fragments.of_plain(value) if kind.startswith("text/") else Fragment("")


def _id_and_url(entry: Any, element: Any) -> tuple[str | None, str | None]:
    """A permanent link is an address and no id; so is an id that only repeats the link."""
    given = (entry.get("id") or "").strip() or None
    links = (entry.get("feedburner_origlink"), entry.get("link"))
    url = next((link.strip() for link in links if link and WEB_ADDRESS.fullmatch(link.strip())), None)
    if given and WEB_ADDRESS.fullmatch(given):
        guid = find(element, "guid") if element is not None else None
        if guid is not None and guid.get("isPermaLink", "true") == "true":
            return None, given
        if url in (None, given):
            return None, given
    return given, url


def _line(text: str | None) -> str | None:
    return fragments.without_readings(fragments.line_of(text)) or None if text else None
