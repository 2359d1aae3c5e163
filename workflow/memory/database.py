"""Entries ↔ SQLite.

Texts stand once for each language, whoever translated them into what; pairs join two of them. So a pair is found from
either side, and the words that a story shares with others cost nothing.
"""

from __future__ import annotations

import datetime
import json
import math
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from workflow.memory.alignment import aligned
from workflow.memory.entries import Entry
from workflow.memory.likeness import digest_of_text, marks, normal

SCHEMA: Final = 1
"""A database of another number is made again."""

_TABLES: Final = """
CREATE TABLE inputs (
  id INTEGER PRIMARY KEY, origin TEXT NOT NULL, language TEXT NOT NULL, stamp TEXT NOT NULL, digest TEXT NOT NULL,
  UNIQUE (origin, language));
CREATE TABLE texts (id INTEGER PRIMARY KEY, digest INTEGER NOT NULL, language TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX texts_by_digest ON texts (digest);
CREATE TABLE marks (mark INTEGER, size INTEGER, text INTEGER, PRIMARY KEY (mark, size, text)) WITHOUT ROWID;
CREATE TABLE pairs (
  id INTEGER PRIMARY KEY, input INTEGER NOT NULL, source INTEGER NOT NULL, target INTEGER NOT NULL,
  source_language TEXT NOT NULL, target_language TEXT NOT NULL, role TEXT NOT NULL,
  before INTEGER, after INTEGER, signed_at TEXT, signers TEXT NOT NULL);
CREATE INDEX pairs_by_input ON pairs (input);
CREATE INDEX pairs_by_source ON pairs (source, target_language);
CREATE INDEX pairs_by_target ON pairs (target, source_language);
CREATE TABLE sentences (digest INTEGER, pair INTEGER, place INTEGER, PRIMARY KEY (digest, pair, place)) WITHOUT ROWID;
CREATE INDEX sentences_by_pair ON sentences (pair);
"""

ENTRY_COLUMNS: Final = """
  pairs.source_language, pairs.target_language, source.text AS source, target.text AS target, pairs.role,
  inputs.origin, pairs.before, pairs.after, pairs.signed_at, pairs.signers
  FROM pairs JOIN inputs ON inputs.id = pairs.input
  JOIN texts AS source ON source.id = pairs.source JOIN texts AS target ON target.id = pairs.target
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Input:
    """What entries were made from: the files of one story in one language, or one TMX file."""

    stamp: str
    """Changes when the files look changed; empty if they must be read to tell."""
    digest: str
    """Changes when what they say changes."""


def schema(database: sqlite3.Connection) -> int:
    """The number of the database's schema; 0 if it is empty."""
    (number,) = database.execute("PRAGMA user_version").fetchone()
    return int(number)


def create(database: sqlite3.Connection) -> None:
    """Makes the tables in an empty database."""
    for statement in _TABLES.split(";"):
        database.execute(statement)
    database.execute(f"PRAGMA user_version = {SCHEMA:d}")


def inputs(database: sqlite3.Connection) -> dict[tuple[str, str], Input]:
    """What the memory was made from, by (origin, language)."""
    rows = database.execute("SELECT origin, language, stamp, digest FROM inputs")
    return {(origin, language): Input(stamp=stamp, digest=digest) for origin, language, stamp, digest in rows}


def keep(database: sqlite3.Connection, origin: str, language: str, made_from: Input) -> None:
    """Notes what the entries of an origin are made from now; they are the same as before."""
    database.execute(
        "INSERT INTO inputs (origin, language, stamp, digest) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (origin, language) DO UPDATE SET stamp = excluded.stamp, digest = excluded.digest",
        (origin, language, made_from.stamp, made_from.digest),
    )


def replace(database: sqlite3.Connection, origin: str, language: str, made_from: Input, found: Iterable[Entry]) -> None:
    """Puts these entries in the place of all that the origin gave before."""
    before = _drop_pairs(database, origin, language)
    keep(database, origin, language, made_from)
    number = _input_id(database, origin, language)
    for entry in found:
        _insert(database, number, entry)
    _drop_unused(database, before)


def forget(database: sqlite3.Connection, origin: str, language: str) -> None:
    """Takes out what the origin gave."""
    before = _drop_pairs(database, origin, language)
    database.execute("DELETE FROM inputs WHERE origin = ? AND language = ?", (origin, language))
    _drop_unused(database, before)


