"""Readings over characters: from marks in the text to places in it, and never a character lost."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.formats import jsonlines, markdown, text
from indexer.raw import RUBY, RawArticle, Where
from indexer.records import as_record
from indexer.ruby import mark, tidy
from indexer.sections import divide
from search.articles import TITLE, Ruby, Section

HERE = Where("a.jsonl")
LONG = "両国は外交政策を一致させてきた長い歴史があり、共同で軍事演習を行ってきた。"
PREMIER = mark("首相", "しゅしょう")


def article(body="", **fields):
    return divide(RawArticle(HERE, body=body, **fields))


def test_readings_stand_over_the_final_text_of_each_part():
    found = article(
        f"　{PREMIER}は帰国した。 \n　{LONG}\n\n{mark('背景', 'はいけい')}\n\n{LONG}", title=f"　{PREMIER}が帰国",
        captions=(f"帰国した{PREMIER}",),
    )
    assert found.title == "首相が帰国"
    assert found.sections == (
        Section(None, f"首相は帰国した。\n\n{LONG}"),
        Section("背景", LONG),
        Section(None, "帰国した首相", is_captions=True),
    )
    assert found.ruby == (
        Ruby(TITLE, False, 0, 2, "しゅしょう"), Ruby(0, False, 0, 2, "しゅしょう"), Ruby(1, True, 0, 2, "はいけい"),
        Ruby(2, False, 4, 6, "しゅしょう"),
    )


@pytest.mark.parametrize(
    ("written", "read_as", "readings"),
    [
        ("\ufff9首相\ufffaしゅしょう\ufffbは", "首相は", ["しゅしょう"]),
        ("\ufff9首相\ufffa\ufffbは", "首相は", []),                       # no reading
        ("a\ufff9\ufffaしゅしょう\ufffbは", "aは", []),                   # a reading over nothing
        ("\ufff9首相は", "首相は", []),
        ("首相\ufffaは\ufffb帰国", "首相は帰国", []),
        ("\ufff9首\ufff9相\ufffaしょう\ufffb\ufffaは\ufffb", "首相は", ["しょう"]),
        ("\ufff9 首相 \ufffa しゅ\tしょう \ufffbは", "首相 は", ["しゅ しょう"]),
        ("\ufff9首\n\n相\ufffaしゅ\ufffbは", "首\n\n相しゅは", []),        # no mark goes over paragraphs
    ],
)
def test_marks_that_are_not_whole_go_and_the_text_stays(written, read_as, readings):
    found = article(written)
    assert found.sections[0].text == read_as
    assert [one.reading for one in found.ruby] == readings


@given(st.text(alphabet="首相 \n\ufff9\ufffa\ufffbし。", max_size=30))
def test_signs_by_accident_are_harmless(written):
    found = article(written, title="題")
    parts = [part.text for part in found.parts()]
    assert not set(RUBY) & set("".join(parts))
    assert all(0 <= one.start < one.end <= max(map(len, parts)) for one in found.ruby)
    # Readings are beside the text, and nothing else is missing.
    shown = "".join([*parts, *(one.reading for one in found.ruby)])
    tidied = tidy(written).translate(dict.fromkeys(map(ord, RUBY)))
    assert len("".join(shown.split())) == len("".join(tidied.split())) + len("題")


@pytest.mark.parametrize(
    ("written", "read_as", "over"),
    [
        ("岸田の首相《しゅしょう》は", "岸田の首相は", [("首相", "しゅしょう")]),
        ("｜岸田首相《きしだしゅしょう》は", "岸田首相は", [("岸田首相", "きしだしゅしょう")]),
        ("|NATO《ナトー》は", "NATOは", [("NATO", "ナトー")]),
        ("志《こころざし》", "志", [("志", "こころざし")]),
        ("首相が帰国《共同》", "首相が帰国《共同》", []),
        ("首相が帰国《北京時事》", "首相が帰国《北京時事》", []),
        ("映画《となりのトトロ》を", "映画《となりのトトロ》を", []),
        ("歌《ふるさとのそらはるか》を", "歌《ふるさとのそらはるか》を", []),       # eleven kana to one character
        ("という《さくら》を", "という《さくら》を", []),
        ("岸田文雄（きしだふみお）氏", "岸田文雄（きしだふみお）氏", []),
    ],
)
def test_plain_text_has_readings_as_aozora_bunko_writes_them(written, read_as, over):
    found = article(f"{written}来日した。")
    text = found.sections[0].text
    assert text == f"{read_as}来日した。"
    assert [(text[one.start : one.end], one.reading) for one in found.ruby] == over


@pytest.mark.parametrize(
    "written",
    [
        "{首相|しゅしょう}は来日した。",
        "<ruby>首相<rt>しゅしょう</rt></ruby>は来日した。",
        "<ruby><rb>首相</rb><rp>（</rp><rt>しゅしょう</rt><rp>）</rp></ruby>は来日した。",
        "**{首相|しゅしょう}**は来日した。",
    ],
)
def test_markdown_has_readings_too(written):
    found = divide(markdown.parse(f"---\ntitle: 題\n---\n{written}", HERE))
    assert found.sections[0].text == "首相は来日した。"
    assert found.ruby == (Ruby(0, False, 0, 2, "しゅしょう"),)


def test_a_reading_for_each_character_in_markdown():
    found = divide(markdown.parse("---\ntitle: '{首相|しゅ|しょう}'\n---\n{a|b}と`{首相|しゅしょう}`。", HERE))
    assert found.title == "首相"
    assert found.ruby == (Ruby(TITLE, False, 0, 1, "しゅ"), Ruby(TITLE, False, 1, 2, "しょう"))
    assert found.sections[0].text == "{a|b}と{首相|しゅしょう}。"


def test_what_is_exported_reads_back_with_its_readings_credits_captions_and_inferred_date():
    raw = text.parse(
        f"首相が帰国\n\n【ワシントン共同】{PREMIER}は停戦に\n合意した。\n\n■{PREMIER}の背景\n\n{LONG}（山田太郎）\n\n【写真】{PREMIER}",
        Where("archive/2024-04-10.txt"),
    )
    first = divide(raw)
    assert (len(first.ruby), len(first.credits), first.sections[-1].is_captions) == (3, 2, True)
    assert first.published.is_inferred
    record = json.loads(json.dumps(as_record(first)))
    assert divide(jsonlines.parse(record, Where("export.jsonl"))) == first


@pytest.mark.parametrize(
    "row", [[0, False, 0, 99, "x"], [0, False, 2, 2, "x"], [0, False, -1, 2, "x"], [5, False, 0, 1, "x"],
            [0, True, 0, 1, "x"], [-1, True, 0, 1, "x"], [-2, False, 0, 1, "x"], [0, False, 0, 2, ""]],
)
def test_a_reading_over_nothing_is_dropped_from_an_export(row):
    record = {"id": "a", "title": "題", "sections": [{"heading": None, "text": "首相は帰国した。"}], "ruby": [row]}
    assert divide(jsonlines.parse(record, HERE)).ruby == ()
