"""Lines of a page that are its furniture, and sentences that only look like it."""

from __future__ import annotations

import pytest

from indexer.formats.boilerplate import drop_page_lines, is_page_line


@pytest.mark.parametrize(
    "line",
    [
        *("シェア", "ツイートする", "Facebookでシェア", "LINEで送る", "印刷", "この記事をシェアする"),
        *("（1/3ページ）", "1 2 3 次へ", "次のページへ", "前へ", "続きを読む＞"),
        *("この記事は会員限定です。電子版に登録すると続きをお読みいただけます。", "残り1234文字"),
        *("［会員限定記事］", "有料記事 1204文字"),
        *("無断転載を禁じます。", "Copyright © 見本新聞社 All rights reserved."),
        "本サイト内の記事や画像の無断転載を禁じます。",
        *("【関連記事】港まつり、4年ぶり開催", "関連記事：港まつり、4年ぶり開催", "▶次の記事を読む"),
        *("画像の拡大", "（クリックして拡大）", "ページトップへ戻る", "最終更新: 2024/4/10 15:03"),
        *("コメント（12）", "12件のコメント"),
        *("◇　　◇　　◇", "…", "●もっと読む⇒【写真】港まつり", "紙面をお読みの方は、無料でご利用になれます。"),
        *("タグ : 新聞", "カテゴリー: くらし", "## 広告", "スポンサーリンク", "【社会記事一覧へ】"),
    ],
)
def test_furniture_is_told_by_its_whole_line(line):
    assert is_page_line(line)
    assert drop_page_lines(f"本文が始まる。\n\n{line}\n\n本文が続く。") == "本文が始まる。\n\n本文が続く。"


@pytest.mark.parametrize(
    "line",
    [
        *("市場のシェアは3割だった。", "次の駅まで30キロある。", "広告費は前年より1割減った。", "会員は約3万人いる。"),
        *("印刷会社が発表した。", "ツイートの件数が増えた", "10月の統計", "残り5分で逆転した。"),
        *("関連記事の数が問われている。", "市民は無料で利用できる。", "会員は3割引きで利用できるという。"),
        *("## コメントの力", "（共同）", "3／4 が反対した", "転載された記事は5万件に上る。"),
    ],
)
def test_sentences_and_headings_are_kept(line):
    assert not is_page_line(line)
    assert line in drop_page_lines(f"本文が始まる。\n\n{line}\n\n本文が続く。")


def test_a_heading_that_has_nothing_below_it_goes_with_what_stood_there():
    assert drop_page_lines("本文だ。\n\n## 会員の方へ\n\n続きを読む") == "本文だ。"
