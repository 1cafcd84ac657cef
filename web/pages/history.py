"""What the page of an article's versions shows, ready to draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from search.articles import JST, Article
from search.differences import Difference
from search.history import History, Step
from web.dates import written_day
from web.links import Links
from web.params import Asked
from web.words import _


@dataclass(frozen=True, slots=True)
class ChangeCard:
    """name: what it is that changed, "" for a paragraph of the text."""

    name: str
    change: Difference


@dataclass(frozen=True, slots=True)
class VersionCard:
    """One version. taken_in: when, as read; datetime: as machines read it. is_shown: whether the page has its text.

    url: where it can be read.
    """

    number: int
    taken_in: str
    datetime: str
    is_current: bool
    is_shown: bool
    url: str
    changes: tuple[ChangeCard, ...]


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """versions: the newest first. shown: the text of one of them, None if none was asked for."""

    article: Article
    article_url: str
    history_url: str
    versions: tuple[VersionCard, ...]
    shown: VersionCard | None
    shown_article: Article | None


def history_page(history: History, asked: Asked, links: Links) -> HistoryPage:
    """Raises NotFound if the address asks for a version that there is not."""
    shown = history.step(asked.version) if asked.version is not None else None
    cards = {step.number: _card(step, history, asked, links) for step in reversed(history.steps)}
    return HistoryPage(
        history.article, links.article(asked.request, history.article.id), links.history(history.article.id),
        tuple(cards.values()), cards[shown.number] if shown else None, shown.article if shown else None,
    )


def _card(step: Step, history: History, asked: Asked, links: Links) -> VersionCard:
    at = step.added_at.astimezone(JST)
    is_current = step.number == history.current
    article_id = history.article.id
    return VersionCard(
        step.number, f"{written_day(at.date(), asked.request.language)} {at:%H:%M}", at.isoformat(), is_current,
        step.number == asked.version,
        links.article(asked.request, article_id) if is_current else links.history(article_id, step.number),
        tuple(ChangeCard(_FIELD_NAMES[change.field]() if change.field else "", change) for change in step.changes),
    )


_FIELD_NAMES: dict[str, Callable[[], str]] = {
    "title": lambda: _("Title"), "published": lambda: _("Published"), "source": lambda: _("Source"),
    "desk": lambda: _("Desk"), "url": lambda: _("Address"), "authors": lambda: _("Authors"),
    "credits": lambda: _("Credits"),
}
