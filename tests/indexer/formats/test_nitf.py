"""NITF: what each of its elements becomes."""

import io
import json
import os
from pathlib import Path

import pytest

from indexer.finding import find_files
from indexer.formats import read, read_open
from indexer.raw import RawArticle, Rejection, Where
from indexer.sections import divide

HERE = Where("記事.xml")
ONE = "見本県は１０日、県内の全ての小学校に読書室を置くと発表した。"
TWO = "新年度から５年で整え、司書を１００人採る。"


def read_bytes(content):
    return list(read_open(io.BytesIO(content.encode() if isinstance(content, str) else content), HERE))


def nitf(docdata="", body_head="<hedline><hl1>全校に読書室</hl1></hedline>", content=f"<p>{ONE}</p>", head="", end=""):
    return (
        f"<nitf><head><title>全校に読書室 - 見本新聞</title>{head}<docdata>{docdata}</docdata></head><body>"
        f"<body.head>{body_head}</body.head><body.content>{content}</body.content>{end}</body></nitf>"
    )


WHOLE = nitf(
    docdata='<doc-id id-string="mihon-20240410-031"/><date.release norm="20240409T200000+0900"/>'
    '<date.issue norm="20240410T050000+0900"/><doc.copyright holder="見本新聞社"/>'
    '<key-list><keyword key="教育"/><keyword key="図書館"/></key-list>',
    head='<pubdata name="見本新聞" position.section="社会面" position.sequence="31"/>'
    '<revision-history norm="20240410T080000+0900"/>',
    body_head="<hedline><hl1>全校に<ruby>読書室<rt>どくしょしつ</rt></ruby></hl1><hl2>司書１００人採用へ</hl2></hedline>"
    "<byline><person>見本 太郎</person><byttl>記者</byttl></byline>"
    '<dateline><location>見本市</location> <story.date norm="20240409">4月9日</story.date></dateline>',
    content=f"""
      <p>{ONE}</p>
      <media media-type="image"><media-reference source="a.jpg">a.jpg</media-reference>
        <media-caption><p>開館した読書室＝９日</p></media-caption><media-producer>見本花子撮影</media-producer></media>
      <hl2>費用は３億円</hl2>
      <p>{TWO[:12]}
        {TWO[12:]}</p>
      <ol><li>机</li><li>椅子</li></ol>
      <table><tr><td>年度</td><td>校数</td></tr><tr><td>２４</td><td>８０</td></tr></table>""",
    end="<body.end><tagline>（見本通信）</tagline></body.end>",
)


def test_every_part_of_an_article_finds_its_place():
    assert read_bytes(WHOLE) == [
        RawArticle(
            HERE,
            title="全校に\ufff9読書室\ufffaどくしょしつ\ufffb",
            body=f"{ONE}\n\n## 費用は３億円\n\n{TWO}\n\n机\n\n椅子\n\n年度　校数\n\n２４　８０",
            id="mihon-20240410-031",
            published="20240410T050000+0900",
            source="見本新聞社",
            desk="社会面",
            authors=("見本 太郎",),
            captions=("開館した読書室＝９日",),
            credits=("見本市", "（見本通信）", "見本花子撮影"),
            extra={
                "subtitle": "司書１００人採用へ",
                "keywords": ["教育", "図書館"],
                "revised": "20240410T080000+0900",
                "page": "31",
            },
        )
    ]


@pytest.mark.parametrize("encoding", ["shift_jis", "EUC-JP", "ISO-2022-JP", "UTF-16", "UTF-8"])
def test_every_japanese_encoding_is_read_though_the_parser_refuses_some(encoding):
    declared = f'<?xml version="1.0" encoding="{encoding}"?>\n<!DOCTYPE nitf SYSTEM "nitf-3-4.dtd">\n{WHOLE}'
    (raw,) = read_bytes(declared.replace("\ufff9", "").encode(encoding))
    assert raw.body.startswith(ONE)
    assert raw.source == "見本新聞社"


def test_a_namespace_makes_no_difference():
    spaced = WHOLE.replace("<nitf>", '<n:nitf xmlns:n="urn:x" xmlns="http://iptc.org/std/NITF/2006-10-18/">', 1)
    (raw,) = read_bytes(spaced.replace("</nitf>", "</n:nitf>"))
    assert (raw.id, raw.desk) == ("mihon-20240410-031", "社会面")


