"""Back and forward lead exactly to where one was, over a walk of eight steps through every kind of page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

Step = Callable[[Page], None]


def _search(page: Page) -> None:
    page.locator("#q").fill("会談")
    page.locator("#q").press("Enter")


def _choose_a_country(page: Page) -> None:
    page.locator("section[aria-labelledby=facet-country] a .label", has_text="ロシア").first.click()


def _exclude_a_source(page: Page) -> None:
    page.locator("section[aria-labelledby=facet-desk] a[href*=not_desk]").first.click()


def _oldest_first(page: Page) -> None:
    page.get_by_role("link", name="古い順").click()


def _open_an_article(page: Page) -> None:
    page.locator(".hit h3 a").first.click()


def _go_to_a_person(page: Page) -> None:
    page.locator(".margin a[href*='/entity/']").first.click()


def _all_of_them(page: Page) -> None:
    page.get_by_role("link", name="名前の出る記事すべて").click()


def _narrow_by_a_bar(page: Page) -> None:
    page.locator(".timeline a").first.focus()
    page.keyboard.press("Enter")


WALK: tuple[Step, ...] = (
    _search, _choose_a_country, _exclude_a_source, _oldest_first, _open_an_article, _go_to_a_person, _all_of_them,
    _narrow_by_a_bar,
)


def _seen(page: Page) -> tuple[str, ...]:
    """What tells one page from another: address, heading, chips, results, what is typed, and all of its text."""
    page.wait_for_load_state()
    typed = page.locator("input:not([type=hidden])").evaluate_all("all => all.map(e => e.value)")
    # How long the answer took is not the same twice.
    text = page.locator("main").evaluate("e => e.textContent.replace(/[0-9.]+ *秒/g, '').replace(/\\s+/g, ' ')")
    return page.url, page.title(), str(typed), str(text)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_back_and_forward_are_exact_over_eight_steps(chromium: Browser, sample_address: str, javascript: bool) -> None:
    context = chromium.new_context(
        base_url=sample_address, locale="ja", viewport={"width": 1280, "height": 900}, java_script_enabled=javascript
    )
    page = context.new_page()
    page.goto("/")
    pages = [_seen(page)]
    for step in WALK:
        before = page.url
        step(page)
        page.wait_for_url(lambda url, before=before: url != before)
        pages.append(_seen(page))
    assert len({url for url, *_ in pages}) == len(WALK) + 1
    for seen in reversed(pages[:-1]):
        page.go_back()
        assert _seen(page) == seen
    for seen in pages[1:]:
        page.go_forward()
        assert _seen(page) == seen
    context.close()
