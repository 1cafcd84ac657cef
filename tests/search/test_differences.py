"""What `show --history` says between two versions of an article."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from search.articles import JST, Article, Published, Section
from search.differences import changed, differences

BACKGROUND = Section("背景", "支持率が下がった。")
OLD = Article(
    "a1", "首相が辞任", (Section(None, "首相は14日、辞任を表明した。\n\n後任は未定だという。"), BACKGROUND),
    published=Published(datetime(2024, 4, 10, tzinfo=JST), "day"), source="見本新聞",
)


@pytest.mark.parametrize(("new", "lines"), [
    (OLD, []),
    (replace(OLD, title="首相が辞任を表明"), ["~ title: 首相が辞任{+を表明+}"]),
    (replace(OLD, source="例示日報"), ["~ source: [-見本新聞-]{+例示日報+}"]),
    (replace(OLD, published=None), ["~ published: [-2024-04-10T00:00:00+09:00-]"]),
    (replace(OLD, sections=OLD.sections[:1]), ["- ## 背景", "- 支持率が下がった。"]),
    (
        replace(OLD, sections=(
            Section(None, "首相は15日、辞任を表明した。\n\n野党は反発した。\n\n後任は未定だという。"), BACKGROUND,
        )),
        ["~ 首相は1[-4-]{+5+}日、辞任を表明した。", "+ 野党は反発した。"],
    ),
    (
        replace(OLD, sections=(Section(None, "気象庁によると梅雨が明けた。\n\n後任は未定だという。"), BACKGROUND)),
        ["- 首相は14日、辞任を表明した。", "+ 気象庁によると梅雨が明けた。"],
    ),
])
def test_only_what_changed_is_told(new: Article, lines: list[str]) -> None:
    assert list(differences(OLD, new)) == lines


def test_long_stretches_that_are_the_same_are_cut() -> None:
    same = "政府は十日の閣議で補正予算案を決めた。" * 4
    assert changed(f"{same}前。", f"{same}後。") == f"…{same[-12:]}[-前-]{{+後+}}。"
