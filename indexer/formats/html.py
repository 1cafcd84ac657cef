"""Pages: what they say about themselves (JSON-LD, meta, `<time>`, `<h1>`), and their text by trafilatura."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from lxml import etree, html

from indexer.dates import parse_date
from indexer.decoding import decode
from indexer.formats import jsonlines
from indexer.formats.boilerplate import drop_boilerplate
from indexer.formats.source import Source, Unreadable
from indexer.formats.wrapping import unwrap
from indexer.raw import RawArticle, Where

PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|title|meta|article|main|section|div|h1|p)\b", re.I)
# HTML asks for the declaration in the first 1,024 bytes; old sites keep it a little further down.
DECLARED_WITHIN_BYTES = 4_096
DECLARED = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE
)

NEVER_TEXT = ("script", "style", "template", "noscript", "iframe", "svg", "form", "button", "select")
READINGS = ("rt", "rp", "rtc")
BESIDE_THE_ARTICLE = ("nav", "aside", "footer", "figcaption", "figure", "menu")
# What stands above a list of other articles.
RELATED = re.compile(
    r"(?:■|▼|◆)?\s*(?:関連(?:記事|リンク|ニュース|キーワード|する記事)|あわせて読みたい|おすすめ(?:の)?記事"
    r"|(?:アクセス|記事)?ランキング|こちらも読む|最新(?:記事|ニュース)|新着記事|人気記事|この記事をシェア)"
    r"(?:一覧)?\s*"
)

# Tags of HTML and of trafilatura's own tree.
HEADINGS = frozenset({"head", "h1", "h2", "h3", "h4", "h5", "h6"})
PARAGRAPHS = HEADINGS | {
    *("p", "div", "section", "article", "main", "header", "blockquote", "quote", "pre", "body", "center"),
    *("ul", "ol", "dl", "list", "table", "hr", "address", "details"),
}
LINES = frozenset({"li", "item", "tr", "row", "dt", "dd"})
BREAKS = frozenset({"br", "lb"})
CELLS = frozenset({"td", "th", "cell"})

META_DATES = (
    *("article:published_time", "og:published_time", "datePublished", "pubdate", "date"),
    *("dc.date.issued", "dc.date", "dcterms.date"),
)


def claims(source: Source) -> bool:
    """A file that begins with markup, one of whose first tags is of HTML."""
    return source.opening.startswith("<") and PAGE.search(source.opening[:DECLARED_WITHIN_BYTES]) is not None


def read(source: Source) -> Iterator[RawArticle]:
    """The one article of a page. Raises Unreadable, Undecodable."""
    data = source.whole()
    declared = DECLARED.search(data[:DECLARED_WITHIN_BYTES])
    yield parse(decode(data, declared[1].decode("ascii") if declared else None), source.where)


def parse(text: str, where: Where) -> RawArticle:
    """A page's article. Raises Unreadable where there is no element in it."""
    tree = _tree(text)
    about = _json_ld(tree)
    metas = _metas(tree)
    # A reading over the characters would stand twice in the text: 首相しゅしょう.
    etree.strip_elements(tree, *NEVER_TEXT, *READINGS, with_tail=False)
    _unwrap_all(tree)
    heading = _first_text(tree, "//article//h1|//main//h1") or _first_text(tree, "//h1")
    known = jsonlines.parse({key: about[key] for key in about if not key.startswith("@")}, where)
    title = _title(known.title or metas.get("og:title"), heading, _first_text(tree, "//title"))
    published = _published(known.published, metas, tree)
    body = _body(tree, title, heading) or known.body
    return RawArticle(
        where,
        title=title,
        body=drop_boilerplate(body),
        published=published,
        source=known.source or metas.get("og:site_name"),
        desk=known.desk or metas.get("article:section"),
        url=_url(tree, metas, known.url),
        authors=known.authors or _authors(metas),
    )


