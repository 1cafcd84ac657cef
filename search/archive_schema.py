"""The tables of `articles.sqlite`, and how an article lies in a row of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from search.articles import JST, Article, Published, Ruby, Section

SCHEMA_VERSION = 6

# How names sound, and the keys by which they are found when typed in other letters: search/foreign/name_sounds.py.
_NAMES_AS_HEARD = """
CREATE INDEX aliases_to_hear ON aliases (entity_id) WHERE NOT heard;

CREATE TABLE name_sounds (
    id INTEGER PRIMARY KEY,
    entity_id TEXT NOT NULL,
    sounds TEXT NOT NULL,               -- Heard.pack
    UNIQUE (entity_id, sounds)
);

CREATE TABLE name_keys (
    key TEXT NOT NULL,
    place INTEGER NOT NULL,             -- WHOLE, MAIN or OTHER
    name INTEGER NOT NULL,              -- name_sounds.id
    PRIMARY KEY (key, place, name)
) WITHOUT ROWID;
"""
# 近平 is the end of 習近平.
_NAMES_BY_ENDING = "CREATE INDEX aliases_by_ending ON aliases (substr(folded, -2));"

# What articles call somebody, and whom that means: `search/name_linking.py`.
_DISTINCT_NAMES = """
CREATE TABLE names (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    folded TEXT NOT NULL,               -- fold_name(name)
    is_full INTEGER NOT NULL,           -- of a person: a whole name, no surname alone
    title TEXT NOT NULL,                -- these three: '' where there is none
    country TEXT NOT NULL,
    date TEXT NOT NULL,
    name TEXT NOT NULL,                 -- of the ways to write it, the one that comes first by code point
    shorts TEXT NOT NULL,               -- folded forms that may stand for a whole name, spaces between
    role TEXT,
    entity_id TEXT NOT NULL,            -- whom it means
    UNIQUE (kind, folded, is_full, title, country, date)
);
CREATE INDEX names_by_entity ON names (entity_id);
"""
# What an entity is called, when its names come to mean another: archive_links.py.
_ALIASES_BY_ENTITY = "CREATE INDEX aliases_by_entity ON aliases (entity_id);"
_MENTIONS_BY_NAME = "CREATE INDEX mentions_by_name ON mentions (name_id) WHERE name_id;"

# What was read, so that it need not be read again; and what could not be.
_FILES = """
CREATE TABLE files (
    path TEXT PRIMARY KEY,              -- whole, with links resolved
    size INTEGER NOT NULL,              -- bytes
    modified_ns INTEGER NOT NULL,       -- of its last change, since 1970, or -1 where another may follow
    hash TEXT NOT NULL,                 -- BLAKE2b of its bytes
    read_with TEXT NOT NULL,            -- version of the readers, and what --source, --desk and --map said
    articles TEXT NOT NULL,             -- JSON: [[id, line, version], …], line 0 for a whole file, version 0 unknown
    article_id TEXT,                    -- of a file that is one article
    taken_at TEXT NOT NULL              -- ISO 8601, JST
) WITHOUT ROWID;

CREATE TABLE rejected (
    file TEXT NOT NULL,                 -- as in files, '' for what is none
    path TEXT NOT NULL,                 -- with the name inside an archive
    line INTEGER NOT NULL,              -- from 1, 0 for the whole
    reason TEXT NOT NULL,
    rejected_at TEXT NOT NULL,          -- ISO 8601, JST
    PRIMARY KEY (path, line)
) WITHOUT ROWID;
CREATE INDEX files_by_article ON files (article_id);
CREATE INDEX rejected_by_file ON rejected (file);
"""

# Copies of one story: what they are found by, and which article stands for a group of them (archive_copies.py).
_COPIES = """
CREATE TABLE copies (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,            -- of an article
    version INTEGER NOT NULL,           -- the one that was looked at
    rank TEXT NOT NULL,                 -- published and id: of a group, the first stands for all
    day INTEGER,                        -- since the year 1, NULL where it is not known
    sketch BLOB NOT NULL,               -- the more bytes agree, the more alike two texts are
    copy_of TEXT                        -- id of the article that stands for it, NULL if none but itself
);
CREATE INDEX copies_by_group ON copies (copy_of, rank) WHERE copy_of IS NOT NULL;

