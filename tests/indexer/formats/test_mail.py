"""Mails and mailboxes: what becomes title, date, source and text, and what is attached."""

import base64
import gzip
import io
import json
import os
import quopri
import unicodedata
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from indexer.finding import find_files
from indexer.formats import attachments, read, read_open
from indexer.formats import mail as mail_reader
from indexer.formats.source import open_source
from indexer.raw import RawArticle, Rejection, Where
from indexer.sections import divide

ONE = "中国の習近平指導者とロシアのラブロフ外相が北京で会談し、両国の協力を確認した。"
TWO = "両国は外交政策を一致させてきた長い歴史があり、共同で軍事演習を行ってきた。"
PAGE = f"<!DOCTYPE html><html><head><title>別の題</title></head><body><p>{ONE}</p><p>{TWO}</p></body></html>"
HEAD = (
    "From: =?utf-8?B?6KaL5pys5paw6IGe?= <news@mihon.example>\r\nDate: Wed, 10 Apr 2024 09:00:00 +0900\r\n"
    "Message-ID: <2024-04-10.1@mihon.example>\r\n"
)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


def found_in(data, name="a.eml"):
    return list(read_open(io.BytesIO(data), Where(name)))


def one_in(data):
    (raw,) = found_in(data)
    assert isinstance(raw, RawArticle), raw
    return raw


