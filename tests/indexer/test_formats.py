"""Files to raw articles: how a format is told, what each gives, and why a file gives nothing."""

import json
import os
import random
from pathlib import Path

import pytest

from indexer.finding import find_files
from indexer.formats import jsonlines, markdown, read, text
from indexer.formats.boilerplate import drop_boilerplate
from indexer.formats.html import parse as parse_html
from indexer.formats.source import MAX_DOCUMENT_BYTES
from indexer.raw import RawArticle, Rejection, Where
from indexer.sections import divide
from search.articles import Section

HERE = Where("a")
ONE = "中国の習近平指導者とロシアのラブロフ外相が北京で会談し、両国の協力を確認した。"
TWO = "両国は外交政策を一致させてきた長い歴史があり、共同で軍事演習を行ってきた。"
SEED = Path(__file__).parents[2] / "seeds" / "000_9dfb955ff9d1b83b.txt"


@pytest.fixture
def write(tmp_path):
    def written(content: str | bytes, name: str = "a") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


def found_in(path):
    return list(read(path, path.name))


# --- telling the format ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        f"首脳が会談\n2024-04-10\n\n{ONE}\n",
        f"---\ntitle: 首脳が会談\ndate: 2024-04-10\n---\n{ONE}\n",
        f"# 首脳が会談\n\n2024-04-10\n\n{ONE}\n",
        f"<!DOCTYPE html><title>首脳が会談</title><time>2024-04-10</time><p>{ONE}</p>",
        f"\n<html><body><h1>首脳が会談</h1><time datetime='2024-04-10'></time><p>{ONE}</p></body></html>",
        json.dumps({"title": "首脳が会談", "date": "2024-04-10", "body": ONE}, ensure_ascii=False) + "\n",
        json.dumps({"title": "首脳が会談", "date": "2024-04-10", "body": ONE}, indent=1),
        json.dumps([{"title": "首脳が会談", "date": "2024-04-10", "body": ONE}]),
    ],
)
@pytest.mark.parametrize("name", ["記事.txt", "記事", "記事.dat"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp"])
def test_the_format_is_told_by_content_in_every_encoding(write, content, name, encoding):
    (raw,) = found_in(write(content.encode(encoding), name))
    article = divide(raw)
    assert article.title == "首脳が会談"
    if not content.startswith("# "):
        assert article.published.at.date().isoformat() == "2024-04-10"
    assert article.sections[0].text.endswith(ONE)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty file"),
        (b" \n\n", "white space"),
        (b"\xef\xbb\xbf", "white space"),
        (b"\x89PNG\r\n\x1a\n\x00", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"%PDF-1.7\n", "broken PDF document"),
        (b"PK\x03\x04\x14\x00", "ZIP archive .* unpack it"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "Word"),
        (b"SQLite format 3\x00", "SQLite"),
        (b"\x00\x01\x02text", "binary file"),
        (random.Random(1).randbytes(999).replace(b"\x00", b"\x01"), "not text in UTF-8"),
        (b"<?xml version='1.0'?><rss><channel/></rss>", "a feed without articles"),
        (b"WARC/1.0\r\n", "web archive"),
    ],
)
def test_a_file_without_text_is_rejected_and_the_reason_says_what_it_is(write, content, why):
    (rejection,) = found_in(write(content, "a.txt"))
    assert isinstance(rejection, Rejection)
    assert rejection.where == Where("a.txt")
    with pytest.raises(AssertionError, match=why):
        raise AssertionError(rejection.why)


@pytest.mark.parametrize("begin", ["本文", "---\ntitle: a\n---\n", "<!DOCTYPE html><p>"])
def test_a_document_over_the_limit_is_rejected_without_being_read(tmp_path, monkeypatch, begin):
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.write(begin.encode() + b"x" * 70_000)
        file.truncate(50 * 1024 * 1024)
    monkeypatch.setattr("indexer.formats.source.Source.lines", None)
    assert found_in(path) == [Rejection(Where("a.txt"), "50.0 MiB is over the limit of 32 MiB for one article")]


