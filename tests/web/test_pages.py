"""The pages, over the double of the archive."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from web_client import page, words
from web_double import DoubleKeeper
from web_sample import ARTICLES

from web import create_app

# ---- the first page -------------------------------------------------------------------------------


def test_the_first_page_shows_topics_with_counts_newest_articles_and_facets(client: FlaskClient) -> None:
    text = words(page(client, "/"))
    assert "収蔵記事 49件" in text
    assert "ウクライナ和平交渉 2 件" in text
    assert "新着記事 2024年（令和6年）" in text
    assert "人物 岡田花子 45 件" in text


# ---- results --------------------------------------------------------------------------------------


def test_a_result_shows_where_when_who_and_the_sections_that_answer(client: FlaskClient) -> None:
    html = page(client, "/?q=習主席&lang=ja")
    text = words(html)
    assert "1件" in text
    assert "2024年（令和6年）4月10日 見本新聞 国際 中ロ外相が会談、和平案を協議" in text
    assert "他1箇所" in text
    assert "<mark>習主席</mark>" in html
    asked = quote("習主席")
    assert f'href="/article/talks?q={asked}&amp;lang=ja#s1"' in html
    assert 'href="/entity/person-lavrov?lang=ja"' in html


def test_an_english_page_writes_dates_and_names_in_english_and_says_what_is_japanese(client: FlaskClient) -> None:
    html = page(client, "/?q=習主席&lang=en")
    assert "10 April 2024" in html
    assert ">Xi Jinping</a>" in html
    assert '<span lang="ja">見本新聞</span>' in html
    assert "1 article<" in html


def test_every_condition_is_a_chip_that_takes_only_itself_away(client: FlaskClient) -> None:
    html = page(client, "/?q=習主席 北京&country=CN&desk=国際&from=2024")
    chips = re.search(r'<nav class="conditions".*?</nav>', html, re.S)
    assert chips
    text = words("<body>" + chips[0])
    since = "開始 2024年（令和6年）1月1日"
    for chip in ("語 習主席", "語 北京", "国・地域 中国", "面 国際", since, "すべて外す"):
        assert chip in text
    xi, beijing, desk = quote("習主席"), quote("北京"), quote("国際")
    rest = f"country=CN&amp;desk={desk}&amp;from=2024-01-01"
    assert f'href="/?q={beijing}&amp;{rest}"' in chips[0]
    assert f'href="/?q={xi}&amp;{rest}"' in chips[0]
    assert f'href="/?q={xi}%20{beijing}&amp;country=CN&amp;desk={desk}"' in chips[0]
    assert 'href="/"' in chips[0]


def test_a_query_of_more_than_plain_words_is_one_chip(client: FlaskClient) -> None:
    html = page(client, "/?q=ロシア OR 中国")
    assert len(re.findall(r'<li><a [^>]*><span class="kind">語', html)) == 1


def test_choosing_in_a_facet_keeps_its_other_values_and_puts_the_choice_on_top(client: FlaskClient) -> None:
    html = page(client, "/?desk=国際")
    desk = re.search(r'<section aria-labelledby="facet-desk">.*?</section>', html, re.S)
    assert desk
    assert words("<body>" + desk[0]).startswith("> 面 ✓ 選択中、外す： 国際 1 件 経済 45 件")


def test_a_value_named_in_the_address_by_another_name_can_be_taken_away(client: FlaskClient) -> None:
    html = page(client, "/?person=習主席&desk=国際")
    desk = quote("国際")
    assert html.count(f'href="/?desk={desk}"') >= 2     # on the chip and in the facet
    assert f'href="/?person=person-xi&amp;desk={desk}&amp;format=csv"' in html


def test_a_facet_with_many_values_shows_ten_and_the_rest_on_request() -> None:
    from search.results import FacetValue, ResultPage
    from web.links import Links
    from web.pages.search import search_page
    from web.params import read

    values = tuple(FacetValue(f"p{n}", f"人{n}", 300 - n, n == 200) for n in range(250))
    result = ResultPage("", 9, 1.0, (), {"person": values}, ())
    with create_app(DoubleKeeper()).test_request_context("/"):  # type: ignore[arg-type]
        group = search_page(read([("person", "p200")]), result, (), Links()).facets[0]
    assert [v.label for v in group.chosen] == ["人200"]
    assert len(group.chosen) + len(group.first) == 10
    assert len(group.first) + len(group.chosen) + group.hidden == 250
    assert len(group.more) == 40
    assert not group.is_whole


def test_years_stand_in_order_of_time_with_the_undated_last(client: FlaskClient) -> None:
    html = page(client, "/")
    year = re.search(r'<section aria-labelledby="facet-year">.*?</section>', html, re.S)
    assert year
    labels = re.findall(r'class="label">(.*?)</span>', year[0])
    assert labels == [*(f"{y}年" for y in range(2024, 2017, -1)), "日付なし"]


def test_the_form_keeps_the_other_conditions(client: FlaskClient) -> None:
    html = page(client, "/?q=作柄&desk=経済&from=2020&sort=oldest&size=50&page=2&lang=ja")
    form = re.search(r"<search.*?</search>", html, re.S)
    assert form
    kept = re.findall(r'type="hidden" name="(.*?)" value="(.*?)"', form[0])
    assert kept == [("desk", "経済"), ("from", "2020-01-01"), ("sort", "oldest"), ("size", "50"), ("lang", "ja")]
    assert 'value="作柄"' in form[0]


def test_pages_have_numbers_and_neighbours(client: FlaskClient) -> None:
    html = page(client, "/?q=作柄&page=2")
    asked = quote("作柄")
    assert '<ol class="hits" start="21">' in html
    assert f'<a rel="prev nofollow" href="/?q={asked}">前へ</a>' in html
    assert f'<a rel="next nofollow" href="/?q={asked}&amp;page=3">次へ</a>' in html
    assert '<b aria-current="page"><span class="unseen">ページ </span>2</b>' in html


def test_a_page_past_the_end_is_empty_and_keeps_the_total(client: FlaskClient) -> None:
    text = words(page(client, "/?q=作柄&page=99"))
    assert "記事は全部で45件です" in text
    assert "最初のページへ" in text


@pytest.mark.parametrize("path", ["/?page=0", "/?page=-1", "/?page=abc", "/?size=0", "/?from=きのう", "/?sort=x"])
def test_a_slip_in_the_address_gives_a_page_with_a_plain_note(client: FlaskClient, path: str) -> None:
    assert f"「{path.partition('=')[2]}」" in words(page(client, path))


@pytest.mark.parametrize("path", ["/?page=0", "/?page=abc", "/?from=きのう", "/?to=2024-13", "/?size=99999"])
@pytest.mark.parametrize("form", ["json", "csv", "ris", "atom"])
def test_a_program_is_told_of_a_slip_rather_than_given_other_articles(
    client: FlaskClient, path: str, form: str
) -> None:
    assert client.get(f"{path}&format={form}").status_code == 400


def test_no_hits_say_how_it_was_understood_and_what_to_take_away(client: FlaskClient) -> None:
    text = words(page(client, "/?q=習主席&desk=経済"))
    assert "0件" in text
    assert "習主席 = 人物 習近平" in text
    assert "すべての条件に合う記事はありません。" in text
    assert "面：経済を外す 7件" in text
    assert "条件をすべて外す" in text


def test_a_long_query_is_shown_short_and_searched_whole(client: FlaskClient, keeper: DoubleKeeper) -> None:
    html = page(client, f"/?q={'語' * 300}")
    assert keeper.double.asked[-1].text == "語" * 300
    assert "最初の256字" in html
    assert f"<title>{'語' * 256}… — 記事蔵</title>" in html


def test_an_undated_article_says_so_and_an_inferred_title_is_quieter(client: FlaskClient) -> None:
    html = page(client, "/?q=市場")
    assert "日付なし" in html
    assert '<h3 lang="ja" class="inferred">' in html


# ---- an article, a name, a topic ------------------------------------------------------------------


def test_an_article_has_anchors_contents_marks_names_and_topics(client: FlaskClient) -> None:
    html = page(client, "/article/talks?q=習主席&desk=国際")
    for number in range(5):
        assert f'<section id="s{number}"' in html
    assert 'href="#s1">六年ぶりの会談</a>' in html
    assert "<mark>習氏</mark>" in html
    assert '<time datetime="2024-04-10T18:30:00+09:00">2024年（令和6年）4月10日 18時30分</time>' in html
    assert '<a href="https://news.example/talks" rel="external noopener noreferrer">' in html
    assert 'href="/entity/person-lavrov"' in html
    assert 'href="/topic/peace"' in html
    assert "山田太郎、鈴木一郎" in html
    assert f'href="/?q={quote("習主席")}&amp;desk={quote("国際")}"' in html


def test_an_article_without_a_query_has_no_marks_and_no_way_back(client: FlaskClient) -> None:
    html = page(client, "/article/talks")
    assert "<mark>" not in html
    assert "この検索に戻る" not in html


@pytest.mark.parametrize("article_id", [
    "a/b", "/a", "a/", "a//b", "?", "#s", "%2F", "a b", "日本語", "a\nb", "'\"<>", "...", "a;b=c", "\\",
])
def test_an_article_is_found_by_any_id(keeper: DoubleKeeper, article_id: str) -> None:
    from dataclasses import replace

    keeper.double.articles = [replace(ARTICLES[1], id=article_id)]
    html = page(create_app(keeper).test_client(), f"/article/{quote(article_id, safe='')}")
    assert "G7広島サミットが閉幕" in html


def test_a_name_shows_its_forms_its_company_and_its_articles(client: FlaskClient) -> None:
    html = page(client, "/entity/person-xi")
    text = words(html)
    assert "人物 習近平 Xi Jinping 言及 1件" in text
    assert "習氏 2 2024年4月10日 2024年4月10日" in text
    assert 'href="/entity/person-lavrov"' in html
    # Values of one facet are joined by OR, so the other person stands in the query.
    assert f'href="/?q={quote("人物:セルゲイ・ラブロフ", safe="")}&amp;person=person-xi"' in html
    assert 'href="/?person=person-xi&amp;country=CN"' in html
    assert 'href="/?person=person-xi&amp;from=2024-04-10&amp;to=2024-04-10"' in html


def test_another_name_leads_to_the_page_of_the_name(client: FlaskClient) -> None:
    answer = client.get("/entity/習主席?lang=en")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/entity/person-xi?lang=en"


def test_a_kind_without_a_facet_is_searched_by_its_name(client: FlaskClient) -> None:
    assert f'href="/?q={quote("G7広島サミット")}"' in page(client, "/entity/event-g7")


def test_a_topic_shows_its_query_its_people_and_its_feed(client: FlaskClient) -> None:
    html = page(client, "/topic/peace?lang=en")
    text = words(html)
    assert "Ukraine peace talks ウクライナ和平交渉 Search within 2 articles" in text
    assert "ウクライナ 和平" in text
    assert "Ukraine peace talks and Xi Jinping: 1 article" in text
    assert 'href="/?topic=peace&amp;sort=newest&amp;lang=en&amp;format=atom"' in html


# ---- every page -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "status"), [
    ("/", 200), ("/?q=作柄&page=2", 200), ("/article/talks", 200), ("/entity/person-xi", 200), ("/topic/peace", 200),
    ("/nowhere", 404),
])
@pytest.mark.parametrize(("lang", "label"), [("ja", "検索のしかた"), ("en", "How to search")])
def test_the_help_page_is_one_link_away(client: FlaskClient, path: str, status: int, lang: str, label: str) -> None:
    separator = "&" if "?" in path else "?"
    html = page(client, f"{path}{separator}lang={lang}", status)
    assert f'<a rel="help" href="/help?lang={lang}">{label}</a>' in html
    assert client.get(f"/help?lang={lang}").status_code == 200


@pytest.mark.parametrize(("lang", "says"), [("ja", "もしかして："), ("en", "Did you mean")])
def test_what_may_have_been_meant_is_a_link_that_keeps_the_other_conditions(
    client: FlaskClient, lang: str, says: str
) -> None:
    html = page(client, f"/?q=作がら&desk=経済&off=作がら&page=3&lang={lang}")
    link = f'href="/?q={quote("作柄")}&amp;desk={quote("経済")}&amp;lang={lang}"'
    assert re.search(rf'{says} <a {re.escape(link)}>(<span lang="ja">)?作柄(</span>)?</a>', html)
