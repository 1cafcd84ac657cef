"""Plain sentences the kernel says to readers, in both languages."""

from __future__ import annotations

_TEXTS = {
    "no word": (
        "「{word}」には検索できる語がありません。",
        "There is nothing to search for in “{word}”.",
    ),
    "words left out": (
        "検索語は{limit}語、かっこは{depth}重までです。残りの{count}語は使っていません。",
        "A query has up to {limit} words, in brackets up to {depth} deep; the other {count} were left out.",
    ),
    "nobody": (
        "「{word}」という{facet}はこの記事蔵にありません。",
        "This archive knows no {facet} called “{word}”.",
    ),
    "behind": (
        "索引がまだ{count}件ぶん追いついていません。",
        "The index is still {count} changes behind.",
    ),
    "outdated": (
        "索引は以前の版のものです。新しい索引ができるまで、見つからない記事があるかもしれません。",
        "The index was made by an earlier version. Until the new one is ready, it may miss articles.",
    ),
    "no date": ("日付なし", "No date"),
}

FACET_NAMES = {
    "person": ("人物", "person"),
    "country": ("国・地域", "country"),
    "organization": ("組織", "organization"),
    "place": ("地名", "place"),
    "topic": ("話題", "topic"),
    "desk": ("面", "desk"),
    "source": ("媒体", "source"),
    "year": ("年", "year"),
    "from": ("開始日", "from"),
    "to": ("終了日", "to"),
    "q": ("検索語", "words"),
}


def say(key: str, language: str, **values: object) -> str:
    """The sentence `key` in "ja" or "en"."""
    return _TEXTS[key][language == "en"].format(**values)


def facet_name(facet: str, language: str) -> str:
    """What a facet is called in "ja" or "en"."""
    return FACET_NAMES[facet][language == "en"]
