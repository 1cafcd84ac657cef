"""Names found in articles, beside those that were annotated by reading (tests/gold/README.md).

    python -m benchmarks.names [--set dev|seeds|final] [--confidence 0.5] [--errors]

Without --set, seeds and dev. `final` is kept for the last measurement: nobody looks at its errors. dev and final are
articles of the collections that KIJIGURA_CORPORA names. What each figure means:

    precision, recall, F1   of mentions with exactly the annotated span and kind; a country must be the right one too
    letter, whole           countries written as one character (米, 北), and all others; by the span
    linked                  of the persons and organizations found so, those that stand together in their article with
                            the same found mentions as in the annotation, no more and no fewer
    B-cubed                 over all persons of an article. Precision: for each mention that the program gives, which
                            share of those it puts together with it belong there (0 for one that is no name). Recall:
                            for each annotated one, which share of its person's mentions is with it (0 for a missed one)
    across                  over pairs of found persons in different articles of the set. Precision: of the pairs that
                            the program gives one entity (a bundled id, or else one folded name), those that are one
                            person. Recall: of the pairs that are one person, those given one entity. `pairs`: how many
                            the one and the other are of; few say little

Left out: what stands for an office alone (`is_inferred`), and with --confidence what the program is less sure of. The
body is one part for the program here, headings marked by ## and all, as the annotation has it.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from benchmarks.gold import BETWEEN, SETS, Place, annotated, text_of
from benchmarks.tables import table
from indexer.mentions import find_names
from search.articles import TITLE, Part
from search.japanese.tokens import units
from search.names import fold_name

ROWS = ("person", "country", "country, whole", "country, letter", "organization")
CONTEXT = 15


@dataclass(frozen=True, slots=True)
class Compared:
    """An article with its annotated mentions and those of the program, by the keys of either."""

    id: str
    text: str
    gold: dict[Place, str]
    found: dict[Place, str]

    def is_right(self, place: Place) -> bool:
        """Whether the mention is in both, and the same country if it is one."""
        both = place in self.gold and place in self.found
        return both and (place[2] != "country" or self.gold[place] == self.found[place])

    def linked(self) -> dict[Place, bool]:
        """Each person and organization found, and whether it stands together with the right ones."""
        places = [place for place in self.gold if place[2] != "country" and self.is_right(place)]
        ours, theirs = _together(self.found, places), _together(self.gold, places)
        return {place: ours[place] == theirs[place] for place in places}


@dataclass(slots=True)
class Share:
    """So many of so many."""

    part: float = 0
    whole: int = 0

    def add(self, part: float, whole: int = 1) -> None:
        self.part += part
        self.whole += whole

    @property
    def value(self) -> float:
        return self.part / self.whole if self.whole else 0.0


@dataclass(slots=True)
class Pair:
    """Precision and recall of one thing."""

    precision: Share = field(default_factory=Share)
    recall: Share = field(default_factory=Share)

    def percents(self) -> list[str]:
        """Both, and their harmonic mean; – for shares of nothing."""
        shares = self.precision, self.recall
        return [*(f"{100 * s.value:.1f}" if s.whole else "–" for s in shares), f"{100 * self.f:.1f}" if self.f else "–"]

    @property
    def f(self) -> float:
        p, r = self.precision.value, self.recall.value
        return 2 * p * r / (p + r) if p + r else 0.0


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured on a set. spans: by the names in ROWS."""

    spans: dict[str, Pair]
    linked: Share
    b_cubed: Pair
    across: Pair


def compare(of: str, confidence: float = 0.0) -> list[Compared]:
    """Find the names in every article of a set."""
    compared = []
    for article in annotated([of]):
        text = text_of(article)
        compared.append(Compared(article.id, text, article.mentions, _found(text, confidence)))
    return compared


def _found(text: str, confidence: float) -> dict[Place, str]:
    title, _, body = text.partition(BETWEEN)
    parts = [Part(TITLE, False, title)] if title else []
    parts.append(Part(0, False, body))
    starts = [0, len(text) - len(body)][-len(parts):]
    names = find_names(parts, [units(part.text) for part in parts])
    return {
        (starts[n.part] + n.start, starts[n.part] + n.end, n.kind): n.entity_id or fold_name(n.name)
        for n in names if not n.is_inferred and n.confidence >= confidence
    }


