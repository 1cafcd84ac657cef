"""Pages: the article of a page, what the page says about it, and its text without what stands around it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html import unescape
from itertools import takewhile
from typing import Any

from lxml import etree, html

from indexer.dates import parse_date
from indexer.decoding import decode
from indexer.formats import json_ld
from indexer.formats.boilerplate import drop_boilerplate, drop_page_lines
from indexer.formats.page_body import body_of
from indexer.formats.page_dates import DATE, MAX_BESIDE_CHARS, METAS, date_in, published_of
from indexer.formats.page_facts import TITLES, Facts, authors, compact, desk, facts_of
from indexer.formats.page_parts import NEVER_TEXT, RELATED, drop_related, drop_surroundings, take_captions, weigh
from indexer.formats.page_text import SIGNS, mark_readings, unwrap_all, with_signs
from indexer.formats.page_title import ADDED, title_of
from indexer.formats.source import Source, Unreadable
from indexer.formats.wrapping import unwrap
from indexer.raw import RawArticle, Where

PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|title|meta|article|main|section|div|h1|p)\b", re.I)
# HTML asks for the declaration in the first 1,024 bytes; old sites keep it a little further down.
DECLARED_WITHIN_BYTES = 4_096
DECLARED = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE
)

MAX_DATELINE_CHARS = 60
MAX_TOP_CHARS = 200
DAY = re.compile(
    r"[\d０-９]{1,2}\s*[月/／]\s*[\d０-９]{1,2}\s*日?\s*(?:[(（][月火水木金土日][)）])?[\s\d０-９:：時分]*(?:配信"
    r"|公開|更新|掲載)?")

REPLIES = re.compile(
    r"(?:みんなの|読者(?:の|から)?(?:の)?|最新の|この記事への)?(?:コメント|トラックバック|comments?|trackbacks?)"
    r"(?:一覧|欄)?\s*(?:[（(]\d*[件)）]*)?", re.IGNORECASE)

# No page that people write is nested deeper; what looks at an element and all in it would take for ever.
MAX_DEPTH = 400
ASIDE = re.compile(r"<!--.*?-->|<(script|style|head|noscript)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
BREAK = re.compile(r"<(?:br|li|tr|dt|dd)\b[^<>]*>", re.IGNORECASE)
BLOCK = re.compile(r"</?(?:p|div|h[1-6]|table|td|ul|ol|dl|section|article|blockquote|pre|hr)\b[^<>]*>", re.IGNORECASE)
INLINE = re.compile(r"</?[a-z!][^<>]*>", re.IGNORECASE)

# A page that sends on says so in a sentence or two.
MAX_STUB_CHARS = 200
# An index page has dozens of links and hardly a sentence; a short article has few links left.
MIN_INDEX_LINKS = 30
MAX_INDEX_PROSE_CHARS = 60


def claims(source: Source) -> bool:
    """A file that begins with markup, one of whose first tags is of HTML."""
    return source.opening.startswith("<") and PAGE.search(source.opening[:DECLARED_WITHIN_BYTES]) is not None


def read(source: Source) -> Iterator[RawArticle]:
    """The one article of a page. Raises Unreadable, Undecodable."""
    data = source.whole()
    declared = DECLARED.search(data[:DECLARED_WITHIN_BYTES])
    charset = source.facts.charset or (declared[1].decode("ascii") if declared else None)
    yield parse(decode(data, charset), source.where)


def parse(text: str, where: Where) -> RawArticle:
    """A page's article. Raises Unreadable where there is no element in it, or no article."""
    text = SIGNS.sub("", text)
    tree = _tree(text)
    facts = facts_of(tree)
    _refuse_stubs(tree)
    if _depth(tree) > MAX_DEPTH:
        return _flat(text, facts, where)
    etree.strip_elements(tree, *NEVER_TEXT, with_tail=False)
    mark_readings(tree)
    unwrap_all(tree)
    title = title_of(tree, facts)
    published = published_of(tree, facts, title)
    written_by = authors(facts, tree)
    _refuse_indexes(tree, facts, published)
    weights = weigh(tree)
    drop_related(tree, weights)
    drop_surroundings(tree, weights)
    captions = take_captions(tree, weights)
    known = (facts.source, desk(facts), *facts.breadcrumb, *written_by)
    body = _without_surroundings(drop_page_lines(_without_replies(body_of(tree))), title, known)
    return RawArticle(
        where,
        title=title and with_signs(title),
        body=with_signs(body or _stated_body(facts)),
        published=published,
        source=facts.source,
        desk=desk(facts),
        url=facts.url,
        authors=tuple(map(with_signs, written_by)),
        captions=tuple(map(with_signs, captions)),
    )


