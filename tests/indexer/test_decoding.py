"""Bytes to text: every encoding of Japanese archives, right and wrong declarations, broken bytes."""

import codecs
import random
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.decoding import Undecodable, decode, peek, utf_16_or_32, utf_16_without_mark

SENTENCES = [
    "日本の首相が辞任を表明した。",
    "ロシアのラブロフ外相",
    "見出し",
    "東京都知事",              # no kana to tell by
    "「①案」は㈱高島屋が～",      # only in the encoding of Windows
]
ONE = "北京での中国の習近平指導者とロシアのラブロフ外相の会談は、両国間の重要性を浮き彫りにした。"
LONG = ONE * 5


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp932"])
def test_text_comes_back_whatever_encoding_it_was_kept_in(sentence, encoding):
    assert decode(sentence.encode(encoding)) == sentence


@pytest.mark.parametrize("sentence", SENTENCES[:4])
@pytest.mark.parametrize("encoding", ["euc_jp", "iso2022_jp"])
def test_text_comes_back_from_the_encodings_of_unix_and_mail(sentence, encoding):
    assert decode(sentence.encode(encoding)) == sentence


# --- UTF-16 ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE, codecs.BOM_UTF32_LE])
def test_a_byte_order_mark_is_believed_and_dropped(mark):
    encoding = {2: "utf-16-be"}.get(len(mark), "utf-32-be" if mark == codecs.BOM_UTF32_BE else "utf-32-le")
    assert decode(mark + "記事".encode(encoding)) == "記事"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text",
    [
        ONE,
        "首脳が会談\n2024年4月10日\n\n中国の習近平指導者が北京で会談した。\n",
        "東京都知事選が告示、過去最多の候補者",
        "<html><title>title</title>",
        "plain ASCII\r\n",
        "𠮷野さんは部下を𠮟った。\n",
    ],
)
def test_utf_16_needs_no_mark(text, encoding):
    data = text.encode(encoding)
    assert decode(data) == text
    assert utf_16_without_mark(data) == utf_16_or_32(data) == encoding
    assert peek(data) == text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a",
        b"Bush hid the facts",
        b"this app can break",
        *(ONE.encode(encoding) for encoding in ("utf-8", "cp932", "euc_jp", "iso2022_jp")),
        "「ﾊﾝｶｸ」".encode("cp932"),
        bytes(1_000),
        bytes(range(256)) * 4,
        b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\x3e\x00\x01\x00\x00\x00" * 40,
        random.Random(1).randbytes(4_000),
    ],
)
def test_what_is_not_utf_16_is_not_taken_for_it(data):
    assert utf_16_without_mark(data) is None


def test_a_mark_of_utf_8_is_no_reason_to_split_lines_otherwise():
    assert utf_16_or_32(codecs.BOM_UTF8 + b"a") is None
    assert utf_16_or_32(codecs.BOM_UTF16_LE + b"a\x00") == "utf-16-le"


# --- characters beyond the standards --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xad\xa1\xc8\xd6\xa4\xce\xb5\xad\xbb\xf6\xa4\xc7\xa4\xb9", "①番の記事です"),   # NEC's row 13
        (b"\xfc\xe2\xb6\xb6\xa4\xb5\xa4\xf3\xa4\xce\xcf\xc3", "髙橋さんの話"),             # IBM's rows
        (b"\x8f\xf4\xfb\xb6\xb6\xa4\xb5\xa4\xf3\xa4\xce\xcf\xc3", "髙橋さんの話"),         # the same in eucJP-ms
        (b"\x8f\xf3\xf3\xa4\xce\xb5\xad\xbb\xf6", "ⅰの記事"),
        (b"\x1b$B-!HV$N5-;v\x1b(B", "①番の記事"),
        (b"\x1b$B5-;v\x1b(I1\x1b(B", "記事ｱ"),
    ],
)
def test_characters_that_only_windows_has_are_read_in_every_encoding(data, text):
    assert decode(data) == text


