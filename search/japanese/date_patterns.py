"""How dates are written in running text, and what only looks like one. `mentioned_dates` says what they mean.

The words before and after were read off Wikinews and translated agency news: a day or a year that is a span of time
(10日間, 20年の刑) must not become a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from search.japanese.eras import ERAS

RELATIVE_YEARS = {"一昨年": -2, "おととし": -2, "昨年": -1, "去年": -1, "今年": 0, "本年": 0, "来年": 1, "再来年": 2}
RELATIVE_MONTHS = {"先々月": -2, "先月": -1, "今月": 0, "来月": 1, "再来月": 2}
RELATIVE_DAYS = {
    "一昨日": -2, "おととい": -2, "昨日": -1, "きのう": -1, "今日": 0, "きょう": 0, "本日": 0,
    "明日": 1, "あす": 1, "あした": 1, "明後日": 2, "あさって": 2,
}


def _any_of(words: dict[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_D = "[0-9０-９]"
_K = "[一二三四五六七八九十]"
NUMERAL = "[〇零一二三四五六七八九十百千]"
_ALONE = "(?<![0-9０-９.．,，/第])"
_ERAS = "|".join(era.name for era in ERAS)
_YEAR_OF_ERA = rf"(?:{_ERAS})\s?(?:{_D}{{1,2}}|元|{_K}{{1,3}})年"
DATE = re.compile(
    rf"""
    (?: (?P<era>{_ERAS})\s?(?P<era_year>{_D}{{1,2}}|元|{_K}{{1,3}})年
      | {_ALONE}(?P<year>[12１２]{_D}{{3}})年
      | (?<!{NUMERAL})(?P<kanji_year>[一二][〇零一二三四五六七八九]{{3}})年
      | (?:(?P<apostrophe>['’‘])|{_ALONE})(?P<short_year>{_D}{{2}})年
      | (?P<relative_year>{_any_of(RELATIVE_YEARS)}|同年|翌年)
    )
    (?P<beside> \s?[(（](?:{_YEAR_OF_ERA}|(?:西暦)?{_D}{{4}}年|{_D}{{4}})[)）] )?
    (?: の?(?P<month_of_year>{_D}{{1,2}}|{_K}{{1,2}})月 (?: (?P<day_of_year>{_D}{{1,2}}|{_K}{{1,3}})日 )? )?
    | (?: (?P<relative_month>{_any_of(RELATIVE_MONTHS)}|同月)
        | {_ALONE}(?<!年)(?P<month>{_D}{{1,2}})月
        | (?<!{NUMERAL})(?<![年第])(?P<kanji_month>{_K}{{1,2}})月
      )
      (?: (?P<day_of_month>{_D}{{1,2}}|{_K}{{1,3}})日 )?
    | {_ALONE}(?<!月)(?P<day>{_D}{{1,2}})日
    | (?P<relative_day>{_any_of(RELATIVE_DAYS)}|同日)
    | (?<![0-9０-９./-])
      (?P<y>[12]{_D}{{3}})(?P<sign>[/.-])(?P<m>{_D}{{1,2}})(?P=sign)(?P<d>{_D}{{1,2}})
      (?![0-9０-９./-])
    """,
    re.VERBOSE,
)

# Where `DATE` is worth trying: ten times as fast as trying it everywhere, since it begins with one set of characters.
MAY_BEGIN = re.compile(
    rf"""
    [令平昭大明0-9０-９一二三四五六七八九十今昨去本来再先同翌'’‘きあお]
    (?: (?<=[0-9０-９一二三四五六七八九十]) (?:{_D}|{NUMERAL}){{0,3}} [年月日/.-]
      | (?<=[令平昭大明])[和成正治] | (?<=[今昨去本来同翌])[年月日] | (?<=一)昨 | (?<=再)来 | (?<=先)[月々]
      | (?<=明)[日後] | (?<=お)とと | (?<=あ)[すしさ] | (?<=き)[のょ] | (?<=['’‘]){_D}
    )
    """,
    re.VERBOSE,
)

# ---- What only looks like a date ----------------------------------------------------------------

# 20年間, 2024年度, 1990年代, 2000年の歴史. Not: 2024年前半, 2024年代表.
NOT_A_YEAR = re.compile(
    r"間|度(?!々)|代(?!表|替|理)|前(?!半|期)|後(?!半|期)|以上|以内|ぶり|振り|目|余|超|近く|連続|半(?!ば|期)|分|債|物|弱|未満|程度|ほど"
    r"|くらい|ぐらい|ごと|毎|に(?:1|１|一)[度回]|にわた|に渡|に亘|に及|越し|周年|もの|比|の歴史|の伝統|の刑|生(?!ま)|経|連覇"
    r"|の漢字"
)
NOT_A_MONTH = re.compile(r"号|期(?!待)|場所|革命|分|生まれ|病|ぶり|振り|間|目")
NOT_BEFORE_A_MONTH = re.compile(r"(?:毎年|例年|平年|通常|[昨来][春夏秋冬]|毎|翌|役|錮|固|刑|生後|約)[の、(（]?\Z")
NOT_A_DAY_OF_A_MONTH = re.compile(r"生まれ|革命|事件|間")
# A day that stands alone is a span of time as often as not: only before these is it a day.
A_DAY = re.compile(
    r"[、，)）(（「『]|付|午[前後]|正午|未明|早朝|[朝昼夕夜]|深夜|明け方|から(?![0-9０-９]+日(?:間|ほど|程度|か))|まで|より|以[降後前]"
    r"|時点|現在|発[表売]|投開票|開[幕催会始票]|閉[幕会]|[公告]示|施行|実施|放送|公開|行わ|遅く|中に|明らか|わか|分か|死去|伝え|記者|現地|日本時"
    r"|に(?![0-9０-９一二三数約]|わた|渡|亘|及|満|つき|かけ|限|短縮|延長|な[るっ]|相当|増|減|近い)"
    r"|の(?!停戦|休戦|隔離|[勾拘]|猶予|期[間限]|休|航海|旅|有給|一時|間|うち|刑|懲役|禁錮|出場|活動停|滞在|遅れ|行程|差|節目|喪|服喪|計|長|短|追加|延|船)"
)
# いちにち: a span, unless what follows leaves no doubt.
THE_FIRST = re.compile(
    r"[、)）(（]|付|午[前後]|未明|早朝|[夕夜]|深夜|までに|現在|発表|に(?:開|発|行|施|死|、|始|就|会|訪)"
)
NOT_BEFORE_A_DAY = re.compile(
    r"(?:[約計各丸満全毎数中週年後第延残]|わずか|最[大長短低高]|およそ|残り|あと|延べ|通算|連続|ほぼ|過去|今後|向こう"
    r"|から|以来|して|まで|ほか|たった)\Z"
)
TODAY = re.compile(r"[、(（]|午[前後]|未明|早朝|[朝夕夜]|正午|発表|開[幕催会始]")
TOMORROW = re.compile(r"[、(（]|午[前後]|未明|早朝|[朝夕夜]|正午|に(?!な)|から|まで|以降|開[幕催会始]|行わ")
# The day of an event of another year.
REMEMBERED = {
    (1, 6): "議会|議事堂|襲撃|暴動", (3, 11): "震災|津波", (6, 4): "天安門", (8, 6): "原爆|投下", (8, 9): "原爆|投下",
    (9, 11): "テロ|同時多発|攻撃", (10, 7): "ハマス|ハマース|奇襲|襲撃|攻撃|虐殺|テロ",
}
# 24年夏 is a year; 24年の alone may be a span.
OF_A_YEAR = re.compile(r"[春夏秋冬末]|初[め頭]|前半|後半|半ば|[上下]半?期|時点|産|大会|シーズン")
# What may stand between two dates that share their year or month: 4月8日と10日, 2023年から24年.
JOINED = re.compile(r"\s*(?:[、，,・〜～~―‐－-]|と|や|から|および|及び|または|か|午前|午後|日本時間)?\s*\Z")


def date_matches(text: str) -> Iterator[re.Match[str]]:
    """What `DATE.finditer` finds, in a tenth of the time."""
    place = MAY_BEGIN.search(text)
    while place:
        match = DATE.match(text, place.start())
        if match:
            yield match
        place = MAY_BEGIN.search(text, match.end() if match else place.start() + 1)
