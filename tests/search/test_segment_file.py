"""A file of arrays: what was written is read, and whatever is not as it was written is noticed before it is used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from search.whoosh_engine.segment_file import ALIGN_BYTES, BLOCK_BYTES, SPOOL_BYTES, SegmentFile, SegmentFileWriter


class Damaged(Exception):
    """What the caller chooses to raise."""


ARRAYS = {
    "small": np.arange(5, dtype="<u4"), "none": np.zeros(0, np.uint8), "signed": np.array([-(1 << 62), 3], "<i8"),
    "large": np.random.default_rng(1).integers(0, 256, 3 * BLOCK_BYTES + 17).astype(np.uint8),
    "last": np.arange(7, dtype="<u2"),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    written = tmp_path / "file.kiji"
    file = SegmentFileWriter(written)
    for name, array in ARRAYS.items():
        for piece in np.array_split(array, 3):
            file.append(name, piece)
    file.finish({"documents": 7, "名": ["a"]})
    return written


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0x10
    path.write_bytes(data)


def test_arrays_and_facts_come_back(path: Path) -> None:
    file = SegmentFile(path, Damaged)
    assert file.facts == {"documents": 7, "名": ["a"]}
    for name, array in ARRAYS.items():
        assert name in file
        assert file.size(name) == len(array)
        found = file.array(name)
        assert found.dtype == array.dtype
        assert found.tolist() == array.tolist()
        assert found.ctypes.data % ALIGN_BYTES == 0 or not len(found)
        assert file.slice(name, 1, max(1, len(array) - 1)).tolist() == array[1:-1].tolist()
    assert "other" not in file
    assert file.size("other") == 0
    file.check_all()


def test_an_array_that_does_not_fit_into_memory_is_written_all_the_same(tmp_path: Path) -> None:
    piece = np.arange(SPOOL_BYTES // 8 + 1, dtype="<i8")
    file = SegmentFileWriter(tmp_path / "file")
    for _ in range(2):
        file.append("long", piece)
    file.finish({})
    found = SegmentFile(tmp_path / "file", Damaged).array("long")
    assert np.array_equal(found, np.concatenate((piece, piece)))
    assert [other.name for other in tmp_path.iterdir()] == ["file"]


def test_pieces_of_one_array_have_one_type(tmp_path: Path) -> None:
    file = SegmentFileWriter(tmp_path / "file")
    file.append("a", np.zeros(1, np.uint8))
    with pytest.raises(TypeError, match="a has type"):
        file.append("a", np.zeros(1, np.uint16))


def test_a_flipped_byte_is_noticed_by_those_who_read_its_block_alone(path: Path) -> None:
    whole = path.read_bytes()
    start = whole.index(ARRAYS["large"].tobytes())
    flip(path, start + BLOCK_BYTES)
    file = SegmentFile(path, Damaged)
    assert file.array("small").tolist() == ARRAYS["small"].tolist()
    assert file.slice("large", 0, 10).tolist() == ARRAYS["large"][:10].tolist()
    assert file.slice("large", 3 * BLOCK_BYTES, 3 * BLOCK_BYTES + 9).size == 9
    for _ in range(2):      # the second time as well
        with pytest.raises(Damaged, match=r"file\.kiji"):
            file.slice("large", BLOCK_BYTES - start, 2 * BLOCK_BYTES)
        with pytest.raises(Damaged):
            file.array("large")
    with pytest.raises(Damaged):
        file.check_all()


def test_a_block_that_changes_after_it_was_read_is_noticed_by_a_check_of_all(path: Path) -> None:
    file = SegmentFile(path, Damaged)
    file.check_all()
    with path.open("r+b") as handle:
        handle.seek(BLOCK_BYTES + 3)
        handle.write(b"!?!?")
    with pytest.raises(Damaged):
        file.check_all()


def test_every_byte_is_covered(path: Path) -> None:
    whole = path.read_bytes()
    rest = range(len(whole) - 400, len(whole))      # checksums and footer
    for at in (0, 3, 8, 20, 63, BLOCK_BYTES - 1, BLOCK_BYTES, 2 * BLOCK_BYTES + 1, *rest):
        flip(path, at)
        with pytest.raises(Damaged):
            SegmentFile(path, Damaged).check_all()
        path.write_bytes(whole)


@pytest.mark.parametrize("length", [1, 4, 8, 9, 64, BLOCK_BYTES, 3 * BLOCK_BYTES])
def test_a_file_that_is_cut_short_is_damage_on_opening(path: Path, length: int) -> None:
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(Damaged):
        SegmentFile(path, Damaged)
    path.write_bytes(bytes(length))
    with pytest.raises(Damaged):
        SegmentFile(path, Damaged)
