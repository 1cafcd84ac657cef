"""Who reports, from where: credits at both ends of a text, 【ロンドン=時事】 and （共同）.

Only what can be nothing else is taken: every word of it is an agency, a date, a place, or a person's name. What is
taken and what is left hold every character of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from indexer.bylines import AGENCY, BETWEEN_NAMES, FOREIGN_NAME, OF_A_PAPER, PAPER, may_be_person, read
from indexer.headings import Draft
from indexer.ruby import bare

# ［ロンドン　１０日　ロイター］ has 15 characters, a list of reporters more; a sentence in brackets still more.
MAX_INNER_CHARS = 40
# 本記事・写真の無断転載を禁じます and the like; longer, it is prose.
MAX_LINE_CHARS = 100
# Where a closing credit is looked for: room for several.
TAIL_CHARS = 120

BRACKETS = {"【": "】", "［": "］", "[": "]", "（": "）", "(": ")", "＜": "＞", "<": ">", "〔": "〕"}
_BRACKETED = "|".join(
    rf"{re.escape(one)}[^{re.escape(one + other)}\n]{{1,{MAX_INNER_CHARS}}}{re.escape(other)}"
    for one, other in BRACKETS.items()
)
OPENING = re.compile(rf"(?P<credit>{_BRACKETED})(?P<dash>[ \u3000]*[－\-—–―─][ \u3000]*)?")
CLOSING = re.compile(rf"(?P<credit>{_BRACKETED})\Z")
AFTER_SENTENCE = tuple("。」』！？!?）)】")

_ROLE = "聞き手|構成|取材|文|執筆|筆者|翻訳|訳|編集|監修|まとめ|写真|撮影|イラスト|記者|司会|進行"
ROLES = re.compile(
    rf"(?P<roles>(?:日本語版)?(?:{_ROLE})(?:[・･、と／/](?:{_ROLE}))*)"
    r"[ \u3000]*[・･：:＝=／/ \u3000][ \u3000]*(?P<names>\S.*)"
)
BETWEEN_ROLES = re.compile(rf"[、，／/ \u3000]+(?=(?:{_ROLE})[・･：:＝=／/])")
# Nothing but a name follows these; after 写真 or 文 may stand 左 or 宗教担当.
SURE_ROLE = re.compile("聞き手|翻訳・編集|日本語版|取材・文|構成・文|文・写真|取材・構成|取材・執筆")
NO_WRITER = re.compile("写真|撮影|翻訳|訳|編集|監修|イラスト|司会|進行")

COPYRIGHT = re.compile(
    r"(?:[(（][cCｃＣ][)）][ \u3000]?"
    r"(?:[A-Z0-9Ａ-Ｚ０-９][^。\nぁ-ん]{0,60}|[^。\nぁ-ん]{1,20}(?:新聞|通信|放送|テレビ|社)[^。\nぁ-ん]{0,30})"
    r"|[©Ⓒ][^。\n]{1,60})\Z"
)
FORBIDDEN = re.compile(
    r"(?:.*無断.{0,12}(?:転載|複製|使用|引用|転用)|.*(?:複製|転載)).{0,20}(?:禁止|(?:禁じ|お断りし|お断りいたし)ます)[。．]?"
    r"|.*all rights reserved\.?",
    re.IGNORECASE,
)
# 。＝見本太郎記者, 。=共同
SIGNED = re.compile(r"[=＝][ \u3000]*[^\s。、=＝]{2,12}\Z")


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit as written, and who of it wrote the article."""

    text: str
    authors: tuple[str, ...] = ()


def take_credits(drafts: Sequence[Draft]) -> list[Credit]:
    """Cut the credits from the beginning of the first section with text, and from the end of each; in order."""
    found: list[Credit] = []
    first = next((draft for draft in drafts if draft.paragraphs), None)
    only = first is not None and not any(draft.paragraphs for draft in drafts if draft is not first)
    if first:
        found += _take_opening(first.paragraphs, at_least=1 if only else 0)
    for draft in drafts:
        found += _take_closing(draft.paragraphs, at_least=1 if only else 0)
    return found


def take_caption_credits(captions: Sequence[str]) -> tuple[list[str], list[Credit]]:
    """Captions without who took the picture at their end, 北京（ロイター）, which is no place; and the credits."""
    kept: list[str] = []
    found: list[Credit] = []
    for caption in captions:
        for pattern, credit_of in ((CLOSING, _bracketed), (SIGNED, _signed)):
            match = pattern.search(caption)
            credit = credit_of(match[0]) if match else None
            if match and match.start() and credit:
                caption = caption[: match.start()].rstrip()
                found.append(credit)
        kept.append(caption)
    return kept, found


def _take_opening(paragraphs: list[str], at_least: int) -> list[Credit]:
    """at_least: so many paragraphs are left."""
    found: list[Credit] = []
    while paragraphs:
        credit, rest = _opening(paragraphs[0])
        if credit is None or (not rest and len(paragraphs) <= at_least):
            break
        found.append(credit)
        paragraphs[:1] = [rest] if rest else []
    return found