def _tree(text: str) -> Any:
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(text.replace("\x00", "").encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise Unreadable(f"no page: {error}") from None


def _json_ld(tree: Any) -> dict[str, Any]:
    """The first object of a type that ends in Article, wherever a page's JSON-LD has it."""
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        try:
            value = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for one in _objects(value):
            kinds = one.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if any(str(kind).endswith(("Article", "Posting")) for kind in kinds):
                return one
    return {}


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """The object itself, those of a list, those of its @graph."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            yield one
            graph = one.get("@graph")
            yield from (node for node in graph if isinstance(node, dict)) if isinstance(graph, list) else ()


def _metas(tree: Any) -> dict[str, str]:
    """property, name or itemprop of every `<meta>`: the first content that is not empty."""
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        content = (meta.get("content") or "").strip()
        if name and content:
            metas.setdefault(name, content)
            metas.setdefault(name.lower(), content)
    return metas


def _title(stated: str | None, heading: str | None, page_title: str | None) -> str | None:
    """What the page states as its title, without the name of the site that some add to it."""
    stated = " ".join((stated or "").split())
    if stated:
        return heading if heading and stated.startswith(heading) else stated
    if heading:
        return heading
    return re.split(r"\s+[-–—|｜:：]\s+|[｜|]", page_title)[0].strip() or page_title if page_title else None


def _published(stated: str | None, metas: dict[str, str], tree: Any) -> str | None:
    """The first statement that is a date; failing that the first statement, as it is written."""
    times = [*tree.xpath("//article//time"), *tree.xpath("//time")]
    said = [stated, *(metas.get(name) for name in META_DATES)]
    said += [one for time in times for one in (time.get("datetime"), " ".join(time.text_content().split()))]
    written = [one for one in said if one]
    return next((one for one in written if parse_date(one)), written[0] if written else None)


def _url(tree: Any, metas: dict[str, str], stated: str | None) -> str | None:
    """The page's own address, if it is a whole one."""
    links = tree.xpath("//link[translate(@rel, 'CANOIL', 'canoil')='canonical']/@href")
    for url in (*links[:1], metas.get("og:url"), stated):
        if url and re.match(r"https?://\S+\Z", url.strip(), re.IGNORECASE):
            return str(url).strip()
    return None


def _authors(metas: dict[str, str]) -> tuple[str, ...]:
    author = metas.get("author") or metas.get("article:author")
    return (author,) if author and not author.startswith("http") else ()


def _first_text(tree: Any, path: str) -> str | None:
    """The first line of the first element that has any: an unclosed heading swallows the page below it."""
    for element in tree.xpath(path):
        lines = [line for line in _text(element).split("\n") if line.strip()]
        if lines:
            return str(lines[0]).removeprefix("## ").strip()
    return None


def _body(tree: Any, title: str | None, heading: str | None) -> str:
    """The article's text; where trafilatura finds none, all of `<article>`, `<main>` or `<body>`."""
    etree.strip_elements(tree, *BESIDE_THE_ARTICLE, with_tail=False)
    _drop_related(tree)
    parts = (_extracted(tree), *(tree.find(f".//{part}") for part in ("article", "main", "body")))
    bodies = (_without_surroundings(_text(part), title, heading) for part in parts if part is not None)
    return next(filter(None, bodies), "")


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


def _unwrap_all(tree: Any) -> None:
    """Join lines that an editor wrapped; trafilatura would leave a space in the middle of a word."""
    for element in tree.iter():
        if element.tag != "pre":
            element.text = unwrap(element.text or "")
        element.tail = unwrap(element.tail or "")


def _drop_related(tree: Any) -> None:
    """Take out headings such as 関連記事 and the lists and links right below them."""
    for element in list(tree.iter("h2", "h3", "h4", "h5", "h6", "p", "div", "dt")):
        if not RELATED.fullmatch(" ".join(element.text_content().split())):
            continue
        for below in list(element.itersiblings()):
            links = "".join(link.text_content() for link in below.iter("a"))
            if below.tag not in ("ul", "ol", "dl") and links.split() != below.text_content().split():
                break
            below.drop_tree()
        element.drop_tree()


def _text(tree: Any) -> str:
    """A tree's text: blocks parted by blank lines, headings after `## `, a line per break, item and row."""
    pieces: list[str] = []
    headings = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in HEADINGS:
            headings += 1 if event == "start" else -1
        if event == "start":
            # A heading set in two lines is still one heading.
            opens = " " if headings and tag in BREAKS else _opens(tag)
            pieces.append(opens + unwrap(element.text or ""))
        else:
            pieces.append(_closes(tag) + (unwrap(element.tail or "") if element is not tree else ""))
    lines = [line.strip(" \t") for line in "".join(pieces).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line for line in lines if line != "##")).strip("\n")


def _opens(tag: str) -> str:
    if tag in HEADINGS:
        return "\n\n## "
    if tag in PARAGRAPHS:
        return "\n\n"
    return "\n" if tag in BREAKS or tag in LINES else ""


def _closes(tag: str) -> str:
    if tag in PARAGRAPHS:
        return "\n\n"
    return "\n" if tag in LINES else "　" if tag in CELLS else ""


def _without_surroundings(text: str, title: str | None, heading: str | None) -> str:
    """The blocks without title and date at the top."""
    blocks = text.split("\n\n")
    repeated = {title, heading}
    while blocks and (_bare(blocks[0]) in repeated or not _bare(blocks[0]) or parse_date(_bare(blocks[0]))):
        del blocks[0]
    return "\n\n".join(blocks).strip()


def _bare(block: str) -> str:
    return block.removeprefix("## ").strip()
