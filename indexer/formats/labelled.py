"""Articles as newspaper databases write them to one text file: a label to each part, or rules between them.

    【見出し】首脳が会談                見出し：首脳が会談
    【日付】2024年4月10日              日付：2024年4月10日
    【本文】                          本文：…
    …
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from indexer.formats.boilerplate import drop_boilerplate
from indexer.formats.credit_lines import MAX_LINE_CHARS, credit_line, desk_name
from indexer.raw import RawArticle, Where

# Field of an article: what databases call it.
LABELS: dict[str, tuple[str, ...]] = {
    "title": ("見出し", "タイトル", "題名", "表題", "件名", "記事見出し", "大見出し", "主見出し"),
    "subtitle": ("副見出し", "サブタイトル", "小見出し", "袖見出し"),
    "body": ("本文", "記事本文", "記事", "内容", "記事内容"),
    "published": (
        *("日付", "発行日", "掲載日", "発行年月日", "掲載年月日"),
        *("配信日", "配信日時", "公開日", "年月日", "日時", "公開日時", "掲載日時", "新聞日付"),
    ),
    "source": ("媒体", "媒体名", "新聞名", "紙名", "掲載紙", "新聞", "出典", "発行社", "情報源", "発行元", "紙誌名",
               "新聞社", "新聞社名", "掲載媒体", "配信元"),
    "desk": ("面", "面名", "掲載面", "紙面", "面種", "ジャンル", "分類", "カテゴリ", "カテゴリー", "分野"),
    "authors": ("著者", "筆者", "記者", "執筆者", "署名", "記者名"),
    "id": ("記事ID", "記事ＩＤ", "記事番号", "ID", "ＩＤ", "文書番号", "レコード番号", "管理番号"),
    "url": ("URL", "ＵＲＬ", "リンク", "アドレス", "記事URL"),
    "extra": (
        *("朝夕刊", "朝刊夕刊", "版", "版名", "ページ", "頁", "文字数", "字数"),
        *("キーワード", "地域", "写真", "図表", "備考", "注記"),
    ),
}
# A label's value below the text; longer, it is a sentence of it.
MAX_VALUE_CHARS = 40
MIN_ARTICLES = 2

FIELDS = {label: name for name, labels in LABELS.items() for label in labels}
_LABEL = "|".join(sorted(map(re.escape, FIELDS), key=len, reverse=True))
# 【見出し】首脳が会談, ［見出し］, ＜見出し＞, ■見出し：首脳が会談, 見出し＝首脳が会談, ID: 12
LABEL = re.compile(
    rf"[ \u3000]*(?:[【［\[＜<〔](?P<bracketed>{_LABEL})[】］\]＞>〕][ \u3000]*[:：＝=]?"
    rf"|[■◆●○◇]?[ \u3000]*(?P<plain>{_LABEL})[ \u3000]*[:：＝=])"
    r"[ \u3000]*(?P<value>.*)"
)
# 見本新聞　東京朝刊
EDITION = re.compile(r"[ \t\u3000]+\S{0,6}(?:朝刊|夕刊)\Z")
# 見出し　　首脳が会談
SPACED_LABEL = re.compile(rf"(?P<label>{_LABEL})(?:[ \t\u3000]+(?P<value>.*)|)")
MIN_SPACED_LABELS = 3
# ----, ＝＝＝＝, ◇◇◇, * * *
RULE = re.compile(r"[ \u3000]*(?P<sign>[-=＝－―─━─_＿*＊◇◆□■☆★~～・])(?:[ \u3000]*(?P=sign)){2,}[ \u3000]*")


def read_labelled(lines: Sequence[str], where: Where) -> list[RawArticle]:
    """The articles of a text whose parts have labels, one of them for titles; [] for any other text."""
    lines = _with_brackets(lines)
    first = next((line for line in lines if line.strip() and not RULE.fullmatch(line)), "")
    found = LABEL.fullmatch(first)
    if not found:
        return []
    records = list(_records(lines, found["bracketed"] or found["plain"]))
    if not all("title" in record.fields for record in records):
        return []
    return [record.article(where if len(records) == 1 else replace(where, line=record.line)) for record in records]


def _with_brackets(lines: Sequence[str]) -> Sequence[str]:
    """Labels with nothing but spaces after them, of a text that begins with several, in brackets."""
    written = [line for line in lines if line.strip() and not RULE.fullmatch(line)][:MIN_SPACED_LABELS]
    if len(written) < MIN_SPACED_LABELS or not all(map(SPACED_LABEL.fullmatch, written)):
        return lines
    # What has not led a line above the first text is a word of it.
    known: set[str] = set()
    is_text = False
    bracketed = []
    for line in lines:
        found = SPACED_LABEL.fullmatch(line)
        if found and (not is_text or found["label"] in known):
            known.add(found["label"])
            is_text = is_text or FIELDS[found["label"]] == "body"
            line = f"【{found['label']}】{found['value'] or ''}"
        bracketed.append(line)
    return bracketed


@dataclass(slots=True)
class _Record:
    """The labelled parts of one article. line: of its first label."""

    line: int
    fields: dict[str, list[str]] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)

    def article(self, where: Where) -> RawArticle:
        """The parts in their places."""
        said = {name: " ".join(filter(None, map(str.strip, lines))) or None for name, lines in self.fields.items()}
        authors = said.get("authors")
        return RawArticle(
            where,
            title="　".join(filter(None, (said.get("title"), said.get("subtitle")))) or None,
            body=drop_boilerplate("\n".join(self.fields.get("body", ()))).strip("\n"),
            id=said.get("id"),
            published=said.get("published"),
            source=EDITION.sub("", said.get("source") or "") or None,
            desk=desk_name(said.get("desk")),
            url=said.get("url"),
            authors=tuple(re.split(r"[、，,・／/]", authors)) if authors else (),
            extra=self.extra,
        )


def _records(lines: Sequence[str], leading: str) -> Iterator[_Record]:
    """The label that leads the first article begins each; what has no label belongs to the part above it."""
    record = _Record(1)
    into = ""
    rules: list[str] = []
    for number, line in enumerate(lines, 1):
        if RULE.fullmatch(line):
            rules.append(line)
            continue
        found = LABEL.fullmatch(line)
        label = (found["bracketed"] or found["plain"]) if found else ""
        if found and label == leading and (record.fields or record.extra):
            yield record
            record, into = _Record(number), ""
        if found and (into != "body" or _is_label(record, found, lines[number - 2])):
            into = _begin(record, label, found["value"])
        elif line.strip() or into == "body":
            into = into if into and (into == "body" or not any(record.fields[into])) else "body"
            # A rule within a text is the text's own.
            record.fields.setdefault(into, []).extend([*rules, line])
        else:
            into = into if into and not any(record.fields[into]) else ""
        rules = []
    yield record


def _begin(record: _Record, label: str, value: str) -> str:
    """Put a labelled value into its place; the field that lines without label below it belong to, "" for the text."""
    name = FIELDS[label]
    if name == "extra" or name in record.fields:
        record.extra[label] = value.strip()
        return ""
    record.fields[name] = [value]
    return name


def _is_label(record: _Record, found: re.Match[str], above: str) -> bool:
    """Whether a labelled line below the text ends it; in a text stand 出典：見本新聞 and 記者：なぜですか too."""
    if found["bracketed"]:
        return FIELDS[found["bracketed"]] not in record.fields
    value = found["value"]
    return not above.strip() and len(value) <= MAX_VALUE_CHARS and "。" not in value


def read_ruled(
    lines: Sequence[str], where: Where, parse: Callable[[list[str], Where], RawArticle]
) -> list[RawArticle]:
    """The articles of a text with rules between them, each with a title of its own; [] for any other text."""
    pieces: list[tuple[int, list[str]]] = [(1, [])]
    for number, line in enumerate(lines, 1):
        if RULE.fullmatch(line):
            pieces.append((number + 1, []))
        elif line.strip() or pieces[-1][1]:
            pieces[-1][1].append(line)
        else:
            pieces[-1] = (number + 1, [])
    written = [(number, piece) for number, piece in pieces if piece]
    if len(written) < MIN_ARTICLES:
        return []
    articles = [parse(piece, replace(where, line=number)) for number, piece in written]
    return articles if all(one.title and "。" in one.body for one in articles) else []


def read_headed(
    lines: Sequence[str], where: Where, parse: Callable[[list[str], Where], RawArticle]
) -> list[RawArticle]:
    """The articles of a text in which each has a line that says where it was printed; [] for any other text.

    The title stands right above that line, or below it.
    """
    begins: list[int] = []
    for number, line in enumerate(lines):
        found = credit_line(line) if line[:1].isdigit() else None
        if found and found.extra:
            above = lines[number - 1].strip() if number else ""
            is_short = 0 < len(above) <= MAX_LINE_CHARS
            has_title = is_short and not above.endswith("。") and not RULE.fullmatch(above)
            begins.append(number - 1 if has_title else number)
    if len(begins) < MIN_ARTICLES or any(line.strip() for line in lines[: begins[0]]):
        return []
    pieces = [(begin, list(lines[begin:end])) for begin, end in zip(begins, [*begins[1:], None], strict=True)]
    articles = [parse(piece, replace(where, line=begin + 1)) for begin, piece in pieces]
    return articles if all(one.title for one in articles) else []
