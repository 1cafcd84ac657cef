"""Which addresses may be asked."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from indexer.fetching.addresses import NotAllowed, is_url, parse, resolve_by_system, why_not

PUBLIC = ["8.8.8.8", "1.1.1.1", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"]
OWN_NETWORK = [
    "127.0.0.1", "127.255.255.254", "::1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1",
    "100.127.255.255", "fc00::1", "fd12:3456::1", "fec0::1", "198.18.0.1", "192.0.2.1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:192.168.1.1", "64:ff9b::10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1",
    "2002:a00:1::", "2001:0:808:808::1",
]
NEVER = [
    "0.0.0.0", "::", "169.254.169.254", "169.254.0.1", "fe80::1", "fe80::1%1", "224.0.0.1", "239.255.255.255",
    "240.0.0.1", "255.255.255.255", "ff02::1", "::ffff:169.254.169.254", "::ffff:0.0.0.0", "64:ff9b::169.254.169.254",
    "2002:a9fe:a9fe::1", "::127.0.0.1", "64:ff9b:1::1",
]


@pytest.mark.parametrize("ip", PUBLIC)
def test_a_machine_of_the_public_internet_may_be_asked(ip: str) -> None:
    assert why_not(ip_address(ip), allow_private=False) is None


@pytest.mark.parametrize("ip", OWN_NETWORK)
def test_a_machine_of_the_own_network_only_when_that_is_said(ip: str) -> None:
    assert "--allow-private" in str(why_not(ip_address(ip), allow_private=False))
    assert why_not(ip_address(ip), allow_private=True) is None


@pytest.mark.parametrize("ip", NEVER)
def test_what_is_no_machine_of_its_own_and_where_clouds_keep_keys_never_is(ip: str) -> None:
    assert why_not(ip_address(ip), allow_private=False)
    assert why_not(ip_address(ip), allow_private=True)


@pytest.mark.parametrize("found", [
    ["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["2001:4860:4860::8888", "::1"], ["8.8.8.8", "169.254.169.254"],
])
def test_a_name_is_not_asked_if_any_of_its_machines_may_not_be(found: list[str]) -> None:
    with pytest.raises(NotAllowed, match=r"news\.example \("):
        parse("https://news.example/").machines(False, lambda host, port: found)


def test_the_machines_of_a_name_are_the_ones_that_were_looked_at() -> None:
    found = iter([["8.8.8.8", "8.8.4.4", "8.8.8.8"], ["127.0.0.1"]])
    address = parse("https://news.example/")
    assert address.machines(False, lambda host, port: next(found)) == ("8.8.8.8", "8.8.4.4")
    with pytest.raises(NotAllowed):
        address.machines(False, lambda host, port: next(found))


@pytest.mark.parametrize("host", [
    "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "localhost", "[::1]", "[::ffff:7f00:1]",
])
def test_another_way_to_write_this_machine_is_seen_through(host: str) -> None:
    with pytest.raises(NotAllowed, match="your own network"):
        parse(f"http://{host}/").machines(False, resolve_by_system)


@pytest.mark.parametrize(("written", "url"), [
    ("HTTPS://News.Example:443/a", "https://news.example/a"),
    ("http://news.example", "http://news.example/"),
    ("https://例え.jp/記事?q=停戦#見出し", "https://xn--r8jz45g.jp/%E8%A8%98%E4%BA%8B?q=%E5%81%9C%E6%88%A6"),
    (" https://news.example/a b\n", "https://news.example/a%20b"),
    ("http://news.example:443/", "http://news.example:443/"),
    ("http://[2001:4860:4860::8888]/", "http://[2001:4860:4860::8888]/"),
])
def test_an_address_is_written_as_it_goes_over_the_wire(written: str, url: str) -> None:
    assert parse(written).url == url


@pytest.mark.parametrize(("url", "why"), [
    ("ftp://news.example/", "only http:// and https://"),
    ("file:///etc/passwd", "only http:// and https://"),
    ("javascript:alert(1)", "only http:// and https://"),
    ("news.example/a", "no scheme"),
    ("https://", "without a host"),
    ("https://name:secret@news.example/", "a name or a password"),
    ("https://news.example:8080/", "--allow-private"),
    ("https://news.example:0/", "port 0"),
    ("https://news.example:99999/", "can be understood"),
    ("https://news example/", "can be understood"),
    ("https://news.example/" + "あ" * 9_000, "9,021 characters"),
])
def test_an_address_that_may_not_be_asked_is_refused_in_a_plain_phrase(url: str, why: str) -> None:
    with pytest.raises(NotAllowed, match=why):
        parse(url)


def test_a_password_is_not_repeated() -> None:
    with pytest.raises(NotAllowed) as raised:
        parse("https://name:secret@news.example/")
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(("location", "url"), [
    ("/b", "https://news.example/b"),
    ("c?d", "https://news.example/a/c?d"),
    ("//other.example/", "https://other.example/"),
    ("http://other.example/記", "http://other.example/%E8%A8%98"),
])
def test_a_relative_address_goes_on_from_its_page(location: str, url: str) -> None:
    assert parse(location, base=parse("https://news.example/a/b")).url == url


@pytest.mark.parametrize(("word", "expected"), [
    ("https://news.example/", True), ("HTTP://news.example/", True), ("articles", False), ("http", False),
    ("./https:", False), ("", False),
])
def test_a_word_is_told_from_a_file(word: str, expected: bool) -> None:
    assert is_url(word) is expected
