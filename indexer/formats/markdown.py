"""Markdown, with or without YAML front matter.

    ---
    title: イラクのマリキ首相が辞任を表明
    date: 2014-08-15T09:00:00+09:00
    ---

    イラクの**マリキ首相**が…
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import yaml

from indexer import ruby
from indexer.decoding import decode
from indexer.formats import jsonlines
from indexer.formats import text as text_format
from indexer.formats.boilerplate import drop_boilerplate
from indexer.formats.source import Source
from indexer.formats.wrapping import join_lines
from indexer.raw import RawArticle, Where

FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
# What front matter calls a desk, beside the names that JSON Lines knows.
DESK_KEYS = ("category", "categories")
# What site generators call a date, beside those names.
DATE_KEYS = ("publishDate", "publishdate", "pubDate", "pubdate", "created")
# `body` and `sections` are what stands below; as keys of front matter they are something else.
RENAMED = {"body": "front_matter_body", "sections": "front_matter_sections"}
# A line of front matter that is no valid YAML, such as `title: 速報: 首相が辞任`.
SIMPLE_LINE = re.compile(r"^([A-Za-z_]+):[ \t]*(.*\S)", re.MULTILINE)

HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t\u3000]+(.*?))?(?:[ \t]+#+)?[ \t]*")
UNDERLINE = re.compile(r" {0,3}(=+|-{2,})[ \t]*")
RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:-[ \t]*){3,})")
ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
QUOTE = re.compile(r"^(?: {0,3}>[ \t]?)+")
FENCE = re.compile(r" {0,3}(```|~~~)")
TABLE_RULE = re.compile(r"\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?")
DEFINITION = re.compile(r" {0,3}\[[^\]]+\]:\s*\S+.*")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)

# (what, instead of it): applied in this order to everything but code
INLINE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"!\[[^\]]*\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\]]*\])"), ""),   # ![説明](photo.jpg)
    (re.compile(r"\[([^\[\]]+)\]\([^()]*(?:\([^()]*\)[^()]*)*\)"), r"\1"),           # [見本新聞](https://…)
    (re.compile(r"\[([^\[\]]+)\]\[[^\]]*\]"), r"\1"),                                # [見本新聞][1]
    (re.compile(r"\[\^[^\]]+\]"), ""),                                              # 脚注[^1]
    (re.compile(r"<((?:https?|mailto):[^>\s]+)>"), r"\1"),
    (re.compile(r"<br\s*/?>", re.IGNORECASE), "\n"),
    (re.compile(r"</?[a-zA-Z][^<>]*>"), ""),
    (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![*0-9A-Za-z])\*(?=[^\s*])([^*]+?)(?<=\S)\*(?![*0-9A-Za-z])"), r"\1"),
    (re.compile(r"(?<![\w_])_(?=[^\s_])([^_]+?)(?<=\S)_(?![\w_])"), r"\1"),
    (re.compile(r"~~(?=\S)(.+?)(?<=\S)~~"), r"\1"),
)
# <ruby>首相<rt>しゅしょう</rt></ruby>; {首相|しゅしょう} and {首相|しゅ|しょう}
RUBY_TAG = re.compile(r"<ruby\b[^<>]*>(.*?)</ruby\s*>", re.IGNORECASE | re.DOTALL)
READ_TAG = re.compile(r"(.*?)<rt\b[^<>]*>(.*?)</rt\s*>", re.IGNORECASE | re.DOTALL)
FALLBACK_TAG = re.compile(r"<rp\b[^<>]*>.*?</rp\s*>|</?(?:rb|rtc)\b[^<>]*>", re.IGNORECASE | re.DOTALL)
BRACED = re.compile(r"\{([^{}|｜\s]*[\u3400-\u9fff々][^{}|｜\s]*)[|｜]([ぁ-ゖァ-ヺー・|｜]+)\}")
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
# Where an escaped character waits until all markup is gone: the end of the last private plane.
ASIDE = 0x10FF00
WAITING = re.compile("[\U0010ff21-\U0010ff7e]")
CODE = re.compile(r"(`+)(.+?)(?<!`)\1(?!`)", re.DOTALL)


def claims(source: Source) -> bool:
    """Front matter, or a `# ` title in the first line; a name that ends in .md."""
    opening = source.opening.replace("\r\n", "\n")
    return (
        FRONT_MATTER.match(opening) is not None
        or re.match(r"# \S", opening) is not None
        or source.named(".md", ".markdown")
    )


def read(source: Source) -> Iterator[RawArticle]:
    """The one article of a Markdown file. Raises Unreadable, Undecodable."""
    yield parse(decode(source.whole(), source.facts.charset), source.where)


def parse(text: str, where: Where) -> RawArticle:
    """Front matter says what it names, a `# ` at the top the title; markup goes, text stays."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff\n")
    found = FRONT_MATTER.match(text)
    record = _front_matter(found[1]) if found else {}
    title, body = _body(text[found.end() :] if found else text)
    if title and not _has(record, "published"):
        body = _head(record, body)
    if title and not _has(record, "title"):
        record["title"] = title
    elif title and title not in (str(record.get(key)) for key in jsonlines.KEYS["title"]):
        body = f"## {title}\n\n{body}"
    return jsonlines.parse({**record, "body": drop_boilerplate(body)}, where)


