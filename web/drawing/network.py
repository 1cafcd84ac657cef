"""The geometry of a small network: one name in the middle, its neighbours on an ellipse around it.

Labels stand outside of the ellipse, to the left or right of their points, each in a row of its own: so none lies over
another, and lines, which run inside, cross none but that in the middle. All lengths are units of the drawing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt

FONT = 14
LABEL_ROOM = 14 * FONT
"""Across, for a label; what is longer is cut short. With the longest on both sides, it is as wide as a text."""

WIDE, NARROW = 1.0, 0.6
"""How wide a character of East Asia is at most, and any other, in sizes of the font."""

ROW = 40
LABEL_HEIGHT = 24
RADIUS_X = 130
GAP = 14
"""Between a point's centre and its label."""

MARGIN = 6
MIN_ROWS = 4
"""A drawing of two or three points is not flattened to a line."""

THINNEST, THICKEST = 1.0, 8.0
MAX_ROUNDS = 12

Ties = Sequence[tuple[int, int, int]]
"""(one point, another, articles with both), points by their numbers."""


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Point:
    """number: of the neighbour, as they were given. x, y: of its point. label: as drawn. box: around the label.

    anchor: which end of the label stands at label_x. line_width: of the line to the middle.
    """

    number: int
    x: float
    y: float
    label: str
    label_x: float
    anchor: str
    box: Box
    line_width: float

    @property
    def target(self) -> Box:
        """What may be pointed at: label and point."""
        left = min(self.box.x, self.x - GAP)
        return Box(left, self.box.y, max(self.box.x + self.box.width, self.x + GAP) - left, self.box.height)


@dataclass(frozen=True, slots=True)
class Line:
    """Between two points on the ellipse."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """points: clockwise from the top. middle: where the point stands that all belong to; its label is below it.

    left: where it begins; the middle stands at 0.
    """

    left: float
    width: float
    height: float
    middle: Point
    points: tuple[Point, ...]
    lines: tuple[Line, ...]

    @property
    def ems(self) -> float:
        """Its width, in sizes of the font."""
        return round(self.width / FONT, 2)


def draw(middle: str, neighbours: Sequence[tuple[str, int]], ties: Ties) -> Drawing | None:
    """Lay out the neighbours (label, articles with both); the same network always looks the same. None without any."""
    if not neighbours:
        return None
    most = max(count for _, count in neighbours)
    on_right = (len(neighbours) + 1) // 2
    height = max(on_right, MIN_ROWS) * ROW
    places = _places(len(neighbours), on_right, height)
    points = {
        number: _point(number, *places[place], *neighbours[number], most)
        for place, number in enumerate(in_circle(len(neighbours), ties))
    }
    lines = tuple(
        Line(points[a].x, points[a].y, points[b].x, points[b].y, _thickness(count, most)) for a, b, count in ties
    )
    full = height + 2 * MARGIN
    centre = _middle(middle, full / 2)
    boxes = [centre.box, *(point.target for point in points.values())]
    left = min(box.x for box in boxes) - MARGIN
    right = max(box.x + box.width for box in boxes) + MARGIN
    return Drawing(left, round(right - left, 1), full, centre, tuple(points.values()), lines)


def in_circle(count: int, ties: Ties) -> list[int]:
    """The numbers 0 … count-1 in a circle, with those near each other that have much in common.

    Swaps two as long as that shortens the ties; the same for the same ties.
    """
    order = list(range(count))
    place = list(range(count))
    steps = [min(apart, count - apart) for apart in range(count)]
    tied: list[list[tuple[int, float]]] = [[] for _ in order]
    for a, b, shared in ties:
        tied[a].append((b, sqrt(shared)))
        tied[b].append((a, sqrt(shared)))

    def length(a: int, b: int) -> float:
        """Of the ties of two: no others change when these are swapped."""
        return sum([steps[abs(place[one] - place[end])] * weight for one in (a, b) for end, weight in tied[one]])

    def swap(one: int, other: int) -> None:
        a, b = order[one], order[other]
        order[one], order[other], place[a], place[b] = b, a, other, one

    for _ in range(MAX_ROUNDS):
        was_swapped = False
        for one, other in combinations(range(count), 2):
            a, b = order[one], order[other]
            before = length(a, b)
            swap(one, other)
            if length(a, b) < before - 1e-9:
                was_swapped = True
            else:
                swap(one, other)
        if not was_swapped:
            break
    return order


def shortened(label: str) -> str:
    """As much of the label as there is room for."""
    if text_width(label) <= LABEL_ROOM:
        return label
    while text_width(f"{label}…") > LABEL_ROOM:
        label = label[:-1]
    return f"{label.rstrip()}…"


def text_width(text: str) -> float:
    """No font that we know draws it wider."""
    # An ellipsis (ambiguous) is as wide as a kanji in Japanese fonts.
    wide = sum(unicodedata.east_asian_width(char) in "WFA" for char in text)
    return FONT * (wide * WIDE + (len(text) - wide) * NARROW)


def _places(count: int, on_right: int, height: float) -> list[tuple[float, float, int]]:
    """(x, y, side) clockwise: down the right side (1), up the left one (-1)."""
    rows = [(row, on_right, 1) for row in range(on_right)]
    rows += [(row, count - on_right, -1) for row in reversed(range(count - on_right))]
    places = []
    for row, of, side in rows:
        up = (2 * row + 1) / of - 1     # from -1 at the top to 1 at the bottom
        x = side * RADIUS_X * sqrt(1 - up * up)
        places.append((round(x, 1), round(MARGIN + height * (1 + up) / 2, 1), side))
    return places


def _point(number: int, x: float, y: float, side: int, label: str, count: int, most: int) -> Point:
    label = shortened(label)
    at, width = round(x + side * GAP, 1), text_width(label)
    box = Box(at if side > 0 else round(at - width, 1), y - LABEL_HEIGHT / 2, width, LABEL_HEIGHT)
    return Point(number, x, y, label, at, "start" if side > 0 else "end", box, _thickness(count, most))


def _middle(label: str, y: float) -> Point:
    label = shortened(label)
    width = text_width(label)
    return Point(-1, 0, y, label, 0, "middle", Box(-width / 2, y + GAP, width, LABEL_HEIGHT), 0)


def _thickness(count: int, most: int) -> float:
    """By the square root: of 500 articles and 5, both can be seen."""
    return round(THINNEST + (THICKEST - THINNEST) * sqrt(min(count, most) / most), 2)
