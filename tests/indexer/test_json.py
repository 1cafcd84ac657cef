"""JSON beyond our own export: feeds, answers of news services, dumps of search engines, lists larger than memory."""

import json
import tracemalloc
from pathlib import Path

import pytest

from indexer.formats import json_lists, jsonlines, read
from indexer.formats.source import Facts
from indexer.raw import RawArticle, Rejection, Where
from indexer.sections import divide

ONE = "中国の習近平指導者とロシアのラブロフ外相が北京で会談し、両国の協力を確認した。"
TWO = "両国は外交政策を一致させてきた長い歴史があり、共同で軍事演習を行ってきた。"
ARTICLE = {"title": "首脳が会談", "date": "2024-04-10", "body": ONE}


@pytest.fixture
def write(tmp_path):
    def written(*values, name: str = "a", indent: int | None = None, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        texts = [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False, indent=indent) for one in values]
        path.write_bytes("\n".join(texts).encode(encoding))
        return path

    return written


def found_in(path, facts=None):
    return list(read(path, path.name, facts))


def titles(found):
    return [one.title if isinstance(one, RawArticle) else one.why for one in found]


# --- names and values -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "fields"),
    [
        ({"見出し": "題", "本文": ONE, "日付": "2024-04-10", "媒体": "見本新聞", "面": "国際", "記事ID": "a1"},
         {"body": ONE, "published": "2024-04-10", "source": "見本新聞", "desk": "国際", "id": "a1"}),
        ({"title": "題", "published_at": "2024-04-10", "created_at": "2024-04-12"},
         {"published": "2024-04-10", "extra": {"created_at": "2024-04-12"}}),
        ({"title": "題", "created_at": "2024-04-12"}, {"published": "2024-04-12"}),
        ({"title": "題", "pubDate": "2024-04-10"}, {"published": "2024-04-10"}),
        ({"title": "題", "timestamp": 1712733300}, {"published": "2024-04-10T07:15:00+00:00"}),
        ({"title": "題", "timestamp": 1712733300000}, {"published": "2024-04-10T07:15:00+00:00"}),
        ({"title": "題", "date": 20240410}, {"published": "20240410"}),
        ({"title": "題", "description": ONE, "content": TWO}, {"body": TWO, "extra": {"description": ONE}}),
        ({"title": "題", "description": ONE, "content": None}, {"body": ONE}),
        ({"title": "題", "リード": ONE, "本文": TWO}, {"body": f"{ONE}\n\n{TWO}"}),
        ({"title": "題", "body": f"<p>{ONE}</p><h2>協力の歴史</h2><p>{TWO}</p>"},
         {"body": f"{ONE}\n\n## 協力の歴史\n\n{TWO}"}),
        ({"title": "題", "body": "首相は辞任した。<br><br>理由は言わなかった。"},
         {"body": "首相は辞任した。\n\n理由は言わなかった。"}),
        ({"title": "題", "body": "気温は 3 < 5 で、<注>は記号だ。"}, {"body": "気温は 3 < 5 で、<注>は記号だ。"}),
        ({"title": {"rendered": "題"}, "content": {"rendered": f"<p>{ONE}</p>"}, "date": "2024-04-10T09:00:00"},
         {"body": ONE, "published": "2024-04-10T09:00:00"}),
        ({"title": "&#38988;"}, {}),
        ({"id": "wn-02012", "title": "題"}, {"id": "wn-02012"}),
        ({"_id": {"$oid": "6616"}, "title": "題"}, {"id": "6616"}),
    ],
)
def test_keys_of_many_houses_are_known(write, record, fields):
    wanted = RawArticle(Where("a", 1), title="題", **fields)
    assert found_in(write(record)) == [wanted]


