"""What a page says of its article, and pages that are broken, too large, or none."""

from __future__ import annotations

import json
import os
import time
import unicodedata
from pathlib import Path

import pytest

from indexer.dates import parse_date
from indexer.decoding import decode
from indexer.formats import Facts, read
from indexer.formats.html import DECLARED, parse
from indexer.raw import RawArticle, Rejection, Where
from indexer.ruby import bare

HERE = Where("page.html")
ONE = "青浜市は10日、使われなくなっている旧港の倉庫群を市民の工房にすると発表した。"
TWO = "倉庫は1931年に建てられた3棟で、れんが造りの壁と木の梁が残る。"


def page(head="", body=f"<article><p>{ONE}</p><p>{TWO}</p></article>"):
    return parse(f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>", HERE)


def json_ld(text):
    return f'<script type="application/ld+json">{text}</script>'


ABOUT = {"@type": "NewsArticle", "headline": "倉庫群を市民の工房に", "datePublished": "2024-04-10T15:03:00+09:00"}


# --- JSON-LD --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ABOUT),
        json.dumps([{"@type": "WebSite", "name": "見本新聞"}, ABOUT]),
        json.dumps({"@graph": [{"@type": "WebPage"}, ABOUT]}),
        json.dumps({"@type": "WebPage", "mainEntity": ABOUT}),
        json.dumps({"@type": "WebPage", "mainEntity": {"@type": "WebPage", "mainEntity": [ABOUT]}}),
        json.dumps(ABOUT | {"@type": ["Thing", "https://schema.org/ReportageNewsArticle"]}),
        "<!--\n" + json.dumps(ABOUT) + "\n-->",
        "//<![CDATA[\n" + json.dumps(ABOUT) + "\n//]]>",
        json.dumps(ABOUT)[:-1] + ",}",
        json.dumps(ABOUT)[:-1] + ', "description": "改行\nと\tタブ"}',
        json.dumps({"@type": "BreadcrumbList"}) + "\n" + json.dumps(ABOUT),
        json.dumps(ABOUT, ensure_ascii=False).replace("倉庫群を", "倉庫&#32676;を"),
    ],
)
def test_json_ld_is_read_however_it_is_nested_or_broken(text):
    raw = page(json_ld(text))
    assert (raw.title, raw.published) == ("倉庫群を市民の工房に", "2024-04-10T15:03:00+09:00")


def test_of_several_articles_the_one_of_this_address_counts():
    other = {"@type": "NewsArticle", "headline": "別の記事", "url": "https://mihon.example/2"}
    mine = ABOUT | {"mainEntityOfPage": {"@id": "http://www.mihon.example/1/"}}
    raw = page('<link rel="canonical" href="https://mihon.example/1">' + json_ld(json.dumps([other, mine])))
    assert raw.title == "倉庫群を市民の工房に"


def test_of_several_articles_the_one_of_this_headline_counts():
    other = {"@type": "NewsArticle", "headline": "別の記事の長い見出し", "datePublished": "2024-01-01"}
    raw = page(json_ld(json.dumps([other, ABOUT])), f"<h1>倉庫群を市民の工房に</h1><p>{ONE}</p>")
    assert raw.published == ABOUT["datePublished"]


@pytest.mark.parametrize("text", ["", "{", "[" * 10_000, "null", "[1, \"a\"]", '{"@type": 1}', '{"@graph": {"a": 1}}'])
def test_json_ld_that_says_nothing_does_no_harm(text):
    assert page("<title>倉庫群を市民の工房に</title>" + json_ld(text)).title == "倉庫群を市民の工房に"


def test_the_text_in_json_ld_counts_where_the_page_has_none():
    raw = page(json_ld(json.dumps(ABOUT | {"articleBody": f"{ONE}\n\n{TWO}"})), "<div id='app'></div>")
    assert raw.body == f"{ONE}\n\n{TWO}"


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("見本太郎", ("見本太郎",)),
        ({"@type": "Person", "name": "見本太郎"}, ("見本太郎",)),
        ([{"name": "見本太郎"}, {"name": "見本花子"}], ("見本太郎", "見本花子")),
        (["文：見本太郎"], ("見本太郎",)),
        ({"@type": "Organization", "name": "見本新聞社"}, ()),
        ({"@type": "Organization", "name": "見本新聞"}, ()),
        ("https://mihon.example/author/1", ()),
    ],
)
def test_who_wrote_it_is_a_person_and_not_the_paper(author, names):
    about = ABOUT | {"author": author, "publisher": {"name": "見本新聞社"}}
    assert page(json_ld(json.dumps(about))).authors == names


