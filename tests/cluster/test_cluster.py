"""The cluster that other tests stand on keeps its promises, and so does the script that starts one to try."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
from collections.abc import Callable
from pathlib import Path

import pytest
from cluster_nodes import Cluster, ask, free_ports
from cluster_software import CannotStart

pytestmark = pytest.mark.cluster

ARTICLE = {"title": "衆院選、投票始まる", "body": "全国の投票所で"}
# One copy on every node, so that the death of any node takes one.
THREE_COPIES = {"settings": {"number_of_shards": 1, "number_of_replicas": 2}}


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until_nobody_answers(url: str) -> None:
    ending_at = time.monotonic() + 30
    while time.monotonic() < ending_at:
        try:
            ask(url)
        except OSError:
            return
        time.sleep(0.1)
    pytest.fail(f"{url} still answers")


def names_of_nodes(url: str) -> set[str]:
    return {node["name"] for node in ask(f"{url}/_nodes")["nodes"].values()}


def test_three_nodes_answer_as_one_cluster(cluster: Cluster) -> None:
    assert len(set(cluster.urls)) == len(set(cluster.pids.values())) == 3
    for url in cluster.urls:
        assert names_of_nodes(url) == {"node-1", "node-2", "node-3"}
        assert ask(url)["version"]["number"].startswith("3.")


def test_nodes_listen_on_this_machine_only(cluster: Cluster) -> None:
    for node in ask(f"{cluster.urls[0]}/_nodes/http,transport")["nodes"].values():
        addresses = node["http"]["bound_address"] + node["transport"]["bound_address"]
        assert [address for address in addresses if not address.startswith("127.0.0.1:")] == []


def test_a_snapshot_can_be_taken(cluster: Cluster) -> None:
    repository = f"{cluster.urls[0]}/_snapshot/a-promise"
    ask(repository, "PUT", {"type": "fs", "settings": {"location": "a-promise"}})
    try:
        taken = ask(f"{repository}/first?wait_for_completion=true", "PUT", {"indices": "-*"})
        assert taken["snapshot"]["state"] == "SUCCESS"
        assert (cluster.directory / "snapshots" / "a-promise").is_dir()
        ask(f"{repository}/first", "DELETE")
    finally:
        ask(repository, "DELETE")


def test_what_was_acknowledged_survives_the_death_of_one_node_and_of_all(own_cluster: Cluster) -> None:
    cluster = own_cluster
    ask(f"{cluster.urls[1]}/news", "PUT", THREE_COPIES)
    cluster.wait_for("green")
    ask(f"{cluster.urls[1]}/news/_doc/1", "PUT", ARTICLE)

    cluster.kill(0)
    cluster.wait_for("yellow")
    with pytest.raises(urllib.error.URLError, match="refused"):
        ask(cluster.urls[0])
    for url in cluster.urls[1:]:
        assert ask(f"{url}/_cluster/health")["status"] == "yellow"
        assert ask(f"{url}/news/_doc/1")["_source"] == ARTICLE
    cluster.restart(0)
    cluster.wait_for("green")
    assert ask(f"{cluster.urls[0]}/news/_doc/1")["_source"] == ARTICLE

    cluster.kill(0)
    cluster.kill(1)
    # One of three cannot know whether the others go on without it.
    with pytest.raises(CannotStart, match=rf"not yellow after 1 s: {cluster.urls[2]} has no manager. .*output\.log"):
        cluster.wait_for("yellow", timeout_s=1)
    cluster.kill(2)
    assert cluster.pids == {}
    for number in range(3):
        cluster.restart(number)
    cluster.wait_for("green")
    assert ask(f"{cluster.urls[2]}/news/_doc/1")["_source"] == ARTICLE

    pids = list(cluster.pids.values())
    cluster.stop()
    assert [pid for pid in pids if is_running(pid)] == []


# ---- the script ---------------------------------------------------------------------------------------


@pytest.fixture
def script(cluster: Cluster) -> Callable[..., subprocess.Popen[str]]:
    """Starts the script. It needs what `cluster` needs, so its tests are skipped where that one is."""
    def run(*options: object) -> subprocess.Popen[str]:
        command = [sys.executable, Path(__file__).with_name("start"), *options]
        return subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return run


def test_the_script_says_where_keeps_the_data_and_takes_its_nodes_with_it(
    script: Callable[..., subprocess.Popen[str]], cluster: Cluster, tmp_path: Path
) -> None:
    taken = int(cluster.urls[0].rsplit(":", 1)[1])
    options = ("--directory", tmp_path / "tried", "--nodes", 1, "--http-port", taken)
    with script(*options) as started:
        url = address_said_by(started)
        assert url not in cluster.urls
        assert names_of_nodes(url) == {"node-1"}
        ask(f"{url}/news/_doc/1", "PUT", ARTICLE)
        started.terminate()
        said = started.communicate(timeout=60)[1]
    assert started.returncode == 0
    assert said.endswith("Stopped. The data is kept.\n")
    with pytest.raises(urllib.error.URLError, match="refused"):
        ask(url)

    with script(*options) as started:
        url = address_said_by(started)
        assert ask(f"{url}/news/_doc/1")["_source"] == ARTICLE
        # It can say nothing more, and yet leaves no node behind.
        started.kill()
        started.communicate()
    wait_until_nobody_answers(url)


def address_said_by(script: subprocess.Popen[str]) -> str:
    assert script.stdout is not None
    address = script.stdout.readline().strip()
    assert address, script.communicate()[1]
    return address


def test_a_directory_of_another_number_of_nodes_is_refused(
    script: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    for name in ("node-1", "node-2"):
        (tmp_path / name).mkdir()
    with script("--directory", tmp_path) as refused:
        said = refused.communicate(timeout=60)[1]
    assert refused.returncode == 1
    assert said.splitlines()[-1] == f"{tmp_path} holds the data of 2 nodes, not 3: start 2, or elsewhere."


def test_ports_in_use_are_left_out(cluster: Cluster) -> None:
    ports = [int(url.rsplit(":", 1)[1]) for url in cluster.urls]
    assert set(free_ports(ports[0], 3)).isdisjoint(ports)