@pytest.mark.parametrize("text", ["ﾊﾝｶｸｶﾅの記事", "ﾃﾚﾋﾞで放送された", "総務省は､ﾃﾞｼﾞﾀﾙ化を進める｡"])
@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "iso2022_jp_ext", "utf-8", "utf-16-le"])
def test_half_width_kana_are_kana(text, encoding):
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["shift_jis_2004", "euc_jis_2004", "iso2022_jp_2004"])
def test_kanji_of_jis_x_0213_are_read_where_nothing_else_has_them(encoding):
    text = "部下を𠮟った。噓をつき、頰を打つ。"
    assert decode(text.encode(encoding)) == text


def test_signs_of_ascii_stay_in_shift_jis_2004():
    assert decode("部下を𠮟った。".encode("shift_jis_2004") + b"C:\\~ \x81\x5f") == "部下を𠮟った。C:\\~ ＼"


def test_waves_stay_as_each_encoding_has_them():
    assert decode("４月～６月の記事".encode("cp932")) == "４月～６月の記事"
    assert decode("４月〜６月の記事".encode("euc_jp")) == "４月〜６月の記事"


def test_surrogates_in_utf_8_are_the_character_that_they_stand_for():
    cesu = "𠮷".encode("utf-16-be")
    data = b"".join(chr(int.from_bytes(cesu[at : at + 2])).encode("utf-8", "surrogatepass") for at in (0, 2))
    assert decode(data + "野さんの話".encode()) == "𠮷野さんの話"


# --- what is declared -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "declared",
    ["utf-8", "UTF-8", "euc-jp", "utf-16", "iso-8859-1", "big5", "gb2312", "koi8-r", "punycode", "no-such-thing", "hex",
     "idna", "\x00", "", None],
)
@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "iso2022_jp"])
def test_a_wrong_declaration_does_no_harm(declared, encoding):
    assert decode(LONG.encode(encoding), declared) == LONG


@pytest.mark.parametrize("declared", ["utf-8", "shift_jis", "Windows-31J", "iso-2022-jp", "us-ascii"])
def test_what_is_not_the_declared_encoding_is_told_by_its_bytes(declared):
    assert decode(LONG.encode("euc_jp"), declared) == LONG


@pytest.mark.parametrize("declared", ["Shift_JIS", "x-sjis", "Windows-31J", '"shift_jis"', "MS_Kanji", "csWindows31J"])
def test_shift_jis_means_the_one_of_windows(declared):
    assert decode("㈱髙".encode("cp932"), declared) == "㈱髙"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("shift_jis-2004", "shift_jis_2004"),
        ("Shift_JISX0213", "shift_jis_2004"),
        ("euc-jis-2004", "euc_jis_2004"),
        ("EUC-JISX0213", "euc_jis_2004"),
        ("iso-2022-jp-3", "iso2022_jp_2004"),
    ],
)
def test_jis_x_0213_may_be_declared(declared, encoding):
    assert decode("𠮟噓".encode(encoding), declared) == "𠮟噓"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Привет, мир", "koi8-r"),
        ("中国国家主席习近平在北京会见了俄罗斯外长", "gb2312"),
        ("中華民國總統在臺北發表談話", "big5"),
        ("대한민국 대통령이 서울에서 기자회견을 했다", "euc_kr"),
        ("Le président a démissionné, hélas.", "iso-8859-1"),
    ],
)
def test_a_declared_encoding_of_another_script_is_used(text, encoding):
    assert decode(text.encode(encoding), encoding) == text


