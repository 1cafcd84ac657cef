"""NewsML 1.2 and NewsML-G2: items, their parts, and what is no article."""

import base64
import io
import json
import os
from pathlib import Path

import pytest

from indexer.finding import find_files
from indexer.formats import read, read_open
from indexer.raw import RawArticle, Rejection, Where
from indexer.sections import divide

HERE = Where("配信.xml")
ONE = "政府は１０日、離島への定期便を増やす方針を固めた。"
TWO = "来春から１日２往復とする。"
XHTML = f"<p>{ONE}</p><h2>来春から</h2><p>{TWO}</p>"
BODY = f"{ONE}\n\n## 来春から\n\n{TWO}"


def read_bytes(content):
    return list(read_open(io.BytesIO(content.encode() if isinstance(content, str) else content), HERE))


# --- NewsML 1.2 -----------------------------------------------------------------------------------------


def item(components, number="MIHON20240410001", status="Usable"):
    return f"""
<NewsItem><Identification><NewsIdentifier><ProviderId>mihon.example</ProviderId><DateId>20240410</DateId>
<NewsItemId>{number}</NewsItemId><RevisionId PreviousRevision="1" Update="A">2</RevisionId></NewsIdentifier>
</Identification><NewsManagement><NewsItemType FormalName="News"/><FirstCreated>20240410T090000+0900</FirstCreated>
<ThisRevisionCreated>20240411T100000+0900</ThisRevisionCreated><Status FormalName="{status}"/></NewsManagement>
{components}</NewsItem>"""


def newsml(*items):
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<NewsML Version="1.2"><NewsEnvelope/>{"".join(items)}\n</NewsML>'


def component(content, lines="<HeadLine>離島便を増便へ</HeadLine>", about=""):
    return f"<NewsComponent><NewsLines>{lines}</NewsLines>{about}{content}</NewsComponent>"


def data(content, kind="Text"):
    return f'<ContentItem><MediaType FormalName="{kind}"/><DataContent>{content}</DataContent></ContentItem>'


PHOTO = '<ContentItem Href="a.jpg"><MediaType FormalName="Photo"/><Format FormalName="JPEG"/></ContentItem>'


def test_every_part_of_a_newsml_item_finds_its_place():
    lines = """<HeadLine>離島便を増便へ</HeadLine><SubHeadLine>来春１日２往復</SubHeadLine><ByLine>見本太郎</ByLine>
<DateLine>見本島＝見本通信</DateLine><CreditLine>見本通信</CreditLine><KeywordLine>離島</KeywordLine>"""
    about = """<AdministrativeMetadata><Provider><Party FormalName="見本通信社"/></Provider></AdministrativeMetadata>
<DescriptiveMetadata><SubjectCode><Subject FormalName="04000000"/></SubjectCode></DescriptiveMetadata>"""
    picture = f"<NewsComponent><Role FormalName='Photo'/>{PHOTO}{data('増便される船')}</NewsComponent>"
    assert read_bytes(newsml(item(component(data(XHTML) + picture, lines, about)))) == [
        RawArticle(
            Where("配信.xml", 3),
            title="離島便を増便へ",
            body=BODY,
            id="MIHON20240410001",
            published="20240410T090000+0900",
            source="見本通信社",
            desk="経済",
            authors=("見本太郎",),
            captions=("増便される船",),
            credits=("見本島＝見本通信", "見本通信"),
            extra={
                "subtitle": "来春１日２往復",
                "keywords": ["離島"],
                "subjects": ["04000000"],
                "revision": "2",
                "revised": "20240411T100000+0900",
            },
        )
    ]


NITF = f"<nitf><body><body.head/><body.content><p>{ONE}</p><hl2>来春から</hl2><p>{TWO}</p></body.content></body></nitf>"
PACKED = base64.b64encode(f"　{ONE}\n　{TWO}".encode("cp932")).decode()


@pytest.mark.parametrize(
    ("content", "body"),
    [
        (data(XHTML), BODY),
        (data(f"<html><head><title>題</title></head><body>{XHTML}</body></html>"), BODY),
        (data(f"<![CDATA[{XHTML}]]>"), BODY),
        (data(NITF), BODY),
        (data(f"<![CDATA[<?xml version='1.0'?>{NITF}]]>"), BODY),
        (data(f"\n　{ONE}\n　{TWO}\n"), f"　{ONE}\n　{TWO}"),
        (
            "<ContentItem><Encoding Notation='Base64'><DataContent>"
            f"{PACKED[:30]}\n{PACKED[30:]}</DataContent></Encoding></ContentItem>",
            f"　{ONE}\n　{TWO}",
        ),
    ],
)
def test_text_is_read_in_whatever_form_it_is_packed(content, body):
    (raw,) = read_bytes(newsml(item(component(content))))
    assert raw.body == body


def test_of_several_forms_of_one_text_the_marked_up_one_is_read():
    forms = f'<NewsComponent EquivalentsList="yes">{data(ONE)}{data(XHTML)}</NewsComponent>'
    (raw,) = read_bytes(newsml(item(component(forms))))
    assert raw.body == BODY