def entries(database: sqlite3.Connection, target_language: str) -> Iterator[Entry]:
    """All entries with this target language, by origin, in the order of their stories."""
    query = f"SELECT {ENTRY_COLUMNS} WHERE pairs.target_language = ? ORDER BY inputs.origin, pairs.id"
    cursor = database.cursor()
    cursor.row_factory = sqlite3.Row
    for row in cursor.execute(query, (target_language,)):
        yield entry_of(row)


def entry_of(row: sqlite3.Row) -> Entry:
    """The entry in a row of `ENTRY_COLUMNS`."""
    at = row["signed_at"]
    return Entry(
        source_language=row["source_language"],
        target_language=row["target_language"],
        source=row["source"],
        target=row["target"],
        role=row["role"],
        origin=row["origin"],
        before=row["before"],
        after=row["after"],
        signed_at=datetime.datetime.fromisoformat(at) if at else None,
        signers=tuple(json.loads(row["signers"])),
    )


def size_of(length: float) -> int:
    """The step of a scale on which a text's length stands; eight steps double it."""
    return round(8 * math.log2(length + 1))


def _input_id(database: sqlite3.Connection, origin: str, language: str) -> int:
    row = database.execute("SELECT id FROM inputs WHERE origin = ? AND language = ?", (origin, language)).fetchone()
    return int(row[0]) if row else 0


def _insert(database: sqlite3.Connection, number: int, entry: Entry) -> None:
    source = _text_id(database, entry.source_language, entry.source)
    target = _text_id(database, entry.target_language, entry.target)
    values = (
        number,
        source,
        target,
        entry.source_language,
        entry.target_language,
        entry.role,
        entry.before,
        entry.after,
        entry.signed_at.isoformat() if entry.signed_at else None,
        json.dumps(entry.signers, ensure_ascii=False),
    )
    cursor = database.execute("INSERT INTO pairs VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
    pairs = aligned(entry.source, entry.target, (entry.source_language, entry.target_language))
    rows = [(digest_of_text(text), cursor.lastrowid, place) for place, pair in enumerate(pairs) for text in pair]
    database.executemany("INSERT OR IGNORE INTO sentences VALUES (?, ?, ?)", rows)


def _text_id(database: sqlite3.Connection, language: str, text: str) -> int:
    digest = digest_of_text(text)
    query = "SELECT id FROM texts WHERE digest = ? AND language = ? AND text = ?"
    if row := database.execute(query, (digest, language, text)).fetchone():
        return int(row[0])
    values = (digest, language, text)
    number = database.execute("INSERT INTO texts (digest, language, text) VALUES (?, ?, ?)", values).lastrowid or 0
    database.executemany("INSERT INTO marks VALUES (?, ?, ?)", _mark_rows(number, language, text))
    return number


def _mark_rows(number: int, language: str, text: str) -> list[tuple[int, int, int]]:
    same = normal(text)
    size = size_of(len(same))
    return [(mark, size, number) for mark in marks(same, language)]


def _drop_pairs(database: sqlite3.Connection, origin: str, language: str) -> set[int]:
    """Takes out an origin's pairs; returns the texts that they joined."""
    number = _input_id(database, origin, language)
    rows = database.execute("SELECT source, target FROM pairs WHERE input = ?", (number,)).fetchall()
    database.execute("DELETE FROM sentences WHERE pair IN (SELECT id FROM pairs WHERE input = ?)", (number,))
    database.execute("DELETE FROM pairs WHERE input = ?", (number,))
    return {text for row in rows for text in row}


def _drop_unused(database: sqlite3.Connection, texts: Collection[int]) -> None:
    """Takes out those of the texts that no pair joins any more."""
    for number in texts:
        query = "SELECT 1 FROM pairs WHERE source = ? UNION ALL SELECT 1 FROM pairs WHERE target = ?"
        if database.execute(query, (number, number)).fetchone():
            continue
        language, text = database.execute("SELECT language, text FROM texts WHERE id = ?", (number,)).fetchone()
        rows = _mark_rows(number, language, text)
        database.executemany("DELETE FROM marks WHERE mark = ? AND size = ? AND text = ?", rows)
        database.execute("DELETE FROM texts WHERE id = ?", (number,))
