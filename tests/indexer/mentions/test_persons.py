"""Which words name a person, in sentences one by one, and whom they are linked to."""

from __future__ import annotations

from itertools import pairwise

import pytest

from indexer.mentions import find_names
from search.articles import Part
from search.japanese.tokens import units


def persons(text: str) -> list[str]:
    return [name.surface for name in find_names([Part(0, False, text)], [units(text)]) if name.kind == "person"]


def linked(*texts: str) -> list[str]:
    """Each person mention as the words, and the bundled id or the name it goes by."""
    parts = [Part(number, False, text) for number, text in enumerate(texts)]
    found = find_names(parts, [units(part.text) for part in parts])
    return [f"{name.surface}={name.entity_id or name.name}" for name in found if name.kind == "person"]


@pytest.mark.parametrize(("text", "expected"), [
    # full names
    ("安倍晋三首相が演説した", "安倍晋三"),
    ("石破茂氏は", "石破茂"),
    ("歌手の近藤真彦さんが出席", "近藤真彦"),
    ("セルゲイ・ラブロフ外相", "セルゲイ・ラブロフ"),
    ("アナトリー・ゴルスコフ氏", "アナトリー・ゴルスコフ"),
    ("ジョージ・W・ブッシュ大統領", "ジョージ・W・ブッシュ"),
    ("バッシャール・アル＝アサド大統領", "バッシャール・アル＝アサド"),
    ("教皇ベネディクト16世は", "ベネディクト16世"),
    ("文在寅大統領と金正恩総書記", "文在寅 金正恩"),
    ("尹錫悦大統領", "尹錫悦"),
    ("金与正氏の談話", "金与正"),
    ("会で、金正恩氏が", "金正恩"),
    ("ノバク・ジョコビッチ選手", "ノバク・ジョコビッチ"),
    ("韓悳洙首相", "韓悳洙"),
    ("若林一行容疑者（29）", "若林一行"),
    ("建築家の佐藤穣一さん", "佐藤穣一"),
    # short names: the title is not part of the name
    ("習主席と習氏", "習 習"),
    ("ラヴロフ外相", "ラヴロフ"),
    ("トランプ次期米大統領", "トランプ"),
    ("トランプ政権の高官", "トランプ"),
    ("安倍元首相の国葬", "安倍"),
    ("ケーラー大統領", "ケーラー"),
    ("ヒース元首相", "ヒース"),
    ("逮捕されたのは山口容疑者", "山口"),
    ("山田太郎（45）が逮捕された", "山田太郎"),
    # surnames that are places too: the title decides
    ("福島氏は語った", "福島"),
    ("香川選手が得点", "香川"),
    ("石原都知事", "石原"),
    ("小池都知事", "小池"),
    ("池田会長", "池田"),
    # things and firms that are persons before 氏
    ("マスク氏の発言", "マスク"),
    ("ライス国務長官", "ライス"),
    # brackets, colons and spaces end a name
    ("佐藤（首相補佐官）", "佐藤"),
    ("小泉純一郎 首相", "小泉純一郎"),
    ("米国のスティーブ・ウィトコフ特使", "スティーブ・ウィトコフ"),
    ("イスラエルのネタニヤフ首相、米国のトランプ大統領", "ネタニヤフ トランプ"),
    ("マット・ウタイ元選手", "マット・ウタイ"),
    ("チャド・スミス氏", "チャド・スミス"),
    ("桂米朝さん", "桂米朝"),
    # all of a name whose end would be one with the title
    ("所ジョージ氏", "所ジョージ"),
    ("ビートたけし監督", "ビートたけし"),
    ("ピエール瀧被告", "ピエール瀧"),
    ("ラモス瑠偉監督", "ラモス瑠偉"),
    ("クルム伊達公子選手", "クルム伊達公子"),
    ("GACKTさんは", "GACKT"),
    ("ジェフ千葉・クゼ監督", "クゼ"),
    # who wrote what is cited, as sources run it together
    ('読売新聞、2005年9月1日。JohnThavis"Beforehisdeath,popeprayedto"。CNS', "JohnThavis"),
    ('TsegayeTadesseandDavidMageria"TwodeadinfreshEthiopiaunrest"。', "TsegayeTadesse DavidMageria"),
    ('FerdinandSmith"Ethiopia"。\nLuziAnnJavier,AP"TyphoonChebi"', "FerdinandSmith LuziAnnJavier"),
])
def test_a_person_is_named(text: str, expected: str) -> None:
    assert persons(text) == expected.split()