# --- Titles ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "stated",
    [
        "倉庫群を市民の工房に｜見本新聞デジタル",
        "倉庫群を市民の工房に - 見本新聞",
        "倉庫群を市民の工房に: 見本経済新聞",
        "倉庫群を市民の工房に　：見本経済新聞",
        "倉庫群を市民の工房に : 社会 : 見本新聞オンライン",
        "倉庫群を市民の工房に | 地域ニュース | 見本放送 NEWS WEB",
        "倉庫群を市民の工房に（見本通信） - ポータル!ニュース",
        "倉庫群を市民の工房に (1/2 ページ) - 見本NEWS",
        "倉庫群を市民の工房に（写真＝見本通信）：見本経済新聞",
        "見本新聞：倉庫群を市民の工房に",
        "見本新聞デジタル｜倉庫群を市民の工房に",
        "倉庫群を市民の工房に＜見本テレビ＞",
        "見本日報 東北のニュース／倉庫群を市民の工房に",
        "見本.com（見本新聞社）：倉庫群を市民の工房に - 社会",
        "見本ニュース　倉庫群を市民の工房に",
        "倉庫群を市民の工房に（2024年4月10日掲載）｜見本テレビNEWS MNN",
        "倉庫群を市民の工房に | 社会,経済 | 青浜のニュース | 青浜新聞ONLINE",
        "倉庫群を市民の工房に | 見本日報 MIHON NIPPO",
        "倉庫群を市民の工房に【見本新聞デジタル】",
    ],
)
def test_a_title_is_without_the_name_of_the_site(stated):
    assert page(f"<title>{stated}</title>").title == "倉庫群を市民の工房に"
    assert page(f'<meta property="og:title" content="{stated}">').title == "倉庫群を市民の工房に"


@pytest.mark.parametrize(
    "title",
    [
        *("首相「改革」 - 野党は反発", "米ＡＩ新興：日本に進出へ", "A・B両社が統合へ"),
        *("「日本ニュース」90年", "雪だより|最後の一枚"),
    ],
)
def test_a_title_that_only_looks_like_two_parts_is_kept(title):
    assert page(f"<title>{title}</title>", f"<h1>{title}</h1><p>{ONE}</p>").title == title


def test_the_headline_of_the_page_counts_where_its_head_names_only_the_site():
    head = '<meta property="og:title" content="見本新聞"><meta property="og:site_name" content="見本新聞">'
    assert page(head, f"<h1>見本新聞</h1><h1>倉庫群を市民の工房に</h1><p>{ONE}</p>").title == "倉庫群を市民の工房に"


def test_a_headline_that_was_cut_short_is_completed_from_the_page():
    about = json.dumps(ABOUT | {"headline": "旧港の倉庫群を市民の工房に改修…"})
    whole = "旧港の倉庫群を市民の工房に改修　来春に開館"
    assert "".join(page(json_ld(about), f"<h1>{whole}</h1><p>{ONE}</p>").title.split()) == "".join(whole.split())


def test_the_full_width_space_that_parts_a_headline_stays():
    title = "倉庫群を市民の工房に　来春に開館"
    assert page(f"<title>{title}  - 見本新聞</title>").title == title
    assert page(f"<title>{title} - 見本新聞</title>", f"<h1>\n {title}\n</h1><p>{ONE}</p>").title == title


def test_entities_in_a_title_are_decoded():
    assert page("<title>A&amp;Bの工房&#12288;開館へ &lt;社会&gt; ｜見本新聞</title>").title.startswith("A&Bの工房")


# --- Dates ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2024-04-10T15:03:00+09:00">',
        '<meta name="pubdate" content="2024/04/10 15:03">',
        '<meta name="cXenseParse:recs:publishtime" content="2024-04-10T06:03:00Z">',
        '<meta name="parsely-pub-date" content="2024-04-10T06:03:00Z">',
        '<meta name="citation_publication_date" content="2024/04/10">',
        '<meta name="DC.date.issued" content="2024-04-10">',
        '<meta itemprop="datePublished" content="2024-04-10">',
        '<meta name="mihon-publish-date" content="2024年4月10日">',
        '<meta value="2024-04-10T15:03:00+09:00" name="article:published_time">',
    ],
)
def test_the_day_is_read_from_the_head(head):
    change = '<meta property="article:modified_time" content="2024-05-01T00:00:00+09:00">'
    published = parse_date(page(change + head).published)
    assert published is not None
    assert published.at.date().isoformat() == "2024-04-10"


