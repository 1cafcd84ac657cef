"""Which katakana a spelling may stand for, and which consonants lead there."""

from __future__ import annotations

from functools import cache
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.foreign.romaji import sound_of_kana
from search.foreign.sounds import ODD, _pieces, join_skeletons, joined_skeletons, skeleton, spelling

LETTERS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=9)
SOUNDS = st.text("aiueokstnhmrgzdbpyw", max_size=9)


def cost_by_trying_everything(letters: str, sound: str) -> float:
    """The cheapest division of both into pieces of the table."""
    pieces = _pieces()

    @cache
    def cheapest(i: int, j: int) -> float:
        if (i, j) == (len(letters), len(sound)):
            return 0.0
        best = ODD + cheapest(i + 1, j) if i < len(letters) else inf
        for b in (1, 2):
            if j + b <= len(sound):
                best = min(best, pieces[""].get(sound[j : j + b], ODD * b) + cheapest(i, j + b))
        for a in range(1, len(letters) - i + 1):
            for b in range(len(sound) - j + 1):
                cost = pieces.get(letters[i : i + a], {}).get(sound[j : j + b])
                if cost is not None:
                    best = min(best, cost + cheapest(i + a, j + b))
        return best

    return cheapest(0, 0)


@given(LETTERS, SOUNDS)
def test_a_sound_costs_what_its_cheapest_division_does(letters: str, sound: str) -> None:
    assert spelling(letters)._cost(sound, 1e6) == pytest.approx(cost_by_trying_everything(letters, sound))


@given(LETTERS, SOUNDS, st.floats(0.2, 3))
def test_a_limit_takes_away_only_what_is_worse(letters: str, sound: str, most: float) -> None:
    whole, limited = spelling(letters).excess(sound, 1e6), spelling(letters).excess(sound, most)
    assert limited == (pytest.approx(whole) if limited < inf else inf)
    assert limited < inf or whole > most - 1e-9


@pytest.mark.parametrize(("letters", "kana", "others"), [
    ("lavrov", "ラブロフ", "ルブラン ラーブ ロブソン"),
    ("schumacher", "シューマッハ", "シュミット サマーズ"),
    ("zelensky", "ゼレンスキー", "ゼーレ ザルツキー"),
    ("messi", "メッシ", "マシ メイソン"),
    ("johnson", "ジョンソン", "ヤンセン ジャクソン"),
    ("tymoshenko", "ティモシェンコ", "ティモ シェフチェンコ"),
    ("alex", "アレックス", "アレクサ エリック"),
    ("beauvoir", "ボーボワール", "ビーバー ボワイエ"),
])
def test_the_katakana_of_a_name_fit_its_spelling_best(letters: str, kana: str, others: str) -> None:
    right = spelling(letters).excess(sound_of_kana(kana), 3.0)
    assert right < 0.8
    assert all(spelling(letters).excess(sound_of_kana(other), 3.0) > right + 0.1 for other in others.split())


@pytest.mark.parametrize(("letters", "kana"), [
    ("lavrov", "ラブロフ"), ("schumacher", "シューマッハ"), ("macron", "マクロン"), ("uribe", "ウリベ"),
    ("netanyahu", "ネタニヤフ"),
])
def test_the_consonants_of_the_katakana_are_among_the_likeliest(letters: str, kana: str) -> None:
    assert skeleton(sound_of_kana(kana)) in [bones for bones, _ in spelling(letters).skeletons[:8]]


@pytest.mark.parametrize(("sound", "bones"), [
    ("raburofu", "rbrf"), ("rabrof", "rbrf"), ("uribe", "arb"), ("o", "a"), ("", ""), ("mame", "m"), ("syumaha", "smh"),
])
def test_a_skeleton_has_the_consonants_and_an_opening_vowel(sound: str, bones: str) -> None:
    assert skeleton(sound) == bones


@given(SOUNDS, SOUNDS)
def test_skeletons_are_joined_as_sounds_are(first: str, second: str) -> None:
    assert join_skeletons(skeleton(first), skeleton(second)) == skeleton(first + second) or not skeleton(first)


def test_words_as_one_begin_with_the_likeliest_of_each() -> None:
    words = [spelling("kim"), spelling("yuna")]
    (joined, cost), *rest = joined_skeletons(words, 10)
    assert joined == join_skeletons(words[0].skeletons[0][0], words[1].skeletons[0][0])
    assert cost == 0
    assert [c for _, c in rest] == sorted(c for _, c in rest)
    assert len(rest) < 10
