"""How the tagger's weights are learned: what a dozen sentences teach, and the gradient.

About 10 s, nearly all of it numba compiling the learner.
"""

from __future__ import annotations

import re
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.mentions.crf import Tagger
from search.japanese.tokens import units

crf_training = pytest.importorskip("tools.crf_training", reason="the extra `train` is not installed")
train_names = pytest.importorskip("tools.train_names", reason="the extra `train` is not installed")

TAUGHT = """
<person:石破茂>首相は<place:東京>で演説した。
<person:田中花子>首相は<place:大阪>で会見した。
<person:山田太郎>首相は<place:京都>で会談した。
<person:石破茂>氏は<place:大阪>を訪れた。
<person:田中花子>氏は<place:東京>を訪れた。
<person:山田太郎>氏は<place:福岡>を訪れた。
<organization:トヨタ自動車>は<place:福岡>に工場を置く。
<organization:日立製作所>は<place:京都>に工場を置く。
<organization:トヨタ自動車>が利益を発表した。
<organization:日立製作所>が利益を発表した。
会議は中止になった。
大雨で工場が止まった。
""".split()

WORDS, ATTRIBUTES, LABELS = 4, 3, 3


def examples() -> list[train_names.Example]:
    read = []
    for marked in TAUGHT:
        text, names = "", set()
        for plain, kind, name in re.findall(r"([^<]+)|<(\w+):([^>]+)>", marked):
            if kind:
                names.add((len(text), len(text) + len(name), kind))
            text += plain + name
        read.append(train_names.Example("made", 0, text, frozenset(names)))
    return read


def test_what_was_taught_is_found() -> None:
    tagger = Tagger(train_names.train(examples()))
    for example in examples():
        found = tagger.tag(units(example.text))
        assert {span[:3] for span in found} == example.names, example.text
        assert all(span.confidence > 0.5 for span in found)


def test_the_same_pieces_give_the_same_weights() -> None:
    one, other = (
        crf_training.learn(piece for example in examples() for piece in train_names.sequences(example))
        for _ in range(2)
    )
    assert one == other
    assert one[0]
    assert one[1]


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(1)


def test_what_each_epoch_changes_is_the_gradient(random: np.random.Generator) -> None:
    """Each word has attributes of its own, so a row that stays as it was is one that was left out."""
    taught = crf_training.Taught(
        first=np.array([0, WORDS]),
        labels=np.array([0, 2, 2, 1]),
        begins=np.arange(WORDS + 1) * ATTRIBUTES,
        numbers=np.arange(WORDS * ATTRIBUTES, dtype=np.int32),
        values=random.uniform(0.5, 1.5, WORDS * ATTRIBUTES).astype(np.float32),
    )
    weights = np.zeros((WORDS * ATTRIBUTES, crf_training.WIDTH), np.float32)
    weights[:, :LABELS] = random.normal(0, 0.5, (len(weights), LABELS))
    transitions = random.normal(0, 0.5, (LABELS, LABELS))
    # Squares so large that what one step adds to them is nothing: it is then the gradient, times a number.
    squares, squares_of_transitions = np.full_like(weights, 1e4), np.full_like(transitions, 1e4)
    after, transitions_after = weights.copy(), transitions.copy()
    crf_training._epoch(np.array([0]), taught, after, squares, transitions_after, squares_of_transitions, 1)
    by = crf_training.RATE / 100

    is_left = (after != weights).any(axis=1)
    assert 0 < is_left.sum() < len(weights)
    values = taught.values * is_left / (1 - crf_training.LEFT_OUT)

    def likelihood(weights: NDArray[np.float64], transitions: NDArray[np.float64]) -> float:
        scores = (weights * values[:, None]).reshape(WORDS, ATTRIBUTES, LABELS).sum(axis=1)

        def of(path: tuple[int, ...]) -> float:
            return float(scores[range(WORDS), path].sum() + transitions[path[:-1], path[1:]].sum())

        paths = product(range(LABELS), repeat=WORDS)
        return of(tuple(taught.labels)) - float(np.log(sum(np.exp(of(path)) for path in paths)))

    exact = weights[:, :LABELS].astype(np.float64)
    for changed, table in ((after[:, :LABELS] - exact, exact), (transitions_after - transitions, transitions)):
        gradient = np.zeros_like(table)
        for place in np.ndindex(table.shape):
            kept = table[place]
            ends = []
            for table[place] in (kept + 1e-5, kept - 1e-5):
                ends.append(likelihood(exact, transitions))
            table[place] = kept
            gradient[place] = (ends[0] - ends[1]) / 2e-5
        np.testing.assert_allclose(changed / by, gradient, atol=1e-3)
