"""Our only door to the disk: where a newsroom's files are, reading them safely, writing them whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import stat
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from workflow.canonical import digest
from workflow.errors import ConflictError, InputError, MachineError, UsageError
from workflow.glossary import EMPTY, Glossary, format_glossary, parse_glossary
from workflow.languages import Language
from workflow.model import Catalog, Story
from workflow.settings import FILE_NAME, Settings, parse_settings
from workflow.signing import SIGNERS_FILE
from workflow.signoff import LogLine, parse_log
from workflow.waivers import Waiver, parse_waivers

if TYPE_CHECKING:
    import sqlite3

SITE = "site"
"""The domain of the newsroom's own words; no story can have this slug."""
CACHE = ".workflow"
STORY_FILE = "story.md"
MAX_PICTURE_BYTES = 30_000_000
MAX_BYTES = 500_000_000
"""No file of a newsroom has so many; most kinds have a lower limit of their own."""

_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*(?:/[a-z0-9]+(?:[-_][a-z0-9]+)*)*")
_TEMPORARY = ".tmp-workflow"
_TICK = 2_000_000_000
"""Nanoseconds between two times that a file system can tell apart: FAT counts in two seconds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Staged:
    """A file's new version, complete beside the old one; both paths are relative to the newsroom."""

    path: str
    temporary: str
    before: bytes | None
    """What the old one was made out to be; None if there was none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Newsroom:
    """A newsroom's folder and its settings."""

    root: Path
    settings: Settings

    # --- Where things are, relative to the root ---

    def story_file(self, slug: str) -> str:
        return f"stories/{slug}/{STORY_FILE}"

    def catalog_file(self, language: str, domain: str) -> str:
        return f"locales/{language}/LC_MESSAGES/{domain}.po"

    def edition_file(self, language: str, slug: str) -> str:
        return f"locales/{language}/editions/{slug}.md"

    def kept_edition_file(self, language: str, slug: str, sha256: str) -> str:
        """Where signed words are that wait, or are still live beside newer ones; no slug has an `@`."""
        return f"locales/{language}/editions/{slug}@{sha256}.md"

    def log_file(self, language: str, slug: str) -> str:
        return f"locales/{language}/signoffs/{slug}.jsonl"

    def waiver_file(self, language: str, slug: str) -> str:
        return f"locales/{language}/waivers/{slug}.jsonl"

    def glossary_file(self, language: str) -> str:
        return f"locales/{language}/glossary.tsv"

    def memory_file(self, language: str, name: str) -> str:
        return f"locales/{language}/memory/{name}.tmx"

    @property
    def signers(self) -> Path:
        return self.root / SIGNERS_FILE

    # --- What there is ---

    def slugs(self) -> tuple[str, ...]:
        """The slugs of all stories, sorted."""
        found = []
        self.refuse_linked_folders("stories")
        for path in self.files("stories", f"/{STORY_FILE}"):
            slug = path.removeprefix("stories/").removesuffix(f"/{STORY_FILE}")
            found.append(require_slug(slug, path))
        return tuple(found)

    def files(self, folder: str, suffix: str = "", *, strays: bool = False) -> tuple[str, ...]:
        """The files below a folder whose path ends so, sorted; links to folders are not followed.

        Hidden files are left out, but for `strays`: what killed writers left behind. Raises InputError for a
        folder that cannot be read.
        """
        found = []
        for parent, folders, names in os.walk(self.root / folder, onerror=self._refuse_unreadable):
            folders.sort()
            where = Path(parent).relative_to(self.root).as_posix()
            seen = (name for name in names if name[0] != "." or (strays and name.endswith(_TEMPORARY)))
            paths = (f"{where}/{name}" for name in seen)
            found += [path for path in paths if path.endswith(suffix)]
        return tuple(sorted(found))

    def everything(self, folder: str) -> tuple[str, ...]:
        """Every file below a folder, sorted: hidden ones too, and links, which are not followed."""
        found = []
        for parent, folders, names in os.walk(self.root / folder, onerror=self._refuse_unreadable):
            links = (name for name in folders if Path(parent, name).is_symlink())
            found += [Path(parent, name).relative_to(self.root).as_posix() for name in (*names, *links)]
        return tuple(sorted(found))

    def _refuse_unreadable(self, error: OSError) -> None:
        """A folder that cannot be read must not pass for an empty one: what it holds would be taken away."""
        if not isinstance(error, FileNotFoundError | NotADirectoryError):
            path = Path(error.filename).relative_to(self.root).as_posix()
            raise InputError.of("newsroom.read", _reason(error), path=path)

    def language(self, code: str) -> Language:
        """The language; raises UsageError for one that the newsroom does not have."""
        try:
            return self.settings.languages[code]
        except KeyError:
            known = ", ".join(self.settings.languages)
            raise UsageError.of("usage.language", f"no language `{code}`", hint=f"there are {known}") from None

    def known_slug(self, slug: str) -> str:
        """The slug of a story that exists; a path to it is taken too. Raises UsageError for others."""
        name = slug.strip("/").removeprefix("stories/").removesuffix(f"/{STORY_FILE}")
        if not _SLUG.fullmatch(name) or not self.exists(self.story_file(name)):
            name = self._slug_at(Path(slug)) or name
        if not _SLUG.fullmatch(name):
            raise UsageError.of(
                "usage.slug",
                f"`{slug}` is no story's slug",
                hint="a slug is the story's folder below stories/, such as 2021/hust-itmo-partnership",
            )
        if not self.exists(self.story_file(name)):
            raise UsageError.of("usage.story", f"no story `{name}`", hint=self._story_hint(name))
        return name

    def _story_hint(self, name: str) -> str:
        # Late: only a mistake needs it.
        from difflib import get_close_matches

        slugs = {slug.rpartition("/")[2]: slug for slug in self.slugs()} | {slug: slug for slug in self.slugs()}
        close = get_close_matches(name, slugs, n=1, cutoff=0.75)
        return f"did you mean `{slugs[close[0]]}`?" if close else "workflow status lists the stories"

    def _slug_at(self, path: Path) -> str | None:
        """The slug of the story whose folder or file is at the path, as seen from the working directory."""
        file = path.resolve() if path.name == STORY_FILE else path.resolve() / STORY_FILE
        stories = self.root.resolve() / "stories"
        return file.parent.relative_to(stories).as_posix() if file.is_file() and file.is_relative_to(stories) else None

    def refuse_linked_folders(self, folder: str) -> None:
        """A link to a folder is not followed; raises InputError rather than leave out in silence what it holds."""
        for parent, folders, _ in os.walk(self.root / folder, onerror=self._refuse_unreadable):
            for full in (Path(parent, name) for name in sorted(folders)):
                if full.is_symlink():
                    path, hint = full.relative_to(self.root).as_posix(), "put the folder itself here"
                    raise InputError.of("newsroom.link", "a link to a folder", path=path, hint=hint)

    def story_languages(self, story: Story) -> tuple[Language, ...]:
        """The languages a story is meant for, in the newsroom's order; its own is always one of them."""
        wanted = {*story.languages, story.language} if story.languages else set(self.settings.languages)
        return tuple(language for code, language in self.settings.languages.items() if code in wanted)

    # --- Reading ---

    def exists(self, path: str) -> bool:
        return (self.root / path).exists()

    def read(self, path: str) -> bytes:
        """The file's bytes; raises InputError if it is missing, unreadable or a link out of the newsroom."""
        full = self.root / path
        if not _is_below(full, self.root):
            raise InputError.of(
                "newsroom.outside", "a link that leads out of the newsroom", path=path, hint="put the file itself here"
            )
        try:
            return _bytes_of(full)
        except OSError as error:
            raise InputError.of("newsroom.read", _reason(error), path=path) from None

    def stamp(self, paths: Iterable[str]) -> str:
        """Tells whether files look as they did: size, time and place on the disk; a file may be missing.

        Empty if one was written so lately that it may change once more and look the same.
        """
        found, lately = [], time.time_ns() - _TICK
        for path in paths:
            try:
                stat = os.stat(f"{self.root}/{path}")  # noqa: PTH116 -- a third of the time, and there are many files
            except OSError:
                found.append("-")
                continue
            if stat.st_mtime_ns > lately:
                return ""
            found.append(f"{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ino}")
        return " ".join(found)

    def read_story(self, slug: str) -> Story:
        # Late: the Markdown parser is slow to import, and a build with nothing to do reads no story.
        from workflow.story import parse_story

        path = self.story_file(slug)
        return parse_story(self.read(path), path, self.settings.story_rules)

    def read_catalog(self, language: str, domain: str) -> Catalog | None:
        """The catalog, or None if there is none yet; raises InputError if it is damaged."""
        # Late: polib and our scanner are not needed where no catalog is read, as in a build with nothing to do.
        from workflow.catalog import parse_catalog

        path = self.catalog_file(language, domain)
        return parse_catalog(self.read(path), path) if self.exists(path) else None

    def read_glossary(self, language: str) -> Glossary:
        """The language's terms, none if there is no file; raises InputError with its faulty lines."""
        path = self.glossary_file(language)
        return _parsed_glossary(self.read(path), path) if self.exists(path) else EMPTY

    def read_log(self, language: str, slug: str) -> tuple[LogLine, ...]:
        """The lines of the sign-off log, none if there is no log; raises InputError if it is damaged."""
        path = self.log_file(language, slug)
        return parse_log(self.read(path), path) if self.exists(path) else ()

    def frozen_files(self, language: str) -> dict[str, list[str]]:
        """By slug: the files with the frozen words of an edition, the last signed and those kept beside them."""
        folder = f"locales/{language}/editions"
        found: dict[str, list[str]] = {}
        for path in self.files(folder, ".md"):
            slug = path.removeprefix(f"{folder}/").removesuffix(".md").partition("@")[0]
            found.setdefault(slug, []).append(path)
        return found

    def frozen_words(self, language: str, slug: str) -> dict[str, str]:
        """sha256 of the frozen words of an edition → the file that holds them."""
        return {digest(self.read(path)): path for path in self.frozen_files(language).get(slug, ())}

    def read_waivers(self, language: str, slug: str) -> tuple[Waiver, ...]:
        """The lines of the edition's file of waivers, none if there is none; raises InputError if it is damaged."""
        path = self.waiver_file(language, slug)
        return parse_waivers(self.read(path), path, story=slug, language=language) if self.exists(path) else ()

    def read_picture(self, slug: str, source: str, line: int) -> tuple[str, bytes]:
        """(frozen name, bytes) of a story's picture; the frozen name is `<sha256>.<ext>`.

        Raises InputError at the story's line if the file is missing or not below the story's folder.
        """
        story, folder = self.story_file(slug), self.root / "stories" / slug
        full = folder / source
        if not _is_below(full, folder):
            hint = "put the picture beside story.md"
            message = f"picture `{source}` is outside the story's folder"
            raise InputError.of("story.picture", message, path=story, line=line, hint=hint)
        if not _is_file(full):
            message = f"picture `{source}` is not there"
            hint = f"put it at stories/{slug}/{source}, or mend its name"
            raise InputError.of("story.picture", message, path=story, line=line, hint=hint)
        if full.stat().st_size > MAX_PICTURE_BYTES:
            message = f"picture `{source}` has more than {MAX_PICTURE_BYTES // 1_000_000} MB"
            raise InputError.of("story.picture", message, path=story, line=line, hint="make it smaller")
        data = self.read(f"stories/{slug}/{source}")
        return f"{digest(data)}{full.suffix.lower()}", data

    # --- Writing ---

    def write(self, path: str, data: bytes, *, durable: bool = True) -> bool:
        """Writes the file whole, or leaves what was there; returns False if it was so already.

        What can be made again need not be `durable`: it is not forced to the disk, which takes most of the time.
        Raises MachineError if the disk refuses.
        """
        full = self.root / path
        try:
            if full.is_file() and full.read_bytes() == data:
                return False
            new_folders = self._make_folder(full, path)
            _sweep(full)
            _replace(full, data, durable=durable)
            for folder in new_folders if durable else ():
                _sync_folder(folder.parent)
        except OSError as error:
            raise _write_error(error, path) from None
        return True

    def stage(self, path: str, data: bytes, *, before: bytes | None) -> Staged:
        """Writes the file's new version beside it, durably; `put` gives it its name, `sweep` takes it away.

        `before` are the bytes of the old one that the new one was made from, None if there was none. Raises
        MachineError if the disk refuses.
        """
        full = self.root / path
        try:
            new_folders = self._make_folder(full, path)
            temporary = _prepare(full, data, durable=True)
            for folder in new_folders:
                _sync_folder(folder.parent)
        except OSError as error:
            raise _write_error(error, path) from None
        return Staged(path=path, temporary=temporary.relative_to(self.root).as_posix(), before=before)

    def put(self, files: Sequence[Staged]) -> None:
        """Gives new versions their names, each in one step, and makes that durable.

        Raises ConflictError, with nothing changed, if another program saved one of the files meanwhile; MachineError if
        the disk refuses.
        """
        for file in files:
            if (self.read(file.path) if self.exists(file.path) else None) != file.before:
                hint = "run the command again"
                raise ConflictError.of(
                    "newsroom.changed", "saved by another program meanwhile", path=file.path, hint=hint
                )
        for file in files:
            try:
                (self.root / file.temporary).replace(self.root / file.path)
            except OSError as error:
                raise _write_error(error, file.path) from None
        for folder in sorted({Path(file.path).parent for file in files}):
            try:
                _sync_folder(self.root / folder)
            except OSError as error:
                raise _write_error(error, folder.as_posix()) from None

    def write_catalog(self, language: str, domain: str, catalog: Catalog) -> bool:
        from workflow.catalog import format_catalog

        return self.write(self.catalog_file(language, domain), format_catalog(catalog).encode())

    def write_glossary(self, language: str, glossary: Glossary) -> bool:
        return self.write(self.glossary_file(language), format_glossary(glossary).encode())

    def remove(self, path: str) -> None:
        """Removes a file and the folders that it leaves empty."""
        full = self.root / path
        try:
            self._refuse_outside(full, path)
            full.unlink(missing_ok=True)
            for parent in full.relative_to(self.root).parents:
                if parent != Path() and not any((self.root / parent).iterdir()):
                    (self.root / parent).rmdir()
        except OSError as error:
            raise _write_error(error, path) from None

    def sweep(self, paths: Iterable[str]) -> None:
        """Removes what killed writers left in the folders of these files; the newsroom's lock is held."""
        for folder in sorted({Path(path).parent for path in paths}):
            try:
                strays = sorted((self.root / folder).glob(f".*{_TEMPORARY}"))
            except OSError as error:
                raise _write_error(error, folder.as_posix()) from None
            for stray in strays:
                self.remove(stray.relative_to(self.root).as_posix())

    def _make_folder(self, full: Path, path: str) -> list[Path]:
        """Makes the folders above a file, and returns those that were not there."""
        self._refuse_outside(full, path)
        new_folders = [folder for folder in full.parents if not folder.exists()]
        full.parent.mkdir(parents=True, exist_ok=True)
        return new_folders

    def _refuse_outside(self, full: Path, path: str) -> None:
        if not _is_below(full.parent, self.root):
            raise InputError.of(
                "newsroom.outside", "a link that leads out of the newsroom", path=path, hint="make it a real folder"
            )

    def connect(self, name: str) -> sqlite3.Connection:
        """A database among the caches that one process writes while others read; made if it is not there.

        Any thread may use it, one at a time. Raises MachineError if the disk refuses, sqlite3.DatabaseError if what is
        there is no database.
        """
        # Late: few commands need it.
        import sqlite3

        path = f"{CACHE}/{name}"
        try:
            (self.root / CACHE).mkdir(exist_ok=True)
            database = sqlite3.connect(self.root / path, isolation_level=None, check_same_thread=False)
        except OSError as error:
            raise _write_error(error, path) from None
        except sqlite3.OperationalError as error:
            raise MachineError.of("machine.write", f"cannot open: {error}", path=path) from None
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
        except sqlite3.DatabaseError:
            database.close()
            raise
        return database

    def remove_database(self, name: str) -> None:
        """Removes a database and what SQLite keeps beside it."""
        for suffix in ("-wal", "-shm", ""):
            self.remove(f"{CACHE}/{name}{suffix}")

    @contextlib.contextmanager
    def lock(self, name: str = "lock") -> Iterator[None]:
        """Holds the newsroom, or the cache of another lock, for one writer; raises ConflictError if that is taken."""
        folder = self.root / CACHE
        try:
            folder.mkdir(exist_ok=True)
            handle = os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError as error:
            raise _write_error(error, CACHE) from None
        _held_locks.add(handle)
        try:
            _require_lock(handle)
            yield
        finally:
            _held_locks.discard(handle)
            os.close(handle)