@pytest.mark.parametrize(
    "body",
    [
        "<p class='date'>2024年4月10日 15時03分</p>",
        "<p>2024/4/10(水) 15:03配信</p>",
        "<p>掲載：令和6年4月10日（水曜日）</p>",
        "<p>［2024.04.10］</p>",
        "<ul><li>2024年4月12日 更新</li><li>2024年4月10日 公開</li></ul>",
        "<p>最終更新日：2024年4月10日</p>",
        "<time datetime='2024-04-10T15:03'>1時間前</time>",
        "<p>公開 <time datetime='2024-04-10'>4月10日</time> 更新 <time datetime='2024-04-12'>4月12日</time></p>",
        "<span>見本新聞 2024年4月10日 5:00</span>",
        "<dl><dt>掲載日</dt><dd>2024年4月10日</dd></dl>",
    ],
)
def test_the_day_is_read_from_what_is_printed_near_the_headline(body):
    today = "<div class='today'>2026年11月23日</div>"
    text = f"<p>{ONE}</p><p>{TWO * 3}1995年1月17日の地震に耐えた。</p>"
    raw = page("", f"{today}<h1>倉庫群を市民の工房に</h1>{body}{text}")
    published = parse_date(raw.published)
    assert published is not None
    assert published.at.date().isoformat() == "2024-04-10"


OTHERS = "<ul><li><a href='/1'>青浜の港まつり、4年ぶり開催</a>（2026年11月22日）</li></ul>"


@pytest.mark.parametrize(
    "line",
    [
        *("2024/4/10 15:03 更新", "更新 2024年4月10日 15:03", "2024/4/10 11:41（最終更新 4/12 12:42）"),
        *("2024年4月10日 5:00 (2024年4月12日 8:15更新)", "2024.4.10 18:00 更新日：2024.4.12", "2024年(令和6年)4月10日"),
        *("更新：2024年4月12日 公開：2024年4月10日", "April 10, 2024", "'24/4/10", "（2024/04/10-15:03）"),
    ],
)
@pytest.mark.parametrize("place", ["above", "below"])
def test_the_day_of_the_article_counts_before_those_of_others_and_of_today(line, place):
    above, below = (f"<p>{line}</p>", "") if place == "above" else ("", f"<p>{line}</p>")
    body = f"<h1>倉庫群を市民の工房に</h1>{above}<p>{ONE}</p><p>{TWO}</p>{below}{OTHERS}"
    raw = page("", f"<div><span>2026年11月23日（月）</span><a href='/'>トップ</a></div>{body}")
    assert parse_date(raw.published).at.date().isoformat() == "2024-04-10"
    assert raw.body == f"{ONE}\n\n{TWO}"


@pytest.mark.parametrize("sign", ["（2003/04/10 15:03）", "(2003/04/10/15:03 見本新聞)", "【2003年4月10日】"])
def test_the_day_may_stand_at_the_end_of_the_text(sign):
    raw = page("", f"<h1>倉庫群を市民の工房に</h1><p>{ONE}</p><p>{TWO}{sign}</p>{OTHERS}")
    assert parse_date(raw.published).at.date().isoformat() == "2003-04-10"


def test_a_day_in_a_sentence_is_not_that_of_the_article():
    raw = page("", f"<h1>倉庫群を市民の工房に</h1><p>{ONE}</p><p>{TWO}港は（2003年4月10日）に開いた。</p>")
    assert raw.published is None


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("4月10日 5時00分", "https://mihon.example/articles/20240410/k00/00m/1.html"),
        ("04/10 15:03", "https://mihon.example/2024/0410/011.htm"),
        ("（4月10日）", "https://mihon.example/news/20240410k0000m040000.html"),
        ("見本新聞社", "https://mihon.example/hl?a=20240410-0001-mihon"),
    ],
)
def test_what_the_line_of_the_date_lacks_is_in_the_address(line, address):
    body = f"<h1>倉庫群を市民の工房に</h1><p>{line}</p><p>{ONE}</p><p>{TWO}</p>{OTHERS}"
    raw = page(f'<link rel="canonical" href="{address}">', body)
    assert parse_date(raw.published).at.date().isoformat() == "2024-04-10"


def test_japanese_time_that_is_called_utc_is_told_by_what_the_page_prints():
    head = '<meta property="article:published_time" content="2024-04-10T23:30:00Z">'
    assert parse_date(page(head).published).at.day == 11
    printed = page(head, f"<h1>倉庫群</h1><p>2024年4月10日 23時30分</p><p>{ONE}</p>")
    assert parse_date(printed.published).at.day == 10


