"""Feeds: what an item becomes in each of their forms, and what becomes of sloppy ones."""

import io
import json
import os
from pathlib import Path

import pytest

from indexer.formats import read, read_open
from indexer.formats.source import Facts
from indexer.raw import RawArticle, Rejection, Where
from indexer.sections import divide

HERE = Where("feed.xml")
ONE = "見本市は１０日、駅前の広場を緑地にすると発表した。"
TWO = "工事は来年の春に始まる。"
HTML = f"<p>{ONE}</p><h2>工期は２年</h2><p>{TWO}</p>"
BODY = f"{ONE}\n\n## 工期は２年\n\n{TWO}"


def read_bytes(content, facts=None):
    return list(read_open(io.BytesIO(content.encode() if isinstance(content, str) else content), HERE, facts))


def rss(*items, head="<title>見本新聞</title>"):
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    listed = "\n".join(f"<item>{one}</item>" for one in items)
    declaration = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{declaration}\n<rss version="2.0" {spaces}><channel>{head}\n{listed}\n</channel></rss>'


def atom(*entries, head="<title>見本新聞</title>"):
    listed = "\n".join(f"<entry>{one}</entry>" for one in entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{head}\n{listed}\n</feed>'


RSS_ITEM = f"""<title>駅前広場を緑地に</title><link>https://mihon.example/1</link>
<guid isPermaLink="false">mihon-1</guid><pubDate>Wed, 10 Apr 2024 09:00:00 +0900</pubDate>
<dc:creator>見本太郎</dc:creator><category>地域</category><category>都市計画</category>
<description>{ONE}</description><content:encoded><![CDATA[{HTML}<figure><img src="a.jpg">
<figcaption>完成予想図</figcaption></figure><p>続きを読む</p>]]></content:encoded>"""


def test_every_part_of_an_rss_item_finds_its_place():
    assert read_bytes(rss(RSS_ITEM)) == [
        RawArticle(
            Where("feed.xml", 3),
            title="駅前広場を緑地に",
            body=BODY,
            id="mihon-1",
            published="Wed, 10 Apr 2024 09:00:00 +0900",
            source="見本新聞",
            desk="地域",
            url="https://mihon.example/1",
            authors=("見本太郎",),
            captions=("完成予想図",),
            extra={"categories": ["地域", "都市計画"]},
        )
    ]


WXR_ITEM = """<title>駅前広場を緑地に</title><pubDate></pubDate><category domain="post_tag">公園</category>
<category domain="category">地域</category><content:encoded><![CDATA[<!-- wp:paragraph -->
{}

[caption id="a" width="300"]<img src="a.jpg"/> 完成予想図[/caption]
{}]]></content:encoded><wp:post_date>2024-04-10 09:03:00</wp:post_date><wp:status>{}</wp:status>
<wp:post_type>{}</wp:post_type>"""


def test_of_a_wordpress_export_only_what_came_out_is_an_article():
    kinds = [("publish", "post"), ("draft", "post"), ("inherit", "attachment"), ("publish", "nav_menu_item")]
    items = [WXR_ITEM.format(ONE, TWO, *kind) for kind in kinds]
    export = rss(*items).replace("<rss ", '<rss xmlns:wp="http://wordpress.org/export/1.2/" ')
    first, *others = read_bytes(export)
    one = divide(first)
    assert (one.body(), one.desk, one.published.at.isoformat()) == (
        f"{ONE}\n\n{TWO}", "地域", "2024-04-10T09:03:00+09:00",
    )
    assert first.captions == ("完成予想図",)
    assert [type(other) for other in others] == [Rejection] * 3


def test_a_feed_of_many_papers_names_each_and_its_description_is_no_text():
    link = "&lt;a href='x'&gt;駅前広場を緑地に&lt;/a&gt;&amp;nbsp;&amp;nbsp;&lt;font&gt;見本新聞&lt;/font&gt;"
    (raw,) = read_bytes(rss(f"<title>駅前広場を緑地に - 見本新聞</title><description>{link}</description>"
                            '<source url="https://mihon.example">見本新聞</source>', head="<title>集めた記事</title>"))
    assert (raw.title, raw.source, raw.body) == ("駅前広場を緑地に", "見本新聞", "")


def test_a_text_does_not_begin_with_its_title():
    described = f"&lt;cite&gt;駅前広場&lt;/cite&gt;&lt;p&gt;{ONE}&lt;/p&gt;"
    (raw,) = read_bytes(rss(f"<title>駅前広場</title><description>{described}</description>"))
    assert raw.body == ONE


ENTRY = """<title>駅前広場を緑地に</title><id>tag:mihon.example,2024:1</id><link href="/1"/>
<published>2024-04-10T00:00:00Z</published><updated>2024-04-11T00:00:00Z</updated>
<author><name>見本太郎</name></author><category term="local" label="地域"/>{}"""


@pytest.mark.parametrize(
    ("content", "body"),
    [
        (f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{HTML}</div></content>', BODY),
        (f'<content type="html">{HTML.replace("<", "&lt;")}</content>', BODY),
        (f'<content type="html"><![CDATA[{HTML}]]></content>', BODY),
        (f"<content>{ONE}\n\n{TWO}</content>", f"{ONE}\n\n{TWO}"),
        ('<content type="text">1 &lt; 2 &amp;amp; &lt;b></content>', "1 < 2 &amp; <b>"),
        (f"<summary>{ONE}</summary>", ONE),
        (f'<summary>要約</summary><content type="html">{HTML.replace("<", "&lt;")}</content>', BODY),
        ("", ""),
    ],
)
def test_every_form_of_text_in_an_atom_entry_is_read(content, body):
    (raw,) = read_bytes(atom(ENTRY.format(content)), Facts(url="https://mihon.example/feed"))
    assert raw.body == body
    assert (raw.id, raw.url, raw.desk) == ("tag:mihon.example,2024:1", "https://mihon.example/1", "地域")
    assert (raw.published, raw.extra["revised"]) == ("2024-04-10T00:00:00Z", "2024-04-11T00:00:00Z")
    assert raw.authors == ("見本太郎",)


def test_links_are_relative_to_xml_base():
    (raw,) = read_bytes(atom(ENTRY.format("")).replace("<feed", '<feed xml:base="https://mihon.example/a/"', 1))
    assert raw.url == "https://mihon.example/1"


RSS_1 = f"""<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://mihon.example/"><title>見本新聞</title>
<items><rdf:Seq><rdf:li rdf:resource="https://mihon.example/1"/></rdf:Seq></items></channel>
<item rdf:about="https://mihon.example/1"><title>駅前広場を緑地に</title><link>https://mihon.example/1</link>
<dc:date>2024-04-10T09:00:00+09:00</dc:date><dc:subject>地域</dc:subject><dc:creator>見本太郎</dc:creator>
<description>{ONE}</description></item></rdf:RDF>"""


@pytest.mark.parametrize("encoding", ["EUC-JP", "Shift_JIS", "ISO-2022-JP", "UTF-16", "UTF-8"])
def test_rss_1_is_read_in_every_japanese_encoding(encoding):
    (raw,) = read_bytes(f'<?xml version="1.0" encoding="{encoding}"?>\n{RSS_1}'.encode(encoding))
    assert (raw.title, raw.body, raw.desk, raw.authors) == ("駅前広場を緑地に", ONE, "地域", ("見本太郎",))
    assert (raw.published, raw.source, raw.where.line) == ("2024-04-10T09:00:00+09:00", "見本新聞", 5)
    assert (raw.id, raw.url) == (None, "https://mihon.example/1")


@pytest.mark.parametrize("version", ["0.91", "0.92"])
def test_the_oldest_feeds_have_titles_links_and_descriptions(version):
    old = f"""<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
 "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="{version}"><channel><title>見本新聞</title>
<item><title>緑地&copy;</title><link>https://mihon.example/1</link><description>{ONE}</description></item></channel></rss>"""
    (raw,) = read_bytes(old)
    assert (raw.title, raw.url, raw.body, raw.id) == ("緑地©", "https://mihon.example/1", ONE, None)


@pytest.mark.parametrize(
    ("links", "identifier", "url"),
    [
        ("<guid>https://a.example/1</guid>", None, "https://a.example/1"),
        ("<guid>https://a.example/1</guid><link>https://a.example/1?from=rss</link>", None, "https://a.example/1"),
        ("<link>https://a.example/1</link><guid>https://a.example/1</guid>", None, "https://a.example/1"),
        (
            '<link>https://a.example/1</link><guid isPermaLink="false">https://a.example/?p=1</guid>',
            "https://a.example/?p=1",
            "https://a.example/1",
        ),
        ('<link>urn:1</link><guid isPermaLink="false">urn:1</guid>', "urn:1", None),
        ("<link>javascript:alert(1)</link><guid isPermaLink='false'>1</guid>", "1", None),
        ("", None, None),
    ],
)
def test_a_permanent_link_is_an_address_and_no_id(links, identifier, url):
    (raw,) = read_bytes(rss(f"<title>題</title>{links}"))
    assert (raw.id, raw.url) == (identifier, url)


@pytest.mark.parametrize(
    ("title", "read_as"),
    [
        ("甲 &amp; 乙", "甲 & 乙"),
        ("甲 &amp;amp; 乙", "甲 & 乙"),
        ("<![CDATA[甲<b>乙</b>]]>", "甲乙"),
        ("甲\n  乙", "甲 乙"),
        ("<![CDATA[<ruby>甲<rt>こう</rt></ruby>と乙]]>", "\ufff9甲\ufffaこう\ufffbと乙"),
        ("&lt;速報&gt;甲", "<速報>甲"),
    ],
)
def test_titles_are_text_on_one_line(title, read_as):
    (raw,) = read_bytes(rss(f"<title>{title}</title>"))
    assert raw.title == read_as


def test_the_items_own_source_comes_before_the_feeds_title():
    title, source = "<title>題</title>", '<source url="https://b.example/">見本通信</source>'
    first, second = read_bytes(rss(title + source, title))
    assert (first.source, second.source) == ("見本通信", "見本新聞")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda feed: feed.replace("<item>", "<copyright>&copy; 見本&nbsp;R&D & 社</copyright><item>", 1),
        lambda feed: feed + "\n<!-- 0.2 s --><script>x</script>garbage",
        lambda feed: "\n\n" + feed,
        lambda feed: feed.replace("<link>https://mihon.example/1", "<link>https://mihon.example/1?a=1&b=2"),
        lambda feed: feed.replace("見本新聞", "見本新聞\x08&hellip;&unknown;", 1),
        lambda feed: feed.replace(' xmlns:dc="http://purl.org/dc/elements/1.1/"', ""),
        lambda feed: feed.replace('version="2.0"', "version=2.0"),
        lambda feed: feed.replace("</category>", "</b></category>", 1),
    ],
)
def test_a_sloppy_feed_still_gives_its_articles(spoil):
    found = read_bytes(spoil(rss(RSS_ITEM, RSS_ITEM)))
    assert [(raw.title, raw.body, raw.authors) for raw in found] == [("駅前広場を緑地に", BODY, ("見本太郎",))] * 2


