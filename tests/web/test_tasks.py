"""Twelve things that a journalist wants to find out, each in at most five clicks from the first page.

The sample archive, a real browser, and a reader who only sees what the page says. Typing is free; what counts is every
click, and every Enter that sends a form.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

MOST_CLICKS = 5


class Reader:
    """Somebody at the browser, whose clicks are counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    def click(self, what: Locator) -> None:
        self.clicks += 1
        what.first.click()
        self.page.wait_for_load_state()

    def link(self, name: str, within: str = "body") -> None:
        self.click(self.page.locator(within).get_by_role("link", name=name))

    def search(self, words: str) -> None:
        self.page.locator("#q").fill(words)
        self.enter()

    def enter(self) -> None:
        self.clicks += 1
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def choose(self, facet: str, value: str) -> None:
        self.click(self._value(facet, value).locator("a").first)

    def exclude(self, facet: str, value: str) -> None:
        self.click(self._value(facet, value).locator("a[href*=not_]"))

    def _value(self, facet: str, value: str) -> Locator:
        return self.page.locator(f"section[aria-labelledby=facet-{facet}] li", has_text=value)

    def dates(self, since: str, until: str) -> None:
        self.page.get_by_label("開始").fill(since)
        self.page.get_by_label("終了").fill(until)
        self.click(self.page.get_by_role("button", name="絞る"))

    @property
    def titles(self) -> list[str]:
        return self.page.locator(".hit h3").all_inner_texts()

    @property
    def total(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()

    def address(self, link: str) -> str:
        """Where a link leads, for what is not opened in the window: a file, a feed."""
        return urljoin(self.page.url, str(self.page.get_by_role("link", name=link).first.get_attribute("href")))

    def fetch(self, link: str) -> str:
        self.clicks += 1
        return self.page.request.get(self.address(link)).text()


@pytest.fixture
def reader(chromium: Browser, sample_address: str) -> Iterator[Reader]:
    context = chromium.new_context(base_url=sample_address, locale="ja", viewport={"width": 1280, "height": 900})
    one = Reader(context.new_page())
    one.page.goto("/")
    yield one
    context.close()


def spring_of_2022(reader: Reader) -> None:
    """Everything on Ukraine in spring 2022 from the sample newspaper that does not mention Turkey."""
    reader.search("ウクライナ")
    reader.dates("2022年2月", "2022-05")
    reader.choose("source", "見本新聞")
    reader.exclude("country", "トルコ")
    assert reader.total == "1件"
    assert reader.titles == ["ロシア軍、ウクライナに侵攻 首都キエフなど各地で攻撃"]


def first_on_a_topic(reader: Reader) -> None:
    """The first article on the peace talks."""
    reader.link("ウクライナ和平交渉")
    first = reader.page.locator(".ends div", has_text="最初の記事")
    assert "2015年" in first.inner_text()
    reader.click(first.get_by_role("link"))
    assert "ミンスク" in reader.page.locator("h1").inner_text()


def who_with_whom(reader: Reader) -> None:
    """Who appears with Putin, and in which articles he stands with Zelensky."""
    reader.search("プーチン")
    reader.click(reader.page.locator(".hit .who a", has_text="プーチン"))
    company = reader.page.locator(".company")
    reader.click(company.locator("tr", has_text="ゼレンスキー").locator("a.count"))
    assert reader.total == "9件"
    assert any("アラスカ" in title for title in reader.titles)


def cite(reader: Reader) -> None:
    """A citation of the article on the invasion, for a footnote and for a reference manager."""
    reader.search("ロシア軍、ウクライナに侵攻")
    reader.click(reader.page.locator(".hit h3 a"))
    reader.click(reader.page.locator("summary", has_text="参考文献"))
    shown = reader.page.locator("main").inner_text()
    assert "2022年2月25日" in shown
    assert reader.fetch("RIS").startswith("TY  - NEWS")


def export(reader: Reader) -> None:
    """Every article on ceasefires as a table."""
    reader.search("停戦")
    rows = list(csv.DictReader(io.StringIO(reader.fetch("CSV").removeprefix("\ufeff"))))
    assert f"{len(rows)}件" == reader.total
    assert len(rows) >= 10


def follow(reader: Reader) -> None:
    """A feed of what is new on the peace talks without Russia's foreign minister."""
    reader.link("ウクライナ和平交渉")
    assert "<feed" in reader.fetch("フィード")


def keep_as_topic(reader: Reader) -> None:
    """A storyline of one's own: what to type so that the archive has it."""
    reader.search("日銀 金利")
    reader.link("話題として保存", "main")
    shown = reader.page.locator("main").inner_text()
    assert "kijigura topics add" in shown
    assert "[[topic]]" in shown


def compare(reader: Reader) -> None:
    """Putin and Zelensky on one time line."""
    reader.search("ゼレンスキー プーチン")
    reader.click(reader.page.locator(".hit .who a", has_text="ゼレンスキー"))
    reader.link("プーチン", "section[aria-labelledby=compare-heading]")
    assert reader.page.url.count("of=") == 2
    assert reader.page.locator("main svg").count() >= 1


def spellings(reader: Reader) -> None:
    """How the archive writes Lavrov, though one types another spelling."""
    reader.search("ラヴロフ")
    reader.click(reader.page.locator(".hit .who a", has_text="ラブロフ"))
    assert "ラブロフ" in reader.page.locator(".forms").inner_text()


def exactly(reader: Reader) -> None:
    """The article that has these very characters."""
    reader.search("=完全な非核化")
    assert reader.titles
    reader.click(reader.page.locator(".hit h3 a"))
    assert reader.page.locator("mark").all_inner_texts()[0] == "完全な非核化"


def what_else(reader: Reader) -> None:
    """From the article on the invasion to others on the same events."""
    reader.search("ロシア軍、ウクライナに侵攻")
    reader.click(reader.page.locator(".hit h3 a"))
    related = reader.page.locator(".related").locator("a[href*='/article/']")
    assert related.count() >= 3
    reader.click(related)
    assert "ウクライナ" in reader.page.locator("main").inner_text()


def which_month(reader: Reader) -> None:
    """What was published on Gaza in October 2023, out of the bars."""
    reader.search("ガザ")
    reader.click(reader.page.locator(".timeline a[aria-label^='2023年10月']"))
    assert reader.titles == ["ハマスがイスラエルに大規模攻撃 ネタニヤフ首相「戦争状態」"]


TASKS: tuple[Callable[[Reader], Any], ...] = (
    spring_of_2022, first_on_a_topic, who_with_whom, cite, export, follow, keep_as_topic, compare, spellings, exactly,
    what_else, which_month,
)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.__name__)
def test_it_takes_at_most_five_clicks(reader: Reader, task: Callable[[Reader], Any]) -> None:
    task(reader)
    assert 1 <= reader.clicks <= MOST_CLICKS


def test_there_are_twelve_tasks() -> None:
    assert len(set(TASKS)) == 12
