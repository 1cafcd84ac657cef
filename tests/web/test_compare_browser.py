"""Names side by side in a real browser, without JavaScript: who is compared is chosen by a form and by links."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_from_a_name_to_a_comparison_and_on_to_the_articles_of_a_bar(plain_view: Page) -> None:
    page = plain_view
    page.goto("/entity/CN")
    page.get_by_role("link", name="比べる", exact=True).click()
    page.get_by_label("加える名前・話題").fill("ロシア")
    page.get_by_role("button", name="比べる").click()
    assert page.get_by_role("row", name="ロシア 国・地域").is_visible()

    page.get_by_role("link", name="ロシア 2024年4月10日：1件").click()
    assert unquote(page.url).endswith("/?country=RU&from=2024-04-10&to=2024-04-10")
    assert page.get_by_role("heading", level=1).inner_text() == "1件"

    page.go_back()
    page.get_by_role("link", name="中国を外す").click()
    assert unquote(page.url).endswith("/compare?of=RU")


def test_the_first_article_of_a_topic_is_one_click_away(plain_view: Page) -> None:
    plain_view.goto("/topic/harvest")
    plain_view.locator(".ends").get_by_role("link", name="2018年産米の作柄は良").first.click()
    assert plain_view.get_by_role("heading", level=1).inner_text().startswith("2018年産米の作柄は良")


def test_the_articles_of_a_bar_of_the_coverage_are_reached_by_keyboard(plain_view: Page) -> None:
    page = plain_view
    page.goto("/topic/peace")
    page.get_by_text("数字で見る").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")      # the table, which may be scrolled
    page.keyboard.press("Tab")
    row = page.locator("details.numbers tbody tr").first
    assert row.inner_text().split()[0] == "2023年5月"
    assert page.evaluate("document.activeElement.textContent") == "1"
    page.keyboard.press("Enter")
    page.wait_for_url("**/?topic=*")
    assert unquote(page.url).endswith("/?topic=peace&desk=政治&from=2023-05-01&to=2023-05-31")
    assert page.get_by_role("heading", level=1).inner_text() == "1件"