@pytest.mark.parametrize("seed", range(60))
def test_no_bytes_whatever_make_reading_raise(write, seed):
    chance = random.Random(seed)
    begins = ["", '{"a": ', '[{"a":', "---\na: [", "<html><p>", "# ", "<!doctype html><h1><table><ruby>"]
    rests = [chance.randbytes(500), ONE.encode()[:-1], ("<div>" * 1_000 + ONE).encode(), b"[" * 200_000]
    begin, rest = chance.choice(begins), chance.choice(rests)
    for raw in found_in(write(begin.encode() + rest)):
        if isinstance(raw, RawArticle):
            divide(raw)


def test_a_missing_file_is_a_rejection(tmp_path):
    assert found_in(tmp_path / "none.txt") == [Rejection(Where("none.txt"), "no such file or directory")]


# --- finding files --------------------------------------------------------------------------------------


def test_directories_are_searched_in_order_and_nothing_vanishes_silently(tmp_path):
    archive, outside = tmp_path / "archive", tmp_path / "outside"
    for name in ("b/2.txt", "b/1.txt", "a.txt", "c.png", ".hidden", ".git/x.txt", "README.md", "b/topics.toml"):
        (archive / name).parent.mkdir(parents=True, exist_ok=True)
        (archive / name).write_text("記事")
    outside.mkdir()
    (archive / "d-out").symlink_to(outside)
    (archive / "e-gone").symlink_to(archive / "none")
    (archive / "f-in").symlink_to(archive / "b")
    os.mkfifo(archive / "g-pipe")
    found = list(find_files([archive, tmp_path / "missing", archive / "README.md"]))
    assert [one if isinstance(one, Rejection) else one.relative_to(archive).as_posix() for one in found] == [
        "a.txt",
        "b/1.txt",
        "b/2.txt",
        "c.png",
        Rejection(Where(f"{archive}/d-out"), "a link that leaves the directory; add its target by name if it belongs"),
        Rejection(Where(f"{archive}/e-gone"), "a link to nothing"),
        Rejection(Where(f"{archive}/g-pipe"), "not a regular file"),
        Rejection(Where(f"{tmp_path}/missing"), "no such file or directory"),
        "README.md",
    ]


def test_a_file_name_that_is_not_utf_8_can_still_be_printed(tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + "記事.txt".encode("cp932")))
    try:
        path.write_text(ONE)
    except OSError:
        pytest.skip("this file system has only UTF-8 names")
    (raw,) = read(path)
    assert raw.where.path.encode().endswith(b"\\x8bL\\x8e\\x96.txt")


# --- plain text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "title", "published", "source", "desk"),
    [
        ("首脳が会談\n\n", "首脳が会談", None, None, None),
        ("首脳が会談\n2014-08-15\n\n", "首脳が会談", "2014-08-15", None, None),
        ("首脳が会談\r\n2022年2月25日 見本新聞 国際面\r\n\r\n", "首脳が会談", "2022年2月25日", "見本新聞", "国際"),
        ("首脳が会談\n２０２２年２月２５日　見本新聞\n\n", "首脳が会談", "2022年2月25日", "見本新聞", None),
        ("首脳が会談\n2022年2月25日 見本新聞 政治\n\n", "首脳が会談", "2022年2月25日", "見本新聞", "政治"),
        ("首脳が会談\n2022年2月25日 見本新聞 1面\n\n", "首脳が会談", "2022年2月25日", "見本新聞", "1面"),
        ("首脳が会談\n\n令和4年2月25日 国際面\n\n", "首脳が会談", "令和4年2月25日", None, "国際"),
        ("2014-08-15\n首脳が会談\n\n", "首脳が会談", "2014-08-15", None, None),
        ("2014-08-15\n\n", None, "2014-08-15", None, None),
        ("", None, None, None, None),
    ],
)
def test_a_text_says_title_date_source_and_desk_above_its_paragraphs(head, title, published, source, desk):
    raw = text.parse(f"{head}{ONE}\n\n{TWO}", HERE)
    assert (raw.title, raw.published, raw.source, raw.desk) == (title, published, source, desk)
    assert raw.body == f"{ONE}\n\n{TWO}"


