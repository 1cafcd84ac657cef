"""Files made to harm: each costs little time and memory, writes nothing, and the articles beside it are read."""

import bz2
import errno
import gzip
import io
import lzma
import multiprocessing
import random
import re
import resource
import socket
import struct
import tarfile
import tempfile
import zipfile
import zlib

import pytest

from indexer.formats import leaves, read, read_open
from indexer.formats.source import Source, open_source
from indexer.formats.spooling import Spool
from indexer.raw import RawArticle, Rejection, Where

MIB = 1024 * 1024
ONE = "中国の習近平指導者とロシアのラブロフ外相が北京で会談し、両国の協力を確認した。"
TEXT = f"首脳が会談\n2024-04-10\n\n{ONE}\n".encode()

# An unpacker may take 128 MiB, a document 32 MiB.
MAX_MEMORY_BYTES = 160 * MIB
MAX_CPU_SECONDS = 10


# --- making them ----------------------------------------------------------------------------------------


def zeros(mib):
    """So many MiB of zeros as bare deflate data, without packing each."""
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    return (packer.compress(bytes(16 * MIB)) + packer.flush(zlib.Z_FULL_FLUSH)) * (mib // 16) + b"\x03\x00"


def bzip2_of_zeros():
    """24 GB in 600 streams, of which 45 bytes are 900 kB."""
    return bz2.compress(bytes(45 * 900_000)) * 600


def gzip_of_zeros(mib):
    """Wrong in its checksum, which stands at the end."""
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + zeros(mib) + bytes(8)


def zip_of(*entries, same_bytes=False):
    """entries: (name, method, packed bytes, size declared, checksum). same_bytes: all of them at the first one's."""
    local, directory = b"", b""
    for name, method, packed, size, checksum in entries:
        start = 0 if same_bytes else len(local)
        fields = (method, 0, 0, checksum, len(packed), size, len(name), 0)
        if not local or not same_bytes:
            local += struct.pack("<4s2HHHHLLLHH", b"PK\x03\x04", 20, 0, *fields) + name + packed
        directory += struct.pack(
            "<4s3HHHHLLLHHHHHLL", b"PK\x01\x02", 20, 20, 0, *fields, 0, 0, 0, 0, start) + name
    count = min(len(entries), 65_535)
    end = struct.pack("<4s4HLLH", b"PK\x05\x06", 0, 0, count, count, len(directory), len(local), 0)
    return local + directory + end


def zipped(*files, method=zipfile.ZIP_DEFLATED):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data, method)
    return packed.getvalue()


def with_bomb(bomb, method=8, name=b"bomb", declared=10):
    """A bomb between two articles in a ZIP archive, whose directory says that it is small."""
    text = zlib.compressobj(wbits=-15)
    packed = text.compress(TEXT) + text.flush()
    one, two = ((title, 8, packed, len(TEXT), zlib.crc32(TEXT)) for title in (b"1.txt", b"2.txt"))
    return zip_of(one, (name, method, bomb, declared, 0), two)