def _head(record: dict[str, Any], body: str) -> str:
    """The body without a line below the title that has date, source and desk, which go into the record."""
    published, source, desk, below = text_format.head(body)
    if not published:
        return body
    said = {"published": published, "source": source, "desk": desk}
    record |= {name: value for name, value in said.items() if value and not _has(record, name)}
    return below


def _has(record: dict[str, Any], name: str) -> bool:
    return any(record.get(key) for key in jsonlines.KEYS[name])


def _front_matter(text: str) -> dict[str, Any]:
    """Its keys, all values as written: YAML would make 0012 ten, and of 2024-02-30 an error."""
    try:
        # A few lines of aliases can stand for gigabytes, and no article needs one.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text)):
            raise yaml.YAMLError
        record = yaml.load(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        record = None
    if not isinstance(record, dict):
        if not text.strip():
            return {}
        simple = {key: value.strip("\"'") for key, value in SIMPLE_LINE.findall(text)}
        record = {**simple, "front_matter": text}
    record = {RENAMED.get(key, key): value for key, value in record.items()}
    for name, keys in (("desk", DESK_KEYS), ("published", DATE_KEYS)):
        for key in keys:
            if record.get(key) and not _has(record, name):
                record[name] = record.pop(key)
    if isinstance(record.get("title"), str):
        record["title"] = _with_ruby(record["title"])
    return record


def _body(text: str) -> tuple[str | None, str]:
    """The title, if the text begins with a `# ` heading, and the rest."""
    blocks = [(level, block) for level, block in _blocks(COMMENT.sub("", text)) if block]
    title = None
    if blocks and blocks[0][0] == 1:
        title = blocks.pop(0)[1]
    return title, "\n\n".join(f"## {block}" if level else block for level, block in blocks)


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Level and text of every block: 0 for a paragraph, a list or code, 1 for `# `, 2 for all headings below."""
    gathered: list[str] = []
    fence: str | None = None
    for line in [*text.split("\n"), ""]:
        if fence:
            if line.strip().startswith(fence):
                yield 0, "\n".join(gathered)
                gathered, fence = [], None
            else:
                gathered.append(line)
            continue
        heading, opened = HEADING.fullmatch(line), FENCE.match(line)
        underline = UNDERLINE.fullmatch(line) if len(gathered) == 1 and not ITEM.match(gathered[0]) else None
        if underline:
            yield 1 if underline[1].startswith("=") else 2, _inline(gathered.pop().strip())
        elif heading or opened or not line.strip() or RULE.fullmatch(line):
            yield 0, _paragraph(gathered)
            gathered = []
            fence = opened[1] if opened else None
            if heading and heading[2]:
                yield min(len(heading[1]), 2), _inline(heading[2].strip())
        elif not TABLE_RULE.fullmatch(line) and not DEFINITION.fullmatch(line):
            gathered.append(QUOTE.sub("", line))
    # A fence that is never closed goes to the end.
    yield 0, "\n".join(gathered).rstrip("\n")


def _paragraph(lines: list[str]) -> str:
    """One paragraph: wrapped lines joined, items and rows of a table on lines of their own."""
    joined: list[str] = []
    for line in lines:
        item = ITEM.match(line)
        row = line.strip().startswith("|")
        if row:
            line = "　".join(cell.strip() for cell in line.strip().strip("|").split("|"))
        hard = bool(joined) and joined[-1].endswith(("  ", "\\"))
        if not joined or item or row or hard or line.startswith("\u3000"):
            joined.append(line[item.end() :] if item else line)
        else:
            joined[-1] = join_lines(joined[-1], line)
    return _inline("\n".join(line.rstrip().removesuffix("\\") for line in joined))


def _inline(text: str) -> str:
    """Text without emphasis, links and images; code as it stands."""
    pieces: list[str] = []
    start = 0
    for code in CODE.finditer(text):
        pieces += [_unmarked(text[start : code.start()]), code[2].strip()]
        start = code.end()
    return "".join([*pieces, _unmarked(text[start:])]).strip("\n ")


def _with_ruby(text: str) -> str:
    """Readings in the marks of `RawArticle`."""
    if "<" in text:
        text = RUBY_TAG.sub(_tagged, text)
    return BRACED.sub(_braced, text) if "{" in text else text


def _tagged(found: re.Match[str]) -> str:
    return READ_TAG.sub(lambda one: ruby.mark(one[1], one[2]), FALLBACK_TAG.sub("", found[1]))


def _braced(found: re.Match[str]) -> str:
    base, readings = found[1], re.split("[|｜]", found[2])
    if len(readings) == len(base):
        return "".join(map(ruby.mark, base, readings))
    return ruby.mark(base, readings[0]) if len(readings) == 1 else found[0]


def _unmarked(text: str) -> str:
    text = _with_ruby(text)
    text = ESCAPED.sub(lambda found: chr(ASIDE + ord(found[1])), text)
    for pattern, instead in INLINE:
        text = pattern.sub(instead, text)
    return WAITING.sub(lambda found: chr(ord(found[0]) - ASIDE), html.unescape(text))