_parsed_glossary = lru_cache(maxsize=32)(parse_glossary)
"""The same for all catalogs of a language: checks keep an index with each."""

_held_locks: set[int] = set()


def _leave_locks_to_parent() -> None:
    """A worker that we fork must not hold the newsroom when we are gone."""
    for handle in _held_locks:
        os.close(handle)
    _held_locks.clear()


os.register_at_fork(after_in_child=_leave_locks_to_parent)


def _require_lock(handle: int) -> None:
    """Takes the lock, which the kernel lets go of when the process ends, however it ends."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ConflictError.of(
            "newsroom.busy", "another workflow command is writing here", hint="wait for it, then run this again"
        ) from None


def read_file(path: Path, *, max_bytes: int | None = None) -> bytes:
    """The bytes of a file outside the newsroom; raises InputError if it cannot be read, or has too many."""
    try:
        with path.open("rb") as file:
            data = file.read(-1 if max_bytes is None else max_bytes + 1)
    except OSError as error:
        raise InputError.of("newsroom.read", _reason(error), path=str(path)) from None
    if max_bytes is not None and len(data) > max_bytes:
        message = f"more than {max_bytes // 1_000_000} MB"
        raise InputError.of("newsroom.read", message, path=str(path), hint="is it the file that you meant?")
    return data


def replace_file(path: Path, data: bytes) -> None:
    """Writes a file outside the newsroom whole, or leaves what was there; raises MachineError if the disk refuses."""
    try:
        _replace(path, data, durable=False)
    except OSError as error:
        raise _write_error(error, str(path)) from None


def require_slug(slug: str, path: str) -> str:
    """The slug if it can stand in addresses and file names; raises InputError otherwise."""
    if not _SLUG.fullmatch(slug) or slug == SITE:
        hint = "name the folder with small letters, digits and hyphens (`site` is taken)"
        raise InputError.of("story.slug", f"`{slug}` cannot be a story's slug", path=path, hint=hint)
    return slug


def open_newsroom(start: Path, *, exactly: bool = False) -> Newsroom:
    """The newsroom at `start`, or unless `exactly` in the nearest folder above it that has a newsroom.toml.

    Raises UsageError if there is none, InputError if its settings are faulty.
    """
    start = start.resolve()
    for folder in [start] if exactly else [start, *start.parents]:
        file = folder / FILE_NAME
        if file.is_file():
            try:
                data = file.read_bytes()
            except OSError as error:
                raise InputError.of("newsroom.read", _reason(error), path=str(file)) from None
            return Newsroom(root=folder, settings=parse_settings(data))
    raise UsageError.of(
        "usage.newsroom",
        f"no {FILE_NAME} in {start}" + ("" if exactly else " or above it"),
        hint="go to a newsroom, name one with -C DIR, or make one: workflow init DIR",
    )


def _is_below(full: Path, folder: Path) -> bool:
    """True if no link leads out of the folder; unlike `Path.resolve`, links that go round in circles are no error."""
    return Path(os.path.realpath(full)).is_relative_to(os.path.realpath(folder))


def _is_file(full: Path) -> bool:
    """True for a file; unlike with `Path.is_file`, a name that is too long is no error."""
    try:
        return full.is_file()
    except OSError:
        return False


def _bytes_of(full: Path) -> bytes:
    """The file's bytes; raises OSError too rather than wait for what a pipe may send, or fill the memory."""
    with open(full, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        if found.st_size > MAX_BYTES:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        return file.read()


def _replace(full: Path, data: bytes, *, durable: bool) -> None:
    """Writes beside the file, then renames over it: a reader sees the old bytes or the new ones."""
    temporary = _prepare(full, data, durable=durable)
    try:
        temporary.replace(full)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if durable:
        _sync_folder(full.parent)


def _prepare(full: Path, data: bytes, *, durable: bool) -> Path:
    """Writes beside the file, and leaves nothing there if that fails."""
    handle, name = tempfile.mkstemp(prefix=f".{full.name}.", suffix=_TEMPORARY, dir=full.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        temporary.chmod(full.stat().st_mode & 0o777 if full.exists() else 0o666 & ~_umask())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _sync_folder(folder: Path) -> None:
    """Makes the rename itself durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sweep(full: Path) -> None:
    """Removes what a killed writer of this file left behind; the newsroom's lock is held."""
    for stray in full.parent.glob(f".{full.name}.*{_TEMPORARY}"):
        stray.unlink(missing_ok=True)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _write_error(error: OSError, path: str) -> MachineError:
    hints = {
        errno.EROFS: "the disk is mounted read-only",
        errno.ENOSPC: "make room on the disk",
        errno.EACCES: "you may not write here",
        errno.EPERM: "you may not write here",
    }
    hint = hints.get(error.errno or 0)
    return MachineError.of("machine.write", f"cannot write: {_reason(error)}", path=path, hint=hint)
