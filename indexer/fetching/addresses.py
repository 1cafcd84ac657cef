"""Which addresses may be asked: http and https on hosts of the public internet, and nothing of the own network.

A page or a feed may name any address, and a name may mean another machine a moment later. So every address that a
name stands for is looked at, and the connection goes to exactly one of those (`Address.machines`).
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urljoin

from urllib3.exceptions import HTTPError
from urllib3.util import parse_url

PORTS = {"http": 80, "https": 443}

# Browsers and servers stop at about 8,000 characters.
MAX_URL_CHARS = 8_000

# RFC 6052: an IPv4 address as a network that has only IPv6 sees it.
NAT64 = IPv6Network("64:ff9b::/96")

IP = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Iterable[str]]
"""The IP addresses that a host's name stands for now. Raises OSError."""


class NotAllowed(ValueError):
    """The address may not be asked; the message is the reason in one plain phrase."""


@dataclass(frozen=True, slots=True)
class Address:
    """A URL taken apart, as it goes over the wire: host in ASCII, path percent-encoded, without a fragment."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        """Scheme, host and port: what one robots.txt is for."""
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """The host as the server knows itself, with its port where that is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return self.origin + self.target

    def machines(self, allow_private: bool, resolve: Resolve) -> tuple[str, ...]:
        """The IP addresses to connect to, all of them looked at. Raises NotAllowed where one may not be, OSError."""
        found = tuple(dict.fromkeys(resolve(self.host, self.port)))
        for written in found:
            why = why_not(ip_address(written), allow_private)
            if why:
                name = self.host if self.host == written else f"{self.host} ({written})"
                raise NotAllowed(f"{name} {why}")
        return found


def is_url(text: str) -> bool:
    """Whether a word on the command line is meant as an address rather than as a file."""
    return text[:8].lower().startswith(("http://", "https://"))


def parse(url: str, allow_private: bool = False, base: Address | None = None) -> Address:
    """The address that `url` names, from the page at `base` where it is a relative one. Raises NotAllowed.

    allow_private: also lets other ports than 80 and 443 through, as an intranet has them.
    """
    if len(url) > MAX_URL_CHARS:
        raise NotAllowed(f"an address of {len(url):,} characters; more than {MAX_URL_CHARS:,} are not asked")
    whole = urljoin(base.url, url.strip()) if base else url.strip()
    try:
        parts = parse_url(whole)
    except (HTTPError, ValueError):
        raise NotAllowed("no address that can be understood; copy it anew from the browser") from None
    if parts.scheme not in PORTS:
        raise NotAllowed(f"an address with {parts.scheme or 'no scheme'}; only http:// and https:// are asked")
    if parts.auth is not None:
        raise NotAllowed("a name or a password stands in the address; take it out, pages behind a login are not asked")
    if not parts.host:
        raise NotAllowed("an address without a host")
    port = PORTS[parts.scheme] if parts.port is None else parts.port
    if port not in PORTS.values() and not allow_private:
        raise NotAllowed(f"port {port} is not asked, only 80 and 443; --allow-private allows any")
    return Address(parts.scheme, parts.host.strip("[]"), port, parts.request_uri)


def why_not(ip: IP, allow_private: bool) -> str | None:
    """Why a machine may not be asked, as what follows its name; None where it may.

    allow_private: machines of the own network and this one may be asked. Those that are no machine's own (multicast,
    reserved) and link-local ones, where clouds keep their keys (169.254.169.254), never are.
    """
    within = _embedded(ip)
    if within is not None:
        return why_not(within, allow_private)
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified or (ip.is_reserved and not ip.is_loopback):
        return "is an address that no page is at"
    site_local = isinstance(ip, IPv6Address) and ip.is_site_local
    if (not ip.is_global or site_local) and not allow_private:
        return "is a machine of your own network; --allow-private allows it"
    return None


def _embedded(ip: IP) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address leads to: mapped, by NAT64 or by 6to4."""
    if isinstance(ip, IPv4Address):
        return None
    if ip in NAT64:
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour


def resolve_by_system(host: str, port: int) -> list[str]:
    """What the system's resolver says. Raises OSError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:        # a label that is empty or over 63 characters
        raise socket.gaierror(socket.EAI_NONAME, "no such host") from None
    return [str(address[0]) for *_, address in found]
