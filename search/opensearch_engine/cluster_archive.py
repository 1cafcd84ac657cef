"""An archive whose articles are on a cluster: what is added goes there, and what others added comes from there.

An article is committed in `articles.sqlite` of the machine that takes it in, is delivered with all that was derived
from it, and only when the cluster has acknowledged that are its text and tokens dropped here. All of it can be broken
off anywhere and repeated.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from search.articles import Topic
from search.errors import ArchiveDamaged, ArchiveMismatch
from search.name_linking import link_names
from search.opensearch_engine import feed
from search.opensearch_engine.articles import DOCUMENTS_A_REQUEST, LIGHT, Articles, Document, Found, Write
from search.opensearch_engine.catalogue import ALIAS, STORE, Catalogue, Standing
from search.opensearch_engine.connection import Cluster
from search.opensearch_engine.shared_topics import SharedTopics
from search.opensearch_engine.state import State

_SECTIONS, _EXTRA, _RUBY, _VERSION = 2, 10, 13, 14
"""Places in a row of CONTENT."""

TOPICS_CHANGED = "changed topic "
"""Before the id of a topic, in `meta`, until the cluster has it."""


class ClusterArchive(Catalogue):
    """One open archive of a cluster. Threads may share it."""

    _cluster: Cluster
    _articles: Articles
    _is_made = False

    @classmethod
    def of(cls, directory: Path, url: str, *, create: bool = False) -> ClusterArchive:
        """Open the catalogue in `directory` of the articles at `url`. Nothing is asked of the cluster yet.

        create: make it where there is none, also of an archive that had its articles for itself.
        Raises ArchiveNotFound, ArchiveMismatch, ArchiveDamaged, UsageError.
        """
        cluster = Cluster.of(url)
        archive = cls.open(directory, create=create)
        archive._cluster = cluster
        archive._articles = Articles(cluster)
        try:
            archive._check(url, create)
        except BaseException:
            archive.close()
            raise
        return archive

    def _check(self, url: str, create: bool) -> None:
        alias = self.meta(ALIAS)
        if alias is None and not create:
            raise ArchiveMismatch(
                f"The articles of {self.directory} are on this machine alone. Move them to the cluster:"
                f" kijigura rebuild --archive {self.directory} --engine {url}"
            )
        if alias is None:
            with self.transaction():
                if self.meta(ALIAS) is None:
                    self.become_catalogue(self._cluster.alias)
                    for topic in self.topics():
                        self._set(f"{TOPICS_CHANGED}{topic.id}", "1")
        elif alias != self._cluster.alias:
            raise ArchiveMismatch(
                f"The articles of {self.directory} are on a cluster under the name {alias!r}, not"
                f" {self._cluster.alias!r}. Name that one, or another directory: --archive DIR"
            )

    def _make(self) -> None:
        if not self._is_made:
            self._articles.make()
            State(self._cluster).make()
            self._is_made = True

    # ---- texts and tokens ----

    def whole(self, rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Rows that begin with CONTENT, with the texts that the cluster has. Raises ClusterUnavailable."""
        several = [tuple(row) for row in rows]
        wanted = [(row[0], row[_VERSION]) for row in several if row[_SECTIONS] == ""]
        found = self._articles.versions(wanted, ("tokens", "names")) if wanted else {}
        return [_with_text(row, self._needed(found, row[0], row[_VERSION])) if row[_SECTIONS] == "" else row
                for row in several]

    def packed(self, rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Rows (id, version, made_by, tokens) with the tokens that the cluster has. Raises ClusterUnavailable."""
        several = [tuple(row) for row in rows]
        wanted = [row[:2] for row in several if not row[3]]
        found = self._articles.versions(wanted, ("text", "names")) if wanted else {}
        whole: list[tuple[Any, ...]] = []
        for row in several:
            if row[3]:
                whole.append(row)
                continue
            document = self._needed(found, *row[:2])
            if document["tokens"]:
                whole.append((*row[:2], document["made_by"], base64.b64decode(document["tokens"])))
        return whole

    def _needed(self, found: dict[tuple[str, int], Document], article_id: str, version: int) -> Document:
        document = found.get((article_id, version))
        if document is None:
            raise ArchiveDamaged(
                f"The cluster lacks version {version} of the article {article_id!r}, which it had: was a backup put"
                f" back? See what is there: kijigura rebuild --archive {self.directory} --engine {self._cluster.url}"
            )
        return document

    # ---- to the cluster ----

    def deliver(self, ids: Iterable[str]) -> None:
        """Let the cluster have these articles as they are here. Raises ClusterUnavailable, ArchiveBusy."""
        left = iter(ids)
        while some := list(islice(left, DOCUMENTS_A_REQUEST)):
            while standing := self.undelivered(some):
                self._make()
                some = self._deliver(standing)
        self.deliver_topics()

    def _deliver(self, standing: Sequence[Standing]) -> list[str]:
        """Returns the ids of those that are to be looked at once more."""
        found = self._articles.current((one.id for one in standing), LIGHT)
        again = [self._make_way(one, found[one.id]) for one in standing
                 if one.id in found and not one.is_of(found[one.id].document)]
        own = [one for one in standing if one.id not in found or one.is_of(found[one.id].document)]
        earlier = self._articles.versions(
            ((one.id, version) for one in own if one.id in found
             for version in range(one.known + 1, found[one.id].document["version"])), LIGHT,
        )
        deliveries = [_Delivery(self, one, found.get(one.id), earlier) for one in own]
        # What is superseded is kept before it is replaced.
        superseded = self._articles.current(one.standing.id for one in deliveries if one.supersedes)
        self._articles.keep_earlier([
            *(one.document for one in superseded.values()),
            *(document for one in deliveries for document in one.intermediate()),
        ])
        numbers = self._articles.write([write for one in deliveries if (write := one.write())])
        with self.transaction():
            for one in deliveries:
                if one.is_as_it_was:
                    assert one.found is not None
                    one.settle(one.found.seq_no)
                elif one.standing.id in numbers:
                    one.settle(numbers[one.standing.id])
                else:
                    again.append(one.standing.id)
        return again

    def _make_way(self, one: Standing, found: Found) -> str:
        """Give the article another id than that of another source, which is received with it. Returns the id."""
        earlier = self._articles.versions(
            ((one.id, version) for version in range(1, found.document["version"])), LIGHT
        )
        with self.transaction():
            self.move_aside(one)
            # The index may have had this article under that id.
            self.take(found, earlier.values(), is_indexed=False)
        row = self.rows("SELECT id FROM articles WHERE source = ? AND given_id = ?", (one.source, one.given_id))
        return str(row[0][0])

    # ---- from the cluster ----

    def receive(self) -> int:
        """Take what others have delivered into the tables. Returns how many articles that were.

        Raises ClusterUnavailable, ArchiveBusy.
        """
        index = self._articles.current_index
        upto = feed.checkpoints(self._cluster, index)
        if upto is None:
            return 0
        if self.meta(STORE) != upto.uuid:
            with self.transaction():
                self.begin(upto.uuid)
        count = sum(
            self._take(page, upto.uuid)
            for page in feed.pages(self._cluster, index, upto, self.marks(), LIGHT)
        )
        self.receive_topics()
        if count:
            link_names(self)
        return count

    def _take(self, page: feed.Page, store: str) -> int:
        news = self.news(page.documents)
        wanted = [
            (one.document["id"], version) for one, known in news
            for version in range(known + 1, one.document["version"])
        ]
        earlier = self._articles.versions(wanted, LIGHT) if wanted else {}
        count = 0
        with self.transaction():
            # Another process of this machine may have taken them meanwhile.
            for one, known in self.news(one for one, _ in news):
                before = [
                    earlier[version] for version in
                    ((one.document["id"], number) for number in range(known + 1, one.document["version"]))
                    if version in earlier
                ]
                self.take(one, before)
                count += 1
            if self.meta(STORE) == store and self.marks().get(page.part, -1) < page.upto:
                self.put_mark(page.part, page.upto)
        return count

    def note_indexed(self) -> None:
        """The index has all changes of its own that this archive has, and others put theirs there."""
        last, states = self.last_change(), State(self._cluster)
        known = states.change(self.archive_id())
        if known < last and not self.count_changes_since(known, own=True):
            states.put_change(self.archive_id(), last)

    # ---- topics ----

    def put_topics(self, topics: Iterable[Topic]) -> None:
        """Add or replace topics, inside a transaction; others have them after `deliver_topics`."""
        several = list(topics)
        super().put_topics(several)
        for topic in several:
            self._set(f"{TOPICS_CHANGED}{topic.id}", "1")

    def remove_topic(self, topic_id: str) -> bool:
        """Forget a topic, inside a transaction. Returns whether it was there."""
        was_there = super().remove_topic(topic_id)
        if was_there:
            self._set(f"{TOPICS_CHANGED}{topic_id}", "1")
        return was_there

    def deliver_topics(self) -> None:
        """Let the cluster have the topics that were changed here. Raises ClusterUnavailable."""
        changed = self._changed_topics()
        if not changed:
            return
        self._make()
        SharedTopics(self._cluster).change(changed, self.topics(), self.removed_topics())
        with self.transaction():
            for topic_id in changed:
                self._db.execute("DELETE FROM meta WHERE key = ?", (f"{TOPICS_CHANGED}{topic_id}",))

    def receive_topics(self) -> None:
        """Have the topics that the cluster has, but for those that were changed here meanwhile."""
        told = SharedTopics(self._cluster).read()
        if told is None:
            return
        topics, removed = told
        changed = self._changed_topics()
        if (topics, removed) == (tuple(self.topics()), self.removed_topics()) or changed:
            return
        with self.transaction():
            gone = {topic.id for topic in self.topics()} - {topic.id for topic in topics}
            for topic_id in gone:
                super().remove_topic(topic_id)
            self._db.execute("DELETE FROM topics")
            super().put_topics(topics)
            for topic_id in removed:
                self._set(f"removed topic {topic_id}", "1")

    def _changed_topics(self) -> frozenset[str]:
        rows = self.rows("SELECT key FROM meta WHERE key GLOB ?", (f"{TOPICS_CHANGED}*",))
        return frozenset(row[0].removeprefix(TOPICS_CHANGED) for row in rows)


class _Delivery:
    """What becomes of one article, here and on the cluster.

    found: what the cluster has of it. new: its versions that the cluster lacks.
    """

    def __init__(
        self, archive: Catalogue, standing: Standing, found: Found | None,
        earlier: dict[tuple[str, int], Document],
    ) -> None:
        self._archive = archive
        self.standing = standing
        self.found = found
        there = found.document["version"] if found else 0
        self._others: dict[int, Document] = {}
        if found and there > standing.known:
            self._others = {version: document for (one, version), document in earlier.items() if one == standing.id}
            self._others[there] = found.document
        known = {document["hash"] for document in self._others.values()}
        self.new = [version for version, digest in standing.hashes.items()
                    if version <= standing.version and digest not in known]
        self.top = there + len(self.new)
        self.removed = _is_removed(standing, found)
        self.supersedes = bool(found and self.new)

    @property
    def _has_other_analysis(self) -> bool:
        """Whether the current version there is the one here, analyzed by other versions of the program."""
        assert self.found is not None
        said, made_by = self.found.document, self.standing.made_by
        is_same = said["version"] == self.standing.known or said["hash"] == self.standing.hashes.get(
            self.standing.version
        )
        return is_same and made_by is not None and made_by != said["made_by"]

    @property
    def is_as_it_was(self) -> bool:
        """Whether the cluster has it all."""
        return bool(
            self.found and not self.new and self.removed == self.found.document["removed"]
            and not self._has_other_analysis
        )

    def intermediate(self) -> list[Document]:
        """New versions that are followed by others."""
        return [self._document(version) for version in self.new[:-1]]

    def write(self) -> Write | None:
        """What is to be written; None for nothing."""
        if self.is_as_it_was:
            return None
        if self.new:
            return Write(self.standing.id, self._document(self.new[-1]), self.found)
        assert self.found is not None
        changed: dict[str, Any] = {"removed": self.removed, "by": self._archive.archive_id()}
        if self._has_other_analysis:
            changed |= self._archive.derived(self.standing.id, self.standing.version)
        return Write(self.standing.id, changed, self.found, is_whole=False)

    def settle(self, seq_no: int) -> None:
        """The cluster has acknowledged it; inside a transaction."""
        there = self.top - len(self.new)
        moved = {version: there + place for place, version in enumerate(self.new, 1)}
        made_by = self.standing.made_by
        if not self.new and self.found and not self._has_other_analysis:
            made_by = self.found.document["made_by"]
        self._archive.settle(self.standing, self._others, moved, self.top, self.removed, made_by, seq_no)

    def _document(self, version: int) -> dict[str, Any]:
        number = self.top - len(self.new) + self.new.index(version) + 1
        return self._archive.document(self.standing, version, number, removed=self.removed)


def _is_removed(standing: Standing, found: Found | None) -> bool:
    """Of two machines that which changed it last decides; of a new version nobody says that it is to be restored."""
    if found is None or (standing.known_removed is not None and standing.removed != standing.known_removed):
        return standing.removed
    return bool(found.document["removed"]) or (standing.known_removed is None and standing.removed)


def _with_text(row: tuple[Any, ...], document: Document) -> tuple[Any, ...]:
    text = document["text"]
    whole = [*row]
    whole[_SECTIONS], whole[_EXTRA], whole[_RUBY] = text["sections"], text["extra"], text["ruby"]
    return tuple(whole)
