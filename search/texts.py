"""Plain sentences the kernel says to readers, in both languages."""

from __future__ import annotations

_TEXTS = {
    "words left out": (
        "検索語は{limit}語、かっこは{depth}重までです。残りの{count}語は使っていません。",
        "A query has up to {limit} words, in brackets up to {depth} deep; the other {count} were left out.",
    ),
    "text cut": (
        "検索式が長いため、最初の{limit:,}字だけを使いました。",
        "The query is long: only its first {limit:,} characters were used.",
    ),
    "brackets unbalanced": (
        "対になっていないかっこを補って読みました。",
        "A bracket has no partner; it was read as if it had one, or left out.",
    ),
    "quotation unclosed": (
        "引用符が閉じていないため、終わりまでを一つの句として読みました。",
        "A quotation mark is not closed: everything up to the end was read as one phrase.",
    ),
    "operator alone": (
        "「{operator}」の前か後ろに語がないため、使いませんでした。語として探すときは +{operator} と入力してください。",
        "“{operator}” has no word on one of its sides and was left out. To search for it, type +{operator}",
    ),
    "distance": (
        "語の間隔は{limit}語までです。{limit}語以内として探しました。",
        "Words can be asked for up to {limit} words apart; {limit} was used.",
    ),
    "star too early": (
        "「{word}」：* の前には二文字以上が必要です。* を外して探しました。",
        "“{word}”: a star needs two characters before it. It was left out.",
    ),
    "star inside": (
        "「{word}」：* は語の終わりにだけ使えます。* を外して探しました。",
        "“{word}”: a star works only at the end of a word. It was left out.",
    ),
    "typo too short": (
        "「{word}」：~ の前には三文字以上が必要です。~ を外して探しました。",
        "“{word}”: a tilde needs three characters before it. It was left out.",
    ),
    "field without value": (
        "「{field}」のすぐ後ろに値がありません。値はコロンに続けて入力してください。",
        "“{field}” has no value. Type it right after the colon, without a space.",
    ),
    "no such date": (
        "「{value}」を日付として読めなかったため、使いませんでした。",
        "“{value}” could not be read as a date and was left out.",
    ),
    "date corrected": (
        "「{value}」という日付はないため、{taken} として探しました。",
        "There is no date “{value}”; {taken} was searched.",
    ),
    "signs": (
        "「{text}」には検索できる語がないため、文字どおりに探しました。",
        "There is no word in “{text}”: its characters were searched as they are.",
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
