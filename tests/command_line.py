"""Running the command line in this process."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from kijigura.__main__ import main

SEEDS = Path(__file__).resolve().parents[1] / "seeds"


def kijigura(*args: object, stdin: str | bytes | None = None) -> Result:
    """Run a command. Whatever it does, it ends with an exit status and never with a traceback."""
    result = CliRunner().invoke(main, [str(a) for a in args], input=stdin, prog_name="kijigura")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert "Traceback" not in result.output
    return result


def lines(result: Result) -> list[dict[str, Any]]:
    """stdout as JSON Lines."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def value(result: Result) -> dict[str, Any]:
    """stdout as the one JSON value it is."""
    (found,) = lines(result)
    return found


def environment(**variables: str) -> dict[str, str]:
    """This process's environment without settings of Kijigura, for a process of its own."""
    return {name: text for name, text in os.environ.items() if not name.startswith("KIJIGURA_")} | variables
