"""Distil Sudachi's synonym dictionary into search/data/synonyms/sudachi.txt.

    npm pack sudachi-synonyms-dictionary@18.0.0 && tar xzf sudachi-synonyms-dictionary-18.0.0.tgz
    python tools/distil_synonyms.py package/sudachi-synonyms-dictionary.json ARCHIVE > search/data/synonyms/sudachi.txt

ARCHIVE is any archive of Japanese news: a group is kept if enough of its words occur there. What is dropped besides:
what the tables written for Kijigura have, words in Latin letters that are no abbreviation, names of persons and
countries, subjects that are no news (dishes, clothes, colours), words flagged as offensive, wrong or not to be used,
words that stand in two groups and so mean two things, and spellings that Sudachi itself makes one.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from search.japanese.spelling import fold
from search.japanese.synonyms import Group, groups_of
from search.japanese.tokens import units
from search.japanese.variants import spelling_key

TABLES = Path(__file__).parent.parent / "search" / "data" / "synonyms"
HEAD = """\
# Synonyms and abbreviations out of the Sudachi synonym dictionary (SudachiDict), made by tools/distil_synonyms.py from
# the npm package sudachi-synonyms-dictionary 18.0.0.
#
# Copyright (c) 2017 Works Applications Co., Ltd., github.com/WorksApplications/SudachiDict; the package is by azu.
# Licensed under the Apache License, Version 2.0: http://www.apache.org/licenses/LICENSE-2.0. Changed: most groups and
# words are left out.
#
# One group a line: " / " between the forms of one word, the long one first, " | " between synonyms.
"""

NO_NEWS = frozenset(
    "人名 国名 地名 料理 ファッション 音楽 娯楽 色 単位 時間 美容 地形 店 店名 キャラ 不快 動植物 商品 旧企業名".split()
)
NAMES = frozenset(["企業名", "大学名", "組織名", "旧組織名"])
MIN_ARTICLES = 2

# Of the groups of several words (not of one word in several forms), those whose words may answer for each other in a
# newspaper, by one of their words. All 535 were read; the rest are translations (会社, カンパニー), opposites in use
# (国民投票, 住民投票) or merely near (保護, 防衛).
SYNONYMS = frozenset("""
    アドバイス インターネットバンキング インフレーション エアライン エッセー オリンピック オークション
    ガソリンスタンド クレーム ケーブルテレビ シンボル スターティングメンバー スポーツ新聞 ゼネラルマネージャー
    ノーヒットノーラン パーツ ヒアリング フォアボール ブルーレイ プレイングマネジャー マネーロンダリング ランナー
    リニューアル リリーフ投手 リーダーシップ レイプ ワールドカップ 下落 亀裂 予想 仲裁 住宅地 作物 保育園 候補者 冗談
    処遇 刊行 利子 創立 医師 原料 原油高 双子 収監 在学 地デジ 地方紙 大リーグ 大企業 大卒 天気 夫婦 審判員 広告 怪我
    急死 悪天候 悪臭 情報流出 憎悪 懐妊 戦犯 手紙 拒否 持ち株会社 捏造 掃除 散弾銃 断言 旅行代理店 晴れ 未払い 本名
    東日本大震災 根絶 死因 死体 水死 永久 決心 法改正 注文 活動費 活性化 減給 演説 火災 無駄遣い 照会 疾病 破損 知人
    礼拝堂 税金 立ち入り禁止 立ち退き 経営破綻 緊急事態 緊急時 育児 脅迫 自供 興味 落胆 著書 著者 葬式 薬剤 被災 補填
    解決 解任 話し合い 誤解 巨人軍 論争 謝罪 財産 貨幣 賭博 転居 転換期 遅延 運転手 配達 銀行員 長生き 関連企業 闇市
    雪解け 電子メール 電子商取引 駐車場 騎手 高齢者 生誕地 最貧国
""".split())

# Words that mean something else as well, or that no newspaper prints.
DROPPED = frozenset("""
    教育長 教育委員長 台車 ナマポ 日清 エネ アポ ユニ ユニバ リボ メッセ コンビ コンピ コーポ プロファイ ノーパソ 経企
    総務 コミュ アクセ デフォ リピ リプ スレ ポッケ ニコ動 サ終 パナ プロモ ナレ ミクロ インハイ エンブレ ガソスタ
    エスカレ レセ グラデ マーケ ジム 高速道 ローゼン 中古 出所 出処 伯母 叔母 おば 伯父 叔父 おじ 開始 スフ キャパ
    トピックス マーズ サーズ カンテレ 急行 共産 自民 社民 民進 新交通 中交 中央交通 西空 三洋電機 sanyo 上交 日道 日紙
    日本紙 海洋大 理大 産大 工科大 田大 神国大 ルー大 呆れ あきれ ばか 馬鹿 レズ ホムペ ネゴ 進研 バリオ オクラ
    オークラ ロボ チャリ チャリンコ でぶ メンヘル ダンマク イロイロ 両目 両眼 両足 両脚 後肢 後脚 後足 後ろ足 家電機器
    家電品 家電製品 中日放送 道路 付け替え 中央委 特学 通教 車販 学調 経験 ライオンズ ドラゴンズ タイガース ホークス
    ファイターズ 年報 卒後 卒業後 施規 特会 特快 三セク 労働局 生保会社 厚保 介保 知財権 プロ 一流 あみ アミ いぼ イボ
    おに オニ どこ ドコ オライアン 換え 替え かえ かきこ 滞納 怠納 メンス かんがえ メール エアフォース 燃えつき
    燃え尽き ナビ バク 海保庁 信毎 北神 北急 手取 手取り 打揚げ 打ち上げ はさみ 剪刀 御蔭 お蔭 メルアド ヤマ発
    介護保険法 下電 シモデン 下電バス 台灣車輛 咳止め せき止め うつ ウツ がん ガン マンモ 書きかえ 日傭 サガテレビ
    オリコ みずほ証 みずほsc uトラ 日デ 仙台放 tbsラ 出禁 出入禁止 出入り禁止 メーカー バクチ 博奕 新・旧 1度 一度 1級
    一級 1次選考 一次選考 乗りつぎ 乗継ぎ 葉巻き煙草 葉巻 エイベghd 乗り継ぎ 切りあげ 切り上げ 取りいれ 取りさげ
    取りよせ 差しかえ 差換え 差しもどし 折りかえし プロフ 見なおし メロブ バリオセキュア jr海 jr北 jr東 jr西 jr九 日製
    レスビアン スペシャル 特保 名大 明大 中大 日大 サンタ ナチ 年次報告書 ホッカ 気候 移住 突然死 出身地 オーダー 遅れ
    銀行家 行員 メイル 麒麟 麒麟麦酒 ポル語 アク禁 スタダ 学研 バイト先 国年 厚年