@pytest.mark.parametrize(
    "opening",
    [
        "首相は辞任した。",                  # a sentence
        "　首相は辞任した",                  # an indent begins a paragraph
        "首" * 81,                         # too long
        "2022年2月25日 首相は東京で記者会見を開き、辞任すると述べた。",
    ],
)
def test_a_text_that_starts_with_prose_has_no_title_and_loses_nothing(opening):
    raw = text.parse(f"{opening}\n\n{ONE}", HERE)
    assert (raw.title, raw.published) == (None, None)
    assert raw.body == f"{opening}\n\n{ONE}"


def test_indented_lines_are_paragraphs_without_their_indent():
    article = divide(text.parse(f"首脳が会談\n2014-08-15\n\n　{ONE}\n　{TWO}\n", HERE))
    assert article.sections == (Section(None, f"{ONE}\n\n{TWO}"),)


@pytest.mark.parametrize(
    "line",
    [
        "記事全文を見るにはクリックしてください Rabbitsame",
        "記事全文を見るにはクリックしてください。",
        "続きを読む",
        "続きを読む >",
        "全文を読む→",
        "記事の全文を読む",
        "この記事は有料会員限定です。",
        "この記事は会員限定記事です。残り1234文字",
        "有料会員限定記事",
        "残り：1,234文字／全文：2,345文字",
        "ログインして続きを読む",
        "クリックして続きを読む",
    ],
)
def test_an_invitation_to_click_at_the_end_is_dropped(line):
    assert drop_boilerplate(f"{ONE}\n\n \n{line}\n\n") == ONE
    assert drop_boilerplate(f"{line}\n\n{ONE}") == f"{line}\n\n{ONE}"


@pytest.mark.parametrize(
    "line",
    ["首相は「続きを読むのが楽しみだ」と話した。", "全文を読むことができなかったという。", "記事は有料だ", "会員限定"],
)
def test_a_sentence_about_reading_is_no_boilerplate(line):
    assert drop_boilerplate(f"{ONE}\n\n{line}") == f"{ONE}\n\n{line}"


def test_the_users_own_article_comes_out_whole():
    (raw,) = read(SEED)
    article = divide(raw)
    assert (raw.title, article.published, article.title_inferred) == (None, None, True)
    assert [section.heading for section in article.sections] == [
        None,
        "孤立の中で絆を強める",
        "協力の歴史",
        "相互支援のしるし",
        "ロシアを排除する国際行事に反対",
        "ウクライナの平和的解決を求める",
        "中国とロシアの外交パートナーシップ",
        "緊密な交流を維持する",
        "結論",
    ]
    written = SEED.read_text(encoding="utf-8").partition("記事全文を見る")[0]
    assert article.body().replace("## ", "").split() == written.split()


# --- Markdown -------------------------------------------------------------------------------------------


def test_front_matter_says_what_an_article_is():
    raw = markdown.parse(
        "---\ntitle: \"首脳が会談\"\ndate: 2014-08-15T09:00:00+09:00\ncategories: [国際]\nsource: 見本新聞\n"
        f"url: https://a.example/1\nid: 0012\nauthor: 見本太郎\npage: 3\n---\n\n{ONE}\n\n## 出典\n\n- 一つ\n- 二つ\n",
        HERE,
    )
    assert raw == RawArticle(
        HERE,
        title="首脳が会談",
        body=f"{ONE}\n\n## 出典\n\n一つ\n二つ",
        id="0012",
        published="2014-08-15T09:00:00+09:00",
        source="見本新聞",
        desk="国際",
        url="https://a.example/1",
        authors=("見本太郎",),
        extra={"page": "3"},
    )


