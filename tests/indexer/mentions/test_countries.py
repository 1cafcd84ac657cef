"""Which words name a country: whole names, and the abbreviations of newspapers."""

from __future__ import annotations

import pytest
from babel import Locale

from indexer.mentions import find_names
from indexer.mentions.countries import countries
from search.articles import Part
from search.japanese.tokens import units
from search.names import bundled_entities


def named(text: str) -> list[str]:
    """Each country found, as the words and the code: 米=US."""
    return [f"{text[one.start:one.end]}={one.entity_id}" for one in countries(text, units(text))]


def named_in_article(text: str) -> list[str]:
    """The same among all other names of the text."""
    names = find_names([Part(0, False, text)], [units(text)])
    return [f"{name.surface}={name.entity_id}" for name in names if name.kind == "country"]


@pytest.mark.parametrize(("text", "expected"), [
    # whole names, and newspapers' own
    ("ロシアのウクライナ侵攻", "ロシア=RU ウクライナ=UA"),
    ("米国と英国、それにアメリカ", "米国=US 英国=GB アメリカ=US"),
    ("アメリカ合衆国の首都", "アメリカ合衆国=US"),
    ("アメリカ合衆国大統領の演説", "アメリカ合衆国=US"),
    ("北朝鮮と韓国", "北朝鮮=KP 韓国=KR"),
    ("朝鮮民主主義人民共和国", "朝鮮民主主義人民共和国=KP"),
    ("中華人民共和国の建国", "中華人民共和国=CN"),
    ("豪州の選挙", "豪州=AU"),
    ("南アフリカの鉱山", "南アフリカ=ZA"),
    ("南アの大統領", "南ア=ZA"),
    ("中央アフリカで起きた", "中央アフリカ=CF"),
    ("ビルマの竪琴", "ビルマ=MM"),
    ("コソボの独立", "コソボ=XK"),
    ("パレスチナの国家承認", "パレスチナ=PS"),
    ("アラブ首長国連邦（UAE）", "アラブ首長国連邦=AE UAE=AE"),
    ("ＵＡＥの原油", "ＵＡＥ=AE"),
    ("ＮＺの首相", "ＮＺ=NZ"),
    ("ボスニア・ヘルツェゴビナの内戦", "ボスニア・ヘルツェゴビナ=BA"),
    ("トリニダード・トバゴの選手", "トリニダード・トバゴ=TT"),
    ("パプアニューギニアの地震", "パプアニューギニア=PG"),
    ("隣国DRCを起源とするエボラ", "DRC=CD"),
    ("赤道ギニアとギニアビサウ", "赤道ギニア=GQ ギニアビサウ=GW"),
    ("南スーダンとスーダン", "南スーダン=SS スーダン=SD"),
    ("ドミニカ共和国とドミニカの打者", "ドミニカ共和国=DO ドミニカ=DO"),
    ("コンゴ民主共和国とコンゴ共和国とコンゴ", "コンゴ民主共和国=CD コンゴ共和国=CG コンゴ=CD"),
    ("ジョージアの首都トビリシ", "ジョージア=GE"),
    ("セルビア共和国の首都", "セルビア共和国=RS"),
    ("台湾の総統選と香港のデモ", "台湾=TW 香港=HK"),
    # other spellings, older names
    ("ヴェトナムとヴィエトナム", "ヴェトナム=VN ヴィエトナム=VN"),
    ("コートディヴォワールとコートディボワール", "コートディヴォワール=CI コートディボワール=CI"),
    ("グルジアと白ロシア", "グルジア=GE 白ロシア=BY"),
    ("キルギスタンの首都", "キルギスタン=KG"),
    ("スロヴァキアの議会", "スロヴァキア=SK"),
    ("ヴァチカンの発表", "ヴァチカン=VA"),
    ("アフガンの難民", "アフガン=AF"),
    ("大英帝国の版図", "大英帝国=GB"),
    ("アメリカ領サモアの津波", "アメリカ領サモア=AS"),
    # states that are no more; 旧 is no part of the name
    ("旧ソ連の崩壊", "ソ連=soviet-union"),
    ("旧東ドイツの秘密警察", "東ドイツ=east-germany"),
    ("旧ユーゴの内戦", "ユーゴ=yugoslavia"),
    ("セルビア・モンテネグロの代表", "セルビア・モンテネグロ=serbia-and-montenegro"),
    ("満州国の皇帝", "満州国=manchukuo"),
    # people, governments, forces, money: the country is named
    ("ロシア人の男と日本人3人", "ロシア=RU 日本=JP"),
    ("中国側は拒否した", "中国=CN"),
    ("ロシア軍とアメリカ軍が撤退", "ロシア=RU アメリカ=US"),
    ("イスラエル政府とパレスチナ自治政府", "イスラエル=IL パレスチナ自治政府=PS"),
    ("日本代表が勝った", "日本=JP"),
    ("脱中国と反ロシアの動き", "中国=CN ロシア=RU"),
    ("米国大統領の演説", "米国=US"),
    ("韓国軍の発表", "韓国=KR"),
    ("カナダドルと日本円と米ドル", "カナダ=CA 日本=JP 米=US"),
    ("サッカーブラジル代表", "ブラジル=BR"),
    ("アンナ選手(ロシア)が優勝", "ロシア=RU"),
    ("イラン・イラク国境で", "イラン=IR イラク=IQ"),
    ("ロシア・プーチン大統領の演説", "ロシア=RU"),
    ("タイ・バンコクの病院", "タイ=TH"),
    # one letter before a word
    ("米軍の基地", "米=US"),
    ("英紙の報道", "英=GB"),
    ("仏大統領が来日", "仏=FR 日=JP"),
    ("独首相と伊首相と豪首相", "独=DE 伊=IT 豪=AU"),
    ("露大統領とロ外相", "露=RU ロ=RU"),
    ("印首相は表明した", "印=IN"),
    ("トランプ米大統領とマクロン仏大統領", "米=US 仏=FR"),
    ("米国務長官と米国防総省", "米=US 米=US"),
    ("米グーグルと韓サムスン電子", "米=US 韓=KR"),
    ("英BBC放送と米ＣＮＮテレビ", "英=GB 米=US"),
    ("米大リーグの試合", "米=US"),
    ("米ニューヨークと米カリフォルニア州と米・フロリダ州", "米=US 米=US 米=US"),
    ("米東部時間の5日", "米=US"),
    ("米中西部の竜巻", "米=US"),
    ("米女優の訃報", "米=US"),
    ("米第7艦隊", "米=US"),
    ("65万豪ドルの罰金", "豪=AU"),
    ("英「ガーディアン」は伝えた", "英=GB"),
    # one letter after another word
    ("首相が訪米した", "米=US"),
    ("訪中団が訪ロを中止", "中=CN ロ=RU"),
    ("対ロ制裁と対中関税", "ロ=RU 中=CN"),
    ("在日米軍と在韓米軍", "日=JP 米=US 韓=KR 米=US"),
    ("駐日大使と駐米大使と駐中大使", "日=JP 米=US 中=CN"),
    ("反日デモと嫌韓の本", "日=JP 韓=KR"),
    ("親米政権と親ロ派", "米=US ロ=RU"),
    ("全米に広がる", "米=US"),
    ("日系人と日系企業", "日=JP 日=JP"),
    # several letters
    ("米中首脳会談", "米=US 中=CN"),
    ("日米韓の3カ国", "日=JP 米=US 韓=KR"),
    ("日中韓首脳会談と韓中日首脳会談", "日=JP 中=CN 韓=KR 韓=KR 中=CN 日=JP"),
    ("中ロの接近と中露の接近", "中=CN ロ=RU 中=CN 露=RU"),
    ("英仏独の外相", "英=GB 仏=FR 独=DE"),
    ("露朝の軍事協力と日朝首脳会談", "露=RU 朝=KP 日=JP 朝=KP"),
    ("日米豪印", "日=JP 米=US 豪=AU 印=IN"),
    ("日米欧の中央銀行", "日=JP 米=US"),
    ("印パ国境", "印=IN パ=PK"),
    ("米ソ冷戦", "米=US ソ=soviet-union"),
    ("日中関係は", "日=JP 中=CN"),
    ("日独の学者", "日=JP 独=DE"),
    ("日韓戦に勝つ", "日=JP 韓=KR"),
    ("米英軍の空爆", "米=US 英=GB"),
    ("米、英、仏の3カ国", "米=US 英=GB 仏=FR"),
    ("仏、西、伊から出航", "仏=FR 西=ES 伊=IT"),
    ("米・英・仏", "米=US 英=GB 仏=FR"),
    ("反発する中、中国は", "中国=CN"),
    ("米、イランを攻撃", "米=US イラン=IR"),
    ("日・EU首脳と日EU協定", "日=JP 日=JP"),
])
def test_a_country_is_named(text: str, expected: str) -> None:
    assert named(text) == expected.split()


