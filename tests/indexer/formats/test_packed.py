"""Files in files: packed ones, ZIP and tar, whatever is in them, and how names and damage are dealt with."""

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
import zlib

import pytest
import zstandard

from indexer.formats import read_open
from indexer.formats.source import open_source
from indexer.formats.spooling import SPOOLED_IN_MEMORY_BYTES
from indexer.formats.unreadable import is_no_article
from indexer.raw import RawArticle, Rejection, Where

ONE = "中国の習近平指導者とロシアのラブロフ外相が北京で会談し、両国の協力を確認した。"
TWO = "両国は外交政策を一致させてきた長い歴史があり、共同で軍事演習を行ってきた。"
TEXT = f"首脳が会談\n2024-04-10\n\n{ONE}\n".encode()
PAGE = f"<!DOCTYPE html><title>外相が会見</title><p>{TWO}</p>".encode()
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


def found_in(data, name):
    return list(read_open(io.BytesIO(data), Where(name)))


def summed_up(found):
    """Titles of articles by their path, and reasons of rejections."""
    return {one.where.path: one.title if isinstance(one, RawArticle) else f"({one.why})" for one in found}


def zipped(*files, method=zipfile.ZIP_DEFLATED):
    """files: (name or ZipInfo, bytes)."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data, method)
    return packed.getvalue()


def tarred(*files, format=tarfile.PAX_FORMAT, mode="w"):
    """files: (name or TarInfo, bytes)."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode, format=format) as archive:
        for name, data in files:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return packed.getvalue()


def entry(name, **about):
    info = zipfile.ZipInfo(name)
    for key, value in about.items():
        setattr(info, key, value)
    return info


PACKERS = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.ZstdCompressor().compress,
}

# --- one file -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", PACKERS)
@pytest.mark.parametrize("content", [TEXT, TEXT.decode().encode("cp932"), TEXT * 2_000])
def test_a_packed_article_is_read_whatever_it_is_packed_with(suffix, content):
    (raw,) = found_in(PACKERS[suffix](content), f"記事.txt{suffix}")
    assert raw.where == Where(f"記事.txt{suffix}/記事.txt")
    assert raw.title == "首脳が会談"


@pytest.mark.parametrize("suffix", PACKERS)
def test_packed_data_is_told_by_its_bytes_and_not_by_its_name(suffix):
    (raw,) = found_in(PACKERS[suffix](PAGE), "記事")
    assert (raw.where.path, raw.title, raw.body) == ("記事/記事", "外相が会見", TWO)


@pytest.mark.parametrize("suffix", PACKERS)
def test_streams_that_were_put_together_are_one_file(suffix):
    pack = PACKERS[suffix]
    (raw,) = found_in(pack(TEXT) + pack(b"") + pack(f"\n{TWO}\n".encode()), f"a.txt{suffix}")
    assert raw.body == f"{ONE}\n\n{TWO}"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_list_that_is_longer_than_what_is_kept_in_memory_is_read_as_well(encoding):
    body = ONE * 50
    line = json.dumps({"title": "首脳が会談", "body": body}, ensure_ascii=False) + "\n"
    count = SPOOLED_IN_MEMORY_BYTES // len(body)
    found = found_in(gzip.compress((line * count).encode(encoding), 1), "a.jsonl.gz")
    assert len(found) == count
    assert {(one.title, one.body) for one in found} == {("首脳が会談", body)}
    assert found[-1].where == Where("a.jsonl.gz/a.jsonl", count)


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz"])
def test_zero_bytes_behind_packed_data_are_padding(suffix):
    (raw,) = found_in(PACKERS[suffix](TEXT) + b"\0" * 20_000, f"a.txt{suffix}")
    assert raw.title == "首脳が会談"


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz"])
def test_something_else_behind_packed_data_is_said_and_does_no_harm(suffix):
    raw, rejection = found_in(PACKERS[suffix](TEXT) + b"something else", f"a.txt{suffix}")
    assert raw.title == "首脳が会談"
    assert "something else follows" in rejection.why


@pytest.mark.parametrize("suffix", PACKERS)
@pytest.mark.parametrize("left", [0.3, 0.9])
def test_half_an_article_is_none(suffix, left):
    packed = PACKERS[suffix]("".join(f"{n}番目の記事。{ONE}\n" for n in range(5_000)).encode())
    (rejection,) = found_in(packed[: int(len(packed) * left)], "a.txt")
    assert rejection.where == Where("a.txt")
    assert "breaks off in the middle" in rejection.why


def test_packed_data_with_a_wrong_byte_is_rejected():
    packed = bytearray(gzip.compress(TEXT * 100))
    packed[-8] ^= 1
    (rejection,) = found_in(bytes(packed), "a.txt.gz")
    assert rejection == Rejection(Where("a.txt.gz"), "damaged gzip data")


