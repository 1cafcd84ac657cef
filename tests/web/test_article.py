"""The page of one article: what is marked in it, what is like it, how it is cited, what it tells programs."""

from __future__ import annotations

import html as entities
import json
import re
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from web_client import ODD_ID, page, words
from web_sample import EVIL

from search.articles import JST

ASKED = "/article/talks?q=%E7%BF%92%E4%B8%BB%E5%B8%AD&desk=%E5%9B%BD%E9%9A%9B"
HERE = "http://localhost/article/talks"


def marked(html: str) -> list[str]:
    return re.findall("<mark>(.*?)</mark>", html)


def metas(html: str, attribute: str = "name") -> list[tuple[str, str]]:
    found = re.findall(rf'<meta {attribute}="([^"]+)" content="([^"]*)">', html)
    return [(name, entities.unescape(content)) for name, content in found]


def link(html: str, words: str) -> str:
    """Where the link with these words leads."""
    (url,) = re.findall(rf'<a [^>]*href="([^"]+)"[^>]*>{words}</a>', html)
    return entities.unescape(url)


# ---- marks ----------------------------------------------------------------------------------------


def test_marks_of_the_search_are_counted_and_can_be_hidden_and_shown_again(client: FlaskClient) -> None:
    html = page(client, ASKED)
    assert marked(html) == ["習主席", "習氏", "習近平", "習氏"]
    assert "4か所" in words(html)
    hidden = page(client, link(html, "印を消す"))
    assert marked(hidden) == []
    assert "この検索に戻る" in words(hidden)
    assert link(hidden, "検索語に印をつける") == ASKED


def test_hiding_marks_and_showing_names_are_remembered_together(client: FlaskClient) -> None:
    both = link(page(client, link(page(client, ASKED), "印を消す")), "固有名を示す")
    assert both == f"{ASKED}&names=1&marks=off"
    html = page(client, both)
    assert marked(html) == []
    assert 'class="name person"' in html


def test_the_first_place_has_a_link_and_every_paragraph_an_anchor(client: FlaskClient) -> None:
    html = page(client, "/article/talks?q=%E6%94%AF%E6%8C%81+%E5%85%83%E9%A6%96")       # 支持 元首
    assert link(html, "最初の箇所へ") == "#s1p2"
    assert '<p id="s1p2">国家<mark>元首</mark>が閣僚と会うとは限らない。</p>' in html


def test_other_words_are_found_in_the_article_and_the_way_back_is_kept(client: FlaskClient) -> None:
    html = page(client, f"{ASKED}&find=国連")
    assert marked(html) == ["国連", "国連"]
    assert "2か所" in words(html)
    assert "印を消す" not in html
    assert link(html, "解除") == ASKED
    assert f'href="/?{ASKED.partition("?")[2].replace("&", "&amp;")}" rel="nofollow"' in html
    hidden = re.findall('<input type="hidden" name="([^"]+)" value="([^"]+)">', html.partition('class="find"')[2])
    assert hidden == [("q", "習主席"), ("desk", "国際")]


def test_what_does_not_stand_in_the_article_is_in_no_place(client: FlaskClient) -> None:
    html = page(client, "/article/talks?find=野球")
    assert "0か所" in words(html)
    assert "最初の箇所へ" not in html


def test_an_article_without_a_search_has_no_marks_to_hide(client: FlaskClient) -> None:
    html = page(client, "/article/talks")
    assert "印を消す" not in html
    assert "この記事の中" in html


# ---- the same matter ------------------------------------------------------------------------------


def test_related_articles_say_what_both_have(client: FlaskClient) -> None:
    text = words(page(client, "/article/talks")).partition("関連する記事")[2]
    assert "2023年（令和5年）5月21日 見本新聞 G7広島サミットが閉幕、和平への支持を確認" in text
    assert "共通： ウクライナ和平交渉 ウクライナ ウクライナ 和平" in text