def mail(body=b"", about="Subject: 首脳が会談\r\n", **headers):
    """A mail with HEAD. headers: Content_Type and the like."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    about = about.encode() if isinstance(about, str) else about
    return HEAD.encode() + about + lines.encode() + b"\r\n" + body


def multipart(kind, *sides, boundary="b"):
    """sides: (headers, body) each."""
    parts = b"".join(b"--%s\r\n%s\r\n\r\n%s\r\n" % (boundary.encode(), about.encode(), body) for about, body in sides)
    return mail(parts + f"--{boundary}--\r\n".encode(), Content_Type=f'multipart/{kind}; boundary="{boundary}"')


def text(body, kind="text/plain"):
    return f"Content-Type: {kind}; charset=utf-8", body.encode()


# --- what a mail says of itself -------------------------------------------------------------------------


def test_a_mail_is_an_article():
    assert one_in(mail(f"{ONE}\r\n\r\n{TWO}\r\n".encode())) == RawArticle(
        Where("a.eml"),
        title="首脳が会談",
        body=f"{ONE}\n\n{TWO}",
        id="2024-04-10.1@mihon.example",
        published="Wed, 10 Apr 2024 09:00:00 +0900",
        source="見本新聞",
    )
    article = divide(one_in(mail(ONE.encode())))
    assert article.published.at.isoformat() == "2024-04-10T09:00:00+09:00"


@pytest.mark.parametrize("encoding", ["utf-8", "iso-2022-jp", "shift_jis", "euc-jp"])
@pytest.mark.parametrize("form", ["b words", "q words", "cut characters", "raw"])
def test_the_subject_is_read_however_it_is_written(encoding, form):
    title = "首脳が会談、協力を確認した"
    data = title.encode(encoding)
    if form == "b words":
        subject = b"=?%s?B?%s?=" % (encoding.encode(), base64.b64encode(data))
    elif form == "q words":
        # No line end and no space may stand in a word.
        quoted = quopri.encodestring(data, header=True).replace(b"=\n", b"").replace(b"?", b"=3F")
        subject = b"=?%s?Q?%s?=" % (encoding.encode(), quoted)
    elif form == "cut characters":
        pieces = [data[at : at + 7] for at in range(0, len(data), 7)]
        subject = b"\r\n ".join(b"=?%s?B?%s?=" % (encoding.encode(), base64.b64encode(one)) for one in pieces)
    else:
        subject = data
    assert one_in(mail(ONE.encode(), b"Subject: " + subject + b"\r\n")).title == title


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("[速報 12] =?utf-8?B?6aaW6ISz?= =?utf-8?B?44GM?= 会談", "[速報 12] 首脳が 会談"),
        ("=?utf-8*ja?B?6aaW6ISz?=", "首脳"),
        ("=?unknown?B?6aaW6ISz?=", "首脳"),
        ("=?utf-8?B?6?=", "=?utf-8?B?6?="),
        ("首脳が\r\n\t会談", "首脳が 会談"),
    ],
)
def test_a_subject_that_is_written_badly_is_read_as_well_as_can_be(subject, title):
    assert one_in(mail(ONE.encode(), f"Subject: {subject}\r\n")).title == title


@pytest.mark.parametrize(
    ("sender", "source"),
    [
        ("見本新聞 <news@mihon.example>", "見本新聞"),
        ('"見本新聞, 国際部" <news@mihon.example>', "見本新聞, 国際部"),
        ("=?utf-8?B?6KaL5pys77yM5paw6IGe?= <news@mihon.example>", "見本，新聞"),
        ("=?iso-2022-jp?B?GyRCOCtLXBsoQg==?= <news@mihon.example>", "見本"),
        ("news@mihon.example", "mihon.example"),
        ("<news@mihon.example>", "mihon.example"),
        ("news@mihon.example (見本新聞)", "見本新聞"),
        ("見本新聞", "見本新聞"),
        ("", None),
    ],
)
def test_the_source_is_who_the_sender_says_to_be(sender, source):
    data = f"Subject: a\r\nFrom: {sender}\r\nDate: Wed, 10 Apr 2024 09:00:00 +0900\r\n\r\n{ONE}".encode()
    assert one_in(data).source == source


@pytest.mark.parametrize(
    ("opening", "is_mail"),
    [
        ("Received: from a\r\n by b\r\nFrom: a@b.example\r\n\r\n", True),
        ("\ufeffSubject: a\nFrom: a@b.example\n\n", True),
        ("DATE: x\nsubject: y\n\n", True),
        ("Subject: 会談\n\n", False),
        ("Subject: 会談\n記事の本文\nFrom: ここから\n\n", False),
        ("From: ここから\n二行目\n", False),
        ("題: 会談\nFrom: x\nTo: y\n\n", False),
    ],
)
def test_a_mail_is_told_by_its_headers(opening, is_mail):
    assert mail_reader.claims(open_source(io.BytesIO(f"{opening}{ONE}\n".encode()), Where("a.txt"))) is is_mail


# --- its text -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (ONE.encode("iso-2022-jp"), {"Content_Type": "text/plain; charset=iso-2022-jp"}),
        (ONE.encode("cp932"), {"Content_Type": "text/plain; charset=iso-2022-jp"}),
        (ONE.encode("euc-jp"), {}),
        (base64.encodebytes(ONE.encode()), {"Content_Transfer_Encoding": "base64"}),
        (base64.b64encode((ONE + "a").encode())[:-3], {"Content_Transfer_Encoding": "BASE64 "}),
        (quopri.encodestring(ONE.encode()), {"Content_Transfer_Encoding": "quoted-printable"}),
        (ONE.encode(), {"Content_Type": "text/plain; charset=\"broken"}),
        (ONE.encode(), {"Content_Type": "multipart/mixed"}),
        (ONE.encode(), {"Content_Type": "multipart/mixed; boundary=never"}),
        (ONE.encode(), {"Content_Type": ";;;"}),
    ],
)
def test_the_text_is_read_however_it_was_sent(body, headers):
    assert one_in(mail(body, **headers)).body == ONE


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        (f"{ONE}\n\n-- \n見本新聞\nhttps://mihon.example/", ONE),
        (f"-- \n{ONE}", f"-- \n{ONE}"),
        (f"{ONE}\n-- \n" + f"{TWO}\n" * 30, f"{ONE}\n-- \n" + f"{TWO}\n" * 29 + TWO),
        (f"{ONE}\n\n2024年4月9日(火) 18:00 見本太郎 <a@mihon.example>:\n> {TWO}\n> 二行目\n", ONE),
        (f"On Tue, 9 Apr 2024, A wrote:\n\n> {TWO}\n\n{ONE}\n", ONE),
        (f"> {TWO}\n>\n> {ONE}\n", f"{TWO}\n\n{ONE}"),
        (f"{ONE}\n\n----- Original Message -----\nFrom: a\n{TWO}\n", ONE),
        (f"---- 転送メッセージ ----\n{ONE}", f"---- 転送メッセージ ----\n{ONE}"),
        (f"首脳が会談\n\n{ONE}", ONE),
        (f"{ONE}\n\n続きを読む", ONE),
    ],
)
def test_quoted_mails_and_signatures_are_no_text_of_the_article(written, read_as):
    assert one_in(mail(written.encode())).body == read_as


@pytest.mark.parametrize(
    ("delsp", "written", "read_as"),
    [
        ("yes", "首相は北京で \n会談した。\n\n次の段落。", "首相は北京で会談した。\n\n次の段落。"),
        ("no", "the prime \nminister", "the prime minister"),
        ("yes", " >引用ではない。", ">引用ではない。"),
        ("yes", "首相は \n-- \n署名", "首相は"),
    ],
)
def test_flowed_text_is_joined_again(delsp, written, read_as):
    data = mail(written.encode(), Content_Type=f"text/plain; charset=utf-8; format=flowed; delsp={delsp}")
    if read_as.startswith(">"):
        # Read as text, and then taken for a mail that is all quoted.
        read_as = read_as.lstrip(">")
    assert one_in(data).body == read_as


@pytest.mark.parametrize(
    ("plain", "is_page_read"),
    [
        ("", True),
        (" \n", True),
        ("HTMLメールをご覧ください。", True),
        (f"{ONE}\n\n{TWO}", False),
        (ONE, False),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_plain_text_is_preferred_unless_it_only_says_that_there_is_a_page(plain, is_page_read, order):
    raw = one_in(multipart("alternative", *[text(plain), text(PAGE, "text/html")][::order]))
    assert raw.body == (f"{ONE}\n\n{TWO}" if is_page_read else plain)
    assert raw.title == "首脳が会談"


def test_a_page_alone_is_read_and_the_subject_is_its_title():
    raw = one_in(mail(PAGE.encode("cp932"), Content_Type="text/html; charset=shift_jis"))
    assert (raw.title, raw.body) == ("首脳が会談", f"{ONE}\n\n{TWO}")


def test_a_web_page_saved_in_one_file_is_that_page():
    style, picture = ("Content-Type: text/css", b"p {}"), ("Content-Type: image/png", PNG)
    data = multipart("related", text(PAGE, "text/html"), style, picture)
    raw = one_in(b"Snapshot-Content-Location: https://mihon.example/1.html\r\n" + data)
    assert (raw.title, raw.published, raw.source, raw.url) == ("別の題", None, None, "https://mihon.example/1.html")
    assert raw.as_of.isoformat() == "2024-04-10T09:00:00+09:00"


def test_text_around_a_picture_is_one_article():
    raw = one_in(multipart("mixed", text(ONE), ("Content-Type: image/png", PNG), text(TWO)))
    assert raw.body == f"{ONE}\n\n{TWO}"


# --- what is attached -----------------------------------------------------------------------------------


def test_attached_articles_are_files_of_their_own_and_pictures_are_passed_over():
    message = EmailMessage(policy=SMTP)
    message["Subject"], message["From"] = "切り抜き", "a@mihon.example"
    message.set_content(ONE)
    message.add_alternative(PAGE, subtype="html")
    message.get_payload()[1].add_related(PNG, "image", "png", cid="<1>")
    message.add_attachment(PAGE.encode("cp932"), "text", "html", filename="記事.html")
    message.add_attachment(gzip.compress(f"圧縮\n\n{TWO}".encode()), "application", "gzip", filename="二.txt.gz")
    message.add_attachment(PNG, "image", "png", filename="写真.png")
    message.add_attachment("BEGIN:VCALENDAR", subtype="calendar", filename="会議.ics")
    inner = EmailMessage()
    inner["Subject"], inner["From"] = "転送された記事", "b@mihon.example"
    inner.set_content(TWO)
    message.add_attachment(inner)
    found = found_in(message.as_bytes())
    assert [(one.where.path, one.title, one.body) for one in found] == [
        ("a.eml", "切り抜き", ONE),
        ("a.eml/記事.html", "別の題", f"{ONE}\n\n{TWO}"),
        ("a.eml/二.txt.gz/二.txt", "圧縮", TWO),
        ("a.eml/part 3", "転送された記事", TWO),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "filename*=utf-8''%E8%A8%98%E4%BA%8B.txt",
        "filename*0*=utf-8''%E8%A8%98; filename*1*=%E4%BA%8B.txt",
        'filename="=?utf-8?B?6KiY5LqLLnR4dA==?="',
        'filename="=?iso-2022-jp?B?GyRCNS07dhsoQi50eHQ=?="',
        'filename="記事.txt"',
    ],
)
def test_names_of_attached_files_are_read_however_they_are_written(name):
    about = f"Content-Type: text/plain\r\nContent-Disposition: attachment; {name}"
    data = multipart("mixed", text(ONE), (about, TWO.encode()))
    assert [one.where.path for one in found_in(data)] == ["a.eml", "a.eml/記事.txt"]


def test_a_mail_that_only_carries_a_file_is_that_file():
    about = 'Content-Type: text/html; name="記事.html"\r\nContent-Disposition: attachment'
    found = found_in(multipart("mixed", text(" "), (about, PAGE.encode())))
    assert [(one.where.path, one.title) for one in found] == [("a.eml/記事.html", "別の題")]


def test_the_charset_of_the_mail_holds_for_what_is_attached():
    about = "Content-Type: text/plain; charset=iso-8859-1; name=a.txt"
    data = multipart("mixed", text(ONE), (about, b"caf\xe9"))
    _, attached = attachments.members(open_source(io.BytesIO(data), Where("a.eml")))
    assert attached.facts.charset == "iso-8859-1"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (multipart("mixed", ("Content-Type: image/png", PNG)), "a mail without text"),
        (mail(b"x", Content_Type="application/pkcs7-mime; smime-type=enveloped-data"), "an encrypted mail"),
        (multipart("encrypted", ("Content-Type: application/pgp-encrypted", b"Version: 1"),
                   ("Content-Type: application/octet-stream", b"x")), "an encrypted mail"),
    ],
)
def test_a_mail_that_cannot_be_read_says_why(data, why):
    (rejection,) = found_in(data)
    assert isinstance(rejection, Rejection)
    assert rejection.why.startswith(why)


# --- mailboxes ------------------------------------------------------------------------------------------


def message(number, body, **headers):
    return mail(body.encode(), f"Subject: {number}番\r\n", **headers).replace(b"2024-04-10.1@", b"%d@" % number)


def test_every_mail_of_a_mailbox_is_an_article_at_its_line():
    data = b"".join(
        b"From a@mihon.example Wed Apr 10 09:00:0%d 2024\n%s\n" % (number, message(number, f"{body}\n"))
        for number, body in enumerate([ONE, f"{ONE}\n\n>From 北京\n\nFrom 9:00 to 10:00\n{TWO}", f"{TWO}\n\n>>From x"])
    )
    found = found_in(data.replace(b"\r", b""), "a.mbox")
    assert [(one.where, one.title, one.id, one.body) for one in found] == [
        (Where("a.mbox", 1), "0番", "0@mihon.example", ONE),
        (Where("a.mbox", 9), "1番", "1@mihon.example", f"{ONE}\n\nFrom 北京\n\nFrom 9:00 to 10:00\n{TWO}"),
        (Where("a.mbox", 22), "2番", "2@mihon.example", TWO),
    ]


@pytest.mark.parametrize("is_true", [True, False])
def test_a_mail_may_say_how_long_it_is_and_is_believed_only_if_another_begins_there(is_true):
    body = f"{ONE}\n\nFrom a Wed Apr 10 09:00:00 2024\nX: これも本文\n\n{TWO}\n"
    length = len(body.encode()) if is_true else 10**14
    begin = b"From a@mihon.example Wed Apr 10 09:00:00 2024\n"
    data = begin + message(1, body, Content_Length=length) + b"\n" + begin + message(2, TWO)
    found = found_in(data.replace(b"\r", b""), "a")
    assert [one.title for one in found] == (["1番", "2番"] if is_true else ["1番", "X: これも本文", "2番"])
    assert found[0].body == (body.strip() if is_true else ONE)


@pytest.mark.parametrize("text", ["From 東京\n首相は 9:00 に発った。", "From a 9:00\n首相は発った。"])
def test_a_text_that_begins_with_from_is_no_mailbox(text):
    (raw,) = found_in(f"{text}\n".encode(), "a.txt")
    assert raw.body.startswith("From")


# --- the judged set -------------------------------------------------------------------------------------

CORPORA = os.environ.get("KIJIGURA_CORPORA")


@pytest.mark.skipif(not CORPORA, reason="KIJIGURA_CORPORA does not name the directory of judged files")
@pytest.mark.parametrize("kind", ["eml", "warc/wikinews.warc", "warc/wikinews.warc.gz"])
def test_every_judged_mail_and_page_of_a_crawl_gives_its_title_date_and_paragraphs(kind):
    root = Path(CORPORA) / "ingest"
    expected = [json.loads(line) for line in (root / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
    found = [divide(raw) for path in find_files([root / kind]) for raw in read(path)]
    assert len(found) == len(expected) == 20
    for article, wanted in zip(found, expected, strict=True):
        text = "\n\n".join(section.text for section in article.sections if section.heading != "出典")
        assert normal(article.title) == normal(wanted["title"])
        assert article.published.at.date().isoformat() == wanted["date"]
        assert normal(text) == normal("\n\n".join(wanted["paragraphs"]))


def normal(text):
    """Without the difference of full-width and half-width, which some of the files change."""
    return unicodedata.normalize("NFKC", text).strip()
