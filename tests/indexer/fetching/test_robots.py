"""What a robots.txt forbids."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from asking import PAGE, MakeClient, why
from loopback import Page, Site, serving

from indexer.fetching.client import Client, Fetched
from indexer.fetching.notebook import Notebook


@pytest.mark.parametrize(("text", "allowed"), [
    ("User-agent: *\nDisallow: /secret\n", True),
    ("User-agent: *\nDisallow: /\n", False),
    ("\ufeffUser-agent: *\nDisallow: /a\n", False),
    ("User-agent: *\nDisallow: /\n\nUser-agent: Kijigura\nDisallow:\n", True),
    ("User-agent: *\nAllow: /\n\nUser-agent: kijigura\nDisallow: /\n", False),
    ("User-agent: example\nDisallow: /\n", True),
    ("User-agent: *\nDisallow: /*.html$\n", True),
    ("<html>Not found</html>", True),
    ("#" + "x" * 600_000 + "\nUser-agent: *\nDisallow: /\n", True),
    ("", True),
])
def test_robots_txt_decides_whether_a_page_is_asked_for(
    site: Site, client_with: MakeClient, text: str, allowed: bool
) -> None:
    client = client_with(contact="https://example.jp/")
    site.pages |= {"/robots.txt": Page(text, type="text/plain"), "/a": PAGE}
    if allowed:
        assert isinstance(client.get(site.url("/a")), Fetched)
    else:
        assert why(client, site.url("/a")) == "robots.txt of 127.0.0.1 forbids it"
        assert site.paths == []


def test_robots_txt_is_for_where_a_page_leads_to_as_well(site: Site, client: Client) -> None:
    with serving(Site({"/robots.txt": Page("User-agent: *\nDisallow: /b"), "/b": PAGE})) as other:
        site.pages["/a"] = Page(status=302, headers={"Location": other.url("/b")})
        assert "forbids it" in why(client, site.url("/a"))
        assert other.paths == []


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (410, True), (429, False), (500, False)])
def test_without_a_robots_txt_all_is_allowed_unless_that_cannot_be_told(
    site: Site, client: Client, status: int, allowed: bool
) -> None:
    site.pages |= {"/robots.txt": Page(status=status), "/a": PAGE}
    if allowed:
        assert isinstance(client.get(site.url("/a")), Fetched)
    else:
        assert "nothing there may be asked for now; try again later" in why(client, site.url("/a"))
        before = len(site.asked)
        assert "nothing there may be asked for now" in why(client, site.url("/b"))
        assert len(site.asked) == before
        assert site.paths == []


def test_robots_txt_may_lead_on(site: Site, client: Client) -> None:
    site.pages["/robots.txt"] = Page(status=301, headers={"Location": "/r"})
    site.pages["/r"] = Page("User-agent: *\nDisallow: /")
    assert "forbids it" in why(client, site.url("/a"))


def test_robots_txt_is_asked_for_once_a_day(
    site: Site, client_with: MakeClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pages |= {"/robots.txt": Page("User-agent: *\nDisallow: /b"), "/a": PAGE}
    now = time.time()

    def times_asked() -> int:
        return sum(one.path == "/robots.txt" for one in site.asked)

    with Notebook(tmp_path / "following.sqlite") as notebook:
        client = client_with(notebook=notebook)
        assert client.get(site.url("/a"))
        assert client.get(site.url("/a"))
        assert times_asked() == 1
    with Notebook(tmp_path / "following.sqlite") as notebook:
        assert "forbids it" in why(client_with(notebook=notebook), site.url("/b"))
        assert times_asked() == 1
        monkeypatch.setattr(time, "time", lambda: now + 25 * 3600)
        client = client_with(notebook=notebook)
        client.get(site.url("/a"))
        assert times_asked() == 2
        # The last copy serves while there is no other to be had.
        monkeypatch.setattr(time, "time", lambda: now + 60 * 3600)
        site.pages["/robots.txt"] = Page(status=500)
        assert why(client, site.url("/b")) == "robots.txt of 127.0.0.1 forbids it"
