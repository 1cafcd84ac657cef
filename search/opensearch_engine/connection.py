"""The way to a cluster: where it is, who asks, and what is said when it does not answer as it should."""

from __future__ import annotations

import base64
import logging
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from search.errors import ClusterUnavailable, KijiguraError, UsageError

try:
    from opensearchpy import OpenSearch
    from opensearchpy import exceptions as refused
except ImportError as _error:
    raise UsageError(
        "An index on OpenSearch needs the package opensearch-py. Install it: pip install 'kijigura[opensearch]'"
    ) from _error

FORM = "opensearch://HOST:PORT/NAME"

_URL = re.compile(r"opensearch(?P<tls>\+tls)?://(?P<hosts>[^/@\s]+)/(?P<alias>[a-z0-9][a-z0-9_.-]{0,99})")

OLDEST_VERSION = (2, 12)
"""The first with point in time, `intervals` and `search_after` as they are used here, and with Lucene 9.9."""

REQUEST_SECONDS = 30.0
"""For one answer; a search has its own deadline, which ends before."""

BACK_OFF_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Between attempts of what may be repeated, while the cluster is busy or a node of it is gone: one minute in all."""

FULL_DISK = "flood-stage"
"""In the reason that a cluster gives for what it refuses since a disk is nearly full. Its status, 429, says that it may
pass, and nothing here makes it."""

Result = TypeVar("Result")

# The client reports every answer that is no success, also where that is one of two that are expected.
logging.getLogger("opensearch").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster, and the name under which an archive's indices are known there. `client` may be shared by threads."""

    url: str
    alias: str
    client: OpenSearch

    @classmethod
    def of(cls, url: str, environment: Mapping[str, str] = os.environ) -> Cluster:
        """The cluster of `opensearch://HOST:PORT[,HOST:PORT …]/NAME`, or of `opensearch+tls://…`; nothing is asked yet.

        environment: KIJIGURA_OPENSEARCH_USER and _PASSWORD, or _TOKEN; _CA, a file of certificates.
        Raises UsageError.
        """
        found = _URL.fullmatch(url)
        if found is None:
            raise UsageError(
                f"The engine {url!r} cannot be read. Write {FORM}, several hosts with commas between them, the name in"
                " small letters, digits, - and _; opensearch+tls:// where the cluster speaks TLS."
            )
        hosts = [_host(one, url) for one in found["hosts"].split(",")]
        return cls(url, found["alias"], OpenSearch(
            hosts=hosts, **_access(environment), **_tls(environment, bool(found["tls"])), timeout=REQUEST_SECONDS,
            max_retries=len(hosts), retry_on_timeout=False, http_compress=False, pool_maxsize=16,
        ))

    def check(self) -> None:
        """Ask for its version. Raises ClusterUnavailable, UsageError for another program or an old version."""
        with self.plain_errors():
            told = self.client.info().get("version", {})
        number = str(told.get("number", ""))
        if told.get("distribution") != "opensearch":
            raise UsageError(f"At {self.where} there is no OpenSearch (it says {number or 'nothing'!r}). {_LOOK}")
        if tuple(map(int, re.findall(r"\d+", number)[:2])) < OLDEST_VERSION:
            oldest = ".".join(map(str, OLDEST_VERSION))
            raise UsageError(f"OpenSearch at {self.where} is {number}; Kijigura needs {oldest} or newer. Upgrade it.")

    @property
    def where(self) -> str:
        """The hosts, for a person."""
        return self.url.partition("://")[2].partition("/")[0]

    @contextmanager
    def plain_errors(self) -> Iterator[None]:
        """Errors of the client come out as plain sentences: ClusterUnavailable."""
        try:
            yield
        except refused.OpenSearchException as error:
            raise self.plain(error) from error

    def plain(self, error: refused.OpenSearchException) -> KijiguraError:
        """What to tell a person."""
        return ClusterUnavailable(self._said(error))

    def _said(self, error: refused.OpenSearchException) -> str:
        at = f"OpenSearch at {self.where}"
        status, reason = _status(error), _reason(error)
        if isinstance(error, refused.SSLError):
            return f"{at} and this machine do not agree on TLS ({reason}). Name its certificate: KIJIGURA_OPENSEARCH_CA"
        if isinstance(error, refused.ConnectionTimeout):
            return f"{at} did not answer in time. See how it is: curl http://{self.where.split(',')[0]}/_cluster/health"
        if isinstance(error, refused.ConnectionError) and status is None:
            return f"There is no answer at {self.where}. {_LOOK}"
        if status == 401:
            return f"{at} does not know this user or password. Set KIJIGURA_OPENSEARCH_USER and _PASSWORD, or _TOKEN."
        if FULL_DISK in reason:
            return f"{at} has made its indices read-only since a disk is nearly full. Make room there, then try again."
        if status == 403 and "blocked" in reason:
            return f"{at} has made {self.alias} read-only ({reason}). Lift that block, then try again."
        if status == 403:
            return f"{at} does not allow this ({reason}). Give the user rights on {self.alias}*."
        if status == 429:
            return f"{at} is too busy ({reason}). Try again in a minute."
        if status == 503 or "all shards failed" in reason:
            return f"{at} lacks a part of {self.alias} now ({reason}). See what is missing: {self._health}"
        return f"{at} refused ({status or type(error).__name__}: {reason}). See how it is: {self._health}"

    @property
    def _health(self) -> str:
        return f"curl http://{self.where.split(',')[0]}/_cluster/health"

    def patiently(self, ask: Callable[[], Result]) -> Result:
        """What `ask` returns; asked again while the cluster is busy or a node is gone. It must be safe to repeat.

        Raises ClusterUnavailable after a minute.
        """
        for pause in BACK_OFF_SECONDS:
            try:
                return ask()
            except refused.OpenSearchException as error:
                if not may_pass(error):
                    raise self.plain(error) from error
            time.sleep(pause)
        with self.plain_errors():
            return ask()


