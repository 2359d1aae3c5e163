"""Databases among the caches, which one process writes while others read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workflow.errors import MachineError
from workflow.newsroom.places import CACHE
from workflow.newsroom.refusals import write_error
from workflow.newsroom.writing import remove

if TYPE_CHECKING:
    import sqlite3


def connect(root: Path, name: str) -> sqlite3.Connection:
    """The database of that name; made if it is not there."""
    # Late: few commands need it.
    import sqlite3

    path = f"{CACHE}/{name}"
    try:
        (root / CACHE).mkdir(exist_ok=True)
        database = sqlite3.connect(root / path, isolation_level=None, check_same_thread=False)
    except OSError as error:
        raise write_error(error, path) from None
    except sqlite3.OperationalError as error:
        raise MachineError.of("machine.write", f"cannot open: {error}", path=path) from None
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.DatabaseError:
        database.close()
        raise
    return database


def remove_database(root: Path, name: str) -> None:
    """Removes a database and what SQLite keeps beside it."""
    for suffix in ("-wal", "-shm", ""):
        remove(root, f"{CACHE}/{name}{suffix}")