def test_an_article_like_no_other_has_no_such_list(client: FlaskClient) -> None:
    assert "関連する記事" not in page(client, "/article/t-0001")


def test_the_json_of_an_article_has_related_articles_copies_and_its_version(client: FlaskClient) -> None:
    found = client.get("/article/talks?format=json&lang=en").get_json()
    assert found["related"] == [{
        "id": "g7", "title": "G7広島サミットが閉幕、和平への支持を確認", "published": "2023-05-21T00:00:00+09:00",
        "source": "見本新聞", "names": [{"id": "UA", "name": "Ukraine"}],
        "topics": [{"id": "peace", "name": "Ukraine peace talks"}], "words": ["ウクライナ", "和平"], "likeness": 0.5,
    }]
    assert (found["copies"], found["version"]) == ([], 1)


# ---- to cite and to save --------------------------------------------------------------------------


def test_an_article_is_cited_in_common_forms(client: FlaskClient) -> None:
    today = datetime.now(JST).date()
    html = page(client, "/article/talks")
    cited = re.findall(r'<dd lang="..">(.*?)</dd>', html)
    assert cited[0].endswith(f"https://news.example/talks（{today.year}年{today.month}月{today.day}日閲覧）。")
    assert cited[1].startswith("山田太郎, 鈴木一郎. “中ロ外相が会談、和平案を協議”. 見本新聞. 2024-04-10, 国際面.")
    assert cited[2].startswith("山田太郎, &amp; 鈴木一郎. (2024, April 10).")
    assert cited[3].startswith("{{Cite news |author=山田太郎、鈴木一郎 |title=")


@pytest.mark.parametrize(("form", "mimetype", "has"), [
    ("ris", "application/x-research-info-systems", "TI  - 中ロ外相が会談、和平案を協議\r\n"),
    ("bibtex", "application/x-bibtex", "title = {{中ロ外相が会談、和平案を協議}}"),
    ("json", "application/json", '"id": "talks"'),
])
def test_an_article_is_saved_for_other_programs(client: FlaskClient, form: str, mimetype: str, has: str) -> None:
    html = page(client, "/article/talks")
    assert f'<link rel="alternate" type="{mimetype}" href="/article/talks?format={form}">' in html
    answer = client.get(f"/article/talks?format={form}")
    assert (answer.status_code, answer.mimetype) == (200, mimetype)
    assert has in answer.get_data(as_text=True)


@pytest.mark.parametrize("form", ["csv", "atom", "docx"])
def test_a_form_that_one_article_has_not_is_refused(client: FlaskClient, form: str) -> None:
    assert form in page(client, f"/article/talks?format={form}", 400)


# ---- what programs read ---------------------------------------------------------------------------


def test_the_head_has_dublin_core_highwire_and_open_graph(client: FlaskClient) -> None:
    html = page(client, ASKED)
    assert f'<link rel="canonical" href="{HERE}">' in html
    assert {
        ("DC.title", "中ロ外相が会談、和平案を協議"), ("DC.creator", "山田太郎"), ("DC.creator", "鈴木一郎"),
        ("DC.date", "2024-04-10T18:30:00+09:00"), ("DC.publisher", "見本新聞"), ("DC.language", "ja"),
        ("DC.identifier", "https://news.example/talks"),
        ("citation_title", "中ロ外相が会談、和平案を協議"), ("citation_author", "鈴木一郎"),
        ("citation_publication_date", "2024/04/10"), ("citation_journal_title", "見本新聞"),
        ("citation_fulltext_html_url", "https://news.example/talks"),
    } <= set(metas(html))
    assert {("og:type", "article"), ("og:url", HERE), ("article:section", "国際")} <= set(metas(html, "property"))


