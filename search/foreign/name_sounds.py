"""How the name of a person, a place or an organization sounds, and the keys by which it is found.

羽生結弦 is `hanyu,habu yuzuru`, リオネル・メッシ `rioneru mesi`, 習近平 in Japan `syukinpei` and in China `xi jinping`.
Computed once, when an archive first stores a name (see `search/archive_names.py`): 60 microseconds each.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import islice, product
from typing import Any, Literal, NamedTuple

from search.foreign.romaji import plain_letters, sound_of_kana
from search.foreign.sounds import skeleton
from search.foreign.tables import load_table
from search.japanese.tokens import dictionary
from search.names import load_data

SOUNDS_REVISION = 2
"""Raise it when names sound otherwise than before, or get other keys: archives then compute them anew."""

Voice = Literal["=", "+", "'", "%", "^"]
"""What the letters are: = the reading of a Japanese name; + the sounds of katakana, which may stand for a foreign
spelling; ' the spelling itself; % pinyin; ^ Korean. The first two are spelled as `romaji` does."""

WHOLE, MAIN, OTHER = 0, 1, 2
"""What of a name a key stands for: all of it, the surname or its like, another part."""

SKELETON, UNVOICED = "~", "-"
"""Open the keys of consonants alone, and of what is left of a reading if k and g, t and d … are one."""

READINGS_A_PART = 4
WHOLES_A_NAME = 4
"""Readings of one part, and of a name as one word, that are kept where characters can be read in several ways."""

DIVISIONS_A_NAME = 2
"""Ways to divide a name into surname and given name that are kept; the whole as a surname counts as one."""

PARTS_A_NAME = 6
"""Parts of a long name that are kept: the first ones and the last."""

SHORTEST_PART = 2
"""Letters of a part that gets a key of its own."""

_SAME_KEYS = {"+": "=", "%": "'"}
_VOICED = str.maketrans("gzdbpf", "ksthhh")
_BETWEEN = re.compile(r"[\s・·•＝=゠‐‑‒–—\-.,'’`･]+")
_KATAKANA = re.compile(r"[ァ-ヺー]{2,}")
_HIRAGANA = re.compile("[ぁ-ゖ]")
_KANA_ONLY = re.compile(r"[ぁ-ゖァ-ヺー]+")
_LATIN = re.compile(r"[^぀-ヿ一-鿿가-힯]*[A-Za-z][^぀-ヿ一-鿿가-힯]*")
_KANJI_NAME = re.compile(r"[一-鿿々]{2,4}")
_LONGEST_SURNAME, _LONGEST_PERSON = 4, 8

# What follows a place's own name.
_SUFFIXES = tuple("都道府県市区町村郡州省島駅港山川湖湾線社")

_CHINESE_SURNAMES = frozenset(
    "王李張劉陳楊黄趙呉周徐孫馬朱胡郭何高林羅鄭梁謝宋唐許韓馮鄧曹彭曾蕭田董袁潘于蒋蔡余杜葉程蘇魏呂丁任沈姚盧姜崔鐘譚陸汪范金石廖賈"
    "夏韋傅方白鄒孟熊秦邱江尹薛閻段雷侯龍史陶黎賀顧毛郝龔邵万銭厳武戴莫孔向湯温習栄華朴樊鄔柴項喬荘殷章魯倪楚岳耿聶関焦左柳甘凌包"
    "祝舒阮紀梅童霍歐鮑施牛翁冀卜游穆冷車房屈項成古洪沙兪喻連査俞劉黃吳蔣韋葉賴頼欧辜翟柯簡麦曽銭".replace(" ", "")
)
_KOREAN_SURNAMES = frozenset(
    "金李朴崔鄭姜趙尹張林韓呉申徐権黄安宋柳全高文梁孫裵裴白許劉南沈盧丁河郭成車兪朱禹具辛任羅池陳厳元千方康孔咸卞楊廉呂秋卓魏玄太奉潘"
    "蔡都慎馬表明奇房玉孟王薛陸印諸洪曺曹田閔潘石宣殷片皇"
)

_KOREAN = tuple((re.compile(written), sound) for written, sound in (
    (r"[^a-z]", ""), (r"^park", "bag"), (r"^(lee|rhee|yi|li)$", "ri"), (r"oi", "oe"), (r"ee", "i"),
    (r"h(?=[^aeiouwy]|$)", ""),
    (r"sy?h", "s"), (r"ch", "j"), (r"k", "g"), (r"t", "d"), (r"p", "b"), (r"l", "r"), (r"z", "j"),
    (r"ae|oe|ai", "e"), (r"y|w(?=o)", ""), (r"eo|eu|oo|ou|u|o", "o"), (r"(.)\1+", r"\1"),
))

