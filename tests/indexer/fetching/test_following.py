"""What is new in feeds, with the pages of their items."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import pytest
from asking import MakeClient
from loopback import FEED, Page, Site, article, item, rss

from indexer.fetching.client import Client
from indexer.fetching.feeds_toml import Feed
from indexer.fetching.following import Round, due_at, rest_seconds
from indexer.fetching.notebook import KnownFeed, Notebook, Version
from indexer.raw import RawArticle, Rejection

SUMMARY = "停戦に合意した。"
BODY = "停戦に合意した。両国は長い交渉の末に合意した。\n\n外相が北京で会談し、両国の協力を確認した。"
DATE = "Wed, 10 Apr 2024 06:15:00 GMT"
LATER = "Wed, 10 Apr 2024 09:00:00 GMT"


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


@pytest.fixture
def client(client_with: MakeClient, notebook: Notebook) -> Client:
    return client_with(notebook=notebook)


def feed_of(*items: str, **more: str) -> Page:
    return Page(rss(*items, **more), type=FEED)


def followed(feeds: Sequence[Feed], client: Client, notebook: Notebook) -> list[RawArticle | Rejection]:
    """A round in which everything found goes into the archive."""
    one = Round(feeds, client, notebook)
    found = list(one.found())
    for what in found:
        one.note(what.where)
    one.finish()
    return found


def only(found: list[RawArticle | Rejection]) -> RawArticle:
    (one,) = found
    assert isinstance(one, RawArticle)
    return one


@pytest.fixture
def feed(site: Site) -> Feed:
    """A feed with one item, and the item's page."""
    link = site.url("/a")
    site.pages |= {
        "/feed": feed_of(item("停戦合意", link, summary=SUMMARY, date=DATE, guid="n-1")),
        "/a": Page(article("停戦合意、北京で", BODY)),
    }
    return Feed(site.url("/feed"))


# ---- an item and its page -------------------------------------------------------------------------


def test_an_item_comes_with_the_text_of_its_page_and_the_facts_of_its_feed(
    site: Site, client: Client, notebook: Notebook, feed: Feed
) -> None:
    one = only(followed([feed], client, notebook))
    assert (one.title, one.body) == ("停戦合意、北京で", BODY)
    assert (one.id, one.published, one.source, one.url) == ("n-1", DATE, "見本新聞", site.url("/a"))
    assert one.where.path == site.url("/a")
    assert "fetch" not in one.extra


def test_what_the_page_says_goes_before_the_feed_but_not_its_source(
    site: Site, client: Client, notebook: Notebook, feed: Feed
) -> None:
    """Source and id tell which article it is, and must not change with the page."""
    head = (
        '<meta property="og:site_name" content="見本新聞電子版"><meta property="article:section" content="国際">'
        '<meta property="article:published_time" content="2024-04-10T15:03:00+09:00">'
        '<meta name="author" content="見本太郎">'
    )
    site.pages["/a"] = Page(article("停戦合意、北京で", BODY, head=head))
    one = only(followed([feed], client, notebook))
    assert (one.source, one.desk, one.published) == ("見本新聞", "国際", "2024-04-10T15:03:00+09:00")
    assert one.authors == ("見本太郎",)


def test_source_and_desk_of_feeds_toml(site: Site, client: Client, notebook: Notebook, feed: Feed) -> None:
    one = only(followed([Feed(feed.url, source="別紙", desk="政治")], client, notebook))
    assert (one.source, one.desk) == ("別紙", "政治")


@pytest.mark.parametrize(("full_text", "summary", "paths"), [
    (None, SUMMARY, ["/feed", "/a"]), (None, SUMMARY * 100, ["/feed"]), (True, SUMMARY * 3, ["/feed", "/a"]),
    (False, SUMMARY, ["/feed"]),
])
def test_the_page_is_asked_for_where_the_feed_has_a_summary_only(
    site: Site, client: Client, notebook: Notebook, full_text: bool | None, summary: str, paths: list[str]
) -> None:
    site.pages |= {
        "/feed": feed_of(item("停戦合意", site.url("/a"), summary=summary)), "/a": Page(article("停戦合意", BODY)),
    }
    one = only(followed([Feed(site.url("/feed"), full_text=full_text)], client, notebook))
    assert site.paths == paths
    assert one.body == (BODY if "/a" in paths else summary)


