"""What Python's codecs for Japanese leave out: characters that Windows and other makers added to the standards.

Two handlers of errors for `bytes.decode`: VENDOR reads such characters in EUC-JP and ISO-2022-JP or fails as "strict"
does; VENDOR_OR_BROKEN gives U+FFFD for what is no character there either.
"""

from __future__ import annotations

import codecs
from functools import cache

VENDOR = "kijigura-vendor"
VENDOR_OR_BROKEN = "kijigura-vendor-or-broken"

# What Python makes of the bytes 80, A0, FD, FE and FF in cp932, where no character begins.
NOT_IN_CP932 = "\x80\uf8f0\uf8f1\uf8f2\uf8f3"

# Shift_JIS-2004 has ¥ and ‾ for the bytes of \ and ~, as JIS X 0201 has. No file means that by them.
JIS_TO_ASCII = str.maketrans({"¥": "\\", "‾": "~", "\\": "＼"})


def _vendor_character(error: UnicodeError) -> tuple[str, int]:
    """Read ①, ㈱, 髙, 﨑 where Windows or eucJP-ms has them. Raises `error` where it has none."""
    found = _found(error)
    if found is None:
        raise error
    return found


def _vendor_character_or_broken(error: UnicodeError) -> tuple[str, int]:
    found = _found(error)
    if found is None:
        assert isinstance(error, UnicodeDecodeError)
        return "\ufffd", error.end
    return found


def _found(error: UnicodeError) -> tuple[str, int] | None:
    """The character and where the next one begins. Raises `error` if it is none of decoding."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    written = error.object[error.start : error.start + 3]
    if char := _of_windows().get(written[:2]):
        return char, error.start + 2
    if char := _of_ibm().get(written):
        return char, error.start + 3
    return None


@cache
def _of_windows() -> dict[bytes, str]:
    """Two bytes, as in EUC-JP and as in ISO-2022-JP -> a character of NEC's row 13 or of IBM's in rows 89 to 92.

    Python knows these rows only in cp932, which has them in the same order.
    """
    chars = {}
    for row in (13, 89, 90, 91, 92):
        for cell in range(1, 95):
            if char := _in_cp932(row - 1, cell - 1).decode("cp932", "ignore"):
                chars[bytes((0xA0 + row, 0xA0 + cell))] = chars[bytes((0x20 + row, 0x20 + cell))] = char
    return chars


def _in_cp932(row: int, cell: int) -> bytes:
    """Where cp932 has a place of JIS X 0208; rows and cells from 0."""
    lead = row // 2 + (0x81 if row < 62 else 0xC1)
    return bytes((lead, cell + 0x9F if row % 2 else cell + (0x40 if cell < 63 else 0x41)))


@cache
def _of_ibm() -> dict[bytes, str]:
    """eucJP-ms: three bytes -> one of IBM's characters that JIS X 0212 lacks, in IBM's order, from 8F F3 F3 on."""
    codes = (bytes((lead, trail)) for lead in (0xFA, 0xFB, 0xFC) for trail in range(0x40, 0xFD) if trail != 0x7F)
    chars = [char for char in (code.decode("cp932", "ignore") for code in codes) if char]
    lacking = [char for char in chars if char == "№" or (char not in "￢￤" and not _has_euc_jp(char))]
    places = [bytes((0x8F, 0xF3, cell)) for cell in range(0xF3, 0xFF)]
    places += [bytes((0x8F, 0xF4, cell)) for cell in range(0xA1, 0xFF)]
    return dict(zip(places, lacking, strict=False))


def _has_euc_jp(char: str) -> bool:
    try:
        char.encode("euc_jp")
    except UnicodeEncodeError:
        return False
    return True


codecs.register_error(VENDOR, _vendor_character)
codecs.register_error(VENDOR_OR_BROKEN, _vendor_character_or_broken)
