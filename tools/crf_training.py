"""How the weights of a conditional random field are learned: by AdaGrad, with attributes left out at random.

Against crfsuite's L-BFGS, leaving out half of the attributes of a word each time (dropout) is worth half a point of F1:
the weights cannot lean on a few attributes that name what was taught. Vectors are numbers here, not attributes of
their own, of which crfsuite would have to hold 500 for each word. Compiled by numba, the extra `train`.

- Duchi, Hazan and Singer, Adaptive Subgradient Methods for Online Learning and Stochastic Optimization (2011)
- Srivastava and others, Dropout: A Simple Way to Prevent Neural Networks from Overfitting (2014)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from indexer.mentions.attributes import Attributed
from indexer.mentions.clusters import vectors

LEARNERS: Final = 4
"""The weights are the mean of what so many learn, who read the pieces in other orders and leave out other attributes:
again worth half a point, and free when tagging, as the mean of sums is the sum of means."""

EPOCHS: Final = 6
FIRST_AVERAGED: Final = 3
"""What each learns is the mean of its weights after each epoch from this one on (counted from 0)."""

RATE: Final = 0.1
BEFORE: Final = 0.1
"""What AdaGrad takes the squared gradients of a weight to have added up to at first: the rare move it little."""

LEFT_OUT: Final = 0.5
LEAST_OFTEN: Final = 2
"""An attribute that fewer of the words have teaches nothing."""

LEAST: Final = 0.02
"""Weights nearer to 0 are left out: that costs nothing, and saves most of the file."""

WIDTH: Final = 16
"""Columns of the table of weights, one a label and some unused: rows of 64 bytes are added up fastest."""

Weights = Mapping[tuple[str, str], float]
Weighed = NDArray[np.float32]
Transitions = NDArray[np.float64]


Piece = tuple[Sequence[Attributed], Sequence[str]]
"""Words, and the label of each."""


class Taught(NamedTuple):
    """The words of all pieces in a row. first: where each piece begins. labels: of each word.

    begins: where the attributes of each word begin in `numbers` and `values`; those that teach nothing are 0.
    """

    first: NDArray[np.intp]
    labels: NDArray[np.intp]
    begins: NDArray[np.intp]
    numbers: NDArray[np.int32]
    values: NDArray[np.float32]


def learn(pieces: Iterable[Piece]) -> tuple[Weights, Weights, list[str]]:
    """Weights by (attribute, label), those of transitions, and the labels. The same pieces give the same weights."""
    names, labels, taught = _numbered(pieces)
    weights, transitions = _learned(taught, len(names), len(labels))
    return (
        {(names[row], labels[column]): float(weights[row, column]) for row, column in np.argwhere(weights)},
        {(one, other): float(transitions[a, b]) for a, one in enumerate(labels) for b, other in enumerate(labels)},
        labels,
    )


def _numbered(pieces: Iterable[Piece]) -> tuple[list[str], list[str], Taught]:
    """The names of attributes and labels, and the pieces with numbers in their place."""
    number: dict[str, int] = {}
    number_of_label: dict[str, int] = {}
    dimensions = range(vectors().shape[1])

    @cache
    def numbers_of_vector(whose: str) -> NDArray[np.int32]:
        return np.array([number.setdefault(f"{whose} {dimension}", len(number)) for dimension in dimensions], np.int32)

    first, begins, labels = [0], [0], []
    numbers: list[NDArray[np.int32]] = []
    values: list[NDArray[np.float32]] = []
    for words, of_words in pieces:
        labels += [number_of_label.setdefault(label, len(number_of_label)) for label in of_words]
        first.append(len(labels))
        for word in words:
            plain = [number.setdefault(name, len(number)) for name in word.attributes]
            numbers += [np.array(plain, np.int32), *(numbers_of_vector(whose) for whose, _ in word.vectors)]
            values += [np.ones(len(plain), np.float32), *(vectors()[row] for _, row in word.vectors)]
            begins.append(begins[-1] + len(plain) + len(dimensions) * len(word.vectors))
    all_numbers, all_values = np.concatenate(numbers), np.concatenate(values)
    all_values[(np.bincount(all_numbers) < LEAST_OFTEN)[all_numbers]] = 0
    taught = Taught(np.array(first), np.array(labels), np.array(begins), all_numbers, all_values)
    return list(number), list(number_of_label), taught


def _learned(taught: Taught, attributes: int, labels: int) -> tuple[Weighed, Transitions]:
    """The weights, (attributes, labels), and those of transitions."""
    mean, mean_of_transitions = np.zeros((attributes, WIDTH), np.float32), np.zeros((labels, labels))
    for seed in range(LEARNERS):
        for weights, transitions in _learn_once(taught, attributes, labels, seed):
            mean += weights
            mean_of_transitions += transitions
    times = LEARNERS * (EPOCHS - FIRST_AVERAGED)
    mean /= np.float32(times)
    mean[np.abs(mean) < LEAST] = 0
    return mean[:, :labels], mean_of_transitions / times


def _learn_once(taught: Taught, attributes: int, labels: int, seed: int) -> Iterator[tuple[Weighed, Transitions]]:
    """What is known after each epoch that counts."""
    random = np.random.default_rng(seed)
    weights, transitions = np.zeros((attributes, WIDTH), np.float32), np.zeros((labels, labels))
    squares, squares_of_transitions = np.full_like(weights, BEFORE), np.full_like(transitions, BEFORE)
    for epoch in range(EPOCHS):
        order = random.permutation(len(taught.first) - 1)
        _epoch(order, taught, weights, squares, transitions, squares_of_transitions, seed * EPOCHS + epoch)
        if epoch >= FIRST_AVERAGED:
            yield weights, transitions


def _compiled(function: Any) -> Any:
    return numba.njit(fastmath=True, error_model="numpy")(function)


@_compiled
def _epoch(order, taught, weights, squares, transitions, squares_of_transitions, seed):  # type: ignore[no-untyped-def]
    """Learn from each piece once, in this order."""
    np.random.seed(seed)
    labels = len(transitions)
    change = np.zeros(WIDTH, np.float32)
    pairs = np.empty((labels, labels))
    for piece in order:
        first, after = taught.first[piece], taught.first[piece + 1]
        right = taught.labels[first:after]
        base = taught.begins[first]
        # What is left of each attribute: nothing, or so much more that the sum is as large in the mean.
        left = np.zeros(taught.begins[after] - base, np.float32)
        scores = np.zeros((after - first, WIDTH), np.float32)
        for word in range(after - first):
            for at in range(taught.begins[first + word], taught.begins[first + word + 1]):
                value = taught.values[at] * np.float32(1 / (1 - LEFT_OUT))
                if value != 0 and np.random.random() >= LEFT_OUT:
                    left[at - base] = value
                    for label in range(WIDTH):
                        scores[word, label] += value * weights[taught.numbers[at], label]
        step = np.exp(transitions)
        here, forward, backward = _shares(scores[:, :labels], step)
        for word in range(1, after - first):
            total = 0.0
            for one in range(labels):
                for other in range(labels):
                    pairs[one, other] = (
                        forward[word - 1, one] * step[one, other] * here[word, other] * backward[word, other]
                    )
                    total += pairs[one, other]
            for one in range(labels):
                for other in range(labels):
                    by = pairs[one, other] / total
                    if one == right[word - 1] and other == right[word]:
                        by -= 1
                    squares_of_transitions[one, other] += by * by
                    transitions[one, other] -= RATE * by / np.sqrt(squares_of_transitions[one, other])
        for word in range(after - first):
            total = (forward[word] * backward[word]).sum()
            for label in range(labels):
                change[label] = forward[word, label] * backward[word, label] / total
            change[right[word]] -= 1
            for at in range(taught.begins[first + word], taught.begins[first + word + 1]):
                value = left[at - base]
                if value != 0:
                    row = taught.numbers[at]
                    for label in range(WIDTH):
                        by = change[label] * value
                        square = squares[row, label] + by * by
                        squares[row, label] = square
                        weights[row, label] -= np.float32(RATE) * by / np.sqrt(square)


@_compiled
def _shares(scores, step):  # type: ignore[no-untyped-def]
    """The weight of each label at each word, and of all paths to and from it, these up to a factor for each word."""
    words, labels = scores.shape
    here = np.empty((words, labels))
    forward, backward = np.empty((words, labels)), np.ones((words, labels))
    for word in range(words):
        largest = scores[word].max()
        for label in range(labels):
            here[word, label] = np.exp(scores[word, label] - largest)
            reached = 1.0
            if word:
                reached = 0.0
                for before in range(labels):
                    reached += forward[word - 1, before] * step[before, label]
            forward[word, label] = reached * here[word, label]
        forward[word] /= forward[word].sum()
    for word in range(words - 2, -1, -1):
        for label in range(labels):
            backward[word, label] = 0.0
            for following in range(labels):
                backward[word, label] += (
                    step[label, following] * here[word + 1, following] * backward[word + 1, following]
                )
        backward[word] /= backward[word].sum()
    return here, forward, backward
