"""A mail server on loopback that keeps what it is given, or refuses it."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


@dataclass
class MailServer:
    """port: on 127.0.0.1. mails: those taken. receivers: of each. refuses: the answer to a mail, None to take it."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    receivers: list[list[str]] = field(default_factory=list)
    refuses: str | None = None
    refused_receivers: tuple[str, ...] = ()


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """RFC 5321 as far as smtplib speaks it."""
    kept = MailServer()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 loopback")
            to: list[str] = []
            for line in self.rfile:
                verb = line.decode("ascii").strip().upper()
                if verb.startswith("RCPT TO:"):
                    address = verb[9:].split(">")[0].strip("<").lower()
                    if address in kept.refused_receivers:
                        self._say("550 no such mailbox")
                        continue
                    to.append(address)
                if verb == "DATA":
                    self._say("354 go on")
                    self._take(to)
                    to = []
                elif verb == "QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._say("250 ok")

        def _take(self, to: list[str]) -> None:
            data = b""
            while not data.endswith(b"\r\n.\r\n"):
                data += self.rfile.readline()
            if kept.refuses:
                self._say(kept.refuses)
                return
            mail = message_from_bytes(data.removesuffix(b".\r\n"), policy=default)
            assert isinstance(mail, EmailMessage)
            kept.mails.append(mail)
            kept.receivers.append(to)
            self._say("250 taken")

        def _say(self, answer: str) -> None:
            self.wfile.write(f"{answer}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        kept.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield kept
        server.shutdown()
