"""What a search gives back, ready to draw: no engine, no HTML, no database behind these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from search.articles import Entity, Kind, Published, Ruby
from search.query.forms import Why

FACETS = ("person", "country", "organization", "place", "topic", "desk", "source", "year")
"""The facets of every result page, in the order they are shown."""

VALUES_SHOWN = 50
"""Of a facet. Nobody reads the 12,000 persons of an archive in a list; how many there are is told beside it."""

Unit = Literal["year", "month", "day"]
UNITS: tuple[Unit, ...] = ("year", "month", "day")
"""What one bar of a histogram spans."""

NO_DATE = "none"
"""The `year` value of articles without a date."""


@dataclass(frozen=True, slots=True)
class NameMark:
    """Words that name an entity, in code points of the text they stand in, end excluded.

    confidence: 0 to 1. is_inferred: they stand for a name, as 同氏 and 米大統領 do.
    """

    start: int
    end: int
    kind: Kind
    entity: Entity
    confidence: float = 1.0
    is_inferred: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    """A stretch of text and the spans in it that answered, in code points of `text`, end excluded.

    opens, closes: whether the stretch begins and ends where its section does (else an ellipsis is due).
    names: on the page of an article, ascending, none over another; marks may lie over them.
    ruby: there too, with places in `text`.
    """

    text: str
    marks: tuple[tuple[int, int], ...] = ()
    opens: bool = True
    closes: bool = True
    names: tuple[NameMark, ...] = ()
    ruby: tuple[Ruby, ...] = ()

    def pieces(self) -> list[tuple[str, bool]]:
        """The text cut at the marks: (piece, is it marked); nothing is escaped yet."""
        cut: list[tuple[str, bool]] = []
        at = 0
        for start, end in self.marks:
            if start > at:
                cut.append((self.text[at:start], False))
            cut.append((self.text[start:end], True))
            at = end
        if at < len(self.text):
            cut.append((self.text[at:], False))
        return cut


@dataclass(frozen=True, slots=True)
class SectionHit:
    """One section of an article that answers; number 0 is the text before the first heading."""

    number: int
    heading: Snippet | None
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class Hit:
    """One article that answers.

    sections: the best one to three, best first. more_sections: how many others answer too.
    people, countries: who and where, most mentioned first, for the line under the title.
    partial: whether it lacks words of the query, or has them too far down; missing: those it lacks, as typed.
    copy_of: id of the article that stands for its copies, None if that is itself or it has none.
    authors: as the source names them.
    """

    id: str
    title: Snippet
    url: str | None
    published: Published | None
    source: str | None
    desk: str | None
    score: float
    sections: tuple[SectionHit, ...]
    more_sections: int = 0
    people: tuple[Entity, ...] = ()
    countries: tuple[Entity, ...] = ()
    title_inferred: bool = False
    partial: bool = False
    missing: tuple[str, ...] = ()
    copy_of: str | None = None
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet: `value` goes into the URL, `label` is what people read.

    count: articles, if this were all that is chosen or excluded in its facet.
    """

    value: str
    label: str
    count: int
    selected: bool = False
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """The articles published from `start` to before `end`."""

    start: date
    end: date
    count: int


@dataclass(frozen=True, slots=True)
class Interpretation:
    """How a word of the query was understood: `word` was taken as a `kind` named `name`.

    also: the other written forms that are searched with it.
    is_off: it would be understood so if that were not switched off.
    """

    word: str
    taken_as: str
    entity: str
    name: str
    also: tuple[str, ...] = ()
    is_off: bool = False