@pytest.mark.parametrize("text", [
    "千葉県知事は", "福島県は復興した", "福島知事は", "川崎市長は",
    "香川県の島", "竹島の領有権", "長野の山", "石川県警は",
    "大統領は語った", "両首脳は", "同氏は述べた", "歴代首相", "次期大統領", "新大統領の就任", "首相と外相が会談した",
    "伊首相の発言", "米国務長官は", "仏大統領府", "ローマ教皇は", "トヨタ社長は", "ホンダの社長", "シャープ会長",
    "明治時代の建物", "大正の文化", "ボスニア・ヘルツェゴビナ", "プロテニス選手", "サッカー選手", "ワールドカップ優勝",
    "スノウ・ヒル駅", "日本代表監督", "みなさんへ", "国民の皆さん", "佐賀新聞", "トルコ大統領選",
    "スーダンのエル・ファーシャにおける包囲", "EU諸国とキーウもこの動きを歓迎した", "ハルキウ近郊の村",
    'AssociatedPress"NoFatalities"。TheGuardian"Journalistmissing"', 'EnglishWikinews"Report"',
    "ヘリコプター・ドクター", "メキシコ・シティ", "ニューヨーク・タイムズ紙", "A容疑者",
])
def test_no_person_is_named(text: str) -> None:
    assert persons(text) == []


@pytest.mark.parametrize(("texts", "expected"), [
    # a title is enough where only one bears it
    (["プーチン大統領"], "プーチン=vladimir-putin"),
    (["習主席、習国家主席、習氏"], "習=xi-jinping 習=xi-jinping 習=xi-jinping"),
    (["ラヴロフ外相とラブロフ氏"], "ラヴロフ=sergey-lavrov ラブロフ=sergey-lavrov"),
    (["ボロディミル・ゼレンスキー氏"], "ボロディミル・ゼレンスキー=volodymyr-zelensky"),
    (["安倍首相"], "安倍=abe-shinzo"),
    (["菅首相"], "菅=菅"),                                        # there were two
    (["ローマ教皇フランシスコ"], "フランシスコ=pope-francis"),
    # the article's own full name is stronger than any bundled one
    (["トランプ・ジュニア氏に会った", "ドナルド・トランプ大統領", "トランプ氏"],
     "トランプ・ジュニア=トランプ・ジュニア ドナルド・トランプ=donald-trump トランプ=donald-trump"),
    (["山田太郎市議は", "山田氏は", "太郎さんは"], "山田太郎=山田太郎 山田=山田太郎 太郎=山田太郎"),
    (["マット・ウタイ選手", "ウタイ氏"], "マット・ウタイ=マット・ウタイ ウタイ=マット・ウタイ"),
    # the headline comes before the full name
    (["高市氏が勝利", "高市早苗首相は"], "高市=takaichi-sanae 高市早苗=takaichi-sanae"),
    # two kanji may be a surname or all of a name
    (["林鄭月娥（キャリー・ラム）行政長官は", "林鄭氏は"],
     "林鄭月娥=carrie-lam キャリー・ラム=carrie-lam 林鄭=carrie-lam"),
    (["李鵬首相は", "李克強首相は"], "李鵬=li-peng 李克強=li-keqiang"),
    # bare words that are names elsewhere
    (["トランプの関税", "トランプ大統領は"], "トランプ=donald-trump トランプ=donald-trump"),
    (["トランプで遊ぶ"], ""),
    # two of one surname: the title tells them apart, then the last one named
    (["安倍晋三首相と安倍昭恵夫人", "安倍首相は", "昭恵夫人は"],
     "安倍晋三=abe-shinzo 安倍昭恵=abe-akie 安倍=abe-shinzo 昭恵=abe-akie"),
    (["田中一郎容疑者と田中花子さん", "田中容疑者は", "田中さんは"],
     "田中一郎=田中一郎 田中花子=田中花子 田中=田中一郎 田中=田中花子"),
    (["佐藤健一さんが語った", "佐藤さんは笑った", "佐藤美香さんも", "佐藤さんは"],
     "佐藤健一=佐藤健一 佐藤=佐藤健一 佐藤美香=佐藤美香 佐藤=佐藤美香"),
])
def test_a_short_name_goes_to_the_full_one(texts: list[str], expected: str) -> None:
    assert linked(*texts) == expected.split()


def test_the_same_article_gives_the_same_names_in_order_without_overlap() -> None:
    texts = ["ロシアのラブロフ外相は北京で習近平国家主席と会談した。", "習氏は国連安全保障理事会で米軍を非難した。"]
    parts = [Part(number, False, text) for number, text in enumerate(texts)]
    found = find_names(parts, [units(text) for text in texts])
    assert found == find_names(parts, [units(text) for text in texts])
    for name in found:
        assert texts[name.part][name.start:name.end] == name.surface
    for earlier, later in pairwise(found):
        assert (earlier.part, earlier.end) <= (later.part, later.start) or earlier.part < later.part
