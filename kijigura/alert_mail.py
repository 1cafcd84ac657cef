"""What is new for an alert, as plain text and as a mail to an SMTP server that the user names."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from urllib.parse import quote

from kijigura.command import visible
from search.alerts import News
from search.errors import KijiguraError, UsageError
from search.results import Hit

TIMEOUT_SECONDS = 30
OWN_NAME = "localhost"
"""Said to the server. The true one would be asked of a name server."""


@dataclass(frozen=True, slots=True)
class Mailing:
    """Where mail goes: server, sender and receivers."""

    host: str
    port: int
    sender: str
    receivers: Sequence[str]

    @classmethod
    def read(cls, server: str, sender: str, receivers: Sequence[str]) -> Mailing:
        """server: HOST:PORT. Raises UsageError."""
        host, _, port = server.rpartition(":")
        if not host or not (port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
            raise UsageError(f"--smtp {server!r} is no server. Write HOST:PORT, such as 127.0.0.1:25.")
        for option, address in (("--mail-from", sender), *(("--mail-to", one) for one in receivers)):
            if not _is_address(address):
                raise UsageError(f"{option} {address!r} is no mail address. Write it as name@example.jp.")
        return cls(host.strip("[]"), int(port), sender, receivers)


def _is_address(text: str) -> bool:
    try:
        found = Address(addr_spec=text)
    except (MessageError, ValueError, IndexError):
        return False
    return bool(found.username and found.domain) and text.isascii() and text.isprintable()


def as_text(news: News, base_url: str | None = None) -> str:
    """The alert with each new article: title, day, source, the best words of it, and where it is."""
    lines = [f"{news.alert.name}: {len(news.hits):,} new"]
    for hit in news.hits:
        lines += ["", *_article(hit, base_url)]
    return "\n".join(lines)


def _article(hit: Hit, base_url: str | None) -> Iterator[str]:
    day = hit.published.at.date().isoformat() if hit.published else "no date"
    yield hit.title.text
    yield "  " + " · ".join(x for x in (day, hit.source, hit.desk, hit.id) if x)
    for section in hit.sections[:1]:
        heading = f"[{section.heading.text}] " if section.heading else ""
        yield f"  {heading}{section.snippet.text}"
    if base_url:
        yield f"  {base_url.rstrip('/')}/article/{quote(hit.id, safe='')}"


def message(mailing: Mailing, news: News, base_url: str | None = None) -> EmailMessage:
    """The mail: UTF-8, text alone."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = visible(f"{news.alert.name}: {len(news.hits):,} new")
    mail["From"] = mailing.sender
    mail["To"] = ", ".join(mailing.receivers)
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = make_msgid(domain=OWN_NAME)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(visible(as_text(news, base_url)) + "\n", charset="utf-8", cte="base64")
    return mail


def send(mailing: Mailing, news: News, base_url: str | None = None) -> None:
    """Hand the mail over; it is sent once the server has taken it for every receiver. Raises KijiguraError."""
    try:
        with smtplib.SMTP(mailing.host, mailing.port, OWN_NAME, TIMEOUT_SECONDS) as server:
            refused = server.send_message(message(mailing, news, base_url))
    except (OSError, smtplib.SMTPException) as error:
        raise KijiguraError(
            f"{news.alert.name}: the mail could not be handed to {mailing.host}:{mailing.port}: {error}. "
            "It is sent the next time. Look whether a mail server runs there, or name another: --smtp HOST:PORT"
        ) from error
    if refused:
        raise KijiguraError(
            f"{news.alert.name}: {mailing.host}:{mailing.port} refuses mail to {', '.join(refused)}. "
            "The others have it, and get it again the next time. Check the address: --mail-to ADDRESS"
        )