@pytest.mark.parametrize(("answer", "reason"), [
    (Page(status=404), "there is no such page; check the address (status 404)"),
    (Page(b"\x89PNG", type="image/png"), "an image (image/png), not an article"),
    (Page(article("停戦合意", "会員限定")), "the page shows less than the feed; it may be behind a paywall"),
    (Page(b""), "empty file"),
    (Page(status=302, headers={"Location": "http://169.254.169.254/"}),
     "it leads to http://169.254.169.254/: 169.254.169.254 is an address that no page is at"),
])
def test_where_the_page_does_not_come_the_summary_goes_in_with_the_reason(
    site: Site, client: Client, notebook: Notebook, feed: Feed, answer: Page, reason: str
) -> None:
    site.pages["/a"] = answer
    one = only(followed([feed], client, notebook))
    assert (one.title, one.body, one.id, one.source) == ("停戦合意", SUMMARY, "n-1", "見本新聞")
    assert one.extra["fetch"] == reason
    assert followed([feed], client, notebook) == []
    assert site.paths.count("/a") == 1


def test_robots_txt_holds_for_the_pages_of_a_feed(
    site: Site, client: Client, notebook: Notebook, feed: Feed
) -> None:
    site.pages["/robots.txt"] = Page("User-agent: *\nDisallow: /a\n")
    one = only(followed([feed], client, notebook))
    assert (one.body, one.extra["fetch"]) == (SUMMARY, "robots.txt of 127.0.0.1 forbids it")
    assert site.paths == ["/feed"]


def test_a_page_that_may_come_later_is_tried_in_three_rounds(
    site: Site, client: Client, notebook: Notebook, feed: Feed
) -> None:
    site.pages["/feed"] = Page(site.pages["/feed"].body, type=FEED, headers={"ETag": '"f"'})  # type: ignore[union-attr]
    page, site.pages["/a"] = site.pages["/a"], Page(status=500)
    assert only(followed([feed], client, notebook)).body == SUMMARY
    assert only(followed([feed], client, notebook)).body == SUMMARY
    site.pages["/a"] = page
    one = only(followed([feed], client, notebook))
    assert (one.body, one.id, one.source) == (BODY, "n-1", "見本新聞")
    assert followed([feed], client, notebook) == []


def test_a_page_that_never_comes_is_given_up(site: Site, client: Client, notebook: Notebook, feed: Feed) -> None:
    site.pages["/a"] = Page(status=500)
    assert [len(followed([feed], client, notebook)) for _ in range(4)] == [1, 1, 1, 0]
    assert site.paths.count("/a") == 9      # three times in each of three rounds


# ---- what is known --------------------------------------------------------------------------------


def test_an_item_is_taken_once_and_again_when_it_was_updated(
    site: Site, client: Client, notebook: Notebook, feed: Feed
) -> None:
    only(followed([feed], client, notebook))
    assert followed([feed], client, notebook) == []
    # Another summary is no update where the page is what counts.
    site.pages["/feed"] = feed_of(item("停戦合意", site.url("/a"), summary="広告", date=DATE, guid="n-1"))
    assert followed([feed], client, notebook) == []
    site.pages["/feed"] = feed_of(item("停戦合意", site.url("/a"), summary=SUMMARY, date=LATER, guid="n-1"))
    site.pages["/a"] = Page(article("停戦合意、北京で", BODY + "\n\n訂正する。"))
    assert only(followed([feed], client, notebook)).body.endswith("訂正する。")
    assert site.paths.count("/a") == 2


def test_a_summary_that_goes_in_by_itself_is_an_update_when_it_changes(
    site: Site, client: Client, notebook: Notebook
) -> None:
    feed = Feed(site.url("/feed"), full_text=False)
    site.pages["/feed"] = feed_of(item("停戦合意", guid="n-1", summary=SUMMARY))
    assert only(followed([feed], client, notebook)).body == SUMMARY
    assert followed([feed], client, notebook) == []
    site.pages["/feed"] = feed_of(item("停戦合意", guid="n-1", summary=BODY))
    assert only(followed([feed], client, notebook)).body != SUMMARY


