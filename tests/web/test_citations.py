"""How an article is cited."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from search.articles import JST, Published
from web.forms.record import Record
from web.pages.citations import apa, in_japanese, sist02, wikipedia

TODAY = date(2026, 11, 3)
TALKS = Record(
    "talks", "中ロ外相が「会談」", "見本新聞", "国際", Published(datetime(2024, 4, 10, 18, 30, tzinfo=JST)),
    ("山田太郎", "鈴木一郎"), "https://news.example/talks", "http://host/article/talks", "",
)
BARE = Record("bare", "北京からの手紙", None, None, None, (), None, None, "")


def on(precision: str) -> Record:
    return replace(TALKS, published=Published(datetime(2024, 4, 1, tzinfo=JST), precision))  # type: ignore[arg-type]


@pytest.mark.parametrize(("record", "cited"), [
    (TALKS, "山田太郎・鈴木一郎「中ロ外相が『会談』」『見本新聞』国際面、2024年4月10日、"
            "https://news.example/talks（2026年11月3日閲覧）。"),
    (replace(on("month"), authors=(), desk="社会面", url=None),
     "「中ロ外相が『会談』」『見本新聞』社会面、2024年4月、http://host/article/talks（2026年11月3日閲覧）。"),
    (BARE, "「北京からの手紙」。"),
])
def test_in_a_japanese_text(record: Record, cited: str) -> None:
    assert in_japanese(record, TODAY) == cited


@pytest.mark.parametrize(("record", "cited"), [
    (TALKS, "山田太郎, 鈴木一郎. “中ロ外相が「会談」”. 見本新聞. 2024-04-10, 国際面. "
            "https://news.example/talks, (参照 2026-11-03)."),
    (on("year"), "山田太郎, 鈴木一郎. “中ロ外相が「会談」”. 見本新聞. 2024, 国際面. "
                 "https://news.example/talks, (参照 2026-11-03)."),
    (BARE, "“北京からの手紙”."),
])
def test_by_sist_02(record: Record, cited: str) -> None:
    assert sist02(record, TODAY) == cited


@pytest.mark.parametrize(("record", "cited"), [
    (TALKS, "山田太郎, & 鈴木一郎. (2024, April 10). 中ロ外相が「会談」. 見本新聞. https://news.example/talks"),
    (on("month"), "山田太郎, & 鈴木一郎. (2024, April). 中ロ外相が「会談」. 見本新聞. https://news.example/talks"),
    (replace(TALKS, authors=("山田太郎",), url=None, here=None),
     "山田太郎. (2024, April 10). 中ロ外相が「会談」. 見本新聞."),
    (BARE, "北京からの手紙. (n.d.)."),
])
def test_by_apa(record: Record, cited: str) -> None:
    assert apa(record) == cited


@pytest.mark.parametrize(("record", "cited"), [
    (TALKS, "{{Cite news |author=山田太郎、鈴木一郎 |title=中ロ外相が「会談」 |newspaper=見本新聞 |department=国際 "
            "|date=2024-04-10 |url=https://news.example/talks |accessdate=2026-11-03 |language=ja}}"),
    (replace(BARE, title="勝敗|{{速報}}", url="https://news.example/a|b?x={1}&y=[2]"),
     "{{Cite news |title=勝敗&#124;&#123;&#123;速報&#125;&#125; "
     "|url=https://news.example/a%7Cb?x=%7B1%7D&y=%5B2%5D |accessdate=2026-11-03 |language=ja}}"),
])
def test_on_wikipedia(record: Record, cited: str) -> None:
    assert wikipedia(record, TODAY) == cited
