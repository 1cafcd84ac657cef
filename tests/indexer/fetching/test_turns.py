"""Pauses, waits and turns."""

from __future__ import annotations

import threading
import time

import pytest
from asking import PAGE, Clock, MakeClient, fetched, why
from loopback import Page, Site

from indexer.fetching import fetch
from indexer.fetching.client import Client, Fetched, Manners


def test_between_two_requests_to_a_host_there_is_a_pause(site: Site, client_with: MakeClient, clock: Clock) -> None:
    site.pages |= {"/a": PAGE, "/b": PAGE}
    client = client_with(pause=1.5)
    for path in ("/a", "/b"):
        client.get(site.url(path))
    assert clock.slept == [1.5, 1.5]        # after robots.txt, and after /a
    client.get(site.url("/a", "other.example"))
    assert clock.slept == [1.5, 1.5, 1.5]       # other.example's own robots.txt


@pytest.mark.parametrize(("said", "pause"), [
    ("Crawl-delay: 7", 7.0), ("Crawl-delay: 0.1", 1.0), ("Crawl-delay: 86400", 60.0), ("Request-rate: 1/10", 10.0),
    ("Request-rate: 2/1m", 30.0), ("Crawl-delay: soon", 1.0),
])
def test_a_host_may_ask_for_a_longer_pause(
    site: Site, client_with: MakeClient, clock: Clock, said: str, pause: float
) -> None:
    site.pages |= {"/robots.txt": Page(f"User-agent: *\n{said}\n"), "/a": PAGE}
    client = client_with(pause=1.0)
    client.get(site.url("/a"))
    client.get(site.url("/a"))
    assert clock.slept == [1.0, pause]


def test_a_server_that_asks_to_wait_is_asked_again_after_that(site: Site, client: Client, clock: Clock) -> None:
    site.pages["/a"] = [Page(status=429, headers={"Retry-After": "30"}), Page(status=503), PAGE]
    assert fetched(client, site.url("/a")).file.read() == PAGE.data
    assert clock.slept == [30.0, 4.0]


def test_a_server_that_wants_a_long_rest_gets_it(site: Site, client: Client, clock: Clock) -> None:
    site.pages |= {"/a": Page(status=503, headers={"Retry-After": "3600"}), "/b": PAGE}
    assert "status 503" in why(client, site.url("/a"))
    assert "wants to be left alone for 3,600 s" in why(client, site.url("/b"))
    assert (clock.slept, site.paths) == ([], ["/a"])
    clock.at += 3601
    assert isinstance(client.get(site.url("/b")), Fetched)


def test_only_a_server_that_gives_nothing_is_left_alone(site: Site, client: Client, clock: Clock) -> None:
    site.pages["/a"] = Page(PAGE.body, headers={"Retry-After": "3600"})
    for _ in range(2):
        assert fetched(client, site.url("/a")).file.read() == PAGE.data
    assert clock.slept == []


def test_what_passes_is_tried_three_times_and_what_stays_once(site: Site, client: Client, clock: Clock) -> None:
    site.pages |= {"/a": Page(status=502), "/b": Page(raw=True), "/c": Page(status=404)}
    assert "status 502" in why(client, site.url("/a"))
    assert "broke off" in why(client, site.url("/b"))
    assert "status 404" in why(client, site.url("/c"))
    assert [site.paths.count(path) for path in ("/a", "/b", "/c")] == [3, 3, 1]
    assert clock.slept == [2.0, 4.0, 2.0, 4.0]


def test_a_host_is_asked_one_thing_at_a_time_and_hosts_at_once(site: Site, client: Client) -> None:
    both = threading.Barrier(2, timeout=5)
    names = ("a.example", "b.example")
    site.pages |= {f"/{n}": Page(PAGE.body, before=lambda: time.sleep(0.02)) for n in range(5)}
    site.pages["/0"] = Page(PAGE.body, before=both.wait)
    urls = [site.url(f"/{n}", name) for name in names for n in range(5)]
    found = list(fetch(urls, client=client))
    assert {one.where.path for one in found if isinstance(one, Fetched)} == set(urls)
    assert site.most_at_once == dict.fromkeys(names, 1)
    for name in names:
        assert [one.path for one in site.asked if one.host == name] == ["/robots.txt", *(f"/{n}" for n in range(5))]


def test_threads_that_share_a_client_wait_for_one_another(site: Site, client: Client) -> None:
    site.pages["/a"] = Page(PAGE.body, before=lambda: time.sleep(0.02))
    threads = [threading.Thread(target=client.get, args=(site.url("/a"),)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert site.paths == ["/a"] * 6
    assert site.most_at_once == {"127.0.0.1": 1}


def test_whoever_has_enough_need_not_wait_for_the_rest(site: Site, client: Client) -> None:
    site.pages |= {"/a": PAGE, "/b": Page(before=lambda: time.sleep(6))}
    started = time.monotonic()
    found = fetch([site.url("/a"), site.url("/b", "slow.example")], client=client)
    assert next(found).where.path == site.url("/a")
    found.close()       # type: ignore[attr-defined]
    assert time.monotonic() - started < 4


def test_the_usual_manners_are_a_pause_and_no_private_network() -> None:
    assert Manners() == Manners(None, 1.0, False)
