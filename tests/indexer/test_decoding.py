"""Bytes to text: every encoding of Japanese archives, right and wrong declarations, broken bytes."""

import codecs
import random

import pytest

from indexer.decoding import Undecodable, decode

SENTENCES = [
    "日本の首相が辞任を表明した。",
    "ロシアのラブロフ外相",
    "見出し",
    "東京都知事",              # no kana to tell by
    "「①案」は㈱高島屋が～",      # only in the encoding of Windows
]
LONG = "北京での中国の習近平指導者とロシアのラブロフ外相の会談は、両国間の重要性を浮き彫りにした。" * 5


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp932"])
def test_text_comes_back_whatever_encoding_it_was_kept_in(sentence, encoding):
    assert decode(sentence.encode(encoding)) == sentence


@pytest.mark.parametrize("sentence", SENTENCES[:4])
@pytest.mark.parametrize("encoding", ["euc_jp", "iso2022_jp"])
def test_text_comes_back_from_the_encodings_of_unix_and_mail(sentence, encoding):
    assert decode(sentence.encode(encoding)) == sentence


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE, codecs.BOM_UTF32_LE])
def test_a_byte_order_mark_is_believed_and_dropped(mark):
    encoding = {2: "utf-16-be"}.get(len(mark), "utf-32-be" if mark == codecs.BOM_UTF32_BE else "utf-32-le")
    assert decode(mark + "記事".encode(encoding)) == "記事"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xad\xa1\xc8\xd6\xa4\xce\xb5\xad\xbb\xf6\xa4\xc7\xa4\xb9", "①番の記事です"),   # NEC's row 13
        (b"\xfc\xe2\xb6\xb6\xa4\xb5\xa4\xf3\xa4\xce\xcf\xc3", "髙橋さんの話"),             # IBM's rows
        (b"\x1b$B-!HV$N5-;v\x1b(B", "①番の記事"),
        (b"\x1b$B5-;v\x1b(I1\x1b(B", "記事ｱ"),
    ],
)
def test_characters_that_only_windows_has_are_read_in_every_encoding(data, text):
    assert decode(data) == text


@pytest.mark.parametrize("declared", ["utf-8", "UTF-8", "euc-jp", "utf-16", "no-such-thing", "hex", "", None])
def test_a_wrong_declaration_does_no_harm(declared):
    assert decode(LONG.encode("cp932"), declared) == LONG


@pytest.mark.parametrize("declared", ["Shift_JIS", "x-sjis", "Windows-31J", '"shift_jis"'])
def test_shift_jis_means_the_one_of_windows(declared):
    assert decode("㈱髙".encode("cp932"), declared) == "㈱髙"


def test_a_declared_encoding_of_another_script_is_used():
    assert decode("Привет, мир".encode("koi8-r"), "koi8-r") == "Привет, мир"


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "euc_jp"])
def test_a_long_text_cut_in_the_middle_of_a_character_is_still_read(encoding):
    assert decode((LONG + "国").encode(encoding)[:-1]).startswith(LONG)


@pytest.mark.parametrize(
    "data", [bytes(range(128, 256)) * 4, b"\xff\xfe\x00\xd8" * 20, random.Random(1).randbytes(3_000)]
)
def test_bytes_that_are_no_text_are_refused_with_a_reason(data):
    with pytest.raises(Undecodable, match="text in"):
        decode(data)


def test_ascii_and_nothing_are_text():
    assert decode(b"") == ""
    assert decode(b"plain\r\n") == "plain\r\n"