CREATE TABLE copy_keys (
    bucket INTEGER NOT NULL,            -- three days, -1 without a day
    key INTEGER NOT NULL,               -- texts that look alike have one in common
    number INTEGER NOT NULL,            -- copies.number
    PRIMARY KEY (bucket, key, number)
) WITHOUT ROWID;
"""

SCHEMA = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- One row per article there is or was, `content` has one row per version of it.
CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    given_id TEXT NOT NULL,             -- as the source has it: unique within a source
    source TEXT NOT NULL,               -- '' where there is none
    version INTEGER NOT NULL,           -- the current one, from 1
    change INTEGER NOT NULL UNIQUE,     -- grows with every put and delete
    removed INTEGER NOT NULL DEFAULT 0,
    UNIQUE (source, given_id)
) WITHOUT ROWID;

CREATE TABLE content (
    id TEXT NOT NULL REFERENCES articles (id),
    version INTEGER NOT NULL,
    added_at TEXT NOT NULL,             -- ISO 8601, JST
    hash TEXT NOT NULL,                 -- of everything below: an unchanged article is not put twice
    title TEXT NOT NULL,
    title_inferred INTEGER NOT NULL,
    published TEXT,                     -- ISO 8601, JST
    published_precision TEXT,
    source TEXT,
    desk TEXT,
    url TEXT,
    sections TEXT NOT NULL,             -- JSON: [{{"heading": …, "text": …}}], "captions": true for what they are
    authors TEXT NOT NULL,              -- JSON
    extra TEXT NOT NULL,                -- JSON: keys of the source that are not used
    published_inferred INTEGER NOT NULL DEFAULT 0,      -- from the address or the file's name
    credits TEXT NOT NULL DEFAULT '[]', -- JSON: 【ロンドン=時事】, as written
    ruby TEXT NOT NULL DEFAULT '[]',    -- JSON: [[section, is heading, start, end, reading], …]
    PRIMARY KEY (id, version)
) WITHOUT ROWID;

-- Derived from `content`: kept so that no page and no rebuild cuts the same text twice.
CREATE TABLE analyses (
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    tokens BLOB NOT NULL,
    PRIMARY KEY (id, version)
);

CREATE TABLE mentions (
    article_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    part INTEGER NOT NULL,
    start INTEGER NOT NULL,             -- code points in the part's text
    "end" INTEGER NOT NULL,
    surface TEXT NOT NULL,
    kind TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    confidence REAL NOT NULL,
    name_id INTEGER NOT NULL DEFAULT 0,     -- in names, 0 where the entity is known by its id alone
    about INTEGER NOT NULL DEFAULT 0,       -- the article is about the entity
    inferred INTEGER NOT NULL DEFAULT 0,    -- from an office and the date
    PRIMARY KEY (article_id, version, part, start, entity_id)
) WITHOUT ROWID;
CREATE INDEX mentions_by_entity ON mentions (entity_id, surface);
{_MENTIONS_BY_NAME}
{_DISTINCT_NAMES}

CREATE TABLE entities (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    folded TEXT NOT NULL,               -- fold_name(name): one entity per kind and folded name
    name TEXT NOT NULL,
    name_en TEXT,
    role TEXT,
    merged_into TEXT                    -- the entity that its names mean now
) WITHOUT ROWID;
CREATE UNIQUE INDEX entities_by_name ON entities (kind, folded);

CREATE TABLE aliases (
    folded TEXT NOT NULL,
    entity_id TEXT NOT NULL,            -- here or bundled
    heard INTEGER NOT NULL DEFAULT 0,   -- whether name_sounds and name_keys have it
    PRIMARY KEY (folded, entity_id)
) WITHOUT ROWID;
{_NAMES_AS_HEARD}
{_NAMES_BY_ENDING}
{_ALIASES_BY_ENTITY}

{_FILES}
{_COPIES}

CREATE TABLE topics (
    id TEXT PRIMARY KEY,
    place INTEGER NOT NULL,             -- the order to show them in
    name TEXT NOT NULL,
    name_en TEXT,
    query TEXT NOT NULL
) WITHOUT ROWID;
"""

