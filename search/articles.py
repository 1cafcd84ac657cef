"""What an article is: the nouns that every other module speaks in.

All offsets are Unicode code points, the end excluded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any, Literal

JST = timezone(timedelta(hours=9), "JST")

Kind = Literal["person", "country", "place", "organization", "facility", "product", "event"]
KINDS: tuple[Kind, ...] = ("person", "country", "place", "organization", "facility", "product", "event")

Precision = Literal["minute", "day", "month", "year"]

TITLE = -1
"""The `Part.section` of the title."""


@dataclass(frozen=True, slots=True)
class Published:
    """When an article appeared, in Japanese time.

    precision: what the source said; a date without a time is "day" and stands at 00:00 JST.
    is_inferred: the text has no date, and its address or its file's name has this one.
    """

    at: datetime
    precision: Precision = "minute"
    is_inferred: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an article under its own heading; section 0 is the text before the first heading.

    heading: None for section 0 (and wherever the source has none).
    text: paragraphs parted by one blank line.
    is_captions: what stands below pictures, a paragraph each; the last section, if there is one.
    """

    heading: str | None
    text: str
    is_captions: bool = False


@dataclass(frozen=True, slots=True)
class Ruby:
    """A reading that the source has over characters; it is shown and never searched.

    section, is_heading: as in `Part`. start, end: code points in that part's text.
    """

    section: int
    is_heading: bool
    start: int
    end: int
    reading: str


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of text that words and names are found in: the title, a heading, or a section's text."""

    section: int
    is_heading: bool
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """One news item.

    id: unique in the archive, as it stands in URLs.
    title_inferred: the source had no title and the opening of the text stands in.
    desk: the newspaper's own division (国際, 政治 …).
    credits: who reports, from where, as written (【ロンドン=時事】, （共同）): shown, and no part of the text.
    ruby: by part and place.
    extra: keys of the source that Kijigura does not use, kept as they came.
    """

    id: str
    title: str
    sections: tuple[Section, ...]
    published: Published | None = None
    source: str | None = None
    desk: str | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()
    title_inferred: bool = False
    credits: tuple[str, ...] = ()
    ruby: tuple[Ruby, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def parts(self) -> Iterator[Part]:
        """The title (unless it only repeats the text), then each section's heading and text, in order."""
        if not self.title_inferred:
            yield Part(TITLE, False, self.title)
        for number, section in enumerate(self.sections):
            if section.heading:
                yield Part(number, True, section.heading)
            yield Part(number, False, section.text)

    def body(self) -> str:
        """The text without captions in the form that `add` reads: headings as `## ` lines, blank lines between."""
        pieces: list[str] = []
        for section in self.sections:
            if section.is_captions:
                continue
            if section.heading:
                pieces.append(f"## {section.heading}")
            if section.text:
                pieces.append(section.text)
        return "\n\n".join(pieces)


@dataclass(frozen=True, slots=True)
class Entity:
    """What mentions name: one id, one name to show, many aliases.

    id: an ISO 3166 code for a country, a bundled slug, or kind and number (`person-17`).
    name, name_en: what to show in Japanese and in English (None where nobody has said).
    role: bloc, seat of power or language, beside the kind.
    """

    id: str
    kind: Kind
    name: str
    name_en: str | None = None
    role: str | None = None

    def label(self, language: str) -> str:
        """The name for the reader's language, Japanese where there is no other."""
        return self.name_en if language == "en" and self.name_en else self.name


@dataclass(frozen=True, slots=True)
class Mention:
    """Words in an article that name an entity.

    part: index into `tuple(article.parts())`.
    start, end: code points in that part's text.
    entity_id: whom it means, as names are linked now.
    name_id: number of the `DistinctName` that the article uses, which means somebody else once names are linked anew;
        0 where the entity is known by its id alone, as a country is.
    confidence: 0 to 1.
    is_about: the article is about the entity, rather than only naming it.
    is_inferred: an office without a name (米大統領), held by the entity on the article's day.
    """

    part: int
    start: int
    end: int
    surface: str
    kind: Kind
    entity_id: str
    confidence: float = 1.0
    name_id: int = 0
    is_about: bool = False
    is_inferred: bool = False

    @property
    def term(self) -> str:
        """What stands for the name in an index."""
        return name_term(self.name_id) if self.name_id else self.entity_id


def name_term(name_id: int) -> str:
    """What stands in an index for a name with this number. No entity has such an id."""
    return f"#{name_id}"


@dataclass(frozen=True, slots=True)
class DistinctName:
    """What one article calls somebody or something, with all that tells namesakes apart across articles.

    written: the fullest form in the article (習近平 for 習氏).
    is_full: of a person, whether that is a whole name; a surname alone is not.
    shorts: forms that may stand for a whole name, the surname first.
    title: the office or post that the article gives to the person (外相), "" for none.
    country: ISO 3166 code of the country that stands before name or title, "" for none.
    date: of the article, where the name depends on it: an office alone, or a surname with an office.
    """

    kind: Kind
    written: str
    is_full: bool = True
    shorts: tuple[str, ...] = ()
    title: str = ""
    country: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class FoundName:
    """Words that name an entity, linked within their article; the archive makes a `Mention` of it.

    part: index into `tuple(article.parts())`. start, end: code points in that part's text.
    entity_id: a bundled id where linking knows one.
    name: to show: the bundled name, or the fullest form in this article (習近平 for 習氏).
    said: by which the archive knows whom it means; None for what has no name beside its id, as a country.
    confidence: 0 to 1. is_about, is_inferred: as in `Mention`.
    """

    part: int
    start: int
    end: int
    surface: str
    kind: Kind
    entity_id: str | None
    name: str
    confidence: float = 1.0
    role: str | None = None
    said: DistinctName | None = None
    is_about: bool = False
    is_inferred: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """A saved query with a name.

    query: in the syntax of the search box.
    """

    id: str
    name: str
    query: str
    name_en: str | None = None

    def label(self, language: str) -> str:
        """The name for the reader's language, Japanese where there is no other."""
        return self.name_en if language == "en" and self.name_en else self.name
