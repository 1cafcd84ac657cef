"""Text files: several articles in one, parted by rules or labelled by a database."""

import pytest

from indexer.decoding import decode
from indexer.formats import markdown, read, text
from indexer.raw import RawArticle, Where
from indexer.sections import divide
from search.articles import Section

HERE = Where("a.txt")
ONE = "中国の習近平指導者とロシアのラブロフ外相が北京で会談し、両国の協力を確認した。"
TWO = "両国は外交政策を一致させてきた長い歴史があり、共同で軍事演習を行ってきた。"


def outlines(written):
    return [(raw.where.line, raw.title, raw.published, raw.body) for raw in text.parse_all(written, HERE)]


@pytest.mark.parametrize("rule", ["----", "--------------------", "＝＝＝＝＝", "◇◇◇", "* * *", "━━━━━━", "＊＊＊"])
def test_rules_part_articles_that_have_a_title_each(rule):
    written = f"首脳が会談\n2024-04-10 見本新聞\n\n{ONE}\n\n{rule}\n\n地震で津波\n2024-04-11\n\n{TWO}\n{rule}\n"
    assert outlines(written) == [(1, "首脳が会談", "2024-04-10", ONE), (8, "地震で津波", "2024-04-11", TWO)]


@pytest.mark.parametrize(
    "written",
    [
        f"首脳が会談\n\n{ONE}\n\n◇◇◇\n\n{TWO}",                     # a rule within an article
        f"首脳が会談\n\n{ONE}\n\n----\n\n見本新聞社\n\n東京都千代田区",   # an imprint
        f"----\n\n首脳が会談\n\n{ONE}",
    ],
)
def test_rules_part_nothing_else(written):
    ((line, _, _, body),) = outlines(written)
    assert line is None
    assert ONE in body


LABELLED = f"""\
【見出し】首脳が会談
【日付】2024年4月10日
【媒体】見本新聞
【面名】国際
【著者】山田太郎、佐藤花子
【本文】
　{ONE}
　{TWO}
【文字数】1234
----------------
【見出し】
地震で津波
【日付】2024年4月11日
【媒体】見本新聞
【本文】{TWO}

出典：気象庁の発表による。
"""


def test_a_database_labels_the_parts_of_each_article():
    first, second = text.parse_all(LABELLED, HERE)
    assert first == RawArticle(
        Where("a.txt", 1), title="首脳が会談", body=f"　{ONE}\n　{TWO}", published="2024年4月10日", source="見本新聞",
        desk="国際", authors=("山田太郎", "佐藤花子"), extra={"文字数": "1234"},
    )
    assert (second.where.line, second.title) == (11, "地震で津波")
    assert second.body == f"{TWO}\n\n出典：気象庁の発表による。"
    assert divide(first).sections == (Section(None, f"{ONE}\n\n{TWO}"),)


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_a_file_of_labelled_articles_is_read_whole(tmp_path, encoding):
    path = tmp_path / "a.txt"
    path.write_bytes(LABELLED.replace("\n", "\r\n").encode(encoding))
    assert [raw.title for raw in read(path)] == ["首脳が会談", "地震で津波"]
    assert decode(path.read_bytes())


def test_labels_may_have_colons_and_the_text_none():
    written = f"見出し：首脳が会談\n日付：2024-04-10\n\n{ONE}\n\n{TWO}\n\n見出し：地震\n日付：2024-04-11\n本文：{TWO}\n"
    assert outlines(written) == [(1, "首脳が会談", "2024-04-10", f"{ONE}\n\n{TWO}"), (8, "地震", "2024-04-11", TWO)]


def test_an_id_may_lead_each_article():
    written = f"記事ID：123\n見出し：会談\n本文：{ONE}\n記事ID：124\n見出し：地震\n本文：{TWO}"
    assert [(raw.id, raw.title, raw.body) for raw in text.parse_all(written, HERE)] == [
        ("123", "会談", ONE), ("124", "地震", TWO),
    ]


def test_a_label_above_a_single_article_names_its_title():
    assert outlines(f"見出し＝首脳が会談\n\n{ONE}\n\n記者：なぜですか。\n\n{TWO}") == [
        (None, "首脳が会談", None, f"{ONE}\n\n記者：なぜですか。\n\n{TWO}")
    ]


@pytest.mark.parametrize(
    "written", [f"記者：なぜですか。\n\n{ONE}", f"出典：見本新聞\n\n{ONE}", f"日付：不明\n\n{ONE}"]
)
def test_a_text_without_a_labelled_title_has_no_labels(written):
    (raw,) = text.parse_all(written, HERE)
    assert f"{raw.title or ''}{raw.body}".replace("\n", "") == written.replace("\n", "")


def test_markdown_without_front_matter_has_date_source_and_desk_below_its_title():
    raw = markdown.parse(f"# 首脳が会談\n\n2024年4月10日 見本新聞 国際面\n\n{ONE}", HERE)
    assert (raw.title, raw.published, raw.source, raw.desk, raw.body) == (
        "首脳が会談", "2024年4月10日", "見本新聞", "国際", ONE,
    )


@pytest.mark.parametrize("key", ["date", "publishDate", "pubDate", "created"])
def test_front_matter_may_call_its_date_as_site_generators_do(key):
    assert markdown.parse(f"---\ntitle: 題\n{key}: 2024-04-10\n---\n{ONE}", HERE).published == "2024-04-10"
