"""Small articles made by hand, as an index takes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from search.articles import JST, TITLE, Mention, Part, Published
from search.engine import AnalyzedArticle
from search.japanese.analysis import analyze_parts
from search.japanese.tokens import Short, Unit

MARKS = "。、"
KIND_OF = {"person-1": "person", "person-2": "person", "CN": "country", "RU": "country",
           "un": "organization", "geneva": "place"}
NOUN = ("名詞", "普通名詞", "一般", "*", "*", "*")


@dataclass(frozen=True)
class Name:
    """The words `first` to `last` (included) of a part name an entity."""

    part: int
    first: int
    last: int
    entity_id: str
    confidence: float = 1.0
    is_about: bool = False


def cut(words: str) -> list[Unit]:
    """`安全|保障 理事|会 。` -> two long units of two short ones each, and a full stop that has no term."""
    found: list[Unit] = []
    at = 0
    for word in words.split():
        start = at
        shorts: list[Short] = []
        for piece in word.split("|"):
            shorts.append(Short(at, at + len(piece), "" if piece in MARKS else piece, NOUN))
            at += len(piece)
        surface = word.replace("|", "")
        found.append(Unit(surface, start, at, "" if word in MARKS else surface, NOUN, False, tuple(shorts)))
    return found


def surface(words: str) -> str:
    """The text that `cut` cuts."""
    return words.replace(" ", "").replace("|", "")


def article(
    article_id: str, title: str = "", *sections: str | tuple[str, str], names: Iterable[Name] = (),
    published: str | None = None, source: str | None = None, desk: str | None = None,
    version: int = 1, change: int = 1,
) -> AnalyzedArticle:
    """An article of words parted by spaces; a section with a heading is (heading, text)."""
    parts = [(TITLE, False, title)]
    for number, section in enumerate(sections):
        heading, text = section if isinstance(section, tuple) else ("", section)
        parts += [(number, True, heading)] if heading else []
        parts.append((number, False, text))
    units = [cut(words) for _, _, words in parts]
    analysis = analyze_parts([Part(number, is_heading, surface(words)) for number, is_heading, words in parts], units)
    mentions = tuple(
        Mention(name.part, (start := units[name.part][name.first].start), (end := units[name.part][name.last].end),
                surface(parts[name.part][2])[start:end], KIND_OF[name.entity_id], name.entity_id, name.confidence,
                is_about=name.is_about)
        for name in names
    )
    at = Published(datetime.fromisoformat(published).replace(tzinfo=JST)) if published else None
    texts = tuple(surface(words) for _, _, words in parts)
    return AnalyzedArticle(article_id, version, change, analysis, mentions, at, source, desk, texts)


PEACE = (
    article("a1", "停戦 合意", "ロシア 、 中国 。 首相 会談", ("安全|保障 理事|会", "中国 首相 停戦"),
            names=[Name(1, 0, 0, "RU"), Name(1, 2, 2, "CN")], published="2024-04-10T12:30", source="見本新聞",
            desk="国際"),
    article("a2", "首相 会談", "停戦 合意 停戦", names=[Name(0, 0, 1, "person-1")], published="2024-04-10",
            source="見本新聞", desk="政治"),
    article("a3", "理事|会", "安全|保障 理事|会 。 停戦", names=[Name(1, 0, 1, "un")], published="2023-12-31T23:59",
            source="例示日報", desk="国際"),
    article("a4", "", "合意 停戦", source="例示日報"),
)