def test_a_feed_of_json_gives_its_items(write):
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "title": "見本新聞", "home_page_url": "https://a.example/",
        "items": [
            {"id": "1", "url": "https://a.example/1", "title": "首脳が会談",
             "content_html": f"<p>{ONE}</p><p>{TWO}</p>",
             "date_published": "2024-04-10T09:00:00+09:00", "authors": [{"name": "見本太郎"}, {"name": "見本花子"}],
             "tags": ["国際"]},
            {"id": "2", "title": "外相が訪日", "content_text": ONE},
        ],
    }
    for indent in (None, 1):
        first, second = found_in(write(feed, indent=indent))
        assert first == RawArticle(
            first.where, title="首脳が会談", body=f"{ONE}\n\n{TWO}", id="1", published="2024-04-10T09:00:00+09:00",
            source="見本新聞", url="https://a.example/1", authors=("見本太郎", "見本花子"), extra={"tags": ["国際"]},
        )
        assert (second.title, second.body, second.source) == ("外相が訪日", ONE, "見本新聞")


def test_an_answer_of_a_news_service_gives_its_articles(write):
    answer = {"status": "ok", "totalResults": 1, "articles": [{
        "source": {"id": None, "name": "見本新聞"}, "author": "見本太郎", "title": "首脳が会談", "description": "要旨",
        "url": "https://a.example/1", "publishedAt": "2024-04-10T00:00:00Z", "content": ONE,
    }]}
    (raw,) = found_in(write(answer))
    assert (raw.title, raw.body, raw.source, raw.published, raw.authors, raw.url) == (
        "首脳が会談", ONE, "見本新聞", "2024-04-10T00:00:00Z", ("見本太郎",), "https://a.example/1")


@pytest.mark.parametrize(
    "values",
    [
        [{"took": 3, "hits": {"total": 1, "hits": [{"_index": "n", "_id": "e1", "_score": 1, "_source": ARTICLE}]}}],
        [{"_index": "n", "_id": "e1", "_source": ARTICLE}],
        [{"index": {"_index": "n", "_id": "e1"}}, ARTICLE],
        [[{"_id": "e1", "_source": ARTICLE}]],
    ],
    ids=["answer", "dump", "bulk", "list"],
)
def test_what_a_search_engine_stores_is_taken_out_of_what_it_says_about_it(write, values):
    (raw,) = found_in(write(*values))
    assert (raw.id, raw.title, raw.body, raw.published) == ("e1", "首脳が会談", ONE, "2024-04-10")


def test_an_id_of_the_articles_own_is_before_the_one_of_a_search_engine(write):
    (raw,) = found_in(write({"_id": "e1", "_source": {**ARTICLE, "id": "wn-1"}}))
    assert raw.id == "wn-1"


@pytest.mark.parametrize("wrap", ["data", "results", "記事", "docs"])
def test_a_list_under_a_key_is_found_and_lists_of_other_things_are_not(write, wrap):
    assert titles(found_in(write({"count": 2, wrap: [ARTICLE, ARTICLE]}, indent=1))) == ["首脳が会談", "首脳が会談"]
    (raw,) = found_in(write({**ARTICLE, wrap: [{"url": "https://a.example/1.jpg"}]}))
    assert (raw.title, raw.extra) == ("首脳が会談", {wrap: [{"url": "https://a.example/1.jpg"}]})


def test_what_the_user_says_of_keys_comes_first(write):
    facts = Facts(columns={"件": "title", "文": "body"})
    (raw,) = found_in(write({"件": "首脳が会談", "title": "x", "文": ONE, "text": "y"}), facts)
    assert (raw.title, raw.body, raw.extra) == ("首脳が会談", ONE, {"title": "x", "text": "y"})


def test_an_export_keeps_keys_that_mean_something_under_extra():
    assert {"見出し", "本文", "Published At", "sections", "extra"} <= {
        key for key in ("見出し", "本文", "Published At", "sections", "extra", "備考") if key in jsonlines.KNOWN_KEYS}
    assert "備考" not in jsonlines.KNOWN_KEYS


# --- lists larger than memory ---------------------------------------------------------------------------


