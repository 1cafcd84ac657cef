"""Tables: how one is told, which column is what, and what a broken row costs."""

import io
import json
import os
import random
import unicodedata
from pathlib import Path

import pytest

from indexer.formats import read, read_open, rows, streaming, tables
from indexer.formats.names import known
from indexer.formats.source import Facts
from indexer.raw import RawArticle, Rejection, Where
from indexer.sections import divide

ONE = "中国の習近平指導者とロシアのラブロフ外相が北京で会談し、両国の協力を確認した。"
TWO = "両国は外交政策を一致させてきた長い歴史があり、共同で軍事演習を行ってきた。"
HEADER = "記事ID,日付,見出し,本文,媒体\n"
TABLE = HEADER + f'a1,2024/04/10,首脳が会談,"{ONE}\n{TWO}",見本新聞\na2,2024/04/11,外相が訪日,{ONE},見本新聞\n'


@pytest.fixture
def write(tmp_path):
    def written(content: str | bytes, name: str = "a") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


def found_in(path, **columns):
    return list(read(path, path.name, Facts(columns={name: field for field, name in columns.items()})))


def titles(found):
    return [one.title if isinstance(one, RawArticle) else f"{one.where.line}: {one.why}" for one in found]


# --- telling a table ------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("name", ["記事.csv", "記事.txt", "記事"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp", "iso2022_jp"])
def test_a_table_is_told_by_its_content_in_every_encoding(write, delimiter, name, encoding):
    found = found_in(write(TABLE.replace(",", delimiter).encode(encoding), name))
    assert found == [
        RawArticle(Where(name, 2), title="首脳が会談", body=f"{ONE}\n\n{TWO}", id="a1", published="2024/04/10",
                   source="見本新聞"),
        RawArticle(Where(name, 4), title="外相が訪日", body=ONE, id="a2", published="2024/04/11", source="見本新聞"),
    ]


@pytest.mark.parametrize("line_end", ["\r\n", "\r", "\n"])
def test_lines_end_as_on_any_machine(write, line_end):
    assert titles(found_in(write(TABLE.replace("\n", line_end)))) == ["首脳が会談", "外相が訪日"]


@pytest.mark.parametrize(
    "above",
    ["sep=;\n", "記事一覧（2024年4月）\n\n", "記事一覧;;;;\n作成日: 2024-05-01;;;;\n"],
    ids=["sep", "title", "two"],
)
def test_what_stands_above_the_header_is_no_row(write, above):
    found = found_in(write(above + TABLE.replace(",", ";")))
    assert titles(found) == ["首脳が会談", "外相が訪日"]
    assert found[0].where.line == above.count("\n") + 2


@pytest.mark.parametrize(
    "text",
    [
        f"首脳が会談\n2024-04-10, 見本新聞\n\n{ONE}\n",
        "The leaders, who met in Beijing, agreed.\nThey will, it is said, meet again.\n",
        f"見出し、本文、日付\n\n{ONE}\n",
        f"# 題,本文\n\n{ONE}, {TWO}\n",
        f"| 見出し | 本文 |\n|---|---|\n| 首脳が会談 | {ONE} |\n",
        f"題名, 本文について\n\n{ONE}\n",
        f"---\ntitle: 首脳が会談, 協力を確認\ndate: 2024-04-10\n---\n\n{ONE}\n",
    ],
)
def test_a_text_with_commas_is_no_table(write, text):
    (found,) = found_in(write(text, "a.txt"))
    assert isinstance(found, RawArticle)
    assert ONE[:10] in found.body or "Beijing" in found.body


# --- columns --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "field"),
    [
        *(("記事ID", "id"), ("ＩＤ", "id"), ("掲載日", "published"), ("配信日時", "published")),
        *((" Published_At ", "published"), ("publishedAt", "published"), ("表題", "title"), ("HEADLINE", "title")),
        *(("記事本文", "body"), ("本文２", "body")),
        *(("テキスト", "body"), ("新聞名", "source"), ("紙名", "source"), ("面名", "desk"), ("ジャンル", "desk")),
        *(("執筆者", "authors"), ("記者", "authors"), ("リンク", "url"), ("URL", "url"), ("リード", "lead")),
        *(("朝夕刊", None), ("ページ", None), ("発行部数", None), ("日付なし", None)),
    ],
)
def test_columns_are_known_by_their_names(name, field):
    assert (known(name) or (None,))[0] == field


def one_row(columns, cells):
    content = ",".join(columns) + "\n" + ",".join(f'"{cell}"' for cell in cells) + "\n"
    (found,) = read_open(io.BytesIO(content.encode()), Where("a.csv"))
    return found


