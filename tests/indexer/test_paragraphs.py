"""Paragraphs come back, however a file breaks its lines; what has line breaks of its own keeps them."""

import json
import os
import random
import re
from pathlib import Path

import pytest

from indexer.formats import text
from indexer.formats.wrapping import columns
from indexer.paragraphs import paragraphs
from indexer.raw import Where

ONE = "中国の習近平指導者とロシアのセルゲイ・ラブロフ外相が北京で会談し、両国の協力を確認した。"
TWO = "両国は外交政策を一致させてきた長い歴史があり、NATOの動きを見ながら、共同で軍事演習を行ってきた。"
THREE = "「停戦に合意する用意がある」と外相は述べ、来月にも首脳会談を開くことを提案したと伝えられている。"
TEXT = [ONE, TWO + THREE, THREE, ONE + TWO + ONE]
SEEDS = Path(__file__).parents[2] / "seeds"

# What an editor keeps together: a word or a number, and the signs that may not begin a line.
TOGETHER = re.compile(r"[「『（(]*(?:[A-Za-z0-9.,'-]+|.)[、。」』）)ー]*")


def with_rules(paragraph, width):
    """Lines of so many columns, as an editor breaks them that knows the rules of Japanese."""
    return _filled(TOGETHER.findall(paragraph), width)


def blindly(paragraph, width):
    """Lines of so many columns, broken anywhere."""
    return _filled(list(paragraph), width)


def _filled(units, width):
    lines = [""]
    for unit in units:
        if lines[-1] and columns(lines[-1] + unit) > width:
            lines.append("")
        lines[-1] += unit
    return [line.rstrip() for line in lines]


@pytest.mark.parametrize("width", [20, 34, 40, 72])
@pytest.mark.parametrize("break_lines", [with_rules, blindly])
def test_lines_of_a_wrapped_text_are_joined_to_its_paragraphs(width, break_lines):
    by_blank_lines = "\n\n".join("\n".join(break_lines(paragraph, width)) for paragraph in TEXT)
    by_indents = "\n".join("\n".join(break_lines(f"　{paragraph}", width)) for paragraph in TEXT)
    assert list(paragraphs(by_blank_lines)) == TEXT
    assert list(paragraphs(by_indents)) == TEXT


@pytest.mark.parametrize("width", [34, 40, 72])
def test_words_in_latin_script_keep_the_space_between_them(width):
    written = f"首相は演説で the United States and the European Union of the free worldの支援に謝意を表した。{TWO}"
    assert list(paragraphs("\n".join(with_rules(written, width)))) == [written]


@pytest.mark.parametrize(
    "block",
    [
        "・経済協力の拡大\n・軍事演習の継続\n・観光の再開",
        "古池や\n蛙飛びこむ\n水の音",
        "〒100-0001\n東京都千代田区千代田1の1\n電話 03-0000-0000",
        "19:00 ニュース\n19:30 国際報道の時間です、今日は北京から\n20:00 天気予報",
        "国　　　人口\n中国　　14億人\nロシア　1億4千万人",
        "1. 経済協力の拡大を進める\n2. 軍事演習を続ける\n3. 観光を再開する",
        "外相は\n会談した。",
    ],
)
def test_lists_verse_tables_and_addresses_keep_their_lines(block):
    assert list(paragraphs(f"{ONE}\n\n{block}\n\n{TWO}")) == [ONE, block, TWO]
    wrapped = "\n".join(with_rules(ONE + TWO, 40))
    assert list(paragraphs(f"{wrapped}\n\n{block}\n\n{wrapped}"))[1] == block


def test_an_item_of_a_list_goes_on_in_the_next_line():
    items = ["・両国の経済協力をエネルギーの分野でも拡大することを確認した", "・軍事演習を来年も続けることで一致した"]
    wrapped = "\n".join(line for paragraph in (ONE, TWO) for line in with_rules(paragraph, 40))
    listed = "\n".join(line for item in items for line in with_rules(item, 40))
    assert list(paragraphs(f"{wrapped}\n\n{listed}"))[-1] == "\n".join(items)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_that_are_whole_sentences_are_paragraphs_of_their_own(end):
    assert list(paragraphs("\n".join(TEXT))) == TEXT
    assert text.parse(end.join(TEXT), Where("a.txt")).body.split("\n") == TEXT


@pytest.mark.parametrize("heading", ["協力の歴史", "■協力の歴史", "「新しい指導者を」"])
def test_a_heading_right_above_its_text_is_a_paragraph_of_its_own(heading):
    assert list(paragraphs(f"{ONE}\n{heading}\n{TWO}\n{THREE}")) == [ONE, heading, TWO, THREE]
    assert list(paragraphs(f"{ONE}\n\n{heading}\n{TWO}")) == [ONE, heading, TWO]


def test_a_list_between_lines_that_are_sentences_stays_together():
    assert list(paragraphs(f"{ONE}\n・経済\n・軍事\n{TWO}")) == [ONE, "・経済\n・軍事", TWO]


def test_a_heading_over_an_indent_is_one_in_wrapped_text_too():
    wrapped = "\n".join([*with_rules(f"　{ONE}", 40), "協力の歴史", *with_rules(f"　{TWO}", 40)])
    assert list(paragraphs(wrapped)) == [ONE, "協力の歴史", TWO]


# --- real articles --------------------------------------------------------------------------------------


def seed_bodies():
    lines = (SEEDS / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["body"] for line in lines]


@pytest.mark.parametrize("width", [20, 34, 40, 72])
@pytest.mark.parametrize("break_lines", [with_rules, blindly])
def test_the_paragraphs_of_the_sample_articles_come_back(width, break_lines):
    for body in seed_bodies():
        wanted = [block for block in body.split("\n\n") if not block.startswith("#")]
        wrapped = "\n\n".join("\n".join(break_lines(paragraph, width)) for paragraph in wanted)
        # COP\n29 looks as of\n29 does, where nothing tells that words were torn.
        spaces = " " if break_lines is blindly else ""
        assert [one.replace(spaces, "") for one in paragraphs(wrapped)] == [one.replace(spaces, "") for one in wanted]


CORPORA = os.environ.get("KIJIGURA_CORPORA")


@pytest.mark.skipif(not CORPORA, reason="KIJIGURA_CORPORA does not name the directory of articles")
@pytest.mark.parametrize("width", [20, 34, 40, 72])
@pytest.mark.parametrize("break_lines", [with_rules, blindly])
def test_nine_paragraphs_of_ten_come_back_from_real_articles(width, break_lines):
    """The rest has signs of lists at a line's beginning, or Latin script without spaces that wrapping tore."""
    lines = (Path(CORPORA) / "wikinews-ja.jsonl").read_text(encoding="utf-8").splitlines()
    wanted = came_back = 0
    for line in random.Random(7).sample(lines, 500):
        original = [block.strip() for block in json.loads(line)["body"].split("\n\n") if block.strip()]
        wrapped = "\n\n".join("\n".join(break_lines(paragraph, width)) for paragraph in original)
        wanted += len(original)
        came_back += len(set(original) & set(paragraphs(wrapped)))
    assert came_back / wanted > 0.9
