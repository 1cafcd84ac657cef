"""Agencies, papers, places and persons, as credits have them: ワシントン共同, 10日, 山田太郎記者."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from search.foreign.tables import load_table
from search.japanese.tokens import PartOfSpeech, parts_of_speech

_AGENCY = (
    "共同(?:通信(?:社)?)?|時事(?:通信(?:社)?)?|ロイター(?:通信)?|(?:AFP|ＡＦＰ)(?:時事|通信|BB ?News)?"
    "|(?:AP|ＡＰ)(?:通信)?|(?:CNN|ＣＮＮ)(?:\\.co\\.jp)?|BBC(?:ニュース)?|ＢＢＣ|UPI|ＵＰＩ|(?:DPA|dpa|ＤＰＡ)(?:時事)?|EPA"
    "|NNA|ＮＮＡ|WSJ|ＷＳＪ|新華社|中央社|中国新聞社|[聯連]合ニュース|タス通信|インタファクス通信|朝鮮中央通信|朝鮮通信|ラヂオプレス|CNS|ＣＮＳ"
    "|ブルームバーグ|Bloomberg|Reuters|REUTERS|ダウ・ジョーンズ"
)
AGENCY = re.compile(_AGENCY)
PAPER = re.compile(r"[一-龥々ァ-ヺーA-Za-z]{1,8}(?:新聞(?:社)?|通信社|日報)")
_DATE = r"(?:(?:[\d０-９]{4}年)?[\d０-９]{1,2}月)?[\d０-９]{1,2}日"
DATE = re.compile(_DATE)
# ワシントン共同, 新華社北京4月10日
JOINED = re.compile(rf"(?P<before>{_AGENCY})?(?P<place>[^\d０-９]*?)(?:{_DATE})?(?P<after>{_AGENCY})?")
WHOLE = re.compile(r"ダウ・ジョーンズ|(?:AFP|ＡＦＰ)[=＝]時事")
BETWEEN_WORDS = re.compile(r"[=＝ \u3000]+")
BETWEEN_NAMES = re.compile(r"[、，,・･／/]")

KATAKANA = re.compile(r"[ァ-ヺー・]{2,20}")
NAME = re.compile(r"[一-龥々ヶ][一-龥々ヶぁ-んァ-ヺー]{1,5}")
OF_A_PAPER = re.compile(r"(?P<name>.+?)(?:記者|特派員|通信員|支局長|総局長|編集委員|論説委員)")
FOREIGN_NAME = re.compile(r"[ァ-ヺー]{2,}(?:[・=＝][ァ-ヺー]{2,}){1,3}|[A-Z][A-Za-z.'-]+(?: [A-Z][A-Za-z.'-]+){1,3}")

LONGEST_SURNAME_CHARS = 3
# A surname with one of these is a place, a body or a time: 石川県, 大阪市, 福田派, 秋田犬.
NO_GIVEN_NAMES = frozenset(
    "県市町村区郡都府州国駅港島川山社局部課会党派省庁署軍線戦杯賞式法案論者員長家人犬生氏側内外上下中前後間発行着系流版"
    "商工農高大医院校宮寺方台塔城橋坂"
)
# 元巨人, 東京都内: these are surnames, but far more often something else.
NO_SURNAMES = frozenset("元前新現旧故全本当同各両東西南北中上下左右大小米英仏独露韓")
# What the dictionary has for other things than places, or not at all.
DATELINES = frozenset({"国連", "平壌", "本社", "本紙", "宮古島"})
# Nobody writes from a continent; アジア共同体 and 日米共同 are about one.
NO_DATELINES = frozenset("アジア アフリカ ヨーロッパ 欧州 欧米 中東 日本 日米 日中 日韓 日欧 米中".split())


@dataclass(frozen=True, slots=True)
class Said:
    """What a credit names. persons: by their names alone; is_sure: the dictionary knows one of them as a person."""

    has_agency: bool = False
    has_paper: bool = False
    has_place: bool = False
    persons: tuple[str, ...] = ()
    is_sure: bool = False


@lru_cache(1 << 12)
def read(text: str) -> Said | None:
    """What the words within the brackets of a credit name; None where one of them is something else."""
    if WHOLE.search(text):
        text = WHOLE.sub("共同", text)
    joined = BETWEEN_WORDS.sub("", text)
    if BETWEEN_WORDS.search(text.strip()) and is_person(joined):
        return Said(persons=(joined,), is_sure=True)        # 山田　太郎
    agency = paper = place = sure = False
    persons: list[str] = []
    for word in BETWEEN_WORDS.split(text.strip()):
        if FOREIGN_NAME.fullmatch(word) and not place:
            return None                                     # ニューヨーク・タイムズ
        if FOREIGN_NAME.fullmatch(word):                    # 【ロンドン＝ジョン・スミス】, but ジャン＝ポール・サルトル
            if not is_known_place(text.split(word)[0].strip("=＝ \u3000")):
                return None
            persons.append(word)
            continue
        for piece in BETWEEN_NAMES.split(word):
            name = _name(piece)
            if DATE.fullmatch(piece):
                continue
            if _is_agency(piece):
                agency = True
            elif PAPER.fullmatch(piece):
                paper = True
            elif name:
                persons.append(name)
                sure = sure or is_person(name) or name != piece
            elif is_place(piece):
                place = True
            else:
                return None
    return Said(agency, paper, place, tuple(persons), sure)


def _is_agency(piece: str) -> bool:
    found = JOINED.fullmatch(piece)
    return (
        found is not None
        and bool(found["before"] or found["after"])
        and (not found["place"] or is_place(found["place"]))
    )


def _name(piece: str) -> str | None:
    """The person's name, without what he or she is to the paper."""
    found = OF_A_PAPER.fullmatch(piece)
    if found:
        return found["name"] if is_person(found["name"]) or may_be_person(found["name"]) else None
    return piece if may_be_person(piece) and not is_place(piece) else None


