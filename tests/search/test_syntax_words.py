"""The search box: exact strings, stars, tildes, and what people paste."""

from __future__ import annotations

import pytest

from search.query.model import And, Exact, Not, Or, Phrase, Similar, StartsWith, Tree, Word
from search.query.syntax import read

A, B = Word("停戦"), Word("ロシア")
PEACE = Phrase("和平交渉")


@pytest.mark.parametrize(("text", "tree"), [
    ("=停戦", Exact("停戦")), ("＝停戦", Exact("停戦")),
    ("=停戦 ロシア", And((Exact("停戦"), B))),
    ('="停戦 合意"', Exact("停戦 合意")), ("＝「停戦　合意」", Exact("停戦　合意")),
    ('=" 停戦"', Exact(" 停戦")), ('="　"', Exact("　")),
    ("=「停戦 OR (合意) -中国」", Exact("停戦 OR (合意) -中国")),
    ("=A*B~", Exact("A*B~")), ("=日付:2024", Exact("日付:2024")), ("=-中国", Exact("-中国")), ("==", Exact("=")),
    ("=停戦(仮)", Exact("停戦(仮)")), ("=停戦)", Exact("停戦)")), ("=(仮", Exact("(仮")),
    ("(=停戦)", Exact("停戦")), ("(=停戦(仮) OR =合意)", Or((Exact("停戦(仮)"), Exact("合意")))),
    ('(="停戦")', Exact("停戦")), ('("A" OR ="(停戦 合意)")', Or((Phrase("A"), Exact("(停戦 合意)")))),
    ("-=停戦", Not(Exact("停戦"))),
    ("=「停戦」合意", Exact("「停戦」合意")),          # the marks belong to what is looked for
    ('="「停戦」"', Exact("「停戦」")), ("=「", Exact("「")), ("=「」", Exact("「」")),
    ("=露が「停戦案", Exact("露が「停戦案")),
    ('="停戦 合意', Exact("停戦 合意")),              # never closed
    ("=葛\U000e0101城", Exact("葛\U000e0101城")), ("=停\u200b戦", Exact("停\u200b戦")),
    ("=停\u00ad戦", Exact("停\u00ad戦")),
    ("=ヴ", Exact("ヴ")), ("=ＡＢＣ", Exact("ＡＢＣ")), ("=e\u0301", Exact("e\u0301")),
    ("=停\0戦", And((Exact("停"), Word("戦")))), ("=\ufeff停戦\x1b", Exact("停戦")),      # no stored text has these
    ("\u200b=停戦", Exact("停戦")),
    ("=", None), ("= 停戦", A), ("(=)停戦", A),
    ("停戦=合意", And((A, Word("合意")))), ("「和平交渉」=写真", And((PEACE, Word("写真")))),
    ("動物（＝目的）", And((Word("動物"), Word("目的")))),
])
def test_an_exact_string_goes_up_to_the_next_space_to_the_character(text: str, tree: Tree | None) -> None:
    assert read(text).tree == tree


@pytest.mark.parametrize(("text", "tree"), [
    ("ウクライ*", StartsWith("ウクライ")), ("ウクライ＊", StartsWith("ウクライ")), ("NATO*", StartsWith("NATO")),
    ("日本*", StartsWith("日本")), ("-ウクライ*", Not(StartsWith("ウクライ"))),
    ("停戦、ウクライ*", And((A, StartsWith("ウクライ")))),
    ("停*", Word("停")), ("*", None), ("*戦", Word("戦")), ("ウ*ライナ", And((Word("ウ"), Word("ライナ")))),
    ("M*A*S*H", Word("M*A*S*H")), ("5*3", Word("5*3")), ("**停戦**", A), ("f***", Word("f")),
    ("ゼレンスキ~", Similar("ゼレンスキ")), ("ゼレンスキ～", Similar("ゼレンスキ")),
    ("ゼレンスキ〜", Similar("ゼレンスキ")),
    ("Zelenski~", Similar("Zelenski")), ("習近平~", Similar("習近平")), ("ラブロフ~1", Similar("ラブロフ")),
    ("日本~", Word("日本")), ("がんばれ〜", Word("がんばれ")), ("10〜", Word("10")), ("10〜20代", Word("10〜20代")),
    ("東京〜大阪", And((Word("東京"), Word("大阪")))), ("~", None),
])
def test_a_star_and_a_tilde_at_the_end_of_a_word(text: str, tree: Tree | None) -> None:
    assert read(text).tree == tree