@pytest.mark.parametrize(
    "front_matter",
    [
        "title: 速報: 首脳が会談\ndate: 2024-04-10",
        "title: 速報: 首脳が会談\ndate: 2024-04-10\n\tbad: [",
        "title: \"速報: 首脳が会談\"\na: &x [1]\nb: *x\ndate: 2024-04-10",
    ],
)
def test_bad_front_matter_loses_neither_title_nor_text(front_matter):
    raw = markdown.parse(f"---\n{front_matter}\n---\n{ONE}", HERE)
    assert (raw.title, raw.published, raw.body) == ("速報: 首脳が会談", "2024-04-10", ONE)
    assert raw.extra["front_matter"] == front_matter


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("[ラブロフ外相](https://a.example/x_(y))は**会談**した。", "ラブロフ外相は会談した。"),
        ("*強調*と__強調__と~~訂正~~と***両方***", "強調と強調と訂正と両方"),
        ("![写真](a.jpg)外相は会談した。", "外相は会談した。"),
        ("`a_b_c` と snake_case_name は 2*3*4", "a_b_c と snake_case_name は 2*3*4"),
        ("脚注[^1]と\\*星\\*と&amp;と<b>太字</b>", "脚注と*星*と&と太字"),
        ("会談は北\n京で開かれ\nNATO\nsummitも", "会談は北京で開かれ NATO summitも"),
        ("一行目  \n二行目", "一行目\n二行目"),
        ("- 一つ\n- 二つ\n  続き\n1. 三つ", "一つ\n二つ続き\n三つ"),
        ("> 引用した文", "引用した文"),
        ("```\n# そのまま\n```", "# そのまま"),
        ("| 国 | 数 |\n|---|---|\n| 中国 | 3 |", "国　数\n中国　3"),
        ("### 小見出し ###\n本文", "## 小見出し\n\n本文"),
        ("小見出し\n---\n本文", "## 小見出し\n\n本文"),
        ("<!-- 隠す -->見える", "見える"),
    ],
)
def test_markup_goes_and_text_stays(written, read_as):
    assert markdown.parse(f"---\ntitle: 題\n---\n{written}\n", HERE).body == read_as


def test_markdown_without_front_matter_has_its_title_in_the_first_heading(write):
    (raw,) = found_in(write(f"首脳が**会談**\n===\n\n{ONE}\n\n## 協力の歴史\n\n{TWO}", "a.md"))
    assert (raw.title, raw.body) == ("首脳が会談", f"{ONE}\n\n## 協力の歴史\n\n{TWO}")


def test_a_title_that_stands_in_front_matter_and_in_the_text_is_read_once():
    raw = markdown.parse(f"---\ntitle: 題\n---\n# 題\n\n{ONE}\n\n# 別の見出し\n\n{TWO}", HERE)
    assert raw.body == f"{ONE}\n\n## 別の見出し\n\n{TWO}"


# --- JSON Lines -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "fields"),
    [
        (
            {"id": "a1", "title": "題", "body": ONE, "published": "2024-04-10", "source": "見本新聞", "desk": "国際",
             "url": "https://a.example/1", "authors": ["甲", "乙"], "頁": 3},
            {"id": "a1", "title": "題", "body": ONE, "published": "2024-04-10", "source": "見本新聞", "desk": "国際",
             "url": "https://a.example/1", "authors": ("甲", "乙"), "extra": {"頁": 3}},
        ),
        (
            {"identifier": 12, "headline": "題", "articleBody": ONE, "datePublished": "2024",
             "publisher": {"name": "紙"}, "articleSection": "国際", "author": {"name": "甲"}},
            {"id": "12", "title": "題", "body": ONE, "published": "2024", "desk": "国際", "authors": ("甲",),
             "source": "紙"},
        ),
        ({"title": "題", "section": ["政治"]}, {"title": "題", "desk": "政治"}),
        ({"section": ["政治", "国際"]}, {"desk": "政治", "extra": {"section": ["政治", "国際"]}}),
        ({"text": ONE, "date": 20240410, "id": None}, {"body": ONE, "published": "20240410"}),
        ({"content": [ONE, TWO]}, {"body": f"{ONE}\n\n{TWO}"}),
        ({"publisher": {"@type": "Organization", "name": "紙"}},
         {"source": "紙", "extra": {"publisher": {"@type": "Organization", "name": "紙"}}}),
        ({"title": "", "headline": "題", "body": None}, {"title": "題"}),
        ({"title": {"ja": "題"}, "id": True}, {"extra": {"title": {"ja": "題"}, "id": True}}),
        ({"title": "題", "date": "2024-04-10", "published": "2024-04-11"},
         {"title": "題", "published": "2024-04-11", "extra": {"date": "2024-04-10"}}),
        ({"body": f"{ONE}\n続きを読む"}, {"body": ONE}),
    ],
)
def test_known_keys_are_used_and_all_others_kept(record, fields):
    assert jsonlines.parse(record, HERE) == RawArticle(HERE, **fields)


