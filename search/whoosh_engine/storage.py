"""Where an index lies on disk, and how one knows that it is whole.

    index/
        manifest.json       names the generation and its table of contents, the last change in it, a checksum per
                            file and its own
        write.lock          held by the one process that writes
        g000001/            Whoosh's table of contents, and a file for each segment

A batch writes new files beside those in use, syncs them, and replaces manifest.json; only then are old files deleted.
A rebuild does the same in a generation of its own. A process that is killed anywhere leaves the old index.

Whoosh's table of contents is a pickle: the directory is for its owner alone (0700), and an index from elsewhere is
never opened, always rebuilt.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from search.errors import IndexBusy, IndexDamaged, IndexMismatch, IndexNotFound
from search.japanese.tokens import analysis_version
from search.whoosh_engine.schema import SCHEMA_REVISION
from search.whoosh_engine.segment import SUFFIX

MANIFEST = "manifest.json"
_READ_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index says of itself.

    generation: the folder with the files. toc: the number of its table of contents. change: the archive's last
    change in it. average_lengths: of the scored fields, as every segment is scored with them.
    files: name -> [size in bytes, CRC-32; of a segment, of its footer, which has those of its blocks].
    """

    generation: str
    analysis: str
    toc: int = 0
    average_lengths: dict[str, float] = field(default_factory=dict)
    schema: int = SCHEMA_REVISION
    change: int = 0
    articles: int = 0
    indexed_at: str | None = None
    files: dict[str, list[int]] = field(default_factory=dict)


class IndexFolder:
    """The `index/` folder of one archive."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read_manifest(self) -> Manifest:
        """Raises IndexNotFound, IndexDamaged."""
        try:
            found = json.loads((self.path / MANIFEST).read_text(encoding="utf-8"))
            if found.pop("checksum") != _checksum_of(found):
                raise ValueError("it is not as it was written")
            return Manifest(**found)
        except FileNotFoundError:
            raise IndexNotFound(f"There is no index in {self.path} yet. {self._next_command()}") from None
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            if is_shortage(error):
                raise
            raise IndexDamaged(
                f"{self.path / MANIFEST} cannot be read ({error}). {self._next_command()}"
            ) from error

    def published_manifest(self) -> Manifest | None:
        """The manifest, if there is one. Raises IndexDamaged."""
        try:
            return self.read_manifest()
        except IndexNotFound:
            return None

    def stamp(self) -> tuple[int, int] | None:
        """Changes whenever another manifest is published; None while there is none."""
        try:
            status = (self.path / MANIFEST).stat()
        except FileNotFoundError:
            return None
        return status.st_mtime_ns, status.st_ino

    def check(self, manifest: Manifest, *, outdated_ok: bool) -> None:
        """Raises IndexMismatch for other versions, IndexDamaged for files that are not as they were written.

        outdated_ok: only the form must be ours, the analysis may be of other versions.
        """
        same_analysis = outdated_ok or manifest.analysis == analysis_version()
        if not same_analysis or manifest.schema != SCHEMA_REVISION:
            raise IndexMismatch(
                f"The index in {self.path} was made by {manifest.analysis} (form {manifest.schema}), but this is "
                f"{analysis_version()} (form {SCHEMA_REVISION}), so searches would miss articles. "
                f"{self._next_command()}"
            )
        wrong = self.differences(manifest)
        if wrong:
            raise self.damaged(wrong[0])

    def damaged(self, what: str) -> IndexDamaged:
        """The error to raise for a file that is not as it was written."""
        return IndexDamaged(f"The index in {self.path} is damaged: {what}. {self._next_command()}")

    def differences(self, manifest: Manifest) -> list[str]:
        """A line for each file of the manifest that has another size or another last checksum than was written.

        Segments are compared block by block as they are used, see `segment_file`.
        """
        folder = self.path / manifest.generation
        return [
            f"{manifest.generation}/{name} {why}"
            for name, (size, checksum) in manifest.files.items()
            if (why := _difference(folder / name, size, checksum))
        ]

    def _next_command(self) -> str:
        return f"Build it from the archive: kijigura rebuild --archive {self.path.parent}"

    # ---- writing ----

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the one process that writes. Raises IndexBusy."""
        self.path.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o700)
        with (self.path / "write.lock").open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise IndexBusy(
                    f"Another process is writing to the index in {self.path}. Wait for it to end, or look for "
                    "it: pgrep -af kijigura"
                ) from None
            try:
                yield
            finally:
                # Closing is not enough where a child process shares the open file.
                fcntl.flock(handle, fcntl.LOCK_UN)

    def new_generation(self) -> Path:
        """An empty folder for the next generation."""
        numbers = [int(p.name[1:]) for p in self.path.glob("g[0-9]*") if p.name[1:].isdigit()]
        folder = self.path / f"g{max(numbers, default=0) + 1:06}"
        folder.mkdir(parents=True, mode=0o700)
        return folder

    def publish(self, manifest: Manifest, files: Iterable[str]) -> Manifest:
        """Sync the files that are new, then put the manifest that names them all in place of the old one."""
        folder = self.path / manifest.generation
        known = manifest.files
        written = {name: known[name] if name in known else _sync_and_sum(folder / name) for name in files}
        _sync(folder)
        manifest = replace(manifest, files=written)
        self.write_manifest(manifest)
        return manifest

    def drop_unnamed_files(self, manifest: Manifest) -> None:
        """Delete what a merge, or a writer that was killed, left in the generation. Open readers keep their files."""
        for path in (self.path / manifest.generation).iterdir():
            if path.name not in manifest.files:
                path.unlink(missing_ok=True)

    def write_manifest(self, manifest: Manifest) -> None:
        """Put it in place of the old one, on disk when this returns."""
        written = asdict(manifest)
        fresh = self.path / (MANIFEST + ".new")
        fresh.write_text(json.dumps({**written, "checksum": _checksum_of(written)}, indent=1), encoding="utf-8")
        _sync(fresh)
        fresh.replace(self.path / MANIFEST)
        _sync(self.path)

    def drop_other_generations(self, kept: str | None) -> None:
        """Delete what a swap or a broken rebuild left behind. Open readers keep their files."""
        for folder in self.path.glob("g[0-9]*"):
            if folder.name != kept:
                shutil.rmtree(folder, ignore_errors=True)


def _difference(path: Path, size: int, checksum: int) -> str | None:
    try:
        found = path.stat().st_size
        if found != size:
            return f"has {found} bytes instead of {size}"
        if _checksum(path) != checksum:
            return "has other content than was written"
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        if is_shortage(error):
            raise
        return f"cannot be read ({error.strerror})"
    return None


def is_shortage(error: BaseException) -> bool:
    """Whether the machine lacks something, or forbids it, while the index may be as whole as ever."""
    lacking = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EACCES, errno.EPERM)
    return isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in lacking)


def _checksum(path: Path) -> int:
    """Of the file; of a segment, the one that its footer ends with."""
    checksum = 0
    with path.open("rb") as handle:
        if path.suffix == SUFFIX:
            handle.seek(-4, os.SEEK_END)
            return int.from_bytes(handle.read(), "little")
        while block := handle.read(_READ_BYTES):
            checksum = zlib.crc32(block, checksum)
    return checksum


def _checksum_of(manifest: dict[str, Any]) -> int:
    return zlib.crc32(json.dumps(manifest, sort_keys=True).encode())


def _sync_and_sum(path: Path) -> list[int]:
    _sync(path)
    return [path.stat().st_size, _checksum(path)]


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
