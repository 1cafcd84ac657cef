"""Which two texts are one story, and by what a text is found that looks like another."""

from __future__ import annotations

from hashlib import blake2b
from itertools import combinations

import pytest
from wire_story import LEAD, SECOND, STORY, THIRD, an_article

from indexer.duplicates import SHORTEST_CHARS, are_copies, compared, days_fit, look_alike, signature

QUAKE = (
    "{day}日午前{hour}時{minute}分ごろ、{place}で震度{strength}を観測する地震がありました。気象庁によりますと、震源地は{place}沖で、震源の深さは約{depth}"
    "キロ、地震の規模を示すマグニチュードは{size}と推定されています。この地震による津波の心配はありません。震度{strength}を観測したのは{place}の{towns}"
    "市町村です。気象庁は今後1週間程度、最大震度{strength}程度の地震に注意するよう呼びかけています。警察や消防によりますと、これまでのところけがをしたとい"
    "う情報は入っていないということで、引き続き詳しい状況を調べています。"
)


def _copies(one: str, other: str) -> bool:
    return are_copies(compared(an_article("a", one)), compared(an_article("b", other)))


@pytest.mark.parametrize(("what", "text"), [
    ("the same", STORY),
    ("another agency and place", f"【ジュネーブ＝共同】{STORY}（共同）"),
    ("the last paragraph cut", f"{LEAD}\n\n{SECOND}"),
    ("the first paragraph cut", f"{SECOND}\n\n{THIRD}"),
    ("a heading put in", f"{LEAD}\n\n## 海氷も減少\n\n{SECOND}\n\n{THIRD}"),
    (
        "numbers in kanji",
        STORY.replace("10日", "十日").replace("4万7000人", "四万七千人").replace("30年", "三〇年"),
    ),
    (
        "numbers in full width",
        STORY.replace("1.55", "１・５５").replace("12パーセント", "１２％").replace("23", "２３"),
    ),
    ("no white space, other marks", STORY.replace("\n\n", "").translate(str.maketrans("、「」", "，『』"))),
    (
        "other words and a sentence less",
        STORY.replace("発表した", "明らかにした").replace("によると", "によれば").replace("述べ", "語り")
        .replace("専門家は、エルニーニョ現象が終わった後も高温が続いている点を懸念する。", "")
        .replace("求めた", "要請した").replace("各国政府", "各国の政府"),
    ),
])
def test_a_copy_is_recognized(what: str, text: str) -> None:
    assert _copies(STORY, text), what
    assert _copies(text, STORY), what


@pytest.mark.parametrize(("what", "one", "other"), [
    (
        "earthquakes on one day in one form",
        QUAKE.format(day=3, hour=5, minute=12, place="岩手県", strength="4", depth=50, size=5.1, towns=12),
        QUAKE.format(day=3, hour=9, minute=48, place="熊本県", strength="3", depth=10, size=3.9, towns=4),
    ),
    (
        "the story with other figures, hours later",
        STORY, STORY.replace("4万7000人", "6万2000人").replace("23カ国", "31カ国").replace("1.55度", "1.62度"),
    ),
    (
        "two stories above one notice",
        f"{LEAD}\n\n{SECOND}",
        "県立美術館は来春の企画展の概要を公表した。江戸時代の絵師の屏風や掛け軸を中心に、"
        f"国内外の所蔵先から八十点を集める。\n\n{SECOND}",
    ),
    ("two stories", LEAD + SECOND, THIRD + THIRD.replace("専門家", "記者")),
])
def test_what_only_looks_like_a_copy_is_none(what: str, one: str, other: str) -> None:
    assert not _copies(one, other), what
    assert not _copies(other, one), what


@pytest.mark.parametrize(("chars", "is_signed"), [(SHORTEST_CHARS - 1, False), (SHORTEST_CHARS, True)])
def test_a_text_of_200_characters_and_more_can_have_copies(chars: int, is_signed: bool) -> None:
    assert (signature(an_article("a", STORY[:chars])) is not None) == is_signed


@pytest.mark.parametrize("text", ["。" * 300, "1" * 300, "\ud800" * 300], ids=["marks", "one number", "surrogates"])
def test_a_text_without_words_does_no_harm(text: str) -> None:
    article = an_article("a", text)
    assert signature(article) is None
    assert not are_copies(compared(article), compared(article))


def test_those_that_look_alike_have_a_key_in_common_and_unlike_ones_have_none() -> None:
    story, cut, other = (signature(an_article("a", text)) for text in (STORY, LEAD + SECOND, QUAKE))
    assert story
    assert cut
    assert other
    assert set(story.keys) & set(cut.keys)
    assert look_alike(story.sketch, cut.sketch)
    assert not set(story.keys) & set(other.keys)
    assert not look_alike(story.sketch, other.sketch)


def test_title_captions_and_credits_are_no_part_of_a_signature() -> None:
    one, other = signature(an_article("a")), signature(an_article("a", title="気温、過去最高に", credits=("（時事）",)))
    assert one == other


@pytest.mark.parametrize(("day", "other", "fits"), [
    (5, 8, True), (8, 5, True), (5, 9, False), (None, None, True), (5, None, False),
])
def test_copies_appear_within_three_days(day: int | None, other: int | None, fits: bool) -> None:
    assert days_fit(day, other) == fits


def test_signatures_are_what_they_were() -> None:
    """They are stored: if this fails, count up REVISION, so that archives make theirs anew, and change the digests."""
    dated, undated = signature(an_article("a")), signature(an_article("a", day=None))
    assert dated
    assert undated
    assert (len(dated.keys), len(undated.keys), len(dated.sketch)) == (40, 20, 80)
    digests = [blake2b(repr((s.keys, s.sketch)).encode(), digest_size=8).hexdigest() for s in (dated, undated)]
    assert digests == ["9bc1a759cf3c915a", "384a640dfc799c0d"]


def test_keys_of_one_text_differ() -> None:
    signed = signature(an_article("a"))
    assert signed
    assert all(one != other for one, other in combinations(signed.keys, 2))