# Pinyin and Wade-Giles, as newspapers write it without apostrophes: Li Denghui, Lee Teng-hui.
_CHINESE = tuple((re.compile(written), sound) for written, sound in (
    (r"[^a-z]", ""), (r"^lee$", "li"), (r"^tsz|^tzu|^ssu", "si"), (r"zh|ch|j|q|tz|ts|z|c", "c"), (r"hs|sh|x", "s"),
    (r"d", "t"), (r"b", "p"), (r"g(?=[aeiouy])", "k"), (r"r(?=[aeiou])", "c"), (r"yi|y(?=[^aeou]|$)", "i"),
    (r"ong", "ung"),
    (r"ia?e?n(?!g)", "ien"), (r"ieh", "ie"), (r"ou|ow", "o"), (r"uei|wei", "ui"), (r"^w", "u"),
    (r"(?<=[aeiou])h$", ""), (r"(.)\1+", r"\1"),
))


class Heard(NamedTuple):
    """One way to say a name. parts: of each, the ways to read it, the likeliest first. main: which is the surname."""

    voice: Voice
    parts: tuple[tuple[str, ...], ...]
    main: int

    def pack(self) -> str:
        """As the archive keeps it: =0 kisida fumio,bunyu"""
        return " ".join((f"{self.voice}{self.main}", *map(",".join, self.parts)))

    @staticmethod
    def unpack(text: str) -> Heard:
        head, *parts = text.split(" ")
        voice: Any = head[0]
        return Heard(voice, tuple(tuple(part.split(",")) for part in parts), int(head[1:]))

    def wholes(self) -> list[str]:
        """The name as one word, in the ways to read it, and with the surname last."""
        orders = [self.parts]
        if self.voice == "=" and len(self.parts) == 2 and self.main == 0:
            orders.append(self.parts[::-1])
        return ["".join(some) for parts in orders for some in islice(product(*parts), WHOLES_A_NAME)]

    def all_keys(self) -> Iterator[tuple[str, int]]:
        """(key, WHOLE, MAIN or OTHER)"""
        for whole in self.wholes():
            yield from keys_of(self.voice, whole, WHOLE)
        if len(self.parts) > 1:
            for place, part in enumerate(self.parts):
                for sound in part:
                    if len(sound) >= SHORTEST_PART:
                        yield from keys_of(self.voice, sound, MAIN if place == self.main else OTHER)


def keys_of(voice: Voice, sound: str, place: int) -> Iterator[tuple[str, int]]:
    """The keys of a name or a part of one."""
    yield _SAME_KEYS.get(voice, voice) + sound, place
    if voice == "%":
        yield "%" + chinese(sound), place
    elif voice == "=":
        yield UNVOICED + unvoiced(sound), place
    elif voice == "+":
        yield SKELETON + skeleton(sound), place


def unvoiced(sound: str) -> str:
    """田嶋 is read Tashima and Tajima: the same, without the difference of voiced consonants."""
    return sound.translate(_VOICED)


def heard(name: str, kind: str) -> tuple[Heard, ...]:
    """The ways to say a name; () for what has no letters. kind: of the entity."""
    text = unicodedata.normalize("NFKC", name)
    if kind == "person":
        text = _without_title(text)
    if _LATIN.fullmatch(text):
        return _of_parts("'", (spelled(part) for part in _BETWEEN.split(text)))
    bare = _BETWEEN.sub("", text)
    if _KANA_ONLY.fullmatch(bare):
        voice: Voice = "=" if _HIRAGANA.search(bare) else "+"
        return _of_parts(voice, (sound_of_kana(part) for part in _BETWEEN.split(text)))
    if kind == "person":
        return (*_japanese_person(bare), *_abroad(bare))
    return _japanese_place(text, bare)


def _of_parts(voice: Voice, sounds: Iterator[str]) -> tuple[Heard, ...]:
    parts = tuple((sound,) for sound in sounds if sound)
    if len(parts) > PARTS_A_NAME:
        parts = (*parts[: PARTS_A_NAME - 1], parts[-1])
    return (Heard(voice, parts, len(parts) - 1),) if parts else ()


def _japanese_person(name: str) -> tuple[Heard, ...]:
    """Surname and given name, divided as Sudachi's dictionary knows both: 羽生|結弦, 沢尻|エリカ."""
    found = []
    alone = dict.fromkeys((*_read(name, "姓"), *_read(name, "名")))
    if alone:       # 岸田, 愛子
        found.append(Heard("=", (tuple(alone),), 0))
    for end in range(min(_LONGEST_SURNAME, len(name) - 1), 0, -1) if len(name) <= _LONGEST_PERSON else ():
        surnames, given = _read(name[:end], "姓"), _read(name[end:], "名")
        if surnames and given:
            found.append(Heard("=", (surnames, given), 0))
    if found:
        return tuple(found[:DIVISIONS_A_NAME])
    if katakana := _KATAKANA.match(name):       # チャールズ３世, プーチン政権
        return (Heard("+", ((sound_of_kana(katakana.group()),),), 0),)
    cut = _cut(name)
    if len(cut) > 1 and _read(cut[0][0], "姓"):
        rest = sound_of_kana("".join(reading for _, reading in cut[1:]))
        return (Heard("=", (_read(cut[0][0], "姓"), (rest,)), 0),) if rest else ()
    return _as_one(cut)


