"""New topics for an archive: its storylines, each with a name, a query that finds it, and what speaks for it."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, count
from typing import Any

from search.articles import Published, Topic
from search.errors import QueryTooHeavy
from search.japanese.hepburn import slug
from search.library import Library
from search.processes import Workers
from search.query.model import And, Chosen, InTitle, Request, Tree, Word
from search.query.model import Published as PublishedIn
from search.query.written import written as query_text
from search.storylines.bursts import Burst
from search.storylines.grouping import Storyline, storylines
from search.storylines.naming import name_of, written
from search.storylines.signs import WORD, Reading, Sign, is_common, read_signs

LEAST_WITHIN, LEAST_TOLD = 0.5, 0.4
"""A query is good where so many of its articles are of the storyline's days, and so many of those have it in their
titles. The plainest good query is taken; without one, the one that comes nearest."""

MOST_COVERED = 0.5
"""Of a storyline's articles, those that a topic or a storyline before it has: from there on it is nothing new."""

AROUND_DAYS = 7
"""What an article says a week before or after the peak is still of it."""

GOES_ON_DAYS = 28
"""A storyline whose last peak day is so near the newest article of the archive goes on."""

ARTICLES_SHOWN = 5
FIELDS = ("person", "country", "organization", "place")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A word or name that rises, as readers know it, and how much. kind: word, or that of an entity."""

    kind: str
    name: str
    burst: Burst


@dataclass(frozen=True, slots=True)
class StorylineArticle:
    id: str
    title: str
    published: Published | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A storyline that could be a topic.

    id, name, query: of the topic it would be. first, last: days of its peak, both included.
    total: articles that the query finds. in_peak: those in these days. articles: the best of those.
    evidence: what the storyline begins with, then what rises with it.
    """

    id: str
    name: str
    query: str
    first: date
    last: date
    total: int
    in_peak: int
    articles: Sequence[StorylineArticle]
    evidence: Sequence[Evidence]

    def as_json(self) -> dict[str, Any]:
        """As `kijigura topics suggest --json` writes it."""
        return {
            "id": self.id, "name": self.name, "query": self.query,
            "from": self.first.isoformat(), "to": self.last.isoformat(),
            "articles": self.total, "articles_in_period": self.in_peak,
            "strongest": [
                {"id": one.id, "title": one.title, "published": one.published.at.isoformat() if one.published else None}
                for one in self.articles
            ],
            "evidence": [
                {"kind": one.kind, "name": one.name, "articles": one.burst.articles,
                 "expected": round(one.burst.expected, 1), "times": round(one.burst.times, 1),
                 "g2": round(one.burst.surprise, 1)}
                for one in self.evidence
            ],
        }


def suggest(
    library: Library, workers: Workers, *, since: date | None = None, until: date | None = None,
    say: Callable[[str], None] = lambda note: None,
) -> Iterator[Suggestion]:
    """New topics, the most surprising first; from articles published from `since` to `until`, both included.

    What an existing topic has already is left out, and so is what an earlier suggestion has.
    say: is told of what was too heavy to ask, and left out.
    """
    reading = read_signs(library.archive, since, until, workers)
    topics = library.topic_list
    covered = list(_articles_of(library, topics, say))
    taken = {topic.id for topic in topics}
    for story in storylines(reading):
        best = _best_query(library, reading, story)
        if best is None:
            continue
        own = best.of_peak or best.told
        if any(len(own & other) >= MOST_COVERED * len(own) for other in covered):
            continue
        covered.append(best.of_peak)
        try:
            made = _suggestion(library, reading, story, best, taken)
        except QueryTooHeavy:
            say(f"The storyline {best.text} is left out: it is too heavy to ask.")
            continue
        taken.add(made.id)
        yield made


def _articles_of(
    library: Library, topics: Sequence[Topic], say: Callable[[str], None]
) -> Iterator[frozenset[str]]:
    for topic in topics:
        try:
            yield frozenset(library.matching(Request(filters={"topic": (topic.id,)})))
        except QueryTooHeavy:
            say(f"The topic {topic.name} ({topic.id}) is too heavy to ask, so what it has may be suggested again.")


# ---- the query ----


