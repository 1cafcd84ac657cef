"""Names typed in kana, romaji, English, pinyin or Korean romanization find whom the archive calls by them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.analyzing import analyze_article
from search.archive import Archive
from search.articles import Article, FoundName, Kind, Section
from search.foreign.name_sounds import Heard, chinese, heard, korean
from search.foreign.names_index import Candidate, NameIndex

PERSONS = (
    "リオネル・メッシ アンゲラ・見本 キム・ヨナ フェデラー ノバク・ジョコビッチ "
    "ピーター・マンデルソン ロジャー・スミス ウィル・スミス ゲーリー・スミス "
    "岸信介 岸田国士 吉田沙保里 小渕優子 沢尻エリカ 羽生結弦 大谷翔平 田嶋幸三 王貞治 "
    "白鵬 野口みずき 石原伸晃 毛沢東 李登輝 郭文貴 金大中 全斗煥"
).split()
PLACES = "モスクワ ホルムズ海峡 ヴェネツィア 横浜市 熊本県 キーウ".split()
ORGANIZATIONS = "阪神タイガース ルフトハンザ航空 任天堂 京セラ Google".split()
BUNDLED = {
    "xi-jinping": "習近平", "sergey-lavrov": "ラブロフ", "volodymyr-zelensky": "ゼレンスキー", "kim-jong-un": "金正恩",
    "ursula-von-der-leyen": "フォンデアライエン", "recep-tayyip-erdogan": "エルドアン", "abe-shinzo": "安倍晋三",
    "DE": "ドイツ",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("names"), create=True) as opened:
        store(opened)
        opened.hear_names()
        yield opened


def store(archive: Archive) -> None:
    """One article that names all of them."""
    article = Article("a1", "名前", (Section(None, "名前。"),))
    kinds: dict[Kind, list[str]] = {"person": PERSONS, "place": PLACES, "organization": ORGANIZATIONS}
    own = [(name, kind) for kind, names_of_it in kinds.items() for name in names_of_it]
    names = [FoundName(0, i, i + 1, name, kind, None, name) for i, (name, kind) in enumerate(own)]
    names += [FoundName(1, i, i + 1, name, "person", known, name) for i, (known, name) in enumerate(BUNDLED.items())]
    with archive.transaction():
        archive.put(article)
        archive.put_analysis("a1", 1, "v", analyze_article(article)[0], names)


def found(archive: Archive, text: str) -> list[tuple[str, str]]:
    """(name, or id of a bundled entity; why)"""
    candidates = NameIndex(archive).find(text)
    own = archive.entities([c.entity_id for c in candidates])
    return [(own[c.entity_id].name if c.entity_id in own else c.entity_id, c.why) for c in candidates]


@pytest.mark.parametrize(("typed", "name", "why"), [
    ("Lavrov", "sergey-lavrov", "exact"), ("Xi Jinping", "xi-jinping", "exact"), ("Germany", "DE", "exact"),
    ("google", "Google", "exact"),
    ("shuukinpei", "xi-jinping", "reading"), ("Shūkinpei", "xi-jinping", "reading"),
    ("しゅうきんぺい", "xi-jinping", "reading"),
    ("shinzou abe", "abe-shinzo", "reading"), ("abe shinzo", "abe-shinzo", "reading"),
    ("abeshinzo", "abe-shinzo", "reading"),
    ("Zelenskyy", "volodymyr-zelensky", "exact"), ("Zelenskiy", "volodymyr-zelensky", "reading"),
    ("Zelenski", "volodymyr-zelensky", "reading"),
    ("von der Leyen", "ursula-von-der-leyen", "reading"), ("Erdoğan", "recep-tayyip-erdogan", "exact"),
    ("Kim Jong Un", "kim-jong-un", "exact"), ("gim jeong-eun", "kim-jong-un", "sound"),
    ("Lionel Messi", "リオネル・メッシ", "sound"), ("Messi", "リオネル・メッシ", "reading"),
    ("めっし", "リオネル・メッシ", "reading"),
    ("Roger Federer", "フェデラー", "near"), ("Djokovic", "ノバク・ジョコビッチ", "sound"),
    ("Will Smith", "ウィル・スミス", "sound"),
    ("Gary Smith", "ゲーリー・スミス", "sound"), ("Kim Yo-na", "キム・ヨナ", "sound"),
    ("Mandelson", "ピーター・マンデルソン", "sound"),
    ("Lord Mandelson", "ピーター・マンデルソン", "near"), ("Kishi Nobusuke", "岸信介", "reading"),
    ("Saori Yoshida", "吉田沙保里", "reading"),
    ("obuchi yuuko", "小渕優子", "reading"), ("Erika Sawajiri", "沢尻エリカ", "reading"),
    ("Yuzuru Hanyu", "羽生結弦", "reading"),
    ("Shohei Ohtani", "大谷翔平", "reading"), ("Kohzo Tashima", "田嶋幸三", "sound"),
    ("Sadaharu Oh", "王貞治", "reading"),
    ("hakuho", "白鵬", "reading"), ("Mizuki Noguchi", "野口みずき", "reading"),
    ("Nobuteru Ishihara", "石原伸晃", "reading"),
    ("Mao Zedong", "毛沢東", "reading"), ("Mao Tse-tung", "毛沢東", "sound"), ("moutakutou", "毛沢東", "reading"),
    ("Lee Teng-hui", "李登輝", "sound"), ("Guo Wengui", "郭文貴", "reading"), ("Kim Dae-jung", "金大中", "sound"),
    ("Chun Doo-hwan", "全斗煥", "sound"),
    ("Moscow", "モスクワ", "english"), ("Kyiv", "キーウ", "english"), ("Venice", "ヴェネツィア", "english"),
    ("もすくわ", "モスクワ", "reading"),
    ("Strait of Hormuz", "ホルムズ海峡", "english"), ("Hormuz", "ホルムズ海峡", "near"),
    ("yokohama", "横浜市", "reading"),
    ("Kumamoto prefecture", "熊本県", "reading"), ("Hanshin Tigers", "阪神タイガース", "sound"),
    ("Lufthansa", "ルフトハンザ航空", "sound"),
    ("Nintendo", "任天堂", "reading"), ("Kyocera", "京セラ", "reading"),
])
def test_a_name_finds_whom_it_means_first(archive: Archive, typed: str, name: str, why: str) -> None:
    assert found(archive, typed)[:1] == [(name, why)]


@pytest.mark.parametrize("text", [
    "", " ", "停戦", "習近平", "岸だ", "-", "'", "・", "1999", "?!", "a", "zzzzqqqq", "한국", "x" * 5000,
    "a " * 500, "a-" * 50,
])
def test_what_names_nobody_finds_nobody(archive: Archive, text: str) -> None:
    assert found(archive, text) == []


@pytest.mark.parametrize("word", ["may", "bill", "will", "long", "peace", "ceasefire", "talks", "election"])
def test_a_common_word_is_never_taken_for_a_name_for_certain(archive: Archive, word: str) -> None:
    assert all(c.why != "exact" for c in NameIndex(archive).find(word))


@given(text=st.text("abekihsnzdou ・-'きしだモスクー", max_size=25), most=st.integers(1, 6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_gets_a_short_list_of_distinct_entities(archive: Archive, text: str, most: int) -> None:
    candidates = NameIndex(archive).find(text, most)
    assert len(candidates) <= most
    assert len({c.entity_id for c in candidates}) == len(candidates)
    assert all(0 < c.score <= 1 for c in candidates)


def test_namesakes_are_all_there_and_the_score_tells_a_surname_from_a_whole_name(archive: Archive) -> None:
    index = NameIndex(archive)
    assert {name for name, _ in found(archive, "Smith")} == {"ロジャー・スミス", "ウィル・スミス", "ゲーリー・スミス"}
    (whole, *_), (surname, *_) = index.find("Yoshida Saori"), index.find("Yoshida")
    assert whole.entity_id == surname.entity_id
    assert whole.score > surname.score


def test_names_are_heard_once(archive: Archive) -> None:
    assert archive.hear_names() == 0


def test_nobody_is_heard_before_names_are(tmp_path: Path) -> None:
    with Archive.open(tmp_path, create=True) as fresh:
        store(fresh)
        assert found(fresh, "Messi") == []
        assert found(fresh, "Lavrov") == [("sergey-lavrov", "exact")]
        assert fresh.hear_names() > len(PERSONS)
        assert found(fresh, "Messi") == [("リオネル・メッシ", "reading")]


def test_names_that_an_older_program_heard_are_heard_anew(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    before = archive.rows("SELECT key, place, name FROM name_keys")
    monkeypatch.setattr("search.archive_names.SOUNDS_REVISION", 99)
    assert archive.hear_names() > 0
    assert archive.rows("SELECT key, place, name FROM name_keys") == before
    monkeypatch.undo()
    archive.hear_names()


@pytest.mark.parametrize(("name", "kind", "expected"), [
    ("岸田文雄", "person", ["=0 kisida fumio,bunyu"]),
    ("羽生結弦", "person", ["=0 hanyu,habu yuzuru"]),
    ("リオネル・メッシ", "person", ["+1 rioneru mesi"]),
    ("プーチン大統領", "person", ["+0 putin"]),
    ("習近平", "person", ["=0 syukinpei", "%0 xi jinping"]),
    ("ホルムズ海峡", "place", ["=0 horumuzukaikyo", "+0 horumuzu"]),
    ("横浜市", "place", ["=0 yokohamasi", "=0 yokohama"]),
    ("阪神タイガース", "organization", ["=0 hansintaigasu", "+0 taigasu", "+1 hansin taigasu"]),
    ("Taylor Swift", "person", ["'1 taylor swift"]),
    ("，。", "person", []),
])
def test_how_a_name_sounds(name: str, kind: str, expected: list[str]) -> None:
    sounds = heard(name, kind)
    assert [each.pack() for each in sounds] == expected
    assert [Heard.unpack(each.pack()) for each in sounds] == list(sounds)


@pytest.mark.parametrize(("one", "other"), [
    ("parkgeunhye", "bakgeunhye"), ("suk yeol", "seokyeol"), ("moon", "mun"), ("jaein", "jae-in"), ("choi", "choe"),
    ("rohmoohyun", "romuhyeon"),
])
def test_korean_names_are_alike_however_romanized(one: str, other: str) -> None:
    assert korean(one) == korean(other)


@pytest.mark.parametrize(("one", "other"), [
    ("denghui", "tenghui"), ("yingwen", "ingwen"), ("zedong", "tsetung"), ("xiaoping", "hsiaoping"),
    ("jiang", "chiang"), ("zhou", "chou"),
])
def test_chinese_names_are_alike_in_pinyin_and_wade_giles(one: str, other: str) -> None:
    assert chinese(one) == chinese(other)


def test_candidates_are_plain_values() -> None:
    assert Candidate("DE", 1.0, "exact") == Candidate("DE", 1.0, "exact")
