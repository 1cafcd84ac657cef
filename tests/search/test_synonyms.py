"""The other words for a typed word; and the spellings that Sudachi makes one by itself."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from search.errors import UsageError
from search.japanese.spelling import fold
from search.japanese.synonyms import TABLE_NAME, Synonyms, forms
from search.japanese.tokens import units
from search.query.forms import Form

TABLES = files("search") / "data" / "synonyms"


def terms(word: str) -> tuple[str, ...]:
    return tuple(short.term for unit in units(word) for short in unit.shorts if short.term)


def found(word: str) -> set[str]:
    return {form.text for form in forms(word)}


@pytest.mark.parametrize(("typed", "other"), [
    ("日経", "日本経済新聞社"), ("日経", "日本経済新聞"), ("日本経済新聞", "日経"), ("安保理", "国連安全保障理事会"),
    ("国連安全保障理事会", "安保理"), ("安全保障理事会", "安保理"), ("W杯", "ワールドカップ"),
    ("Ｗ杯", "ワールドカップ"), ("ｗ杯", "ワールドカップ"), ("ワールドカップ", "W杯"), ("万博", "万国博覧会"),
    ("大阪万博", "大阪・関西万博"), ("首相", "総理大臣"), ("総理大臣", "首相"), ("内閣総理大臣", "首相"),
    ("外相", "外務大臣"), ("衆院選", "衆議院選挙"), ("五輪", "オリンピック"), ("大リーグ", "メジャーリーグ"),
    ("日銀", "日本銀行"), ("東電", "東京電力"), ("原発", "原子力発電所"), ("地裁", "地方裁判所"), ("県警", "県警察"),
    ("労組", "労働組合"), ("独禁法", "独占禁止法"), ("入管", "入国管理局"), ("国連", "国際連合"),
    ("ＮＡＴＯ", "北大西洋条約機構"), ("EU", "欧州連合"), ("AI", "人工知能"), ("スマホ", "スマートフォン"),
    ("新型コロナウイルス", "コロナ"), ("東大", "東京大学"), ("千葉大", "千葉大学"), ("停戦", "休戦"),
    ("和平", "講和"), ("海自", "海上自衛隊"), ("ドラレコ", "ドライブレコーダー"), ("阪神大震災", "阪神・淡路大震災"),
    ("キエフ", "キーウ"), ("がん", "癌"), ("ごみ", "ゴミ"), ("引越し", "転居"),
    ("先進七か国", "G7"), ("主要7ヶ国", "G7"), ("G7", "主要7カ国"), ("参議院議員選挙", "参院選"),
    ("衆院選", "衆議院議員選挙"), ("米国大統領選挙", "米大統領選"), ("都知事選挙", "都知事選"), ("子供", "児童"),
    ("児童", "子ども"), ("大怪我", "重傷"), ("ノロ", "ノロウイルス"), ("アイフォン", "iPhone"), ("熊", "クマ"),
    ("熊", "くま"), ("熊", "ヒグマ"), ("ゴミ", "廃棄物"), ("ガン", "癌"), ("癌", "ガン"), ("負傷", "怪我"),
    ("けが", "負傷"), ("訃報", "逝去"), ("他界", "死去"), ("集る", "集まる"), ("少い", "少ない"), ("向う", "向かう"),
])
def test_a_typed_word_finds_the_other(typed: str, other: str) -> None:
    assert other in found(typed)


@pytest.mark.parametrize(("typed", "other"), [
    ("台風", "ハリケーン"), ("感染症", "コロナ"), ("感染症", "新型コロナウイルス"), ("会談", "首脳会談"),
    ("平和", "和平"), ("首脳", "首相"), ("大統領", "首相"), ("保護", "防衛"), ("国民投票", "住民投票"),
    ("教育長", "教育委員長"),
    ("無期懲役", "終身刑"),         # 終身刑 finds 無期懲役, and not the other way round
    ("監督", "指揮官"), ("射殺", "殺害"), ("イスラム国", "IS"), ("情報技術", "IT"), ("横浜ベイスターズ", "DeNA"),
    ("死去", "死亡"), ("死亡", "死去"), ("訃報", "死亡"),     # an accident is no obituary
    ("法王", "ローマ法王"), ("コロナ", "新型コロナウイルス"),     # what has the one has the other
    ("偽装", "食品偽装"), ("向こう", "向かう"), ("スタート", "戦略兵器削減条約"),
    ("米", "アメリカ"), ("中国", "中華人民共和国"),       # names have their own tables
])
def test_a_typed_word_does_not_find_what_is_no_answer(typed: str, other: str) -> None:
    assert other not in found(typed)


@pytest.mark.parametrize(("typed", "expected"), [
    ("W杯", Form("ワールドカップ", "abbreviation", 1.0)),
    ("北方四島", Form("北方領土", "synonym", 1.0)),
    ("休戦", Form("停戦", "synonym", 0.7)),
    ("終身刑", Form("無期懲役", "synonym", 0.4)),
    ("買取り", Form("買い取り", "spelling", 1.0)),
    ("助言", Form("アドバイス", "synonym", 0.5)),
    ("更迭", Form("解任", "synonym", 0.4)),
    ("殺人", Form("殺害", "synonym", 0.4)),
    ("死去", Form("訃報", "synonym", 0.4)),
])
def test_a_form_says_why_and_how_much_it_counts(typed: str, expected: Form) -> None:
    assert expected in forms(typed)


def test_of_several_groups_the_highest_weight_counts() -> None:
    """インフレ and インフレーション are one word in one group, synonyms in others."""
    assert next(form for form in forms("インフレ") if form.text == "インフレーション").weight == 1.0


def test_forms_come_by_weight_and_never_twice_nor_as_typed() -> None:
    for table in TABLES.iterdir():
        words = table.read_text("utf-8").replace('"', " ").replace(",", " ").split()
        for word in words[::7]:
            given = forms(word)
            assert [form.weight for form in given] == sorted((form.weight for form in given), reverse=True)
            folded = [fold(form.text) for form in given]
            assert len(folded) == len(set(folded))
            assert fold(word) not in folded


def test_each_word_of_a_group_finds_the_others() -> None:
    for path in TABLES.iterdir():
        if not path.name.endswith(".toml"):
            continue
        for table in tomllib.loads(path.read_text("utf-8")).values():
            for words in (entry.split(" / ") for entry in table if "->" not in entry):
                looked_for = {word: {terms(word), *(terms(form.text) for form in forms(word))} for word in words}
                # NYダウ and ニューヨークダウ have one term as a whole.
                whole = {word: [unit.term for unit in units(word)] for word in words}
                missed = [
                    (word, other) for word in words for other in words
                    # 法王 need not look for ローマ法王, nor 読売新聞 for 読売新聞社.
                    if terms(other) not in looked_for[word] and whole[word] != whole[other] and not any(
                        terms(other)[at : at + len(terms(word))] == terms(word) for at in range(len(terms(other)))
                    )
                ]
                assert not missed


def test_words_without_a_group_have_no_other_form() -> None:
    assert [forms(word) for word in ("", " ", "/", "ぬるぽ", "🍣", "2024年", "a" * 500)] == [()] * 7


def test_the_tables_hold_three_hundred_groups_and_no_entry_twice() -> None:
    entries: list[frozenset[str]] = []
    for path in TABLES.iterdir():
        if path.name.endswith(".toml"):
            for name, table in tomllib.loads(path.read_text("utf-8")).items():
                assert name in ("abbreviations", "same", "spellings", "synonyms", "loose"), path
                entries += [frozenset(map(fold, entry.replace(" -> ", " / ").split(" / "))) for entry in table]
    assert len(entries) >= 300
    assert len(set(entries)) == len(entries), [set(entry) for entry in entries if entries.count(entry) > 1]
    assert all(len(entry) > 1 and all(word and word == word.strip() for word in entry) for entry in entries)


def test_every_entry_says_what_sudachi_does_not_know() -> None:
    for path in TABLES.iterdir():
        if path.name.endswith(".toml"):
            for table in tomllib.loads(path.read_text("utf-8")).values():
                for entry in table:
                    assert len(set(map(terms, entry.replace(" -> ", " / ").split(" / ")))) > 1, entry


def test_the_distilled_table_keeps_its_licence_and_is_small() -> None:
    text = (TABLES / "sudachi.txt").read_text("utf-8")
    assert "Works Applications" in text
    assert "Apache License, Version 2.0" in text
    assert len(text.encode()) < 50_000


# ---- A table of the archive's own ---------------------------------------------------------------


def own(directory: Path, table: str) -> Synonyms:
    (directory / TABLE_NAME).write_text(table, "utf-8")
    return Synonyms.load(directory)


def test_an_archive_without_a_table_has_the_bundled_ones(tmp_path: Path) -> None:
    for synonyms in (Synonyms.load(), Synonyms.load(None), Synonyms.load(tmp_path)):
        assert synonyms.forms("W杯") == forms("W杯")


def test_an_archive_adds_words_of_its_own(tmp_path: Path) -> None:
    synonyms = own(tmp_path, """
        abbreviations = ["記事蔵 / キジグラ"]
        loose = ["台風 -> ハリケーン / サイクロン"]
        synonyms = ["国連総会 / 国連 総会"]
    """)
    assert synonyms.forms("キジグラ") == (Form("記事蔵", "abbreviation", 1.0),)
    assert synonyms.forms("台風") == (Form("ハリケーン", "synonym", 0.4), Form("サイクロン", "synonym", 0.4))
    assert synonyms.forms("ハリケーン") == ()
    assert Form("国連 総会", "synonym", 0.7) in synonyms.forms("国連総会")
    assert synonyms.forms("W杯") == forms("W杯")


def test_an_archive_can_switch_bundled_groups_off(tmp_path: Path) -> None:
    assert "休戦" in found("停戦")
    synonyms = own(tmp_path, 'off = ["停戦 / 休戦", "Ｗ杯"]\nsynonyms = ["W杯 / 世界杯"]')
    assert synonyms.forms("停戦") == ()
    assert synonyms.forms("休戦") == ()
    assert [form.text for form in synonyms.forms("W杯")] == ["世界杯"]
    assert synonyms.forms("ワールドカップ") == ()


def test_a_table_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    assert own(tmp_path, '\ufeffsame = ["甲社 / 乙社"]').forms("甲社")


@pytest.mark.parametrize(("table", "named"), [
    ('same = ["ひとつだけ"]', "ひとつだけ"),
    ('same = ["左 -> "]', "左 -> "),
    ('same = [" -> 右"]', " -> 右"),
    ('same = ["一 -> 二 -> 三"]', "一 -> 二 -> 三"),
    ('same = [""]', "same"),
    ('same = "停戦 / 休戦"', "same"),
    ("same = [1]", "same"),
    ('同義語 = ["停戦 / 休戦"]', "同義語"),
    ("[same]\nx = 1", "same"), ("same = [", "same"),
])
def test_a_bad_table_is_named_with_its_entry(tmp_path: Path, table: str, named: str) -> None:
    with pytest.raises(UsageError) as error:
        own(tmp_path, table)
    assert str(tmp_path / TABLE_NAME) in str(error.value)
    if named != "same = [":
        assert named in str(error.value) or "cannot be read" in str(error.value)


def test_a_table_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / TABLE_NAME).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="cannot be read"):
        Synonyms.load(tmp_path)
    (tmp_path / TABLE_NAME).unlink()
    (tmp_path / TABLE_NAME).mkdir()
    with pytest.raises(UsageError, match="cannot be read"):
        Synonyms.load(tmp_path)


# ---- What Sudachi makes one by itself -----------------------------------------------------------


@pytest.mark.parametrize("spellings", [
    "申し込み 申込み 申込 申しこみ", "取り組み 取組み 取組", "引っ越し 引越し 引越", "受け付け 受付け 受付",
    "売り上げ 売上げ 売上", "打ち合わせ 打合わせ 打合せ", "手続き 手続", "取り扱い 取扱い 取扱",
    "見積もり 見積り 見積", "問い合わせ 問合わせ 問合せ", "切り替え 切替え 切替", "組み合わせ 組合わせ 組合せ",
    "乗り換え 乗換え 乗換", "払い戻し 払戻し 払戻", "振り込み 振込み 振込", "貸し出し 貸出し 貸出",
    "取り消し 取消し 取消", "引き上げ 引上げ", "締め切り 締切り 締切", "割り引き 割引き 割引", "割り当て 割当て 割当",
    "話し合い 話合い", "申し立て 申立て 申立", "立ち入り 立入り 立入", "繰り返し 繰返し", "埋め立て 埋立て 埋立",
    "仕組み 仕組", "明け渡し 明渡し", "入れ替え 入替え 入替", "差し押さえ 差押え 差押さえ", "待ち合わせ 待合せ",
    "書き換え 書換え", "届け出 届出", "行う 行なう", "表す 表わす", "現れる 現われる", "終わる 終る", "変わる 変る",
    "当たる 当る", "起こる 起る", "落とす 落す", "暮らし 暮し", "買い物 買物", "子ども 子供 こども", "附属 付属",
    "聯合 連合", "叡智 英知", "綜合 総合", "障碍 障害 障がい", "訣別 決別", "抛棄 放棄", "叛乱 反乱", "諒解 了解",
    "覚醒剤 覚せい剤", "漏洩 漏えい", "改竄 改ざん", "冤罪 えん罪", "カ月 か月 ヶ月 ヵ月", "カ国 か国 ヶ国 ヵ国",
    "カ所 か所 ヶ所 箇所 個所", "コンピュータ コンピューター", "バイオリン ヴァイオリン", "ウイルス ウィルス",
    "インタビュー インタヴュー", "たばこ タバコ 煙草",
])
def test_sudachi_makes_these_spellings_one(spellings: str) -> None:
    assert len(set(map(terms, spellings.split()))) == 1


@pytest.mark.parametrize("spellings", [
    "引き下げ 引下げ", "取り締まり 取締り", "繰り越し 繰越", "積み立て 積立", "打ち切り 打切り", "買い取り 買取",
    "踏切 踏切り", "受け入れ 受入れ", "差し止め 差止め", "見直し 見なおし", "崖崩れ がけ崩れ", "決着 結着",
    "満州 満洲", "癌 がん", "クマ 熊", "うそ 嘘", "めど 目途", "メモリ メモリー",
])
def test_spellings_that_sudachi_keeps_apart_are_in_the_tables(spellings: str) -> None:
    one, other = spellings.split()
    assert Form(other, "spelling") in forms(one)
    assert Form(one, "spelling") in forms(other)
