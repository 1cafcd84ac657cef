"""What sites add below an article: the invitation to click, to log in, to pay."""

from __future__ import annotations

import re

# Longer lines are somebody's sentences.
MAX_LINE_CHARS = 80

# Each is the whole of a line. What may follow an invitation is short: an arrow, a site's name.
_TAIL = r"[。.!！>＞»›→…\s]*(?:\s\S{1,20})?"
PATTERNS = tuple(
    re.compile(pattern + _TAIL)
    for pattern in (
        r"(?:この)?記事(?:の)?全文を(?:見る|読む|ご覧になる)(?:には|場合は)?[、\s]*(?:ここを|こちらを)?"
        r"(?:クリック|タップ)?(?:して(?:ください|下さい))?",
        r"(?:記事の)?(?:全文|続き)(?:を|は)(?:読む|見る|ご覧になる|こちら)(?:には.{0,30})?",
        r"(?:ログイン|会員登録|購読)(?:して|すると).{0,20}(?:続き|全文).{0,20}",
        r"(?:この|こちらの)(?:記事|コンテンツ)は(?:有料)?会員(?:限定|専用|のみ).{0,30}",
        r"(?:【|\[)?有料会員限定(?:】|\])?(?:記事)?",
        r"残り[:：]?\s*[\d,，０-９]+文字.{0,30}",
        r"(?:クリック|タップ)(?:して|すると)(?:記事の?)?(?:全文|続き)を.{0,20}",
    )
)


def drop_boilerplate(text: str) -> str:
    """The text without such lines at its very end; all else stays as it is."""
    end = len(text)
    while True:
        kept = text[:end].rstrip()
        start = kept.rfind("\n") + 1
        if not is_boilerplate(kept[start:]):
            return text if end == len(text) else kept
        end = start


def is_boilerplate(line: str) -> bool:
    """Whether a whole line is nothing but such an invitation."""
    line = line.strip()
    return 0 < len(line) <= MAX_LINE_CHARS and any(pattern.fullmatch(line) for pattern in PATTERNS)
