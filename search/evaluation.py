"""How well a ranking answers judged queries, in the measures of the library ir-measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

DEPTH = 100
"""How many articles of an answer are looked at: no measure looks further."""

MEASURES = {"nDCG@10": "nDCG@10", "R@10": "R@10", "R@100": "R@100", "MRR@10": "RR@10", "P@1": "P@1"}
"""Our names, in the order they are shown -> those of ir-measures."""


def measure(gains: Mapping[str, Mapping[str, int]], ranked: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """The mean of each of MEASURES over the queries of `ranked`; 0.0 where there is none.

    gains: query id -> article id -> score above 0 of each article that answers. Every query of `ranked` has one.
    ranked: query id -> ids of the articles found, best first, each once; only DEPTH of them count.
    """
    sums = dict.fromkeys(MEASURES, 0.0)
    for of_one in measure_each(gains, ranked).values():
        for name, value in of_one.items():
            sums[name] += value
    return {name: total / max(1, len(ranked)) for name, total in sums.items()}


def measure_each(
    gains: Mapping[str, Mapping[str, int]], ranked: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """Query id -> each of MEASURES."""
    if not ranked:
        return {}
    # The library and what it brings along take 0.15 s to import.
    import ir_measures

    ours = {ir_measures.parse_measure(theirs): name for name, theirs in MEASURES.items()}
    # trec_eval, which does the work, takes ids as C strings and knows the order only by scores: so numbers for all.
    numbers: dict[str, str] = {}

    def number(article_id: str) -> str:
        return numbers.setdefault(article_id, str(len(numbers)))

    queries = {str(n): query_id for n, query_id in enumerate(ranked)}
    judged = {n: {number(a): gain for a, gain in gains[query_id].items()} for n, query_id in queries.items()}
    run = {
        n: {number(a): float(-rank) for rank, a in enumerate(ranked[query_id][:DEPTH])}
        for n, query_id in queries.items()
    }
    found: dict[str, dict[str, float]] = {query_id: dict.fromkeys(MEASURES, 0.0) for query_id in ranked}
    for value in ir_measures.iter_calc(list(ours), judged, run):
        found[queries[value.query_id]][ours[value.measure]] = value.value
    return found
