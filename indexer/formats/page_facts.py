"""What a page says about its article beside the text: where it is from, who wrote it, which desk, its address."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from indexer.formats import json_ld
from indexer.formats.page_text import in_one_line, text_of, without_readings

TITLES = (
    *("og:title", "twitter:title", "citation_title", "dc.title", "dcterms.title", "sailthru.title", "parsely-title"),
    *("cxenseparse:title", "cxenseparse:iid-article-title", "title"),
)
SOURCES = ("og:site_name", "cxenseparse:sitename", "dc.publisher", "citation_publisher", "application-name")
DESKS = (
    *("article:section", "og:article:section", "parsely-section", "cxenseparse:category", "cxenseparse:section"),
    *("section", "sectionname", "category", "genre", "articlesection"),
)
AUTHORS = (
    *("citation_author", "parsely-author", "sailthru.author", "cxenseparse:author", "dc.creator", "dcterms.creator"),
    *("author", "article:author", "og:article:author", "byl", "writer"),
)
# Steps of a breadcrumb that name no desk.
NO_DESK = re.compile(
    r"(?:home|top|news|ホーム|トップ(?:ページ)?|ニュース(?:一覧|トップ)?|記事(?:一覧|詳細)?|新着.*"
    r"|速報.*|.*TOP)\Z",
                     re.IGNORECASE)
BREADCRUMB = re.compile(r"breadcrumb|pankuzu|topic[-_]?path", re.IGNORECASE)
MAX_DESK_CHARS = 15
BYLINE = re.compile(r"(?:^|[-_ ])(?:author|byline|writer|reporter|kisha|shippitsu)s?(?:[-_]?name)?(?:$|[-_ ])", re.I)
BYLINE_LABEL = re.compile(
    r"^(?:by\b|(?:取材|文|構成|執筆|著|筆|記|聞き手|writer|author|reporter)(?:者|・文"
    r"|・構成)?\s*[：:/／＝=・]|"
                          r"(?:著者|筆者|執筆者|ライター)\s*[：:]?)\s*", re.IGNORECASE)
MAX_BYLINE_CHARS = 40


@dataclass(frozen=True, slots=True)
class Facts:
    """What is stated in the head of a page and in its markup.

    about: the JSON-LD object of the article. metas: name in lower case -> the contents, in order.
    breadcrumb: the steps to the page, first the home page. properties: the elements with microdata.
    """

    about: dict[str, Any] = field(default_factory=dict)
    metas: dict[str, list[str]] = field(default_factory=dict)
    page_title: str = ""
    url: str | None = None
    source: str | None = None
    breadcrumb: tuple[str, ...] = ()
    properties: tuple[Any, ...] = ()

    def stated(self, names: Iterable[str]) -> Iterator[str]:
        """The contents of these metas."""
        for name in names:
            yield from self.metas.get(name, ())


def facts_of(tree: Any) -> Facts:
    """Read the page before anything is taken out of it."""
    metas = _metas(tree)
    scripts = (script.text or "" for script in tree.iterfind(".//script[@type]") if _is_json_ld(script))
    values = json_ld.values_in(scripts)
    page_title = in_one_line(tree.findtext(".//title") or "")
    url = _url(tree, metas)
    heads = {compact(one) for name in TITLES[:2] for one in metas.get(name, ())}
    heads |= {compact(one.text_content()) for one in tree.iterfind(".//h1")} - {""}
    about = json_ld.article_in(values, {url} if url else set(), heads)
    addresses = (json_ld.string(about.get("url")), json_ld.string(about.get("mainEntityOfPage")))
    url = url or next((one for one in addresses if one and _is_whole(one)), None)
    source = json_ld.string(about.get("publisher")) or next(
        (one for name in SOURCES for one in metas.get(name, ())), None
    )
    properties = tuple(tree.xpath("//*[@itemprop]"))
    return Facts(about, metas, page_title, url, source, tuple(_breadcrumb(tree, values)), properties)


def desk(facts: Facts) -> str | None:
    """The section of the paper: as stated, or the first step of the breadcrumb that may be one."""
    stated = next(iter((*json_ld.strings(facts.about.get("articleSection")), *facts.stated(DESKS))), None)
    if stated:
        return stated
    steps = (step for step in facts.breadcrumb[1:-1] or facts.breadcrumb[1:] if not NO_DESK.match(step))
    return next((step for step in steps if len(step) <= MAX_DESK_CHARS), None)


def authors(facts: Facts, tree: Any) -> tuple[str, ...]:
    """Who wrote it; the paper itself is nobody."""
    stated = [*json_ld.strings(facts.about.get("author")), *json_ld.strings(facts.about.get("creator"))]
    if not (found := _people(stated, facts)):
        found = _people(facts.stated(AUTHORS), facts) or _people(_bylines(tree), facts)
    return found


def microdata(facts: Facts, name: str) -> Iterator[str]:
    """What elements state in their attributes or their text under a name of schema.org."""
    for element in facts.properties:
        if name not in element.get("itemprop").split():
            continue
        value = element.get("content") or element.get("datetime") or text_of(element).removeprefix("## ")
        value = in_one_line(value)
        if value:
            yield value


def compact(text: str) -> str:
    """A text for comparison: without white space, widths of characters, readings."""
    return "".join(unicodedata.normalize("NFKC", without_readings(text)).split())


def _metas(tree: Any) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        # Some sites write `value` for `content`.
        content = in_one_line(meta.get("content") or meta.get("value") or "")
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        if name and content:
            metas.setdefault(name.strip().lower(), []).append(content)
    return metas


def _is_json_ld(script: Any) -> bool:
    return (script.get("type") or "").partition(";")[0].strip().lower() == "application/ld+json"


def _url(tree: Any, metas: dict[str, list[str]]) -> str | None:
    """The page's own address, if it is a whole one."""
    links: list[str] = [link.get(
        "href") or "" for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical"]
    base: str = next((one.get("href") or "" for one in tree.iter("base")), "")
    for url in (*links[:1], *metas.get("og:url", ()), *metas.get("twitter:url", ())):
        try:
            url = urljoin(base, url.strip())
        except ValueError:
            continue
        if _is_whole(url):
            return str(url)
    return None


def _is_whole(url: str) -> bool:
    return re.match(r"https?://[^\s/]+\S*\Z", url, re.IGNORECASE) is not None


def _breadcrumb(tree: Any, values: list[Any]) -> Iterator[str]:
    longest: list[str] = []
    for value in values:
        for one in json_ld.objects(value):
            if "BreadcrumbList" in json_ld.kinds(one) and isinstance(one.get("itemListElement"), list):
                listed = [step for step in one["itemListElement"] if isinstance(step, dict)]
                named = [json_ld.string(step.get("name") or step.get("item")) or "" for step in listed]
                longest = max(longest, named, key=len)
    for element in tree.iter("div", "nav", "ol", "ul", "p", "section", "td"):
        if not BREADCRUMB.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            continue
        steps = [" ".join(link.text_content().split()) for link in element.iter("a")]
        # The page itself is the last step and no link.
        longest = max(longest, [*filter(None, steps), ""], key=len)
    yield from longest


def _people(names: Iterable[str], facts: Facts) -> tuple[str, ...]:
    papers = {compact(one) for one in (facts.source, *facts.stated(SOURCES)) if one}
    found: dict[str, None] = {}
    for name in (part for one in names for part in re.split("[，、]", one)):
        name = BYLINE_LABEL.sub("", re.sub(r"<[^>]*>", "", name)).strip()
        bare = compact(name)
        is_paper = any(paper.startswith(bare.strip("《》()<>").removesuffix("社")) for paper in papers)
        if name and not is_paper and len(name) <= MAX_BYLINE_CHARS and not re.match(r"https?:|@|[\d\s/:.-]+\Z", name):
            found[name] = None
    return tuple(found)


def _bylines(tree: Any) -> Iterator[str]:
    """Names in the article's markup; further down than its heading there are those of other articles."""
    for element in tree.xpath("//*[@itemprop='author' or @rel='author' or contains(@class, 'uthor')"
                              " or contains(@class, 'yline') or contains(@class, 'riter')]")[:20]:
        named = f"{element.get('class') or ''} {element.get('itemprop') or ''} {element.get('rel') or ''}"
        name = " ".join(without_readings(text_of(element)).replace("## ", "").split())
        if BYLINE.search(named) and 0 < len(name) <= MAX_BYLINE_CHARS:
            yield name
            return