def _tree(text: str) -> Any:
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(text.replace("\x00", "").encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise Unreadable(f"no page: {error}") from None


def _refuse_stubs(tree: Any) -> None:
    """Raise Unreadable for a frameset and for a page that only sends on to another."""
    body = tree.find(".//body")
    chars = len("".join((tree if body is None else body).text_content().split()))
    if tree.find(".//frameset") is not None and tree.find(".//frame") is not None and chars <= MAX_STUB_CHARS:
        raise Unreadable("a page of frames, without text of its own; add the pages that it shows")
    for meta in tree.iter("meta"):
        sends_on = (meta.get("http-equiv") or "").lower() == "refresh" and "url" in (meta.get("content") or "").lower()
        if sends_on and chars <= MAX_STUB_CHARS:
            raise Unreadable("a page that only sends on to another address; add that page")


def _refuse_indexes(tree: Any, facts: Facts, published: str | None) -> None:
    """Raise Unreadable for a page of headlines; a page that says that it is an article is never one."""
    if facts.about or published or "article" in facts.metas.get("og:type", ()):
        return
    if sum(1 for link in tree.iter("a") if (link.text or "").strip()) < MIN_INDEX_LINKS:
        return
    body = tree.find(".//body")
    root = tree if body is None else body
    weight = weigh(root)[root]
    if weight.prose <= MAX_INDEX_PROSE_CHARS and weight.linked >= 0.8 * weight.chars:
        raise Unreadable("a page of links, no article")


def _depth(tree: Any) -> int:
    depth = deepest = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _flat(text: str, facts: Facts, where: Where) -> RawArticle:
    """A page whose tags are nested out of all measure, by its text alone: the parser gives up on it half way."""
    text = ASIDE.sub("", text)
    text = INLINE.sub("", BLOCK.sub("\n\n", BREAK.sub("\n", unwrap(text))))
    lines = [line.strip() for line in unescape(text).split("\n")]
    body = drop_page_lines(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n"))
    title = next(facts.stated(TITLES), facts.page_title) or None
    published = next((one for one in facts.stated(METAS) if parse_date(one)), None)
    return RawArticle(where, title=title, body=body, published=published, source=facts.source, url=facts.url)


def _stated_body(facts: Facts) -> str:
    """The text as its JSON-LD has it, which often lacks paragraphs and headings."""
    text = facts.about.get("articleBody")
    return drop_boilerplate(text) if isinstance(text, str) else json_ld.string(text) or ""


def _without_replies(text: str) -> str:
    """The text up to what readers wrote below it."""
    lines = text.split("\n")
    replies = (number for number, line in enumerate(lines) if line.startswith("## ") and REPLIES.fullmatch(line[3:]))
    first = next((one for one in replies if any(map(_is_prose, lines[:one]))), len(lines))
    return "\n".join(lines[:first])


def _without_surroundings(text: str, title: str | None, known: tuple[str | None, ...]) -> str:
    """The text without what stands again above and below it: title, date, author, desk, a list of other articles."""
    repeated = {_bare(one) for one in (title, *known) if one}
    headline = _bare(title or "")
    lines = text.split("\n")
    if headline:
        top_lines = takewhile(lambda line: not _is_prose(line) or _bare(line) == headline, lines)
        above = max((number for number, line in enumerate(top_lines) if _bare(line) == headline), default=-1)
        lines = lines[above + 1 :]
    prose = [number for number, line in enumerate(lines) if _is_prose(line)]
    first, last = (prose[0], prose[-1]) if prose else (len(lines), -1)
    top = [line for line in lines[:first] if _bare(line) not in repeated and not _is_dateline(line)]
    if prose and sum(map(len, top)) <= MAX_TOP_CHARS:
        # Labels, credits, steps of a breadcrumb; what may stand above the first paragraph is its heading.
        last_heading = max((number for number, line in enumerate(top) if line.startswith("## ")), default=len(top))
        top = [] if any(line.strip() for line in top[last_heading + 1 :]) else top[last_heading:]
    below = lines[max(last + 1, first) :]
    related = next((number for number, line in enumerate(below) if RELATED.fullmatch(line.strip("# "))), len(below))
    below = below[:related]
    while below and (not below[-1].strip() or _bare(below[-1]) in repeated or _is_dateline(below[-1])):
        del below[-1]
    return drop_boilerplate("\n".join((*top, *lines[first : last + 1], *below)).strip("\n"))


def _is_prose(line: str) -> bool:
    return len(line) > MAX_DATELINE_CHARS or "。" in line


def _bare(line: str) -> str:
    """A line for comparison, without date and marks beside it: ■社会, ## 見出し（1/2）, 見出し 2024年4月10日."""
    line = DATE.sub("", unicodedata.normalize("NFKC", line)) if date_in(line) else line
    return compact(ADDED.sub("", line.strip("#■◆●▲▼・＞><〈〉【】[]［］ \t\u3000")))


def _is_dateline(block: str) -> bool:
    """`2024年4月10日 15時03分 公開`, `4月10日`, `見本新聞 2024/4/10 5:00`: a date with a name or a label beside it."""
    if len(block) > MAX_DATELINE_CHARS or "。" in block:
        return False
    beside = DATE.sub("", unicodedata.normalize("NFKC", block))
    if date_in(block) and len(beside) <= MAX_BESIDE_CHARS and not re.search("[「『]", beside):
        return True
    return parse_date(block) is not None or DAY.fullmatch(block) is not None