@pytest.mark.parametrize(
    ("docdata", "dateline", "published"),
    [
        ('<date.issue norm="20240410"/><date.release norm="20240409"/>', "", "20240410"),
        ('<date.release norm="20240409T2000"/>', '<story.date norm="20240408"/>', "20240409T2000"),
        ("", '見本市 <story.date norm="20240408">4月8日</story.date>', "20240408"),
        ("", "見本市 <story.date>2024年4月8日</story.date>", "2024年4月8日"),
        ("", "見本市", None),
    ],
)
def test_the_date_is_the_day_of_issue_then_of_release_then_the_storys(docdata, dateline, published):
    head = f"<hedline><hl1>題</hl1></hedline><dateline>{dateline}</dateline>"
    (raw,) = read_bytes(nitf(docdata, head))
    assert raw.published == published
    assert raw.credits == (("見本市",) if "見本市" in dateline else ())


@pytest.mark.parametrize(
    ("head", "docdata", "desk"),
    [
        ('<pubdata position.section="国際面"/>', '<key-list><keyword key="外交"/></key-list>', "国際面"),
        ('<tobject><tobject.subject tobject.subject.type="経済"/></tobject>', "", "経済"),
        ('<tobject><tobject.subject tobject.subject.refnum="15054000"/></tobject>', "", "スポーツ"),
        ("", '<key-list><keyword key="外交"/><keyword key="首相"/></key-list><fixture fix-id="天窓"/>', "外交"),
        ("", '<fixture fix-id="天窓"/>', "天窓"),
        ("", "", None),
    ],
)
def test_the_desk_is_the_page_or_the_topic_or_the_first_keyword(head, docdata, desk):
    (raw,) = read_bytes(nitf(docdata, head=head))
    assert raw.desk == desk


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("<byline>見本太郎</byline>", ("見本太郎",)),
        ("<byline>見本太郎 <byttl>論説委員</byttl></byline>", ("見本太郎",)),
        ("<byline><person>見本太郎</person>、<person>見本花子</person></byline>", ("見本太郎", "見本花子")),
        ("<byline> </byline>", ()),
    ],
)
def test_bylines_are_authors(byline, authors):
    (raw,) = read_bytes(nitf(body_head=f"<hedline><hl1>題</hl1></hedline>{byline}"))
    assert raw.authors == authors


@pytest.mark.parametrize("status", ["canceled", "withheld"])
def test_what_the_agency_withdrew_is_no_article(status):
    gone = WHOLE.replace("<docdata>", f'<docdata management-status="{status}">')
    assert read_bytes(gone) == [Rejection(HERE, f"the agency withdrew it (status {status})")]


def test_a_picture_is_no_article():
    picture = nitf(content="<media><media-caption>握手する両氏</media-caption></media>")
    assert read_bytes(picture) == [Rejection(HERE, "a picture item, no article")]


def test_a_flash_is_nothing_but_its_headline():
    (raw,) = read_bytes(nitf(content=""))
    assert (raw.title, raw.body) == ("全校に読書室", "")


def test_half_an_article_is_none():
    (found,) = read_bytes(WHOLE[: WHOLE.index("</body.content>")])
    assert found == Rejection(HERE, "it breaks off at line 9, in the middle of the article; get it again")


@pytest.mark.parametrize(
    ("broken", "body"),
    [
        ("<p>甲&乙&nbsp;丙</p>", "甲&乙\xa0丙"),
        ("<p>甲\x0b乙</p>", "甲乙"),
        ("<p>甲&#0;乙&#x3042;</p>", "甲乙あ"),
        ("<p>甲&unknown;乙</p>", "甲&unknown;乙"),
        ("<p><em>甲</p>", "甲"),
    ],
)
def test_small_faults_are_survived(broken, body):
    (raw,) = read_bytes(nitf(content=broken))
    assert raw.body == body


CORPORA = os.environ.get("KIJIGURA_CORPORA")


@pytest.mark.skipif(not CORPORA, reason="KIJIGURA_CORPORA does not name the directory of judged files")
def test_every_judged_file_gives_its_title_day_id_and_paragraphs():
    root = Path(CORPORA) / "ingest"
    expected = [json.loads(line) for line in (root / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
    found = [divide(raw) for path in find_files([root / "nitf"]) for raw in read(path)]
    assert len(found) == len(expected) == 20
    for article, wanted in zip(found, expected, strict=True):
        text = "\n\n".join(section.text for section in article.sections if section.heading != "出典")
        assert (article.id, article.title) == (wanted["id"], wanted["title"])
        assert article.published.at.date().isoformat() == wanted["date"]
        assert text.split("\n\n") == wanted["paragraphs"]
        assert article.source == "ウィキニュース"
