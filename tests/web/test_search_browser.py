"""The search page in a real browser: what is pinned, excluding, all values of a facet, units of the histogram."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

CONDITIONS = "/?q=作柄 -戦争&desk=経済&not_country=ロシア&from=2018&to=2025"


def _top_of_conditions(page: Page) -> float:
    return float(page.locator(".conditions").evaluate("e => e.getBoundingClientRect().top"))


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_conditions_stay_on_top_and_small_while_scrolling(view: Page, width: int) -> None:
    view.set_viewport_size({"width": width, "height": 800})
    view.goto(CONDITIONS)
    assert _top_of_conditions(view) > 0
    view.locator(".colophon").scroll_into_view_if_needed()
    assert view.evaluate("scrollY") > 1000
    assert _top_of_conditions(view) == 0
    box = view.locator(".conditions").bounding_box()
    assert box is not None
    assert box["height"] <= 100
    view.get_by_role("link", name="すべて外す").click()
    assert view.get_by_role("heading", level=1).inner_text() == "収蔵記事 49件"


@pytest.mark.parametrize("width", [320, 1280])
def test_what_is_focused_by_keys_does_not_lie_under_the_conditions(view: Page, width: int) -> None:
    view.set_viewport_size({"width": width, "height": 600})
    view.goto(CONDITIONS)
    view.locator(".tools a").last.focus()
    seen = 0
    for _ in range(50):
        view.keyboard.press("Shift+Tab")
        top, bar, is_inside = view.evaluate(
            "() => { const e = document.activeElement; return [e.getBoundingClientRect().top,"
            " document.querySelector('.conditions').getBoundingClientRect().bottom,"
            " Boolean(e.closest('.conditions'))]; }"
        )
        seen += 1
        assert is_inside or top >= bar - 1
    assert seen == 50


def test_excluding_a_value_and_taking_it_back_needs_no_javascript(plain_view: Page) -> None:
    page = plain_view
    page.goto("/?q=和平")
    assert page.get_by_role("heading", level=1).inner_text() == "2件"
    page.locator(".facets").get_by_role("link", name="政治を除く").click()
    assert unquote(page.url).endswith("/?q=和平&not_desk=政治")
    assert page.get_by_role("heading", level=1).inner_text() == "1件"
    assert page.locator(".facets .gone").inner_text().split() == ["−", "除外中、戻す：", "政治", "1", "件"]
    page.get_by_role("navigation", name="検索条件").get_by_role("link", name="政治").click()
    assert page.get_by_role("heading", level=1).inner_text() == "2件"


def test_all_values_are_sifted_and_lead_back_without_javascript(plain_view: Page) -> None:
    page = plain_view
    page.goto("/values/person?q=和平&desk=国際")
    page.get_by_label("名前で探す").fill("習")
    page.get_by_role("button", name="探す").click()
    assert "desk=国際" in unquote(page.url)
    page.get_by_role("link", name="習近平 1 件").click()
    assert unquote(page.url).endswith("/?q=和平&person=person-xi&desk=国際")
    assert page.get_by_role("heading", level=1).inner_text() == "1件"


def test_the_histogram_goes_from_years_to_months_into_one_and_out_again(plain_view: Page) -> None:
    page = plain_view
    page.goto("/?q=作柄")
    page.locator(".zoom").get_by_role("link", name="月", exact=True).click()
    assert page.locator(".timeline .bar").count() > 12
    page.locator(".timeline a").first.click()
    assert "from=2018-01-01&to=2018-01-31" in page.url
    page.get_by_role("link", name="2018年に広げる").click()
    assert "from=2018-01-01&to=2018-12-31" in page.url
    page.get_by_role("link", name="全期間に広げる").click()
    assert unquote(page.url).endswith("/?q=作柄")