_LOOK = f"Is it running, and is this its address? The form is {FORM}"


def may_pass(error: refused.OpenSearchException) -> bool:
    """Whether the same may succeed in a moment: no answer, or one that says so."""
    status = _status(error)
    if FULL_DISK in _reason(error):
        return False
    return (status is None and isinstance(error, refused.ConnectionError)) or status in (429, 502, 503, 504)


def _status(error: refused.OpenSearchException) -> int | None:
    """Of HTTP; None where there was no answer."""
    found = getattr(error, "status_code", None)
    return found if isinstance(found, int) else None


def _reason(error: refused.OpenSearchException) -> str:
    """What the cluster says of it, in a line."""
    info: Any = getattr(error, "info", None)
    if isinstance(info, dict):
        cause = info.get("error")
        if isinstance(cause, dict):
            roots = cause.get("root_cause") or [cause]
            said = roots[0].get("reason") or cause.get("reason") or cause.get("type")
            return str(said).split("\n")[0][:200]
        return str(cause or info)[:200]
    return str(info or error).split("\n")[0][:200]


def _host(written: str, url: str) -> dict[str, Any]:
    host, _, port = written.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65_536:
        raise UsageError(f"{written!r} in the engine {url!r} is no HOST:PORT. The form is {FORM}")
    return {"host": host.strip("[]"), "port": int(port)}


def _access(environment: Mapping[str, str]) -> dict[str, Any]:
    token = environment.get("KIJIGURA_OPENSEARCH_TOKEN")
    user, password = (environment.get(f"KIJIGURA_OPENSEARCH_{name}") for name in ("USER", "PASSWORD"))
    if token and user:
        raise UsageError("KIJIGURA_OPENSEARCH_TOKEN and _USER are both set. Set one of them.")
    if token:
        return {"headers": {"Authorization": f"Bearer {token}"}}
    if not user:
        return {}
    # In UTF-8 (RFC 7617), where the client takes Latin letters alone.
    known = base64.b64encode(f"{user}:{password or ''}".encode()).decode()
    return {"headers": {"Authorization": f"Basic {known}"}}


def _tls(environment: Mapping[str, str], uses_tls: bool) -> dict[str, Any]:
    certificates = environment.get("KIJIGURA_OPENSEARCH_CA")
    if not uses_tls:
        return {"use_ssl": False}
    return {"use_ssl": True, "verify_certs": True, "ssl_show_warn": True, "ca_certs": certificates or None}
