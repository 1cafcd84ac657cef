"""An article's text on its page: the element that the site itself calls so, or what trafilatura finds, checked."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

from lxml import etree

from indexer.formats.boilerplate import drop_page_lines
from indexer.formats.page_facts import compact
from indexer.formats.page_parts import CAMEL, Weight, drop_links, drop_related, weigh
from indexer.formats.page_text import text_of

# articleBody, cmn-article_text, news-detail-body, entry-content, ynDetailText, content--detail-body, honbun
BODY_NAME = re.compile(
    r"(?:^|[-_ ])(?:honbun|(?:(?:article|cms|news|story|post|entry|kiji|detail|single|main|page|topics"
    r"|release|content|yn-detail|txt|text|body|arti)s?"
    r"[-_]*){1,2}(?:body|text|txt|contents?|honbun|main|inner|detail|article|paragraphs?|sentence)"
    r"|article|arti-body|article-?text)(?:$|[-_ \d])"
)
# An element that is called the text has to have so much of the page's prose, or it is a part or a teaser.
ENOUGH = 0.6
# A child with so much of its parent's prose has the article; else the parent is what has its paragraphs.
DOMINANT = 0.5
NEARLY_ALL = 0.75
SUBHEADINGS = ("h2", "h3", "h4", "h5", "h6")
OUTERMOST = frozenset({"article", "main", "body", "html", "td"})
# Of teasers so much is links; of paragraphs less.
LINKED = 0.25
MIN_LEAD_CHARS = 30
# What trafilatura keeps has to be so much of the prose of the element that has most.
KEPT = 0.85
# trafilatura copies trees and compares texts: beyond this it takes seconds, and is right less often.
MAX_EXTRACTED_CHARS = 400_000


def body_of(tree: Any) -> str:
    """The text of a page that its surroundings were taken out of."""
    body = tree.find(".//body")
    root = tree if body is None else body
    weights = weigh(root)
    drop_related(root, weights)
    drop_links(root, weights)
    weights = weigh(root)
    named = _named(root, weights)
    if named is not None:
        return _text(named, weights)
    dense = _dense(root, weights)
    texts = [_text(dense, weights)]
    is_clear = 0 < weights[root].prose * ENOUGH <= weights[dense].prose
    if not is_clear and weights[root].chars <= MAX_EXTRACTED_CHARS and (extracted := _extracted(tree)) is not None:
        texts.append(drop_page_lines(text_of(extracted)))
    most = max(map(_prose_chars, texts))
    return next(text for text in texts if _prose_chars(text) >= KEPT * most) or text_of(root)


def _named(root: Any, weights: dict[Any, Weight]) -> Any:
    """The smallest element with enough of the prose that the page calls the article's text, or None."""
    most = weights[root].prose
    best = None
    for element, weight in weights.items():
        if weight.prose < ENOUGH * most or not weight.prose or element is root:
            continue
        if element.get("itemprop") and "articleBody" in element.get("itemprop").split():
            return element
        if best is None or weight.chars <= weights[best].chars:
            named = f"{element.get('class') or ''} {element.get('id') or ''}"
            if element.tag == "article" or (named != " " and BODY_NAME.search(CAMEL.sub("-", named).lower())):
                best = element
    return best


def _text(element: Any, weights: dict[Any, Weight]) -> str:
    """The text of an element, of the paragraphs above it and of more elements like it below."""
    drop_links(element, weights)
    text = text_of(element)
    while element.tag not in OUTERMOST and (parent := element.getparent()) is not None and parent in weights:
        below = [one for one in element.itersiblings() if _has_paragraphs(one, weights)]
        below = [one for one in below if _is_like(one, element, weights)]
        if below:
            # Headings and lists stand between them.
            between = list(element.itersiblings())
            text = "\n\n".join((text, *map(text_of, between[: between.index(below[-1]) + 1])))
        text = "\n\n".join((*_leads(element, compact(text), weights), text))
        element = parent
    return text


def _leads(element: Any, known: str, weights: dict[Any, Weight]) -> list[str]:
    """Paragraphs above an element and the headings below them; a summary says what is known again."""
    found: list[str] = []
    for above in element.itersiblings(preceding=True):
        if above.tag in SUBHEADINGS:
            found.insert(0, text_of(above))
        elif _has_paragraphs(above, weights):
            lines = [line for line in text_of(above).split("\n\n") if len(line) >= MIN_LEAD_CHARS and "。" in line]
            found[:0] = [line for line in lines if compact(line)[:MIN_LEAD_CHARS] not in known]
    # Headings above all of it are the page's, but for the one that the element itself is under.
    while len(found) > 1 and found[0].startswith("## "):
        del found[0]
    return found


def _has_paragraphs(element: Any, weights: dict[Any, Weight]) -> bool:
    """Whether it has prose, and is no list of teasers."""
    weight = weights.get(element)
    return weight is not None and weight.prose >= MIN_LEAD_CHARS and weight.linked < LINKED * weight.chars


def _is_like(other: Any, element: Any, weights: dict[Any, Weight]) -> bool:
    """Whether a page has two elements for one text: of the same tag and class, or of as much prose."""
    same = other.tag == element.tag and bool(element.get("class")) and other.get("class") == element.get("class")
    return same or weights[other].prose >= DOMINANT * weights[element].prose


def _dense(root: Any, weights: dict[Any, Weight]) -> Any:
    """The element whose children share the prose among them: beside it there are only teasers, which are links."""
    element = root
    while True:
        prose = weights[element].prose
        children = [child for child in element if child in weights and weights[child].prose]
        child = max(children, key=lambda one: weights[one].prose, default=None)
        if child is None or child.tag in ("p", "a", "span", "font"):
            return element
        others = [weights[one] for one in children if one is not child]
        beside, linked = sum(one.chars for one in others), sum(one.linked for one in others)
        share = weights[child].prose / prose
        if share < DOMINANT or (share < NEARLY_ALL and linked < LINKED * beside):
            return element
        element = child


def _prose_chars(text: str) -> int:
    return sum(len(line) for line in text.split("\n") if len(line) >= 30 or "。" in line)


def _extracted(tree: Any) -> Any:
    """The tree that trafilatura takes for the article, or None."""
    # Imported here: it takes a third of a second, which `kijigura search` need not spend.
    import trafilatura.settings

    # By default a text under 250 characters is flattened to one paragraph; that is 120 words of English,
    # but a whole article of Japanese.
    config = trafilatura.settings.use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "1")
    try:
        document = trafilatura.bare_extraction(
            deepcopy(tree),
            config=config,
            with_metadata=False,
            include_comments=False,
            include_tables=True,
            favor_recall=True,
        )
    except (etree.LxmlError, ValueError, TypeError, AttributeError, IndexError, RecursionError):
        # Broken trees make it raise whatever its heuristics meet first; the page's own paragraphs remain.
        return None
    return getattr(document, "body", None)
