"""A cluster of OpenSearch on this machine: one process per node, bound to 127.0.0.1, data in one directory.

    with Cluster.start(directory) as cluster:
        cluster.urls                     # ("http://127.0.0.1:9201", "http://127.0.0.1:9202", ...)
        cluster.kill(0)                  # as a power cut does it
        cluster.restart(0)
        cluster.wait_for("green")

Nodes end with the process that started them, however that ends. Only the standard library, as in `cluster_software`.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import cluster_software
from cluster_software import CannotStart, Software

HOST = "127.0.0.1"
# What nodes speak among themselves is this far from what they speak with clients, as in OpenSearch (9200, 9300).
TRANSPORT_OFFSET = 100
LOG = "output.log"

# Three nodes start in 10 s on two idle processors; a busy machine takes several times that.
START_TIMEOUT_S = 180
STOP_TIMEOUT_S = 30
REQUEST_TIMEOUT_S = 30

# The second finds ThaiWords.java.
JAVA_OPTIONS = ("--enable-native-access=ALL-UNNAMED", "-Djava.locale.providers=CLDR,SPI")

# Serial collection and the first compiler only: three nodes start in 10 s instead of 20 and take less memory.
QUICK_START = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")

# What a missing module breaks is not said at start, only when it is asked for: the tokenizer that our words
# go through, a count by value, a snapshot of the index to read from.
CHECK_INDEX = {
    "settings": {
        "number_of_shards": 1,
        "number_of_replicas": 0,
        "analysis": {
            "analyzer": {"words": {"tokenizer": "units", "filter": ["after"]}},
            "tokenizer": {"units": {"type": "char_group", "tokenize_on_chars": ["\u001f"]}},
            "filter": {"after": {"type": "pattern_replace", "pattern": "^.*\u001e", "replacement": ""}},
        },
    },
    "mappings": {"properties": {"desk": {"type": "keyword"}, "words": {"type": "text", "analyzer": "words"}}},
}
CHECK_SEARCH = {
    "query": {"term": {"words": "データ"}},
    "aggs": {"desks": {"terms": {"field": "desk"}}},
    "track_total_hits": True,
}


class Cluster:
    """Nodes that this process started. `urls`: where each answers, dead or alive; the first is number 0."""

    def __init__(
        self, directory: Path, software: Software, ports: list[int], heap: str, java_options: tuple[str, ...]
    ) -> None:
        """Starts nothing: see `Cluster.start`."""
        self.directory = directory
        self.urls = tuple(f"http://{HOST}:{port}" for port in ports)
        self._software = software
        self._ports = ports
        self._java_options = (f"-Xms{heap}", f"-Xmx{heap}", *JAVA_OPTIONS, *java_options)
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    @classmethod
    def start(
        cls,
        directory: Path,
        *,
        nodes: int = 3,
        heap: str = "512m",
        http_port: int = 9201,
        java_options: tuple[str, ...] = QUICK_START,
    ) -> Cluster:
        """A cluster of `nodes` that is green (yellow: a single node) and does what is asked of it.

        directory: made if it is not there; what a cluster of as many nodes left there is found again.
        heap: of each node, as Java writes it: "512m". A node takes about 350 MB of memory with "512m".
        http_port: of the first node. The others follow, and ports that are taken are left out.
        Raises CannotStart: no Java, no Maven, a directory of other nodes or in use, not green after 180 s.
        """
        directory = directory.absolute()
        kept = len(list(directory.glob("node-*")))
        if kept not in (0, nodes):
            raise CannotStart(f"{directory} holds the data of {kept} nodes, not {nodes}: start {kept}, or elsewhere.")
        cluster = cls(directory, cluster_software.ready(), free_ports(http_port, nodes), heap, java_options)
        try:
            for number in range(nodes):
                cluster.restart(number)
            # A single node has no place for the copies that an index of earlier may ask for.
            cluster.wait_for("green" if nodes > 1 else "yellow")
            _check(cluster.urls[0])
        except BaseException:
            cluster.stop()
            raise
        return cluster

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pids(self) -> dict[int, int]:
        """The process of each node that runs."""
        return {number: process.pid for number, process in self._processes.items() if process.poll() is None}

    def restart(self, number: int) -> None:
        """Start the node that does not run, with the data it had. Returns at once: see `wait_for`."""
        if number in self.pids:
            raise ValueError(f"node {number} runs")
        folder = self.directory / f"node-{number + 1}"
        folder.mkdir(parents=True, exist_ok=True)
        command = [self._software.java, *self._java_options, "-cp", self._software.classpath, "ClusterNode", folder]
        with (folder / LOG).open("ab") as log:
            self._processes[number] = subprocess.Popen(
                [*command, *self._settings(number)],
                stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT, cwd=folder,
                # Ctrl-C is for the starter, which then stops its nodes.
                start_new_session=True,
            )

    def kill(self, number: int) -> None:
        """End a node without letting it finish anything (SIGKILL)."""
        self._processes[number].kill()
        self._end(number, timeout_s=STOP_TIMEOUT_S)

    def stop(self) -> None:
        """End every node in order; the data stays. The second time it does nothing."""
        for process in self._processes.values():
            process.terminate()
        ending_at = time.monotonic() + STOP_TIMEOUT_S
        for number in list(self._processes):
            try:
                self._end(number, timeout_s=max(0.0, ending_at - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.kill(number)

    def wait_for(self, status: str, *, timeout_s: float = START_TIMEOUT_S) -> None:
        """Wait until the nodes that run, and no others, are one cluster of that status or better.

        status: "green", or "yellow" where a copy may be missing. Every node that runs has to say so: what only
        one says may be from before another was killed.
        Raises CannotStart when a node has ended by itself meanwhile, or the time is over.
        """
        ending_at = time.monotonic() + timeout_s
        while True:
            self._raise_if_one_ended()
            said = [_health(self.urls[number], status, nodes=len(self.pids)) for number in self.pids]
            if not any(said):
                return
            if time.monotonic() > ending_at:
                why = "; ".join(filter(None, said))
                raise CannotStart(f"The nodes are not {status} after {timeout_s:g} s: {why}. {self._logs()}")
            time.sleep(0.2)

    def _settings(self, number: int) -> list[str]:
        names = ",".join(f"node-{n + 1}" for n in range(len(self._ports)))
        transports = [port + TRANSPORT_OFFSET for port in self._ports]
        settings = {
            "cluster.name": "kijigura",
            "node.name": f"node-{number + 1}",
            "network.host": HOST,
            "http.port": self._ports[number],
            "transport.port": transports[number],
            "discovery.type": "zen",
            "discovery.seed_hosts": ",".join(f"{HOST}:{port}" for port in transports),
            "cluster.initial_cluster_manager_nodes": names,
            # Where snapshots may be written.
            "path.repo": self.directory / "snapshots",
            # A cluster on a nearly full disk of one's own is no reason to refuse writing.
            "cluster.routing.allocation.disk.threshold_enabled": "false",
        }
        return [f"{key}={value}" for key, value in settings.items()]

    def _end(self, number: int, *, timeout_s: float) -> None:
        process = self._processes[number]
        process.wait(timeout_s)
        del self._processes[number]
        stdin: IO[bytes] | None = process.stdin
        if stdin:
            stdin.close()

    def _raise_if_one_ended(self) -> None:
        for number, process in self._processes.items():
            if process.poll() is not None:
                raise CannotStart(f"Node {number + 1} of the cluster ended by itself. {self._logs()}")

    def _logs(self) -> str:
        return f"What the nodes wrote: {self.directory}/node-*/{LOG}"


def free_ports(first: int, count: int) -> list[int]:
    """The lowest ports from `first` on for clients that are free, with those that belong to them among nodes."""
    found: list[int] = []
    taken: set[int] = set()
    for port in range(first, 65_536 - TRANSPORT_OFFSET):
        both = {port, port + TRANSPORT_OFFSET}
        if not both & taken and all(map(_is_free, both)):
            found.append(port)
            taken |= both
        if len(found) == count:
            return found
    raise CannotStart(f"There are no {count} free ports from {first} on.")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As a server does it, so that a port that was just given up counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def ask(url: str, method: str = "GET", body: object = None) -> Any:
    """What a node answers, as JSON. Raises OSError when it does not answer, or answers with an error."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=REQUEST_TIMEOUT_S) as answer:
        return json.load(answer)