def is_place(word: str) -> bool:
    """Whether reporters write from there: the dictionary has it as a place, or it is a foreign word it has not."""
    word = word.removesuffix("支局").removesuffix("総局")
    return is_known_place(word) or (KATAKANA.fullmatch(word) is not None and not parts_of_speech(word))


def is_known_place(word: str) -> bool:
    """Whether the dictionary has it as a place, and reporters write from there."""
    return word in DATELINES or (word not in NO_DATELINES and _has(parts_of_speech(word), "地名"))


@lru_cache(1 << 12)
def is_person(name: str) -> bool:
    """Whether it is a surname and a given name that the dictionary knows, and no other word."""
    if not NAME.fullmatch(name) or _is_other_word(name):
        return False
    if len(name) > 2 and _has(parts_of_speech(name), "人名", "一般"):
        return True
    return any(
        _is_surname(name[:cut]) and _is_given_name(name[cut:])
        for cut in range(1, min(LONGEST_SURNAME_CHARS, len(name) - 1) + 1)
    )


@lru_cache(1 << 12)
def may_be_person(name: str) -> bool:
    """The same where what stands around it says so: one of the two names is enough."""
    if is_person(name):
        return True
    if not NAME.fullmatch(name) or not 3 <= len(name) <= 5 or _is_other_word(name):
        return False
    surname, given = name[:2], name[2:]
    return given not in NO_GIVEN_NAMES and (
        (_is_surname(surname) and len(given) <= 2 and not parts_of_speech(given)) or _is_given_name(name[-2:])
    )


def _is_other_word(name: str) -> bool:
    """Whether the dictionary has it for something else, or for half a name; 高雄市 and 元近鉄 it has in pieces."""
    known = parts_of_speech(name)
    return (
        (bool(known) and not _has(known, "人名", "一般"))
        or _has(parts_of_speech(name[:-1]), "地名")
        or (name[0] in NO_SURNAMES and bool(parts_of_speech(name[1:])))
    )


def _is_surname(text: str) -> bool:
    return text not in NO_SURNAMES and _has(parts_of_speech(text), "人名", "姓")


def _is_given_name(text: str) -> bool:
    if text in NO_GIVEN_NAMES:
        return False
    known = parts_of_speech(text)
    return _has(known, "人名", "名") or (not known and bool(load_table("given_names").words(text)))


def _has(known: tuple[PartOfSpeech, ...], third: str, fourth: str | None = None) -> bool:
    return any(one[2] == third and (fourth is None or one[3] == fourth) for one in known)
