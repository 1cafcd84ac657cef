"""The bundled persons and organizations, and who held which office when: the data files say nothing wrong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import pytest

from search.names import bundled_aliases, bundled_entities, bundled_names, fold_name, load_data

LATIN = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ0-9 .,'’()&-]*[A-Za-zÀ-ɏḀ-ỿ][A-Za-zÀ-ɏḀ-ỿ0-9 .,'’()&-]*")
NOBODY = "-"


def entities(*kinds: str) -> list[str]:
    return [entity.id for entity in bundled_entities().values() if entity.kind in kinds and len(entity.id) > 2]


def terms() -> Iterator[tuple[str, str, list[tuple[date, str]]]]:
    """Where, which office, and who from which day on."""
    for place, offices in load_data("offices").items():
        if place != "same":
            for office, holders in offices.items():
                yield place, office, [(date.fromisoformat(day), who) for day, who in map(str.split, holders)]


def holder(place: str, office: str, day: str) -> str:
    """The bundled person who held the office on that day, or `NOBODY`."""
    for begin, who in reversed(next(found for *key, found in terms() if key == [place, office])):
        if begin <= date.fromisoformat(day):
            return who
    return NOBODY


# --- entities.toml ------------------------------------------------------------------------------------------


def test_there_are_many() -> None:
    assert len(entities("person")) >= 330
    assert len(entities("organization")) >= 190


def test_every_entity_has_an_english_name() -> None:
    named = {entity.id: entity.name_en for entity in bundled_entities().values()}
    assert [entity_id for entity_id, name in named.items() if not name or not LATIN.fullmatch(name)] == []


def test_every_id_is_plain() -> None:
    assert [i for i in entities("person", "organization") if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", i)] == []


def test_no_alias_of_a_person_is_redundant() -> None:
    """What `fold_name` takes for the same is found already."""
    for entity_id in entities("person"):
        folded = Counter(map(fold_name, bundled_names(entity_id)))
        assert [alias for alias, times in folded.items() if times > 1] == [], entity_id


def test_no_alias_of_an_organization_is_listed_twice() -> None:
    """They are found in articles as they are written: タリバン and タリバーン are both needed."""
    for entity_id in entities("organization"):
        name, name_en, *aliases = bundled_names(entity_id)
        assert len({name, *aliases}) == len(aliases) + 1, entity_id
        assert name_en not in aliases, entity_id


def test_no_folded_alias_belongs_to_two_of_one_kind() -> None:
    for alias, ids in bundled_aliases().items():
        kinds = [bundled_entities()[entity_id].kind for entity_id in ids]
        assert len(set(kinds)) == len(kinds), (alias, ids)


def test_nobody_is_known_by_one_letter_or_an_honorific() -> None:
    for entity_id in entities("person"):
        for name in bundled_names(entity_id):
            assert len(fold_name(name)) > 1, entity_id
            assert not re.fullmatch("[一-龥](さん|さま|大統領|首相)", name) or name in ONE_OF_THE_NAME, name


# Surnames of one character that only one head of state or government ever had.
ONE_OF_THE_NAME = frozenset("森首相 温首相 朱首相 文大統領 尹大統領".split())


@pytest.mark.parametrize("typed", [
    "李大統領", "朴大統領", "盧大統領", "金大統領", "李首相",      # more than one of them was it
    "菅首相", "福田首相", "鳩山首相", "田中首相", "加藤官房長官", "河野外相", "林外相",
    "ブラウン首相", "シャリフ首相", "ペレス大統領", "カストロ議長", "マーティン首相", "サンチェス首相",
    "民主党", "民進党", "共産党", "労働党", "保守党", "国民党", "社会民主党", "公正発展党", "人民党",
    "Kim", "Lee", "Khan", "Singh", "May", "Brown", "Johnson", "Park",
    "官邸", "国会", "衆院", "最高裁", "イスラエル軍",
])
def test_what_may_mean_another_is_no_alias(typed: str) -> None:
    assert fold_name(typed) not in bundled_aliases()


@pytest.mark.parametrize(("typed", "entity_id"), [
    ("安倍首相", "abe-shinzo"), ("森首相", "mori-yoshiro"), ("村山富市", "murayama-tomiichi"),
    ("岸田外相", "kishida-fumio"),
    ("木原官房長官", "kihara-minoru"), ("林官房長官", "hayashi-yoshimasa"), ("植田総裁", "ueda-kazuo"),
    ("蓮舫", "renho"),
    ("小池都知事", "koike-yuriko"), ("髙市総理", "takaichi-sanae"), ("雅子さま", "empress-masako"),
    ("大谷翔平", "ohtani-shohei"),
    ("イチロー", "suzuki-ichiro"), ("ゴーン被告", "carlos-ghosn"), ("Ghosn", "carlos-ghosn"),
    ("温首相", "wen-jiabao"), ("习近平", "xi-jinping"), ("楊外相", "yang-jiechi"), ("林鄭月娥", "carrie-lam"),
    ("頼総統", "lai-ching-te"), ("ムン・ジェイン", "moon-jae-in"), ("パククネ", "park-geun-hye"),
    ("イジェミョン", "lee-jae-myung"),
    ("プーチン政権", "vladimir-putin"), ("ショイグ国防相", "sergei-shoigu"), ("ザハロヴァ", "maria-zakharova"),
    ("ティモシェンコ", "yulia-tymoshenko"), ("シュミハリ", "denys-shmyhal"),
    ("サアカシュヴィリ", "mikheil-saakashvili"),
    ("パウエル国務長官", "colin-powell"), ("パウエル議長", "jerome-powell"), ("カーター国防長官", "ash-carter"),
    ("カーター大統領", "jimmy-carter"), ("ペロシ", "nancy-pelosi"), ("クリントン大統領", "bill-clinton"),
    ("クリントン国務長官", "hillary-clinton"), ("マケイン", "john-mccain"), ("ベセント", "scott-bessent"),
    ("トラス首相", "liz-truss"), ("バーナム首相", "andy-burnham"), ("ハリー王子", "prince-harry"),
    ("Merkel", "angela-merkel"),
    ("ドヴィルパン", "dominique-de-villepin"), ("ルドリアン", "jean-yves-le-drian"),
    ("ヴァーデフール", "johann-wadephul"),
    ("ベルルスコーニ", "silvio-berlusconi"), ("教皇フランシスコ", "pope-francis"), ("レオ14世", "pope-leo-xiv"),
    ("オルメルト", "ehud-olmert"), ("ロハニ", "hassan-rouhani"), ("モジタバ師", "mojtaba-khamenei"),
    ("ムバラク", "hosni-mubarak"),
    ("ムシャラフ", "pervez-musharraf"), ("マハティール", "mahathir-mohamad"), ("ユドヨノ", "susilo-bambang-yudhoyono"),
    ("シャインバウム", "claudia-sheinbaum"), ("ムガベ", "robert-mugabe"), ("ラガルド", "christine-lagarde"),
    ("エルバラダイ", "mohamed-elbaradei"), ("フォンデアライエン", "ursula-von-der-leyen"), ("Messi", "lionel-messi"),
    ("全人代", "national-peoples-congress"), ("ブンデスターク", "bundestag"), ("青瓦台", "blue-house"),
    ("エリゼ宮", "elysee-palace"),
    ("モサド", "mossad"), ("クルド労働者党", "pkk"), ("高野連", "japan-high-school-baseball-federation"),
    ("経団連", "keidanren"), ("東証", "tokyo-stock-exchange"), ("JAXA", "jaxa"), ("旧統一教会", "unification-church"),
    ("中道改革連合", "centrist-reform-alliance"), ("社民党", "social-democratic-party-japan"), ("ＩＣＰＯ", "interpol"),
])
def test_an_alias_leads_to_whom_it_means(typed: str, entity_id: str) -> None:
    assert bundled_aliases()[fold_name(typed)] == (entity_id,)


@pytest.mark.parametrize("entity_id", [
    "kremlin", "white-house", "prime-ministers-office-japan", "downing-street", "elysee-palace", "blue-house",
    "zhongnanhai",
])
def test_seats_of_power(entity_id: str) -> None:
    assert bundled_entities()[entity_id].role == "seat_of_power"


def test_roles_are_of_entities_that_exist_and_of_one_each() -> None:
    ids = [entity_id for ids in load_data("entities")["roles"].values() for entity_id in ids]
    assert len(set(ids)) == len(ids)
    assert [entity_id for entity_id in ids if entity_id not in bundled_entities()] == []


# --- offices.toml -------------------------------------------------------------------------------------------


def test_every_key_is_a_country_or_an_organization() -> None:
    kinds = {place: bundled_entities()[place].kind for place, *_ in terms()}
    assert set(kinds.values()) == {"country", "organization"}


def test_every_holder_is_a_bundled_person() -> None:
    held = {who for *_, holders in terms() for _, who in holders} - {NOBODY}
    assert held <= set(entities("person"))


def test_days_ascend_and_somebody_follows_somebody_else() -> None:
    """Between two terms of one person stands somebody else, or nobody; a list begins with somebody who is known."""
    for place, office, holders in terms():
        days = [day for day, _ in holders]
        assert days == sorted(set(days)), (place, office)
        assert all(before != after for (_, before), (_, after) in pairwise(holders)), (place, office)
        assert all(date(1945, 8, 15) < day < date(2026, 12, 31) for day in days), (place, office)


def test_a_term_is_no_slip_of_the_pen() -> None:
    """At least two days, and no longer than Queen Elizabeth's."""
    for place, office, holders in terms():
        for (begin, who), (end, _) in pairwise(holders):
            assert who == NOBODY or timedelta(2) <= end - begin < timedelta(71 * 365), (place, office, begin)


