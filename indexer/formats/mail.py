"""A mail as an article: the subject is its title, the sender its source. What is attached, `attachments` hands on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from email.utils import parseaddr

from indexer.dates import parse_date
from indexer.decoding import Undecodable, decode
from indexer.formats import html
from indexer.formats.boilerplate import drop_boilerplate
from indexer.formats.mime import Part, decoded, header_text, is_mail, parameter, parts, split_headers
from indexer.formats.source import MIB, Source, Unreadable
from indexer.raw import RawArticle, Where

# Three novels. Lines are looked at one by one, and in memory they take thirty times as much.
MAX_TEXT_BYTES = 4 * MIB

# Beside a page, the text of a mail that says only where to read it. News in brief is as short, so the page decides.
STUB_CHARS = 300
# The page of a stub has several times its text; the page of a short mail has the same text again.
PAGE_OF_STUB = 2

# More lines below `-- ` are no signature.
MAX_SIGNATURE_LINES = 20
SIGNATURE = "-- "
# "2024年4月10日(水) 9:00 見本太郎 <a@mihon.example>:", "On 10 Apr 2024, A wrote:", "> さんは書きました:"
ATTRIBUTION = re.compile(r".*(?:wrote|writes|書きました|のメッセージ|のメール|<\S+@\S+>.*)\s*[:：]\s*", re.IGNORECASE)
MAX_ATTRIBUTION_CHARS = 200
ORIGINAL = re.compile(
    r"-{2,}\s*(?:Original Message|Forwarded message|元のメッセージ|転送メッセージ)\s*-{2,}", re.IGNORECASE
)


def claims(source: Source) -> bool:
    """A file that begins with the headers of a mail."""
    return is_mail(source)


def read(source: Source) -> Iterator[RawArticle]:
    """The one article of a mail. Raises Unreadable, Undecodable."""
    yield parse(source.whole(), source.where)


def parse(data: bytes, where: Where) -> RawArticle:
    """A mail's article. Raises Unreadable, Undecodable."""
    found = texts(parts(data))
    if not found:
        raise Unreadable("a mail without text")
    headers, _ = split_headers(data)
    charset = parameter(found[0], "charset")
    written = [one for one in (_written(side, where) for side in _sides(found)) if one.body or one.title]
    first = written[0] if written else RawArticle(where)
    title = header_text(headers.get("subject"), charset) or first.title
    stated = header_text(headers.get("date"))
    saved_from = header_text(headers.get("snapshot-content-location"))
    if saved_from:
        # A browser's web page in one file (MHTML): the date is of the day when it was saved.
        saved = parse_date(stated)
        as_of = saved.at if saved else None
        return replace(first, title=first.title or title, url=first.url or saved_from, as_of=as_of)
    body = "\n\n".join(one.body for one in written if one.body)
    return replace(
        first,
        title=title,
        body=_without_title(drop_boilerplate(body), title),
        id=_id(headers.get("message-id")),
        published=stated if stated and (parse_date(stated) or not first.published) else first.published,
        source=_sender(headers, charset) or first.source,
    )


def texts(found: Sequence[Part]) -> list[Part]:
    """The parts that are the mail itself, and not attached to it."""
    return [part for part in found if part.kind in ("text/plain", "text/html") and not is_attached(part)]


def is_attached(part: Part) -> bool:
    if part.begin == 0:
        return False
    disposition = part.headers.get("content-disposition", b"").lower()
    return disposition.startswith(b"attachment") or (part.alternative is None and part.name is not None)


def _id(message_id: bytes | None) -> str | None:
    written = header_text(message_id) or ""
    found = re.search(r"<([^<>\s]+)>", written)
    return found[1] if found else written or None


def _sender(headers: dict[str, bytes], charset: str | None) -> str | None:
    """The name that the sender goes by, or the domain of an address without one."""
    raw = headers.get("from")
    if raw is None:
        return None
    # Encoded words are decoded after the address is taken apart: a comma in a name would end it.
    written = header_text(raw, charset) or ""
    encoded = raw.decode("ascii", "ignore")
    name, address = parseaddr(encoded if raw.isascii() and b"\x1b" not in raw else written)
    name = header_text(name.encode(), charset) or ""
    return name.strip("\"'") or address.rpartition("@")[2] or written.strip("<>\"") or None


