"""Settings: what may be set, and where each value came from.

An option on the command line wins over the environment, that over `kijigura.toml` in the archive, that over
the default.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search.errors import UsageError

FILE_NAME = "kijigura.toml"


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that may be set.

    kind: int or str. default: None means decided by the program. least, most: of a number.
    """

    name: str
    kind: type[int] | type[str]
    default: int | str | None
    help: str
    least: int = 0
    most: int = 0

    @property
    def environment(self) -> str:
        """The variable of the environment that sets it."""
        return f"KIJIGURA_{self.name.upper()}"


SETTINGS = (
    Setting("archive", str, "./archive", "directory of the archive (not in kijigura.toml, which lies in it)"),
    Setting("engine", str, None, "what keeps the index: whoosh:DIR, by default the archive's index folder, or opensearch://HOST:PORT/NAME"),
    Setting("host", str, "127.0.0.1", "address that `serve` listens on"),
    Setting("port", int, 8000, "port that `serve` listens on; 0 takes a free one", 0, 65_535),
    Setting(
        "workers", int, None, "processes; by default one per processor, for `serve` no more than four", 1, 64
    ),
)


@dataclass(frozen=True, slots=True)
class Value:
    """What a setting is set to, and by what: "option", a variable, a file, or "default"."""

    setting: Setting
    value: int | str | None
    origin: str


def load(options: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> dict[str, Value]:
    """Every setting by name. options: those given on the command line; None counts as not given.

    Raises UsageError for a value that cannot be used, naming it and where it stands.
    """
    by_name = {s.name: s for s in SETTINGS}
    found = {"archive": _resolve(by_name["archive"], options, environment, {}, "")}
    path = Path(str(found["archive"].value)) / FILE_NAME
    in_file = _read(path, by_name)
    for setting in SETTINGS[1:]:
        found[setting.name] = _resolve(setting, options, environment, in_file, str(path))
    return found


def _resolve(
    setting: Setting, options: Mapping[str, Any], environment: Mapping[str, str], in_file: Mapping[str, Any],
    path: str,
) -> Value:
    for value, origin in (
        (options.get(setting.name), "option"),
        (environment.get(setting.environment) or None, setting.environment),
        (in_file.get(setting.name), path),
    ):
        if value is not None:
            return Value(setting, _converted(setting, value, origin), origin)
    return Value(setting, setting.default, "default")


def _converted(setting: Setting, value: object, origin: str) -> int | str:
    if setting.kind is str:
        if isinstance(value, str) and value.strip():
            return value
        wanted = "no text"
    else:
        with suppress(ValueError):
            number = int(str(value))
            if setting.least <= number <= setting.most:
                return number
        wanted = f"no number from {setting.least} to {setting.most}"
    raise UsageError(f"{origin} sets {setting.name} to {value!r}, which is {wanted}. Change it there.")


def _read(path: Path, known: Mapping[str, Setting]) -> dict[str, Any]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}. Mend or remove it.") from error
    possible = [name for name in known if name != "archive"]
    unknown = sorted(set(found) - set(possible))
    if unknown:
        raise UsageError(f"{path} sets {unknown[0]!r}, which is no setting. Known are: {', '.join(possible)}.")
    return found
