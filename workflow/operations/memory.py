"""The translation memory of a newsroom: opened, and brought up to date with what was signed and imported since."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence

from workflow.canonical import digest, digest_of
from workflow.diagnostics import Diagnostic, Location, Severity
from workflow.errors import ConflictError, InputError, MachineError
from workflow.memory import SCHEMA, Entry, Input, Memory, create, forget, inputs, keep, replace, schema
from workflow.newsroom import CACHE, Newsroom
from workflow.operations.memory_inputs import Origin, origins, story_entries, tmx_entries
from workflow.operations.verdicts import CheckedLog, Verdicts, key_lists
from workflow.settings import FILE_NAME

DATABASE = "memory.sqlite"
LOCK = "memory.lock"

Tell = Callable[[Diagnostic], None]
"""Is told what the user may want to know and need not act upon."""


def say_nothing(_: Diagnostic) -> None:
    """Lets it pass."""


@contextlib.contextmanager
def open_memory(newsroom: Newsroom, now: datetime.datetime, *, tell: Tell = say_nothing) -> Iterator[Memory]:
    """The memory as of now, for as long as the block runs.

    It is a cache: damaged, it is made again; while another process writes it, it is taken as it was; where nothing
    can be written, it is made for this once. `tell` hears of it. The newsroom's lock may be held or not.
    """
    memory = Memory(database=_opened(newsroom, now, tell))
    try:
        yield memory
    finally:
        memory.database.close()
        if memory.is_damaged:
            tell(_remark("damaged: it will be made again", f"{CACHE}/{DATABASE}"))
            with contextlib.suppress(ConflictError, MachineError), newsroom.lock(LOCK):
                newsroom.remove_database(DATABASE)


def has_origins(newsroom: Newsroom) -> bool:
    """True if there is anything to remember."""
    return next(iter(origins(newsroom)), None) is not None


@contextlib.contextmanager
def memory_as_it_is(newsroom: Newsroom) -> Iterator[Memory]:
    """The memory as it was last brought up to date, for those who look things up while somebody holds it open."""
    memory = Memory(database=_as_it_was(newsroom))
    try:
        yield memory
    finally:
        memory.database.close()


def _opened(newsroom: Newsroom, now: datetime.datetime, tell: Tell) -> sqlite3.Connection:
    wanted = tuple(origins(newsroom))
    if not wanted and not newsroom.exists(f"{CACHE}/{DATABASE}"):
        return _in_working_memory()
    try:
        with newsroom.lock(LOCK):
            return _current(newsroom, wanted, now, tell)
    except ConflictError:
        return _as_it_was(newsroom)
    except (MachineError, sqlite3.DatabaseError):
        return _refreshed(newsroom, _in_working_memory(), wanted, now, tell)


def _in_working_memory() -> sqlite3.Connection:
    """An empty memory that nobody keeps."""
    database = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    create(database)
    return database


def _as_it_was(newsroom: Newsroom) -> sqlite3.Connection:
    """What there is while another process brings it up to date."""
    with contextlib.suppress(MachineError, sqlite3.DatabaseError):
        database = newsroom.connect(DATABASE)
        if schema(database) == SCHEMA:
            return database
        database.close()
    return _in_working_memory()


def _current(newsroom: Newsroom, wanted: Sequence[Origin], now: datetime.datetime, tell: Tell) -> sqlite3.Connection:
    try:
        return _refreshed(newsroom, newsroom.connect(DATABASE), wanted, now, tell)
    except sqlite3.DatabaseError as error:
        tell(_remark(f"made again: {error}", f"{CACHE}/{DATABASE}"))
        newsroom.remove_database(DATABASE)
    return _refreshed(newsroom, newsroom.connect(DATABASE), wanted, now, tell)


def _refreshed(
    newsroom: Newsroom,
    database: sqlite3.Connection,
    wanted: Sequence[Origin],
    now: datetime.datetime,
    tell: Tell,
) -> sqlite3.Connection:
    """The database, holding what the origins say; all of the change is made, or none."""
    try:
        if schema(database) == 0:
            with _transaction(database):
                create(database)
        if schema(database) != SCHEMA:
            raise sqlite3.DatabaseError("it is of another version")
        _refresh(newsroom, database, wanted, now, tell)
    except BaseException:
        database.close()
        raise
    return database


@contextlib.contextmanager
def _transaction(database: sqlite3.Connection) -> Iterator[None]:
    database.execute("BEGIN IMMEDIATE")
    with database:
        yield


# --- What changed ------------------------------------------------------------------------------------------


def _refresh(
    newsroom: Newsroom, database: sqlite3.Connection, wanted: Sequence[Origin], now: datetime.datetime, tell: Tell
) -> None:
    """Reads what looks changed, and puts its entries in the place of those that it gave before."""
    known = inputs(database)
    found = _looks_changed(newsroom, wanted, known, _trust(newsroom, tell))
    gone = known.keys() - {origin.key for origin in wanted}
    changed = [item for item in found if known.get(item[0].key, _NOTHING).digest != item[1].digest]
    same = [item for item in found if known.get(item[0].key, _NOTHING).digest == item[1].digest]
    moved = [(origin, made_from) for origin, made_from in same if known[origin.key] != made_from]
    if not (gone or moved or changed):
        return
    with _transaction(database):
        for key in sorted(gone):
            forget(database, *key)
        for origin, made_from in moved:
            keep(database, *origin.key, made_from)
        for origin, made_from, entries in _read(newsroom, changed, now, tell):
            replace(database, *origin.key, made_from, entries)


def _looks_changed(
    newsroom: Newsroom, wanted: Sequence[Origin], known: Mapping[tuple[str, str], Input], trust: str
) -> list[tuple[Origin, Input]]:
    """The origins whose files do not look as they did, and what they are now; the others are not opened."""
    found = []
    for origin in wanted:
        looks = newsroom.stamp(origin.files)
        stamp = f"{trust[:16]} {looks}" if looks else ""
        if not stamp or known.get(origin.key, _NOTHING).stamp != stamp:
            # What cannot be read now keeps its entries.
            with contextlib.suppress(InputError):
                found.append((origin, Input(stamp=stamp, digest=_digest(newsroom, origin, trust))))
    return found


_NOTHING = Input(stamp="", digest="")


def _trust(newsroom: Newsroom, tell: Tell) -> str:
    """A digest of all that decides which signatures count."""
    settings = digest(newsroom.read(FILE_NAME))
    try:
        return digest_of([settings, key_lists(newsroom).digest])
    except InputError as error:
        for found in error.diagnostics:
            tell(dataclasses.replace(found, severity=Severity.WARNING))
        return digest_of([settings])


def _digest(newsroom: Newsroom, origin: Origin, trust: str) -> str:
    contents = [digest(newsroom.read(path)) if newsroom.exists(path) else "" for path in origin.files]
    return digest_of([trust, *contents])


def _read(
    newsroom: Newsroom, changed: Sequence[tuple[Origin, Input]], now: datetime.datetime, tell: Tell
) -> Iterator[tuple[Origin, Input, tuple[Entry, ...]]]:
    """The entries of each origin; what cannot be read gives none, and is tried again next time."""
    logs = _logs(newsroom, [origin for origin, _ in changed if not origin.is_tmx], now)
    for origin, made_from in changed:
        try:
            if origin.is_tmx:
                yield origin, made_from, tmx_entries(newsroom, origin)
                continue
            log = logs.get(origin.key)
            entries = story_entries(newsroom, origin, log.lines) if log else ()
            # A record dated in the future will count one day although no file changes.
            yield origin, made_from if log and not log.faults else _NOTHING, entries
        except InputError as error:
            tell(_remark(f"left out of the memory: {error.diagnostics[0].message}", origin.files[0]))
            yield origin, _NOTHING, ()


def _logs(
    newsroom: Newsroom, stories: Sequence[Origin], now: datetime.datetime
) -> Mapping[tuple[str, str], CheckedLog]:
    """The checked logs; none while no signature can be trusted."""
    if not stories:
        return {}
    try:
        verdicts = Verdicts.load(newsroom, now)
    except InputError:
        return {}
    slugs: dict[str, list[str]] = {}
    for origin in stories:
        slugs.setdefault(origin.language.code, []).append(origin.name)
    logs = {(slug, code): log for code, some in slugs.items() for slug, log in verdicts.checked_logs(code, some)}
    verdicts.save()
    return logs


def _remark(message: str, path: str) -> Diagnostic:
    return Diagnostic(code="memory.cache", message=message, severity=Severity.INFO, location=Location(path=path))
