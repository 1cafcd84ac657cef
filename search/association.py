"""How much two things belong together, told from how often each stands and how often both do."""

from __future__ import annotations

from math import log


def association(both: int, one: int, other: int, everything: int) -> float:
    """The log-likelihood ratio G² of two things standing together; below 0 where they do so less than by chance.

    both: articles with the two. one, other: articles with each. everything: articles in all.
    What is everywhere is no surprise beside anybody, and what stands twice proves little: so neither comes first, as
    it would by plain counts or by mutual information. From Ted Dunning, "Accurate Methods for the Statistics of
    Surprise and Coincidence", Computational Linguistics 19(1), 1993: 2 Σ k ln(k / expected) over the table of two
    rows and two columns.
    """
    neither = everything - one - other + both
    if min(both, one - both, other - both, neither) < 0:
        return 0.0      # no such table: counts of two moments
    table = (
        (both, one, other),
        (one - both, one, everything - other),
        (other - both, everything - one, other),
        (neither, everything - one, everything - other),
    )
    surprise = 2 * sum(k * log(k * everything / (row * column)) for k, row, column in table if k > 0)
    return surprise if both * everything > one * other else -surprise