# --- archives -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_every_article_of_a_zip_archive_is_read(method):
    found = found_in(zipped(("政治/一.txt", TEXT), ("国際/二.html", PAGE), method=method), "a.zip")
    assert summed_up(found) == {"a.zip/政治/一.txt": "首脳が会談", "a.zip/国際/二.html": "外相が会見"}


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
@pytest.mark.parametrize("format", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
@pytest.mark.parametrize("name", ["a", "a.tar"])
def test_every_article_of_a_tar_archive_is_read(mode, format, name):
    long_name = "国際面/" + "とても長い名前の記事" * 20 + ".txt"
    packed = tarred(("./一.txt", TEXT), (long_name, PAGE), ("三.txt", TEXT), mode=mode, format=format)
    assert summed_up(found_in(packed, name)) == {
        f"{name}/一.txt": "首脳が会談", f"{name}/{long_name}": "外相が会見", f"{name}/三.txt": "首脳が会談"}


def test_a_tar_archive_packed_with_zstandard_is_read():
    packed = zstandard.ZstdCompressor().compress(tarred(("一.txt", TEXT)))
    assert summed_up(found_in(packed, "a.tar.zst")) == {"a.tar.zst/一.txt": "首脳が会談"}


def test_archives_lie_in_archives():
    inner = zipped(("一.txt.gz", gzip.compress(TEXT)))
    outer = tarred(("中.zip", inner), ("二.html", PAGE), mode="w:gz")
    assert summed_up(found_in(outer, "a.tgz")) == {
        "a.tgz/中.zip/一.txt.gz/一.txt": "首脳が会談", "a.tgz/二.html": "外相が会見"}


def test_what_a_directory_would_pass_over_is_passed_over_in_an_archive_too():
    names = [".hidden", "a/.git/x.txt", "README.md", "b/topics.toml", "__MACOSX/._一.txt", "dir/", "./"]
    files = [(name, b"" if name.endswith("/") else TEXT) for name in names]
    assert summed_up(found_in(zipped(*files, ("一.txt", TEXT)), "a.zip")) == {"a.zip/一.txt": "首脳が会談"}
    files = [(name.rstrip("/"), data) for name, data in files if data]
    assert summed_up(found_in(tarred(*files, ("一.txt", TEXT)), "a.tar")) == {"a.tar/一.txt": "首脳が会談"}


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_pictures_and_scripts_of_a_site_are_one_line_of_the_report(pack):
    files = [(f"img/{n}.png", PNG) for n in range(1_200)] + [("a.css", b"p {}"), ("a.js", b"let x"), ("b.js", b"1")]
    found = found_in(pack(*files, ("一.txt", TEXT)), "site")
    assert found[1:] == [
        Rejection(Where("site"), "1,203 files that hold no article text (1,200 images, 2 scripts, 1 style sheet)")]
    assert found[0].title == "首脳が会談"


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.png", PNG, "image"),
        ("a.txt", b"GIF89a", "image"),
        ("a.ico", b"\0\0\1\0\1", "image"),
        ("a", b"<svg xmlns='x'/>", "image"),
        ("a.svg", b"<?xml version='1.0'?><svg/>", "image"),
        ("a.woff2", b"wOF2", "font"),
        ("a.mp3", b"ID3", "sound or video file"),
        ("a.exe", b"MZ\x90", "program"),
        ("a.css", b"p {}", "style sheet"),
        ("a.min.js", b"let x", "script"),
        ("a.js", PAGE, None),
        ("a.txt", TEXT, None),
        ("a.pdf", b"%PDF-1.7", None),
        ("a.json", b"{}", None),
    ],
)
def test_what_sites_have_beside_their_articles_is_told(name, data, kind):
    assert is_no_article(open_source(io.BytesIO(data), Where(name))) == kind


def test_what_is_no_article_but_might_be_meant_as_one_is_named():
    found = found_in(zipped(("一.7z", b"7z\xbc\xaf\x27\x1c"), ("二.rar", b"Rar!\x1a\x07"), ("三.lzh", b"ab-lh5-")), "a")
    assert summed_up(found) == {
        "a/一.7z": "(a 7-Zip archive; unpack it and add the directory)",
        "a/二.rar": "(a RAR archive; unpack it and add the directory)",
        "a/三.lzh": "(an LZH archive; unpack it and add the directory)",
    }


@pytest.mark.parametrize("data", [zipped(), tarred(), b"PK\x05\x06" + b"\0" * 18])
def test_an_empty_archive_says_so(data):
    (rejection,) = found_in(data, "a.tar")
    assert rejection.why in ("an empty ZIP archive", "an empty tar archive")


@pytest.mark.parametrize(
    ("files", "what"),
    [
        (["[Content_Types].xml", "word/document.xml"], "a Word document"),
        (["[Content_Types].xml", "xl/workbook.xml"], "an Excel document"),
        (["[Content_Types].xml", "ppt/presentation.xml"], "a PowerPoint document"),
        (["mimetype", "content.xml", "META-INF/manifest.xml"], "an OpenDocument document"),
        (["mimetype", "META-INF/container.xml", "OEBPS/1.xhtml"], "an e-book (EPUB)"),
        (["META-INF/MANIFEST.MF", "A.class"], "a Java program"),
    ],
)
def test_a_document_that_is_a_zip_archive_inside_is_named_and_not_unpacked(files, what):
    document = zipped(*((name, b"<xml/>") for name in files))
    assert found_in(document, "a") == [Rejection(Where("a"), f"{what}; save it as text and add that")]
    found = found_in(zipped(("a.docx", document), ("一.txt", TEXT)), "b.zip")
    assert summed_up(found) == {
        "b.zip/a.docx": f"({what}; save it as text and add that)", "b.zip/一.txt": "首脳が会談"}


