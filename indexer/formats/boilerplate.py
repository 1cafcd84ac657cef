"""What sites add below an article: the invitation to click, to log in, to pay."""

from __future__ import annotations

import re

# Longer lines are somebody's sentences.
MAX_LINE_CHARS = 80

MAX_PAGE_LINE_CHARS = 120

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


# Lines of a page that are no text wherever they stand: buttons, page numbers, notices of rights.
PAGE_LINES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:このニュースを|この記事を|記事を)?(?:シェア|ツイート|ポスト|共有|ブックマーク|保存|印刷|クリップ)(?:する)?",
        r"(?:facebook|twitter|line|mail|メール|はてなブックマーク|はてブ|pocket|x|share|tweet|print)(?:で|に)?(?:シェア|送る|共有|投稿|つぶやく|追加)?(?:する)?",
        r"(?:印刷|文字サイズ.*|(?:大|中|小)(?:\s+(?:大|中|小))*|拡大|縮小|標準|閉じる|メニュー|検索|ログイン|無料会員登録.*|会員登録.*)",
        r"[（(]?\d+\s*[/／]\s*\d+\s*(?:ページ)?[）)]?",
        r"(?:前(?:の)?ページ|次(?:の)?ページ|前へ|次へ|最初|最後|[«»<>＜＞|｜・…◇◆○●□■☆★＊*]|\d{1,2}(?:ページ目?)?|\s)+",
        r"(?:次|前)のページ[へはに]?[:：＞>→\s]*.{0,40}|(?:記事の)?続きを読む[＞>…→\s]*|(?:もっと|全文を|詳しく)(?:見る|読む)[＞>…→\s]*",
        r"(?:この|本)?(?:記事|ページ|サイト|写真).{0,30}(?:無断|許可なく).{0,10}(?:転載|複製|使用|掲載).{0,30}(?:禁.{0,6})?|.{0,12}無断(?:での?)?(?:転載|複製|使用|掲載).{0,20}(?:禁.{0,8})|無断転載・?複製を?禁(?:止|じ).*",
        r"(?:copyright|©|Ⓒ|\(c\)|（c）|nikkei inc).{0,80}(?:rights? reserved|permission|shimbun|news|inc"
        r"|co|company|.*社)\.?|copyright\b.{0,80}",
        r"(?:all rights reserved|no reproduction).{0,60}",
        r".{0,20}(?:この記事は|ここから先は|これより先は)(?:有料|無料)?(?:会員|登録|購読|記事).{0,80}|.{0,20}(?:有料)?会員(?:限定|専用)(?:の)?(?:記事|コンテンツ|です).{0,60}",
        r"(?:残り|あと)[\s:：]*[\d,，０-９]+\s*(?:文字|字).{0,40}",
        r"(?:コメント|comments?)\s*[（(]?\d*件?[）)]?|\d+\s*(?:件の)?(?:コメント|comments?)|\d+\s*(?:シェア|いいね.?|likes?)",
        r"(?:【|\[|［)?(?:関連(?:記事|ニュース|リンク|動画|特集)?|あわせて読みたい|合わせて読みたい|おすすめ記事|PR|ＰＲ|広告|スポンサーリンク)(?:】|\]|］|[:：])+.{0,80}",
        r"(?:[▶►▷≫»⇒→＞>]+)\s*(?:関連|次の|前の|続き|詳し|こちら|もっと|写真|動画|あわせて|【).{0,60}",
        r"(?:画像|写真)(?:[をの])?(?:拡大|もっと見る|一覧).{0,10}|[（(]?(?:画像|写真)?(?:を)?クリック(?:する)?(?:して|と|で)拡大.{0,20}",
        r"(?:最終)?更新(?:日時?)?\s*[:：]?\s*[\d年月日/.:時分\s()（）月火水木金土日曜]+",
        r"(?:ページ)?(?:の)?(?:トップ|先頭|上)(?:へ|に)?(?:戻る)?|▲.{0,12}|トップ(?:ページ)?(?:へ(?:戻る)?)?|(?:一覧|ホーム|記事一覧)(?:へ|に)(?:戻る)?",
        r"[【\[]?.{0,12}一覧(?:へ|を見る|はこちら)[】\]]?|(?:有料|会員限定|無料)(?:記事)?(?:\s*[\d,]+文字)?",
        r"(?:カテゴリー?|タグ|キーワード|ジャンル|関連タグ)\s*[:：].{0,60}",
        r"スポンサー(?:ド)?リンク|advertisement|広告|ad",
        r".{0,20}フォローすると.{0,80}",
        r"[●○■◆▶▷►]?\s*(?:もっと|続きを|あわせて|次に)読む\s*[⇒→＞>:：].{0,80}",
        r"(?=.*(?:会員|月額|電子版|紙面|ログイン|購読)).*(?:読み放題|お読みいただけ|ご利用(?:になれ|いただけ)"
        r"|お申し込み(?:ください|はこちら)).{0,20}",
    )
)


def drop_page_lines(text: str) -> str:
    """A page's text without such lines, and without the headings that have nothing below them then."""
    kept = [line for line in text.split("\n") if not is_page_line(line)]
    blocks = [block for block in "\n".join(kept).split("\n\n") if block.strip("\n")]
    while blocks and blocks[-1].startswith("## "):
        del blocks[-1]
    return "\n\n".join(block.strip("\n") for block in blocks)


def is_page_line(line: str) -> bool:
    """Whether a line is nothing but a page's furniture."""
    line = line.removeprefix("## ").strip()
    return 0 < len(line) <= MAX_PAGE_LINE_CHARS and any(pattern.fullmatch(line) for pattern in PAGE_LINES)


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
