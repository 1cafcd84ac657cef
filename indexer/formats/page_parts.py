"""What stands around an article on its page, told by tags, names of classes, and what is mostly links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from lxml import etree

from indexer.formats.page_text import LINE_END_IN_TREE, text_of

NEVER_TEXT = ("script", "style", "template", "noscript", "iframe", "svg", "button", "select", "textarea", "object",
              "audio", "video", "canvas", "datalist", "amp-ad", "amp-analytics", "amp-sidebar")
BESIDE = frozenset({"nav", "aside", "footer", "menu", "dialog", "form"})
# Words in names of classes and ids, apart or after a hyphen: p-article-social-share, snsButton, related_news.
WORDS = frozenset(
    """
    share shares sharing sns social socials related relation relatednews relate relative rel recommend recommends
    recommended recommendation recommendations osusume ranking rank breadcrumb breadcrumbs topicpath pankuzu nav navi
    gnav globalnav navigation lnav sidebar side sidemenu sidenav footer ad ads adv advert advertisement advertising
    adarea adbox adsense adsbygoogle banner banners bnr pr sponsor sponsored sponsors promo promotion outbrain taboola
    popin logly comment comments disqus pager pagination pagenation pagenavi paginate pagetop tag tags taglist tagged
    keyword keywords profile bio newsletter mailmagazine magazine subscribe subscription paywall regist registration
    register login signin signup copyright copylight copy search widget widgets modal popup printer facebook
    twitter tweet hatena fb like likes follow followme bookmark bookmarks toc skip skiplink utility utilities
    fontsize share-buttons readmore nextprev prevnext prev next latest newest popular pickup pickups trending
    whatsnew calendar archive archives cookie gdpr notice author writer byline credit credits reporter infeed inread
    newslist
    articlelist headlines snsbtn btn button buttons sharebtn topics emergency breaking feedback survey enquete
    kanren kanrenkiji osirase annai kiyaku toplink backlink editsection catlinks noprint
    """.split()
)
NEVER_BESIDE = frozenset({"a", "h1", "h2", "img", "br"})
ROLES_BESIDE = frozenset({"navigation", "complementary", "search", "contentinfo", "dialog"})
# Pairs that are the article all the same, or a list of it.
KEPT = re.compile(r"(?:article|news|story|post|entry|main|kiji|topics)-(?:tag-|pr-|next-)?(?:body|text|honbun)|honbun"
                  r"|(?:topics|notice|archives?)-(?:detail|content|body|main|text|article)")
CAPTION = frozenset(
    "caption captions figcaption kyapushon photocap photocaption cap setsumei thumbcaption imgcaption photodesc".split()
)
PICTURES = ("img", "amp-img")
# Boxes of a picture, in which a paragraph is its caption.
PICTURE_WORDS = frozenset("figure fig photo photos image img pic picture thumb thumbnail shashin gazou".split())
AROUND_PICTURES = ("div", "p", "center", "table", "tr", "td", "font", "span", "a")
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
NOT_WORD = re.compile(r"[^a-z0-9]+")

INLINE = frozenset(
    "a abbr b big cite em font i ins mark q s small span strong strike sub sup tt u wbr img time".split()
)
# Text of an element is prose where it is long or ends a sentence, and no link.
PROSE_CHARS = 30
# Sentences that are the site's, not the article's.
NOTICE = re.compile(
    r"無断|転載|rights reserved|会員(?:限定|登録|になる|の方)|ログイン|購読|残り\s*[\d,]+", re.IGNORECASE)
MAX_NOTICE_CHARS = 100
SENTENCE = re.compile(r"[。！？!?]|[.](?:\s|\Z)")
# An element with so much of a page's prose is the article, whatever its class is called.
MOST = 0.35
# Words that also name articles, or their paragraphs that one has to pay for.
SELDOM_BESIDE = frozenset(
    "subscription subscribe paywall topics notice archive archives latest tag tags tagged credit search".split())
MOST_SELDOM = 0.02
# A caption is a few lines; more is text in an element of an unhappy name.
MAX_CAPTION_CHARS = 300
# What stands beside a picture without any class is a caption up to here.
MAX_BESIDE_PICTURE_CHARS = 100

# What stands above a list of other articles, or on a button.
RELATED = re.compile(
    r"(?:[≫■▼▽◆◇●○□▶►≪《【\[［<＜]\s*)?(?:この記事(?:に|と|の)?)?(?:関連(?:する)?(?:記事|リンク|ニュース|キーワード|ワード|タグ|トピックス?|情報|動画|コンテンツ|特集|サイト)?"
    r"|[あ合]わせて(?:読みたい|読む|どうぞ)(?:記事)?|こちらも(?:おすすめ|オススメ|読む|どうぞ|読まれています)|(?:あなたに)?(?:おすすめ|オススメ|お薦め|お勧め)(?:の|する)?(?:記事|コンテンツ|情報|動画|ニュース|特集)?"
    r"|(?:アクセス|記事|人気|週間|デイリー|総合)*ランキング|最新(?:の)?(?:記事|ニュース|トピックス)|新着(?:記事|ニュース|情報)?|人気(?:の)?(?:記事|ニュース)"
    r"|注目(?:の)?(?:記事|ニュース|トピックス?|情報|キーワード|コンテンツ)|(?:この|同じ)(?:カテゴリ|ジャンル|筆者|著者|シリーズ|連載|特集|コーナー|著者)(?:ー)?(?:の|を)?(?:他|ほか)?(?:の)?(?:最新)?(?:記事|ニュース)?(?:を読む|一覧)?"
    r"|(?:その|ほか|他)(?:他|の)?(?:の)?(?:記事|ニュース)(?:を読む)?|(?:前後|前|次|過去|以前)の記事|バックナンバー|トピックス|主要ニュース|ピックアップ|編集部の?(?:おすすめ|オススメ|ピックアップ)"
    r"|(?:この)?(?:記事|ニュース|ページ)を(?:シェア|共有)(?:する)?|外部(?:サイト|リンク)|次に読みたい|シェア(?:する)?|スポンサー(?:ド)?リンク|スポンサードサーチ|ＰＲ|PR|広告|\[PR\]|コメント(?:を書く|する|一覧)?|タグ|キーワード|カテゴリー?"
    r"|(?:この記事(?:を書いた人|の筆者|の著者|を書いたのは)|著者(?:プロフィール|紹介)|筆者(?:プロフィール|紹介)|執筆者(?:プロフィール|紹介)?|プロフィール)"
    r"|related(?: (?:articles|news|stories|posts|links|topics))?|recommended|most (?:read|popular)"
    r"|read more|share this.*)"
    r"(?:一覧|記事)?\s*(?:[≫》】\]］>＞:：]\s*)?",
    re.IGNORECASE,
)
MAX_RELATED_CHARS = 30
LISTS = ("ul", "ol", "dl")
REFERENCES = re.compile(
    r"(?:出典|情報源|参考(?:文献|資料|リンク)?|脚注|注釈|関連資料|資料|添付(?:資料|ファイル)?|別(?:紙"
    r"|添).*|参照)")
MORE = re.compile(r"\s*[▶►▷▼▽→⇒＞>»≫☞※◆■●・★☆◎【\[［]|.{0,12}(?:はこちら|を(?:見|読)る|へ)\s*[＞>»→]?\s*\Z")


@dataclass(slots=True)
class Weight:
    """Of an element with all in it: characters, those in links, those of prose."""

    chars: int = 0
    linked: int = 0
    prose: int = 0


def weigh(tree: Any) -> dict[Any, Weight]:
    """The weight of every element. A run of text goes on over spans and links, up to the next block or break."""
    weights: dict[Any, Weight] = {}
    stack: list[Weight] = []
    run: list[str] = []
    links = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag
        if run and tag not in INLINE:
            stack[-1].prose += _prose_chars("".join(run))
            run.clear()
        if event == "start":
            links += tag == "a"
            weight = weights[element] = Weight()
            stack.append(weight)
            text = element.text
        else:
            links -= tag == "a"
            inner = stack.pop()
            if not stack:
                break
            weight, text = stack[-1], element.tail
            weight.chars += inner.chars
            weight.linked += inner.linked
            weight.prose += inner.prose
        if text and (chars := len(text.strip())):
            weight.chars += chars
            if links:
                weight.linked += chars
            else:
                run.append(text)
    return weights


def _prose_chars(text: str) -> int:
    """How many of the characters of a run of text, without its links, are prose."""
    chars = len(text.strip())
    if chars < PROSE_CHARS and not SENTENCE.search(text):
        return 0
    return 0 if chars <= MAX_NOTICE_CHARS and NOTICE.search(text) else chars


def words_of(element: Any) -> set[str]:
    """The words in its class and id: p-articleRelated_list -> p, article, related, list."""
    found: set[str] = set()
    for name in f"{element.get('class') or ''} {element.get('id') or ''}".split():
        words = NOT_WORD.split(CAMEL.sub("-", name).lower())
        found.update(words, (first + second for first, second in pairwise(words)))
    return found


def take_captions(tree: Any, weights: dict[Any, Weight]) -> tuple[str, ...]:
    """Take the captions of pictures out of the tree, in order."""
    found: dict[str, None] = {}
    for element in list(tree.iter("figure", "figcaption", "p", "div", "span", "dd", "em", "small", "td", *PICTURES)):
        caption = _caption(element, weights)
        if caption is None or not _is_in(caption, tree) or weights[caption].chars > MAX_CAPTION_CHARS:
            continue
        said = caption.find(".//figcaption")
        text = " ".join(text_of(caption if said is None else said).replace("## ", "").split())
        if text and not MORE_PICTURE.fullmatch(text):
            found[text] = None
        caption.drop_tree()
    return tuple(found)


def _caption(element: Any, weights: dict[Any, Weight]) -> Any:
    """The element that is a caption, or None: by its tag, by its class, or since it has a picture and few words."""
    if element.tag == "figcaption" or (CAPTION & words_of(element)):
        return element
    if element.tag == "figure":
        return element if next(element.iter(*PICTURES), None) is not None else None
    if element.tag not in PICTURES:
        return None
    around = element.getparent()
    while around is not None and around in weights and not weights[around].chars:
        around = around.getparent()
    if around is None or around not in weights or around.tag not in AROUND_PICTURES:
        return None
    if any(one.tag == "header" for one in around.iterancestors()):
        return None
    weight = weights[around]
    is_short = weight.chars <= MAX_BESIDE_PICTURE_CHARS and not weight.linked
    is_small = next(around.iter("small"), None) is not None
    paragraphs = () if PICTURE_WORDS & words_of(around) else ("p",)
    has_text = next(around.iter("h1", "h2", "h3", "ul", "ol", "time", *paragraphs), around) is not around
    return around if is_short and not has_text and (is_small or "。" not in "".join(around.itertext())) else None


MORE_PICTURE = re.compile(
    r"(?:(?:画像|写真|図)(?:[のを])?(?:拡大|見る|もっと見る)?(?:する)?|[（(]?クリックで拡大.*"
    r"|拡大(?:する|画像)?|もっと見る)")


def drop_surroundings(tree: Any, weights: dict[Any, Weight]) -> None:
    """Take out navigation, advertisement, lists of other articles, buttons, profiles."""
    body = tree if tree.tag == "body" else tree.find(".//body")
    total = weights[tree if body is None else body].prose or 1
    # Elements in what is dropped need not be looked at.
    gone: set[Any] = set()
    for element in list(tree.iter(etree.Element)):
        parent = element.getparent()
        if parent is None or element.tag in ("html", "body", "head", "main"):
            continue
        if parent in gone:
            gone.add(element)
            continue
        if not _is_beside(element):
            continue
        words = words_of(element) & WORDS
        is_seldom = bool(words) and not words - SELDOM_BESIDE and element.tag not in BESIDE
        if weights[element].prose <= (MOST_SELDOM if is_seldom else MOST) * total:
            gone.add(element)
            element.drop_tree()


def _is_beside(element: Any) -> bool:
    """Whether an element says of itself that it is none of the article."""
    if element.tag in BESIDE or element.get("hidden") is not None or HIDDEN.search(element.get("style") or ""):
        return True
    if element.tag in NEVER_BESIDE:
        return False
    if "author" in (element.get("itemprop") or "").split() or (element.get("role") or "") in ROLES_BESIDE:
        return True
    if not words_of(element) & WORDS:
        return False
    named = CAMEL.sub("-", f"{element.get('class') or ''} {element.get('id') or ''}").lower()
    return KEPT.search(NOT_WORD.sub("-", named)) is None


def drop_related(tree: Any, weights: dict[Any, Weight]) -> None:
    """Take out headings such as 関連記事 with the lists and links right below them."""
    for element in list(tree.iter("h2", "h3", "h4", "h5", "h6", "p", "div", "dt", "span", "strong", "li", "td", "b")):
        if element is tree or not 0 < weights[element].chars <= MAX_RELATED_CHARS:
            continue
        heading = " ".join("".join(element.itertext()).split())
        if not RELATED.fullmatch(heading) or not _is_in(element, tree):
            continue
        block = element
        # The box that has the heading and its list, and no prose.
        while (above := block.getparent()) is not None and above.tag not in ("body", "article", "main", "html"):
            if not _is_links(weights[above], len(heading)):
                break
            block = above
        below = block.getnext()
        while below is not None and _is_beside_heading(below, weights[below]):
            after = below.getnext()
            below.drop_tree()
            below = after
        block.drop_tree()


def _is_beside_heading(below: Any, weight: Weight) -> bool:
    """Whether what stands below such a heading belongs to it."""
    return (below.tag in LISTS and not weight.prose) or _is_links(weight)


def _is_links(weight: Weight, beside: int = 0) -> bool:
    """Whether an element is nothing but links, with their dates, and a heading of so many characters."""
    return not weight.prose and weight.linked >= 0.6 * (weight.chars - beside)


def drop_links(tree: Any, weights: dict[Any, Weight]) -> None:
    """Take out what only leads to other pages: `▶ 別の記事`, lists of links, and any links below the last paragraph."""
    below = False
    for element in reversed(list(tree.iter("p", "div", "li", "section", "td", "font", "a", *LISTS))):
        weight = weights[element]
        if element.tag == "a":
            is_more = not below or MORE.match("".join(element.itertext()).strip()) is not None
            if is_more and _is_alone(element) and _is_in(element, tree):
                element.drop_tree()
            continue
        below = below or weight.prose > 0
        if not weight.linked or weight.prose or weight.linked < 0.8 * weight.chars or not _is_in(element, tree):
            continue
        if element.tag in LISTS or not below:
            is_beside = not _is_of_article(element)
        else:
            is_beside = weight.chars < 200 and MORE.match("".join(element.itertext()).strip()) is not None
        if is_beside:
            element.drop_tree()


def _is_alone(link: Any) -> bool:
    """Whether a link is all that stands on its line."""
    before, after, parent = link.getprevious(), link.getnext(), link.getparent()
    if parent is None or parent.tag in ("li", "dt", "dd"):
        return False
    text = (parent.text if before is None else before.tail) or ""
    sides = (before is None or before.tag not in INLINE) and (after is None or after.tag not in INLINE)
    above, under = text.rpartition(LINE_END_IN_TREE)[2], (link.tail or "").partition(LINE_END_IN_TREE)[0]
    return sides and not above.strip() and not under.strip()


def _is_of_article(links: Any) -> bool:
    """Whether a list of links, or a part of it, is a list of the article's sources."""
    if links.tag == "li":
        links = links.getparent()
    before = links.getprevious()
    while before is not None and before.tag in (*LISTS, "br"):
        before = before.getprevious()
    return before is not None and REFERENCES.match("".join(before.itertext()).strip()[:20]) is not None


def _is_in(element: Any, tree: Any) -> bool:
    """Whether an element is still in the tree, and not in what was taken out of it."""
    return any(above is tree for above in element.iterancestors())
