"""The versions in which an article was taken in, and what changed from each to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from search.archive import Version
from search.archive_schema import Stored
from search.articles import Article
from search.differences import Difference, compared
from search.errors import NotFound


@dataclass(frozen=True, slots=True)
class Step:
    """One version. added_at: when it was taken in, JST. changes: from the one before; none for the first."""

    number: int
    added_at: datetime
    article: Article
    changes: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """The page of an article's history. steps: the first version first. current: the number of that which stands."""

    steps: tuple[Step, ...]
    current: int

    @staticmethod
    def of(stored: Stored, versions: Sequence[Version]) -> History:
        """versions: all of the article, the first one first."""
        before = (None, *(version.article for version in versions))
        return History(
            tuple(
                Step(
                    one.number, datetime.fromisoformat(one.added_at), one.article,
                    tuple(compared(earlier, one.article)) if earlier else (),
                )
                for earlier, one in zip(before, versions, strict=False)
            ),
            stored.version,
        )

    @property
    def article(self) -> Article:
        """As it stands."""
        return self.step(self.current).article

    def step(self, number: int) -> Step:
        """One of the versions. Raises NotFound."""
        for step in self.steps:
            if step.number == number:
                return step
        raise NotFound(f"The article has no version {number}, but {len(self.steps)} in all.")

    def as_json(self) -> dict[str, Any]:
        """The form of `/history/ID?format=json`."""
        return {
            "id": self.article.id,
            "current": self.current,
            "versions": [
                {
                    "number": step.number,
                    "added_at": step.added_at.isoformat(),
                    "title": step.article.title,
                    "body": step.article.body(),
                    "changes": [
                        {
                            "what": change.what,
                            "field": change.field,
                            "pieces": [{"what": piece.what, "text": piece.text} for piece in change.pieces],
                        }
                        for change in step.changes
                    ],
                }
                for step in self.steps
            ],
        }