MIGRATIONS = {
    1: f"""
ALTER TABLE aliases ADD COLUMN heard INTEGER NOT NULL DEFAULT 0;
{_NAMES_AS_HEARD}
""",
    2: _NAMES_BY_ENDING,
    3: f"""
ALTER TABLE mentions ADD COLUMN name_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE mentions ADD COLUMN about INTEGER NOT NULL DEFAULT 0;
ALTER TABLE mentions ADD COLUMN inferred INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entities ADD COLUMN merged_into TEXT;
{_MENTIONS_BY_NAME}
{_DISTINCT_NAMES}
""",
    4: _ALIASES_BY_ENTITY,
    5: f"""
ALTER TABLE content ADD COLUMN published_inferred INTEGER NOT NULL DEFAULT 0;
ALTER TABLE content ADD COLUMN credits TEXT NOT NULL DEFAULT '[]';
ALTER TABLE content ADD COLUMN ruby TEXT NOT NULL DEFAULT '[]';
{_FILES}
{_COPIES}
""",
}
"""From the form of an older archive to the next one: statements that take less than a second."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An article as it stands in the archive. change: the change that last touched it."""

    article: Article
    version: int
    change: int
    removed: bool = False


CONTENT = (
    "c.id, c.title, c.sections, c.published, c.published_precision, c.source, c.desk, c.url, c.authors,"
    " c.title_inferred, c.extra, c.published_inferred, c.credits, c.ruby, c.version"
)
STORED = f"{CONTENT}, a.change, a.removed"


def to_stored(row: tuple[Any, ...]) -> Stored:
    """From a row of STORED."""
    *content, change, removed = row
    return Stored(to_article(content), content[-1], change, bool(removed))


def to_article(row: Sequence[Any]) -> Article:
    """From a row of CONTENT."""
    (
        identity, title, sections, published, precision, source, desk, url, authors, inferred, extra,
        published_inferred, credits, ruby, _,
    ) = row
    return Article(
        id=identity,
        title=title,
        sections=tuple(Section(s["heading"], s["text"], "captions" in s) for s in json.loads(sections)),
        published=(
            Published(datetime.fromisoformat(published), precision, bool(published_inferred)) if published else None
        ),
        source=source,
        desk=desk,
        url=url,
        authors=() if authors == "[]" else tuple(json.loads(authors)),
        title_inferred=bool(inferred),
        credits=() if credits == "[]" else tuple(json.loads(credits)),
        ruby=() if ruby == "[]" else tuple(
            Ruby(section, bool(is_heading), start, end, reading)
            for section, is_heading, start, end, reading in json.loads(ruby)
        ),
        extra={} if extra == "{}" else json.loads(extra),
    )


FIELDS_OF_FORM_5 = 10
"""Of what `to_content` makes; the others came later."""


def to_content(article: Article) -> tuple[Any, ...]:
    """The columns of `content` from `title` on."""
    published = article.published
    return (
        article.title,
        int(article.title_inferred),
        published.at.astimezone(JST).isoformat() if published else None,
        published.precision if published else None,
        article.source,
        article.desk,
        article.url,
        _json([section_record(section) for section in article.sections]),
        _json(list(article.authors)),
        _json(dict(article.extra)),
        int(bool(published and published.is_inferred)),
        _json(list(article.credits)),
        _json([[r.section, int(r.is_heading), r.start, r.end, r.reading] for r in article.ruby]),
    )


def section_record(section: Section) -> dict[str, Any]:
    """A section as it is stored and exported."""
    record: dict[str, Any] = {"heading": section.heading, "text": section.text}
    return {**record, "captions": True} if section.is_captions else record


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _json(value: Any) -> str:
    return _ENCODER.encode(value) if value else "{}" if isinstance(value, dict) else "[]"
