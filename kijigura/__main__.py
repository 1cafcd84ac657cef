"""The `kijigura` command: every module below adds its commands to `main`."""

from kijigura import adding, alerts, evaluating, following, keeping, looking, mcp, searching, serving, topics
from kijigura.command import main

__all__ = [
    "adding", "alerts", "evaluating", "following", "keeping", "looking", "main", "mcp", "searching", "serving",
    "topics",
]

if __name__ == "__main__":
    main(prog_name="kijigura")
