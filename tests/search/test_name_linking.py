"""Which names of an archive mean one entity, whatever their order, and what `names.toml` changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import permutations
from pathlib import Path

import pytest

from indexer.analyzing import analyze_article
from indexer.indexing import bring_up_to_date, rebuild
from search.archive import Archive
from search.articles import JST, Article, DistinctName, FoundName, Published, Section
from search.engine import open_engine
from search.errors import UsageError
from search.known_names import KnownNames
from search.library import Library, default_engine_url
from search.name_linking import days_of, link_names
from search.name_spellings import are_spellings, differ_in_one
from search.names import fold_name
from search.processes import Workers
from search.query.model import Request


def person(
    written: str, *, title: str = "", country: str = "", date: str = "", shorts: Sequence[str] = ()
) -> DistinctName:
    """A name as an article has it: with a dot or of three kanji and more it is a full one."""
    is_full = "・" in written or (len(written) > 2 and not re.fullmatch("[ァ-ヺー]+", written))
    pieces = tuple(written.split("・")) if "・" in written else tuple(shorts) or (written[:1], written[:2])
    forms = tuple(fold_name(piece) for piece in reversed(pieces)) if is_full else ()
    return DistinctName("person", written, is_full, forms, title, country, date)


def linked(archive: Archive, names: Iterable[DistinctName]) -> dict[DistinctName, str]:
    """Whom each of these names means, once they are all in the archive."""
    with archive.transaction():
        ids = {name: archive.put_name(name)[0] for name in names}
    link_names(archive)
    meant = {row.id: row.entity_id for row in archive.names_after()}
    return {name: meant[number] for name, number in ids.items()}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path, create=True) as opened:
        yield opened


FULL, SHORT = person("エグザン・ボーモンテ", title="外相", country="FR"), person("ボーモンテ", title="外相")


@pytest.mark.parametrize(("one", "other", "same"), [
    # spellings of one name
    (person("マリア・シャラポワ"), person("マリア・シャラポア"), True),
    (person("フリードリヒ・ノイマン"), person("フリードリッヒ・ノイマン"), True),
    (person("セルゲイ・ラヴローフ"), person("セルゲイ・ラブロフ"), True),
    (person("髙橋三千綱"), person("高橋三千綱"), True),
    # others
    (person("ジャック・ノイマン"), person("ジャーク・ノイマン"), False),              # a short part is another name
    (person("ウィル・スミス"), person("ポール・スミス"), False),
    (person("リー・ミシェル"), person("ミシェル・リー"), False),
    (person("齋藤史郎"), person("斉藤史郎"), False),
    (person("マリア・シャラポワ", title="選手"), person("マリア・シャラポア", title="議員"), False),
    # a short form, by title or country
    (FULL, SHORT, True),
    (FULL, person("ボーモンテ", country="FR"), True),
    (FULL, person("ボーモンテ", title="議員"), False),
    (FULL, person("ボーモンテ"), False),
    # an office of state has one holder; players and suspects are many, but of a rare foreign surname
    (person("赤星次郎", title="外相"), person("赤星", title="外相"), True),
    (person("阿部次郎", title="選手"), person("阿部", title="選手"), False),
    (person("上村次郎", title="被告"), person("上村", title="被告"), False),
    (person("リュック・デシャンベル", title="監督"), person("デシャンベル", title="監督"), True),
    (person("ジダン・イクバル", title="選手"), person("ジダン", title="選手"), False),
    (person("ピート・ローズ", title="選手"), person("ローズ", title="選手"), False),
    (person("ピート・ローズ", country="US"), person("ローズ", country="US"), False),
    # with its title, whoever is known so
    (person("習近平"), person("習", title="主席"), True),
    (person("プーチン", title="大統領"), person("ウラジーミル・プーチン", title="大統領"), True),
])
def test_two_names_mean_one_entity_or_two(archive: Archive, one: DistinctName, other: DistinctName, same: bool) -> None:
    meant = linked(archive, [one, other])
    assert (meant[one] == meant[other]) is same


def test_a_short_form_of_two_means_neither(archive: Archive) -> None:
    other = person("ジャン・ボーモンテ", title="外相")
    meant = linked(archive, [FULL, other, SHORT])
    assert len(set(meant.values())) == 3


def test_the_order_of_names_does_not_matter(tmp_path: Path) -> None:
    names = [
        FULL, SHORT, person("エグザン・ボーモンデ"), person("エグゼン・ボーモンテ"), person("ボーモンテ", title="議員"),
    ]
    outcomes = set()
    for number, order in enumerate(permutations(names)):
        with Archive.open(tmp_path / str(number), create=True) as archive:
            for name in order:          # one article after the other, linked each time
                linked(archive, [name])
            meant = linked(archive, order)
            called = archive.entities(meant.values())
            outcomes.add(tuple(called[meant[name]].name for name in names))
    assert len(outcomes) == 1


@pytest.mark.parametrize(("day", "expected"), [
    ("2010-07", "kan-naoto"), ("2021-03", "suga-yoshihide"), ("2015-01", None),
])
def test_a_surname_with_an_office_means_who_held_it(archive: Archive, day: str, expected: str | None) -> None:
    name = person("菅", title="首相", country="JP", date=day)
    meant = linked(archive, [name])[name]
    assert meant == expected or (expected is None and meant.startswith("person-"))


@pytest.mark.parametrize(("written", "office", "country", "month"), [
    ("シャリフ", "首相", "", "2008-01"),            # Nawaz; his brother came to it in 2022
    ("菅", "首相", "", "2009-01"),                  # two did later
])
def test_who_held_it_later_is_not_meant(
    archive: Archive, written: str, office: str, country: str, month: str,
) -> None:
    name = person(written, title=office, country=country, date=month)
    later = person("シャバズ・シャリフ", title="首相"), person("菅直人", title="首相", shorts=("菅",))
    assert linked(archive, [name, *later])[name].startswith("person-")


def test_an_office_without_a_name_means_who_held_it(archive: Archive) -> None:
    names = {DistinctName("person", "", False, (), "大統領", "US", day): who for day, who in (
        ("2016-11-09", "barack-obama"), ("2017-01-20", "donald-trump"), ("2021-01-20", "joe-biden"))}
    assert linked(archive, names) == names


@pytest.mark.parametrize(("one", "other", "expected"), [
    ("シャラポワ", "シャラポア", True), ("メドベージェフ", "メドベジェフ", True), ("abcd", "abcd", False),
    ("abcd", "abdc", False), ("abcd", "abcde", True), ("abcd", "xbcd", True), ("abc", "abcde", False),
])
def test_one_letter_makes_the_difference(one: str, other: str, expected: bool) -> None:
    assert differ_in_one(one, other) is differ_in_one(other, one) is expected


def test_one_part_makes_the_difference() -> None:
    assert are_spellings(("abcd", "efgh"), ("abcd", "efgi"))
    assert not are_spellings(("abcd", "efgh"), ("abce", "efgi"))
    assert not are_spellings(("abc", "efgh"), ("abd", "efgh"))
    assert not are_spellings(("abcd",), ("abcd", "efgh"))


def test_a_month_has_its_days() -> None:
    assert [day.isoformat() for day in days_of("2024-02")] == ["2024-02-01", "2024-02-29"]
    assert [day.isoformat() for day in days_of("2024-12")] == ["2024-12-01", "2024-12-31"]
    assert [day.isoformat() for day in days_of("2024-04-10")] == ["2024-04-10"] * 2


# ---- names.toml ---------------------------------------------------------------------------------

ARTICLES = {
    "a1": "人気歌手の高橋花子さんが会見した。高橋さんは引退を否定した。",
    "a2": "ハナピーが会見を開いた。ハナピーさんは笑顔だった。",
    "a3": "山本次郎議員が質問した。",
    "a4": "山本次郎選手が優勝した。",
}


def library(directory: Path) -> Library:
    return Library.open(directory)


def add(directory: Path, articles: dict[str, str]) -> None:
    with Archive.open(directory, create=True) as archive:
        with archive.transaction():
            for number, (identity, text) in enumerate(articles.items()):
                published = Published(datetime(2024, 4, 1 + number, tzinfo=JST))
                archive.put(Article(identity, f"{identity}の記事", (Section(None, text),), published))
        catch_up(archive)


def catch_up(archive: Archive) -> None:
    url = default_engine_url(archive.directory)
    if archive.analyzed():
        engine = open_engine(url)
        bring_up_to_date(archive, engine, Workers(1))
        engine.close()
    else:
        rebuild(archive, url, Workers(1))


def ids(directory: Path, **filters: str) -> list[str]:
    with library(directory) as opened:
        page = opened.search(Request(filters={kind: (value,) for kind, value in filters.items()}, sort="oldest"))
        return [hit.id for hit in page.hits]


def index_files(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in (directory / "index").rglob("*")
            if path.is_file() and path.name != "write.lock"}


def test_names_toml_merges_and_parts_without_touching_the_index(tmp_path: Path) -> None:
    add(tmp_path, ARTICLES)
    assert ids(tmp_path, person="高橋花子") == ["a1"]
    assert ids(tmp_path, person="山本次郎") == ["a3", "a4"]
    before = index_files(tmp_path)
    (tmp_path / "names.toml").write_text(
        '[person]\nhanako = ["高橋花子", "Hanako Takahashi", "ハナピー"]\n'
        'mp = ["山本次郎", "", "山本次郎議員"]\nplayer = ["山本次郎", "", "山本次郎選手"]\n', "utf-8",
    )
    with Archive.open(tmp_path) as archive:
        old = archive.rows("SELECT id FROM entities WHERE name = '高橋花子'")[0][0]
        catch_up(archive)
    assert index_files(tmp_path) == before
    for called in ("高橋花子", "ハナピー", "hanako", old):
        assert ids(tmp_path, person=called) == ["a1", "a2"], called
    assert [ids(tmp_path, person="mp"), ids(tmp_path, person="player")] == [["a3"], ["a4"]]
    with library(tmp_path) as opened:
        assert opened.entity("ハナピー", "ja").entity.name == "高橋花子"
        assert opened.entity(old, "ja").entity.id == "hanako"
        page = opened.search(Request())
        assert {value.value: value.count for value in page.facets["person"]} == {"hanako": 2, "mp": 1, "player": 1}
        assert opened.search(Request("ハナピー")).total == 2
    (tmp_path / "names.toml").unlink()
    with Archive.open(tmp_path) as archive:
        catch_up(archive)
    assert index_files(tmp_path) == before
    assert ids(tmp_path, person=old) == ["a1"]
    assert ids(tmp_path, person="山本次郎") == ["a3", "a4"]


def test_an_open_library_says_that_names_were_linked_anew(tmp_path: Path) -> None:
    add(tmp_path, ARTICLES)
    with library(tmp_path) as opened:
        assert not opened.is_late()
        (tmp_path / "names.toml").write_text('[person]\nhanako = ["高橋花子", "", "ハナピー"]\n', "utf-8")
        assert opened.is_late()
        with Archive.open(tmp_path) as archive:
            catch_up(archive)
        assert not opened.is_late()
        assert opened.is_relinked()


@pytest.mark.parametrize(("text", "message"), [
    ("[person]\nx = 3\n", "person.x is no list of names"),
    ("[person]\nx = []\n", "person.x is no list of names"),
    ("[persons]\nx = ['高橋花子']\n", "persons is no kind of entity"),
    ("[person]\nx = ['甲']\n[place]\nx = ['乙']\n", "x is there twice"),
    ("[offices.JP]\n'首相' = ['きょう x']\n", "is not like"),
    ("[offices.JP]\n'首相' = ['2024-10-01 x', '2023-01-01 y']\n", "the days do not ascend"),
    ("[person\n", "cannot be read"),
])
def test_a_bad_file_says_what_is_wrong_with_it(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "names.toml").write_text(text, "utf-8")
    with pytest.raises(UsageError, match=message) as error:
        KnownNames.load(tmp_path)
    assert "names.toml" in str(error.value)


def test_a_rebuild_and_shuffled_adds_give_the_same_entities(tmp_path: Path) -> None:
    texts = {
        f"b{number}": text for number, text in enumerate((
            "フランスのエグザン・ボーモンテ外相は北京を訪れた。", "フランスのボーモンテ外相が演説した。",
            "エグザン・ボーモンデ氏は語った。", "トランプ米大統領は演説した。", "ドナルド・トランプ氏が来日した。",
            "田中氏は否定した。", "田中角栄元首相の秘書。", "山本次郎選手が優勝した。",
        ))
    }
    outcomes = []
    for number, order in enumerate((list(texts), list(reversed(texts)), sorted(texts, key=lambda i: texts[i]))):
        directory = tmp_path / str(number)
        for identity in order:
            add(directory, {identity: texts[identity]})
        outcomes.append(entities_by_article(directory))
        with Archive.open(directory) as archive:
            rebuild(archive, default_engine_url(directory), Workers(2))
        outcomes.append(entities_by_article(directory))
    assert outcomes[1:] == outcomes[:-1]
    assert outcomes[0]["b0"] == outcomes[0]["b1"] == outcomes[0]["b2"]


def entities_by_article(directory: Path) -> dict[str, list[str]]:
    with library(directory) as opened:
        return {
            hit.id: sorted(entity.name for entity in hit.people) for hit in opened.search(Request(sort="oldest")).hits
        }


def test_inferred_mentions_are_kept_and_not_counted(tmp_path: Path) -> None:
    add(tmp_path, {"c1": "米大統領は声明を出した。", "c2": "バイデン米大統領は声明を出した。同氏は続けた。"})
    assert ids(tmp_path, person="joe-biden") == ["c2"]
    with Archive.open(tmp_path) as archive:
        inferred = archive.rows("SELECT article_id, surface, entity_id FROM mentions WHERE inferred ORDER BY 1")
    assert inferred == [("c1", "大統領", "joe-biden"), ("c2", "同氏", "joe-biden")]


def test_what_an_article_is_about_can_be_asked_for(tmp_path: Path) -> None:
    add(tmp_path, {
        "d1": "山本次郎議員は会見を開き、質問に答えた。会場には支援者が集まり、高橋花子さんの姿もあった。",
        "d2": "会場の様子を伝える。参加者は三百人にのぼり、主催者の予想を超えた。" * 4
        + "最後に、山本次郎議員と高橋花子さんの名前が読まれた。",
    })
    with library(tmp_path) as opened:
        named = opened.search(Request(filters={"person": ("山本次郎",)}))
        about = opened.search(Request(filters={"person": ("山本次郎",)}, about=True))
        assert (named.total, about.total) == (2, 1)
        for page, counts in ((named, {"山本次郎": 2, "高橋花子": 2}), (about, {"山本次郎": 1})):
            assert {value.label: value.count for value in page.facets["person"]} == counts


def test_names_found_in_text_keep_what_tells_namesakes_apart() -> None:
    article = Article("x", "題", (Section(None, "フランスのボーモンテ外相は演説した。"),))
    said = {name.surface: name.said for name in analyze_article(article)[1] if name.kind == "person"}
    assert said == {"ボーモンテ": DistinctName("person", "ボーモンテ", False, ("ボモンテ",), "外相", "FR", "")}


def test_a_found_name_without_more_is_an_entity_of_its_own(archive: Archive) -> None:
    with archive.transaction():
        archive.put(Article("a1", "題", (Section(None, "本文"),)))
        tokens = analyze_article(Article("a1", "題", (Section(None, "本文"),)))[0]
        found = [FoundName(0, 0, 1, "題", "organization", None, "題")]
        assert [m.entity_id for m in archive.put_analysis("a1", 1, "v", tokens, found)] == ["organization-1"]