@pytest.fixture
def small_limit(monkeypatch):
    """As if a file of 20,000 bytes were too large to be read whole."""
    for module in (jsonlines, json_lists):
        monkeypatch.setattr(module, "MAX_DOCUMENT_BYTES", 20_000)
    monkeypatch.setattr("indexer.formats.source.Source.whole", None)
    monkeypatch.setattr("indexer.formats.streaming.DECODED_WHOLE_BYTES", 0)
    monkeypatch.setattr("indexer.formats.streaming.PIECE_BYTES", 997)
    monkeypatch.setattr(json_lists, "LIST_WITHIN_CHARS", 500)


MANY = [
    {"title": f"題{number}", "body": ONE * (number % 7), "number": number, "日": [1.5, None, -3e5]}
    for number in range(300)
]


@pytest.mark.usefixtures("small_limit")
@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp"])
@pytest.mark.parametrize("wrap", [lambda many: many, lambda many: {"version": 1, "articles": many, "next": None}])
def test_a_large_list_is_read_piece_by_piece(write, indent, encoding, wrap):
    path = write(wrap(MANY), indent=indent, encoding=encoding)
    found = found_in(path)
    assert titles(found) == [one["title"] for one in MANY]
    assert [one.body for one in found] == [one["body"] for one in MANY]
    if indent:
        lines = path.read_bytes().decode(encoding).split("\n")
        assert all(lines[one.where.line - 1].strip() == "{" for one in found)


@pytest.mark.usefixtures("small_limit")
@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda text: text[:-200], "ends within a value"),
        (lambda text: text.replace('"題150"', "題150"), "not JSON on line 1: Expecting value"),
        (lambda text: text.replace('"題150"', '"' + "長" * 50_000 + '"'), "over the limit"),
        (lambda text: text.replace('"題150"', "[" * 15_000), "nested too deeply"),
        (lambda text: text.replace('}, {"title": "題150"', '} {"title": "題150"'), "no ',' or ']' after an article"),
    ],
)
def test_a_large_list_that_is_damaged_gives_what_stands_before_the_damage(write, damage, why):
    *found, last = found_in(write(damage(json.dumps(MANY, ensure_ascii=False))))
    assert len(found) in (150, 299)
    assert titles(found) == [f"題{number}" for number in range(len(found))]
    assert isinstance(last, Rejection)
    assert why in last.why


def test_a_large_list_takes_no_more_memory_than_its_articles(tmp_path):
    path = tmp_path / "a.json"
    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        for _ in range(400):
            file.write(json.dumps({**ARTICLE, "body": ONE * 1_000}, ensure_ascii=False) + ",\n")
        file.write(json.dumps(ARTICLE) + "]")
    assert path.stat().st_size > 40 * 1024 * 1024
    tracemalloc.start()
    try:
        assert sum(1 for _ in read(path)) == 401
        assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_a_hundred_thousand_keys_are_no_trap(write):
    record = {f"鍵{number}": number for number in range(100_000)}
    (raw,) = found_in(write({**record, "title": "題"}))
    assert (raw.title, len(raw.extra)) == ("題", 100_000)


TEXT = "見本市は１０日、駅前の広場を緑地にすると発表した。"
HTML = f"<p>{TEXT}</p>"


