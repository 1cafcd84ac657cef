"""What the pages look like, where it can be measured: lines, figures, focus, motion; and small things that stay put."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from tests.web.web_client import page as html_of

TEXT = ".text section p"


# ---- long reading -----------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_a_line_of_an_article_has_a_length_and_a_leading_that_can_be_read(view: Page, width: int) -> None:
    """At most 42 characters (JLREQ's books have up to 40 or so), and half a character and more between lines."""
    view.set_viewport_size({"width": width, "height": 900})
    view.goto("/article/talks")
    characters, leading = view.locator(TEXT).first.evaluate(
        """(p) => {
          const style = getComputedStyle(p), size = parseFloat(style.fontSize);
          return [p.getBoundingClientRect().width / size, parseFloat(style.lineHeight) / size];
        }"""
    )
    assert 15 <= characters <= 42
    assert 1.6 <= leading <= 2.1


@pytest.mark.browser
@pytest.mark.parametrize(("path", "figures"), [
    ("/?q=作柄", ".facets .count"), ("/?q=作柄&page=2", ".pages li > *"), ("/entity/person-xi", ".ends time"),
])
def test_figures_that_stand_below_each_other_are_of_one_width(view: Page, path: str, figures: str) -> None:
    view.goto(path)
    assert view.locator(figures).count() > 1
    styles = view.locator(figures).evaluate_all("all => all.map(e => getComputedStyle(e).fontVariantNumeric)")
    assert set(styles) == {"tabular-nums"}


# ---- keys and motion --------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/?q=習主席", "/article/talks", "/entity/person-xi", "/compare?of=CN&of=RU"])
def test_where_the_focus_is_can_be_seen(chromium: Browser, address: str, path: str, scheme: str) -> None:
    context = chromium.new_context(
        base_url=address, locale="ja", viewport={"width": 1280, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(path)
    unseen = []
    for _ in range(25):
        page.keyboard.press("Tab")
        # The ring is around what has the focus, or around the box and its button together.
        seen = page.evaluate(
            """() => {
              const e = document.activeElement;
              if (e === document.body) return true;
              const around = [e, e.parentElement, e.parentElement.parentElement];
              const ring = () => around.map((x) => getComputedStyle(x)).map((s) => s.outlineStyle + s.boxShadow).join();
              const there = ring();
              e.blur();
              const gone = ring();
              e.focus();
              return there !== gone;
            }"""
        )
        if not seen:
            unseen.append(page.evaluate("document.activeElement.outerHTML.slice(0, 200)"))
    context.close()
    assert unseen == []


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/", "/?q=習主席", "/article/talks?q=習主席", "/entity/person-xi", "/topics"])
def test_nothing_moves_for_who_wants_no_motion(chromium: Browser, address: str, path: str) -> None:
    context = chromium.new_context(base_url=address, locale="ja", reduced_motion="reduce")
    page = context.new_page()
    page.goto(path)
    moving = page.evaluate(
        """[...document.querySelectorAll('*')].filter((e) => {
          const style = getComputedStyle(e);
          return style.animationName !== 'none' || style.transitionDuration.split(', ').some((s) => s !== '0s')
            || style.scrollBehavior === 'smooth';
        }).map((e) => e.outerHTML.slice(0, 100))"""
    )
    context.close()
    assert moving == []


@pytest.mark.browser
def test_typing_alone_searches_nothing(view: Page) -> None:
    view.goto("/?q=作柄")
    asked: list[str] = []
    view.on("request", lambda request: asked.append(request.url))
    view.locator("#q").fill("")
    view.locator("#q").press_sequentially("習主席")
    view.wait_for_timeout(400)
    assert [url for url in asked if "/suggest?" not in url and "/static/" not in url] == []
    assert view.locator("h1").inner_text() == "45件"


# ---- links that every search has --------------------------------------------------------------------


def choices(html: str, name: str) -> dict[str, str]:
    """Label -> address; the present one has none."""
    found = re.search(rf'<ul class="choices" aria-label="{name}">(.*?)</ul>', html, re.S)
    assert found
    rows = re.findall(r'<b aria-current="true">(.*?)</b>|<a href="(.*?)" rel="nofollow">(.*?)</a>', found[1])
    return {re.sub("<span.*?</span>", "", here or label): url for here, url, label in rows}


def test_results_are_put_in_order_by_a_link(client: FlaskClient) -> None:
    asked = f"/?q={quote('作柄')}"
    assert choices(html_of(client, "/?q=作柄"), "並び順") == {
        "関連度順": "", "新しい順": f"{asked}&amp;sort=newest", "古い順": f"{asked}&amp;sort=oldest",
    }
    assert choices(html_of(client, "/?q=作柄&sort=oldest&page=2"), "並び順")["新しい順"] == f"{asked}&amp;sort=newest"


def test_a_page_has_20_50_or_100_articles(client: FlaskClient) -> None:
    asked = f"/?q={quote('作柄')}"
    html = html_of(client, "/?q=作柄&page=2")
    assert list(choices(html, "1ページの件数").items()) == [
        ("20", ""), ("50", f"{asked}&amp;size=50"), ("100", f"{asked}&amp;size=100")
    ]
    for size, cards in ((20, 20), (50, 45)):
        assert html_of(client, f"/?q=作柄&size={size}").count('<article class="hit') == cards


@pytest.mark.parametrize(("mimetype", "form"), [("application/atom+xml", "atom"), ("application/json", "json")])
def test_the_head_of_a_search_tells_programs_of_its_other_forms(
    client: FlaskClient, mimetype: str, form: str
) -> None:
    html = html_of(client, "/?q=和平&not_desk=国際&from=2024")
    (url,) = re.findall(rf'<link rel="alternate" type="{re.escape(mimetype)}" title="[^"]*" href="([^"]*)">', html)
    assert f"format={form}" in url
    assert f"not_desk={quote('国際')}" in url
    assert "from=2024-01-01" in url
