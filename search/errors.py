"""The errors that Kijigura raises on purpose.

KijiguraError               a plain sentence for the person at the keyboard
├── UsageError              an option or a value that cannot be used
├── NotFound                an id or a name that the archive does not have
├── QueryTooHeavy           the engine gave a query up at its deadline
├── ArchiveError            something about the archive's directory
│   ├── ArchiveNotFound     no archive there
│   ├── ArchiveMismatch     made by a newer Kijigura
│   ├── ArchiveDamaged      SQLite cannot read it
│   └── ArchiveBusy         another process is writing
└── EngineError             something about the derived index; `kijigura rebuild` mends all but the last
    ├── IndexNotFound       not there (yet)
    ├── IndexMismatch       made by other versions of Kijigura, SudachiPy or its dictionary
    ├── IndexDamaged        files missing, cut short or changed
    ├── IndexBusy           another process is writing
    └── ClusterUnavailable  the cluster that has it does not answer, or not now

Every message names the cause, the value and the next command. Input that cannot be used is no error
but data: see `indexer.raw.Rejection`.
"""

from __future__ import annotations


class KijiguraError(Exception):
    """A plain sentence for the person at the keyboard."""


class UsageError(KijiguraError):
    """An option or a value that cannot be used."""


class NotFound(KijiguraError):
    """An id or a name that the archive does not have."""


class QueryTooHeavy(KijiguraError):
    """The engine gave a query up at its deadline; asked again, it would take as long."""


class ArchiveError(KijiguraError):
    """Something about the archive's directory."""


class ArchiveNotFound(ArchiveError):
    """There is no archive in the directory."""


class ArchiveMismatch(ArchiveError):
    """The archive was made by a newer Kijigura."""


class ArchiveDamaged(ArchiveError):
    """SQLite cannot read the archive."""


class ArchiveBusy(ArchiveError):
    """Another process is writing to the archive."""


class EngineError(KijiguraError):
    """Something about the derived index; `kijigura rebuild` mends all but ClusterUnavailable."""


class IndexNotFound(EngineError):
    """There is no index (yet)."""


class IndexMismatch(EngineError):
    """The index was made by other versions of Kijigura, SudachiPy or its dictionary, or of a later archive."""


class IndexDamaged(EngineError):
    """Files of the index are missing, cut short or changed."""


class IndexBusy(EngineError):
    """Another process is writing to the index."""


class ClusterUnavailable(EngineError):
    """The cluster that has the index does not answer, or refuses; asked later, it may."""
