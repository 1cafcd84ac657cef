"""A web site on this machine for tests: what it has at each path, and who asked for what."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HTML = "text/html; charset=utf-8"
FEED = "application/rss+xml; charset=utf-8"


@dataclass(frozen=True)
class Page:
    """What the site answers. pieces: sent one after another with `seconds` before each; a body comes at once.

    before: called before anything is sent.
    """

    body: str | bytes = b""
    status: int = 200
    type: str | None = HTML
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: tuple[bytes, ...] = ()
    seconds: float = 0.0
    before: Callable[[], object] | None = None
    raw: bool = False

    @property
    def data(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


@dataclass(frozen=True)
class Asked:
    """A request as it came. headers: by their names in small letters."""

    path: str
    host: str
    headers: Mapping[str, str]


class Site:
    """pages: by path; a list is answered in order, its last one for ever. Pages that are not there are 404."""

    def __init__(self, pages: Mapping[str, Page | list[Page]] | None = None) -> None:
        self.pages: dict[str, Page | list[Page]] = dict(pages or {})
        self.asked: list[Asked] = []
        self.most_at_once: dict[str, int] = {}
        self.port = 0
        self.scheme = "http"
        self._at_once: dict[str, int] = {}
        self._lock = threading.Lock()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, robots.txt left out."""
        return [one.path for one in self.asked if one.path != "/robots.txt"]

    def answer(self, asked: Asked) -> Page:
        with self._lock:
            self.asked.append(asked)
            page = self.pages.get(asked.path, Page(status=404))
            if isinstance(page, list):
                page = page.pop(0) if len(page) > 1 else page[0]
        etag = page.headers.get("ETag")
        return Page(status=304, headers=page.headers) if etag and asked.headers.get("if-none-match") == etag else page

    @contextmanager
    def counted(self, host: str) -> Iterator[None]:
        with self._lock:
            self._at_once[host] = self._at_once.get(host, 0) + 1
            self.most_at_once[host] = max(self.most_at_once.get(host, 0), self._at_once[host])
        try:
            yield
        finally:
            with self._lock:
                self._at_once[host] -= 1


@contextmanager
def serving(site: Site, tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Serve the site on a free port for a while."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host = self.headers.get("Host", "").split(":")[0]
            asked = Asked(self.path, host, {name.lower(): value for name, value in self.headers.items()})
            # Whoever asked may leave in the middle.
            with site.counted(host), suppress(OSError):
                self._send(site.answer(asked))

        def _send(self, page: Page) -> None:
            if page.before:
                page.before()
            if not page.raw:
                self.send_response(page.status)
                if page.type and page.status == 200:
                    self.send_header("Content-Type", page.type)
                for name, value in page.headers.items():
                    self.send_header(name, value)
                if not page.pieces and "Content-Length" not in page.headers:
                    self.send_header("Content-Length", str(len(page.data)))
                self.end_headers()
            self.wfile.write(page.data)
            for piece in page.pieces:
                time.sleep(page.seconds)
                self.wfile.write(piece)
                self.wfile.flush()

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass        # a client that refuses the certificate

    server = Server(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        site.scheme = "https"
    site.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def article(title: str, body: str, *, head: str = "") -> str:
    """A page with an article."""
    paragraphs = "".join(f"<p>{one}</p>" for one in body.split("\n\n"))
    return (
        f"<!DOCTYPE html><html lang=ja><head><title>{title}</title>{head}</head>"
        f"<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    )


def rss(*items: str, title: str = "見本新聞", head: str = "") -> str:
    """A feed of RSS 2.0."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">'
        f"<channel><title>{title}</title>{head}{''.join(items)}</channel></rss>"
    )


def item(title: str, link: str | None = None, *, summary: str = "", date: str = "", guid: str = "") -> str:
    """An item of `rss`."""
    parts = [f"<title>{title}</title>"]
    parts += [f"<link>{link}</link>"] if link else []
    parts += [f'<guid isPermaLink="false">{guid}</guid>'] if guid else []
    parts += [f"<pubDate>{date}</pubDate>"] if date else []
    parts += [f"<description>{summary}</description>"] if summary else []
    return f"<item>{''.join(parts)}</item>"
