"""From files to articles in the archive. An article is acknowledged once it is committed there.

Files that were taken in to their end are not read again; a run that was broken off goes on where it stopped. What is
then to be done is in `indexer.indexing`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from indexer import finding
from indexer.raw import RawArticle, Rejection, Where
from indexer.reading import Found, Given, Reader, divided, may_pass
from indexer.topics import read_topics
from indexer.unchanged import OpenFile, Part, parts
from indexer.versions import is_like, is_made_of_words, is_older, only_counts, says_version, with_own_id
from search.archive import Archive
from search.articles import Article
from search.processes import Workers

COMMIT_EVERY_ARTICLES = 64
"""Articles to a transaction: a sync to disk costs some milliseconds, so one each would take most of the time."""

READERS_REVISION = 1
"""Raise it when the readers find other articles in the same bytes: files are read again then."""

BYTES_AN_ARTICLE = 4_000
"""About as many as an article has in a file; by this is guessed whether other processes are worth starting."""

TOPICS = "topics.toml"
REMOVED = "removed by you; take it in again with --restore"
OLDER = "an older version than the archive has"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one article.

    outcome: added, updated, unchanged, removed earlier or rejected. bytes_done: of all files, up to this.
    """

    outcome: str
    where: Where
    id: str | None = None
    reason: str | None = None
    bytes_done: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """What a person asks `add` for.

    source, desk: of articles that name none. columns: as `Facts.columns`. restore: take in what was removed earlier.
    """

    source: str | None = None
    desk: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    restore: bool = False

    @property
    def given(self) -> Given:
        return Given(self.source, self.desk)

    @property
    def read_with(self) -> str:
        """All that decides what comes of a file's bytes."""
        said = [f"{name}={value}" for name, value in sorted(self.columns.items())]
        return "\n".join((str(READERS_REVISION), self.source or "", self.desk or "", *said))


class Survey(NamedTuple):
    """How many files there are, and how many bytes they have."""

    files: int
    size: int