def test_an_updated_item_whose_page_is_as_it_was_gives_nothing(
    site: Site, client: Client, notebook: Notebook, feed: Feed
) -> None:
    site.pages["/a"] = Page(article("停戦合意", BODY), headers={"ETag": '"a"'})
    only(followed([feed], client, notebook))
    site.pages["/feed"] = feed_of(item("停戦合意", site.url("/a"), summary=SUMMARY, date=LATER, guid="n-1"))
    assert followed([feed], client, notebook) == []
    assert site.asked[-1].headers["if-none-match"] == '"a"'


def test_an_item_of_two_feeds_is_taken_once(site: Site, client: Client, notebook: Notebook, feed: Feed) -> None:
    site.pages["/other"] = feed_of(item("停戦合意（写真）", site.url("/a#top"), guid="x-9"), title="見本新聞 国際")
    feeds = [feed, Feed(site.url("/other"))]
    only(followed(feeds, client, notebook))
    assert followed(feeds, client, notebook) == []
    assert site.paths.count("/a") == 1


def test_a_feed_that_did_not_change_is_not_read_again(site: Site, client: Client, notebook: Notebook) -> None:
    site.pages["/feed"] = Page(rss(item("停戦合意", guid="n-1")), type=FEED, headers={"ETag": '"f"'})
    feed = Feed(site.url("/feed"), full_text=False)
    only(followed([feed], client, notebook))
    assert followed([feed], client, notebook) == []
    assert site.asked[-1].headers["if-none-match"] == '"f"'
    assert notebook.feed(feed.url).version == Version('"f"')


def test_what_did_not_reach_the_archive_is_found_again(
    site: Site, client: Client, notebook: Notebook, feed: Feed
) -> None:
    site.pages["/feed"] = Page(site.pages["/feed"].body, type=FEED, headers={"ETag": '"f"'})  # type: ignore[union-attr]
    only(list(Round([feed], client, notebook).found()))      # and there the power failed
    only(followed([feed], client, notebook))
    assert followed([feed], client, notebook) == []


def test_a_round_that_is_stopped_gives_no_more_and_remembers_only_what_it_gave(
    site: Site, client: Client, notebook: Notebook
) -> None:
    site.pages["/feed"] = feed_of(*(item(f"{n}報", guid=f"n-{n}") for n in range(50)))
    feed, stop = Feed(site.url("/feed"), full_text=False), threading.Event()
    one = Round([feed], client, notebook, stop)
    first = []
    for found in one.found():
        first.append(found)
        if len(first) == 3:
            stop.set()
    for found in first:
        one.note(found.where)
    one.finish()
    assert len(first) == 3
    assert notebook.feed(feed.url) == KnownFeed()
    assert len(followed([feed], client, notebook)) == 47


def test_a_feed_that_was_read_ahead_counts_as_asked_only_once_all_of_it_is_in_the_archive(
    site: Site, client: Client, notebook: Notebook
) -> None:
    site.pages["/feed"] = Page(
        rss(*(item(f"{n}報", guid=f"n-{n}") for n in range(3))), type=FEED, headers={"ETag": '"f"'}
    )
    feed, stop = Feed(site.url("/feed"), full_text=False), threading.Event()
    one = Round([feed], client, notebook, stop)
    for found in one.found():
        one.note(found.where)
        time.sleep(0.3)     # the other two wait in line by now
        stop.set()
    one.finish()
    assert len(followed([feed], client, notebook)) == 2


def test_a_feed_that_takes_long_leaves_the_rest_for_the_next_round(
    site: Site, client: Client, notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pages["/feed"] = Page(
        rss(*(item(f"{n}報", guid=f"n-{n}") for n in range(5))), type=FEED, headers={"ETag": '"f"'}
    )
    feed = Feed(site.url("/feed"), full_text=False)
    monkeypatch.setattr("indexer.fetching.following.SECONDS_A_FEED", -1.0)
    assert followed([feed], client, notebook) == []
    monkeypatch.undo()
    assert len(followed([feed], client, notebook)) == 5


# ---- what goes wrong ------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "reason"), [
    (Page(status=404), "there is no such page"),
    (Page(article("停戦合意", BODY)), "no feed; name the address of its RSS or Atom file"),
    (Page("<rss><channel><item>", type=FEED), ""),
])
def test_a_feed_that_cannot_be_read_is_a_rejection_and_the_others_are_followed(
    site: Site, client: Client, notebook: Notebook, feed: Feed, answer: Page, reason: str
) -> None:
    site.pages["/bad"] = answer
    found = followed([Feed(site.url("/bad")), feed], client, notebook)
    assert [one.title for one in found if isinstance(one, RawArticle) and one.where.path == site.url("/a")] == [
        "停戦合意、北京で"
    ]
    rejected = [one for one in found if isinstance(one, Rejection)]
    assert all(one.where.path == site.url("/bad") and reason in one.why for one in rejected)
    assert len(rejected) == 1