def test_each_item_and_each_component_with_a_headline_is_an_article():
    two = "".join(component(data(f"<p>{text}</p>"), f"<HeadLine>{text[:4]}</HeadLine>") for text in (ONE, TWO))
    inner = item(component(data("<p>別の記事。</p>"), "<HeadLine>別</HeadLine>"), "B")
    found = read_bytes(newsml(item(f"<NewsComponent>{two}</NewsComponent>", "A"), inner))
    assert [(raw.id, raw.title, raw.where.line) for raw in found] == [
        ("A", "政府は１", 3), ("A-2", "来春から", 3), ("B", "別", 8)]


def test_an_item_in_an_item_is_read_once():
    inner = item(component(data(f"<p>{TWO}</p>"), "<HeadLine>内</HeadLine>"), "内")
    outer = item(component(data(f"<p>{ONE}</p>") + f"<NewsComponent>{inner}</NewsComponent>"), "外")
    assert [(raw.id, raw.body) for raw in read_bytes(newsml(outer))] == [("外", ONE), ("内", TWO)]


def test_a_number_that_counts_a_days_items_is_made_an_id_that_lasts():
    (raw,) = read_bytes(newsml(item(component(data(ONE)), "0012")))
    assert raw.id == "mihon.example:20240410:0012"


def test_a_newsml_flash_is_nothing_but_its_headline():
    (raw,) = read_bytes(newsml(item(component(""))))
    assert (raw.title, raw.body) == ("離島便を増便へ", "")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (item(component(data(ONE)), status="Canceled"), "the agency withdrew it (status canceled)"),
        (item(component(data(ONE)), status="Withheld"), "the agency withdrew it (status withheld)"),
        (item(component(PHOTO)), "a picture item, no article"),
        (item(component(PHOTO + data("増便される船"))), "a picture item, no article"),
        (item(component('<ContentItem Href="hon.txt"/>')), "in a file of its own (hon.txt); add that"),
        (item(component("<ContentItem/>")), "a NewsItem without text"),
    ],
)
def test_an_item_that_is_no_article_is_turned_away_and_the_next_one_read(content, why):
    found = read_bytes(newsml(content, item(component(data(ONE)))))
    assert isinstance(found[0], Rejection)
    assert found[0].why.endswith(why)
    assert [raw.body for raw in found[1:]] == [ONE]


def test_newsml_without_items_says_so():
    assert read_bytes(newsml()) == [Rejection(HERE, "NewsML without a NewsItem")]


def test_a_file_that_breaks_off_gives_the_items_before():
    whole = newsml(*(item(component(data(ONE)), f"A{number}") for number in range(3)))
    found = read_bytes(whole[: whole.rindex("<DataContent>") + 20])
    assert [getattr(one, "id", None) for one in found] == ["A0", "A1", None]
    assert found[2] == Rejection(HERE, "it breaks off at line 17; get it again for what is missing")


# --- NewsML-G2 ------------------------------------------------------------------------------------------

PAGE = f"<html><head><title>題</title></head><body>{XHTML}</body></html>"
CONTENT = f'<inlineXML contenttype="application/xhtml+xml">{PAGE}</inlineXML>'


HEADLINE = "<headline>離島便を増便へ</headline>"


def g2(content=CONTENT, about=HEADLINE, meta="", guid="urn:newsml:mihon.example:20240410:31"):
    return f"""<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{guid}" version="2">
<rightsInfo><copyrightHolder literal="見本新聞社"/></rightsInfo>
<itemMeta>{meta}<versionCreated>2024-04-11T10:00:00+09:00</versionCreated></itemMeta>
<contentMeta>{about}</contentMeta><contentSet>{content}</contentSet></newsItem>"""


def test_every_part_of_a_g2_item_finds_its_place():
    about = """<contentCreated>2024-04-10T08:00:00+09:00</contentCreated><creator literal="記者部"/>
<subject type="cpnat:person" qcode="p:1"><name>見本首相</name></subject>
<subject type="cpnat:abstract" qcode="medtop:04000000"><name xml:lang="en">economy</name><name xml:lang="ja">経済</name>
</subject><slugline>離島</slugline><headline xml:lang="en">More ships</headline>
<headline xml:lang="ja">離島便を増便へ</headline><headline role="hlrole:sub">来春１日２往復</headline>
<by>見本太郎</by><dateline>見本島</dateline><creditline>見本通信</creditline><keyword>船</keyword>"""
    meta = """<itemClass qcode="ninat:text"/><provider qcode="nprov:M"><name>見本通信</name></provider>
<firstCreated>2024-04-10T09:00:00+09:00</firstCreated><pubStatus qcode="stat:usable"/>"""
    assert read_bytes(g2(about=about, meta=meta)) == [
        RawArticle(
            HERE,
            title="離島便を増便へ",
            body=BODY,
            id="urn:newsml:mihon.example:20240410:31",
            published="2024-04-10T09:00:00+09:00",
            source="見本通信",
            desk="経済",
            authors=("見本太郎",),
            credits=("見本島", "見本通信"),
            extra={
                "subtitle": "来春１日２往復",
                "slugline": "離島",
                "keywords": ["船"],
                "subjects": ["見本首相", "経済"],
                "version": "2",
                "revised": "2024-04-11T10:00:00+09:00",
            },
        )
    ]


