"""The pieces that `benchmarks.encodings` cuts are what it says they are."""

import random

import pytest

from benchmarks.encodings import (
    CUT,
    PLAIN,
    SPECIAL,
    VENDOR,
    Form,
    Piece,
    cause,
    cut_pieces,
    euc_of_windows,
    half_width,
    is_right,
    iso_2022_of_windows,
    measure,
    rows,
)
from indexer.decoding import decode

TEXTS = [
    "首脳が会談\n中国の習近平指導者とロシアのラブロフ外相が4月10日、北京で会談し、両国の協力を確認した。" * 9,
    "総務省は、テレビのデジタル化を進める方針を固めた。来年度の予算に盛り込む。" * 9,
]


@pytest.mark.parametrize("form", [*PLAIN, *CUT, *SPECIAL], ids=lambda form: form.name)
def test_pieces_have_the_length_that_is_asked_for_and_are_the_same_every_time(form):
    pieces = list(cut_pieces(TEXTS, form, 20, random.Random(1)))
    assert len(pieces) == 20
    assert all(20 <= len(piece.data) <= 2_000 for piece in pieces)
    assert pieces == list(cut_pieces(TEXTS, form, 20, random.Random(1)))


def test_a_text_that_an_encoding_has_not_gives_no_piece():
    assert not list(cut_pieces(["한국어" * 100], PLAIN[1], 5, random.Random(1)))


def test_what_windows_writes_beyond_the_standards_is_in_the_pieces():
    assert euc_of_windows("①") == b"\xad\xa1"
    assert iso_2022_of_windows("第①番") == b"\x1b$BBh-!HV\x1b(B"
    for char in VENDOR:
        assert decode(euc_of_windows(f"{char}の記事です")) == f"{char}の記事です"


def test_katakana_become_half_width_with_their_marks():
    assert half_width("テレビ・パン「ヴ」。字") == "ﾃﾚﾋﾞ･ﾊﾟﾝ｢ｳﾞ｣｡字"


@pytest.mark.parametrize(
    ("piece", "text", "right"),
    [
        (Piece("記事", b""), "記事", True),
        (Piece("記事", b""), "記事 ", False),
        (Piece("記事", b"", is_cut=True), "\ufffd記事\ufffd", True),
        (Piece("記事", b"", is_cut=True), "\ufffd記者\ufffd", False),
        (Piece("記事", b"", is_cut=True), "まったく別の記事が続く", False),
    ],
)
def test_what_is_right(piece, text, right):
    assert is_right(piece, text) is right


def test_what_a_wrong_one_was_taken_for_is_told():
    data = "日本の首相".encode("euc_jp")
    assert cause(Piece("日本の首相", data), data.decode("cp932", "replace")) == "as cp932"
    assert cause(Piece("日本の首相", data), None) == "refused"
    assert cause(Piece("日本の首相", data), "？") == "otherwise"


def test_wrong_pieces_are_counted():
    """Big5 is not among what is decoded without a declaration."""
    form = Form("Big5", lambda text: text.encode("big5"))
    measured = measure(["中華民國總統在臺北發表談話" * 50], form, 10)
    assert sum(measured.right) == 0
    assert sum(measured.all) == measured.causes.total() == len(measured.wrong) == 10
    ((name, count, *_, share, causes),) = rows([measured])
    assert (name, count, share) == ("Big5", "10", "0.00")
    assert causes != "–"