def _take_closing(paragraphs: list[str], at_least: int) -> list[Credit]:
    found: list[Credit] = []
    while paragraphs:
        credit, rest = _closing(paragraphs[-1])
        if credit is None or (not rest and len(paragraphs) <= at_least):
            break
        found.append(credit)
        paragraphs[-1:] = [rest] if rest else []
    return found[::-1]


def _opening(paragraph: str) -> tuple[Credit | None, str]:
    """The credit that a paragraph begins with, or that it is, and the rest."""
    found = OPENING.match(paragraph) if paragraph[:1] in BRACKETS else None
    credit = _bracketed(found["credit"], of_persons=False) if found else None
    if found and credit:
        # ［東京 10日 ロイター］ － 本文; without a space, the dash may be the text's.
        dash = found["dash"] or ""
        credit = Credit(credit.text + dash.rstrip(), credit.authors)
        return credit, paragraph[found.end() :].lstrip()
    line, _, below = paragraph.partition("\n")
    return (credit, below) if (credit := _whole_line(line)) else (None, paragraph)


def _closing(paragraph: str) -> tuple[Credit | None, str]:
    """The credit that a paragraph ends with, or that it is, and the rest."""
    above, _, line = paragraph.rpartition("\n")
    if _is_plain(line):
        return None, paragraph
    if credit := _whole_line(line):
        return credit, above
    tail = line[-TAIL_CHARS:]
    head = paragraph[: len(paragraph) - len(tail)]
    for pattern, credit_of in ENDINGS:
        found = pattern.search(tail)
        if found and tail[: found.start()].rstrip().endswith(AFTER_SENTENCE) and (credit := credit_of(found[0])):
            return credit, (head + tail[: found.start()]).rstrip()
    return None, paragraph


def _whole_line(line: str) -> Credit | None:
    """A line that is nothing but a credit, with brackets or without."""
    if len(line) > MAX_LINE_CHARS or _is_plain(line):
        return None
    if line[:1] in BRACKETS and line.endswith(BRACKETS[line[0]]) and CLOSING.match(line):
        return _bracketed(line)
    if FORBIDDEN.fullmatch(line) or COPYRIGHT.match(line):
        return Credit(bare(line))
    if line.endswith("。"):
        return None
    text = bare(line)
    said = text.lstrip("=＝ \u3000")
    if AGENCY.fullmatch(said) or OF_A_PAPER.fullmatch(said) or ("＝" in said[1:] or "=" in said[1:]):
        return _persons_of(text, said) or _roles(text, said)
    return _roles(text, said)


def _is_plain(line: str) -> bool:
    """Whether a full stop says that it is a sentence, and not one that forbids to copy."""
    return line.endswith("。") and "禁" not in line and "断り" not in line


def _bracketed(credit: str, *, of_persons: bool = True) -> Credit | None:
    """of_persons: names alone are a credit, as they are at the end."""
    text = bare(credit)
    inner = text[1:-1].strip()
    said = read(inner)
    if said is None:
        return _roles(text, inner) if of_persons else None
    if said.has_agency or (said.persons and said.has_place):
        return Credit(text, said.persons)
    if of_persons and ((said.persons and said.is_sure) or said.has_paper):
        return Credit(text, said.persons)
    return None


def _persons_of(text: str, said: str) -> Credit | None:
    """Without brackets: ワシントン＝見本太郎, 見本太郎記者, ロイター."""
    found = read(said)
    if found and (found.has_agency or (found.persons and (found.has_place or OF_A_PAPER.fullmatch(said)))):
        return Credit(text, found.persons)
    return None


def _signed(credit: str) -> Credit | None:
    text = bare(credit)
    return _persons_of(text, text.lstrip("=＝ \u3000"))


def _copyright(credit: str) -> Credit:
    return Credit(bare(credit))


def _roles(text: str, said: str) -> Credit | None:
    """聞き手・山田太郎; 文・山田太郎、写真・佐藤花子; 写真＝ロイター."""
    if "。" in said or len(said) > MAX_INNER_CHARS:
        return None
    authors: list[str] = []
    for clause in BETWEEN_ROLES.split(said):
        found = ROLES.fullmatch(clause)
        persons = _in_role(found["roles"], found["names"]) if found else None
        if not found or persons is None:
            return None
        authors += () if NO_WRITER.search(found["roles"].replace("文・写真", "文")) else persons
    return Credit(text, tuple(authors))


def _in_role(roles: str, written: str) -> list[str] | None:
    """The persons; None where what is written may be something else than names."""
    names = [name.strip() for name in BETWEEN_NAMES.split(written)]
    persons = [name for name in map(_without_office, names) if may_be_person(name)]
    if len(persons) == len(names) or all(map(_is_house, names)):
        return persons
    return persons if SURE_ROLE.match(roles) or FOREIGN_NAME.fullmatch(written) else None


def _without_office(name: str) -> str:
    found = OF_A_PAPER.fullmatch(name)
    return found["name"] if found else name


def _is_house(name: str) -> bool:
    return AGENCY.fullmatch(name) is not None or PAPER.fullmatch(name) is not None or name.endswith("提供")


# What a paragraph may end in after its last sentence, and how it is read.
ENDINGS: tuple[tuple[re.Pattern[str], Callable[[str], Credit | None]], ...] = (
    (CLOSING, _bracketed), (COPYRIGHT, _copyright), (SIGNED, _signed),
)
