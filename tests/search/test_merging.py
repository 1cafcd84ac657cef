"""Merging segments gives what one batch of the articles that are left would have given."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from contract_strategies import articles
from engine_articles import PEACE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.engine import AnalyzedArticle
from search.whoosh_engine import char_merging, merging
from search.whoosh_engine.batch import Batch, Vocabularies
from search.whoosh_engine.char_merging import write_chars
from search.whoosh_engine.inversion import content_of, invert, terms_of_fields
from search.whoosh_engine.merging import GROWTH, MOST_SEGMENTS, merge, to_merge
from search.whoosh_engine.runs import Runs, write_run
from search.whoosh_engine.schema import LENGTHS
from search.whoosh_engine.segment import FIELDS, VALUED_FIELDS, Segment, write_segment
from search.whoosh_engine.vocabulary import Lexicon

quick = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def collected(batch: Sequence[AnalyzedArticle], vocabularies: Vocabularies | None = None) -> Batch:
    made = Batch(vocabularies)
    for one in batch:
        made.add(one)
    return made


def segment(path: Path, batch: Sequence[AnalyzedArticle], deleted: Sequence[int] = ()) -> Segment:
    write_segment(path, content_of(collected(batch)))
    return Segment(path, np.array(deleted, np.int64), ValueError)


def content(one: Segment) -> dict[str, object]:
    """All that a segment says, field by field."""
    facts = one.facts
    found: dict[str, object] = {"size": one.size, "lengths": one.lengths_in_all}
    found |= {name: getattr(facts, name).tolist() for name in ("version", "at", "day", "places")}
    of_parts = ("ends", "places", "sections", "weights", "chars")
    found |= {f"part {name}": getattr(facts.parts, name).tolist() for name in of_parts}
    found |= {f"lengths of {name}": facts.lengths[name].tolist() for name in LENGTHS}
    found |= {"pairs": one.chars.keys().tolist(), "places": one.chars.places(0, one.chars.pairs).tolist()}
    found |= {"begins": one.chars.bits.begins.tolist(), "borders": one.chars.bits.borders.tolist()}
    found |= {f"values of {name}": [array.tolist() for array in one.values(name)] for name in VALUED_FIELDS}
    for name in FIELDS:
        terms = one.terms(name)
        found[f"terms of {name}"] = terms
        found[f"df of {name}"] = one.document_frequencies(name).tolist()
        if terms:
            postings = one.postings(name, 0, len(terms))
            found[f"postings of {name}"] = [
                getattr(postings, array).tolist() for array in ("df", "docs", "counts", "weights", "steps")
            ]
    return found


def some(number: int) -> st.SearchStrategy[list[AnalyzedArticle]]:
    ids = st.lists(st.integers(0, 9), min_size=1, max_size=5, unique=True)
    return ids.flatmap(lambda chosen: st.tuples(*(articles(f"s{number}-{one}") for one in chosen)).map(list))


batches = st.integers(1, 4).flatmap(lambda count: st.tuples(*(some(number) for number in range(count))))


@quick
@given(several=batches, piece=st.sampled_from((1, 3, 1 << 20)), data=st.data())
def test_a_merged_segment_is_that_of_one_batch(
    several: tuple[list[AnalyzedArticle], ...], piece: int, data: st.DataObject
) -> None:
    """piece: postings, and places of characters, that are merged at a time."""
    deleted = [sorted(data.draw(st.sets(st.integers(0, len(batch) - 1)))) for batch in several]
    live = [
        one for batch, gone in zip(several, deleted, strict=True) for doc, one in enumerate(batch) if doc not in gone
    ]
    if not live:
        return
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "PIECE_POSTINGS", piece)
        patch.setattr(char_merging, "PIECE_PLACES", piece)
        sources = [
            segment(Path(folder) / f"{number}.kiji", batch, gone)
            for number, (batch, gone) in enumerate(zip(several, deleted, strict=True))
        ]
        merge(sources, Path(folder) / "merged.kiji")
        merged = Segment(Path(folder) / "merged.kiji", np.zeros(0, np.int64), ValueError)
        assert content(merged) == content(segment(Path(folder) / "expected.kiji", live))


def test_runs_are_merged_after_segments(tmp_path: Path) -> None:
    first = segment(tmp_path / "first.kiji", PEACE[:2], [0])
    both = Vocabularies()
    lexicon = Lexicon()
    parts = [collected([one], both) for one in PEACE[2:]]
    runs = [write_run(tmp_path / f"{n}.run", invert(part.collected(), lexicon)) for n, part in enumerate(parts)]
    chars = [write_chars(tmp_path / f"{n}.chars", *part.characters()) for n, part in enumerate(parts)]
    terms = terms_of_fields(both, lexicon.terms())
    merge([first, Runs(runs, terms, [one.id for one in PEACE[2:]], chars)], tmp_path / "merged.kiji")
    merged = Segment(tmp_path / "merged.kiji", np.zeros(0, np.int64), ValueError)
    assert content(merged) == content(segment(tmp_path / "expected.kiji", PEACE[1:]))


# ---- which to merge -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("live", "deleted", "expected"),
    [
        ([], [], (0, 0)),
        ([5], [0], (1, 1)),
        ([100, 10], [0, 0], (2, 2)),                # ten times as large
        ([80, 10], [0, 0], (2, 2)),                 # just so
        ([79, 10], [0, 0], (0, 2)),
        ([1_000, 100, 10], [0, 0, 0], (3, 3)),
        ([1_000, 20, 10], [0, 0, 0], (1, 3)),       # the oldest may stay
        ([850, 100, 10], [0, 0, 0], (0, 3)),        # 100 and 10 together
        ([90_000, 9_000, 900, 90], [0] * 4, (2, 4)),  # never more than three
        ([80, 9], [20, 0], (2, 2)),                 # a fifth deleted
        ([79, 9], [21, 0], (0, 2)),                 # more
        ([79], [21], (0, 1)),                       # one segment alone, written anew
        ([1_000, 79], [0, 21], (1, 2)),
    ],
)
def test_segments_are_merged(live: list[int], deleted: list[int], expected: tuple[int, int]) -> None:
    assert to_merge(live, deleted) == expected


@pytest.mark.parametrize("batch", [lambda _: 1, lambda n: 1 + n % 7, lambda n: 500 if n % 50 == 0 else 2])
def test_small_batches_make_few_segments_and_rewrite_each_article_not_too_often(batch: Callable[[int], int]) -> None:
    live: list[int] = []
    written = 0
    for number in range(3_000):
        live.append(batch(number))
        first, end = to_merge(live, [0] * len(live))
        written += sum(live[first:end]) or live[-1]
        live = [*live[:first], sum(live[first:end])] if first < end else live
        assert len(live) <= MOST_SEGMENTS
        assert all(older >= GROWTH * sum(live[place + 1 :]) for place, older in enumerate(live[:-1]))
    assert written < 25 * sum(live)     # with 3,000 batches