def test_the_sections_of_an_export_are_taken_before_its_body():
    record = {"title": "首相は…", "title_inferred": True, "body": "違う", "sections": [
        {"heading": None, "text": ONE}, {"heading": "節", "text": TWO}]}
    raw = jsonlines.parse(record, HERE)
    assert (raw.sections, raw.body, raw.title_inferred) == ((Section(None, ONE), Section("節", TWO)), "", True)
    assert raw.extra == {}


@pytest.mark.parametrize("sections", ["節", [], [1], [{"text": 3}], {"heading": "節"}])
def test_sections_of_another_form_are_kept_and_the_body_is_read(sections):
    raw = jsonlines.parse({"body": ONE, "sections": sections}, HERE)
    assert (raw.body, raw.sections, raw.extra) == (ONE, None, {"sections": sections})


def test_a_bad_line_is_rejected_and_the_rest_goes_on(write):
    good = json.dumps({"title": "題"}, ensure_ascii=False).encode()
    lines = [
        good, b"", b'{"title": "\xe9\xa1', b'{"title": ', b"[1, 2]", b"[" * 100_000, b'{"n": ' + b"9" * 5_000 + b"}",
        b'{"title": "\\ud800", "desk": NaN}', good,
    ]
    found = found_in(write(b"\n".join(lines), "a.jsonl"))
    assert [(one.where.line, getattr(one, "why", None)) for one in found] == [
        (1, None),
        (3, "not UTF-8 at byte 12 of the line"),
        (4, "not JSON at character 12: Expecting value"),
        (5, "not a JSON object"),
        (6, "not JSON: nested too deeply"),
        (7, found[5].why),
        (8, None),
        (9, None),
    ]
    assert found[5].why.startswith("not JSON: Exceeds the limit")
    assert found[6].desk is None


def test_a_first_line_that_is_bad_does_not_hide_the_others(write):
    found = found_in(write('{"title": \n{"title": "題"}\n', "a"))
    assert [type(one).__name__ for one in found] == ["Rejection", "RawArticle"]
    found = found_in(write('見出し一覧\n{"title": "題"}\n', "a.jsonl"))
    assert [type(one).__name__ for one in found] == ["Rejection", "RawArticle"]


def test_lines_are_read_as_they_are_asked_for(write, monkeypatch):
    monkeypatch.setattr("indexer.formats.source.Source.whole", None)
    lines = read(write('{"title": "一"}\n{"title": "二"}\n' + "{" * 1_000_000))
    assert [next(lines).title, next(lines).title] == ["一", "二"]


def test_a_line_over_the_limit_is_rejected_and_the_rest_goes_on(write, monkeypatch):
    monkeypatch.setattr("indexer.formats.source.MAX_DOCUMENT_BYTES", 1_000)
    found = found_in(write('{"title": "一"}\n{"title": "' + "x" * 5_000 + '"}\n{"title": "三"}\n'))
    assert [getattr(one, "title", None) for one in found] == ["一", None, "三"]
    assert found[1] == Rejection(Where("a", 2), f"the line is over the limit of {MAX_DOCUMENT_BYTES >> 20} MiB")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "cp932", "euc_jp", "iso2022_jp"])
def test_json_lines_are_read_in_every_encoding_with_their_numbers(write, encoding):
    lines = "".join(json.dumps({"title": f"首脳が会談した{n}"}, ensure_ascii=False) + "\r\n" for n in range(3))
    found = found_in(write(lines.encode(encoding)))
    assert [(one.where.line, one.title[-1]) for one in found] == [(1, "0"), (2, "1"), (3, "2")]


# --- HTML -----------------------------------------------------------------------------------------------