def take_in(
    archive: Archive, paths: Sequence[Path], order: Order = Order(), workers: Workers | None = None,
    surveyed: Survey | None = None,
) -> Iterator[Taken]:
    """Put every article under `paths` into the archive; yield each one once it is committed.

    surveyed: what `survey` says of the paths, where that is known.
    """
    commits = _Commits(archive, order)
    with archive.transaction():
        for path in filter(os.path.exists, paths):
            root = path.resolve()
            archive.forget_rejected_under(finding.shown(path), finding.shown(root), os.path.exists)
    yield from commits.of(_take_in_topics(archive, paths, restore=order.restore))
    files, size = surveyed or survey(paths)
    articles_in = [path for path in paths if path.name != TOPICS]
    reader = Reader[Part](workers or Workers(1), order.given, files + size // BYTES_AN_ARTICLE)
    for found, part in reader.read(parts(archive, articles_in, order.columns, order.read_with, again=order.restore)):
        yield from commits.add(found, part)
    yield from commits.flush()


def take_in_found(
    archive: Archive, found: Iterable[RawArticle | Rejection], order: Order = Order()
) -> Iterator[Taken]:
    """The same for articles that came from elsewhere than files."""
    commits = _Commits(archive, order)
    yield from commits.of(divided(one, order.given) for one in found)


def survey(paths: Sequence[Path]) -> Survey:
    """Look at the files under `paths`, without opening them."""
    files = size = 0
    for path in finding.find_files([path for path in paths if path.name != TOPICS]):
        if isinstance(path, Path):
            files += 1
            size += finding.size_of(path)
    return Survey(files, size)


def _take_in_topics(archive: Archive, paths: Sequence[Path], *, restore: bool) -> Iterator[Found]:
    """Topics are defined by any `topics.toml` among `paths` or under them; what was removed stays removed."""
    for path in paths:
        for found in [path] if path.name == TOPICS else sorted(path.rglob(TOPICS)):
            topics = read_topics(found)
            if isinstance(topics, Rejection):
                yield Found(topics, topics.where)
            else:
                with archive.transaction():
                    removed = frozenset() if restore else archive.removed_topics()
                    archive.put_topics(topic for topic in topics if topic.id not in removed)


# ---- into the archive ---------------------------------------------------------------------------


class _Commits:
    """Puts what was found into the archive, some at a time."""

    def __init__(self, archive: Archive, order: Order) -> None:
        self._archive = archive
        self._restore = order.restore
        self._read_with = order.read_with
        self._waiting: list[tuple[Found | None, Part]] = []

    def of(self, found: Iterable[Found]) -> Iterator[Taken]:
        """All of these, which are of no file."""
        for one in found:
            yield from self.add([one], Part())
        yield from self.flush()

    def add(self, found: list[Found], part: Part) -> Iterator[Taken]:
        """Take these along; yields what is committed with them."""
        for one in found if not part.is_last else (*found, None):
            self._waiting.append((one, part))
            if len(self._waiting) >= COMMIT_EVERY_ARTICLES:
                yield from self.flush()

    def flush(self) -> Iterator[Taken]:
        """Commit what waits."""
        taken: list[Taken] = []
        with self._archive.transaction():
            for found, part in self._waiting:
                if found:
                    taken.append(self._put(found, part))
                elif part.file:
                    taken += self._end(part.file, part)
        self._waiting = []
        yield from taken

    def _put(self, found: Found, part: Part) -> Taken:
        file = part.file
        if isinstance(found.what, Rejection):
            where = found.what.where
            place = (where.path, where.line, found.what.why)
            if file:
                file.rejected.append(place)
            else:
                self._archive.note_rejected("", [place])
            return Taken("rejected", where, reason=found.what.why, bytes_done=part.bytes_done)
        article = self._as_before(found.what, file) if file else found.what
        if not article.source and only_counts(article.id):
            article = self._apart(article)
        later = self._later(article, file)
        identity, outcome = self._archive.put(later or article, restore=self._restore)
        if file:
            standing = self._archive.standing(later or article)
            # Of a later one, what the file itself has.
            version = file.version_before(identity) or 0 if later else standing[1] if standing else 0
            file.gave(identity, found.where.line, version)
            if not later:
                file.stands(identity)
        else:
            self._archive.forget_rejected_at(found.where.path, found.where.line)
        reason = REMOVED if outcome == "removed earlier" else None
        if later and reason is None and says_version(article) and is_older(article, later):
            reason = OLDER
        return Taken(outcome, found.where, identity, reason, bytes_done=part.bytes_done)

    def _apart(self, article: Article) -> Article:
        """Of two lists that number their articles from 1, each has its own."""
        standing = self._archive.standing(article)
        return with_own_id(article, self._archive.get(*standing).article if standing else None)

    def _later(self, article: Article, file: OpenFile | None) -> Article | None:
        """What the archive has instead, if that came after these bytes were read before, or says that it is newer."""
        standing = self._archive.standing(article)
        if standing is None:
            return None
        identity, version = standing
        before = file.version_before(identity) if file else None
        if not (before and before < version) and not says_version(article):
            return None
        now = self._archive.get(identity, version).article
        return now if (before and before < version) or is_older(article, now) else None

    def _as_before(self, article: Article, file: OpenFile) -> Article:
        """With the id that it had when its file said it in other words, if it is made of words."""
        before = file.before.article_id if file.before else None
        if before is None or file.articles or article.id == before or not is_made_of_words(article.id):
            return article
        # Files that were moved are known by their old paths, too.
        others = [path for path in self._archive.files_with(before) if path != file.path and Path(path).exists()]
        if others or not is_made_of_words(before):
            return article
        earlier = self._archive.history(before)[-1].article
        return replace(article, id=before) if is_like(earlier, article) else article

    def _end(self, file: OpenFile, part: Part) -> Iterator[Taken]:
        """The file is taken in to its end; of one that is as it was, what there is to say of it."""
        if part.unchanged:
            now = file.taken(self._read_with, part.unchanged)
            if now != part.unchanged:
                self._archive.note_file(now)
            rejected = [(one.path, one.line, one.reason) for one in self._archive.rejected(file.path)]
            for path, line, reason in rejected:
                yield Taken("rejected", Where(path, line), reason=reason, bytes_done=part.bytes_done)
            path = (part.where or Where(file.path)).path
            for identity, line, _ in part.unchanged.articles:
                yield Taken("unchanged", Where(path, line or None), identity, bytes_done=part.bytes_done)
            return
        self._archive.forget_file(file.path, (part.where or Where(file.path)).path)
        self._archive.note_rejected(file.path, file.rejected)
        will_try_again = any(may_pass(why) for _, _, why in file.rejected)
        self._archive.note_file(file.taken("" if will_try_again else self._read_with))