@pytest.mark.parametrize(
    ("columns", "cells", "fields"),
    [
        (["見出し", "年", "月", "日"], ["題", "2024", "4", "10"], {"published": "2024年4月10日"}),
        (["見出し", "年", "月", "日"], ["題", "令和6年", "4月", "10日"], {"published": "令和6年4月10日"}),
        (["見出し", "リード", "本文"], ["題", ONE, TWO], {"body": f"{ONE}\n\n{TWO}"}),
        (["見出し", "本文1", "本文2"], ["題", ONE, TWO], {"body": f"{ONE}\n\n{TWO}"}),
        (["見出し", "本文", "本文"], ["題", ONE, TWO], {"body": f"{ONE}\n\n{TWO}"}),
        (["見出し", "要約", "本文"], ["題", ONE, TWO], {"body": TWO, "extra": {"要約": ONE}}),
        (["見出し", "本文", "要約"], ["題", "", TWO], {"body": TWO}),
        (["見出し", "著者"], ["題", "見本太郎、見本花子"], {"authors": ("見本太郎", "見本花子")}),
        (["見出し", "面"], ["題", "1"], {"desk": "1面"}),
        (["見出し", "面名"], ["題", "国際面"], {"desk": "国際"}),
        (["見出し", "朝夕刊", "備考"], ["題", "朝刊", ""], {"extra": {"朝夕刊": "朝刊", "備考": ""}}),
        (["見出し", "備考", "備考"], ["題", "甲", "乙"], {"extra": {"備考": "甲", "備考 (2)": "乙"}}),
        (["ID", "見出し"], ['=""0012""', "題"], {"id": "0012"}),
        (["ID", "見出し", "本文"], ["1", "題", "首相は<b>辞任</b>した。<br>理由は言わなかった。"],
         {"id": "1", "body": "首相は辞任した。\n理由は言わなかった。"}),
    ],
)
def test_a_row_is_an_article(columns, cells, fields):
    assert one_row(columns, cells) == RawArticle(Where("a.csv", 2), title="題", **fields)


def test_a_cell_of_excel_and_a_zero_character_are_read_as_they_were_meant(write):
    content = 'ID,見出し,本文,,\n="0012",題,' + ONE + ",,\n"
    (raw,) = found_in(write(content + "\n" * 70_000 + "\0"))
    assert (raw.id, raw.title, raw.body, raw.extra) == ("0012", "題", ONE, {})


def test_backslashes_escape_quotes_where_the_file_does_it_so(write):
    found = found_in(write(f'id,title,body\n1,"the \\"best\\", they say","{ONE}"\n2,"x","{TWO}"\n'))
    assert titles(found) == ['the "best", they say', "x"]


@pytest.mark.parametrize("name", ["a.csv", "a.txt"])
def test_what_the_user_says_of_columns_comes_first(write, name):
    path = write(f"番号,件,文,見出し\n1,首脳が会談,{ONE},x\n2,外相が訪日,{TWO},y\n", name)
    found = found_in(path, title="件", body="文", id="番号")
    assert [(one.id, one.title, one.body, one.extra) for one in found] == [
        ("1", "首脳が会談", ONE, {"見出し": "x"}), ("2", "外相が訪日", TWO, {"見出し": "y"})
    ]


def test_columns_without_a_header_are_named_by_their_numbers(write):
    path = write(f"1,2024-04-10,首脳が会談,{ONE}\n2,2024-04-11,外相が訪日,{TWO}\n", "a.csv")
    found = found_in(path, title="3", body="4", published="2")
    assert [(one.title, one.body, one.published, one.where.line) for one in found] == [
        ("首脳が会談", ONE, "2024-04-10", 1), ("外相が訪日", TWO, "2024-04-11", 2)
    ]


def test_a_table_of_other_things_says_its_columns_and_how_to_name_them(write):
    (rejection,) = found_in(write("商品,値段,在庫\nりんご,120,3\nみかん,80,12\n", "a.csv"))
    assert rejection == Rejection(
        Where("a.csv"),
        "a table none of whose columns is known as title or text: 商品, 値段, 在庫; say what they are, as in "
        "--map '商品=title'",
    )


# --- broken rows ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("a1,2024,題\n", ["2: 3 cells where the header has 5", "終"]),
        ("a1,2024,題,本,媒,余,計\n", ["2: 7 cells where the header has 5", "終"]),
        ("a1,2024,題,本,媒,,\n", ["題", "終"]),
        ("\n,,,,\n", ["終"]),
        ('a1,2024,"題,本,媒\na2,2024,"二",本,媒\n', ["2: its quotes do not match", "二", "終"]),
        ('a1,2024,題,本,"媒\na2,2024,二,本,媒\na3,2024,"三",本,媒\n', ["2: its quotes do not match", "二", "三", "終"]),
        ('a1,2024,"題"と,本,媒\n', ["2: its quotes do not match", "終"]),
        ('a1,2024,19" の画面,本,媒\n', ['19" の画面', "終"]),
        ('a1,2024,"題","一\n\n二",媒\n', ["題", "終"]),
    ],
)
def test_a_broken_row_costs_only_itself(write, rows, found):
    read_titles = titles(found_in(write(f"{HEADER}{rows}z,2024,終,本,媒\n")))
    assert [title.partition(": a cell")[0] for title in read_titles] == found