def test_a_date_without_its_year_has_the_year_of_the_pages_address():
    head = '<meta property="og:url" content="https://mihon.example/hl?a=20240410-0001-mihon-soci">'
    body = f"<h1>倉庫群を市民の工房に</h1><p>見本新聞 4/10(水) 15:03配信</p><p>{ONE}</p>"
    assert parse_date(page(head, body).published).at.isoformat() == "2024-04-10T15:03:00+09:00"
    assert parse_date(page("", body).published) is None


# --- Text -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "furniture",
    [
        "<p>この記事は有料会員限定です。残り1234文字</p>",
        "<p>【関連記事】<a href='/1'>港まつり、4年ぶりに開催</a></p>",
        "<p>▶<a href='/1'>港まつり、4年ぶりに開催</a></p>",
        "<div class='sns-share'><a href='#'>シェア</a>12</div>",
        "<h3>あわせて読みたい</h3><ul><li><a href='/1'>港まつり、4年ぶりに開催</a></li></ul>",
        "<div><h4>関連リンク</h4><p><a href='/1'>港まつり、4年ぶりに開催</a></p></div>",
        "<div class='author-profile'><p>見本太郎。青浜支局。専門は地域経済です。</p></div>",
        "<p>© 見本新聞社 無断転載を禁じます。</p>",
        "<ul class='pager'><li>1</li><li><a href='?p=2'>2</a></li><li><a href='?p=2'>次へ</a></li></ul>",
        "<p style='display:none'>この文は見えない。だから本文ではない。</p>",
        "<aside><p>特集の案内がここに入ります。</p></aside>",
    ],
)
@pytest.mark.parametrize("place", ["between", "below"])
def test_furniture_is_no_text(furniture, place):
    below = f"<p>{ONE}</p><p>{TWO}</p>{furniture}"
    body = below if place == "below" else f"<p>{ONE}</p>{furniture}<p>{TWO}</p>"
    for box in ("article", "div"):
        assert page("", f"<{box}>{body}</{box}>").body == f"{ONE}\n\n{TWO}"


@pytest.mark.parametrize(
    ("inner", "body"),
    [
        (f"<p>{ONE}</p><table><tr><th>名称</th><td>工房</td></tr></table><p>{TWO}</p>",
         f"{ONE}\n\n名称　工房\n\n{TWO}"),
        (f"<p>{ONE}</p><ul><li>木工</li><li>染め物</li></ul><p>{TWO}</p>", f"{ONE}\n\n木工\n\n染め物\n\n{TWO}"),
        (f"<p>{ONE}</p><p><strong>職人ら「継ぐ場に」</strong></p><p>{TWO}</p>",
         f"{ONE}\n\n## 職人ら「継ぐ場に」\n\n{TWO}"),
        (f"<p>{ONE}</p><p><b>「使ってもらいたい」と話した。</b></p><p>{TWO}</p>",
         f"{ONE}\n\n「使ってもらいたい」と話した。\n\n{TWO}"),
        (f"{ONE}<br>\n<br>\n{TWO}", f"{ONE}\n\n{TWO}"),
        (f"<p>　{ONE}\n\n　{TWO}</p>", f"{ONE}\n\n{TWO}"),
        (f"<p>{ONE}</p><h2>情報源</h2><ul><li><a href='/1'>工房の計画</a></li></ul>",
         f"{ONE}\n\n## 情報源\n\n工房の計画"),
    ],
)
def test_tables_lists_and_headings_of_the_article_stay(inner, body):
    # Indents are the sections' to take away.
    assert page("", f"<article>{inner}</article>").body.replace("\n　", "\n").strip("　") == body


@pytest.mark.parametrize(
    "ruby",
    [
        "<ruby>首相<rt>しゅしょう</rt></ruby>",
        "<ruby><rb>首相</rb><rp>（</rp><rt>しゅしょう</rt><rp>）</rp></ruby>",
        "<ruby>首相\n<rt>しゅしょう</rt>\n</ruby>",
        "<ruby><a href='/1'>首相</a><rtc><rt>しゅしょう</rt></rtc><rtc><rt>prime minister</rt></rtc></ruby>",
    ],
)
def test_a_reading_is_marked_in_title_heading_and_text(ruby):
    marked = "\ufff9首相\ufffaしゅしょう\ufffb"
    text = f"<p>{ONE}</p><h2>{ruby}の考え</h2><p>{ruby}は予算を説明した。</p>"
    raw = page("<title>首相が演説 - 見本新聞</title>", f"<article><h1>{ruby}が演説</h1>{text}</article>")
    assert raw.title == f"{marked}が演説"
    assert raw.body == f"{ONE}\n\n## {marked}の考え\n\n{marked}は予算を説明した。"


