"""An article as readers cite it: in a Japanese text, by SIST 02, by APA, on Wikipedia."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from web.dates import MONTHS
from web.forms.record import Record
from web.words import _

_OF_ADDRESSES = "%:/?#@!$&'()*+,;=~"
"""What may stand in an address as it is; a template of Wikipedia would take | { } [ ] for its own."""


@dataclass(frozen=True, slots=True)
class Citation:
    """name: what the form is called. text: to copy. language: that of the text."""

    name: str
    text: str
    language: str = "ja"


def citations(record: Record, read_on: date) -> tuple[Citation, ...]:
    """The forms in the order they are offered. read_on: the day on which the reader saw the article."""
    return (
        Citation(_("In a Japanese text"), in_japanese(record, read_on)),
        Citation("SIST 02", sist02(record, read_on)),
        Citation("APA", apa(record), "en"),
        Citation(_("Wikipedia"), wikipedia(record, read_on)),
    )


def in_japanese(record: Record, read_on: date) -> str:
    """As notes of Japanese books have it: 著者「見出し」『媒体』面、日付、URL（閲覧日）。"""
    where = f"『{record.source}』" if record.source else ""
    parts = [f"{'・'.join(record.authors)}「{_nested(record.title)}」{where}{_desk(record)}"]
    if record.date_parts:
        parts.append("".join(f"{n}{unit}" for n, unit in zip(record.date_parts, "年月日", strict=False)))
    address = _address(record)
    if address:
        parts.append(f"{address}（{read_on.year}年{read_on.month}月{read_on.day}日閲覧）")
    return "、".join(parts) + "。"


def sist02(record: Record, read_on: date) -> str:
    """科学技術情報流通技術基準 SIST 02-2007: 著者名. “記事名”. 新聞紙名. 日付, 面. URL, (参照 日付)."""
    said = [", ".join(record.authors), f"“{record.title}”", record.source or ""]
    said.append(", ".join(filter(None, ("-".join(f"{n:02}" for n in record.date_parts), _desk(record)))))
    address = _address(record)
    said.append(f"{address}, (参照 {read_on.isoformat()})" if address else "")
    return ". ".join(filter(None, said)) + "."


def apa(record: Record) -> str:
    """Publication Manual of the American Psychological Association, 7th edition:
    Author. (2024, April 10). Title. Source. URL. Without an author the title comes first."""
    when = f"({_apa_date(record.date_parts)})"
    authors = _apa_authors(record.authors)
    said = [authors, when, record.title] if authors else [record.title, when]
    return ". ".join(filter(None, (*said, record.source))) + "." + _after_space(_address(record))


def wikipedia(record: Record, read_on: date) -> str:
    """The template Cite news, as Wikipedia in Japanese and in English knows it."""
    address = quote(_address(record), safe=_OF_ADDRESSES)
    fields = {
        "author": "、".join(record.authors), "title": record.title, "newspaper": record.source or "",
        "department": record.desk or "", "date": "-".join(f"{number:02}" for number in record.date_parts),
        "url": address, "accessdate": read_on.isoformat() if address else "", "language": "ja",
    }
    said = [f"{name}={_plain_wiki(text)}" for name, text in fields.items() if text]
    return "{{" + " |".join(["Cite news", *said]) + "}}"


def _address(record: Record) -> str:
    return record.url or record.here or ""


def _after_space(text: str) -> str:
    return f" {text}" if text else ""


def _desk(record: Record) -> str:
    if not record.desk:
        return ""
    return record.desk if record.desk.endswith("面") else f"{record.desk}面"


def _nested(title: str) -> str:
    """Brackets inside 「」 are 『』."""
    return title.replace("「", "『").replace("」", "』")


def _apa_authors(authors: tuple[str, ...]) -> str:
    if len(authors) < 2:
        return "".join(authors)
    return f"{', '.join(authors[:-1])}, & {authors[-1]}"


def _apa_date(parts: tuple[int, ...]) -> str:
    if not parts:
        return "n.d."
    year, *rest = parts
    if not rest:
        return str(year)
    return f"{year}, " + " ".join([MONTHS[rest[0] - 1], *map(str, rest[1:])])


def _plain_wiki(text: str) -> str:
    """Signs that would end a field, a template or a link, and tags, as characters."""
    for sign in "|{}[]<>":
        text = text.replace(sign, f"&#{ord(sign)};")
    return text
