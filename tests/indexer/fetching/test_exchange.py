"""One request: how long it may take, how much may come, and who must prove what."""

from __future__ import annotations

import gzip
import socket
import ssl
import subprocess
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from asking import PAGE, MakeClient, fetched, why
from loopback import HTML, Page, Site, serving

from indexer.fetching.addresses import parse
from indexer.fetching.client import Client
from indexer.fetching.exchange import Bounds, Failure, Wire
from indexer.fetching.notebook import Version

TlsSite = tuple[Site, ssl.SSLContext]


# ---- bounds -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "reason"), [
    (Page(b"<p>" * 400_000), "over the limit of 1.0 MiB"),
    (Page(b"<p>", headers={"Content-Length": "99999999999"}), "over the limit of 1.0 MiB"),
    (Page(pieces=(b"<p>" * 400_000,)), "over the limit of 1.0 MiB"),
    (Page(gzip.compress(b" " * 50_000_000), headers={"Content-Encoding": "gzip"}), "over the limit"),
    (Page(zlib.compress(b" " * 50_000_000), headers={"Content-Encoding": "deflate"}), "over the limit"),
    (Page(gzip.compress(gzip.compress(b" " * 50_000_000)), headers={"Content-Encoding": "gzip, gzip"}), "the limit"),
    (Page(b"x", headers={"Content-Encoding": "br"}), r"packed in a way that was not asked for \(br\)"),
    (Page(b"no gzip", headers={"Content-Encoding": "gzip"}), "cannot be unpacked"),
    (Page(b"<p>", headers={"Content-Length": "90"}), "broke off"),
    (Page(b"\x00\x01nonsense\r\n\r\n", raw=True), "broke off"),
    (Page(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", raw=True), "broke off"),
    (Page(raw=True), "broke off"),
])
def test_an_answer_that_is_too_large_or_broken_is_given_up(
    site: Site, client: Client, answer: Page, reason: str
) -> None:
    site.pages["/a"] = answer
    with pytest.raises(Failure, match=reason):
        client.get(site.url("/a"))


def test_a_bomb_takes_no_more_memory_than_the_limit_says(site: Site, client: Client) -> None:
    site.pages["/a"] = Page(gzip.compress(b" " * 50_000_000), headers={"Content-Encoding": "gzip"})
    tracemalloc.start()
    why(client, site.url("/a"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


SLOW = Bounds(connect_seconds=1, read_seconds=0.5, whole_seconds=1.0)
HEADERS = tuple(bytes([one]) for one in b"HTTP/1.1 200 OK\r\nX-Long: " + b"y" * 200)


@pytest.mark.parametrize(("answer", "reason"), [
    (Page(pieces=(b"<p>",) * 40, seconds=0.1), "took more than 1 s"),
    (Page(raw=True, pieces=HEADERS, seconds=0.05), "took more than 1 s"),
    (Page(before=lambda: time.sleep(2)), "fell silent"),
    (Page(pieces=(b"<p>", b"<p>"), seconds=2), "fell silent"),
])
def test_a_slow_server_is_not_waited_for(site: Site, answer: Page, reason: str) -> None:
    site.pages["/a"] = answer
    started = time.monotonic()
    with pytest.raises(Failure, match=reason):
        Wire(SLOW, True).exchange(parse(site.url("/a"), allow_private=True), {})
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(("kind", "what"), [
    ("image/png", "an image"), ("image/svg+xml", "an image"), ("video/mp4", "a video"), ("audio/mpeg", "a sound"),
    ("font/woff2", "a font"), ("text/css", "a file"), ("application/javascript", "a file"),
    ("application/x-msdownload", "a file"),
])
def test_what_holds_no_article_is_told_by_its_type(site: Site, client: Client, kind: str, what: str) -> None:
    site.pages["/a"] = Page(b"x", type=kind)
    assert why(client, site.url("/a")) == f"{what} ({kind}), not an article"


@pytest.mark.parametrize("kind", [
    HTML, "application/xhtml+xml", "text/xml", "application/xml", "application/rss+xml", "application/atom+xml",
    "application/json", "application/ld+json", "text/plain; charset=EUC-JP", "application/pdf", "application/warc",
    "application/zip", "application/octet-stream", "TEXT/HTML", None,
])
def test_what_may_hold_one_is_handed_on(site: Site, client: Client, kind: str | None) -> None:
    site.pages["/a"] = Page(PAGE.body, type=kind)
    assert fetched(client, site.url("/a")).file.read() == PAGE.data


@pytest.mark.parametrize(("status", "reason"), [
    (401, "behind a login"), (403, "does not let programs read it"), (404, "there is no such page"),
    (410, "gone for good"), (418, "no page to give"), (204, "no page to give"), (304, "no page to give"),
])
def test_an_answer_without_a_page_is_told_in_words(site: Site, client: Client, status: int, reason: str) -> None:
    site.pages["/a"] = Page(status=status)
    assert why(client, site.url("/a")).endswith(f"(status {status})")
    assert reason in why(client, site.url("/a"))
    with pytest.raises(Failure, match=reason):
        client.get(site.url("/a"), Version())       # by which nothing was asked


def test_a_host_that_is_not_there_is_told_from_one_that_takes_no_connections(client_with: MakeClient) -> None:
    def nothing(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    assert why(client_with(resolve=nothing), "http://nowhere.example/") == (
        "there is no host nowhere.example; check the address"
    )
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        assert f"takes no connections on port {port}" in why(client_with(), f"http://news.example:{port}/")


# ---- encryption -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate and its key for news.example, signed by itself."""
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=news.example "
        f"-addext subjectAltName=DNS:news.example -keyout {file} -out {file}.crt"
    )
    try:
        subprocess.run(command.split(), check=True, capture_output=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        pytest.skip("no openssl to make a certificate with")
    with file.open("a") as both:
        both.write(Path(f"{file}.crt").read_text())
    return file


@pytest.fixture
def tls_site(certificate: Path) -> Iterator[TlsSite]:
    """A site with that certificate, and somebody who trusts it."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    with serving(Site({"/a": PAGE}), server) as site:
        yield site, ssl.create_default_context(cafile=f"{certificate}.crt")


def test_an_encrypted_page_comes_from_a_host_that_proves_its_name(
    tls_site: TlsSite, client_with: MakeClient
) -> None:
    site, trust = tls_site
    assert fetched(client_with(trust=trust), site.url("/a", "news.example")).file.read() == PAGE.data


def test_a_host_that_cannot_prove_its_name_is_not_read(tls_site: TlsSite, client_with: MakeClient) -> None:
    site, trust = tls_site
    assert "other.example cannot prove that it is other.example" in why(
        client_with(trust=trust), site.url("/a", "other.example")
    )
    assert "news.example cannot prove" in why(client_with(), site.url("/a", "news.example"))
    assert site.asked == []


def test_a_host_that_does_not_speak_tls_is_told(site: Site, client_with: MakeClient) -> None:
    assert "no safe connection to 127.0.0.1" in why(client_with(), site.url("/a").replace("http:", "https:"))


def test_an_encrypted_page_may_not_lead_to_one_that_is_not(tls_site: TlsSite, client_with: MakeClient) -> None:
    site, trust = tls_site
    site.pages["/a"] = Page(status=301, headers={"Location": f"http://news.example:{site.port}/b"})
    assert "not encrypted any more" in why(client_with(trust=trust), site.url("/a", "news.example"))
