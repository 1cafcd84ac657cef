"""The geometry of the network on the page of an entity."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.drawing.network import LABEL_ROOM, Box, Drawing, draw, in_circle, shortened, text_width

NAMES = st.text("あ亜ーA z・ｱ", min_size=1, max_size=40)
COUNTS = st.integers(1, 100_000)


def boxes(drawing: Drawing) -> list[Box]:
    return [drawing.middle.box, *(point.box for point in drawing.points)]


def apart(one: Box, other: Box) -> bool:
    return (
        one.x + one.width <= other.x or other.x + other.width <= one.x
        or one.y + one.height <= other.y or other.y + other.height <= one.y
    )


def inside(box: Box, drawing: Drawing) -> bool:
    return (
        box.x >= drawing.left and box.y >= 0
        and box.x + box.width <= drawing.left + drawing.width + 0.1 and box.y + box.height <= drawing.height
    )


@given(NAMES, st.lists(st.tuples(NAMES, COUNTS), min_size=1, max_size=20))
def test_no_label_lies_over_another_or_outside(middle: str, neighbours: list[tuple[str, int]]) -> None:
    drawing = draw(middle, neighbours, ())
    assert drawing
    assert all(apart(one, other) for one, other in combinations(boxes(drawing), 2))
    assert all(inside(box, drawing) for box in boxes(drawing))
    targets = [point.target for point in drawing.points]
    assert all(inside(box, drawing) for box in targets)
    assert all(apart(one, other) for one, other in combinations(targets, 2))
    assert sorted(point.number for point in drawing.points) == list(range(len(neighbours)))


def test_lines_stay_between_the_labels() -> None:
    drawing = draw("習近平", [(f"人物{n}", 9) for n in range(14)], [(0, 7, 3), (2, 9, 1)])
    assert drawing
    left = max(p.box.x + p.box.width for p in drawing.points if p.anchor == "end" and p.y == drawing.points[-1].y)
    right = min(p.box.x for p in drawing.points if p.anchor == "start" and p.y == drawing.points[0].y)
    assert left < drawing.points[-1].x < drawing.middle.x < drawing.points[0].x < right
    ends = {(p.x, p.y) for p in drawing.points}
    assert all({(line.x1, line.y1), (line.x2, line.y2)} <= ends for line in drawing.lines)


def test_nobody_is_no_drawing() -> None:
    assert draw("習近平", [], ()) is None


def test_more_articles_are_a_thicker_line() -> None:
    drawing = draw("中", [("一", 1), ("二", 10), ("三", 100)], [(0, 1, 1), (1, 2, 9)])
    assert drawing
    widths = [p.line_width for p in sorted(drawing.points, key=lambda p: p.number)]
    assert all(thin < thick for thin, thick in pairwise(widths))
    assert drawing.lines[0].width < drawing.lines[1].width


def test_the_same_network_always_looks_the_same() -> None:
    ties = [(0, 5, 3), (1, 6, 9), (2, 3, 1), (4, 7, 2), (0, 7, 9)]
    neighbours = [(f"人{n}", n + 1) for n in range(8)]
    assert draw("中", neighbours, ties) == draw("中", neighbours, ties)


@pytest.mark.parametrize("ties", [
    [(0, 7, 5), (1, 8, 5), (2, 9, 5), (3, 10, 5), (4, 11, 5), (5, 12, 5), (6, 13, 5)],      # across from each other
    [(0, 4, 2), (4, 8, 2), (1, 5, 9), (5, 9, 9)],
])
def test_who_belongs_together_stands_together(ties: list[tuple[int, int, int]]) -> None:
    order = in_circle(14, ties)
    steps = [abs(order.index(a) - order.index(b)) for a, b, _ in ties]
    assert all(min(n, 14 - n) == 1 for n in steps)


@given(st.integers(0, 15), st.data())
def test_everybody_stays_in_the_circle(count: int, data: st.DataObject) -> None:
    number = st.integers(0, max(0, count - 1))
    ties = data.draw(st.lists(st.tuples(number, number, COUNTS), max_size=24)) if count else []
    assert sorted(in_circle(count, ties)) == list(range(count))


@pytest.mark.parametrize(("label", "shown"), [
    ("習近平", "習近平"),
    ("ウォロディミル・ゼレンスキー", "ウォロディミル・ゼレンスキー"),
    ("ジャワハルラール・ネルー大学教授会", "ジャワハルラール・ネルー大…"),
    ("Organization for the Prohibition of Chemical Weapons", "Organization for the…"),
])
def test_a_long_label_is_cut_short(label: str, shown: str) -> None:
    assert shortened(label) == shown
    assert text_width(shown) <= LABEL_ROOM