# --- names ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("cp932", "表示/首脳ソ連.txt"), ("utf-8", "表示/首脳ソ連.txt"), ("ascii", "a/b.txt"), ("cp932", "①髙﨑.txt")],
)
def test_names_without_the_utf_8_flag_are_those_that_windows_wrote(encoding, name):
    # The letters stand for bytes, which are put in their place below.
    raw = name.encode(encoding)
    stand_in = "x" * len(raw)
    data = zipped((stand_in, TEXT)).replace(stand_in.encode(), raw)
    assert summed_up(found_in(data, "a.zip")) == {f"a.zip/{name}": "首脳が会談"}


def test_names_with_backslashes_and_unseen_characters_can_be_printed():
    found = found_in(zipped(("国際\\一.txt", TEXT), ("a\x1b[2J\n.txt", TEXT)), "a.zip")
    assert list(summed_up(found)) == ["a.zip/国際/一.txt", "a.zip/a\\x1b[2J\\n.txt"]


# --- damage ---------------------------------------------------------------------------------------------


class Pipe:
    """A file that can only be written to."""

    def __init__(self, file):
        self.write, self.flush = file.write, file.flush


def test_a_wrong_checksum_rejects_that_file_only():
    data = zipped(("一.txt", TEXT), ("二.html", PAGE), ("三.txt", TEXT), method=zipfile.ZIP_STORED)
    data = data.replace("外相が会見".encode(), "外相が会食".encode())
    assert summed_up(found_in(data, "a.zip")) == {
        "a.zip/一.txt": "首脳が会談",
        "a.zip/二.html": "(damaged: its checksum is wrong)",
        "a.zip/三.txt": "首脳が会談",
    }


# Written to a pipe, sizes stand behind the files; only deflated data then says where it ends.
@pytest.mark.parametrize(
    ("streamed", "method"),
    [(False, zipfile.ZIP_STORED), (False, zipfile.ZIP_DEFLATED), (True, zipfile.ZIP_DEFLATED)],
)
def test_of_a_zip_archive_that_breaks_off_the_files_before_the_break_are_read(streamed, method):
    packed = io.BytesIO()
    with zipfile.ZipFile(Pipe(packed) if streamed else packed, "w", method) as archive:
        for number in range(3):
            archive.writestr(f"{number}.txt", f"{number}番目の見出し\n\n{ONE}\n".encode() * 20)
    whole = packed.getvalue()
    cut = whole[: whole.index(b"2.txt") + 40]
    found = found_in(cut, "a.zip")
    assert summed_up(found) == {
        "a.zip/0.txt": "0番目の見出し",
        "a.zip/1.txt": "1番目の見出し",
        "a.zip": "(a ZIP archive that breaks off; unpack it with a tool that can repair, or fetch it again)",
    }


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_of_a_tar_archive_that_breaks_off_the_files_before_the_break_are_read(mode):
    filler = zlib.compress(ONE.encode() * 50_000)
    whole = tarred(("一.txt", TEXT), ("二.html", PAGE), ("三.txt", filler * 40), mode=mode)
    found = summed_up(found_in(whole[: len(whole) * 2 // 3], "a.tar"))
    assert found.pop("a.tar").startswith("(breaks off")
    assert found == {"a.tar/一.txt": "首脳が会談", "a.tar/二.html": "外相が会見"}


def test_a_damaged_header_of_a_tar_archive_ends_it():
    whole = bytearray(tarred(("1.txt", TEXT), ("2.html", PAGE)))
    whole[whole.index(b"2.html")] ^= 1
    found = summed_up(found_in(bytes(whole), "a.tar"))
    assert found == {
        "a.tar/1.txt": "首脳が会談", "a.tar": "(a damaged tar archive; what comes before the damage was read)"}


def test_zip_archives_with_64_bit_sizes_are_read(monkeypatch):
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("一.txt", "二.txt"):
            with archive.open(name, "w", force_zip64=True) as file:
                file.write(TEXT)
    data = packed.getvalue()
    assert b"PK\x06\x06" in data
    assert summed_up(found_in(data, "a.zip")) == {"a.zip/一.txt": "首脳が会談", "a.zip/二.txt": "首脳が会談"}


def test_a_zip_archive_behind_something_else_is_read_by_its_directory():
    data = zipped(("一.txt", TEXT), ("二.html", PAGE))
    assert len(found_in(data + b"", "a.zip")) == 2
    assert summed_up(found_in(zipped(("中.zip", data), method=zipfile.ZIP_STORED), "b.zip")) == {
        "b.zip/中.zip/一.txt": "首脳が会談", "b.zip/中.zip/二.html": "外相が会見"}
