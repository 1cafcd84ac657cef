"""Asking servers: what is sent, what comes back, where it leads, and why nothing comes."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version

import pytest
from asking import BODY, PAGE, Clock, MakeClient, fetched, why
from loopback import Page, Site, article

from indexer.fetching import read
from indexer.fetching.addresses import Address
from indexer.fetching.client import Client, Fetched, Unchanged
from indexer.fetching.exchange import Answer, Failure, Wire
from indexer.fetching.notebook import Version
from indexer.fetching.turns import Turns
from indexer.raw import RawArticle, Rejection
from search.articles import JST

# ---- what is sent and what comes back ---------------------------------------------------------------


def test_a_page_comes_with_where_it_was_asked_and_what_is_known_of_it(site: Site, client: Client) -> None:
    date = "Wed, 10 Apr 2024 06:15:00 GMT"
    site.pages["/%E8%A8%98"] = Page(
        article("停戦合意", BODY), type="text/html; charset=Shift_JIS", raw=False,
        headers={"ETag": '"a1"', "Last-Modified": date, "Cache-Control": "public, max-age=600"},
    )
    found = fetched(client, site.url("/記#一"))
    assert found.file.read().decode() == article("停戦合意", BODY)
    assert found.where.path == site.url("/記#一")
    assert (found.facts.charset, found.facts.url) == ("shift_jis", site.url("/%E8%A8%98"))
    assert found.facts.as_of is not None
    assert abs((datetime.now(JST) - found.facts.as_of).total_seconds()) < 60
    assert (found.version, found.fresh_seconds) == (Version('"a1"', date), 600.0)


def test_what_yesterday_is_counted_from_is_the_date_of_the_answer(site: Site, client: Client) -> None:
    old = b"HTTP/1.0 200 OK\r\nDate: Wed, 10 Apr 2024 06:15:00 GMT\r\nContent-Type: text/html\r\n\r\n<p>\xe8\xa8\x98"
    site.pages["/a"] = Page(old, raw=True)
    assert fetched(client, site.url("/a")).facts.as_of == datetime(2024, 4, 10, 15, 15, tzinfo=JST)


@pytest.mark.parametrize(("contact", "agent"), [
    (None, f"kijigura/{version('kijigura')}"),
    ("desk@example.jp", f"kijigura/{version('kijigura')} (+desk@example.jp)"),
])
def test_a_server_is_told_who_asks(site: Site, client_with: MakeClient, contact: str | None, agent: str) -> None:
    site.pages["/a"] = PAGE
    client_with(contact=contact).get(site.url("/a"))
    assert [one.headers["user-agent"] for one in site.asked] == [agent, agent]
    sent = site.asked[-1].headers
    assert sent["host"] == f"127.0.0.1:{site.port}"
    assert "if-none-match" not in sent
    assert "cookie" not in sent


def test_what_is_known_already_does_not_come_again(site: Site, client: Client) -> None:
    site.pages["/a"] = Page(PAGE.body, headers={"ETag": '"a1"', "Cache-Control": "max-age=60"})
    known = fetched(client, site.url("/a")).version
    assert client.get(site.url("/a"), known) == Unchanged(60.0)
    assert isinstance(client.get(site.url("/a"), Version('"other"')), Fetched)
    client.get(site.url("/a"), Version(last_modified="Wed, 10 Apr 2024 06:15:00 GMT"))
    assert site.asked[-1].headers["if-modified-since"] == "Wed, 10 Apr 2024 06:15:00 GMT"


@pytest.mark.parametrize(("said", "seconds"), [
    ("max-age=900", 900.0), ("public, Max-Age=\"30\"", 30.0), ("no-cache, max-age=900", 0.0), ("max-age=-1", 0.0),
    ("max-age=soon", 0.0), ("private", 0.0), ("", 0.0),
])
def test_how_long_an_answer_is_fresh(site: Site, client: Client, said: str, seconds: float) -> None:
    site.pages["/a"] = Page(PAGE.body, headers={"Cache-Control": said})
    assert fetched(client, site.url("/a")).fresh_seconds == seconds


@pytest.mark.parametrize(("encoding", "packed"), [
    ("gzip", gzip.compress(PAGE.data)), ("deflate", zlib.compress(PAGE.data)), ("identity", PAGE.data),
    ("gzip, gzip", gzip.compress(gzip.compress(PAGE.data))),
])
def test_a_packed_answer_is_unpacked(site: Site, client: Client, encoding: str, packed: bytes) -> None:
    site.pages["/a"] = Page(packed, headers={"Content-Encoding": encoding})
    assert fetched(client, site.url("/a")).file.read() == PAGE.data


def test_articles_come_from_addresses_and_failures_are_data(site: Site, client: Client) -> None:
    site.pages["/a"] = PAGE
    found = list(read([site.url("/a"), site.url("/none"), site.url("/a")], client=client))
    one, other = found
    assert isinstance(one, RawArticle)
    assert (one.title, one.body, one.url) == ("停戦合意", BODY, site.url("/a"))
    assert other == Rejection(
        type(one.where)(site.url("/none")), "there is no such page; check the address (status 404)"
    )


# ---- where it leads ---------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_an_answer_may_lead_on(site: Site, client: Client, status: int) -> None:
    site.pages |= {"/a/b": Page(status=status, headers={"Location": "../c?d"}), "/c?d": PAGE}
    found = fetched(client, site.url("/a/b"))
    assert (found.where.path, found.facts.url) == (site.url("/a/b"), site.url("/c?d"))


def test_where_it_leads_may_be_written_in_japanese(site: Site, client: Client) -> None:
    as_bytes = "/記事".encode().decode("latin-1")
    site.pages |= {"/a": Page(status=302, headers={"Location": as_bytes}), "/%E8%A8%98%E4%BA%8B": PAGE}
    assert fetched(client, site.url("/a")).facts.url == site.url("/%E8%A8%98%E4%BA%8B")


def test_it_may_lead_on_five_times_and_no_more(site: Site, client: Client) -> None:
    site.pages |= {f"/{n}": Page(status=302, headers={"Location": f"/{n + 1}"}) for n in range(9)}
    site.pages["/5"] = PAGE
    assert fetched(client, site.url("/0")).facts.url == site.url("/5")
    site.pages["/5"] = Page(status=302, headers={"Location": "/6"})
    assert "leads on more than 5 times" in why(client, site.url("/0"))
    assert site.paths.count("/6") == 0


@pytest.mark.parametrize(("location", "reason"), [
    ("http://169.254.169.254/latest/meta-data/", "no page is at"),
    ("http://[::ffff:169.254.169.254]/", "no page is at"),
    ("http://metadata.example/", r"metadata.example \(169.254.169.254\)"),
    ("http://0.0.0.0/", "no page is at"),
    ("file:///etc/passwd", "only http"),
    ("gopher://news.example/", "only http"),
    ("http://name:secret@news.example/", "a name or a password"),
])
def test_it_may_not_lead_where_nothing_may_be_asked(
    site: Site, client_with: MakeClient, location: str, reason: str
) -> None:
    def resolve(host: str, port: int) -> list[str]:
        return {"metadata.example": ["169.254.169.254"]}.get(host, [host.strip("[]")])

    site.pages["/a"] = Page(status=302, headers={"Location": location})
    with pytest.raises(Failure, match=f"it leads to .*{reason}"):
        client_with(resolve=resolve).get(site.url("/a"))


def test_a_page_of_the_internet_may_not_lead_into_the_own_network(site: Site, clock: Clock) -> None:
    """The first answer is made up here, since no test leaves this machine; the second would come from a real server."""
    site.pages["/admin"] = PAGE
    found = {"news.example": ["8.8.8.8"], "inner.example": ["127.0.0.1"]}
    wire = _MadeUp(resolve=lambda host, port: found.get(host, [host]))
    for location in ("http://inner.example/admin", "http://127.0.0.1/admin", site.url("/admin")):
        wire.location = location
        with pytest.raises(Failure, match=r"it leads to .*--allow-private"):
            Client(wire=wire, turns=Turns(clock.now, clock.sleep)).get("http://news.example/")
    assert site.asked == []


class _MadeUp(Wire):
    """A wire on which news.example leads elsewhere; anything else is asked for in earnest."""

    location = ""

    def __setattr__(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def exchange(
        self, address: Address, headers: Mapping[str, str], *, cut_at_bytes: int | None = None
    ) -> Answer:
        if address.host == "news.example":
            address.machines(self.allow_private, self.resolve)
            return Answer(404 if cut_at_bytes else 302, {"location": self.location})
        return Wire.exchange(self, address, headers, cut_at_bytes=cut_at_bytes)


@pytest.mark.parametrize("url", ["http://127.0.0.1/a", "http://localhost/a", "http://[::1]/a", "http://2130706433/a"])
def test_without_leave_this_machine_is_not_asked(url: str) -> None:
    assert "--allow-private" in why(Client(), url)


def test_a_name_that_means_another_machine_the_second_time_does_not_lead_there(
    site: Site, client_with: MakeClient
) -> None:
    """The name is looked up once for each request, and the request goes to what was found and looked at then."""
    answers = iter([["127.0.0.1"], ["127.0.0.1"], ["169.254.169.254"]])
    site.pages["/a"] = PAGE
    client = client_with(resolve=lambda host, port: next(answers))
    # No system knows this name: had it been looked up again anywhere else, nothing would have come.
    url = site.url("/a", "rebinding.example")
    assert fetched(client, url).file.read() == PAGE.data
    assert {one.host for one in site.asked} == {"rebinding.example"}
    assert "no page is at" in why(client, url)
    assert site.paths == ["/a"]
