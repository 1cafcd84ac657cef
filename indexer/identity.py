"""Ids: the same article gets the same one every time it is read."""

from __future__ import annotations

import re
from hashlib import blake2b

# An id stands in URLs, feeds and file names.
MAX_ID_CHARS = 200
SAFE_ID = re.compile(r"[^\s/\\?#%\x00-\x1f\x7f-\x9f\ud800-\udfff]+")

# What says how a reader came to an article, and not which one it is.
TRACKING = re.compile(
    "(?:utm_.*|cx_.*|mc_[ce]id|_ga|_gl|fbclid|gclid|dclid|yclid|msclkid|twclid|ttclid|igshid|i?ref|ref_src|ref_url"
    "|cmpid|ocid|smid|n_cid)(?:=.*)?",
    re.IGNORECASE,
)


def make_id(given: str | None, url: str | None) -> str | None:
    """The id as given, made safe for URLs, or made from the URL; None where there is neither."""
    given = (given or "").strip()
    if given:
        return _safe(given)
    return f"u-{_digest(bare_address(url))}" if url else None


def id_of_words(title: str, body: str) -> str:
    """The id of an article that has nothing but its words."""
    return "t-" + _digest(f"{title}\n\n{body}")


def bare_address(url: str) -> str:
    """The URL without tracking and fragment; all else, and a URL that has neither, as it is.

    `#!/` and `#/` begin an address within a page that loads its articles by script, and stay.
    """
    address, _, fragment = url.partition("#")
    path, question, query = address.partition("?")
    if question:
        said = query.split("&")
        kept = [one for one in said if not TRACKING.fullmatch(one)]
        if len(kept) < len(said):
            address = f"{path}?{'&'.join(kept)}" if kept else path
    return f"{address}#{fragment}" if fragment.startswith(("!", "/")) else address


def _safe(given: str) -> str:
    """The id as it is, or where a URL could not carry it, what is left of it and a digest of the whole."""
    if len(given) <= MAX_ID_CHARS and SAFE_ID.fullmatch(given) and given.strip("."):
        return given
    left = "-".join(SAFE_ID.findall(given)).strip(".")[:100]
    return f"{left}-{_digest(given)}" if left else f"i-{_digest(given)}"


def _digest(text: str) -> str:
    """16 hexadecimal digits: two of a hundred million articles share them once in 3,700 archives."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