@pytest.mark.parametrize(
    "record",
    [
        # IPTC's ninjs 1 and 2, and what Superdesk makes of it
        {"uri": "urn:1", "versioncreated": "2024-04-10T06:03:00Z", "headline": "題",
         "body_text": TEXT, "body_xhtml": HTML,
         "byline": "見本太郎", "copyrightholder": "見本通信", "subject": [{"code": "medtop:11000000", "name": "政治"}]},
        {"uri": "urn:1", "contentCreated": "2024-04-10T06:03:00Z", "headlines": [{"role": "main", "value": "題"}],
         "bodies": [{"contentType": "text/html", "value": HTML}], "bylines": [{"value": "見本太郎"}],
         "infoSources": [{"name": "見本通信"}], "subjects": [{"name": "政治"}]},
        {"guid": "urn:1", "firstcreated": "2024-04-10T06:03:00+0000", "versioncreated": "2024-04-11T06:03:00+0000",
         "headline": "題", "body_html": HTML, "description_text": "要約", "source": "見本通信", "byline": "見本花子",
         "authors": [{"name": "見本太郎", "role": "writer"}], "subject": [{"name": "政治"}]},
        # crawlers and APIs
        {"news_id": "urn:1", "date_publish": "2024-04-10 15:03:00", "title": "題", "description": "要約",
         "maintext": TEXT, "authors": ["見本太郎"], "category": "政治", "source_domain": "見本通信"},
        {"_id": "urn:1", "pub_date": "2024-04-10T06:03:00Z", "headline": {"main": "題", "kicker": None},
         "source": "見本通信",
         "lead_paragraph": TEXT, "byline": {"original": "見本太郎", "person": []}, "news_desk": "政治"},
        {"id": "urn:1", "webPublicationDate": "2024-04-10T06:03:00Z", "webTitle": "題", "sectionName": "政治",
         "fields": {"body": HTML, "byline": "見本太郎", "publication": "見本通信"}},
        {"text": TEXT, "meta": {"id": "urn:1", "title": "題", "date": "2024-04-10T15:03", "author": "見本太郎",
                                "publisher": "見本通信", "category": "政治"}},
    ],
)
def test_agencies_and_apis_have_names_of_their_own(write, record):
    (raw,) = read(write(record))
    one = divide(raw)
    assert (one.id, one.title, one.source, one.desk, one.authors) == ("urn:1", "題", "見本通信", "政治", ("見本太郎",))
    assert one.published.at.isoformat() == "2024-04-10T15:03:00+09:00"
    assert one.body() == TEXT


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ({"a1": {"title": "一", "body": TEXT}, "a2": {"title": "二", "body": TEXT}}, ["a1", "a2"]),
        ({"id": {"0": "a1", "1": "a2"}, "title": {"0": "一", "1": "二"}, "text": {"0": TEXT, "1": TEXT}}, ["a1", "a2"]),
        ([{"2024-04-10": [{"news_id": "a1", "title": "一", "news_prearranged_time": "2024-04-10 16:00:00"}],
           "2024-04-11": [{"news_id": "a2", "title": "二", "news_prearranged_time": "2024-04-11 16:00:00"}]}],
         ["a1", "a2"]),
        ({"data": {"item": {"uri": "a1", "headline": "一", "versioncreated": "2024-04-10T06:03:00Z"}}}, ["a1"]),
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_articles_may_stand_under_ids_days_and_names_of_columns(write, value, ids, indent):
    found = list(read(write(value, indent=indent)))
    assert [raw.id for raw in found] == ids
    assert [raw.title for raw in found] == ["一", "二"][: len(ids)]


def test_what_is_related_to_an_article_is_not_read_in_its_place(write):
    record = {"title": "題", "date": "2024-04-10", "related": [{"title": "別の題", "date": "2024-04-09"}]}
    (raw,) = read(write(record))
    assert raw.title == "題"


def test_an_address_is_no_name_of_a_newspaper_and_a_number_no_name_of_anything(write):
    record = {"title": "題", "text": TEXT, "source": "https://mihon.example/1", "source-hostname": "見本新聞",
              "author": 3, "categories": [5], "authors": "見本太郎; 見本花子"}
    (raw,) = read(write(record))
    assert (raw.url, raw.source, raw.desk) == ("https://mihon.example/1", "見本新聞", None)
    assert raw.authors == ("見本太郎", "見本花子")


def test_a_title_may_come_with_its_readings(write):
    with_ruby = "<ruby>駅前<rt>えきまえ</rt></ruby>広場"
    record = {"title": "駅前広場", "title_with_ruby": with_ruby, "outline_with_ruby": HTML}
    one = divide(next(read(write(record))))
    assert (one.title, one.body()) == ("駅前広場", TEXT)
    assert [(over.start, over.end, over.reading) for over in one.ruby] == [(0, 2, "えきまえ")]
