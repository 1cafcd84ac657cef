"""Copies of one story as groups, kept up to date with the changes of an archive.

Articles are gone through in order of their rank (published, id). One that is a copy of an article that stands for
its group joins it, the earliest if there are several; any other stands for itself. So every member is a copy of
the one that stands for it, nothing hangs together only by what lies between, and the outcome depends on the
articles alone, not on the order in which they came.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence

from indexer.duplicates import REVISION, Compared, are_copies, compared, days_fit, look_alike, signature
from search.archive import Archive
from search.archive_copies import LookAlike
from search.archive_schema import Stored

ARTICLES_A_TRANSACTION = 200
"""Changes that are looked at before others get their turn to write: some 0.3 s."""

MOST_MEMBERS = 200
"""A larger group keeps the article that stands for it, though an earlier one may come: no story is printed so often,
and with every earlier copy of a notice all of them would have to be looked at again."""

KEPT_TEXTS = 2_000
"""Texts that stay ready to be compared, some 15 KB each: a week of articles, which mostly come in order."""


def group_copies(archive: Archive) -> int:
    """See to the articles that were added, changed or removed since the last time. Returns how many there were.

    Begins transactions of its own; broken off, it goes on where it was. Looks at no article that a change cannot touch.
    """
    made_by, _ = archive.grouped()
    if made_by != REVISION:
        with archive.transaction():
            archive.drop_all_signatures()
            archive.note_grouping(REVISION, 0)
    count, grouping = 0, _Grouping(archive)
    while archive.last_change() > archive.grouped()[1]:
        with archive.transaction():
            some = archive.changes_since(archive.grouped()[1], limit=ARTICLES_A_TRANSACTION)
            grouping.take(some)
            is_all = len(some) < ARTICLES_A_TRANSACTION
            archive.note_grouping(REVISION, archive.last_change() if is_all else some[-1].change)
        count += len(some)
    return count


class _Grouping:
    """Places articles, some changes at a time, each time inside one transaction."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._texts: dict[tuple[str, int], Compared] = {}
        self._outcomes: dict[tuple[int, int], bool] = {}
        self._left: list[tuple[str, str]] = []
        """A heap of (rank, id): articles to look at, each after all that come before it."""
        self._waiting: set[str] = set()
        self._keys_of: dict[str, tuple[int, ...]] = {}
        """Of articles that were never looked at."""

    def take(self, changes: Sequence[Stored]) -> None:
        self._outcomes.clear()      # another process may have given a number anew
        known = self._archive.signed(stored.article.id for stored in changes)
        for stored in changes:
            if row := known.get(stored.article.id):
                if row.version == stored.version and not stored.removed:
                    continue        # restored and seen to already
                self._forget(row)
            if not stored.removed and (signed := signature(stored.article)):
                row = self._archive.put_signature(stored.article.id, stored.version, signed)
                self._keys_of[row.id] = signed.keys
                self._look_at([row])
        while self._left:
            _, article_id = heapq.heappop(self._left)
            self._waiting.discard(article_id)
            for row in self._archive.signed([article_id]).values():
                self._place(row)

    def _look_at(self, rows: Iterable[LookAlike]) -> None:
        for row in rows:
            if row.id not in self._waiting:
                self._waiting.add(row.id)
                heapq.heappush(self._left, (row.rank, row.id))

    def _forget(self, row: LookAlike) -> None:
        self._look_at(self._archive.copying(row.id))
        self._archive.drop_signature(row, self._keys(row))

    def _place(self, row: LookAlike) -> None:
        """Find the group of an article that is new, or whose leader is gone. All that come before it are in theirs."""
        found = self._archive.looking_like(row.number, row.day, self._keys_of.pop(row.id, ()) or self._keys(row))
        alike = [one for one in found if days_fit(one.day, row.day) and look_alike(one.sketch, row.sketch)]
        leaders = sorted((one for one in alike if not one.copy_of), key=lambda one: one.rank)
        leader = next((one for one in leaders if self._leads(one, row) and self._are_copies(one, row)), None)
        self._archive.set_copy_of(row.number, leader.id if leader else None)
        if leader is None:
            rank_of = {one.id: one.rank for one in found}
            for one in alike:
                has_later_leader = min(one.rank, rank_of.get(one.copy_of or one.id, "")) > row.rank
                if has_later_leader and self._are_copies(row, one):
                    self._archive.set_copy_of(one.number, row.id)
                    self._look_at(self._archive.copying(one.id))

    def _leads(self, one: LookAlike, row: LookAlike) -> bool:
        """Whether the one stands for the other, if they are copies."""
        return one.rank < row.rank or len(self._archive.copying(one.id, MOST_MEMBERS)) >= MOST_MEMBERS

    def _are_copies(self, one: LookAlike, other: LookAlike) -> bool:
        pair = (min(one.number, other.number), max(one.number, other.number))
        if pair not in self._outcomes:
            self._outcomes[pair] = are_copies(self._compared(one), self._compared(other))
        return self._outcomes[pair]

    def _compared(self, row: LookAlike) -> Compared:
        key = (row.id, row.version)
        if key not in self._texts:
            if len(self._texts) >= KEPT_TEXTS:
                del self._texts[next(iter(self._texts))]
            self._texts[key] = compared(self._archive.get(*key).article)
        return self._texts[key]

    def _keys(self, row: LookAlike) -> tuple[int, ...]:
        signed = signature(self._archive.get(row.id, row.version).article)
        return signed.keys if signed else ()