MARKED = "\ufff9会談\ufffaかいだん\ufffb"
PAGE = f"""<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><title>首脳が会談 - 見本新聞</title>
<meta property="og:title" content="首脳が会談｜見本新聞"><meta property="og:site_name" content="見本新聞">
<meta property="article:published_time" content="2024-04-10T09:00:00+09:00">
<meta property="article:section" content="国際"><meta name="author" content="見本太郎">
<link rel="canonical" href="https://mihon-shimbun.example/1.html"></head>
<body><nav><a href="/">トップ</a></nav><header>見本新聞</header>
<article><h1>首脳が会談</h1><time datetime="2024-04-10">4月10日</time>
<p>{ONE.replace("会談", "<ruby>会談<rp>（</rp><rt>かいだん</rt><rp>）</rp></ruby>")}</p>
<figure><img src="a.jpg" alt="写真"><figcaption>握手する両外相＝ロイター</figcaption></figure>
<h2>協力の<br>歴史</h2><p>{TWO[:10]}
  {TWO[10:]}</p><p>続きを読む</p></article>
<aside><h2>関連記事</h2><ul><li>別の記事の見出し</li></ul></aside><footer>見本新聞社</footer></body></html>"""


def test_a_page_gives_its_article_without_what_stands_around_it():
    assert parse_html(PAGE, HERE) == RawArticle(
        HERE,
        title="首脳が会談",
        body=f"{ONE.replace('会談', MARKED)}\n\n## 協力の 歴史\n\n{TWO}",
        captions=("握手する両外相＝ロイター",),
        published="2024-04-10T09:00:00+09:00",
        source="見本新聞",
        desk="国際",
        url="https://mihon-shimbun.example/1.html",
        authors=("見本太郎",),
    )


@pytest.mark.parametrize("wrap", ["{}", "[{}]", '{{"@graph": [{{"@type": "WebPage"}}, {}]}}'])
def test_json_ld_says_what_an_article_is(wrap):
    about = wrap.format(json.dumps({
        "@type": ["NewsArticle"], "headline": "首脳が会談", "datePublished": "2024-04-10T00:30:00Z",
        "author": [{"name": "見本太郎"}], "publisher": {"@type": "Organization", "name": "見本新聞"},
        "articleSection": ["国際", "政治"], "url": "https://a.example/1",
    }))
    page = f'<html><script type="application/ld+json">{about}</script><body><p>{ONE}</p></body></html>'
    raw = parse_html(page, HERE)
    assert (raw.title, raw.published, raw.source, raw.desk, raw.url, raw.authors, raw.body) == (
        "首脳が会談", "2024-04-10T00:30:00Z", "見本新聞", "国際", "https://a.example/1", ("見本太郎",), ONE)


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{ONE}<p>{TWO}",
        f"<div>{ONE}<br><br>\n{TWO}</div>",
        f"<div>　{ONE}<br>\n　{TWO}</div>",
        f"<article><div>{ONE}</div><div>{TWO}</div></article>",
        f"<main><section><p>{ONE}</p></section><blockquote>{TWO}</blockquote></main>",
        f"<p>{ONE}</p><p>{TWO}</p><h3>関連リンク</h3><ul><li>別の記事</li></ul>",
        f"<p>{ONE}</p><p>{TWO}</p><script>var x='<p>広告</p>'</script><style>p{{}}</style>",
    ],
)
def test_paragraphs_are_kept_however_a_page_parts_them(body):
    article = divide(parse_html(f"<html><head><title>題</title></head><body>{body}</body></html>", HERE))
    assert article.sections == (Section(None, f"{ONE}\n\n{TWO}"),)


@pytest.mark.parametrize("page", ["<p>短い。</p>", "<html><body>短い。</body></html>", "<div>短い。"])
def test_a_short_page_is_read_too(page):
    assert parse_html(page, HERE).body == "短い。"


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "iso2022_jp", "utf-8", "utf-16"])
def test_a_page_may_declare_the_wrong_encoding(write, encoding):
    (raw,) = found_in(write(PAGE.encode(encoding), "a.html"))
    assert (raw.title, raw.body) == ("首脳が会談", f"{ONE.replace('会談', MARKED)}\n\n## 協力の 歴史\n\n{TWO}")


@pytest.mark.parametrize("page", ["<html></html>", "<html><body><script>1</script></body>", "<!doctype html>"])
def test_a_page_without_text_is_no_article(write, page):
    (raw,) = found_in(write(page))
    assert isinstance(raw if isinstance(raw, Rejection) else divide(raw), Rejection)