# ---- what people paste --------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "words"), [
    ("「露が停戦案拒否」「米は再提案」=会談", "“露が停戦案拒否” “米は再提案” 会談"),
    ("露が停戦案拒否」「米は再提案", "露が停戦案拒否 米は再提案"),                    # cut out of it
    ("【速報】露が停戦案拒否…プーチン氏「受け入れられない」", "速報 露が停戦案拒否 プーチン氏 “受け入れられない”"),
    ("〈独自〉政府、補正予算案を閣議決定へ", "独自 政府 補正予算案を閣議決定へ"),
    ("《詳報》首相会見　年内解散は「考えず」", "詳報 首相会見 年内解散は “考えず”"),
    ("[FT]米中、貿易で歩み寄り", "FT 米中 貿易で歩み寄り"),
    ("◆停戦案、露が拒否▽米中会談へ=写真", "停戦案 露が拒否 米中会談へ 写真"),
    ("◇▼※★停戦", "停戦"),
    ("独首相＝ベルリンで、ロイター", "独首相 ベルリンで ロイター"),
    ("焦点:日銀、利上げ", "焦点 日銀 利上げ"),
    ("アングル：中国経済、減速", "アングル 中国経済 減速"),
    ("米・ロ首脳会談へ―アラスカで15日", "米・ロ首脳会談へ アラスカで15日"),
    ("台風21号-東日本に大雨", "台風21号 東日本に大雨"),
    ("米中首脳会談／「台湾」巡り応酬", "米中首脳会談 “台湾” 巡り応酬"),
    ("停戦合意・・・その後", "停戦合意 その後"),
    ("首相「辞めない」→翌日辞任", "首相 “辞めない” 翌日辞任"),
    ("日経平均、一時4万円台　終値は39,999円71銭（速報）", "日経平均 一時4万円台 終値は39,999円71銭 速報"),
    ("マクドナルドの新商品の行列に「サクラ」", "マクドナルドの新商品の行列に “サクラ”"),
    ("ロシア,中国", "ロシア 中国"), ("ロシア、中国。", "ロシア 中国"), ("停戦!", "停戦"), ("停戦！？", "停戦"),
    ("日中／日韓", "日中 日韓"), ("A型/B型", "A型 B型"), ("東京–大阪", "東京 大阪"), ("日本×韓国", "日本 韓国"),
    ('5"ディスプレイ', "5 ディスプレイ"), ("10\u201dモニター", "10 モニター"), ("‘peace talks’", "peace talks"),
    ("気温-0.1% -5度", "気温 0.1% 5度"),                                          # below zero, not without
    ("〝和平〟", "“和平”"), ("｢和平｣", "“和平”"), ("「」『』【】", ""), ("…", ""), ("・", ""), ("、。", ""), ("!?", ""),
])
def test_a_pasted_headline_gives_the_words_in_it(text: str, words: str) -> None:
    assert _shown(read(text).tree) == words


@pytest.mark.parametrize("text", [
    "COVID-19", "AT&T", "R&D", "Q&A", "C++", "C#", "Yahoo!", "Yahoo!ニュース", "Disney+", "U.S.", "No.1", "3.11",
    "1,000人", "10:30",
    "2024/4/1", "24/7", "https://www.example.org/a-b?", "example.co.jp", "100%", "$100", "A+B", "rock'n'roll",
    "O'Brien",
    "ジョー・バイデン", "サッス＝ンゲソ", "スター・ウォーズ", "ラ〜メン", "10〜20代", "つのだ☆ひろ", "米・ロ", "○○党",
    "モーニング娘",
    "D-Day", "M*A*S*H", "foo_bar", "text:abc", "SAMEの", "ANDROID",
])
def test_signs_inside_a_word_belong_to_it(text: str) -> None:
    word = text.rstrip("?")
    assert read(text).tree == Word(word)
    assert read(f"停戦 {text}").tree == And((A, Word(word)))


@pytest.mark.parametrize(("text", "tree"), [
    ("葛\U000e0101城", Word("葛城")), ("辻\ufe00", Word("辻")), ("停\u200b戦", A), ("停\u00ad戦", A),
    ("\u2066停戦\u2069", A),
    ("停戦\x1b\x07", A), ("\u200b-ロシア", Not(B)), ("O\u200bR", Word("OR")), ("「葛\U000e0101城」", Phrase("葛城")),
    ("ロシア \u200b 停戦", And((B, A))), ("\u200b", None), ("👨\u200d👩", Word("👨\u200d👩")),
])
def test_what_nobody_sees_is_no_part_of_a_word(text: str, tree: Tree | None) -> None:
    assert read(text).tree == tree


def _shown(tree: Tree | None) -> str:
    """Words as they are, phrases in “…”."""
    match tree:
        case Word(text):
            return text
        case Phrase(text):
            return f"“{text}”"
        case And(children):
            return " ".join(map(_shown, children))
        case None:
            return ""
        case _:
            raise AssertionError(tree)
