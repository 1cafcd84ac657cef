"""Kana and every system of romaji are spelled alike where they sound alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.foreign.romaji import is_kana, plain_letters, sound_of, sound_of_kana, sound_of_romaji

HEPBURN = dict(zip(
    "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわ"
    "がぎぐげござじずぜぞだでどばびぶべぼぱぴぷぺぽ",
    "a i u e o ka ki ku ke ko sa shi su se so ta chi tsu te to na ni nu ne no ha hi fu he ho ma mi mu me mo ya yu yo "
    "ra ri ru re ro wa ga gi gu ge go za ji zu ze zo da de do ba bi bu be bo pa pi pu pe po".split(), strict=True,
))
KUNREI = HEPBURN | {"し": "si", "ち": "ti", "つ": "tu", "ふ": "hu", "じ": "zi"}


@pytest.mark.parametrize("alike", [
    ("しゅうきんぺい", "シュウキンペイ", "ｼｭｳｷﾝﾍﾟｲ", "Shūkinpei", "shuukinpei", "shukinpei", "syuukinpei", "SHŪKINPEI"),
    ("あべしんぞう", "abe shinzo", "abe shinzou", "Abe Shinzō", "abe sinzo", "Abe Shinzoh"),
    ("おおたに", "Ohtani", "Otani", "ootani", "Ōtani"),
    ("なんば", "Namba", "nanba", "ナンバ"),
    ("ほんま", "Honma", "homma"),
    ("まっちゃ", "matcha", "maccha", "mattya"),
    ("しんいち", "Shin'ichi", "shinichi", "sin'iti"),
    ("じゅんいちろう", "Junichiro", "zyunitirou", "jun'ichirō"),
    ("とうきょう", "Tōkyō", "tokyo", "toukyou"),
    ("つつみ", "tsutsumi", "tutumi"),
    ("ウィリアム", "wiriamu"),
    ("チェルノブイリ", "cherunobuiri"),
    ("ヴ", "ブ", "bu", "vu"),
    ("きょうせら", "Kyocera"),
])
def test_what_sounds_alike_is_spelled_alike(alike: tuple[str, ...]) -> None:
    assert len({sound_of(text) for text in alike}) == 1
    assert sound_of(alike[0])


@pytest.mark.parametrize(("one", "other"), [
    ("かど", "かと"), ("きしだ", "きした"), ("しゃ", "さ"), ("ちゅう", "つう"), ("ファ", "ハ"), ("シェ", "セ"),
    ("きょ", "きよ"),
])
def test_what_sounds_otherwise_is_spelled_otherwise(one: str, other: str) -> None:
    assert sound_of_kana(one) != sound_of_kana(other)


@pytest.mark.parametrize("text", ["Lavrov", "Schmidt", "x", "strike!", "trump", "", "岸田", "123", "Xi"])
def test_what_is_no_romaji_has_no_sound(text: str) -> None:
    assert sound_of_romaji(text) == ""


@given(st.lists(st.sampled_from(sorted(HEPBURN)), min_size=1, max_size=12))
def test_any_kana_sound_as_their_hepburn_and_their_kunrei(kana: list[str]) -> None:
    for table in (HEPBURN, KUNREI):
        assert sound_of_romaji("".join(table[char] for char in kana)) == sound_of_kana("".join(kana))


@given(st.text(max_size=30))
def test_any_text_at_all_can_be_asked_for(text: str) -> None:
    assert sound_of(text).isascii()


@pytest.mark.parametrize(("text", "expected"), [
    ("きしだ", True), ("モスクワ", True), ("ﾓｽｸﾜ", True), ("リオネル・メッシ", True), ("", False), (" ", False),
    ("岸だ", False), ("a", False),
])
def test_kana_are_told_from_other_letters(text: str, expected: bool) -> None:
    assert is_kana(text) is expected


@pytest.mark.parametrize(("written", "plain"), [
    ("Erdoğan", "erdogan"), ("Mbappé", "mbappe"), ("Østergaard", "ostergaard"), ("ＰＵＴＩＮ", "putin"),
    ("Müller", "muller"),
])
def test_accents_do_not_count(written: str, plain: str) -> None:
    assert plain_letters(written) == plain
