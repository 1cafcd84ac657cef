"""The bundled registry: countries, and the persons and organizations that world news is about.

`search/data/countries.toml` and `entities.toml` are the data; names of countries that they leave out come from
CLDR. Indexing links mentions through it, and queries find an entity however its name is typed.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from babel import Locale

from search.articles import KINDS, Entity
from search.japanese.spelling import fold

NAMES_REVISION = 4
"""Raise it when `indexer.mentions`, its model or `fold_name` finds or links other names than before."""

# CLDR territories that are no ISO 3166-1 country: islands of others, blocs, private use. XK (Kosovo) is kept.
_NO_COUNTRY = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"])

# Characters that are written, or not, between the parts of one name.
_BETWEEN = re.compile(r"[\s・·•＝=゠‐‑‒–—\-.,'’`]+")

# Katakana for the same foreign sound, the longer first; what stands on the left is written as on the right.
_SOUNDS = (
    ("ウォロ", "ボロ"), ("ウォレ", "ボレ"),                          # ウォロディミル, ヴォロディミル
    ("ブラジ", "ウラジ"), ("ブラディ", "ウラジ"),                     # ヴラジーミル, ウラジーミル
    ("ティ", "チ"), ("ディ", "ジ"), ("テュ", "チュ"), ("デュ", "ジュ"), ("トゥ", "ツ"), ("ドゥ", "ズ"),
    ("ヂ", "ジ"), ("ヅ", "ズ"), ("シェ", "セ"), ("ジェ", "ゼ"),
)
_SMALL = str.maketrans("ァィゥェォヮ", "アイウエオワ", "ー")
_GLIDE = re.compile("(?<=[イキシチニヒミリギジビピ])ヤ")              # ネタニヤフ, ネタニアフ

# Old and new forms of one character. 斎 and 斉 are different surnames, and so are 龍 and 竜: they stay apart.
_OLD_FORMS = str.maketrans(
    "髙﨑邊邉澤濱濵廣國櫻惠德眞齋齊瀨嶋嶌黑增曾圓實榮藏應淺壽與鷗濟豐",
    "高崎辺辺沢浜浜広国桜恵徳真斎斉瀬島島黒増曽円実栄蔵応浅寿与鴎済豊",
)


def in_new_forms(name: str) -> str:
    """髙橋 as 高橋, which dictionaries know."""
    return name.translate(_OLD_FORMS)


@lru_cache(maxsize=1 << 16)
def fold_name(text: str) -> str:
    """`text` in a form in which the spellings of one name agree. For comparing, never for showing.

    ラヴロフ and ラブロフ, ウォロディミル and ボロディミル, 髙市 and 高市, Xi Jinping and XiJinping are alike.
    """
    folded = _BETWEEN.sub("", fold(text)).translate(_OLD_FORMS)
    if folded.isascii():
        return folded
    for written, also in _SOUNDS:
        folded = folded.replace(written, also)
    folded = _GLIDE.sub("ア", folded.translate(_SMALL))
    return "".join(unicodedata.normalize("NFD", c)[0] if "à" <= c <= "ɏ" else c for c in folded)


@cache
def load_data(name: str) -> dict[str, Any]:
    """The contents of `search/data/NAME.toml`."""
    return tomllib.loads((files("search") / "data" / f"{name}.toml").read_text("utf-8"))


@cache
def names_version() -> str:
    """What mentions depend on: the code that finds them, and the tables of `search/data`."""
    digest = hashlib.blake2b(digest_size=4)
    for table in sorted((files("search") / "data").iterdir(), key=lambda table: table.name):
        if table.name.endswith(".toml"):
            digest.update(table.read_bytes())
    return f"{NAMES_REVISION}-{digest.hexdigest()}"


@cache
def bundled_entities() -> Mapping[str, Entity]:
    """Every entity that comes with the program, by id."""
    return MappingProxyType({entity.id: entity for entity, _ in _bundled()})


@cache
def bundled_aliases() -> Mapping[str, tuple[str, ...]]:
    """From the folded form of every name and alias to the ids of those who bear it.

    One character is no alias: 米, 英 or 仏 typed alone may as well be rice, a given name or the Buddha, and the
    search for the word finds 米大統領 anyway.
    """
    aliases: dict[str, tuple[str, ...]] = {}
    for entity, names in _bundled():
        for name in names:
            key = fold_name(name)
            if len(key) > 1 and entity.id not in aliases.get(key, ()):
                aliases[key] = (*aliases.get(key, ()), entity.id)
    return MappingProxyType(aliases)


@cache
def bundled_names(entity_id: str) -> tuple[str, ...]:
    """The names and aliases of a bundled entity as they are written, the one to show first."""
    return _names_by_id().get(entity_id, ())


@cache
def _names_by_id() -> dict[str, tuple[str, ...]]:
    return {entity.id: names for entity, names in _bundled()}


@cache
def _bundled() -> tuple[tuple[Entity, tuple[str, ...]], ...]:
    return (*_countries(), *_others())


def _countries() -> Iterator[tuple[Entity, tuple[str, ...]]]:
    own: dict[str, list[str]] = load_data("countries")["names"]
    english = Locale("en").territories
    for code, name in sorted(Locale("ja").territories.items()):
        if len(code) != 2 or code in _NO_COUNTRY:
            continue
        official = re.sub(r"\s*\(.*\)", "", name)       # ミャンマー (ビルマ)
        names = (*own.get(code, ()), official)
        entity = Entity(code, "country", names[0], english[code])
        in_english = re.sub(r"\s*\(.*\)| SAR China$", "", english[code])
        yield entity, tuple(dict.fromkeys((*names, english[code], in_english)))


def _others() -> Iterator[tuple[Entity, tuple[str, ...]]]:
    tables = dict(load_data("entities"))
    roles = {entity_id: role for role, ids in tables.pop("roles").items() for entity_id in ids}
    for kind in KINDS:
        for entity_id, (name, name_en, *aliases) in tables.pop(kind, {}).items():
            yield Entity(entity_id, kind, name, name_en, roles.get(entity_id)), (name, name_en, *aliases)
    if tables:
        raise ValueError(f"entities.toml: {', '.join(tables)} is no kind of entity")
