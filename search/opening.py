"""Opens an archive where its articles are: on this machine, or on a cluster."""

from __future__ import annotations

from pathlib import Path

from search.archive import Archive
from search.engine import is_cluster


def open_archive(directory: Path, engine_url: str | None = None, *, create: bool = False) -> Archive:
    """Open the archive in `directory`; where `engine_url` is that of a cluster, with the articles that are there.

    create: make it where there is none, or move one to the cluster that had its articles for itself.
    Raises ArchiveNotFound, ArchiveMismatch, ArchiveDamaged, UsageError.
    """
    if engine_url and is_cluster(engine_url):
        from search.opensearch_engine.cluster_archive import ClusterArchive

        return ClusterArchive.of(directory, engine_url, create=create)
    return Archive.open(directory, create=create)
