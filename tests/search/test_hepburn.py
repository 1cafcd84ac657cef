"""Kana in Latin letters, for ids that people read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.japanese.hepburn import hepburn, slug


@pytest.mark.parametrize(("kana", "letters"), [
    ("シュウキンペイ", "shuukinpei"), ("チュウゴク", "chuugoku"), ("ジシン", "jishin"), ("ガッコウ", "gakkou"),
    ("マッチャ", "matcha"), ("フィリピン", "firipin"), ("ウィルス", "wirusu"), ("ヴェルサイユ", "verusaiyu"),
    ("ティー", "ti"),
    ("ジェット", "jetto"), ("シェア", "shea"), ("キャンプ", "kyanpu"), ("ヲ", "o"), ("ヅツミ", "zutsumi"),
    ("漢字", ""), ("", ""), ("ッ", ""), ("ァ", "a"), ("チェチェン", "chechen"),
])
def test_kana_are_spelled_in_hepburn(kana: str, letters: str) -> None:
    assert hepburn(kana) == letters


@pytest.mark.parametrize(("text", "expected"), [
    ("ハメネイ師の葬儀", "hamenei-shi-no-sougi"), ("ベネズエラ地震", "benezuera-jishin"), ("FIFA会長", "fifa-kaichou"),
    ("イラン 戦争", "iran-sensou"), ("ＯＰＥＣ＋", "opec"), ("「停戦」", "teisen"), ("…", ""), ("", ""),
])
def test_an_id_is_the_reading(text: str, expected: str) -> None:
    assert slug(text) == expected


@given(st.text(max_size=80), st.integers(4, 64))
def test_an_id_has_plain_letters_alone_and_is_short(text: str, most: int) -> None:
    made = slug(text, most)
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", made)
    assert len(made) <= most