def tar_of(*members, pack=False):
    """members: TarInfo, or a name of an article."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz" if pack else "w") as archive:
        for one in members:
            info = one if isinstance(one, tarfile.TarInfo) else tarfile.TarInfo(one)
            info.size = 0 if isinstance(one, tarfile.TarInfo) else len(TEXT)
            archive.addfile(info, io.BytesIO(TEXT))
    return packed.getvalue()


def link(name, kind, target="../../../etc/passwd"):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def tar_header(name, kind, size):
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, size
    return info.tobuf(tarfile.GNU_FORMAT)


def layers(data, count):
    for number in range(count):
        data = zipped((f"{number}.zip", data), (f"{number}.txt", TEXT), method=zipfile.ZIP_STORED)
    return data


def many_levels():
    """Sixteen archives in each of sixteen, and a bomb of 4 GiB in each of those."""
    data = zip_of((b"0.txt", 8, zeros(4_096), 4_294_967_295, 0))
    for _ in range(3):
        inner = zlib.compressobj(9, wbits=-15)
        packed = inner.compress(data) + inner.flush()
        data = zip_of(*((b"%d.zip" % number, 8, packed, len(data), zlib.crc32(data)) for number in range(16)))
    return data


def empty_members(count):
    name = b"x" * 20
    entry = struct.pack("<4s3HHHHLLLHHHHHLL", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0, 0, 0, 0) + name
    directory = entry * count
    return b"PK\x03\x04" + bytes(26) + directory + struct.pack(
        "<4s4HLLH", b"PK\x05\x06", 0, 0, 65_535, 65_535, len(directory), 30, 0)


def mail(body, kind, *, head=""):
    head = f"From: a@mihon.example\r\nSubject: mail\r\n{head}MIME-Version: 1.0\r\nContent-Type: {kind}\r\n\r\n"
    return head.encode() + body


def nested_mail(depth):
    body = b"".join(
        b'--%d\r\nContent-Type: multipart/mixed; boundary="%d"\r\n\r\n' % (n, n + 1) for n in range(depth))
    return mail(body + b"--%d\r\n\r\ntext\r\n" % depth, 'multipart/mixed; boundary="0"')


def forwarded_mail(depth):
    data = mail(ONE.encode(), "text/plain")
    for _ in range(depth):
        part = b"\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" + data
        data = mail(b"--b\r\n\r\n" + ONE.encode() + part + b"\r\n--b--\r\n", 'multipart/mixed; boundary="b"')
        data = data.replace(b'"b"', b'"%d"' % len(data)).replace(b"--b", b"--%d" % len(data))
    return data


def record(body, length=None, headers="", about="Content-Type: text/html"):
    fetched = f"HTTP/1.1 200 OK\r\n{about}\r\n\r\n".encode() + body
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/\r\n{headers}"
    head += f"Content-Length: {len(fetched) if length is None else length}\r\n\r\n"
    return head.encode() + fetched + b"\r\n\r\n"


WEB_PAGE = record(f"<!DOCTYPE html><title>首脳が会談</title><p>{ONE}</p>".encode())


def one_chunk(data):
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(data), data)


def zstandard_with_window(log):
    """A frame of five bytes that asks for a window of 2^log bytes."""
    return b"\x28\xb5\x2f\xfd" + bytes([0, (log - 10) << 3]) + struct.pack("<L", 1 | 5 << 3)[:3] + b"12345"


def xz_with_dictionary():
    """The largest dictionary that can be written, 4 GiB."""
    data = bytearray(lzma.compress(TEXT))
    size = (data[12] + 1) * 4
    at = data.index(b"\x21\x01", 12) + 2
    data[at] = 40
    data[12 + size - 4 : 12 + size] = struct.pack("<L", zlib.crc32(data[12 : 12 + size - 4]))
    return bytes(data)


def encrypted():
    data = bytearray(with_bomb(b"x" * 100))
    at = data.index(b"bomb") - 30
    data[at + 6] |= 1
    data[data.rindex(b"bomb") - 46 + 8] |= 1
    return bytes(data)


def noise(mib):
    """Characters without a line end that pack to no less than half."""
    return random.Random(1).randbytes(mib * MIB // 2).hex().encode()


def negative_size():
    """A header whose size, in base 256, is below zero."""
    header = bytearray(tar_header("x", b"0", 0))
    header[124:136] = b"\xff" * 11 + b"\0"
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + bytes(1_024)


# (what, how to make it, what the reasons say, how many articles are read all the same)
HOSTILE = [
    ("a bomb in a zip archive", lambda: with_bomb(zeros(1_024)), "unpacks to over 100 times its size", 2),
    ("a bomb in bzip2 in a zip archive", lambda: with_bomb(bzip2_of_zeros(), 12), "unpacks to over 100 times", 2),
    ("a name that climbs", lambda: with_bomb(b"x", 0, b"../../../evil.txt"), r"leaves the archive \(\.\./\.\./", 2),
    ("an absolute name", lambda: with_bomb(b"x", 0, b"/etc/cron.d/evil"), r"leaves the archive \(/etc/cron\.d/", 2),
    ("a name with a drive", lambda: with_bomb(b"x", 0, b"C:\\evil.txt"), r"leaves the archive \(C:/evil", 2),
    ("a name with backslashes", lambda: with_bomb(b"x", 0, b"..\\..\\evil.txt"), r"leaves the archive", 2),
    ("an encrypted file", encrypted, "encrypted; unpack it with its password", 2),
    ("a method of another world", lambda: with_bomb(b"x", 97), r"cannot be read here \(97\)", 2),
    ("deflate that is none", lambda: with_bomb(b"\xff" * 99), "damaged deflate data", 2),
    ("gzip of 4 GiB of zeros", lambda: gzip_of_zeros(4_096), "unpacks to over 100 times its size", 0),
    ("10 GiB from some KiB", lambda: gzip.compress(gzip_of_zeros(10_240)), "to over 200 times its size", 0),
    ("an endless line", lambda: gzip.compress(b"x" * 100 * MIB), "unpacks to over 100 times its size", 0),
    ("an endless line of noise", lambda: gzip.compress(noise(50), 1), "over the limit of 32 MiB", 0),
    ("empty streams", lambda: gzip.compress(b"") * 500_000, "damaged gzip data", 0),
    ("a huge window", lambda: zstandard_with_window(31), "needs more than 128 MiB of memory", 0),
    ("a huge dictionary", xz_with_dictionary, "needs more than 128 MiB of memory", 0),
    ("files that share their bytes", lambda: zip_of(*[(b"1.txt", 8, zeros(16), 16 * MIB, 0)] * 5_000, same_bytes=True),
     "share their bytes; a trap", 0),
    ("sixteen in sixteen in sixteen", many_levels, "to over 200 times its size", 0),
    ("archives in archives", lambda: layers(TEXT, 50), "files in files, more than 4 deep", 4),
    ("a million files", lambda: empty_members(1_000_000), "too many files; unpack it", 0),
    ("a directory that lists one place over and over", lambda: empty_members(50_000), "share their bytes", 0),
    ("links", lambda: tar_of("1.txt", link("a", b"2"), link("b", b"1"), link("1.txt", b"2"), "2.txt"),
     "a symbolic link, which is not followed|a hard link", 2),
    ("devices", lambda: tar_of("1.txt", link("a", b"3"), link("b", b"4"), link("c", b"6"), "2.txt", pack=True),
     "a device, not a file|a pipe, not a file", 2),
    ("names that climb in a tar archive", lambda: tar_of("1.txt", "../x.txt", "/etc/x", "a/../../x", "2.txt"),
     "its name leaves the archive", 2),
    ("a sparse file", lambda: tar_of("1.txt")[:1_024] + tar_header("s", b"S", 0) + bytes(1_024),
     "a sparse file", 1),
    ("a long name of 8 GiB", lambda: gzip.compress(tar_of("1.txt")[:1_024] + tar_header("x", b"L", 8**11 - 1)
     + bytes(60 * MIB)), "with a header of 8,589,934,591 bytes", 1),
    ("a header of digits", lambda: tar_header("x", b"x", 65_536) + b"1" * 65_536 + tar_of("1.txt"),
     "a damaged tar archive", 0),
    ("a file of a negative size", lambda: tar_of("1.txt")[:1_024] + negative_size(), "a damaged tar archive", 1),
    ("a bomb in a tar archive", lambda: gzip.compress(tar_of("1.txt")[:1_024] + tar_header("x", b"0", 8**11 - 1)
     + bytes(200 * MIB)), "unpacks to over 100 times its size", 1),
    ("parts in parts", lambda: nested_mail(20_000), "more than 10 deep", 0),
    ("a mail of 100,000 parts", lambda: mail(b"--b\r\n\r\nx\r\n" * 100_000, "multipart/mixed; boundary=b"),
     "more than 1,000 parts", 0),
    ("mails in mails", lambda: forwarded_mail(12), "files in files, more than 4 deep", 5),
    ("headers without end", lambda: mail(b"", "text/plain", head="X: " + "x" * 20 * MIB), "KiB of headers; a trap", 0),
    ("parameters without end", lambda: mail(ONE.encode(), 'text/plain; a="' + ';b="' * 20_000), None, 1),
    ("boundaries in boundaries", lambda: mail(b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" * 900
     + ONE.encode(), "multipart/mixed; boundary=b"), None, 1),
    ("flowed lines", lambda: mail(b"x \n" * MIB, "text/plain; format=flowed"), None, 1),
    ("quotes and blank lines", lambda: mail(b"x\n" + b"\n>\n" * MIB, "text/plain"), None, 1),
    ("a mail that is too long", lambda: mail(b"x\n" * 9 * MIB, "text/plain"), "18.0 MiB of text is over the limit", 0),
    ("quotes of nobody", lambda: mail((b"<@" * 50_000 + b"\n>\n") * 9, "text/plain"), None, 1),
    ("a boundary all over", lambda: mail(b"--b" * MIB + ONE.encode(), "multipart/mixed; boundary=b"), None, 1),
    ("a mailbox of one line", lambda: b"From a 9:00\nSubject: a\n\n" + noise(50), "over the limit of 32 MiB", 0),
    ("a record of 10^18 bytes", lambda: record(b"x", 10**18) + WEB_PAGE, "breaks off, or with a wrong length", 1),
    ("one in a packed crawl", lambda: gzip.compress(WEB_PAGE + record(b"x", 10**18)), "breaks off", 1),
    ("a record of less than nothing", lambda: record(b"x", -1) + WEB_PAGE, r"impossible length \(-1\)", 1),
    ("a header of 20 MiB in a crawl", lambda: record(b"x", headers="X: " + "x" * 20 * MIB) + WEB_PAGE,
     "KiB of headers; a trap", 1),
    ("500,000 headers in a crawl", lambda: record(b"x", headers="X: x\r\n y\r\n" * 500_000) + WEB_PAGE,
     "KiB of headers; a trap", 1),
    ("chunks that lie", lambda: record(b"1\r\nx\r\nffffffffffff\r\nx", about="Content-Type: text/html\r\n"
     "Transfer-Encoding: chunked") + WEB_PAGE, "breaks off", 1),
    ("a bomb that a server sent", lambda: record(gzip_of_zeros(1_024), about="Content-Type: text/html\r\n"
     "Content-Encoding: gzip") + WEB_PAGE, "unpacks to over 100 times its size", 1),
    ("a bomb in chunks", lambda: record(one_chunk(gzip_of_zeros(1_024)), about="Content-Type: text/html"
     "\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip") + WEB_PAGE, "unpacks to over 100 times its size", 1),
    ("a bomb that is a crawl", lambda: gzip.compress(WEB_PAGE) + gzip_of_zeros(1_024), "over 100 times its size", 1),
]


# --- reading them ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("make", "why", "articles"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_a_hostile_file_is_rejected_and_does_no_harm(tmp_path, monkeypatch, make, why, articles):
    path = tmp_path / "in" / "hostile"
    for directory in ("in", "temp"):
        (tmp_path / directory).mkdir()
    # In a process of its own: what making it leaves of memory would not be counted as taken when it is read.
    in_a_process(lambda: path.write_bytes(make()))
    monkeypatch.setattr(socket, "socket", None)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    monkeypatch.chdir(tmp_path / "in")
    before = tree(tmp_path)
    found, memory_bytes, cpu_seconds = in_a_process(lambda: measured(path))
    assert tree(tmp_path) == before
    assert found.count("首脳が会談") + found.count("mail") == articles
    reasons = [one for one in found if one.startswith("(")]
    assert len(reasons) <= 20
    assert all(re.search(why, one) for one in reasons) if why else not reasons
    assert reasons or why is None
    assert memory_bytes < MAX_MEMORY_BYTES
    assert cpu_seconds < MAX_CPU_SECONDS


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_of_too_many_files_the_first_are_read(monkeypatch, pack):
    monkeypatch.setattr("indexer.formats.spooling.MAX_MEMBERS", 3)
    data = pack(tar_of(*(f"{number}.txt" for number in range(1_000))))
    *articles, rejection = read_open(io.BytesIO(data), Where("a.tar"))
    assert [one.title for one in articles] == ["首脳が会談"] * 3
    assert rejection == Rejection(Where("a.tar"), "more than 3 files in it; unpack it and add the directory")


def test_refused_files_are_named_up_to_a_hundred():
    data = tar_of(*(f"../{number}.txt" for number in range(1_000)), "1.txt")
    *named, article, rest = read_open(io.BytesIO(data), Where("a.tar"))
    assert article.title == "首脳が会談"
    assert len(named) == 100
    assert rest.why == "900 more files like those, refused as well"


def test_where_there_is_no_room_the_reason_says_so(monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Spool, "write", full)
    (rejection,) = read_open(io.BytesIO(gzip.compress(TEXT)), Where("a.gz"))
    assert re.fullmatch("cannot be unpacked in /.*: No space left on device", rejection.why)


@pytest.mark.parametrize("seed", range(40))
def test_no_damage_whatever_makes_unpacking_raise(seed):
    chance = random.Random(seed)
    forwarded = forwarded_mail(2)
    whole = [
        zipped(("1.txt", TEXT), ("2.gz", gzip.compress(TEXT))), zipped(("1.txt", TEXT), method=zipfile.ZIP_BZIP2),
        tar_of("1.txt", "国際" * 60), tar_of("1.txt", pack=True), lzma.compress(TEXT), gzip.compress(WEB_PAGE),
        WEB_PAGE * 3, forwarded, b"From a 9:00\n" + forwarded + b"\nFrom b 9:00\n" + forwarded,
    ]
    for original in whole:
        data = bytearray(original)
        for _ in range(chance.choice([1, 3, 30])):
            at = chance.randrange(len(data) + 1)
            data[at : at + chance.choice([1, 1, 1, 40])] = chance.randbytes(chance.choice([1, 1, 1, 0]))
        for leaf in leaves(open_source(io.BytesIO(bytes(data)), Where("a"))):
            assert isinstance(leaf, Source | Rejection)


def tree(directory):
    return sorted(str(path) for path in directory.rglob("*"))


def measured(path):
    """Titles and (reasons), and what reading took of memory and time."""
    started = resource.getrusage(resource.RUSAGE_SELF)
    found = [one.title or "" if isinstance(one, RawArticle) else f"({one.why})" for one in read(path)]
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu_seconds = used.ru_utime + used.ru_stime - started.ru_utime - started.ru_stime
    return found, (used.ru_maxrss - started.ru_maxrss) * 1_024, cpu_seconds


def in_a_process(call):
    """What the call returns in a copy of this process."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=lambda: sender.send(call()))
    process.start()
    sender.close()
    try:
        return receiver.recv()
    finally:
        process.join()