@pytest.mark.parametrize(
    ("content", "body"),
    [
        (CONTENT, BODY),
        (f"<inlineXML contenttype='application/nitf+xml'>{NITF}</inlineXML>", BODY),
        (f"<inlineData contenttype='text/plain'>{ONE}\n\n{TWO}</inlineData>", f"{ONE}\n\n{TWO}"),
        (f"<inlineData contenttype='text/html'>{XHTML.replace('<', '&lt;')}</inlineData>", BODY),
        (f"<inlineData contenttype='text/plain' encoding='b:base64'>{PACKED}</inlineData>", f"　{ONE}\n　{TWO}"),
        (f"<inlineData contenttype='text/plain'>{ONE}</inlineData>{CONTENT}", BODY),
        (CONTENT.replace("<p>", "<h1>離島便を増便へ</h1><p>", 1), BODY),
    ],
)
def test_g2_text_is_read_in_whatever_form_it_is_packed(content, body):
    (raw,) = read_bytes(g2(content))
    assert raw.body == body


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (g2(meta='<pubStatus qcode="stat:canceled"/>'), "the agency withdrew it (status canceled)"),
        (g2(meta='<pubStatus qcode="stat:withheld"/>'), "the agency withdrew it (status withheld)"),
        (g2("<remoteContent href='a.jpg' contenttype='image/jpeg'/>"), "a picture item, no article"),
        (g2("<inlineData contenttype='image/png'>iVBORw0KGgo=</inlineData>"), "a picture item, no article"),
        (g2(meta='<itemClass qcode="ninat:picture"/>'), "a picture item, no article"),
        (g2(meta='<itemClass qcode="ninat:video"/>'), "a video item, no article"),
        (g2("<remoteContent href='hon.xml'/>"), "in a file of its own (hon.xml); add that"),
        ("<packageItem guid='p'><groupSet/></packageItem>", "a list of items (packageItem), no article"),
    ],
)
def test_a_message_gives_its_articles_and_says_what_the_rest_is(one, why):
    message = "<newsMessage xmlns='http://iptc.org/std/nar/2006-10-01/'><header/><itemSet>{}{}</itemSet></newsMessage>"
    found = read_bytes(message.format(one, g2(guid="次")))
    assert isinstance(found[0], Rejection)
    assert found[0].why.endswith(why)
    assert [raw.id for raw in found[1:]] == ["次"]


def test_what_the_newslines_leave_out_stands_in_the_nitf_inside():
    head = "<hedline><hl1>離島便</hl1></hedline><byline>見本太郎</byline><dateline>見本島</dateline>"
    inner = NITF.replace("<body.head/>", f"<body.head>{head}</body.head>")
    (raw,) = read_bytes(newsml(item(f"<NewsComponent>{data(inner)}</NewsComponent>")))
    assert (raw.title, raw.authors, raw.credits) == ("離島便", ("見本太郎",), ("見本島",))
    (raw,) = read_bytes(g2(f"<inlineXML>{inner}</inlineXML>", about=""))
    assert (raw.title, raw.authors) == ("離島便", ("見本太郎",))


def test_a_g2_article_without_a_date_of_its_own_has_that_of_its_version():
    (raw,) = read_bytes(g2())
    assert (raw.published, raw.source) == ("2024-04-11T10:00:00+09:00", "見本新聞社")
    assert "revised" not in raw.extra


CORPORA = os.environ.get("KIJIGURA_CORPORA")


@pytest.mark.skipif(not CORPORA, reason="KIJIGURA_CORPORA does not name the directory of judged files")
@pytest.mark.parametrize(
    ("kind", "identifier"),
    [("newsml12-sjis", "{id}"), ("newsml-g2", "urn:newsml:ja.wikinews.org:{day}:{id}")],
)
def test_every_judged_file_gives_its_title_day_id_and_paragraphs(kind, identifier):
    root = Path(CORPORA) / "ingest"
    expected = [json.loads(line) for line in (root / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
    found = [divide(raw) for path in find_files([root / kind]) for raw in read(path)]
    assert len(found) == len(expected) == 20
    for article, wanted in zip(found, expected, strict=True):
        text = "\n\n".join(section.text for section in article.sections if section.heading != "出典")
        assert article.id == identifier.format(id=wanted["id"], day=wanted["date"].replace("-", ""))
        assert article.title == wanted["title"]
        assert article.published.at.date().isoformat() == wanted["date"]
        assert text.split("\n\n") == wanted["paragraphs"]