def test_other_words_are_of_offices_that_exist_and_are_none_themselves() -> None:
    offices = {office for _, office, _ in terms()}
    same: dict[str, list[str]] = load_data("offices")["same"]
    assert set(same) <= offices
    words = [word for others in same.values() for word in others]
    assert len(set(words)) == len(words)
    assert offices.isdisjoint(words)


# The file does not go back to them, or is not about the office.
HELD_ELSEWHERE = frozenset([
    "takeshita-noboru", "nakasone-yasuhiro", "margaret-thatcher", "john-major", "yitzhak-rabin", "khaleda-zia",
    "nicola-sturgeon", "rumen-radev",
])


def test_a_rank_that_an_alias_names_was_held() -> None:
    """Whoever is known as somebody's 首相 held that office somewhere, as far as the file goes back."""
    held = {(who, office) for _, office, holders in terms() for _, who in holders}
    for entity_id in set(entities("person")) - HELD_ELSEWHERE:
        for name in bundled_names(entity_id):
            for office in ("首相", "官房長官", "国務長官", "国防長官", "財務長官", "司法長官", "国家主席", "総統"):
                assert not name.endswith(office) or name.endswith("副" + office) or (entity_id, office) in held, name


@pytest.mark.parametrize(("place", "office", "day", "who"), [
    ("JP", "首相", "2001-04-25", "mori-yoshiro"), ("JP", "首相", "2001-04-26", "koizumi-junichiro"),
    ("JP", "首相", "2007-09-30", "fukuda-yasuo"), ("JP", "首相", "2011-03-11", "kan-naoto"),
    ("JP", "首相", "2012-12-25", "noda-yoshihiko"), ("JP", "首相", "2020-09-15", "abe-shinzo"),
    ("JP", "首相", "2026-08-03", "takaichi-sanae"), ("JP", "首相", "1980-01-01", NOBODY),
    ("JP", "官房長官", "2011-03-11", "edano-yukio"), ("JP", "官房長官", "2019-04-01", "suga-yoshihide"),
    ("JP", "官房長官", "2024-01-01", "hayashi-yoshimasa"), ("JP", "外相", "2006-10-09", "aso-taro"),
    ("JP", "外相", "2016-05-27", "kishida-fumio"), ("JP", "外相", "2022-02-24", "hayashi-yoshimasa"),
    ("JP", "防衛相", "2007-01-08", NOBODY), ("JP", "防衛相", "2011-03-11", "kitazawa-toshimi"),
    ("JP", "防衛相", "2026-01-15", "koizumi-shinjiro"), ("JP", "財務相", "2009-02-14", "nakagawa-shoichi"),
    ("JP", "財務相", "2015-06-01", "aso-taro"), ("JP", "天皇", "2019-04-30", "emperor-akihito"),
    ("JP", "天皇", "2019-05-01", "emperor-naruhito"),
    ("tokyo-metropolitan-government", "都知事", "2014-06-01", "masuzoe-yoichi"),
    ("bank-of-japan", "総裁", "2013-04-04", "kuroda-haruhiko"), ("bank-of-japan", "総裁", "2024-03-19", "ueda-kazuo"),
    ("US", "大統領", "2001-09-11", "george-w-bush"), ("US", "大統領", "2017-01-19", "barack-obama"),
    ("US", "大統領", "2021-01-06", "donald-trump"), ("US", "大統領", "2022-02-24", "joe-biden"),
    ("US", "副大統領", "2026-02-01", "jd-vance"), ("US", "国務長官", "2003-02-05", "colin-powell"),
    ("US", "国務長官", "2012-09-11", "hillary-clinton"), ("US", "国防長官", "2005-01-01", "donald-rumsfeld"),
    ("US", "財務長官", "2008-09-15", "henry-paulson"), ("US", "司法長官", "2026-03-01", "pam-bondi"),
    ("US", "司法長官", "2026-08-09", "todd-blanche"), ("fed", "議長", "2008-09-15", "ben-bernanke"),
    ("GB", "首相", "2008-09-15", "gordon-brown"), ("GB", "首相", "2016-06-23", "david-cameron"),
    ("GB", "首相", "2022-10-01", "liz-truss"), ("GB", "首相", "2026-07-19", "keir-starmer"),
    ("GB", "首相", "2026-07-21", "andy-burnham"), ("GB", "外相", "2017-03-01", "boris-johnson"),
    ("GB", "女王", "2012-06-02", "elizabeth-ii"), ("GB", "国王", "2023-05-06", "charles-iii"),
    ("FR", "大統領", "2015-11-13", "francois-hollande"), ("FR", "首相", "2005-11-08", "dominique-de-villepin"),
    ("FR", "外相", "2022-02-24", "jean-yves-le-drian"), ("DE", "首相", "2015-09-04", "angela-merkel"),
    ("DE", "外相", "2010-01-01", "guido-westerwelle"), ("IT", "首相", "2011-11-11", "silvio-berlusconi"),
    ("RU", "大統領", "2008-08-08", "dmitry-medvedev"), ("RU", "首相", "2008-08-08", "vladimir-putin"),
    ("RU", "大統領", "2022-02-24", "vladimir-putin"), ("RU", "国防相", "2022-02-24", "sergei-shoigu"),
    ("RU", "外相", "2004-04-01", "sergey-lavrov"), ("UA", "大統領", "2014-03-18", NOBODY),
    ("UA", "首相", "2026-07-17", "serhii-koretskyi"), ("CN", "国家主席", "2010-05-01", "hu-jintao"),
    ("CN", "首相", "2008-05-12", "wen-jiabao"), ("CN", "外相", "2023-03-01", "qin-gang"),
    ("KR", "大統領", "2014-04-16", "park-geun-hye"), ("KR", "大統領", "2017-04-01", NOBODY),
    ("KR", "大統領", "2024-12-03", "yoon-suk-yeol"), ("KP", "総書記", "2006-10-09", "kim-jong-il"),
    ("KP", "総書記", "2013-02-12", NOBODY), ("KP", "総書記", "2026-04-01", "kim-jong-un"),
    ("TW", "総統", "2014-03-18", "ma-ying-jeou"), ("IN", "首相", "2008-11-26", "manmohan-singh"),
    ("PK", "首相", "2021-08-15", "imran-khan"), ("IR", "大統領", "2009-06-12", "mahmoud-ahmadinejad"),
    ("IR", "最高指導者", "2026-03-15", "mojtaba-khamenei"), ("IL", "首相", "2006-07-12", "ehud-olmert"),
    ("IL", "首相", "2023-10-07", "benjamin-netanyahu"), ("PS", "議長", "2004-11-01", "yasser-arafat"),
    ("TR", "首相", "2005-10-03", "recep-tayyip-erdogan"), ("EG", "大統領", "2011-01-25", "hosni-mubarak"),
    ("SY", "大統領", "2013-08-21", "bashar-al-assad"), ("SY", "大統領", "2026-07-25", "ahmed-al-sharaa"),
    ("VE", "大統領", "2026-03-20", "delcy-rodriguez"), ("BR", "大統領", "2016-08-05", "michel-temer"),
    ("PH", "大統領", "2013-11-08", "benigno-aquino-iii"), ("AU", "首相", "2008-02-13", "kevin-rudd"),
    ("united-nations", "事務総長", "2004-12-26", "kofi-annan"),
    ("united-nations", "事務総長", "2026-07-25", "antonio-guterres"),
    ("nato", "事務総長", "2022-02-24", "jens-stoltenberg"),
    ("european-commission", "委員長", "2010-05-09", "jose-manuel-barroso"),
    ("european-union", "大統領", "2015-07-13", "donald-tusk"), ("iaea", "事務局長", "2011-03-11", "amano-yukiya"),
    ("who", "事務局長", "2020-03-11", "tedros-adhanom"), ("imf", "専務理事", "2012-10-09", "christine-lagarde"),
    ("european-central-bank", "総裁", "2012-07-26", "mario-draghi"), ("VA", "教皇", "2005-04-18", NOBODY),
    ("VA", "教皇", "2019-11-24", "pope-francis"), ("VA", "教皇", "2026-04-05", "pope-leo-xiv"),
    ("liberal-democratic-party", "総裁", "2010-01-01", "tanigaki-sadakazu"),
    ("liberal-democratic-party", "幹事長", "2018-01-01", "nikai-toshihiro"),
    ("democratic-party-japan", "代表", "2009-08-30", "hatoyama-yukio"),
    ("constitutional-democratic-party", "代表", "2022-07-10", "izumi-kenta"),
    ("komeito", "代表", "2010-01-01", "yamaguchi-natsuo"),
    ("japanese-communist-party", "委員長", "2023-12-31", "shii-kazuo"), ("HU", "首相", "2026-06-01", "peter-magyar"),
])
def test_who_held_an_office(place: str, office: str, day: str, who: str) -> None:
    assert holder(place, office, day) == who
