"""Take the pictures of the README: python docs/take_screenshots.py [ADDRESS]

Without an address, the sample archive is built and served for the occasion.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent / "screenshots"

# name, address, language, colours, width and height in px
PICTURES: list[tuple[str, str, str, Literal["light", "dark"], int, int]] = [
    ("search-ja", "/?q=習主席", "ja", "light", 1280, 960),
    ("search-en", "/?q=習主席&lang=en", "en", "light", 1280, 960),
    ("front-ja", "/", "ja", "light", 1280, 960),
    ("article-ja", "{article}", "ja", "light", 1280, 960),
    ("entity-ja", "/entity/習近平", "ja", "light", 1280, 960),
    ("compare-ja", "/compare?of=RU&of=UA&of=CN", "ja", "light", 1280, 960),
    ("compare-en", "/compare?of=RU&of=UA&of=CN", "en", "light", 1280, 960),
    ("narrow-dark-ja", "/?q=習主席", "ja", "dark", 390, 844),
]


def take(browser: Browser, address: str) -> None:
    HERE.mkdir(exist_ok=True)
    for name, path, language, scheme, width, height in PICTURES:
        context = browser.new_context(
            base_url=address, locale=language, color_scheme=scheme, viewport={"width": width, "height": height},
            device_scale_factor=2 if width < 600 else 1,
        )
        page = context.new_page()
        page.goto("/?q=習主席")  # the first answer of a server that has just started is slow
        if path == "{article}":  # the first one found
            page.goto("/?q=習主席 ラブロフ")
            page.locator(".hit h3 a").first.click()
        else:
            page.goto(path)
        page.screenshot(path=HERE / f"{name}.png")
        context.close()


@contextmanager
def sample_archive() -> Iterator[str]:
    """The address of the sample archive, served on any free port."""
    with tempfile.TemporaryDirectory() as directory:
        command = [sys.executable, "-m", "kijigura", "demo", "--archive", f"{directory}/archive", "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
            server.terminate()


def main() -> None:
    given = sys.argv[1:]
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with nullcontext(given[0]) if given else sample_archive() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        take(browser, address)
        browser.close()


if __name__ == "__main__":
    main()
