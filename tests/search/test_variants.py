"""Which terms are spellings of one word, and which only look like it."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.japanese.spelling import fold
from search.japanese.variants import HAS_KEY, is_spelling_of, spelling_key
from search.names import load_data

ONE_WORD = """
ラヴロフ ラブロフ                   ラブロフ ラブローフ                  ゼレンスキー ゼレンスキイ
ゼレンスキー ゼレンスキ              メドベージェフ メドヴェージェフ        メドベージェフ メドベージエフ
メドベージェフ メドベジェフ          ウォロディミル ヴォロディミル          ウォロディミル ヴォロディーミル
ウラジーミル ヴラディミル            マクロン マクローン                  ネタニヤフ ネタニアフ
インファンティーノ インファンティノ   ミュンテフェリング ミュンテフェーリング アフマディネジャド アフマディーネジャード
ボルソナーロ ボルソナロ              ルハンシク ルハーンシク               スビトリーナ スビトリナ
ボンドロウソワ ボンドロウソヴァ       プミポン プーミポン                  キエリーニ キエッリーニ
ベッセント ベセント                  スームィ スムイ                     スカローニ スカロニ
ティアゴ チアゴ                     クリスティアーノ クリスチアーノ        アトレティコ アトレチコ
マイドゥグリ マイヅグリ              イトゥリ イツリ                     トゥーソン ツーソン
ムラディッチ ムラジッチ              コネティカット コネチカット           ホフェンハイム ホッフェンハイム
マジャル マジャール                  マドゥロ マドゥーロ                  マムダニ マムダーニ
ヤマル ヤマール                     ミナブ ミナーブ                     グビル グビール
ハマス ハマース                     ハルグ ハールグ                     サルマン サルマーン
カラチ カラーチ                     サマワ サマーワ                     ザルダリ ザルダーリ
タクバイ タークバイ                  バローチスタン バローチスターン        ペシャワール ペシャーワル
ラワルピンディ ラーワルピンディー     ラジャパクサ ラージャパクサ           カダフィ カダフィー
タリバン ターリバーン               ヒズボラ ヒズボッラー                アルカイダ アルカーイダ
アル・カーイダ アルカイダ            シン・フェイン シンフェイン           バグダッド バグダード
モハムド モハムッド                  マフムード マフムッド                メフメト メフメット
ハディド ハディッド                  フェリックス フェリクス              プラツェク プラツェック
ヘラスケビッチ ヘラスケビチ          ライコネン ライッコネン               ヌクグ ヌックグ
ツェーゲン ツエーゲン               スウィーニー スゥイーニー              ウィンガー ウインガー
トゥウェンテ トゥエンテ             ビーゼンタール ヴィーゼンタール         ウィーゼンタール ヴィーゼンタール
ウイグル ウィグル                   クウェート クウエート                ウェストミンスター ウエストミンスター
ナタリア ナタリヤ                   サフィア サフィヤ                   エネルギア エネルギヤ
ザポリージャ ザポリージヤ            ミリシア ミリシャ                   キンレイ キンレー
ドウセット ドーセット               クロウリー クローリー                ボウマン ボーマン
フロントロウ フロントロー            テシェイラ テイシェイラ              アレクセーエフ アレクセイエフ
エルモラエフ イェルモラエフ          アレクサンドル アレキサンドル          ジェームズ ジェイムズ
マイヤー マイアー                   マリア マリヤ                       アルフレッド アルフレド
エドワルド エドヴァルド             チェンマイ チエンマイ                 イチロー イチロウ
ノロウイルス ノロウィルス            プレゼンテーション プレゼンテイション   チェアマン チェアーマン
オポチュニティ オポチュニティー        ニッカウヰスキー ニッカウイスキー
ハニヤ ハニーヤ                     パシニャン パシニヤン                ツィプラス チプラス
ワグネル ヴァグネル                  ナワリヌイ ナヴァリヌイ              プリゴジン プリゴージン
トカエフ トカーエフ                  ペゼシュキアン ペゼシュキヤン         ライシ ライーシ
アッバス アバス                     メローニ メロニ                     ベルルスコーニ ベルルスコニ
ウクライナ侵攻 ウクライーナ侵攻      コネティカット州 コネチカット州         ｾﾞﾚﾝｽｷｰ ゼレンスキー
斎藤 齋藤       渡辺 渡邊       渡辺 渡邉       渡邊 渡邉       高橋 髙橋       高市 髙市       山崎 山﨑
浜田 濱田       浜田 濵田       大島 大嶋       大島 大嶌       沢田 澤田       長沢 長澤       斉藤 齊藤
国分 國分       桜井 櫻井       広瀬 廣瀬       広瀬 広瀨       真鍋 眞鍋       龍馬 竜馬       滝川 瀧川
吉野家 𠮷野家    館山 舘山       富岡 冨岡       馬淵 馬渕       諫早 諌早       飛騨 飛驒       鷗外 鴎外
近衛 近衞       安芸 安藝       百済 百濟       槙原 槇原       檜山 桧山       籠池 篭池       塚本 塚本
東京芸術大学 東京藝術大学          四条畷 四條畷     北条 北條       万里 萬里       三国 三國       円楽 圓楽
関ケ原 関ヶ原    関ケ原 関が原    霞が関 霞ヶ関    虎ノ門 虎の門    丸の内 丸ノ内    自由が丘 自由ケ丘  三ツ沢 三ッ沢
佐々木 佐佐木    習近平 习近平    張又侠 张又侠    江沢民 江泽民    頼清徳 賴清德    馬英九 马英九    李強 李强
葛城 葛󠄀城      辻元 辻󠄀元      guizhou guizhōu  uber über
"""

DIFFERENT_WORDS = """
ビル ビール      ハート ハト      チーズ チズ      カード カド      コート コト      シート シット    スーツ スツ
ブール ブル      ボール ボル      モール モル      ロード ロッド    ベッド ベト      カップ カプ      カット カート
カーネル カネル  バター バッター  カップ カープ    サード サド      ソウル ソール    タワー タバ      タグ タッグ
チーム ティム    トーク トック    ドル ドール      ネット ネイト    バット バート    バック バーク    パーク パック
ビーチ ビッチ    ピッチ ピーチ    ヒット ヒート    フード フッド    ベルト ベイルート ポスト ポースト  ポート ポット
メーカー メッカ  ミラー ミイラ    ラッパー ラパ    ラテン ラーテン  レース レス      レモン レイモン  ローマ ロマ
ロック ロク      スター スタ      スコップ スコープ スリーパー スリッパ         ステージ ステディー
クレーター クレタ グレーター グレタ ハンター ハンタ オペレーター オペレッタ       ジプシー ディープシー
スポークスマン スポークスウーマン  シンバル シンワル ブリキ ブーリキ  トリック トーリック リンダ リーンダー
バージン バーディン トレイン トレン オーランド オランド アリアン アーリアン サンドラ サンドラー タイラ タイラー
ラウラ ラウラー  マキノ マキノー  キンキ キンキー  ソナム ソナムー  ツールズ トゥールーズ    チェリ ティエリー
ディオン ジオン  アルジェ アルゼ  シェルパ セルパ  エレナ エレーナ  ラウル ラウール  トーマス トマス  ブルーノ ブルノ
バークリー バックリー アンドレイ アンドレ フォスター フォースター ウェールズ ウェルズ オマーン オーマン イバン イワン
コスト コースト  アルバ アルワ ロベール ローウェル バッハマン ワハマン フアン ファン   カ カー        ア アッ
ロシア ローシャ  ビル街 ビール街  カード会社 カド会社 メーン州 メン州 マー君 マ君
"""

NEVER_ONE_KEY = """
斎藤 斉藤       斎 斉         坂 阪         畑 畠         埼 崎         龍 瀧         張 長         ラブロフ ラビロフ
ロシア ロジア    イラン イラク   ニジェール ナイジェリア   オーストリア オーストラリア   スロバキア スロベニア
ルワンダ ルアンダ  高橋 高梁     京都 東京
"""


def pairs(table: str) -> list[tuple[str, str]]:
    """Two words, then two words, of a table that is divided by more than one space."""
    words = table.split()
    return list(zip(words[::2], words[1::2], strict=True))


@pytest.mark.parametrize(("typed", "other"), pairs(ONE_WORD))
def test_spellings_of_one_word_have_one_key_and_are_taken_for_it(typed: str, other: str) -> None:
    one, two = fold(typed), fold(other)
    assert spelling_key(one) == spelling_key(two)
    assert is_spelling_of(one, two)
    assert is_spelling_of(two, one)


@pytest.mark.parametrize(("typed", "other"), pairs(DIFFERENT_WORDS))
def test_words_that_only_sound_alike_are_two(typed: str, other: str) -> None:
    one, two = fold(typed), fold(other)
    assert not is_spelling_of(one, two)
    assert not is_spelling_of(two, one)


@pytest.mark.parametrize(("word", "other"), pairs(NEVER_ONE_KEY))
def test_other_words_have_another_key(word: str, other: str) -> None:
    assert spelling_key(fold(word)) != spelling_key(fold(other))
    assert not is_spelling_of(fold(word), fold(other))


def test_the_tables_hold_pairs_enough_to_judge_by() -> None:
    assert len(pairs(ONE_WORD)) >= 140
    assert len(pairs(DIFFERENT_WORDS)) >= 90


# What keys and HAS_KEY look at, with enough around it.
TERMS = st.text(
    "ァアィイウヴエオカガキケサシセチッティテデトフバビベボマヤャワヰヱーー・ヶ斎齋齊渡辺邊関原京習习々のがaéç\U000e0100\ufe00",
    min_size=1, max_size=8,
).map(fold).filter(bool)


@given(st.lists(TERMS, max_size=20))
def test_every_term_with_a_key_of_its_own_is_found(terms: list[str]) -> None:
    found = set(HAS_KEY.findall("\n".join(terms)))
    assert found <= set(terms)
    assert {term for term in terms if spelling_key(term) != term} <= found


@given(TERMS, TERMS)
def test_only_terms_with_one_key_are_ever_one_word(typed: str, other: str) -> None:
    assert is_spelling_of(typed, other) == is_spelling_of(other, typed)
    assert is_spelling_of(typed, typed)
    if is_spelling_of(typed, other):
        assert spelling_key(typed) == spelling_key(other)


@given(st.text(max_size=12).map(fold))
def test_any_text_has_a_key(term: str) -> None:
    assert bool(spelling_key(term)) == bool(re.sub("[\ufe00-\ufe0f\U000e0100-\U000e01ef]", "", term))


def test_plain_terms_are_their_own_key() -> None:
    for term in ("大統領", "停戦", "ロシア", "nato", "#20000", "@2024-04", "為る"):
        assert spelling_key(term) == term


def test_no_character_has_two_usual_forms() -> None:
    usual: dict[str, str] = {}
    for table in load_data("kanji").values():
        for word in table.split():
            assert len(word) > 1, word
            for other in word[1:]:
                assert usual.setdefault(other, word[0]) == word[0]
                assert unicodedata.normalize("NFKC", other) == other, "Unicode makes them one already"
    assert not set(usual) & set(usual.values())


def test_all_old_forms_of_the_official_table_are_there() -> None:
    """常用漢字表 gives 364 characters an old form. Those that are not here are one character to Unicode (神, 福)."""
    joyo = load_data("kanji")["joyo"].split()
    assert sum(len(word) - 1 for word in joyo) >= 300
