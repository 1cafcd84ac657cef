"""Names and values, as a row of a table or an object of JSON has them, to a raw article."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from indexer.formats.boilerplate import drop_boilerplate
from indexer.formats.fragments import Fragment, line_of, of_html
from indexer.formats.names import Layout, known
from indexer.raw import RawArticle, Where
from search.articles import Ruby, Section

# What an export of ours has besides.
OURS = frozenset(("sections", "title_inferred", "credits", "ruby", "published_inferred", "extra"))

PLAIN_FIELDS = ("id", "title", "source", "desk", "url")

# Where an object has its text: "rendered" is WordPress's, "$oid" and "$date" are MongoDB's, the last two an API's.
TEXT_KEYS = ("name", "value", "@value", "rendered", "$oid", "$date", "main", "original")

BEGINS_WITH_TAG = re.compile(r"\s*<(?:!--|!doctype|/?[a-z][a-z0-9]*[\s/>])", re.IGNORECASE)
PART_OF_PAGE = re.compile(r"</?p\s*>|<p\s|<br\s*/?>|</div\s*>|</h[1-6]\s*>", re.IGNORECASE)

REFERENCE = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|amp|lt|gt|quot|nbsp|apos);", re.IGNORECASE)
WEB_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
BETWEEN_AUTHORS = re.compile(r"\s*[、;；\n]\s*")

# Moments as numbers: seconds, or a thousand times as many, from 2001 to 2096. 20240410 is far below.
EPOCH_SECONDS = (1_000_000_000, 4_000_000_000)


class KnownNames:
    """All names that `article` gives a meaning: an export keeps keys of a source that have them under "extra"."""

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (name in OURS or known(name) is not None)


def article(record: Mapping[str, Any], where: Where, layout: Layout, *, with_html: bool = True) -> RawArticle:
    """An article from names and values; what is of no use here is in `extra`.

    with_html: a body that is HTML is made text; False where `record` has text only, as an export with `sections` has.
    """
    extra = dict(record)
    names = layout.fields
    with_html = with_html and not isinstance(extra.get("sections"), list)
    found: dict[str, Any] = {field: _take(extra, names[field]) for field in PLAIN_FIELDS if field in names}
    if with_html and (title := found.get("title")) and ("</rt>" in title or REFERENCE.search(title)):
        found["title"] = line_of(title)
    for field in ("source", "id"):
        if (written := found.get(field)) and written.startswith("http"):
            _place_address(field, found, extra, names)
    if "subject" in extra and not found.get("desk") and isinstance(extra["subject"], list):
        found["desk"] = _string(extra["subject"])
    published = _published(extra, names)
    body = _body(extra, layout.bodies, with_html)
    authors = _authors(extra, names["authors"]) if "authors" in names else ()
    if OURS.isdisjoint(extra):
        return RawArticle(
            where,
            body=drop_boilerplate(body.body),
            published=published,
            authors=authors,
            captions=body.captions,
            credits=body.credits,
            extra=extra,
            **found,
        )
    sections = _sections(extra)
    inferred = extra.pop("title_inferred", None) is True
    credits = extra.pop("credits", None)
    ruby = _ruby(extra.pop("ruby", None)) if sections is not None else ()
    date_inferred = extra.pop("published_inferred", None) is True
    if sections is not None and isinstance(extra.get("extra"), dict):
        extra |= extra.pop("extra")
    return RawArticle(
        where,
        body="" if sections is not None else drop_boilerplate(body.body),
        sections=sections,
        published=published,
        authors=authors,
        title_inferred=inferred,
        credits=tuple(filter(None, map(_string, credits))) if isinstance(credits, list) else (),
        ruby=ruby,
        date_inferred=date_inferred,
        extra=extra,
        **found,
    )


def is_html(text: str) -> bool:
    """Whether a text is part of a page and not prose in which a `<` stands."""
    return "<" in text and (BEGINS_WITH_TAG.match(text) is not None or PART_OF_PAGE.search(text) is not None)


def _take(extra: dict[str, Any], names: tuple[str, ...]) -> str | None:
    """The value of the first usable name, taken out of `extra` unless part of it would be lost."""
    if len(names) > 1 or not extra.get(names[0]):
        _drop_empty(extra, names)
    for name in names:
        value = extra.get(name)
        text = value if type(value) is str else _string(value)
        if text and text.strip():
            if not isinstance(value, (dict, list)) or len(value) == 1:
                del extra[name]
            return text
    return None


def _place_address(
    field: str, found: dict[str, Any], extra: dict[str, Any], names: Mapping[str, tuple[str, ...]]
) -> None:
    """An address is where an article stands, and neither its id nor who brought it out."""
    written = found[field].strip()
    if WEB_ADDRESS.fullmatch(written) and found.get("url") in (None, written):
        found["url"] = written
        found[field] = _take(extra, names[field]) if field == "source" else None


def _drop_empty(extra: dict[str, Any], names: tuple[str, ...]) -> None:
    """An empty value says nothing, so nothing is lost with it."""
    for name in names:
        if name in extra and extra[name] in (None, "", []):
            del extra[name]


def _published(extra: dict[str, Any], names: Mapping[str, tuple[str, ...]]) -> str | None:
    """The date as written; one that stands in three places (年, 月, 日) as one."""
    for name in names.get("published", ()):
        value = extra.get(name)
        if isinstance(value, (int, float)) and (moment := _moment(value)):
            extra[name] = moment
    published = _take(extra, names["published"]) if "published" in names else None
    if published or not all(part in names for part in ("year", "month", "day")):
        return published
    parts = {part: _string(extra.get(names[part][0])) for part in ("year", "month", "day")}
    year, month, day = (text.strip() if text else "" for text in parts.values())
    if not (year and month and day):
        return None
    for part in parts:
        del extra[names[part][0]]
    return f"{year.removesuffix('年')}年{month.removesuffix('月')}月{day.removesuffix('日')}日"


def _moment(value: float) -> str | None:
    first, last = EPOCH_SECONDS
    seconds = value / 1_000 if first * 1_000 <= value <= last * 1_000 else value
    return datetime.fromtimestamp(seconds, UTC).isoformat() if first <= seconds <= last else None


def _body(extra: dict[str, Any], groups: tuple[tuple[str, ...], ...], with_html: bool) -> Fragment:
    """The text of the first group of names that has any: a lead, a body, what goes on with it."""
    for group in groups:
        _drop_empty(extra, group)
    for group in groups:
        texts: list[str] = []
        captions: tuple[str, ...] = ()
        credits: tuple[str, ...] = ()
        for name in group:
            text = _text(extra.get(name))
            if text and text.strip():
                fragment = of_html(text) if with_html and is_html(text) else Fragment(text)
                texts.append(fragment.body)
                captions += fragment.captions
                credits += fragment.credits
                del extra[name]
        if texts:
            return Fragment("\n\n".join(texts), captions, credits)
    return Fragment("")


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        texts = [text for one in value if (text := one if isinstance(one, str) else _string(one))]
        return "\n\n".join(texts) if len(texts) == len(value) else None
    return _string(value)


def _string(value: Any) -> str | None:
    """A text as it is, a number as digits, the first of a list, the name of an object."""
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        # Numbers in a list are keys of something that is elsewhere.
        return _string(value[0]) if value and not isinstance(value[0], (int, float)) else None
    if isinstance(value, dict):
        name = next((value[key] for key in TEXT_KEYS if key in value), None)
        return name if isinstance(name, str) else None
    return None


def _authors(extra: dict[str, Any], names: tuple[str, ...]) -> tuple[str, ...]:
    _drop_empty(extra, names)
    for name in names:
        value = extra.get(name)
        if isinstance(value, str):
            value = BETWEEN_AUTHORS.split(value)
        # A number is a key of a table of authors that is elsewhere.
        listed = value if isinstance(value, list) else [value]
        authors = tuple(filter(None, (_string(one) for one in listed if not isinstance(one, (int, float)))))
        if authors:
            del extra[name]
            return authors
    return ()


def _sections(extra: dict[str, Any]) -> tuple[Section, ...] | None:
    """`[{"heading": …, "text": …}]`, as an export has it; None where it is missing or something else."""
    value = extra.get("sections")
    if not isinstance(value, list) or not value:
        return None
    if not all(isinstance(one, dict) and isinstance(one.get("text", ""), str) for one in value):
        return None
    del extra["sections"]
    return tuple(
        Section(_string(one.get("heading")), one.get("text", ""), one.get("captions") is True) for one in value
    )


def _ruby(value: Any) -> tuple[Ruby, ...]:
    """`[[section, is heading, start, end, reading], …]`, as an export has it."""
    rows = value if isinstance(value, list) else []
    return tuple(
        Ruby(row[0], bool(row[1]), row[2], row[3], row[4])
        for row in rows
        if isinstance(row, list) and len(row) == 5 and isinstance(row[4], str)
        and all(isinstance(number, int) for number in row[:4])
    )