def _health(url: str, status: str, *, nodes: int) -> str:
    """What keeps the cluster from being of that status with as many nodes; empty when nothing does."""
    wanted = f"wait_for_status={status}&wait_for_nodes={nodes}&timeout=1s&cluster_manager_timeout=1s"
    try:
        ask(f"{url}/_cluster/health?{wanted}")
    except urllib.error.HTTPError as error:
        with error:
            answer = json.load(error)
        # The second is over.
        if error.code == 408:
            return f"{url} is {answer['status']} with {answer['number_of_nodes']} nodes"
        return f"{url} has no manager"
    except (OSError, http.client.HTTPException):
        return f"{url} does not answer"
    return ""


def _check(url: str) -> None:
    """Raises CannotStart if a module is missing: see CHECK_INDEX."""
    index = f"{url}/kijigura-check-of-start"
    try:
        ask(index, "PUT", CHECK_INDEX)
        ask(f"{index}/_doc/1?refresh=true", "PUT", {"desk": "社会", "words": "ﾃﾞｰﾀ\u001eデータ\u001fは"})
        point = ask(f"{index}/_search/point_in_time?keep_alive=1m", "POST")["pit_id"]
        answer = ask(f"{url}/_search", "POST", CHECK_SEARCH | {"pit": {"id": point, "keep_alive": "1m"}})
        counted = [(bucket["key"], bucket["doc_count"]) for bucket in answer["aggregations"]["desks"]["buckets"]]
        if counted != [("社会", 1)]:
            raise CannotStart(f"The cluster counts wrongly: {counted}.")
        ask(f"{url}/_search/point_in_time", "DELETE", {"pit_id": [point]})
    except urllib.error.HTTPError as error:
        with error:
            raise CannotStart(f"A part of OpenSearch is missing: {error.read().decode()}") from error
    finally:
        with contextlib.suppress(OSError):
            ask(index, "DELETE")
