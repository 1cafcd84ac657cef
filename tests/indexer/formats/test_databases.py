"""Articles as databases, CD-ROMs and collections of texts write them: every part in its place."""

import io

import pytest

from indexer.formats import read_open
from indexer.raw import Rejection, Where
from indexer.sections import divide

ONE = "見本市は１０日、駅前の広場を緑地にすると発表した。"
TWO = "工事は来年の春に始まる。"
BODY = f"{ONE}\n\n{TWO}"
OTHER = "両首脳は１１日、見本市で会談した。"


def articles(content, name="a.txt", encoding="utf-8"):
    found = list(read_open(io.BytesIO(content.encode(encoding)), Where(name)))
    return [one if isinstance(one, Rejection) else divide(one) for one in found]


def outlines(content, **how):
    return [
        (one.title, one.published and one.published.at.date().isoformat(), one.source, one.desk, one.body())
        for one in articles(content, **how)
    ]


EXPECTED = [
    ("駅前広場を緑地に", "2024-04-10", "見本新聞", "社会", BODY),
    ("首脳が会談", "2024-04-11", "見本新聞", "国際", OTHER),
]


@pytest.mark.parametrize(
    "written",
    [
        # the line of the print below each title, and a sign or a number before it
        f"◇　駅前広場を緑地に\n2024/04/10　見本新聞　朝刊　社会面　1ページ　1234文字　写図有\n\n　{ONE}\n　{TWO}\n\n"
        f"◇　首脳が会談\n2024/04/11　見本新聞　夕刊　国際面　3ページ　234文字　PDF有\n\n　{OTHER}\n",
        f"1. 駅前広場を緑地に\n2024.04.10　見本新聞　東京朝刊　社会　35頁　（全1234字）\n\n　{ONE}\n　{TWO}\n\n"
        f"2. 首脳が会談\n2024.04.11　見本新聞　東京夕刊　国際　1頁　（全234字）\n\n　{OTHER}\n",
        # the same above it
        f"2024年04月10日　朝刊　社会　1ページ　1,234文字　見本新聞\n\n駅前広場を緑地に\n\n　{ONE}\n　{TWO}\n\n"
        f"2024年04月11日　夕刊　国際　9ページ　234文字　見本新聞\n\n首脳が会談\n\n　{OTHER}\n",
        # labels with nothing but spaces after them
        f"見出し　　駅前広場を緑地に\n発行日　　2024年04月10日\n媒体名　　見本新聞　朝刊\n面名　　　社会面\n"
        f"本文\n　{ONE}\n　{TWO}\n\n"
        f"見出し　　首脳が会談\n発行日　　2024年04月11日\n媒体名　　見本新聞　夕刊\n面名　　　国際面\n"
        f"本文\n　{OTHER}\n",
    ],
)
def test_a_database_says_when_and_where_each_article_was_printed(written):
    assert outlines(written) == EXPECTED


def test_what_a_database_says_of_the_print_is_kept():
    written = f"駅前広場を緑地に\n2024年4月10日　朝刊　社会　35ページ　写図有　1234文字　見本新聞社\n\n　{ONE}\n"
    (one,) = articles(written)
    assert (one.source, one.desk) == ("見本新聞社", "社会")
    assert one.extra == {"ページ": "35ページ", "注記": "写図有", "文字数": "1234文字", "朝夕刊": "朝刊"}


@pytest.mark.parametrize("line", ["2024年4月10日は晴れた", "2024年4月10日 朝刊で読んだ 話 を して みる"])
def test_a_sentence_that_begins_with_a_date_is_no_such_line(line):
    (one,) = articles(f"{line}\n\n{ONE}\n\n{line}\n\n{TWO}\n")
    assert ONE in one.body()
    assert TWO in one.body()


def test_words_of_a_text_are_no_labels_without_a_colon():
    written = f"見出し　会談\n日付　2024-04-10\n本文\n　{ONE}\n\n写真　をとる人がいた。\n"
    assert outlines(written) == [("会談", "2024-04-10", None, None, f"{ONE}\n\n写真　をとる人がいた。")]


def test_an_address_and_a_date_may_stand_above_the_title():
    written = f"http://mihon.example/1/\n2012-02-19T13:00:00+0900\n駅前広場を緑地に【話題】\n　{ONE}\n\n　{TWO}\n"
    (one,) = articles(written)
    assert (one.url, one.title, one.body()) == ("http://mihon.example/1/", "駅前広場を緑地に【話題】", BODY)
    assert one.published.at.isoformat() == "2012-02-19T13:00:00+09:00"