def measure(articles: Sequence[Compared]) -> Figures:
    """All figures of a set."""
    figures = Figures({row: Pair() for row in ROWS}, Share(), Pair(), Pair())
    for article in articles:
        for place in article.found:
            for row in _rows(place):
                figures.spans[row].precision.add(article.is_right(place))
        for place in article.gold:
            for row in _rows(place):
                figures.spans[row].recall.add(article.is_right(place))
        for is_right in article.linked().values():
            figures.linked.add(is_right)
        _add_b_cubed(figures.b_cubed, article)
    _add_across(figures.across, articles)
    return figures


def _rows(place: Place) -> list[str]:
    start, end, kind = place
    if kind == "country":
        return [kind, "country, letter" if end - start == 1 else "country, whole"]
    return [kind] if kind in ROWS else []


def _together(keys: dict[Place, str], places: Iterable[Place]) -> dict[Place, set[Place]]:
    """Each of the places with all that have its kind and key."""
    clusters: defaultdict[tuple[str, str], set[Place]] = defaultdict(set)
    for place in places:
        clusters[place[2], keys[place]].add(place)
    return {place: cluster for cluster in clusters.values() for place in cluster}


def _add_b_cubed(pair: Pair, article: Compared) -> None:
    ours, theirs = (_together(k, (p for p in k if p[2] == "person")) for k in (article.found, article.gold))
    for share, clusters, others in ((pair.precision, ours, theirs), (pair.recall, theirs, ours)):
        for place, cluster in clusters.items():
            share.add(len(cluster & others.get(place, set())) / len(cluster))


def _add_across(pair: Pair, articles: Sequence[Compared]) -> None:
    # How often each article has (person of the gold, entity of the program); pairs are counted, not made.
    said = [Counter((a.gold[p], a.found[p]) for p in a.gold if p[2] == "person" and a.is_right(p)) for a in articles]
    for one, other in combinations(said, 2):
        for (person, entity), times in one.items():
            for (person_too, entity_too), times_too in other.items():
                both = times * times_too * (person == person_too and entity == entity_too)
                pair.precision.add(both, times * times_too * (entity == entity_too))
                pair.recall.add(both, times * times_too * (person == person_too))


def errors(article: Compared) -> Iterator[str]:
    """A line for each mention that was missed, that is no name, that is another country, or that is linked wrong."""
    wrong = [p for p in {**article.gold, **article.found} if _rows(p) and not article.is_right(p)]
    wrong += [place for place, is_right in article.linked().items() if not is_right]
    for place in sorted(wrong):
        start, end, kind = place
        gold, found = article.gold.get(place, ""), article.found.get(place, "")
        what = "missed" if not found else "no name" if not gold else "wrong"
        before, after = article.text[max(0, start - CONTEXT):start], article.text[end:end + CONTEXT]
        around = f"{before}[{article.text[start:end]}]{after}".replace("\n", " ")
        yield "\t".join((article.id, what, kind, gold, found, around))


def report(figures_by_set: dict[str, Figures]) -> str:
    """Two tables in Markdown: what was found, and how it was linked."""
    spans, links = [], []
    for of, figures in figures_by_set.items():
        for row, pair in figures.spans.items():
            spans.append([of, row, str(pair.recall.whole), str(pair.precision.whole), *pair.percents()])
        linked = f"{100 * figures.linked.value:.1f}"
        pairs = f"{figures.across.precision.whole} / {figures.across.recall.whole}"
        links.append([of, linked, *figures.b_cubed.percents(), *figures.across.percents(), pairs])
    three = ("precision", "recall", "F1")
    return "\n\n".join((
        table(["set", "kind", "annotated", "found", *three], spans),
        table(["set", "linked", *(f"B-cubed {x}" for x in three), *(f"across {x}" for x in three), "pairs"], links),
    ))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report, and errors where they are asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.names", description="How well names are found.")
    parser.add_argument("--set", choices=SETS, help="only this one [seeds and dev]")
    parser.add_argument("--confidence", type=float, default=0.0, metavar="C", help="leave out what is less sure")
    parser.add_argument("--errors", action="store_true", help="list each; not for final")
    options = parser.parse_args(arguments)
    if options.errors and options.set == "final":
        parser.error("nobody looks at the errors of final")
    try:
        compared = {of: compare(of, options.confidence) for of in ([options.set] if options.set else SETS[:2])}
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    print(report({of: measure(articles) for of, articles in compared.items()}))
    if options.errors:
        print("", *(line for articles in compared.values() for one in articles for line in errors(one)), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