# --- the text -------------------------------------------------------------------------------------------


def _sides(found: Sequence[Part]) -> list[list[Part]]:
    """The parts in order, those together that say the same in plain text and as a page."""
    sides: dict[int, list[Part]] = {}
    for part in found:
        sides.setdefault(part.begin if part.alternative is None else part.alternative, []).append(part)
    return list(sides.values())


def _written(side: Sequence[Part], where: Where) -> RawArticle:
    """The plain text; the page where there is none, or where it only says that there is a page."""
    plain = [one for one in side if one.kind == "text/plain"]
    pages = [one for one in side if one.kind == "text/html"]
    body = "\n\n".join(filter(None, map(_own_words, plain)))
    if body and (not pages or len(body) > STUB_CHARS):
        return RawArticle(where, body=body)
    read = [page for page in (_page(one, where) for one in pages) if page]
    if read and (not body or len(read[0].body) > PAGE_OF_STUB * len(body)):
        return replace(read[0], body="\n\n".join(page.body for page in read))
    return RawArticle(where, body=body)


def _page(part: Part, where: Where) -> RawArticle | None:
    try:
        return html.parse(decode(decoded(part), parameter(part, "charset")), where)
    except (Unreadable, Undecodable):
        return None


def _own_words(part: Part) -> str:
    """Plain text without quoted mails and signature. Raises Undecodable, Unreadable."""
    data = decoded(part)
    if len(data) > MAX_TEXT_BYTES:
        limit = MAX_TEXT_BYTES // MIB
        raise Unreadable(f"{len(data) / MIB:.1f} MiB of text is over the limit of {limit} MiB for a mail")
    lines = decode(data, parameter(part, "charset")).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if (parameter(part, "format") or "").lower() == "flowed":
        lines = _unwrapped(lines, (parameter(part, "delsp") or "").lower() == "yes")
    lines = _without_signature(lines)
    own = _without_quotes(lines)
    # One who only passes a mail on quotes all of it.
    return "\n".join(own if any(map(str.strip, own)) else (line.lstrip("> ") for line in lines)).strip("\n")


def _unwrapped(lines: Sequence[str], drop_space: bool) -> list[str]:
    """format=flowed (RFC 3676): a line that ends with a space goes on in the next one of as many `>`."""
    whole: list[list[str]] = []
    open_at: int | None = None
    for line in lines:
        rest = line.lstrip(">")
        depth = len(line) - len(rest)
        # A space is put before lines that would look like quotes; `-- ` is no line to go on.
        rest = rest.removeprefix(" ")
        goes_on = rest.endswith(" ") and rest != SIGNATURE
        if open_at != depth or rest == SIGNATURE:
            whole.append([">" * depth + " " * bool(depth)])
        whole[-1].append(rest[:-1] if goes_on and drop_space else rest)
        open_at = depth if goes_on else None
    return list(map("".join, whole))


def _without_signature(lines: Sequence[str]) -> list[str]:
    for at in range(len(lines) - 1, max(-1, len(lines) - 2 - MAX_SIGNATURE_LINES), -1):
        if lines[at] == SIGNATURE and any(map(str.strip, lines[:at])):
            return list(lines[:at])
    return list(lines)


def _without_quotes(lines: Sequence[str]) -> list[str]:
    """The lines that are the sender's own; of a mail that is passed on below a rule, those above it, if any."""
    own: list[str] = []
    last_written = -1
    for line in lines:
        if line.startswith(">"):
            if last_written >= 0 and _is_attribution(own[last_written]):
                del own[last_written:]
            last_written = -1
        elif last_written >= 0 and ORIGINAL.fullmatch(line.strip()):
            break
        else:
            if line.strip():
                last_written = len(own)
            own.append(line)
    return own


def _is_attribution(line: str) -> bool:
    return len(line) <= MAX_ATTRIBUTION_CHARS and ATTRIBUTION.fullmatch(line) is not None


def _without_title(body: str, title: str | None) -> str:
    """The text without the title that a newsletter repeats above it."""
    first, _, rest = body.lstrip("\n").partition("\n")
    return rest.strip("\n") if title and rest.strip() and first.removeprefix("## ").strip() == title else body