@dataclass(frozen=True, slots=True)
class WordForm:
    """Another form of a word of the query: `text`, which is searched with it unless it is switched off.

    why: how it follows from the word, as `query.forms.Form` has it.
    """

    word: str
    text: str
    why: Why
    is_off: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a query that can be taken away, for chips and for the no-hits page.

    facet: a facet's name, "from", "to" or "q". total_without: articles if it were dropped, where counted.
    excludes: whether it is that articles do not have the value.
    """

    facet: str
    value: str
    label: str
    total_without: int | None = None
    excludes: bool = False


@dataclass(frozen=True, slots=True)
class ResultPage:
    """One page of results; counts are articles, and exact.

    facets: every name of FACETS -> its most frequent values (VALUES_SHOWN) and those chosen or excluded; a facet
        ignores its own choice. facet_sizes: how many values it has in all.
    forms: of the words of the query, beside those typed.
    notes: plain sentences about what was done with an odd query or an older index.
    partial_total: articles with some of the words, which come after the `total` that have all; their facets and
        histogram are shown where `total` is 0.
    as_sentence: the query was read as a sentence; `total` articles have its words in title or first sentences.
    did_you_mean: another query, which finds more.
    histogram_units: what the bars may span, so that there are neither too many nor too few.
    ways_out: key of `query.ways_out` -> articles; those that find something, where this finds nothing.
    without_two: where none of `conditions` has any `total_without`: (place of one, place of another, articles without
        both), those that find something, most articles first.
    """

    query: str
    total: int
    took_ms: float
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[FacetValue, ...]]
    histogram: tuple[Bar, ...]
    facet_sizes: Mapping[str, int] = field(default_factory=dict)
    interpreted: tuple[Interpretation, ...] = ()
    forms: tuple[WordForm, ...] = ()
    conditions: tuple[Condition, ...] = ()
    notes: tuple[str, ...] = ()
    partial_total: int = 0
    as_sentence: bool = False
    did_you_mean: str | None = None
    histogram_units: tuple[Unit, ...] = ()
    ways_out: Mapping[str, int] = field(default_factory=dict)
    without_two: tuple[tuple[int, int, int], ...] = ()
    page: int = 1
    size: int = 20

    @property
    def pages(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, -(-(self.total + self.partial_total) // self.size))

    def as_json(self) -> dict[str, Any]:
        """The form of `search --format json` and of `/?format=json`, a contract."""
        return {
            "query": self.query,
            "total": self.total,
            "took_ms": round(self.took_ms, 1),
            "interpreted": [
                {"word": i.word, "as": i.taken_as, "entity": i.entity, "name": i.name}
                for i in self.interpreted if not i.is_off
            ],
            "forms": [{"word": f.word, "form": f.text, "as": f.why, "off": f.is_off} for f in self.forms],
            "hits": [hit_json(hit) for hit in self.hits],
            "facets": {
                name: [
                    {"value": v.value, "label": v.label, "count": v.count, "selected": v.selected,
                     **({"excluded": True} if v.excluded else {})}
                    for v in self.facets.get(name, ())
                ]
                for name in FACETS
            },
            "histogram": [
                {"from": bar.start.isoformat(), "to": bar.end.isoformat(), "count": bar.count}
                for bar in self.histogram
            ],
            "partial_total": self.partial_total,
            "did_you_mean": self.did_you_mean,
            "notes": list(self.notes),
        }


def hit_json(hit: Hit) -> dict[str, Any]:
    """One of the `hits` of that form."""
    partial = {"partial": True, "missing": list(hit.missing)} if hit.partial else {}
    return {
        "id": hit.id,
        "title": hit.title.text,
        "url": hit.url,
        "published": hit.published.at.isoformat() if hit.published else None,
        "source": hit.source,
        "desk": hit.desk,
        "score": round(hit.score, 4),
        "sections": [
            {
                "number": section.number,
                "heading": section.heading.text if section.heading else None,
                "snippet": {
                    "text": section.snippet.text,
                    "marks": [list(mark) for mark in section.snippet.marks],
                },
            }
            for section in hit.sections
        ],
        **({"copy_of": hit.copy_of} if hit.copy_of else {}),
        **partial,
    }


@dataclass(frozen=True, slots=True)
class Health:
    """What `/healthz` says. behind: changes of the archive that the index does not have yet."""

    articles: int
    indexed: int
    behind: int
    indexed_at: str | None
    notes: Sequence[str] = field(default_factory=tuple)
