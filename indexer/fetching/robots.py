"""What a host's robots.txt allows (RFC 9309), and how long it wants to be left alone between requests."""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

# What rules in a robots.txt call us; the whole User-Agent has an address in it, which may look like another's name.
PRODUCT = "kijigura"

# RFC 9309 asks for no less than 500 KiB; what comes after is not looked at.
MAX_ROBOTS_BYTES = 512 * 1024

# RFC 9309: a copy is not used for longer than a day.
KEPT_SECONDS = 24 * 3600.0

# Hosts that want more are asked as often as this all the same: a day of news would not come through in a day.
LONGEST_PAUSE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Rules:
    """One robots.txt, as far as it concerns us."""

    rules: Protego

    def allow(self, url: str) -> bool:
        return bool(self.rules.can_fetch(url, PRODUCT))

    def pause_seconds(self, usual: float) -> float:
        """The longest of the usual pause, Crawl-delay and Request-rate, up to LONGEST_PAUSE_SECONDS."""
        asked = [self.rules.crawl_delay(PRODUCT) or 0.0]
        rate = self.rules.request_rate(PRODUCT)
        if rate and rate.requests > 0:
            asked.append(rate.seconds / rate.requests)
        return max(usual, min(max(asked), LONGEST_PAUSE_SECONDS))


def parse(text: str) -> Rules:
    """The rules of a robots.txt, whatever is in it; an empty one allows everything."""
    return Rules(Protego.parse(text.removeprefix("\ufeff")))
