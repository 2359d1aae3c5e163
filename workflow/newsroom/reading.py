"""Reading files of a newsroom safely: no link leads out of it, and what cannot be read is never passed over."""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from workflow.errors import InputError
from workflow.newsroom.refusals import read_error

MAX_BYTES = 500_000_000
"""No file of a newsroom has so many; most kinds have a lower limit of their own."""
TEMPORARY = ".tmp-workflow"
"""How the names of files end that are being written."""
_TICK = 2_000_000_000
"""Nanoseconds between two times that a file system can tell apart: FAT counts in two seconds."""


def read(root: Path, path: str) -> bytes:
    """The file's bytes; raises InputError if it is missing, unreadable or a link out of the newsroom."""
    full = root / path
    if not is_below(full, root):
        hint = "put the file itself here"
        raise InputError.of("newsroom.outside", "a link that leads out of the newsroom", path=path, hint=hint)
    try:
        return _bytes_of(full)
    except OSError as error:
        raise read_error(error, path) from None


def _bytes_of(full: Path) -> bytes:
    """The file's bytes; raises OSError too rather than wait for what a pipe may send, or fill the memory."""
    with open(full, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        if found.st_size > MAX_BYTES:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        return file.read()


def read_file(path: Path, *, max_bytes: int | None = None) -> bytes:
    """The bytes of a file outside the newsroom; raises InputError if it cannot be read, or has too many."""
    try:
        with path.open("rb") as file:
            data = file.read(-1 if max_bytes is None else max_bytes + 1)
    except OSError as error:
        raise read_error(error, str(path)) from None
    if max_bytes is not None and len(data) > max_bytes:
        message = f"more than {max_bytes // 1_000_000} MB"
        raise InputError.of("newsroom.read", message, path=str(path), hint="is it the file that you meant?")
    return data


def files(root: Path, folder: str, suffix: str, *, strays: bool) -> tuple[str, ...]:
    """The files below a folder whose path ends so, sorted; links to folders are not followed."""
    found = []
    for parent, folders, names in os.walk(root / folder, onerror=_refusing(root)):
        folders.sort()
        where = Path(parent).relative_to(root).as_posix()
        seen = (name for name in names if name[0] != "." or (strays and name.endswith(TEMPORARY)))
        paths = (f"{where}/{name}" for name in seen)
        found += [path for path in paths if path.endswith(suffix)]
    return tuple(sorted(found))


def everything(root: Path, folder: str) -> tuple[str, ...]:
    """Every file below a folder, sorted: hidden ones too, and links, which are not followed."""
    found = []
    for parent, folders, names in os.walk(root / folder, onerror=_refusing(root)):
        links = (name for name in folders if Path(parent, name).is_symlink())
        found += [Path(parent, name).relative_to(root).as_posix() for name in (*names, *links)]
    return tuple(sorted(found))


def refuse_linked_folders(root: Path, folder: str) -> None:
    """A link to a folder is not followed; raises InputError rather than leave out in silence what it holds."""
    for parent, folders, _ in os.walk(root / folder, onerror=_refusing(root)):
        for full in (Path(parent, name) for name in sorted(folders)):
            if full.is_symlink():
                link = full.relative_to(root).as_posix()
                raise InputError.of("newsroom.link", "a link to a folder", path=link, hint="put the folder itself here")


def _refusing(root: Path) -> Callable[[OSError], None]:
    """A folder that cannot be read must not pass for an empty one: what it holds would be taken away."""

    def refuse(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError | NotADirectoryError):
            raise read_error(error, Path(error.filename).relative_to(root).as_posix())

    return refuse


def stamp(root: Path, paths: Iterable[str]) -> str:
    """Size, time and place on the disk of files; empty if one was written too lately for its time to tell."""
    found, lately = [], time.time_ns() - _TICK
    for path in paths:
        try:
            file = os.stat(f"{root}/{path}")  # noqa: PTH116 -- a third of the time, and there are many files
        except OSError:
            found.append("-")
            continue
        if file.st_mtime_ns > lately:
            return ""
        found.append(f"{file.st_size}:{file.st_mtime_ns}:{file.st_ino}")
    return " ".join(found)


def is_below(full: Path, folder: Path) -> bool:
    """True if no link leads out of the folder; unlike `Path.resolve`, links that go round in circles are no error."""
    return Path(os.path.realpath(full)).is_relative_to(os.path.realpath(folder))


def is_file(full: Path) -> bool:
    """True for a file; unlike with `Path.is_file`, a name that is too long is no error."""
    try:
        return full.is_file()
    except OSError:
        return False
