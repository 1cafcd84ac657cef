"""Words and names that rise together -> storylines: what each begins with, and what else rises in its articles."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log

import numpy as np

from search.storylines.bursts import LEAST_ARTICLES, LENGTHS_DAYS, Burst, Ints, bursts
from search.storylines.signs import WORD, Reading, Sign, is_common

LEAST_TIMES, LEAST_SHARE = 2.0, 0.4
"""What a storyline begins with is so many times as frequent in its days, and has such a share of its articles there:
戦争 rises with every war."""

MOST_COMMON, LEAST_PART = 0.5, 0.25
"""Two storylines with half of the smaller one's articles in common are one, unless that has less than a quarter of the
articles of the larger one: the final of a world cup is a story of its own."""

MOST_RISING = 12
"""Signs of an article that are looked at in pairs, those that rise most."""

WHOLE_SHARE = 0.6
"""A word whose articles have a longer one around it, so many of them, is a part of that: ハンタ of ハンタウイルス."""

BESIDE_SHARE = 0.3
"""What stands in such a share of a storyline's articles, and mostly there, belongs to it."""

MOST_BESIDE = 8


@dataclass(frozen=True, slots=True)
class Rising:
    """Signs that stand together, one or two, with the burst of their articles.

    articles: those in its days, places in the `Reading`, ascending.
    """

    signs: tuple[Sign, ...]
    burst: Burst
    articles: Ints


@dataclass(frozen=True, slots=True)
class Storyline:
    """core: what it begins with. beside: single signs that rise with it, what stands in most of its articles first."""

    core: Rising
    beside: tuple[Rising, ...]


def storylines(reading: Reading) -> Iterator[Storyline]:
    """All that the articles have, the most surprising first."""
    rising = _whole_words(reading, _rising(reading, {(s,): articles for s, articles in reading.articles_with.items()}))
    pairs = _rising(reading, _pairs(reading, rising))
    candidates = [one for one in (*rising, *pairs) if _is_particular(one)]
    candidates.sort(key=lambda one: (-one.burst.surprise, len(one.signs), one.signs))
    told: list[Rising] = []
    for core in candidates:
        if any(_is_told(core, other) for other in told):
            continue
        told.append(core)
        yield Storyline(core, tuple(_beside(core, rising)))


def _rising(reading: Reading, articles_with: Mapping[tuple[Sign, ...], Ints]) -> list[Rising]:
    """Those whose burst chance does not make even once in all stretches that were tried (Bonferroni).

    G² is above 2 ln n by chance less than once in n times, since it is distributed as χ² with one degree of freedom.
    """
    found: list[Rising] = []
    tried = len(LENGTHS_DAYS) * sum(map(len, articles_with.values()))
    for (signs, articles), burst in zip(
        articles_with.items(), bursts(list(articles_with.values()), reading.days), strict=True
    ):
        if burst and burst.surprise >= 2 * log(tried):
            days = reading.days[articles]
            inside = (days >= burst.first.toordinal()) & (days <= burst.last.toordinal())
            found.append(Rising(signs, burst, articles[inside]))
    return found


def _whole_words(reading: Reading, rising: Sequence[Rising]) -> list[Rising]:
    """Without words that mostly stand in one longer word, in the articles of their burst."""
    words = [sign.value for sign in reading.articles_with if sign.kind == WORD]
    around: defaultdict[str, list[str]] = defaultdict(list)
    wanted = {one.signs[0].value for one in rising if one.signs[0].kind == WORD}
    for word in words:
        for start in range(len(word)):
            for end in range(start + 2, len(word) + 1):
                if end - start < len(word) and word[start:end] in wanted:
                    around[word[start:end]].append(word)

    def is_part(one: Rising) -> bool:
        kind, value = one.signs[0]
        return kind == WORD and any(
            len(np.intersect1d(one.articles, reading.articles_with[Sign(WORD, longer)], assume_unique=True))
            >= WHOLE_SHARE * len(one.articles)
            for longer in around[value]
        )

    return [one for one in rising if not is_part(one)]


def _pairs(reading: Reading, rising: Sequence[Rising]) -> dict[tuple[Sign, ...], Ints]:
    """Signs that rise in the same articles, two by two, with all articles that have both."""
    of_article: defaultdict[int, list[Rising]] = defaultdict(list)
    for one in sorted(rising, key=lambda one: (-one.burst.surprise, one.signs)):
        for article in one.articles.tolist():
            if len(of_article[article]) < MOST_RISING:
                of_article[article].append(one)
    counts: Counter[tuple[Sign, ...]] = Counter()
    for several in of_article.values():
        counts.update(
            (one.signs[0], other.signs[0]) if one.signs < other.signs else (other.signs[0], one.signs[0])
            for one, other in combinations(several, 2)
        )
    return {
        (one, other): np.intersect1d(
            reading.articles_with[one], reading.articles_with[other], assume_unique=True
        )
        for (one, other), count in counts.items()
        if count >= LEAST_ARTICLES and not (one.kind == other.kind == WORD and _overlap(one.value, other.value))
    }


def _overlap(one: str, other: str) -> bool:
    return one in other or other in one


def _is_particular(one: Rising) -> bool:
    """Whether it tells one story: no country alone does, and no plain noun (地震), nor two."""
    return (
        one.burst.times >= LEAST_TIMES and one.burst.share >= LEAST_SHARE
        and any(sign.kind != "country" for sign in one.signs)
        and not all(sign.kind == WORD and is_common(sign.value) for sign in one.signs)
    )


def _is_told(one: Rising, other: Rising) -> bool:
    common = len(np.intersect1d(one.articles, other.articles, assume_unique=True))
    fewer, more = sorted((len(one.articles), len(other.articles)))
    return common >= MOST_COMMON * fewer and fewer > LEAST_PART * more


def _beside(core: Rising, rising: Sequence[Rising]) -> Iterator[Rising]:
    found: list[tuple[int, Rising]] = []
    for one in rising:
        common = len(np.intersect1d(one.articles, core.articles, assume_unique=True))
        if one.signs[0] not in core.signs and common >= max(3, BESIDE_SHARE * len(core.articles)):
            found.append((common, one))
    found.sort(key=lambda item: (-item[0], -item[1].burst.surprise, item[1].signs))
    return (one for _, one in found[:MOST_BESIDE])
