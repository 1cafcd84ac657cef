"""When a word or a name stands in more articles than it used to: the stretch of days in which that is plainest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

LENGTHS_DAYS = (3, 7, 14, 28, 56)
"""Of the stretches that are tried: from an event to a crisis."""

PAST_DAYS = 180
"""Before and behind a stretch, with which it is compared: an archive of twenty years has other papers in each of them,
and all words of a paper would rise when it comes in."""

LEAST_ARTICLES = 4
"""In a stretch. Three articles are a story and its two reports on the next day."""


@dataclass(frozen=True, slots=True)
class Burst:
    """first, last: days, both included. articles: in these days. in_all: with PAST_DAYS before and behind.

    expected: articles there would be in these days if the word were as frequent as in `in_all`.
    surprise: the log-likelihood ratio G² of that.
    """

    first: date
    last: date
    articles: int
    in_all: int
    expected: float
    surprise: float

    @property
    def times(self) -> float:
        """How many times as often as one would expect."""
        return self.articles / self.expected

    @property
    def share(self) -> float:
        """Of all articles with it, those in these days."""
        return self.articles / self.in_all


def bursts(postings: Sequence[Ints], days: Ints) -> list[Burst | None]:
    """The strongest burst of each, None where there is none.

    postings: of each word, the places in `days` of its articles, ascending. days: of all articles, `date.toordinal`,
    ascending.
    The scan statistic of Martin Kulldorff, "A spatial scan statistic", Communications in Statistics 26(6), 1997, along
    one axis: of all stretches, the one whose count is least likely by chance; with Dunning's G² for the likelihood, as
    in `search.association`.
    """
    if not postings or not len(days):
        return [None for _ in postings]
    # One array for all words: the days of each lie apart from those of the next.
    apart = int(days[-1] - days[0]) + 2 * (PAST_DAYS + max(LENGTHS_DAYS)) + 2
    word = np.repeat(np.arange(len(postings)), [len(one) for one in postings])
    begin = days[np.concatenate(postings)] if len(word) else days[:0]
    at = begin - days[0] + word * apart

    def own(first: int, end: int) -> Ints:
        """Of each word, the articles from `first` to before `end` days behind each of its articles."""
        found: Ints = np.searchsorted(at, at + end) - np.searchsorted(at, at + first)
        return found

    def of_all(first: int, end: int) -> Ints:
        found: Ints = np.searchsorted(days, begin + end) - np.searchsorted(days, begin + first)
        return found

    best = np.zeros((len(at), 5))
    for length in LENGTHS_DAYS:
        inside, around = own(0, length), own(-PAST_DAYS, length + PAST_DAYS)
        all_inside, all_around = of_all(0, length), of_all(-PAST_DAYS, length + PAST_DAYS)
        found = surprise(inside, around, all_inside, all_around)
        found[inside < LEAST_ARTICLES] = 0
        rows = np.column_stack((found, np.full(len(at), length), inside, around, around * all_inside / all_around))
        better = found > best[:, 0]
        best[better] = rows[better]
    ends = np.cumsum([len(one) for one in postings])
    return [_burst(best, begin, end - len(one), end) for one, end in zip(postings, ends.tolist(), strict=True)]


def _burst(best: Floats, begin: Ints, start: int, end: int) -> Burst | None:
    """Of one word, whose articles lie at `start` to before `end`; of equal ones the earliest."""
    if start == end:
        return None
    place = start + int(best[start:end, 0].argmax())
    found, length, inside, around, expected = best[place].tolist()
    if found <= 0:
        return None
    days = begin[start:end]
    last = int(days[np.searchsorted(days, begin[place] + length) - 1])
    return Burst(
        date.fromordinal(int(begin[place])), date.fromordinal(last), int(inside), int(around), expected, found
    )


def surprise(inside: Ints, around: Ints, all_inside: Ints, all_around: Ints) -> Floats:
    """G² of many tables at once: articles with a word and all, in a stretch and around; 0 where it does not rise."""
    table = (
        (inside, around, all_inside),
        (around - inside, around, all_around - all_inside),
        (all_inside - inside, all_around - around, all_inside),
        (all_around - all_inside - around + inside, all_around - around, all_around - all_inside),
    )
    found = np.zeros(len(inside))
    with np.errstate(divide="ignore", invalid="ignore"):
        for count, row, column in table:
            part = count * np.log(count * all_around / (row.astype(np.float64) * column))
            found += np.where(count > 0, part, 0.0)
    return np.where(inside * all_around > around * all_inside, 2 * found, 0.0)