@pytest.mark.parametrize("code", [
    code for code, name in Locale("ja").territories.items()
    if code in bundled_entities() and code not in ("AQ", "AW", "JE", "NU", "PS", "TK")   # often something else
])
def test_every_country_is_found_by_its_official_name(code: str) -> None:
    official = Locale("ja").territories[code].split(" (")[0].split("(キ")[0].split("(ブ")[0]
    name = official if "ココス" not in Locale("ja").territories[code] else "ココス諸島"
    assert named(f"{name}の首都で会談した。") == [f"{name}={code}"]


@pytest.mark.parametrize("text", [
    "日本経済新聞の記事", "日本テレビの番組", "日本銀行の総裁", "中国新聞の記事", "日本サッカー協会の会長",
])
def test_a_country_inside_the_name_of_a_body_is_not_named_in_an_article(text: str) -> None:
    assert named_in_article(text) == []


@pytest.mark.parametrize("text", [
    "ロシアのウクライナ侵攻", "在日米軍の再編", "日米韓の3カ国", "トランプ米大統領", "米、イランを攻撃",
    "会議中に発言した",
])
def test_among_the_other_names_of_an_article_it_is_the_same(text: str) -> None:
    assert named_in_article(text) == named(text)


def test_a_ministry_after_a_country_is_that_country_s() -> None:
    text = "ロシア国防省と米国防総省、日本の外務省"
    names = find_names([Part(0, False, text)], [units(text)])
    assert [(n.surface, n.name) for n in names if n.kind == "organization"] == [
        ("国防省", "ロシア国防省"), ("国防総省", "米国防総省"), ("外務省", "外務省"),
    ]
