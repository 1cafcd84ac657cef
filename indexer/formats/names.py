"""What columns of tables and keys of JSON objects are called, and what an article has of them.

One table of names for both. Width, case, spaces and signs between words make no difference: `published_at`,
`publishedAt` and `Published At` are one name, and so are `本文` and `本文 2`, which go on with each other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from indexer.raw import FIELDS

# field: the names it is known by, the first one that has a usable value wins.
NAMES: dict[str, tuple[str, ...]] = {
    "id": (
        *("id", "identifier", "記事ID", "記事番号", "文書ID", "文書番号", "管理番号", "articleID", "docID", "guid"),
        *("uuid", "newsID", "DOCNO", "_id", "識別子", "番号", "No", "記事コード", "urn", "uri"),
    ),
    "title": (
        *("title_with_ruby", "title", "headline", "見出し", "タイトル", "表題", "題名", "記事見出し", "記事タイトル"),
        *("主見出し", "件名", "題", "articleTitle", "newsTitle", "webTitle", "headlines", "subject"),
    ),
    "lead": ("リード", "リード文", "前文", "lead", "standfirst"),
    "body": (
        *("body", "articleBody", "content_html", "body_xhtml", "body_html", "article_html", "maintext", "text"),
        *("content_text", "content", "本文", "記事本文", "記事", "テキスト", "全文", "文章", "内容", "記事内容"),
        *("bodyText", "fullText", "articleText", "bodies", "html", "outline_with_ruby", "description", "summary"),
        *("description_text", "lead_paragraph", "short_description", "abstract", "excerpt", "teaser", "snippet"),
        *("要約", "概要", "抄録"),
    ),
    "published": (
        *("published", "date", "datePublished", "date_published", "published_at", "publish_date", "pub_date"),
        *("date_publish", "publish_time", "published_time", "pub_time", "webPublicationDate", "news_prearranged_time"),
        *("news_publication_time", "firstCreated", "contentCreated", "create_timestamp", "versionCreated", "seendate"),
        *("publication_date", "publishedDate", "日付", "掲載日", "発行日", "配信日時", "配信日", "掲載日時", "公開日"),
        *("公開日時", "発行年月日", "掲載年月日", "年月日", "日時", "datetime", "issued", "発表日", "投稿日"),
        *("公開年月日", "新聞日付", "記事日付", "掲載年月日（曜日）", "更新日時", "更新日", "timestamp", "@timestamp"),
        *("date_created", "created_at", "作成日"),
    ),
    "source": (
        *("source", "source_name", "publisher", "媒体", "媒体名", "新聞名", "新聞", "新聞社", "新聞社名", "紙名"),
        *("紙誌名", "掲載紙", "掲載紙名", "掲載媒体", "掲載誌", "メディア", "情報源", "出典"),
        *("発行社", "発行元", "配信元", "newspaper", "media"),
        *("publication", "site_name", "source_hostname", "provider", "copyrightholder"),
        *("creditline", "infoSources", "domain", "source_domain", "hostname"),
    ),
    "desk": (
        *("desk", "section", "articleSection", "面名", "分類", "ジャンル", "カテゴリ", "カテゴリー", "category"),
        *("genre", "categories", "部", "掲載面", "面", "sectionName", "news_desk", "ジャンル名", "分野", "subjects"),
    ),
    "url": (
        *("url", "link", "リンク", "permalink", "記事URL", "canonical_url", "external_url", "アドレス", "web_url"),
        *("news_web_url", "article_url", "page_url", "original_url"),
    ),
    "authors": (
        *("authors", "author", "著者", "執筆者", "記者", "筆者", "著者名", "記者名", "署名", "byline", "creator"),
        *("bylines", "writer", "author_name"),
    ),
    "year": ("年", "year"),
    "month": ("月", "month"),
    "day": ("日", "day"),
}

MAPPED = frozenset(FIELDS)
"""What `--map column=field` may name."""

# 発行年月日（西暦） has 9; longer is text, and need not be remembered.
MAX_NAME_CHARS = 60

SIGNS = re.compile(r"[\s_\-.・:：]+")
LAST_NUMBER = re.compile(r"(?<=\D)\(?\d{1,2}\)?\Z")



@dataclass(frozen=True, slots=True)
class Layout:
    """Which names of a record mean what.

    fields: field -> the names that may have it, the best first.
    bodies: names whose values make a body together, in their order; the best such group first.
    """

    fields: Mapping[str, tuple[str, ...]]
    bodies: tuple[tuple[str, ...], ...]


def plain_name(name: str) -> str:
    """A name as it is compared."""
    return SIGNS.sub("", unicodedata.normalize("NFKC", name)).casefold()


# name -> (field, rank); of two names that are one, the first counts.
KNOWN: dict[str, tuple[str, int]] = {}
for _field, _names in NAMES.items():
    for _rank, _name in enumerate(_names):
        KNOWN.setdefault(plain_name(_name), (_field, _rank))


def known(name: str) -> tuple[str, int] | None:
    """The field that a name means and its rank among the names of that field, from 0."""
    return _known(name) if len(name) <= MAX_NAME_CHARS else None


@lru_cache(maxsize=4_096)
def _known(name: str) -> tuple[str, int] | None:
    plain = plain_name(name)
    return KNOWN.get(plain) or KNOWN.get(LAST_NUMBER.sub("", plain))


def layout(names: Iterable[str], columns: Mapping[str, str]) -> Layout:
    """What each of a record's names means.

    columns: as `Facts.columns`; what it names, by name or by number from 1, comes before all others and is nothing
    else.
    """
    names = tuple(names)
    mapped = _mapped(names, columns)
    ranked: dict[str, list[tuple[int, int, str]]] = {}
    for number, name in enumerate(names):
        field, rank = (mapped[name], -1) if name in mapped else known(name) or ("", 0)
        if field:
            ranked.setdefault(field, []).append((rank, number, name))
    leads = [(number, name) for _, number, name in ranked.pop("lead", [])]
    by_rank: dict[int, list[tuple[int, str]]] = {}
    for rank, number, name in sorted(ranked.pop("body", [])):
        # What is mapped is all there is to be of the body.
        by_rank.setdefault(rank, [] if rank < 0 else [*leads]).append((number, name))
    groups = list(by_rank.values()) or [leads]
    return Layout(
        {field: tuple(name for *_, name in sorted(found)) for field, found in ranked.items()},
        tuple(tuple(name for _, name in sorted(group)) for group in groups if group),
    )


def _mapped(names: tuple[str, ...], columns: Mapping[str, str]) -> dict[str, str]:
    plain = {plain_name(column): field for column, field in columns.items()}
    mapped: dict[str, str] = {}
    for number, name in enumerate(names, start=1):
        field = plain.get(plain_name(name)) or plain.get(str(number))
        if field in MAPPED:
            mapped[name] = field
    return mapped
