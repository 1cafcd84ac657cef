"""Readers that end their process, or never end; in a module of its own, so that other processes can import it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence

from indexer.analyzing import Analyzed
from indexer.analyzing import analyze_articles as really_analyze
from indexer.reading import Found, Given, Job
from indexer.reading import read_jobs as really_read
from search.articles import Article


def read_jobs(jobs: Sequence[Job], given: Given) -> list[list[Found]]:
    for job in jobs:
        if "致命的".encode() in job.data:
            os.kill(os.getpid(), signal.SIGKILL)
        if "永遠".encode() in job.data:
            time.sleep(60)
    return really_read(jobs, given)


def analyze_articles(articles: Sequence[Article]) -> list[Analyzed]:
    if any(article.title == "致命的" for article in articles):
        os.kill(os.getpid(), signal.SIGKILL)
    return really_analyze(articles)
