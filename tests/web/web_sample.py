"""A handful of made-up but likely articles, and who is in them, for the double of the archive."""

from __future__ import annotations

from datetime import datetime

from search.articles import JST, Article, Entity, Published, Section, Topic
from search.query.forms import Form

ENTITIES = {
    entity.id: entity
    for entity in (
        Entity("person-xi", "person", "習近平", "Xi Jinping"),
        Entity("person-lavrov", "person", "セルゲイ・ラブロフ", "Sergey Lavrov"),
        Entity("person-17", "person", "岡田花子"),
        Entity("CN", "country", "中国", "China"),
        Entity("RU", "country", "ロシア", "Russia"),
        Entity("JP", "country", "日本", "Japan"),
        Entity("UA", "country", "ウクライナ", "Ukraine"),
        Entity("organization-un", "organization", "国連", "United Nations"),
        Entity("place-beijing", "place", "北京", "Beijing"),
        Entity("event-g7", "event", "G7広島サミット", "G7 Hiroshima summit"),
    )
}

ALIASES = {
    "person-xi": ("習近平", "習主席", "習氏"),
    "person-lavrov": ("セルゲイ・ラブロフ", "ラブロフ", "ラヴロフ"),
    "person-17": ("岡田花子", "岡田知事"),
    "CN": ("中国",),
    "RU": ("ロシア",),
    "JP": ("日本",),
    "UA": ("ウクライナ",),
    "organization-un": ("国連",),
    "place-beijing": ("北京",),
    "event-g7": ("G7広島サミット",),
}
"""Entity id -> how its name is written; the first is the one to show."""

TOPICS = (
    Topic("peace", "ウクライナ和平交渉", "ウクライナ 和平", "Ukraine peace talks"),
    Topic("harvest", "米の作柄", "作柄", "The rice harvest"),
)

OTHER_FORMS = {
    "作柄": (Form("出来秋", "synonym"), Form("作況", "abbreviation")),
    "harvest": (Form("作柄", "english"), Form("収穫", "english")),
    "会談": (
        Form("懇談", "synonym"), Form("首脳会談", "synonym"), Form("対談", "synonym"), Form("会合", "synonym"),
        Form("協議", "synonym"), Form("面会", "synonym"), Form("話し合い", "synonym"), Form("かいだん", "spelling"),
    ),
    "ラブロフ": (Form("ラヴロフ", "spelling"),),
}
"""Word -> its other forms."""

EVIL = '<script>alert("1")</script>'
"""What a title, a heading, a snippet or a query may hold, and no page may ever run."""


def _on(day: str) -> Published:
    precision = {4: "year", 7: "month", 10: "day", 16: "minute"}[len(day)]
    at = datetime.fromisoformat((day + "-01-01")[:10] if len(day) < 10 else day).replace(tzinfo=JST)
    return Published(at, precision)  # type: ignore[arg-type]


ARTICLES = [
    Article(
        "talks",
        "中ロ外相が会談、和平案を協議",
        (
            Section(None, "ロシアのラブロフ外相は10日、中国の北京で習主席と会い、ウクライナの和平を話し合った。"),
            Section("六年ぶりの会談", "習氏がラヴロフ氏と会うのは六年ぶり。\n\n国家元首が閣僚と会うとは限らない。"),
            Section("国連の役割", "双方は国連の役割が大切だとの考えで一致した。"),
            Section("今後の予定", "習近平国家主席は年内にロシアを訪れる見通しだ。"),
            Section("専門家の見方", "専門家は、習氏の狙いが和平への関与を示すことにあるとみる。"),
        ),
        _on("2024-04-10T18:30"), "見本新聞", "国際", "https://news.example/talks", ("山田太郎", "鈴木一郎"),
    ),
    Article(
        "g7", "G7広島サミットが閉幕、和平への支持を確認",
        (Section(None, "日本で開かれたG7広島サミットは、ウクライナの和平を支える声明をまとめて閉幕した。"),),
        _on("2023-05-21"), "見本新聞", "政治",
    ),
    Article(
        "t-0001", "北京からの手紙によれば、冬の市場は例年になくにぎわい…",
        (Section(None, "北京からの手紙によれば、冬の市場は例年になくにぎわいを見せているという。"),),
        title_inferred=True,
    ),
    Article(
        "odd/../ID?#%20 1", f"題名に{EVIL}を含む記事",
        (Section(None, f"本文にも{EVIL}がある。"), Section(f"見出し{EVIL}", "そして \"引用\" & '符'。")),
        _on("2024-01"), f"媒体{EVIL}", "社会", "javascript:alert(1)", (f"著者{EVIL}",),
    ),
    *(
        Article(
            f"harvest-{number:02}",
            f"{year}年産米の作柄は{grade}　第{number}報",
            (Section(None, f"農林水産省は{year}年産米の作柄を「{grade}」と発表した。岡田知事は歓迎した。"),),
            _on(f"{year}-{number % 12 + 1:02}-15"), "穀倉日報", "経済",
        )
        for number, year, grade in (
            (n, 2018 + n % 7, ("良", "やや良", "平年並み", "やや不良")[n % 4]) for n in range(45)
        )
    ),
]

EARLIER = {
    "g7": (
        Article(
            "g7", "G7広島サミットが閉幕",
            (Section(None, "日本で開かれたG7サミットは、ウクライナの和平を支える声明をまとめて閉幕した。"),
             Section(None, f"次は{EVIL}で開かれる。")),
            _on("2023-05-21"), "見本新聞", "国際",
        ),
    ),
}
"""Article id -> its earlier versions, the first one first."""
