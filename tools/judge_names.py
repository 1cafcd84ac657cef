"""What found names are worth: precision, recall and F1 by kind, and how far confidences can be trusted."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.mentions.crf import TaggedSpan
from search.articles import KINDS, Kind

OVERALL: tuple[Kind, ...] = ("person", "place", "organization")
THRESHOLDS = (0.0, 0.5, 0.7, 0.85, 0.95)

Name = tuple[int, int, Kind]
Judged = Sequence[tuple[frozenset[Name], list[TaggedSpan]]]


def print_scores(title: str, judged: Judged) -> None:
    """One line a kind, of exact spans; then the same for persons of growing confidence."""
    print(f"{title}\n  {'kind':36}{'precision':>10}{'recall':>8}{'F1':>8}{'names':>8}")
    for kind in KINDS:
        if any(name[2] == kind for names, _ in judged for name in names):
            _print_line(kind, judged, (kind,))
    _print_line(", ".join(OVERALL), judged, OVERALL)
    for threshold in THRESHOLDS[1:]:
        _print_line(f"person, confidence >= {threshold}", judged, ("person",), threshold)


def _print_line(title: str, judged: Judged, kinds: tuple[Kind, ...], threshold: float = 0.0) -> None:
    right, found, wanted = counts(judged, kinds, threshold)
    precision, recall = right / max(1, found), right / max(1, wanted)
    f1 = 2 * right / max(1, found + wanted)
    print(f"  {title:36}{precision:10.1%}{recall:8.1%}{f1:8.1%}{wanted:8}")


def counts(judged: Judged, kinds: tuple[Kind, ...], threshold: float) -> tuple[int, int, int]:
    """How many spans are right, were found, and are there to be found."""
    right = found = wanted = 0
    for names, spans in judged:
        given = {name for name in names if name[2] in kinds}
        taken = {span[:3] for span in spans if span.kind in kinds and span.confidence >= threshold}
        right += len(given & taken)
        found += len(taken)
        wanted += len(given)
    return right, found, wanted