@lru_cache(maxsize=1 << 14)
def _read(word: str, name_kind: str) -> tuple[str, ...]:
    """The ways to read a surname (姓) or a given name (名); () if it is none."""
    if name_kind == "名" and _KANA_ONLY.fullmatch(word):
        return (sound_of_kana(word),)
    sounds = (sound_of_kana(m.reading_form()) for m in dictionary().lookup(word) if m.part_of_speech()[3] == name_kind)
    rarer = load_table("given_names").words(word) if name_kind == "名" else ()
    return tuple(dict.fromkeys(sound for sound in (*sounds, *rarer) if sound))[:READINGS_A_PART]


def _japanese_place(text: str, bare: str) -> tuple[Heard, ...]:
    """The whole; what of it is in katakana (ホルムズ海峡, 阪神タイガース); and what stands before 市 or 県."""
    cut = _cut(bare)
    found = list(_as_one(cut))
    katakana = _KATAKANA.findall(text)
    if katakana:
        found += _of_parts("+", map(sound_of_kana, katakana))
        before = bare.partition(katakana[0])[0]
        if before and not _KATAKANA.search(before):
            parts = ("".join(reading for _, reading in _cut(before)), *katakana)
            found += _of_parts("+", map(sound_of_kana, parts))
    elif len(cut) > 1 and cut[-1][0].endswith(_SUFFIXES):
        found += _as_one(cut[:-1])
    return tuple(found)


def _as_one(cut: list[tuple[str, str]]) -> tuple[Heard, ...]:
    sound = sound_of_kana("".join(reading for _, reading in cut))
    return (Heard("=", ((sound,),), 0),) if sound else ()


def _cut(text: str) -> list[tuple[str, str]]:
    """(word, reading in katakana), by Sudachi's short units."""
    return [(m.surface(), m.reading_form()) for m in _tokenizer().tokenize(text[:40])]


_of_thread = threading.local()


def _tokenizer() -> Any:
    # A SudachiPy tokenizer raises when two threads share it.
    if not hasattr(_of_thread, "tokenizer"):
        _of_thread.tokenizer = dictionary().tokenizer(mode="A")
    return _of_thread.tokenizer


def _abroad(name: str) -> Iterator[Heard]:
    """As a Chinese and as a Korean name, where the first character may be a surname there: 習|近平, 金|正恩."""
    if not _KANJI_NAME.fullmatch(name) or (len(name) > 3 and len(_read(name[:2], "姓")) > 0) or _is_of_japan(name):
        return
    if name[0] in _CHINESE_SURNAMES:
        parts = tuple(tuple(map(spelled, _combined(part, 0))) for part in (name[0], name[1:]))
        if all(parts):
            yield Heard("%", parts, 0)
    if name[0] in _KOREAN_SURNAMES:
        parts = tuple(tuple(dict.fromkeys(map(korean, _combined(part, 1)))) for part in (name[0], name[1:]))
        if all(parts):
            yield Heard("^", parts, 0)


def _is_of_japan(name: str) -> bool:
    """金子勇, 林田…: the surname has two characters."""
    return len(name) > 2 and bool(_read(name[:2], "姓") and _read(name[2:], "名"))


def _combined(characters: str, column: int) -> tuple[str, ...]:
    readings = [_chinese_korean().get(character, ((), ()))[column] for character in characters]
    return tuple(islice(map("".join, product(*readings)), READINGS_A_PART)) if all(readings) else ()


@cache
def _chinese_korean() -> Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """character -> (pinyin, Korean)"""
    text = (files("search") / "data" / "chinese_korean.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {
        char: (tuple(pinyin.split()) if pinyin != "-" else (), tuple(of_korea.split()) if of_korea != "-" else ())
        for char, pinyin, of_korea in rows
    }


@lru_cache(maxsize=1 << 14)
def korean(letters: str) -> str:
    """Korean names as people spell them, made alike: Park Geun-hye, Bak Geunhye; Yoon Suk-yeol, Yun Seok-yeol."""
    for written, sound in _KOREAN:
        letters = written.sub(sound, letters)
    return letters


@lru_cache(maxsize=1 << 14)
def chinese(letters: str) -> str:
    """Chinese names in pinyin or Wade-Giles, made alike: Denghui, Teng-hui; Yingwen, Ing-wen."""
    for written, sound in _CHINESE:
        letters = written.sub(sound, letters)
    return letters


@lru_cache(maxsize=1 << 14)
def spelled(word: str) -> str:
    """A word in Latin letters, with the ways to end Zelensky, Zelenskyy and Zelenskiy made alike."""
    letters = re.sub("[^a-z0-9]", "", plain_letters(word))
    return re.sub(r"(?<=[a-z]{3})(iy|yy|yi|ij|ii|y|i)$", "i", letters)


@cache
def _titles() -> frozenset[str]:
    tables = load_data("titles")
    titles = (title for kind in ("honorifics", "offices", "posts") for title in tables[kind])
    return frozenset(title for title in titles if len(title) > 1 or title == "氏")


def _without_title(name: str) -> str:
    """プーチン for プーチン大統領; a name of one character stays with its title, since it may be anything."""
    return next((name[:end] for end in range(2, len(name)) if name[end:] in _titles()), name)