def test_the_head_has_the_article_as_schema_org_has_it(client: FlaskClient) -> None:
    html = page(client, "/article/talks")
    (data,) = re.findall('<script type="application/ld\\+json">(.*?)</script>', html)
    found = json.loads(data)
    assert found["@type"] == "NewsArticle"
    assert found["headline"] == "中ロ外相が会談、和平案を協議"
    assert found["datePublished"] == "2024-04-10T18:30:00+09:00"
    assert found["author"] == [{"@type": "Person", "name": "山田太郎"}, {"@type": "Person", "name": "鈴木一郎"}]
    assert (found["url"], found["sameAs"]) == (HERE, "https://news.example/talks")
    assert {"@type": "Country", "name": "中国"} in found["mentions"]
    assert found["keywords"] == ["ウクライナ和平交渉"]


def test_a_title_with_tags_stays_inside_the_head(client: FlaskClient) -> None:
    html = page(client, f"/article/{ODD_ID}")
    (data,) = re.findall('<script type="application/ld\\+json">(.*?)</script>', html)
    assert json.loads(data)["headline"] == f"題名に{EVIL}を含む記事"
    assert dict(metas(html))["DC.title"] == f"題名に{EVIL}を含む記事"
    assert "<script>alert" not in html
    assert "javascript:" not in html


def test_an_article_without_date_and_source_says_nothing_of_them(client: FlaskClient) -> None:
    named = {name for name, _ in metas(page(client, "/article/t-0001"))}
    assert "DC.title" in named
    assert not named & {"DC.date", "DC.publisher", "citation_publication_date", "citation_journal_title"}


def test_paper_has_the_address_and_the_day(client: FlaskClient) -> None:
    (printed,) = re.findall('<p class="printed">(.*?)</p>', page(client, ASKED))
    today = datetime.now(JST).date()
    assert HERE in printed
    assert f"{today.month}月{today.day}日" in printed
    assert "習主席" in printed


# ---- versions -------------------------------------------------------------------------------------


def test_an_article_with_earlier_versions_leads_to_them(client: FlaskClient) -> None:
    assert link(page(client, "/article/g7"), "第2版（変更点）") == "/history/g7"
    assert "/history/" not in page(client, "/article/talks")


def test_what_changed_is_struck_out_and_underlined_and_said_in_words(client: FlaskClient) -> None:
    html = page(client, "/history/g7")
    text = words(html)
    assert text.index("第2版") < text.index("第1版")
    assert "取り込み 2024年（令和6年）5月2日 09:30 （現在の版）" in text
    assert re.findall("<(?:del|ins)><span class=\"unseen\" lang=\"ja\">(..：)</span>(.*?)</(?:del|ins)>", html) == [
        ("追加：", "、和平への支持を確認"), ("削除：", "国際"), ("追加：", "政治"), ("追加：", "広島"),
        ("削除：", f"次は{entities.escape(EVIL, quote=False).replace(chr(34), '&#34;')}で開かれる。"),
    ]


def test_an_earlier_version_can_be_read(client: FlaskClient) -> None:
    html = page(client, link(page(client, "/history/g7"), r"\s*第1版[^§]*?"))
    assert '<h1 lang="ja">G7広島サミットが閉幕</h1>' in html.replace("<wbr>", "")
    assert "これは記事の以前の版です。" in html
    assert link(html, "すべての版") == "/history/g7"


def test_the_json_of_a_history_has_every_version_and_what_changed(client: FlaskClient) -> None:
    found = client.get("/history/g7?format=json").get_json()
    assert found["current"] == 2
    assert [version["number"] for version in found["versions"]] == [1, 2]
    assert found["versions"][0]["changes"] == []
    assert found["versions"][1]["changes"][1] == {
        "what": "changed", "field": "desk",
        "pieces": [{"what": "gone", "text": "国際"}, {"what": "new", "text": "政治"}],
    }


@pytest.mark.parametrize("path", [
    "/history/none", "/history/g7?version=3", "/history/g7?version=0", "/history/g7?version=x",
])
def test_a_version_that_there_is_not_is_not_found(client: FlaskClient, path: str) -> None:
    page(client, path, 404)
