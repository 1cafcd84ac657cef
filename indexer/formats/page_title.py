"""An article's headline: what the page states, without the name of the site that most add to it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice
from typing import Any

from indexer.formats import json_ld
from indexer.formats.page_facts import TITLES, Facts, compact, microdata
from indexer.formats.page_text import in_one_line, text_of

# What stands between a headline, its desk and the site: 首脳が会談 : 国際 : 見本新聞オンライン, 首脳が会談｜見本新聞
SEPARATOR = re.compile(
    r"\s*[|｜¦]\s*|(?<=\S)[―／](?=[^―／]{0,8}(?:ニュース|スポーツ|新聞|新報|日報)[^―／]{0,12}\Z)|\s+[-‐–—―−ー~〜～/／:：<＜«‹»>＞・•]+\s+|\s*[：]\s*(?=\S+\Z)|:\s+(?=\S+\Z)|\s*[<＜«]\s*(?=\S)"
    r"|\s+[：:]\s*")
# 共同通信, NHKニュース, 見本新聞デジタル, MIHON.com, 見本新聞NEXT, 見本日報 MIHON NIPPO, 青浜県のニュース・スポーツ情報
_MEDIUM = (
    r"(?:新聞|新報|日報|時報|民報|タイムス|タイムズ|通信|通信社|ニュース|デジタル|オンライン|電子版|ドットコム|テレビ|放送|速報|スポーツ報知"
    r"|日刊スポーツ|デイリースポーツ|スポニチ|サンスポ|ロイター|公式(?:サイト|ホームページ)?|ホームページ|ポータル(?:サイト)?|ウェブ|WEB"
    r"|NEWS|ONLINE|DIGITAL|TIMES|PRESS|JOURNAL|JAPAN|PLUS|REUTERS|(?<![A-Z])NHK|\.COM|\.JP|\.NET)"
)
SITE = re.compile(
    rf".*{_MEDIUM}(?:社|版|サイト|[（(].*[)）]|[［\[].*[\]］]|「.*」|\+|プラス|クロスアイ|WEB|JAPAN|日本版|日本語版|me|next|soon"
    r"|・?(?:スポーツ)?情報)?",
    re.IGNORECASE,
)
# After a bar there is hardly ever a part of a headline: what has the name of a medium in it somewhere is a site's.
SITE_AFTER_BAR = re.compile(rf".*{_MEDIUM}.*|[A-Z][A-Z .&+!]{{1,11}}", re.IGNORECASE)
DESK = re.compile(
    r"(?:国際|国内|政治|経済|社会|スポーツ|文化|芸能|エンタメ|科学|医療|暮らし|くらし|地域|地方|社説|コラム|ビジネス|マネー|環境|教育"
    r"|写真|動画|特集|速報|話題|訃報|おくやみ|海外|アジア|欧州|米国|中東|オピニオン|サッカー|野球|プロ野球|IT|テクノロジー"
    r"|プロ野球|地震|総合|暮らし・話題|主要|全国|ニュース|ライフ|カルチャー|報道発表(?:資料)?|プレスリリース|お知らせ|記者会見)(?:[・,]\S{1,8})?(?:ニュース|面)?|\S{2,4}のニュース|\s*"
)
# What sites add of their own: （写真＝ロイター）, (1/2), （1/3ページ）, 【動画】 is the paper's.
ADDED = re.compile(
    r"\s*(?:[(（][^()（）]{0,3}(?:写真|動画|図|画像)[＝=][^()（）]*[)）]"
    r"|[(（]\s*\d+\s*[/／]\s*\d+\s*(?:ページ)?\s*[)）]|[(（][^()（）]{6,14}掲載[)）])\s*\Z")
OF_AGENCY = re.compile(r"\s*[（(]([^（()）]{2,20})[)）]\s*\Z")
# After a headline within what is stated, only this may follow (or, mirrored, stand before it).
AFTER = re.compile(r"\s*(?:[|｜¦\-‐–—―−~〜～:：<＜«»/／(（\[［【・>＞]|\Z)")
BEFORE = re.compile(r"(?:.*[|｜¦\-‐–—―−~〜～:：>＞»/／)）\]］】]\s*)?\Z", re.DOTALL)
HEADLINE = re.compile(
    r"(?:^|[-_ ])(?:headline|(?:article|news|entry|post|kiji|story|page|main|content"
    r"|detail)[-_]*(?:title|ttl|headline|midashi)"
                      r"|title|ttl|midashi)(?:$|[-_ \d])")
# "…の成否　編集委員 見本太郎": set in one heading with the headline.
BYLINE_AFTER = re.compile(
    r"\s+(?:[^\s、。「」]{0,8}(?:記者|委員|特派員|支局長|主幹|教授|研究員"
    r"|デスク))(?:\s\S{2,10}){0,2}\Z")
LEADING = re.compile(
    r"([^：:|｜／「」]{2,20}?)\s*[：:|｜／]\s*(?=\S)|(\S{2,20})\s+[-–—]\s+|([^\s「」]{1,12}ニュース)\u3000(?=\S)")
SET_LARGE = ("h1", "h2", "h3", "b", "font", "big")
BRACKETS = " \u3000<>＜＞《》【】[]［］()（）"
JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ一-鿿]")
LATIN = re.compile(r"[A-Za-z0-9.!&+-]{2,24}")
SHORTEST_CHARS = 4
MIN_CHARS_BESIDE_SITE = 10
MAX_HEADINGS = 80
# Search engines ask for headlines of at most 110 characters; some systems cut at half of that.
LONGEST_STATED_CHARS = 55


def title_of(tree: Any, facts: Facts) -> str | None:
    """The headline as the page prints it, where that is what it states of itself; else as stated."""
    sites = {compact(one) for one in (facts.source, *facts.stated(("og:site_name",))) if one}
    said = [*json_ld.strings(facts.about.get("headline")), *json_ld.strings(facts.about.get("name"))[:1]]
    stated = [one for one in (*said, *facts.stated(TITLES), *microdata(facts, "headline")) if compact(one) not in sites]
    printed = list(_headings(tree, sites))
    every = [compact(one) for one in (*stated, facts.page_title) if one]
    matching = [one for one in printed if any(_is_headline(compact(one), full) for full in every)]
    if matching:
        longest = max(matching, key=lambda one: len(compact(one)))
        alone = without_site(longest, sites)
        # Some pages print all of their title, for those who hear it, and the headline by itself too.
        is_known = any(compact(alone) == compact(one) for one in (*stated, *printed))
        return BYLINE_AFTER.sub("", alone if is_known else longest)
    for one in stated:
        # Cut short for search engines: the page has the whole.
        start = compact(one).rstrip("….")
        is_cut = start != compact(one) or len(start) >= LONGEST_STATED_CHARS
        whole = next((head for head in printed if is_cut and len(start) > 10 and compact(head).startswith(start)), None)
        return whole or without_site(one, sites)
    part = SEPARATOR.split(facts.page_title)[0].strip() if not stated else ""
    if len(part) >= SHORTEST_CHARS and compact(part) not in sites and compact(part) in _runs(tree):
        return part
    first = next((one for one in _of_tag(tree, "h1") if compact(one) not in sites), None)
    if not first and (_names_site(facts.page_title, sites) or LATIN.fullmatch(compact(facts.page_title))):
        # Every page has the site's name for its title; old pages set the headline large.
        first = next((one for one in printed if len(one) >= MIN_CHARS_BESIDE_SITE and JAPANESE.search(one)), None)
    return first or without_site(facts.page_title, sites) or None


def without_site(title: str, sites: set[str]) -> str:
    """`首脳が会談：国際 - 見本新聞` without what follows, or goes before, the headline."""
    title = ADDED.sub("", in_one_line(title))
    if title.endswith("】") and _names_site(title[title.rfind("【") + 1 : -1], sites):
        title = title[: title.rfind("【")]
    separators = list(SEPARATOR.finditer(title))
    while separators and _names_site(title[separators[-1].end() :], sites, is_after_bar=_is_bar(separators[-1])):
        title = title[: separators.pop().start()]
        while separators and DESK.fullmatch(title[separators[-1].end() :].strip()):
            title = title[: separators.pop().start()]
    while (first := LEADING.match(title)) and _names_site(first[1] or first[2] or first[3], sites):
        title = title[first.end() :]
        # A desk may stand at the other end.
        separators = list(SEPARATOR.finditer(title))
        if separators and DESK.fullmatch(title[separators[-1].end() :].strip()):
            title = title[: separators[-1].start()]
    agency = OF_AGENCY.search(title)
    if agency and _names_site(agency[1], sites):
        title = title[: agency.start()]
    return ADDED.sub("", title).strip()


def _is_bar(separator: re.Match[str]) -> bool:
    return separator.group().strip() in ("|", "｜", "¦")


def _names_site(part: str, sites: set[str], is_after_bar: bool = False) -> bool:
    """Whether a part of a title is the site's name, or looks like one (and like no headline: 共同通信)."""
    bare = compact(part.strip(BRACKETS))
    if not bare:
        return True
    if any(bare == site or (len(site) > 2 and (bare.startswith(site) or site.startswith(bare))) for site in sites):
        return True
    pattern = SITE_AFTER_BAR if is_after_bar else SITE
    return len(bare) <= 30 and pattern.fullmatch(unicodedata.normalize("NFKC", part.strip(BRACKETS))) is not None


