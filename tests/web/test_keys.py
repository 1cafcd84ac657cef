"""Comforts of the script, in a browser: keys, suggestions while one types, facets that keep their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = pytest.mark.browser

STATIC = Path(__file__).parents[2] / "web" / "static"


def test_all_scripts_together_are_small() -> None:
    assert sum(path.stat().st_size for path in STATIC.glob("*.js")) <= 12 * 1024


def test_all_styles_together_are_small() -> None:
    assert sum(path.stat().st_size for path in STATIC.glob("*.css")) <= 32 * 1024


# ---- keys -------------------------------------------------------------------------------------------


def focused_title(page: Page) -> int:
    """The place of the article whose title has the focus, from 0; -1 for none."""
    return int(page.evaluate(
        "[...document.querySelectorAll('.hits > li')].findIndex((li) => li.contains(document.activeElement))"
    ))


def test_j_and_k_walk_through_the_articles_and_enter_opens_one(view: Page) -> None:
    view.goto("/?q=作柄")
    places = []
    for key in "jjjkkk":
        view.keyboard.press(key)
        places.append(focused_title(view))
    assert places == [0, 1, 2, 1, 0, 0]
    for _ in range(12):
        view.keyboard.press("j")
    assert view.evaluate("document.activeElement.matches(':focus-visible')")
    top, bottom = view.evaluate("(({top, bottom}) => [top, bottom])(document.activeElement.getBoundingClientRect())")
    assert 0 <= top < bottom <= 900
    title = view.evaluate("document.activeElement.textContent")
    view.keyboard.press("Enter")
    view.wait_for_url("**/article/**")
    assert view.locator("h1").inner_text() == title


def test_escape_leaves_the_articles_and_goes_back_to_the_top(view: Page) -> None:
    view.goto("/?q=作柄")
    for _ in range(12):
        view.keyboard.press("j")
    assert view.evaluate("scrollY") > 0
    view.keyboard.press("Escape")
    assert focused_title(view) == -1
    assert view.evaluate("scrollY") == 0


def test_n_and_p_turn_pages(view: Page) -> None:
    view.goto("/?q=作柄")
    view.keyboard.press("n")
    view.wait_for_url("**page=2**")
    view.keyboard.press("p")
    view.wait_for_url(lambda url: "page=2" not in url)
    view.keyboard.press("p")        # there is none before the first
    view.wait_for_timeout(100)
    assert "page" not in view.url


def test_a_question_mark_shows_the_keys(view: Page) -> None:
    view.goto("/?q=作柄")
    view.keyboard.press("?")
    view.wait_for_url("**/help#keys")
    assert view.locator("#keys kbd").first.is_visible()


@pytest.mark.parametrize("key", ["j", "n", "?"])
def test_while_something_is_typed_keys_are_letters(view: Page, key: str) -> None:
    view.goto("/?q=作柄")
    view.locator("#q").focus()
    view.keyboard.press("End")
    view.keyboard.press(key)
    assert view.locator("#q").input_value() == f"作柄{key}"
    assert unquote(view.url).endswith("/?q=作柄")


@pytest.mark.parametrize("key", ["Control+j", "Alt+j", "Meta+j"])
def test_with_another_key_they_belong_to_the_browser(view: Page, key: str) -> None:
    view.goto("/?q=作柄")
    view.keyboard.press(key)
    assert focused_title(view) == -1


def test_on_a_summary_letters_do_nothing(view: Page) -> None:
    view.goto("/?q=会談")
    view.locator("main summary:visible").first.focus()
    view.keyboard.press("j")
    assert focused_title(view) == -1


def test_escape_leaves_the_box_and_what_was_typed_stays(view: Page) -> None:
    view.goto("/?q=作柄")
    view.keyboard.press("/")
    view.keyboard.press("Escape")
    assert view.locator("#q").input_value() == "作柄"
    assert not view.locator("#q").evaluate("e => e === document.activeElement")


def test_letters_can_be_switched_off(view: Page) -> None:
    view.goto("/help")
    view.get_by_role("checkbox").uncheck()
    view.goto("/?q=作柄")
    view.keyboard.press("j")
    assert focused_title(view) == -1
    view.goto("/help")
    assert not view.get_by_role("checkbox").is_checked()
    view.get_by_role("checkbox").check()
    view.goto("/?q=作柄")
    view.keyboard.press("j")
    assert focused_title(view) == 0


def test_without_javascript_the_switch_is_not_shown(plain_view: Page) -> None:
    plain_view.goto("/help")
    assert not plain_view.get_by_role("checkbox").is_visible()
    assert plain_view.locator("#keys kbd").first.is_visible()


# ---- suggestions ------------------------------------------------------------------------------------


def compose(page: Page, text: str) -> None:
    """As an input method shows it before it is confirmed."""
    page.context.new_cdp_session(page).send(
        "Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)}
    )


@pytest.fixture
def typed(view: Page) -> Callable[[str], Locator]:
    """Types into the empty box of the first page, and waits for the list."""
    def begin(text: str) -> Locator:
        view.goto("/")
        view.locator("#q").focus()
        view.keyboard.insert_text(text)
        expect(view.get_by_role("listbox")).to_be_visible()
        return view.get_by_role("option")
    return begin


def test_names_and_topics_are_listed_with_kind_and_count(view: Page, typed: Callable[[str], Locator]) -> None:
    options = typed("ウクライナ")
    assert [" ".join(text.split()) for text in options.all_inner_texts()] == [
        "ウクライナ Ukraine 国・地域 2件 ページ", "ウクライナ和平交渉 話題 2件 ページ"
    ]
    box = view.get_by_role("combobox")
    assert box.get_attribute("aria-expanded") == "true"
    assert box.get_attribute("aria-controls") == view.get_by_role("listbox").get_attribute("id")


def test_a_name_is_chosen_by_keys_and_searched_by_the_next_enter(view: Page, typed: Callable[[str], Locator]) -> None:
    typed("停戦 習")
    box = view.get_by_role("combobox")
    view.keyboard.press("ArrowDown")
    active = view.locator("[aria-selected=true]")
    assert box.get_attribute("aria-activedescendant") == active.get_attribute("id")
    view.keyboard.press("Enter")
    assert box.input_value() == "停戦 習近平"
    assert box.get_attribute("aria-expanded") == "false"
    assert box.get_attribute("aria-activedescendant") is None
    assert view.url.endswith("/")
    view.keyboard.press("Enter")
    view.wait_for_url("**q=**")
    assert "習近平" in unquote(view.url)


def test_arrows_go_round_by_way_of_the_box(view: Page, typed: Callable[[str], Locator]) -> None:
    count = typed("ウクライナ").count()
    chosen = []
    for key in ("ArrowUp", *["ArrowDown"] * (count + 1)):
        view.keyboard.press(key)
        chosen.append(view.locator("[role=option]").evaluate_all(
            "all => all.findIndex(e => e.ariaSelected === 'true')"
        ))
    assert chosen == [count - 1, -1, *range(count)]
    assert view.locator("#q").input_value() == "ウクライナ"


def test_enter_without_a_choice_searches_for_what_was_typed(view: Page, typed: Callable[[str], Locator]) -> None:
    typed("習")
    view.keyboard.press("Enter")
    view.wait_for_url("**q=**")
    assert unquote(view.url).partition("q=")[2] == "習"


def test_the_right_arrow_opens_the_page_of_the_chosen_one(view: Page, typed: Callable[[str], Locator]) -> None:
    typed("習")
    view.keyboard.press("ArrowDown")
    view.keyboard.press("ArrowRight")
    view.wait_for_url("**/entity/person-xi?lang=ja")


def test_the_mouse_chooses_a_name_or_opens_its_page(view: Page, typed: Callable[[str], Locator]) -> None:
    typed("習").first.click()
    assert view.locator("#q").input_value() == "習近平"
    assert view.locator("#q").evaluate("e => e === document.activeElement")
    typed("習").first.get_by_text("ページ").click()
    view.wait_for_url("**/entity/person-xi?lang=ja")


def test_a_finger_chooses_a_name(chromium: Browser, address: str) -> None:
    context = chromium.new_context(
        base_url=address, locale="ja", viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto("/")
    page.locator("#q").tap()
    page.keyboard.insert_text("習")
    page.get_by_role("option").first.tap()
    expect(page.locator("#q")).to_have_value("習近平")
    context.close()


def test_escape_closes_the_list_first_and_then_leaves_the_box(view: Page, typed: Callable[[str], Locator]) -> None:
    typed("習")
    view.keyboard.press("Escape")
    expect(view.get_by_role("listbox")).to_be_hidden()
    assert view.locator("#q").evaluate("e => e === document.activeElement")
    view.keyboard.press("Escape")
    assert not view.locator("#q").evaluate("e => e === document.activeElement")
    assert view.locator("#q").input_value() == "習"


def test_the_list_closes_when_the_box_is_left(view: Page, typed: Callable[[str], Locator]) -> None:
    typed("習")
    view.keyboard.press("Tab")
    expect(view.get_by_role("listbox")).to_be_hidden()


def test_kana_under_conversion_are_suggested_for_and_their_keys_are_left_alone(view: Page) -> None:
    view.goto("/")
    box = view.locator("#q")
    box.focus()
    compose(view, "ラブ")
    expect(view.get_by_role("option")).to_have_count(1)
    session = view.context.new_cdp_session(view)
    for key in ("ArrowDown", "Enter", "Escape"):
        session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": key, "windowsVirtualKeyCode": 229})
    assert view.locator("[aria-selected=true]").count() == 0
    assert view.url.endswith("/")
    expect(view.get_by_role("listbox")).to_be_visible()
    session.send("Input.insertText", {"text": "ラブロフ"})
    assert box.input_value() == "ラブロフ"
    expect(view.get_by_role("option")).to_have_count(1)


def test_a_name_chosen_under_conversion_takes_the_place_of_what_was_converted(view: Page) -> None:
    view.goto("/")
    view.locator("#q").focus()
    view.keyboard.insert_text("停戦 ")
    compose(view, "ラブ")
    view.get_by_role("option").first.click()
    expect(view.locator("#q")).to_have_value("停戦 セルゲイ・ラブロフ")


def test_the_last_answer_wins(view: Page) -> None:
    held: list[Any] = []

    def hold(route: Any) -> None:
        if not held and not route.request.url.endswith("%81%AF"):
            held.append(route)
        else:
            route.continue_()

    view.route("**/suggest?**", hold)
    view.goto("/")
    view.locator("#q").focus()
    view.keyboard.insert_text("ロシ")
    view.wait_for_timeout(300)
    assert len(held) == 1       # its answer is late
    view.locator("#q").fill("習")
    expect(view.get_by_role("option").first).to_contain_text("習近平")
    held[0].abort()
    view.wait_for_timeout(100)
    expect(view.get_by_role("option").first).to_contain_text("習近平")


def test_what_fails_is_silent(view: Page) -> None:
    said: list[str] = []
    view.on("pageerror", lambda error: said.append(str(error)))
    view.route("**/suggest?**", lambda route: route.fulfill(status=503, body="{}"))
    view.goto("/")
    view.locator("#q").press_sequentially("習")
    view.wait_for_timeout(300)
    view.unroute("**/suggest?**")
    view.route("**/suggest?**", lambda route: route.abort())
    view.locator("#q").press_sequentially("近")
    view.wait_for_timeout(300)
    expect(view.get_by_role("listbox")).to_be_hidden()
    assert said == []


def test_without_javascript_the_box_is_a_plain_one(plain_view: Page) -> None:
    plain_view.goto("/")
    plain_view.get_by_role("searchbox").fill("習")
    assert plain_view.locator("[role=listbox], [role=combobox]").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_wrong_with_the_list_open(
    chromium: Browser, address: str, width: int, language: str, scheme: Any
) -> None:
    context = chromium.new_context(
        base_url=address, locale=language, color_scheme=scheme, viewport={"width": width, "height": 900},
        bypass_csp=True,
    )
    page = context.new_page()
    for path in ("/", "/?q=会談"):
        page.goto(path)
        page.locator("#q").fill("ウクライナ")
        expect(page.get_by_role("listbox")).to_be_visible()
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page, options={"rules": {"target-size": {"enabled": True}}})
        assert [
            (violation["id"], node["html"][:200])
            for violation in found.response["violations"] for node in violation["nodes"]
            if not (violation["id"] == "target-size" and '<rect class="slot"' in node["html"])
        ] == []
    context.close()


# ---- facets that keep their place -------------------------------------------------------------------


@pytest.fixture
def low_view(chromium: Browser, sample_address: str) -> Iterator[Page]:
    """The sample archive, whose facets have more values than are shown, in a low window."""
    context = chromium.new_context(base_url=sample_address, locale="ja", viewport={"width": 1280, "height": 500})
    yield context.new_page()
    context.close()


def section_of(page: Page, facet: str) -> Locator:
    return page.locator(f".facets section[aria-labelledby=facet-{facet}]")


def top_of(page: Page, facet: str) -> float:
    return float(section_of(page, facet).evaluate("e => e.getBoundingClientRect().top"))


def test_choosing_a_value_keeps_the_panel_open_and_where_it_was(low_view: Page) -> None:
    page = low_view
    page.goto("/?q=")
    page.goto("/?sort=newest")
    section_of(page, "person").locator("details.rest > summary").click()
    place = section_of(page, "place")
    place.locator("li a").nth(3).scroll_into_view_if_needed()
    before = top_of(page, "place")
    page.evaluate("document.documentElement.dataset.old = 'yes'")
    place.locator("li a:has(.label)").nth(3).click()
    page.wait_for_function("!document.documentElement.dataset.old && document.readyState === 'complete'")
    assert "place=" in page.url
    assert section_of(page, "person").locator("details.rest").evaluate("e => e.open")
    assert abs(top_of(page, "place") - before) < 2
    # and once only: another visit begins at the top
    page.goto("/?sort=newest")
    assert page.evaluate("scrollY") == 0
    assert not section_of(page, "person").locator("details.rest").evaluate("e => e.open")


def test_who_chooses_by_keys_goes_on_at_the_same_value(low_view: Page) -> None:
    page = low_view
    page.goto("/?sort=newest")
    link = section_of(page, "country").locator("li a:has(.label)").nth(1)
    label = link.locator(".label").inner_text()
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**country=**")
    page.wait_for_function("document.activeElement.matches('a')")
    assert page.evaluate("document.activeElement.querySelector('.label').textContent") == label


def test_back_finds_the_panels_as_they_were(low_view: Page) -> None:
    page = low_view
    page.goto("/?sort=newest")
    section_of(page, "person").locator("details.rest > summary").click()
    section_of(page, "country").locator("li a:has(.label)").first.click()
    page.wait_for_url("**country=**")
    section_of(page, "person").locator("details.rest > summary").click()        # closed here
    page.go_back()
    page.wait_for_url(lambda url: "country=" not in url)
    assert section_of(page, "person").locator("details.rest").evaluate("e => e.open")
    page.go_forward()
    page.wait_for_url("**country=**")
    assert not section_of(page, "person").locator("details.rest").evaluate("e => e.open")


def shown(section: Locator) -> list[str]:
    return section.locator("li a .label").evaluate_all(
        "all => all.filter(e => e.checkVisibility()).map(e => e.textContent)"
    )


@pytest.mark.parametrize(("text", "name"), [
    ("プー", "ウラジーミル・プーチン"),
    ("ぷー", "ウラジーミル・プーチン"),     # either kana
    ("ﾌﾟｰ", "ウラジーミル・プーチン"),      # of any width
])
def test_the_field_inside_a_facet_leaves_the_values_that_have_what_is_typed(
    low_view: Page, text: str, name: str
) -> None:
    low_view.goto("/?sort=newest")
    section = section_of(low_view, "person")
    all_shown = shown(section)
    section.locator("[name=find]").fill(text)
    assert name in shown(section)
    assert all("プー" in label for label in shown(section))
    section.locator("[name=find]").fill("")
    assert shown(section)[: len(all_shown)] == all_shown


def test_what_is_folded_away_is_found_too(low_view: Page) -> None:
    low_view.goto("/?sort=newest")
    section = section_of(low_view, "person")
    folded = section.locator("details.rest .label").first.text_content()
    assert folded is not None
    assert folded not in shown(section)
    section.locator("[name=find]").fill(folded)
    assert folded in shown(section)


def test_half_a_conversion_filters_nothing(low_view: Page) -> None:
    low_view.goto("/?sort=newest")
    section = section_of(low_view, "person")
    before = shown(section)
    section.locator("[name=find]").focus()
    compose(low_view, "んんん")
    assert shown(section) == before
    low_view.context.new_cdp_session(low_view).send("Input.insertText", {"text": "んんん"})
    assert shown(section) == []


def test_pages_may_wait_in_the_browser_s_memory(view: Page) -> None:
    """`no-store` would keep them out of it, and each step back would be a new page."""
    answer = view.goto("/?q=会談")
    assert answer is not None
    assert "no-store" not in answer.headers.get("cache-control", "")
