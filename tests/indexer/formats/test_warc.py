"""Web crawls: what of them is an article, how it was fetched, and records that are broken."""

import gzip
import io
import tarfile
import zlib
from datetime import UTC, datetime

import pytest
import zstandard

from indexer.formats import read_open, warc
from indexer.formats.source import open_source
from indexer.raw import RawArticle, Rejection, Where

ONE = "中国の習近平指導者とロシアのラブロフ外相が北京で会談し、両国の協力を確認した。"
URL = "https://mihon.example/{}.html"


def page(number, encoding="utf-8"):
    return f"<!DOCTYPE html><title>{number}番</title><p>{number}番目の記事。{ONE}</p>".encode(encoding)


def record(kind, address, body, about="", length=None):
    lines = [
        "WARC/1.0", f"WARC-Type: {kind}", f"WARC-Target-URI: {address}", "WARC-Date: 2024-04-10T00:00:00Z",
        f"Content-Length: {len(body) if length is None else length}", *about.splitlines(),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body + b"\r\n\r\n"


def response(number, body=None, about="Content-Type: text/html; charset=utf-8", status="200 OK", length=None):
    fetched = f"HTTP/1.1 {status}\r\n{about}\r\n\r\n".encode() + (page(number) if body is None else body)
    return record("response", URL.format(number), fetched, "Content-Type: application/http", length)


def found_in(data, name="a.warc"):
    return list(read_open(io.BytesIO(data), Where(name)))


def titles(found):
    return [one.title if isinstance(one, RawArticle) else f"({one.why})" for one in found]


# --- what is read ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.ZstdCompressor().compress])
@pytest.mark.parametrize("each", [True, False])
def test_pages_are_articles_under_their_address(pack, each):
    records = [record("warcinfo", "", b"software: x"), response(1), response(2)]
    data = b"".join(map(pack, records)) if each else pack(b"".join(records))
    found = found_in(data, "a.warc.gz")
    assert titles(found) == ["1番", "2番"]
    assert found[0].where == Where("a.warc.gz/https://mihon.example/1.html")
    assert (found[0].url, found[0].as_of) == ("https://mihon.example/1.html", datetime(2024, 4, 10, tzinfo=UTC))


def test_a_crawl_lies_in_a_tar_archive():
    packed = io.BytesIO()
    data = gzip.compress(response(1))
    with tarfile.open(fileobj=packed, mode="w") as archive:
        info = tarfile.TarInfo("crawl/a.warc.gz")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    (raw,) = found_in(packed.getvalue(), "a.tar")
    assert raw.where.path == "a.tar/crawl/a.warc.gz/https://mihon.example/1.html"


@pytest.mark.parametrize(
    ("about", "is_read"),
    [
        ("Content-Type: text/html", True),
        ("content-type: TEXT/HTML; charset=x", True),
        ("Content-Type: application/xhtml+xml", True),
        ("Content-Type: text/plain", True),
        ("Content-Type: text/css", False),
        ("Content-Type: image/png", False),
        ("Content-Type: application/javascript", False),
        ("Content-Type: image/svg+xml", False),
    ],
)
def test_only_what_may_be_an_article_is_read(about, is_read):
    assert titles(found_in(response(1, about=about) + response(2))) == ["1番", "2番"][not is_read :]


@pytest.mark.parametrize(
    "other",
    [
        response(1, status="404 Not Found"),
        response(1, status="301 Moved"),
        response(1, status="206 Partial Content"),
        response(1, status=""),
        record("request", URL, b"GET / HTTP/1.1\r\n\r\n"),
        record("revisit", URL, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
        record("metadata", URL, b"via: x"),
        record("response", "https://mihon.example/robots.txt", b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nA"),
        record("response", "dns:mihon.example", b"20240410 mihon.example", "Content-Type: text/dns"),
    ],
)
def test_what_is_about_fetching_or_was_fetched_in_vain_is_passed_over(other):
    assert titles(found_in(other + response(2))) == ["2番"]


def test_a_resource_is_read_without_headers_of_http():
    data = record("resource", "https://mihon.example/1.html", page(1), "Content-Type: text/html")
    assert titles(found_in(data)) == ["1番"]


@pytest.mark.parametrize("encoding", ["euc-jp", "shift_jis"])
def test_the_charset_of_the_server_is_handed_on(encoding):
    data = response(1, page(1, encoding), f"Content-Type: text/html; charset={encoding}")
    (source,) = warc.members(open_source(io.BytesIO(data), Where("a")))
    assert source.facts.charset == encoding
    assert titles(found_in(data)) == ["1番"]


# --- what the server packed -----------------------------------------------------------------------------


def chunked(data, size=7):
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    return b"".join(b"%x;x=y\r\n%s\r\n" % (len(one), one) for one in pieces) + b"0\r\n\r\n"


def bare_deflate(data):
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (chunked(page(1)), "Transfer-Encoding: chunked"),
        (chunked(page(1))[:-5], "Transfer-Encoding: chunked"),
        (page(1), "Transfer-Encoding: chunked"),
        (gzip.compress(page(1)), "Content-Encoding: gzip"),
        (gzip.compress(page(1)), "Content-Encoding: x-gzip"),
        (page(1), "Content-Encoding: gzip"),
        (zlib.compress(page(1)), "Content-Encoding: deflate"),
        (bare_deflate(page(1)), "Content-Encoding: deflate"),
        (zstandard.ZstdCompressor().compress(page(1)), "Content-Encoding: zstd"),
        (gzip.compress(gzip.compress(page(1))), "Content-Encoding: gzip, gzip"),
        (chunked(gzip.compress(page(1)), 50), "Content-Encoding: gzip\r\nTransfer-Encoding: chunked"),
        (page(1), "Content-Encoding: br"),
        (page(1), "Content-Encoding: utf-8"),
    ],
)
def test_what_the_server_packed_is_unpacked_and_what_the_crawler_unpacked_is_not_again(body, headers):
    assert titles(found_in(response(1, body, f"Content-Type: text/html\r\n{headers}") + response(2))) == ["1番", "2番"]


def test_pages_in_brotli_are_counted_and_not_named_one_by_one():
    data = b"".join(response(n, b"\x1b\x0f", "Content-Type: text/html\r\nContent-Encoding: br") for n in range(30))
    assert titles(found_in(data + response(2))) == [
        "2番", "(pages packed with Brotli, which cannot be unpacked here: 30)"]


@pytest.mark.parametrize(
    ("body", "headers", "why"),
    [
        (b"5\r\n<html\r\nffffffff\r\n>", "Transfer-Encoding: chunked", "breaks off"),
        (b"5\r\n<html\r\nzz\r\n>", "Transfer-Encoding: chunked", "its chunks have wrong lengths"),
        (gzip.compress(page(1))[:-20], "Content-Encoding: gzip", "breaks off in the middle of its gzip data"),
        (b"\x78\x9c\xff\xff\xff", "Content-Encoding: deflate", "damaged zlib data"),
    ],
)
def test_a_page_that_is_packed_wrongly_is_rejected_and_the_next_one_read(body, headers, why):
    rejection, raw = found_in(response(1, body, f"Content-Type: text/html\r\n{headers}") + response(2))
    assert rejection.where == Where("a.warc/https://mihon.example/1.html")
    assert why in rejection.why
    assert raw.title == "2番"


# --- broken records -------------------------------------------------------------------------------------

IMPOSSIBLE = "(a record of a web archive with an impossible length ({}))"
WRONG = "(a record of a web archive with a wrong length, so where it ends is not known)"


@pytest.mark.parametrize(
    ("length", "why"),
    [
        (-5, IMPOSSIBLE.format(-5)),
        ("", IMPOSSIBLE.format("none")),
        ("many", IMPOSSIBLE.format("many")),
        (10**18, f"(a record of a web archive that breaks off, or with a wrong length ({10**18:,} bytes))"),
        (10**30, IMPOSSIBLE.format("1" + "0" * 19)),
        (100, WRONG),
        (600, WRONG),
    ],
)
def test_a_length_that_lies_costs_its_page_and_no_other(length, why):
    data = response(0) + response(1, length=length) + response(2) + response(3)
    assert titles(found_in(data)) == ["0番", why, "2番", "3番"]


@pytest.mark.parametrize("length", [-5, "", 100])
def test_a_length_that_lies_in_a_packed_crawl_costs_its_page_and_no_other(length):
    data = gzip.compress(response(0) + response(1, length=length) + response(2) + response(3))
    found = titles(found_in(data))
    assert [found[0], *found[2:]] == ["0番", "2番", "3番"]
    assert found[1] in (WRONG, IMPOSSIBLE.format(length or "none"))


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_of_a_crawl_that_breaks_off_the_pages_before_the_break_are_read(pack):
    data = pack(response(0)) + pack(response(1)) + pack(response(2))
    *read, end = found_in(data[:-40])
    assert titles(read) == ["0番", "1番"]
    assert "breaks off" in end.why


@pytest.mark.parametrize("line", [b"", b"no header\r\n", b"X: " + b"x" * 9_000 + b"\r\n", b"\xff\xfe: \x80\r\n"])
def test_odd_headers_do_no_harm(line):
    data = response(1).replace(b"WARC-Date", line + b"WARC-Date")
    assert titles(found_in(data + response(2))) == ["1番", "2番"]


def test_a_crawl_without_records_says_so():
    (rejection,) = found_in(gzip.compress(b"WARC/"))
    assert rejection == Rejection(Where("a.warc"), IMPOSSIBLE.format("none")[1:-1])
    assert found_in(record("warcinfo", "", b"software: x")) == []