@dataclass(frozen=True, slots=True)
class _Tried:
    """A query with what it finds. told: the storyline's articles. of_peak: those found around its days."""

    text: str
    found: frozenset[str]
    told: frozenset[str]
    of_peak: frozenset[str]

    @property
    def within(self) -> float:
        return len(self.of_peak) / len(self.found)

    @property
    def share_told(self) -> float:
        return len(self.of_peak & self.told) / len(self.of_peak) if self.of_peak else 0.0

    @property
    def is_good(self) -> bool:
        return self.within >= LEAST_WITHIN and self.share_told >= LEAST_TOLD


def _best_query(library: Library, reading: Reading, story: Storyline) -> _Tried | None:
    told = frozenset(reading.ids[number] for number in story.core.articles.tolist())
    around = timedelta(days=AROUND_DAYS)
    first, last = story.core.burst.first - around, story.core.burst.last + around
    start, end = reading.days.searchsorted([first.toordinal(), last.toordinal() + 1]).tolist()
    of_days = frozenset(reading.ids[start:end])
    tried: list[_Tried] = []
    newest = date.fromordinal(int(reading.days[-1]))
    for tree in _queries(library, story.core.signs, story.core.burst, newest):
        text = query_text(tree)
        try:
            found = frozenset(library.matching(Request(text)))
        except QueryTooHeavy:
            continue
        if len(found & told) * 2 < len(told):
            continue        # it asks for something else
        tried.append(_Tried(text, found, told, found & of_days))
        if tried[-1].is_good:
            return tried[-1]
    if _says_little(story.core.signs):
        return None
    return max(tried, key=lambda one: one.within * one.share_told, default=None)


def _queries(library: Library, signs: Sequence[Sign], burst: Burst, newest: date) -> Iterator[Tree]:
    """From the plainest to the narrowest: anywhere, in titles and headings, in those days only."""
    plain = [_leaf(library, sign) for sign in signs]
    titled = [InTitle(Word(written(sign, library.registry.entity))) for sign in signs]
    # What still goes on is to be followed.
    goes_on = burst.last + timedelta(days=GOES_ON_DAYS) >= newest
    days = PublishedIn(burst.first, None if goes_on else burst.last)
    first_titled = [titled[0], *plain[1:]], [plain[0], *titled[1:]]
    narrower = (*first_titled, titled) if len(signs) > 1 else (titled,)
    for leaves in (plain, *narrower):
        yield _all_of(leaves)
    if not _says_little(signs):
        for leaves in (plain, *narrower):
            yield _all_of([*leaves, days])


def _says_little(signs: Sequence[Sign]) -> bool:
    """Whether these are a country and a plain noun, which go together again and again: イラン 交渉."""
    return all(sign.kind == "country" or (sign.kind == WORD and is_common(sign.value)) for sign in signs)


def _leaf(library: Library, sign: Sign) -> Tree:
    name = written(sign, library.registry.entity)
    return Chosen(sign.kind, name) if sign.kind in FIELDS else Word(name)


def _all_of(leaves: Sequence[Tree]) -> Tree:
    return leaves[0] if len(leaves) == 1 else And(tuple(leaves))


# ---- what is shown ----


def _suggestion(
    library: Library, reading: Reading, story: Storyline, best: _Tried, taken: Container[str]
) -> Suggestion:
    burst = story.core.burst
    numbers = story.core.articles.tolist()
    named = library.registry.entity
    name = name_of(story, [reading.titles[number] for number in numbers], named, library.registry.surfaces)
    page = library.search(Request(best.text, since=burst.first, until=burst.last, size=ARTICLES_SHOWN))
    evidence = [Evidence(one.signs[0].kind, written(one.signs[0], named), one.burst) for one in story.beside]
    core = " ".join(written(sign, named) for sign in story.core.signs)
    kind = story.core.signs[0].kind if len(story.core.signs) == 1 else "together"
    return Suggestion(
        _free_id(slug(name), burst, taken), name, best.text, burst.first, burst.last, len(best.found), page.total,
        [StorylineArticle(hit.id, hit.title.text, hit.published) for hit in page.hits if not hit.partial],
        [Evidence(kind, core, burst), *evidence],
    )


def _free_id(wanted: str, burst: Burst, taken: Container[str]) -> str:
    """The name; with the month where it is taken or empty, and with a number, from 2, where that is taken as well.

    wanted: as `slug` makes it, so short that there is room for both.
    """
    dated = f"{wanted or 'topic'}-{burst.first:%Y-%m}"
    numbered = (f"{dated}-{number}" for number in count(2))
    return next(one for one in chain([wanted, dated], numbered) if one and one not in taken)