@pytest.mark.parametrize("ascii_bytes", [9_000, 20_000, 200_000])
@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "shift_jis_2004"])
def test_scripts_before_the_text_hide_nothing(encoding, ascii_bytes):
    text = "var a = 1;" * (ascii_bytes // 10) + "踪跡を𠮟った。" * (encoding == "shift_jis_2004") + ONE
    assert decode(text.encode(encoding)) == text


# --- broken, cut, mixed ---------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "euc_jp", "utf-16-le", "utf-16-be", "iso2022_jp"])
def test_a_long_text_cut_in_the_middle_of_a_character_is_still_read(encoding):
    assert decode((LONG + "国").encode(encoding)[:-1]).startswith(LONG)


@pytest.mark.parametrize("encoding", ["utf-8", "euc_jp", "utf-16-le", "utf-16-be"])
def test_a_text_that_begins_in_the_middle_of_a_character_is_read_but_for_it(encoding):
    text = decode(("国" + LONG).encode(encoding)[1:])
    assert text.lstrip("\ufffd") == LONG
    assert text != LONG


def test_iso_2022_that_lost_its_first_escape_is_read():
    data = LONG.encode("iso2022_jp").removeprefix(b"\x1b$B")
    assert decode(data + b" and more") == LONG + " and more"


def test_a_terminal_that_sets_ascii_writes_no_japanese():
    assert decode(b"ls -l\x1b(B\x1b[m total") == "ls -l\x1b(B\x1b[m total"


@pytest.mark.parametrize(("most", "one"), [("cp932", "utf-8"), ("euc_jp", "utf-8"), ("utf-8", "cp932")])
def test_paragraphs_of_two_encodings_are_both_read(most, one):
    paragraphs = [ONE + "\n"] * 8
    data = b"".join(text.encode(one if number == 4 else most) for number, text in enumerate(paragraphs))
    assert decode(data) == "".join(paragraphs)


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "euc_jp"])
def test_one_bad_byte_in_a_long_text_costs_one_character(encoding):
    data = (LONG + "\n").encode(encoding) + b"\xff\n" + LONG.encode(encoding)
    assert decode(data) == f"{LONG}\n\ufffd\n{LONG}"


def test_one_bad_byte_costs_no_quotation_marks():
    """What is UTF-8 but for one byte need not be Japanese."""
    text = "“No,” said the minister — “never.” "
    assert decode(text.encode() * 9 + b"\xff") == text * 9 + "\ufffd"


def test_what_was_spoiled_before_is_left_alone():
    spoiled = "首相が会談した".encode().decode("cp932", "replace")
    assert decode(spoiled.encode()) == spoiled


@pytest.mark.parametrize(
    "data", [bytes(range(128, 256)) * 4, b"\xff\xfe\x00\xd8" * 20, random.Random(1).randbytes(3_000)]
)
def test_bytes_that_are_no_text_are_refused_with_a_reason(data):
    with pytest.raises(Undecodable, match="text in"):
        decode(data)


def test_ascii_and_nothing_are_text():
    assert decode(b"") == ""
    assert decode(b"plain\r\n") == "plain\r\n"


MIB = 1024 * 1024
NOISE = random.Random(1).randbytes(MIB)


@pytest.mark.parametrize("opening", ["", *("utf-8 cp932 euc_jp utf-16-le iso2022_jp".split())])
def test_32_mib_of_noise_are_refused_in_two_seconds(opening):
    data = (LONG * 100).encode(opening or "utf-8") if opening else b""
    data += NOISE * 32
    started = time.process_time()
    with pytest.raises(Undecodable):
        decode(data)
    assert time.process_time() - started < 2


@given(data=st.binary(max_size=300), declared=st.sampled_from([None, "shift_jis", "euc-jp", "koi8-r", "utf-7"]))
def test_any_bytes_are_text_or_refused(data, declared):
    with suppress(Undecodable):
        assert isinstance(decode(data, declared), str)
    peek(data)
    utf_16_or_32(data)


@given(text=st.text(max_size=100))
def test_whatever_is_in_strict_utf_8_comes_back(text):
    """But for bytes that are as well UTF-16, which takes zero bytes, and escapes of ISO-2022."""
    if not {"\x00", "\x1b", "\ufeff"} & set(text) and not utf_16_without_mark(text.encode()):
        assert decode(text.encode()) == text