@pytest.mark.parametrize("cut", ["</channel>", "<item><title>駅前", "緑地に</title>", "工期", "</item>"])
def test_a_feed_that_breaks_off_gives_the_articles_before(cut):
    whole = rss(RSS_ITEM, RSS_ITEM, RSS_ITEM)
    complete = 3 if cut == "</channel>" else 2
    *articles, end = read_bytes(whole[: whole.rindex(cut) + 2])
    assert [raw.body for raw in articles] == [BODY] * complete
    assert isinstance(end, Rejection)
    assert "breaks off" in end.why


@pytest.mark.parametrize("feed", [rss(), atom()])
def test_a_feed_without_articles_says_so(feed):
    assert read_bytes(feed) == [Rejection(HERE, "a feed without articles")]


CORPORA = os.environ.get("KIJIGURA_CORPORA")


@pytest.mark.skipif(not CORPORA, reason="KIJIGURA_CORPORA does not name the directory of judged files")
@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        *(("rss2-utf8.xml", ""), ("rss2-sjis.xml", ""), ("rss2-utf16.xml", "")),
        *(("atom-utf8.xml", "urn:"), ("rss1-rdf-eucjp.rdf", "urn:")),
    ],
)
def test_every_judged_feed_gives_titles_days_ids_and_paragraphs(name, prefix):
    root = Path(CORPORA) / "ingest"
    expected = [json.loads(line) for line in (root / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
    found = [divide(raw) for raw in read(root / "feeds" / name)]
    assert len(found) == len(expected) == 20
    for article, wanted in zip(found, expected, strict=True):
        text = "\n\n".join(section.text for section in article.sections if section.heading != "出典")
        # All that RSS 1.0 has is one description.
        paragraphs = [" ".join(wanted["paragraphs"])] if name.startswith("rss1") else wanted["paragraphs"]
        assert (article.id, article.title) == (prefix + wanted["id"], wanted["title"])
        assert article.published.at.date().isoformat() == wanted["date"]
        assert text.split("\n\n") == paragraphs
        assert article.source == "ウィキニュース"
