"""What the pages ask of the archive; nothing of how it answers."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from search.query.model import Request
from search.results import FacetValue, Health, ResultPage
from search.views import ArticleView, EntityView, TopicView


class Library(Protocol):
    """What the pages ask of the archive; `search.library.Library` is one."""

    def search(self, request: Request) -> ResultPage: ...
    def article(self, article_id: str, request: Request) -> ArticleView: ...
    def entity(self, name_or_id: str, language: str) -> EntityView: ...
    def topic(self, topic_id: str, language: str) -> TopicView: ...
    def topics(self, language: str) -> tuple[FacetValue, ...]: ...
    def health(self) -> Health: ...


class Keeper(Protocol):
    """Hands out the newest Library for one answer; raises EngineError or ArchiveError while there is none."""

    def library(self) -> AbstractContextManager[Library]: ...
