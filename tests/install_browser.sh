#!/bin/sh
# A browser for the tests: the one that is there, Debian's where we may install it, else Playwright's own.
# Japanese fonts too, since a screenshot of empty boxes shows nothing.
set -eu
bin=$1
if ! command -v chromium >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q chromium fonts-noto-cjk
    else
        "$bin/python" -m playwright install chromium
    fi
fi