def test_each_base_has_its_own_reading():
    assert page("", f"<p><ruby>日<rt>に</rt>本<rt>ほん</rt></ruby>の港。{ONE}</p>").body.startswith(
        "\ufff9日\ufffaに\ufffb\ufff9本\ufffaほん\ufffbの港。")


# --- Pages that are broken, or none ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<html><frameset cols='1,2'><frame src='a'><frame src='b'></frameset></html>", "frames"),
        ("<html><head><meta http-equiv='refresh' content='0;URL=/b'></head><body>移動しました</body></html>",
         "sends on"),
        ("<html><body><ul>" + "<li><a href='/1'>別の記事の見出しです</a></li>" * 40 + "</ul></body></html>", "links"),
    ],
)
def test_a_page_without_an_article_says_what_it_is(tmp_path, text, why):
    path = tmp_path / "page.html"
    path.write_text(text, encoding="utf-8")
    (found,) = read(path)
    assert isinstance(found, Rejection)
    assert why in found.why


def test_a_short_article_among_many_links_is_kept():
    links = "<li><a href='/1'>別の記事の見出しです</a></li>" * 40
    assert page("", f"<div><h1>訃報</h1><p>{ONE}{TWO}</p></div><ul>{links}</ul>").body == ONE + TWO


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 20_000 + ONE,
        "<h1>" * 5_000 + ONE,
        "<table><tr><td>" * 2_000 + ONE,
        f"<form><form><p>{ONE}</form><form></form>",
        f"<p>\x00{ONE}",
        f"<article><h1>題<time>2024-04-10<p>{ONE}",
        "<ruby>" * 2_000 + "漢<rt>かん</rt>" + f"</ruby><p>{ONE}",
        json_ld("[" * 50_000) + f"<p>{ONE}",
    ],
)
def test_broken_pages_keep_their_text(text):
    assert ONE in bare(parse(f"<html><body>{text}", HERE).body)


@pytest.mark.parametrize(
    "text",
    [
        f"<div><h3>関連記事</h3><ul><li><a href='/'>見出し</a></li></ul></div><p>{ONE}" * 3_000,
        "<p>" + "<ruby>漢<rt>かん</rt></ruby>字" * 10_000,
        "<div class='caption'>" * 10_000 + ONE,
    ],
)
def test_the_time_grows_with_the_page_and_not_with_its_square(text):
    begin = time.process_time()
    parse(f"<html><body>{text}", HERE)
    # A tenth of a second here; a square would take minutes.
    assert time.process_time() - begin < 10


def test_the_charset_of_the_transport_counts_before_the_pages_own(tmp_path):
    text = f"<html><head><meta charset='euc-jp'><title>題</title></head><body><p>{ONE}</p></body></html>"
    data = text.encode("cp932")
    (tmp_path / "page.html").write_bytes(data)
    (raw,) = read(tmp_path / "page.html", facts=Facts(charset="Shift_JIS"))
    assert raw.body == ONE
    assert DECLARED.search(data)[1] == b"euc-jp"
    assert decode(data, "Shift_JIS").count(ONE) == 1


# --- The judged pages -----------------------------------------------------------------------------------

CORPORA = os.environ.get("KIJIGURA_CORPORA")
FORMS = (
    *("html-br-only", "html-broken", "html-eucjp", "html-iso2022jp", "html-ncr", "html-nodecl-eucjp", "html-ruby"),
    *("html-sjis", "html-sjis-declared-utf8", "html-utf16le-bom", "html-utf8", "html-utf8-bom"),
)


@pytest.mark.skipif(not CORPORA, reason="KIJIGURA_CORPORA does not name the directory of judged files")
@pytest.mark.parametrize("form", FORMS)
def test_every_judged_page_is_read_in_every_form(form):
    root = Path(CORPORA) / "ingest"
    wanted = [json.loads(line) for line in (root / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
    found = [raw for path in sorted((root / form).glob("*.html")) for raw in read(path)]
    assert len(found) == len(wanted) == 20
    for raw, one in zip(found, wanted, strict=True):
        assert isinstance(raw, RawArticle)
        assert plain(raw.title) == plain(one["title"])
        assert parse_date(raw.published).at.date().isoformat() == one["date"]
        text, _, sources = plain(raw.body).partition("\n\n## 出典\n\n")
        assert text.split("\n\n") == [plain(paragraph) for paragraph in one["paragraphs"]]
        if sources:
            assert [line for line in sources.split("\n") if line] == [plain(source) for source in one["references"]]


def plain(text):
    """Without readings, indents, and the difference of full-width and half-width that one form makes."""
    lines = unicodedata.normalize("NFKC", bare(text)).split("\n")
    return "\n".join(line.strip() for line in lines).strip()