def _is_headline(printed: str, stated: str) -> bool:
    """Whether a heading of the page is all of a stated title but for names of site and desk."""
    if len(printed) < SHORTEST_CHARS:
        return printed == stated
    at = stated.find(printed)
    if at < 0:
        return False
    rest, before = stated[at + len(printed) :], stated[:at]
    if len(printed) >= MIN_CHARS_BESIDE_SITE and (SITE.fullmatch(rest + before) or LATIN.fullmatch(rest + before)):
        # 首脳が会談　NHKニュース, Mihon INTERACTIVE 首脳が会談: nothing parts them but white space.
        return True
    return AFTER.match(rest) is not None and BEFORE.match(before) is not None


def _headings(tree: Any, sites: set[str]) -> Iterator[str]:
    for element in islice(_candidates(tree), MAX_HEADINGS):
        lines = [line for line in text_of(element).split("\n") if line.strip()]
        # An unclosed heading swallows the page below it: its first line is what was meant.
        if lines:
            text = ADDED.sub("", in_one_line(lines[0].removeprefix("## ")))
            if 0 < len(text) <= 200 and compact(text) not in sites:
                yield text


def _candidates(tree: Any) -> Iterator[Any]:
    for element in tree.iter("h1", "h2", "h3", "h4", "p", "div", "span", "td", "dt", "b", "font", "strong", "big"):
        named = element.get("class") or element.get("id") or ""
        if element.tag in SET_LARGE or (len(element) <= 6 and HEADLINE.search(named)):
            yield element


def _runs(tree: Any) -> set[str]:
    """Short texts that stand by themselves on the page: old pages have no headings."""
    body = tree.find(".//body")
    texts = (tree if body is None else body).itertext()
    return {compact(text) for text in texts if SHORTEST_CHARS <= len(text) <= 200}


def _of_tag(tree: Any, tag: str) -> Iterator[str]:
    for path in (f"//article//{tag}", f"//main//{tag}", f"//{tag}"):
        for element in tree.xpath(path):
            lines = [line for line in text_of(element).split("\n") if line.strip()]
            if lines:
                yield in_one_line(lines[0].removeprefix("## "))
