"""A mail with something attached: the mail without it, and what is attached, each as a file of its own."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO, cast

from indexer.formats.archives import member_name
from indexer.formats.mail import texts
from indexer.formats.mime import Part, decoded, is_mail, parameter, parts
from indexer.formats.source import Facts, Source, open_source
from indexer.formats.spooling import Budget, Spool, budget_of, member, spool
from indexer.formats.unreadable import is_no_article
from indexer.raw import Rejection

# Pictures of a newsletter, invitations, visiting cards, signatures, reports of delivery: nobody's articles.
BESIDE_THE_TEXT = re.compile(
    r"(?:image|audio|video|font)/.*|text/(?:calendar|x-?vcalendar|vcard|x-vcard|directory|css|javascript)"
    r"|application/(?:pgp-signature|(?:x-)?pkcs7-signature|ics|pgp-keys)|message/(?:delivery-status|external-body"
    r"|disposition-notification|global-delivery-status)|text/rfc822-headers"
)
ENCRYPTED = re.compile(r"application/(?:(?:x-)?pkcs7-mime|pgp-encrypted)")


def claims(source: Source) -> bool:
    """A mail that holds more than its own text. Raises Unreadable."""
    if not is_mail(source):
        return False
    found = parts(source.whole())
    return len(texts(found)) < len(found)


def members(source: Source) -> Iterator[Source | Rejection]:
    """The mail itself, then what is attached to it; pictures and the like are passed over. Raises Unreadable."""
    budget = budget_of(source)
    data = source.whole()
    found = parts(data)
    own = texts(found)
    own_begins = {part.begin for part in own}
    others = [part for part in found if part.begin not in own_begins]
    attached = [part for part in others if not BESIDE_THE_TEXT.fullmatch(part.kind)]
    if any(ENCRYPTED.fullmatch(part.kind) for part in attached):
        yield Rejection(source.where, "an encrypted mail, or one signed as a whole; save it as text and add that")
        return
    if any(part.body.strip() for part in own):
        yield from _itself(source, data, others, budget)
    elif not attached:
        yield Rejection(source.where, "a mail without text")
    for number, part in enumerate(attached, 1):
        budget.take_member()
        name = member_name(part.name or f"part {number}")
        with _spooled(decoded(part), budget) as file:
            one = member(source, name, file, Facts(charset=parameter(part, "charset"), as_of=source.facts.as_of))
            if not is_no_article(one):
                yield one


def _itself(source: Source, data: bytes, others: Sequence[Part], budget: Budget) -> Iterator[Source | Rejection]:
    """The mail as it was sent, without the stretches of what is attached."""
    kept: list[bytes] = []
    at = 0
    for part in others:
        kept.append(data[at : part.begin])
        at = part.end
    with _spooled(b"".join((*kept, data[at:])), budget) as file:
        itself = open_source(cast(BinaryIO, file), source.where, source.facts, source.depth)
        # Boundaries that lie may make of what is left another mail with attachments.
        yield Rejection(source.where, "a mail whose parts are damaged") if claims(itself) else itself


def _spooled(data: bytes, budget: Budget) -> Spool:
    return spool(io.BytesIO(data), budget)
