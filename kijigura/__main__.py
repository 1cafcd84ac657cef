"""The `kijigura` command: every module below adds its commands to `main`."""

from kijigura import adding, evaluating, following, keeping, looking, searching, serving
from kijigura.command import main

__all__ = ["adding", "evaluating", "following", "keeping", "looking", "main", "searching", "serving"]

if __name__ == "__main__":
    main(prog_name="kijigura")