def test_an_item_may_have_neither_link_nor_id(site: Site, client: Client, notebook: Notebook) -> None:
    site.pages["/feed"] = feed_of(item("第一報", summary=SUMMARY), item("第二報", summary=SUMMARY))
    found = followed([Feed(site.url("/feed"))], client, notebook)
    assert [one.title for one in found if isinstance(one, RawArticle)] == ["第一報", "第二報"]
    assert followed([Feed(site.url("/feed"))], client, notebook) == []


# ---- how often ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("head", "seconds"), [
    ("", 0.0),
    ("<ttl>30</ttl>", 1800.0),
    ("<sy:updatePeriod>hourly</sy:updatePeriod>", 3600.0),
    ("<sy:updatePeriod> daily </sy:updatePeriod>\n<sy:updateFrequency>4</sy:updateFrequency>", 21_600.0),
    ("<sy:updateFrequency>0</sy:updateFrequency><ttl>x</ttl>", 0.0),
])
def test_a_feed_says_how_often_it_is_worth_asking(head: str, seconds: float) -> None:
    assert rest_seconds(rss(head=head)) == seconds


@pytest.mark.parametrize(("known", "often", "once"), [
    (KnownFeed(), 900.0, -60.0),
    (KnownFeed(asked_at=10_000.0, not_before=10_000.0), 10_900.0, 9_940.0),
    (KnownFeed(asked_at=10_000.0, not_before=13_600.0), 13_600.0, 13_540.0),
    (KnownFeed(asked_at=10_000.0, failures=1), 11_800.0, -60.0),
    (KnownFeed(asked_at=10_000.0, failures=99), 10_000.0 + 64 * 900.0, -60.0),
])
def test_a_feed_is_asked_at_its_interval_or_later_if_its_server_wants_that(
    notebook: Notebook, known: KnownFeed, often: float, once: float
) -> None:
    feed = Feed("https://news.example/feed")
    notebook.keep_feed(feed.url, known)
    assert due_at(feed, notebook, once=False) == often
    assert due_at(feed, notebook, once=True) == once


@pytest.mark.parametrize(("headers", "head", "seconds"), [
    ({}, "", 0.0), ({"Cache-Control": "max-age=1200"}, "<ttl>5</ttl>", 1200.0), ({}, "<ttl>60</ttl>", 3600.0),
    ({"Cache-Control": "max-age=31536000"}, "", 86_400.0),
])
def test_the_feed_and_its_server_both_are_heard(
    site: Site, client: Client, notebook: Notebook, headers: dict[str, str], head: str, seconds: float
) -> None:
    site.pages["/feed"] = Page(rss(item("停戦合意", guid="n-1"), head=head), type=FEED, headers=headers)
    feed = Feed(site.url("/feed"), full_text=False)
    one = Round([feed], client, notebook, now=lambda: 50_000.0)
    list(one.found())
    one.finish()
    known = notebook.feed(feed.url)
    assert (known.asked_at, known.not_before, known.failures) == (50_000.0, 50_000.0 + seconds, 0)


def test_failures_are_counted_until_it_comes_again(site: Site, client: Client, notebook: Notebook) -> None:
    feed = Feed(site.url("/feed"), full_text=False)
    followed([feed], client, notebook)
    followed([feed], client, notebook)
    assert notebook.feed(feed.url).failures == 2
    site.pages["/feed"] = feed_of(item("停戦合意", guid="n-1"))
    followed([feed], client, notebook)
    assert notebook.feed(feed.url).failures == 0
