"""Hostile XML: nothing is fetched or followed, and time and memory stay bounded. And XML of no kind known here."""

import io
import socket
import time

import pytest

from indexer.formats import read_open, xml_tree
from indexer.raw import RawArticle, Rejection, Where

HERE = Where("a.xml")
# A hostile file takes milliseconds; a slow machine under load may take longer, what is attacked takes minutes.
MAX_SECONDS = 20


def read_bytes(content):
    return list(read_open(io.BytesIO(content.encode()), HERE))


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refused(*_):
        raise AssertionError("something was to be fetched")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)


NITF = (
    "<nitf><body><body.head><hedline><hl1>題</hl1></hedline></body.head><body.content><p>{}</p></body.content>"
    "</body></nitf>"
)
NEWSML = (
    "<NewsML><NewsItem><NewsComponent><NewsLines><HeadLine>題</HeadLine></NewsLines><ContentItem><DataContent>{}"
    "</DataContent></ContentItem></NewsComponent></NewsItem></NewsML>"
)
G2 = (
    "<newsItem guid='1'><contentMeta><headline>題</headline></contentMeta><contentSet><inlineXML>{}</inlineXML>"
    "</contentSet></newsItem>"
)
RSS = (
    "<rss version='2.0'><channel><title>紙</title><item><title>題</title><description>{}</description></item>"
    "</channel></rss>"
)
ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>題</title><content>{}</content></entry></feed>"
EVERY_KIND = pytest.mark.parametrize("kind", [NITF, NEWSML, G2, RSS, ATOM])

LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
ATTACKS = {
    "billion laughs": ("<!DOCTYPE x [<!ENTITY l0 'lol'>" + LAUGHS + "]>", "&l9;"),
    "quadratic blowup": (f"<!DOCTYPE x [<!ENTITY a '{'x' * 500_000}'>]>", "&a;" * 10_000),
    "a local file": ("<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/hostname'>]>", "&a;"),
    "a remote file": ("<!DOCTYPE x [<!ENTITY a SYSTEM 'http://127.0.0.1:9/x'>]>", "&a;"),
    "a bracket in a value": ("<!DOCTYPE x [<!ENTITY b ']>'><!ENTITY a 'y'>]>", "&a;"),
}


@EVERY_KIND
@pytest.mark.parametrize("attack", ATTACKS)
def test_an_entity_of_the_files_own_is_never_followed(kind, attack):
    doctype, reference = ATTACKS[attack]
    (found,) = read_bytes(f"<?xml version='1.0'?>{doctype}{kind.format(reference)}")
    assert isinstance(found, Rejection)
    assert "an entity of its own" in found.why


@EVERY_KIND
@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE x SYSTEM 'http://127.0.0.1:9/x.dtd'>",
        "<!DOCTYPE x SYSTEM '/etc/hostname'>",
        "<!DOCTYPE x [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/x.dtd'> %p;]>",
        "<!DOCTYPE x [<!ENTITY unused 'x'><!-- ]> --><?php ]> ?>]>",
        "<?xml-stylesheet href='http://127.0.0.1:9/x.xsl'?>",
    ],
)
def test_a_doctype_that_is_not_needed_does_no_harm(kind, doctype):
    (raw,) = read_bytes(f"<?xml version='1.0'?>\n{doctype}\n{kind.format('本文です。')}")
    assert isinstance(raw, RawArticle)
    assert (raw.title, raw.body) == ("題", "本文です。")


@EVERY_KIND
def test_an_include_is_not_followed(kind):
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/hostname" parse="text"/>'
    (raw,) = read_bytes(kind.format(f"本文です。{include}"))
    assert raw.body == "本文です。"


DEEP = "<b>" * 100_000 + "深" + "</b>" * 100_000


@EVERY_KIND
@pytest.mark.parametrize(
    ("content", "why"),
    [
        (DEEP, "nested too deep"),
        ("あ" * 4_000_000, "a single text over 10 MB"),
        ("<b " + " ".join(f"a{number}='1'" for number in range(1_001)) + "/>", "more than 1,000 attributes"),
    ],
)
def test_what_no_article_has_is_turned_away(kind, content, why):
    (found,) = read_bytes(kind.format(content))
    assert isinstance(found, Rejection)
    assert why in found.why


def test_too_many_tags_are_turned_away_before_they_are_parsed(monkeypatch):
    monkeypatch.setattr(xml_tree, "MAX_TAGS", 1_000)
    (found,) = read_bytes(NITF.format("<b/>" * 1_000))
    assert found.why.startswith("XML of more than 1,000 tags")


@pytest.mark.parametrize(
    "content",
    [
        "<!DOCTYPE nitf [" + "<!--" * 200_000,
        "<!DOCTYPE nitf [ '" * 100_000,
        "<!DOCTYPE " * 200_000,
        "<?xml " * 200_000,
        "<rss>" + "<![CDATA[" * 200_000,
        "<rss>" + "<!--" * 200_000,
        "<rss><channel><item><title>" + "<a " * 50_000 + "</title></item></channel></rss>",
        RSS.format("&" * 200_000),
        RSS.format(f"<![CDATA[{'<div>' * 100_000}深]]>"),
        RSS.format(f"<![CDATA[{'<ruby>深<rt>' * 20_000}]]>"),
        NITF.format("<ruby>" * 200 + "深" + "<rt>しん</rt></ruby>" * 200),
        NEWSML.format("a</DataContent></ContentItem><ContentItem><DataContent>" * 10_000),
    ],
    ids=lambda content: content[:30],
)
def test_nothing_is_tried_in_every_way(content):
    began = time.monotonic()
    assert read_bytes(content)
    assert time.monotonic() - began < MAX_SECONDS


# --- telling XML from pages, and from XML of other kinds --------------------------------------------------


@pytest.mark.parametrize(
    "opening",
    [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "xhtml1-strict.dtd">',
        "<!-- 見本新聞 -->",
        "",
    ],
)
def test_an_xhtml_page_is_read_as_a_page(opening):
    page = (
        '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="ja"><head><title>題</title></head>'
        "<body><h1>題</h1><p>見本市は駅前の広場を緑地にすると発表した。</p></body></html>"
    )
    (raw,) = read_bytes(f"{opening}\n{page}")
    assert (raw.title, raw.body) == ("題", "見本市は駅前の広場を緑地にすると発表した。")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("<?xml version='1.0'?><TEI><text><p>本文</p></text></TEI>", "XML whose first element is <TEI>; of XML, NITF"),
        ("<?xml version='1.0'?><article><title>題</title></article>", "XML whose first element is <article>"),
        ("<記事><見出し>題</見出し></記事>", None),
        ("<doc:news xmlns:doc='x'><p>本文</p></doc:news>\n", "XML whose first element is <doc:news>"),
        ("<!-- x --><urlset><url/></urlset>", "a sitemap"),
        ("<?xml version='1.0'?><opml version='1.0'/>", "a list of feeds (OPML)"),
        ("<?xml version='1.0'?>", "XML without an element"),
        ("<?xml version='1.0'?><rss", "breaks off"),
    ],
)
def test_xml_of_other_kinds_is_named_and_turned_away(content, why):
    (found,) = read_bytes(content)
    assert isinstance(found, Rejection if why else RawArticle)
    assert why is None or why in found.why
