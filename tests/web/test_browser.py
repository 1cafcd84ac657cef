"""The pages in a real browser: access for everybody, without JavaScript, on a narrow screen, in the dark."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PAGES = {
    "first": "/",
    "results": "/?q=習主席",
    "many": "/?q=作柄&page=2&desk=経済&from=2019",
    "none": "/?q=習主席&desk=経済",
    "note": "/?q=市場&page=0&off=市場",
    "forms": "/?q=習主席 会談 作柄 harvest ラブロフ&off=かいだん&off=person-xi",
    "partial": "/?q=和平 北京 会談&desk=国際&desk=政治",
    "typed": "/?q=作柄&as_typed=1",
    "choices": "/?q=会談 -収穫&country=中国&not_country=ロシア&not_desk=経済&from=2024-04&to=2024-05",
    "months": "/?q=作柄&by=month",
    "values": "/values/person?q=和平&desk=国際&find=習",
    "all values": "/values/country?not_country=ロシア&order=name",
    "article": "/article/talks?q=習主席",
    "named": "/article/talks?q=習主席 会談&names=1",
    "found": "/article/talks?q=習主席&find=国連",
    "untitled": "/article/t-0001",
    "versions": "/history/g7",
    "version": "/history/g7?version=1",
    "name": "/entity/person-xi",
    "topic": "/topic/peace",
    "topics": "/topics",
    "save": "/save?q=和平&desk=国際&about=1&person=習近平&id=X",
    "compared": "/compare?of=CN&of=RU&of=person-xi&of=topic:peace",
    "compare": "/compare?of=だれか",
    "missing": "/nowhere",
}


# ---- for everybody ----------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_wrong(chromium: Browser, address: str, name: str, language: str, scheme: str) -> None:
    for width in (1280, 320):
        context = chromium.new_context(
            base_url=address, locale=language, color_scheme="dark" if scheme == "dark" else "light",
            viewport={"width": width, "height": 900}, bypass_csp=True, reduced_motion="reduce",
        )
        page = context.new_page()
        page.goto(PAGES[name])
        page.evaluate("document.querySelectorAll('details.numbers').forEach(table => { table.open = true; })")
        found = Axe().run(page, options={"rules": {"target-size": {"enabled": True}}})
        # A bar may be thinner than a finger: the fields for dates do the same (WCAG 2.5.8, equivalent).
        wrong = [
            (violation["id"], node["html"][:200])
            for violation in found.response["violations"] for node in violation["nodes"]
            if not (violation["id"] == "target-size" and '<rect class="slot"' in node["html"])
        ]
        context.close()
        assert wrong == []


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_sticks_out_sideways(chromium: Browser, address: str, name: str, width: int, language: str) -> None:
    context = chromium.new_context(base_url=address, locale=language, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(PAGES[name])
    if width == 320 and page.locator(".fold > summary").count():
        page.locator(".fold > summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_runs_without_complaint_and_asks_no_other_host(view: Page, address: str, name: str) -> None:
    said: list[str] = []
    asked: list[str] = []
    view.on("console", lambda message: said.append(message.text))
    view.on("pageerror", lambda error: said.append(str(error)))
    view.on("request", lambda request: asked.append(request.url))
    view.goto(PAGES[name])
    assert [line for line in said if "404" not in line] == []
    assert all(url.startswith(address) for url in asked)
    assert any(url.endswith(".css") or ".css?" in url for url in asked)


def test_the_first_stop_of_the_tab_key_leads_past_the_masthead(view: Page) -> None:
    view.goto("/?q=習主席")
    view.keyboard.press("Tab")
    skip = view.get_by_role("link", name="本文へ進む")
    assert skip.evaluate("e => e === document.activeElement && e.getBoundingClientRect().left >= 0")
    view.keyboard.press("Enter")
    assert view.url.endswith("#main")


# ---- without JavaScript -----------------------------------------------------------------------------


def test_a_search_a_facet_a_chip_and_the_way_back_need_no_javascript(plain_view: Page) -> None:
    page = plain_view
    page.goto("/")
    page.get_by_role("searchbox").fill("和平")
    page.get_by_role("button", name="検索").click()
    assert page.get_by_role("heading", level=1).inner_text() == "2件"

    page.locator(".facets").get_by_role("link", name="政治 1").click()
    assert page.get_by_role("heading", level=1).inner_text() == "1件"
    assert unquote(page.url).endswith("/?q=和平&desk=政治")
    assert page.locator(".chosen").inner_text().split() == ["✓", "選択中、外す：", "政治", "1", "件"]

    page.get_by_role("navigation", name="検索条件").get_by_role("link", name="面 政治").click()
    assert page.get_by_role("heading", level=1).inner_text() == "2件"

    page.go_back()
    assert page.get_by_role("heading", level=1).inner_text() == "1件"
    page.get_by_role("link", name="すべて外す").click()
    assert page.get_by_role("heading", level=1).inner_text() == "収蔵記事 49件"


def test_the_facets_are_beside_the_results_on_a_wide_screen_and_folded_on_a_narrow_one(plain_view: Page) -> None:
    page = plain_view
    page.goto("/?q=作柄")
    facet = page.locator(".facets").get_by_role("link", name="経済 45")
    facet_box, hit_box = facet.bounding_box(), page.locator(".hit").first.bounding_box()
    assert facet_box is not None
    assert hit_box is not None
    assert facet_box["x"] + facet_box["width"] < hit_box["x"]
    page.set_viewport_size({"width": 320, "height": 900})
    assert not facet.is_visible()
    page.get_by_text("絞り込み", exact=True).click()
    assert facet.is_visible()


def test_dates_are_narrowed_by_typing_them_in_any_way(plain_view: Page) -> None:
    page = plain_view
    page.goto("/?q=作柄")
    page.get_by_label("開始").fill("令和2年")
    page.get_by_label("終了").fill("2021-06")
    page.get_by_role("button", name="絞る").click()
    assert page.get_by_label("開始").input_value() == "2020-01-01"
    assert page.get_by_label("終了").input_value() == "2021-06-30"
    assert page.get_by_role("searchbox").input_value() == "作柄"


def test_a_passage_leads_to_its_section(plain_view: Page) -> None:
    page = plain_view
    page.goto("/?q=習主席")
    page.get_by_role("link", name="六年ぶりの会談").click()
    assert page.url.endswith("#s1")
    assert page.locator("#s1 mark").first.inner_text() == "習氏"


def test_a_form_is_switched_off_and_on_again_without_javascript(plain_view: Page) -> None:
    page = plain_view
    page.goto("/?q=harvest&desk=経済")
    assert page.get_by_role("heading", level=1).inner_text() == "45件"
    page.get_by_role("link", name="訳語 作柄 (「harvest」の検索から外す)").click()
    assert unquote(page.url).endswith("/?q=harvest&desk=経済&off=作柄")
    assert page.get_by_role("heading", level=1).inner_text() == "0件"
    page.get_by_role("link", name="訳語 作柄 (「harvest」の検索に戻す)").click()
    assert page.get_by_role("heading", level=1).inner_text() == "45件"
    page.get_by_role("link", name="この語のまま検索 : harvest").click()
    assert page.locator(".reading s").all_inner_texts() == ["作柄", "収穫"]
    page.get_by_role("link", name="ほかの表記も検索 : harvest").click()
    assert unquote(page.url).endswith("/?q=harvest&desk=経済")


def test_rarer_forms_are_opened_without_javascript(plain_view: Page) -> None:
    page = plain_view
    page.goto("/?q=会談")
    last = page.locator(".reading .chip", has_text="かいだん")
    assert not last.is_visible()
    page.locator(".reading summary").click()
    assert last.is_visible()


# ---- keys -------------------------------------------------------------------------------------------


def test_the_bars_of_the_histogram_are_links_for_the_keyboard_and_say_what_they_are(view: Page) -> None:
    view.goto("/?q=作柄")
    bar = view.locator(".timeline a").nth(1)
    name = bar.get_attribute("aria-label")
    assert name is not None
    assert name.endswith("件")
    bar.focus()
    assert bar.evaluate("e => e.matches(':focus-visible')")
    view.keyboard.press("Enter")
    view.wait_for_url("**from=**")
    assert view.get_by_role("heading", level=1).inner_text() == name.split(": ")[1]


def test_forms_are_switched_by_keys(view: Page) -> None:
    view.goto("/?q=習主席")
    name = view.locator(".reading").get_by_role("link", name="習近平", exact=True)
    name.focus()
    view.keyboard.press("Tab")
    assert view.evaluate("document.activeElement.textContent.trim()").startswith("習近平：「習主席」の検索から外す")
    assert view.evaluate("document.activeElement.matches(':focus-visible')")
    view.keyboard.press("Enter")
    view.wait_for_url("**off=person-xi")
    assert view.locator(".reading s").inner_text() == "習近平"


def test_a_slash_goes_to_the_query_unless_something_is_being_typed(view: Page) -> None:
    view.goto("/?q=作柄")
    view.keyboard.press("/")
    box = view.locator("#q")
    assert box.evaluate("e => e === document.activeElement")
    view.keyboard.press("End")
    view.keyboard.press("/")
    assert box.input_value() == "作柄/"


@pytest.mark.parametrize("event", [
    {"isComposing": True, "keyCode": 13},
    {"isComposing": False, "keyCode": 229},   # Safari
])
def test_the_enter_that_confirms_a_conversion_does_not_submit(view: Page, event: dict[str, object]) -> None:
    view.goto("/")
    prevented = view.locator("#q").evaluate(
        "(box, init) => !box.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', bubbles: true, cancelable: true, ...init}))",
        event,
    )
    assert prevented


def test_enter_submits_once_the_conversion_is_done(view: Page) -> None:
    view.goto("/")
    box = view.locator("#q")
    box.focus()
    session = view.context.new_cdp_session(view)
    session.send("Input.imeSetComposition", {"text": "さくがら", "selectionStart": 4, "selectionEnd": 4})
    session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Enter", "windowsVirtualKeyCode": 229})
    assert view.url.endswith("/")
    session.send("Input.insertText", {"text": "作柄"})
    box.press("Enter")
    view.wait_for_url("**q=**")
    assert view.get_by_role("heading", level=1).inner_text() == "45件"


def test_a_neighbour_in_the_drawing_is_reached_and_opened_by_keys(view: Page) -> None:
    view.goto("/entity/person-xi")
    link = view.locator(".net a[href='/entity/person-lavrov']")
    link.focus()
    assert link.evaluate("e => e.matches(':focus-visible')")
    view.keyboard.press("Enter")
    view.wait_for_url("**/entity/person-lavrov")


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", ["person-xi", "person-lavrov", "CN", "UA"])
def test_labels_of_the_drawing_lie_apart_and_inside_as_the_fonts_draw_them(
    view: Page, name: str, language: str
) -> None:
    view.goto(f"/entity/{name}?lang={language}")
    boxes = view.locator(".net .wide text").evaluate_all(
        "all => all.map(e => { const b = e.getBBox(); return [b.x, b.y, b.x + b.width, b.y + b.height]; })"
    )
    assert len(boxes) > 3
    x, width, height = view.locator(".net .wide svg").evaluate(
        "e => { const v = e.viewBox.baseVal; return [v.x, v.width, v.height]; }"
    )
    assert all(x <= left and right <= x + width for left, _, right, _ in boxes)
    assert all(top >= 0 and bottom <= height for _, top, _, bottom in boxes)
    for one, other in combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def test_a_query_that_looks_like_markup_runs_nothing(view: Page) -> None:
    dialogs: list[str] = []
    view.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    view.goto("/?q=<script>alert(1)</script>&desk=<img src=x onerror=alert(2)>")
    view.goto("/article/odd%2F..%2FID%3F%23%2520%201?q=script")
    assert view.locator("h1").inner_text() == '題名に<script>alert("1")</script>を含む記事'
    assert dialogs == []


def test_paper_shows_the_article_and_not_the_controls(view: Page, tmp_path: Path) -> None:
    view.goto("/article/talks?q=習主席")
    view.emulate_media(media="print")
    assert not view.locator("#q").is_visible()
    assert view.locator(".text").is_visible()
    assert view.locator(".printed").is_visible()
    assert not view.locator(".tools").is_visible()


@pytest.mark.parametrize("name", [
    "results", "many", "none", "values", "article", "version", "name", "topic", "compared",
])
def test_paper_shows_where_a_page_was_and_when_and_no_query_box(view: Page, name: str) -> None:
    view.goto(PAGES[name])
    printed = view.locator(".printed")
    assert not printed.is_visible()
    view.emulate_media(media="print")
    assert printed.is_visible()
    assert view.get_by_role("heading", level=1).is_visible()
    assert view.get_by_role("button", name="検索").count() == 0
