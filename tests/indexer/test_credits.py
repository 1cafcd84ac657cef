"""Credits at both ends of a text: taken as written where they can be nothing else, and left in doubt."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.credits import take_caption_credits
from indexer.raw import RawArticle, Where
from indexer.sections import divide
from search.articles import Section

HERE = Where("a.txt")
ONE = "首相は停戦に合意したと述べた。"
TWO = "両国は外交政策を一致させてきた長い歴史がある。"


def article(body, **fields):
    return divide(RawArticle(HERE, title="題", body=body, **fields))


def text_of(found):
    return "\n\n".join(section.text for section in found.sections)


@pytest.mark.parametrize(
    ("credit", "authors"),
    [
        ("【ロンドン=時事】", ()),
        ("【ワシントン共同】", ()),
        ("【北京・上海共同】", ()),
        ("【北京＝山田太郎】", ("山田太郎",)),
        ("【ワシントン＝山田太郎、佐藤花子】", ("山田太郎", "佐藤花子")),
        ("【ワシントン＝見本太郎】", ("見本太郎",)),
        ("【ニューヨーク＝ジョン・スミス】", ("ジョン・スミス",)),
        ("【キーウ時事】", ()),
        ("【平壌共同】", ()),
        ("【モスクワ=共同】", ()),
        ("［ロンドン　１０日　ロイター］", ()),
        ("［ロンドン　１０日　ロイター］　－　", ()),
        ("[東京 10日 ロイター] － ", ()),
        ("（ワシントン中央社）", ()),
        ("【新華社北京4月10日】", ()),
        ("【4月10日 AFP】", ()),
        ("【4月10日 AFP＝時事】", ()),
        ("(CNN)", ()),
        ("（CNN） ", ()),
        ("＜ソウル聯合ニュース＞", ()),
        ("【ソウル聯合ニュース】", ()),
    ],
)
@pytest.mark.parametrize("below", ["", "\n\n"])
def test_a_credit_that_opens_a_text_is_taken_out_as_written(credit, authors, below):
    found = article(f"{credit}{below}{ONE}\n\n{TWO}")
    assert text_of(found) == f"{ONE}\n\n{TWO}"
    assert found.credits == (" ".join(credit.split()),)
    assert found.authors == authors


@pytest.mark.parametrize(
    ("credit", "authors"),
    [
        ("（共同）", ()),
        ("（時事）", ()),
        ("（ロイター）", ()),
        ("（AFP）", ()),
        ("（朝日新聞）", ()),
        ("（山田太郎）", ("山田太郎",)),
        ("（山田　太郎）", ("山田太郎",)),
        ("（岡崎敬貴）", ("岡崎敬貴",)),
        ("（山田太郎、佐藤花子）", ("山田太郎", "佐藤花子")),
        ("【山田太郎、鈴木一郎】", ("山田太郎", "鈴木一郎")),
        ("（ニューヨーク=山田太郎）", ("山田太郎",)),
        ("（北京・見本太郎）", ("見本太郎",)),
        ("（ワシントン支局・山田太郎）", ("山田太郎",)),
        ("（山田太郎記者）", ("山田太郎",)),
        ("（聞き手・山田太郎）", ("山田太郎",)),
        ("（文・山田太郎、写真・佐藤花子）", ("山田太郎",)),
        ("（取材・文＝見本太郎）", ("見本太郎",)),
        ("取材・文＝見本太郎", ("見本太郎",)),
        ("（翻訳・編集　山田太郎）", ()),
        ("（写真＝ロイター）", ()),
        ("= 見本太郎記者", ("見本太郎",)),
        ("＝共同", ()),
        ("(c)AFP", ()),
        ("(c)AFP/Ryan MCMORROW", ()),
        ("© 見本新聞社", ()),
    ],
)
def test_a_credit_that_closes_a_text_is_taken_out_and_the_full_stop_stays(credit, authors):
    own_paragraph = article(f"{TWO}\n\n{ONE}\n\n{credit}")
    assert text_of(own_paragraph) == f"{TWO}\n\n{ONE}"
    assert own_paragraph.credits == (" ".join(credit.split()),)
    assert own_paragraph.authors == authors
    if not credit.startswith("取材"):
        behind = article(f"{TWO}\n\n{ONE}{credit}")
        assert (text_of(behind), behind.credits) == (text_of(own_paragraph), own_paragraph.credits)


@pytest.mark.parametrize(
    "line",
    [
        "見本太郎記者", "ワシントン＝見本太郎", "無断転載禁止", "本記事・写真の無断転載を禁じます。", "写真＝ロイター",
        "Copyright 2024 Mihon Shimbun. All rights reserved.", "ロイター",
    ],
)
def test_a_line_of_its_own_at_the_end_may_be_a_credit(line):
    found = article(f"{TWO}\n\n{ONE}\n\n{line}")
    assert (text_of(found), found.credits) == (f"{TWO}\n\n{ONE}", (line,))


@pytest.mark.parametrize(
    "mark",
    [
        *("【速報】", "【解説】", "【独自】", "【ウクライナ情勢】", "【写真】", "【図解】", "【社会】"),
        *("【インタビュー】", "（笑）", "（中略）", "（後略）", "（仮称）", "（前年比3%増）", "（敬称略）"),
        *("（つづく）", "（おわり）", "（上）", "（東京）", "（石川県）", "（大阪市）", "（三重県）"),
        *("（高雄市）", "（難波宮）", "（高知商）", "（美濃地方）", "（平和）", "（森林）", "（南北）"),
        *("（元近鉄）", "（山口組）", "（中村屋）", "（松本市）", "（千葉県警）", "（田中）", "【男女共同】"),
        *("【日米共同】", "【官民共同】", "【アジア共同】", "【東京＝大阪間】", "【ロシア＝ウクライナ】"),
        *("（ジャン＝ポール・サルトル）", "（ニューヨーク・タイムズ）", "（写真・左）", "（文・宗教担当）"),
        *("（c）その他", "（岸田政権）", "（岸田派）", "（安倍首相）", "（本社調べ）", "（原文ママ）"),
        *("（年齢は当時）", "（日本時間）"),
    ],
)
def test_what_only_looks_like_a_credit_stays(mark):
    bodies = (f"{mark}{ONE}\n\n{TWO}", f"{TWO}\n\n{ONE}{mark}", f"{TWO}\n\n{ONE}\n\n{mark}", f"{mark}\n\n{ONE}")
    for body in bodies:
        found = article(body)
        assert (found.credits, found.authors) == ((), ())
        assert mark in text_of(found)


@pytest.mark.parametrize(
    "body",
    [
        f"{ONE}（共同）{TWO}",                       # in the middle of a paragraph
        f"{ONE}\n\n（共同）\n\n{TWO}",               # between two of one section
        f"{TWO}\n\n停戦に合意した（共同）",              # within a sentence
        f"{TWO}\n\n（共同）は停戦を伝えた。",
        f"{ONE}\n\n【ワシントン共同】{TWO}",
    ],
)
def test_in_the_middle_of_a_text_nothing_is_a_credit(body):
    found = article(body)
    assert (found.credits, text_of(found)) == ((), body)


def test_several_credits_keep_their_order():
    found = article(f"【4月10日 AFP】{ONE}\n\n{TWO}（山田太郎）（共同）\n\n(c)AFP\n\n無断転載禁止")
    assert text_of(found) == f"{ONE}\n\n{TWO}"
    assert found.credits == ("【4月10日 AFP】", "（山田太郎）", "（共同）", "(c)AFP", "無断転載禁止")


def test_a_credit_right_above_a_heading_is_one():
    found = article(f"{ONE}\n\n（山田太郎）\n\n## 背景\n\n{TWO}（共同）")
    assert found.sections == (Section(None, ONE), Section("背景", TWO))
    assert found.credits == ("（山田太郎）", "（共同）")


def test_what_a_source_says_itself_goes_first_and_its_authors_are_all():
    found = article(f"{ONE}（山田太郎）", credits=("【北京共同】",), authors=("佐藤花子",))
    assert (found.credits, found.authors) == (("【北京共同】", "（山田太郎）"), ("佐藤花子",))


def test_an_article_is_never_nothing_but_its_credits():
    assert text_of(article("（共同）")) == "（共同）"


PIECES = st.sampled_from([
    *(ONE, TWO, "（共同）", "【ワシントン共同】", "（山田太郎）", "見本太郎記者", "(c)AFP", "無断転載禁止"),
    *("【速報】", "＝共同", "［東京　10日　ロイター］　－　", "写真＝", "## 背景", "（笑）", "停戦"),
    *("\n\n", "\n", "　", " ", "＝", "（", "）", "【", "】"),
])


@given(st.lists(PIECES, max_size=8).map("".join))
def test_credits_and_text_hold_every_character_of_the_source(body):
    found = article(body)
    if "related" in found.extra:
        return
    kept = [*found.credits, *(section.heading or "" for section in found.sections), text_of(found)]
    assert sorted("".join("".join(kept).split()).replace("#", "")) == sorted("".join(body.split()).replace("#", ""))


CORPORA = os.environ.get("KIJIGURA_CORPORA")


@pytest.mark.skipif(not CORPORA, reason="KIJIGURA_CORPORA does not name the directory of articles")
@pytest.mark.parametrize("collection", ["wikinews-ja.jsonl", "newscope-intl.jsonl"])
def test_nothing_is_taken_out_of_texts_that_have_no_credits(collection):
    """Their publishers left credits out, so each that is found is none."""
    records = map(json.loads, (Path(CORPORA) / collection).read_text(encoding="utf-8").splitlines())
    taken = [found.credits for record in records if (found := article(record["body"])).credits]
    assert taken == []


@pytest.mark.parametrize(("caption", "left", "credits"), [
    ("握手する両首脳＝10日、北京（ロイター）", "握手する両首脳＝10日、北京", ["（ロイター）"]),
    ("会談に臨むプーチン大統領（右）", "会談に臨むプーチン大統領（右）", []),       # who stands where is no credit
    ("首相官邸＝共同", "首相官邸", ["＝共同"]),
    ("握手する両首脳＝北京", "握手する両首脳＝北京", []),
    ("（ロイター）", "（ロイター）", []),           # nothing would be left
])
def test_who_took_a_picture_is_a_credit_and_no_place(caption: str, left: str, credits: list[str]) -> None:
    kept, found = take_caption_credits([caption])
    assert (kept, [credit.text for credit in found]) == ([left], credits)