CD_ROM = f"""＼ＩＤ＼００００１０
＼Ｃ０＼０７０１０１０１０
＼ＡＤ＼４１
＼Ｓ１＼　　　　’０７．１．１　朝刊　２９頁　社会　写図有　（全２５００字）
＼Ｔ１＼駅前広場：緑地に
＼Ｔ２＼　{ONE}
＼Ｔ２＼　{TWO}
＼ＫＷ＼広場
＼ＫＷ＼緑地
＼ＩＤ＼００００２０
＼Ｃ０＼０７０１０２０２０
＼Ｔ１＼首脳が会談
＼Ｔ２＼　{OTHER}
"""


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "euc_jp"])
def test_a_newspapers_cd_rom_has_a_tag_before_each_part(encoding):
    first, second = articles(CD_ROM, encoding=encoding)
    assert (first.id, first.title, first.desk, first.body()) == ("070101010", "駅前広場：緑地に", "社会", BODY)
    assert [one.published.at.date().isoformat() for one in (first, second)] == ["2007-01-01", "2007-01-02"]
    assert first.extra == {
        "通し番号": "００００１０", "面種コード": "４１", "keywords": ["広場", "緑地"],
        "朝夕刊": "朝刊", "ページ": "29", "文字数": "2500",
    }
    assert (second.id, second.title, second.body()) == ("070102020", "首脳が会談", OTHER)


def test_an_articles_number_may_begin_with_a_year_of_four_digits():
    written = "".join(f"＼Ｃ０＼２０１５０１０{day}００１\n＼Ｔ１＼題\n＼Ｔ２＼　{ONE}\n" for day in "１２")
    assert [one.published.at.date().isoformat() for one in articles(written)] == ["2015-01-01", "2015-01-02"]


def test_a_text_with_backslashes_is_no_cd_rom():
    (one,) = articles(f"\\T1\\\n\n{ONE}")
    assert ONE in one.body()


SGML = f"""<DOC>
<DOCNO>JA-980101001</DOCNO>
<SECTION>社会</SECTION>
<HEADLINE>駅前広場を緑地に</HEADLINE>
<DATE>1998-01-01</DATE>
<TEXT>
<P>{ONE}</P>
<P>{TWO}</P>
</TEXT>
</DOC>
<DOC>
<DOCNO>JA-980101002</DOCNO>
<HEADLINE>首脳が会談</HEADLINE>
<DATE>1998-01-02</DATE>
<TEXT>
　{OTHER}
　Ａ&Ｂ社と<速報>もあった。
</TEXT>
</DOC>
"""


def test_a_collection_of_texts_in_sgml_has_its_documents_side_by_side():
    first, second = articles(SGML, encoding="euc_jp")
    assert (first.id, first.title, first.desk, first.body()) == ("JA-980101001", "駅前広場を緑地に", "社会", BODY)
    assert (second.id, second.body()) == ("JA-980101002", f"{OTHER}\n\nＡ&Ｂ社と<速報>もあった。")
    assert second.published.at.date().isoformat() == "1998-01-02"


@pytest.mark.parametrize(
    "written",
    [
        "<newsdata><title>配信</title><date>2024-04-12</date>{}</newsdata>".format(
            f'<article id="a1"><headline>駅前広場を緑地に</headline><date>2024-04-10</date><category>社会</category>'
            f"<source>見本新聞</source><body><p>{ONE}</p><p>{TWO}</p></body></article>"
            f'<article id="a2"><headline>首脳が会談</headline><date>2024-04-11</date><category>国際</category>'
            f"<source>見本新聞</source><body>{OTHER}</body></article>"
        ),
        "<記事一覧>{}</記事一覧>".format(
            f"<記事><見出し>駅前広場を緑地に</見出し><掲載日>2024年4月10日</掲載日><面名>社会</面名><媒体>見本新聞</媒体>"
            f"<本文>　{ONE}\n　{TWO}</本文></記事>"
            f"<記事><見出し>首脳が会談</見出し><掲載日>2024年4月11日</掲載日><面名>国際</面名><媒体>見本新聞</媒体>"
            f"<本文>&lt;p&gt;{OTHER}&lt;/p&gt;</本文></記事>"
        ),
    ],
)
def test_xml_of_any_kind_is_read_where_its_elements_have_the_names_of_columns(written):
    declared = f'<?xml version="1.0" encoding="UTF-8"?>{written}'
    assert outlines(declared, name="a.xml") == EXPECTED


def test_xml_without_such_names_is_turned_away():
    written = '<?xml version="1.0"?><list><person><title>部長</title><age>40</age></person></list>'
    (one,) = articles(written, name="a.xml")
    assert isinstance(one, Rejection)
    assert "<list>" in one.why