""".split())


def main(dictionary: Path, archive: Path) -> None:
    groups = [group["items"] for group in json.loads(dictionary.read_text("utf-8"))]
    of_group = [list(kept_words(items)) for items in groups]
    in_groups = Counter(word for words in of_group for word in {spelling(item["midashi"]) for item in words})
    occurs = articles_with({item["midashi"] for words in of_group for item in words}, archive)
    tables = {path: tomllib.loads(path.read_text("utf-8")) for path in TABLES.glob("*.toml")}
    ours = [group for path, table in tables.items() for group in groups_of(table, path)]
    lines = sorted({line for words in of_group if (line := group_line(words, in_groups, occurs, ours))})
    sys.stdout.write(HEAD + "".join(f"{line}\n" for line in lines))


def kept_words(items: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Those of a group that a Japanese newspaper may print."""
    for item in items:
        word = item["midashi"]
        is_university = "大学名" in item["bunya"]
        is_latin = all(ord(char) < 0x250 for char in word)
        if (
            (item["expandControl"] == 0 or (item["expandControl"] == 1 and is_university and word.endswith("大")))
            and not NO_NEWS & set(item["bunya"])
            and item["gokeiSyubetsu"] not in ("間違い", "対訳")
            and item["hyoukiYure"] != "間違い表記"
            and item["taigenYogen"] == "体言"
            and (not is_latin or (item["ryakusyou"] != "代表語形" and word.isupper()))
            and len(word) > 1
            and fold(word) not in DROPPED
            and not (is_university and len(word) == 2)      # 広大, 盛大, 長大 are words
            and not set(word) & set("/|#\t\n")
        ):
            yield item


def spelling(word: str) -> str:
    """What Sudachi and `spelling_key` make of a word: two with one of these need no line."""
    return " ".join(spelling_key(short.term) for unit in units(word) for short in unit.shorts if short.term)


def group_line(
    words: list[dict[str, Any]], in_groups: Counter[str], occurs: Counter[str], ours: list[Group],
) -> str:
    """The group as the file has it, "" for one that is not kept."""
    lexemes: dict[int, list[dict[str, Any]]] = defaultdict(list)
    seen: set[str] = set()
    for item in words:
        form = spelling(item["midashi"])
        if form and form not in seen and in_groups[form] == 1:
            seen.add(form)
            # What it was once called (環境庁) is no abbreviation of it.
            is_former = item["gokeiSyubetsu"] == "旧称"
            lexemes[-1 if is_former else item["vocabularyNumber"] or 0].append(item)
    if len([number for number in lexemes if number >= 0]) > 1 and not SYNONYMS & {item["midashi"] for item in words}:
        return ""
    is_name = any(NAMES & set(item["bunya"]) for item in words)
    kept = []
    for items in lexemes.values():
        if any(occurs[item["midashi"]] >= MIN_ARTICLES for item in items):
            kept.append(items)
    words_kept = {item["midashi"] for items in kept for item in items}
    if any(words_kept <= set(group.found) for group in ours):
        return ""
    if not kept or (len(kept) == 1 and len(kept[0]) == 1) or (is_name and len(kept) > 2):
        return ""
    return " | ".join(
        " / ".join(
            item["midashi"] for item in sorted(items, key=lambda item: item["ryakusyou"] != "代表語形")
        )
        for items in kept
    )


def articles_with(words: set[str], archive: Path) -> Counter[str]:
    """In how many articles each of the words occurs, as characters."""
    by_start: dict[str, set[int]] = defaultdict(set)
    for word in words:
        by_start[word[:2]].add(len(word))
    counts: Counter[str] = Counter()
    reader = sqlite3.connect(f"{(archive / 'articles.sqlite').resolve().as_uri()}?mode=ro", uri=True)
    for title, sections in reader.execute("SELECT title, sections FROM content"):
        text = "\n".join([title, *(section["text"] for section in json.loads(sections))])
        counts.update({
            text[at:at + length]
            for at in range(len(text)) for length in by_start.get(text[at:at + 2], ()) if text[at:at + length] in words
        })
    return counts


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