def test_a_quote_that_is_never_closed_does_not_swallow_the_rest(write):
    lines = [f"a{number},2024,題{number},{ONE},媒\n" for number in range(3_000)]
    lines[1] = lines[1].replace("題", '"題')
    found = titles(found_in(write(HEADER + "".join(lines))))
    assert len(found) == 3_000
    assert [title for title in found if not title.startswith("題")] == [
        "3: its quotes do not match: a cell begins with a quote and does not end with one"
    ]


def test_a_row_over_the_limit_is_rejected_and_the_rest_goes_on(write, monkeypatch):
    monkeypatch.setattr(rows, "MAX_DOCUMENT_BYTES", 1_000)
    found = titles(found_in(write(f'{HEADER}a1,2024,長,"{"字" * 5_000}",媒\na2,2024,二,本,媒\n')))
    assert found == ["2: the row is over the limit of 0 MiB", "二"]


def test_reading_the_same_lines_again_has_an_end(write, monkeypatch):
    monkeypatch.setattr(rows, "MAX_READ_AGAIN_CHARS", 10_000)
    found = titles(found_in(write(HEADER + "a1,2024,題,本,媒\n" * 20 + 'a","\n' * 2_000)))
    assert found[:20] == ["題"] * 20
    assert "cells from line" in found[-1]
    assert len(found) < 100


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp", "iso2022_jp"])
def test_a_large_table_is_read_piece_by_piece(write, monkeypatch, encoding):
    monkeypatch.setattr(streaming, "DECODED_WHOLE_BYTES", 0)
    monkeypatch.setattr(streaming, "PIECE_BYTES", 1_001)
    monkeypatch.setattr("indexer.formats.source.Source.whole", None)
    lines = "".join(f'a{number},2024,題{number},"{ONE}\r\n{TWO}",媒\r\n' for number in range(1_000))
    found = found_in(write((HEADER.replace("\n", "\r\n") + lines).encode(encoding)))
    assert titles(found) == [f"題{number}" for number in range(1_000)]
    assert all(one.body == f"{ONE}\n\n{TWO}" for one in found)
    assert found[-1].where.line == 2_000


def test_ascii_at_the_beginning_of_a_large_table_says_nothing_about_its_encoding(write):
    lines = "id,title,body\n" + "1,title,body\n" * 200_000 + f"2,首脳が会談,{ONE}\n"
    assert found_in(write(lines.encode("cp932")))[-1].title == "首脳が会談"


def test_rows_are_read_as_they_are_asked_for(write, monkeypatch):
    monkeypatch.setattr(streaming, "DECODED_WHOLE_BYTES", 0)
    found = read(write(TABLE + "a,b,c,d,e\n" * 2_000_000))
    assert [next(found).title, next(found).title] == ["首脳が会談", "外相が訪日"]


def test_a_row_in_another_encoding_is_rejected(write, monkeypatch):
    monkeypatch.setattr(streaming, "DECODED_WHOLE_BYTES", 0)
    other = f"a3,2024,題,{ONE},媒\n".encode("cp932")
    found = titles(found_in(write(TABLE.encode() + other + "a4,2024,四,本,媒\n".encode())))
    assert found == ["首脳が会談", "外相が訪日", "5: not text in the encoding of the rows above", "四"]


@pytest.mark.parametrize("seed", range(40))
def test_no_table_whatever_makes_reading_raise(write, seed):
    chance = random.Random(seed)
    signs = ['"', ",", "\n", "題", "\r", ";", "\t", "本文", "\0", "\\", "=", " ", "\ufeff", "\ud83d\ude00"]
    noise = "".join(chance.choices(signs, k=800)).encode("utf-16", "surrogatepass").decode("utf-16").encode()
    for raw in found_in(write(HEADER.encode() + noise + chance.randbytes(20).replace(b"\0", b""), "a.csv")):
        if isinstance(raw, RawArticle):
            divide(raw)


def test_names_of_columns_are_each_once():
    assert tables._unique(["本文", "本文", "", "本文 (2)"]) == ("本文", "本文 (2)", "3", "本文 (2) (4)")


# --- the judged set -------------------------------------------------------------------------------------

CORPORA = os.environ.get("KIJIGURA_CORPORA")


@pytest.mark.skipif(not CORPORA, reason="KIJIGURA_CORPORA does not name the directory of judged files")
@pytest.mark.parametrize("name", ["csv/sjis.csv", "csv/utf16.tsv", "csv/utf8bom.csv", "jsonl/articles.jsonl"])
def test_every_row_of_the_judged_tables_gives_its_title_date_and_paragraphs(name):
    root = Path(CORPORA) / "ingest"
    expected = [json.loads(line) for line in (root / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
    found = [divide(raw) for raw in read(root / name)]
    assert len(found) == len(expected) == 20
    for article, wanted in zip(found, expected, strict=True):
        text = "\n\n".join(section.text for section in article.sections if section.heading != "出典")
        assert article.id == wanted["id"]
        assert normal(article.title) == normal(wanted["title"])
        assert article.published.at.date().isoformat() == wanted["date"]
        assert [normal(one) for one in text.split("\n\n")] == [normal(one) for one in wanted["paragraphs"]]


def normal(text):
    """Without the difference of full-width and half-width, which some of the files change."""
    return unicodedata.normalize("NFKC", text).strip()
